"""The rows of a worked case with the ledger's types, and the columns that it expects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.terms import Remedy, Status
from landwatch.lawbook.leaves import FIGURE, day_of, term_of
from landwatch.lawbook.source import Part

MADE_UP: Mapping[Kind, tuple[str, ...]] = {
    Kind.CONTRACTS: ("contract_id", "zone_id"),
    Kind.ZONES: ("zone_id", "geometry"),
    Kind.PROGRESS: ("contract_id",),
    Kind.EVENTS: ("contract_id",),
}
"""Columns that a case does not tell: its contract and zone are made up."""
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.PROGRESS: ("observed_on",),
    Kind.EVENTS: ("kind", "on"),
}
_DIGITS = 18
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}

Told: TypeAlias = Mapping[str, Any]
"""A row of a case: only the columns that it tells, with the ledger's types."""


def rows_of(kind: Kind, part: Part | None) -> tuple[Told, ...]:
    """Return the told cells of several records, in their order."""
    return tuple(row_of(kind, row) for row in part.items()) if part else ()


def row_of(kind: Kind, part: Part) -> Told:
    """Return the told cells of one record; what is blank is not told."""
    columns = columns_of(kind)
    cells = part.mapping() if part.content is not None else {}
    for name in MADE_UP[kind]:
        if name in cells:
            raise cells[name].refused("cases.made_up", name=name)
    if cells:
        part.mapping([name for name in columns if name not in MADE_UP[kind]])
    for name in NEEDED.get(kind, ()):
        part.need(name)
    return {
        name: _cell(columns[name], cell) for name, cell in cells.items() if cell.content is not None
    }


def _cell(column: Column, part: Part) -> Any:
    match column.holds:
        case ColumnType.DECIMAL:
            return _number(part, column.places)
        case ColumnType.INTEGER:
            return int(_number(part, 0))
        case ColumnType.DATE:
            return day_of_case(part)
        case ColumnType.YES_NO:
            return _yes(part)
        case _ if column.many and isinstance(part.content, tuple):
            return ";".join(item.text() for item in part.items())
        case _ if column.choices is not None:
            return str(term_of(part, column.choices))
        case _:
            return part.text()


def _number(part: Part, places: int) -> Decimal:
    """Return a number that the ledger can keep: eighteen digits, so many of them decimals."""
    whole, _, decimals = part.text().partition(".")
    fits = len(whole.lstrip("0")) <= _DIGITS - places and len(decimals) <= places
    if not fits or "/" in whole or not (part.text().isascii() and FIGURE.fullmatch(part.text())):
        raise part.refused(
            "cases.number", value=part.text()[:40], whole=_DIGITS - places, places=places
        )
    return Decimal(part.text())


def day_of_case(part: Part) -> date:
    """Return the day that a case writes; a blank is none."""
    part.text()
    day = day_of(part)
    assert day is not None  # a text is a day or refused
    return day


def _yes(part: Part) -> bool:
    if part.text() not in _YES_NO:
        raise part.refused("policy.needs_yes_no", value=part.text()[:40])
    return _YES_NO[part.text()]


def _exact(part: Part) -> Fraction:
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", part.text(), flags=re.ASCII):
        raise part.refused("policy.needs_number", value=part.text()[:40])
    return Fraction(part.text())


def _count(part: Part) -> int:
    if not re.fullmatch(r"\d{1,6}", part.text(), flags=re.ASCII):
        raise part.refused("policy.needs_number", value=part.text()[:40])
    return int(part.text())


def _remedies(part: Part) -> tuple[str, ...]:
    return tuple(str(term_of(remedy, Remedy)) for remedy in part.items())


EXPECTED: Mapping[str, Callable[[Part], Any]] = {
    "status": lambda part: str(term_of(part, Status)),
    "reason": Part.text,
    "to_verify": _yes,
    "clock_from": day_of_case,
    "limit_on": day_of_case,
    "days_past": _count,
    "measured": _exact,
    "threshold": _exact,
    "amount_wan": _exact,
    "remedies": _remedies,
}
"""The columns of a finding that a case may expect, and how each is read."""


def expected_of(part: Part) -> Told:
    """Return the expected columns of a finding; an empty one is None, of remedies ()."""
    cells = part.mapping(tuple(EXPECTED))
    part.need("status").text()
    empty = {"remedies": ()}
    return {
        name: empty.get(name) if cell.content is None else EXPECTED[name](cell)
        for name, cell in cells.items()
    }
