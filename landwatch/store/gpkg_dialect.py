"""`sqlite+gpkg://`: SQLAlchemy on a GeoPackage through the standard library's sqlite3.

Two SQLite libraries in one process lose data: closing GDAL's handle drops the process's file locks.
So connections are never kept (NullPool), and the file of a store is never opened with pyogrio,
fiona or ADBC while this process holds a connection to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, Pool, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteTypeCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from landwatch.store import blobs
from landwatch.store.column_types import GpkgBlob

APPLICATION_ID = 0x47504B47
USER_VERSION = 10400


class GpkgTypeCompiler(SQLiteTypeCompiler):
    """Writes only the column types that GeoPackage knows."""

    def visit_VARCHAR(self, type_: Any, **_: object) -> str:  # noqa: N802 (SQLAlchemy's name)
        """Return TEXT: VARCHAR is no GeoPackage type."""
        return f"TEXT({type_.length})" if type_.length else "TEXT"

    def visit_BIGINT(self, type_: Any, **_: object) -> str:  # noqa: N802
        """Return INTEGER, which has 64 bits here."""
        return "INTEGER"

    def visit_DOUBLE(self, type_: Any, **_: object) -> str:  # noqa: N802
        """Return DOUBLE."""
        return "DOUBLE"


class GpkgDialect(SQLiteDialect_pysqlite):
    """SQLite with GeoPackage's types and the functions that its r-tree triggers call."""

    driver = "gpkg"
    type_compiler_cls = GpkgTypeCompiler
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        """Know the declared types of geometry columns when a table is reflected."""
        super().__init__(**options)
        self.ischema_names = {**self.ischema_names, "MULTIPOLYGON": GpkgBlob}

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """Keep no connection: another program may open the file between two of ours."""
        return NullPool

    def on_connect(self) -> Callable[[Any], None]:
        """Return what prepares a fresh connection."""
        prepare_as_sqlite = super().on_connect()

        def prepare(connection: Any) -> None:
            prepare_as_sqlite(connection)
            connection.isolation_level = None  # sqlite3 begins nothing by itself
            for name, function in blobs.SQL_FUNCTIONS.items():
                connection.create_function(name, 1, function, deterministic=True)
            connection.execute("PRAGMA foreign_keys = ON")

        return prepare


registry.register("sqlite.gpkg", __name__, "GpkgDialect")


def _begin(connection: Connection) -> None:
    """Take the write lock at once when writing: a later upgrade of a read lock cannot wait."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _address(path: Path) -> str:
    """Return the file as SQLite's own kind of address, which can say that it must exist.

    >>> _address(Path("/srv/园区 1.gpkg"))
    'file:///srv/%E5%9B%AD%E5%8C%BA%201.gpkg?mode=rw'
    """
    posix = path.absolute().as_posix()
    return f"file://{'' if posix.startswith('/') else '/'}{quote(posix)}?mode=rw"


def gpkg_engine(path: Path, patience_s: float) -> Engine:
    """Return an engine on the GeoPackage at `path`; the file must be there and is never created."""
    address = _address(path)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=patience_s, check_same_thread=False)

    engine = create_engine("sqlite+gpkg://", creator=connect)
    event.listen(engine, "begin", _begin)
    return engine
