"""Which rows may be one contract told twice: under another number, or in other words.

A contract that stands twice is accused twice. Which of the two is right nobody but a person can
say, so both are kept, and the remark names both. Of each row only numbers are remembered.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from landwatch.language.records import Record, Value
from landwatch.ledger.background import NOTHING_KNOWN, Background
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged
from landwatch.ledger.near_in_ledger import AREA_WITHIN, DAYS_WITHIN, near_in_ledger
from landwatch.ledger.remembered_rows import Remembered

_LOOKED_AT = 64
"""How many of a holder's contracts of about one area each is held against: bounded for anyone who
holds a hundred thousand of one size."""
_UNCOMPARED = frozenset(("contract_id", "supervision_no", "contract_no", "geometry"))
_MOST_DIVISIONS = 10_000
_ENOUGH_TOLD = 4
"""Of what tells a contract apart: nine parcels of one bureau, 100 m² each, are not one."""
_TELLING = frozenset(
    (
        *("holder", "project_name", "location", "parcel_id"),
        *("signed_on", "area_m2", "price_wan"),
    )
)


class RepetitionJudge:
    """Finds contracts that stand in a file twice under different keys."""

    def __init__(self, background: Background = NOTHING_KNOWN) -> None:
        """Begin with no row seen; `background` tells the contracts that the ledger holds."""
        self._seen, self._background = Remembered(), background
        self._divisions: set[str] = set()

    def see(self, record: Record) -> Iterable[Judged]:
        """Keep the marks of a contract: sixty bytes and its key."""
        told = record.values
        holder, area, day = told.get("holder"), told.get("area_m2"), told.get("signed_on")
        stem = self._seen.stem(holder) if isinstance(holder, str) else ""
        if (division := told.get("division")) and len(self._divisions) < _MOST_DIVISIONS:
            self._divisions.add(str(division))
        whole = stem and isinstance(area, Decimal) and isinstance(day, date)
        self._seen.add(
            record,
            _content(told),
            hash(stem) if whole else 0,
            float(area) if isinstance(area, Decimal) else 0.0,
            day.toordinal() if isinstance(day, date) else 0,
        )
        return ()

    def conclude(self) -> Iterator[Judged]:
        """Yield, at the later row of each pair, that it may be the contract of the earlier."""
        seen = self._seen
        same = [(IssueCode.SAME_CONTENT, *pair) for pair in _same_content(seen)]
        near = [(IssueCode.NEAR_DUPLICATE, *pair) for pair in _near(seen)]
        for code, before, at in sorted([*same, *near], key=lambda pair: (pair[2], pair[1])):
            yield seen.judged(code, before, at)
        if self._divisions:
            yield from near_in_ledger(seen, self._background.contracts(self._divisions))


def _content(told: Mapping[str, Value]) -> int:
    """Return a mark of what a row tells beside its numbers; 0 where that is too little."""
    if len(_TELLING & told.keys()) < _ENOUGH_TOLD:
        return 0
    return hash(frozenset((name, told[name]) for name in told if name not in _UNCOMPARED))


def _groups(marks: array[int]) -> Iterator[list[int]]:
    """Yield the rows that bear the same mark, more than one of each; 0 marks none."""
    import numpy as np

    held = np.array(marks, np.int64)
    order = np.argsort(held, kind="stable")
    begins = np.flatnonzero(np.diff(held[order], prepend=0)).tolist()
    for begin, end in pairwise([*begins, held.size]):
        if end - begin > 1 and held[order[begin]]:
            yield order[begin:end].tolist()


def _same_content(seen: Remembered) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows of the same content, each key with the first of all in its order."""
    for group in _groups(seen.contents):
        first_of = {seen.key(at): at for at in reversed(group)}
        one, *others = sorted(first_of)
        for other in others:
            yield _in_order(first_of[one], first_of[other])


def _near(seen: Remembered) -> Iterator[tuple[int, int]]:
    """Yield pairs of a holder's rows of about one area and day, each row with the next like it."""
    for group in _groups(seen.holders):
        if not _may_be_near(seen, group):
            continue
        first_of = {(seen.key(at), seen.contents[at]): at for at in reversed(group)}
        rows = sorted(
            first_of.values(), key=lambda at: (seen.areas[at], seen.days[at], seen.key(at))
        )
        for place, at in enumerate(rows):
            for other in rows[place + 1 : place + 1 + _LOOKED_AT]:
                if seen.areas[other] > seen.areas[at] * (1 + AREA_WITHIN):
                    break
                if _are_near(seen, at, other):
                    yield _in_order(at, other)
                    break


def _may_be_near(seen: Remembered, group: Sequence[int]) -> bool:
    """Tell whether two of a holder's contracts have about one area: most holders have none."""
    areas = sorted(seen.areas[at] for at in group)
    return any(then <= first * (1 + AREA_WITHIN) for first, then in pairwise(areas))


def _are_near(seen: Remembered, at: int, other: int) -> bool:
    same = seen.contents[at] and seen.contents[at] == seen.contents[other]
    close = abs(seen.days[at] - seen.days[other]) <= DAYS_WITHIN
    return close and not same and seen.key(at) != seen.key(other)


def _in_order(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
