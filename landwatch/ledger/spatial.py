"""Reads GeoJSON, GeoPackage, Shapefile, FlatGeobuf and FileGDB through fiona, record by record."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from landwatch.errors import UnreadableFileError, UsageError
from landwatch.geo.coordinates import AreaPlacer
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.cells import Cell
from landwatch.ledger.gdal import as_told, opened, opening, own_system, unreadable, whole
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.json_records import cell_of
from landwatch.ledger.placing import bad_geometry, placed, placer_of
from landwatch.ledger.recount import (
    check_all_read,
    features_of,
    is_geojson,
    is_lost,
    is_utf8,
    is_whole,
    names_are_cut,
    rings_of,
    rows_in,
)
from landwatch.ledger.sheets import Geometry, Notice, Sheet, SourceRow

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SAMPLE = 1 << 20
_BYTES = "ISO-8859-1"


def open_spatial(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return the layers of a spatial file as sheets, with what is to be said of them."""
    import fiona

    used, notices = _attribute_encoding(path, said.encoding)
    texts = _texts(path, used)
    if is_geojson(path) and not is_utf8(path):  # fiona would leave such texts out
        raise unreadable(path)
    sheets = []
    with opening(path):
        for layer in fiona.listlayers(path):
            with fiona.open(path, layer=layer, encoding=texts.told, **as_told(path)) as source:
                drawn = source.schema["geometry"] != "None" and "geometry" in columns_of(kind)
                fields, wkt = source.schema["properties"], own_system(source)
            placer = None
            if drawn:
                placer, remarks = placer_of(path.name, layer, wkt, said)
                notices += remarks
            if "json" in fields.values() and _is_plain(path):
                sheets.append(_as_written(path, layer, tuple(fields), placer))
            else:
                sheets.append(_layer(path, layer, texts, tuple(fields), placer))
    return sheets, notices


@dataclass(frozen=True, slots=True)
class _Texts:
    """How the texts of a file are read: what GDAL is told, and what they are if that is not so.

    `cut` is the encoding of the names of a Shapefile, which end after ten bytes. One that ends
    inside a sign is no UTF-8, and fiona stumbles over it: GDAL is then told that all are Latin-1,
    which every byte is, and `within` says what the bytes are.
    """

    told: str | None = None
    cut: str | None = None
    within: str | None = None

    def read(self, text: str) -> str:
        """Return a text as it was meant; without the half of a sign at its end."""
        if self.within is None:
            return text
        return text.encode(_BYTES).decode(self.within, "replace").rstrip("\ufffd")


def _texts(path: Path, used: str | None) -> _Texts:
    """Return how the texts of a file are read."""
    if path.suffix.casefold() != ".shp":
        return _Texts(used)
    encoding, table = used or "utf-8", _beside(path, ".dbf")
    told = codecs.lookup(encoding).name.startswith("utf-8")
    if told and table is not None and names_are_cut(table, "utf-8"):
        return _Texts(_BYTES, encoding, "utf-8")
    return _Texts(used, encoding)


def _layer(
    path: Path,
    layer: str,
    texts: _Texts,
    names: tuple[str, ...],
    placer: AreaPlacer | None,
) -> Sheet:
    def rows() -> Iterator[SourceRow]:
        number, held = 0, 0
        told = features_of(path) if is_geojson(path) else iter(())
        with opened(path, layer, texts.told) as source, whole(path):
            for number, feature in enumerate(source, start=1):
                cells = [_cell(feature.properties[name], texts) for name in names]
                written = next(told, None)
                held += written is not None
                yield SourceRow(number, cells, _geometry(feature.geometry, placer, written))
        held += sum(1 for _ in told)
        table = _beside(path, ".dbf") if texts.cut is not None else None
        check_all_read(path, held if table is None else rows_in(table), number)

    return Sheet(layer, rows, tuple(map(texts.read, names)), texts.cut)


def _is_plain(path: Path) -> bool:
    """Tell whether a file is a list of GeoJSON features that can be read without GDAL."""
    if not is_geojson(path):
        return False
    first = next(features_of(path), None)
    return isinstance(first, dict) and first.get("type") == "Feature"


def _as_written(
    path: Path, layer: str, headers: tuple[str, ...], placer: AreaPlacer | None
) -> Sheet:
    """Return a layer of GeoJSON read without GDAL: a field of it tells texts and numbers.

    GDAL calls such a field JSON, and gives a text in it without its quotes.
    """

    def rows() -> Iterator[SourceRow]:
        with opened(path, layer, None) as source:
            held = len(source)
        number = 0
        for number, feature in enumerate(features_of(path, numbers=True), start=1):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise unreadable(path)
            told, drawn = feature.get("properties") or {}, feature.get("geometry")
            told = {"id": feature.get("id")} | told
            cells = [_plain(told.get(name)) for name in headers]
            shape = _written(drawn, placer) if drawn and placer is not None else None
            yield SourceRow(number, cells, shape)
        check_all_read(path, held, number)

    return Sheet(layer, rows, headers)


def _plain(value: Any) -> Cell:
    """Return a value of JSON as a cell: a number as one, what is nested as text."""
    return value if isinstance(value, (int, float)) else cell_of(value)


def _written(drawn: Any, placer: AreaPlacer) -> Geometry:
    """Return an outline as GeoJSON tells it."""
    from shapely.geometry import shape

    if not isinstance(drawn, dict) or not isinstance(drawn.get("type"), str):
        return bad_geometry("type")
    if not is_whole(drawn["type"], drawn.get("coordinates")):
        return bad_geometry("coordinates")
    return placed(lambda: shape(drawn), placer)


def _cell(value: Any, texts: _Texts) -> Cell:
    """Return an attribute as a cell; what is neither text nor number is shown as text."""
    if isinstance(value, str):
        return texts.read(value)
    if value is None or isinstance(value, (int, float, bool)):
        return value
    return None if isinstance(value, bytes) else str(value)


def _geometry(drawn: Any, placer: AreaPlacer | None, written: Any) -> Geometry | None:
    """Return what is drawn; `written` is the feature as GeoJSON tells it, None of other formats."""
    if placer is None:
        return None
    kind = None if drawn is None else drawn.type
    if written is not None:
        rings = 0 if kind is None else rings_of(kind, drawn.coordinates)
        if is_lost(written, kind, rings):
            return bad_geometry("coordinates")
    if drawn is None:
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
