"""Reads one workbook in a process of its own: `python -P workbook_child.py FILE`.

A damaged workbook does not only fail: it can make the reading library abort the whole process (a
cell told to lie at the end of the world takes 400 GB). So it is read here, under a limit, and what
it holds goes to standard output: parts of rows, then the list of sheets, then where that begins.
"""

from __future__ import annotations

import os
import pickle
import sys
from itertools import islice
from pathlib import Path
from typing import IO, Any

PASSWORD, DAMAGED = 10, 11
"""Exit codes: the workbook asks for a password; it cannot be read."""

_PART = 1000


def main(path: str) -> int:
    """Write every visible sheet of the workbook to standard output; return the exit code."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    limit_memory()
    out = sys.stdout.buffer
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [_write(book, meta, out) for meta in book.sheets_metadata]
    except PasswordError:
        return PASSWORD
    except (CalamineError, OSError, ValueError):
        return DAMAGED
    at = out.tell()
    pickle.dump([sheet for sheet in sheets if sheet], out, pickle.HIGHEST_PROTOCOL)
    out.write(at.to_bytes(8, "big"))
    out.flush()
    return 0


def _write(book: Any, meta: Any, out: IO[bytes]) -> tuple[str, bool, list[int]] | None:
    """Write the rows of a sheet; return its name, whether it is visible, where its parts begin."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if meta.typ != SheetTypeEnum.WorkSheet:
        return None
    if meta.visible != SheetVisibleEnum.Visible:
        return meta.name, False, []
    rows = iter(book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False))
    places = []
    while part := list(islice(rows, _PART)):
        places.append(out.tell())
        pickle.dump(part, out, pickle.HIGHEST_PROTOCOL)
    return meta.name, True, places


def limit_memory() -> None:
    """Let this process have three quarters of the machine's memory, where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]))))
