"""How far outlines reach beyond what should hold them: the granted outline, or the zone.

No two hands draw a border alike: strips at most 5 cm wide on the mean, or 1 m² large, are errors of
drawing and reach beyond nothing (`landwatch.geo.areas.are_slivers`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landwatch.geo.areas import (
    Numbers,
    Shapes,
    are_slivers,
    areas_m2,
    mean_widths_m,
    polygons_of,
    summed,
)
from landwatch.geo.overlaps import cut


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
