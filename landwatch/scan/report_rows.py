"""The reports of a ledger, sorted by contract and by the order in which they speak.

Order of reports: by day, on one day by source (an inspection speaks last, so it decides), then by
recording. Columns are read one at a time and kept as numbers with a mask of what is told, so that
millions of reports need little room. Days are counted from 1970-01-01; `NONE` is no day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.terms import ProgressSource
from landwatch.scan.extent import Extent
from landwatch.scan.merge import merged_sql
from landwatch.scan.told_rows import Rows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Days: TypeAlias = NDArray[np.int32]
Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

NONE = np.iinfo(np.int32).min
"""No day: earlier than all."""
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return a day counted from 1970-01-01."""
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True)
class Cells:
    """One column: a number for each row, and whether the row tells it.

    Exact numbers are counted in their last decimal, texts by their place among `texts`.
    """

    values: NDArray[np.int64] | NDArray[np.int32] | Mask
    told: Mask
    texts: tuple[str, ...] = ()

    def taken(self, places: Places) -> Cells:
        """Return the cells of some rows."""
        return Cells(self.values[places], self.told[places], self.texts)

    def are(self, *texts: str) -> Mask:
        """Tell of each row whether it tells one of some texts."""
        wanted = [place for place, text in enumerate(self.texts) if text in texts]
        return self.told & np.isin(self.values, wanted)


NO_CELLS = Cells(np.empty(0, dtype=np.int32), np.empty(0, dtype=bool))


def cells_of(column: pa.ChunkedArray | pa.Array) -> Cells:
    """Return an Arrow column as numbers."""
    import pyarrow as pa

    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(one, pa.ChunkedArray):  # none, or more than one array can hold
        one = pa.concat_arrays(one.chunks) if one.num_chunks else pa.array([], one.type)
    told = np.asarray(one.is_valid())
    if pa.types.is_string(one.type) or pa.types.is_large_string(one.type):
        coded = one.dictionary_encode()
        values = coded.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
        return Cells(values, told, tuple(coded.dictionary.to_pylist()))
    if pa.types.is_decimal(one.type):
        whole = np.frombuffer(one.buffers()[1], dtype=np.int64)
        first = one.offset * 2
        return Cells(whole[first : first + 2 * len(one) : 2], told)
    if pa.types.is_date32(one.type):
        return Cells(one.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False), told)
    blank = False if pa.types.is_boolean(one.type) else 0
    return Cells(one.fill_null(blank).to_numpy(zero_copy_only=False), told)


def arrow_of(column: Column, cells: Cells) -> pa.Array:
    """Return numbers as the Arrow column that they came from."""
    import pyarrow as pa

    from landwatch.store.arrow import arrow_type

    kind = arrow_type(column)
    if cells.texts:
        coded = pa.array(cells.values, mask=~cells.told)
        return pa.DictionaryArray.from_arrays(coded, pa.array(cells.texts, kind)).cast(kind)
    if column.holds is ColumnType.DECIMAL:
        whole = np.empty((len(cells.values), 2), dtype=np.int64)
        whole[:, 0] = cells.values
        whole[:, 1] = whole[:, 0] >> 63  # 128 bits: the sign fills the upper half
        told = pa.array(cells.told).buffers()[1]
        return pa.Array.from_buffers(kind, len(whole), [told, pa.py_buffer(whole.tobytes())])
    if not len(cells.values) or cells.values.dtype == object:
        return pa.nulls(len(cells.told), kind)
    values = cells.values.astype(bool) if column.holds is ColumnType.YES_NO else cells.values
    return pa.array(values, mask=~cells.told).cast(kind)


