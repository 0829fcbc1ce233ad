"""Copying a whole store into another: every table, every number kept, then both read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import StoreError, UsageError
from landwatch.store.carriage import carry, is_file, key_of
from landwatch.store.fingerprints import Fingerprint, fingerprint
from landwatch.store.keeper import Keeper
from landwatch.store.models import AdoptionAct, Base, Edit, table_of_model
from landwatch.store.opening import keeper_of


class CopyStep(StrEnum):
    """What a copy is at."""

    COPY = "copy"
    COMPARE = "compare"


_DATABASE = (
    "SELECT pg_postmaster_start_time(), oid, current_schema() FROM pg_database"
    " WHERE datname = current_database()"
)
"""Which database of which server: it began at a moment, told to the microsecond."""

Told: TypeAlias = "Callable[[CopyStep, str, int, int], None]"
"""What a copy tells of its progress: step, table, rows done of the step, rows of the step."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """One table, as it was read back from both stores."""

    name: str
    there: Fingerprint
    here: Fingerprint

    @property
    def same(self) -> bool:
        """Tell whether both stores hold the same of it."""
        return (self.there.rows, self.there.sha256) == (self.here.rows, self.here.sha256)

    @property
    def shortened(self) -> int:
        """Return how many of its numbers a GeoPackage holds with fewer digits than a server."""
        return self.there.shortened


def tables() -> list[sa.Table]:
    """Return the tables of a store, each after those that it refers to."""
    return list(Base.metadata.sorted_tables)


def copy_store(
    source_url: str, target_url: str, *, adopted_by_init: Collection[str], told: Told
) -> tuple[CopiedTable, ...]:
    """Copy a store into one that is absent or empty, all or nothing, and return what was compared.

    The target can be seen by others only once both stores were read again and agree. Only what
    `init` itself writes may stand in it: the adoptions of `adopted_by_init`, which go.

    Raises:
        UsageError: both addresses name one store, or one is no address.
        StoreError: the target holds something, the two differ afterwards, or one of them fails.
    """
    source, target = keeper_of(source_url), keeper_of(target_url)
    source.open()
    if _identity(source) == _identity(target):
        raise UsageError("error.copy_itself", store=target.shown)
    with source.reading() as reading, target.filling() as writing:
        _speak_plainly(reading)
        _speak_plainly(writing)
        _clear(writing, target.shown, adopted_by_init)
        counts = {table.name: _count(reading, table) for table in tables()}
        with _Aside(writing):
            _carry_all(reading, writing, counts, told)
        compared = _compare(reading, writing, counts, told)
        differing = [one.name for one in compared if not one.same]
        if differing:
            raise StoreError("error.copy_differs", tables=", ".join(differing), store=target.shown)
        for table in tables():
            target.note_change(writing, table)
    return compared


def _identity(keeper: Keeper) -> object:
    """Return what two addresses of one store have in common, by whatever names they call it."""
    if "://" not in keeper.shown:
        path = Path(keeper.shown).resolve()
        try:
            there = path.stat()
        except OSError:  # it is not made yet
            return path
        return there.st_dev, there.st_ino
    with keeper.reading() as connection:
        return tuple(connection.exec_driver_sql(_DATABASE).one())


def _speak_plainly(connection: Connection) -> None:
    """Have a server tell days and bytes in the one way that is read here."""
    if not is_file(connection):
        connection.exec_driver_sql("SET LOCAL datestyle = 'ISO, YMD'")
        connection.exec_driver_sql("SET LOCAL bytea_output = 'hex'")


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def _clear(connection: Connection, shown: str, adopted_by_init: Collection[str]) -> None:
    """Take away what `init` wrote into an empty store.

    Raises:
        StoreError: it holds more than that.
    """
    adoptions, edits = table_of_model(AdoptionAct), table_of_model(Edit)
    held = [
        (table.name, rows)
        for table in tables()
        if table not in (adoptions, edits) and (rows := _count(connection, table))
    ]
    chosen = sa.select(sa.func.count()).select_from(adoptions).where(~_as_init(adopted_by_init))
    if by_people := connection.scalar(chosen):
        held.append((adoptions.name, int(by_people)))
    if held:
        named = ", ".join(f"{name} {rows}" for name, rows in held)
        raise StoreError("error.copy_not_empty", store=shown, tables=named)
    connection.execute(sa.delete(adoptions))
    connection.execute(sa.delete(edits))


def _as_init(adopted_by_init: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that an act on a policy is one that `init` does by itself."""
    act = table_of_model(AdoptionAct).c
    scope = (act.zone_id, act.level, act.division, act.holds_from, act.holds_to)
    return sa.and_(
        act.act == "adopt",
        act.policy_id.in_(list(adopted_by_init)),
        *(column.is_(None) for column in scope),
    )


