"""What a plain cell tells, without the long way: most cells of a ledger are plain.

A million rows of 25 columns are 25 million cells. The long way folds a cell's width, drops its
invisible signs and holds it against every mark and unit; a cell that needs none of it is told here
at once. A test holds the two ways equal: whatever is told here, the long way tells as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias
from unicodedata import is_normalized

from landwatch.language.columns import Column, ColumnType
from landwatch.language.records import Value
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.measures import measures_rate
from landwatch.ledger.numbers import LIMIT, MEASURED, SIMPLE, plain

Quick: TypeAlias = Callable[[str], "Value | None"]
"""Returns what a plain cell tells; None where the cell has to go the long way."""

_NO_MARK, _NO_LONGER = 9, 200
"""Every mark that says nothing, clears or is an error of a spreadsheet is shorter than this."""
_SHORT = 5
"""The same of marks that are letters and digits, or that begin with a Chinese sign."""
_HAN_FIRST, _HAN_LAST = "\u4e00", "\u9fff"
_DIGIT = re.compile("[0-9]")
_PARTED = re.compile("[;|、'+]")


def quick_reader(column: Column, use: HeaderUse, *, identifies: bool) -> Quick | None:
    """Return the quick way for the cells of a header, None where every cell goes the long way."""
    if column.name == "tenure_years":  # a text that is read
        return None
    if column.holds is ColumnType.TEXT:
        return _identifier if identifies or column.many else _words
    number = column.holds is ColumnType.DECIMAL and column.unit in MEASURED
    unclear = measures_rate(column.unit) and not use.unit_said
    if number and not unclear and use.factor.denominator == 1:
        return _amount_in(use.factor.numerator)
    return None


def _identifier(text: str) -> str | None:
    """Return a number or name in the one spelling that it already has.

    >>> _identifier("4406062019B00001"), _identifier("４４０６０６２０１９Ｂ００００１")
    ('4406062019B00001', None)
    """
    if (
        text.isascii()
        and text.isalnum()
        and not text.isalpha()
        and _SHORT <= len(text) <= _NO_LONGER
    ):
        return text
    whole = text.isprintable() and " " not in text and _NO_MARK <= len(text) <= _NO_LONGER
    whole = whole and _DIGIT.search(text) is not None  # words may stand in a number's place
    return text if whole and not _PARTED.search(text) and is_normalized("NFKC", text) else None


def _words(text: str) -> str | None:
    """Return words that begin with a Chinese sign and hold neither blanks nor invisible signs.

    >>> _words("某某（来凤）有限公司"), _words("2019年项目"), _words("某 公司")
    ('某某（来凤）有限公司', None, None)
    """
    whole = text.isprintable() and " " not in text and _SHORT <= len(text) <= _NO_LONGER
    return text if whole and _HAN_FIRST <= text[0] <= _HAN_LAST else None


def _amount_in(factor: int) -> Quick:
    """Return the reader of plain amounts that are multiplied by a whole factor."""

    def amount(text: str) -> Decimal | None:
        if SIMPLE.fullmatch(text) is None:
            return None
        if factor == 1:
            told = Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
        else:
            told = plain(Decimal(text) * factor)
        return told if told < LIMIT else None

    return amount
