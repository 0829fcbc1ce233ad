"""How a rule written by hand says what it found: status, reason, days, numbers (for by_rows)."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any, TypeAlias

import pandas as pd

Facts: TypeAlias = "pd.Series[Any]"
Said: TypeAlias = dict[str, Any]
EVIDENCE_DAYS = 180
WARN_DAYS = 90
A_VISIT_SETTLES = frozenset((
    "missing:permit_on", "missing:started", "works_without_permit", "missing:actual_start_on",
    "missing:actual_completion_on", "missing:fixed_assets_wan", "missing:fixed_land_price_wan",
    "missing:floor_area_m2", "missing:footprint_m2", "missing:tax_wan", "missing:output_wan",
    "missing:developed_area_m2", "missing:suspended_since", "missing:invested_wan",
    "missing:invested_land_price_wan", "missing:invested_taxes_wan",
))  # fmt: skip


def outcome(
    status: str,
    reason: str | None = None,
    *,
    days_past: int | None = None,
    amount_wan: Any = None,
    remedies: str | None = None,
) -> Said:
    """Return what a rule says."""
    return {
        "status": status, "reason": reason, "to_verify": False, "measured": None,
        "threshold": None, "clock_from": None, "limit_on": None, "days_past": days_past,
        "amount_wan": amount_wan, "remedies": remedies,
    }  # fmt: skip


def stale(seen: date | None) -> str:
    """Return the reason for evidence that is too old to speak."""
    return f"stale:observed_on={seen}"


def before(first: Any, second: Any) -> bool:
    """Return whether both are told and the first is smaller."""
    return not pd.isna(first) and not pd.isna(second) and bool(first < second)


def years_after(day: date | None, years: int) -> date | None:
    """Return the same day so many years later, the end of February where it has no such day."""
    if day is None:
        return None
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def early(limit: date | None, as_of: date, fact: str) -> Said | None:
    """Return what holds until the period has run out; None once it has."""
    if limit is None:
        return outcome("unknown", f"missing:{fact}")
    if as_of > limit:
        return None
    return outcome("due_soon" if (limit - as_of).days <= WARN_DAYS else "not_due")


def to_verify(said: Said, as_of: date) -> bool:
    """Return whether the day has passed and a visit could settle the question."""
    reason = said["reason"] or ""
    settles = reason.startswith("stale:") or reason in A_VISIT_SETTLES
    past = before(said["limit_on"], as_of)
    return said["status"] == "unknown" and past and settles
