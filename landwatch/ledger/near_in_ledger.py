"""Which new rows may be a contract that the ledger already holds under another key.

A row without a number is kept under a key made of itself: with its area corrected it comes back as
another contract, and the first one stays and is accused too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    held, keys = _by_holder(seen, known)
    if not held:
        return
    here = {seen.key(at) for at in range(len(seen.holders))}
    for at, holder in enumerate(seen.holders):
        if holder in held and seen.key(at) not in keys:
            found = _like(seen.areas[at], seen.days[at], held[holder])
            if other := next((one for one in found if one.key not in here), None):
                told = other.key, other.area, other.day
                yield seen.judged_beside(IssueCode.NEAR_IN_LEDGER, at, *told)


def _by_holder(
    seen: Remembered, known: Iterable[KnownContract]
) -> tuple[dict[int, list[_Held]], set[str]]:
    """Return the ledger's contracts of the file's holders, each holder's by area; and all keys."""
    holders = set(seen.holders) - {0}
    held: dict[int, list[_Held]] = {}
    keys: set[str] = set()
    for one in known:
        keys.add(one.key)
        if one.holder and one.area_m2 and one.signed_on:
            holder = hash(seen.stem(one.holder))
            if holder in holders:
                day = one.signed_on.toordinal()
                held.setdefault(holder, []).append(_Held(float(one.area_m2), day, one.key))
    return {holder: sorted(of_one) for holder, of_one in held.items()}, keys


def _like(area: float, day: int, held: Sequence[_Held]) -> Iterator[_Held]:
    """Yield a holder's contracts of about that area and day."""
    start = bisect_left(held, area / (1 + AREA_WITHIN), key=lambda one: one.area)
    for one in held[start : start + _LOOKED_AT]:
        if one.area > area * (1 + AREA_WITHIN):
            return
        if abs(one.day - day) <= DAYS_WITHIN:
            yield one
