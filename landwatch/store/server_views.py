"""What a server shows to maps and to people with SQL: views in Chinese and in English.

Outcomes lie packed in the store, and what the ledger holds of a key takes many rows: neither can be
drawn. So each publication lays one scan out in plain tables, and two schemas of views name their
columns and their codes in words. QGIS finds every layer with its type, its reference system and a
number for each row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from landwatch.errors import StoreError
from landwatch.language.catalogue import say
from landwatch.language.columns import COLUMNS, Column, ColumnType, Kind
from landwatch.language.terms import Gravity
from landwatch.store import blobs
from landwatch.store.column_types import Area
from landwatch.store.keeper import check_version
from landwatch.store.models import table_of
from landwatch.store.server import PostgisKeeper

PUBLISHED = "landwatch_published"
VIEW_SCHEMAS = {"zh": "landwatch_zh", "en": "landwatch_en"}
_NUMBER = "row_no"
_LONGEST_NAME = 63
"""PostgreSQL cuts a longer name, in bytes."""
_HELD = {
    ColumnType.TEXT: sa.Text, ColumnType.DATE: sa.Date, ColumnType.INTEGER: sa.BigInteger,
    ColumnType.CODE: sa.Text,
}  # fmt: skip


def _beside(name: str, holds: ColumnType) -> Column:
    """Return a column that a publication adds, with its words."""
    zh, en = (say(f"view.{name}", lang) for lang in ("zh", "en"))
    choices = Gravity if name == "gravity" else None
    return Column(name, holds, zh, en, choices=choices)


def _columns_beside(names: Iterable[str]) -> list[Column]:
    of_day, counted = {"limit_on"}, {"breaches", "to_verify", "due_soon", "days_past"}
    found = []
    for name in names:
        holds = ColumnType.DATE if name in of_day else ColumnType.TEXT
        if name in counted or name == "contracts_in_breach":
            holds = ColumnType.INTEGER
        found.append(_beside(name, holds))
    return found


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables to publish: the columns of each kind beside those of the ledger."""

    beside: Mapping[Kind, tuple[str, ...]]

    def columns(self, kind: Kind) -> list[Column]:
        """Return the columns of a published table: the geometry last."""
        facts = [one for one in COLUMNS[kind] if one.holds is not ColumnType.GEOMETRY]
        drawn = [one for one in COLUMNS[kind] if one.holds is ColumnType.GEOMETRY]
        beside = _columns_beside(self.beside[kind])
        if kind is Kind.ZONES:
            beside = [_counting(one) for one in beside]
        return [*facts, *beside, *drawn]

    def table(self, kind: Kind, metadata: sa.MetaData) -> sa.Table:
        """Return the published table of a kind."""
        told = table_of(kind).columns
        columns = [
            sa.Column(one.name, told[one.name].type if one.name in told else _HELD[one.holds])
            for one in self.columns(kind)
        ]
        number = sa.Column(_NUMBER, sa.BigInteger, primary_key=True, autoincrement=False)
        table = sa.Table(kind.value, metadata, number, *columns, schema=PUBLISHED)
        for name in ("geometry", "parcel_id", "contract_id"):
            if name in table.columns:
                using = "gist" if name == "geometry" else "btree"
                index = f"ix_published_{kind}_{name}"
                sa.Index(index, table.columns[name], postgresql_using=using)
        return table

    def statements(self) -> Iterator[str]:
        """Yield the SQL that makes all of it anew."""
        for schema in (PUBLISHED, *VIEW_SCHEMAS.values()):
            yield f"DROP SCHEMA IF EXISTS {schema} CASCADE"
            yield f"CREATE SCHEMA {schema}"
        yield (
            f"CREATE TABLE {PUBLISHED}.publication ({_NUMBER} BIGINT PRIMARY KEY, scan_id BIGINT,"
            " as_of DATE, known_at TIMESTAMPTZ, published_at TIMESTAMPTZ, published_by TEXT)"
        )
        metadata, dialect = sa.MetaData(), postgresql.dialect()  # type: ignore[no-untyped-call]
        for kind in self.beside:
            table = self.table(kind, metadata)
            yield str(CreateTable(table).compile(dialect=dialect)).strip()
            for index in sorted(table.indexes, key=lambda one: str(one.name)):
                yield str(CreateIndex(index).compile(dialect=dialect)).strip()
        for lang in VIEW_SCHEMAS:
            yield from self._views(lang)

    def _views(self, lang: str) -> Iterator[str]:
        day = f"(SELECT as_of FROM {PUBLISHED}.publication)"
        for kind in self.beside:
            cells = [f"r.{_NUMBER} AS {_named(say('view.row_no', lang))}"]
            cells += [_cell(one, lang) for one in self.columns(kind)]
            at = -1 if kind in (Kind.ZONES, Kind.PARCELS) else len(cells)
            cells.insert(at, f"{day} AS {_named(say('view.as_of', lang))}")
            yield _view(lang, say(f"view.of.{kind}", lang), cells, f"{PUBLISHED}.{kind} r")
        words = ("row_no", "scan_id", "as_of", "known_at", "published_at", "published_by")
        cells = [f"r.{name} AS {_named(say(f'view.{name}', lang))}" for name in words]
        yield _view(lang, say("view.of.publication", lang), cells, f"{PUBLISHED}.publication r")
        yield _imports_view(lang)

    @property
    def mark(self) -> str:
        """Return what tells this layout from those of other versions."""
        return hashlib.sha256("\n".join(self.statements()).encode()).hexdigest()[:16]


