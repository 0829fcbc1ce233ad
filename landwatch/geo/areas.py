"""How large drawn areas are on the ellipsoid of CGCS2000, many at once.

Every corner is taken to the sphere of equal area; there the area between an edge and a parallel has
a closed form, and the edges of a ring add up. Against a geodesic area of one shape after another
that is eight times as fast and, for parcels, the same to less than one part in a million
(`benchmarks/areas.py`). Plain degrees or a plane of three degrees would be up to 655 parts off.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.float64]"
Shapes: TypeAlias = "NDArray[np.object_]"

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
"""CGCS2000 and GRS80; WGS 84 differs in the ninth digit."""
_E2 = FLATTENING * (2 - FLATTENING)
_E = float(np.sqrt(_E2))
_SINES = (
    -(_E2 / 3 + 31 * _E2**2 / 180 + 59 * _E2**3 / 560 + 42811 * _E2**4 / 604800),
    17 * _E2**2 / 360 + 61 * _E2**3 / 1260 + 76969 * _E2**4 / 1814400,
    -(383 * _E2**3 / 45360 + 3347 * _E2**4 / 259200),
)
"""Of twice, four and six times the latitude: the authalic latitude less the geodetic one."""
_SPHERE_M2 = SEMI_MAJOR_M**2 * (1 + (1 - _E2) / _E * np.arctanh(_E)) / 2
"""The square of the radius of the sphere that is as large as the ellipsoid."""

_POLYGON, _MULTIPOLYGON = 3, 6
DRAWN_APART = Decimal("0.005")
"""The share from which a drawn area is doubted against one that was told (0.5 %)."""
SLIVER_M2 = 1.0
SLIVER_WIDTH_M = 0.05
"""A sliver is no larger than this, or no wider on the mean: twice the area over the perimeter."""


def areas_m2(shapes: Shapes) -> Numbers:
    """Return how large each shape of EPSG:4490 is, in m²; lines, points and None are 0.

    Rings count as drawn: a shell less its holes, part by part. A ring that crosses itself counts
    its loops against each other, so the area of an invalid outline says only how it was drawn.

    >>> areas_m2(np.array([shapely.box(103.80, 36.00, 103.81, 36.01), None])).round(0).tolist()
    [1000385.0, 0.0]
    """
    areas = np.zeros(len(shapes))
    alone, pairs, ends = _rings_alone(shapes)
    if alone.any():
        areas[alone] = _ring_areas(pairs, ends) * _SPHERE_M2
    if not alone.all():
        polygons, of = polygons_of(shapes[~alone])
        areas[~alone] = summed(_polygon_areas(polygons), of, int((~alone).sum()))
    return areas


def area_m2(shape: object) -> float:
    """Return how large one shape is, in m²."""
    return float(areas_m2(_array(shape))[0])


def mean_widths_m(polygons: Shapes, areas: Numbers) -> Numbers:
    """Return twice the area over the perimeter of each polygon, in m: the width of a long strip."""
    lengths = perimeters_m(polygons)
    return np.divide(2 * areas, lengths, out=np.zeros_like(areas), where=lengths > 0)


def slivers(polygons: Shapes) -> NDArray[np.bool_]:
    """Tell which polygons are slivers: at most 1 m² large, or at most 5 cm wide on the mean."""
    areas = areas_m2(polygons)
    return are_slivers(areas, mean_widths_m(polygons, areas))


def are_slivers(areas: Numbers, widths: Numbers) -> NDArray[np.bool_]:
    """Tell which polygons of these areas and mean widths are slivers."""
    thin: NDArray[np.bool_] = (areas <= SLIVER_M2) | (widths <= SLIVER_WIDTH_M)
    return thin


def perimeters_m(polygons: Shapes) -> Numbers:
    """Return the length of the rings of each polygon in m, edge by edge on the tangent plane.

    Good to a thousandth for edges of a parcel; a width needs no more.
    """
    rings, of = shapely.get_rings(polygons, return_index=True)
    pairs, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(pairs):
        return np.zeros(len(polygons))
    steps = on_plane_m(np.diff(pairs, axis=0), (pairs[1:] + pairs[:-1]) / 2)
    edges = np.where(ring[1:] == ring[:-1], np.hypot(steps[:, 0], steps[:, 1]), 0.0)
    return summed(edges, of[ring[:-1]], len(polygons))


def on_plane_m(steps: Numbers, near: Numbers) -> Numbers:
    """Return steps of degrees (east, north) near some places in m, on the plane that touches there.

    >>> on_plane_m(np.array([[0.001, 0.001]]), np.array([[104.0, 36.0]])).round(2).tolist()
    [[90.16, 110.96]]
    """
    latitude = np.radians(near[:, 1])
    bent = 1 - _E2 * np.sin(latitude) ** 2
    east = SEMI_MAJOR_M / np.sqrt(bent) * np.cos(latitude)
    north = SEMI_MAJOR_M * (1 - _E2) / bent**1.5
    return np.radians(steps) * np.column_stack([east, north])


def summed(each: Numbers, of: NDArray[np.intp], count: int) -> Numbers:
    """Return the sum of the numbers that belong to each of `count` places."""
    sums: Numbers = np.bincount(of, weights=each, minlength=count).astype(np.float64)
    return sums


def polygons_of(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Return every polygon within the shapes, and the place of the shape that it belongs to."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    if (shapely.get_type_id(parts) > _POLYGON).any():  # a collection of collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        of = of[inner]
    kept = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    return parts[kept], of[kept]


def differs(drawn_m2: float, told_m2: Decimal) -> bool:
    """Tell whether a drawn area is more than 0.5 % of the told one away from it.

    >>> differs(10_050.0, Decimal(10_000)), differs(10_050.001, Decimal(10_000))
    (False, True)
    """
    return abs(as_told(drawn_m2) - told_m2) > DRAWN_APART * told_m2


def as_told(drawn_m2: float) -> Decimal:
    """Return a drawn area as the ledger keeps areas: to a cm²."""
    return Decimal(repr(round(float(drawn_m2), 4)))


def _rings_alone(shapes: Shapes) -> tuple[NDArray[np.bool_], Numbers, NDArray[np.int64]]:
    """Tell which shapes are one ring without a hole, their corners, and where each ring begins.

    Nearly every parcel is, and needs not be taken apart: its first corner comes again at the end
    and nowhere else. A shape of more rings ends elsewhere, or comes by its first corner more often.
    """
    kind = shapely.get_type_id(shapes)
    pairs, of = shapely.get_coordinates(shapes, return_index=True)
    counts = np.bincount(of, minlength=len(shapes))
    ends = np.cumsum(counts)
    alone: NDArray[np.bool_] = (counts > 3) & ((kind == _POLYGON) | (kind == _MULTIPOLYGON))
    if alone.any():
        starts = np.minimum(ends - counts, len(pairs) - 1)
        at_first = (pairs == pairs[starts][of]).all(axis=1)
        alone &= np.bincount(of[at_first], minlength=len(shapes)) == 2
        alone &= at_first[np.maximum(ends - 1, 0)]
    if not alone.all():
        pairs = pairs[alone[of]]
    return alone, pairs, np.concatenate([[0], np.cumsum(counts[alone])])


def _polygon_areas(polygons: Shapes) -> Numbers:
    if not len(polygons):
        return np.zeros(0)
    _, pairs, (ring_ends, shape_ends) = shapely.to_ragged_array(polygons, include_z=False)
    rings = _ring_areas(pairs, ring_ends)
    rings[np.setdiff1d(np.arange(len(rings)), shape_ends[:-1])] *= -1
    areas: Numbers = np.add.reduceat(rings, shape_ends[:-1]) * _SPHERE_M2
    return areas


def _ring_areas(pairs: Numbers, ends: NDArray[np.int64]) -> Numbers:
    """Return the area within each ring on the unit sphere; `ends` begins with 0."""
    edges = _under_edges(pairs, np.repeat(ends[:-1], np.diff(ends)))
    edges[ends[1:-1] - 1] = 0.0  # from the end of a ring to the beginning of the next
    areas: Numbers = np.abs(np.add.reduceat(edges, ends[:-1]))
    return areas


def _under_edges(pairs: Numbers, first: NDArray[np.int64]) -> Numbers:
    """Return the area on the unit sphere between each edge and the parallel of its ring's start.

    The differences of longitude of a ring add up to nothing, so the parallel may be chosen freely;
    one near by keeps the digits.
    """
    latitude = np.radians(pairs[:, 1])
    twice, cosine = np.sin(2 * latitude), np.cos(2 * latitude)
    four = 2 * twice * cosine
    six = twice * (2 * cosine**2 - 1) + cosine * four
    latitude += _SINES[0] * twice + _SINES[1] * four + _SINES[2] * six
    east = np.radians(np.diff(pairs[:, 0]))
    middle, half = (latitude[1:] + latitude[:-1]) / 2, (latitude[1:] - latitude[:-1]) / 2
    excess = 2 * np.arctan(np.tan(east / 2) * np.sin(middle) / np.cos(half))
    under: Numbers = excess - east * np.sin(latitude)[first[1:]]
    return under


def _array(shape: object) -> Shapes:
    one = np.empty(1, dtype=object)
    one[0] = shape
    return one
