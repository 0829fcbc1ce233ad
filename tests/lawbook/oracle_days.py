"""Rules that ask whether something was done by a day: starts, completion, production.

Part of the second careful programmer, see `oracle.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import (
    Ledger,
    Record,
    Start,
    completion_sights,
    production_sights,
    start,
)
from tests.lawbook.oracle_outcome import (
    GOVERNMENT_OR_FORCE_MAJEURE,
    Clock,
    Outcome,
    agreed_day_clock,
    agreed_start_clock,
    before_the_day,
    cause_untold,
    days_after,
    exact,
    exemption,
    fresh_after,
    mixed_causes,
    mixed_from_supply,
    not_applicable,
    stale,
    supply_clock,
    unknown,
    years_after,
)


def not_started_in_time(
    ledger: Ledger,
    clock: Clock,
    causes: tuple[str, ...],
    breach: Callable[[Start], Outcome],
    supply_years: int | None = None,
) -> Outcome:
    """Return the outcome of a rule that asks whether building began before its period ran out."""
    as_of = ledger.as_of
    state = start(ledger)
    if state.verdict == "started":
        return Outcome("compliant")
    early = exemption(ledger, causes) or before_the_day(clock, as_of)
    if early is not None:
        return early
    if state.verdict == "unclear":
        return unknown(str(state.reason), clock, as_of)
    seen = state.seen_not_started_on
    assert seen is not None
    if not fresh_after(seen, clock, as_of):
        return unknown(stale(seen), clock, as_of)
    mixed = (
        mixed_causes(ledger, causes)
        if supply_years is None
        else (mixed_from_supply(ledger, supply_years))
    )
    if mixed:
        return unknown("cause:mixed", clock, as_of)
    if cause_untold(ledger):
        return unknown("missing:cause", clock, as_of)
    return replace(breach(state), days_past=days_after(clock.limit_on, as_of))


def _fifth_of_price(ledger: Ledger) -> Fraction | None:
    price = exact(ledger.term("price_wan"))
    return None if not price else price / 5  # AMB-08: a price of zero is for a person


def o53_a1(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """IDL-01, IDL-16: one full year after the agreed start and not started; 20 % of the price."""
    clock = agreed_start_clock(ledger, 1)

    def breach(state: Start) -> Outcome:
        return Outcome("breach", amount_wan=_fifth_of_price(ledger), remedies=("charge_idle_fee",))

    return not_started_in_time(ledger, clock, GOVERNMENT_OR_FORCE_MAJEURE, breach), clock


def o53_a2(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """IDL-17: two full years after the agreed start and not started."""
    clock = agreed_start_clock(ledger, 2)

    def breach(state: Start) -> Outcome:
        return Outcome("breach", remedies=("reclaim",))

    return not_started_in_time(ledger, clock, GOVERNMENT_OR_FORCE_MAJEURE, breach), clock


def rel_26(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LAW-01: grants only, its third exception P, the fee is a ceiling; reclaim from year two."""
    clock = agreed_start_clock(ledger, 1)
    second_year = agreed_start_clock(ledger, 2).limit_on
    instrument = ledger.term("instrument")
    if instrument is None:
        return unknown("missing:instrument", clock, ledger.as_of), clock
    if instrument != "grant":
        return not_applicable("instrument"), clock

    def breach(state: Start) -> Outcome:
        seen = state.seen_not_started_on
        assert seen is not None and second_year is not None
        # Taking land back needs its own evidence: seen not started after the second year.
        remedies = ("charge_idle_fee", "reclaim") if seen > second_year else ("charge_idle_fee",)
        return Outcome("breach", amount_wan=_fifth_of_price(ledger), remedies=remedies)

    causes = (*GOVERNMENT_OR_FORCE_MAJEURE, "P")
    return not_started_in_time(ledger, clock, causes, breach), clock


