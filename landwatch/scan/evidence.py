"""What is known of start, completion and production: the evidence weighed in the ledger's order.

A report saying no speaks only up to its day: a start, a completion or a production told for a later
day speaks instead. Everything is worked out for all contracts at once; a contract is its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landwatch.scan.extent import EVIDENCE
from landwatch.scan.latest import days_column
from landwatch.scan.report_rows import (
    NONE,
    Cells,
    Days,
    Mask,
    Places,
    ReportRows,
    day_number,
    earliest,
    latest,
)
from landwatch.scan.starts import (
    LEGAL_TEST,
    NO,
    NO_PERMIT,
    NOT_MET,
    WITHOUT_PERMIT,
    YES,
    Starts,
)

if TYPE_CHECKING:
    import pyarrow as pa

NOT_DONE = ("planned", "levelled", "under_construction", "halted_building")
PRODUCING = ("in_production", "halted_production")

_BASES = ("legal_test", "inspection", "report", "reported", "works_done")
_GAPS = ("works_without_permit", "missing:permit_on", "missing:started")
_LAST_DAY = day_number(date(9999, 12, 31))
_FIRST_DAY = day_number(date(1, 1, 1))


@dataclass(frozen=True, slots=True)
class Sights:
    """Days on which something was seen of contracts; the days of a contract stand together."""

    contract: Places
    day: Days

    def those(self, which: Mask) -> Sights:
        """Return some of them."""
        return Sights(self.contract[which], self.day[which])

    def latest(self, contracts: int) -> Days:
        """Return the latest of each contract."""
        return latest(self.contract, self.day, contracts)

    def earliest(self, contracts: int) -> Days:
        """Return the earliest of each contract."""
        return earliest(self.contract, self.day, contracts)

    def marks(self) -> NDArray[np.int64]:
        """Return a number for each that only the same contract and day have."""
        return (self.contract.astype(np.int64) << 32) | (self.day.astype(np.int64) - NONE)


@dataclass(frozen=True, slots=True)
class Told:
    """What contracts and reports tell outright, by the day of the scan; `NONE` where nothing."""

    started_on: Days
    completed_on: Days
    started_told_on: Days
    """As told, also for a later day."""
    awaited: Mask
    """A completion is told for a later day."""
    completed_seen_on: Days
    production_on: Days


def told_of(started: Cells, completed: Cells, reports: ReportRows, as_of: date) -> Told:
    """Return what is told of each contract; the cells are those of all contracts, by number."""
    contracts, day = len(started.told), day_number(as_of)
    start = np.where(started.told, started.values, NONE).astype(np.int32)
    end = np.where(completed.told, completed.values, NONE).astype(np.int32)
    return Told(
        started_on=np.where(start <= day, start, NONE).astype(np.int32),
        completed_on=np.where(end <= day, end, NONE).astype(np.int32),
        started_told_on=start,
        awaited=end > day,
        completed_seen_on=_last_told(reports, "completed_on", contracts),
        production_on=_last_told(reports, "in_production_on", contracts),
    )


def _last_told(reports: ReportRows, name: str, contracts: int) -> Days:
    told = reports.column(name)
    places = told.last_places(reports.contract)
    found = np.full(contracts, NONE, dtype=np.int32)
    found[reports.contract[places]] = told.at(places).values
    return found


def evidence_columns(
    told: Told, shown: Starts, reports: ReportRows, as_of: date
) -> dict[str, pa.Array]:
    """Return what is known of each contract, the columns of `EVIDENCE` (ledger.md §2)."""
    contracts, day = len(told.awaited), day_number(as_of)
    stages = _Stages.of(reports, contracts)
    works = _works(told, stages, reports)
    start = _start(told, shown, works, contracts, day)
    seen = _seen_not_started(start, shown, contracts)
    not_built, not_producing = stages.undone, stages.not_producing
    open_building = _apart(seen, stages.done)
    open_building = open_building.those(
        open_building.day != told.production_on[open_building.contract]
    )
    open_production = _apart(seen, stages.producing)
    awaited = np.where(told.awaited, day, NONE).astype(np.int32)
    last_undone = np.maximum.reduce(
        [not_built.latest(contracts), open_building.latest(contracts), awaited]
    )
    last_built = np.maximum(stages.done.latest(contracts), told.production_on)
    last_idle = np.maximum(not_producing.latest(contracts), open_production.latest(contracts))
    last_producing = stages.producing.latest(contracts)
    completion_on = _first_told(told.completed_on, told.completed_seen_on)
    until_start = _first_told(start.started_on, start.started_by_on)
    days = {
        "started_on": start.started_on,
        "started_by_on": start.started_by_on,
        "not_started_seen_on": start.not_started_seen_on,
        "not_started_last_on": _latest_before([seen], until_start, contracts),
        "start_contradicted_on": start.contradicted_on,
        "completion_on": completion_on,
        "completion_seen_by_on": _least(stages.done.earliest(contracts), told.production_on),
        "built_seen_on": np.maximum(last_built, completion_on),
        "not_complete_last_on": np.where(
            _still(last_undone, last_built),
            last_undone,
            np.maximum(
                _latest_before([not_built, open_building], last_built, contracts),
                np.where(awaited < _bound(last_built), awaited, NONE),
            ),
        ).astype(np.int32),
        "production_on": told.production_on,
        "production_seen_by_on": stages.producing.earliest(contracts),
        "not_producing_last_on": np.where(
            _still(last_idle, last_producing),
            last_idle,
            _latest_before([not_producing, open_production], last_producing, contracts),
        ).astype(np.int32),
    }
    found = {name: days_column(one) for name, one in days.items()}
    found |= start.columns()
    found["still_not_complete"] = _truth(_still(last_undone, last_built))
    found["still_not_producing"] = _truth(_still(last_idle, last_producing))
    return {name: found[name] for name in EVIDENCE}


@dataclass(frozen=True, slots=True)
class _Stages:
    """The days on which a stage shows it built, not built, producing, not producing.

    On one day the strongest source alone counts. A trial run shows that the building is done.
    """

    done: Sights
    undone: Sights
    producing: Sights
    not_producing: Sights

    @staticmethod
    def of(reports: ReportRows, contracts: int) -> _Stages:
        stage = reports.column("stage").telling()
        rows = stage.places
        of, day = reports.contract[rows], reports.day[rows]
        last = (
            np.append((of[1:] != of[:-1]) | (day[1:] != day[:-1]), True)
            if len(rows)
            else np.zeros(0, dtype=bool)
        )
        every, told = Sights(of[last], day[last]), stage.those(last).cells
        undone, producing = told.are(*NOT_DONE), told.are(*PRODUCING)
        return _Stages(
            every.those(~undone),
            every.those(undone),
            every.those(producing),
            every.those(~producing),
        )


def _works(told: Told, stages: _Stages, reports: ReportRows) -> list[Sights]:
    """Return the days on which works were done: completed, producing, floors built."""
    floor = reports.column("floor_area_m2").telling()
    built = floor.places[floor.cells.values > 0]
    outright = [told.completed_on, told.completed_seen_on, told.production_on]
    return [
        stages.producing,
        Sights(reports.contract[built], reports.day[built]),
        *(Sights(np.flatnonzero(one != NONE), one[one != NONE]) for one in outright),
    ]


@dataclass(frozen=True, slots=True)
class _Start:
    """Whether each contract was started, since when, by what evidence."""

    shown: Mask
    known: Mask
    basis: NDArray[np.int8]
    gap: NDArray[np.int8]
    started_on: Days
    started_by_on: Days
    not_started_seen_on: Days
    contradicted_on: Days

    def columns(self) -> dict[str, pa.Array]:
        """Return what is no day."""
        import pyarrow as pa

        def words(codes: NDArray[np.int8], texts: Sequence[str]) -> pa.Array:
            coded = pa.array(codes.astype(np.int32), mask=codes < 0)
            return pa.DictionaryArray.from_arrays(coded, pa.array(texts)).cast(pa.string())

        return {
            "start_shown": pa.array(self.shown, mask=~self.known),
            "start_basis": words(self.basis, _BASES),
            "start_gap": words(self.gap, _GAPS),
        }


def _start(told: Told, said: Starts, works: list[Sights], contracts: int, day: int) -> _Start:
    """Return the evidence of a start, weighed in the ledger's order."""
    verdict, anchored = said.verdict, said.verdict != 0
    seen = (verdict == YES) | (verdict == LEGAL_TEST)
    unclear = (verdict == WITHOUT_PERMIT) | (verdict == NO_PERMIT)
    later = ~anchored | (told.started_told_on > said.on)
    told_on = np.where(later, told.started_told_on, NONE).astype(np.int32)
    after = _bounded(works, contracts, lambda of, on: ~anchored[of] | (on > said.on[of]), earliest)
    begun, awaited = (told_on != NONE) & (told_on <= day), told_on > day
    untold, built = told_on == NONE, after != NONE
    clear = ~seen & ~unclear
    known = seen | (clear & (begun | awaited | built | anchored))
    shown = seen | (clear & (begun | (~awaited & built)))
    started_by = np.select(
        [seen, unclear, begun, untold], [said.shown_by_on, NONE, told_on, after], NONE
    ).astype(np.int32)
    basis = np.select(
        [
            verdict == LEGAL_TEST,
            (verdict == YES) & said.stays,
            verdict == YES,
            unclear,
            begun,
            untold & built,
        ],
        [0, 1, 2, -1, 3, 4],
        -1,
    ).astype(np.int8)
    gap = np.select(
        [verdict == WITHOUT_PERMIT, verdict == NO_PERMIT, ~anchored & untold & ~built],
        [0, 1, 2],
        -1,
    ).astype(np.int8)
    not_started = np.select(
        [seen | unclear, awaited, untold & ~built], [NONE, day, said.on], NONE
    ).astype(np.int32)
    before = _bounded(works, contracts, lambda of, on: anchored[of] & (on <= said.on[of]), earliest)
    denied = (verdict == NO) | (verdict == NOT_MET)
    start = told.started_told_on
    older = np.where((start != NONE) & (start <= said.on), start, NONE).astype(np.int32)
    contradicted = np.where(denied, _least(older, before), NONE).astype(np.int32)
    denials = Sights(said.denied_contract, said.denied_on)
    denied_last = _bounded(
        [denials],
        contracts,
        lambda of, on: (started_by[of] != NONE) & (on < started_by[of]),
        latest,
    )
    reported = told.started_on
    holds = shown & (reported != NONE) & (started_by != NONE) & (reported <= started_by)
    holds &= denied_last < reported
    return _Start(
        shown=shown,
        known=known,
        basis=basis,
        gap=gap,
        started_on=np.where(holds, reported, NONE).astype(np.int32),
        started_by_on=started_by,
        not_started_seen_on=not_started,
        contradicted_on=contradicted,
    )


