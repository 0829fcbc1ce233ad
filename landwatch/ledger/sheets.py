"""What every kind of file becomes before it is understood: sheets of rows of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landwatch.language.records import SourceFile
from landwatch.ledger.cells import Cell
from landwatch.ledger.issues import IssueCode

if TYPE_CHECKING:
    from shapely.geometry import MultiPolygon

    from landwatch.ledger.headers import Meant


REPORT_MARK = "landwatch ▸"
"""Begins the sheets of a report that are no ledger, so that a mended report can be read again."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """What a row draws: an area of EPSG:4490, or what is wrong with it, or both."""

    area: MultiPolygon | None = None
    trouble: IssueCode | None = None
    told: Mapping[str, object] = field(default_factory=dict)
    flaw: Mapping[str, object] | None = None
    """What makes an outline invalid that is not used for another reason."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row with its number as a person counts it in Excel, from 1."""

    number: int
    cells: Sequence[Cell]
    geometry: Geometry | None = None

    @property
    def is_blank(self) -> bool:
        """Tell whether the row holds nothing at all: no sign in any cell, and no area."""
        told = (cell for cell in self.cells if cell is not None)
        signs = any(not isinstance(cell, str) or cell.strip() for cell in told)
        return self.geometry is None and not signs


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said once of the file or a sheet."""

    code: IssueCode
    sheet: str | None = None
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells merged into one: first row and column, last row and column, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the file; `rows` opens it anew each time and streams.

    `headers` are known where the format names its fields, else they stand in one of the rows.
    `cut` is the encoding of field names that the format cuts after ten bytes. `merged` is None
    where the format cannot tell which cells are merged. `meant` is what an adapter says of headers,
    by their folded names.
    """

    name: str | None
    rows: Callable[[], Iterator[SourceRow]]
    headers: tuple[str, ...] | None = None
    cut: str | None = None
    merged: tuple[Merged, ...] | None = None
    meant: Mapping[str, Meant] | None = None


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that could be opened: what it is, its sheets, and what is to be said of it."""

    source: SourceFile
    sheets: Sequence[Sheet]
    notices: Sequence[Notice] = ()
