"""What a contract's land is for: its land use and its industry, as the page filters by them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from landwatch.mapping.columns import Column, Integers, text_column

_DIVISION = re.compile("[A-Za-z]?([0-9]{2})[0-9]*")


def industry_of(code: str | None) -> str | None:
    """Return the division (two figures) of an industry's code; what is no code stays as told.

    >>> industry_of("C3511"), industry_of("35"), industry_of("通用设备"), industry_of(None)
    ('35', '35', '通用设备', None)
    """
    told = (code or "").strip()
    found = _DIVISION.fullmatch(told)
    return found[1] if found else (told or None)


def uses_of(contracts: Sequence[Mapping[str, Any]]) -> dict[str, list[str | None]]:
    """Return land use and industry of each contract, as columns of the page's contracts."""
    return {
        "land_use": [(row["land_use"] or "").strip() or None for row in contracts],
        "industry": [industry_of(row["industry_code"]) for row in contracts],
    }


def use_columns(contracts: Mapping[str, Sequence[Any]], order: Integers) -> list[Column]:
    """Pack what the land is for; a page that was not told of it has no such columns."""
    return [
        text_column(f"contract_{name}", [contracts[name][row] for row in order.tolist()])
        for name in ("land_use", "industry")
        if name in contracts
    ]
