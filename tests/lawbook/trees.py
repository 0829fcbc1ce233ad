"""Random expressions of every kind that the rule language allows, and random facts for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from landwatch.lawbook.expressions.check import DATE, TRUTH, Meaning, Scope, number
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Facts, Payment, Value

STAGES = ("planned", "in_production", "halted")
NUMBERS = {
    "wan": "万元",
    "wan_too": "万元",
    "mu": "亩",
    "hectares": "公顷",
    "share": "1",
    "within": "日",
}
DATES = ("signed_on", "supplied_on", "seen_measure_on")
TRUTHS = ("started", "urged")
PLACES = 6

SCOPE = Scope(
    {name: number(unit) for name, unit in NUMBERS.items()}
    | dict.fromkeys(DATES, DATE)
    | dict.fromkeys(TRUTHS, TRUTH)
    | {
        "stage": Meaning(Sort.TEXT, choices=frozenset(STAGES)),
        "deposits": Meaning(Sort.PAYMENTS),
        "measure": Meaning(Sort.NUMBER, number("万元").unit, progress=True),
    },
    {"金额": "wan", "面积": "mu", "签订日": "signed_on", "已动工": "started"},
)

days = st.dates(date(1999, 12, 25), date(2032, 3, 5)) | st.sampled_from(
    [date(2020, 2, 29), date(2019, 2, 28), date(2020, 8, 31), date(2024, 2, 29)]
)
amounts = st.sampled_from(["0", "0.000001", "0.25", "1", "15", "99.99", "5000"]).map(Fraction)
signed = amounts | amounts.map(lambda amount: -amount)


def perhaps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Return facts of one contract, any of them blank."""
    told: dict[str, Value] = {name: draw(perhaps(signed)) for name in [*NUMBERS, "measure"]}
    told |= {name: draw(perhaps(days)) for name in [*DATES, "measure_seen_on"]}
    told |= {name: draw(perhaps(st.booleans())) for name in TRUTHS}
    told["stage"] = draw(perhaps(st.sampled_from(STAGES)))
    paid = st.lists(st.builds(Payment, days, amounts), max_size=3)
    told["deposits"] = tuple(draw(paid))
    return told


Texts = st.SearchStrategy[str]


def expressions(depth: int) -> Texts:
    """Return expressions of any sort."""
    return st.one_of(truths(depth), money(depth), dates(depth), texts(depth))


def _calls(name: str, *arguments: Texts) -> Texts:
    return st.tuples(*arguments).map(lambda parts: f"{name}({', '.join(parts)})")


def _between(left: Texts, signs: str, right: Texts) -> Texts:
    return st.tuples(left, st.sampled_from(signs.split()), right).map(
        lambda parts: f"({' '.join(parts)})"
    )


def _any_sort(depth: int, sort: Callable[[int], Texts]) -> list[Texts]:
    """Return the forms that give back the sort they are given."""
    inner = sort(depth - 1)
    chosen = st.tuples(inner, truths(depth - 1), inner)
    return [
        chosen.map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        _calls("first_told", inner, inner),
        _calls("only_if", truths(depth - 1), inner),
    ]


def money(depth: int) -> Texts:
    """Return numbers in 万元."""
    plain = st.sampled_from(["wan", "wan_too", "measure", "largest(deposits)", "total(deposits)"])
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _between(money(depth - 1), "+ -", money(depth - 1)),
        _between(money(depth - 1), "* /", st.sampled_from(["share", "2", "0", "0.25", "(-3)"])),
        _between(shares(depth - 1), "*", money(depth - 1)),
        *(_calls(name, money(depth - 1), money(depth - 1)) for name in ("smaller", "larger")),
        *_any_sort(depth, money),
    )


def shares(depth: int) -> Texts:
    """Return pure numbers; a divisor may be zero, negative or blank."""
    plain = st.sampled_from(["share", "1", "0", "0.7", "-2"])
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _between(money(depth - 1), "/", money(depth - 1)),
        st.just("(mu / hectares)"),
        _between(shares(depth - 1), "+ -", shares(depth - 1)),
    )


def intensities(depth: int) -> Texts:
    """Return money over area, in either unit of area."""
    return _between(money(depth), "/", st.sampled_from(["mu", "hectares", "(mu + hectares)"]))


def dates(depth: int) -> Texts:
    """Return days."""
    plain = st.sampled_from([*DATES, "seen_on(measure)", 'date("2020-02-29")'])
    if depth == 0:
        return plain
    inner = dates(depth - 1)
    count = st.integers(0, 40).map(str)
    return st.one_of(
        plain,
        *(_calls(name, inner, inner) for name in ("earlier", "later", "latest_told")),
        *(_calls(name, inner, count) for name in ("add_months", "add_days")),
        _calls("add_years", inner, st.sampled_from(["1", "2", "4", "0"])),
        *(_calls(name, inner) for name in ("year_start", "year_end", "month_end")),
        _calls("first_reaching", st.just("deposits"), money(depth - 1)),
        *_any_sort(depth, dates),
    )


def texts(depth: int) -> Texts:
    """Return codes and reasons."""
    plain = st.sampled_from(["stage", "missing('wan')", "no_value('share')", "cause(stage)"])
    if depth == 0:
        return plain
    return st.one_of(plain, _calls("stale", dates(depth - 1)), *_any_sort(depth, texts))


def truths(depth: int) -> Texts:
    """Return yes, no or unknown."""
    plain = st.sampled_from([*TRUTHS, 'stage in ("planned", "halted")', 'stage != "halted"'])
    if depth == 0:
        return plain
    inner, order = truths(depth - 1), "== != < <= > >="
    spans = _calls("days_between", dates(depth - 1), dates(depth - 1))
    return st.one_of(
        plain,
        _between(inner, "and or", inner),
        inner.map(lambda part: f"(not {part})"),
        _between(money(depth - 1), order, money(depth - 1)),
        _between(intensities(depth - 1), order, intensities(depth - 1)),
        _between(dates(depth - 1), order, dates(depth - 1)),
        _between(spans, order, spans | st.sampled_from(["0", "within"])),
        _calls("told", expressions(depth - 1)),
        *_any_sort(depth, truths),
    )
