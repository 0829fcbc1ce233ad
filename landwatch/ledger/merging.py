"""What cells merged over several rows tell each of them: text and days, never numbers.

A company's name that stands once beside its three parcels is the name of all three. An amount that
does is the sum of three or each one's, and a contract's number would make three rows one: these are
told by the first row only, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.ledger.cells import Cell
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.keys import NUMBERS
from landwatch.ledger.sheets import Merged, Notice, Sheet, SourceRow

_SHARED = (ColumnType.TEXT, ColumnType.CODE, ColumnType.DATE, ColumnType.YES_NO)


def merged_notices(sheet: Sheet, header_row: int) -> list[Notice]:
    """Say that cells are merged over several rows of data."""
    count = sum(1 for _ in _over_rows(sheet.merged or (), header_row))
    return [Notice(IssueCode.CELLS_MERGED, sheet.name, {"count": count})] if count else []


def filled(
    kind: Kind, sheet: Sheet, uses: Sequence[HeaderUse], header_row: int
) -> Iterator[SourceRow]:
    """Yield the rows under the header, each with the text of cells merged over it."""
    waiting = sorted(_over_rows(sheet.merged or (), header_row), key=lambda one: -one.top)
    if not waiting:
        yield from (row for row in sheet.rows() if row.number > header_row)
        return
    shared = {use.position for use in uses if _is_shared(kind, use)}
    open_cells: list[tuple[Merged, Cell]] = []
    for row in sheet.rows():
        if row.number <= header_row:
            continue
        at = row.number - 1
        open_cells = [(cell, told) for cell, told in open_cells if cell.bottom >= at]
        fills = {cell.left: told for cell, told in open_cells if cell.left in shared}
        while waiting and waiting[-1].top <= at:
            cell = waiting.pop()
            if cell.top == at and cell.left < len(row.cells):
                open_cells.append((cell, row.cells[cell.left]))
        yield _with(row, fills) if fills else row


def _over_rows(merged: Iterable[Merged], header_row: int) -> Iterator[Merged]:
    return (one for one in merged if one.bottom > one.top >= header_row)


def _is_shared(kind: Kind, use: HeaderUse) -> bool:
    """Tell whether a merged cell speaks for each of its rows: not where it names the row itself."""
    column = columns_of(kind).get(use.column or "")
    if column is None or column.holds not in _SHARED:
        return False
    own = (*NUMBERS[kind], "contract_id", "parcel_id", "unit_code")
    return column.name not in own and not (kind is Kind.ZONES and column.key)


def _with(row: SourceRow, fills: dict[int, Cell]) -> SourceRow:
    """Return a row with the text of merged cells where its own cells are blank."""
    if row.is_blank:
        return row
    cells = list(row.cells)
    for at, told in fills.items():
        if at < len(cells) and cells[at] in ("", None):
            cells[at] = told
    return replace(row, cells=cells)
