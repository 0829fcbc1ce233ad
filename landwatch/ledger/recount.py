"""How many rows a spatial file holds, counted without GDAL, which passes over some without a word.

A GeoJSON feature whose `type` is misspelt is none to GDAL; of a Shapefile's table it reads as many
rows as there are shapes, and no more than the table's first bytes say.
"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

from landwatch.errors import UnreadableFileError

_PIECE = 1 << 20
_LONGEST = 64 << 20
_BEGINS = re.compile(r'"features"\s*:\s*\[')
_NEXT = re.compile(r"[\s,\ufeff]*")
_decoded = json.JSONDecoder(parse_float=str, parse_int=str, strict=False).raw_decode


def check_all_read(path: Path, table: Path | None, read: int) -> None:
    """Refuse a file of which fewer rows were read than it holds; `table` is a Shapefile's.

    Raises:
        UnreadableFileError: some were passed over; says how many.
    """
    held = read
    if table is not None:
        held = rows_in(table)
    elif path.suffix.casefold() in (".geojson", ".json"):
        held = features_in(path)
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


def features_in(path: Path) -> int:
    """Return how many elements the list of features has, as far as it can be read as JSON."""
    count = 0
    with path.open(encoding="utf-8-sig", errors="replace") as text:
        piece = ""
        while (begin := _BEGINS.search(piece)) is None:
            more = text.read(_PIECE)
            if not more:
                return 0
            piece = piece[-100:] + more
        at = begin.end()
        while True:
            at = _NEXT.match(piece, at).end()  # type: ignore[union-attr] # it may match nothing
            try:
                value, at = _decoded(piece, at)
            except RecursionError:
                return count
            except json.JSONDecodeError:
                more = "" if piece[at : at + 1] == "]" else text.read(max(_PIECE, len(piece) - at))
                if not more or len(piece) - at > _LONGEST:
                    return count
                piece, at = piece[at:] + more, 0
            else:
                count += value is not None
