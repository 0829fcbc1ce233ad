"""What two cells of one row say against each other; what cannot be true is not told on.

A wrong bound, price or area accuses people: where two numbers cannot both be right, neither is
kept, and the remark names both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from landwatch.language.columns import Kind, columns_of
from landwatch.language.records import Value
from landwatch.language.terms import Instrument
from landwatch.ledger.headers import TWINS
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.numbers import as_decimal, plain
from landwatch.units import m2_from_mu, mu_from_m2, rounded

Values: TypeAlias = dict[str, Value]

_AREAS = ("area_m2", "area_mu", "due_start_area_m2", "due_start_area_mu", "agreement_area_mu",
          "approved_area_ha")  # fmt: skip
_TERMS = (
    "agreed_total_investment_wan", "agreed_fixed_investment_wan", "agreed_intensity_wan_per_mu",
    "agreed_far_min", "agreed_far_max", "agreed_density_min", "agreed_tax_wan_per_mu",
    "agreed_output_wan_per_mu", "design_capacity",
)  # fmt: skip
_TWINS_OF = {
    kind: tuple((m2, mu) for m2, mu in TWINS.items() if mu in columns_of(kind)) for kind in Kind
}
_IN_ORDER = (
    ("signed_on", "agreed_start_on"),
    ("signed_on", "agreed_completion_on"),
    ("agreed_start_on", "agreed_completion_on"),
    ("signed_on", "actual_start_on"),
    ("actual_start_on", "actual_completion_on"),
    ("signed_on", "tenure_ends_on"),
)
_DAYS = {
    "signed_on": "ledger.date.signed_on",
    "agreed_start_on": "ledger.date.agreed_start_on",
    "agreed_completion_on": "ledger.date.agreed_completion_on",
    "actual_start_on": "ledger.date.actual_start_on",
    "actual_completion_on": "ledger.date.actual_completion_on",
    "tenure_ends_on": "ledger.date.tenure_ends_on",
}
_DEAREST_WAN_PER_MU = Decimal(100_000)
"""Ten times the dearest land ever sold: above it, yuan were written in a column of 万元."""
_AREAS_AGREE_WITHIN = Decimal("0.005")
_LARGEST_CONTRACT_M2 = Decimal(15_000_000)
"""1500 公顷, a whole development zone: above it, m² were written in a column of 公顷 or 亩."""
_HIGHEST = {
    "agreed_intensity_wan_per_mu": Decimal(5000),
    "agreed_far_min": Decimal(50),
    "agreed_far_max": Decimal(50),
}
_NEVER = ("signed_on", "agreed_completion_on")
_SIGNED_LATE = timedelta(days=31)
"""A contract signed after the building was to be finished agrees on nothing. One signed long after
its agreed start is common (land built on first and supplied later), so that day is only remarked.
"""
_SEEN = (
    "observed_on", "actual_start_on", "actual_completion_on", "completed_on", "in_production_on",
    "signed_on", "delivered_on", "agreement_signed_on", "conversion_approved_on", "permit_on",
    "suspended_since", "unused_since",
)  # fmt: skip
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a column of the row; `told` fills the sentence.

    `dropped` are the columns that were told and cannot be believed: nobody knows what they are.
    """

    code: IssueCode
    column: str
    told: Mapping[str, object] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


def not_yet(values: Values, today: date) -> Iterator[Remark]:
    """Take out of `values` what was seen or done after `today`; clocks may differ by a day."""
    for name in _SEEN:
        day = values.get(name)
        if isinstance(day, date) and day > today + _ONE_DAY:
            del values[name]
            yield Remark(IssueCode.DATE_AHEAD, name, {"day": day, "today": today}, (name,))


def settle(kind: Kind, values: Values) -> Iterator[Remark]:
    """Take out of `values` what cannot be true, complete areas in both units, and say so."""
    yield from _zeros(kind, values)
    if kind is Kind.EVENTS:
        yield from _ends(values)
    if kind is Kind.CONTRACTS:
        yield from _too_high(values)
        yield from _floor_area_ratios(values)
    yield from _areas_told_twice(kind, values)
    if kind is Kind.CONTRACTS:
        yield from _too_large(values)
        yield from _price(values)
        yield from _order_of_dates(values)


def _ends(values: Values) -> Iterator[Remark]:
    """What ends before it begins has an end that nobody knows."""
    begun, ended = values.get("on"), values.get("until")
    if isinstance(begun, date) and isinstance(ended, date) and ended < begun:
        del values["until"]
        told = {"earlier": ended, "later": begun}
        yield Remark(IssueCode.ENDS_BEFORE_BEGINNING, "until", told, ("until",))


