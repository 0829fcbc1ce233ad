"""A run of tiles made at once: which features each has, in which layers, and how large it is."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.tiles.attributes import NOT_TOLD, Vocabulary
from landwatch.mapping.tiles.cutting import Pieces, clipped, drawn
from landwatch.mapping.tiles.data import (
    PARCEL_POINTS,
    PARCELS,
    PARK_POINTS,
    PARKS,
    Tile,
    TileData,
)
from landwatch.mapping.tiles.mvt import (
    EXTENT,
    POINT,
    POLYGON,
    Features,
    layers,
    point_commands,
)
from landwatch.mapping.tiles.places import first_tile_id
from landwatch.mapping.tiles.points import gathered
from landwatch.mapping.tiles.thinning import LEVELS, MOST_BYTES, Level, least_width, named


@dataclass(frozen=True, slots=True)
class Words:
    """What each layer can tell; the points of the last zoom tell whose they are too."""

    parcels: Vocabulary
    points: Vocabulary
    last_points: Vocabulary
    parks: Vocabulary


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows and the tiles they lie in, in the order of the curve."""

    place: Integers
    x: Integers
    y: Integers
    row: Integers


PartOfZoom = TypeVar("PartOfZoom", Pieces, Placed)


@dataclass(frozen=True)
class Batch:
    """What some tiles of a zoom show, in the order of the curve.

    Attributes:
        zoom: the zoom.
        data: the scan.
        words: what its layers can tell.
        last: whether no closer zoom follows.
        width: how wide each parcel is, in steps of a tile.
        middles: where each parcel lies, in tiles.
        areas: parcels wide enough to be drawn, and their tiles.
        points: the others, each in its one tile.
        parks: the parks and their tiles.
        park_points: each park in its one tile.
        park_middles: where each park lies, in tiles.
    """

    zoom: int
    data: TileData
    words: Words
    last: bool
    width: NDArray[np.float64]
    middles: NDArray[np.float64]
    areas: Pieces
    points: Placed
    parks: Pieces
    park_points: Placed
    park_middles: NDArray[np.float64]

    @cached_property
    def tiles(self) -> tuple[Integers, Integers, Integers]:
        """Return the tiles that have something: place along the curve, column, row."""
        parts = (self.areas, self.points, self.parks, self.park_points)
        place = np.concatenate([part.place for part in parts])
        different, first = np.unique(place, return_index=True)
        x = np.concatenate([part.x for part in parts])[first]
        y = np.concatenate([part.y for part in parts])[first]
        return different, x, y

    def weights(self) -> Integers:
        """Return about how much work each tile is."""
        place, _, _ = self.tiles
        counts = [
            np.diff(np.searchsorted(part.place, np.append(place, np.iinfo(np.int64).max)))
            for part in (self.areas, self.points, self.parks)
        ]
        weights: Integers = np.sum(counts, axis=0) + 1
        return weights

    def part(self, first: int, last: int) -> Batch:
        """Return the tiles from `first` to before `last`."""
        place, _, _ = self.tiles
        ends = [place[first], place[last] if last < len(place) else np.iinfo(np.int64).max]
        return replace(
            self,
            areas=_slice(self.areas, ends),
            points=_slice(self.points, ends),
            parks=_slice(self.parks, ends),
            park_points=_slice(self.park_points, ends),
        )


def _slice(part: PartOfZoom, ends: list[int]) -> PartOfZoom:
    first, last = np.searchsorted(part.place, ends).tolist()
    cut = {one.name: getattr(part, one.name)[first:last] for one in fields(part)}
    return replace(part, **cut)


@dataclass(frozen=True, slots=True)
class Made:
    """The tiles of a batch, and what became of the parcels that lie in them.

    `looked_at` counts those too of which nothing was left.
    """

    tiles: list[Tile]
    looked_at: int
    areas: int
    points: int
    thinned: int


def made_of(whole: Batch, first: int, last: int) -> Made:
    """Return the tiles of a zoom from `first` to before `last`, none larger than it may be."""
    place, x, y = whole.tiles
    number = first_tile_id(whole.zoom) + place
    batch = whole.part(first, last)
    bodies, areas, points = _bodies(batch, LEVELS[0])
    tiles, thinned = [], 0
    for at, body in enumerate(bodies):
        packed = gzip.compress(body, compresslevel=6, mtime=0)
        if len(packed) > MOST_BYTES:
            packed, change = _thinner(whole, first + at)
            areas, points, thinned = areas - change, points + change, thinned + 1
        if body:
            here = first + at
            tiles.append(Tile(int(number[here]), whole.zoom, int(x[here]), int(y[here]), packed))
    return Made(tiles, last - first, areas, points, thinned)


