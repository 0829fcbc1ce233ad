"""Reads one workbook in a process of its own: `python -P workbook_child.py FILE`.

A damaged workbook does not only fail: it can make the reading library abort the whole process (a
cell told to lie at the end of the world takes 400 GB). So it is read here, under a limit, and what
it holds goes to standard output: parts of rows, then the list of sheets, then where that begins.
"""

from __future__ import annotations

import lzma
import os
import pickle
import re
import signal
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias
from xml.etree.ElementTree import ParseError, fromstring

Part: TypeAlias = "tuple[str, str]"
Place: TypeAlias = "tuple[int, int]"

PASSWORD, DAMAGED = 10, 11
"""Exit codes: the workbook asks for a password; it cannot be read."""

ZIP_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    RuntimeError,  # a password, or a version of ZIP that is not known
    LookupError,  # a member without a name
)  # fmt: skip
"""What reading a damaged ZIP raises."""

_PART = 1000
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ROW = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?row\b[^<>]{0,2000}>")
_NUMBER = re.compile(rb"""\br=["']([0-9]{1,7})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_LONGEST_TAG = 2100
_LONGEST_FORMULA = 20_000
_P = rb"(?:[A-Za-z0-9]{1,20}:)?"
_FORMULA = re.compile(
    rb"<"
    + _P
    + rb"c\b([^<>]{1,500})>\s*<"
    + _P
    + rb"f\b(?:[^<>]{0,2000}/>|[^<>]{0,2000}>[^<]{0,17000}"
    rb"</" + _P + rb"f>)\s*(?:</" + _P + rb"c>|<" + _P + rb"v\s*(?:/>|></))"
)
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
NO_VALUE = "#VALUE!"
_NAMED = 10
_PR_SET_PDEATHSIG = 1
_MEMORY, _MEMORY_A_BYTE = 1 << 30, 40
"""A cell takes six bytes of an XLS at least, and some two hundred once it is read."""
_SECONDS, _SECONDS_A_MB = 20, 2


def main(path: str) -> int:
    """Write every visible sheet of the workbook to standard output; return the exit code."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    out = sys.stdout.buffer
    try:
        limit_itself(Path(path))
        book = CalamineWorkbook.from_path(path)
        parts = sheet_parts(path)
        sheets = [_write(book, meta, out, parts.get(meta.name)) for meta in book.sheets_metadata]
    except PasswordError:
        return PASSWORD
    except (CalamineError, ParseError, *ZIP_DAMAGE):
        return DAMAGED
    at = out.tell()
    pickle.dump([sheet for sheet in sheets if sheet], out, pickle.HIGHEST_PROTOCOL)
    out.write(at.to_bytes(8, "big"))
    out.flush()
    return 0


def _write(
    book: Any, meta: Any, out: IO[bytes], part: Part | None
) -> tuple[str, bool, list[int], list[Any] | None, list[int], tuple[int, list[str]]] | None:
    """Write the rows of a sheet.

    Return its name, whether it is visible, where its parts begin, its merged cells (first and last
    row and column, from 0), the numbers of the rows that are hidden, and how many formulas have no
    saved value, with the first of them.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if meta.typ != SheetTypeEnum.WorkSheet:
        return None
    if meta.visible != SheetVisibleEnum.Visible:
        return meta.name, False, [], None, [], (0, [])
    sheet = book.get_sheet_by_name(meta.name)
    hidden, bare = marks_of(part) if part else ([], set())
    rows = iter(sheet.to_python(skip_empty_area=False))
    rows = _marked(rows, bare) if bare else rows
    places = []
    while some := list(islice(rows, _PART)):
        places.append(out.tell())
        pickle.dump(some, out, pickle.HIGHEST_PROTOCOL)
    ranges = sheet.merged_cell_ranges  # None: the format, or the library for it, does not tell
    merged = None if ranges is None else sorted(ranges)
    named = [f"{_letters(column)}{row + 1}" for row, column in sorted(bare)[:_NAMED]]
    return meta.name, True, places, merged, hidden, (len(bare), named)


def _letters(column: int) -> str:
    """Return the letters by which Excel calls a column, counted from 0."""
    letters = ""
    while column >= 0:
        letters, column = chr(65 + column % 26) + letters, column // 26 - 1
    return letters


def sheet_parts(path: str) -> dict[str, Part]:
    """Return the part of an XLSX that each sheet stands in; nothing for other workbooks."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        if not {_BOOK, _LINKS} <= set(packed.namelist()):
            return {}
        links = {
            link.get("Id"): str(link.get("Target", "")) for link in fromstring(packed.read(_LINKS))
        }
        parts = {}
        for sheet in fromstring(packed.read(_BOOK)).iter():
            name = sheet.get("name")
            if sheet.tag.rpartition("}")[2] == "sheet" and name is not None:
                target = next((links.get(v) for k, v in sheet.items() if k.endswith("}id")), None)
                part = (target or "").removeprefix("/").removeprefix("xl/")
                if f"xl/{part}" in packed.namelist():
                    parts[name] = (path, f"xl/{part}")
        return parts


def marks_of(part: Part) -> tuple[list[int], set[Place]]:
    """Return the rows that are hidden or filtered away, and the formulas without a saved value.

    Some thousand rows at most. The cells come from the reading library, which does not tell, and
    shows such a formula as an empty cell; so the part is searched as text.
    """
    hidden: list[int] = []
    bare: set[Place] = set()
    rest, tail, number = b"", b"", 0
    with zipfile.ZipFile(part[0]) as packed, packed.open(part[1]) as file:
        while piece := file.read(1 << 20):
            text, tail = rest + piece, tail + piece
            if b"<f" in tail or b":f" in tail:
                bare.update(_bare_formulas(tail))
            end = 0
            for match in _ROW.finditer(text):
                end = match.end()
                told = _NUMBER.search(match[0])
                number = int(told[1]) if told else number + 1
                if _HIDDEN.search(match[0]) and len(hidden) <= _PART:
                    hidden.append(number)
            rest, tail = text[end:][-_LONGEST_TAG:], tail[-_LONGEST_FORMULA:]
    return hidden, bare


def _bare_formulas(text: bytes) -> Iterator[Place]:
    """Yield row and column, from 0, of each formula that has no value; "" is a text's value."""
    for match in _FORMULA.finditer(text):
        place = _CELL.search(match[1])
        if place is not None and not _IS_TEXT.search(match[1]):
            column = 0
            for sign in place[1]:
                column = column * 26 + sign - 64
            yield int(place[2]) - 1, column - 1


def _marked(rows: Iterator[list[Any]], bare: set[Place]) -> Iterator[list[Any]]:
    """Yield the rows, with an error of Excel where a formula has no value."""
    by_row: dict[int, list[int]] = {}
    for row, column in bare:
        by_row.setdefault(row, []).append(column)
    number = -1
    for number, cells in enumerate(rows):
        yield _with_error(cells, by_row.pop(number, []))
    for after in range(number + 1, min(max(by_row, default=-1), number + _PART) + 1):
        yield _with_error([], by_row.get(after, []))


def _with_error(cells: list[Any], columns: list[int]) -> list[Any]:
    for column in columns:
        cells.extend([""] * (column + 1 - len(cells)))
        if cells[column] in ("", None):
            cells[column] = NO_VALUE
    return cells


def limit_itself(path: Path) -> None:
    """Let this process have what a workbook of this size can need, where the system can say so.

    A damaged one asks for all the memory there is, or never ends; and when its parent is killed,
    nobody waits for it any more.
    """
    _end_with_parent()
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    size = unpacked_size(path)
    all_of_it = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    most = min(all_of_it * 3 // 4, _MEMORY + _MEMORY_A_BYTE * size)
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    seconds = _SECONDS + _SECONDS_A_MB * (size >> 20)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def unpacked_size(path: Path) -> int:
    """Return how many bytes a workbook holds, unpacked if it is packed."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as packed:
        return sum(member.file_size for member in packed.infolist())


def _end_with_parent() -> None:
    """Ask Linux to end this process when the one that started it ends; others have no such way."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]))))
