"""MBTiles, a SQLite file of tiles; its rows are counted from the south."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from landwatch.errors import PageError
from landwatch.mapping.backdrops.pictures import MOST_BYTES
from landwatch.mapping.backdrops.tile_sources import plain_words, zooms_within

PATIENCE_S = 20.0
"""No question of ours takes longer; a view in a strange file may never end."""
_STEPS = 20_000
_MOST_TOLD = 200


class MbTiles:
    """Tiles of an MBTiles file, which is opened to read and never changed."""

    def __init__(self, path: Path) -> None:
        """Open a file and learn what it says of itself.

        Raises:
            PageError: it is no MBTiles file, is damaged, or holds vector tiles.
        """
        self._path, self._until = path, 0.0
        self._data = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
        try:
            self._data.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * MOST_BYTES)
            self._data.text_factory = lambda told: told.decode("utf-8", "replace")
            self._data.set_progress_handler(self._too_long, _STEPS)
            self._ask("PRAGMA trusted_schema=OFF")
            described = self._described()
            zooms = self._ask("SELECT min(zoom_level), max(zoom_level) FROM tiles")[0]
        except PageError:
            self._data.close()
            raise
        self.name = plain_words(described.get("name"), path.stem)
        self.credit = plain_words(described.get("attribution"))
        self.zooms = zooms_within(*zooms) if all(type(one) is int for one in zooms) else range(0)
        if str(described.get("format", "")).casefold() in ("pbf", "mvt"):
            self._data.close()
            raise PageError("backdrop.error.vector", file=str(path))

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is kept; None where there is none, no bytes where it is damaged."""
        place = (zoom, x, 2**zoom - 1 - y)
        rows = self._ask(
            f"SELECT CASE WHEN length(tile_data) <= {MOST_BYTES} THEN tile_data END FROM tiles"
            " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ? LIMIT 1",
            place,
        )
        if not rows:
            return None
        return rows[0][0] if isinstance(rows[0][0], bytes) else b""

    def close(self) -> None:
        """Let the file go."""
        self._data.close()

    def _described(self) -> Mapping[str, object]:
        tables = {row[0] for row in self._ask("SELECT name FROM sqlite_master LIMIT 1000")}
        if "tiles" not in tables:
            raise PageError("backdrop.error.no_tiles_table", file=str(self._path))
        if "metadata" not in tables:
            return {}
        told = self._ask(f"SELECT name, value FROM metadata LIMIT {_MOST_TOLD}")
        return {str(name): value for name, value in told}

    def _too_long(self) -> bool:
        return time.monotonic() > self._until

    def _ask(self, question: str, values: Sequence[int] = ()) -> list[Any]:
        self._until = time.monotonic() + PATIENCE_S
        try:
            return self._data.execute(question, values).fetchall()
        except (sqlite3.Error, OverflowError, MemoryError) as error:
            why = plain_words(error)
            raise PageError("backdrop.error.mbtiles", file=str(self._path), why=why) from error
