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
    names the columns that are wanted, where not all are. Keys are told apart by their hashes, which
    are grouped in half the time: two keys of one hash are merged as keys of two rows are, each by
    itself.
    """
    columns = [column for column in told_columns(kind) if only is None or column.name in only]
    names = ", ".join(quoted(column.name) for column in columns)
    last = ",\n    ".join(_last_told(column) for column in columns)
    unread = _last_marked(columns, "unreadable", "cleared")
    return f"""
WITH again AS MATERIALIZED (
  SELECT hash(key) AS mark FROM {source} GROUP BY mark HAVING count(*) > 1
)
SELECT key, record_id, unreadable, {names} FROM {source} ANTI JOIN again ON hash(key) = mark
UNION ALL BY NAME
SELECT key, max(record_id) AS record_id,
    {unread},
    {last}
FROM {source} SEMI JOIN again ON hash(key) = mark
GROUP BY key"""


def whole_sql(kind: Kind, source: str) -> str:
    """Return the SQL of all that is held of each key, with `first_id`, the key's first record.

    Beside what `merged_sql` gives there are the geometry and the columns that stand `cleared`. For
    keys that were told more than once: the row of any other is its record itself.
    """
    columns = COLUMNS[kind]
    last = ",\n    ".join(_last_told(column) for column in columns)
    return f"""
SELECT min(record_id) AS first_id,
    {_last_marked(columns, "cleared", "unreadable")},
    {_last_marked(columns, "unreadable", "cleared")},
    {last}
FROM {source} GROUP BY key ORDER BY first_id"""


def _last_told(column: Column) -> str:
    name = quoted(column.name)
    told = f"{name} IS NOT NULL OR {_marked('cleared', column)} OR {_marked('unreadable', column)}"
    return f"last({name} ORDER BY record_id) FILTER ({told}) AS {name}"


def _marked(mark: str, column: Column) -> str:
    return f"contains(coalesce({mark}, ''), ';{column.name};')"


def _last_marked(columns: Sequence[Column], mark: str, other: str) -> str:
    """Return, as `;a;b;`, the columns whose last row that says anything of them has this mark.

    `other` is the mark beside it: a row that is cleared later is not unreadable any more.
    """
    each = ", ".join(_stands(column, mark, other) for column in columns)
    return f"nullif(';' || concat_ws(';', {each}) || ';', ';;') AS {mark}"


def _stands(column: Column, mark: str, other: str) -> str:
    told = f"{quoted(column.name)} IS NOT NULL OR {_marked(other, column)}"
    last = f"max(record_id) FILTER ({_marked(mark, column)})"
    return (
        f"CASE WHEN {last} > coalesce(max(record_id) FILTER ({told}), 0) THEN '{column.name}' END"
    )


def listed(names: Sequence[str]) -> str:
    """Return names as SQL texts, for IN (…)."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
