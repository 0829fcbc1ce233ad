"""Whether a sheet goes on under another header: two lists, one pasted below the other.

What stands below such a row cannot be read under the first header: hectares would be taken as 亩,
the day agreed as the day of the fact. A row that only says the first header again is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger.cells import Cell, tidy
from landwatch.ledger.headers import HeaderUse, column_named, folded, spellings
from landwatch.ledger.sheets import SourceRow

_LONGEST = 40
_DIGIT = re.compile("[0-9]")
_MANY, _FEW = 3, 2
"""Known columns that make a row a header; the fewer only where no cell holds a digit."""


class SecondHeader:
    """Recognises another header among the rows of a sheet; `uses` are of its first."""

    def __init__(self, kind: Kind, uses: Sequence[HeaderUse], *, one_line: bool) -> None:
        """`one_line` tells that the first header's names stand in one row."""
        self._kind, self._one_line, self._uses = kind, one_line, tuple(uses)
        self._headers = [folded(use.header) for use in uses]
        self._own = {name for name, use in zip(self._headers, uses, strict=True) if use.column}
        self._quick = frozenset(spellings(kind)) | self._own | {use.header for use in uses}

    def begins_in(self, row: SourceRow) -> bool:
        """Tell whether a row is a header with other columns, order or units than the first."""
        if self._quick.isdisjoint(row.cells) and not self._begins_known(row.cells):
            return False
        told = [(at, cell) for at, cell in enumerate(row.cells) if cell not in ("", None)]
        texts = [cell for _, cell in told if isinstance(cell, str)]
        columns = [column for text in texts if (column := self._column(text)) is not None]
        enough = _FEW if not any(map(_DIGIT.search, texts)) and len(texts) == len(told) else _MANY
        if len(set(columns)) < enough or 2 * len(columns) < len(told):
            return False
        return not all(self._says_again(at, cell) for at, cell in told)

    def _begins_known(self, cells: Iterable[Cell]) -> bool:
        first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
        return not _DIGIT.search(first[:_LONGEST]) and self._column(first) is not None

    def _column(self, text: str) -> str | None:
        """Return the column, or the own header, that a cell names."""
        if len(text) > _LONGEST:
            return None
        name = folded(text)
        return name if name in self._own else _column_of(self._kind, tidy(text))

    def _says_again(self, at: int, cell: Cell) -> bool:
        """Tell whether a cell says its column's header again; for a number, with its unit."""
        name = folded(str(cell))
        if not name or at >= len(self._headers):
            return not name
        exact = self._one_line and self._uses[at].unit is not None
        return name == self._headers[at] if exact else name in self._headers[at]


@lru_cache(maxsize=4096)
def _column_of(kind: Kind, text: str) -> str | None:
    return column_named(kind, text)


def refuse_second_header(file: str, sheet: str | None, row: int) -> InputRefusedError:
    """Return the refusal of a file in which another table begins below the first."""
    key = "ledger.error.second_header_sheet" if sheet else "ledger.error.second_header"
    return InputRefusedError(key, file=file, row=row, **({"sheet": sheet} if sheet else {}))
