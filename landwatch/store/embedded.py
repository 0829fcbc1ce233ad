"""The store as one file: a GeoPackage that QGIS, ArcGIS and GDAL open as it is."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import (
    StoreError,
    StoreMissingError,
    StoreUpgradedWarning,
    StoreVersionError,
)
from landwatch.files import flush, whole_file
from landwatch.language.columns import Column, ColumnType
from landwatch.store import blobs, holders, registration, scan_lock, schema
from landwatch.store.faults import in_words
from landwatch.store.gpkg_dialect import APPLICATION_ID, gpkg_engine
from landwatch.store.keeper import Latest, check_version, latest_of, transaction

_STALE_S = 3600
_TREE = ("id", "minx", "maxx", "miny", "maxy")


class GeoPackageKeeper:
    """Keeps the store in a GeoPackage."""

    def __init__(self, path: Path, patience_s: float) -> None:
        """Name the file; nothing is opened yet."""
        self.path = path
        self.shown = str(path)
        self._engine = gpkg_engine(path, patience_s)
        self._writer = self._engine.execution_options(writing=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one connection on one state of the file."""
        self._look()
        with in_words(self.shown), transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one connection that writes, waiting for others to finish."""
        self._look()
        with (
            holders.named(lambda: holders.of_file(self.path)),
            in_words(self.shown),
            transaction(self._writer) as connection,
        ):
            yield connection

    def _look(self) -> None:
        """Say what is wrong with the path itself; never open it here.

        Closing a second handle on a SQLite file drops every lock that this process holds on it.
        """
        if self.path.is_dir():
            raise StoreError("error.store_is_folder", store=self.shown)
        if not self.path.exists():
            raise StoreMissingError("error.store_missing", store=self.shown)

    def open(self) -> None:
        """Raise a StoreError unless the file is a store; one of an older version is upgraded.

        Its backup is kept beside it, and a StoreUpgradedWarning tells where.
        """
        try:
            self.check()
        except StoreVersionError:
            if self._version() not in schema.known_versions():
                raise
            self.upgrade()
            self.check()

    def upgrade(self) -> None:
        """Bring an older file up to date, its backup beside it; one that is so stays as it is."""
        with self.writing() as connection:
            version = schema.version_of(connection)
            if version not in schema.known_versions() or version == schema.newest_version():
                return  # another landwatch was quicker
            backup = self._back_up(version)
            try:
                schema.bring_up_to_date(connection)
            except BaseException:
                backup.unlink(missing_ok=True)  # the store itself stays as it was
                raise
        told = {"store": self.shown, "version": version, "newest": schema.newest_version()}
        warnings.warn(StoreUpgradedWarning("store.upgraded", **told, backup=backup), stacklevel=3)

    def _version(self) -> str | None:
        with self.reading() as connection:
            return schema.version_of(connection)

    def _back_up(self, version: str) -> Path:
        """Copy the file beside itself, by SQLite's own hand: a second one would drop our locks."""
        moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        name = f"{self.path.stem}.before-{schema.newest_version()}.{version}.{moment}"
        backup = self.path.with_name(f"{name}-{secrets.token_hex(2)}{self.path.suffix}")
        with (
            whole_file(backup, error=StoreError) as draft,
            self._engine.connect() as reader,
            closing(sqlite3.connect(draft)) as copy,
        ):
            handle = reader.connection.driver_connection
            assert isinstance(handle, sqlite3.Connection)
            handle.backup(copy)
        return backup

    def check(self) -> None:
        """Raise a StoreError unless the file is a store of this version."""
        with self.reading() as connection:
            mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
            if mark != APPLICATION_ID or schema.version_of(connection) is None:
                raise StoreError("error.store_not_a_store", store=self.shown)
            check_version(connection, self.shown)

    def create(self) -> None:
        """Make the file, or bring an older one up to date; a finished one stays as it is."""
        if not self.path.exists():
            with in_words(self.shown):
                self._create_beside()
            return
        self.open()

    def _create_beside(self) -> None:
        """Write the new store under another name and give it its own when it is whole."""
        with self._drafting():
            pass

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        """Open the connection that fills a store which is absent or empty, whole or not at all."""
        if self.path.exists():
            self.open()
            with self.writing() as connection:
                yield connection
            return
        with in_words(self.shown), self._drafting(must_be_new=True) as connection:
            yield connection

    @contextmanager
    def _drafting(self, *, must_be_new: bool = False) -> Iterator[Connection]:
        """Make a store under another name; it gets its own once it is whole."""
        folder, name = self.path.parent, self.path.name
        self._sweep()
        draft = folder / f".{name}.{secrets.token_hex(4)}.creating"
        draft.touch(exist_ok=False)
        try:
            engine = gpkg_engine(draft, patience_s=5).execution_options(writing=True)
            with transaction(engine) as connection:
                schema.bring_up_to_date(connection)
                yield connection
            flush(draft)
            if not _name(draft, self.path) and must_be_new:
                raise StoreError("error.copy_overtaken", store=self.shown)
        finally:
            draft.unlink(missing_ok=True)
        flush(folder)

    def _sweep(self) -> None:
        """Take away what a killed creation left an hour ago or more."""
        for stray in self.path.parent.glob(f".{self.path.name}.*.creating*"):
            if time.time() - stray.stat().st_mtime > _STALE_S:
                stray.unlink(missing_ok=True)

    def cell_of(self, column: Column) -> Callable[[Any], Any] | None:
        """Return what makes a told value one that SQLite takes, None where it is one."""
        return _CELLS.get(column.holds)

    def insert(
        self, connection: Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Any]
    ) -> None:
        """Add many rows by one prepared statement."""
        listed = ", ".join(f'"{name}"' for name in names)
        places = ", ".join("?" * len(names))
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({listed}) VALUES ({places})', list(rows)
        )

    def latest_hashes(
        self, connection: Connection, table: sa.Table, keys: Collection[str]
    ) -> dict[str, Latest]:
        """Return the latest record of each key that is there and was not taken back."""
        found = connection.exec_driver_sql(
            "SELECT now.record_key, now.content_hash, now.record_id, now.import_id, last FROM ("
            "SELECT max(told.record_id) AS last, max(CASE WHEN NOT EXISTS ("
            "SELECT 1 FROM withdrawn_rows AS gone WHERE gone.kind = ?"
            " AND gone.record_id = told.record_id AND gone.until_id IS NULL)"
            " THEN told.record_id END) AS known"
            f' FROM "{table.name}" AS told WHERE told.record_key IN ('
            "SELECT value FROM json_each(?)) GROUP BY told.record_key)"
            f' JOIN "{table.name}" AS now ON now.record_id = known',
            (table.name, json.dumps(list(keys))),
        )
        return {row.record_key: latest_of(row) for row in found}

    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> Any:
        """Return the condition that `column` is one of any number of values."""
        listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(listed.c.value))

    def touching(self, table: sa.Table, box: tuple[float, float, float, float]) -> Any:
        """Return the condition that the box of a row's outline touches a box, by the r-tree."""
        west, south, east, north = box
        tree = sa.table(f"rtree_{table.name}_geometry", *map(sa.column, _TREE))
        found = sa.select(tree.c.id).where(
            tree.c.minx <= east, tree.c.maxx >= west, tree.c.miny <= north, tree.c.maxy >= south
        )
        return table.c.record_id.in_(found)

    def note_change(self, connection: Connection, table: sa.Table) -> None:
        """Keep the GeoPackage's list of contents true."""
        registration.note_change(connection, table.name, "geometry" in table.columns)

    def selected(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """Return the column as it lies in the file."""
        return sa.type_coerce(column, sa.types.NullType())

    def arrow(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Any:
        """Return the selected rows as a pyarrow.Table, straight from sqlite3's cursor."""
        from landwatch.store.arrow import table_of_tuples

        cursor = connection.execute(rows).cursor
        return table_of_tuples(cursor, columns)

    def batches(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Iterable[Any]:
        """Yield the selected rows as pyarrow.RecordBatch, straight from sqlite3's cursor."""
        from landwatch.store.arrow import batches_of_tuples

        yield from batches_of_tuples(connection.execute(rows).cursor, columns)

    def scanning(self, who: str, patience_s: float) -> AbstractContextManager[None]:
        """Hold the file against other scans, waiting for the one at work."""
        return scan_lock.of_file(self.path, who, patience_s)

    def beside(self) -> Path | None:
        """Return the hidden folder beside the file; None where nothing can be written there."""
        folder = self.path.absolute().parent
        return folder / f".{self.path.name}.columns" if os.access(folder, os.W_OK) else None


def _name(draft: Path, path: Path) -> bool:
    """Give the finished file its name, unless somebody else was quicker; tell whether it was."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        draft.rename(path)
    return True


_CELLS: dict[ColumnType, Callable[[Any], Any]] = {
    ColumnType.DATE: date.isoformat,
    ColumnType.DECIMAL: float,
    ColumnType.YES_NO: int,
    ColumnType.GEOMETRY: blobs.packed,
}
