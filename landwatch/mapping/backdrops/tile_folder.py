"""A folder of tiles, one file each: by zoom and column as most programs write it, or a template."""

from __future__ import annotations

import re
from pathlib import Path

from landwatch.errors import PageError
from landwatch.mapping.backdrops.pictures import ENDINGS, MOST_BYTES
from landwatch.mapping.backdrops.tile_sources import MOST_ZOOM, zooms_within

_PLACES = re.compile(r"\{([^{}]*)\}")
_KNOWN = {"z", "x", "y", "-y"}
_LOOKED = 50
_OF_GDAL = "tilemapresource.xml"
"""gdal2tiles lays it beside tiles whose rows are counted from the south."""


class TileFolder:
    """Tiles of a folder.

    `pattern` tells where under `root` a tile lies, with `{z}`, `{x}` and `{y}`, or `{-y}` where
    rows are counted from the south.
    """

    def __init__(self, told: str) -> None:
        """Find out how the tiles of a folder are named.

        Raises:
            PageError: the folder is not there, or nothing in it is named as tiles are.
        """
        head, mark, tail = told.partition("{")
        cut = max(head.rfind("/"), head.rfind("\\")) if mark else len(head)
        self.root = Path(head[: cut + 1] or ".").expanduser()
        if not self.root.is_dir():
            raise PageError("backdrop.error.missing", file=str(self.root))
        self.pattern = head[cut + 1 :] + mark + tail if mark else self._found()
        places = _PLACES.findall(self.pattern)
        rows = {"y", "-y"} & set(places)
        if not set(places) <= _KNOWN or not {"z", "x"} <= set(places) or len(rows) != 1:
            raise PageError("backdrop.error.template", url=told)
        if ".." in Path(self.pattern).parts:
            raise PageError("backdrop.error.template", url=told)
        self._inside = self.root.resolve()
        self.name, self.credit = self.root.resolve().name or "tiles", ""
        self.zooms = self._zooms()

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile as it is kept; None where there is none, no bytes where it is damaged."""
        path = self.root / self.place(zoom, x, y)
        try:
            if not path.is_file():
                return None
            if not path.resolve().is_relative_to(self._inside):  # a link that leads elsewhere
                return b""
            return path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        except OSError:
            return b""

    def place(self, zoom: int, x: int, y: int) -> str:
        """Return where under the root a tile lies."""
        told = {"z": zoom, "x": x, "y": y, "-y": 2**zoom - 1 - y}
        return _PLACES.sub(lambda place: str(told[place[1]]), self.pattern)

    def close(self) -> None:
        """Hold nothing open."""

    def _found(self) -> str:
        """Return how the first tile that is found is named."""
        for zoom in self._numbered(self.root):
            for column in self._numbered(self.root / zoom)[:_LOOKED]:
                for file in sorted((self.root / zoom / column).iterdir())[:_LOOKED]:
                    ending = file.suffix[1:]
                    if ending.casefold() in ENDINGS and file.stem.isdecimal():
                        row = "{-y}" if (self.root / _OF_GDAL).is_file() else "{y}"
                        return f"{{z}}/{{x}}/{row}.{ending}"
        raise PageError("backdrop.error.folder", file=str(self.root))

    def _zooms(self) -> range:
        if not self.pattern.startswith("{z}/"):
            return zooms_within(0, MOST_ZOOM)
        found = [int(name) for name in self._numbered(self.root)]
        return zooms_within(min(found), max(found)) if found else range(0)

    @staticmethod
    def _numbered(folder: Path) -> list[str]:
        """Return the folders that are named by a number, the least first; other names are none."""
        names = [one.name for one in folder.iterdir() if one.is_dir()]
        numbered = [name for name in names if name.isascii() and name.isdecimal()]
        return sorted((name for name in numbered if len(name) < 8), key=int)