def _seen_not_started(start: _Start, said: Starts, contracts: int) -> Sights:
    """Return the days on which it was seen not started, before it was seen started."""
    until = _bound(start.started_by_on)
    alone = np.flatnonzero(start.not_started_seen_on != NONE)
    of = np.concatenate((said.denied_contract, alone))
    on = np.concatenate((said.denied_on, start.not_started_seen_on[alone]))
    order = np.argsort(of, kind="stable")
    every = Sights(of[order], on[order])
    return every.those(every.day < until[every.contract])


Worst = Callable[[Places, Days, int], Days]


def _bounded(
    sights: list[Sights], contracts: int, which: Callable[[Places, Days], Mask], pick: Worst
) -> Days:
    """Return the earliest or latest of each contract's days that meet a condition."""
    found = np.full(contracts, NONE, dtype=np.int32)
    for one in sights:
        some = one.those(which(one.contract, one.day))
        days = pick(some.contract, some.day, contracts)
        found = _least(found, days) if pick is earliest else np.maximum(found, days)
    return found


def _latest_before(sights: list[Sights], until: Days, contracts: int) -> Days:
    """Return each contract's latest day before another; of all where there is no other."""
    bound = _bound(until)
    return _bounded(sights, contracts, lambda of, on: on < bound[of], latest)


def _apart(sights: Sights, others: Sights) -> Sights:
    """Return the days of contracts that are not among others, which stand in order."""
    marks, known = sights.marks(), others.marks()
    if not len(known):
        return sights
    place = np.searchsorted(known, marks)
    return sights.those(known[np.minimum(place, len(known) - 1)] != marks)


def _still(undone: Days, done: Days) -> Mask:
    """Tell whether the last sight is of the thing not done."""
    return undone > np.maximum(done, _FIRST_DAY)


def _bound(days: Days) -> Days:
    """Return days, the last of all where there is none."""
    return np.where(days == NONE, _LAST_DAY, days).astype(np.int32)


def _first_told(first: Days, second: Days) -> Days:
    return np.where(first != NONE, first, second).astype(np.int32)


def _least(first: Days, second: Days) -> Days:
    """Return the earlier of two days, either where the other is none."""
    both = (first != NONE) & (second != NONE)
    return np.where(both, np.minimum(first, second), np.maximum(first, second)).astype(np.int32)


def _truth(values: Mask) -> pa.Array:
    import pyarrow as pa

    return pa.array(values)
