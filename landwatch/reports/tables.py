"""Findings as tables: CSV, JSON, XLSX, Parquet, GeoJSON, GeoPackage, all with the same columns.

The columns are those of ledger.md §3, in that order. Rows are taken one by one, so that a hundred
thousand contracts need no more memory than one. Each file is whole or not there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from landwatch.errors import UnknownNameError
from landwatch.reports.plain import as_json, text, unrunnable
from landwatch.reports.target import LAYER, whole_file
from landwatch.scan.findings import FINDING_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa
    from shapely.geometry import MultiPolygon
    from shapely.geometry.base import BaseGeometry

Row: TypeAlias = Mapping[str, Any]
Shapes: TypeAlias = "Mapping[str, BaseGeometry]"
"""The shape of a parcel by its id, in EPSG:4490."""

_CHUNK = 5_000


def write_csv(rows: Iterable[Row], stream: IO[str], *, bom: bool = False) -> None:
    """Write findings as CSV; `bom` for Excel, which else reads UTF-8 as the local code page.

    The stream is text with `newline=""`. What a spreadsheet would run gets an apostrophe before it.
    """
    if bom:
        stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(FINDING_COLUMNS)
    for row in rows:
        writer.writerow([unrunnable(row.get(name)) for name in FINDING_COLUMNS])


def write_json(rows: Iterable[Row], stream: IO[str]) -> None:
    """Write findings as one JSON list, a finding on each line; lists and facts stay lists."""
    between = "[\n"
    for row in rows:
        stream.write(between + as_json(_ordered(row)))
        between = ",\n"
    stream.write("[]\n" if between == "[\n" else "\n]\n")


def write_geojson(rows: Iterable[Row], geometry_of: Shapes, path: Path) -> None:
    """Write findings as GeoJSON (RFC 7946), one feature each, without a shape where none is known.

    CGCS2000 (EPSG:4490) and WGS 84 differ by centimetres, so its degrees stand as they are.
    """
    with whole_file(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","name":"findings","features":[')
        between = "\n"
        for row in rows:
            shape = _shape(row, geometry_of)
            drawn = _drawn(shape) if shape is not None else "null"
            file.write(
                f'{between}{{"type":"Feature","geometry":{drawn},'
                f'"properties":{as_json(_ordered(row))}}}'
            )
            between = ",\n"
        file.write("\n]}\n")


def write_gpkg(rows: Iterable[Row], geometry_of: Shapes, path: Path) -> None:
    """Write findings as a GeoPackage with one layer, `findings`, in EPSG:4490.

    Raises:
        LandwatchError: the target is a GeoPackage with other layers, such as the ledger's store.
    """
    import pyarrow as pa
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    schema = _schema().append(pa.field("geometry", pa.binary()))
    batches = _batches(rows, schema, geometry_of)
    with whole_file(path, ".gpkg") as beside:
        # Batch by batch: an error in the rows would be lost inside a stream that GDAL reads.
        for at, batch in enumerate(chain([_no_rows(schema)], batches)):
            table = pa.Table.from_batches([batch])
            try:
                pyogrio.write_arrow(
                    table, beside, driver="GPKG", layer=LAYER, geometry_name="geometry",
                    geometry_type="MultiPolygon", crs="EPSG:4490", append=at > 0,
                )  # fmt: skip
            except (DataSourceError, DataLayerError) as error:
                raise OSError(str(error)) from error


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """Write findings as Parquet: days as dates, numbers as doubles, remedies as `a;b`."""
    import pyarrow.parquet as pq

    schema = _schema()
    with whole_file(path) as beside, pq.ParquetWriter(beside, schema) as writer:
        for batch in _batches(rows, schema):
            writer.write_batch(batch)


def write_xlsx(rows: Iterable[Row], path: Path) -> None:
    """Write findings as one plain sheet under their permanent names, going on in a second one.

    Text is stored as text, and what begins like a formula has Excel's apostrophe, so that it never
    runs, not even when somebody edits the cell and leaves it.
    """
    from landwatch.reports.sheets import Sheet, Styles, new_book

    with new_book(path) as book:
        sheet = Sheet(book, Styles(), LAYER, [(name, 16.0) for name in FINDING_COLUMNS])
        for row in rows:
            sheet.add([_cell(row.get(name)) for name in FINDING_COLUMNS])
        sheet.close()


def write_findings(
    rows: Iterable[Row], path: Path, form: str, *, geometry_of: Shapes, bom: bool = False
) -> None:
    """Write findings to a file in one of `FORMS`.

    Raises:
        UnknownNameError: there is no such form.
        LandwatchError: the file cannot be written there.
    """
    writers: dict[str, Callable[[], None]] = {
        "csv": lambda: _write_text(path, lambda stream: write_csv(rows, stream, bom=bom)),
        "json": lambda: _write_text(path, lambda stream: write_json(rows, stream)),
        "xlsx": lambda: write_xlsx(rows, path),
        "parquet": lambda: write_parquet(rows, path),
        "geojson": lambda: write_geojson(rows, geometry_of, path),
        "gpkg": lambda: write_gpkg(rows, geometry_of, path),
    }
    if form not in writers:
        raise UnknownNameError("report.form", form, writers)
    writers[form]()


FORMS = ("csv", "json", "xlsx", "parquet", "geojson", "gpkg")


def _write_text(path: Path, write: Callable[[IO[str]], None]) -> None:
    with whole_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        write(stream)


def _ordered(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in FINDING_COLUMNS}


def _cell(value: object) -> object:
    """Return a value as a cell of Excel holds it: lists become text."""
    return text(value) if isinstance(value, list | tuple | Mapping) else value


def _shape(row: Row, geometry_of: Shapes) -> MultiPolygon | None:
    """Return the shape of the parcels that a finding names, all of them as one."""
    import shapely

    named = str(row.get("parcel_id") or "").split(";")
    shapes = [geometry_of[name.strip()] for name in named if name.strip() in geometry_of]
    parts = [part for shape in shapes for part in shapely.get_parts(shape)]
    areas = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.multipolygons(areas) if areas else None


def _drawn(shape: MultiPolygon) -> str:
    """Return a shape as GeoJSON, outer rings counter-clockwise, to a tenth of a millimetre."""
    import shapely

    turned = shapely.orient_polygons(shape, exterior_cw=False)
    return str(shapely.to_geojson(shapely.transform(turned, lambda degrees: degrees.round(9))))


def _schema() -> pa.Schema:
    """Return the types of the columns in Parquet and GeoPackage."""
    import pyarrow as pa

    days = dict.fromkeys(("clock_from", "limit_on", "as_of"), pa.date32())
    numbers = dict.fromkeys(("measured", "threshold", "margin", "amount_wan"), pa.float64())
    others = {"to_verify": pa.bool_(), "days_past": pa.int32(), "scan_id": pa.int64()}
    typed = {**days, **numbers, **others}
    return pa.schema([(name, typed.get(name, pa.string())) for name in FINDING_COLUMNS])


def _batches(
    rows: Iterable[Row], schema: pa.Schema, geometry_of: Shapes | None = None
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    waiting = iter(rows)
    while chunk := list(islice(waiting, _CHUNK)):
        arrays = [_array(chunk, field) for field in schema if field.name in FINDING_COLUMNS]
        if geometry_of is not None:
            arrays.append(pa.array(_well_known(chunk, geometry_of), pa.binary()))
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema=schema)


def _array(chunk: Sequence[Row], field: pa.Field) -> pa.Array:
    import pyarrow as pa

    told = [row.get(field.name) for row in chunk]
    if field.type == pa.string():
        return pa.array([None if value in (None, []) else text(value) for value in told])
    if field.type == pa.float64():
        return pa.array([None if value is None else float(value) for value in told], field.type)
    return pa.array(told, field.type)


def _well_known(chunk: Sequence[Row], geometry_of: Shapes) -> list[bytes | None]:
    shapes = (_shape(row, geometry_of) for row in chunk)
    return [None if shape is None else shape.wkb for shape in shapes]
