"""How much a tile tells: everything, or less where it would grow too large.

What is quiet gives way first and what is grave last. A parcel that is no longer drawn as an area is
counted by a point; a point that stands for several says how many, and how many of them are in
breach, so that no breach is ever left out unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landwatch.language.terms import Gravity
from landwatch.mapping.columns import Integers
from landwatch.mapping.style import CLASSES
from landwatch.mapping.tiles.mvt import EXTENT

MOST_BYTES = 500_000
PIXEL = EXTENT // 256
SMALLEST = 2 * PIXEL
"""The least width of an area: below two pixels of a tile of 256 it is a point."""

_BREACH = np.array([kind.gravity == Gravity.BREACH for kind in CLASSES])
_SPEAKING = np.array(
    [
        kind.gravity
        in (Gravity.BREACH, Gravity.TO_VERIFY, Gravity.DUE_SOON, Gravity.EXEMPT, Gravity.UNKNOWN)
        for kind in CLASSES
    ]
)


@dataclass(frozen=True, slots=True)
class Level:
    """How much a tile tells.

    Attributes:
        quiet: the least width of an area that nobody has to look at, in steps of the tile.
        speaking: the same of one that somebody has to look at.
        breach: the same of one in breach.
        cells: how many cells a tile has across; the points in one cell become one.
        named: whether numbers and holders are told of the quiet, the speaking, those in breach.
    """

    quiet: float
    speaking: float
    breach: float
    cells: int
    named: tuple[bool, bool, bool]


_NEVER = float("inf")
LEVELS = (
    Level(SMALLEST, SMALLEST, SMALLEST, 128, (True, True, True)),
    Level(SMALLEST, SMALLEST, SMALLEST, 128, (False, True, True)),
    Level(SMALLEST, SMALLEST, SMALLEST, 128, (False, False, True)),
    Level(8 * PIXEL, SMALLEST, SMALLEST, 128, (False, False, False)),
    Level(_NEVER, 8 * PIXEL, SMALLEST, 64, (False, False, False)),
    Level(_NEVER, _NEVER, 8 * PIXEL, 64, (False, False, False)),
    Level(_NEVER, _NEVER, _NEVER, 32, (False, False, False)),
)
"""From everything to points alone; the last is small enough whatever it is about."""


def least_width(grave: Integers, level: Level) -> NDArray[np.float64]:
    """Return how wide each parcel must be, at least, to be drawn as an area."""
    widths: NDArray[np.float64] = np.where(
        _BREACH[grave], level.breach, np.where(_SPEAKING[grave], level.speaking, level.quiet)
    )
    return widths


def named(grave: Integers, level: Level) -> NDArray[np.bool_]:
    """Tell of which parcels numbers and holders are told."""
    quiet, speaking, breach = level.named
    told: NDArray[np.bool_] = np.where(
        _BREACH[grave], breach, np.where(_SPEAKING[grave], speaking, quiet)
    )
    return told


def is_breach(grave: Integers) -> NDArray[np.bool_]:
    """Tell which classes are suspected breaches, by law or by a draft."""
    breaches: NDArray[np.bool_] = _BREACH[grave]
    return breaches
