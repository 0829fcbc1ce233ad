"""What the lawbook calls the divisions of industry (GB/T 4754): the short names of a quoted table.

Only the table of the indicators of 2008 names any, those of the edition of 2002. A number of
another edition is another industry: it is named by its own table or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from landwatch.lawbook.shelf import shelf

OF_2002 = "2002"
_NAMED = re.compile(r"(\d{2})([\u4e00-\u9fff]+)\d\.\d")
_EDITION = re.compile(r"(?:GB/T4754)?[-—–]?((?:19|20)\d{2})")


def edition_of(told: str | None) -> str | None:
    """Return the year of an edition of GB/T 4754 as a ledger tells it, None where it is none.

    >>> edition_of("GB/T 4754—2002"), edition_of("2017"), edition_of("旧"), edition_of(None)
    ('2002', '2017', None, None)
    """
    found = _EDITION.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", told or "")))
    return found[1] if found else None


@cache
def division_names() -> Mapping[str, str]:
    """Return the short names of the divisions of GB/T 4754-2002 that the lawbook quotes.

    >>> division_names()["27"], "35" in division_names()
    ('医药', False)
    """
    clause = shelf()["industrial-indicators-2008"].parameters["min_far"].clause
    return dict(_NAMED.findall(clause.quote)) if clause else {}
