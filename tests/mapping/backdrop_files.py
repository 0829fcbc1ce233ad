"""Small files of tiles for the tests of backdrops: each tile tells its place by its colour."""

from __future__ import annotations

import io
import math
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

Place = tuple[int, int, int]
"""Zoom, column, row from the north."""


def picture(colour: tuple[int, int, int], kind: str = "png", side: int = 256) -> bytes:
    """Return a picture of one colour."""
    return encoded(Image.new("RGB", (side, side), colour), kind)


def encoded(image: Image.Image, kind: str = "png") -> bytes:
    """Return an image as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "jpeg" else {}))
    return out.getvalue()


def colour_of(place: Place) -> tuple[int, int, int]:
    """Return the colour of a tile, another one for its neighbours."""
    zoom, x, y = place
    return (40 + 12 * zoom) % 256, (x * 53) % 200 + 30, (y * 71) % 200 + 30


def world(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where in the square of Web Mercator a place lies, from 0 to 1."""
    sine = math.sin(math.radians(latitude))
    return longitude / 360 + 0.5, 0.5 - math.atanh(sine) / (2 * math.pi)


def around(longitude: float, latitude: float, zooms: Iterable[int], margin: int = 3) -> list[Place]:
    """Return the tiles around a place."""
    found = []
    for zoom in zooms:
        x, y = (math.floor(part * 2**zoom) for part in world(longitude, latitude))
        spread = range(-margin, margin + 1)
        places = {(zoom, x + i, y + j) for i in spread for j in spread}
        found += [one for one in sorted(places) if min(one) >= 0 and max(one[1:]) < 2**zoom]
    return found


def coloured(places: Iterable[Place], kind: str = "png") -> dict[Place, bytes]:
    """Return a tile of its own colour for each place."""
    return {place: picture(colour_of(place), kind) for place in places}


def with_discs(places: Iterable[Place], spots: np.ndarray, radius: float = 4) -> dict[Place, bytes]:
    """Return white tiles with a red disc wherever a spot (longitude, latitude) lies on them."""
    tiles = {}
    for zoom, x, y in places:
        image = Image.new("RGB", (256, 256), "white")
        pen = ImageDraw.Draw(image)
        for longitude, latitude in spots.tolist():
            across, down = world(longitude, latitude)
            at = (across * 2**zoom - x) * 256, (down * 2**zoom - y) * 256
            pen.ellipse([at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius], "red")
        tiles[zoom, x, y] = encoded(image)
    return tiles


def mbtiles(path: Path, tiles: Mapping[Place, bytes], **told: str) -> Path:
    """Write an MBTiles file; its rows are counted from the south."""
    with sqlite3.connect(path) as data:
        data.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        data.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        data.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()]
        data.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    data.close()
    return path


def pmtiles(
    path: Path, tiles: Mapping[Place, bytes], kind: TileType = TileType.PNG, **told: str
) -> Path:
    """Write a PMTiles file."""
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]  # the package is untyped here
        for place in sorted(tiles, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*place), tiles[place])
        zooms = [zoom for zoom, _, _ in tiles]
        header = {
            "tile_type": kind,
            "tile_compression": Compression.NONE,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
        }
        writer.finalize(header, told)
    return path


def tile_folder(path: Path, tiles: Mapping[Place, bytes], *, south: bool = False) -> Path:
    """Write a folder of tiles, one file each."""
    for (zoom, x, y), data in tiles.items():
        row = 2**zoom - 1 - y if south else y
        place = path / str(zoom) / str(x) / f"{row}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return path
