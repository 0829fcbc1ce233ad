"""The reports of a ledger, sorted by contract and by the order in which they speak.

Order of reports: by day, on one day by source (an inspection speaks last, so it decides), then by
recording. Columns are read one at a time and kept as numbers with a mask of what is told, so that
millions of reports need little room. Days are counted from 1970-01-01; `NONE` is no day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

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
Places: TypeAlias = NDArray[np.signedinteger[Any]]
Mask: TypeAlias = NDArray[np.bool_]

NONE = np.iinfo(np.int32).min
"""No day: earlier than all."""
_MANY = np.iinfo(np.int32).max
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return a day counted from 1970-01-01."""
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True)
class Cells:
    """One column: a number for each row, and whether the row tells it.

    Exact numbers are counted in their last decimal, texts by their place among `texts`.
    """

    values: NDArray[Any]
    told: Mask
    texts: tuple[str, ...] = ()

    def taken(self, places: Places) -> Cells:
        """Return the cells of some rows."""
        return Cells(self.values[places], self.told[places], self.texts)

    def are(self, *texts: str) -> Mask:
        """Tell of each row whether it tells one of some texts."""
        if not self.texts:
            return np.zeros(len(self.told), dtype=bool)
        wanted = np.array([text in texts for text in self.texts])
        found: Mask = self.told & wanted[self.values]
        return found


NO_CELLS = Cells(np.empty(0, dtype=np.int32), np.empty(0, dtype=bool))


def cells_of(column: pa.ChunkedArray | pa.Array) -> Cells:
    """Return an Arrow column as numbers; those of cells that are not told mean nothing."""
    import pyarrow as pa

    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    told = _joined([_told_in(chunk) for chunk in chunks], bool)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        coded = column.dictionary_encode()
        chunks = coded.chunks if isinstance(coded, pa.ChunkedArray) else [coded]
        texts = tuple(chunks[0].dictionary.to_pylist()) if chunks else ()
        return Cells(_joined([_texts_of(chunk, texts) for chunk in chunks]), told, texts)
    return Cells(_joined([_numbers_of(chunk) for chunk in chunks]), told)


def _joined(parts: Sequence[NDArray[Any]], none: type = np.int32) -> NDArray[Any]:
    """Return the numbers of all chunks of a column; of one chunk as they lie."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, dtype=none)


def _told_in(chunk: pa.Array) -> Mask:
    if not chunk.null_count:
        return np.ones(len(chunk), dtype=bool)
    return np.asarray(chunk.is_valid())


def _texts_of(chunk: pa.DictionaryArray, texts: Sequence[str]) -> NDArray[Any]:
    """Return the places of texts, in as few bytes as they need."""
    places = _numbers_of(chunk.indices)
    if chunk.indices.null_count:
        places = np.where(_told_in(chunk.indices), places, 0)
    return places.astype(np.int8 if len(texts) < 127 else np.int32)


def _numbers_of(chunk: pa.Array) -> NDArray[Any]:
    """Return the numbers of a chunk as they lie in memory, exact ones counted in their last place.

    Days are counted from 1970-01-01. Of an exact number in 128 bits the lower half says all: a
    ledger's have 18 digits.
    """
    import pyarrow as pa

    if pa.types.is_boolean(chunk.type):
        return np.asarray(chunk.fill_null(False))
    if pa.types.is_null(chunk.type):
        return np.zeros(len(chunk), dtype=np.int32)
    held = chunk.buffers()[1]
    if held is None or not len(chunk):
        return np.zeros(len(chunk), dtype=np.int32)
    begin, end = chunk.offset, chunk.offset + len(chunk)
    if pa.types.is_decimal128(chunk.type):
        return np.frombuffer(held, dtype=np.int64)[2 * begin : 2 * end : 2]
    width = np.int32 if chunk.type.bit_width == 32 else np.int64
    return np.frombuffer(held, dtype=width)[begin:end]


def fact_type(column: Column) -> pa.DataType:
    """Return how a fact is held for the engine: an exact number in 64 bits, half of a store's."""
    import pyarrow as pa

    from landwatch.store.arrow import arrow_type

    held = arrow_type(column)
    return pa.decimal64(held.precision, held.scale) if pa.types.is_decimal(held) else held