class ReportRows:
    """The reports on known contracts made by a day, sorted; a column is read when it is asked for.

    `contract` is the number of each row's contract (from 0), `day` the day on which it was seen,
    `strength` that of its source.
    """

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        rows: Rows,
        numbers: Places,
        as_of: date,
        extent: Extent,
    ) -> None:
        """Sort the rows. `numbers` is the contract of each row as told, below 0 where unknown."""
        self._rows, self._as_of = rows, day_number(as_of)
        self._columns = columns_of(Kind.PROGRESS)
        self._merged = _merged(engine, rows, extent)
        observed, source = self._whole("observed_on"), self._whole("source")
        order = {str(one): one.strength for one in ProgressSource}
        ranks = np.array([order.get(text, 0) for text in source.texts] or [0], dtype=np.int64)
        strength = np.where(source.told, ranks[source.values], 0)
        speaks = observed.told & (observed.values <= self._as_of) & (numbers >= 0)
        speaks &= self._merged.stands
        among = np.flatnonzero(speaks)
        said = (observed.values[among].astype(np.int64) - NONE) << 3 | strength[among]
        place = _sorted(numbers[among], said)
        self._place = among[place]
        self.contract: Places = numbers[self._place]
        self.day: Days = observed.values[self._place].astype(np.int32)
        self.strength: Places = strength[self._place]

    def __len__(self) -> int:
        return len(self._place)

    def cells(self, name: str) -> Cells:
        """Return a column of the sorted rows; a day after the day of the scan is unsaid."""
        found = self._whole(name).taken(self._place)
        if name in self._columns and self._columns[name].holds is ColumnType.DATE:
            return Cells(found.values, found.told & (found.values <= self._as_of))
        return found

    def records(self, places: Places) -> Places:
        """Return the records of some sorted rows."""
        ids: Places = self._rows.column("record_id").to_numpy()[self._place[places]]
        return ids

    def told(self, name: str) -> bool:
        """Tell whether any row, of whatever day, tells a column."""
        merged = self._merged.cells.get(name)
        return name in self._rows.told or (merged is not None and bool(merged.told.any()))

    def marked(self) -> Places:
        """Return the contracts that have a report with a cell in it which cannot be read."""
        if not self.told("unreadable"):
            return np.empty(0, dtype=np.int64)
        found: Places = np.unique(self.contract[self._whole("unreadable").told[self._place]])
        return found

    def table(self, places: Places, names: list[str]) -> pa.Table:
        """Return some sorted rows as they speak, with `rank`, their place in the order."""
        import pyarrow as pa

        columns = {name: self._some(name, places) for name in names}
        unreadable = self._whole("unreadable").taken(self._place).taken(places)
        text = Column("unreadable", ColumnType.TEXT, "", "")
        return pa.table({"rank": places + 1, "unreadable": arrow_of(text, unreadable), **columns})

    def _some(self, name: str, places: Places) -> pa.Array:
        """Return a column of some sorted rows; of none, without reading it."""
        import pyarrow as pa

        from landwatch.store.arrow import arrow_type

        column = self._columns.get(name) or Column(name, ColumnType.TEXT, "", "")
        if not len(places):
            return pa.nulls(0, arrow_type(column))
        return arrow_of(column, self.cells(name).taken(places))

    @cached_property
    def firsts(self) -> Places:
        """Return the place of the first row of each contract that has rows."""
        return firsts(self.contract)

    def _whole(self, name: str) -> Cells:
        found = cells_of(self._rows.column(name))
        patch = self._merged.cells.get(name)
        if patch is None:
            return found
        return _patched(found, self._merged.places, patch)


@dataclass(frozen=True, slots=True)
class _Merged:
    """Keys that were told more than once: which rows stand, and the cells of those that do."""

    stands: Mask
    places: Places
    cells: dict[str, Cells]


def _merged(engine: duckdb.DuckDBPyConnection, rows: Rows, extent: Extent) -> _Merged:
    """Merge the rows of keys that were told more than once into the last of each."""
    marks = rows.key_marks(engine)
    stands = np.ones(len(marks), dtype=bool)
    ordered = np.sort(marks)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(again):
        return _Merged(stands, np.empty(0, dtype=np.int64), {})
    places = np.flatnonzero(np.isin(marks, again))
    columns = extent.columns(Kind.PROGRESS)
    engine.register("told_again", rows.taken(places, columns))
    try:
        merged = engine.sql(merged_sql(Kind.PROGRESS, "told_again", columns)).to_arrow_table()
    finally:
        engine.unregister("told_again")
    ids = rows.column("record_id").to_numpy()
    stands[places] = False
    last = np.searchsorted(ids, merged.column("record_id").to_numpy())
    stands[last] = True
    names = {*columns, "unreadable"}
    return _Merged(stands, last, {name: cells_of(merged.column(name)) for name in names})


def _patched(found: Cells, places: Places, patch: Cells) -> Cells:
    """Return a column with other cells in some places."""
    told, texts = found.told.copy(), found.texts
    told[places] = patch.told
    values, other = found.values.copy(), patch.values
    if patch.texts:
        texts = (*found.texts, *patch.texts)
        other = patch.values + len(found.texts)
    values[places] = other
    return Cells(values, told, texts)


def _sorted(numbers: Places, said: Places) -> Places:
    """Return the order of rows by contract and by what was said when; rows told later come later.

    One number that carries all three is sorted several times as fast as an order is found.
    """
    if not len(numbers):
        return np.empty(0, dtype=np.int64)
    said = said - said.min()
    bits = [max(1, int(one).bit_length()) for one in (numbers.max(), said.max(), len(said))]
    if sum(bits) > 62:
        return np.lexsort((said, numbers))
    packed = (numbers << (bits[1] + bits[2])) | (said << bits[2]) | np.arange(len(said))
    packed.sort()
    places: Places = packed & ((1 << bits[2]) - 1)
    return places


def firsts(groups: Places) -> Places:
    """Return the place of the first row of each group, where rows of a group stand together."""
    if not len(groups):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1])))


def lasts(groups: Places) -> Places:
    """Return the place of the last row of each group, where rows of a group stand together."""
    begins = firsts(groups)
    return np.append(begins[1:], len(groups)) - 1 if len(begins) else begins


def latest(of: Places, days: Days, contracts: int) -> Days:
    """Return the latest of the days of each contract; rows of a contract stand together."""
    found = np.full(contracts, NONE, dtype=np.int32)
    if len(of):
        begins = firsts(of)
        found[of[begins]] = np.maximum.reduceat(days, begins)
    return found


def earliest(of: Places, days: Days, contracts: int) -> Days:
    """Return the earliest of the days of each contract; rows of a contract stand together."""
    found = np.full(contracts, NONE, dtype=np.int32)
    if len(of):
        begins = firsts(of)
        found[of[begins]] = np.minimum.reduceat(days, begins)
    return found
