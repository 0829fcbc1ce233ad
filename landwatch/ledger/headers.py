"""Which column each header of a file tells, and in which unit; what is not known is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.ledger.cells import tidy
from landwatch.ledger.measures import factor, measures_area, measures_rate, unit_name
from landwatch.ledger.synonyms import MARKS, PROFILES, SYNONYMS

TWINS = {
    "area_m2": "area_mu",
    "due_start_area_m2": "due_start_area_mu",
    "developed_area_m2": "developed_area_mu",
}
"""Columns that tell one area twice: in m², and exactly in 亩."""

_BRACKETED = re.compile(r"(?P<base>.+?)[(\[〔【](?P<inside>[^()\[\]〔〕【】]*)[)\]〕】]")
_HARMLESS = re.compile(
    r"必填|选填|可空|如有|是/否|日期|年/月/日|年-月-日|yyyy[-/]?mm[-/]?dd|文本|代码|\*"
)
_OWN_NAMES = 3
"""A column's name, its Chinese and its English name: they go before every synonym."""
_SAID_FOR_ALL = ("m2", "公顷", "亩", "万元", "万元/亩")


class WhyUnmapped(StrEnum):
    """Why a header is kept without being used; each is the key of its words."""

    UNKNOWN = "ledger.header.unknown"
    EMPTY = "ledger.header.empty"
    TWICE = "ledger.header.twice"
    TOLD_ALREADY = "ledger.header.told_already"
    UNKNOWN_UNIT = "ledger.header.unknown_unit"
    UNIT_UNCLEAR = "ledger.header.unit_unclear"
    UNITS_DISAGREE = "ledger.header.units_disagree"
    GAP = "ledger.header.gap"
    NOT_UNIQUE = "ledger.header.not_unique"
    LEFT_OUT = "ledger.header.left_out"


