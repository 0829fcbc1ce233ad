"""Rows of a store as Arrow columns: every told value exact, chunk by chunk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from landwatch.language.columns import Column, ColumnType
from landwatch.store import blobs, spoiled
from landwatch.store.column_types import DIGITS

_CHUNK = 20_000
_SURE = 1e15
"""Below it, a DOUBLE times a power of ten is nearer to the whole number told than to any other."""

Columns = Sequence[tuple[str, Column]]


def arrow_type(column: Column) -> pa.DataType:
    """Return what the column is in Arrow."""
    if column.holds is ColumnType.DECIMAL:
        return pa.decimal128(DIGITS, column.places)
    return _TYPES[column.holds]


_TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.CODE: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.YES_NO: pa.bool_(),
    ColumnType.GEOMETRY: pa.large_binary(),
}


def arrow_schema(columns: Columns) -> pa.Schema:
    """Return the names and types of the table."""
    return pa.schema([(name, arrow_type(column)) for name, column in columns])


def table_of_tuples(cursor: Any, columns: Columns) -> pa.Table:
    """Return what a sqlite3 cursor yields, turned from rows to columns chunk by chunk."""
    return pa.Table.from_batches(batches_of_tuples(cursor, columns), arrow_schema(columns))


def batches_of_tuples(cursor: Any, columns: Columns) -> Iterator[pa.RecordBatch]:
    """Yield what a sqlite3 cursor yields, turned from rows to columns chunk by chunk."""
    schema = arrow_schema(columns)
    while rows := cursor.fetchmany(_CHUNK):
        yield pa.RecordBatch.from_arrays(
            _arrays(zip(*rows, strict=True), columns, _MAKERS), schema=schema
        )


def _arrays(
    by_column: Iterable[tuple[Any, ...]],
    columns: Columns,
    makers: Mapping[ColumnType, spoiled.Make],
) -> list[pa.Array]:
    """Return the cells of some rows as columns; what a column cannot hold is marked unreadable."""
    arrays, found = [], dict[str, tuple[int, ...]]()
    for cells, (name, column) in zip(by_column, columns, strict=True):
        if cells.count(None) == len(cells):
            arrays.append(_untold(column, len(cells)))
            continue
        array, places = spoiled.held(makers.get(column.holds, _plain), cells, column)
        arrays.append(array)
        if places:
            found[name] = places
    if found:
        place = [name for name, _ in columns].index(spoiled.MARK)
        marks = spoiled.marked(arrays[place].to_pylist(), found)
        arrays[place] = pa.array(marks, pa.string())
    return arrays


def _untold(column: Column, rows: int) -> pa.Array:
    """Return a chunk of which nothing was told: most columns of most ledgers."""
    return pa.nulls(rows, arrow_type(column))


def _plain(cells: tuple[Any, ...], column: Column) -> pa.Array:
    return pa.array(cells, arrow_type(column))


def _days(cells: tuple[str | None, ...], _: Column) -> pa.Array:
    return pa.array(cells, pa.string()).cast(pa.date32())


def _yes_no(cells: tuple[int | None, ...], _: Column) -> pa.Array:
    return pa.array(cells, pa.int8()).cast(pa.bool_())


def _shapes(cells: tuple[bytes | None, ...], _: Column) -> pa.Array:
    return pa.array(
        [None if blob is None else blobs.wkb_of(blob) for blob in cells], pa.large_binary()
    )


def _exact(cells: tuple[float | None, ...], column: Column) -> pa.Array:
    return decimals(np.array(cells, dtype=np.float64), column.places)


def decimals(doubles: npt.NDArray[np.float64], places: int) -> pa.Array:
    """Return the decimals that the DOUBLEs were told as; NaN is missing.

    Raises:
        OverflowError: one has more digits than a number of the ledger.

    >>> decimals(np.array([68507.52, np.nan]), 4).to_pylist()
    [Decimal('68507.5200'), None]
    """
    missing = np.isnan(doubles)
    with np.errstate(over="ignore"):
        scaled = np.rint(np.where(missing, 0.0, doubles) * 10.0**places)
    if (np.abs(scaled) >= 10.0**DIGITS).any():
        raise OverflowError(f"more than {DIGITS} digits")
    whole = np.empty((len(doubles), 2), dtype=np.int64)
    whole[:, 0] = scaled
    for i in np.flatnonzero(np.abs(scaled) >= _SURE):
        shortest = Decimal(repr(float(doubles[i])))
        whole[i, 0] = int(shortest.scaleb(places).to_integral_value())
    whole[:, 1] = whole[:, 0] >> 63  # 128 bits: the sign fills the upper half
    told = pa.array(~missing).buffers()[1]
    kind = pa.decimal128(DIGITS, places)
    return pa.Array.from_buffers(kind, len(doubles), [told, pa.py_buffer(whole.tobytes())])


_MAKERS: dict[ColumnType, spoiled.Make] = {
    ColumnType.DATE: _days,
    ColumnType.YES_NO: _yes_no,
    ColumnType.DECIMAL: _exact,
    ColumnType.GEOMETRY: _shapes,
}


def table_of_csv(blocks: Iterable[bytes | bytearray | memoryview], columns: Columns) -> pa.Table:
    """Return what PostgreSQL's COPY yields as CSV; an unquoted empty cell is missing."""
    schema = arrow_schema(columns)
    hexed = [name for name, column in columns if column.holds is ColumnType.GEOMETRY]
    types = {field.name: pa.string() if field.name in hexed else field.type for field in schema}
    with tempfile.TemporaryFile() as spool:
        for block in blocks:
            spool.write(block)
        if not spool.tell():
            return schema.empty_table()
        try:
            table = _csv(spool, schema.names, types)
        except pa.ArrowInvalid:  # NaN, an infinite day: looked for cell by cell
            return _of_texts(_csv(spool, schema.names, dict.fromkeys(types, pa.string())), columns)
    for name in hexed:
        table = table.set_column(table.schema.get_field_index(name), name, _unhexed(table[name]))
    return table.cast(schema)


