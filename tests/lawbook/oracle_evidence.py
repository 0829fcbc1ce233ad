"""What the ledger shows on a day, read slowly and literally (ledger.md §1, §2, "Settled").

Half of the second careful programmer: `oracle.py` decides, this reads. It shares nothing with the
product but the names of the ledger's columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

Record = dict[str, Any]

SOURCES_STRONGEST_FIRST = (
    "inspection",
    "permit_system",
    "remote_sensing",
    "statistics",
    "holder_report",
)
FOUNDATION_CELLS = ("foundation", "pit_share", "piles_driven", "piles_total", "foundation_share")
NOT_BUILT = ("planned", "levelled", "under_construction", "halted_building")
PRODUCING = ("in_production", "halted_production")
ONE_THIRD_AS_WRITTEN = Fraction(333_333, 1_000_000)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one row says of the start: started (by a day), not started (on a day), or unclear."""

    verdict: str  # started | not_started | unclear
    day: date
    observed_on: date
    stays: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The state of the start on the day of the scan."""

    verdict: str  # started | not_started | unclear
    known_on: date | None = None
    seen_started_on: date | None = None
    seen_not_started_on: date | None = None
    days_seen_not_started: tuple[date, ...] = ()
    reason: str | None = None


class Ledger:
    """One contract's records as far as they count on the day of the scan."""

    def __init__(
        self, contract: Record, progress: list[Record], events: list[Record], as_of: date
    ) -> None:
        self.contract = contract
        self.as_of = as_of
        self.reports = self._reports_weakest_first(progress)
        self.events = [event for event in events if event["on"] <= as_of]

    def _reports_weakest_first(self, progress: list[Record]) -> list[Record]:
        counted = []
        for recorded, row in enumerate(progress):
            if row["observed_on"] <= self.as_of:
                told = {
                    name: cell
                    for name, cell in row.items()
                    if cell is not None and not (isinstance(cell, date) and cell > self.as_of)
                }
                weakness = SOURCES_STRONGEST_FIRST.index(row["source"])
                counted.append(((row["observed_on"], -weakness, recorded), told))
        return [told for _, told in sorted(counted, key=lambda pair: pair[0])]

    def term(self, name: str) -> Any:
        """Return a term of the contract as written."""
        return self.contract.get(name)

    def past_day(self, name: str) -> date | None:
        """Return a day of the contract that has come."""
        day: date | None = self.contract.get(name)
        return day if day is not None and day <= self.as_of else None

    def latest(self, column: str) -> tuple[Any, date | None]:
        """Return what the latest report telling the column says, and when it was observed."""
        for row in reversed(self.reports):
            if column in row:
                return row[column], row["observed_on"]
        return None, None

    def events_of(self, kind: str) -> list[Record]:
        """Return the events of a kind in the order of their days, then as recorded."""
        return sorted((e for e in self.events if e["kind"] == kind), key=lambda e: e["on"])

    def agreed(self, column: str) -> date | None:
        """Return the agreed day: the latest valid amendment's, else the contract's."""
        amended = [e[column] for e in self.events_of("amendment") if e.get(column) is not None]
        day: date | None = amended[-1] if amended else self.term(column)
        return day

    def handover(self) -> date | None:
        """Return the day the land was handed over: the latest delivery, else `delivered_on`."""
        deliveries = self.events_of("delivery")
        day: date | None = deliveries[-1]["on"] if deliveries else self.past_day("delivered_on")
        return day

    def supply(self) -> date | None:
        """Return the day of supply (AMB-20)."""
        day: date | None = (
            self.term("supplied_on")
            or self.handover()
            or self.term("agreed_delivery_on")
            or self.term("signed_on")
        )
        return day

    def stages(self) -> dict[date, str]:
        """Return the stage seen on each day, by the strongest source of that day."""
        return {row["observed_on"]: row["stage"] for row in self.reports if "stage" in row}


def foundation_met(cells: Record) -> bool | None:
    """Return whether Order 53 Art. 30's test is met; None where one of its cells is missing."""
    kind = cells.get("foundation")
    if kind is None:
        return None
    parts: list[bool | None] = []
    if "deep_pit" in kind:
        pit = cells.get("pit_share")
        parts.append(None if pit is None else pit >= 1)
    if "piles" in kind:
        driven, total = cells.get("piles_driven"), cells.get("piles_total")
        parts.append(None if driven is None or total is None else driven >= total)
    if kind == "other":
        share = cells.get("foundation_share")
        parts.append(None if share is None else Fraction(share) >= ONE_THIRD_AS_WRITTEN)
    if None in parts:
        return None
    return all(parts)


