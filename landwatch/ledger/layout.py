"""Where the header of a sheet stands, and whether its columns are enough for the kind of record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger.cells import shown, tidy
from landwatch.ledger.doubts import Sample, doubts
from landwatch.ledger.header_lines import MOST_LINES, header_names
from landwatch.ledger.headers import HeaderUse, Meant, map_headers
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.kept_columns import kept_notices
from landwatch.ledger.keys import NUMBERS, REQUIRED
from landwatch.ledger.merging import merged_notices
from landwatch.ledger.point_columns import point_notices
from landwatch.ledger.report.tags import HEADER_ROW
from landwatch.ledger.report.way_back import WayBack, is_mend_sheet, mend_headers
from landwatch.ledger.sheets import REPORT_MARK, Notice, Sheet, SourceRow
from landwatch.ledger.slid_headers import Slid, slid_header
from landwatch.ledger.synonyms import SOURCE_ID
from landwatch.ledger.units_said import UnitsSaid, units_said

_HEADER_WITHIN = 30
_NO_NAME = re.compile(r"[-+0-9.,/:年月日 ]+")
_NO_HEADER = {
    Kind.ZONES: "ledger.error.no_header_zones",
    Kind.PARCELS: "ledger.error.no_header_parcels",
    Kind.CONTRACTS: "ledger.error.no_header_contracts",
    Kind.PROGRESS: "ledger.error.no_header_progress",
    Kind.EVENTS: "ledger.error.no_header_events",
}
Said: TypeAlias = Mapping[str, Meant] | None
_SAMPLE = 200
_NOTES_WITHIN = 20_000
"""Rows that are looked through for notes: longer files come from systems, not from clerks."""
_WHOLE = 4
"""Known columns that a header must name for another below its rows to be a second table's."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet whose header was found, and its use.

    `header_row` is the last row that the header stands in, 0 where the format names its fields;
    `one_line` tells that it is the only one.
    `way_back` is there where a report gave the rows out to be mended.
    """

    sheet: Sheet
    header_row: int
    uses: tuple[HeaderUse, ...]
    notices: tuple[Notice, ...]
    has_rows: bool
    way_back: WayBack | None = None
    slid: Slid | None = None
    one_line: bool = True


@dataclass(frozen=True, slots=True)
class NoHeader:
    """A sheet without a header that is enough: what was found in its most likely row.

    `told_of` is a sheet in which a report tells of files; it holds no rows of any.
    """

    sheet: Sheet
    headers: tuple[str, ...]
    rows: int
    looks_like: Kind | None = None
    told_of: bool = False


def lay_out(kind: Kind, sheet: Sheet, meant: Said = None) -> Layout | NoHeader:
    """Return the sheet with its header, or what was found in place of one.

    `meant` is what a person says of headers, by their folded names; it goes before what an adapter
    says of them.
    """
    if sheet.meant:
        meant = {**sheet.meant, **(meant or {})}
    sample = list(islice(sheet.rows(), _HEADER_WITHIN + _SAMPLE))
    if sample and sample[0].cells and shown(sample[0].cells[0]).startswith(REPORT_MARK):
        return NoHeader(sheet, (), 0, told_of=True)
    if is_mend_sheet(sample):
        return _given_out(kind, sheet, sample, meant)
    if sheet.headers is not None:
        return _judged(kind, sheet, Header(0, 0, sheet.headers), sample, meant)
    return _judged(kind, sheet, header_in(kind, sheet, sample, meant), sample, meant)


def _given_out(
    kind: Kind, sheet: Sheet, sample: Sequence[SourceRow], meant: Said
) -> Layout | NoHeader:
    """Return a sheet of rows that a report gave out, under the meaning that its columns had."""
    uses, way = mend_headers(sheet, sample, meant)
    if way.tag.kind is not kind:
        return NoHeader(sheet, tuple(use.header for use in uses), len(sample), way.tag.kind)
    has_rows = any(not row.is_blank for row in sample[HEADER_ROW:])
    return Layout(sheet, HEADER_ROW, uses, (), has_rows, way)


@dataclass(frozen=True, slots=True)
class Header:
    """The names of a sheet's columns, and the rows that tell them; from 0 to 0 where none does."""

    first: int
    last: int
    names: tuple[str, ...]


def header_in(
    kind: Kind,
    sheet: Sheet,
    sample: Sequence[SourceRow],
    meant: Said = None,
    *,
    unknown: bool = False,
) -> Header:
    """Return the header among the first rows: the rows that together name most known columns.

    A second line counts only if it names more columns or units, so that a row of data never does.
    Where no row names any, `unknown` takes the one with most names that are neither days nor
    numbers. A header that is enough is not passed over for one that stands below its rows.
    """
    best, most, whole = Header(0, 0, ()), (-1, 0, 0), False
    for at, row in enumerate(sample[:_HEADER_WITHIN]):
        if row.is_blank:
            continue
        if whole and row.number > best.last + 1:
            break
        for lines in range(1, MOST_LINES + 1):
            rows = sample[at : at + lines]
            if len(rows) < lines or any(each.is_blank for each in rows):
                break
            names = header_names(kind, rows, sheet.merged)
            uses = map_headers(kind, names, meant=meant)
            in_units = sum(1 for use in uses if use.column and _names_unit(use.header))
            known = (len(_columns(uses)), in_units, -lines)
            if known[:2] > most[:2]:
                best, most = Header(row.number, rows[-1].number, names), known
                whole = len(_columns(uses)) >= _WHOLE and is_enough(kind, _columns(uses))
    if unknown and most[0] <= 0 and sample:
        row = max(sample[:_HEADER_WITHIN], key=lambda one: (_names_told(one), -one.number))
        return Header(row.number, row.number, tuple(shown(cell) for cell in row.cells))
    return best


