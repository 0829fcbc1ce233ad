"""Shapes on the page: Mercator integers in an order that keeps neighbours together.

One unit is 2**-28 of the world's width (15 cm on the equator, 12 cm at 35° N), as fine as the sixth
decimal of a degree; the page adds differences and needs no trigonometry to draw.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.columns import Column, Integers, naturals_column, zigzag

WORLD_BITS = 28
MOST_LATITUDE = 85.05
HILBERT_BITS = 16

Geometries = NDArray[np.object_]


def mercator(degrees: NDArray[np.float64]) -> Integers:
    """Return longitude and latitude as units of the world square, x to the east, y to the south.

    >>> (mercator(np.array([[0.0, 0.0]])) == 2 ** (WORLD_BITS - 1)).all()
    np.True_
    """
    units: Integers = np.round(world(degrees)).astype(np.int64)
    return units


def world(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return longitude and latitude as units of the world square, not rounded."""
    latitude = np.radians(np.clip(degrees[:, 1], -MOST_LATITUDE, MOST_LATITUDE))
    x = degrees[:, 0] / 360 + 0.5
    y = 0.5 - np.arctanh(np.sin(latitude)) / (2 * np.pi)
    return np.column_stack([x, y]) * 2.0**WORLD_BITS


def drawable(shapes: Geometries) -> NDArray[np.bool_]:
    """Tell which shapes cover land: a blank, an empty one or a point cannot be drawn."""
    areas: NDArray[np.bool_] = (shapely.get_dimensions(shapes) == 2) & (shapely.area(shapes) > 0)
    return areas


def along_the_curve(shapes: Geometries) -> Integers:
    """Return the order of the shapes along a Hilbert curve, those that cannot be drawn last."""
    drawn = drawable(shapes)
    order = np.arange(len(shapes))
    if not drawn.any():
        return order
    bounds = shapely.bounds(shapes[drawn])
    centres = mercator((bounds[:, :2] + bounds[:, 2:]) / 2)
    low = centres.min(axis=0)
    span = max(int((centres.max(axis=0) - low).max()), 1)
    cells = (centres - low) * (2**HILBERT_BITS - 1) // span
    distance = hilbert(cells[:, 0], cells[:, 1])
    first: Integers = np.concatenate(
        [order[drawn][np.argsort(distance, kind="stable")], order[~drawn]]
    )
    return first


def hilbert(x: Integers, y: Integers) -> Integers:
    """Return the distance of each cell along the Hilbert curve of `HILBERT_BITS` bits.

    >>> sorted(hilbert(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])).tolist())
    [0, 1, 2, 3]
    """
    x, y = x.copy(), y.copy()
    distance = np.zeros_like(x)
    side = 1 << (HILBERT_BITS - 1)
    while side:
        right, low = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ low)
        mirrored = right & ~low
        x[mirrored], y[mirrored] = side - 1 - x[mirrored], side - 1 - y[mirrored]
        x, y = np.where(low, x, y) & (side - 1), np.where(low, y, x) & (side - 1)
        side >>= 1
    return distance


def shape_columns(prefix: str, shapes: Geometries) -> list[Column]:
    """Pack areas and lines: how many rings a shape has, how many corners a ring, and the corners.

    A ring's last corner repeats the first and is left out. Each corner is told as the step from the
    one before; the first of a ring as the step from the first of the ring before.
    """
    rings, owner = _rings(shapes)
    counts = np.bincount(owner, minlength=len(shapes)) if len(shapes) else np.zeros(0, np.int64)
    units = mercator(shapely.get_coordinates(rings))
    lengths = shapely.get_num_coordinates(rings).astype(np.int64)
    closed = shapely.is_closed(rings)
    ends = np.cumsum(lengths)
    kept = np.ones(len(units), np.bool_)
    kept[ends[closed] - 1] = False
    units, lengths = units[kept], lengths - closed
    steps = _steps(units, np.cumsum(lengths) - lengths)
    return [
        naturals_column(f"{prefix}_rings", counts),
        naturals_column(f"{prefix}_corners", lengths * 2 + closed),
        naturals_column(f"{prefix}_x", zigzag(steps[:, 0])),
        naturals_column(f"{prefix}_y", zigzag(steps[:, 1])),
    ]


def _rings(shapes: Geometries) -> tuple[Geometries, Integers]:
    """Return the rings and lines of all shapes, and the row that each belongs to."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    inner, of_inner = shapely.get_parts(parts, return_index=True)  # areas inside a collection
    owner = of_shape[of_inner]
    areas = shapely.get_dimensions(inner) == 2
    lines = shapely.get_dimensions(inner) == 1
    rings, of_ring = shapely.get_rings(inner[areas], return_index=True)
    rows = np.concatenate([owner[areas][of_ring], owner[lines]]).astype(np.int64)
    every = np.concatenate([rings, inner[lines]])
    order = np.argsort(rows, kind="stable")
    return every[order], rows[order]


def _steps(units: Integers, starts: Integers) -> Integers:
    """Return the step from corner to corner, and from each ring's start to the next ring's."""
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    steps[starts[1:]] = units[starts[1:]] - units[starts[:-1]]
    return steps
