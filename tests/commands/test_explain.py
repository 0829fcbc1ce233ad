"""An explanation is made from what decided: another fact in the file, another arithmetic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landwatch.lawbook.blanks import has_blank
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import rules
from tests.commands.conftest import CONTRACT, Door

TERMS = {"agreed_completion_on": "2019-02-28", "agreed_intensity_wan_per_mu": "250"}
HEADS = tuple("一二三四五六123456")
BUILT = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}


def explained(door: Door, rule: str, *, lang: str = "zh", **changed: str) -> str:
    """Return the check of the one contract of a ledger in which some cells were told otherwise."""
    fixed = {"fixed_assets_wan": "15000", "fixed_land_price_wan": "3000", "started": "no"}
    contract = {**CONTRACT, **TERMS}
    report = {**BUILT, **fixed}
    for name, value in changed.items():
        (report if name in report else contract)[name] = value
    door.does("init")
    door.takes("contracts", Path("合同.csv"), [contract])
    door.takes("progress", Path("核查.csv"), [report])
    door.does("scan", "--as-of", "2021-08-01")
    return door.does("explain", "C1", rule, "--lang", lang).out


def test_the_arithmetic_of_an_intensity_is_in_mu_and_follows_the_area(door: Door) -> None:
    shown = explained(door, "GC.INTENSITY")
    for part in ("66666.6667 平方米 = 6.6667 公顷 × 15 = 100 亩", "→ 180 万元/亩",
                 "→ 150 万元/亩", "280 万元", "涉嫌未达标"):  # fmt: skip
        assert part in shown, part
    smaller = explained(door, "GC.INTENSITY", area_m2="33333.3333")
    for part in ("3.3333 公顷 × 15 = 50 亩", "→ 360 万元/亩", "→ 300 万元/亩"):
        assert part in smaller, part
    assert "涉嫌" not in smaller.split("六、结论")[1].split("\n")[1]


def test_one_other_investment_is_another_quotient_and_another_amount(door: Door) -> None:
    shown = explained(door, "GC.INTENSITY", fixed_assets_wan="20000")
    for part in ("20000 万元", "→ 230 万元/亩", "→ 200 万元/亩", "= 80 万元"):
        assert part in shown, part


@pytest.mark.parametrize(("agreed", "first", "last", "late"), [
    ("2020-02-29", "2020-03-01", "2021-02-28", "2021-03-01"),  # no such day a year later
    ("2019-02-28", "2019-03-01", "2020-02-28", "2020-02-29"),  # the day itself, not the month's end
    ("2019-06-30", "2019-07-01", "2020-06-30", "2020-07-01"),
])  # fmt: skip
def test_the_calendar_follows_the_agreed_day(
    door: Door, agreed: str, first: str, last: str, late: str
) -> None:
    shown = explained(door, "O53.A1", agreed_start_on=agreed)
    assert f"起算日 {agreed}" in shown
    assert f"自次日 {first} 起计算" in shown
    assert f"最后一日 {last}，自 {late} 起逾期" in shown
    assert ("无对应日" in shown or "没有对应日" in shown) is (agreed == "2020-02-29")
    english = door.does("explain", "C1", "O53.A1", "--lang", "en").out
    assert agreed in english
    assert f"The last day was {last}, late from {late}" in english


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_check_quotes_the_clause_and_names_file_and_row(scanned: Door, lang: str) -> None:
    for code in ("O53.A1", "O53.A2", "GC.START"):
        _, rule = rules()[code]
        shown = scanned.does("explain", "C1", code, "--lang", lang).out
        said = [part for clause in rule.clauses for part in re.split(" +(?=‰)", clause.quote)]
        assert all(part in shown for part in said)
        assert ("〔" in shown) == any(has_blank(clause.quote) for clause in rule.clauses)
        for file in ("contracts.csv", "progress.csv"):
            assert f"{file} 第2行" in shown or f"{file}, row 2" in shown


def test_every_rule_is_explained_where_none_is_named(scanned: Door) -> None:
    codes = {row["rule"] for row in scanned.findings()}
    shown = scanned.does("explain", "C1").out
    assert all(code in shown for code in codes)


def test_every_rule_and_every_outcome_of_the_demo_can_be_explained(door: Door) -> None:
    door.does("demo", "d")
    store = ("--store", "d/landwatch.gpkg")
    outcomes: dict[About, dict[str, set[tuple[str, str]]]] = {about: {} for about in About}
    for row in door.findings(*store):
        about = About.CONTRACT if row["contract_id"] else About.PARK
        subject = row["contract_id"] or row["zone_id"]
        outcomes[about].setdefault(subject, set()).add((row["rule"], row["status"]))
    every = {about: set().union(*shown.values()) for about, shown in outcomes.items()}
    assert {rule for shown in every.values() for rule, _ in shown} == set(rules())
    assert len({status for _, status in every[About.CONTRACT]}) == 7
    for about in About:
        spoken = {code for code, (_, rule) in rules().items() if rule.about is about}
        for subject in few_that_show(every[about], outcomes[about]):
            each_is_explained(door, subject, len(spoken), *store)


def each_is_explained(door: Door, subject: str, count: int, *store: str) -> None:
    """Check that all the rules that speak of a contract or park are explained in both languages."""
    for lang in ("zh", "en"):
        shown = door.does("explain", subject, "--lang", lang, *store).out
        checks = shown.split("■ ")[1:]
        assert len(checks) == count
        for check in checks:
            headed = [line for line in check.splitlines() if line[:1] in HEADS]
            assert len(headed) == 6, check
        assert "None" not in shown
        assert "{" not in shown


def few_that_show(
    every: set[tuple[str, str]], outcomes: dict[str, set[tuple[str, str]]]
) -> list[str]:
    """Return contracts that have every rule's every outcome among them."""
    left, chosen = set(every), list[str]()
    while left:
        chosen.append(max(outcomes, key=lambda contract: len(outcomes[contract] & left)))
        left -= outcomes[chosen[-1]]
    return chosen
