"""The rows of a ledger for the engine: a table in memory, or files of a store's mirror."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from landwatch.language.columns import COLUMNS, Kind
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.scan.extent import blank
from landwatch.store import MirroredRows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_MARKS = ("cleared", "unreadable")


def told_names(rows: pa.Table | MirroredRows) -> frozenset[str]:
    """Return the columns that any row tells; the others are blank throughout."""
    if isinstance(rows, MirroredRows):
        return rows.told
    names = zip(rows.column_names, rows.columns, strict=True)
    return frozenset(name for name, cells in names if cells.null_count < len(cells))


def told_sql(
    engine: duckdb.DuckDBPyConnection,
    kind: Kind,
    rows: pa.Table | MirroredRows,
    columns: Collection[str],
    blanks: Mapping[str, str],
) -> str:
    """Return the SQL of the rows with these columns and blank ones; what it names is registered.

    Beside them there are `key`, `record_id` and the marks of a row.
    """
    told = told_names(rows)
    marks = [mark if mark in told else f"CAST(NULL AS VARCHAR) AS {mark}" for mark in _MARKS]
    cells = [quoted(name) for name in sorted(columns)]
    cells += [f"{sql} AS {quoted(name)}" for name, sql in blanks.items()]
    listed = ", ".join(("key", "record_id", *marks, *cells))
    if isinstance(rows, MirroredRows) and not rows.files:
        types = {column.name: blank(column) for column in COLUMNS[kind]}
        none = ", ".join(f"{types[name]} AS {quoted(name)}" for name in sorted({*columns, *blanks}))
        return f"SELECT '' AS key, 0 AS record_id, {', '.join(marks)}, {none} WHERE FALSE"
    if not isinstance(rows, MirroredRows):
        engine.register(f"rows_{kind.value}", rows)
        return f"SELECT {listed} FROM rows_{kind.value}"
    return f"SELECT {listed} FROM {_files_sql(engine, kind, rows)}"


def forget(engine: duckdb.DuckDBPyConnection, kind: Kind) -> None:
    """Let go of what `told_sql` registered."""
    for name in (f"rows_{kind.value}", f"hidden_{kind.value}"):
        engine.unregister(name)


def _files_sql(engine: duckdb.DuckDBPyConnection, kind: Kind, rows: MirroredRows) -> str:
    import pyarrow as pa

    files = ", ".join(literal(str(file)) for file in rows.files)
    conditions = []
    if rows.not_yet:
        conditions.append(f"import_id NOT IN ({', '.join(map(str, rows.not_yet))})")
    if rows.hidden:
        engine.register(
            f"hidden_{kind.value}", pa.table({"record_id": pa.array(rows.hidden, pa.int64())})
        )
        conditions.append(f"record_id NOT IN (SELECT record_id FROM hidden_{kind.value})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"(SELECT * FROM read_parquet([{files}]){where})"
