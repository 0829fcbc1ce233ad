"""A report in the hands of a clerk: its sheets are found, its cells changed, and it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

FIRST_ROW, HEADERS = 4, 3
NUMBER, STATE, WORDS, FIRST_COLUMN = 2, 3, 4, 5


@dataclass
class Given:
    """One sheet of rows that a report gave out."""

    sheet: Any

    def rows(self) -> Iterator[int]:
        """Yield the rows of the sheet, counted as Excel does."""
        yield from range(FIRST_ROW, self.sheet.max_row + 1)

    def header(self, at: int) -> str:
        """Return a header."""
        return str(self.sheet.cell(HEADERS, at).value or "")

    def column(self, header: str) -> int:
        """Return where a header stands, whatever unit is written with it."""
        for at in range(FIRST_COLUMN, self.sheet.max_column + 1):
            if self.header(at).partition("（")[0] == header:
                return at
        raise LookupError(header)

    def row_of(self, number: int) -> int:
        """Return where a row of the source stands."""
        return next(row for row in self.rows() if self.sheet.cell(row, NUMBER).value == number)

    def numbers(self) -> list[int]:
        """Return which rows of the source were given out, in order."""
        return [self.sheet.cell(row, NUMBER).value for row in self.rows()]

    def cell(self, number: int, header: str) -> Any:
        """Return the cell of a row of the source under a header."""
        return self.sheet.cell(self.row_of(number), self.column(header))

    def words(self, number: int) -> str:
        """Return what is said beside a row of the source."""
        return str(self.sheet.cell(self.row_of(number), WORDS).value)

    def state(self, number: int) -> str:
        """Return what is said to have become of a row of the source."""
        return str(self.sheet.cell(self.row_of(number), STATE).value)


class Report:
    """A report that is open in a spreadsheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)
        self.given = [
            Given(sheet)
            for sheet in self.book.worksheets
            if str(sheet["A1"].value).startswith("landwatch ✎")
        ]

    @property
    def only(self) -> Given:
        """Return the one sheet of rows."""
        (given,) = self.given
        return given

    def mend(self, number: int, header: str, value: object) -> None:
        """Type something into a cell of the one sheet."""
        self.only.cell(number, header).value = value

    def save(self, path: Path | None = None) -> Path:
        """Save the report, as a spreadsheet does."""
        self.book.save(path or self.path)
        return path or self.path
