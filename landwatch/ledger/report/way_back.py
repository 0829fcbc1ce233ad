"""How a sheet of a report is read again: under the meaning that its columns had.

A header that a person changed since is understood anew, and so is one that was added; the others
mean what they meant when the source was read, whatever stands in the rows that are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger.cells import shown, tidy
from landwatch.ledger.headers import HeaderUse, Meant, WhyUnmapped, folded, map_headers
from landwatch.ledger.report.tags import (
    HEADER_ROW,
    MEND_MARK,
    TAG,
    TAGS_ROW,
    SheetTag,
    read_header,
    read_sheet,
)
from landwatch.ledger.sheets import Sheet, SourceRow

TAG_AT, NUMBER_AT, STATE_AT, WORDS_AT, FIRST_AT = range(5)
"""The columns of a report: tag (hidden), number in the source, state, words; then the source's."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the columns of the source stand in the sheet, and whether a header was changed."""

    tag: SheetTag
    places: tuple[int, ...]
    changed: bool


def is_mend_sheet(sample: Sequence[SourceRow]) -> bool:
    """Tell whether a sheet holds rows that a report gave out to be mended, or what is left of one.

    Raises nothing: a sheet whose hidden column was deleted is one all the same.
    """
    return any(
        isinstance(cell, str) and cell.startswith((MEND_MARK, f"{TAG}["))
        for row in sample[:HEADER_ROW]
        for cell in row.cells
    )


def mend_headers(
    sheet: Sheet, sample: Sequence[SourceRow], meant: Mapping[str, Meant] | None
) -> tuple[tuple[HeaderUse, ...], WayBack]:
    """Return what the columns of a sheet of a report mean, and where they stand.

    Raises:
        InputRefusedError: what the report writes beside its rows is no longer there.
    """
    mark = shown(sample[0].cells[TAG_AT]) if sample and sample[0].cells else ""
    tag = read_sheet(mark)
    if tag is None or len(sample) < HEADER_ROW:
        raise _damaged(sheet)
    tags = [shown(cell) for cell in sample[TAGS_ROW - 1].cells]
    names = [shown(cell) for cell in sample[HEADER_ROW - 1].cells]
    found: dict[int, tuple[HeaderUse, int]] = {}
    changed = False
    for place, text in enumerate(tags):
        if place < FIRST_AT or not text:
            continue
        read = read_header(tag.kind, text, sheet.name)
        if read is None:
            raise _damaged(sheet)
        use, written = read
        name = names[place] if place < len(names) else ""
        if tidy(name) != tidy(written) or folded(use.header) in (meant or {}):
            use = _anew(tag.kind, use.position, name or use.header, sheet, meant)
            changed = True
        if found.setdefault(use.position, (use, place)) != (use, place):
            raise _damaged(sheet)
    if set(found) != set(range(tag.columns)):
        raise InputRefusedError("ledger.error.report_columns", sheet=sheet.name or "")
    uses = [found[position] for position in range(tag.columns)]
    added = list(_added(tag.kind, sheet, tags, names, tag.columns, meant))
    every = [*uses, *added]
    way = WayBack(tag, tuple(place for _, place in every), changed or bool(added))
    return _each_once([use for use, _ in every]), way


def _damaged(sheet: Sheet) -> InputRefusedError:
    return InputRefusedError("ledger.error.report_damaged", sheet=sheet.name or "")


def _anew(
    kind: Kind, position: int, name: str, sheet: Sheet, meant: Mapping[str, Meant] | None
) -> HeaderUse:
    """Return what a header that a person wrote means."""
    (use,) = map_headers(kind, [name], sheet.name, meant=meant)
    return replace(use, position=position)


def _added(
    kind: Kind,
    sheet: Sheet,
    tags: Sequence[str],
    names: Sequence[str],
    first: int,
    meant: Mapping[str, Meant] | None,
) -> list[tuple[HeaderUse, int]]:
    """Return the columns that a person added, with where they stand."""
    places = [
        place
        for place, name in enumerate(names)
        if place >= FIRST_AT and tidy(name) and not (place < len(tags) and tags[place])
    ]
    return [
        (_anew(kind, first + number, names[place], sheet, meant), place)
        for number, place in enumerate(places)
    ]


def _each_once(uses: Sequence[HeaderUse]) -> tuple[HeaderUse, ...]:
    """Return the headers, each column told by one: the one that a person wrote last goes after."""
    seen: set[str] = set()
    kept = []
    for use in uses:
        again = use.column is not None and use.column in seen
        kept.append(use.unmapped(WhyUnmapped.TOLD_ALREADY) if again else use)
        if use.column is not None:
            seen.add(use.column)
    return tuple(kept)
