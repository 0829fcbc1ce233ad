"""From a scan's tile data to one file of tiles that says of itself what it shows and what not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import shapely

from landwatch import __version__
from landwatch.errors import PageError, UsageError
from landwatch.files import check_writable, whole_file
from landwatch.language.catalogue import say
from landwatch.mapping.shapes import WORLD_BITS
from landwatch.mapping.style import CLASSES, class_name
from landwatch.mapping.tiles.data import (
    PARCEL_POINTS,
    PARCELS,
    PARK_POINTS,
    PARKS,
    TileData,
    ZoomTold,
)
from landwatch.mapping.tiles.files import About, form_of, write_mbtiles, write_pmtiles
from landwatch.mapping.tiles.places import MOST_ZOOM
from landwatch.mapping.tiles.pyramid import Hears, Pyramid

LEAST_ZOOM, LAST_ZOOM = 0, 15
"""The zooms unless others are asked for: at the last, a step of a tile is 0.25 m at 36° N."""


@dataclass(frozen=True, slots=True)
class TilesReceipt:
    """What was written.

    Attributes:
        path: the file.
        bytes: its size.
        tiles: how many tiles it answers with.
        different: how many different ones it holds.
        parcels: how many parcels are drawn.
        undrawn: how many have no shape.
        contracts: how many contracts were meant.
        contracts_undrawn: how many of them lie on no parcel that is drawn.
        zooms: how each zoom shows the parcels.
    """

    path: Path
    bytes: int
    tiles: int
    different: int
    parcels: int
    undrawn: int
    contracts: int
    contracts_undrawn: int
    zooms: Sequence[ZoomTold]


def check_zooms(least: int, most: int) -> None:
    """Refuse zooms that are none, or in the wrong order.

    Raises:
        UsageError: they are.
    """
    if not 0 <= least <= most <= MOST_ZOOM:
        raise UsageError("tiles.error.zooms", least=least, most=most, last=MOST_ZOOM)


def write_tiles(
    path: Path,
    data: TileData,
    *,
    lang: str,
    zooms: tuple[int, int] = (LEAST_ZOOM, LAST_ZOOM),
    told: Hears | None = None,
) -> TilesReceipt:
    """Write the tiles of `data` to `path`, at once or not at all.

    Raises:
        UsageError: the name ends in neither .mbtiles nor .pmtiles, or the zooms are none.
        PageError: nothing can be drawn, or the file cannot be written.
    """
    form = form_of(path)
    check_zooms(*zooms)
    check_writable(path, error=PageError)
    if not len(data.shapes) and not len(data.parks):
        raise PageError("tiles.error.nothing", contracts=data.contracts)
    pyramid = Pyramid(data, *zooms, told)

    def about() -> About:
        return _about(data, pyramid, zooms, lang)

    write = write_mbtiles if form == ".mbtiles" else write_pmtiles
    with whole_file(path, error=PageError) as beside:
        different = write(beside, pyramid.tiles(), about)
        size = beside.stat().st_size
    return TilesReceipt(
        path=path,
        bytes=size,
        tiles=sum(zoom.tiles for zoom in pyramid.zooms),
        different=different,
        parcels=len(data.shapes),
        undrawn=data.undrawn,
        contracts=data.contracts,
        contracts_undrawn=data.contracts_undrawn,
        zooms=tuple(pyramid.zooms),
    )


def _about(data: TileData, pyramid: Pyramid, zooms: tuple[int, int], lang: str) -> About:
    """Return what the file says of itself."""
    west, south, east, north = bounds_of(data)
    span = max(east - west, 1e-9)
    near = int(np.clip(np.floor(np.log2(360 / span)), *zooms))
    day = data.as_of.isoformat()
    said = {"title": data.title, "day": day, "scan": data.scan_id or "-", "version": __version__}
    left_out = {"undrawn": data.undrawn, "contracts": data.contracts_undrawn}
    texts = {
        "attribution": say("tiles.attribution", lang, **said),
        "description": say("tiles.description", lang, **said, **left_out),
        "landwatch_version": __version__,
        "landwatch_as_of": day,
        "landwatch_legend": json.dumps(_legend(), ensure_ascii=False),
        "landwatch_zooms": json.dumps([asdict(zoom) for zoom in pyramid.zooms]),
    }
    if data.scan_id is not None:
        texts["landwatch_scan"] = str(data.scan_id)
    return About(
        name=data.title,
        bounds=(west, south, east, north),
        zooms=zooms,
        center=((west + east) / 2, (south + north) / 2, near),
        texts=texts,
        layers={"vector_layers": _layers(data, zooms, lang)},
    )


def bounds_of(data: TileData) -> tuple[float, float, float, float]:
    """Return west, south, east and north of everything that is drawn, in degrees."""
    shapes = np.concatenate([data.shapes, data.parks])
    west, north, east, south = (value / 2.0**WORLD_BITS for value in shapely.total_bounds(shapes))
    return _longitude(west), _latitude(south), _longitude(east), _latitude(north)


def _longitude(x: float) -> float:
    return float(x * 360 - 180)


def _latitude(y: float) -> float:
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y)))))


def _legend() -> list[dict[str, str]]:
    """Return the classes in the order of the map, with their colours and names."""
    return [
        {
            "class": kind.code,
            "colour": kind.colour,
            "hatched": "yes" if kind.hatched else "no",
            **{lang: class_name(kind, lang) for lang in ("zh", "en")},
        }
        for kind in CLASSES
    ]


def _layers(data: TileData, zooms: tuple[int, int], lang: str) -> list[dict[str, object]]:
    parcels = {one.name: one.kind for one in data.told}
    counts = {"count": "Number", "breaches": "Number"}
    parks = {one.name: one.kind for one in data.parks_told}
    fields = {
        PARCELS: parcels,
        PARCEL_POINTS: parcels | counts,
        PARKS: parks,
        PARK_POINTS: parks,
    }
    return [
        {
            "id": name,
            "description": say(f"tiles.layer.{name}", lang),
            "minzoom": zooms[0],
            "maxzoom": zooms[1],
            "fields": told,
        }
        for name, told in fields.items()
        if told
    ]
