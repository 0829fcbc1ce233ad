"""Reads GeoJSON, GeoPackage, Shapefile, FlatGeobuf and FileGDB through fiona, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from landwatch.errors import UnreadableFileError, UsageError
from landwatch.geo.coordinates import AreaPlacer
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.cells import Cell
from landwatch.ledger.gdal import as_told, opened, opening, own_system, whole
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import placed, placer_of
from landwatch.ledger.recount import check_all_read
from landwatch.ledger.sheets import Geometry, Notice, Sheet, SourceRow

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SAMPLE = 1 << 20


def open_spatial(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return the layers of a spatial file as sheets, with what is to be said of them."""
    import fiona

    used, notices = _attribute_encoding(path, said.encoding)
    sheets = []
    with opening(path):
        for layer in fiona.listlayers(path):
            with fiona.open(path, layer=layer, encoding=used, **as_told(path)) as source:
                drawn = source.schema["geometry"] != "None" and "geometry" in columns_of(kind)
                headers, wkt = tuple(source.schema["properties"]), own_system(source)
            placer = None
            if drawn:
                placer, remarks = placer_of(path.name, layer, wkt, said)
                notices += remarks
            cut = (used or "utf-8") if path.suffix.casefold() == ".shp" else None
            sheets.append(_layer(path, layer, used, headers, placer, cut))
    return sheets, notices


def _layer(
    path: Path,
    layer: str,
    encoding: str | None,
    headers: tuple[str, ...],
    placer: AreaPlacer | None,
    cut: str | None,
) -> Sheet:
    def rows() -> Iterator[SourceRow]:
        number = 0
        with opened(path, layer, encoding) as source, whole(path):
            for number, feature in enumerate(source, start=1):
                cells = [_cell(feature.properties[name]) for name in headers]
                yield SourceRow(number, cells, _geometry(feature.geometry, placer))
        check_all_read(path, _beside(path, ".dbf") if cut is not None else None, number)

    return Sheet(layer, rows, headers, cut)


def _cell(value: Any) -> Cell:
    """Return an attribute as a cell; what is neither text nor number is shown as text."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return None if isinstance(value, bytes) else str(value)


def _geometry(drawn: Any, placer: AreaPlacer | None) -> Geometry | None:
    if drawn is None or placer is None:
        return None
    return placed(lambda: _shape(drawn), placer)


def _shape(drawn: Any) -> BaseGeometry:
    """Return what fiona read as a shape; rings of areas go as arrays, four times as quick."""
    from shapely.geometry import shape

    if drawn.type not in ("Polygon", "MultiPolygon") or not drawn.coordinates:
        return shape(drawn.__geo_interface__)
    return shape({"type": drawn.type, "coordinates": _as_arrays(drawn.coordinates)})


def _as_arrays(nested: Any) -> Any:
    """Return coordinates with every ring, a list of points, as an array."""
    if nested and isinstance(nested[0], tuple):
        return np.array(nested, dtype=np.float64)
    return [_as_arrays(each) for each in nested]


def _attribute_encoding(path: Path, encoding: str | None) -> tuple[str | None, list[Notice]]:
    """Return the encoding of a Shapefile's attributes: GBK as often as UTF-8, whatever it says."""
    if path.suffix.casefold() != ".shp":
        return None, []
    if encoding:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise UsageError("ledger.error.encoding_unknown", encoding=encoding) from error
        return encoding, []
    table, label = _beside(path, ".dbf"), _beside(path, ".cpg")
    if table is None:
        raise UnreadableFileError("ledger.error.no_dbf", file=path.name)
    said = label.read_text("ascii", "ignore").strip().casefold() if label else ""
    with table.open("rb") as file:
        found = "utf-8" if _is_utf8(file.read(_SAMPLE)) else "gb18030"
    if "utf" in said and found != "utf-8":
        told = {"said": said, "found": found}
        return found, [Notice(IssueCode.ENCODING_CORRECTED, None, told)]
    return found, []


def _is_utf8(sample: bytes) -> bool:
    """Tell whether text is UTF-8, forgiving words that the format cut off in the middle."""
    words = [word for word in sample.replace(b"\0", b" ").split() if not word.isascii()]
    broken = sum(1 for word in words if "\ufffd" in word[:-3].decode("utf-8", "replace")[:-1])
    return broken * 5 <= len(words)


def _beside(path: Path, suffix: str) -> Path | None:
    """Return the file of the same name with another suffix, whatever its case."""
    same = (found for found in path.parent.iterdir() if found.stem == path.stem)
    return next((found for found in same if found.suffix.casefold() == suffix), None)


def companions(path: Path) -> list[Path]:
    """Return the files that are one Shapefile together, in order of their names."""
    if path.suffix.casefold() != ".shp":
        return [path]
    suffixes = (".cpg", ".dbf", ".prj", ".shp")
    return [found for suffix in suffixes if (found := _beside(path, suffix)) is not None]