@dataclass(frozen=True, slots=True)
class HeaderUse:
    """One header of a file: where it stands, which column it tells, or why it is only kept.

    `column` may be a mark of `synonyms` (`_source_id` …) that only serves to make a key. `unit` is
    the unit its numbers are told in, `factor` what they are multiplied by; `unit_said` is False
    where the unit of the column was taken because the header names none.
    """

    sheet: str | None
    position: int
    header: str
    column: str | None = None
    unit: str | None = None
    factor: Fraction = Fraction(1)
    unit_said: bool = True
    why: WhyUnmapped | None = None

    @property
    def label(self) -> str:
        """Return the name its cells are kept under: the header, or the column's letter."""
        letter = column_letter(self.position)
        if self.why is WhyUnmapped.EMPTY:
            return f"[{letter}]"
        return f"{self.header} [{letter}]" if self.why is WhyUnmapped.TWICE else self.header

    def unmapped(self, why: WhyUnmapped) -> HeaderUse:
        """Return the header as one that is kept and not used."""
        return HeaderUse(self.sheet, self.position, self.header, why=why)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a person says a header means: a column and perhaps its unit, or that it is not used."""

    column: str | None
    unit: str | None


def column_letter(position: int) -> str:
    """Return the letter of a column as Excel shows it, counting from 0.

    >>> column_letter(0), column_letter(25), column_letter(27)
    ('A', 'Z', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def folded(header: str) -> str:
    """Return a header in one spelling: no blanks, no trailing colon, no dashes between Chinese.

    >>> folded("约定容积率——下限："), folded(" Area_M2 ")
    ('约定容积率下限', 'area_m2')
    """
    name = unicodedata.normalize("NFKC", tidy(header)).replace(" ", "").casefold().strip(":*;,")
    return name if name.isascii() else re.sub("[-—–‒─·:]", "", name)


@cache
def _table(kind: Kind) -> dict[str, tuple[str, int]]:
    """Return every accepted header of a kind: the column it tells and its place in the queue."""
    columns = columns_of(kind)
    table: dict[str, tuple[str, int]] = {}
    for name in [*columns, *SYNONYMS[kind]]:
        own = columns.get(name)
        names = [name, own.zh, own.en] if own else []
        for place, spelling in enumerate([*names, *SYNONYMS[kind].get(name, ())]):
            table.setdefault(folded(spelling), (name, place))
    for mark, accepted in MARKS.items():
        table |= {folded(spelling): (mark, 0) for spelling in accepted}
    return table


def is_known(kind: Kind, header: str) -> bool:
    """Tell whether a header, with its unit, tells a column of a kind."""
    return column_named(kind, header) is not None


def column_named(kind: Kind, header: str) -> str | None:
    """Return the column that a header, with its unit, tells."""
    return _meaning(kind, HeaderUse(None, 0, tidy(header)), {}, None)[0].column


def map_headers(
    kind: Kind,
    headers: Sequence[str],
    sheet: str | None = None,
    cut: str | None = None,
    units: Sequence[str] = (),
    meant: Mapping[str, Meant] | None = None,
) -> tuple[HeaderUse, ...]:
    """Return what each header is used for.

    `cut` is the encoding of a format that cuts its field names after ten bytes (Shapefile): a name
    that long also answers to the only column it begins. `units` are those that a line above the
    table says for all of it (单位：公顷、万元): they stand for headers that name none. `meant` is
    what a person says of headers, by their folded names: it goes before everything.
    """
    special = _special(kind, {folded(header) for header in headers})
    uses: list[HeaderUse] = []
    places: list[int] = []
    for position, header in enumerate(headers):
        use = HeaderUse(sheet, position, tidy(header))
        said = (meant or {}).get(folded(header))
        use, place = _said(kind, use, said) if said else _meaning(kind, use, special, cut)
        uses.append(_in_said_unit(kind, use, units))
        places.append(place)
    return tuple(_each_column_once(uses, places))


def _said(kind: Kind, use: HeaderUse, said: Meant) -> tuple[HeaderUse, int]:
    """Return a header as a person says it is meant: before every other for its column."""
    if said.column is None:
        return use.unmapped(WhyUnmapped.LEFT_OUT), 0
    unit = said.unit
    if unit is None and (match := _BRACKETED.fullmatch(folded(use.header))):
        number = _number(kind, said.column)
        known = number is not None and factor(match["inside"], number.unit or "") is not None
        unit = match["inside"] if known else None
    return _in_unit(kind, use, said.column, unit), -1


def spellings(kind: Kind) -> dict[str, str]:
    """Return every folded name that is accepted for a column of a kind, with the column."""
    known = columns_of(kind)
    return {name: column for name, (column, _) in _table(kind).items() if column in known}


def _special(kind: Kind, seen: set[str]) -> dict[str, tuple[str, str | None]]:
    """Return the headers that mean something only because the marks of their source are there."""
    if kind is not Kind.CONTRACTS:
        return {}
    return {name: use for marks, uses in PROFILES if marks <= seen for name, use in uses.items()}


def _meaning(
    kind: Kind, use: HeaderUse, special: dict[str, tuple[str, str | None]], cut: str | None
) -> tuple[HeaderUse, int]:
    """Return one header with the column it tells, and its place in the queue for that column."""
    name = folded(use.header)
    if not name:
        return use.unmapped(WhyUnmapped.EMPTY), 0
    if name in special:
        column, unit = special[name]
        return _in_unit(kind, use, column, unit), 0
    table = _table(kind)
    base, inside = name, None
    if name not in table and (match := _BRACKETED.fullmatch(name)):
        base, inside = match["base"], match["inside"]
    found = table.get(base) or _begun_by(table, name, cut)
    if found is None and inside is not None and base == "area":  # alone it may mean anything
        found = table.get("面积")
    if found is None:
        return use.unmapped(WhyUnmapped.UNKNOWN), 0
    column = found[0]
    if inside is not None and _HARMLESS.fullmatch(inside):
        inside = None
    if inside is not None and _number(kind, column) is None:
        return use.unmapped(WhyUnmapped.UNKNOWN), 0
    return _in_unit(
        kind, use, column, inside, canonical=base == column, own=found[1] < _OWN_NAMES
    ), found[1]


def _begun_by(
    table: dict[str, tuple[str, int]], name: str, cut: str | None
) -> tuple[str, int] | None:
    if cut is None or len(name.encode(cut, "replace")) < 9:  # nine: half a sign may be cut off
        return None
    begun = {column for spelling, (column, _) in table.items() if spelling.startswith(name)}
    return (begun.pop(), 99) if len(begun) == 1 else None


def _number(kind: Kind, column: str) -> Column | None:
    found = columns_of(kind).get(column)
    numeric = (ColumnType.DECIMAL, ColumnType.INTEGER)
    return found if found is not None and found.holds in numeric else None


def _in_unit(
    kind: Kind,
    use: HeaderUse,
    column: str,
    unit: str | None,
    *,
    canonical: bool = False,
    own: bool = False,
) -> HeaderUse:
    """Return the header with the unit its numbers are told in."""
    number = _number(kind, column)
    if number is None or number.unit is None:
        return replace(use, column=column)
    if unit is None:
        said = canonical or not measures_area(number.unit)
        said = said and (own or not measures_rate(number.unit))
        return replace(use, column=column, unit=number.unit, unit_said=said)
    twin = columns_of(kind).get(TWINS.get(column, ""))
    if twin is not None and factor(unit, "亩") == 1:
        return replace(use, column=twin.name, unit="亩")
    told = factor(unit, number.unit)
    if told is None:
        return use.unmapped(WhyUnmapped.UNKNOWN_UNIT)
    return replace(use, column=column, unit=unit_name(unit), factor=told)


def _in_said_unit(kind: Kind, use: HeaderUse, units: Sequence[str]) -> HeaderUse:
    """Return a header that names no unit in the one that is said for the whole table."""
    number = _number(kind, use.column or "")
    if not units or number is None or number.unit not in _SAID_FOR_ALL:
        return use
    if folded(use.header) == use.column or _BRACKETED.fullmatch(folded(use.header)):
        return use
    fitting = {told: unit for unit in units if (told := factor(unit, number.unit)) is not None}
    if len(fitting) > 1 or (not fitting and _hinted(units, number.unit)):
        return use.unmapped(WhyUnmapped.UNITS_DISAGREE)
    if not fitting:
        return use
    return _in_unit(kind, replace(use, unit_said=True), number.name, *fitting.values())


def _hinted(units: Sequence[str], column_unit: str) -> bool:
    """Tell whether 元/公顷 is said where two units may be meant: another than the column's own."""
    parts = [part for unit in units if "/" in unit for part in unit.split("/")]
    return any(factor(part, column_unit) not in (None, 1) for part in parts)


def _each_column_once(uses: Iterable[HeaderUse], places: Sequence[int]) -> Iterable[HeaderUse]:
    """Yield the headers, each column told by one: the first in the queue, then in the file."""
    uses = list(uses)
    chosen: dict[str, int] = {}
    for at in sorted(range(len(uses)), key=lambda at: (places[at], at)):
        if (column := uses[at].column) is not None:
            chosen.setdefault(column, at)
    seen: set[str] = set()
    for at, use in enumerate(uses):
        name = folded(use.header)
        if name and name in seen:
            yield use.unmapped(WhyUnmapped.TWICE)
        elif use.column is not None and chosen[use.column] != at:
            yield use.unmapped(WhyUnmapped.TOLD_ALREADY)
        else:
            yield use
        seen.add(name)
