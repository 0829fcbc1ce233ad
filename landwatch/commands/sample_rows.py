"""The rows of a filled sheet: whether they are of the sample that they claim, as it was drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landwatch.errors import InputRefusedError, UnknownNameError
from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.terms import Gravity, Status
from landwatch.ledger.cells import is_excel_error, shown, tidy

if TYPE_CHECKING:
    from landwatch.ledger.sheets import Sheet
    from landwatch.store import Store
    from landwatch.store.samples import Sample, SampleItem

Cells = Mapping[str, Any]
FILLED = ("verdict", "should_be", "cause", "checked_on", "checked_by", "note")
_NEEDED = ("item", "contract", "rule", "verdict", "should_be")
_HEADER_WITHIN = 20
"""Rows in which the header is looked for."""
_MARK = re.compile(r"LW-([0-9]{1,9})-[0-9]+-[0-9a-f]{12}")


class RefusedError(Exception):
    """A row that cannot be taken."""

    def __init__(self, column: str, code: str, **told: object) -> None:
        """Name the column, why, and both values where two disagree."""
        self.column, self.code, self.told = column, code, told
        super().__init__(column, code)


@dataclass(frozen=True, slots=True)
class Found:
    """The table of a sheet: the mark above it, None where there is none, and its rows."""

    mark: str | None
    rows: Iterator[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample and its items by their number."""

    sample: Sample
    items: Mapping[int, SampleItem]


def table_of(sheets: Sequence[Sheet]) -> Found | None:
    """Return the first table with the header of a sample, None where there is none."""
    return next(filter(None, map(_table, sheets)), None)


def _table(sheet: Sheet) -> Found | None:
    names = {
        tidy(say(f"audit.column.{name}", lang)): name
        for name in (*_NEEDED, "outcome", *FILLED)
        for lang in LANGUAGES
    }
    mark = None
    for row in sheet.rows():
        if row.number > _HEADER_WITHIN:
            return None
        marks = filter(None, (_MARK.search(shown(cell)) for cell in row.cells))
        mark = next((one[0] for one in marks), mark)
        at = {names.get(tidy(shown(cell))): place for place, cell in enumerate(row.cells)}
        if set(_NEEDED) <= at.keys():
            places = {name: place for name, place in at.items() if name}
            return Found(mark, _rows(sheet, row.number, places))
    return None


def _rows(sheet: Sheet, header: int, at: Mapping[str, int]) -> Iterator[tuple[int, Cells]]:
    for row in sheet.rows():
        if row.number > header and not row.is_blank:
            cells = list(row.cells)
            yield row.number, {n: cells[p] if p < len(cells) else None for n, p in at.items()}


def drawn_of(store: Store, mark: str | None, file: str) -> Drawn:
    """Return the sample of a sheet's mark.

    Raises:
        InputRefusedError: there is no mark, or it is of another sample, scan or store.
    """
    from landwatch.scan.audit import mark_of

    told = None if mark is None else _MARK.fullmatch(mark)
    if told is None:
        raise InputRefusedError("audit.error.no_mark", file=file)
    try:
        sample = store.samples.one(int(told[1]))
    except UnknownNameError:
        raise InputRefusedError("audit.error.other_store", file=file, told=mark) from None
    items = store.samples.items(sample.sample_id)
    own = mark_of(sample, items)
    if own != mark:
        known = {"sample": sample.sample_id, "told": mark, "drawn": own}
        raise InputRefusedError("audit.error.other_mark", file=file, **known)
    return Drawn(sample, {item.item_id: item for item in items})


def item_of(cells: Cells, drawn: Drawn) -> SampleItem:
    """Return the item that a row speaks of.

    Raises:
        RefusedError: it is none of the sample, or its contract, rule or outcome differ.
    """
    from landwatch.scan.audit import gravity_of

    told = tidy(shown(cells["item"])).removesuffix(".0")
    item = drawn.items.get(int(told)) if told.isascii() and told.isdigit() else None
    if item is None:
        raise RefusedError("item", "no_item", value=told, sample=drawn.sample.sample_id)
    if tidy(shown(cells["contract"])) != tidy(item.subject):
        value = shown(cells["contract"])
        raise RefusedError("contract", "other_subject", value=value, drawn=item.subject)
    rule = tidy(shown(cells["rule"])).split(" ")[-1]
    if rule != item.rule:
        raise RefusedError("rule", "other_rule", value=rule, drawn=item.rule)
    gravity = gravity_of(item)
    if "outcome" in cells and not _says(cells["outcome"], gravity):
        value = shown(cells["outcome"])
        raise RefusedError("outcome", "other_outcome", value=value, drawn=gravity)
    return item


def _says(cell: Any, gravity: Gravity) -> bool:
    """Tell whether a cell names an outcome; sheets of before say of a breach its bare status."""
    names = {gravity.in_words(lang) for lang in LANGUAGES}
    if gravity is Gravity.BREACH:
        names |= {Status.BREACH.in_words(lang) for lang in LANGUAGES}
    return tidy(shown(cell)) in {tidy(name) for name in names}


def texts_of(cells: Cells) -> dict[str, str]:
    """Return what is filled of a row, tidied.

    Raises:
        RefusedError: a cell holds a formula that Excel could not work out, or its error.
    """
    texts = {name: tidy(shown(cells.get(name))) for name in FILLED}
    for name, text in texts.items():
        if is_excel_error(text):
            raise RefusedError(name, "formula", value=text)
    return texts
