"""Which units lines around a table say for all of it: above its header, or in a note below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from landwatch.ledger.cells import shown, tidy
from landwatch.ledger.measures import measure_units
from landwatch.ledger.sheets import SourceRow

_UNITS_LINE = re.compile(r"单位[::] ?((?:(?!\S{0,4}单位)[^::()])+)")
_OF_A_MEASURE = re.compile(
    r"(?:面积|金额|价款|价格|投资额?|款项|资金)(?:的?(?:计量)?单位)?(?:[::]|均?[为是]|[以按]) ?"
    r"([0-9A-Za-z^/一-龥]{1,8})"
)
_ENDS = re.compile("(?:计量?|为单位|计算|填写|填报)$")
_MOST_CELLS = 2
"""Cells that a note holds at the most; a row with more of them is an entry."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class UnitsSaid:
    """The units that lines say, and the first of these lines; "" where none does."""

    line: str = ""
    units: tuple[str, ...] = ()


def units_said(rows: Iterable[SourceRow], first: int, last: int) -> UnitsSaid:
    """Return the units said above a header that stands from row `first` to `last`, or below it."""
    line, units = "", list[str]()
    for row in rows:
        if first <= row.number <= last:
            continue
        told = [text for cell in row.cells if (text := tidy(shown(cell)))]
        if row.number > last and len(told) > _MOST_CELLS:
            continue
        for text in told:
            found = [unit for unit in _units_in(text) if unit not in units]
            line = line or (text[:_LONGEST] if found else "")
            units += found
    return UnitsSaid(line, tuple(units))


def _units_in(text: str) -> Iterator[str]:
    """Yield the units that a line says.

    >>> list(_units_in("填报单位:某局 金额:元 面积:公顷")), list(_units_in("注:面积单位为公顷"))
    (['元', '公顷'], ['公顷'])
    """
    parts = [*_UNITS_LINE.findall(text), *_OF_A_MEASURE.findall(text)]
    for part in parts:
        for one in re.split("[,;、，；。和 ]+", part):
            unit = _ENDS.sub("", one)
            if measure_units(unit):
                yield unit


def line_of_units(texts: Sequence[str]) -> list[str] | None:
    """Return the units of a line that begins with 单位 and tells those of the columns, else None.

    >>> line_of_units(["单位", "", "公顷", "年月日"])
    ['', '', '公顷', '']
    """
    first = next((text for text in texts if text), "").replace(" ", "").strip(":")
    if first not in ("单位", "计量单位"):
        return None
    units = [text if measure_units(text.strip("()")) or text == "%" else "" for text in texts]
    return units if any(units) else None
