"""How a store itself is: whether the database, its rows and its scans agree. It changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import StoreError
from landwatch.language.columns import Kind
from landwatch.store import health_file, schema
from landwatch.store.ailments import Ailment, Look, gravest_first, note, suspect, wrong
from landwatch.store.edits import edits
from landwatch.store.faults import in_words
from landwatch.store.health_rows import Heard, rows_by_import, unlike_rows
from landwatch.store.intake import latest_moment
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, Pruning, Scan, ScanPart, ScanWork
from landwatch.store.prunings import STALE_WORK

PATIENCE_S = 60.0
_CLOCK = timedelta(minutes=5)
_SHOWN = 5


class Health:
    """The doctor of a store."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def versions(self) -> Mapping[str, str]:
        """Return the versions of the tables and of the database that keeps them."""
        with self._keeper.reading() as connection:
            found = {"schema": schema.version_of(connection) or "?"}
            if connection.dialect.name == "sqlite":
                return {**found, "sqlite": sqlite3.sqlite_version}
            postgres = str(connection.exec_driver_sql("SHOW server_version").scalar())
            postgis = str(connection.exec_driver_sql("SELECT postgis_lib_version()").scalar())
            return {**found, "postgresql": postgres.split(" ")[0], "postgis": postgis}

    def edited(self) -> Mapping[str, int]:
        """Return how often another program changed or took away rows, by table; none where none."""
        with self._keeper.reading() as connection:
            return edits(connection)

    def cheap(self) -> list[Ailment]:
        """Return what is told without reading rows."""
        with self._keeper.reading() as connection:
            found = [*_of_database(connection, False), *_of_acts(connection, False)]
        return gravest_first(found)

    def thorough(self, *, every: bool, told: Heard) -> list[Ailment]:
        """Return what reading the store tells too: of a sample of its rows, or of every row.

        Each look reads one state of the store and lets go of it, so that writers need not wait for
        all of them.
        """
        found: list[Ailment] = []
        for done, (name, look) in enumerate(_LOOKS.items()):
            told(self._keeper.shown, done, len(_LOOKS) + len(Kind))
            try:
                with self._keeper.reading() as connection:
                    found += look(connection, every)
            except StoreError as trouble:  # a damaged page stops one look, not the others
                found.append(wrong("look_failed", look=Look(name), detail=trouble))
        for kind in Kind:
            try:
                found += self._of_rows(kind, every=every, told=told)
            except StoreError as trouble:
                told_of = Look(f"now.kind.{kind}")
                found.append(wrong("look_failed", look=told_of, detail=trouble))
        return gravest_first(found)

    def _of_rows(self, kind: Kind, *, every: bool, told: Heard) -> Iterator[Ailment]:
        seen = unlike_rows(self._keeper, kind, whole=every, told=told)
        if seen.count:
            keys = ", ".join(seen.keys)
            yield wrong("content", kind=kind, count=seen.count, looked=seen.looked, keys=keys)

    def compact(self) -> None:
        """Write a GeoPackage anew without its gaps; nothing on a server.

        Raises:
            StoreError: somebody else uses it for too long, or there is no room.
        """
        with self._keeper.reading() as connection:
            embedded = connection.dialect.name == "sqlite"
        if embedded:
            with in_words(self._keeper.shown):
                health_file.compact(Path(self._keeper.shown), PATIENCE_S)


def _of_database(connection: Connection, every: bool) -> Iterator[Ailment]:
    if connection.dialect.name == "sqlite":
        return health_file.cheap(connection)
    from landwatch.store import health_server

    return health_server.cheap(connection)


def _of_tables(connection: Connection, every: bool) -> Iterator[Ailment]:
    if connection.dialect.name == "sqlite":
        return health_file.whole(connection, every=every)
    from landwatch.store import health_server

    return health_server.whole(connection)


def _of_acts(connection: Connection, every: bool) -> Iterator[Ailment]:
    """Yield edits of other programs, a clock that ran ahead, scans that were not finished."""
    now = datetime.now(UTC)
    for table, times in sorted(edits(connection).items()):
        yield suspect("edited", table=table, times=times)
    latest = latest_moment(connection)
    if latest is not None and latest > now + _CLOCK:
        yield suspect("clock", latest=f"{latest.astimezone():%Y-%m-%d %H:%M}")
    begun = list(connection.scalars(sa.select(ScanWork.begun_at)))
    stale = sum(one < now - STALE_WORK for one in begun)
    if stale:
        yield note("works_stale", count=stale)
    if len(begun) > stale:
        yield note("works_open", count=len(begun) - stale)


def _of_scans(connection: Connection, every: bool) -> Iterator[Ailment]:
    """Yield scans and their parts that do not belong together."""
    rows = connection.execute(
        sa.select(Scan.scan_id, Scan.base_scan_id, Scan.counts).order_by(Scan.scan_id)
    ).all()
    scans = {row.scan_id for row in rows}
    gone = set(connection.scalars(sa.select(Pruning.scan_id)))
    parted = set(connection.scalars(sa.select(ScanPart.scan_id).distinct()))
    if orphans := sorted(parted - scans):
        yield wrong("part_orphaned", count=len(orphans), scans=_listed(orphans))
    if late := sorted(parted & gone):
        yield suspect("part_left", count=len(late), scans=_listed(late))
    whole = [row for row in rows if row.scan_id not in gone]
    bare = [
        row.scan_id
        for row in whole
        if row.base_scan_id is None and row.scan_id not in parted and row.counts != "{}"
    ]
    if bare:
        yield wrong("scan_empty", count=len(bare), scans=_listed(bare))
    lost = [
        row.scan_id
        for row in whole
        if row.base_scan_id is not None and row.base_scan_id not in scans - gone
    ]
    if lost:
        yield wrong("scan_base_gone", count=len(lost), scans=_listed(lost))


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:_SHOWN])) + (" …" if len(numbers) > _SHOWN else "")


def _of_imports(connection: Connection, every: bool) -> Iterator[Ailment]:
    """Yield imports whose rows are more or fewer than were counted when they came."""
    counted = {
        row.import_id: (row.kind, row.source_name, row.rows_new + row.rows_changed)
        for row in connection.execute(
            sa.select(
                Import.import_id, Import.kind, Import.source_name, Import.rows_new,
                Import.rows_changed,
            )
        )
    }  # fmt: skip
    for kind in Kind:
        there = dict(rows_by_import(connection, kind))
        for number, (its, name, rows) in counted.items():
            if its == kind and (now := there.pop(number, 0)) != rows:
                yield wrong("import_rows", number=number, file=name, rows=rows, now=now)
        for number, rows in there.items():
            yield wrong("rows_orphaned", kind=kind, number=number, count=rows)


_LOOKS = {
    "health.look.database": _of_database,
    "health.look.tables": _of_tables,
    "health.look.acts": _of_acts,
    "health.look.scans": _of_scans,
    "health.look.imports": _of_imports,
}
