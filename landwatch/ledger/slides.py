"""Whether a row's values have slid into their neighbours' columns.

「待定」 in a date column is only a bad date. A date among the names together with a name among the
dates is a row that slid, and a row that slid accuses people of another's days: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from landwatch.language.columns import Column, ColumnType
from landwatch.ledger.cells import Reading
from landwatch.ledger.issues import IssueCode

_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日?(?: .*)?")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NAME = re.compile(r"[^0-9]{6,}")
_NAMES = frozenset(("holder", "project_name", "location"))
_NO_DATES = _NAMES | {"division", "land_use", "instrument", "inspector"}


@dataclass(frozen=True, slots=True)
class Stray:
    """A cell that does not look like its column; `certain` if it looks like another kind."""

    column: str
    certain: bool


def stray(column: Column, tidied: str, reading: Reading) -> Stray | None:
    """Return the cell as a stray if it cannot stand in its column."""
    number = column.holds in (ColumnType.DECIMAL, ColumnType.INTEGER) and column.unit != "1"
    if (number or column.name in _NO_DATES) and _FULL_DATE.fullmatch(tidied):
        return Stray(column.name, certain=True)
    unread = reading.code is IssueCode.BAD_DATE or column.name in _NAMES
    if unread and _PLAIN_NUMBER.fullmatch(tidied):
        return Stray(column.name, certain=True)
    if reading.code in (IssueCode.BAD_DATE, IssueCode.BAD_NUMBER) and _NAME.fullmatch(tidied):
        return Stray(column.name, certain=False)
    return None


def slid(strays: Sequence[Stray]) -> list[str]:
    """Return the columns that show that the row slid: at least two, one of them for certain."""
    if len(strays) >= 2 and any(each.certain for each in strays):
        return [each.column for each in strays]
    return []
