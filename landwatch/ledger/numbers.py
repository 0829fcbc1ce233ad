"""Which number a cell tells, in the unit of its column; what cannot be a measure tells nothing."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

from landwatch.language.columns import NUMBERS_BELOW, Column, ColumnType
from landwatch.ledger.cells import Cell, Reading, has_mark, shown, tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.measures import factor
from landwatch.ledger.numerals import read_numeral
from landwatch.units import rounded

LIMIT = NUMBERS_BELOW
_NUMBER = re.compile(
    r"[¥￥]?(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?: [0-9]{3}){2,}"
    r"|[0-9]{1,3}(?: [0-9]{3})*(?: 0[0-9]{2})(?: [0-9]{3})*|[0-9]{1,40})"
    r"(?:\.[0-9]{0,40})?|[+-]?\.[0-9]{1,40})(?P<power>[eE][+-]?[0-9]{1,2})? ?(?P<unit>[^0-9].*)?"
)
_NUMERAL = re.compile(
    r"(?:人民币)?(?P<number>[零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万萬亿億点]{1,30})"
    r"(?P<unit>[^零〇○一二三四五六七八九十百千万亿0-9].*?)?[整正]?"
)
_TWO_VALUES = re.compile(r"\d[.,，]?(?:\s*[^\S ]\s*| {2,})[+-]?[.\d]|\d [+-]?[.\d]")
"""A line break, tab or wide blank between digits parts two values, as one blank does: only in
groups of three after a shorter one (1 234 567), or begun with a nought (1 050), is it grouping."""
_GROUPED = re.compile(
    r"[¥￥]?[+-]?(?:\d{1,2}(?: \d{3}){2,}|\d{1,3}(?: \d{3})*(?: [0０]\d\d)(?: \d{3})*)"
    r"(?![\d ]*\d)(?!\s*\d)"
)
_THIN = str.maketrans({"\u2009": ",", "\u202f": ",", "\u00a0": " "})
"""Thin blanks are only ever set between the thousands of one number."""
SIMPLE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")
MEASURED = frozenset(("m2", "亩", "公顷", "万元", "万元/亩"))
"""Nearly every cell is a plain number of such a unit: it needs no fractions, only a product."""
_FRACTION = re.compile(r"(?P<above>[0-9]{1,9}) ?/ ?(?P<below>[0-9]{1,9})")
_SAID_FRACTION = re.compile("(?P<below>[二三四五六七八九十])分之(?P<above>[一二三四五六七八九])")
_SAID = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}

SHARES = frozenset(("pit_share", "foundation_share", "agreed_density_min"))
"""Parts of a whole: more than 1 is a percentage without its sign, and is not guessed."""


def read_number(cell: Cell, column: Column, unit_factor: Fraction) -> Reading:
    """Return the number of a cell in the unit of its column, or why it tells none.

    `unit_factor` is that of the header's unit; a unit written in the cell itself goes before it.
    """
    if isinstance(cell, (bool, date, time, timedelta)):
        return Reading(code=IssueCode.BAD_NUMBER)
    as_shown = shown(cell)
    text = tidy(as_shown if as_shown.isascii() else as_shown.translate(_THIN))
    if unit_factor.denominator == 1 and SIMPLE.fullmatch(text) and column.unit in MEASURED:
        simple = plain(Decimal(text) * unit_factor.numerator)
        if simple < LIMIT:
            return Reading(simple)
    if has_mark(text):
        return Reading(code=IssueCode.FOOTNOTE_MARK)
    if _tells_two(as_shown):
        return Reading(code=IssueCode.SEVERAL_VALUES)
    if column.unit == "1" and (share := _read_fraction(text)) is not None:
        return _judged(share, column, None)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _said(text, column, unit_factor)
    digits = re.sub("[, ]", "", match["number"])
    told = Fraction(Decimal(digits + (match["power"] or "")))
    return _in_unit(told, match["unit"], column, unit_factor)


def _tells_two(text: str) -> bool:
    r"""Tell whether blanks part two numbers: read as one, 300 and 500 would be 300500.

    >>> _tells_two("300\n500"), _tells_two("100 200"), _tells_two("1 234 567"), _tells_two("30 亩")
    (True, True, False, False)
    """
    text = text.strip().translate(_THIN)
    return _TWO_VALUES.search(text) is not None and _GROUPED.match(text) is None


def _in_unit(told: Fraction, unit: str | None, column: Column, unit_factor: Fraction) -> Reading:
    """Return a number in the unit of its column: its own unit goes before the header's."""
    if not unit:
        return _judged(told * unit_factor, column, None)
    bare = unit[1:-1] if unit[0] == "(" and unit[-1] == ")" else unit
    own = factor(bare, column.unit or "")
    if own is None:
        return Reading(code=IssueCode.BAD_NUMBER)
    return _judged(told * own, column, unit if own != unit_factor else None)


