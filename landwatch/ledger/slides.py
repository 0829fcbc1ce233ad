"""Whether a row's values have slid into their neighbours' columns.

「待定」 in a date column is only a bad date. A date among the names together with a name among the
dates is a row that slid, and a row that slid accuses people of another's days: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from landwatch.language.columns import Column, ColumnType
from landwatch.ledger.cells import Reading
from landwatch.ledger.issues import IssueCode

_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日?(?: .*)?")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NAME = re.compile(r"[^0-9]{6,}")
_WORDS = re.compile(r"(?=.*[^0-9.,/: -]{3}).*")
_MISFITS = frozenset(
    (
        *(IssueCode.BAD_DATE, IssueCode.BAD_NUMBER, IssueCode.BAD_CODE, IssueCode.BAD_YES_NO),
        *(IssueCode.BAD_TENURE, IssueCode.PARTIAL_DATE),
    )
)
_MANY = 6
"""As many misfits, and half of the row, are no slips of the pen."""
_NAMES = frozenset(("holder", "project_name", "location"))
_NO_DATES = _NAMES | {"division", "land_use", "instrument", "inspector"}


@dataclass(frozen=True, slots=True)
class Stray:
    """A cell that does not look like its column; `certain` if it looks like another kind."""

    column: str
    certain: bool


class Place(Protocol):
    """A column at its place in the sheet."""

    at: int
    name: str
    column: Column

    def fits(self, text: str) -> bool:
        """Tell whether a text would stand well in this column."""


def looks_like_words(tidied: str) -> bool:
    """Tell whether a text is a name or words, and neither a number nor a day.

    >>> looks_like_words("甲公司"), looks_like_words("2020-01-01"), looks_like_words("1200")
    (True, False, False)
    """
    return _WORDS.fullmatch(tidied) is not None and not _FULL_DATE.fullmatch(tidied)


def stray(column: Column, tidied: str, reading: Reading) -> Stray | None:
    """Return the cell as a stray if it cannot stand in its column."""
    number = column.holds in (ColumnType.DECIMAL, ColumnType.INTEGER)
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


def moved(
    places: Sequence[Place],
    texts: Sequence[str],
    bad: Mapping[str, Reading],
    strays: Sequence[Stray],
) -> list[str]:
    """Return the columns that show that the row slid by one place, to the left or the right.

    `bad` are the columns whose cells could not be read, and why. Two cells that fit their
    neighbours' columns, both on the same side, are enough if one of them is a stray for certain.
    """
    certain = {each.column for each in strays if each.certain}
    misfits = {name for name, reading in bad.items() if reading.code in _MISFITS}
    misfits |= {each.column for each in strays}
    if not misfits:
        return []
    at_place = {place.at: place for place in places}
    standing = [each for each in places if each.name in misfits and each.at < len(texts)]
    for step in (1, -1):
        beside = [(each, at_place.get(each.at + step)) for each in standing]
        fit = [each.name for each, near in beside if near and near.fits(texts[each.at])]
        if len(fit) >= 2 and (certain & set(fit) or len(fit) > 2):
            return fit
        for each, near in beside:
            if each.name in certain and near and _day_for(near, texts[each.at]):
                return [each.name, near.name]
    told = sum(1 for each in places if each.at < len(texts) and texts[each.at].strip())
    return sorted(misfits) if len(misfits) >= _MANY and 2 * len(misfits) >= told else []


def _day_for(near: Place, text: str) -> bool:
    """Tell whether a full day stands just beside a column of days."""
    return near.column.holds is ColumnType.DATE and near.fits(text)
