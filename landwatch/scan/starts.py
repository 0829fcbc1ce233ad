"""What the reports show of the start: yes, no, or why they cannot say (ledger.md §2, 1 and 2).

A start shown by the legal test or an inspection stays shown; otherwise the last report that says
anything speaks. Either is the end of a line of sights, and the start was shown by the first of that
line. On one day the strongest source alone counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landwatch.language.terms import ProgressSource
from landwatch.scan.report_rows import (
    NONE,
    Cells,
    Days,
    Mask,
    Places,
    ReportRows,
    Telling,
    earliest,
    firsts,
    lasts,
)

ONE_THIRD_IN_MILLIONTHS = 333_333
"""One third as a share told to six decimals (Order 53 Art. 30: 地基施工完成三分之一)."""
_ONE_IN_MILLIONTHS = 1_000_000

VERDICTS = (
    "", "works_without_permit", "not_met", "legal_test", "no_permit", "yes", "no",
)  # fmt: skip
WITHOUT_PERMIT, NOT_MET, LEGAL_TEST, NO_PERMIT, YES, NO = range(1, 7)
"""What a report says of the start, as places in VERDICTS; 0 says nothing."""

_CELLS = ("foundation", "pit_share", "piles_driven", "piles_total", "foundation_share")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The reports that say something of the start, in order: their rows, and what each says.

    `permit_on` is the permit known by then; `for_its_day` tells whether the row is the last word of
    its day.
    """

    row: Places
    contract: Places
    day: Days
    verdict: NDArray[np.int8]
    permit_on: Days
    for_its_day: Mask
    inspected: Mask


@dataclass(frozen=True, slots=True)
class Starts:
    """Of each contract: the verdict that speaks, its day, since when it was shown, if it stays.

    `denials` are the days on which a report said no, in order: of which contract, which day.
    """

    verdict: NDArray[np.int8]
    on: Days
    shown_by_on: Days
    stays: Mask
    denied_contract: Places
    denied_on: Days


def spoken(reports: ReportRows) -> Spoken:
    """Return what each report says of the start.

    Blank foundation and permit cells are filled from earlier reports. A report says "not met" only
    by a foundation cell of its own: a later permit does not renew an old sight of the foundation.
    """
    told = {name: reports.column(name).telling() for name in (*_CELLS, "permit_on")}
    own = _any_of([told[name] for name in _CELLS], len(reports))
    permit_told = told["permit_on"].mask()
    said = _said_outright(reports)
    rows = np.flatnonzero(own | permit_told | (said != 0)).astype(np.int32)
    contract = reports.contract[rows]
    begins = rows[_begin_of_each(contract)]
    permit = told["permit_on"].known_at(rows, begins)
    met, unmet = _test(told, rows, begins)
    own, permit_told, said = own[rows], permit_told[rows], said[rows]
    verdict = np.select(
        [
            (said & _UNPERMITTED != 0) & ~permit.told,
            own & unmet,
            (own | permit_told) & met & permit.told,
            own & met,
            said & _STARTED != 0,
            said & _NOT_STARTED != 0,
        ],
        [np.int8(one) for one in (WITHOUT_PERMIT, NOT_MET, LEGAL_TEST, NO_PERMIT, YES, NO)],
        default=np.int8(0),
    )
    heard = np.flatnonzero(verdict)
    row, contract = rows[heard], contract[heard]
    day = reports.day[row]
    inspection = ProgressSource.INSPECTION.strength
    return Spoken(
        row=row,
        contract=contract,
        day=day,
        verdict=verdict[heard],
        permit_on=np.where(permit.told, permit.values, NONE).astype(np.int32)[heard],
        for_its_day=_last_of_its_day(contract, day),
        inspected=reports.strength[row] == inspection,
    )


