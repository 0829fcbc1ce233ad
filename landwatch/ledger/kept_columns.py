"""Columns that are understood and not used, or used against their name: said once of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from landwatch.ledger.headers import HeaderUse, folded
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Notice

_INSTALMENT = re.compile("分期|支付约定|约定支付|issue|payment")
_IN_PARTS = re.compile(r"[^|]*[0-9][^|]*\|.*")
_LAND_SOURCES = frozenset(("土地来源", "landsource", "tdly"))
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SAYS_UPPER = re.compile(r"上限|最高|max|(?:ratio|far|rjl)_?up")


def kept_notices(
    uses: Sequence[HeaderUse], texts_of: Callable[[HeaderUse], Sequence[str]]
) -> list[Notice]:
    """Return what to say of headers; `texts_of` gives the told cells of one in the first rows."""
    notices = _exchanged_bounds(uses)
    in_parts = {}
    for use in uses:
        if use.column is not None or not use.header:
            continue
        name = folded(use.header)
        if _INSTALMENT.search(name):
            parts = [text for text in texts_of(use) if _IN_PARTS.fullmatch(text)]
            if parts:
                in_parts[use] = max(parts, key=lambda text: text.count("|"))
        elif name in _LAND_SOURCES:
            texts = texts_of(use)
            if texts and 2 * sum(1 for text in texts if _NUMBER.fullmatch(text)) > len(texts):
                told = {"column": use.header}
                notices.append(Notice(IssueCode.LAND_SOURCE_NUMBERS, use.sheet, told))
    if in_parts:
        columns = "、".join(use.header for use in in_parts)
        example = next(iter(in_parts.values()))[:40]
        sheet = next(iter(in_parts)).sheet
        told = {"column": columns, "example": example}
        notices.append(Notice(IssueCode.INSTALMENTS_KEPT, sheet, told))
    return notices


def _exchanged_bounds(uses: Sequence[HeaderUse]) -> list[Notice]:
    """Say that the header of a lower bound calls itself the upper one: a known source does."""
    by_column = {use.column: use for use in uses}
    low, high = by_column.get("agreed_far_min"), by_column.get("agreed_far_max")
    if low is None or high is None or not _SAYS_UPPER.search(folded(low.header)):
        return []
    told = {"low": low.header, "high": high.header, "column": low.header}
    return [Notice(IssueCode.FAR_NAMES_EXCHANGED, low.sheet, told)]
