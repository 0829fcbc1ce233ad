"""Which day a cell tells, in every form seen in ledgers; a day that is a filler tells nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from landwatch.ledger.cells import Cell, Reading, shown, tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.numerals import read_numeral

_BEIJING = timezone(timedelta(hours=8))
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EARLIEST, _LATEST = date(1949, 10, 1), date(2150, 12, 31)
_SENTINELS = frozenset(
    (
        date(1, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1901, 1, 2),
        date(1970, 1, 1),
        date(9999, 12, 31),
    )
)
"""Days that programs write for "none": seen in the national files, Excel's and Unix's zero."""

_CLOCK = r"(?P<clock>[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}(?:\.[0-9]+)?)?[秒分]?)"
_DAY = re.compile(
    r"(?P<y>[0-9]{4}) ?(?:年|[-/.]) ?(?P<m>[0-9]{1,2}) ?(?:月|[-/.]) ?(?P<d>[0-9]{1,2}) ?[日号]?"
    rf"(?:[T ]?{_CLOCK}(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?"
)
_SAID_DAY = re.compile(
    r"(?:(?P<era>(?:中华)?民国)|公元)? ?"
    r"(?P<y>[0-9]{1,4}|[0O零〇○一二三四五六七八九十百]{1,5}|元) ?年 ?"
    r"(?P<m>[0-9]{1,2}|[零〇元一二三四五六七八九十]{1,3}) ?月 ?"
    r"(?P<d>[0-9]{1,2}|[零〇一二三四五六七八九十]{1,3}) ?[日号]?"
)
_ERA = 1911
"""民国元年 is 1912: contracts and certificates of before 1949, and Taiwan's papers, count so."""
_EIGHT = re.compile(r"(?P<y>(?:19|20|21)[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])")
_PARTIAL = re.compile(r"(?:19|20)[0-9]{2}(?: ?(?:年|[-/.]) ?(?:[0-9]{1,2} ?月?)?)?")
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?")
_SERIALS = range(20_000, 73_051)
"""Bare numbers that may be Excel's count of days: 1954 to 2100."""
_YEAR_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:[0-9]|0[0-9]|1[0-2])(?:\.0*)?")
_BROKEN = re.compile(r"[-/.]\s*[\r\n\t\v\f\u3000]\s*\d|\d\s*[\r\n\t\v\f\u3000]\s*[-/.]")
"""What stands on two lines may be parts of two days."""
_EPOCH_MS = re.compile(r"-?[0-9]{11,13}")


def read_date(cell: Cell) -> Reading:
    """Return the day that a cell tells, or why it tells none.

    >>> read_date("2005年01月31日").value, read_date("2017.9.21").value
    (datetime.date(2005, 1, 31), datetime.date(2017, 9, 21))
    >>> read_date("1900-01-01").code
    <IssueCode.SENTINEL_DATE: 'sentinel_date'>
    """
    if isinstance(cell, datetime):
        far = cell.year in (1, 9999)  # cannot be moved by a day
        return _judged(cell.astimezone(_BEIJING).date() if cell.tzinfo and not far else cell.date())
    if isinstance(cell, date):
        return _judged(cell)
    if isinstance(cell, bool):
        return Reading(code=IssueCode.BAD_DATE)
    text = shown(cell)
    if _BROKEN.search(text):
        return Reading(code=IssueCode.SEVERAL_VALUES)
    return _read_text(tidy(text))


@lru_cache(maxsize=65_536)
def _read_text(text: str) -> Reading:
    """Return the day of a tidied text; ledgers repeat their days, so they are remembered."""
    if text in ("0", "0.0") or text.startswith("0000"):
        return Reading(code=IssueCode.SENTINEL_DATE)
    if match := _DAY.fullmatch(text) or _EIGHT.fullmatch(text):
        return _from_parts(match.groupdict())
    if match := _SAID_DAY.fullmatch(text):
        return _said_day(match)
    if _YEAR_MONTH.fullmatch(text):
        return Reading(code=IssueCode.PARTIAL_DATE)
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
        judged = _judged(day)
        return judged if judged.code else Reading(day, IssueCode.SERIAL_DATE, {"day": day})
    if _EPOCH_MS.fullmatch(text):
        moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
        return _judged(moment.astimezone(_BEIJING).date())
    if _PARTIAL.fullmatch(text):
        return Reading(code=IssueCode.PARTIAL_DATE)
    return Reading(code=IssueCode.BAD_DATE)


def _from_parts(parts: dict[str, str | None]) -> Reading:
    try:
        day = date(int(parts["y"] or 0), int(parts["m"] or 0), int(parts["d"] or 0))
    except ValueError:
        return Reading(code=IssueCode.BAD_DATE)
    if zone := parts.get("zone"):
        day = _beijing_day(day, parts["clock"] or "", zone)
    return _judged(day)


def _said_day(match: re.Match[str]) -> Reading:
    """Return a day in Chinese numerals or of the era of 民国; a year of two digits tells none."""
    year = 1 if match["y"] == "元" else _said(match["y"])
    if match["era"] and year is not None and year < 1000:
        year += _ERA
    elif year is None or year < 1000:
        return Reading(code=IssueCode.BAD_DATE)
    month = _said(match["m"].replace("元", "一"))
    return _from_parts({"y": str(year), "m": str(month or 0), "d": str(_said(match["d"]) or 0)})


def _said(number: str) -> int | None:
    """Return a number in figures or numerals; 二〇一九 is said digit by digit, 二十一 is not."""
    if number.isascii():
        return int(number)
    told = read_numeral(number.replace("O", "〇").replace("0", "〇"))
    return None if told is None else int(told)


def _beijing_day(day: date, clock: str, zone: str) -> date:
    """Return the day in China of a moment told elsewhere: 16:00 Z is midnight in Beijing."""
    hour, minute = (int(part) for part in re.split("[:时分]", clock)[:2])
    if not (hour < 24 and minute < 60 and 1 < day.year < 9999):
        return day
    offset = timedelta()
    if zone != "Z":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -offset if zone[0] == "-" else offset
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - offset
    return local.astimezone(_BEIJING).date()


def _judged(day: date) -> Reading:
    if day in _SENTINELS:
        return Reading(code=IssueCode.SENTINEL_DATE)
    if not _EARLIEST <= day <= _LATEST:
        return Reading(code=IssueCode.DATE_OUT_OF_RANGE)
    return Reading(day)
