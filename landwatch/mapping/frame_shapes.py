"""The shapes of any frame as areas that the layer draws: reprojected, points and lines as discs."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.errors import UsageError
from landwatch.mapping.shapes import MOST_LATITUDE, WORLD_BITS, Geometries, world

WGS84 = 4326
DISC_SHARE = 400
"""A point becomes a disc whose radius is this part of the longer side of all shapes."""
_LEAST_M, _MOST_M = 0.5, 250.0
_WORLD_M = 40_075_016.7


def areas_of(geometry: Any) -> Geometries:
    """Return the shapes of a GeoSeries in degrees, as areas; None where there is nothing to draw.

    A point or a line becomes a narrow area, so that it is seen; a shape that has no place after it
    was reprojected is left out.

    Raises:
        UsageError: nobody says in which coordinate system the shapes are.
    """
    if geometry.crs is None:
        raise UsageError("notebook.error.crs")
    if geometry.crs.to_epsg() not in (WGS84, 4490):
        geometry = geometry.to_crs(WGS84)
    shapes: Geometries = np.array(geometry.to_numpy(), dtype=object)
    shapes = shapely.force_2d(shapes)
    shapes[~placed(shapes)] = None
    thin = (shapely.get_dimensions(shapes) >= 0) & (shapely.get_dimensions(shapes) < 2)
    if thin.any():
        shapes[thin] = widened(shapes[thin], shapes)
    return shapes


def placed(shapes: Geometries) -> NDArray[np.bool_]:
    """Tell which shapes have a place on a map."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    inside = np.isfinite(bounds).all(axis=1)
    inside &= (np.abs(bounds[:, [0, 2]]) <= 180.000001).all(axis=1)
    inside &= (np.abs(bounds[:, [1, 3]]) <= 90.000001).all(axis=1)
    kept: NDArray[np.bool_] = inside
    return kept


def widened(thin: Geometries, every: Geometries) -> Geometries:
    """Return points and lines as areas that can be seen when all shapes are."""
    drawn = shapely.transform(thin, world)
    west, north, east, south = shapely.total_bounds(shapely.transform(every, world))
    units_in_m = 2.0**WORLD_BITS / _WORLD_M
    radius = np.clip(
        max(east - west, south - north) / DISC_SHARE, _LEAST_M * units_in_m, _MOST_M * units_in_m
    )
    areas: Geometries = shapely.transform(shapely.buffer(drawn, radius, quad_segs=3), degrees)
    return areas


def degrees(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return units of the world square as longitude and latitude: what `world` undoes."""
    share = units / 2.0**WORLD_BITS
    latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * share[:, 1]))))
    return np.column_stack(
        [share[:, 0] * 360 - 180, np.clip(latitude, -MOST_LATITUDE, MOST_LATITUDE)]
    )
