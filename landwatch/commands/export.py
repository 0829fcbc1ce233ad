"""Writing the ledger out, as it stands or as it was told, in files that can be taken in again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError
from landwatch.language.columns import COLUMNS, ColumnType, Kind

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.reports.ledger_tables import LedgerTable
    from landwatch.store import SourcePlace, Store

_CHUNK = 5_000
_MARKS = ("cleared", "unreadable")
_BESIDE_A_STORE = ("-wal", "-journal", "-shm")
"""What SQLite keeps beside a GeoPackage while it is written: without it the store is broken."""
_TOLD = (
    "record_id", "import_id", "recorded_at", "recorded_by", "file", "sheet", "row", "as_read",
)  # fmt: skip
"""What a history says of each record beside what the record tells."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written of the ledger: of what, in which form, with how many records."""

    kind: Kind
    path: Path
    form: str
    records: int


def export(
    url: str,
    kind: Kind,
    path: Path,
    *,
    form: str | None = None,
    known_at: datetime | None = None,
    history: bool = False,
    bom: bool = False,
    told: Told = silent,
) -> Exported:
    """Write the records of a kind as the ledger holds them, one of each key, or every one told.

    What stands cleared or could not be understood is named in two columns of its own, so that an
    import of the file into another store tells that store the same. With `history` every record is
    there as it was told, with its import, file, row and cells as read, superseded ones too.

    Args:
        url: the store.
        kind: which records.
        path: where to; its ending says the form, unless `form` does.
        form: one of csv, xlsx, gpkg, parquet, geojson.
        known_at: leave out what was recorded later.
        history: every record as told.
        bom: begin a CSV with the mark by which Excel knows UTF-8.
        told: hears of progress.

    Raises:
        UnknownNameError: neither the name nor `form` names a form.
        UsageError: the target is a file that the ledger was read from, one that belongs to a store,
            or none at all: a device, a pipe.
        LandwatchError: the file cannot be written there.
    """
    from landwatch.reports.ledger_tables import form_of, write_ledger

    chosen, store = form_of(path, form), bootstrap.the_store(url)
    _check_target(path)
    _spare_the_sources(store, path)
    count = _Count(kind, told)
    make = _as_told if history else _as_it_stands
    write_ledger(make(store, kind, known_at, count), path, chosen, bom=bom)
    return Exported(kind, path, chosen, count.records)


