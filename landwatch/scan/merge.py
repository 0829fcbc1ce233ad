"""What the ledger holds of each key: later rows over earlier ones, column by column.

A blank cell of a later row erases nothing; a cleared one does, and so does one that was told and
cannot be read: what it meant to correct must not speak. Nearly every key has one row, and only the
others are merged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from landwatch.language.columns import COLUMNS, Column, ColumnType, Kind
from landwatch.lawbook.expressions.columnwise import quoted


def told_columns(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a kind that are facts (the geometry is the map's business)."""
    return tuple(column for column in COLUMNS[kind] if column.holds is not ColumnType.GEOMETRY)


def merged_sql(kind: Kind, source: str, only: Collection[str] | None = None) -> str:
    """Return the SQL of one row for each key of `source` (records as told), with `record_id`.

    `record_id` is that of the latest record of the key: its place in the order of recording. `only`
    names the columns that are wanted, where not all are.
    """
    columns = [column for column in told_columns(kind) if only is None or column.name in only]
    names = ", ".join(quoted(column.name) for column in columns)
    last = ",\n    ".join(_last_told(column) for column in columns)
    unread = ", ".join(_unread(column) for column in columns if not column.key)
    return f"""
SELECT key, record_id, unreadable, {names} FROM (
  SELECT *, count(*) OVER (PARTITION BY key) AS rows_of_key FROM {source}
) WHERE rows_of_key = 1
UNION ALL BY NAME
SELECT key, max(record_id) AS record_id,
    nullif(';' || concat_ws(';', {unread}) || ';', ';;') AS unreadable,
    {last}
FROM {source}
WHERE key IN (SELECT key FROM {source} GROUP BY key HAVING count(*) > 1)
GROUP BY key"""


def _last_told(column: Column) -> str:
    name = quoted(column.name)
    told = f"{name} IS NOT NULL OR {_marked('cleared', column)} OR {_marked('unreadable', column)}"
    return f"last({name} ORDER BY record_id) FILTER ({told}) AS {name}"


def _marked(mark: str, column: Column) -> str:
    return f"contains(coalesce({mark}, ''), ';{column.name};')"


def _unread(column: Column) -> str:
    """Return the column's name where the last row that tells it cannot be read."""
    told = f"{quoted(column.name)} IS NOT NULL OR {_marked('cleared', column)}"
    unread = f"max(record_id) FILTER ({_marked('unreadable', column)})"
    return (
        f"CASE WHEN {unread} > coalesce(max(record_id) FILTER ({told}), 0) THEN '{column.name}' END"
    )


def listed(names: Sequence[str]) -> str:
    """Return names as SQL texts, for IN (…)."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
