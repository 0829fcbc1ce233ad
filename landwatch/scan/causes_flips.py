"""Which of knowledge, day and law moved an outcome, by trying each of them alone.

They are moved in that order, from the first scan's to the second's. The step at which the outcome
becomes what it is now is a cause; so is whatever the outcome would not be this way without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landwatch.scan.causes_worlds import EVERYTHING, Factor, Moved, Worlds, gravity_in
from landwatch.scan.reading import Subject

Row = Mapping[str, Any]
_FIGURES = ("status", "to_verify", "reason", "measured", "threshold", "clock_from", "limit_on",
            "remedies", "zone_id", "amount_wan", "adopted")  # fmt: skip
NOTHING: Moved = frozenset()


@dataclass(frozen=True, slots=True)
class Flip:
    """A factor that moved the outcome, and the two worlds that differ in nothing else."""

    factor: Factor
    before: Moved
    after: Moved


@dataclass(frozen=True, slots=True)
class Flips:
    """What moved an outcome; `first_off` where the first scan cannot be repeated, or the second."""

    flips: tuple[Flip, ...]
    first_off: bool
    second_off: bool


def flips_of(
    worlds: Worlds, rule: str, policy_id: str, subject: Subject, kept: Sequence[Row | None]
) -> Flips:
    """Return what moved one outcome; `kept` is how the two scans have it."""

    def outcome(moved: Moved) -> Row | None:
        return worlds.row(moved, rule, policy_id, subject)

    standing = gravity_in(kept[0]) != gravity_in(kept[1])
    differs = _stands_otherwise if standing else _reads_otherwise
    factors = worlds.factors(policy_id)
    first_off = differs(kept[0], outcome(NOTHING))
    second_off = differs(outcome(EVERYTHING), kept[1])
    return Flips(tuple(_moving(factors, outcome, differs)), first_off, second_off)


def _moving(
    factors: Sequence[Factor],
    outcome: Callable[[Moved], Row | None],
    differs: Callable[[Row | None, Row | None], bool],
) -> list[Flip]:
    path = [frozenset(factors[:count]) for count in range(len(factors) + 1)]
    last: Factor | None = None
    for at, factor in enumerate(factors):
        if differs(outcome(path[at]), outcome(path[at + 1])):
            last = factor
    found = []
    for at, factor in enumerate(factors):
        without = frozenset(factors) - {factor}
        stepped = differs(outcome(path[at]), outcome(path[at + 1]))
        if factor is last or (stepped and differs(outcome(without), outcome(path[-1]))):
            found.append(Flip(factor, path[at], path[at + 1]))
        elif differs(outcome(without), outcome(path[-1])):
            found.append(Flip(factor, without, path[-1]))
    return found


def _stands_otherwise(one: Row | None, other: Row | None) -> bool:
    return gravity_in(one) != gravity_in(other)


def _reads_otherwise(one: Row | None, other: Row | None) -> bool:
    if one is None or other is None:
        return one is not other
    return any(one.get(name) != other.get(name) for name in _FIGURES)
