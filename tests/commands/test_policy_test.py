"""`policy test`: every case by both engines, failures that can be mended, and what is covered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Door
from tests.lawbook.small_policy import CASES, POLICY, line_of, with_changes

COVERED = ["below", "at", "above", "nothing_told"]


@pytest.fixture
def mine(door: Door) -> Path:
    """A reader's own policy with its cases beside it, in a folder without a store."""
    path = Path("mine.yaml")
    path.write_text(POLICY, "utf-8")
    Path("mine.cases.yaml").write_text(CASES, "utf-8")
    return path


def tried(door: Door, *words: object, code: int) -> dict[str, Any]:
    said = door("policy", "test", *words, "--json")
    assert said.code == code, said.err
    told: dict[str, Any] = json.loads(said.out)
    return told


def test_cases_that_come_out_as_worked_are_said_to_and_need_no_store(
    door: Door, mine: Path
) -> None:
    said = door.does("policy", "test", mine)
    assert "4 个算例全部相符" in said.out
    assert "SMALL.FLOOR" in said.out
    assert not door.store.exists()
    told = tried(door, mine, code=0)
    assert (told["cases"], told["failed"], told["failures"]) == (4, 0, [])
    (policy,) = told["coverage"]
    (rule,) = policy["rules"]
    assert rule["cases"] == dict.fromkeys(COVERED, 1) | {"other": 0}
    assert policy["articles"] == [
        {"article": "第一条", "rules": ["SMALL.FLOOR"], "parameters": ["floor"], "vocabularies": []}
    ]


@pytest.mark.parametrize(
    ("column", "old", "new", "got"),
    [
        ("status", "status: breach", "status: compliant", "breach"),
        ("measured", "measured: 99.9", "measured: 99.900001", "99.9"),
        ("threshold", "threshold: 100", "threshold: 99.999999", "100"),
        ("reason", '"missing:fixed_assets_wan"', '"missing:area_m2"', "missing:fixed_assets_wan"),
        ("remedies", "measured: 99.9", "remedies: [reclaim]", "[urge]"),
        ("days_past", "measured: 99.9", "days_past: 184", "185"),
        ("limit_on", "measured: 99.9", "limit_on: 2021-06-29", "2021-06-30"),
        ("clock_from", "measured: 99.9", "clock_from: 2021-06-29", "null"),
        ("to_verify", "measured: 99.9", "to_verify: yes", "false"),
        ("amount_wan", "measured: 99.9", "amount_wan: 1", "null"),
    ],
)
def test_a_wrong_expectation_is_reported_with_its_line(
    door: Door, mine: Path, column: str, old: str, new: str, got: str
) -> None:
    text = with_changes(CASES, (old, new))
    Path("mine.cases.yaml").write_text(text, "utf-8")
    told = tried(door, mine, code=1)
    (failure,) = told["failures"]
    (difference,) = failure["differences"]
    assert difference["column"] == column
    assert difference["line"] == line_of(text, new)
    assert difference["by_columns"] == difference["by_account"] == got
    assert failure["decided_by"]
    assert failure["explanation"]


def test_a_failure_names_case_line_both_values_and_the_deciding_step(
    door: Door, mine: Path
) -> None:
    text = with_changes(CASES, ("status: breach", "status: compliant"))
    Path("mine.cases.yaml").write_text(text, "utf-8")
    said = door("policy", "test", mine)
    assert said.code == 1
    assert f"差一万元（mine.cases.yaml 第{line_of(text, '差一万元')}行" in said.out
    assert "应为 compliant，得 breach" in said.out
    assert "决定的一步" in said.out and "是否未达标" in said.out
    assert "4 个算例中有 1 个不符" in said.out
    english = door("policy", "test", mine, "--lang", "en")
    assert "expected compliant, got breach" in english.out


def test_a_rule_that_was_changed_fails_its_case(door: Door, mine: Path) -> None:
    mine.write_text(with_changes(POLICY, ("intensity >= floor", "intensity > floor")), "utf-8")
    assert [one["case"] for one in tried(door, mine, code=1)["failures"]] == ["恰好"]


def test_several_policies_may_be_named_and_a_vocabulary_is_marked(door: Door, mine: Path) -> None:
    words = POLICY[: POLICY.index("parameters:")].replace("small-2020", "words-2020")
    Path("words.yaml").write_text(words, "utf-8")
    said = door.does("policy", "test", mine, "words.yaml", "real-estate-law-26")
    assert "words-2020：没有规则" in said.out
    assert "REL.26" in said.out
    assert "2 项" not in said.out


def test_rules_without_any_case_are_not_passed_over_in_silence(door: Door, mine: Path) -> None:
    Path("mine.cases.yaml").unlink()
    said = door("policy", "test", mine)
    assert said.code == 1
    assert "没有一个算例" in said.out
    assert "界限之下" in said.out


def test_what_cannot_be_read_ends_with_3_and_what_is_not_there_with_2(
    door: Door, mine: Path
) -> None:
    Path("mine.cases.yaml").write_text("policy: small-2020\ncases: [{}]", "utf-8")
    assert door("policy", "test", mine).code == 3
    assert door("policy", "test", "none.yaml").code == 3
    said = door("policy", "test", "order-35-2012")
    assert said.code == 2
    assert "order-53-2012" in said.err


def test_the_names_in_a_case_are_no_markup(door: Door, mine: Path) -> None:
    text = with_changes(
        CASES, ("id: 差一万元", 'id: "[red]差[/] [bold"'), ("status: breach", "status: exempt")
    )
    Path("mine.cases.yaml").write_text(text, "utf-8")
    assert "[red]差[/] [bold" in door("policy", "test", mine).out


def test_a_case_of_a_park_is_decided_by_both_engines(door: Door) -> None:
    head = POLICY[: POLICY.index("parameters:")]
    Path("park.yaml").write_text(
        head
        + """\
rules:
  - code: SMALL.PARK
    about: park
    title: {zh: 主导产业, en: leading industries}
    asks: {zh: 是否不超过三个, en: are there three at most}
    clauses: [{row: X-1, article: 第二条, quote: 主导产业不超过三个为宜}]
    clock: {from: statistics_on, limit: statistics_on, missing: statistics_on}
    met: leading_count <= 3
    breach: leading_count > 3
    doubts: [{when: not told(leading_count), reason: missing("leading_industries")}]
    measured: leading_count
    threshold: "3"
    unit: "1"
    remedies: [report]
""",
        "utf-8",
    )
    case = (
        "  - {{id: {0}, rule: SMALL.PARK, shows: {1}, as_of: 2022-01-01,"
        " zone: {{statistics_on: 2021-12-31{2}}}, expect: {3}}}\n"
    )
    cases = [
        ("两个", "below", ", leading_industries: [石化, 装备]", "{status: compliant, measured: 2}"),
        ("三个", "at", ", leading_industries: a;b;c", "{status: compliant, measured: 3}"),
        ("四个", "above", ", leading_industries: a;b;c;d", "{status: breach, remedies: [report]}"),
        ("未填", "nothing_told", "", '{status: unknown, reason: "missing:leading_industries"}'),
    ]
    Path("park.cases.yaml").write_text(
        "policy: small-2020\ncases:\n" + "".join(case.format(*one) for one in cases), "utf-8"
    )
    told = tried(door, "park.yaml", code=0)
    assert (told["cases"], told["failed"]) == (4, 0)
    assert told["coverage"][0]["rules"][0]["lacking"] == []
