"""Where the labels of a map stand so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.picture_paper import Box

_AROUND = np.radians([45, 135, 315, 225, 0, 180, 90, 270, 22, 158, 338, 202])
_RINGS_MM = (1.2, 3.0, 5.5, 9.0, 13.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants to stand at a place; `room_mm` is the free circle around it."""

    x: float
    y: float
    width: float
    height: float
    room_mm: float = 0.0
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Put:
    """Where a label stands; a line leads to its place where it stands off it."""

    box: Box
    led: bool


def put_labels(
    wishes: Sequence[Wish],
    within: Box,
    taken: Sequence[Box] = (),
    spared: NDArray[np.object_] | None = None,
) -> list[Put | None]:
    """Return where each label stands, the first wishes first; None where no place is left.

    Args:
        wishes: the labels, the ones that matter most first.
        within: the box that none leaves.
        taken: boxes that nothing may cover.
        spared: shapes that are rather not covered by a label that does not belong to them.
    """
    used = list(taken)
    tree = None if spared is None or not len(spared) else shapely.STRtree(spared)
    found: list[Put | None] = []
    for wish in wishes:
        put = _put(wish, within, used, tree)
        found.append(put)
        if put is not None:
            used.append(put.box)
    return found


def _put(
    wish: Wish, within: Box, used: Sequence[Box], tree: shapely.STRtree | None
) -> Put | None:  # fmt: skip
    """Return the free place that covers the least; on the spot itself where there is room."""
    half = float(np.hypot(wish.width, wish.height)) / 2
    centred = Box(wish.x - wish.width / 2, wish.y - wish.height / 2, wish.width, wish.height)
    if wish.inside and wish.room_mm >= half * 0.9 and _free(centred, within, used):
        return Put(centred, led=False)
    best: tuple[int, Box] | None = None
    for distance in _RINGS_MM:
        for angle in _AROUND:
            box = _beside(wish, distance + wish.room_mm, float(angle))
            if not _free(box, within, used):
                continue
            covered = 0 if tree is None else len(tree.query(_shape(box), predicate="intersects"))
            if not covered:
                return Put(box, led=True)
            if best is None or covered < best[0]:
                best = covered, box
    return Put(best[1], led=True) if best is not None else None


def _beside(wish: Wish, distance: float, angle: float) -> Box:
    """Return the box that begins at a distance from the place, in a direction."""
    east, north = float(np.cos(angle)), float(np.sin(angle))
    x = wish.x + east * distance + (np.sign(round(east, 6)) - 1) * wish.width / 2
    y = wish.y + north * distance + (np.sign(round(north, 6)) - 1) * wish.height / 2
    return Box(float(x), float(y), wish.width, wish.height)


def _free(box: Box, within: Box, used: Sequence[Box]) -> bool:
    return box.inside(within) and not any(box.meets(other) for other in used)


def _shape(box: Box) -> shapely.Polygon:
    return shapely.box(box.left, box.bottom, box.right, box.top)
