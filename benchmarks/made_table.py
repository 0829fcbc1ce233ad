"""Arrow columns of a made ledger: exact numbers, days, texts by numpy, untold ones for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from landwatch.language.columns import ColumnType, Kind
from landwatch.store import content
from landwatch.store.arrow import arrow_schema, arrow_type
from landwatch.store.column_types import DIGITS

Whole: TypeAlias = npt.NDArray[np.int64]
Truth: TypeAlias = npt.NDArray[np.bool_]
_CHUNK = 1 << 17


def schema_of(kind: Kind) -> pa.Schema:
    """Return the names and types that `Store.columns` gives of a kind."""
    told = [
        (name, column)
        for name, column in content.columns_of_kind(kind).items()
        if column.holds is not ColumnType.GEOMETRY
    ]
    return arrow_schema([*content.ROW_COLUMNS, *told, *content.MARKS])


def exact(whole: Whole, places: int, told: Truth | None = None) -> pa.Array:
    """Return decimals of whole numbers of the last place.

    >>> exact(np.array([1250000]), 4).to_pylist()
    [Decimal('125.0000')]
    """
    halves = np.empty((len(whole), 2), dtype=np.int64)
    halves[:, 0] = whole
    halves[:, 1] = whole >> 63
    mask = None if told is None else pa.array(told).buffers()[1]
    kind = pa.decimal128(DIGITS, places)
    return pa.Array.from_buffers(kind, len(whole), [mask, pa.py_buffer(halves)])


def amounts(kind: Kind, name: str, doubles: npt.NDArray[np.float64], told: Truth) -> pa.Array:
    """Return numbers of a column, told with two decimals as a bureau tells them."""
    places = content.columns_of_kind(kind)[name].places
    hundredths = np.rint(np.where(told, doubles, 0.0) * 100).astype(np.int64)
    return exact(hundredths * 10 ** (places - 2), places, told)


def days(numbers: Whole, told: Truth) -> pa.Array:
    """Return the days of so many days since 1970."""
    return pa.array(numbers.astype(np.int32), mask=~told).cast(pa.date32())


def yes_no(values: Truth, told: Truth) -> pa.Array:
    """Return yes or no where it was told."""
    return pa.array(values, mask=~told)


def counts(values: Whole, told: Truth) -> pa.Array:
    """Return whole numbers where they were told."""
    return pa.array(values, mask=~told)


def picked(names: Iterable[str | None], places: Whole, told: Truth | None = None) -> pa.Array:
    """Return of each row the name at a place of a list."""
    at = pa.array(places, mask=None if told is None else ~told)
    return pa.array(list(names), pa.string()).take(at)


def numbered(before: Any, numbers: Whole, digits: int, after: str = "") -> pa.Array:
    """Return texts that hold a number of so many digits.

    >>> numbered("P", np.array([7]), 4, "号").to_pylist()
    ['P0007号']
    """
    padded = pc.utf8_slice_codeunits(pa.array(numbers + 10**digits).cast(pa.string()), 1)
    return pc.binary_join_element_wise(before, padded, after, "")


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one import: the told columns, the marks, the keys."""

    kind: Kind
    import_id: int
    key: pa.Array
    told: Mapping[str, pa.Array]
    marks: Mapping[str, pa.Array] = field(default_factory=dict)

    def table(self, after: int) -> pa.Table:
        """Return the rows as the store gives them; `after` is the last number already given."""
        rows = len(self.key)
        numbers = np.arange(1, rows + 1)
        given: dict[str, Any] = {
            "record_id": pa.array(numbers + after),
            "import_id": pa.array(np.full(rows, self.import_id)),
            "key": self.key,
            "row": pa.array(numbers + 1),
            **self.told,
            **self.marks,
        }
        schema = schema_of(self.kind)
        assert given.keys() <= set(schema.names)
        columns = [given[f.name] if f.name in given else untold(f.type, rows) for f in schema]
        return pa.Table.from_arrays(columns, schema=schema)


def untold(kind: pa.DataType, rows: int) -> pa.ChunkedArray:
    """Return a column of which nothing is told; its chunks are one piece of memory."""
    blank = _blank(kind)
    pieces = [blank] * (rows // _CHUNK) + [blank.slice(0, rows % _CHUNK)]
    return pa.chunked_array(pieces, kind)


@cache
def _blank(kind: pa.DataType) -> pa.Array:
    return pa.nulls(_CHUNK, kind)


def stacked(blocks: Iterable[Block]) -> pa.Table:
    """Return the rows of all imports of a kind, numbered on."""
    tables: list[pa.Table] = []
    after = 0
    for block in blocks:
        tables.append(block.table(after))
        after += len(block.key)
    return pa.concat_tables(tables)


def key_columns(kind: Kind, *columns: Any) -> pa.Array:
    """Return the key of rows whose key columns hold no sign that would have to be escaped."""
    texts = [c if isinstance(c, str) else pc.fill_null(c.cast(pa.string()), "") for c in columns]
    if len(texts) == 1:
        return texts[0]
    joined = pc.binary_join_element_wise(*texts, "|")
    assert arrow_type(content.columns_of_kind(kind)["contract_id"]) == joined.type
    return joined
