"""Reads XLSX and XLS workbooks sheet by sheet through calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landwatch.errors import InputRefusedError, UnreadableFileError
from landwatch.ledger.cells import Cell
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Notice, Sheet, SourceRow

LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more than a gigabyte is a bomb, or belongs into a CSV file."""


def open_workbook(path: Path) -> tuple[list[Sheet], list[Notice]]:
    """Return the visible sheets of a workbook, and what is to be said of the others."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    _check_unpacked_size(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise UnreadableFileError("ledger.error.password", file=path.name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError("ledger.error.workbook", file=path.name) from error
    sheets, notices = [], []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        if meta.visible != SheetVisibleEnum.Visible:
            notices.append(Notice(IssueCode.SHEET_HIDDEN, meta.name))
            continue
        sheets.append(_sheet(book, meta.name, path))
    return sheets, notices


def _sheet(book: Any, name: str, path: Path) -> Sheet:
    def rows() -> Iterator[SourceRow]:
        from python_calamine import CalamineError

        try:
            sheet = book.get_sheet_by_name(name)
            table: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise UnreadableFileError("ledger.error.workbook", file=path.name) from error
        for number, cells in enumerate(table, start=1):
            yield SourceRow(number, cells)

    return Sheet(name, rows)


def _check_unpacked_size(path: Path) -> None:
    """Refuse a packed workbook that would not fit in memory, before it is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFileError("ledger.error.workbook", file=path.name) from error
    if size > LARGEST_UNPACKED:
        raise InputRefusedError(
            "ledger.error.too_large", file=path.name, size=size >> 20, limit=LARGEST_UNPACKED >> 20
        )
