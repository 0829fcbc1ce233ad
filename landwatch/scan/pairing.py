"""Which row of one scan stands beside which of another: the same contract, or park.

Most scans hold the same contracts in the same order; then nothing is looked up at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {"to_verify": "bool", "adopted": "bool", "clock_from": "day", "limit_on": "day",
          "days_past": "int", "measured": "float", "threshold": "float",
          "amount_wan": "float"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pairing:
    """The rows of two tables beside each other: places in either, null where it has none.

    `places` is None for a table whose rows stand in the order of the pairs as they are.
    """

    keys: tuple[pa.Array, pa.Array]
    places: tuple[pa.Array | None, pa.Array | None]
    count: int


def paired_keys(
    tables: tuple[pa.Table | None, pa.Table | None], key: str, last: Pairing | None
) -> Pairing:
    """Return the pairing of two tables by a key; `last` is used again where the keys are its."""
    import pyarrow as pa

    none = pa.array([], type=pa.string())
    keys = tuple(none if table is None else plain(table.column(key)) for table in tables)
    if last is not None and all(a.equals(b) for a, b in zip(keys, last.keys, strict=True)):
        return last
    before, after = keys
    if before.equals(after):
        return Pairing((before, after), (None, None), len(before))
    return _looked_up(before, after)


def _looked_up(before: pa.Array, after: pa.Array) -> Pairing:
    """Return the pairs of all keys of `after`, then those of `before` alone."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(after, value_set=before)
    gone = pc.invert(pc.is_in(before, value_set=after)).to_numpy(zero_copy_only=False)
    alone = pa.array(np.flatnonzero(gone), type=pa.int32())
    old = pa.concat_arrays([found.cast(pa.int32()), alone])
    at = pa.array(np.arange(len(after)), type=pa.int32())
    new = pa.concat_arrays([at, pa.nulls(len(alone), pa.int32())])
    return Pairing((before, after), (old, new), len(old))


def plain(column: Any) -> Any:
    """Return a column as one array of plain values, whatever it was packed as."""
    import pyarrow as pa

    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # of no chunk, or too long for one
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
        array = array.cast(pa.string())
    return array


@dataclass(frozen=True, slots=True)
class Side:
    """The outcomes of one scan in the order of the pairs."""

    table: pa.Table | None
    count: int
    columns: dict[str, Any]

    @classmethod
    def of(cls, table: pa.Table | None, pairs: Pairing, at: int, names: Sequence[str]) -> Side:
        """Return the named columns of a table, moved to the order of the pairs where need be."""
        if table is None:
            return cls(None, pairs.count, {})
        places = pairs.places[at]
        columns = {}
        for name in dict.fromkeys(names):
            if name in table.column_names:
                array = plain(table.column(name))
                columns[name] = array if places is None else array.take(places)
        return cls(table, pairs.count, columns)

    def column(self, name: str) -> Any:
        """Return a column of the outcomes."""
        return self.columns[name]

    def optional(self, name: str, at: Any) -> Any:
        """Return the cells of a column at some places; nulls where the scan has none of it."""
        import pyarrow as pa

        if name in self.columns:
            return self.columns[name].take(at)
        types = {"bool": pa.bool_(), "day": pa.date32(), "int": pa.int32(), "float": pa.float64()}
        return pa.nulls(len(at), types.get(_TYPES.get(name, ""), pa.string()))
