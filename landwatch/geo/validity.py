"""What is wrong with an outline that bounds no area, where, and how it may be repaired.

An invalid outline has no certain inside: two programs colour it differently. So it is never mended
unasked, and a repair that would change the area is not made at all but told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from landwatch.geo.areas import Numbers, Shapes, area_m2, areas_m2, polygons_of

REPAIR_CHANGES_AT_MOST = 0.005
"""The share of its area that a repair may change (0.5 %): that from which a drawn area is doubted
against the certificate's, so that no repair makes such a doubt or takes one away.
"""


class FlawKind(StrEnum):
    """The kind of an outline's flaw; its words are `ledger.flaw.<kind>`."""

    SELF_INTERSECTION = "self_intersection"
    SPIKE = "spike"
    RING_TOUCHES_ITSELF = "ring_touches_itself"
    RINGS_CROSS = "rings_cross"
    HOLE_OUTSIDE = "hole_outside"
    HOLES_NESTED = "holes_nested"
    PARTS_OVERLAP = "parts_overlap"
    PARTS_NESTED = "parts_nested"
    INTERIOR_SPLIT = "interior_split"
    RING_TWICE = "ring_twice"
    TOO_FEW_POINTS = "too_few_points"
    NO_NUMBER = "no_number"
    OTHER = "other"


_BY_REASON = {
    "Self-intersection": FlawKind.SELF_INTERSECTION,
    "Ring Self-intersection": FlawKind.RING_TOUCHES_ITSELF,
    "Hole lies outside shell": FlawKind.HOLE_OUTSIDE,
    "Holes are nested": FlawKind.HOLES_NESTED,
    "Nested holes": FlawKind.HOLES_NESTED,
    "Nested shells": FlawKind.PARTS_NESTED,
    "Interior is disconnected": FlawKind.INTERIOR_SPLIT,
    "Duplicate Rings": FlawKind.RING_TWICE,
    "Too few points in geometry component": FlawKind.TOO_FEW_POINTS,
    "Invalid Coordinate": FlawKind.NO_NUMBER,
}
_LOOKED_INTO = (FlawKind.SELF_INTERSECTION, FlawKind.RING_TOUCHES_ITSELF)
_REASON = re.compile(r"(?P<what>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+?)\])?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What makes an outline invalid, and at which place of its own coordinates; None: not told."""

    kind: FlawKind
    x: float | None = None
    y: float | None = None

    @property
    def key(self) -> str:
        """Return the key of its words."""
        return f"ledger.flaw.{self.kind.value}"

    @property
    def told(self) -> dict[str, object]:
        """Return what fills a sentence about it."""
        return {"flaw": self.key, "place": self.place}

    @property
    def place(self) -> str:
        """Return where it is, as a GIS takes coordinates.

        >>> Flaw(FlawKind.SPIKE, 103.81234567, 36.2).place
        '103.8123457, 36.2000000'
        """
        if self.x is None or self.y is None:
            return "—"
        places = 7 if max(abs(self.x), abs(self.y)) <= 180 else 3
        return f"{self.x:.{places}f}, {self.y:.{places}f}"


@dataclass(frozen=True, slots=True)
class Repair:
    """An outline mended: its area as drawn and after, and whether that may be taken as the same."""

    area: MultiPolygon
    before_m2: float
    after_m2: float

    @property
    def changed_share(self) -> float:
        """Return by which share the area changed; 1 where nothing can be compared."""
        if self.before_m2 <= 0:
            return 1.0
        return abs(self.after_m2 - self.before_m2) / self.before_m2

    @property
    def keeps_the_area(self) -> bool:
        """Tell whether the mended outline is as large as the drawn one, within 0.5 %."""
        return self.after_m2 > 0 and self.changed_share <= REPAIR_CHANGES_AT_MOST


def flaw_of(area: Polygon | MultiPolygon) -> Flaw | None:
    """Return what makes an outline invalid and where, None of a valid one."""
    if area.is_valid:
        return None
    found = _REASON.match(shapely.is_valid_reason(area))
    what, x, y = (found["what"], found["x"], found["y"]) if found else ("", None, None)
    kind = _BY_REASON.get(what.strip(), FlawKind.OTHER)
    flaw = Flaw(kind, None if x is None else float(x), None if y is None else float(y))
    return _looked_into(area, flaw) if kind in _LOOKED_INTO else flaw


def repaired(area: MultiPolygon) -> Repair:
    """Return an invalid outline mended, areas only: what is drawn outside a shell is a part."""
    try:
        with np.errstate(all="ignore"):  # a corner may be as far off as a number goes
            mended = shapely.make_valid(area, method="structure", keep_collapsed=False)
    except shapely.errors.GEOSException:  # so torn that nothing can be made of it
        mended = MultiPolygon()
    polygons, _ = polygons_of(np.array([mended], dtype=object))
    whole = MultiPolygon(list(polygons))
    return Repair(whole, drawn_m2(area), area_m2(whole))


def drawn_m2(area: Polygon | MultiPolygon) -> float:
    """Return the area of an outline as its rings say: the sum of all, each by its direction.

    So a part that a writer put among the holes counts as land, for it turns as its shell does, and
    a loop drawn over against the rest as none. A hole within its shell is none, however it turns.

    >>> round(drawn_m2(shapely.Polygon([(104, 36), (104.01, 36.01), (104.01, 36), (104, 36.01)])))
    0
    """
    return abs(sum(_signed_m2(part) for part in shapely.get_parts(area)))


def _signed_m2(part: Polygon) -> float:
    rings = _rings(part)
    discs = _filled(rings)
    turns: Numbers = np.where(shapely.is_ccw(rings), 1.0, -1.0)
    if discs[0].is_valid:
        within = shapely.covers(discs[0], rings[1:])
        turns[1:][within] = -turns[0]
    return float((areas_m2(discs) * turns).sum())


def _looked_into(area: Polygon | MultiPolygon, flaw: Flaw) -> Flaw:
    """Tell a spike, rings and parts over each other from a ring that crosses itself."""
    rings = _rings(area)
    if shapely.is_valid(_filled(rings)).all():
        if flaw.kind is FlawKind.RING_TOUCHES_ITSELF:
            return flaw
        parts_hold = shapely.is_valid(shapely.get_parts(area)).all()
        kind = FlawKind.PARTS_OVERLAP if parts_hold else FlawKind.RINGS_CROSS
        return Flaw(kind, flaw.x, flaw.y)
    for ring in rings:
        tip = _tip(shapely.get_coordinates(ring))
        if tip is not None:
            return Flaw(FlawKind.SPIKE, *tip)
    return flaw


def _tip(corners: Numbers) -> tuple[float, float] | None:
    """Return where a ring runs out and straight back again, None where it does not."""
    steps = np.diff(corners, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    after = np.roll(steps, -1, axis=0)
    cross = steps[:, 0] * after[:, 1] - steps[:, 1] * after[:, 0]
    along = (steps * after).sum(axis=1)
    back = np.flatnonzero((along < 0) & (np.abs(cross) <= 1e-9 * np.abs(along)))
    if not len(back):
        return None
    kept = corners[:-1][(np.diff(corners, axis=0) != 0).any(axis=1)]
    x, y = np.roll(kept, -1, axis=0)[back[0]]
    return float(x), float(y)


def _rings(area: BaseGeometry) -> Shapes:
    rings: Shapes = shapely.get_rings(shapely.get_parts(area))
    return rings


def _filled(rings: Shapes) -> Shapes:
    """Return what each ring goes around, alone."""
    discs = np.empty(len(rings), dtype=object)
    discs[:] = shapely.polygons(rings)
    return discs
