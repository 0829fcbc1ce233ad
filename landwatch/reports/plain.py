"""Values of findings as text that every program reads alike, and that no spreadsheet runs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def number(value: Decimal | float | int) -> str:
    """Return a number without exponent, binary noise or trailing zeros; blank for no number.

    >>> number(Decimal("1E+3")), number(0.1 + 0.2), number(Decimal("12.50")), number(-0.0)
    ('1000', '0.3', '12.5', '0')
    """
    if not math.isfinite(value):
        return ""
    exact = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def places(value: Decimal | float | int, limit: Decimal | float | int | None = None) -> int:
    """Return how many decimals a figure shows: two, four below one, never zeros at the end.

    A figure that would then read like the limit it misses keeps what tells them apart.

    >>> places(Decimal("23.333333")), places(0.333333), places(Decimal("12.50")), places(150)
    (2, 4, 1, 0)
    >>> places(Decimal("149.999999"), 150), places(150, Decimal("149.999999"))
    (6, 0)
    """
    exact = _decimals(value)
    most = 4 if -1 < value < 1 else 2
    other = "" if limit is None else number(limit)
    while most < exact and number(value) != other and _reads_alike(value, limit, most):
        most += 1
    return min(most, exact)


def _decimals(value: Decimal | float | int) -> int:
    return len(number(value).partition(".")[2])


def _reads_alike(
    value: Decimal | float | int, limit: Decimal | float | int | None, most: int
) -> bool:
    if limit is None or not number(limit) or not number(value):
        return False
    return round(Decimal(number(value)), most) == round(Decimal(number(limit)), most)


def text(value: object) -> str:
    """Return a value as the cell of a table: ISO dates, true/false, lists joined by `;`.

    >>> text(["reclaim", "urge"]), text(date(2021, 6, 30)), text(True), text(None)
    ('reclaim;urge', '2021-06-30', 'true', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return number(value)
        case date() | datetime():
            return value.isoformat()
        case [*parts] if not any(isinstance(part, Mapping) for part in parts):
            return ";".join(text(part) for part in parts)
        case Mapping() | list() | tuple():
            return as_json(value)
        case _:
            return str(value)


def unrunnable(value: object) -> str:
    """Return the cell of a CSV as a spreadsheet shows it and never runs it.

    Text that begins (after blanks) with `= + - @`, their full-width twins, a tab or a line break
    gets an apostrophe before it, as OWASP advises. Numbers are numbers, `-1.5` stays as it is.

    >>> unrunnable("=HYPERLINK(1)"), unrunnable(Decimal("-1.5")), unrunnable(" @x")
    ("'=HYPERLINK(1)", '-1.5', "' @x")
    """
    cell = text(value)
    if isinstance(value, int | float | Decimal | date) or not cell:
        return cell
    return f"'{cell}" if may_run(cell) else cell


def may_run(cell: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula."""
    return cell.startswith(_RUNS) or cell.lstrip().startswith(_RUNS)


_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_SIGNS = re.compile("[\ufffe\uffff]")


def bookable(text: str) -> str:
    r"""Return a text as XLSX keeps it: `_x0041_` would be read as an A, and U+FFFF as damage.

    >>> bookable("_x0041_"), bookable("a\uffff"), bookable("_x_")
    ('_x005F_x0041_', 'a', '_x_')
    """
    return _ESCAPED.sub("_x005F_", _NO_SIGNS.sub("", text))


def guarded(text: str, *, runs: bool = False) -> str:
    """Return a text with one apostrophe more, if a reader of the ledger would take one off.

    It takes one off before what begins like a formula; `runs` puts one there where the format is
    opened by spreadsheets as it is (CSV).

    >>> guarded("=1", runs=True), guarded("=1"), guarded("'-3"), guarded("'甲'")
    ("'=1", '=1', "''-3", "'甲'")
    """
    bare = text.lstrip("'")
    begins = bare.startswith(_RUNS) and (runs or len(bare) < len(text))
    return f"'{text}" if begins else text


def as_json(value: object) -> str:
    """Return a value as JSON; numbers stay exact and plain, no number is null.

    >>> as_json({"价": Decimal("1E+3"), "on": date(2021, 6, 30), "to": [None, 0.1 + 0.2]})
    '{"价":1000,"on":"2021-06-30","to":[null,0.3]}'
    """
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float() | Decimal():
            return number(value) or "null"
        case date() | datetime():
            return f'"{value.isoformat()}"'
        case Mapping():
            pairs = (f"{as_json(str(name))}:{as_json(part)}" for name, part in value.items())
            return "{" + ",".join(pairs) + "}"
        case list() | tuple():
            return "[" + ",".join(as_json(part) for part in value) + "]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)
