"""Letting the outcomes of old scans go: their day, their law and their counts stay for ever.

A scan can be made again, byte for byte, by what it says of itself (`scan --again N`): what is let
go is a convenience, never a memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store import models
from landwatch.store.content import storable
from landwatch.store.keeper import Keeper
from landwatch.store.samples import open_samples

STALE_WORK = timedelta(days=1)
"""An unfinished scan that is older was given up."""

_SCANS = models.table_of_model(models.Scan)
_PARTS = models.table_of_model(models.ScanPart)
_PRUNINGS = models.table_of_model(models.Pruning)
_WORKS = models.table_of_model(models.ScanWork)
_PIECES = models.table_of_model(models.ScanWorkPiece)


@dataclass(frozen=True, slots=True)
class Pruning:
    """Who let the outcomes of a scan go, when and why."""

    scan_id: int
    recorded_at: datetime
    recorded_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanHold:
    """One scan with what its fate hangs on.

    `bytes` its outcomes take, `builders` are the kept scans that build on it, `sample` is a sample
    of it that still waits for verdicts.
    """

    scan_id: int
    known_at: datetime
    made_at: datetime
    bytes: int
    pruned: bool
    builders: tuple[int, ...]
    sample: int | None


@dataclass(frozen=True, slots=True)
class Fate:
    """Whether a scan's outcomes go, and the reason (`why`, with the number it speaks of)."""

    scan: ScanHold
    goes: bool
    why: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept: so many days, the last scan of so many months, and the scans named."""

    days: int = 90
    months: int = 24
    named: frozenset[int] = frozenset()


def fates(scans: Iterable[ScanHold], rule: Retention, now: datetime) -> list[Fate]:
    """Return what becomes of each scan, first made first.

    The latest stays always, and so does one that another kept scan builds on, or whose sample still
    waits for verdicts.
    """
    every = list(scans)
    whole = [scan for scan in every if not scan.pruned]
    latest = {
        max(whole, key=lambda scan: (scan.known_at, scan.scan_id)).scan_id if whole else 0,
        max((scan.scan_id for scan in whole), default=0),
    }
    monthly = _last_of_months(whole, rule.months)
    found: dict[int, Fate] = {}
    for scan in sorted(every, key=lambda one: -one.scan_id):  # whoever builds on it goes first
        found[scan.scan_id] = _fate(scan, rule, now, (latest, monthly), found)
    return [found[scan.scan_id] for scan in every]


def _last_of_months(scans: Iterable[ScanHold], months: int) -> frozenset[int]:
    """Return the last scan of each of the latest months that had one, by this computer's clock."""
    last: dict[tuple[int, int], int] = {}
    for scan in scans:
        day = scan.made_at.astimezone()
        month = (day.year, day.month)
        last[month] = max(last.get(month, 0), scan.scan_id)
    return frozenset(last[month] for month in sorted(last)[-months:]) if months else frozenset()


def _fate(
    scan: ScanHold,
    rule: Retention,
    now: datetime,
    kept: tuple[Collection[int], Collection[int]],
    later: Mapping[int, Fate],
) -> Fate:
    latest, monthly = kept
    if scan.pruned:
        return Fate(scan, False, "pruned")
    if scan.scan_id in latest:
        return Fate(scan, False, "latest")
    if scan.scan_id in rule.named:
        return Fate(scan, False, "named")
    if now - scan.made_at <= timedelta(days=rule.days):
        return Fate(scan, False, "recent", rule.days)
    if scan.scan_id in monthly:
        return Fate(scan, False, "monthly")
    if scan.sample is not None:
        return Fate(scan, False, "sample", scan.sample)
    for builder in scan.builders:
        if not later[builder].goes:
            return Fate(scan, False, "base", builder)
    return Fate(scan, True, "old", rule.days)


class Prunings:
    """What was let go of a store, and letting go."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def every(self) -> Mapping[int, Pruning]:
        """Return every pruning by the number of its scan."""
        with self._keeper.reading() as connection:
            return prunings(connection)

    def scans(self) -> list[ScanHold]:
        """Return every scan with what its fate hangs on, first made first."""
        with self._keeper.reading() as connection:
            return _holds(connection)

    def prune(self, scan_id: int, *, by: str, reason: str) -> bool:
        """Let the outcomes of one scan go, in one transaction.

        Returns False, and lets nothing go, where it went already, or where a scan that builds on it
        or a sample came meanwhile.
        """
        with self._keeper.writing() as connection:
            there = {scan.scan_id: scan for scan in _holds(connection)}
            scan = there.get(scan_id)
            if scan is None or scan.pruned or scan.builders or scan.sample:
                return False
            connection.execute(sa.delete(_PARTS).where(_PARTS.c.scan_id == scan_id))
            connection.execute(
                sa.insert(_PRUNINGS).values(
                    scan_id=scan_id,
                    recorded_at=datetime.now(UTC),
                    recorded_by=storable(by),
                    reason=storable(reason),
                )
            )
            for table in (_PARTS, _PRUNINGS):
                self._keeper.note_change(connection, table)
        return True

    def stale_works(self, now: datetime) -> int:
        """Return how many unfinished scans were given up."""
        with self._keeper.reading() as connection:
            return len(_stale(connection, now))

    def sweep_works(self, now: datetime) -> int:
        """Take away the pieces of unfinished scans that were given up; return how many scans."""
        with self._keeper.writing() as connection:
            stale = _stale(connection, now)
            if not stale:
                return 0
            connection.execute(sa.delete(_PIECES).where(_PIECES.c.work_id.in_(stale)))
            connection.execute(sa.delete(_WORKS).where(_WORKS.c.work_id.in_(stale)))
            for table in (_PIECES, _WORKS):
                self._keeper.note_change(connection, table)
        return len(stale)


def prunings(connection: Connection, scan_id: int | None = None) -> dict[int, Pruning]:
    """Return the prunings by the number of the scan; only that of one where it is named."""
    chosen = sa.select(_PRUNINGS)
    if scan_id is not None:
        chosen = chosen.where(_PRUNINGS.c.scan_id == scan_id)
    return {
        row.scan_id: Pruning(row.scan_id, row.recorded_at, row.recorded_by, row.reason)
        for row in connection.execute(chosen)
    }


def _stale(connection: Connection, now: datetime) -> list[int]:
    begun = sa.select(_WORKS.c.work_id).where(_WORKS.c.begun_at < now - STALE_WORK)
    return list(connection.scalars(begun))


def _holds(connection: Connection) -> list[ScanHold]:
    gone, waiting = prunings(connection), open_samples(connection)
    length = sa.select(_PARTS.c.scan_id, sa.func.sum(sa.func.length(_PARTS.c.content)))
    sizes = {
        scan_id: int(size)
        for scan_id, size in connection.execute(length.group_by(_PARTS.c.scan_id))
    }
    wanted = (_SCANS.c.scan_id, _SCANS.c.known_at, _SCANS.c.made_at, _SCANS.c.base_scan_id)
    rows = connection.execute(sa.select(*wanted).order_by(_SCANS.c.scan_id)).all()
    builders: dict[int, list[int]] = {}
    for row in rows:
        if row.base_scan_id is not None and row.scan_id not in gone:
            builders.setdefault(row.base_scan_id, []).append(row.scan_id)
    return [
        ScanHold(
            row.scan_id, row.known_at, row.made_at, sizes.get(row.scan_id, 0),
            row.scan_id in gone, tuple(builders.get(row.scan_id, ())), waiting.get(row.scan_id),
        )
        for row in rows
    ]  # fmt: skip
