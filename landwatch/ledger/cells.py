"""What a cell says before its column is known: as it was read, and whether it says anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from landwatch.language.records import Value
from landwatch.ledger.issues import IssueCode

Cell: TypeAlias = "str | int | float | bool | date | datetime | time | timedelta | None"
"""What a reader finds in a cell: text from a CSV, typed values from Excel and spatial files."""

LONGEST = 32_767
"""Excel's own limit for the text of a cell; what is longer is no cell of a ledger."""

_BLANKS = frozenset(
    (
        *("", "-", "--", "---", "—", "——", "–", "_", "/", "\\", "//", "nah", "nan", "none", "null"),
        *("nil", "n/a", "na", "#n/a", "无", "暂无", "未填", "未知", "不详", "空", "(空)"),
    )
)
_CLEARS = frozenset(("(clear)", "清空", "(清空)"))
_EXCEL_ERRORS = frozenset(("#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "########"))
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001b\u007f\u200b-\u200f\u2060\ufeff\ufffe\uffff]")

_MARK = "\u00b9\u00b3\u2070\u2074-\u2079\u2080-\u2089\u2460-\u249b\u24ea"
_MARK += "\u3220-\u3229\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\u00bc-\u00be\u2150-\u215f\u2189"
_MARKS = re.compile(f"([{_MARK}]|(?<![Mm])\u00b2)")
"""Raised, lowered and circled digits and fractions in one sign: NFKC makes plain digits of them.
The two of m² is no mark."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell told: a value, or what is wrong with it; `told` fills the sentence."""

    value: Value | None = None
    code: IssueCode | None = None
    told: Mapping[str, object] = field(default_factory=dict)
    rounded: bool = False


def shown(cell: Cell) -> str:
    """Return a cell as text, as a person sees it in the file.

    >>> shown(43831.0), shown(datetime(2019, 3, 4)), shown(None)
    ('43831', '2019-03-04', '')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return (
            format(cell, ".0f") if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
        )
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)


def tidy(text: str) -> str:
    r"""Return text in one spelling: NFKC, no invisible signs, one blank between words.

    The mark of a footnote stays one: as a digit it would make another number (30① is not 301).

    >>> tidy(" １２．５\u00a0亩\n")
    '12.5 亩'
    >>> tidy("LZ-1①"), tidy("30 m²")
    ('LZ-1①', '30 m2')
    """
    text = _INVISIBLE.sub("", text)
    if not text.isascii():  # after: what an invisible sign kept apart is one sign without it
        text = "".join(
            part if at % 2 else unicodedata.normalize("NFKC", part)
            for at, part in enumerate(_MARKS.split(text))
        )
    return " ".join(text.split())


def has_mark(text: str) -> bool:
    """Tell whether a text holds the mark of a footnote, which looks like a digit and is none."""
    return not text.isascii() and _MARKS.search(text) is not None


def says_nothing(tidied: str) -> bool:
    """Tell whether a tidied cell is one of the marks for "not told"; never a zero.

    >>> says_nothing("Nah"), says_nothing("—"), says_nothing("0")
    (True, True, False)
    """
    return tidied.casefold() in _BLANKS


def asks_to_clear(tidied: str) -> bool:
    """Tell whether a cell asks that what was told before be forgotten."""
    return tidied.casefold() in _CLEARS


def is_excel_error(tidied: str) -> bool:
    """Tell whether a cell shows an error of a spreadsheet in place of its value."""
    return tidied.casefold() in _EXCEL_ERRORS


def read_text(text: str) -> Reading:
    r"""Return text as told, without invisible signs and outer blanks; its own brackets stay.

    >>> read_text(" 某某（来凤）公司\n").value
    '某某（来凤）公司'
    """
    return Reading(" ".join(_INVISIBLE.sub("", text).split()))


_PROTECTED = re.compile("\\s*'(?='*[=+\\-@＝＋－＠])")


def unprotected(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it.

    Exports put one before text that begins like a formula, and one more before text that begins
    with such an apostrophe itself, so that exactly one is taken off again.

    >>> unprotected("'=1+1"), unprotected("''-3号地"), unprotected("'甲'")
    ('=1+1', "'-3号地", "'甲'")
    """
    found = _PROTECTED.match(text) if "'" in text else None
    return text if found is None else text[found.end() :]


_LOST_DIGITS = re.compile(r"[0-9](\.[0-9]+)?e\+[0-9]{2}", re.IGNORECASE)


def read_identifier(cell: Cell, text: str) -> Reading:
    """Return a number or name that other files refer to, in one spelling.

    A number that Excel showed as 4.40606E+15 has lost its digits: it names nothing any more.

    >>> read_identifier("", "４４０６０６２０１９Ｂ００００１ ").value
    '4406062019B00001'
    >>> read_identifier("", "4.40606E+15").code
    <IssueCode.LOST_DIGITS: 'lost_digits'>
    """
    tidied = tidy(text)
    if _LOST_DIGITS.fullmatch(tidied) or (isinstance(cell, float) and abs(cell) >= 1e15):
        return Reading(code=IssueCode.LOST_DIGITS)
    return Reading(tidied)


def read_list(text: str, separators: str = ";；|、") -> Reading:
    """Return several names joined by `;`, each once.

    >>> read_list("G12、G13;G12").value
    'G12;G13'
    """
    lines = (
        tidy(line) for line in re.split("[\r\n]", text)
    )  # before parting: a full-width ｜ is a |
    parting = re.compile(f"[{re.escape(separators)}]")
    names = [name.strip() for line in lines for name in parting.split(line)]
    told = dict.fromkeys(name for name in names if not says_nothing(name))
    return Reading(";".join(told) or None)
