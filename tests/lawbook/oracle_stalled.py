"""Rules on land where building stands still or cannot begin: O53.B, LZ.STALLED, LZ.MEANS.

Part of the second careful programmer, see `oracle.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import Ledger, Record, completion_sights, start
from tests.lawbook.oracle_outcome import (
    EVIDENCE_DAYS,
    GOVERNMENT_OR_FORCE_MAJEURE,
    Clock,
    Outcome,
    _period,
    before_the_day,
    cause_untold,
    days_after,
    exact,
    exemption,
    fresh_after,
    mixed_from_supply,
    not_applicable,
    stale,
    supply_clock,
    unknown,
)


@dataclass(frozen=True, slots=True)
class Half:
    """One half of the or-test: short or not, the day its figures date from, what it lacks."""

    short: bool | None
    seen_on: date | None
    lacking: tuple[str, ...]


def _net(parts: list[object]) -> Fraction | None:
    """Return the first part less the others, None where any is blank."""
    numbers = [exact(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    gross, *deducted = [number for number in numbers if number is not None]
    return gross - sum(deducted, Fraction(0))


def _half(short: bool | None, needed: dict[str, tuple[object, date | None]]) -> Half:
    seen = [day for _, day in needed.values() if day is not None]
    lacking = tuple(name for name, (cell, _) in needed.items() if cell is None)
    return Half(short, min(seen, default=None), lacking)


def area_half(ledger: Ledger) -> Half:
    """Return 已动工开发面积 ÷ 应动工开发面积 < 1/3, cross-multiplied."""
    developed, seen = ledger.latest("developed_area_mu")
    due = ledger.term("due_start_area_mu")
    short = None if developed is None or due is None else 3 * Fraction(developed) < Fraction(due)
    needed = {"developed_area_m2": (developed, seen), "due_start_area_m2": (due, None)}
    return _half(short, needed)


def investment_half(ledger: Ledger) -> Half:
    """Return 已投资额 ÷ 总投资额 < 25 %, land price and taxes taken off both (IDL-04)."""
    invested = ("invested_wan", "invested_land_price_wan", "invested_taxes_wan")
    total = tuple(f"agreed_total_investment{part}_wan" for part in ("", "_land_price", "_taxes"))
    needed: dict[str, tuple[object, date | None]] = {n: ledger.latest(n) for n in invested}
    needed |= {name: (ledger.term(name), None) for name in total}
    spent = _net([needed[name][0] for name in invested])
    planned = _net([needed[name][0] for name in total])
    short = None if spent is None or planned is None else 4 * spent < planned
    return _half(short, needed)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Whether work stands still: suspended | working | conflict | untold, and the day of it."""

    state: str
    since: date | None = None
    seen_on: date | None = None
    done: bool = False


def suspension(ledger: Ledger) -> Suspension:
    """Return whether the work is suspended (AMB-04), with the sights that end a suspension."""
    since, told_on = ledger.latest("suspended_since")
    stage, stage_on = ledger.latest("stage")
    resumed, resumed_told_on = ledger.latest("resumed_on")
    working = []
    if stage == "under_construction" and stage_on and (since is None or stage_on >= since):
        working.append(stage_on)
    if resumed and since and resumed_told_on and resumed >= since:
        working.append(resumed_told_on)
    built, _ = completion_sights(ledger, start(ledger))
    finished = [ledger.past_day("actual_completion_on") or ledger.latest("completed_on")[0]]
    ends = [day for day in (*built, *finished) if day is not None and since and day >= since]
    working += [max(ends)] if ends else []
    if not working:
        return Suspension("untold") if since is None else Suspension("suspended", since, told_on)
    if told_on is not None and told_on > max(working):
        return Suspension("conflict", since, told_on)
    return Suspension("working", since, max(working), done=bool(ends))


def _or(first: bool | None, second: bool | None) -> bool | None:
    if first is True or second is True:
        return True
    return False if first is False and second is False else None


