"""What can go wrong with a store on a server, as its catalogue and its tables tell."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store.ailments import Ailment, note, suspect, wrong
from landwatch.store.blobs import SRID
from landwatch.store.edits import WATCHED
from landwatch.store.models import Base

SPATIAL = ("zones", "parcels")
_SHOWN = 5
_DEAD_LEAST, _DEAD_SHARE = 100_000, 0.3
_OURS = "c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)"


def cheap(connection: Connection) -> Iterator[Ailment]:
    """Yield what the server's catalogue tells: triggers, indexes, constraints, dead rows."""
    ours = [table.name for table in Base.metadata.sorted_tables]
    on = {
        row[0]
        for row in connection.exec_driver_sql(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            f" WHERE {_OURS} AND NOT t.tgisinternal AND t.tgenabled <> 'D'",
            (ours,),
        )
    }
    lacking = sorted({f"edits_{table}" for table in WATCHED} - on)
    if lacking:
        yield wrong("trigger_gone", count=len(lacking), names=", ".join(lacking[:_SHOWN]))
    for row in connection.exec_driver_sql(
        "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        f" WHERE {_OURS} AND NOT (i.indisvalid AND i.indisready)",
        (ours,),
    ):
        yield wrong("index_invalid", index=row[0])
    for row in connection.exec_driver_sql(
        "SELECT n.conname, c.relname FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid"
        f" WHERE {_OURS} AND NOT n.convalidated",
        (ours,),
    ):
        yield suspect("constraint_unchecked", name=row[0], table=row[1])
    yield from _server(connection)


def _server(connection: Connection) -> Iterator[Ailment]:
    failed = connection.exec_driver_sql(
        "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database"
        " WHERE datname = current_database()"
    ).scalar()
    if failed:
        yield wrong("checksum", count=failed)
    if connection.exec_driver_sql("SHOW data_checksums").scalar() != "on":
        yield note("no_checksums")
    for row in connection.exec_driver_sql(
        "SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables"
        " WHERE schemaname = current_schema() AND n_dead_tup > %s"
        " AND n_dead_tup > %s * (n_live_tup + n_dead_tup)",
        (_DEAD_LEAST, _DEAD_SHARE),
    ):
        yield note("dead_rows", table=row[0], count=row[1])
    kept = connection.exec_driver_sql(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'landwatch\\_before\\_%%' ORDER BY 1"
    ).scalars()
    if backups := list(kept):
        yield note("backup_schemas", count=len(backups), names=", ".join(backups[-_SHOWN:]))


def whole(connection: Connection) -> Iterator[Ailment]:
    """Yield what is told by reading the tables: references that lead nowhere, strange outlines."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            other = key.column
            there = sa.select(other).where(other == key.parent).correlate(table).exists()
            torn = sa.select(sa.func.count()).where(key.parent.is_not(None), ~there)
            if count := connection.scalar(torn.select_from(table)):
                yield wrong("reference", table=table.name, count=count)
    for name in SPATIAL:
        count = connection.exec_driver_sql(
            f'SELECT count(*) FROM "{name}" WHERE ST_SRID(geometry) <> {SRID}'
        ).scalar()
        if count:
            yield wrong("srid", table=name, count=count)
