"""The functions of the rule language: names in both scripts, arguments, result.

`check` reads this table, `rowwise` and `columnwise` answer each name, and the reference prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from landwatch.language.catalogue import say


class Sort(StrEnum):
    """The sorts of value."""

    NUMBER = "number"
    DATE = "date"
    TRUTH = "yes/no"
    TEXT = "text"
    PAYMENTS = "payments"

    def in_words(self, lang: str) -> str:
        """Return the sort's name in `lang`.

        >>> Sort.TRUTH.in_words("zh")
        '是否'
        """
        return say(f"sort.{self.name.lower()}", lang)


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is written in Chinese, what it takes and gives.

    `arguments` holds a sort for each place, or "same" for any sort that the others share;
    "any" for any sort, "progress" for a fact of the progress reports; `constant` marks the places
    that take a quoted name, not an expression; `unit` is what its number is counted in.
    """

    zh: str
    arguments: tuple[Sort | str, ...]
    result: Sort | str
    variadic: bool = False
    constant: frozenset[int] = frozenset()
    unit: str | None = None


FUNCTIONS: Mapping[str, Function] = {
    "add_years": Function("加年", (Sort.DATE, Sort.NUMBER), Sort.DATE, unit="年"),
    "add_months": Function("加月", (Sort.DATE, Sort.NUMBER), Sort.DATE, unit="月"),
    "add_days": Function("加日", (Sort.DATE, Sort.NUMBER), Sort.DATE, unit="日"),
    "date": Function("日期", (Sort.TEXT,), Sort.DATE, constant=frozenset({0})),
    "year_start": Function("年初", (Sort.DATE,), Sort.DATE),
    "year_end": Function("年末", (Sort.DATE,), Sort.DATE),
    "month_end": Function("月末", (Sort.DATE,), Sort.DATE),
    "smaller": Function("较小", ("same", "same"), "same"),
    "larger": Function("较大", ("same", "same"), "same"),
    "days_between": Function("相隔日数", (Sort.DATE, Sort.DATE), Sort.NUMBER),
    "earlier": Function("较早", (Sort.DATE, Sort.DATE), Sort.DATE, variadic=True),
    "later": Function("较晚", (Sort.DATE, Sort.DATE), Sort.DATE, variadic=True),
    "first_told": Function("首个已知", ("same", "same"), "same", variadic=True),
    "latest_told": Function("最近已知", (Sort.DATE, Sort.DATE), Sort.DATE, variadic=True),
    "only_if": Function("仅当", (Sort.TRUTH, "same"), "same"),
    "told": Function("已知", ("any",), Sort.TRUTH),
    "seen_on": Function("所见日期", ("progress",), Sort.DATE),
    "first_reaching": Function("首次足额", (Sort.PAYMENTS, Sort.NUMBER), Sort.DATE),
    "largest": Function("最大一笔", (Sort.PAYMENTS,), Sort.NUMBER),
    "total": Function("合计", (Sort.PAYMENTS,), Sort.NUMBER),
    "missing": Function("缺", (Sort.TEXT,), Sort.TEXT, constant=frozenset({0})),
    "no_value": Function("未定值", (Sort.TEXT,), Sort.TEXT, constant=frozenset({0})),
    "stale": Function("过旧", (Sort.DATE,), Sort.TEXT),
    "cause": Function("原因", (Sort.TEXT,), Sort.TEXT),
}

BY_ZH: Mapping[str, str] = {function.zh: name for name, function in FUNCTIONS.items()}
