"""What may be said under Art. 38 of the Land Administration Law (LAW-02).

Part of the witness, see `witness.py`.
"""

from __future__ import annotations

from datetime import date

from tests.lawbook.oracle_evidence import Ledger, Record, readings, start
from tests.lawbook.oracle_outcome import years_after
from tests.lawbook.witness_said import COMPLIANT, NOTHING, Said, fresh, seen_past

IN_FORCE = date(2020, 1, 1)
IN_USE = ("under_construction", "trial_run", "in_production")


def _speaks(ledger: Ledger) -> bool:
    return bool(ledger.as_of >= IN_FORCE and ledger.term("former_land_class") == "cultivated")


def lal_38_fee(ledger: Ledger) -> Said:
    """一年以上未动工建设的, from the approval; a verified delay is a person's to weigh."""
    if not _speaks(ledger):
        return NOTHING
    state, approved = start(ledger), ledger.term("conversion_approved_on")
    if state.verdict == "started":
        return COMPLIANT
    seen = state.seen_not_started_on
    if state.verdict != "not_started" or seen is None or approved is None:
        return NOTHING
    idle = seen_past(seen, years_after(approved, 1), ledger.as_of) and fresh(seen, ledger.as_of)
    verified = _verified_delays(ledger)
    return Said(
        may_breach=idle and not any(_stands(delay, ledger) for delay in verified),
        must_breach=idle and not verified,
    )


def _verified_delays(ledger: Ledger) -> list[Record]:
    return [delay for delay in ledger.events_of("delay") if delay.get("verified") is True]


def _stands(delay: Record, ledger: Ledger) -> bool:
    """Return whether a verified delay lasts, or has ended with no new start agreed since."""
    until = delay.get("until")
    if until is None or until >= ledger.as_of:
        return True
    agreed = [e["on"] for e in ledger.events_of("amendment") if e.get("agreed_start_on")]
    return not any(on > until for on in agreed)


def _uses(ledger: Ledger) -> list[date]:
    """Return the days on which the land was seen worked on or used, begun, completed or running.

    That building had once begun is a day of use then, not on every later day that says so.
    """
    state = start(ledger)
    seen = any(reading.verdict == "started" for reading in readings(ledger))
    begun = state.known_on or (state.seen_started_on if seen else None)
    days = [ledger.past_day("actual_completion_on"), begun]
    days += [ledger.latest(name)[0] for name in ("completed_on", "in_production_on")]
    days += [row["observed_on"] for row in ledger.reports if row.get("stage") in IN_USE]
    days += [row["observed_on"] for row in ledger.reports if "resumed_on" in row]
    return [day for day in days if day is not None]


def lal_38_reclaim(ledger: Ledger) -> Said:
    """连续二年未使用的: only a told first day of disuse counts, and only after the approval."""
    if not _speaks(ledger):
        return NOTHING
    since, told_on = ledger.latest("unused_since")
    approved, uses = ledger.term("conversion_approved_on"), _uses(ledger)
    if told_on is None:
        return Said(may_comply=bool(uses))
    if any(day >= since for day in uses):  # used since; where the disuse was told later, a conflict
        return Said(may_comply=max(uses) >= told_on)
    if approved is None:
        return NOTHING
    idle = seen_past(told_on, years_after(max(since, approved), 2), ledger.as_of)
    idle = idle and fresh(told_on, ledger.as_of)
    verified = _verified_delays(ledger)
    may = idle and not any(_stands(delay, ledger) for delay in verified)
    return Said(may_breach=may, must_breach=may and not verified and not uses)