def starts(said: Spoken, contracts: int) -> Starts:
    """Return, for each contract, what its reports come to."""
    says_started = (said.verdict == YES) | (said.verdict == LEGAL_TEST)
    stays = (said.verdict == LEGAL_TEST) | ((said.verdict == YES) & said.inspected)
    anchor = _anchors(said.contract, stays)
    of_row = np.repeat(anchor, np.diff(np.append(firsts(said.contract), len(said.contract))))
    earlier = said.for_its_day & (said.day < said.day[of_row])
    denies = earlier & ~says_started
    broken = _last_before(said.contract, denies)
    place = np.arange(len(said.row))
    in_line = says_started & ((place == of_row) | (earlier & (place > broken)))
    shown = np.where(said.verdict == LEGAL_TEST, np.maximum(said.day, said.permit_on), said.day)
    denials = said.for_its_day & ((said.verdict == NO) | (said.verdict == NOT_MET))
    found = Starts(
        verdict=np.zeros(contracts, dtype=np.int8),
        on=np.full(contracts, NONE, dtype=np.int32),
        shown_by_on=earliest(said.contract[in_line], shown[in_line].astype(np.int32), contracts),
        stays=np.zeros(contracts, dtype=bool),
        denied_contract=said.contract[denials],
        denied_on=said.day[denials],
    )
    of = said.contract[anchor]
    found.verdict[of], found.on[of] = said.verdict[anchor], said.day[anchor]
    found.stays[said.contract[stays]] = True
    return found


_UNPERMITTED, _STARTED, _NOT_STARTED, _SAID = 1, 2, 4, 8


def _said_outright(reports: ReportRows) -> NDArray[np.int8]:
    """Return what each report says of works without a permit, and of the start, as bits."""
    said = np.zeros(len(reports), dtype=np.int8)
    of_permit = reports.column("works_without_permit").telling()
    said[of_permit.places] = np.where(of_permit.cells.values, _UNPERMITTED, _SAID)
    of_start = reports.column("started").telling()
    said[of_start.places] |= np.where(of_start.cells.values, _STARTED, _NOT_STARTED)
    return said


def _any_of(columns: Sequence[Telling], rows: int) -> Mask:
    """Tell of each row whether it tells any of some columns."""
    found = np.zeros(rows, dtype=bool)
    for one in columns:
        found[one.places] = True
    return found


def _test(told: Mapping[str, Telling], rows: Places, begins: Places) -> tuple[Mask, Mask]:
    """Return whether the legal test of a start is met by each row, and whether it is not.

    Neither is unknown. Only rows that know of a foundation are looked at.
    """
    met, unmet = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    founded = np.flatnonzero(told["foundation"].known_at(rows, begins).told)
    rows, begins = rows[founded], begins[founded]
    known = {name: told[name].known_at(rows, begins) for name in _CELLS}
    met[founded], unmet[founded] = _tested(known)
    return met, unmet


def _tested(known: Mapping[str, Cells]) -> tuple[Mask, Mask]:
    pit, share = known["pit_share"], known["foundation_share"]
    driven, in_all = known["piles_driven"], known["piles_total"]
    dug = pit.values >= _ONE_IN_MILLIONTHS
    piled = driven.values >= in_all.values
    piles_told = driven.told & in_all.told
    third = share.values >= ONE_THIRD_IN_MILLIONTHS
    kinds = (
        (("deep_pit",), pit.told, dug),
        (("piles",), piles_told, piled),
        (("deep_pit+piles",), pit.told & piles_told, dug & piled),
        (("other",), share.told, third),
    )
    met = np.zeros(len(pit.told), dtype=bool)
    unmet = met.copy()
    for names, told, reached in kinds:
        of_kind = known["foundation"].are(*names) & told
        met |= of_kind & reached
        unmet |= of_kind & ~reached
    return met, unmet


def _begin_of_each(groups: Places) -> Places:
    """Return, for each row, the place of the first row of its group."""
    begins = firsts(groups)
    return np.repeat(begins, np.diff(np.append(begins, len(groups))))


def _last_of_its_day(groups: Places, days: Days) -> Mask:
    """Tell of each row whether the next is of another group or day."""
    if not len(groups):
        return np.zeros(0, dtype=bool)
    return np.append((groups[1:] != groups[:-1]) | (days[1:] != days[:-1]), True)


def _anchors(groups: Places, stays: Mask) -> Places:
    """Return the row that speaks for each group: the first that stays, else the last of all."""
    begins = firsts(groups)
    if not len(begins):
        return begins
    never = len(groups)
    first = np.minimum.reduceat(np.where(stays, np.arange(len(groups)), never), begins)
    return np.where(first < never, first, lasts(groups))


def _last_before(groups: Places, which: Mask) -> Places:
    """Return, for each row, the last place of its group that is among `which`; -1 for none."""
    begins = firsts(groups)
    if not len(begins):
        return begins
    last = np.maximum.reduceat(np.where(which, np.arange(len(groups)), -1), begins)
    return np.repeat(last, np.diff(np.append(begins, len(groups))))
