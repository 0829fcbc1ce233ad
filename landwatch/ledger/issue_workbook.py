"""Writes what the reader said of its files as a workbook: counts, headers, issues, refused rows.

The refused rows stand under their own headers, so that they can be mended and imported again.
Nothing in it runs: a cell that begins like a formula is text.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from landwatch.errors import InputRefusedError
from landwatch.language.catalogue import say
from landwatch.language.columns import columns_of
from landwatch.ledger.cells import LONGEST
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.intake import Intake
from landwatch.ledger.issues import RefusedRow, Severity
from landwatch.ledger.sheets import REPORT_MARK

_ROWS_OF_A_SHEET = 1_000_000
_MARKED_PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
_HEAD = 1 << 20
"""The mark stands in the first cell, so at the beginning of the parts that hold it."""


def check_report_target(path: Path, source: Path | None = None) -> None:
    """Refuse a place for the report where something else would be lost.

    Only a new `.xlsx`, or an earlier report of ours, is ever written over; never the file that is
    read (`source`), under whatever name or link it is reached.

    Raises:
        InputRefusedError: the target is no `.xlsx`, is `source`, or is a file of somebody else.
    """
    if path.suffix.casefold() != ".xlsx":
        raise InputRefusedError("ledger.error.report_name", file=str(path))
    try:
        if not path.exists():
            return
        if source is not None and source.exists() and path.samefile(source):
            raise InputRefusedError("ledger.error.report_is_source", file=str(path))
        if not _is_report(path):
            raise InputRefusedError("ledger.error.report_other", file=str(path))
    except OSError as error:
        raise InputRefusedError("ledger.error.report", file=str(path)) from error


def _is_report(path: Path) -> bool:
    """Tell whether a file is a report written here, perhaps saved again by Excel since."""
    mark = REPORT_MARK.encode()
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return any(_begins_with(packed, part, mark) for part in _MARKED_PARTS)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return False


def _begins_with(packed: zipfile.ZipFile, part: str, mark: bytes) -> bool:
    if part not in packed.namelist():
        return False
    with packed.open(part) as unpacked:
        return mark in unpacked.read(_HEAD)


def write_issue_workbook(path: Path, intakes: Intake | Sequence[Intake], lang: str) -> None:
    """Write the report of one or several files whose batches are spent.

    Raises:
        InputRefusedError: the report cannot be written there, as when Excel holds it open, or
            something else would be lost.
    """
    from openpyxl import Workbook

    taken = [intakes] if isinstance(intakes, Intake) else list(intakes)
    for intake in taken:
        check_report_target(path, intake.path)
    book = Workbook(write_only=True)
    _write(book, "ledger.sheet.summary", lang, _SUMMARY, _summary(taken, lang))
    _write(book, "ledger.sheet.headers", lang, _HEADERS, _headers(taken, lang))
    _write(book, "ledger.sheet.issues", lang, _ISSUES, _issues(taken, lang))
    for intake in taken:
        _write_refused(book, intake, lang)
    _save(book, path)


_SUMMARY = ("ledger.report.file", "ledger.report.what", "ledger.report.count")
_HEADERS = (
    *("ledger.report.file", "ledger.report.sheet", "ledger.report.position"),
    *("ledger.report.header", "ledger.report.column", "ledger.report.unit"),
    "ledger.report.meaning",
)
_ISSUES = (
    *("ledger.report.file", "ledger.report.sheet", "ledger.report.row", "ledger.report.header"),
    *("ledger.report.value", "ledger.report.severity", "ledger.report.code"),
    "ledger.report.words",
)
_SEVERITY = {
    Severity.REFUSED: "ledger.severity.refused",
    Severity.REMARK: "ledger.severity.remark",
    Severity.ASIDE: "ledger.severity.aside",
}


def _summary(intakes: Iterable[Intake], lang: str) -> Iterator[Sequence[object]]:
    for intake in intakes:
        file, tally = intake.source.name, intake.tally
        yield file, "sha256", intake.source.sha256
        yield file, say("ledger.tally.rows", lang), tally.rows
        yield file, say("ledger.tally.accepted", lang), tally.accepted
        yield file, say("ledger.tally.accepted_with_remarks", lang), tally.accepted_with_remarks
        yield file, say("ledger.tally.refused", lang), tally.refused
        yield file, say("ledger.tally.set_aside", lang), tally.set_aside
        yield file, say("ledger.tally.duplicates", lang), tally.duplicates
        yield file, say("ledger.tally.blank", lang), tally.blank
        yield file, say("ledger.tally.mapped", lang), len(intake.mapped)
        yield file, say("ledger.tally.unmapped", lang), len(intake.unmapped)
        for code, count in sorted(tally.by_code.items(), key=lambda pair: (-pair[1], pair[0])):
            yield file, code, count


def _headers(intakes: Iterable[Intake], lang: str) -> Iterator[Sequence[object]]:
    for intake in intakes:
        columns = columns_of(intake.kind)
        for use in intake.headers:
            column = columns.get(use.column or "")
            meaning = column.in_words(lang) if column else _why(use, lang)
            yield (
                intake.source.name, use.sheet, use.position + 1, use.header, column and column.name,
                use.unit, meaning,
            )  # fmt: skip


def _why(use: HeaderUse, lang: str) -> str:
    return say(use.why.value if use.why else "ledger.header.serves_key", lang)


def _issues(intakes: Iterable[Intake], lang: str) -> Iterator[Sequence[object]]:
    for intake in intakes:
        for issue in intake.issues():
            yield (
                issue.file, issue.sheet, issue.row, issue.column, issue.value,
                say(_SEVERITY[issue.severity], lang), issue.code.value,
                issue.in_words(lang),
            )  # fmt: skip


def _write(
    book: Any, name: str, lang: str, headers: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Write a sheet of the report, going on in a second one where Excel ends."""
    title = say(name, lang)
    titles = [say(header, lang) for header in headers]
    _write_table(book, title, [[f"{REPORT_MARK} {title}"], titles], rows)


