"""Whether another program changed or took away rows that were recorded: the store only adds.

A store lies open to QGIS, ArcGIS and psql. A trigger on each table of what was told counts every
change there, so that what was derived from the rows is made anew, and `doctor store` can tell.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy import Connection

WATCHED = (
    "zones", "parcels", "contracts", "progress", "events", "withdrawals",
    "confirmations", "adoptions",
)  # fmt: skip

_NOTE = """CREATE OR REPLACE FUNCTION {schema}.landwatch_note_edit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $$
BEGIN
  UPDATE {schema}.edits SET times = times + 1,
    token = md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text)
    WHERE table_name = TG_TABLE_NAME;
  RETURN NULL;
END $$"""


def noting(schema: str) -> tuple[str, str]:
    """Return the SQL that makes a server count edits, or count them soundly where it does already.

    It runs with its owner's rights: it names the one table it means, so that no table of a session
    stands in for it, and nobody else hangs it on a table of theirs.

    Args:
        schema: where the tables are, quoted as SQL wants it.
    """
    function = f"{schema}.landwatch_note_edit()"
    return _NOTE.format(schema=schema), f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"


def watch_edits(connection: Connection) -> None:
    """Begin to count the changes of rows that stand (a migration calls this once)."""
    for table in WATCHED:
        connection.execute(
            sa.text("INSERT INTO edits (table_name, times) VALUES (:table, 0)"), {"table": table}
        )
    if connection.dialect.name == "sqlite":
        for table in WATCHED:
            for act in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f'CREATE TRIGGER "edits_{table}_{act.lower()}" AFTER {act} ON "{table}" BEGIN'
                    " UPDATE edits SET times = times + 1, token = lower(hex(randomblob(16)))"
                    f" WHERE table_name = '{table}'; END"
                )
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for statement in noting(str(schema)):
        connection.exec_driver_sql(statement)
    for table in WATCHED:
        connection.exec_driver_sql(
            f'CREATE TRIGGER "edits_{table}" AFTER UPDATE OR DELETE OR TRUNCATE ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION landwatch_note_edit()"
        )


def mark_of_edits(connection: Connection) -> str:
    """Return what stays the same while no other program changes, takes away or adds rows.

    Each edit leaves a token by lot: a store put back to where it was, and edited otherwise since,
    is another one. A row that another program adds is seen by the count of the rows that came
    with each import, which is no act of theirs.
    """
    rows = connection.execute(sa.text("SELECT table_name, token FROM edits WHERE times > 0"))
    return json.dumps(sorted(tuple(row) for row in rows))


def edits(connection: Connection) -> dict[str, int]:
    """Return how often rows of each watched table were changed or taken away, where they were."""
    rows = connection.execute(sa.text("SELECT table_name, times FROM edits WHERE times > 0"))
    return {row.table_name: int(row.times) for row in rows}
