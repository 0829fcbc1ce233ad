"""Guesses what the headers of an unknown file mean, for a person to read and correct.

A guess is written into a mapping file with its reason and some values beside it, and never used
before a person gives that file to the import.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from landwatch.errors import InputRefusedError
from landwatch.language.catalogue import say
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.ledger.cells import says_nothing, shown, tidy
from landwatch.ledger.codes import read_code, read_yes_no
from landwatch.ledger.dates import read_date
from landwatch.ledger.headers import HeaderUse, folded, map_headers, spellings
from landwatch.ledger.layout import header_in
from landwatch.ledger.measures import measure_units, unit_name
from landwatch.ledger.numbers import read_number
from landwatch.ledger.sheets import Sheet, SourceRow

_SAMPLE = 230
_SHOWN = 3
_ALIKE = 0.6
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """What a header may mean: `sure` and `because` are keys of words, `values` fill the reason."""

    sheet: str | None
    header: str
    column: str | None
    unit: str | None
    sure: str
    because: str
    about: str = ""
    maybe: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()

    def reason(self, lang: str) -> str:
        """Return why this is guessed, in `lang`."""
        return say(self.because, lang, about=self.about)


def guesses(kind: Kind, file: str, sheets: Sequence[Sheet]) -> list[Guess]:
    """Return a guess for every header of every sheet that has some, each header once."""
    found: dict[str, Guess] = {}
    for sheet in sheets:
        for guess in _of_sheet(kind, sheet):
            found.setdefault(folded(guess.header), guess)
    if not found:
        raise InputRefusedError("ledger.error.empty", file=file)
    return list(found.values())


def _of_sheet(kind: Kind, sheet: Sheet) -> Iterator[Guess]:
    sample = list(islice(sheet.rows(), _SAMPLE))
    names, last = sheet.headers, 0
    if names is None:
        header = header_in(kind, sheet, sample, unknown=True)
        names, last = header.names, header.last
    uses = map_headers(kind, names, sheet.name, sheet.cut)
    rows = [row for row in sample if row.number > last]
    taken = {use.column for use in uses if use.column is not None}
    for use in uses:
        if not use.header:
            continue
        texts = _told(use, rows)
        guess = _known(use, texts) if use.column else _guessed(kind, use, texts, taken)
        if guess.column is not None:
            taken.add(guess.column)
        yield guess


def _told(use: HeaderUse, rows: Sequence[SourceRow]) -> list[str]:
    cells = (tidy(shown(row.cells[use.position])) for row in rows if use.position < len(row.cells))
    return list(dict.fromkeys(text for text in cells if not says_nothing(text)))


def _known(use: HeaderUse, texts: Sequence[str]) -> Guess:
    unit = use.unit if use.unit_said and use.unit != "1" else None
    column = use.column if use.column and not use.column.startswith("_") else None
    sample = tuple(texts[:_SHOWN])
    return Guess(use.sheet, use.header, column, unit, "known", "ledger.guess.known", sample=sample)


def _guessed(kind: Kind, use: HeaderUse, texts: Sequence[str], taken: set[str]) -> Guess:
    """Return the column whose name the header holds and whose values its cells could be."""
    sample = tuple(text[:60] for text in texts[:_SHOWN])
    name, unit = _without_unit(use.header)
    free = {each: column for each, column in columns_of(kind).items() if each not in taken}
    fitting = {each for each, column in free.items() if _could_be(column, texts)}
    named = {
        spelling: column
        for spelling, column in spellings(kind).items()
        if column in fitting and len(spelling) >= _SHORTEST
    }
    held = sorted((one for one in named if one in name), key=len, reverse=True)
    longest = {named[one] for one in held if len(one) == len(held[0])}
    if len(longest) == 1:
        column = named[held[0]]
        return Guess(use.sheet, use.header, column, _unit_of(free[column], unit), "likely",
                     "ledger.guess.holds", held[0], (), sample)  # fmt: skip
    around = [one for one in named if len(name) >= _SHORTEST and name in one]
    alike = difflib.get_close_matches(name, named, n=5, cutoff=_ALIKE)
    maybe = tuple(dict.fromkeys(named[one] for one in (*held, *around, *alike)))
    why = "ledger.guess.maybe" if maybe else "ledger.guess.none"
    return Guess(use.sheet, use.header, None, unit, "unknown", why, "", maybe[:5], sample)


def _without_unit(header: str) -> tuple[str, str | None]:
    """Return a header's folded name without the unit that ends it, in brackets or not."""
    name = folded(header)
    for at in range(1, len(name)):
        inside = name[at:].strip("()[]【】")
        if measure_units(inside):
            return name[:at].rstrip("(["), unit_name(inside)
    return name, None


def _unit_of(column: Column, unit: str | None) -> str | None:
    fits = unit is not None and column.unit in measure_units(unit)
    return unit if fits else None


def _could_be(column: Column, texts: Sequence[str]) -> bool:
    """Tell whether more than half of the cells can be read as the column; without cells, any."""
    some = texts[:50]
    return 2 * sum(1 for text in some if _reads(column, text)) > len(some) or not some


def _reads(column: Column, text: str) -> bool:
    match column.holds:
        case ColumnType.DATE:
            return read_date(text).value is not None
        case ColumnType.DECIMAL | ColumnType.INTEGER:
            from fractions import Fraction

            return read_number(text, column, Fraction(1)).value is not None
        case ColumnType.CODE:
            return read_code(text, column).value is not None
        case ColumnType.YES_NO:
            return read_yes_no(text, column).value is not None
        case ColumnType.GEOMETRY:
            return text.lstrip().upper().startswith(("POLYGON", "MULTIPOLYGON"))
    return read_date(text).value is None or column.key
