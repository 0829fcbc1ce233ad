"""Scans that are not finished: what of them is decided, laid aside until the scan is kept.

A piece is opaque here. What is laid aside goes with the scan's own transaction, or when it is old.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store import models
from landwatch.store.content import storable
from landwatch.store.keeper import Keeper
from landwatch.store.prunings import STALE_WORK

MOST = 8
"""So many unfinished scans are kept; the oldest go first."""

_WORKS = models.table_of_model(models.ScanWork)
_PIECES = models.table_of_model(models.ScanWorkPiece)


@dataclass(frozen=True, slots=True)
class UnfinishedScan:
    """What is scanned; two of the same fingerprint decide the same of the same, by the same."""

    fingerprint: str
    as_of: date
    known_at: datetime
    pieces: int
    begun_by: str


class Works:
    """The unfinished scans of a store, and who scans it."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def alone(self, who: str, patience_s: float) -> AbstractContextManager[None]:
        """Hold the store against other scans; imports and readers go on.

        The system lets go of it when this process ends, however it ends.

        Raises:
            StoreBusyError: another scan is at work and did not end in time; says whose, since when.
        """
        return self._keeper.scanning(who, patience_s)

    def laid_aside(self, fingerprint: str) -> dict[int, bytes]:
        """Return the finished pieces of an unfinished scan by their number."""
        chosen = sa.select(_PIECES.c.number, _PIECES.c.content).join(
            _WORKS, _WORKS.c.work_id == _PIECES.c.work_id
        )
        with self._keeper.reading() as connection:
            rows = connection.execute(chosen.where(_WORKS.c.fingerprint == fingerprint))
            return {row.number: bytes(row.content) for row in rows}

    def lay_aside(self, scan: UnfinishedScan, pieces: Mapping[int, bytes]) -> None:
        """Lay finished pieces aside in one transaction; one of the same number gives way."""
        with self._keeper.writing() as connection:
            work_id = _begun(connection, scan)
            same = (_PIECES.c.work_id == work_id, _PIECES.c.number.in_(list(pieces)))
            connection.execute(sa.delete(_PIECES).where(*same))
            for number, content in pieces.items():
                told = {"work_id": work_id, "number": number, "content": content}
                connection.execute(sa.insert(_PIECES).values(told))
            _note(self._keeper, connection)


def finish(keeper: Keeper, connection: Connection, fingerprint: str) -> None:
    """Take away what was laid aside of a scan, in the transaction that keeps it."""
    chosen = sa.select(_WORKS.c.work_id).where(_WORKS.c.fingerprint == fingerprint)
    if done := list(connection.scalars(chosen)):
        _take_away(connection, done)
        _note(keeper, connection)


def _begun(connection: Connection, scan: UnfinishedScan) -> int:
    """Return the number of an unfinished scan, which begins now where it is not there."""
    chosen = sa.select(_WORKS.c.work_id).where(_WORKS.c.fingerprint == scan.fingerprint)
    there = connection.scalars(chosen).first()
    if there is not None:
        return int(there)
    _sweep(connection)
    entered = connection.execute(
        sa.insert(_WORKS).values(
            fingerprint=scan.fingerprint,
            as_of=scan.as_of,
            known_at=scan.known_at,
            pieces=scan.pieces,
            begun_at=datetime.now(UTC),
            begun_by=storable(scan.begun_by),
        )
    )
    assert entered.inserted_primary_key is not None
    return int(entered.inserted_primary_key[0])


def _sweep(connection: Connection) -> None:
    """Take away scans that were given up, so that what is unfinished does not grow without end."""
    rows = connection.execute(sa.select(_WORKS.c.work_id, _WORKS.c.begun_at)).all()
    young = datetime.now(UTC) - STALE_WORK
    latest = sorted(row.work_id for row in rows if row.begun_at >= young)[-(MOST - 1) :]
    if gone := [row.work_id for row in rows if row.work_id not in latest]:
        _take_away(connection, gone)


def _take_away(connection: Connection, works: list[int]) -> None:
    connection.execute(sa.delete(_PIECES).where(_PIECES.c.work_id.in_(works)))
    connection.execute(sa.delete(_WORKS).where(_WORKS.c.work_id.in_(works)))


def _note(keeper: Keeper, connection: Connection) -> None:
    for table in (_WORKS, _PIECES):
        keeper.note_change(connection, table)
