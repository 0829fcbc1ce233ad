"""Whether two stores hold the same: what a table tells, read back row by row and hashed.

Read by another way than a copy writes: sqlite3's own values on one side, a server's cursor and its
Python values on the other, each brought to one form here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import StoreError
from landwatch.store import blobs
from landwatch.store.carriage import batch_of, is_file, key_of
from landwatch.store.column_types import Area, Exact, Moment, moment_text

Form: TypeAlias = "Callable[[Any], object]"
"""Brings a told cell to the one form that is hashed."""

_SHORT = 64
Told: TypeAlias = "Callable[[int], None]"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows a table has, the hash of all their cells, and which numbers a file shortens.

    A GeoPackage holds numbers as DOUBLE: one told with more than 15 digits comes out shorter there.
    """

    rows: int
    sha256: str
    shortened: int = 0


def fingerprint(
    connection: Connection, table: sa.Table, *, as_doubles: bool, told: Told
) -> Fingerprint:
    """Return the fingerprint of a table, whichever database holds it.

    Args:
        connection: to either sort of store.
        table: which table.
        as_doubles: compare numbers as a GeoPackage holds them (one of the two is one).
        told: hears how many rows more were read.

    Raises:
        StoreError: a cell holds what its column cannot: another program wrote it.
    """
    numbers = _Numbers(as_doubles)
    forms = [_form_of(column, connection, numbers) for column in table.columns]
    digest, rows = hashlib.sha256(), 0
    for batch in _batches(connection, table):
        columns = [
            _formed(cells, form, table, column)
            for cells, form, column in zip(
                zip(*batch, strict=True), forms, table.columns, strict=True
            )
        ]
        lines = map(repr, zip(*columns, strict=True))
        digest.update(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
        rows += len(batch)
        told(len(batch))
    return Fingerprint(rows, digest.hexdigest(), numbers.shortened)


def _formed(
    cells: Sequence[Any], form: Form | None, table: sa.Table, column: sa.Column[Any]
) -> Sequence[object]:
    if form is None or cells.count(None) == len(cells):
        return cells
    try:
        return [None if cell is None else form(cell) for cell in cells]
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            "error.copy_cell", table=table.name, column=column.name, detail=str(error)
        ) from error


def _batches(connection: Connection, table: sa.Table) -> Iterator[Sequence[Sequence[Any]]]:
    shown = ", ".join(
        f"ST_AsBinary(\"{column.name}\", 'NDR')"
        if isinstance(column.type, Area) and not is_file(connection)
        else f'"{column.name}"'
        for column in table.columns
    )
    statement = f'SELECT {shown} FROM "{table.name}" ORDER BY "{key_of(table)}"'
    driver: Any = connection.connection.driver_connection
    many = batch_of(table)
    cursor = driver.cursor() if is_file(connection) else driver.cursor("landwatch_fingerprint")
    try:
        cursor.execute(statement)
        while rows := cursor.fetchmany(many):
            yield rows
    finally:
        cursor.close()


class _Numbers:
    """Brings numbers to one form, and counts those that a DOUBLE does not hold as they are."""

    def __init__(self, as_doubles: bool) -> None:
        self._as_doubles = as_doubles
        self.shortened = 0

    def of_file(self, number: Any) -> str:
        return repr(float(number) + 0.0)  # zero has no sign on a server

    def of_server(self, number: Decimal) -> str:
        if not self._as_doubles:
            return f"{number.normalize():f}"
        text = repr(float(number))
        if Decimal(text) != number:
            self.shortened += 1
        return text


def _form_of(column: sa.Column[Any], connection: Connection, numbers: _Numbers) -> Form | None:
    """Return what brings a cell of the column to its one form; None where it is that already."""
    file, kind = is_file(connection), column.type
    if isinstance(kind, Area):
        return (lambda blob: _short(blobs.flat_wkb(blobs.wkb_of(blob)))) if file else _of_wkb
    if isinstance(kind, Exact):
        return numbers.of_file if file else numbers.of_server
    if isinstance(kind, sa.LargeBinary):
        return _short
    if isinstance(kind, sa.Boolean):
        return int
    if file:
        return None
    if isinstance(kind, Moment):
        return _of_moment
    return date.isoformat if isinstance(kind, sa.Date) else None


def _of_moment(moment: datetime) -> str:
    return moment_text(moment)


def _of_wkb(told: bytes) -> str:
    return _short(blobs.flat_wkb(bytes(told)))


def _short(content: bytes) -> str:
    """Return bytes in hex, or the hash of many."""
    return content.hex() if len(content) <= _SHORT else hashlib.sha256(content).hexdigest()
