"""The second careful programmer: the outcomes of ledger.md §2–§4, written from the text alone.

Slow, scalar and literal on purpose: one function a rule, fractions and calendar days, the rows of
the rulebook as the law. Property tests hold the product against it; where the two disagree, one of
them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from tests.lawbook.oracle_days import (
    gc_complete,
    gc_start,
    lz_produce,
    lz_recover,
    o53_a1,
    o53_a2,
    rel_26,
)
from tests.lawbook.oracle_evidence import Ledger, Record
from tests.lawbook.oracle_measures import (
    gc_far_max,
    gc_far_min,
    gc_intensity,
    lz_capacity,
    lz_intensity,
    lz_terminate,
    ur_ht_intensity,
)
from tests.lawbook.oracle_outcome import (
    LANZHOU_148_DATED,
    ORDER_53_IN_FORCE,
    Clock,
    Outcome,
    before_the_day,
    days_after,
    exact,
    not_applicable,
    supply_clock,
    unknown,
)
from tests.lawbook.oracle_stalled import lz_means, lz_stalled, o53_b


def ur_ht_bond(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """UR-02: 5 万元/亩 in one payment within 7 days of the project investment agreement."""
    signed = ledger.term("agreement_signed_on")
    limit = None if signed is None else signed + timedelta(days=7)
    clock = Clock(signed, limit, "agreement_signed_on")
    area = exact(ledger.term("agreement_area_mu"))
    required = None if area is None else 5 * area
    deposits = ledger.events_of("bond_deposit")
    paid = [Fraction(d["amount_wan"]) for d in deposits if d.get("amount_wan") is not None]
    full = [
        d["on"]
        for d in deposits
        if required is not None and d.get("amount_wan") is not None and d["amount_wan"] >= required
    ]
    outcome = _bond_outcome(ledger, clock, full, deposits, required)
    return replace(outcome, measured=max(paid, default=None), threshold=required), clock


def _bond_outcome(
    ledger: Ledger,
    clock: Clock,
    full: list[date],
    deposits: list[Record],
    required: Fraction | None,
) -> Outcome:
    as_of = ledger.as_of
    if clock.limit_on is not None and full and full[0] <= clock.limit_on:
        return Outcome("compliant")
    early = before_the_day(clock, as_of)
    if early is not None:
        return early
    assert clock.limit_on is not None
    if not deposits:
        return unknown("missing:bond_deposit", clock, as_of)
    if required is None:
        return unknown("missing:agreement_area_mu", clock, as_of)
    if any(d.get("amount_wan") is None and d["on"] <= clock.limit_on for d in deposits):
        return unknown("missing:amount_wan", clock, as_of)
    paid_on = full[0] if full else as_of
    days = days_after(clock.limit_on, paid_on)
    return Outcome("breach", days_past=days, remedies=("end_entry",))


def ur_ht_refund(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """UR-03: 按项目进度分期返还; the schedule is not written."""
    clock = Clock(None, None, "bond_deposit")
    if not ledger.events_of("bond_deposit"):
        return not_applicable("no_deposit"), clock
    return unknown("no_value:refund_schedule", clock, ledger.as_of), clock


RULES: dict[str, Callable[[Ledger, Record | None], tuple[Outcome, Clock]]] = {
    "O53.A1": o53_a1,
    "O53.A2": o53_a2,
    "O53.B": o53_b,
    "REL.26": rel_26,
    "GC.START": gc_start,
    "GC.COMPLETE": gc_complete,
    "GC.INTENSITY": gc_intensity,
    "GC.FAR_MIN": gc_far_min,
    "GC.FAR_MAX": gc_far_max,
    "LZ.INTENSITY": lz_intensity,
    "LZ.PRODUCE": lz_produce,
    "LZ.CAPACITY": lz_capacity,
    "LZ.MEANS": lz_means,
    "LZ.STALLED": lz_stalled,
    "LZ.RECOVER": lz_recover,
    "LZ.TERMINATE": lz_terminate,
    "UR.HT.INTENSITY": ur_ht_intensity,
    "UR.HT.BOND": ur_ht_bond,
    "UR.HT.REFUND": ur_ht_refund,
}


def _lanzhou_silent(rule: str, ledger: Ledger) -> Outcome | None:
    """Return why a rule of Lanzhou's notice does not speak; None where it does."""
    supplied = ledger.supply()
    if supplied is not None and supplied < LANZHOU_148_DATED:
        return not_applicable("before_effective")
    if rule == "LZ.TERMINATE" and not ledger.events_of("urge"):
        return not_applicable("not_urged")
    if rule == "LZ.TERMINATE" and ledger.term("instrument") == "allocation":
        return not_applicable("instrument")
    if supplied is None:
        return unknown("missing:supplied_on", supply_clock(ledger, 1), ledger.as_of)
    return None


def decide(
    rule: str,
    *,
    contract: Record,
    zone: Record | None,
    progress: list[Record],
    events: list[Record],
    as_of: date,
    adopted: bool = True,
) -> Outcome:
    """Return the one outcome of a rule for a contract on a day, from told columns only."""
    if not adopted:
        return not_applicable("not_adopted")
    ledger = Ledger(contract, progress, events, as_of)
    if rule.startswith("O53.") and as_of < ORDER_53_IN_FORCE:
        return not_applicable("before_effective")
    if rule.startswith("LZ."):
        silent = _lanzhou_silent(rule, ledger)
        if silent is not None:
            return silent
    outcome, clock = RULES[rule](ledger, zone)
    if outcome.status == "not_applicable":
        return outcome
    return replace(outcome, clock_from=clock.clock_from, limit_on=clock.limit_on)