def _carry_all(
    reading: Connection, writing: Connection, counts: dict[str, int], told: Told
) -> None:
    done, of = 0, sum(counts.values())
    for table in tables():
        try:
            for rows in carry(reading, writing, table):
                done += rows
                told(CopyStep.COPY, table.name, done, of)
        except psycopg.DataError as error:  # a cell that only SQLite takes: another program's
            detail = str(error).strip().partition("\n")[0]
            raise StoreError(
                "error.copy_cell", table=table.name, column="…", detail=detail
            ) from error
        _number_on(reading, writing, table)


def _number_on(reading: Connection, writing: Connection, table: sa.Table) -> None:
    """Let new rows be numbered after every row that there ever was."""
    last = max(_last_number(reading, table), _highest(writing, table))
    if is_file(writing):
        writing.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        writing.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last)
        )
        return
    writing.execute(
        sa.text("SELECT setval(pg_get_serial_sequence(:table, :key), :last, :used)"),
        {
            "table": f'"{table.name}"', "key": key_of(table),
            "last": max(last, 1), "used": last > 0,
        },
    )  # fmt: skip


def _last_number(connection: Connection, table: sa.Table) -> int:
    """Return the last number that a table gave to a row, also one that is gone; 0 for none."""
    if is_file(connection):
        statement = "SELECT seq FROM sqlite_sequence WHERE name = ?"
        return int(connection.exec_driver_sql(statement, (table.name,)).scalar() or 0)
    named = sa.text("SELECT pg_get_serial_sequence(:table, :key)")
    sequence = connection.scalar(named, {"table": f'"{table.name}"', "key": key_of(table)})
    used = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"
    return int(connection.exec_driver_sql(used).scalar() or 0)


def _highest(connection: Connection, table: sa.Table) -> int:
    return int(connection.scalar(sa.select(sa.func.max(table.c[key_of(table)]))) or 0)


def _compare(
    reading: Connection, writing: Connection, counts: dict[str, int], told: Told
) -> tuple[CopiedTable, ...]:
    """Read both stores again and return what each holds of every table."""
    as_doubles = is_file(reading) or is_file(writing)
    done, of = 0, 2 * sum(counts.values())
    found = []
    for table in tables():

        def read(rows: int, name: str = table.name) -> None:
            nonlocal done
            done += rows
            told(CopyStep.COMPARE, name, done, of)

        there, here = (
            fingerprint(connection, table, as_doubles=as_doubles, told=read)
            for connection in (reading, writing)
        )
        found.append(CopiedTable(table.name, there, here))
    return tuple(found)


class _Aside:
    """Takes indexes and references away while rows are written, and makes them after: far quicker.

    A reference that does not hold is found when it is made again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._indexes = [
            index
            for table in tables()
            for index in table.indexes
            if index.name is not None and self._is_here(index)
        ]
        self._references = [] if is_file(connection) else list(self._named_references())

    def _is_here(self, index: sa.Index) -> bool:
        table = index.table
        assert table is not None  # an index of a table that is there
        there = sa.inspect(self._connection).get_indexes(table.name)
        return index.name in {one["name"] for one in there}

    def _named_references(self) -> Iterator[tuple[str, str, str]]:
        found = self._connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            ([table.name for table in tables()],),
        )
        yield from ((row[0], row[1], row[2]) for row in found)

    def __enter__(self) -> None:
        for table, name, _ in self._references:
            self._connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for index in self._indexes:
            self._connection.exec_driver_sql(f'DROP INDEX "{index.name}"')

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is not None:
            return  # the whole copy is undone
        for index in self._indexes:
            index.create(self._connection)
        for table, name, definition in self._references:
            self._connection.exec_driver_sql(
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
            )
        if not is_file(self._connection):
            for one in tables():
                self._connection.exec_driver_sql(f'ANALYZE "{one.name}"')
