"""Which names a policy may give its parameters and definitions: none that means something already.

An engine cannot tell `Floor` from `floor`, and Python reads `ｆｌｏｏｒ` as `floor`: two such names
would be one number in a finding and another in its explanation, so neither is taken twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from keyword import iskeyword

from landwatch.lawbook.policy import About
from landwatch.lawbook.source import Part
from landwatch.lawbook.vocabulary import progress_columns, scope_of_facts

NAME = re.compile(r"[^\W\d]\w*")
OF_THE_ENGINE = (
    "adopted", "amount_wan", "branch", "clock_from", "contract_id", "days_past", "effective_from",
    "evidence_days", "found_amount_wan", "found_measured", "found_reason", "found_status",
    "found_threshold", "limit_on", "measured", "parcel_id", "reason", "remedies", "status",
    "threshold", "to_verify", "unread", "unreadable", "warn_days", "zone_adcode", "zone_id",
    "zones_open",
)  # fmt: skip
"""What a finding and the work towards it are made of (`scan.evaluate`; a test holds the two)."""


def folded(name: str) -> str:
    """Return a name as it is held against others: capitals do not count.

    >>> folded("Min_Intensity")
    'min_intensity'
    """
    return unicodedata.normalize("NFKC", name).casefold()


@cache
def reserved() -> frozenset[str]:
    """Return the names of the facts, in both languages, and those of the engine, folded."""
    names = {*OF_THE_ENGINE, *(f"{column.name}_seen_on" for column in progress_columns())}
    for about in About:
        facts = scope_of_facts(about)
        names |= {*facts.meanings, *facts.aliases}
    return frozenset(map(folded, names))


def refuse_unless_free(part: Part, name: str, taken: Collection[str]) -> None:
    """Refuse a name that is none, that is reserved, or whose folded form is `taken`.

    Raises:
        LawbookError: which name, and where it stands.
    """
    plain = unicodedata.normalize("NFKC", name) == name and not iskeyword(name)
    if not (plain and NAME.fullmatch(name)):
        raise part.refused("policy.bad_name", name=name[:40])
    if folded(name) in reserved() or folded(name) in taken:
        raise part.refused("policy.name_taken", name=name[:40])
