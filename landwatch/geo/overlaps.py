"""Which outlines lie over each other, by how much, and whether that is more than a drawing error.

Neighbours share a border that no two hands draw alike, so nearly every pair of a real file overlaps
in a strip of centimetres. Those slivers are told apart from land that two parcels claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from landwatch.geo.areas import (
    Numbers,
    Shapes,
    are_slivers,
    areas_m2,
    mean_widths_m,
    polygons_of,
    summed,
)
from landwatch.geo.threads import in_order

Places: TypeAlias = "NDArray[np.intp]"
Box: TypeAlias = tuple[float, float, float, float]

SAME_SHARE = 0.999
"""Two outlines are the same land from this share of the larger one on: redrawn, not divided."""
ROUNDING_M = 0.01
"""Strips below a centimetre are the last digits of surveyed coordinates: no overlap."""
_GRID_DEGREES = 1e-10
_IN_A_CELL = 4096
_AT_ONCE = 512
_PAIRS_EACH = 60
_PAIRS_ANYWAY = 1_000_000
"""Pairs of boxes looked at: so many for each outline, and so many in any case. A real file has six
neighbours each; one that lays everything over everything would take days.
"""
_NOWHERE: Box = (-np.inf, -np.inf, np.inf, np.inf)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two outlines that share land, by their places; `first` is the lower place.

    `share` is the part of the smaller outline that both claim. A `sliver` is a strip along a border
    (see `landwatch.geo.areas.slivers`); its area is that of the strips, otherwise they are left
    out. `same` are two outlines of the same land.
    """

    first: int
    second: int
    area_m2: float
    share: float
    sliver: bool = False
    same: bool = False


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs to be held against each other, by their places among `shapes`; `within` names those.

    The shapes are not prepared, for several threads may ask them at a time.
    """

    shapes: Shapes
    within: Places
    left: Places
    right: Places


class OverlapSearch:
    """Finds every overlap of many outlines, a part of the land at a time.

    Only the boxes are held in memory; `shapes` brings the outlines of some places when they are
    needed. After the search `untried` tells how many outlines were not held against all others.
    """

    def __init__(
        self,
        boxes: Numbers,
        shapes: Callable[[Places], Shapes],
        asked: NDArray[np.bool_] | None = None,
    ) -> None:
        """Prepare the search.

        Args:
            boxes: west, south, east, north of each outline; not a number where there is none.
            shapes: brings the valid outlines of some places.
            asked: one of a pair must be asked for; None asks for all.
        """
        self.untried = 0
        self._boxes, self._shapes = boxes, shapes
        self._asked = np.ones(len(boxes), dtype=bool) if asked is None else asked
        self._pairs_left = _PAIRS_EACH * len(boxes) + _PAIRS_ANYWAY

    def __iter__(self) -> Iterator[Overlap]:
        """Yield every overlap once; the order is that of the land, not of the places."""
        for some in in_order(_overlaps, self._pairs()):
            yield from some

    def _pairs(self) -> Iterator[_Pairs]:
        """Yield the pairs whose boxes meet, cell by cell; shapes are brought by one thread only."""
        there = np.flatnonzero(np.isfinite(self._boxes).all(axis=1))
        for cell, within in cells(self._boxes, there):
            if self._asked[within].any():
                yield from self._in_cell(cell, within)

    def _in_cell(self, cell: Box, within: Places) -> Iterator[_Pairs]:
        shapes = self._shapes(within)
        tree = shapely.STRtree(shapes)
        for start in range(0, len(within), _AT_ONCE):
            if self._pairs_left < 0:
                self.untried += len(within) - start
                return
            some = np.arange(start, min(start + _AT_ONCE, len(within)))
            left, right = tree.query(shapes[some])
            self._pairs_left -= len(left)
            left = some[left]
            mine = (left < right) & self._belongs(cell, within[left], within[right])
            mine &= self._asked[within[left]] | self._asked[within[right]]
            yield _Pairs(shapes, within, left[mine], right[mine])

    def _belongs(self, cell: Box, left: Places, right: Places) -> NDArray[np.bool_]:
        """Tell which pairs are this cell's: one corner of what their boxes share lies in it."""
        west = np.maximum(self._boxes[left, 0], self._boxes[right, 0])
        south = np.maximum(self._boxes[left, 1], self._boxes[right, 1])
        inside: NDArray[np.bool_] = (
            (west >= cell[0]) & (west < cell[2]) & (south >= cell[1]) & (south < cell[3])
        )
        return inside


