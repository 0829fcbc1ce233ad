"""What the witness may say, and the readings that several of its rules share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.lawbook.oracle_evidence import Ledger
from tests.lawbook.oracle_outcome import EVIDENCE_DAYS, exact


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a breach, or compliant, may be said; whether it must be."""

    may_breach: bool = False
    may_comply: bool = False
    must_breach: bool = False
    must_comply: bool = False


NOTHING = Said()
COMPLIANT = Said(may_comply=True, must_comply=True)


def breach_where(shown: bool) -> Said:
    """Return that a breach may and must be said where it is shown, and nothing where it is not."""
    return Said(may_breach=shown, must_breach=shown)


@dataclass(frozen=True, slots=True)
class Figure:
    """A told figure and the day it is of; the oldest day where it is made of several columns."""

    value: Fraction
    on: date


def told_figure(ledger: Ledger, column: str) -> Figure | None:
    """Return what the latest report telling the column says; None where none does."""
    cell, seen = ledger.latest(column)
    return None if cell is None or seen is None else Figure(Fraction(str(cell)), seen)


def positive(cell: Any) -> Fraction | None:
    """Return a told size that can be divided by; None for a blank or a zero."""
    number = exact(cell)
    return number if number is not None and number > 0 else None


def granted_m2(ledger: Ledger) -> Fraction | None:
    """Return the granted area in m², from 亩 so that nothing is rounded (GEO-01)."""
    mu = positive(ledger.term("area_mu"))
    return None if mu is None else mu * Fraction(10_000, 15)


def by_a_contract(ledger: Ledger) -> bool:
    """Return whether the land is told to be held by a contract (not by an allocation)."""
    return ledger.term("instrument") in ("grant", "lease", "contribution")


def granted(ledger: Ledger) -> bool:
    """Return whether the land is told to be granted (出让)."""
    return bool(ledger.term("instrument") == "grant")


def completion(ledger: Ledger) -> date | None:
    """Return the agreed completion, as amended."""
    return ledger.agreed("agreed_completion_on")


def full_year_end(ledger: Ledger) -> date | None:
    """Return the last day of the first whole calendar year after the agreed completion."""
    due = completion(ledger)
    return None if due is None else date(due.year + 1, 12, 31)


def year_figure(ledger: Ledger, column: str) -> Figure | None:
    """Return the figure of the latest calendar year that was over when told and before the scan.

    The year is the one that the report names, else the year whose last day it was observed on.
    """
    best: Figure | None = None
    for report in ledger.reports:  # the weakest and oldest first: a later one corrects it
        seen: date = report["observed_on"]
        named = report.get("stat_year")
        year = named or (seen.year if (seen.month, seen.day) == (12, 31) else None)
        if column not in report or year is None or not 1900 <= year <= 9998:
            continue
        end = date(year, 12, 31)
        if end <= seen and end < ledger.as_of and (best is None or end >= best.on):
            best = Figure(Fraction(str(report[column])), end)
    return best


def seen_past(seen: date, limit: date | None, as_of: date) -> bool:
    """Return whether the day has passed, and the evidence is of a day after it."""
    return limit is not None and limit < seen <= as_of


def fresh(seen: date, as_of: date) -> bool:
    """Return whether a state that can change still speaks."""
    return (as_of - seen).days <= EVIDENCE_DAYS