@dataclass(slots=True)
class _Count:
    """How many records went by, told as they go."""

    kind: Kind
    told: Told
    records: int = 0
    of: int = 0

    def passing(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches, counted."""
        for batch in batches:
            self.records += batch.num_rows
            self.told(str(self.kind), self.records, self.of)
            yield batch


def _check_target(path: Path) -> None:
    """Refuse a target that is no file, or one that SQLite keeps beside a store.

    Raises:
        UsageError: it is one.
    """
    try:
        real = path.resolve()
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UsageError("export.error.no_file", file=str(path))
        owners = [real.name.removesuffix(end) for end in _BESIDE_A_STORE if real.name.endswith(end)]
        if any(real.with_name(name).is_file() for name in owners if name):
            raise UsageError("export.error.beside_store", file=str(path), owner=owners[0])
    except (OSError, ValueError):  # a name that cannot be: said where it is written
        return


def _spare_the_sources(store: Store, path: Path) -> None:
    """Refuse to write over a file that the ledger was read from: it is the evidence.

    Raises:
        UsageError: it is one.
    """
    if not path.is_file():
        return
    size = path.stat().st_size
    same = {one.source.sha256: one for one in store.imports() if one.source.size == size}
    if not same:
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if (source := same.get(digest)) is not None:
        raise UsageError("export.error.source", file=str(path), import_id=source.import_id)


def _as_it_stands(
    store: Store, kind: Kind, known_at: datetime | None, count: _Count
) -> LedgerTable:
    """Return one record of each key, later rows over earlier ones as a scan takes them."""
    from landwatch.reports.ledger_tables import LedgerTable

    records = store.columns(kind, known_at=known_at, geometry=True)
    schema = _schema(records.schema, kind)
    again = _told_again(records)
    count.of = len(records.column("key").unique())

    def batches() -> Iterator[pa.RecordBatch]:
        merged = _merged(records, kind, again, schema)
        for batch in records.to_batches(_CHUNK):
            yield from _with_merged(batch, again, merged, schema)

    return LedgerTable(str(kind), schema, count.passing(batches()), _most_corners(records))


def _told_again(records: pa.Table) -> pa.Array:
    """Return the keys that were told more than once: few, in most ledgers."""
    import pyarrow.compute as pc

    counted = records.column("key").value_counts()
    return counted.filter(pc.greater(counted.field("counts"), 1)).field("values")


def _merged(records: pa.Table, kind: Kind, again: pa.Array, schema: pa.Schema) -> pa.Table:
    """Return one row for each key told more than once, with the number of its first record."""
    import pyarrow as pa
    import pyarrow.compute as pc

    of_many = pa.schema([("first_id", pa.int64()), *schema])
    if not len(again):
        return of_many.empty_table()
    from landwatch.scan.dossier import open_engine
    from landwatch.scan.merge import whole_sql

    engine = open_engine()
    engine.register("told", records.filter(pc.is_in(records.column("key"), value_set=again)))
    found = engine.sql(whole_sql(kind, "told")).to_arrow_table()
    return pa.Table.from_batches([_fitted(one, of_many) for one in found.to_batches()], of_many)


def _with_merged(
    batch: pa.RecordBatch, again: pa.Array, merged: pa.Table, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Yield the records of a batch; those told again as one row, where the first of them stood."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(again):
        yield _fitted(batch, schema)
        return
    alone = batch.filter(pc.invert(pc.is_in(batch.column("key"), value_set=again)))
    ids, first = batch.column("record_id"), merged.column("first_id")
    here = pc.and_(pc.greater_equal(first, ids[0]), pc.less_equal(first, ids[len(ids) - 1]))
    single = pa.Table.from_batches([_fitted(alone, schema)]).add_column(
        0, merged.schema.field("first_id"), alone.column("record_id")
    )
    together = pa.concat_tables([single, merged.filter(here)]).sort_by("first_id")
    yield from together.drop_columns(["first_id"]).combine_chunks().to_batches()


def _as_told(store: Store, kind: Kind, known_at: datetime | None, count: _Count) -> LedgerTable:
    """Return every record as it was told, in the order recorded, with where it was read."""
    import pyarrow as pa

    from landwatch.reports.ledger_tables import LedgerTable

    records = store.columns(kind, known_at=known_at, geometry=True)
    of_record = pa.schema(
        [(name, pa.int64() if name.endswith(("_id", "row")) else pa.string()) for name in _TOLD]
    )
    schema = pa.schema([*of_record, *_schema(records.schema, kind)])
    count.of = records.num_rows

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in records.to_batches(_CHUNK):
            ids = batch.column("record_id").to_pylist()
            places = store.places(kind, ids, known_at=known_at)
            rows = [_place(places[record]) for record in ids]
            beside = pa.RecordBatch.from_pylist(rows, schema=of_record)
            arrays = [*beside.columns, *_fitted(batch, _schema(records.schema, kind)).columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return LedgerTable(str(kind), schema, count.passing(batches()), _most_corners(records))


def _place(place: SourcePlace) -> dict[str, object]:
    return {
        "record_id": place.record_id,
        "import_id": place.import_id,
        "recorded_at": place.recorded_at.isoformat(),
        "recorded_by": place.recorded_by,
        "file": place.file_name,
        "sheet": place.sheet,
        "row": place.row,
        "as_read": json.dumps(place.as_read, ensure_ascii=False),
    }


def _schema(stored: pa.Schema, kind: Kind) -> pa.Schema:
    """Return the columns of an export: those of the kind, its marks, and its geometry."""
    import pyarrow as pa

    facts = [c.name for c in COLUMNS[kind] if c.holds is not ColumnType.GEOMETRY]
    drawn = [c.name for c in COLUMNS[kind] if c.holds is ColumnType.GEOMETRY]
    marks = [pa.field(f"{mark}_columns", pa.string()) for mark in _MARKS]
    return pa.schema([*map(stored.field, facts), *marks, *map(stored.field, drawn)])


def _fitted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch with the columns of an export; the marks as lists of names joined by `;`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    arrays = []
    for field in schema:
        mark = field.name.removesuffix("_columns")
        if mark in _MARKS:
            arrays.append(pc.utf8_trim(batch.column(mark).cast(pa.string()), ";"))
        else:
            arrays.append(batch.column(field.name).cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _most_corners(records: pa.Table) -> int:
    """Return how many corners the shape with most of them has."""
    if "geometry" not in records.column_names:
        return 0
    import shapely

    most = 0
    for batch in records.select(["geometry"]).to_batches(_CHUNK):
        shapes = shapely.from_wkb(batch.column("geometry").to_pylist())
        most = max(most, int(shapely.get_num_coordinates(shapes).max(initial=0)))
    return most
