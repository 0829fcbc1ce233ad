"""How the cells of a report look and hold: coloured, wrapped, and never run by a spreadsheet."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeAlias

from landwatch.ledger.cells import LONGEST, Cell, shown

Written: TypeAlias = "str | int | float | bool | date | None"
"""A cell as a workbook holds it."""

Heard: TypeAlias = Callable[[int], None]
"""Somebody who waits, told how many rows are written."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PARTING = re.compile(r"[\x0b\x0c\x1c-\x1f]")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EXCEL_BEGINS = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
_EXACT = 10**15
"""Whole numbers up to here are kept to the last digit."""


class Ink(StrEnum):
    """How a cell is drawn."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    WORDS = "words"
    STATE = "state"
    HEADER = "header"
    UNUSED = "unused"
    GUIDE = "guide"
    HIDDEN = "hidden"


class Tone(StrEnum):
    """Whether a cell is in order, remarked, or why its row was refused."""

    PLAIN = "plain"
    REMARK = "remark"
    REFUSED = "refused"


_FILLS = {Tone.REMARK: "FFE8A3", Tone.REFUSED: "F4A78F"}
"""Amber and vermilion, of different brightness: told apart in grey and by colour-blind eyes."""
_EDGES = {Tone.REMARK: "B7860B", Tone.REFUSED: "B2401C"}


_HEARD_EACH = 500


def unheard(rows: int) -> None:
    """Tell nobody."""


class Paper:
    """A workbook that is written row by row and never held in memory."""

    def __init__(self, heard: Heard = unheard) -> None:
        """Begin without a sheet; `heard` is told now and then how many rows are written."""
        from openpyxl import Workbook

        self.book: Any = Workbook(write_only=True)
        self.book.properties.creator = "landwatch"
        self._styles: dict[tuple[Ink, Tone], Any] = {}
        self._pool: list[Any] = []
        self._titles: set[str] = set()
        self._rows = self._of_all = 0
        self._heard = heard

    def sheet(self, title: str, widths: Sequence[float] = ()) -> Any:
        """Return a new sheet; its title is made to be one that a workbook takes."""
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(self._title(title))
        for at, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        self._pool, self._rows = [], 0
        return sheet

    def put(
        self, sheet: Any, row: Iterable[tuple[Written, Ink, Tone]], height: float | None = None
    ) -> None:
        """Append a row; the cells are used again for the next."""
        from openpyxl.cell import WriteOnlyCell

        cells = []
        for at, (value, ink, tone) in enumerate(row):
            if at == len(self._pool):
                self._pool.append(WriteOnlyCell(sheet))
            cell = self._pool[at]
            cell._style = self._style(sheet, ink, tone)
            cell._value, cell.data_type = _held(value)
            cells.append(cell)
        self._rows += 1
        self._of_all += 1
        if self._of_all % _HEARD_EACH == 0:
            self._heard(self._of_all)
        if height is None:
            sheet.append(cells)
            return
        sheet.row_dimensions[self._rows].height = height
        sheet.append(cells)
        del sheet.row_dimensions[self._rows]  # a million of them would fill the memory

    def put_head(
        self, sheet: Any, row: Iterable[tuple[Written, Ink, Tone]], hints: Mapping[int, str]
    ) -> None:
        """Append a row of headers with what is said of them to a person who rests on one."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.comments import Comment

        cells = []
        for at, (value, ink, tone) in enumerate(row):
            cell: Any = WriteOnlyCell(sheet)
            cell._style = self._style(sheet, ink, tone)
            cell._value, cell.data_type = _held(value)
            if at in hints:
                cell.comment = Comment(clean(hints[at]), "landwatch", height=90, width=260)
            cells.append(cell)
        self._rows += 1
        sheet.append(cells)

    def offer(self, sheet: Any, places: str, names: str) -> None:
        """Offer the terms of a column in its cells; anything else may be typed all the same."""
        from openpyxl.worksheet.datavalidation import DataValidation

        quoted = names.replace('"', '""')
        offered = DataValidation("list", formula1=f'"{quoted}"', showErrorMessage=False)
        offered.add(places)
        sheet.data_validations.append(offered)

    def _style(self, sheet: Any, ink: Ink, tone: Tone) -> Any:
        if (ink, tone) not in self._styles:
            self._styles[ink, tone] = _styled(sheet, ink, tone)
        return self._styles[ink, tone]

    def _title(self, title: str) -> str:
        """Return a title that stands once, is short enough, and has no sign that is forbidden."""
        plain = clean(re.sub(r"[\[\]:*?/\\]", " ", title)).strip("' ")[:31] or "—"
        name, number = plain, 1
        while name.casefold() in self._titles:
            number += 1
            name = f"{plain[: 30 - len(str(number))]} {number}"
        self._titles.add(name.casefold())
        return name


