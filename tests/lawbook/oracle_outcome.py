"""What an outcome is, when its day comes and what suspends it (ledger.md §2, §4).

Part of the second careful programmer, see `oracle.py`.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import Ledger, Record

WARN_DAYS = 90
EVIDENCE_DAYS = 180
ORDER_53_IN_FORCE = date(2012, 7, 1)
LANZHOU_148_DATED = date(2012, 10, 9)
GOVERNMENT_OR_FORCE_MAJEURE = ("G1", "G2", "G3", "G4", "G5", "G6", "FM")
A_VISIT_CAN_SETTLE = (
    "started",
    "permit_on",
    "foundation",
    "developed_area_m2",
    "suspended_since",
    "resumed_on",
    "works_without_permit",
    "invested_wan",
    "invested_land_price_wan",
    "invested_taxes_wan",
    "fixed_assets_wan",
    "fixed_land_price_wan",
    "floor_area_m2",
    "in_production_on",
    "capacity_actual",
    "completed_on",
    "means_to_build",
    "stage",
    "observed_on",
    "actual_start_on",
    "actual_completion_on",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of a contract on a day."""

    status: str
    reason: str | None = None
    to_verify: bool = False
    clock_from: date | None = None
    limit_on: date | None = None
    days_past: int | None = None
    measured: Fraction | None = None
    threshold: Fraction | None = None
    amount_wan: Fraction | None = None
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a period begins and the last day on which it is still in time."""

    clock_from: date | None
    limit_on: date | None
    first_fact: str


def years_after(day: date, years: int) -> date:
    """Return the last day of the period: the corresponding day or month end (Civil Code 202)."""
    last_of_month = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last_of_month))


def exact(number: object) -> Fraction | None:
    """Return a told number as an exact fraction."""
    return None if number is None else Fraction(str(number))


def quotient(part: object, whole: object) -> Fraction | None:
    """Return part ÷ whole, None where either is not told or there is nothing to divide by."""
    upper, lower = exact(part), exact(whole)
    return None if upper is None or lower is None or lower <= 0 else upper / lower


def _period(begin: date | None, years: int, first_fact: str) -> Clock:
    limit = None if begin is None else years_after(begin, years)
    return Clock(begin, limit, first_fact)


def agreed_start_clock(ledger: Ledger, years: int) -> Clock:
    """Return the clock of Order 53 Art. 2 and Art. 22: agreed start, else handover + 1 year."""
    begin = ledger.agreed("agreed_start_on")
    handover = ledger.handover()
    if begin is None and handover is not None:
        begin = years_after(handover, 1)
    return _period(begin, years, "agreed_start_on")


def supply_clock(ledger: Ledger, years: int) -> Clock:
    """Return the clock of Lanzhou's periods: 自园区土地供应."""
    return _period(ledger.supply(), years, "supplied_on")


def agreed_day_clock(ledger: Ledger, column: str) -> Clock:
    """Return the clock of a duty that the contract fixes to a day."""
    return _period(ledger.agreed(column), 0, column)


def unknown(reason: str, clock: Clock, as_of: date) -> Outcome:
    """Return `unknown`; to be verified where its day has passed and a visit could settle it."""
    past = clock.limit_on is not None and as_of > clock.limit_on
    fact = reason.removeprefix("missing:").removeprefix("stale:").split("=")[0]
    return Outcome("unknown", reason, to_verify=past and fact in A_VISIT_CAN_SETTLE)


def not_applicable(reason: str) -> Outcome:
    """Return `not_applicable` with its reason."""
    return Outcome("not_applicable", reason)


def stale(day: date) -> str:
    """Return the reason for evidence that is too old to speak."""
    return f"stale:observed_on={day.isoformat()}"


def before_the_day(clock: Clock, as_of: date) -> Outcome | None:
    """Return what holds until the period has run out; None once it has."""
    if clock.limit_on is None:
        return unknown(f"missing:{clock.first_fact}", clock, as_of)
    if as_of > clock.limit_on:
        return None
    soon = (clock.limit_on - as_of).days <= WARN_DAYS
    return Outcome("due_soon" if soon else "not_due")


def days_after(limit_on: date | None, day: date) -> int:
    """Return by how many days `day` lies after the last day that was in time."""
    assert limit_on is not None
    return (day - limit_on).days


def fresh_after(seen: date, clock: Clock, as_of: date) -> bool:
    """Return whether a state that can change was seen after the limit and not too long ago."""
    assert clock.limit_on is not None
    return seen > clock.limit_on and (as_of - seen).days <= EVIDENCE_DAYS


def _verified_delays(ledger: Ledger, causes: tuple[str, ...]) -> list[Record]:
    delays = ledger.events_of("delay")
    return [d for d in delays if d.get("verified") is True and d.get("cause") in causes]


def exemption(ledger: Ledger, causes: tuple[str, ...]) -> Outcome | None:
    """Return `exempt` while a verified ground lasts, naming the one that began last."""
    lasting = [
        d
        for d in _verified_delays(ledger, causes)
        if d.get("until") is None or ledger.as_of <= d["until"]
    ]
    return Outcome("exempt", f"cause:{lasting[-1]['cause']}") if lasting else None


def cause_untold(ledger: Ledger) -> bool:
    """Return whether a verified delay without a told cause may be one that suspends the rule."""
    amended = [e["on"] for e in ledger.events_of("amendment") if e.get("agreed_start_on")]
    return any(
        d.get("until") is None
        or ledger.as_of <= d["until"]
        or not any(day > d["until"] for day in amended)
        for d in ledger.events_of("delay")
        if d.get("verified") is True and d.get("cause") is None
    )


def mixed_from_supply(ledger: Ledger, years: int) -> bool:
    """Return the same for a clock of supply, which no amendment restarts.

    "unless a later amendment's date has itself run out": the new start, with the rule's own years.
    """
    ended = [
        d
        for d in _verified_delays(ledger, GOVERNMENT_OR_FORCE_MAJEURE)
        if d.get("until") is not None and d["until"] < ledger.as_of
    ]
    amended = [
        e["agreed_start_on"] for e in ledger.events_of("amendment") if e.get("agreed_start_on")
    ]
    if mixed_causes(ledger, GOVERNMENT_OR_FORCE_MAJEURE):
        return True
    return bool(ended and amended and years_after(amended[-1], years) >= ledger.as_of)


def mixed_causes(ledger: Ledger, causes: tuple[str, ...]) -> bool:
    """Return whether an ended ground stands that no later amendment has healed (AMB-22)."""
    amended = [e["on"] for e in ledger.events_of("amendment") if e.get("agreed_start_on")]
    ended = [
        d["until"]
        for d in _verified_delays(ledger, causes)
        if d.get("until") is not None and d["until"] < ledger.as_of
    ]
    return any(not any(on > until for on in amended) for until in ended)
