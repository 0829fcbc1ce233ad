"""The months before a page: the class of every contract at the end of each, for a slider."""

from __future__ import annotations

import calendar
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np

from landwatch.language.columns import Kind
from landwatch.lawbook.policy import Policy
from landwatch.mapping.arranging import Arranged
from landwatch.mapping.columns import Column, codes_column, varints
from landwatch.mapping.data import MapData
from landwatch.mapping.gather import Gathered
from landwatch.mapping.moments import NOT_THERE, OUTCOMES, Classes, classes_then
from landwatch.mapping.style import CLASSES
from landwatch.scan.dossier import Ledger
from landwatch.scan.kept import KeptOutcomes, adopted_policies, kept_outcomes, moment_of_knowledge
from landwatch.scan.known import ledger_at
from landwatch.scan.run import decide
from landwatch.store import ScanSummary

MOST = 36
"""Months that a page may tell of."""
PLAIN, SPARSE = 0, 1
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Law:
    """Where the law of a moment is found: `at` what was adopted then, `of` that of a kept scan."""

    at: Callable[[datetime], Mapping[str, Policy]]
    of: Callable[[ScanSummary], Mapping[str, Policy]]


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """How all contracts stood at the end of a month.

    Attributes:
        day: the last day of the month.
        known_at: the moment of the last act whose knowledge was used; None where there was none.
        scan_id: the kept scan whose outcomes these are; None where they were worked out.
        classes: of each contract, as the page's data have them; `NOT_THERE` where it was unknown.
    """

    day: date
    known_at: datetime | None
    scan_id: int | None
    classes: Classes


def ends_of_months(before: date, count: int) -> list[date]:
    """Return the last days of the `count` months that ended before a day, the earliest first.

    >>> [str(day) for day in ends_of_months(date(2024, 3, 31), 2)]
    ['2024-01-31', '2024-02-29']
    """
    found = []
    year, month = before.year, before.month
    for _ in range(count):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        found.append(date(year, month, calendar.monthrange(year, month)[1]))
    return found[::-1]


def month_ends(
    gathered: Gathered, count: int, law: Law, told: Told, *, as_known_now: bool = False
) -> Months:
    """Return the page's part of the months before it.

    Each month is judged by what the store knew, and the law that it had adopted, when the month
    ended; `as_known_now` judges all by what the scan of the page knew. The outcomes of a kept scan
    of that very day and knowledge stand in place of a judgement; nothing is kept.
    """
    contracts = [row["contract_id"] for row in gathered.place.contracts]
    days = ends_of_months(gathered.scan.as_of, count)
    found, held = [], _Held(gathered)
    for done, day in enumerate(days, start=1):
        told(day.isoformat()[:7], done - 1, count)
        until = _until(day, gathered.scan.known_at, as_known_now)
        found.append(_month(gathered, held, law, day, until, contracts))
    told(days[-1].isoformat()[:7], count, count)
    return Months(tuple(found), as_known_now)


def _until(day: date, latest: datetime, as_known_now: bool) -> datetime:
    """Return the moment whose knowledge speaks: the end of a day here, never after the page's."""
    return latest if as_known_now else min(datetime.combine(day, time.max).astimezone(), latest)


class _Held:
    """The ledger of one moment: months in which nothing was told share it."""

    def __init__(self, gathered: Gathered) -> None:
        self._store = gathered.store
        self._at: datetime | None = None
        self._ledger: Ledger | None = None

    def ledger(self, known_at: datetime) -> Ledger:
        if self._ledger is None or self._at != known_at:
            self._ledger = None  # before the next is read: two of a country are a lot
            self._at, self._ledger = known_at, ledger_at(self._store, known_at)
        return self._ledger


def _month(
    gathered: Gathered,
    held: _Held,
    law: Law,
    day: date,
    until: datetime,
    contracts: Sequence[str],
) -> MonthEnd:
    store = gathered.store
    if store.latest_moment(until) is None:
        return MonthEnd(day, None, None, np.full(len(contracts), NOT_THERE, np.uint8))
    known_at = moment_of_knowledge(store, until)
    kept = _kept(gathered, day, known_at)
    if kept is not None:
        outcomes, lawbook = kept_outcomes(store, kept, OUTCOMES), law.of(kept)
    else:
        lawbook = law.at(until)
        outcomes = _decided(gathered, held, lawbook, day, known_at)
    classes = classes_then(
        outcomes, lawbook, contracts, lambda: store.known_keys(Kind.CONTRACTS, known_at=known_at)
    )
    return MonthEnd(day, known_at, None if kept is None else kept.scan_id, classes)


def _kept(gathered: Gathered, day: date, known_at: datetime) -> ScanSummary | None:
    """Return the latest kept scan of a day and knowledge whose outcomes are still there."""
    gone = gathered.store.prunings.every()
    same = [
        one
        for one in gathered.store.scans()
        if (one.as_of, one.known_at) == (day, known_at) and one.scan_id not in gone
    ]
    return same[-1] if same else None


def _decided(
    gathered: Gathered, held: _Held, law: Mapping[str, Policy], day: date, known_at: datetime
) -> Iterator[KeptOutcomes]:
    adopted = adopted_policies(gathered.store, law, day, known_at)
    if not adopted:
        return
    for one in decide(held.ledger(known_at), adopted, day):
        yield KeptOutcomes(
            one.rule.code, one.policy.id, one.table.select(list(OUTCOMES)), one.rule.about
        )


@dataclass(frozen=True, slots=True)
class Months:
    """The months before a page, packed as what is different from the month after."""

    ends: tuple[MonthEnd, ...]
    as_known_now: bool
    name: str = "months"
    later: bool = False

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return bytes for each month, the earliest first; the last hangs on the page's classes."""
        after = rows.classes[rows.contracts].astype(np.uint8)
        packed: list[bytes] = []
        for month in reversed(self.ends):
            now = month.classes[rows.contracts]
            packed.append(changes_packed(now, after))
            after = now
        return [
            codes_column(f"month_{at}", np.frombuffer(told, np.uint8))
            for at, told in enumerate(reversed(packed))
        ]

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return the days, what each rests on, and how many contracts were of each class."""
        return {
            "as_known_now": self.as_known_now,
            "months": [_told_of(month) for month in self.ends],
            "counts": [*(_counts(month.classes) for month in self.ends), _counts(rows.classes)],
        }


def _told_of(month: MonthEnd) -> dict[str, Any]:
    moment = month.known_at
    return {
        "day": month.day.isoformat(),
        "known_at": None if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M"),
        "scan": month.scan_id,
    }


def _counts(classes: Any) -> list[int]:
    """Return how many contracts are of each class, and last how many are not there."""
    counted = np.bincount(np.asarray(classes, np.int64), minlength=NOT_THERE + 1)
    return [*counted[: len(CLASSES)].tolist(), int(counted[NOT_THERE])]


def changes_packed(classes: Classes, after: Classes) -> bytes:
    """Return the classes of a month as bytes, by those of the month after.

    Either all of them (first byte 0), or, where that is smaller once packed, only the different
    ones: 1, how many, the gaps between them, their classes.
    """
    plain = bytes([PLAIN]) + classes.tobytes()
    at = np.flatnonzero(classes != after)
    gaps = np.diff(at, prepend=-1) - 1
    sparse = bytes([SPARSE]) + varints([len(at)]) + varints(gaps) + classes[at].tobytes()
    return min(plain, sparse, key=lambda told: len(zlib.compress(told, 1)))
