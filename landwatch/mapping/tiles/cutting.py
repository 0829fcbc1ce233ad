"""Areas cut along tiles: which tiles each touches, what of it lies there, rounded to the tile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.shapes import Geometries
from landwatch.mapping.tiles.mvt import Ragged, polygon_commands, spread
from landwatch.mapping.tiles.places import BUFFER, curve_place, step, tile_span

WIDE = 8
"""Tiles across from which on an area is first cut into strips: its box may be mostly empty."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Areas and the tiles that they may touch, in the order of the curve.

    Attributes:
        place: the place of the tile along the curve, ascending.
        x: the column of the tile.
        y: its row.
        row: the row of the area.
        shape: the area, or the part of it that reaches the tile.
    """

    place: Integers
    x: Integers
    y: Integers
    row: Integers
    shape: Geometries


def pieces(shapes: Geometries, rows: Integers, zoom: int, over: Integers) -> Pieces:
    """Return which tiles of a zoom the boxes of areas touch, the tiles' margins too.

    In each tile they stand in the order of `over`, which has a number for each of all rows: what
    comes later is drawn over what comes before.
    """
    shapes, rows, column = _stripped(shapes, rows, zoom)
    low, high = _tiles_of(shapes, zoom)
    alone = column >= 0
    low[alone, 0] = high[alone, 0] = column[alone]
    counts = high - low + 1
    each = counts[:, 0] * counts[:, 1]
    at = np.repeat(np.arange(len(shapes)), each)
    order = spread(np.zeros(len(each), np.int64), each)
    x = low[at, 0] + order % counts[at, 0]
    y = low[at, 1] + order // counts[at, 0]
    place = curve_place(zoom, x, y)
    curve = np.lexsort((rows[at], over[rows[at]], place))
    at = at[curve]
    return Pieces(place[curve], x[curve], y[curve], rows[at], shapes[at])


def _tiles_of(shapes: Geometries, zoom: int) -> tuple[Integers, Integers]:
    """Return the first and the last column and row of the tiles that the boxes of shapes touch."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    span, margin, last = tile_span(zoom), BUFFER * step(zoom), (1 << zoom) - 1
    low = np.floor((bounds[:, :2] - margin) / span)
    high = np.floor((bounds[:, 2:] + margin) / span)
    return np.clip(low, 0, last).astype(np.int64), np.clip(high, 0, last).astype(np.int64)


def _stripped(
    shapes: Geometries, rows: Integers, zoom: int
) -> tuple[Geometries, Integers, Integers]:
    """Return the areas, the widest in strips; and the one column of tiles each is for, or -1."""
    low, high = _tiles_of(shapes, zoom)
    wide = ((high - low) >= WIDE).all(axis=1)
    kept, kept_rows = [shapes[~wide]], [rows[~wide]]
    columns = [np.full(len(kept[0]), -1, np.int64)]
    span, margin = tile_span(zoom), BUFFER * step(zoom)
    for at in np.flatnonzero(wide).tolist():
        west = np.arange(low[at, 0], high[at, 0] + 1)
        _, north, _, south = shapely.bounds(shapes[at]).tolist()
        strips = shapely.box(west * span - margin, north - 1, (west + 1) * span + margin, south + 1)
        parts = shapely.intersection(shapes[at], strips)
        there = shapely.area(parts) > 0
        kept.append(parts[there])
        kept_rows.append(np.full(int(there.sum()), rows[at]))
        columns.append(west[there])
    return np.concatenate(kept), np.concatenate(kept_rows), np.concatenate(columns)


def clipped(some: Pieces, zoom: int) -> Geometries:
    """Return what of each piece lies in its tile and the tile's margin."""
    span, margin = tile_span(zoom), BUFFER * step(zoom)
    west, north = some.x * span - margin, some.y * span - margin
    east, south = (some.x + 1) * span + margin, (some.y + 1) * span + margin
    bounds = shapely.bounds(some.shape).reshape(-1, 4)
    cut = (bounds[:, 0] < west) | (bounds[:, 1] < north)
    cut |= (bounds[:, 2] > east) | (bounds[:, 3] > south)
    out = some.shape.copy()
    if cut.any():
        squares = shapely.box(west[cut], north[cut], east[cut], south[cut])
        out[cut] = shapely.intersection(some.shape[cut], squares)
    return out


