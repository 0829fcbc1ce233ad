"""Reads KML and KMZ as placemarks, streaming, with their own names of fields.

GDAL's reader turns Chinese field names into underscores (宗地编号 and 土地用途 become one) and
refuses GBK. A placemark's fields are its name, description, folder and ExtendedData.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias
from xml.etree.ElementTree import ParseError, XMLParser

from landwatch.errors import InputRefusedError, UnreadableFileError, UsageError
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.delimited import marked_encoding
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import bad_geometry, placed, placer_of
from landwatch.ledger.sheets import Geometry, Notice, Sheet, SourceRow
from landwatch.ledger.workbook_child import ZIP_DAMAGE

if TYPE_CHECKING:
    from landwatch.geo.coordinates import AreaPlacer

Ring: TypeAlias = "list[tuple[float, float]]"

_CHUNK = 1 << 16
_LARGEST = 1 << 30
_OWN = ("name", "description")
_FOLDER = "Folder"
_SHAPES = frozenset(("Point", "LineString", "LinearRing", "Polygon", "Model", "Track"))
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class _Placemark:
    """A placemark being read: its fields, its polygons as rings, and what else it draws."""

    told: dict[str, str] = field(default_factory=dict)
    polygons: list[list[Ring]] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    broken: str | None = None


class _Placemarks:
    """What the parser tells, gathered into placemarks; nothing else of the file is kept."""

    def __init__(self) -> None:
        self.done: list[_Placemark] = []
        self._mark: _Placemark | None = None
        self._within: list[str] = []
        self._folders: list[str] = []
        self._field, self._text = "", list[str]()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        name = tag.rpartition("}")[2]
        self._within.append(name)
        self._text.clear()
        if name == "Placemark":
            self._mark = _Placemark()
            if folder := "/".join(filter(None, self._folders)):
                self._mark.told[_FOLDER] = folder
        elif name in ("Folder", "Document"):
            self._folders.append("")
        elif name in ("Data", "SimpleData"):
            self._field = attributes.get("name", "")
        elif self._mark is not None and name in _SHAPES and not self._in_polygon():
            self._mark.shapes.append(name)
            if name == "Polygon":
                self._mark.polygons.append([])

    def _in_polygon(self) -> bool:
        return "Polygon" in self._within[:-1]

    def data(self, text: str) -> None:
        """Take some text of the element that is open."""
        self._text.append(text)

    def end(self, tag: str) -> None:
        """Close an element, and the placemark with it if it is one."""
        name = tag.rpartition("}")[2]
        self._within.pop()
        parent = self._within[-1] if self._within else ""
        text = "".join(self._text).strip()
        self._text.clear()
        if name in ("Folder", "Document"):
            self._folders.pop()
        elif self._mark is None:
            if name == "name" and parent == "Folder":
                self._folders[-1] = text
        elif name == "Placemark":
            self.done.append(self._mark)
            self._mark = None
        elif (name in _OWN and parent == "Placemark") or name in ("value", "SimpleData"):
            self._mark.told.setdefault(name if name in _OWN else self._field, text)
        elif name == "coordinates" and self._mark.polygons and self._in_polygon():
            self._ring(self._mark, text)

    def _ring(self, mark: _Placemark, text: str) -> None:
        try:
            pairs = [tuple(map(float, corner.split(",")[:2])) for corner in text.split()]
            ring = [(x, y) for x, y in pairs]
        except ValueError as error:
            mark.broken = str(error)
            return
        outer = "outerBoundaryIs" in self._within
        mark.polygons[-1].insert(0 if outer else len(mark.polygons[-1]), ring)

    def close(self) -> None:
        """Tell the parser that all is read."""


def open_kml(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return the placemarks of a KML or KMZ file as one sheet; KML is in WGS 84 by its standard."""
    headers: dict[str, None] = {}
    for mark in _placemarks(path, said.encoding):
        headers.update(dict.fromkeys(mark.told))
    names = tuple(name for name in headers if name)
    placer: AreaPlacer | None = None
    notices: list[Notice] = []
    if "geometry" in columns_of(kind):
        placer, notices = placer_of(path.name, None, "EPSG:4326", said)

    def rows() -> Iterator[SourceRow]:
        for number, mark in enumerate(_placemarks(path, said.encoding), start=1):
            cells = [mark.told.get(name) for name in names]
            yield SourceRow(number, cells, _geometry(mark, placer))

    return [Sheet(None, rows, names)], notices


def _geometry(mark: _Placemark, placer: AreaPlacer | None) -> Geometry | None:
    """Return the area that a placemark draws; nothing where it draws nothing."""
    from shapely.geometry import MultiPolygon, Polygon

    if placer is None or not mark.shapes:
        return None
    if mark.broken:
        return bad_geometry(mark.broken)
    other = next((shape for shape in mark.shapes if shape != "Polygon"), None)
    if other is not None:
        return Geometry(trouble=IssueCode.NOT_AN_AREA, told={"shape": other})
    parts = [rings for rings in mark.polygons if rings]
    return placed(lambda: MultiPolygon([Polygon(r[0], r[1:]) for r in parts]), placer)


def _placemarks(path: Path, encoding: str | None) -> Iterator[_Placemark]:
    """Yield the placemarks of a file one after the other."""
    gathered = _Placemarks()
    try:
        parser = XMLParser(target=gathered)  # expat itself stops entity bombs
        for text in _texts(path, encoding):
            parser.feed(text)
            yield from gathered.done
            gathered.done.clear()
        parser.close()
    except ParseError as error:
        raise UnreadableFileError("ledger.error.kml", file=path.name, reason=str(error)) from error
    except ZIP_DAMAGE as error:
        raise UnreadableFileError("ledger.error.spatial", file=path.name) from error
    yield from gathered.done


def _texts(path: Path, encoding: str | None) -> Iterator[str]:
    """Yield the file's text in pieces, decoded; expat itself knows no Chinese encoding."""
    used = encoding or _encoding(path)
    try:
        decoder = codecs.getincrementaldecoder(used)()
    except LookupError as error:
        raise UsageError("ledger.error.encoding_unknown", encoding=used) from error
    with _opened(path) as file:
        first = decoder.decode(file.read(_CHUNK)).removeprefix("\ufeff")
        yield _DECLARATION.sub("", first, count=1)
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _encoding(path: Path) -> str:
    """Return the encoding that the whole file can be read in, whatever it declares."""
    with _opened(path) as file:
        if (marked := marked_encoding(file.read(4))) is not None:
            return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _opened(path) as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeError:
            return "gb18030"
    return "utf-8"


def _opened(path: Path) -> IO[bytes]:
    """Return the KML itself, taken out of a KMZ where it is packed in one."""
    if not zipfile.is_zipfile(path):
        return path.open("rb")
    with zipfile.ZipFile(path) as packed:
        inner = next((one for one in packed.infolist() if one.filename.endswith(".kml")), None)
        if inner is None:
            raise UnreadableFileError("ledger.error.kmz", file=path.name)
        if inner.file_size > _LARGEST:
            raise InputRefusedError(
                "ledger.error.too_large", file=path.name, size=inner.file_size >> 20,
                limit=_LARGEST >> 20,
            )  # fmt: skip
        return packed.open(inner)
