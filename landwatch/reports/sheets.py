"""Sheets of a workbook that people read and print: headers that stay, filters, A4 landscape.

Written row by row (openpyxl's write-only mode), so that a long list needs no memory. Every text is
stored as text, and one that begins like a formula has Excel's apostrophe: it never runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from landwatch.reports.plain import bookable, may_run
from landwatch.reports.target import whole_file

LONGEST_CELL = 32_767
ROWS_OF_A_SHEET = 1_000_000
FONT = "微软雅黑"
HEADER_FILL, FILL_IN, LINE = "FFE8EEF4", "FFFFF9E0", "FFBFC7CF"
DAY, PLAIN = "yyyy-mm-dd", "General"
COUNT, AREA = "#,##0;-#,##0;–", "#,##0.00;-#,##0.00;–"
_LINE_POINTS = 1.4
"""Height of a line of text, as a multiple of its size."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; `fill` is an ARGB colour, hatched where only a draft says it."""

    shows: str = PLAIN
    fill: str = ""
    hatched: bool = False
    bold: bool = False
    size: float = 10
    boxed: bool = True
    wraps: bool = True
    right: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that is to look its own way."""

    value: object
    look: Look


Layout: TypeAlias = Sequence[tuple[str, float]]
"""The headers of a table, with the widths of their columns in characters."""


class Book(Protocol):
    """What a workbook is asked for here."""

    def create_sheet(self, title: str) -> Any:
        """Add a sheet."""


@contextmanager
def new_book(path: Path) -> Iterator[Any]:
    """Give a workbook to fill; when all went well it is saved as `path`, whole.

    Raises:
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    from openpyxl import Workbook

    with whole_file(path) as beside:
        book = Workbook(write_only=True)
        try:
            yield book
            book.save(beside)
        finally:
            for sheet in book.worksheets:
                if not sheet.closed:
                    sheet.close()


class Styles:
    """The styles of one workbook, each made once: openpyxl takes a style by its parts slowly."""

    def __init__(self) -> None:
        """Begin without any."""
        self._made: dict[tuple[Look, bool], Any] = {}

    def cell(self, sheet: Any, value: object, look: Look) -> Any:
        """Return a cell that Excel shows and never runs."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        kept = value
        if isinstance(value, str):
            kept = bookable(ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
        cell: Any = WriteOnlyCell(sheet)
        runs = isinstance(kept, str) and may_run(kept)
        if isinstance(kept, str):
            cell.value, cell.data_type = kept, "s"
        else:
            cell.value = kept
        cell._style = self._style(sheet, look, apostrophe=runs)
        return cell

    def _style(self, sheet: Any, look: Look, *, apostrophe: bool) -> Any:
        wanted = (look, apostrophe)
        if wanted not in self._made:
            self._made[wanted] = _styled(sheet, look, apostrophe=apostrophe)
        return self._made[wanted]


def _styled(sheet: Any, look: Look, *, apostrophe: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell: Any = WriteOnlyCell(sheet)
    cell.font = Font(name=FONT, size=look.size, bold=look.bold)
    cell.alignment = Alignment(
        vertical="top", wrap_text=look.wraps, horizontal="right" if look.right else None
    )
    cell.number_format = look.shows
    if look.boxed:
        side = Side(style="thin", color=LINE)
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    if look.fill:
        cell.fill = PatternFill(
            "lightUp" if look.hatched else "solid", fgColor=look.fill, bgColor="FFFFFFFF"
        )
    # Without its apostrophe, `=1+1` would become a formula when somebody edits and leaves the cell.
    cell.quotePrefix = apostrophe
    return cell._style


TITLE = Look(bold=True, size=14, boxed=False, wraps=False)
NOTE = Look(boxed=False, wraps=False)
HEADER = Look(fill=HEADER_FILL, bold=True)
_DAY, _ORDINARY = Look(DAY), Look()
_HIGHEST, _LATIN = 400.0, 0x2E7F
_WORDS = re.compile("[^\\s\u2e80-\U0010ffff]+|.")


class Pen:
    """Writes rows into a sheet, each as high as its text needs: not every program works it out."""

    def __init__(self, sheet: Any, styles: Styles, widths: Sequence[float]) -> None:
        """Set up the sheet, which is still empty."""
        self._sheet, self._styles, self._widths = sheet, styles, widths
        self.row = 0
        set_up(sheet, widths)

    def write(self, values: Sequence[object], look: Look | None = None) -> None:
        """Write a row; a value may be `Marked` with a look of its own."""
        self.row += 1
        marked = [_marked(value, look) for value in values]
        self._sheet.row_dimensions[self.row].height = self._height(marked)
        self._sheet.append([self._styles.cell(self._sheet, one.value, one.look) for one in marked])
        del self._sheet.row_dimensions[self.row]

    def _height(self, cells: Sequence[Marked]) -> float:
        heights = [
            cell.look.size * _LINE_POINTS * (lines(cell.value, width) if cell.look.wraps else 1)
            for cell, width in zip(cells, self._widths, strict=False)
        ]
        return min(max(heights, default=15.0), _HIGHEST)


def _marked(value: object, look: Look | None) -> Marked:
    if isinstance(value, Marked):
        return value
    return Marked(value, look or (_DAY if isinstance(value, date) else _ORDINARY))


def lines(value: object, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese character is nearly two wide.

    A Latin word that does not fit goes to the next line whole, as the name of a file does.

    >>> lines("未达标", 8), lines("满一年未动工 O53.A1", 12), lines(None, 8)
    (1, 2, 1)
    >>> lines("园区总产值（lanzhou-zones.geojson）", 24)
    2
    """
    if not isinstance(value, str):
        return 1
    room = max(width - 1.0, 1.0)
    return sum(_lines_of(line, room) for line in value.split("\n"))


