"""Whether parcels lie in the zone that they are said to lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from landwatch.geo.areas import Numbers, Shapes, areas_m2, polygons_of, slivers, summed
from landwatch.geo.overlaps import cut


class ZoneOutlines:
    """The outlines of zones, ready to be asked; one that is missing or invalid bounds nothing."""

    def __init__(self, outlines: Mapping[str, bytes | None]) -> None:
        """Read the outlines (WKB, EPSG:4490)."""
        drawn = [name for name, outline in outlines.items() if outline is not None]
        shapes = np.atleast_1d(shapely.from_wkb([outlines[name] for name in drawn]))
        sound = shapely.is_valid(shapes) & ~shapely.is_empty(shapes) if drawn else []
        self._outline = {
            name: shape for name, shape, good in zip(drawn, shapes, sound, strict=True) if good
        }
        for shape in self._outline.values():
            shapely.prepare(shape)
        self.unsound = frozenset(outlines) - self._outline.keys()

    def __contains__(self, zone: str) -> bool:
        return zone in self._outline

    def outside_shares(self, shapes: Shapes, zones: Sequence[str | None]) -> Numbers:
        """Return which share of each valid outline lies outside its zone.

        Slivers along the border are not counted; not a number where the zone bounds nothing.
        """
        shares = np.full(len(shapes), np.nan)
        named = np.array(zones, dtype=object)
        for zone in {zone for zone in zones if zone is not None and zone in self}:
            places = np.flatnonzero(named == zone)
            shares[places] = self._outside(shapes[places], zone)
        return shares

    def _outside(self, shapes: Shapes, zone: str) -> Numbers:
        outline = self._outline[zone]
        shares = np.zeros(len(shapes))
        across = np.flatnonzero(~shapely.covers(outline, shapes))
        if not len(across):
            return shares
        parts, of = polygons_of(cut(shapely.difference, shapes[across], outline))
        land = np.where(slivers(parts), 0.0, areas_m2(parts))
        whole = areas_m2(shapes[across])
        outside = summed(land, of, len(across))
        shares[across] = np.minimum(
            np.divide(outside, whole, out=np.zeros_like(whole), where=whole > 0), 1.0
        )
        return shares