def _names_told(row: SourceRow) -> int:
    """Return how many different cells of a row could be the names of columns."""
    texts = {tidy(cell) for cell in row.cells if isinstance(cell, str)}
    return sum(1 for text in texts if text and not _NO_NAME.fullmatch(text))


def _names_unit(header: str) -> bool:
    return header.endswith((")", "）", "]", "】"))


def _columns(uses: Sequence[HeaderUse]) -> set[str]:
    return {use.column for use in uses if use.column is not None}


def _judged(
    kind: Kind, sheet: Sheet, header: Header, sample: Sequence[SourceRow], meant: Said
) -> Layout | NoHeader:
    said = _units_around(sheet, header, sample)
    uses = map_headers(kind, header.names, sheet.name, sheet.cut, said.units, meant)
    columns = _columns(uses)
    rows = [row for row in sample if row.number > header.last]
    if not is_enough(kind, columns):
        named = tuple(tidy(name) for name in header.names if tidy(name))
        return NoHeader(sheet, named, len(rows), _rather(kind, header.names, len(columns)))
    if not meant and (other := _rather(kind, header.names, len(columns))):
        return NoHeader(sheet, header.names, len(rows), other)
    read = Sample(rows[:_SAMPLE])
    uses, notices = doubts(kind, uses, read)
    notices += _said_above(kind, header.names, uses, said.line, meant)
    notices += merged_notices(sheet, header.last)
    has_rows = any(not row.is_blank for row in rows)
    notices += kept_notices(uses, read.told)
    if not read.is_drawn:
        notices += point_notices(uses, read.cells)
    slid = slid_header(kind, uses, read.told)
    one_line = header.first == header.last
    return Layout(sheet, header.last, uses, tuple(notices), has_rows, slid=slid, one_line=one_line)


def _units_around(sheet: Sheet, header: Header, sample: Sequence[SourceRow]) -> UnitsSaid:
    """Return the units that lines around the table say; a note may stand below its last row."""
    if sheet.headers is not None:
        return UnitsSaid()
    whole = len(sample) < _HEADER_WITHIN + _SAMPLE
    rows = sample if whole else islice(sheet.rows(), _NOTES_WITHIN)
    return units_said(rows, header.first, header.last)


def _said_above(
    kind: Kind, names: Sequence[str], uses: Sequence[HeaderUse], line: str, meant: Said
) -> list[Notice]:
    """Say which columns a line above the table gave their unit."""
    if not line:
        return []
    alone = map_headers(kind, names, meant=meant)
    changed = [
        use.header
        for use, before in zip(uses, alone, strict=True)
        if use.column and use.why is None and (use.column, use.unit, use.unit_said) != (
            before.column, before.unit, before.unit_said
        )
    ]  # fmt: skip
    told = {"line": line, "columns": "、".join(changed)}
    return [Notice(IssueCode.UNITS_ABOVE, uses[0].sheet, told)] if changed else []


def is_enough(kind: Kind, columns: set[str]) -> bool:
    """Tell whether rows with these columns can be kept at all.

    A contract needs a number, or the day it was signed: notices of land on offer have neither.

    >>> is_enough(Kind.CONTRACTS, {"location", "holder", "signed_on"})
    True
    >>> is_enough(Kind.CONTRACTS, {"location", "land_use", "_source_id"})
    False
    """
    numbers = set(NUMBERS[kind])
    if kind is Kind.CONTRACTS:
        numbers.discard(SOURCE_ID)
        return bool(columns & numbers) or ("signed_on" in columns and len(columns) >= 3)
    needed = set(REQUIRED[kind])
    if numbers and columns & numbers:
        needed.discard("contract_id")
    return needed <= columns


def _rather(kind: Kind, headers: Sequence[str], known: int) -> Kind | None:
    """Return another kind that these headers fit far better: the file was named the wrong kind."""
    fits = {
        other: len(found)
        for other in Kind
        if other is not kind and is_enough(other, found := _columns(map_headers(other, headers)))
    }
    best = max(fits, key=lambda other: fits[other], default=None)
    return best if best is not None and fits[best] > 2 * known and fits[best] >= 3 else None


def refuse_without_header(kind: Kind, file: str, found: Sequence[NoHeader]) -> InputRefusedError:
    """Return the refusal of a file in which no sheet has a header that is enough."""
    likeliest = max(found, key=lambda each: len(each.headers))
    shown_headers = "、".join(likeliest.headers[:12]) or "—"
    if likeliest.looks_like is not None:
        return InputRefusedError(
            "ledger.error.other_kind", file=file, kind=str(kind), rather=str(likeliest.looks_like)
        )
    return InputRefusedError(_NO_HEADER[kind], file=file, found=shown_headers)
