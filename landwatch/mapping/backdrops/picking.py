"""Which tiles a page takes along: those around the parcels, zoom by zoom, while there is room."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.shifts import Shift, shifted
from landwatch.mapping.backdrops.pictures import is_vector, tile_picture
from landwatch.mapping.backdrops.tile_sources import TileSource
from landwatch.mapping.columns import Column, naturals_column, packed
from landwatch.mapping.shapes import WORLD_BITS, mercator

MOST_TILES = 60_000
"""So many tiles of a zoom are asked for; the zooms farther in are left out, and this is said."""
WIDE_ZOOM = 12
"""Up to here a screen shows land far around the parcels: two tiles on each side are taken."""

Integers = NDArray[np.int64]


@dataclass(slots=True)
class Picked:
    """Tiles that were picked, each different picture kept once.

    Attributes:
        places: zoom, column and row of each tile, and which of the pictures it is.
        pictures: the pictures.
        bytes: how long these are together.
        zooms: the zooms that were taken whole.
        missing: how many tiles around the parcels the source has not.
        bad: how many are no pictures of a tile.
        vector: whether those look like vector tiles.
        full: the zoom that no longer fitted; None where all did.
        kind: of the first picture: png, jpeg, webp.
    """

    places: list[tuple[int, int, int, int]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    bytes: int = 0
    zooms: list[int] = field(default_factory=list)
    missing: int = 0
    bad: int = 0
    vector: bool = False
    full: int | None = None
    kind: str = "png"

    def block(self) -> str:
        """Return the tiles as a pack of the page; pictures are packed already."""
        zoom, x, y, picture = np.array(self.places, np.int64).reshape(-1, 4).T
        lengths = [len(one) for one in self.pictures]
        whole = b"".join(self.pictures)
        return packed(
            [
                naturals_column("tile_zoom", zoom),
                naturals_column("tile_x", x),
                naturals_column("tile_y", y),
                naturals_column("tile_picture", picture),
                naturals_column("picture_length", lengths),
                Column("picture_bytes", "codes", len(whole), (whole,), {"width": 1}),
            ],
            {},
        )


def area_boxes(shapes: NDArray[np.object_], *, gcj02: bool = False) -> NDArray[np.float64]:
    """Return the box of each shape (EPSG:4490) in the world square, from 0 to 1.

    For tiles of an internet map the boxes lie where that map draws them.
    """
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    low, high = bounds[:, [0, 3]], bounds[:, [2, 1]]
    if gcj02 and len(bounds):
        low, high = shifted(low, Shift.GCJ02), shifted(high, Shift.GCJ02)
    world: NDArray[np.float64] = np.hstack([mercator(low), mercator(high)]) / 2.0**WORLD_BITS
    return world


def tiles_around(boxes: NDArray[np.float64], zoom: int) -> list[tuple[int, int]] | None:
    """Return column and row of the tiles around boxes of the world; None where they are too many.

    >>> tiles_around(np.array([[0.51, 0.51, 0.51, 0.51]]), 1)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    side = 2**zoom
    cells = _different(np.clip(np.floor(boxes * side).astype(np.int64), 0, side - 1), side)
    margin = 2 if zoom <= WIDE_ZOOM else 1
    spans = cells[:, 2:] - cells[:, :2] + 1
    if not len(cells) or int(spans.prod(axis=1).sum()) > MOST_TILES:
        return None if len(cells) else []
    found: set[int] = set()
    for west, north, east, south in cells.tolist():
        columns = range(max(0, west - margin), min(side - 1, east + margin) + 1)
        rows = range(max(0, north - margin), min(side - 1, south + margin) + 1)
        found.update(column * side + row for column in columns for row in rows)
        if len(found) > MOST_TILES:
            return None
    return [divmod(one, side) for one in sorted(found)]


def _different(cells: Integers, side: int) -> Integers:
    """Return each range of cells once; of a million parcels nearly all lie in one cell each."""
    first, last = cells[:, 0] * side + cells[:, 1], cells[:, 2] * side + cells[:, 3]
    single = np.unique(first[first == last])
    corner = np.column_stack([single // side, single % side])
    several = np.unique(cells[first != last], axis=0)
    return np.vstack([np.hstack([corner, corner]), several])


def picked(source: TileSource, boxes: NDArray[np.float64], budget: int) -> Picked:
    """Return the tiles around boxes, from the widest zoom on while `budget` bytes hold a zoom."""
    taken = Picked()
    known: dict[bytes, int] = {}
    for zoom in source.zooms:
        around = tiles_around(boxes, zoom)
        if around is None:
            taken.full = zoom
            break
        mark = (len(taken.places), len(taken.pictures), taken.bytes)
        for place, data in _read(source, zoom, around, taken):
            digest = hashlib.sha256(data).digest()
            if digest not in known:
                known[digest] = len(taken.pictures)
                taken.pictures.append(data)
                taken.bytes += len(data)
            taken.places.append((zoom, *place, known[digest]))
            if taken.bytes > budget:
                break
        if taken.bytes > budget:
            del taken.places[mark[0] :], taken.pictures[mark[1] :]
            taken.bytes, taken.full = mark[2], zoom
            break
        if len(taken.places) > mark[0]:
            taken.zooms.append(zoom)
    return taken


def _read(
    source: TileSource, zoom: int, around: list[tuple[int, int]], taken: Picked
) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Give each tile that is a picture; the others are counted."""
    for x, y in around:
        data = source.tile(zoom, x, y)
        if data is None:
            taken.missing += 1
            continue
        picture = tile_picture(data)
        if picture is None:
            taken.bad += 1
            taken.vector |= is_vector(data)
            continue
        if not taken.places:
            taken.kind = picture.kind
        yield (x, y), data
