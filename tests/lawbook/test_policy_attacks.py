"""Hostile and clumsy policy files: refused in words, or worked out alike by both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time

import pytest

from landwatch.errors import LandwatchError
from landwatch.lawbook.cases import held_to, read_cases
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.naming import OF_THE_ENGINE, folded, reserved
from landwatch.lawbook.shelf import read_file
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import gather, open_engine
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.trial import try_cases
from tests.lawbook.small_policy import CASES, POLICY, with_changes
from tests.scan.worked import Worked, ledger_of


def refused(text: str) -> str:
    """Return the words of a refusal, which stand in both languages."""
    with pytest.raises(LandwatchError) as caught:
        read_policy(text, "p.yaml")
    assert caught.value.in_words("zh") != caught.value.in_words("en")
    return caught.value.in_words("en")


def renamed(name: str) -> str:
    """Return the small policy with its parameter under another name."""
    return (
        POLICY.replace("floor:", f"{name}:")
        .replace(">= floor", f">= {name}")
        .replace("< floor", f"< {name}")
        .replace("threshold: floor", f"threshold: {name}")
    )


def defined_as(name: str) -> str:
    """Return the small policy with its definition under another name."""
    told = POLICY.replace("intensity: {is", f"{name}: {{is").replace("intensity >=", f"{name} >=")
    return (
        told.replace("intensity <", f"{name} <")
        .replace("told(intensity)", f"told({name})")
        .replace("measured: intensity", f"measured: {name}")
    )


TAKEN = [
    "found_measured", "found_threshold", "found_amount_wan", "status", "branch", "unread", "as_of",
    "limit_on", "warn_days", "price_wan", "Price_WAN", "AREA_MU", "合同编号", "zones_open",
    "fixed_assets_wan_seen_on", "total_output_wan", "contract_id",
]  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_means_something_already_is_no_name_of_a_number(name: str) -> None:
    assert "already the name" in refused(renamed(name))
    assert "already the name" in refused(defined_as(name))


@pytest.mark.parametrize("name", ["from", "is", "None", "ｆｌｏｏｒ", "1st", "a-b", "x y"])
def test_a_name_that_no_expression_can_write_is_refused(name: str) -> None:
    assert "cannot be a name" in refused(with_changes(POLICY, ("  floor:", f"  {name}:")))


def test_two_names_that_differ_in_capitals_are_one_to_the_engine_and_refused() -> None:
    twins = "  intensity: {is: area_mu, zh: 甲, en: a}\n  Intensity: {is: area_mu, zh: 乙, en: b}\n"
    old = "  intensity: {is: fixed_assets_wan / area_mu, zh: 强度, en: intensity}\n"
    assert "Intensity" in refused(with_changes(POLICY, (old, twins)))
    number = "  FLOOR: {zh: 甲, en: a, unit: 万元/亩, values: {always: 1}}\n  floor:\n"
    assert "floor" in refused(with_changes(POLICY, ("  floor:\n", number)))


def test_every_column_of_the_engine_s_own_is_reserved() -> None:
    policy = read_policy(POLICY, "p.yaml")
    engine = open_engine()
    gather(engine, ledger_of({"c": Worked({})}), date(2021, 1, 1))
    sql = outcomes_sql(policy, policy.rules[0], Adoption(everywhere=True), date(2021, 1, 1))
    columns = set(engine.sql(sql).columns)
    for table in ("dossiers", "parks"):
        columns |= set(engine.sql(f"SELECT * FROM {table}").columns)
    engine.close()
    assert {folded(name) for name in columns} <= reserved()
    assert set(OF_THE_ENGINE) <= reserved()


def test_a_comment_in_a_folded_expression_hides_nothing() -> None:
    folded_lines = (
        "    met: >-\n      intensity >= floor # the floor\n      and intensity > 100000\n"
    )
    text = with_changes(POLICY, ("    met: intensity >= floor\n", folded_lines))
    assert "comment" in refused(text)
    quoted = with_changes(POLICY, ('missing("area_m2")', "'\"a#b\"'"))
    assert read_policy(quoted, "p.yaml").rules


FAR_DAYS = [
    "add_years(agreed_completion_on, 9999)",
    "add_years(agreed_completion_on, 99999999999)",
    "add_months(agreed_completion_on, 999999)",
    "add_days(agreed_completion_on, 999999999999999)",
    'add_days(date("9999-12-31"), 1)',
]


@pytest.mark.parametrize("limit", FAR_DAYS)
def test_a_day_beyond_the_calendar_is_unknown_to_both_engines(limit: str) -> None:
    text = with_changes(POLICY, ("limit: agreed_completion_on", f"limit: '{limit}'"))
    policy = read_policy(text, "p.yaml")
    wanted = "expect: {status: unknown, limit_on: }"
    cases = read_cases(CASES.replace("expect: {status: breach, measured: 99.9}", wanted), "c.yaml")
    tried = try_cases([(policy, held_to(policy, cases))])
    assert tried[0].passed, tried[0].differences
    assert all(not one.differences or one.taken.status == "unknown" for one in tried)


def test_the_last_day_of_the_calendar_is_a_day() -> None:
    limit = 'add_days(agreed_completion_on, days_between(agreed_completion_on, date("9999-12-31")))'
    text = with_changes(POLICY, ("limit: agreed_completion_on", f"limit: '{limit}'"))
    policy = read_policy(text, "p.yaml")
    wanted = "expect: {status: not_due, limit_on: 9999-12-31}"
    cases = CASES.replace("expect: {status: breach, measured: 99.9}", wanted)
    tried = try_cases([(policy, held_to(policy, read_cases(cases, "c.yaml")))])
    assert tried[0].passed, tried[0].differences


UNPLAIN = {
    "a tag of Python's": ("id: small-2020", "id: !!python/object:os.system small-2020"),
    "a tag that makes a number nothing": ("{2020-01-01: 100}", "{2020-01-01: !!null 100}"),
    "an alias": ("title: {zh: 小政策", "title: &a {<<: *a, zh: 小政策"),
    "a list as a key": ("source: 虚构", "? [a]\n: b\nsource: 虚构"),
    "a text that turns round": ("zh: 小政策", 'zh: "小\\u202e政策"'),
    "a nul": ("zh: 小政策", 'zh: "小\\0政策"'),
    "a terminal's escape": ("en: a small policy", 'en: "\\e[31msmall"'),
    "half a character": ("zh: 小政策", 'zh: "小\\ud800政策"'),
    "an escape in a reason": ('missing("area_m2")', "'\"a\\x1b[31m\"'"),
    "shares without end": (
        "values: {2020-01-01: 100}",
        "by: industry_class\n    values: {2020-01-01: {"
        + ", ".join(f'"{code}": 1/{999983 - code}' for code in range(13, 44))
        + "}}",
    ),
}


@pytest.mark.parametrize("change", UNPLAIN.values(), ids=list(UNPLAIN))
def test_what_a_reader_cannot_see_is_refused_with_its_place(change: tuple[str, str]) -> None:
    assert "p.yaml" in refused(with_changes(POLICY, change))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_of_another_encoding_is_said_to_be_so(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "政策.yaml"
    path.write_bytes(POLICY.encode(encoding))
    with pytest.raises(LandwatchError) as caught:
        read_file(path)
    assert "UTF-8" in caught.value.in_words("zh")
    assert "codec" not in caught.value.in_words("zh")


def test_ten_thousand_numbers_are_read_in_seconds() -> None:
    many = "".join(
        f'  p{n}: {{zh: 甲, en: a, unit: "1", values: {{always: 1}}}}\n' for n in range(10_000)
    )
    before = process_time()
    policy = read_policy(with_changes(POLICY, ("  floor:\n", f"{many}  floor:\n")), "p.yaml")
    assert len(policy.parameters) == 10_001
    assert process_time() - before < 20


def test_the_first_number_told_keeps_its_decimals_beside_a_coarser_one() -> None:
    """DuckDB cuts the decimals of a CASE to those of its widest branch: 1e-12 was nothing."""
    shown = "first_told(agreed_total_investment_wan, (price_wan / area_m2) * area_m2) / area_mu"
    floor = "first_told(price_wan * price_wan / price_wan, price_wan) / area_mu * 1"
    for is_ in (shown, floor):
        text = with_changes(
            POLICY,
            ("is: fixed_assets_wan / area_mu", f"is: '{is_}'"),
            ("{2020-01-01: 100}", "{2020-01-01: 0.0000001}"),
        )
        policy = read_policy(text, "p.yaml")
        cases = CASES.replace('area_mu: "10"', 'area_mu: "10", price_wan: 0.000001')
        wanted = "expect: {status: compliant, measured: 0.0000001}"
        cases = cases.replace("expect: {status: breach, measured: 99.9}", wanted)
        tried = try_cases([(policy, held_to(policy, read_cases(cases, "c.yaml")))])
        assert tried[0].passed, tried[0].differences
