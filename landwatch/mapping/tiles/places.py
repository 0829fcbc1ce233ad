"""Where tiles lie: their numbers along the curve that PMTiles orders them by, and their squares."""

from __future__ import annotations

import numpy as np

from landwatch.mapping.columns import Integers
from landwatch.mapping.shapes import WORLD_BITS
from landwatch.mapping.tiles.mvt import EXTENT_BITS

MOST_ZOOM = 20
BUFFER = 64
"""How far a tile reaches over its edge, so that a border is not drawn along it (of 4096)."""


def curve_place(zoom: int, x: Integers, y: Integers) -> Integers:
    """Return the place of tiles of a zoom along its Hilbert curve.

    >>> curve_place(1, np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0])).tolist()
    [0, 1, 2, 3]
    """
    x, y = x.astype(np.int64).copy(), y.astype(np.int64).copy()
    place = np.zeros_like(x)
    for bit in range(zoom - 1, -1, -1):
        side = 1 << bit
        right, low = (x & side) > 0, (y & side) > 0
        place += ((3 * right) ^ low).astype(np.int64) << (2 * bit)
        mirrored = right & ~low
        x[mirrored], y[mirrored] = side - 1 - x[mirrored], side - 1 - y[mirrored]
        x, y = np.where(low, x, y) & (side - 1), np.where(low, y, x) & (side - 1)
    return place


def first_tile_id(zoom: int) -> int:
    """Return the number of the first tile of a zoom, among all tiles of all zooms.

    >>> [first_tile_id(zoom) for zoom in range(3)]
    [0, 1, 5]
    """
    return ((1 << (2 * zoom)) - 1) // 3


def tile_span(zoom: int) -> float:
    """Return how wide a tile is, in units of the world."""
    return 2.0 ** (WORLD_BITS - zoom)


def step(zoom: int) -> float:
    """Return how wide one of the 4096 steps of a tile is, in units of the world."""
    return 2.0 ** (WORLD_BITS - zoom - EXTENT_BITS)