def arrow_of(column: Column, cells: Cells) -> pa.Array:
    """Return numbers as the Arrow column that they came from."""
    import pyarrow as pa

    kind = fact_type(column)
    if cells.texts:
        coded = pa.array(cells.values, mask=~cells.told)
        return pa.DictionaryArray.from_arrays(coded, pa.array(cells.texts, kind)).cast(kind)
    if column.holds is ColumnType.DECIMAL:
        whole = np.ascontiguousarray(cells.values, dtype=np.int64)
        told = pa.array(cells.told).buffers()[1]
        return pa.Array.from_buffers(kind, len(whole), [told, pa.py_buffer(whole)])
    if not len(cells.values) or cells.values.dtype == object:
        return pa.nulls(len(cells.told), kind)
    values = cells.values.astype(bool) if column.holds is ColumnType.YES_NO else cells.values
    return pa.array(values, mask=~cells.told).cast(kind)


@dataclass(frozen=True)
class SortedColumn:
    """A column of the sorted rows; only what is asked for is carried from where it was read."""

    _cells: Cells
    _place: Places

    @cached_property
    def told(self) -> Mask:
        """Tell of each sorted row whether it tells the column."""
        return self._cells.told[self._place]

    @cached_property
    def places(self) -> Places:
        """Return the sorted rows that tell it."""
        return np.flatnonzero(self.told)

    def at(self, places: Places) -> Cells:
        """Return the cells of some sorted rows."""
        return self._cells.taken(self._place[places])

    def last_places(self, contract: Places) -> Places:
        """Return the last row of each contract that tells it; `contract` is that of each row."""
        return self.places[lasts(contract[self.places])]

    def telling(self) -> Telling:
        """Return what it tells, and nothing of the rows that do not."""
        return Telling(len(self._place), self.places.astype(np.int32), self.at(self.places))


@dataclass(frozen=True, slots=True)
class Telling:
    """The sorted rows that tell a column, in order, and the cell of each."""

    rows: int
    places: Places
    cells: Cells

    def mask(self) -> Mask:
        """Tell of each sorted row whether it is among them."""
        found = np.zeros(self.rows, dtype=bool)
        found[self.places] = True
        return found

    def those(self, which: Mask) -> Telling:
        """Return some of them."""
        places = np.flatnonzero(which)
        return Telling(self.rows, self.places[places], self.cells.taken(places))

    def known_at(self, rows: Places, begins: Places) -> Cells:
        """Return what was told last by each of some rows, from the row on where its group begins.

        `rows` are sorted rows and `begins` the first row of the contract of each.
        """
        if not len(self.places):
            return Cells(np.zeros(len(rows), np.int32), np.zeros(len(rows), bool))
        last = np.cumsum(self.mask(), dtype=np.int32)[rows] - 1
        found = self.cells.taken(np.maximum(last, 0))
        told = (last >= 0) & (self.places[last] >= begins)
        return Cells(found.values, told, found.texts)


