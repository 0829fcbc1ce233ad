"""The store on a server: PostgreSQL with PostGIS, for several bureaus or many users."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import URL, Connection
from sqlalchemy.dialects.postgresql import ARRAY

from landwatch.errors import StoreUpgradedWarning
from landwatch.language.columns import Column, ColumnType
from landwatch.operations.run import without_password
from landwatch.settings import read_store_settings
from landwatch.store import holders, scan_lock, schema
from landwatch.store.blobs import SRID
from landwatch.store.column_types import Area, extended_wkb
from landwatch.store.connecting import engine_of, set_limits
from landwatch.store.faults import in_words, of_postgres
from landwatch.store.keeper import Latest, check_version, latest_of, transaction


class PostgisKeeper:
    """Keeps the store in a PostgreSQL database."""

    def __init__(self, url: URL, patience_s: float) -> None:
        """Name the database; nothing is opened yet."""
        self.shown = without_password(url.render_as_string(hide_password=True))
        self._settings = read_store_settings()
        self._engine = engine_of(url, self._settings, patience_s)
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        self._patience_ms = max(1, round(patience_s * 1000))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one connection on one state of the database."""
        with self._talking(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one connection that writes, waiting for others to finish; readers go on."""
        waiting = holders.named(lambda: holders.of_server(self._engine))
        with waiting, self._talking(self._writer) as connection:
            self._be_patient(connection)
            holders.write_alone(connection)
            yield connection

    @contextmanager
    def _talking(self, engine: sa.Engine) -> Iterator[Connection]:
        try:
            with in_words(self.shown), transaction(engine) as connection:
                set_limits(connection, self._settings)
                yield connection
        except psycopg.Error as error:  # COPY speaks to the driver itself
            raise of_postgres(error, self.shown, error) from error

    def _be_patient(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {self._patience_ms}")

    def open(self) -> None:
        """Raise a StoreError unless the database holds a store of this version.

        Others may be at work in it with an older landwatch: only `create` upgrades it.
        """
        self.check()

    def check(self) -> None:
        """Raise a StoreError unless the database holds a store of this version."""
        with self.reading() as connection:
            check_version(connection, self.shown)

    def create(self) -> None:
        """Make the tables, or bring older ones up to date; finished ones stay as they are."""
        with self.reading() as connection:
            version = schema.version_of(connection)
        if version is None or version in schema.known_versions() - {schema.newest_version()}:
            with self._talking(self._writer) as connection:
                self._be_patient(connection)
                self._begin_making(connection)
                version = schema.version_of(connection)
                if version is not None:
                    holders.write_alone(connection)
                    connection.exec_driver_sql("LOCK TABLE imports IN EXCLUSIVE MODE")
                backup = None if version is None else _back_up(connection, version)
                schema.bring_up_to_date(connection)
            if backup is not None:
                told = {"store": self.shown, "version": version, "newest": schema.newest_version()}
                warnings.warn(
                    StoreUpgradedWarning("store.upgraded", **told, backup=backup), stacklevel=2
                )
        self.check()

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        """Open the connection that fills a store which is absent or empty, whole or not at all."""
        with self._talking(self._writer) as connection:
            self._be_patient(connection)
            self._begin_making(connection)
            holders.write_alone(connection)
            if schema.version_of(connection) is None:
                schema.bring_up_to_date(connection)
            check_version(connection, self.shown)
            yield connection

    def _begin_making(self, connection: Connection) -> None:
        """Let one at a time make tables: two CREATE EXTENSION at once trip over each other."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236478)")
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        owner = connection.exec_driver_sql(_OWNER).scalar()
        if owner is not None:  # a login that was given the owner's rights makes nothing of its own
            connection.exec_driver_sql(f"SET LOCAL ROLE {owner}")

    def cell_of(self, column: Column) -> Callable[[Any], Any] | None:
        """Return what makes a told value one that COPY takes, None where it is one."""
        return _CELLS.get(column.holds)

    def insert(
        self, connection: Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Any]
    ) -> None:
        """Add many rows by COPY."""
        listed = ", ".join(f'"{name}"' for name in names)
        with (
            _driver(connection).cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def latest_hashes(
        self, connection: Connection, table: sa.Table, keys: Collection[str]
    ) -> dict[str, Latest]:
        """Return the latest record of each key that is there and was not taken back."""
        found = connection.exec_driver_sql(
            "SELECT now.record_key, now.content_hash, now.record_id, now.import_id, last FROM ("
            "SELECT max(told.record_id) AS last, max(told.record_id) FILTER (WHERE NOT EXISTS ("
            "SELECT 1 FROM withdrawn_rows AS gone WHERE gone.kind = %s"
            " AND gone.record_id = told.record_id AND gone.until_id IS NULL)) AS known"
            f' FROM "{table.name}" AS told WHERE told.record_key = ANY(%s)'
            " GROUP BY told.record_key) AS newest"
            f' JOIN "{table.name}" AS now ON now.record_id = known',
            (table.name, list(keys)),
        )
        return {row.record_key: latest_of(row) for row in found}

    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> Any:
        """Return the condition that `column` is one of any number of values."""
        return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(column.type)))

    def touching(self, table: sa.Table, box: tuple[float, float, float, float]) -> Any:
        """Return the condition that the box of a row's outline touches a box, by the index."""
        return table.c.geometry.op("&&")(sa.func.ST_MakeEnvelope(*box, SRID))

    def note_change(self, connection: Connection, table: sa.Table) -> None:
        """Do nothing: the server tells its readers by itself."""

    def selected(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """Return the column as CSV can carry it: shapes as WKB in hex."""
        if isinstance(column.type, Area):
            return sa.func.encode(sa.func.ST_AsBinary(column), "hex")
        return column

    def arrow(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Any:
        """Return the selected rows as a pyarrow.Table, by COPY and Arrow's reader of CSV."""
        from landwatch.store.arrow import table_of_csv

        compiled = rows.compile(connection, compile_kwargs={"render_postcompile": True})
        statement = f"COPY ({compiled}) TO STDOUT (FORMAT csv)"
        with (
            _driver(connection).cursor() as cursor,
            cursor.copy(statement, compiled.params) as copy,
        ):
            return table_of_csv(copy, columns)

    def batches(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Iterable[Any]:
        """Yield the selected rows as pyarrow.RecordBatch."""
        yield from self.arrow(connection, columns, rows).to_batches()

    def scanning(self, who: str, patience_s: float) -> AbstractContextManager[None]:
        """Hold the database against other scans, waiting for the one at work."""
        return scan_lock.of_server(self._engine, self.shown, who, patience_s)

    def beside(self) -> Path | None:
        """Return a folder of this user's for this database, where caches belong."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "landwatch"
        try:
            cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return None
        return cache / hashlib.sha256(self.shown.encode()).hexdigest()[:16]


def _back_up(connection: Connection, version: str) -> str | None:
    """Copy our tables into a schema of their own; return its name, None where all is up to date."""
    if version == schema.newest_version():
        return None
    moment = datetime.now().astimezone().strftime("%Y%m%d_%H%M%S")
    name = f"landwatch_before_{schema.newest_version()}_{moment}"
    connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
    there = sa.inspect(connection).get_table_names()
    for table in there:
        if schema.is_ours(table, "table", {}):
            connection.exec_driver_sql(f'CREATE TABLE "{name}"."{table}" AS TABLE "{table}"')
    return name


_OWNER = (
    "SELECT quote_ident(tableowner) FROM pg_tables WHERE tablename = 'imports'"
    " AND schemaname = current_schema() AND tableowner <> current_user"
    " AND pg_has_role(current_user, tableowner, 'MEMBER')"
)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


_CELLS: dict[ColumnType, Callable[[Any], Any]] = {
    ColumnType.GEOMETRY: lambda shape: extended_wkb(shape).hex(),
}