def o53_b(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """IDL-02: started, (area < 1/3 or invested < 25 %) and suspended one full year."""
    state, halt = start(ledger), suspension(ledger)
    clock = _period(halt.since, 1, "suspended_since")
    as_of = ledger.as_of
    if state.verdict == "unclear":
        return unknown(str(state.reason), clock, as_of), clock
    if state.verdict == "not_started":
        seen = state.seen_not_started_on
        assert seen is not None
        if (as_of - seen).days > EVIDENCE_DAYS:
            return unknown(stale(seen), clock, as_of), clock
        return not_applicable("not_started"), clock
    return _stalled(ledger, halt, clock), clock


def _stalled(ledger: Ledger, halt: Suspension, clock: Clock) -> Outcome:
    """Return the outcome of O53.B for land on which building has started."""
    as_of = ledger.as_of
    halves = [area_half(ledger), investment_half(ledger)]
    short = _or(halves[0].short, halves[1].short)
    working_age = (as_of - halt.seen_on).days if halt.state == "working" and halt.seen_on else None
    lately = working_age is not None and (halt.done or working_age <= EVIDENCE_DAYS)
    if short is False or lately:
        return Outcome("compliant")
    lacking = [name for half in halves if half.short is None for name in half.lacking]
    terms = [name for name in lacking if name.startswith(("due_", "agreed_"))]
    past = clock.limit_on is not None and as_of > clock.limit_on
    if short is None and terms and not past:
        return unknown(f"missing:{terms[0]}", clock, as_of)
    if halt.state == "working" and halt.since is None and halt.seen_on is not None:
        return unknown(stale(halt.seen_on), clock, as_of)
    early = before_the_day(clock, as_of)
    if early is not None:
        return early
    return _stalled_after_the_year(halt, halves, lacking, clock, as_of)


def _stalled_after_the_year(
    halt: Suspension, halves: list[Half], lacking: list[str], clock: Clock, as_of: date
) -> Outcome:
    """Return what stands once the year of suspension has run out."""
    if halt.state == "conflict":
        return unknown("conflict", clock, as_of)
    assert halt.seen_on is not None and clock.limit_on is not None
    if halt.state == "working" or not fresh_after(halt.seen_on, clock, as_of):
        return unknown(stale(halt.seen_on), clock, as_of)
    shown = [half.seen_on for half in halves if half.short and half.seen_on is not None]
    if not shown:
        return unknown(f"missing:{lacking[0]}", clock, as_of)
    if max(shown) <= clock.limit_on:
        return unknown(stale(max(shown)), clock, as_of)
    days = days_after(clock.limit_on, as_of)
    return Outcome("breach", days_past=days, remedies=("negotiate_disposal",))


def lz_stalled(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-04: 一年以上未动工建设或实际投资不足总投资的25% (gross, as the text says)."""
    clock = supply_clock(ledger, 1)
    as_of, state = ledger.as_of, start(ledger)
    invested, seen = ledger.latest("invested_wan")
    total = ledger.term("agreed_total_investment_wan")
    short = None if invested is None or total is None else 4 * Fraction(invested) < Fraction(total)
    if state.verdict == "started" and short is False:
        return Outcome("compliant"), clock
    exempt = exemption(ledger, GOVERNMENT_OR_FORCE_MAJEURE)
    if exempt is not None:
        return exempt, clock
    if total is None and state.verdict != "not_started":
        return unknown("missing:agreed_total_investment_wan", clock, as_of), clock
    early = before_the_day(clock, as_of)
    if early is not None:
        return early, clock
    assert clock.limit_on is not None
    idle_on = state.seen_not_started_on
    idle = idle_on is not None and fresh_after(idle_on, clock, as_of)
    poor = short is True and seen is not None and seen > clock.limit_on
    if idle or poor:
        if mixed_from_supply(ledger, 1):
            return unknown("cause:mixed", clock, as_of), clock
        if cause_untold(ledger):
            return unknown("missing:cause", clock, as_of), clock
        days = days_after(clock.limit_on, as_of)
        return Outcome("breach", days_past=days, remedies=("order_to_start",)), clock
    if idle_on is not None or (short is True and seen is not None):
        return unknown(stale(idle_on or seen), clock, as_of), clock  # type: ignore[arg-type]
    return unknown(str(state.reason or "missing:invested_wan"), clock, as_of), clock


def lz_means(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-03: 若一年内无力建设的，可协议收回用地; a declared inability is a "no" on its day."""
    clock = supply_clock(ledger, 1)
    as_of = ledger.as_of
    means, seen = ledger.latest("means_to_build")
    declared = ledger.events_of("inability")
    if declared and (seen is None or declared[-1]["on"] > seen):
        means, seen = False, declared[-1]["on"]
    if start(ledger).verdict == "started" or means is True:
        return Outcome("compliant"), clock
    early = before_the_day(clock, as_of)
    if early is not None:
        return early, clock
    if seen is None:
        return unknown("missing:means_to_build", clock, as_of), clock
    if not fresh_after(seen, clock, as_of):
        return unknown(stale(seen), clock, as_of), clock
    days = days_after(clock.limit_on, as_of)
    return Outcome("breach", days_past=days, remedies=("recover_by_agreement",)), clock
