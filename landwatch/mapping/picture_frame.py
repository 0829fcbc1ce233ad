"""How a piece of land lies on paper: the plane it is drawn in, a round scale, north, a scale bar.

A park lies in the 3-degree belt of Gauss and Krüger whose meridian is nearest to its middle. What
is wider than two belts (a province, the country) is drawn in Albers' conic with the parallels that
maps of China use. The scale holds in the middle of the map, measured along the ellipsoid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.geo.belts import MERIDIANS, belt_at, degrees_of, system_of
from landwatch.language.catalogue import say
from landwatch.mapping.picture_paper import Box

Numbers: TypeAlias = "NDArray[np.float64]"
Shapes: TypeAlias = "NDArray[np.object_]"

WIDEST_BELT_DEGREES = 6.0
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=GRS80 +units=m +no_defs"
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_FILLED = 0.95
"""The share of a map that what it shows may fill."""
LARGEST_RATIO = 500
_STEP_DEGREES = 1e-4
_EARTH = pyproj.Geod(ellps="GRS80")


@dataclass(frozen=True)
class Plane:
    """A plane in metres; `meridian` is None where it is the conic of the whole country."""

    meridian: int | None

    @cached_property
    def crs(self) -> pyproj.CRS:
        """Return its coordinate system."""
        return pyproj.CRS(ALBERS) if self.meridian is None else system_of(self.meridian)

    @cached_property
    def _way(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs(degrees_of(), self.crs, always_xy=True)

    def metres(self, degrees: Numbers) -> Numbers:
        """Return longitude and latitude as metres east and north."""
        pairs: Numbers = np.column_stack(self._way.transform(degrees[:, 0], degrees[:, 1]))
        return pairs

    def degrees(self, east: float, north: float) -> tuple[float, float]:
        """Return the longitude and latitude of a place of the plane."""
        lon, lat = self._way.transform(east, north, direction="INVERSE")
        return float(lon), float(lat)

    def laid(self, shapes: Shapes) -> Shapes:
        """Return shapes of EPSG:4490 in metres of the plane."""
        flat: Shapes = shapely.transform(shapes, self.metres)
        return flat

    def in_words(self, lang: str) -> str:
        """Return what it is called."""
        if self.meridian is None:
            return say("picture.albers", lang)
        belt = belt_at(self.meridian)
        epsg = self.crs.to_epsg()
        return say("picture.belt", lang, belt=belt, meridian=self.meridian, epsg=epsg)


def plane_of(bounds: Numbers) -> Plane:
    """Return the plane for an extent of degrees (west, south, east, north)."""
    west, south, east, north = bounds
    if max(east - west, north - south) > WIDEST_BELT_DEGREES:
        return Plane(None)
    middle = (west + east) / 2
    return Plane(min(MERIDIANS, key=lambda meridian: (abs(meridian - middle), meridian)))


@dataclass(frozen=True)
class Frame:
    """A window of a sheet onto a plane, at a scale of 1 to `ratio` in its middle."""

    box: Box
    plane: Plane
    ratio: int
    east: float
    north: float

    @cached_property
    def mm_per_metre(self) -> float:
        """Return millimetres of paper for a metre of the plane.

        A plane stretches; what is drawn at the middle is as long as the ellipsoid says.
        """
        return 1000 / self.ratio / _stretch(self.plane, self.east, self.north)

    def on_paper(self, metres: Numbers) -> Numbers:
        """Return places of the plane as millimetres of the sheet."""
        x, y = self.box.middle
        placed: Numbers = (metres - [self.east, self.north]) * self.mm_per_metre + [x, y]
        return placed

    def drawn(self, shapes: Shapes) -> Shapes:
        """Return shapes of EPSG:4490 as they lie on the sheet."""
        if not len(shapes):
            return shapes
        laid: Shapes = shapely.transform(self.plane.laid(shapes), self.on_paper)
        return laid

    @cached_property
    def convergence(self) -> float:
        """Return how far true north lies to the right of the sheet's upper edge, in degrees."""
        lon, lat = self.plane.degrees(self.east, self.north)
        ends = self.plane.metres(np.array([(lon, lat - _STEP_DEGREES), (lon, lat + _STEP_DEGREES)]))
        east, north = ends[1] - ends[0]
        return math.degrees(math.atan2(east, north))

    def bar_metres(self, most_mm: float) -> int:
        """Return the longest round length whose bar is no longer than this."""
        return int(_round_below(most_mm * self.ratio / 1000))


def frame_of(shapes: Shapes, box: Box, *, around: float = 0.0) -> Frame:
    """Return the frame that shows shapes of EPSG:4490 at the largest round scale that holds them.

    Args:
        shapes: at least one that has a place.
        box: the window.
        around: how much land is shown around them at least, in metres on each side.
    """
    plane = plane_of(shapely.total_bounds(shapes))
    west, south, east, north = shapely.total_bounds(plane.laid(shapes))
    middle = ((west + east) / 2, (south + north) / 2)
    wide, high = east - west + 2 * around, north - south + 2 * around
    stretch = _stretch(plane, *middle)
    needed = max(wide / box.width, high / box.height) * 1000 / stretch / _FILLED
    ratio = max(LARGEST_RATIO, round(_round_above(needed)))
    return Frame(box, plane, ratio, *middle)


def _stretch(plane: Plane, east: float, north: float) -> float:
    """Return how long a metre of the ellipsoid is on the plane, from west to east at a place."""
    lon, lat = plane.degrees(east, north)
    west, beyond = lon - _STEP_DEGREES, lon + _STEP_DEGREES
    told: Any = _EARTH.inv(west, lat, beyond, lat)
    ends = plane.metres(np.array([(west, lat), (beyond, lat)]))
    return float(math.dist(ends[0], ends[1]) / told[2])


def _round_above(number: float) -> float:
    """Return the smallest round number that is not below.

    >>> _round_above(1.0), _round_above(4100), _round_above(8001)
    (1.0, 5000.0, 10000.0)
    """
    number = max(number, 1e-9)
    unit = 10.0 ** math.floor(math.log10(number))
    return next(step * unit for step in (*_ROUND, 10.0) if step * unit >= number * (1 - 1e-12))


def _round_below(number: float) -> float:
    unit = 10.0 ** math.floor(math.log10(number))
    return max(step for step in (1.0, 2.0, 5.0) if step * unit <= number * (1 + 1e-12)) * unit
