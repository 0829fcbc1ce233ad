"""Tables that go into the engine, and rows that come out of it in an order others rely on.

DuckDB 2.0 has been seen to hand out a million wide rows of an ORDER BY with their halves exchanged.
Whoever joins columns by their places looks first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

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
    """Return a table in ascending order of a column without blanks.

    Where it falls into a few runs that only stand in the wrong order, no cell is copied.
    """
    import pyarrow.compute as pc

    cells = table.column(key)
    if len(cells) < 2:
        return table
    falls = pc.less(cells.slice(1), cells.slice(0, len(cells) - 1)).to_numpy()
    begins = [0, *(np.flatnonzero(falls) + 1).tolist()]
    if len(begins) == 1:
        return table
    return _of_runs(table, key, begins) or table.sort_by(key)


_RUNS = 1_000
"""More of them are sorted sooner than joined."""


def _of_runs(table: pa.Table, key: str, begins: Sequence[int]) -> pa.Table | None:
    """Return the runs that begin at some rows joined in order; None where they overlap."""
    import pyarrow as pa

    if len(begins) > _RUNS:
        return None
    cells, ends = table.column(key), [*begins[1:], table.num_rows]
    runs = sorted(
        (cells[a].as_py(), cells[b - 1].as_py(), a, b) for a, b in zip(begins, ends, strict=True)
    )
    if any(one[1] > other[0] for one, other in pairwise(runs)):
        return None
    return pa.concat_tables([table.slice(a, b - a) for _, _, a, b in runs])
