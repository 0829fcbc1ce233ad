"""Which new rows may be a contract that the ledger already holds under another key.

A row without a number is kept under a key made of itself: with its area corrected it comes back as
another contract, and the first one stays and is accused too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from landwatch.ledger.background import KnownContract
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged
from landwatch.ledger.remembered_rows import Remembered

AREA_WITHIN = 0.01
DAYS_WITHIN = 31
_LOOKED_AT = 64


@dataclass(frozen=True, slots=True, order=True)
class _Held:
    """A contract of the ledger by what it is compared with: ordered by its area."""

    area: float
    day: int
    key: str


def near_in_ledger(seen: Remembered, known: Iterable[KnownContract]) -> Iterator[Judged]:
    """Yield each row of a key new to the ledger that is like a contract under another key."""
    some = iter(known)
    if (first := next(some, None)) is None:
        return
    here = {hash(seen.key(at)) for at in range(len(seen.holders))}
    held, told_before = _by_holder(seen, chain([first], some), here)
    for at, holder in enumerate(seen.holders):
        if holder in held and hash(seen.key(at)) not in told_before:
            found = _like(seen.areas[at], seen.days[at], held[holder])
            if other := next(found, None):
                told = other.key, other.area, other.day
                yield seen.judged_beside(IssueCode.NEAR_IN_LEDGER, at, *told)


def _by_holder(
    seen: Remembered, known: Iterable[KnownContract], here: set[int]
) -> tuple[dict[int, list[_Held]], set[int]]:
    """Return what the ledger holds of the file's holders, by area, and which keys it has of them.

    A contract whose key is in the file is told anew there: in the file it is compared.
    """
    holders = set(seen.holders) - {0}
    held: dict[int, list[_Held]] = {}
    told_before: set[int] = set()
    for one in known:
        if hash(one.key) in here:
            told_before.add(hash(one.key))
        elif one.holder and one.area_m2 and one.signed_on:
            holder = hash(seen.stem(one.holder))
            if holder in holders:
                day = one.signed_on.toordinal()
                held.setdefault(holder, []).append(_Held(float(one.area_m2), day, one.key))
    return {holder: sorted(of_one) for holder, of_one in held.items()}, told_before


def _like(area: float, day: int, held: Sequence[_Held]) -> Iterator[_Held]:
    """Yield a holder's contracts of about that area and day."""
    start = bisect_left(held, area / (1 + AREA_WITHIN), key=lambda one: one.area)
    for one in held[start : start + _LOOKED_AT]:
        if one.area > area * (1 + AREA_WITHIN):
            return
        if abs(one.day - day) <= DAYS_WITHIN:
            yield one