def _counting(column: Column) -> Column:
    """Return the count of a park's contracts where a parcel lists them."""
    if column.name != "contracts":
        return column
    zh, en = (say("view.contract_count", lang) for lang in ("zh", "en"))
    return Column("contracts", ColumnType.INTEGER, zh, en)


def _named(name: str) -> str:
    """Return a name in quotes, whole: PostgreSQL would cut a longer one."""
    while len(name.encode()) > _LONGEST_NAME:
        name = name[:-1]
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _cell(column: Column, lang: str) -> str:
    """Return a column of a view: named, and told, in words; English keeps the ledger's names."""
    cell, name = f'r."{column.name}"', column.name
    if lang == "zh":
        unit = "" if column.unit in (None, "1") else f"（{column.unit}）"
        name = column.zh + unit
    if column.choices is not None:
        each = " ".join(
            f"WHEN {_text(one)} THEN {_text(one.in_words(lang))}" for one in column.choices
        )
        cell = f"CASE {cell} {each} ELSE {cell} END"
    elif column.holds is ColumnType.YES_NO:
        yes, no = _text(say("memory.yes", lang)), _text(say("memory.no", lang))
        cell = f"CASE WHEN {cell} THEN {yes} WHEN NOT {cell} THEN {no} END"
    return f"{cell} AS {_named(name)}"


def _view(lang: str, name: str, cells: Iterable[str], source: str) -> str:
    listed = ",\n  ".join(cells)
    return f"CREATE VIEW {VIEW_SCHEMAS[lang]}.{_named(name)} AS SELECT\n  {listed}\nFROM {source}"


def _imports_view(lang: str) -> str:
    """Return the view of all imports, taken back or not; it needs no publication."""
    kinds = " ".join(f"WHEN '{kind}' THEN {_text(say(f'now.kind.{kind}', lang))}" for kind in Kind)
    back = (
        "(SELECT w.act = 'withdraw' FROM withdrawals w WHERE w.import_id = r.import_id"
        " ORDER BY w.withdrawal_id DESC LIMIT 1)"
    )
    yes, no = _text(say("memory.yes", lang)), _text(say("memory.no", lang))
    told = {
        "row_no": "r.import_id", "kind": f"CASE r.kind {kinds} END", "file": "r.source_name",
        "recorded_at": "r.recorded_at", "recorded_by": "r.recorded_by", "rows_new": "r.rows_new",
        "rows_changed": "r.rows_changed", "rows_unchanged": "r.rows_unchanged",
        "withdrawn": f"CASE WHEN {back} THEN {yes} ELSE {no} END",
    }  # fmt: skip
    cells = [f"{sql} AS {_named(say(f'view.{name}', lang))}" for name, sql in told.items()]
    return _view(lang, say("view.of.imports", lang), cells, "imports r")


