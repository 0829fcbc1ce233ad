"""A finding's words hold: no blank in a quoted clause, no figure that reads like its limit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.lawbook.blanks import filled_by, has_blank
from landwatch.lawbook.shelf import shelf
from landwatch.lawbook.vocabulary import scope_of_facts
from landwatch.scan.account import Account, account
from landwatch.scan.arithmetic import arithmetic
from landwatch.scan.explain import basis
from landwatch.scan.figures import places_beside, spelled_number
from landwatch.scan.parts import parts as every_part
from landwatch.scan.quoting import quote_of

DAY = date(2026, 6, 30)


def taken(code: str, **facts: Any) -> Account:
    """Return how a rule of the grant contract comes out for some facts."""
    policy = shelf()["grant-contract"]
    rule = policy.rule(code)
    assert rule is not None
    nothing = dict.fromkeys(scope_of_facts().meanings)
    return account(policy, rule, {**nothing, "instrument": "grant", "as_of": DAY, **facts}, DAY)


@pytest.mark.parametrize(
    ("code", "rate"),
    [("GC.START", "start_penalty_permille"), ("GC.COMPLETE", "completion_penalty_permille")],
)
def test_the_blank_of_the_penalty_reads_what_the_contract_says(code: str, rate: str) -> None:
    rule = shelf()["grant-contract"].rule(code)
    assert rule is not None
    column = filled_by(rule)
    assert column is not None and column.name == rate
    told = quote_of(taken(code, **{rate: Fraction(1, 2)}), rule.clause, "zh")
    assert told.endswith("出让价款总额〔本合同 0.5〕‰的违约金")
    untold = quote_of(taken(code, **{rate: None}), rule.clause, "zh")
    assert untold.endswith("出让价款总额〔台账未提供〕‰的违约金")
    assert "〔not told in the ledger〕" in quote_of(taken(code), rule.clause, "en")


def test_the_blank_of_another_rule_s_rate_is_not_filled_with_ours() -> None:
    found = taken("GC.FAR_MIN", start_penalty_permille=Fraction(1))
    blank = taken("GC.START").rule.clause
    assert "〔按各合同约定〕‰" in quote_of(found, blank, "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_clause_that_is_explained_leaves_a_blank(lang: str) -> None:
    for policy in shelf().values():
        for rule in policy.rules:
            told = Account(
                policy, rule, DAY, {}, (), taken("GC.START").status, None, False, None, None, None,
                None, (),
            )  # fmt: skip
            assert not any(has_blank(line) for line in basis(told, lang)), rule.code


@pytest.mark.parametrize(
    ("measured", "threshold", "said"),
    [
        (Fraction(7, 100), Fraction(1, 15), "0.07 ＞ 0.0667"),
        (Fraction(1, 15), Fraction(7, 100), "0.0667 ＜ 0.07"),
        (Fraction(1, 15), Fraction(3, 10), "0.0667 ＜ 0.3"),
        (Fraction(149_999_999, 1_000_000), Fraction(150), "149.999999 ＜ 150"),
        (Fraction(450_001, 3000), Fraction(150), "150.0003 ＞ 150"),
        (Fraction(2, 3), Fraction(2, 3), "0.6667 ＝ 0.6667"),
        (Fraction(70, 3), Fraction(150), "23.33 ＜ 150"),
    ],
)
def test_a_figure_is_told_from_its_limit(
    measured: Fraction, threshold: Fraction, said: str
) -> None:
    found = replace(taken("GC.FAR_MIN"), measured=measured, threshold=threshold)
    (line,) = [one for one in arithmetic(found, "zh") if one.startswith("实测")]
    assert line.replace("实测 ", "").replace("标准 ", "").strip() == said


numbers = st.fractions(min_value=0, max_value=300, max_denominator=5000)


@given(numbers, numbers)
def test_what_is_shown_is_compared_as_what_it_stands_for(one: Fraction, other: Fraction) -> None:
    places = places_beside(one, other)
    shown, beside = (Fraction(spelled_number(value, places)) for value in (one, other))
    assert (shown < beside, shown == beside) == (one < other, one == other)


def test_a_sum_ends_in_the_figure_that_stands_beside_the_limit() -> None:
    found = taken(
        "GC.FAR_MIN", floor_area_m2=Fraction(20_001), area_m2=Fraction(30_000),
        area_mu=Fraction(45), agreed_far_min=Fraction("0.6667"),
    )  # fmt: skip
    assert found.measured is not None, "the built ratio is worked out"
    lines = arithmetic(found, "zh")
    ends = {text for line in lines for text in re.findall(r"→ ([\d.]+)|实测 ([\d.]+)", line)}
    shown = {one or other for one, other in ends}
    assert shown == {spelled_number(found.measured, places_beside(found.measured, found.threshold))}


def test_a_step_of_the_check_tells_a_figure_from_its_limit_too() -> None:
    found = taken(
        "GC.FAR_MIN", floor_area_m2=Fraction(1_333_333), area_m2=Fraction(2_000_000),
        area_mu=Fraction(3000), agreed_far_min=Fraction("0.6667"),
    )  # fmt: skip
    said = "；".join(every_part(found, "zh"))
    assert "建成容积率 0.666667 ≥ 约定容积率下限 0.6667 —— 不成立" in said
    assert "约定容积率下限 0.6667 － 建成容积率 0.666667 ＝ 0.000034" in said