def _lines_of(line: str, room: float) -> int:
    if _wide(line) <= room:
        return 1
    count, used = 1, 0.0
    for part in _WORDS.findall(line):
        wide = _wide(part)
        if used + wide <= room:
            used += wide
        elif wide <= room:
            count, used = count + 1, wide
        else:
            rest = wide - (room - used)
            more = math.ceil(rest / room)
            count, used = count + more, rest - (more - 1) * room
    return count


def _wide(text: str) -> float:
    return sum(1.95 if ord(sign) > _LATIN else 1 for sign in text)


class Sheet:
    """One table under its header row; goes on in a further sheet where Excel ends."""

    def __init__(
        self,
        book: Book,
        styles: Styles,
        title: str,
        columns: Layout,
        above: Sequence[str] = (),
        printed: int | None = None,
    ) -> None:
        """Begin the sheet with the lines above the table and the header row.

        Only the first `printed` columns go to paper, where all of them would be too small.
        """
        self._printed = printed
        self._book, self._styles, self._title = book, styles, title
        self._columns, self._above = columns, above
        self._part, self._rows = 0, 0
        self.sheets: list[Any] = []
        self._begin()

    @property
    def header_row(self) -> int:
        """Return the row of the header, counting from 1."""
        return len(self._above) + 1

    def add(self, values: Sequence[object]) -> None:
        """Add a row; a value may be `Marked` with a look of its own."""
        if self._rows >= ROWS_OF_A_SHEET:
            self.close()
            self._begin()
        self._pen.write(values)
        self._rows += 1

    def offer(self, position: int, validation: Any) -> None:
        """Let Excel offer choices in a column of the part being written."""
        letter = column_letter(position)
        validation.add(f"{letter}{self.header_row + 1}:{letter}{ROWS_OF_A_SHEET}")
        self.sheets[-1].data_validations.append(validation)

    def close(self) -> None:
        """Set the filter over what was written."""
        last = column_letter(len(self._columns) - 1)
        bottom = self.header_row + max(self._rows, 1)
        self.sheets[-1].auto_filter.ref = f"A{self.header_row}:{last}{bottom}"
        if self._printed is not None:
            self.sheets[-1].print_area = f"A1:{column_letter(self._printed - 1)}{bottom}"

    def _begin(self) -> None:
        self._part, self._rows = self._part + 1, 0
        title = self._title if self._part == 1 else f"{self._title} {self._part}"
        sheet = self._book.create_sheet(title)
        self._pen = Pen(sheet, self._styles, [width for _, width in self._columns])
        sheet.freeze_panes = f"A{self.header_row + 1}"
        sheet.print_title_rows = f"{self.header_row}:{self.header_row}"
        for at, line in enumerate(self._above):
            self._pen.write([line], TITLE if at == 0 else NOTE)
        self._pen.write([name for name, _ in self._columns], HEADER)
        self.sheets.append(sheet)


def set_up(sheet: Any, widths: Sequence[float]) -> None:
    """Set column widths and the printed page; openpyxl wants it before the first row."""
    for at, width in enumerate(widths):
        sheet.column_dimensions[column_letter(at)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.8
    sheet.page_margins.footer = 0.3
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"


def column_letter(position: int) -> str:
    """Return the letter of a column, counting from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    from openpyxl.utils import get_column_letter

    return get_column_letter(position + 1)
