"""What a holder can still do, as the ledger would tell it on the day it is done.

Each act sets the facts that a report of that day would set; what was done before keeps its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from landwatch.lawbook.expressions.rowwise import Facts, Payment, Value


class Act(StrEnum):
    """Something to do, in the order in which it comes in the life of a project."""

    SHOW_MEANS = "show_means"
    START = "start"
    RESUME = "resume"
    COMPLETE = "complete"
    PRODUCE = "produce"
    DEPOSIT = "deposit"


INCLUDES: Mapping[Act, frozenset[Act]] = {
    Act.COMPLETE: frozenset({Act.START, Act.RESUME}),
    Act.PRODUCE: frozenset({Act.START, Act.RESUME, Act.COMPLETE}),
}
"""What an act takes for granted: where the lesser one cures, the greater is not asked for."""


def done(act: Act, known: Facts, day: date, deposit_wan: Fraction | None = None) -> Facts:
    """Return the facts that change when the act is done on `day`; none where it cannot be done.

    Args:
        act: what is done.
        known: the facts before.
        day: the day on which a report tells it.
        deposit_wan: what is paid at once, for a deposit.
    """
    match act:
        case Act.SHOW_MEANS:
            return {"means_shown": True, "means_seen_on": day}
        case Act.START:
            return _started(day)
        case Act.RESUME:
            return _resumed(day) if known.get("start_shown") is True else {}
        case Act.COMPLETE:
            return _begun(known, day) | _completed(day)
        case Act.PRODUCE:
            built: Facts = {} if _date(known.get("completion_on")) else _completed(day)
            return {**_begun(known, day), **built, **_producing(day)}
        case Act.DEPOSIT:
            return _deposited(known, day, deposit_wan)


def _begun(known: Facts, day: date) -> dict[str, Value]:
    return {} if known.get("start_shown") is True else _started(day)


def _started(day: date) -> dict[str, Value]:
    """A start by the legal test, which stays shown."""
    return {
        "start_shown": True,
        "start_basis": "legal_test",
        "started_on": day,
        "started_by_on": day,
        "not_started_seen_on": None,
        "start_gap": None,
    }


def _resumed(day: date) -> dict[str, Value]:
    return {
        "stage": "under_construction",
        "stage_seen_on": day,
        "working_seen_on": day,
        "resumed_on": day,
        "resumed_on_seen_on": day,
    }


def _completed(day: date) -> dict[str, Value]:
    return {
        "completion_on": day,
        "completion_seen_by_on": day,
        "built_seen_on": day,
        "still_not_complete": False,
    }


def _producing(day: date) -> dict[str, Value]:
    return {
        "stage": "in_production",
        "stage_seen_on": day,
        "production_on": day,
        "production_seen_by_on": day,
        "built_seen_on": day,
        "still_not_producing": False,
    }


def _deposited(known: Facts, day: date, wan: Fraction | None) -> dict[str, Value]:
    paid = known.get("bond_deposits")
    if wan is None or not isinstance(paid, tuple):
        return {}
    return {"bond_deposits": (*paid, Payment(day, wan))}


def _date(value: Value) -> bool:
    return isinstance(value, date)


CHANGES: Mapping[Act, frozenset[str]] = {
    Act.SHOW_MEANS: frozenset({"means_shown"}),
    Act.START: frozenset({"start_shown", "started_on", "started_by_on"}),
    Act.RESUME: frozenset({"working_seen_on", "resumed_on", "stage"}),
    Act.COMPLETE: frozenset({"completion_on", "completion_seen_by_on", "built_seen_on"}),
    Act.PRODUCE: frozenset({"production_on", "production_seen_by_on"}),
    Act.DEPOSIT: frozenset({"bond_deposits"}),
}
"""Facts by which a rule shows that an act matters to it."""
