"""What tiles are made of: parcels and parks in world units, with what is told of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.shapes import Geometries, drawable, world
from landwatch.mapping.tiles.attributes import Attribute

PARCELS, PARCEL_POINTS, PARKS, PARK_POINTS = "parcels", "parcel_points", "parks", "park_points"


@dataclass(frozen=True, slots=True)
class TileData:
    """A scan as tiles show it.

    Attributes:
        shapes: the areas of the parcels in world units, those that can be drawn.
        ids: the number of each parcel, the same in every tile.
        told: what is told of each parcel.
        grave: the class of each parcel on the map (its place in `CLASSES`).
        parks: the outlines of the parks in world units.
        parks_told: what is told of each park.
        title: of the tiles.
        as_of: the day that the findings speak of.
        scan_id: None where there was no scan.
        undrawn: how many parcels have no shape.
        contracts: how many contracts are meant.
        contracts_undrawn: how many of them lie on no parcel that is drawn.
    """

    shapes: Geometries
    ids: Integers
    told: Sequence[Attribute]
    grave: Integers
    title: str
    as_of: date
    parks: Geometries = field(default_factory=lambda: np.empty(0, object))
    parks_told: Sequence[Attribute] = ()
    scan_id: int | None = None
    undrawn: int = 0
    contracts: int = 0
    contracts_undrawn: int = 0


def in_world_units(shapes: Geometries) -> Geometries:
    """Return areas (EPSG:4490) in world units, mended where their rings cross."""
    out: Geometries = shapely.transform(shapely.force_2d(shapes), world)
    invalid = ~shapely.is_valid(out)
    if invalid.any():
        mended = shapely.make_valid(out[invalid], method="structure", keep_collapsed=False)
        # what is mended to nothing still has its place: a parcel is never lost on the way
        out[invalid] = np.where(shapely.is_empty(mended), shapely.convex_hull(out[invalid]), mended)
    return out


def drawn_rows(shapes: Geometries) -> Integers:
    """Return the rows of the shapes that cover land."""
    rows: Integers = np.flatnonzero(drawable(shapes))
    return rows


def middles(shapes: Geometries) -> NDArray[np.float64]:
    """Return a place inside each area, in the same units."""
    if not len(shapes):
        return np.zeros((0, 2))
    places: NDArray[np.float64] = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return places


@dataclass(frozen=True, slots=True)
class ZoomTold:
    """How a zoom shows the parcels.

    Attributes:
        zoom: the zoom.
        tiles: how many tiles it has.
        areas: how many parcels are drawn as areas.
        points: how many parcels are told by points, several by one where they lie close.
        thinned: how many tiles grew too large and tell less.
        largest_bytes: the size of its largest tile.
    """

    zoom: int
    tiles: int
    areas: int
    points: int
    thinned: int
    largest_bytes: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile as it is written: gzipped; `number` is the one that PMTiles gives it."""

    number: int
    zoom: int
    x: int
    y: int
    data: bytes


Tiles = Iterator[Tile]
Metadata = Mapping[str, object]
