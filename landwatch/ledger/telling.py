"""What the cells of one row tell, each read by its column, before they are held together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.records import Value
from landwatch.ledger.cells import (
    LONGEST,
    Cell,
    Reading,
    asks_to_clear,
    has_mark,
    is_excel_error,
    read_identifier,
    read_list,
    read_text,
    says_nothing,
    tidy,
    unprotected,
)
from landwatch.ledger.codes import none_means_no, read_code, read_yes_no
from landwatch.ledger.dates import read_date
from landwatch.ledger.headers import TWINS, HeaderUse
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.keys import KEYED, NUMBERED, is_placeholder
from landwatch.ledger.measures import factor, measures_rate
from landwatch.ledger.numbers import read_number
from landwatch.ledger.quick import Quick, quick_reader
from landwatch.ledger.slides import Stray, looks_like_words, stray
from landwatch.ledger.tenure import TENURE, TENURE_END, read_tenure

if TYPE_CHECKING:
    from landwatch.ledger.placing import CellWay

_IDENTIFIERS = frozenset(
    (
        "contract_id", "supervision_no", "contract_no", "zone_id", "parcel_id", "parent_zone_id",
        "unit_code", "adcode", "holder_uscc", "document_no",
    )
)  # fmt: skip
_NOTHING, _CLEAR = Reading(), Reading()
SAYS_NOTHING = frozenset(
    (
        *(IssueCode.SENTINEL_DATE, IssueCode.EMPTY_GEOMETRY),
        *(IssueCode.ZERO_TERM, IssueCode.TENURE_OPEN, IssueCode.PLACEHOLDER_KEY),
    )
)
"""Troubles of a cell that told nothing; every other one is of a cell that told something."""
_SHORT, _KNOWN_AT_MOST, _DAYS_AT_MOST = 40, 5000, 20_000
_TEXT, _NUMBERS_AND_TEXT = frozenset((str,)), frozenset((str, int, float))
"""Cells of these types tell just what they show; a number read as such tells no day or code."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell of which there is something to say."""

    column: str
    text: str
    reading: Reading


@dataclass(slots=True)
class Told:
    """What the cells of one row told."""

    values: dict[str, Value] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    rounded: list[HeaderUse] = field(default_factory=list)


