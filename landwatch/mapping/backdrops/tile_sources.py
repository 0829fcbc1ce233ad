"""Files that hold tiles, whatever their format: one way to ask each for a tile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from landwatch.errors import PageError

MOST_ZOOM = 19
"""Farther in a parcel fills the screen; what a file claims beyond is not asked for."""
_TAG = re.compile(r"<[^>]*>")
_LONGEST = 300


class TileSource(Protocol):
    """Tiles of Web Mercator, counted from the north-west corner."""

    @property
    def name(self) -> str:
        """Return what the source calls itself, else the name of its file."""
        ...

    @property
    def credit(self) -> str:
        """Return whose map it is, as the source says; empty where it says nothing."""
        ...

    @property
    def zooms(self) -> range:
        """Return the zooms that the source claims to have."""
        ...

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is kept; None where there is none, no bytes where it is damaged."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...


def opened_tiles(told: str) -> TileSource:
    """Return the tiles of a file or folder, or of a template of paths.

    Raises:
        PageError: it is not there, or holds no tiles of pictures.
    """
    from landwatch.mapping.backdrops.mbtiles import MbTiles
    from landwatch.mapping.backdrops.pmtiles_file import PmTiles
    from landwatch.mapping.backdrops.tile_folder import TileFolder

    path = Path(told).expanduser()
    if "{" in told or path.is_dir():
        return TileFolder(told)
    if not path.is_file():
        raise PageError("backdrop.error.missing", file=told)
    if path.suffix.casefold() == ".pmtiles":
        return PmTiles(path)
    if path.suffix.casefold() in (".mbtiles", ".sqlite", ".db"):
        return MbTiles(path)
    raise PageError("backdrop.error.tile_format", file=told)


def plain_words(told: object, instead: str = "") -> str:
    """Return what a file says of itself as one line of text without marks of HTML."""
    text = " ".join(_TAG.sub(" ", str(told or "")).split())
    return text[:_LONGEST] or instead


def zooms_within(lowest: int, highest: int) -> range:
    """Return the zooms that are asked for, of those that a file claims."""
    return range(max(0, lowest), min(MOST_ZOOM, highest) + 1)