def _thinner(whole: Batch, at: int) -> tuple[bytes, int]:
    """Return a tile that tells less, and how many of its parcels became points by that."""
    one = whole.part(at, at + 1)
    _, before, _ = _bodies(one, LEVELS[0])
    packed, areas = b"", before
    for level in LEVELS[1:]:
        [body], areas, _ = _bodies(one, level)
        packed = gzip.compress(body, compresslevel=6, mtime=0)
        if len(packed) <= MOST_BYTES:
            break
    return packed, before - areas


def _bodies(batch: Batch, level: Level) -> tuple[list[bytes], int, int]:
    """Return the tiles of a batch, and how many parcels they tell as areas and how many as points.

    Each parcel is counted in the tile that its middle lies in.
    """
    place, x, _ = batch.tiles
    grave, cut = batch.data.grave, batch.areas
    wide = batch.width[cut.row] >= least_width(grave[cut.row], level)
    some = _taken(cut, wide)
    shown = drawn(clipped(some, batch.zoom), some.x, some.y, batch.zoom)
    left = _taken(some, shown.kept)
    areas = Features(
        POLYGON,
        np.searchsorted(place, left.place),
        batch.words.parcels.codes(left.row, named(grave[left.row], level)),
        batch.data.ids[left.row],
        shown.commands,
    )
    undrawn = wide.copy()
    undrawn[wide] = shown.kept
    lost = _at_home(_taken(cut, ~undrawn), batch.middles)
    row = np.concatenate([batch.points.row, lost.row])
    tile = np.searchsorted(place, np.concatenate([batch.points.place, lost.place]))
    corner = np.column_stack(
        [np.concatenate([batch.points.x, lost.x]), np.concatenate([batch.points.y, lost.y])]
    )
    points = _points(batch, level, row, tile, batch.middles[row] - corner)
    parts = [
        layers(PARKS, batch.words.parks, _parks(batch), len(x)),
        layers(PARCELS, batch.words.parcels, areas, len(x)),
        layers(PARCEL_POINTS, _point_words(batch), points, len(x)),
        layers(PARK_POINTS, batch.words.parks, _park_points(batch), len(x)),
    ]
    count = len(_at_home(left, batch.middles).row)
    return [b"".join(pieces) for pieces in zip(*parts, strict=True)], count, len(row)


def _taken(part: Pieces, which: NDArray[np.bool_]) -> Pieces:
    return Pieces(
        part.place[which], part.x[which], part.y[which], part.row[which], part.shape[which]
    )


def _at_home(part: Pieces, middles: NDArray[np.float64]) -> Pieces:
    """Return the pieces that hold the middle of their parcel: one of each parcel."""
    home = np.floor(middles[part.row])
    return _taken(part, (home[:, 0] == part.x) & (home[:, 1] == part.y))


def _point_words(batch: Batch) -> Vocabulary:
    return batch.words.last_points if batch.last else batch.words.points


def _points(
    batch: Batch, level: Level, row: Integers, tile: Integers, place: NDArray[np.float64]
) -> Features:
    """Return the points of a batch; each tells of its gravest parcel, and of how many it tells."""
    grave = batch.data.grave
    found = gathered(row, tile, place, grave, level.cells)
    words = _point_words(batch)
    codes = np.empty((len(found.row), len(words.attributes)), np.int64)
    for at, one in enumerate(words.attributes):
        if one.name == "count":
            codes[:, at] = found.count
        elif one.name == "breaches":
            codes[:, at] = found.breaches
        else:
            codes[:, at] = one.codes[found.row]
            if one.identity:
                codes[(found.count > 1) | ~named(grave[found.row], level), at] = NOT_TOLD
    commands = point_commands(found.place[:, 0], found.place[:, 1])
    return Features(POINT, found.tile, codes, batch.data.ids[found.row], commands)


def _parks(batch: Batch) -> Features:
    cut = batch.parks
    shown = drawn(clipped(cut, batch.zoom), cut.x, cut.y, batch.zoom)
    left = _taken(cut, shown.kept)
    tile = np.searchsorted(batch.tiles[0], left.place)
    codes = batch.words.parks.codes(left.row)
    return Features(POLYGON, tile, codes, left.row + 1, shown.commands)


def _park_points(batch: Batch) -> Features:
    held = batch.park_points
    steps = (batch.park_middles[held.row] - np.column_stack([held.x, held.y])) * EXTENT
    x, y = np.clip(np.round(steps), 0, EXTENT - 1).astype(np.int64).T
    tile = np.searchsorted(batch.tiles[0], held.place)
    codes = batch.words.parks.codes(held.row)
    return Features(POINT, tile, codes, held.row + 1, point_commands(x, y))
