"""How many rows a spatial file holds, counted without GDAL, which passes over some without a word.

A GeoJSON feature whose `type` is misspelt is none to GDAL; of a Shapefile's table it reads as many
rows as there are shapes, and no more than the table's first bytes say.
"""

from __future__ import annotations

import codecs
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landwatch.errors import UnreadableFileError

_PIECE = 1 << 20
_LONGEST = 64 << 20
_BEGINS = re.compile(r'"features"\s*:\s*\[')
_NEXT = re.compile(r"[\s,\ufeff]*")
_as_text = json.JSONDecoder(parse_float=str, parse_int=str, strict=False).raw_decode
_as_numbers = json.JSONDecoder(strict=False).raw_decode
_SUFFIXES = (".geojson", ".json")


def is_geojson(path: Path) -> bool:
    """Tell whether a spatial file is GeoJSON, which can be read without GDAL too."""
    return path.suffix.casefold() in _SUFFIXES


def check_all_read(path: Path, held: int, read: int) -> None:
    """Refuse a file of which fewer rows were read than it holds.

    Raises:
        UnreadableFileError: some were passed over; says how many.
    """
    if read < held:
        raise UnreadableFileError("ledger.error.rows_lost", file=path.name, held=held, read=read)


def rows_in(table: Path) -> int:
    """Return how many rows a dBASE table has room for in its length, without the deleted ones."""
    with table.open("rb") as file:
        start = file.read(32)
        if len(start) < 32:
            return 0
        begin, width = struct.unpack("<HH", start[8:12])
        if not width or begin < 33:
            return 0
        file.seek(begin)
        count = 0
        while len(row := file.read(width)) == width:
            count += row[:1] == b" "
    return count


def features_of(path: Path, *, numbers: bool = False) -> Iterator[Any]:
    """Yield the elements of the list of features, as far as it can be read as JSON.

    Nulls are left out, as GDAL does. Numbers are texts, which is quicker, unless `numbers`.
    """
    decoded = _as_numbers if numbers else _as_text
    with path.open(encoding="utf-8-sig", errors="replace") as text:
        piece = ""
        while (begin := _BEGINS.search(piece)) is None:
            more = text.read(_PIECE)
            if not more:
                return
            piece = piece[-100:] + more
        at = begin.end()
        while True:
            at = _NEXT.match(piece, at).end()  # type: ignore[union-attr] # it may match nothing
            try:
                value, at = decoded(piece, at)
            except RecursionError:
                return
            except json.JSONDecodeError:
                more = "" if piece[at : at + 1] == "]" else text.read(max(_PIECE, len(piece) - at))
                if not more or len(piece) - at > _LONGEST:
                    return
                piece, at = piece[at:] + more, 0
            else:
                if value is not None:
                    yield value


def is_lost(told: Any, kind: str | None, rings: int) -> bool:
    """Tell whether GDAL passed over an outline, or some of its rings, without a word.

    Args:
        told: the feature as the file tells it.
        kind: the type of the geometry that GDAL gives; None for no geometry.
        rings: how many rings that geometry has.
    """
    if not isinstance(told, dict) or told.get("type") != "Feature":
        return False
    drawn = told.get("geometry")
    if kind is None:
        return bool(drawn) and not (isinstance(drawn, dict) and "rings" in drawn)
    if not isinstance(drawn, dict) or drawn.get("type") != kind:
        return False
    return rings_of(kind, drawn.get("coordinates")) != rings


def rings_of(kind: str, coordinates: Any) -> int:
    """Return how many rings an area has, -1 where a part of it is no list; 0 for what is none."""
    if kind not in ("Polygon", "MultiPolygon"):
        return 0
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, (list, tuple)):
        return -1
    if not all(isinstance(part, (list, tuple)) for part in parts):
        return -1
    return sum(map(len, parts))


def is_whole(kind: str, coordinates: Any) -> bool:
    """Tell whether every ring of an area is a list of corners of two numbers or more."""
    if kind not in ("Polygon", "MultiPolygon"):
        return True
    if rings_of(kind, coordinates) < 0:
        return False
    parts = [coordinates] if kind == "Polygon" else coordinates
    rings = [ring for part in parts for ring in part]
    if not all(isinstance(ring, list) and ring for ring in rings):
        return False
    return all(
        isinstance(corner, list) and len(corner) > 1 and {*map(type, corner)} <= {int, float}
        for ring in rings
        for corner in ring
    )


def is_utf8(path: Path) -> bool:
    """Tell whether a text is UTF-8 to its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except (UnicodeDecodeError, OSError):
        return False
    return True


def names_are_cut(table: Path, encoding: str) -> bool:
    """Tell whether a dBASE table has a field name cut inside a sign, which fiona cannot read."""
    with table.open("rb") as file:
        size = struct.unpack("<H", file.read(32).ljust(32, b"\0")[8:10])[0]
        fields = file.read(max(size - 32, 0))
    for begin in range(0, len(fields) - 31, 32):
        if fields[begin] == 0x0D:
            break
        name = fields[begin : begin + 11].split(b"\0")[0]
        if "\ufffd" in name.decode(encoding, "replace"):
            return True
    return False