class CellReader:
    """Reads the cells of one header in use."""

    def __init__(self, kind: Kind, use: HeaderUse, placer: CellWay) -> None:
        """Remember the column, the unit of the header, and the way to China's coordinates."""
        self.use = use
        self.at = use.position
        self.name = use.column or ""
        columns = columns_of(kind)
        self.column = columns.get(self.name, Column(self.name, ColumnType.TEXT, "", ""))
        self._in_mu = columns.get(TWINS.get(self.name, ""))
        self._placer = placer
        self._known: dict[str, tuple[Reading, Stray | None]] = {}
        self._plain: dict[str, Value] = {}
        self._known_at_most = _DAYS_AT_MOST if self._holds(ColumnType.DATE) else _KNOWN_AT_MOST
        self._identifies = self.name in _IDENTIFIERS or self.name.startswith("_")
        number = self._holds(ColumnType.DECIMAL, ColumnType.INTEGER)
        self.read_as_shown = _NUMBERS_AND_TEXT if number else _TEXT
        quick = quick_reader(self.column, use, identifies=self._identifies)
        self.quick: Quick = quick or self._plain.get

    def _holds(self, *types: ColumnType) -> bool:
        return self.column.holds in types

    def tell(self, cell: Cell, text: str, told: Told) -> None:
        """Add to `told` what a cell says; a blank adds nothing."""
        if cell.__class__ not in self.read_as_shown:
            reading, strange = self._read(cell, text)
        elif (value := self._plain.get(text)) is not None:
            told.values[self.name] = value
            return
        elif (known := self._known.get(text)) is not None:
            reading, strange = known
        else:
            reading, strange = self._read(cell, text)
            self._remember(text, reading, strange)
        if reading is _CLEAR:
            told.cleared.add(self.name)
        if reading.value is not None:
            told.values[self._kept_under(reading)] = reading.value
        if reading.code is IssueCode.RATE_UNIT_UNCLEAR:  # said once, of the header
            told.unreadable.add(self.name)
        elif reading.code is not None:
            told.troubles.append(Trouble(self.name, text, reading))
            if reading.value is None and reading.code not in SAYS_NOTHING:
                told.unreadable.add(self.name)
        if reading.rounded:
            told.rounded.append(self.use)
        if strange is not None:
            told.strays.append(strange)

    def fits(self, text: str) -> bool:
        """Tell whether a text that misfits another column would stand well in this one."""
        reading, strange = self._read(text, text)
        fitting = reading.value is not None and reading.code in (None, IssueCode.UNIT_IN_CELL)
        if strange is not None or not fitting:
            return False
        return not self._holds(ColumnType.TEXT) or looks_like_words(tidy(text))

    def _read(self, cell: Cell, text: str) -> tuple[Reading, Stray | None]:
        """Return what a cell says, and whether it cannot stand in its column."""
        text = unprotected(text)
        cell = text if isinstance(cell, str) else cell
        tidied = tidy(text)
        if says_nothing(tidied) and not (tidied == "无" and none_means_no(self.column)):
            return _NOTHING, None
        if asks_to_clear(tidied):
            return _CLEAR, None
        reading = self._reading(cell, text, tidied)
        return reading, stray(self.column, tidied, reading)

    def _remember(self, text: str, reading: Reading, strange: Stray | None) -> None:
        """Keep the reading of a short text: days, codes and names come again and again."""
        if len(text) > _SHORT:
            return
        if len(self._known) + len(self._plain) >= self._known_at_most:
            self._known.clear()
            self._plain.clear()
        said_only = strange is None and reading.code is None and not reading.rounded
        if reading.value is not None and said_only:
            self._plain[text] = reading.value
        else:
            self._known[text] = reading, strange

    def _kept_under(self, reading: Reading) -> str:
        """Return the column of the value: 亩 written in a cell of m² are kept as 亩, exactly.

        A day written among the years of tenure is the day that tenure ends.
        """
        if reading.code is IssueCode.TENURE_END_TOLD:
            return TENURE_END
        if self._in_mu is None or reading.told.get("kept_unit") != "亩":
            return self.name
        return self._in_mu.name

    def _reading(self, cell: Cell, text: str, tidied: str) -> Reading:
        if len(text) > LONGEST and self.column.holds is not ColumnType.GEOMETRY:
            return Reading(code=IssueCode.CELL_TOO_LONG, told={"limit": LONGEST})
        if is_excel_error(tidied):
            return Reading(code=IssueCode.EXCEL_ERROR)
        match self.column.holds:
            case ColumnType.DATE:
                return read_date(cell)
            case ColumnType.DECIMAL | ColumnType.INTEGER:
                return self._number(cell)
            case ColumnType.CODE:
                return read_code(text, self.column)
            case ColumnType.YES_NO:
                return read_yes_no(text, self.column)
            case ColumnType.GEOMETRY:
                return self._drawn(tidied)
        if self.column.many:
            return read_list(text)
        if self.name == TENURE:
            return read_tenure(text)
        return self._identified(cell, text) if self._identifies else read_text(text)

    def _identified(self, cell: Cell, text: str) -> Reading:
        """Return a number; with the mark of a footnote nobody knows which one is meant."""
        reading = read_identifier(cell, text)
        told = reading.value
        if isinstance(told, str) and self.name in NUMBERED and has_mark(told):
            return Reading(code=IssueCode.FOOTNOTE_MARK)
        named = self.name not in NUMBERED
        if isinstance(told, str) and self.name in KEYED and is_placeholder(told, names=named):
            return Reading(code=IssueCode.PLACEHOLDER_KEY)
        return reading

    def _number(self, cell: Cell) -> Reading:
        reading = read_number(cell, self.column, self.use.factor)
        if reading.value and not self.use.unit_said and measures_rate(self.column.unit):
            in_cell = read_number(cell, self.column, Fraction(0))
            unclear = Reading(code=IssueCode.RATE_UNIT_UNCLEAR)
            return in_cell if in_cell.code is IssueCode.UNIT_IN_CELL else unclear
        in_a_unit = self._in_mu is not None and reading.code is IssueCode.UNIT_IN_CELL
        if self._in_mu and in_a_unit and factor(str(reading.told["unit"]), "亩") == 1:
            return read_number(cell, self._in_mu, Fraction(0))
        return reading

    def _drawn(self, text: str) -> Reading:
        """Return the area drawn as WKT in a cell, in the system that a person or it names."""
        from landwatch.ledger.drawn_cells import drawn_in_cell

        found = drawn_in_cell(text, self._placer)
        return Reading(found.area, found.trouble, found.told)


def tell_all(readers: Sequence[CellReader], cells: Sequence[Cell], texts: Sequence[str]) -> Told:
    """Return what the cells of a row tell."""
    told = Told()
    values, count = told.values, len(texts)
    for reader in readers:
        at = reader.at
        if at >= count or not (text := texts[at]):
            continue
        cell = cells[at]
        if cell.__class__ in reader.read_as_shown and (value := reader.quick(text)) is not None:
            values[reader.name] = value
        else:
            reader.tell(cell, text, told)
    return told


def twins_cleared(told: Told) -> frozenset[str]:
    """Return every column that is to be forgotten: an area with its twin, none that is told."""
    pairs = (_pair(name) for name in told.cleared)
    forgotten = {name for pair in pairs if not pair & told.values.keys() for name in pair}
    return frozenset(forgotten) - twins_unreadable(told)


def twins_unreadable(told: Told) -> frozenset[str]:
    """Return every column whose cell cannot be understood: an area with its twin, none told."""
    pairs = (_pair(name) for name in told.unreadable)
    return frozenset(name for pair in pairs for name in pair) - told.values.keys()


def _pair(name: str) -> set[str]:
    return {name, TWINS.get(name, name), *(m2 for m2, mu in TWINS.items() if mu == name)}
