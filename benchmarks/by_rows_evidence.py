"""What the reports of one contract show of its start and completion, row by row (for by_rows)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

FOUNDATION = ("foundation", "pit_share", "piles_driven", "piles_total", "foundation_share")
NOT_BUILT = ("planned", "levelled", "under_construction", "halted_building")
PRODUCING = ("in_production", "halted_production")
A_THIRD = Decimal("0.333333")
Reading = dict[str, Any]


def told(value: Any) -> bool:
    """Return whether a cell says anything."""
    return not pd.isna(value)


def latest(reports: pd.DataFrame, column: str) -> tuple[Any, date | None]:
    """Return what the last report that tells a column says, and when that was seen."""
    values = reports[column].dropna()
    if values.empty:
        return None, None
    return values.iloc[-1], reports.loc[values.index[-1], "observed_on"]


def evidence_of(
    contract: pd.Series[Any], reports: pd.DataFrame, facts: Mapping[str, Any], as_of: date
) -> dict[str, Any]:
    """Return whether building has started and is complete, and when either was last seen undone."""
    staged = reports[reports["stage"].notna()]
    stages = dict(zip(staged["observed_on"], staged["stage"], strict=True))  # the last of a day
    done_on = contract["actual_completion_on"]
    completed = done_on if told(done_on) and done_on <= as_of else facts["completed_on"]
    start = _start(contract, reports, stages, facts, as_of)
    built = [day for day, stage in stages.items() if stage not in NOT_BUILT]
    built += [facts["in_production_on"]] if told(facts["in_production_on"]) else []
    unbuilt = [day for day, stage in stages.items() if stage in NOT_BUILT]
    unbuilt += [day for day in start["noes"] if day not in built]
    unbuilt += [as_of] if told(done_on) and done_on > as_of else []
    ends = [*built, *([completed] if told(completed) else [])]
    return start | {
        "completion_on": completed if told(completed) else None,
        "built": built,
        "unbuilt": unbuilt,
        "built_seen_on": max(ends, default=None),
    }


def _start(
    contract: pd.Series[Any],
    reports: pd.DataFrame,
    stages: Mapping[date, str],
    facts: Mapping[str, Any],
    as_of: date,
) -> dict[str, Any]:
    """Return whether building has started: the legal test, sights, then what is only reported."""
    spoken = _readings(reports)
    by_day = list({reading["on"]: reading for reading in spoken}.values())
    noes = [reading["on"] for reading in by_day if reading["says"] == "no"]
    anchor = next((r for r in spoken if r["stays"]), by_day[-1] if by_day else None)
    reported = contract["actual_start_on"] if told(contract["actual_start_on"]) else None
    if anchor is not None and anchor["says"] == "yes":
        return _seen_started(anchor, by_day, noes, reported, as_of)
    if anchor is not None and anchor["says"] == "unclear":
        return _state(None, noes=noes, gap=anchor["gap"])
    last_no = anchor["on"] if anchor is not None else None
    if reported is not None and (last_no is None or reported > last_no):
        if reported <= as_of:
            return _state(True, known=reported, shown=reported, noes=noes)
        return _state(False, seen_not=as_of, noes=[*noes, as_of])
    works = _works(contract, reports, stages, facts, as_of)
    built = min((day for day in works if last_no is None or day > last_no), default=None)
    if built is not None:
        return _state(True, shown=built, noes=noes)
    if last_no is not None:
        return _state(False, seen_not=last_no, noes=noes)
    return _state(None, noes=[], gap="missing:started")


def _state(
    started: bool | None,
    *,
    noes: list[date],
    known: date | None = None,
    shown: date | None = None,
    seen_not: date | None = None,
    gap: str | None = None,
) -> dict[str, Any]:
    return {
        "started": started, "started_on": known, "started_by_on": shown, "not_started_on": seen_not,
        "noes": noes, "start_gap": gap,
    }  # fmt: skip


def _seen_started(
    anchor: Reading, by_day: list[Reading], noes: list[date], reported: date | None, as_of: date
) -> dict[str, Any]:
    """Return a start that was seen, by the first of the unbroken line of sights to it."""
    shown = anchor["by"]
    for reading in reversed([r for r in by_day if r["on"] < anchor["on"]]):
        if reading["says"] != "yes":
            break
        shown = min(shown, reading["by"])
    earlier = [day for day in noes if day < shown]
    known = reported if reported is not None and reported <= min(as_of, shown) else None
    if known is not None and any(day >= known for day in earlier):
        known = None
    return _state(True, known=known, shown=shown, noes=earlier)


def _readings(reports: pd.DataFrame) -> list[Reading]:
    """Return what each report says of the start; blank cells are filled from earlier ones."""
    spoken = []
    known: dict[str, Any] = {}
    for _, report in reports.iterrows():
        known |= {cell: report[cell] for cell in (*FOUNDATION, "permit_on") if told(report[cell])}
        reading = _reading(report, known)
        if reading is not None:
            spoken.append(reading)
    return spoken


def _reading(report: pd.Series[Any], known: Mapping[str, Any]) -> Reading | None:
    seen, permit = report["observed_on"], known.get("permit_on")
    reading: Reading = {"on": seen, "by": seen, "stays": False, "gap": None}
    if report["works_without_permit"] is True and permit is None:
        return reading | {"says": "unclear", "gap": "works_without_permit"}
    dug = any(told(report[cell]) for cell in FOUNDATION)
    met = _foundation_met(known) if dug or told(report["permit_on"]) else None
    if met and permit is not None:
        return reading | {"says": "yes", "by": max(seen, permit), "stays": True}
    if dug and met:
        return reading | {"says": "unclear", "gap": "missing:permit_on"}
    if dug and met is False:
        return reading | {"says": "no"}
    if report["started"] is True:
        return reading | {"says": "yes", "stays": report["source"] == "inspection"}
    return reading | {"says": "no"} if report["started"] is False else None


def _foundation_met(cells: Mapping[str, Any]) -> bool | None:
    """Return whether the test of Article 30 is met; None where one of its cells is missing."""
    kind = cells.get("foundation") or ""
    parts: list[bool | None] = []
    if "deep_pit" in kind:
        parts.append(cells["pit_share"] >= 1 if "pit_share" in cells else None)
    if "piles" in kind:
        counted = "piles_driven" in cells and "piles_total" in cells
        parts.append(cells["piles_driven"] >= cells["piles_total"] if counted else None)
    if kind == "other":
        share = cells.get("foundation_share")
        parts.append(None if share is None else share >= A_THIRD)
    return all(parts) if parts and None not in parts else None


def _works(
    contract: pd.Series[Any],
    reports: pd.DataFrame,
    stages: Mapping[date, str],
    facts: Mapping[str, Any],
    as_of: date,
) -> list[date]:
    """Return the days on which something built or running was told."""
    days = [contract["actual_completion_on"], facts["completed_on"], facts["in_production_on"]]
    days += [day for day, stage in stages.items() if stage in PRODUCING]
    floors = pd.to_numeric(reports["floor_area_m2"]) > 0
    days += list(reports.loc[floors, "observed_on"])
    return [day for day in days if told(day) and day <= as_of]
