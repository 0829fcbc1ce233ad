"""Writes what the reader said of its files as a workbook: counts, headers, issues, and the rows.

The rows with any trouble stand under their own headers, so that they can be mended and imported
again. Nothing in it runs: a cell that begins like a formula is text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from landwatch.errors import InputRefusedError
from landwatch.files import unwritable, whole_file
from landwatch.language.catalogue import say
from landwatch.language.columns import columns_of
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.intake import Intake
from landwatch.ledger.issues import Severity
from landwatch.ledger.report import row_sheets
from landwatch.ledger.report.paper import Heard, Ink, Paper, Tone, clean, unheard
from landwatch.ledger.report.target import check_report_target
from landwatch.ledger.sheets import REPORT_MARK

_TONES = {Severity.REFUSED: Tone.REFUSED, Severity.REMARK: Tone.REMARK, Severity.ASIDE: Tone.PLAIN}


def write_issue_workbook(
    path: Path, intakes: Intake | Sequence[Intake], lang: str, heard: Heard = unheard
) -> None:
    """Write the report of one or several files whose batches are spent.

    The sources are read once more, for the rows that have any trouble. `heard` is told now and then
    how many rows are written.

    Raises:
        InputRefusedError: the report cannot be written there, as when Excel holds it open, or
            something else would be lost.
    """
    taken = [intakes] if isinstance(intakes, Intake) else list(intakes)
    for intake in taken:
        check_report_target(path, intake.path)
    with whole_file(path, error=InputRefusedError) as beside:
        paper = Paper(heard)
        try:
            _write(paper, "ledger.sheet.summary", lang, _SUMMARY, _summary(taken, lang))
            _write(paper, "ledger.sheet.headers", lang, _HEADERS, _headers(taken, lang))
            _write(paper, "ledger.sheet.issues", lang, _ISSUES, _issues(taken, lang))
            for intake in taken:
                row_sheets.write_rows(paper, intake, lang)
            paper.book.save(beside)
        except OSError as error:
            _let_go(paper.book)
            raise unwritable(path, error, InputRefusedError) from error


_SUMMARY = {"ledger.report.file": 30, "ledger.report.what": 34, "ledger.report.count": 16}
_HEADERS = {
    "ledger.report.file": 24,
    "ledger.report.sheet": 16,
    "ledger.report.position": 8,
    "ledger.report.header": 28,
    "ledger.report.column": 26,
    "ledger.report.unit": 10,
    "ledger.report.meaning": 44,
}
_ISSUES = {
    "ledger.report.file": 24,
    "ledger.report.sheet": 16,
    "ledger.report.row": 8,
    "ledger.report.header": 20,
    "ledger.report.value": 20,
    "ledger.report.severity": 9,
    "ledger.report.code": 20,
    "ledger.report.words": 90,
}
"""The columns of a sheet, and how wide they are."""
_SEVERITY = {
    Severity.REFUSED: "ledger.severity.refused",
    Severity.REMARK: "ledger.severity.remark",
    Severity.ASIDE: "ledger.severity.aside",
}


def _summary(intakes: Iterable[Intake], lang: str) -> Iterator[tuple[Tone, Sequence[object]]]:
    for intake in intakes:
        file, tally = intake.source.name, intake.tally
        counts = {
            "ledger.tally.rows": tally.rows,
            "ledger.tally.accepted": tally.accepted,
            "ledger.tally.accepted_with_remarks": tally.accepted_with_remarks,
            "ledger.tally.refused": tally.refused,
            "ledger.tally.set_aside": tally.set_aside,
            "ledger.tally.duplicates": tally.duplicates,
            "ledger.tally.blank": tally.blank,
            "ledger.tally.mapped": len(intake.mapped),
            "ledger.tally.unmapped": len(intake.unmapped),
        }
        if tally.untouched:
            counts["ledger.tally.untouched"] = tally.untouched
        yield Tone.PLAIN, (file, "sha256", intake.source.sha256)
        for key, count in counts.items():
            yield Tone.PLAIN, (file, say(key, lang), count)
        for code, count in sorted(tally.by_code.items(), key=lambda pair: (-pair[1], pair[0])):
            yield Tone.PLAIN, (file, code, count)


def _headers(intakes: Iterable[Intake], lang: str) -> Iterator[tuple[Tone, Sequence[object]]]:
    for intake in intakes:
        columns = columns_of(intake.kind)
        for use in intake.headers:
            column = columns.get(use.column or "")
            meaning = column.in_words(lang) if column else _why(use, lang)
            yield Tone.PLAIN, (
                intake.source.name, use.sheet, use.position + 1, use.header, column and column.name,
                use.unit, meaning,
            )  # fmt: skip


def _why(use: HeaderUse, lang: str) -> str:
    return say(use.why.value if use.why else "ledger.header.serves_key", lang)


def _issues(intakes: Iterable[Intake], lang: str) -> Iterator[tuple[Tone, Sequence[object]]]:
    for intake in intakes:
        for issue in intake.issues():
            yield _TONES[issue.severity], (
                issue.file, issue.sheet, issue.row, issue.column, issue.value,
                say(_SEVERITY[issue.severity], lang), issue.code.value,
                issue.in_words(lang),
            )  # fmt: skip


def _write(
    paper: Paper,
    name: str,
    lang: str,
    headers: dict[str, int],
    rows: Iterable[tuple[Tone, Sequence[object]]],
) -> None:
    """Write a sheet of the report, going on in a second one where Excel ends."""
    title = say(name, lang)
    sheet = _begin(paper, title, title, headers, lang)
    for written, (tone, row) in enumerate(rows, start=1):
        if written % row_sheets.ROWS_OF_A_SHEET == 0:
            more = f"{title} +{written // row_sheets.ROWS_OF_A_SHEET}"
            sheet = _begin(paper, more, title, headers, lang)
        last = len(row) - 1
        paper.put(sheet, [_cell(value, tone, last=at == last) for at, value in enumerate(row)])


def _cell(value: object, tone: Tone, *, last: bool) -> tuple[Any, Ink, Tone]:
    shown = clean(value) if isinstance(value, str) else value
    worded = last and isinstance(value, str) and not value.isalnum()  # not a hash
    return shown, Ink.WORDS if worded else Ink.NUMBER, tone if last else Tone.PLAIN


def _begin(paper: Paper, title: str, words: str, headers: dict[str, int], lang: str) -> Any:
    sheet = paper.sheet(title, list(headers.values()))
    sheet.freeze_panes = "A3"
    paper.put(sheet, [(f"{REPORT_MARK} {words}", Ink.GUIDE, Tone.PLAIN)])
    paper.put(sheet, [(say(header, lang), Ink.HEADER, Tone.PLAIN) for header in headers])
    return sheet


def _let_go(book: Any) -> None:
    """Close the sheets of a report that could not be written; they wait for rows until then."""
    from openpyxl.utils.exceptions import WorkbookAlreadySaved

    for sheet in book.worksheets:
        with suppress(OSError, WorkbookAlreadySaved):
            sheet.close()
