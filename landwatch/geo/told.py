"""What a table of records tells now: the last told value of each key, found by columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]

_MARKS = ("cleared", "unreadable")
AT_ONCE = 20_000
"""Outlines read at a time: some 15 MB of them."""


def last_told(table: pa.Table, key: str, column: str) -> tuple[pa.Array, Rows]:
    """Return the keys in the order they came, and the row that last told a column of each.

    A row that clears the column, or tells it in a way that nobody can read, tells it too: its value
    is null. The row is -1 of a key of which nothing was ever told.
    """
    import numpy as np
    import pyarrow.compute as pc

    encoded = table.column(key).combine_chunks().dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy()
    told = _array(pc.is_valid(table.column(column)))
    for mark in _MARKS:
        if mark in table.column_names and table.column(mark).null_count < len(table):
            gone = pc.match_substring(table.column(mark), f";{column};")
            told |= _array(pc.fill_null(gone, False))
    rows = np.full(len(encoded.dictionary), -1)
    at = np.flatnonzero(told)
    rows[codes[at]] = at  # of a key told twice the later row stays
    return encoded.dictionary, rows


def told_now(table: pa.Table, key: str, column: str) -> dict[str, Any]:
    """Return the last told value of a column for each key.

    None where it was cleared since, or told in a way that nobody can read.
    """
    import pyarrow as pa

    keys, rows = last_told(table, key, column)
    values = table.column(column).take(pa.array(rows, mask=rows < 0))
    return dict(zip(keys.to_pylist(), values.to_pylist(), strict=True))


def outlines_now(table: pa.Table, key: str) -> dict[str, bytes]:
    """Return the outline of each key as the ledger holds it now: a cleared one is none."""
    return {
        name: shape for name, shape in told_now(table, key, "geometry").items() if shape is not None
    }


def told_in(table: pa.Table, column: str, rows: Rows) -> NDArray[np.bool_]:
    """Tell of each of some rows whether it tells a value; -1 is no row."""
    import numpy as np
    import pyarrow.compute as pc

    there = np.zeros(len(rows), dtype=bool)
    told = _array(pc.is_valid(table.column(column)))
    there[rows >= 0] = told[rows[rows >= 0]]
    return there


def outlines_by_rows(table: pa.Table, rows: Rows) -> Iterator[tuple[Rows, list[bytes]]]:
    """Yield the outlines that stand in some rows, with their rows, some ten thousand at a time."""
    import numpy as np
    import pyarrow as pa

    wanted = np.zeros(len(table), dtype=bool)
    wanted[rows] = True
    shapes = table.column("geometry")
    for start in range(0, len(table), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        if some.any():
            found = shapes.slice(start, AT_ONCE).filter(pa.array(some))
            yield start + np.flatnonzero(some), found.to_pylist()


def _array(flags: pa.ChunkedArray) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = flags.to_numpy()
    return found.copy()  # Arrow's own is not to be written to


def retold(table: pa.Table, key: str, column: str) -> tuple[pa.Array, Rows, Rows]:
    """Return every value that was told before the one that stands now, and is another.

    Returns:
        The keys; beside them the rows that stand now, and the rows that told another value before,
        in the order told. A key that was told several values stands there as often.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    keys, rows = last_told(table, key, column)
    codes = pc.index_in(table.column(key), keys).to_numpy()
    now = rows[codes]
    told = _array(pc.is_valid(table.column(column)))
    before = np.flatnonzero(told & (now > np.arange(len(table))))
    now = now[before]
    if not len(before):  # nearly always: then no copy of all outlines is made
        return keys.slice(0, 0), now, before
    values = table.column(column).combine_chunks()
    other = pc.not_equal(values.take(pa.array(before)), values.take(pa.array(now)))
    there = pc.fill_null(other, False).to_numpy(zero_copy_only=False)  # null: cleared now
    before, now = before[there], now[there]
    return keys.take(pa.array(codes[before])), now, before