def _csv(spool: Any, names: list[str], types: Mapping[str, pa.DataType]) -> pa.Table:
    spool.seek(0)
    return pyarrow.csv.read_csv(
        spool,
        pyarrow.csv.ReadOptions(column_names=names),
        pyarrow.csv.ParseOptions(newlines_in_values=True),
        pyarrow.csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _of_texts(table: pa.Table, columns: Columns) -> pa.Table:
    """Return what COPY yielded as texts, as columns; what one cannot hold is marked unreadable."""
    texts = (tuple(column.to_pylist()) for column in table.columns)
    return pa.Table.from_arrays(_arrays(texts, columns, _FROM_TEXT), schema=arrow_schema(columns))


def _shapes_from_hex(cells: tuple[str | None, ...], _: Column) -> pa.Array:
    return _unhexed(pa.array(cells, pa.string()))


def _numbers_from_text(cells: tuple[str | None, ...], column: Column) -> pa.Array:
    told = [None if cell is None else Decimal(cell) for cell in cells]
    if any(number is not None and not number.is_finite() for number in told):
        raise ValueError("NaN")
    return pa.array(told, arrow_type(column))


def _yes_no_from_text(cells: tuple[str | None, ...], _: Column) -> pa.Array:
    return pa.array([None if cell is None else cell == "t" for cell in cells], pa.bool_())


def _whole_from_text(cells: tuple[str | None, ...], _: Column) -> pa.Array:
    return pa.array(cells, pa.string()).cast(pa.int64())


_FROM_TEXT: dict[ColumnType, spoiled.Make] = {
    ColumnType.DATE: _days,
    ColumnType.YES_NO: _yes_no_from_text,
    ColumnType.DECIMAL: _numbers_from_text,
    ColumnType.INTEGER: _whole_from_text,
    ColumnType.GEOMETRY: _shapes_from_hex,
}


def _unhexed(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    texts = cells.to_pylist()
    return pa.array(
        [None if text is None else bytes.fromhex(text) for text in texts], pa.large_binary()
    )
