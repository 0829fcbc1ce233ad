"""Reads XLSX and XLS workbooks in a child process, which a damaged one may take down."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from landwatch.errors import InputRefusedError, UnreadableFileError
from landwatch.ledger import workbook_child
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.report.tags import MEND_MARK, TAGS_ROW
from landwatch.ledger.sheets import Merged, Notice, Sheet, SourceRow
from landwatch.ledger.spool import Spool
from landwatch.ledger.workbook_child import ZIP_DAMAGE

_NAMED = 10
LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more than a gigabyte is a bomb, or belongs into a CSV file."""


def open_workbook(path: Path) -> tuple[list[Sheet], list[Notice]]:
    """Return the visible sheets of a workbook, and what is to be said of the others."""
    _check_unpacked_size(path)
    spool = Spool(on_disk=True)
    command = [sys.executable, "-P", workbook_child.__file__, str(path.absolute())]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=spool.file, stderr=subprocess.DEVNULL, check=False
    )
    if done.returncode == workbook_child.PASSWORD:
        raise UnreadableFileError("ledger.error.password", file=path.name)
    if done.returncode:
        raise UnreadableFileError("ledger.error.workbook", file=path.name)
    spool.file.seek(-8, os.SEEK_END)
    index, _ = spool.part(int.from_bytes(spool.file.read(8), "big"))
    sheets, notices = [], []
    for name, visible, places, merged, hidden, bare in index:
        if not visible:
            notices.append(Notice(IssueCode.SHEET_HIDDEN, name))
            continue
        cells = None if merged is None else tuple(Merged(*one, *two) for one, two in merged)
        sheets.append(_sheet(spool, name, places, cells))
        if bare[0]:
            seen = {"count": bare[0], "cells": "、".join(bare[1])}
            notices.append(Notice(IssueCode.FORMULA_WITHOUT_VALUE, name, seen))
        if hidden and TAGS_ROW in hidden and _is_given_out(spool, places):
            hidden.remove(TAGS_ROW)
        if hidden:
            listed = "、".join(str(row) for row in hidden[:_NAMED])
            told = {"count": len(hidden), "rows": listed + (" …" if len(hidden) > _NAMED else "")}
            notices.append(Notice(IssueCode.ROWS_HIDDEN, name, told))
    return sheets, notices


def _is_given_out(spool: Spool, places: list[int]) -> bool:
    """Tell whether a sheet is one of a report, in which a row is hidden on purpose."""
    first = spool.part(places[0])[0][0] if places else []
    return bool(first) and str(first[0]).startswith(MEND_MARK)


def _sheet(spool: Spool, name: str, places: list[int], merged: tuple[Merged, ...] | None) -> Sheet:
    def rows() -> Iterator[SourceRow]:
        number = 0
        for place in places:
            part, _ = spool.part(place)
            for cells in part:
                number += 1
                yield SourceRow(number, cells)

    return Sheet(name, rows, merged=merged)


def _check_unpacked_size(path: Path) -> None:
    """Refuse a packed workbook that would not fit in memory, before it is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except ZIP_DAMAGE as error:
        raise UnreadableFileError("ledger.error.workbook", file=path.name) from error
    if size > LARGEST_UNPACKED:
        raise InputRefusedError(
            "ledger.error.too_large", file=path.name, size=size >> 20, limit=LARGEST_UNPACKED >> 20
        )
