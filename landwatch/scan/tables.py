"""Tables that go into the engine, and rows that come out of it in an order others rely on.

DuckDB 2.0 has been seen to hand out a million wide rows of an ORDER BY with their halves exchanged.
Whoever joins columns by their places looks first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def keep(engine: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Make a table of the engine from one of Arrow, in place of one of that name."""
    engine.register("just_made", table)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM just_made")
    engine.unregister("just_made")


def rows_in_order(engine: duckdb.DuckDBPyConnection, sql: str, key: str) -> pa.Table:
    """Return what a query gives, in ascending order of a column that tells its rows apart."""
    return in_order(engine.sql(f"{sql} ORDER BY {key}").to_arrow_table(), key.strip('"'))


def in_order(table: pa.Table, key: str) -> pa.Table:
    """Return a table in ascending order of a column without blanks."""
    import pyarrow.compute as pc

    cells = table.column(key)
    if len(cells) < 2:
        return table
    ascending = pc.less_equal(cells.slice(0, len(cells) - 1), cells.slice(1))
    return table if pc.all(ascending).as_py() else table.sort_by(key)
