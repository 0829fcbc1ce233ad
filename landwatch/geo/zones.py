"""How much of a parcel lies in which zone, and how much of it outside the one that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.areas import Numbers, Shapes, areas_m2
from landwatch.geo.encroachment import Beyond, beyond
from landwatch.geo.overlaps import cut
from landwatch.geo.threads import OfThread, in_order
from landwatch.geo.told import last_told, outlines_by_rows, outlines_now, told_in

if TYPE_CHECKING:
    import pyarrow as pa

Places: TypeAlias = "NDArray[np.intp]"
Shares: TypeAlias = "tuple[Places, Places, Numbers, Numbers]"
"""Places of outlines, places of zones, the outlines' shares that lie there, the same in m²."""


class ZoneOutlines:
    """The outlines of zones, ready to be asked; one that is missing or invalid bounds nothing."""

    def __init__(self, outlines: Mapping[str, bytes | None]) -> None:
        """Read the outlines (WKB, EPSG:4490)."""
        drawn = [name for name, outline in outlines.items() if outline is not None]
        shapes = np.atleast_1d(shapely.from_wkb([outlines[name] for name in drawn]))
        sound = np.array(shapely.is_valid(shapes) & ~shapely.is_empty(shapes), dtype=bool)
        self.names = [drawn[at] for at in np.flatnonzero(sound).tolist()]
        self._place = {name: at for at, name in enumerate(self.names)}
        self._shapes: Shapes = np.append(shapes[sound], [None])  # the last is no zone
        shapely.prepare(self._shapes)
        self.unsound = frozenset(outlines) - self._place.keys()

    def __contains__(self, zone: str) -> bool:
        return zone in self._place

    def outside(self, shapes: Shapes, zones: Sequence[str | None]) -> Beyond:
        """Return how far each valid outline reaches out of its zone, by area and mean width.

        Slivers along the border are not counted; not a number where the zone bounds nothing.
        """
        places = [-1 if zone is None else self._place.get(zone, -1) for zone in zones]
        return beyond(shapes, self._shapes[places])

    def outside_shares(self, shapes: Shapes, zones: Sequence[str | None]) -> Numbers:
        """Return which share of each valid outline lies outside its zone, as `outside` counts."""
        return shares_of(self.outside(shapes, zones).areas_m2, areas_m2(shapes))

    def shares(self, shapes: Shapes) -> Shares:
        """Return in which zones each valid outline has land, how much, and which share of it.

        In the order of the outlines, then of `names`. Nothing is left out, strips neither.
        """
        zone, place = shapely.STRtree(shapes).query(self._shapes[:-1], predicate="intersects")
        order = np.lexsort((zone, place))
        zone, place = zone[order], place[order]
        whole = areas_m2(shapes)
        inside = whole[place]
        across = np.flatnonzero(~shapely.contains_properly(self._shapes[zone], shapes[place]))
        parts = cut(shapely.intersection, shapes[place[across]], self._shapes[zone[across]])
        inside[across] = np.minimum(areas_m2(parts), inside[across])
        land = inside > 0
        zone, place, inside = zone[land], place[land], inside[land]
        return place, zone, shares_of(inside, whole[place]), inside


def shares_of(parts_m2: Numbers, whole_m2: Numbers) -> Numbers:
    """Return parts as shares of their wholes, 1 at most; 0 of nothing.

    >>> shares_of(np.array([1.0, 2.1, 0.0]), np.array([4.0, 2.0, 0.0])).tolist()
    [0.25, 1.0, 0.0]
    """
    shares = np.divide(parts_m2, whole_m2, out=np.zeros_like(whole_m2), where=whole_m2 > 0)
    return np.where(np.isnan(parts_m2), np.nan, np.minimum(shares, 1.0))


def zone_shares(parcels: pa.Table, zones: pa.Table) -> pa.Table:
    """Return in which zones each parcel has land, how much, and which share of it, by place.

    Whatever zone a parcel names plays no part. Invalid outlines bound no certain land and are left
    out, of parcels and of zones.

    Args:
        parcels: records with parcel_id and geometry (WKB, EPSG:4490), latest row last.
        zones: records with zone_id and geometry, latest row last.

    Returns:
        Columns parcel_id, zone_id, share (of the parcel's own area) and area_m2 (on the ellipsoid).
    """
    import pyarrow as pa

    outlines = outlines_now(zones, "zone_id")
    held = OfThread(lambda: ZoneOutlines(outlines))

    def shared(drawn: tuple[Places, list[bytes]]) -> Shares:
        at, wkb = drawn
        shapes = shapely.from_wkb(wkb)
        valid = np.flatnonzero(shapely.is_valid(shapes))
        place, zone, share, area = held.own.shares(shapes[valid])
        return at[valid[place]], zone, share, area

    keys, rows = last_told(parcels, "parcel_id", "geometry")
    drawn = np.flatnonzero(told_in(parcels, "geometry", rows))
    code_of = np.full(len(parcels), -1)
    code_of[rows[drawn]] = drawn
    nothing = (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0), np.empty(0))
    found = [nothing, *in_order(shared, outlines_by_rows(parcels, rows[drawn]))]
    parcel, zone, share, area = map(np.concatenate, zip(*found, strict=True))
    names = pa.array(held.own.names, pa.string())
    told = (keys.cast(pa.string()).take(pa.array(code_of[parcel])), names.take(pa.array(zone)))
    return pa.table([*told, share, area], names=["parcel_id", "zone_id", "share", "area_m2"])