class ReportRows:
    """The reports on known contracts made by a day, sorted; a column is read when it is asked for.

    `contract` is the number of each row's contract (from 0), `day` the day on which it was seen,
    `strength` that of its source.
    """

    def __init__(self, rows: Rows, numbers: Places, merged: Merged, as_of: date) -> None:
        """Sort the rows. `numbers` is the contract of each row as told, below 0 where unknown."""
        self._rows, self._as_of = rows, day_number(as_of)
        self._columns = columns_of(Kind.PROGRESS)
        self._merged, self._numbers = merged, numbers
        observed, source = self._whole("observed_on"), self._whole("source")
        order = {str(one): one.strength for one in ProgressSource}
        ranks = np.array([order.get(text, 0) for text in source.texts] or [0], dtype=np.int8)
        strength = np.where(source.told, ranks[source.values], np.int8(0))
        stands = self._merged.stands & (numbers >= 0)
        self._dayless = np.flatnonzero(stands & ~observed.told)
        speaks = stands & observed.told & (observed.values <= self._as_of)
        among = np.flatnonzero(speaks)
        said = (observed.values[among].astype(np.int64) - NONE) << 3 | strength[among]
        place = _sorted(numbers[among], said)
        self._place: Places = among[place].astype(np.int32 if len(rows) < _MANY else np.int64)
        self.contract: Places = numbers[self._place]
        self.day: Days = observed.values[self._place].astype(np.int32)
        self.strength: Places = strength[self._place]

    def __len__(self) -> int:
        return len(self._place)

    def column(self, name: str) -> SortedColumn:
        """Return a column of the sorted rows; a day after the day of the scan is unsaid."""
        found = self._whole(name)
        if name in self._columns and self._columns[name].holds is ColumnType.DATE:
            found = Cells(found.values, found.told & (found.values <= self._as_of))
        return SortedColumn(found, self._place)

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
        found = self.contract[self._whole("unreadable").told[self._place]]
        return found[firsts(found)]

    def undated(self) -> Places:
        """Return the contracts that have a report made on a day that cannot be read."""
        if not len(self._dayless) or not self.told("unreadable"):
            return np.empty(0, dtype=np.int32)
        marks = self._whole("unreadable").taken(self._dayless)
        unread = marks.are(*(text for text in marks.texts if ";observed_on;" in text))
        found: Places = np.unique(self._numbers[self._dayless[unread]])
        return found

    def table(self, places: Places, names: list[str]) -> pa.Table:
        """Return some sorted rows as they speak, with `rank`, their place in the order."""
        import pyarrow as pa

        columns = {name: self._some(name, places) for name in names}
        unreadable = self._whole("unreadable").taken(self._place[places])
        text = Column("unreadable", ColumnType.TEXT, "", "")
        return pa.table({"rank": places + 1, "unreadable": arrow_of(text, unreadable), **columns})

    def _some(self, name: str, places: Places) -> pa.Array:
        """Return a column of some sorted rows; of none, without reading it."""
        import pyarrow as pa

        column = self._columns.get(name) or Column(name, ColumnType.TEXT, "", "")
        if not len(places):
            return pa.nulls(0, fact_type(column))
        return arrow_of(column, self.column(name).at(places))

    def _whole(self, name: str) -> Cells:
        found = cells_of(self._rows.column(name))
        patch = self._merged.cells.get(name)
        if patch is None:
            return found
        return _patched(found, self._merged.places, patch)


@dataclass(frozen=True, slots=True)
class Merged:
    """Keys that were told more than once: which rows stand, and the cells of those that do."""

    stands: Mask
    places: Places
    cells: dict[str, Cells]


def merged_reports(engine: duckdb.DuckDBPyConnection, rows: Rows, extent: Extent) -> Merged:
    """Merge the rows of keys that were told more than once into the last of each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    marks = rows.key_marks(engine)
    stands = np.ones(len(marks), dtype=bool)
    ordered = np.sort(marks)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(again):
        return Merged(stands, np.empty(0, dtype=np.int64), {})
    among = pc.is_in(pa.array(marks), value_set=pa.array(again[firsts(again)]))
    places = np.flatnonzero(np.asarray(among))
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
    return Merged(stands, last, {name: cells_of(merged.column(name)) for name in names})


def _patched(found: Cells, places: Places, patch: Cells) -> Cells:
    """Return a column with other cells in some places."""
    told, texts = found.told.copy(), found.texts
    told[places] = patch.told
    values, other = found.values, patch.values.astype(np.int64)
    if patch.texts:
        texts = (*found.texts, *patch.texts)
        other += len(found.texts)
        values = values.astype(np.int32)
    else:
        values = values.copy()
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
    packed = (
        (numbers.astype(np.int64) << (bits[1] + bits[2])) | (said << bits[2]) | np.arange(len(said))
    )
    packed.sort()
    places: Places = packed & ((1 << bits[2]) - 1)
    return places


def firsts(groups: NDArray[Any]) -> Places:
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