@dataclass(frozen=True, slots=True)
class Drawn:
    """Areas rounded to their tiles: those that are left, and how they are drawn."""

    kept: NDArray[np.bool_]
    commands: Ragged


def drawn(shapes: Geometries, x: Integers, y: Integers, zoom: int) -> Drawn:
    """Return areas in the steps of their tiles, outer rings turning one way, holes the other."""
    rings, owner, outer = _rings(shapes)
    places = shapely.get_coordinates(rings)
    lengths = shapely.get_num_coordinates(rings).astype(np.int64)
    of_ring = np.repeat(np.arange(len(rings)), lengths)
    origin = np.column_stack([x, y])[owner[of_ring]] * tile_span(zoom)
    corners = np.round((places - origin) / step(zoom)).astype(np.int64)
    corners, lengths = _without_repeats(corners, lengths, of_ring)
    area = _double_areas(corners, lengths)
    good = (lengths >= 3) & (area != 0)
    good &= _outer_of(outer, good)
    corners = corners[np.repeat(good, lengths)]
    owner, outer, area, lengths = owner[good], outer[good], area[good], lengths[good]
    corners = _turned(corners, lengths, (area > 0) != outer)
    kept = np.zeros(len(shapes), np.bool_)
    kept[owner] = True
    place = np.cumsum(kept) - 1
    count = int(kept.sum())
    commands = polygon_commands(corners[:, 0], corners[:, 1], lengths, place[owner], count)
    return Drawn(kept, commands)


def _rings(shapes: Geometries) -> tuple[Geometries, Integers, NDArray[np.bool_]]:
    """Return the rings of areas, the row of each, and whether it is an outer one."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    inner, of_inner = shapely.get_parts(parts, return_index=True)  # areas inside a collection
    areas = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON
    areas &= ~shapely.is_empty(inner)
    rings, of_ring = shapely.get_rings(inner[areas], return_index=True)
    outer = np.ones(len(rings), np.bool_)
    outer[1:] = of_ring[1:] != of_ring[:-1]
    owner = of_shape[of_inner][areas][of_ring]
    return rings, owner.astype(np.int64), outer


def _without_repeats(
    corners: Integers, lengths: Integers, of_ring: Integers
) -> tuple[Integers, Integers]:
    """Return the rings without their closing corner, and without corners that rounding joined."""
    again = np.zeros(len(corners), np.bool_)
    same = (corners[1:] == corners[:-1]).all(axis=1) & (of_ring[1:] == of_ring[:-1])
    again[1:] = same
    kept = ~again
    left = np.bincount(of_ring[kept], minlength=len(lengths))
    corners, of_ring = corners[kept], of_ring[kept]
    ends = np.cumsum(left) - 1
    closing = left > 1
    kept = np.ones(len(corners), np.bool_)
    kept[ends[closing]] = False  # the last corner is the first again
    return corners[kept], left - closing


def _double_areas(corners: Integers, lengths: Integers) -> Integers:
    """Return twice the area of each ring, positive where it turns clockwise on the screen."""
    if not len(lengths):
        return np.zeros(0, np.int64)
    ends = np.cumsum(lengths)
    following = np.arange(1, len(corners) + 1)
    following[ends - 1] = ends - lengths
    x, y = corners[:, 0], corners[:, 1]
    turns = np.concatenate([[0], np.cumsum(x * y[following] - x[following] * y)])
    areas: Integers = turns[ends] - turns[ends - lengths]
    return areas


def _outer_of(outer: NDArray[np.bool_], good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of each ring whether the outer ring that it belongs to is still there."""
    if not len(outer):
        return good
    heads = np.flatnonzero(outer)
    there: NDArray[np.bool_] = good[heads][np.cumsum(outer) - 1]
    return there


def _turned(corners: Integers, lengths: Integers, wrong: NDArray[np.bool_]) -> Integers:
    """Return the corners with the rings that turn the wrong way turned round."""
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(corners))
    every = np.repeat(wrong, lengths)
    mirrored = np.repeat(2 * starts + lengths - 1, lengths)
    place[every] = mirrored[every] - place[every]
    turned: Integers = corners[place]
    return turned