def overlaps(shapes: Shapes) -> list[Overlap]:
    """Return every overlap of valid outlines in memory, None among them left out."""
    search = OverlapSearch(shapely.bounds(shapes), lambda places: shapes[places])
    return sorted(search, key=lambda one: (one.first, one.second))


def cells(boxes: Numbers, there: Places) -> Iterator[tuple[Box, Places]]:
    """Cut the land into cells of a few thousand outlines; one that lies over a cut is in both."""
    todo: list[tuple[Box, Places]] = [(_NOWHERE, there)]
    while todo:
        cell, within = todo.pop()
        knife = _knife(boxes, within) if len(within) > _IN_A_CELL else None
        if knife is None:
            if len(within):
                yield cell, within
            continue
        axis, at = knife
        low, high = boxes[within, axis] < at, boxes[within, axis + 2] >= at
        before = (cell[0], cell[1], at, cell[3]) if axis == 0 else (cell[0], cell[1], cell[2], at)
        after = (at, cell[1], cell[2], cell[3]) if axis == 0 else (cell[0], at, cell[2], cell[3])
        todo += [(after, within[high]), (before, within[low])]


def _knife(boxes: Numbers, within: Places) -> tuple[int, float] | None:
    """Return the axis and place of a cut that parts the outlines, None where none does."""
    mine = boxes[within]
    spread = mine[:, 2:].max(axis=0) - mine[:, :2].min(axis=0)
    for axis in np.argsort(-spread).tolist():
        at = float(np.median(mine[:, axis]))
        sides = (mine[:, axis] < at).sum(), (mine[:, axis + 2] >= at).sum()
        if max(sides) < 0.9 * len(within):
            return axis, at
    return None


def cut(way: Callable[..., Shapes], left: Shapes, right: Shapes | BaseGeometry) -> Shapes:
    """Return what an overlay of valid outlines gives; rounded to 0.01 mm where digits fail it."""
    try:
        return way(left, right)
    except GEOSException:
        return way(left, right, grid_size=_GRID_DEGREES)


def _overlaps(pairs: _Pairs) -> list[Overlap]:
    """Return the pairs that share land, or a strip of it wider than a rounding."""
    shapes, left, right = pairs.shapes, pairs.left, pairs.right
    over = shapely.relate_pattern(shapes[left], shapes[right], "T********")
    left, right = left[over], right[over]
    if not len(left):
        return []
    strips, land = _shared_m2(cut(shapely.intersection, shapes[left], shapes[right]))
    sizes = np.column_stack([areas_m2(shapes[left]), areas_m2(shapes[right])])
    small, large = sizes.min(axis=1), sizes.max(axis=1)
    found: list[Overlap] = []
    for at in np.flatnonzero(strips).tolist():
        first, second = sorted((int(pairs.within[left[at]]), int(pairs.within[right[at]])))
        sliver = bool(land[at] == 0)
        area = float(strips[at] if sliver else land[at])
        share = min(area / float(small[at]), 1.0) if small[at] > 0 else 1.0
        same = not sliver and area >= SAME_SHARE * float(large[at])
        found.append(Overlap(first, second, area, share, sliver, same))
    return found


def _shared_m2(shared: Shapes) -> tuple[Numbers, Numbers]:
    """Return the area of what each pair shares, roundings left out; and without slivers too."""
    parts, of = polygons_of(shared)
    each = areas_m2(parts)
    widths = mean_widths_m(parts, each)
    each[widths < ROUNDING_M] = 0.0
    land = np.where(are_slivers(each, widths), 0.0, each)
    return summed(each, of, len(shared)), summed(land, of, len(shared))
