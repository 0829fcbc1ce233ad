"""For how many years a cell of 使用年限 grants the land, or until which day: 商业40年,住宅70年.

What is not understood is unreadable: a term read wrong would call a right ended that is not.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from landwatch.ledger.cells import Reading, tidy
from landwatch.ledger.dates import read_date
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.numbers import as_decimal
from landwatch.ledger.numerals import read_numeral

LONGEST_YEARS = 70
"""The longest term of the law, that of dwellings (Provisional Regulations of 1990, Art. 12)."""
TENURE, TENURE_END = "tenure_years", "tenure_ends_on"
_A_YEAR_OF_THE_CALENDAR = 1000
_OPEN = re.compile(r"(?:长期|永久|无限期|无期限|不限|不定期|无年限|无限)(?:性|使用)?")
_UNTIL = re.compile(r"(?:.*[至到~])?([0-9][^至到~]*?)(?:为?止|到期|终止)?")
_FIGURE = re.compile(r"(?<![0-9A-Za-z])[0-9]{1,4}(?:\.[0-9]{1,4})?(?![0-9])")
_AFTER = re.compile(r" ?年|$|[ ;,、/|+&~.:)\-—–至到和及与]")
_CODE_OF_USE = re.compile(r"[A-Za-z][0-9]+")
_NUMERALS = "零〇一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾佰"
_SAID = re.compile(rf"([{_NUMERALS}]+)(?:年|$)")
_TWO_TERMS = re.compile(r"[2-7]0\.[2-7]0")
"""40.70 is more often 40 and 70 than forty years and seven tenths."""


def read_tenure(text: str) -> Reading:
    """Return the years of tenure joined by `;`, the lowest first, or the day that tenure ends.

    >>> read_tenure("五十年").value, read_tenure("商业40年，住宅70年").value
    ('50', '40;70')
    >>> read_tenure("2069-3-16").value, read_tenure("7040").code
    (datetime.date(2069, 3, 16), <IssueCode.BAD_TENURE: 'bad_tenure'>)
    """
    tidied = tidy(text)
    if _OPEN.fullmatch(tidied):
        return Reading(code=IssueCode.TENURE_OPEN)
    if (until := _UNTIL.fullmatch(tidied)) is not None:
        day = read_date(until[1])
        if day.value is not None and day.code is None:
            return Reading(day.value, IssueCode.TENURE_END_TOLD, {"day": day.value})
        if day.code is IssueCode.SENTINEL_DATE and not re.fullmatch("[0.]+", tidied):
            return day
    if re.match("[-–—−] ?[0-9]", tidied):  # less than nothing
        return Reading(code=IssueCode.BAD_TENURE)
    years = _figures(tidied) if re.search("[0-9]", tidied) else _said(tidied)
    return _judged(years)


def _judged(years: set[Fraction]) -> Reading:
    if years == {0}:
        return Reading(code=IssueCode.ZERO_TERM)
    if not years or 0 in years or max(years) >= _A_YEAR_OF_THE_CALENDAR:
        return Reading(code=IssueCode.BAD_TENURE)
    if max(years) > LONGEST_YEARS:
        return Reading(code=IssueCode.TENURE_IMPLAUSIBLE)
    return Reading(";".join(format(as_decimal(each, 4), "f") for each in sorted(years)))


def _figures(text: str) -> set[Fraction]:
    """Return the numbers of years told in figures; none where a number may tell something else."""
    text = _CODE_OF_USE.sub("", text)
    found = list(_FIGURE.finditer(text))
    clear = all(
        _AFTER.match(text, match.end()) and not _TWO_TERMS.fullmatch(match[0]) for match in found
    )
    if not clear or re.search("[0-9]", _FIGURE.sub("", text)):
        return set()
    return {Fraction(Decimal(match[0])) for match in found}


def _said(text: str) -> set[Fraction]:
    """Return the numbers of years told in numerals: 五十年; those of a use (二类) are none."""
    told = [read_numeral(match[1]) for match in _SAID.finditer(text)]
    return set() if None in told else {each for each in told if each is not None}
