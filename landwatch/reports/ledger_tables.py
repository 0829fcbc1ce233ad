"""The ledger as files that can be taken in again: CSV, XLSX, Parquet, GeoJSON, GeoPackage.

Columns have the ledger's own names, so that an import of the file tells just what the ledger held:
numbers exact, areas to the last bit, and text that a spreadsheet might run as it was told.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch.errors import LandwatchError, UnknownNameError
from landwatch.reports.ledger_cells import csv_cells, guarded_column, json_cells, sheet_cells
from landwatch.reports.plain import as_json
from landwatch.reports.target import whole_file

if TYPE_CHECKING:
    import pyarrow as pa

LEDGER_FORMS = ("csv", "xlsx", "gpkg", "parquet", "geojson")
GEOMETRY = "geometry"
_SUFFIXES = {
    ".csv": "csv", ".xlsx": "xlsx", ".gpkg": "gpkg", ".geojson": "geojson", ".json": "geojson",
    ".parquet": "parquet", ".geoparquet": "parquet",
}  # fmt: skip
_PIECE = 30_000
"""Signs of a geometry in one cell: a cell of Excel holds 32,767, a field of Python's CSV more."""
_SIGNS_OF_A_CORNER = 45
_MOST_PIECES = 99
_WIDE, _NARROW = 22.0, 12.0
_WIDE_NAMES = ("_id", "_no", "_name", "name", "holder", "location", "_uscc", "note", "_at", "file")


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """Records to be written: their columns, and the rows in batches, taken once.

    The `geometry` column, where there is one, is WKB in EPSG:4490; `corners` are the most that one
    shape has.
    """

    name: str
    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    corners: int = 0

    @property
    def drawn(self) -> bool:
        """Tell whether the records have a geometry."""
        return GEOMETRY in self.schema.names

    @property
    def layer(self) -> str:
        """Return what a layer of these records is called: no ledger of a person is called so."""
        return f"ledger_{self.name}"

    @property
    def told(self) -> list[str]:
        """Return the columns that are not the geometry."""
        return [name for name in self.schema.names if name != GEOMETRY]


def form_of(path: Path, form: str | None) -> str:
    """Return the form to write: the one named, else the one that the file's name asks for.

    Raises:
        UnknownNameError: neither is a form.
    """
    asked = form or _SUFFIXES.get(path.suffix.lower())
    if asked not in LEDGER_FORMS:
        raise UnknownNameError("what.format", form or path.suffix or path.name, LEDGER_FORMS)
    return asked


def write_ledger(table: LedgerTable, path: Path, form: str, *, bom: bool = False) -> None:
    """Write records in one of `LEDGER_FORMS`, whole or not at all.

    Raises:
        LandwatchError: the file cannot be written there, or the form cannot hold a shape.
    """
    writers: dict[str, Callable[[], None]] = {
        "csv": lambda: _write_csv(table, path, bom=bom),
        "xlsx": lambda: _write_xlsx(table, path),
        "gpkg": lambda: _write_gpkg(table, path),
        "parquet": lambda: _write_parquet(table, path),
        "geojson": lambda: _write_geojson(table, path),
    }
    writers[form]()


def _write_csv(table: LedgerTable, path: Path, *, bom: bool) -> None:
    encoding = "utf-8-sig" if bom else "utf-8"
    names = _in_pieces(table)
    with (
        whole_file(path, layer=table.layer) as beside,
        beside.open("w", encoding=encoding, newline="") as stream,
    ):
        writer = csv.writer(stream)
        writer.writerow(names)
        for batch in table.batches:
            columns = [csv_cells(batch.column(name)) for name in table.told]
            columns += _pieces(table, batch)
            writer.writerows(zip(*columns, strict=True))


def _write_xlsx(table: LedgerTable, path: Path) -> None:
    from landwatch.reports.sheets import DAY, Look, Marked, Sheet, Styles, new_book

    day, ordinary = Look(DAY, wraps=False), Look(wraps=False)
    names = _in_pieces(table)
    layout = [(name, _WIDE if name.endswith(_WIDE_NAMES) else _NARROW) for name in names]
    with new_book(path) as book:
        sheet = Sheet(book, Styles(), table.name, layout)
        for batch in table.batches:
            columns = [sheet_cells(batch.column(name)) for name in table.told]
            columns += _pieces(table, batch)
            for row in zip(*columns, strict=True):
                sheet.add(
                    [Marked(cell, day if hasattr(cell, "isoformat") else ordinary) for cell in row]
                )
        sheet.close()


