"""The codes of reasons in words: `missing:permit_on` becomes 台账未填：施工许可日期."""

from __future__ import annotations

from landwatch.language.catalogue import say, says
from landwatch.language.columns import COLUMNS, Column


def reason_in_words(reason: str, lang: str) -> str:
    """Return why an outcome is what it is, in `lang`; a code without words stays a code.

    >>> reason_in_words("missing:permit_on", "en")
    'not told: construction permit'
    >>> reason_in_words("stale:observed_on=2020-03-01", "zh")
    '证据过旧：核查日期 2020-03-01'
    """
    kind, _, told = (reason or "").partition(":")
    key = f"map.reason.{kind}"
    if not says(key):
        return reason or ""
    name, _, value = told.partition("=")
    return say(key, lang, told=f"{_column_in_words(name, lang)} {value}".strip())


def _column_in_words(name: str, lang: str) -> str:
    """Return a column's name in `lang`, its own name where the ledger has no such column."""
    column = _BY_NAME.get(name)
    return column.in_words(lang) if column else name


_BY_NAME: dict[str, Column] = {column.name: column for row in COLUMNS.values() for column in row}
