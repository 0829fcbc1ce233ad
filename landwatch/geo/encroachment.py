"""How far outlines reach beyond what should hold them: the granted outline, or the zone.

No two hands draw a border alike: strips at most 5 cm wide on the mean, or 1 m² large, are errors of
drawing and reach beyond nothing (`landwatch.geo.areas.are_slivers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from landwatch.geo.areas import (
    Numbers,
    Shapes,
    are_slivers,
    areas_m2,
    mean_widths_m,
    on_plane_m,
    polygons_of,
    summed,
)
from landwatch.geo.overlaps import Places, cut
from landwatch.geo.threads import in_order
from landwatch.geo.told import retold

if TYPE_CHECKING:
    import pyarrow as pa

_GIVEN_UP = 0.1
"""Of the land gained: a fence set outward turns about its ends, and cuts a corner off there."""
_PAIRS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Beyond:
    """The land of each outline beyond its bound, in m², and how wide the widest piece of it is.

    The width is the mean one of that piece in m: twice its area over its perimeter. Both are 0
    where the bound holds the outline, and not a number where there is no bound.
    """

    areas_m2: Numbers
    widths_m: Numbers


def beyond(shapes: Shapes, bounds: Shapes) -> Beyond:
    """Return how far each valid outline reaches beyond the valid bound at its side.

    Bounds that are asked often should be prepared. None is no bound.
    """
    bounded = ~shapely.is_missing(bounds)
    areas = np.where(bounded, 0.0, np.nan)
    widths = areas.copy()
    across = np.flatnonzero(bounded)
    across = across[~shapely.covers(bounds[across], shapes[across])]
    if len(across):
        pieces, of = polygons_of(cut(shapely.difference, shapes[across], bounds[across]))
        each = areas_m2(pieces)
        wide = mean_widths_m(pieces, each)
        thin = are_slivers(each, wide)
        areas[across] = summed(np.where(thin, 0.0, each), of, len(across))
        widest = np.zeros(len(across))
        np.maximum.at(widest, of[~thin], wide[~thin])
        widths[across] = widest
    return Beyond(areas, widths)


def reaches_m(shapes: Shapes, bounds: Shapes) -> Numbers:
    """Return how far from the bound at its side the farthest corner of each outline is, in m.

    On a plane that touches the ellipsoid at each outline: good to a thousandth near it.
    """
    plain = [_on_planes(each, shapes) for each in (shapes, bounds)]
    corners, of = shapely.get_coordinates(plain[0], return_index=True)
    farthest = np.zeros(len(shapes))
    np.maximum.at(farthest, of, shapely.distance(shapely.points(corners), plain[1][of]))
    return farthest


def _on_planes(shapes: Shapes, touching: Shapes) -> Shapes:
    """Return shapes in m, each on the plane that touches the ellipsoid where its other one lies."""
    at, of = shapely.get_coordinates(shapes, return_index=True)
    middle = shapely.get_coordinates(shapely.centroid(touching))
    found: Shapes = shapely.set_coordinates(shapes.copy(), on_plane_m(at - middle[of], middle[of]))
    return found


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A parcel whose outline now reaches beyond one that was told before.

    Attributes:
        key: the parcel.
        now: the row of the table that tells the outline now.
        before: the row that told the other one.
        more_m2: the land beyond the earlier outline.
        less_m2: the land of the earlier outline that is no more in it.
        reach_m: how far its corners stand from the earlier outline, at most.
        before_m2: how large the earlier outline was.
    """

    key: str
    now: int
    before: int
    more_m2: float
    less_m2: float
    reach_m: float
    before_m2: float

    @property
    def grew(self) -> bool:
        """Tell whether it grew, and was not merely moved: it gave up next to nothing for it."""
        return self.less_m2 <= _GIVEN_UP * self.more_m2


def redrawn(parcels: pa.Table) -> Iterator[Redrawn]:
    """Yield the parcels whose outline now reaches beyond one told before, once each.

    Of several earlier outlines the first speaks that the parcel grew from, else the first that it
    reaches beyond. Invalid outlines bound no certain land and are held against nothing.

    Args:
        parcels: records with key and geometry (WKB, EPSG:4490), latest row last.
    """
    import pyarrow as pa

    keys, now, before = retold(parcels, "key", "geometry")
    if not len(keys):
        return
    outlines = parcels.column("geometry").combine_chunks()

    def of_rows(rows: Places) -> Shapes:
        return np.atleast_1d(shapely.from_wkb(outlines.take(pa.array(rows)).to_pylist()))

    def compared(start: int) -> Iterable[tuple[int, Redrawn]]:
        some = slice(start, start + _PAIRS_AT_ONCE)
        return _compared(start, of_rows(now[some]), of_rows(before[some]))

    best: dict[str, Redrawn] = {}
    for found in in_order(compared, range(0, len(now), _PAIRS_AT_ONCE)):
        for at, one in found:
            key = keys[at].as_py()
            known = best.get(key)
            if known is None or (one.grew and not known.grew):
                best[key] = replace(one, key=key, now=int(now[at]), before=int(before[at]))
    yield from best.values()


def _compared(start: int, now: Shapes, before: Shapes) -> list[tuple[int, Redrawn]]:
    """Return the pairs that reach beyond, by their place from `start` on; nameless yet."""
    valid = np.flatnonzero(shapely.is_valid(now) & shapely.is_valid(before))
    now, before = now[valid], before[valid]
    more = beyond(now, before)
    over = np.flatnonzero(more.areas_m2 > 0)
    less = beyond(before[over], now[over]).areas_m2
    reach = reaches_m(now[over], before[over])
    told = (more.areas_m2[over], less, reach, areas_m2(before[over]))
    figures = zip(*(each.tolist() for each in told), strict=True)
    places = (start + valid[over]).tolist()
    return [(at, Redrawn("", -1, -1, *each)) for at, each in zip(places, figures, strict=True)]
