"""Error rates: known values of tables, exact bounds worked out anew, and that a bound is one."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import comb
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.scan.error_rates import (
    ErrorRate,
    Stratum,
    at_most,
    at_most_of,
    needed_for,
    rate_of,
)

# One-sided 95 %, as printed in tables of Clopper-Pearson limits (90 % two-sided).
TABLE = [
    (0, 1, 0.9500), (0, 5, 0.4507), (0, 10, 0.2589), (0, 20, 0.1391), (0, 59, 0.0495),
    (0, 60, 0.0487), (0, 100, 0.0295), (0, 299, 0.0100), (1, 10, 0.3942), (1, 20, 0.2161),
    (2, 10, 0.5069), (5, 10, 0.7776), (1, 100, 0.0466), (10, 100, 0.1637), (3, 300, 0.0256),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "checked", "bound"), TABLE)
def test_the_bound_is_that_of_the_tables(wrong: int, checked: int, bound: float) -> None:
    assert at_most(wrong, checked) == pytest.approx(bound, abs=6e-5)


@given(st.integers(1, 80), st.data())
def test_at_the_bound_so_few_wrong_ones_are_just_one_in_twenty(n: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, n - 1))
    p = Fraction(at_most(wrong, n))
    likely = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(wrong + 1))
    assert float(likely) == pytest.approx(0.05, rel=1e-6)


@settings(max_examples=60)
@given(st.integers(1, 40), st.data())
def test_the_bound_of_few_outcomes_is_the_largest_number_that_is_not_ruled_out(
    size: int, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, size))
    wrong = data.draw(st.integers(0, n))

    def chance(bad: int) -> Fraction:
        ways = sum(comb(bad, k) * comb(size - bad, n - k) for k in range(min(wrong, bad) + 1))
        return Fraction(ways, comb(size, n))

    left = [b for b in range(wrong, size - n + wrong + 1) if chance(b) > Fraction(1, 20)]
    assert at_most_of(wrong, n, size) == max(left, default=wrong) / size


@pytest.mark.parametrize(("wrong", "checked"), [(0, 10), (2, 40), (7, 60)])
def test_drawing_without_return_never_gives_a_wider_bound(wrong: int, checked: int) -> None:
    for of in (checked, checked + 5, 200, 5_000, 1_000_000):
        assert at_most_of(wrong, checked, of) <= at_most(wrong, checked) + 1 / of
    assert at_most_of(wrong, checked, checked) == wrong / checked, "all were checked"
    assert at_most_of(wrong, checked, 10**8) == pytest.approx(at_most(wrong, checked), abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(501, 900), st.data())
def test_the_bound_by_logarithms_is_the_exact_one_or_barely_above(
    checked: int, data: st.DataObject
) -> None:
    of = data.draw(st.integers(checked, 5_000))
    wrong = data.draw(st.integers(0, checked))
    bound = at_most_of(wrong, checked, of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("landwatch.scan.error_rates._EXACT_CHECKED", checked)
        exact = at_most_of(wrong, checked, of)
    assert exact <= bound <= exact + 1 / of


@pytest.mark.parametrize("wrong", [0, 500, 5_000, 10_000])
def test_ten_thousand_of_a_hundred_million_are_bounded_at_once(wrong: int) -> None:
    began = thread_time()
    rate = rate_of([Stratum(10**8, 10_000, right=10_000 - wrong, wrong=wrong)])
    assert thread_time() - began < 2, "seconds of its own"
    assert rate.at_least <= wrong / 10_000 <= rate.at_most
    assert rate.at_most - rate.at_least < 0.02


def test_how_many_to_check_for_a_promise() -> None:
    assert (needed_for(0.05), needed_for(0.01), needed_for(0.10)) == (59, 299, 29)


def test_without_errors_the_stratified_bound_is_the_exact_one() -> None:
    """No mix of rates beats all errors in the stratum seen least for its size: worked by hand."""
    large, small = Stratum(900_000, 20, right=20), Stratum(100_000, 40, right=40)
    exact = 0.9 * (1 - 0.05 ** (1 / 20))
    assert rate_of([large, small]).at_most == pytest.approx(exact, abs=1e-3)
    assert rate_of([large, small]).at_most >= exact - 1e-9


def test_equal_strata_drawn_alike_are_bounded_like_one() -> None:
    strata = [Stratum(1_000_000, 30, right=30) for _ in range(10)]
    assert rate_of(strata).at_most == pytest.approx(at_most(0, 300), abs=2e-4)


def test_the_estimate_weighs_by_size() -> None:
    rate = rate_of([Stratum(900, 10, right=9, wrong=1), Stratum(100, 10, right=5, wrong=5)])
    assert rate.estimate == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)
    assert rate.at_least < 0.14 < rate.at_most
    assert (rate.size, rate.drawn, rate.right, rate.wrong) == (1000, 20, 14, 6)


def test_who_cannot_say_counts_as_wrong_for_the_most_and_as_right_for_the_least() -> None:
    unsure = rate_of([Stratum(500, 20, right=19, cannot_say=1)])
    known = rate_of([Stratum(500, 20, right=19, wrong=1)])
    clean = rate_of([Stratum(500, 20, right=20)])
    assert (unsure.at_most, unsure.at_least) == (known.at_most, clean.at_least)
    assert unsure.estimate == 0.0 and unsure.cannot_say == 1


def test_nothing_is_estimated_of_what_nobody_could_decide() -> None:
    unsure = rate_of([Stratum(1, 1, cannot_say=1)])
    assert (unsure.estimate, unsure.at_least, unsure.at_most) == (None, 0.0, 1.0)
    part = rate_of([Stratum(50, 5, right=5), Stratum(50, 5, cannot_say=5)])
    assert part.estimate is None and part.at_most > 0.5
    assert rate_of([Stratum(90, 9, right=2, wrong=1, cannot_say=6)]).estimate == 1 / 3


def test_a_stratum_that_nobody_checked_may_be_all_wrong() -> None:
    rate = rate_of([Stratum(300, 300, right=300), Stratum(100, 10)])
    assert (rate.estimate, rate.at_most, rate.at_least) == (None, 0.25, 0.0)
    assert rate_of([Stratum(100, 10)]).at_most == 1.0


def test_what_was_checked_whole_is_certain() -> None:
    rate = rate_of([Stratum(4, 4, right=3, wrong=1), Stratum(6, 6, right=6)])
    assert (rate.estimate, rate.at_least, rate.at_most) == (0.1, 0.1, 0.1)


def test_nothing_at_all_promises_nothing() -> None:
    assert rate_of([]) == ErrorRate(0, 0, 0, 0, 0, None, 0.0, 1.0)


def exact_cover(sizes: tuple[int, ...], drawn: tuple[int, ...], bad: tuple[int, ...]) -> Fraction:
    """Return the chance that the bounds hold, over every draw there can be."""
    truth = Fraction(sum(bad), sum(sizes))
    held = Fraction(0)
    for seen in product(*(range(min(n, b) + 1) for n, b in zip(drawn, bad, strict=True))):
        chance = Fraction(1)
        for size, n, b, k in zip(sizes, drawn, bad, seen, strict=True):
            chance *= Fraction(comb(b, k) * comb(size - b, n - k), comb(size, n))
        if not chance:
            continue
        strata = [
            Stratum(size, n, right=n - k, wrong=k)
            for size, n, k in zip(sizes, drawn, seen, strict=True)
        ]
        held += chance if rate_of(strata).at_most >= float(truth) - 1e-9 else 0
    return held


@pytest.mark.parametrize(
    ("sizes", "drawn", "bad"),
    [
        ((40, 20), (8, 6), (4, 2)),
        ((40, 20), (8, 6), (0, 8)),
        ((60, 10), (6, 5), (15, 0)),
        ((30, 30), (5, 5), (3, 9)),
    ],
)
def test_the_stratified_bound_holds_in_at_least_95_of_100_draws(
    sizes: tuple[int, ...], drawn: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    """Not by trials: the chance of every draw is added up."""
    assert exact_cover(sizes, drawn, bad) >= Fraction(95, 100)


def test_more_right_verdicts_never_raise_the_bound() -> None:
    lots = random.Random(5)
    for _ in range(20):
        size, n = lots.randint(50, 500), lots.randint(2, 30)
        wrong = lots.randint(0, n // 2)
        other = Stratum(1_000, 20, right=20)
        fewer = rate_of([Stratum(size, 60, right=n - wrong, wrong=wrong), other])
        more = rate_of([Stratum(size, 60, right=n + 5 - wrong, wrong=wrong), other])
        assert more.at_most <= fewer.at_most + 1e-6
        assert fewer.at_least <= (fewer.estimate or 0.0) <= fewer.at_most
