"""Tiles on disk: MBTiles 1.3 and PMTiles 3, one file, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landwatch.errors import UsageError
from landwatch.mapping.tiles.data import Tile

FORMS = (".mbtiles", ".pmtiles")
_APPLICATION_ID = 0x4D504258  # "MPBX", by which programs know MBTiles
_AT_ONCE = 500
_TABLES = """
CREATE TABLE metadata (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE images (tile_id TEXT NOT NULL PRIMARY KEY, tile_data BLOB NOT NULL);
CREATE TABLE map (
    zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
    tile_id TEXT NOT NULL
);
CREATE UNIQUE INDEX map_index ON map (zoom_level, tile_column, tile_row);
CREATE VIEW tiles AS
    SELECT map.zoom_level, map.tile_column, map.tile_row, images.tile_data
    FROM map JOIN images ON images.tile_id = map.tile_id;
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a file of tiles says of itself.

    Attributes:
        name: its title.
        bounds: west, south, east, north in degrees.
        zooms: the first and the last.
        center: longitude, latitude, zoom.
        texts: attribution, description and what else is text.
        layers: `vector_layers` and what else MBTiles keeps as JSON.
    """

    name: str
    bounds: tuple[float, float, float, float]
    zooms: tuple[int, int]
    center: tuple[float, float, int]
    texts: Mapping[str, str]
    layers: Mapping[str, object]


def form_of(path: Path) -> str:
    """Return the form that a file's name asks for.

    Raises:
        UsageError: it ends in neither.
    """
    if path.suffix.lower() not in FORMS:
        raise UsageError("tiles.error.kind", file=path.name)
    return path.suffix.lower()


def write_mbtiles(path: Path, tiles: Iterable[Tile], about: Callable[[], About]) -> int:
    """Write tiles as MBTiles; return how many different ones there were.

    `about` is asked once all tiles are written: then it is known how each zoom came out. The file
    is new and nobody reads it before it has its name, so it needs no journal.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        base.executescript(_TABLES)
        base.execute("BEGIN")
        for some in _in_groups(tiles):
            named = [(hashlib.blake2b(t.data, digest_size=16).hexdigest(), t) for t in some]
            base.executemany(
                "INSERT OR IGNORE INTO images VALUES (?, ?)", [(key, t.data) for key, t in named]
            )
            base.executemany(
                "INSERT INTO map VALUES (?, ?, ?, ?)",
                [(t.zoom, t.x, (1 << t.zoom) - 1 - t.y, key) for key, t in named],
            )
        base.executemany("INSERT INTO metadata VALUES (?, ?)", _metadata(about()))
        base.execute("COMMIT")
        [different] = base.execute("SELECT count(*) FROM images").fetchone()
        return int(different)


def _metadata(about: About) -> list[tuple[str, str]]:
    rows = {
        "name": about.name,
        "format": "pbf",
        "bounds": ",".join(f"{value:.6f}" for value in about.bounds),
        "center": "{:.6f},{:.6f},{}".format(*about.center),
        "minzoom": str(about.zooms[0]),
        "maxzoom": str(about.zooms[1]),
        "type": "overlay",
        "version": "1",
        **about.texts,
        "json": json.dumps(about.layers, ensure_ascii=False),
    }
    return list(rows.items())


def _in_groups(tiles: Iterable[Tile]) -> Iterator[list[Tile]]:
    group: list[Tile] = []
    for tile in tiles:
        group.append(tile)
        if len(group) == _AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def write_pmtiles(path: Path, tiles: Iterable[Tile], about: Callable[[], About]) -> int:
    """Write tiles as PMTiles; return how many different ones there were.

    `about` is asked once all tiles are written.
    """
    from pmtiles.tile import Compression, TileType
    from pmtiles.writer import Writer

    # the tiles wait on the disk where they are going: a folder for passing files may be memory
    with path.open("wb") as file, tempfile.TemporaryFile(dir=path.parent) as waiting:
        new_writer: Any = Writer
        writer = new_writer(file)
        writer.tile_f.close()
        writer.tile_f = waiting
        for tile in tiles:
            writer.write_tile(tile.number, tile.data)
        told = about()
        west, south, east, north = (round(value * 1e7) for value in told.bounds)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": told.center[2],
            "center_lon_e7": round(told.center[0] * 1e7),
            "center_lat_e7": round(told.center[1] * 1e7),
        }
        writer.finalize(header, {"name": told.name, **told.texts, **told.layers})
        return len(writer.hash_to_offset)
