"""Whether a drawing looks shifted like an internet map: a likeness, never a certainty.

What lies across its frame is put back by the public formulas of GCJ-02 and BD-09. Only where one of
them cures nearly all, pushes hardly anything out, and the same distance in three other directions
does not do as well, is it a likeness; and only where the evidence stands in several places, because
one park drawn honestly across a coarse outline would else be accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.readings import Framed
from landwatch.geo.shifts import Shift, unshifted

Numbers: TypeAlias = "NDArray[np.float64]"
Shapes: TypeAlias = "NDArray[np.object_]"

FEWEST = 3
"""Fewer rows than this across their frame prove nothing."""
ACROSS = 0.002
"""The share of a row's area outside its frame from which it lies across."""
FILLS = 0.3
"""A row that fills this share of its frame is drawn along the frame's own line."""
BETTER = 0.8
"""Such a row is cured where less than this share of what lay outside still does."""
NEARLY_ALL, MOST = 0.9, 0.7
CLEARLY = 0.6
"""Where one shift leaves less than this part of what the other leaves, the other is none."""
APART_KM = 3.0
_KM_A_DEGREE = 111.2
_TURNS = (90, 180, 270)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a drawing fares without the shift of an internet map.

    `out` rows lie across their frame as read; `cured` of them no longer do without the shift, and
    `pushed` others then do. `left` is what then still lies outside, as a share of a row on the
    mean. `strong` tells that the evidence is enough to speak of it.
    """

    shift: Shift
    out: int
    cured: int
    pushed: int
    left: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Across:
    """How the rows lie in their frames: the share of each outside; NaN where it names none."""

    shares: Numbers

    @property
    def rows(self) -> NDArray[np.bool_]:
        """Tell which rows lie across their frame, or outside it."""
        rows: NDArray[np.bool_] = self.shares > ACROSS
        return rows


def across(shapes: Shapes, framed: Framed) -> Across:
    """Return what share of each shape lies outside its frame; of a point, 1 or 0."""
    shares = np.full(len(shapes), np.nan)
    for at, frame in enumerate(framed.frames):
        rows = np.flatnonzero(framed.of_row == at)
        if not len(rows):
            continue
        shapely.prepare(frame.shape)
        inside = shapely.contains_properly(frame.shape, shapes[rows])
        shares[rows[inside]] = 0.0
        left = rows[~inside]
        shares[left] = _outside(shapes[left], frame.shape)
    return Across(shares)


def _outside(shapes: Shapes, frame: object) -> Numbers:
    areas = shapely.area(shapes)
    rest = shapely.area(shapely.difference(shapes, frame))
    touching = shapely.intersects(frame, shapes)
    shares: Numbers = np.where(areas > 0, rest / np.where(areas > 0, areas, 1.0), ~touching)
    return shares


def likenesses(shapes: Shapes, framed: Framed, before: Across) -> list[Likeness]:
    """Return how each internet map's shift fares, the likelier first.

    Args:
        shapes: valid shapes in degrees, as they are read.
        framed: where each says that it lies.
        before: how they lie in their frames as read.
    """
    rows = np.flatnonzero(before.rows & _near(shapes, framed))
    if len(rows) < FEWEST:
        return []
    found = [_tried(shapes, framed, before, rows, shift) for shift in Shift]
    told = [one for one in found if one.cured >= MOST * one.out]
    told.sort(key=lambda one: (not one.strong, one.left, one.pushed))
    if len(told) == 2 and told[0].left < CLEARLY * told[1].left:
        return told[:1]
    return told


def _near(shapes: Shapes, framed: Framed) -> NDArray[np.bool_]:
    """Tell which shapes lie near the frame they name: what is far off is no matter of a shift."""
    near: NDArray[np.bool_] = (framed.of_row >= 0) & framed.fits(middles(shapes))
    return near


def middles(shapes: Shapes) -> Numbers:
    """Return the middle of each shape's box; a blank has none."""
    bounds = shapely.bounds(shapes)
    places: Numbers = bounds[:, :2] / 2 + bounds[:, 2:] / 2  # the sum of two may be too large
    return places


def _tried(
    shapes: Shapes, framed: Framed, before: Across, rows: NDArray[np.int64], shift: Shift
) -> Likeness:
    own, *turned = (_fared(shapes, framed, before, rows, way) for way in _ways(shapes, shift))
    cured, pushed, left = own
    fills = _fills(shapes, framed, rows)
    needed = MOST if fills.mean() > 0.5 else NEARLY_ALL
    rivals = max(other[0] - other[1] for other in turned)
    strong = (
        cured >= needed * len(rows)
        and pushed <= 0.1 * cured
        and rivals < 0.7 * (cured - pushed)
        and _apart(shapes, framed, rows, fills)
    )
    return Likeness(shift, len(rows), cured, pushed, left, strong)


def _ways(shapes: Shapes, shift: Shift) -> Iterator[Callable[[Numbers], Numbers]]:
    """Yield the way back from a shift, and ways as long in other directions."""
    yield lambda pairs: unshifted(pairs, shift)
    middle = middles(shapes).mean(axis=0, keepdims=True)
    step = (unshifted(middle, shift) - middle)[0]
    flat = np.cos(np.radians(middle[0, 1]))
    for turn in _TURNS:
        along, up = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        east, north = step[0] * flat, step[1]
        other = np.array([(east * along - north * up) / flat, east * up + north * along])
        yield lambda pairs, other=other: pairs + other  # type: ignore[misc]


def _fared(
    shapes: Shapes,
    framed: Framed,
    before: Across,
    rows: NDArray[np.int64],
    way: Callable[[Numbers], Numbers],
) -> tuple[int, int, float]:
    """Return how many rows a way cures, how many others it pushes across, and what is left."""
    after = across(sound(shapely.transform(shapes, way)), framed)
    fills = _fills(shapes, framed, rows)
    was, left = before.shares[rows], after.shares[rows]
    cured = np.where(fills, left < BETTER * was, left <= ACROSS)
    others = np.ones(len(shapes), np.bool_)
    others[rows] = False
    pushed = others & ~before.rows & after.rows & ~np.isnan(after.shares)
    return int(cured.sum()), int(pushed.sum()), float(left.mean())


def _fills(shapes: Shapes, framed: Framed, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which rows are as large as their frame: then no row lies wholly inside."""
    frames = shapely.area(np.array([frame.shape for frame in framed.frames], dtype=object))
    fills: NDArray[np.bool_] = shapely.area(shapes[rows]) > FILLS * frames[framed.of_row[rows]]
    return fills


def _apart(
    shapes: Shapes, framed: Framed, rows: NDArray[np.int64], fills: NDArray[np.bool_]
) -> bool:
    """Tell whether the rows stand in several places, or their frame is a zone of the ledger.

    A zone's outline is drawn as finely as its parcels; a division's is coarse by some hundred
    metres, so that one park beside it would prove nothing.
    """
    of_zones = [framed.frames[at].code is None for at in framed.of_row[rows]]
    if fills.mean() > 0.5 or all(of_zones):
        return True
    places = middles(shapes[rows])
    cells = np.floor(places * _KM_A_DEGREE / APART_KM)
    return len(np.unique(cells, axis=0)) >= FEWEST


def sound(shapes: Shapes) -> Shapes:
    """Return shapes whose areas can be cut: an invalid one is mended for the comparison only."""
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return shapes
    mended = shapes.copy()
    mended[broken] = shapely.make_valid(shapes[broken], method="structure")
    return mended
