"""Reads Parquet and GeoParquet by batches of rows, so that memory does not grow with the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch.errors import UnreadableFileError
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.cells import Cell
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.placing import placed, placer_of
from landwatch.ledger.sheets import Notice, Sheet, SourceRow

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from landwatch.geo.coordinates import AreaPlacer

_ROWS = 1000
_NAMED_GEOMETRY = ("geometry", "geom", "wkb_geometry", "the_geom", "wkb")
_OWN_INDEX = "__index_level_"
"""What pandas writes beside a table's columns: the number of a row, which nobody told."""
_DEFAULT_CRS = "EPSG:4326"  # GeoParquet 1.1: a column that names no system is in OGC:CRS84


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The column that draws areas: how they are written, and in which system, empty if untold."""

    column: str
    encoding: str
    system: str


def open_parquet(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return a Parquet file as one sheet; its areas are read if the kind has any."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            schema = file.schema_arrow
    except (ArrowException, OSError, ValueError, LookupError) as error:
        raise UnreadableFileError("ledger.error.parquet", file=path.name) from error
    drawn = _drawn(schema) if "geometry" in columns_of(kind) else None
    placer: AreaPlacer | None = None
    notices: list[Notice] = []
    if drawn is not None:
        placer, notices = placer_of(path.name, drawn.column, drawn.system, said)
    hidden = _shapes(schema)
    names = [n for n in schema.names if n not in hidden and not n.startswith(_OWN_INDEX)]
    return [Sheet(None, _rows_of(path, names, drawn, placer), tuple(names))], notices


def _shapes(schema: Any) -> set[str]:
    """Return the columns that hold shapes: they are drawn, not told."""
    shapes = set(_metadata(schema).get("columns", {}))
    return shapes | {
        field.name
        for field in schema
        if field.name.casefold() in _NAMED_GEOMETRY and _is_binary(field.type)
    }


def _drawn(schema: Any) -> _Drawn | None:
    """Return the column of areas: the one that GeoParquet names first, else binary of that name."""
    about = _metadata(schema)
    columns = about.get("columns", {})
    name = about.get("primary_column")
    if name not in columns:
        name = next(iter(columns), None)
    if name is not None and name in schema.names:
        column = columns[name] if isinstance(columns[name], dict) else {}
        system = column.get("crs", _DEFAULT_CRS)
        told = json.dumps(system) if isinstance(system, dict) else str(system or "")
        return _Drawn(name, str(column.get("encoding", "WKB")), told)
    plain = (n for n in sorted(_shapes(schema)) if n in schema.names)
    return next((_Drawn(n, "WKB", "") for n in plain), None)


def _metadata(schema: Any) -> dict[str, Any]:
    """Return what GeoParquet says of its columns; nothing where it says nothing sensible."""
    try:
        about = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    except (ValueError, RecursionError):
        return {}
    sensible = isinstance(about, dict) and isinstance(about.get("columns", {}), dict)
    return about if sensible else {}


def _is_binary(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_binary(kind) or types.is_large_binary(kind))


def _rows_of(path: Path, names: list[str], drawn: _Drawn | None, placer: AreaPlacer | None) -> Any:
    def rows() -> Iterator[SourceRow]:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        wanted = [*names, drawn.column] if drawn is not None else names
        number = 0
        try:
            with ParquetFile(path, pre_buffer=False) as file:
                for batch in file.iter_batches(_ROWS, columns=wanted):
                    told = [_column(batch.column(name)) for name in names]
                    shapes = batch.column(drawn.column) if drawn is not None else None
                    for at in range(batch.num_rows):
                        number += 1
                        cells = [cell(column[at]) for column in told]
                        shape = None if shapes is None else shapes[at].as_py()
                        yield SourceRow(number, cells, _geometry(shape, drawn, placer))
        except (ArrowException, OSError, ValueError, LookupError) as error:
            raise UnreadableFileError("ledger.error.parquet", file=path.name) from error

    return rows


def _column(values: Any) -> list[Any]:
    """Return a column's values; days that Python's calendar does not reach come as text."""
    try:
        told: list[Any] = values.to_pylist()
    except (ValueError, OverflowError):
        import pyarrow as pa

        told = values.cast(pa.string()).to_pylist()
    return told


def cell(value: Any) -> Cell:
    """Return a typed value as a cell; what a table cannot show as one is shown as text.

    >>> cell(Decimal("1.50")), cell(["A1", "A2"]), cell(None)
    ('1.50', 'A1;A2', None)
    """
    if value is None or isinstance(value, (str, int, float, bool, date, datetime, time)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple)):
        return ";".join(str(cell(each)) for each in value if each is not None)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return _text(value) if isinstance(value, bytes) else str(value)


def _text(value: bytes) -> str | None:
    """Return bytes as the text that some programs write so; None for what is no text."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _geometry(value: Any, drawn: _Drawn | None, placer: AreaPlacer | None) -> Any:
    if value is None or drawn is None or placer is None:
        return None
    return placed(lambda: _shape(value, drawn.encoding), placer)


def _shape(value: Any, encoding: str) -> BaseGeometry:
    """Return a shape from WKB, or from GeoArrow's nested lists of corners."""
    import shapely

    if isinstance(value, bytes):
        return shapely.from_wkb(value)
    parts = [value] if encoding.casefold() == "polygon" else value
    rings = [[[(corner["x"], corner["y"]) for corner in ring] for ring in part] for part in parts]
    return shapely.MultiPolygon([(part[0], part[1:]) for part in rings if part])
