"""Whether a ledger is the demo's: what is made of it says so, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterable

ID_MARK, NAME_MARK = "-DEMO", "（演示）"


def is_made_up(parks: Iterable[tuple[str | None, str | None]]) -> bool:
    """Tell whether all parks of a ledger, by number and name, are the demo's.

    One park of somebody's own and the ledger is not said to be made up: that would be worse.

    >>> is_made_up([("LZ-DEMO", "金城沙枣产业园（演示）")]), is_made_up([])
    (True, False)
    >>> is_made_up([("LZ-DEMO", "金城沙枣产业园（演示）"), ("LZ-2", "东园")])
    False
    """
    told = list(parks)
    marked = (ID_MARK in (number or "") and NAME_MARK in (name or "") for number, name in told)
    return bool(told) and all(marked)