def _zeros(kind: Kind, values: Values) -> Iterator[Remark]:
    """A zero area, price of a grant, or promise of nothing stands for "not told"."""
    for name in _AREAS:
        if values.get(name) == 0:
            del values[name]
            yield Remark(IssueCode.ZERO_AREA, name)
    if kind is not Kind.CONTRACTS:
        return
    for name in _TERMS:
        if values.get(name) == 0:
            del values[name]
            yield Remark(IssueCode.ZERO_TERM, name)
    free = values.get("instrument") == Instrument.ALLOCATION
    if values.get("price_wan") == 0 and not free:
        del values["price_wan"]
        yield Remark(IssueCode.ZERO_PRICE, "price_wan")


def _too_high(values: Values) -> Iterator[Remark]:
    for name, highest in _HIGHEST.items():
        told = values.get(name)
        if isinstance(told, Decimal) and told > highest:
            del values[name]
            said = {"told": format(told, "f"), "highest": format(highest, "f")}
            yield Remark(IssueCode.TERM_IMPLAUSIBLE, name, said, (name,))


def _too_large(values: Values) -> Iterator[Remark]:
    area = values.get("area_m2")
    if isinstance(area, Decimal) and area > _LARGEST_CONTRACT_M2:
        pair = ("area_m2", "area_mu")
        for name in pair:
            values.pop(name, None)
        said = {"hectares": f"{area / 10_000:.0f}"}
        yield Remark(IssueCode.AREA_IMPLAUSIBLE, "area_m2", said, pair)


def _floor_area_ratios(values: Values) -> Iterator[Remark]:
    low, high = values.get("agreed_far_min"), values.get("agreed_far_max")
    if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
        del values["agreed_far_min"], values["agreed_far_max"]
        told = {"low": format(low, "f"), "high": format(high, "f")}
        dropped = ("agreed_far_min", "agreed_far_max")
        yield Remark(IssueCode.FAR_CROSSED, "agreed_far_min", told, dropped)


def _areas_told_twice(kind: Kind, values: Values) -> Iterator[Remark]:
    """Fill the 亩 of an area told in m²; two that are told must agree."""
    for in_m2, in_mu in _TWINS_OF[kind]:
        area, mu = values.get(in_m2), values.get(in_mu)
        if isinstance(area, Decimal) and mu is None:
            values[in_mu] = plain(mu_from_m2(area))
        elif isinstance(mu, Decimal) and area is None:
            values[in_m2] = as_decimal(m2_from_mu(mu), 4)
        elif isinstance(mu, Decimal) and isinstance(area, Decimal):
            apart = abs(mu_from_m2(area) - mu)
            if apart > max(Decimal("0.01"), mu * _AREAS_AGREE_WITHIN):
                del values[in_m2], values[in_mu]
                told = {"m2": format(area, "f"), "mu": format(mu, "f")}
                yield Remark(IssueCode.AREAS_DISAGREE, in_m2, told, (in_m2, in_mu))
            elif apart and not _rounds_to(mu, area):
                # Printed in two units, the 亩 were rounded (LF-01): they follow the m² exactly.
                values[in_mu] = plain(mu_from_m2(area))
                told = {"mu": format(mu, "f"), "exact": format(plain(mu_from_m2(area)), "f")}
                yield Remark(IssueCode.AREAS_ROUNDED, in_mu, told)


def _rounds_to(mu: Decimal, area_m2: Decimal) -> bool:
    """Return whether the m² told are the 亩 told, rounded: then the 亩 are the exact figure."""
    exponent = area_m2.normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    return rounded(m2_from_mu(mu), places) == area_m2


def _price(values: Values) -> Iterator[Remark]:
    price, mu = values.get("price_wan"), values.get("area_mu")
    if isinstance(price, Decimal) and isinstance(mu, Decimal) and price > mu * _DEAREST_WAN_PER_MU:
        del values["price_wan"]
        told = {"price": format(price, "f"), "mu": f"{mu:.4f}"}
        yield Remark(IssueCode.PRICE_IMPLAUSIBLE, "price_wan", told, ("price_wan",))


def _order_of_dates(values: Values) -> Iterator[Remark]:
    for first, then in _IN_ORDER:
        earlier, later = values.get(first), values.get(then)
        if isinstance(earlier, date) and isinstance(later, date) and later < earlier:
            told = {"first": _DAYS[first], "then": _DAYS[then], "earlier": earlier, "later": later}
            if (first, then) == _NEVER and earlier - later > _SIGNED_LATE:
                del values[then]
                yield Remark(IssueCode.AGREED_BEFORE_SIGNING, then, told, (then,))
            else:
                yield Remark(IssueCode.DATES_OUT_OF_ORDER, then, told)
