"""All tiles of a scan, zoom by zoom along the curve, as they are made: none is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.shapes import Geometries
from landwatch.mapping.tiles.attributes import counts_attribute, vocabulary
from landwatch.mapping.tiles.batches import Batch, Made, Placed, Words, made_of
from landwatch.mapping.tiles.cutting import pieces
from landwatch.mapping.tiles.data import Tile, TileData, ZoomTold, middles
from landwatch.mapping.tiles.places import curve_place, step, tile_span
from landwatch.mapping.tiles.thinning import SMALLEST

Hears = Callable[[str, int, int], None]
BATCH = 6_000
"""About how many features one batch of tiles has: numpy's calls cost less than their work."""
WORKERS = 2
AHEAD = 4
"""How many batches are made before the first of them is written."""
FINE = 4
"""By how many steps of a tile a border may be simplified: a quarter of a pixel."""


class Pyramid:
    """The tiles of a scan; `zooms` fills as they are made."""

    def __init__(
        self, data: TileData, least_zoom: int, most_zoom: int, told: Hears | None = None
    ) -> None:
        """Get ready; the tiles are made as `tiles` is read."""
        self.zooms: list[ZoomTold] = []
        self._data, self._most, self._told = data, most_zoom, told
        self._range = range(least_zoom, most_zoom + 1)
        bounds = shapely.bounds(data.shapes).reshape(-1, 4)
        self._width: NDArray[np.float64] = (bounds[:, 2:] - bounds[:, :2]).max(axis=1, initial=0)
        self._middles = middles(data.shapes)
        self._park_middles = middles(data.parks)
        counts = [counts_attribute(name, len(data.ids)) for name in ("count", "breaches")]
        plain = [one for one in data.told if not one.identity]
        self._words = Words(
            parcels=vocabulary(data.told),
            points=vocabulary([*plain, *counts]),
            last_points=vocabulary([*data.told, *counts]),
            parks=vocabulary(data.parks_told),
        )

    def tiles(self) -> Iterator[Tile]:
        """Yield every tile that holds something, in the order in which PMTiles numbers them."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for zoom in self._range:
                yield from self._of_zoom(zoom, pool)

    def _of_zoom(self, zoom: int, pool: ThreadPoolExecutor) -> Iterator[Tile]:
        whole = self._whole(zoom)
        weights = whole.weights()
        cuts = [0, *(np.flatnonzero(np.diff(np.cumsum(weights) // BATCH)) + 1).tolist()]
        pairs = list(zip(cuts, [*cuts[1:], len(weights)], strict=True)) if len(weights) else []
        done, tiles, counted = 0, 0, np.zeros(4, np.int64)
        for made in _ahead(pool, lambda pair: made_of(whole, *pair), pairs):
            sizes = [len(tile.data) for tile in made.tiles]
            done, tiles = done + made.looked_at, tiles + len(sizes)
            counted[:3] += (made.areas, made.points, made.thinned)
            counted[3] = max([int(counted[3]), *sizes])
            if self._told is not None:
                self._told(f"z{zoom}", done, len(weights))
            yield from made.tiles
        self.zooms.append(ZoomTold(zoom, tiles, *counted.tolist()))

    def _whole(self, zoom: int) -> Batch:
        """Return everything that a zoom shows, in the order of its tiles."""
        data = self._data
        areas = np.flatnonzero(self._width >= SMALLEST * step(zoom))
        small = np.flatnonzero(self._width < SMALLEST * step(zoom))
        shapes, parks = data.shapes[areas], data.parks
        if zoom < self._most:
            shapes, parks = simplified(shapes, zoom), simplified(parks, zoom)
        cut = pieces(shapes, areas, zoom, -data.grave)
        park_rows = np.arange(len(parks))
        return Batch(
            zoom=zoom,
            data=data,
            words=self._words,
            last=zoom == self._most,
            width=self._width / step(zoom),
            middles=self._middles / tile_span(zoom),
            areas=cut,
            points=in_order(small, self._middles, zoom),
            parks=pieces(parks, park_rows, zoom, park_rows),
            park_points=in_order(park_rows, self._park_middles, zoom),
            park_middles=self._park_middles / tile_span(zoom),
        )


def _ahead(
    pool: ThreadPoolExecutor, make: Callable[[tuple[int, int]], Made], pairs: list[tuple[int, int]]
) -> Iterator[Made]:
    """Yield what is made of each pair in their order, a few made ahead and no more."""
    waiting: deque[Future[Made]] = deque()
    for pair in pairs:
        waiting.append(pool.submit(make, pair))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def simplified(shapes: Geometries, zoom: int) -> Geometries:
    """Return areas with borders as fine as a zoom shows them; one that would break stays."""
    out: Geometries = shapely.simplify(shapes, FINE * step(zoom), preserve_topology=True)
    broken = ~shapely.is_valid(out) | shapely.is_empty(out)
    out[broken] = shapes[broken]
    return out


def in_order(rows: Integers, places: NDArray[np.float64], zoom: int) -> Placed:
    """Return rows by the tile that their place lies in, along the curve."""
    tile = np.clip(np.floor(places[rows] / tile_span(zoom)), 0, (1 << zoom) - 1).astype(np.int64)
    place = curve_place(zoom, tile[:, 0], tile[:, 1])
    order = np.argsort(place, kind="stable")
    return Placed(place[order], tile[order, 0], tile[order, 1], rows[order])
