"""How many rows a file may have, so that an import can say how long it may still take.

A guess by a glance at the file, never by reading it as the import does: nought where that would
cost much. Nothing is judged by it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from landwatch.ledger.workbook_child import ZIP_DAMAGE

_PIECE = 1 << 20
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_HEAD = 4096


def rows_foreseen(path: Path) -> int:
    """Return about how many rows a file has, 0 where a glance does not tell."""
    look = _LOOKS.get(path.suffix.lower())
    if look is None:
        return 0
    try:
        return look(path)
    except ZIP_DAMAGE:  # the import says why
        return 0


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def _sheet_rows(path: Path) -> int:
    """Return the rows that the sheets of a workbook say they have."""
    with zipfile.ZipFile(path) as book:
        rows = 0
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                with book.open(name) as sheet:
                    told = _DIMENSION.search(sheet.read(_HEAD))
                rows += int(told[1]) if told else 0
        return rows


def _parquet_rows(path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_rows)
    except pa.ArrowException:
        return 0


_LOOKS: Mapping[str, Callable[[Path], int]] = {
    ".csv": _lines,
    ".tsv": _lines,
    ".xlsx": _sheet_rows,
    ".parquet": _parquet_rows,
}
