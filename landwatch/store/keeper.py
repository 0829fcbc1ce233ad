"""What a store needs of the database that keeps it; the file and the server each answer it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import StoreMissingError, StoreVersionError
from landwatch.language.columns import Column
from landwatch.store import schema


class Latest(NamedTuple):
    """The latest known record of a key: its content hash and, once it is written, its numbers.

    Where a later record of the key was taken back, the hash is empty: it may come back, so whoever
    tells the key again tells it anew.
    """

    content_hash: bytes
    record_id: int | None = None
    import_id: int | None = None


def latest_of(row: Any) -> Latest:
    """Return the latest known record of a key, told by `last` whether it is the last of all."""
    if row.record_id != row.last:
        return Latest(b"")
    return Latest(bytes(row.content_hash), row.record_id, row.import_id)


class Keeper(Protocol):
    """A GeoPackage or a PostgreSQL database."""

    shown: str
    """Its name for messages, without a password."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Open one connection on one state of the store; errors come out in words."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Open the one connection that writes; commit at the end, or leave no trace."""

    def filling(self) -> AbstractContextManager[Connection]:
        """Open the connection that fills a store which is absent or empty, whole or not at all."""

    def cell_of(self, column: Column) -> Callable[[Any], Any] | None:
        """Return what makes a told value one that the database takes, None where it is one."""

    def insert(
        self, connection: Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Any]
    ) -> None:
        """Add many rows, fast."""

    def latest_hashes(
        self, connection: Connection, table: sa.Table, keys: Collection[str]
    ) -> dict[str, Latest]:
        """Return the latest record of each key that is there and was not taken back."""

    def among(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> Any:
        """Return the condition that `column` is one of any number of values."""

    def touching(self, table: sa.Table, box: tuple[float, float, float, float]) -> Any:
        """Return the condition that the box of a row's outline touches a box in degrees."""

    def note_change(self, connection: Connection, table: sa.Table) -> None:
        """Tell other programs that a table changed."""

    def selected(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """Return what to select of a column for `arrow`."""

    def arrow(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Any:
        """Return the selected rows as a pyarrow.Table of these columns."""

    def batches(
        self, connection: Connection, columns: Sequence[tuple[str, Column]], rows: sa.Select[Any]
    ) -> Iterable[Any]:
        """Yield the selected rows as pyarrow.RecordBatch of these columns, few in memory."""

    def scanning(self, who: str, patience_s: float) -> AbstractContextManager[None]:
        """Hold the store against other scans, waiting for the one at work."""

    def beside(self) -> Path | None:
        """Return the folder for what may be made again from the store; None where none can be."""


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Connection]:
    """Open a connection and its transaction, and leave nothing open."""
    with engine.connect() as connection, connection.begin():
        yield connection


def check_version(connection: Connection, shown: str) -> None:
    """Say so where the tables are not those of this landwatch.

    Raises:
        StoreMissingError: there are no tables of ours.
        StoreVersionError: they are of a newer landwatch, or of an older one.
    """
    version = schema.version_of(connection)
    if version is None:
        raise StoreMissingError("error.store_missing", store=shown)
    values = {"store": shown, "version": version, "newest": schema.newest_version()}
    if version not in schema.known_versions():
        raise StoreVersionError("error.store_newer", **values)
    if version != schema.newest_version():
        raise StoreVersionError("error.store_older", **values)
