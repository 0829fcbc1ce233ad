"""Writes the rows that have any trouble under their own headers, so that a clerk can mend them.

Refused rows stand first: they are not in the ledger yet. Then come the rows that were taken with a
remark, each part in the order of the source. What a sheet cannot hold goes on in another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice
from pathlib import PurePath
from typing import Any

from landwatch.language.catalogue import listed, say
from landwatch.language.columns import Column, ColumnType, columns_of
from landwatch.ledger.headers import HeaderUse, map_headers
from landwatch.ledger.intake import Intake
from landwatch.ledger.layout import Layout
from landwatch.ledger.report.lines import Line, LineMaker, columns_shown
from landwatch.ledger.report.paper import (
    Ink,
    Paper,
    Tone,
    Written,
    clean,
    height_of,
    ink_of,
    width_of,
)
from landwatch.ledger.report.tags import (
    HEADER_ROW,
    TAGS_ROW,
    SheetTag,
    written_header,
    written_sheet,
)
from landwatch.ledger.report.troubled import Troubled, troubled_rows
from landwatch.ledger.report.way_back import FIRST_AT
from landwatch.ledger.spool import Spool

ROWS_OF_A_SHEET = 1_000_000
_LOOKED_AT = 200
"""Rows that are looked at before a sheet begins: how wide its columns are, whether it has areas."""
_OWN_WIDTHS = (4.0, 9.0, 9.0, 52.0)
_NARROWEST, _WIDEST = 9, 34
_A3 = 8
_LONGEST_LIST = 250
"""Signs that Excel takes for the choices of a cell."""


def write_rows(paper: Paper, intake: Intake, lang: str) -> None:
    """Write a sheet for each sheet of a spent file that has rows with any trouble."""
    for _, rows in groupby(troubled_rows(intake), key=lambda one: id(one.layout)):
        _write_sheet(paper, intake, rows, lang)


def _write_sheet(paper: Paper, intake: Intake, rows: Iterator[Troubled], lang: str) -> None:
    first = list(islice(rows, _LOOKED_AT))
    uses = columns_shown(intake.kind, first)
    maker = LineMaker(intake.kind, uses, lang, intake.stream.epsg)
    lines = map(maker.line, chain(first, rows))
    writing = _RowSheet(paper, intake, uses, first[0].layout, lang)
    waiting = Spool()
    for line in lines:
        if line.tone is Tone.REFUSED:
            writing.add(line)
        else:
            waiting.add(line)
    for line in waiting:
        writing.add(line)
    writing.end()


class _RowSheet:
    """A sheet of rows being written; begun when it is known how wide its columns are."""

    def __init__(
        self, paper: Paper, intake: Intake, uses: Sequence[HeaderUse], layout: Layout, lang: str
    ) -> None:
        self._paper, self._intake, self._uses, self._lang = paper, intake, uses, lang
        self._name, self._waiting, self._sheet = layout.sheet.name, list[Line](), None
        way = layout.way_back  # a report of a report is called as its first source was
        self._called = self._name if way is None else way.tag.sheet or PurePath(way.tag.file).stem
        self._written = self._sheets = 0

    def add(self, line: Line) -> None:
        """Write a line, in another sheet where Excel ends."""
        if self._sheet is None:
            self._waiting.append(line)
            if len(self._waiting) == _LOOKED_AT:
                self._begin()
            return
        if self._written == ROWS_OF_A_SHEET:
            self._close()
            self._waiting = [line]
            self._begin()
            return
        self._put(line)

    def end(self) -> None:
        """Write what waits, and how the sheet is filtered."""
        if self._sheet is None and self._waiting:
            self._begin()
        self._close()

    def _begin(self) -> None:
        widths = [*_OWN_WIDTHS, *self._widths()]
        source = self._intake.source.name
        title = say("ledger.sheet.rows", self._lang, name=self._called or PurePath(source).stem)
        more = f" +{self._sheets}" if self._sheets else ""
        sheet = self._sheet = self._paper.sheet(title + more, widths)
        self._sheets, self._written = self._sheets + 1, 0
        sheet.freeze_panes = f"{_letter(FIRST_AT)}{HEADER_ROW + 1}"
        sheet.row_dimensions[TAGS_ROW].hidden = True
        sheet.row_dimensions[1].height = 20
        sheet.column_dimensions["A"].hidden = True
        for use in self._uses:
            if (use.column or "").startswith("_geometry"):
                sheet.column_dimensions[_letter(FIRST_AT + use.position)].hidden = True
        refused = any(line.tone is Tone.REFUSED for line in self._waiting)
        sheet.sheet_properties.tabColor = "B2401C" if refused else "B7860B"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A3
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
        self._put_head(sheet)
        for line in self._waiting:
            self._put(line)
        self._waiting = []

    def _put_head(self, sheet: Any) -> None:
        lang, source = self._lang, self._intake.source.name
        tag = SheetTag(self._intake.kind, source, self._name, len(self._uses))
        place = source if self._name is None else f"{source} [{self._name}]"
        guide = say("ledger.report.guide", lang, file=place, kind=str(self._intake.kind))
        own = [
            (say(key, lang), Ink.UNUSED, Tone.PLAIN)
            for key in ("ledger.report.source_row", "ledger.report.state", "ledger.report.todo")
        ]
        put = self._paper.put
        hidden = (Ink.HIDDEN, Tone.PLAIN)
        put(sheet, [(written_sheet(tag), *hidden), (clean(guide), Ink.GUIDE, Tone.PLAIN)])
        headers = [(use, _header_of(self._intake, use)) for use in self._uses]
        tags = [written_header(use, text) for use, text in headers]
        put(sheet, [("", *hidden)] * FIRST_AT + [(text, *hidden) for text in tags])
        shown = [
            (text, Ink.UNUSED if use.column is None else Ink.HEADER, Tone.PLAIN)
            for use, text in headers
        ]
        self._paper.put_head(sheet, [("", *hidden), *own, *shown], self._hints())

    def _hints(self) -> dict[int, str]:
        """Return what is said of each header to a person who rests on it."""
        columns = columns_of(self._intake.kind)
        return {
            FIRST_AT + use.position: _hint(columns[use.column], use, self._lang)
            for use in self._uses
            if use.column in columns
        }

    def _put(self, line: Line) -> None:
        self._written += 1
        own: list[tuple[Written, Ink, Tone]] = [
            (line.tag, Ink.HIDDEN, Tone.PLAIN),
            (line.number, Ink.STATE, line.tone),
            (line.state(self._lang), Ink.STATE, line.tone),
            (line.words, Ink.WORDS, line.tone),
        ]
        own += [
            (value, ink_of(value), line.tones.get(at, Tone.PLAIN))
            for at, value in enumerate(line.values)
        ]
        self._paper.put(self._sheet, own, height_of(line.words, _OWN_WIDTHS[-1]))

    def _widths(self) -> list[float]:
        widths = []
        for use in self._uses:
            wanted = [width_of(line.values[use.position]) for line in self._waiting]
            header = min(width_of(use.header), 2 * max(wanted, default=0) + 8)
            widths.append(float(min(max(_NARROWEST, header + 2, *wanted) + 1, _WIDEST)))
        return widths

    def _close(self) -> None:
        """Give the sheet its filter and its choices, now that its last row is known."""
        if self._sheet is None:
            return
        last, width = HEADER_ROW + self._written, FIRST_AT + len(self._uses)
        self._sheet.auto_filter.ref = f"A{HEADER_ROW}:{_letter(width - 1)}{last}"
        columns = columns_of(self._intake.kind)
        for use in self._uses:
            column = columns.get(use.column or "")
            if column is not None and (names := _choices(column, self._lang)):
                at = _letter(FIRST_AT + use.position)
                self._paper.offer(self._sheet, f"{at}{HEADER_ROW + 1}:{at}{last}", names)


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))


def _header_of(intake: Intake, use: HeaderUse) -> str:
    """Return the header of a column as the report shows it.

    A unit that was said elsewhere (above the table, in a mapping file) is written with it, so that
    the header says the same on its own.
    """
    header = clean(use.header)
    if use.column is None or use.unit is None or not use.unit_said:
        return header
    (alone,) = map_headers(intake.kind, [use.header])
    if (alone.column, alone.unit, alone.unit_said) == (use.column, use.unit, True):
        return header
    with_unit = f"{header}（{use.unit}）"
    (told,) = map_headers(intake.kind, [with_unit])
    return with_unit if (told.column, told.unit) == (use.column, use.unit) else header


def _hint(column: Column, use: HeaderUse, lang: str) -> str:
    """Return what a column means and how it is written."""
    meaning = say("ledger.report.hint", lang, meaning=column.in_words(lang), name=column.name)
    match column.holds:
        case ColumnType.DATE:
            how = say("ledger.report.hint_date", lang)
        case ColumnType.DECIMAL | ColumnType.INTEGER:
            unit = use.unit if use.unit and use.unit != "1" else "—"
            how = say("ledger.report.hint_number", lang, unit=unit)
        case ColumnType.CODE:
            names = (term.in_words(lang) for term in column.choices or ())
            how = say("ledger.report.hint_code", lang, names=listed(names, lang))
        case ColumnType.YES_NO:
            how = say("ledger.report.hint_yes_no", lang)
        case ColumnType.GEOMETRY:
            how = say("ledger.report.hint_geometry", lang)
        case _:
            how = ""
    return f"{meaning}\n{how}".strip()


def _choices(column: Column, lang: str) -> str:
    """Return the terms of a column as Excel lists them; none where they are too long for it."""
    if column.choices is None or column.many:
        return ""
    names = ",".join(term.in_words(lang).replace(",", " ") for term in column.choices)
    return names if len(names) <= _LONGEST_LIST else ""
