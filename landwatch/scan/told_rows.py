"""The rows of a ledger for the engine: a table in memory, or files of a store's mirror."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landwatch.language.columns import COLUMNS, Kind
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.scan.extent import blank
from landwatch.store import MirroredRows

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

Told: TypeAlias = "pa.Table | MirroredRows"

_MARKS = ("cleared", "unreadable")


def told_names(rows: Told) -> frozenset[str]:
    """Return the columns that any row tells; the others are blank throughout."""
    if isinstance(rows, MirroredRows):
        return rows.told
    names = zip(rows.column_names, rows.columns, strict=True)
    return frozenset(name for name, cells in names if cells.null_count < len(cells))


def all_tell(rows: Told, name: str) -> bool:
    """Tell whether every row tells a column."""
    import pyarrow.parquet as pq

    if not isinstance(rows, MirroredRows):
        return not rows.column(name).null_count
    for file in rows.files:
        told = pq.ParquetFile(file).metadata
        place = told.schema.names.index(name)
        parts = (told.row_group(part).column(place) for part in range(told.num_row_groups))
        if any(part.statistics is None or part.statistics.null_count for part in parts):
            return False
    return True


def may_tell_between(rows: Told, name: str, first: date, last: date) -> bool:
    """Tell whether any row may tell a day between two, both included; files tell their bounds."""
    import pyarrow.parquet as pq

    if not isinstance(rows, MirroredRows) or name not in rows.told:
        return name in told_names(rows)
    for file in rows.files:
        told = pq.read_metadata(file)
        place = told.schema.names.index(name)
        for part in range(told.num_row_groups):
            known = told.row_group(part).column(place).statistics
            if known is None or not known.has_min_max:
                if known is None or known.null_count != told.row_group(part).num_rows:
                    return True
            elif known.min <= last and known.max >= first:
                return True
    return False


class Rows:
    """The rows of a kind, read one column at a time, in the order of recording."""

    def __init__(self, kind: Kind, rows: Told) -> None:
        """Read nothing yet."""
        if not isinstance(rows, MirroredRows) and rows.num_rows:
            ids = rows.column("record_id").to_numpy()
            if np.any(ids[1:] < ids[:-1]):
                rows = rows.sort_by("record_id")
        self._kind, self._rows = kind, rows
        self.told = told_names(rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column; one that nobody tells is blank."""
        import pyarrow as pa

        if name not in self.told:
            return pa.chunked_array([pa.nulls(len(self), self._type(name))])
        if isinstance(self._rows, MirroredRows):
            return self._kept(self._read(name))
        return self._rows.column(name)

    @cached_property
    def _count(self) -> int:
        if isinstance(self._rows, MirroredRows):
            return sum(self._rows.rows) if self._known is None else int(self._known.sum())
        return int(self._rows.num_rows)

    def __len__(self) -> int:
        return self._count

    def key_marks(self, engine: duckdb.DuckDBPyConnection) -> NDArray[np.uint64]:
        """Return a number for each row, the same for rows of one key (and seldom for others)."""
        if isinstance(self._rows, MirroredRows) and "key_mark" in self.told:
            marks: NDArray[np.uint64] = self._kept(self._read("key_mark")).to_numpy()
            return marks
        import pyarrow as pa

        engine.register("keys_told", pa.table({"key": self.column("key")}))
        try:
            found = engine.sql("SELECT hash(key) AS mark FROM keys_told").fetchnumpy()["mark"]
        finally:
            engine.unregister("keys_told")
        return np.asarray(found, dtype=np.uint64)

    def taken(self, places: NDArray[np.int64], columns: Collection[str]) -> pa.Table:
        """Return some rows in their order, with their keys, records and marks."""
        import pyarrow as pa

        names = ("key", "record_id", *_MARKS, *sorted(columns))
        told = [name for name in names if name in self.told]
        if isinstance(self._rows, MirroredRows) and len(places):
            found = self._taken_from_files(places, told)
        else:
            found = pa.table({name: self.column(name).take(pa.array(places)) for name in told})
        columns = {
            name: found.column(name) if name in told else pa.nulls(len(places), self._type(name))
            for name in names
        }
        return pa.table(columns)

    def _taken_from_files(self, places: NDArray[np.int64], names: Sequence[str]) -> pa.Table:
        """Return some rows, read part by part: a column of millions takes room for few of them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._known is not None:
            places = np.flatnonzero(self._known)[places]
        parts: list[pa.Table] = []
        begins = 0
        for path, told in self._files:
            with pq.ParquetFile(path, metadata=told, pre_buffer=False) as file:
                for part in range(told.num_row_groups):
                    ends = begins + told.row_group(part).num_rows
                    here = slice(*np.searchsorted(places, (begins, ends)))
                    if here.start < here.stop:
                        rows = file.read_row_group(part, columns=list(names), use_threads=False)
                        parts.append(rows.take(pa.array(places[here] - begins)))
                    begins = ends
        return pa.concat_tables(parts)

    def _type(self, name: str) -> Any:
        import pyarrow as pa

        from landwatch.store.arrow import arrow_type

        known = {column.name: column for column in COLUMNS[self._kind]}
        if name in ("record_id", "import_id", "row"):
            return pa.int64()
        return arrow_type(known[name]) if name in known else pa.string()

    def _read(self, name: str) -> pa.ChunkedArray:
        """Return a column of all files; each call reads by readers of its own.

        Several threads ask for columns, and a Parquet reader serves one at a time: two that share
        one may wait for each other for ever.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        chunks: list[pa.Array] = []
        for path, told in self._files:
            with pq.ParquetFile(path, metadata=told, pre_buffer=False) as file:
                chunks += file.read(columns=[name], use_threads=False).column(0).chunks
        return pa.chunked_array(chunks)

    @cached_property
    def _files(self) -> list[tuple[Path, pq.FileMetaData]]:
        import pyarrow.parquet as pq

        assert isinstance(self._rows, MirroredRows)
        return [(path, pq.read_metadata(path)) for path in self._rows.files]

    def _kept(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        import pyarrow as pa

        return cells if self._known is None else cells.filter(pa.array(self._known))

    @cached_property
    def _known(self) -> NDArray[np.bool_] | None:
        """Return which rows of the files were known at the moment; None where all were."""
        assert isinstance(self._rows, MirroredRows)
        if not (self._rows.not_yet or self._rows.hidden):
            return None
        later = np.isin(self._read("import_id").to_numpy(), self._rows.not_yet)
        gone = np.isin(self._read("record_id").to_numpy(), self._rows.hidden)
        return ~(later | gone)


def told_sql(
    engine: duckdb.DuckDBPyConnection,
    kind: Kind,
    rows: Told,
    columns: Collection[str],
    blanks: Mapping[str, str],
) -> str:
    """Return the SQL of the rows with these columns and blank ones; what it names is registered.

    Beside them there are `key`, `record_id` and the marks of a row.
    """
    told = told_names(rows)
    marks = [mark if mark in told else f"CAST(NULL AS VARCHAR) AS {mark}" for mark in _MARKS]
    if isinstance(rows, MirroredRows) and not rows.files:
        types = {column.name: blank(column) for column in COLUMNS[kind]}
        none = ", ".join(f"{types[name]} AS {quoted(name)}" for name in sorted({*columns, *blanks}))
        return f"SELECT '' AS key, 0 AS record_id, {', '.join(marks)}, {none} WHERE FALSE"
    cells = [quoted(name) for name in sorted(columns)]
    cells += [f"{sql} AS {quoted(name)}" for name, sql in blanks.items()]
    listed = ", ".join(("key", "record_id", *marks, *cells))
    if not isinstance(rows, MirroredRows):
        engine.register(f"rows_{kind.value}", rows)
        return f"SELECT {listed} FROM rows_{kind.value}"
    return f"SELECT {listed} FROM {_files_sql(engine, kind, rows)}"


def records_sql(engine: duckdb.DuckDBPyConnection, kind: Kind, rows: MirroredRows) -> str:
    """Return the SQL of mirrored rows with all their columns; what it names is registered."""
    if rows.files:
        return f"SELECT * FROM {_files_sql(engine, kind, rows)}"
    cells = ", ".join(f"{blank(column)} AS {quoted(column.name)}" for column in COLUMNS[kind])
    marks = ", ".join(f"CAST(NULL AS VARCHAR) AS {mark}" for mark in _MARKS)
    ids = "'' AS key, 0 AS record_id, 0 AS import_id"
    return f"SELECT {ids}, {marks}, {cells} WHERE FALSE"


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
