"""How a finding was worked out, as a card tells it: its sums in lines, its facts with places."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.terms import Status
from landwatch.scan.account import Account
from landwatch.scan.arithmetic import arithmetic
from landwatch.scan.explain import calendar
from landwatch.scan.findings import Places, plain
from landwatch.scan.sources import Told
from landwatch.store import ScanSummary

COLUMNS = ("sums", "facts_used")
_REMEMBERED = 10_000
MOST_FINDINGS = 300_000
"""Sums and facts cost a finding 60 bytes of the page and double its time to be told."""

Line = tuple[str, ...]
"""A line of a sum, in each language."""


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that decided: what was told, when it was seen by whom, and in which row it stands."""

    name: str
    value: str
    on: date | None
    source: str | None
    file: str | None
    sheet: str | None
    row: int | None


def few(scan: ScanSummary, statuses: Collection[str]) -> bool:
    """Tell whether the findings of some statuses are few enough to tell how each came about."""
    counts = (rule.items() for rule in scan.counts.values())
    return sum(n for rule in counts for status, n in rule if status in statuses) <= MOST_FINDINGS


class Reasoning:
    """Tells of each finding how it was worked out; what several findings say is kept once."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[Any, Any] = {}

    def __call__(
        self, taken: Account | None, told: Sequence[Told], places: Places
    ) -> Mapping[str, tuple[Line, ...] | tuple[FactUsed, ...]]:
        """Return the sums of a finding line by line, and the facts behind it."""
        lines = [] if taken is None else [_sums(taken, lang) for lang in LANGUAGES]
        return {
            "sums": tuple(map(self._once, zip(*lines, strict=True))),
            "facts_used": tuple(self._once(_used(one, places)) for one in told),
        }

    def _once(self, one: Any) -> Any:
        """Return the same as was told before: the findings of a contract come one after another."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        return self._known.setdefault(one, one)


def _sums(taken: Account, lang: str) -> list[str]:
    """Return what was worked out from what; what the finding's own sentence says is left out."""
    lines = []
    if taken.status is not Status.NOT_APPLICABLE:
        same_day = taken.known["clock_from"] == taken.known["limit_on"]
        lines = calendar(taken, lang)[: 1 if same_day else -1]
    sums = arithmetic(taken, lang)
    if None not in (taken.measured, taken.threshold, taken.rule.unit):
        sums = sums[:-1]  # the figure and its limit stand beside each other on the card
    none = say("explain.no_arithmetic", lang)
    return [*lines, *(line for line in sums if line != none)]


def _used(told: Told, places: Places) -> FactUsed:
    place = places.get((told.kind, told.record_id))
    value = plain(told.value)
    return FactUsed(
        f"{told.kind}.{told.name}",
        value if isinstance(value, str) else _as_text(value),
        told.on,
        told.source,
        place.file_name if place else None,
        place.sheet if place else None,
        place.row if place else None,
    )


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
