"""What a user asks to see under and over the parcels of a page, and the part that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landwatch.errors import UsageError
from landwatch.mapping.backdrops.addresses import Online, tianditu, wmts, xyz
from landwatch.mapping.backdrops.layer_wish import layer_wish
from landwatch.mapping.backdrops.part import BackdropPart
from landwatch.mapping.backdrops.tile_sources import opened_tiles

INLINE_MB, BESIDE_MB = 15, 500
"""How much of local tiles a page takes along, or lays beside itself, unless told otherwise."""
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class BackdropWishes:
    """Backdrops and layers as they were asked for.

    Attributes:
        page: where the page will be written; a folder of tiles goes beside it.
        layers: `FILE[:LAYER][,name=…][,label=…][,colour=…][,crs=…]`.
        tiles: MBTiles, PMTiles, folders of tiles or templates of paths.
        beside: whether local tiles are laid beside the page instead of into it.
        tiles_mb: how much of them, in MB; None for what is usual.
        tianditu: the token, or `@` and a file that holds it; None for no map of Tianditu.
        tianditu_layer: `vec`, `img` or `ter`.
        xyz: templates of tiles, each `[NAME=]URL`.
        wmts: addresses of WMTS, each `[NAME=]URL`.
        gcj02: whether the tiles (not Tianditu's) are drawn in the coordinates of internet maps.
        approval: the approval number of the backdrop.
        credit: whose map the backdrop is.
    """

    page: Path
    layers: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    beside: bool = False
    tiles_mb: int | None = None
    tianditu: str | None = None
    tianditu_layer: str = "vec"
    xyz: tuple[str, ...] = ()
    wmts: tuple[str, ...] = ()
    gcj02: bool = False
    approval: str = ""
    credit: str = ""

    def part(self) -> BackdropPart | None:
        """Return the part of the page; None where nothing was asked for.

        Raises:
            LandwatchError: something that was asked for cannot be shown.
        """
        if not (self.layers or self.tiles or self.tianditu or self.xyz or self.wmts):
            if self.approval or self.credit or self.gcj02:
                raise UsageError("backdrop.error.no_backdrop")
            return None
        usual = BESIDE_MB if self.beside else INLINE_MB
        online = self._online()
        return BackdropPart(
            page=self.page,
            layers=tuple(layer_wish(told, place) for place, told in enumerate(self.layers)),
            tiles=tuple(opened_tiles(told) for told in self.tiles),
            online=online,
            beside=self.beside,
            budget=(self.tiles_mb or usual) * 1_000_000,
            gcj02=self.gcj02,
            approval=" ".join(self.approval.split())[:_LONGEST],
            credit=" ".join(self.credit.split())[:_LONGEST],
        )

    def _online(self) -> tuple[Online, ...]:
        """Return the tiles that the page asks hosts for, Tianditu's first."""
        found = [tianditu(self.tianditu, self.tianditu_layer)] if self.tianditu else []
        found += [xyz(told, gcj02=self.gcj02) for told in self.xyz]
        found += [wmts(told, gcj02=self.gcj02) for told in self.wmts]
        return tuple(found)