def _reading(row: Record, filled: Record) -> Reading | None:
    """Return what one row says of the start; `filled` has its blanks from earlier rows."""
    seen: date = row["observed_on"]
    permit: date | None = filled.get("permit_on")
    if row.get("works_without_permit") is True and permit is None:
        return Reading("unclear", seen, seen, reason="works_without_permit")
    tells_foundation = any(cell in row for cell in FOUNDATION_CELLS)
    if tells_foundation or "permit_on" in row:
        met = foundation_met(filled)
        if met and permit is not None:
            return Reading("started", max(permit, seen), seen, stays=True)
        if met and tells_foundation:
            return Reading("unclear", seen, seen, reason="missing:permit_on")
        if met is False and tells_foundation:
            return Reading("not_started", seen, seen)
    if row.get("started") is True:
        return Reading("started", seen, seen, stays=row["source"] == "inspection")
    if row.get("started") is False:
        return Reading("not_started", seen, seen)
    return None


def readings(ledger: Ledger) -> list[Reading]:
    """Return what each report says of the start, the weakest and oldest first."""
    spoken = []
    filled: Record = {}
    for row in ledger.reports:
        cells = (*FOUNDATION_CELLS, "permit_on")
        filled = filled | {cell: row[cell] for cell in cells if cell in row}
        reading = _reading(row, filled)
        if reading is not None:
            spoken.append(reading)
    return spoken


def _strongest_of_each_day(spoken: list[Reading]) -> list[Reading]:
    return list({reading.observed_on: reading for reading in spoken}.values())


def _shown_by(anchor: Reading, by_day: list[Reading]) -> date:
    """Return the earliest day of the unbroken line of sights of a start that leads to `anchor`."""
    earliest = anchor.day
    for reading in reversed([r for r in by_day if r.observed_on < anchor.observed_on]):
        if reading.verdict != "started":
            break
        earliest = min(earliest, reading.day)
    return earliest


def _built_by(ledger: Ledger, after: date | None) -> date | None:
    """Return the first day, later than `after`, by which something built or running was told."""
    completed, _ = ledger.latest("completed_on")
    produced, _ = ledger.latest("in_production_on")
    days = [ledger.past_day("actual_completion_on"), completed, produced]
    days += [day for day, stage in ledger.stages().items() if stage in PRODUCING]
    days += [r["observed_on"] for r in ledger.reports if r.get("floor_area_m2", 0) > 0]
    later = [day for day in days if day is not None and (after is None or day > after)]
    return min(later, default=None)


def start(ledger: Ledger) -> Start:
    """Return whether building has started, as ledger.md §2 weighs the evidence."""
    spoken = readings(ledger)
    by_day = _strongest_of_each_day(spoken)
    noes = tuple(r.observed_on for r in by_day if r.verdict == "not_started")
    reported: date | None = ledger.term("actual_start_on")
    known = ledger.past_day("actual_start_on")
    anchor = next((r for r in spoken if r.stays), by_day[-1] if by_day else None)
    if anchor is not None and anchor.verdict == "started":
        shown = _shown_by(anchor, by_day)
        earlier_noes = tuple(day for day in noes if day < shown)
        if known is not None and (known > shown or any(day >= known for day in earlier_noes)):
            known = None  # seen started before it, or not started since: that day is no date
        return Start("started", known, shown, days_seen_not_started=earlier_noes)
    if anchor is not None and anchor.verdict == "unclear":
        return Start("unclear", days_seen_not_started=noes, reason=anchor.reason)
    last_no = anchor.observed_on if anchor is not None else None
    if reported is not None and (last_no is None or reported > last_no):
        if reported <= ledger.as_of:
            return Start("started", reported, reported, days_seen_not_started=noes)
        all_noes = (*noes, ledger.as_of)
        return Start(
            "not_started", seen_not_started_on=ledger.as_of, days_seen_not_started=all_noes
        )
    built = _built_by(ledger, after=last_no)
    if built is not None:
        return Start("started", None, built, days_seen_not_started=noes)
    if last_no is not None:
        return Start("not_started", seen_not_started_on=last_no, days_seen_not_started=noes)
    return Start("unclear", reason="missing:started")


def completion_sights(ledger: Ledger, state: Start) -> tuple[list[date], list[date]]:
    """Return the days on which the buildings were seen complete, and seen not complete."""
    stages = ledger.stages()
    produced, _ = ledger.latest("in_production_on")
    done = [day for day, stage in stages.items() if stage not in NOT_BUILT]
    done += [produced] if produced is not None else []
    missing = [day for day, stage in stages.items() if stage in NOT_BUILT]
    missing += [day for day in state.days_seen_not_started if day not in done]
    awaited: date | None = ledger.term("actual_completion_on")
    if awaited is not None and awaited > ledger.as_of:
        missing.append(ledger.as_of)
    return sorted(done), sorted(missing)


def production_sights(ledger: Ledger, state: Start) -> tuple[list[date], list[date]]:
    """Return the days on which the works were seen in production, and seen not in production."""
    stages = ledger.stages()
    done = [day for day, stage in stages.items() if stage in PRODUCING]
    missing = [day for day, stage in stages.items() if stage not in PRODUCING]
    missing += [day for day in state.days_seen_not_started if day not in done]
    return sorted(done), sorted(missing)