def _said(text: str, column: Column, unit_factor: Fraction) -> Reading:
    """Return a number in Chinese numerals; 五百万 without 元 in a column of 万元 may be either."""
    match = _NUMERAL.fullmatch(text)
    told = read_numeral(match["number"]) if match else None
    if match is None or told is None:
        return Reading(code=IssueCode.BAD_NUMBER)
    if match["unit"] is None and column.unit == "万元" and match["number"][-1] in "万萬亿億":
        return Reading(code=IssueCode.BAD_NUMBER)
    return _in_unit(told, match["unit"], column, unit_factor)


def _read_fraction(text: str) -> Fraction | None:
    if match := _FRACTION.fullmatch(text):
        below = int(match["below"])
        return Fraction(int(match["above"]), below) if below else None
    if match := _SAID_FRACTION.fullmatch(text):
        return Fraction(_SAID[match["above"]], _SAID[match["below"]])
    return None


def _judged(number: Fraction, column: Column, unit_told: str | None) -> Reading:
    if number < 0:
        return Reading(code=IssueCode.NEGATIVE_NUMBER)
    if number >= LIMIT:
        return Reading(code=IssueCode.NUMBER_OUT_OF_RANGE, told={"limit": LIMIT})
    if column.name in SHARES and number > 1:
        return Reading(code=IssueCode.SHARE_OVER_ONE)
    if column.holds is ColumnType.INTEGER:
        whole = number.denominator == 1
        return Reading(int(number)) if whole else Reading(code=IssueCode.NOT_WHOLE)
    value = as_decimal(number, column.places, up=column.name in SHARES)
    rounded_off = not ends_within(number, column.places)
    if unit_told:
        kept = format(value, "f")
        shown_unit = "" if column.unit == "1" else f" {column.unit}"
        told = {"unit": unit_told, "kept_unit": column.unit, "kept_in_unit": kept + shown_unit}
        return Reading(value, IssueCode.UNIT_IN_CELL, told, rounded_off)
    return Reading(value, rounded=rounded_off)


def as_decimal(number: Fraction, places: int, *, up: bool = False) -> Decimal:
    """Return a fraction as a decimal of at most `places`, without idle zeros.

    A share that has no end is rounded up: a third reported as 1/3 must not fall short of the third
    that the law asks for by the rounding of a program.

    >>> as_decimal(Fraction(1, 3), 6), as_decimal(Fraction(1, 3), 6, up=True)
    (Decimal('0.333333'), Decimal('0.333334'))
    >>> as_decimal(Fraction(36400, 1), 4)
    Decimal('36400')
    """
    if up:
        scaled = number * 10**places
        kept = Decimal(-(-scaled.numerator // scaled.denominator)).scaleb(-places)
    else:
        kept = rounded(number, places)
    return plain(kept)


def plain(number: Decimal) -> Decimal:
    """Return a decimal without trailing zeros and without an exponent."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def ends_within(number: Fraction, places: int) -> bool:
    """Tell whether a number can be written exactly with that many decimals."""
    remainder: int = 10**places % number.denominator
    return remainder == 0
