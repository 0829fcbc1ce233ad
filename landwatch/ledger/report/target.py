"""Where a report may go: to a new place, or over an earlier report; never over anything else."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

from landwatch.errors import InputRefusedError
from landwatch.files import check_writable, unwritable
from landwatch.language.columns import Kind
from landwatch.ledger.report.tags import MEND_MARK
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.ledger.workbook_child import ZIP_DAMAGE

_MARKED_PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
_HEAD = 1 << 20
"""The mark stands in the first cell, so at the beginning of the parts that hold it."""

_STRINGS = "xl/sharedStrings.xml"
_MOST_STRINGS = 1 << 24
_KIND = re.compile(f'{MEND_MARK} \\[[0-9]+, ?"([a-z]+)')


def check_report_target(path: Path, source: Path | None = None) -> None:
    """Refuse a place for the report where something else would be lost, or nothing can be written.

    Only a new `.xlsx`, or an earlier report of ours, is ever written over; never the file that is
    read (`source`), under whatever name or link it is reached.

    Raises:
        InputRefusedError: the target is no `.xlsx`, is `source`, is a file of somebody else, is
            open in Excel or WPS, or cannot be written.
    """
    if path.suffix.casefold() != ".xlsx":
        raise InputRefusedError("ledger.error.report_name", file=str(path))
    try:
        if path.exists():
            if source is not None and source.exists() and path.samefile(source):
                raise InputRefusedError("ledger.error.report_is_source", file=str(path))
            if not _is_report(path):
                raise InputRefusedError("ledger.error.report_other", file=str(path))
    except OSError as error:
        raise unwritable(path, error, InputRefusedError) from error
    check_writable(path, InputRefusedError)


def _is_report(path: Path) -> bool:
    """Tell whether a file is a report written here, perhaps saved again by Excel since."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return any(REPORT_MARK in _beginning(packed, part) for part in _MARKED_PARTS)
    except ZIP_DAMAGE:
        return False


def kind_of_report(path: Path) -> Kind | None:
    """Return which kind of rows a report gave out to be mended; None for any other file."""
    if path.suffix.casefold() != ".xlsx" or not _is_report(path):
        return None
    try:
        with zipfile.ZipFile(path) as packed:
            for part in packed.namelist():
                if not part.startswith("xl/worksheets/") and part != _STRINGS:
                    continue
                told = _beginning(packed, part, _MOST_STRINGS if part == _STRINGS else _HEAD)
                if (found := _KIND.search(told)) and found[1] in set(Kind):
                    return Kind(found[1])
    except ZIP_DAMAGE:
        return None
    return None


def _beginning(packed: zipfile.ZipFile, part: str, most: int = _HEAD) -> str:
    """Return the beginning of a part as read: who saved it may have written `✎` as `&#9998;`."""
    if part not in packed.namelist():
        return ""
    with packed.open(part) as unpacked:
        return html.unescape(unpacked.read(most).decode("utf-8", "replace"))