def _held(value: Written) -> tuple[object, str]:
    """Return a value and its type as the workbook writes them; text is never a formula."""
    if value is None or value == "":
        return None, "n"
    if isinstance(value, str):
        return _ESCAPE.sub("_x005F_", value).replace("\r", "_x000D_"), "s"
    if isinstance(value, bool):
        return value, "b"
    if isinstance(value, date):
        return value, "d"
    return value, "n"


def _styled(sheet: Any, ink: Ink, tone: Tone) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell: Any = WriteOnlyCell(sheet)
    wide = ink in (Ink.WORDS, Ink.HEADER, Ink.UNUSED)
    middle = "center" if ink in (Ink.HEADER, Ink.UNUSED, Ink.STATE) else None
    cell.alignment = Alignment(horizontal=middle, vertical="top", wrap_text=wide)
    if ink in (Ink.HEADER, Ink.UNUSED):
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79" if ink is Ink.HEADER else "7F7F7F")
    elif ink is Ink.GUIDE:
        cell.font = Font(name="Calibri", bold=True, color="1F4E79")
    elif ink is Ink.HIDDEN:
        cell.font = Font(name="Calibri", color="A6A6A6", size=8)
    if ink is Ink.DAY:
        cell.number_format = "yyyy-mm-dd"
    elif ink in (Ink.TEXT, Ink.HIDDEN):  # typed over, a long number keeps its digits
        cell.number_format = "@"
    if ink not in (Ink.GUIDE, Ink.HIDDEN):
        edge = Side(style="thin", color=_EDGES.get(tone, "D0D0D0"))
        cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)
    if tone in _FILLS:
        cell.fill = PatternFill("solid", fgColor=_FILLS[tone])
    return cell._style


def clean(text: str) -> str:
    r"""Return text with what a workbook cannot hold taken out, and no longer than a cell takes.

    >>> clean("甲\x01乙\ud800")
    '甲乙\ufffd'
    """
    if text.isascii() and text.isprintable():
        return text[:LONGEST]
    parted = _PARTING.sub(" ", text)  # what parts two words must not join them
    return _BROKEN.sub("\ufffd", _ILLEGAL.sub("", parted))[:LONGEST]


def written(cell: Cell, *, number: bool) -> Written:
    """Return a cell of the source as a workbook holds it, so that it reads the same again.

    A number that stands as text (in a CSV all do) becomes a number where the column holds numbers
    and not a digit of it changes.

    >>> written("12.50", number=True), written("12.5", number=True), written("0123", number=True)
    ('12.50', 12.5, '0123')
    """
    match cell:
        case None | bool():
            return cell
        case str():
            return _number_in(cell) if number else clean(cell)
        case int():
            return cell if abs(cell) < _EXACT else shown(cell)
        case float():
            kept = float(f"{cell:.16g}")  # as many digits as are written to a workbook
            return kept if math.isfinite(kept) and shown(kept) == shown(cell) else shown(cell)
        case datetime():
            plain = cell.time() == time() and cell.tzinfo is None
            return cell.date() if plain and cell.date() >= _EXCEL_BEGINS else shown(cell)
        case date():
            return cell if cell >= _EXCEL_BEGINS else shown(cell)
    return shown(cell)


_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")


def _number_in(text: str) -> Written:
    if len(text) <= 15 and _PLAIN_NUMBER.fullmatch(text):
        told = float(text) if "." in text else int(text)
        if shown(told) == text:
            return told
    return clean(text)


def ink_of(value: Written) -> Ink:
    """Return how a value of the source is drawn."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return Ink.TEXT
    return Ink.DAY if isinstance(value, date) else Ink.NUMBER


_LINE, _MOST_LINES = 15.0, 14


def height_of(text: str, width: float) -> float:
    """Return how high a row is in which a text is wrapped at a width."""
    lines = sum(max(1, math.ceil(_drawn(line) / (width - 2))) for line in text.split("\n"))
    return _LINE * min(lines, _MOST_LINES) + 2


def width_of(value: object) -> int:
    """Return how wide a value is drawn: a Chinese sign is as wide as two letters."""
    longest = max(shown(value).splitlines() or [""], key=len)[:80]  # type: ignore[arg-type]
    return _drawn(longest)


def _drawn(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
