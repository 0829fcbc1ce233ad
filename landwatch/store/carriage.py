"""Carrying the rows of a table from one store into another: in bulk, each cell as it was.

A database hands out cells in its own way; here they become what the other one takes. Nothing is
kept in memory but one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store import blobs
from landwatch.store.column_types import Area, Exact, Moment

Rows: TypeAlias = "Sequence[Sequence[Any]]"
Cells: TypeAlias = "Sequence[Any]"
Change: TypeAlias = "Callable[[Cells], Cells]"
"""Makes the cells of one column, of one batch, what the other database takes."""

_BATCH = 5_000
_BATCH_OF_PARTS = 4
"""Parts of scans weigh megabytes each."""


def is_file(connection: Connection) -> bool:
    """Tell whether a connection is one to a GeoPackage."""
    return connection.dialect.name == "sqlite"


def key_of(table: sa.Table) -> str:
    """Return the name of the column that numbers the rows of a table."""
    (column,) = table.primary_key.columns
    return column.name


def batch_of(table: sa.Table) -> int:
    """Return how many rows of a table are held in memory at once."""
    return _BATCH_OF_PARTS if "content" in table.columns and "part" in table.name else _BATCH


def carry(source: Connection, target: Connection, table: sa.Table) -> Iterator[int]:
    """Write every row of a table into the same table of another store; yield how many, by batch."""
    reading = _of_file if is_file(source) else _of_server
    changes = _changes(table, source, target)
    batches = (_changed(batch, changes) for batch in reading(source, table))
    writing = _into_file if is_file(target) else _into_server
    yield from writing(target, table, batches)


def _of_file(connection: Connection, table: sa.Table) -> Iterator[Rows]:
    """Yield the rows as SQLite holds them."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    cursor = connection.exec_driver_sql(
        f'SELECT {names} FROM "{table.name}" ORDER BY "{key_of(table)}"'
    ).cursor
    assert cursor is not None  # a SELECT has one
    while rows := cursor.fetchmany(batch_of(table)):
        yield rows


def _of_server(connection: Connection, table: sa.Table) -> Iterator[Rows]:
    """Yield the rows as COPY tells them: every cell a text; shapes as WKB in hex."""
    names = ", ".join(map(_selected, table.columns))
    statement = f'COPY (SELECT {names} FROM "{table.name}" ORDER BY "{key_of(table)}") TO STDOUT'
    many, rows = batch_of(table), []
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy.rows():
            rows.append(row)
            if len(rows) == many:
                yield rows
                rows = []
    if rows:
        yield rows


def _selected(column: sa.Column[Any]) -> str:
    if isinstance(column.type, Area):
        return f"encode(ST_AsBinary(\"{column.name}\", 'NDR'), 'hex')"
    if isinstance(column.type, Moment):
        utc = f"\"{column.name}\" AT TIME ZONE 'UTC'"
        return f'to_char({utc}, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
    return f'"{column.name}"'


def _changed(rows: Rows, changes: Sequence[tuple[int, Change]]) -> Rows:
    if not changes:
        return rows
    columns: list[Cells] = list(zip(*rows, strict=True))
    for place, change in changes:
        if columns[place].count(None) < len(rows):
            columns[place] = change(columns[place])
    return list(zip(*columns, strict=True))


def _into_file(connection: Connection, table: sa.Table, batches: Iterable[Rows]) -> Iterator[int]:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    places = ", ".join("?" * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'
    driver: Any = connection.connection.driver_connection
    for rows in batches:
        driver.executemany(statement, rows)
        yield len(rows)


def _into_server(connection: Connection, table: sa.Table, batches: Iterable[Rows]) -> Iterator[int]:
    begun = iter(batches)
    first = next(begun, None)
    if first is None:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for rows in chain([first], begun):
            for row in rows:
                copy.write_row(row)
            yield len(rows)


def _changes(table: sa.Table, source: Connection, target: Connection) -> list[tuple[int, Change]]:
    """Return which columns need a change on this way, by their place."""
    ways = _FILE_TO_SERVER if is_file(source) else _SERVER_TO_SERVER
    if is_file(target):
        ways = {} if is_file(source) else _SERVER_TO_FILE
    found = []
    for place, column in enumerate(table.columns):
        change = next((way for kind, way in ways.items() if isinstance(column.type, kind)), None)
        if change is not None:
            found.append((place, change))
    return found


def _each(change: Callable[[Any], Any]) -> Change:
    """Return the change of a column whose every told cell is changed alike."""
    return lambda cells: [None if cell is None else change(cell) for cell in cells]


def _blobs_of_hex(cells: Cells) -> Cells:
    shapes = [None if cell is None else blobs.flat_wkb(bytes.fromhex(cell)) for cell in cells]
    return blobs.packed_wkb(shapes)


_FILE_TO_SERVER: dict[type[Any], Change] = {
    Area: _each(lambda blob: blobs.extended(blobs.flat_wkb(blobs.wkb_of(blob))).hex()),
}
_SERVER_TO_SERVER: dict[type[Any], Change] = {
    Area: _each(lambda told: blobs.extended(blobs.flat_wkb(bytes.fromhex(told))).hex()),
}
_SERVER_TO_FILE: dict[type[Any], Change] = {
    Area: _blobs_of_hex,
    Exact: _each(float),
    sa.Boolean: _each(lambda told: int(told == "t")),
    sa.BigInteger: _each(int),
    sa.LargeBinary: _each(lambda told: bytes.fromhex(told[2:])),
}
"""COPY tells `t` and `f`, and bytes as `\\x…` in hex; days and moments are texts on both sides."""