def lz_recover(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-05: 满两年未动工建设的，依法收回土地使用权."""
    clock = supply_clock(ledger, 2)

    def breach(state: Start) -> Outcome:
        return Outcome("breach", remedies=("reclaim",))

    return not_started_in_time(ledger, clock, GOVERNMENT_OR_FORCE_MAJEURE, breach, 2), clock


@dataclass(frozen=True, slots=True)
class Doing:
    """When a duty was done (known, or only seen done by then), and when it was seen undone."""

    known_on: date | None
    seen_done: list[date]
    seen_undone: list[date]
    date_column: str
    silence: str


def late(days: int) -> Outcome:
    """Return the breach of a duty done, or still undone, so many days after its day."""
    return Outcome("breach", days_past=days)


def done_by_its_day(doing: Doing, clock: Clock, as_of: date) -> Outcome:
    """Return the outcome of a duty with a day: a day once missed stays missed."""
    limit, known = clock.limit_on, doing.known_on
    if limit is not None and any(day <= limit for day in [*doing.seen_done, known or date.max]):
        return Outcome("compliant")
    early = before_the_day(clock, as_of)
    if early is not None:
        return early
    assert limit is not None
    if known is not None:
        return late(days_after(limit, known))
    last_done = max(doing.seen_done, default=date.min)
    last_undone = max(doing.seen_undone, default=None)
    if last_undone is not None and last_undone > last_done:
        if last_undone > limit:
            return late(days_after(limit, as_of))
        return unknown(stale(last_undone), clock, as_of)
    undone_before_done = [day for day in doing.seen_undone if limit < day < last_done]
    if undone_before_done:
        return late(days_after(limit, max(undone_before_done)))
    return unknown(doing.date_column if doing.seen_done else doing.silence, clock, as_of)


def _daily_penalty(ledger: Ledger, rate: str, outcome: Outcome, limit: date | None) -> Outcome:
    """Return the breach with price × ‰ × days; the newer form counts otherwise (CON-14).

    Its penalty for a late start runs for the first year of delay only, that for a late completion
    is on the price of the unfinished floor area, which the ledger does not hold.
    """
    price, permille = exact(ledger.term("price_wan")), exact(ledger.term(rate))
    if outcome.status != "breach":
        return outcome
    amount, days = None, outcome.days_past
    if ledger.term("contract_form") == "form_newer" and days is not None and limit is not None:
        a_year = (years_after(limit, 1) - limit).days
        days = min(days, a_year) if rate == "start_penalty_permille" else None
    if price is not None and permille is not None and days is not None:
        amount = price * permille / 1000 * days
    return replace(outcome, amount_wan=amount, remedies=("contract_penalty",))


def by_contract(ledger: Ledger, clock: Clock) -> Outcome | None:
    """Return why a rule on contracts does not speak; None where it does."""
    instrument = ledger.term("instrument")
    if instrument is None:
        return unknown("missing:instrument", clock, ledger.as_of)
    return not_applicable("instrument") if instrument == "allocation" else None


def gc_start(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """CON-05, CON-06: begun by the agreed day; price × ‰ × days late."""
    clock = agreed_day_clock(ledger, "agreed_start_on")
    silent = by_contract(ledger, clock)
    if silent is not None:
        return silent, clock
    state = start(ledger)
    seen_done = [state.seen_started_on] if state.seen_started_on is not None else []
    undone = list(state.days_seen_not_started)
    doing = Doing(state.known_on, seen_done, undone, "missing:actual_start_on", str(state.reason))
    if state.verdict == "unclear" and undone and clock.limit_on and max(undone) <= clock.limit_on:
        # The latest row is the one that is unclear: an older "no" does not hide its question.
        doing = replace(doing, seen_undone=[])
    outcome = done_by_its_day(doing, clock, ledger.as_of)
    return _daily_penalty(ledger, "start_penalty_permille", outcome, clock.limit_on), clock


def gc_complete(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """CON-05, CON-06: completed by the agreed day; price × ‰ × days late."""
    clock = agreed_day_clock(ledger, "agreed_completion_on")
    silent = by_contract(ledger, clock)
    if silent is not None:
        return silent, clock
    done, undone = completion_sights(ledger, start(ledger))
    known = ledger.past_day("actual_completion_on") or ledger.latest("completed_on")[0]
    missing = "missing:actual_completion_on"
    outcome = done_by_its_day(Doing(known, done, undone, missing, missing), clock, ledger.as_of)
    return _daily_penalty(ledger, "completion_penalty_permille", outcome, clock.limit_on), clock


def lz_produce(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-02: 自园区土地供应两年内企业必须建成投产."""
    clock = supply_clock(ledger, 2)
    done, undone = production_sights(ledger, start(ledger))
    known, _ = ledger.latest("in_production_on")
    missing = "missing:in_production_on"
    outcome = done_by_its_day(Doing(known, done, undone, missing, missing), clock, ledger.as_of)
    return (replace(outcome, remedies=("urge",)) if outcome.status == "breach" else outcome), clock
