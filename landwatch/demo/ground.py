"""Where the lots of a made-up park lie: streets that bend, sides that lean, areas to the m².

A park is laid out on a plane of its own, in metres. Every step from there to the earth keeps areas
(two bends, a turn, the sinusoidal projection), so a lot drawn for 30 000 m² has 30 000 m².
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from landwatch.demo.park import Block, Park, Place

Point: TypeAlias = "tuple[float, float]"
Ring: TypeAlias = "list[Point]"
Drawn: TypeAlias = "list[Ring]"
"""An area as its rings: the outer one, then its holes."""

_SEMI_MAJOR, _FLATTENING = 6_378_137.0, 1 / 298.257222101  # CGCS2000
_STEP_M = 25
_WAVE_X, _WAVE_Y = 420.0, 610.0  # the length of a bend, along streets and across them
_DECIMALS = 8  # of a degree: a millimetre

# Corners of each shape as parts of the lot's width and depth, the outer ring first.
_SHAPES: Mapping[str, Sequence[Sequence[Point]]] = {
    "whole": [[(0, 0), (1, 0), (1, 1), (0, 1)]],
    "notch": [[(0, 0), (1, 0), (1, 0.5), (0.6, 0.5), (0.6, 1), (0, 1)]],
    "pond": [
        [(0, 0), (1, 0), (1, 1), (0, 1)],
        [(0.4, 0.35), (0.4, 0.65), (0.6, 0.65), (0.6, 0.35)],
    ],
    "corner": [[(0, 0), (1, 0), (1, 0.6), (0.7, 1), (0, 1)]],
}


def lots_of(park: Park) -> Iterator[tuple[str, Block, int, Drawn]]:
    """Yield each parcel with its block, its number in the street and its area on the earth."""
    numbers: dict[str, int] = {}
    for block in park.blocks:
        west = block.at[0]
        for lot in block.lots:
            width = lot.area_m2 / _share(lot.shape) / block.depth
            rings = [
                [(west + x * width, y * block.depth) for x, y in ring]
                for ring in _SHAPES[lot.shape]
            ]
            plane = [[(x + block.lean * y, block.at[1] + y) for x, y in ring] for ring in rings]
            numbers[block.street] = numbers.get(block.street, 0) + 1
            drawn = [on_the_earth(ring, park.place) for ring in plane]
            yield lot.parcel, block, numbers[block.street], drawn
            west += width


def outline_of(rectangle: tuple[float, float, float, float], place: Place) -> Drawn:
    """Return the outline of a zone."""
    west, south, east, north = rectangle
    return [on_the_earth([(west, south), (east, south), (east, north), (west, north)], place)]


def _share(shape: str) -> float:
    """Return what part of its rectangle a shape covers.

    >>> round(_share("notch"), 9), round(_share("pond"), 9), round(_share("corner"), 9)
    (0.8, 0.94, 0.94)
    """
    outer, *holes = (_shoelace(ring) for ring in _SHAPES[shape])
    return outer + sum(holes)  # holes run the other way round


def _shoelace(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def on_the_earth(ring: Sequence[Point], place: Place) -> Ring:
    """Return a ring of the park's plane in degrees of CGCS2000, closed, its sides bending."""
    points = [point for a, b in pairwise([*ring, ring[0]]) for point in _along(a, b)]
    placed = [_placed(point, place) for point in points]
    return [*placed, placed[0]]


def _along(start: Point, end: Point) -> Iterator[Point]:
    steps = max(1, math.ceil(math.dist(start, end) / _STEP_M))
    for step in range(steps):
        part = step / steps
        yield start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _placed(point: Point, place: Place) -> Point:
    x, y = point
    y += place.bend * math.sin(x / _WAVE_X)
    x += place.bend * math.sin(y / _WAVE_Y)
    turn = math.radians(place.turn)
    east = x * math.cos(turn) - y * math.sin(turn)
    north = x * math.sin(turn) + y * math.cos(turn)
    meridian, _ = _radii(math.radians(place.lat))
    lat = math.radians(place.lat) + north / meridian
    _, prime_vertical = _radii(lat)
    lon = math.radians(place.lon) + east / (prime_vertical * math.cos(lat))
    return round(math.degrees(lon), _DECIMALS), round(math.degrees(lat), _DECIMALS)


def _radii(lat: float) -> Point:
    """Return the radii of curvature of the ellipsoid, along the meridian and across it."""
    squared = _FLATTENING * (2 - _FLATTENING)
    bulge = 1 - squared * math.sin(lat) ** 2
    return _SEMI_MAJOR * (1 - squared) / bulge**1.5, _SEMI_MAJOR / math.sqrt(bulge)