@dataclass(frozen=True, slots=True)
class Publishing:
    """Who publishes which scan."""

    scan_id: int
    as_of: date
    known_at: datetime
    by: str


def publish(
    keeper: PostgisKeeper,
    layout: Layout,
    act: Publishing,
    rows: Iterable[tuple[Kind, Iterable[Any]]],
) -> dict[Kind, int]:
    """Lay a scan out for maps in place of the one before; readers see either, never half.

    Returns how many rows of each kind were written.

    Raises:
        StoreError: the tables to publish in are not there, or of another version, and this login
            may not make them.
    """
    with keeper.writing() as connection:
        check_version(connection, keeper.shown)
        _make(connection, layout, keeper.shown)
        counts = {}
        for kind, batches in rows:
            connection.exec_driver_sql(f"DELETE FROM {PUBLISHED}.{kind}")
            names = [_NUMBER, *(one.name for one in layout.columns(kind))]
            counts[kind] = _fill(connection, kind, names, batches)
        connection.exec_driver_sql(f"DELETE FROM {PUBLISHED}.publication")
        connection.exec_driver_sql(
            f"INSERT INTO {PUBLISHED}.publication VALUES (1, %s, %s, %s, now(), %s)",
            (act.scan_id, act.as_of, act.known_at, act.by),
        )
    return counts


def _make(connection: Connection, layout: Layout, shown: str) -> None:
    """Make the schemas where they are not there or of another version; who read them may again."""
    there = connection.exec_driver_sql(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
        (PUBLISHED,),
    ).scalar()
    if there == layout.mark:
        return
    keeper_may = "SELECT has_database_privilege(current_database(), 'CREATE')"
    if not connection.exec_driver_sql(keeper_may).scalar():
        raise StoreError("error.publish_no_place", store=shown)
    rights = _rights(connection)
    for statement in layout.statements():
        connection.exec_driver_sql(statement.replace("%", "%%"))
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {PUBLISHED} IS '{layout.mark}'")
    for schema, role, right in rights:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        connection.exec_driver_sql(f"GRANT {right} ON ALL TABLES IN SCHEMA {schema} TO {role}")


def _rights(connection: Connection) -> list[tuple[str, str, str]]:
    """Return who has which right on what was published before."""
    found = connection.exec_driver_sql(
        "SELECT DISTINCT table_schema, quote_ident(grantee), privilege_type"
        " FROM information_schema.role_table_grants WHERE table_schema = ANY(%s)"
        " AND grantee <> current_user AND privilege_type IN ('SELECT', 'INSERT', 'DELETE')"
        " ORDER BY 1, 2, 3",
        ([PUBLISHED, *VIEW_SCHEMAS.values()],),
    )
    return [(row[0], row[1], row[2]) for row in found]


def _fill(connection: Connection, kind: Kind, names: list[str], batches: Iterable[Any]) -> int:
    """Write the rows of one kind by COPY, numbered, and return how many."""
    listed, count = ", ".join(f'"{name}"' for name in names), 0
    drawn = isinstance(getattr(table_of(kind).columns.get("geometry"), "type", None), Area)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {PUBLISHED}.{kind} ({listed}) FROM STDIN") as copy,
    ):
        for batch in batches:
            columns = [column.to_pylist() for column in batch.columns]
            if drawn:
                columns[-1] = [
                    None if one is None else blobs.extended(blobs.flat_wkb(one)).hex()
                    for one in columns[-1]
                ]
            for row in zip(*columns, strict=True):
                count += 1
                copy.write_row((count, *row))
    return count