def _write_table(
    book: Any, title: str, head: Sequence[Sequence[str]], rows: Iterable[Sequence[object]]
) -> None:
    sheet = _begin(book, title, head)
    for written, row in enumerate(rows, start=1):
        if written % _ROWS_OF_A_SHEET == 0:
            sheet = _begin(book, f"{title} +{written // _ROWS_OF_A_SHEET}", head)
        sheet.append([_cell(sheet, value) for value in row])


def _begin(book: Any, title: str, head: Sequence[Sequence[str]]) -> Any:
    sheet = book.create_sheet(title)
    for row in head:
        sheet.append([_cell(sheet, text) for text in row])
    return sheet


def _write_refused(book: Any, intake: Intake, lang: str) -> None:
    """Write the refused rows of each sheet of a file under its own headers, and why."""
    by_sheet: dict[str | None, list[RefusedRow]] = {}
    for refused in intake.refused():
        by_sheet.setdefault(refused.sheet, []).append(refused)
    for sheet, rows in by_sheet.items():
        uses = [use for use in intake.headers if use.sheet == sheet]
        labels = [use.label for use in uses]
        why = say("ledger.report.why", lang)
        table = ([*(row.cells.get(label) for label in labels), _reasons(row, lang)] for row in rows)
        title = f"{say('ledger.sheet.refused', lang)} {len(book.worksheets) - 2}"
        _write_table(book, title, [[*(use.header for use in uses), why]], table)


def _reasons(row: RefusedRow, lang: str) -> str:
    return " ".join(issue.in_words(lang) for issue in row.issues)


def _cell(sheet: Any, value: object) -> Any:
    """Return a cell that Excel shows and never runs, whatever its text begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST])
    cell.data_type = "s"
    return cell


def _save(book: Any, path: Path) -> None:
    """Write beside and rename, so that a report is whole or not there."""
    try:
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            book.save(beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        _let_go(book)
        raise InputRefusedError("ledger.error.report", file=str(path)) from error


def _let_go(book: Any) -> None:
    """Close the sheets of a report that could not be written; they wait for rows until then."""
    from openpyxl.utils.exceptions import WorkbookAlreadySaved

    for sheet in book.worksheets:
        with suppress(OSError, WorkbookAlreadySaved):
            sheet.close()