def _write_parquet(table: LedgerTable, path: Path) -> None:
    """Write Parquet, or GeoParquet 1.1 where there is a geometry; numbers are exact decimals."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = table.schema
    if table.drawn:
        schema = schema.with_metadata({"geo": json.dumps(_about_geometry())})
    with whole_file(path, layer=table.layer) as beside, pq.ParquetWriter(beside, schema) as writer:
        for batch in table.batches:
            arrays = [
                guarded_column(batch.column(name), schema.field(name)) for name in schema.names
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _write_gpkg(table: LedgerTable, path: Path) -> None:
    """Write one layer in EPSG:4490, a table without shapes where the records have none.

    Beside the target and renamed: GDAL must never have a store open that this process works in.
    """
    import pyarrow as pa
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    schema = pa.schema([_simple(field) for field in table.schema])
    shape = (
        {"geometry_name": GEOMETRY, "geometry_type": "MultiPolygon", "crs": "EPSG:4490"}
        if table.drawn
        else {"geometry_type": None}
    )
    empty = pa.RecordBatch.from_pylist([], schema=schema)
    with whole_file(path, ".gpkg", table.layer) as beside:
        # Batch by batch: an error in the rows would be lost inside a stream that GDAL reads.
        for at, batch in enumerate(chain([empty], _simplified(table.batches, schema))):
            try:
                pyogrio.write_arrow(
                    pa.Table.from_batches([batch]), beside, driver="GPKG", layer=table.layer,
                    append=at > 0, **shape,
                )  # fmt: skip
            except (DataSourceError, DataLayerError) as error:
                raise OSError(str(error)) from error


def _write_geojson(table: LedgerTable, path: Path) -> None:
    """Write GeoJSON (RFC 7946) with coordinates as exact as they are kept, outer rings left-hand.

    CGCS2000 (EPSG:4490) and WGS 84 differ by centimetres, so its degrees stand as they are.
    """
    with (
        whole_file(path, layer=table.layer) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.write(f'{{"type":"FeatureCollection","name":"{table.layer}","features":[')
        between, keys = "\n", [f"{as_json(name)}:" for name in table.told]
        for batch in table.batches:
            columns = [json_cells(batch.column(name)) for name in table.told]
            shapes = _drawn_json(batch) if table.drawn else ["null"] * batch.num_rows
            for shape, *row in zip(shapes, *columns, strict=True):
                told = ",".join([key + cell for key, cell in zip(keys, row, strict=True)])
                feature = f'"type":"Feature","geometry":{shape},"properties":{{{told}}}'
                file.write(f"{between}{{{feature}}}")
                between = ",\n"
        file.write("\n]}\n")


def _in_pieces(table: LedgerTable) -> list[str]:
    """Return the headers of a table of cells: a geometry goes on in as many as the longest needs.

    Raises:
        LandwatchError: a shape is too long for any number of cells.
    """
    if not table.drawn:
        return table.told
    pieces = max(1, -(-table.corners * _SIGNS_OF_A_CORNER // _PIECE))
    if pieces > _MOST_PIECES:
        raise LandwatchError("export.error.corners", corners=table.corners)
    more = [f"{GEOMETRY}_{part}" for part in range(2, pieces + 1)]
    return [*table.told, GEOMETRY, *more]


def _pieces(table: LedgerTable, batch: pa.RecordBatch) -> list[list[str]]:
    """Return the columns of a geometry as text that names its system, cut to fit into cells."""
    import shapely

    if not table.drawn:
        return []
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_pylist())
    drawn = shapely.to_wkt(shapes, rounding_precision=-1)
    texts = ["" if wkt is None else f"SRID=4490;{wkt}" for wkt in drawn]
    count = len(_in_pieces(table)) - len(table.told)
    cuts = range(0, count * _PIECE, _PIECE)
    return [[text[cut : cut + _PIECE] for text in texts] for cut in cuts]


def _drawn_json(batch: pa.RecordBatch) -> list[str]:
    import shapely

    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_pylist())
    turned = shapely.orient_polygons(shapes, exterior_cw=False)
    return [text or "null" for text in shapely.to_geojson(turned)]


def _simple(field: pa.Field) -> pa.Field:
    """Return the type that GDAL keeps of a column: it knows no exact decimals."""
    import pyarrow as pa

    if pa.types.is_decimal(field.type):
        return pa.field(field.name, pa.float64())
    return pa.field(field.name, pa.binary()) if field.name == GEOMETRY else field


def _simplified(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for batch in batches:
        arrays = []
        for field in schema:
            array = batch.column(field.name)
            if pa.types.is_decimal(array.type):  # one by one: the shortest double of what was told
                told = array.to_pylist()
                doubles = [None if value is None else float(value) for value in told]
                arrays.append(pa.array(doubles, pa.float64()))
            else:
                arrays.append(guarded_column(array, field))
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _about_geometry() -> dict[str, Any]:
    """Return what GeoParquet 1.1 wants to know of the geometry."""
    import pyproj

    column = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "crs": pyproj.CRS.from_epsg(4490).to_json_dict(),
    }
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
