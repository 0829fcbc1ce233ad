"""Rows of a sheet that are no entries: totals, notes, headings of parts, numbers of columns.

They are set aside with a word, never read as data and never held against the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from landwatch.ledger.cells import tidy
from landwatch.ledger.headers import folded
from landwatch.ledger.issues import IssueCode

_TOTAL = re.compile(
    r"[0-9一-龥]{0,12}(?:合|总|小|共|累)计(?:数|金额|面积)?|汇总|total|subtotal|grandtotal|sum"
)
_LABEL_WORDS = (
    "填报人|填表人|制表人|制表|经办人|审核人|审核|复核人|复核|负责人|单位负责人|分管领导|填报单位|填表单位|"
    "制表单位|单位|联系人|联系电话|电话|填报日期|填表日期|制表日期|制表时间|填报时间|填表时间|日期|盖章|"
    "单位盖章|主要负责人|签字|签章|第[0-9]+页|共[0-9]+页"
)
_LABEL = re.compile(rf"(?:{_LABEL_WORDS})(?:\((?:盖章|签字|签章|公章)\))?(?::.*)?")
_NOTE = re.compile(r"(?:注|备注|说明|附注|填表说明|填报说明|注释|数据来源|资料来源)(?:[0-9]*:).*")
_LONE = re.compile(
    r"[*※].*|(?:第?[一二三四五六七八九十]{1,3}[、.:部章节]|[(][一二三四五六七八九十]{1,3}[)]).{1,60}"
)
_COUNTED = re.compile(r"[甲乙丙丁戊己庚辛]|[(\[]?1[)\].]?")
_ORDINAL = re.compile(r"[(\[]?([0-9]{1,3})[)\].]?")
_STEMS = frozenset("甲乙丙丁戊己庚辛")
_RUNNING = frozenset(("序号", "序", "行号", "顺序号", "no", "no.", "#"))
"""Headers of a number that only counts the rows: what the row is stands after it."""
_HEADING_NEEDS = 4
"""Columns that a sheet must have for a lone cell to be a heading and not an entry."""


def aside(texts: Sequence[str], headers: Sequence[str]) -> IssueCode | None:
    """Return why a row is no entry, or None where it may be one; `headers` are folded.

    >>> aside(["", "合 计", "12.5"], ["编号", "项目", "面积"])
    <IssueCode.TOTAL_ROW: 'total_row'>
    >>> aside(["A1", "合计用地项目", "12.5"], ["编号", "项目", "面积"]) is None
    True
    """
    at = next((at for at, text in enumerate(texts) if text and not text.isspace()), None)
    if at is None or not (first := _word(texts[at])):
        return None
    named = next((word for text in texts[at + 1 :] if (word := _word(text))), first)
    if at < len(headers) and headers[at] in _RUNNING and first.isdigit() and _total(named):
        return IssueCode.TOTAL_ROW
    if _total(first):
        return IssueCode.TOTAL_ROW
    if _NOTE.fullmatch(first):
        return IssueCode.NOTE_ROW
    begins = _LABEL.fullmatch(first) or _LONE.fullmatch(first) or _COUNTED.fullmatch(first)
    if not begins and not _names(headers, at, first):
        return None  # nearly every row: its other cells need no second look
    return _by_all_cells(
        [(n, word) for n, text in enumerate(texts) if (word := _word(text))], headers
    )


def _total(word: str) -> bool:
    return _TOTAL.fullmatch(word.partition("(")[0].rstrip(":")) is not None


def _by_all_cells(told: Sequence[tuple[int, str]], headers: Sequence[str]) -> IssueCode | None:
    """Return why a row whose first cell may begin no entry is none, by all its cells."""
    words = [word for _, word in told]
    if all(_LABEL.fullmatch(word) for word in words):
        return IssueCode.NOTE_ROW
    if len(words) == 1 and len(headers) >= _HEADING_NEEDS and _LONE.fullmatch(words[0]):
        return IssueCode.NOTE_ROW if words[0][0] in "*※" else IssueCode.HEADING_ROW
    if 2 * len(words) > len(headers) >= _HEADING_NEEDS and _counts_columns(words):
        return IssueCode.COLUMN_NUMBERS
    if len(words) > 1 and all(_names(headers, at, word) for at, word in told):
        return IssueCode.HEADER_REPEATED
    return None


def _names(headers: Sequence[str], at: int, word: str) -> bool:
    """Tell whether a cell says its column's header again, or one line of it."""
    name = folded(word)
    return at < len(headers) and not name.isdigit() and bool(name) and name in headers[at]


def _word(text: str) -> str:
    return unicodedata.normalize("NFKC", tidy(text)).replace(" ", "").casefold()


def _counts_columns(words: Sequence[str]) -> bool:
    """Tell whether the cells only count the columns: 1, 2, 3 … perhaps after 甲, 乙."""
    numbered = [word for word in words if word not in _STEMS]
    found = [_ORDINAL.fullmatch(word) for word in numbered]
    numbers = [int(match[1]) for match in found if match]
    return len(numbers) == len(numbered) > 1 and numbers == list(range(1, len(numbers) + 1))
