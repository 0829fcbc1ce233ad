"""The part of a page that tells its backdrops: what is on offer, whence, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.mapping.backdrops.addresses import MERCATOR, Online
from landwatch.mapping.backdrops.beside import check_folder, lay_beside, template_of
from landwatch.mapping.backdrops.layer_wish import LayerWish
from landwatch.mapping.backdrops.layers import Layer, read_layer
from landwatch.mapping.backdrops.picking import Picked, area_boxes, picked
from landwatch.mapping.backdrops.remarks import Remark
from landwatch.mapping.backdrops.tile_sources import TileSource
from landwatch.mapping.columns import Column
from landwatch.mapping.shapes import drawable

if TYPE_CHECKING:
    from landwatch.mapping.arranging import Arranged
    from landwatch.mapping.data import MapData

_APPROVAL = re.compile(r"[\u4e00-\u9fffA-Z]{1,8}S?\s*[(（\[〔]\d{4}[)）\]〕]\s*\d{1,6}\s*号")
_NUMBER_WORD = re.compile(r"^(地图)?审图号\s*[:：]?\s*")


@dataclass(frozen=True, slots=True)
class _Local:
    """Tiles of a file as the page takes them along."""

    head: Mapping[str, object]
    taken: Picked
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class BackdropPart:
    """Backdrops and layers, worked out once the page knows where its parcels lie."""

    page: Path
    layers: tuple[LayerWish, ...]
    tiles: tuple[TileSource, ...]
    online: tuple[Online, ...]
    beside: bool
    budget: int
    gcj02: bool
    approval: str
    credit: str
    name: str = "backdrops"
    later: bool = False
    _layers: list[Layer] = field(default_factory=list)
    _local: list[_Local] = field(default_factory=list)
    _told: list[Remark] = field(default_factory=list)
    _ready: bool = False

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return none: shapes and pictures travel in blocks of their own."""
        return ()

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return what is on offer."""
        self._prepare(data)
        return {
            "backdrops": [dict(one.head) for one in self._local] + self._online_heads(),
            "layers": [one.head(f"layer-{at}") for at, one in enumerate(self._layers)],
            "approval": _NUMBER_WORD.sub("", self.approval),
            "credit": self.credit,
        }

    def blocks(self, data: MapData, rows: Arranged) -> Mapping[str, str]:
        """Return the shapes of layers, and the pictures of tiles that go into the page."""
        self._prepare(data)
        told = {f"layer-{at}": layer.block() for at, layer in enumerate(self._layers)}
        if not self.beside:
            local = enumerate(self._local)
            told |= {f"tiles-{at}": one.taken.block() for at, one in local}
        return told

    def image_sources(self) -> tuple[str, ...]:
        """Return where the page may ask for pictures: exactly the hosts that were asked for."""
        hosts = [host for one in self.online for host in one.hosts]
        return tuple(dict.fromkeys((["'self'"] if self.beside and self._local else []) + hosts))

    def lay_beside(self) -> None:
        """Write the tiles that go beside the page.

        Raises:
            PageError: they cannot be written.
        """
        if self.beside and self._local:
            lay_beside(self.page, [(_folder(at), one.taken) for at, one in enumerate(self._local)])

    def remarks(self) -> tuple[Remark, ...]:
        """Return what is to be said to whoever makes the page."""
        return tuple(self._told)

    def _prepare(self, data: MapData) -> None:
        """Read layers and tiles around the parcels, once."""
        if self._ready:
            return
        self._ready = True
        try:
            self._read(_drawn(data))
        finally:
            for source in self.tiles:
                source.close()

    def _read(self, shapes: NDArray[np.object_]) -> None:
        if self.beside:
            check_folder(self.page)
        area = shapely.total_bounds(shapes) if len(shapes) else None
        for wish in self.layers:
            found = read_layer(wish, area)
            if isinstance(found, Layer):
                self._layers.append(found)
                self._told += found.remarks
            else:
                self._told.append(found)
        boxes = area_boxes(shapes, gcj02=self.gcj02)
        left = self.budget
        for source in self.tiles:
            taken = picked(source, boxes, left)
            left -= taken.bytes
            self._add(source, taken)
        self._say_of_backdrops()

    def _add(self, source: TileSource, taken: Picked) -> None:
        """Offer the tiles that were picked; a source that has none there is only spoken of."""
        told = {"name": source.name, **_counts(taken)}
        if not taken.places:
            self._told.append(Remark(_why_none(taken), told))
            return
        at = len(self._local)
        remarks = [Remark("backdrop.remark.tiles_taken", told)]
        if taken.full is not None:
            remarks.append(Remark("backdrop.remark.tiles_full", told))
        if taken.bad:
            remarks.append(Remark("backdrop.remark.tiles_bad", told))
        head: dict[str, object] = {
            "kind": "beside" if self.beside else "inline",
            "name": source.name,
            "templates": [template_of(self.page, _folder(at), taken)] if self.beside else [],
            "hosts": [],
            "matrix": MERCATOR,
            "lowest": taken.zooms[0],
            "highest": taken.zooms[-1],
            "names": [],
            "gcj02": self.gcj02,
            "credit": source.credit,
            "block": f"tiles-{at}",
            "notes": [one.both() for one in remarks],
        }
        self._local.append(_Local(head, taken, tuple(remarks)))
        self._told += remarks

    def _online_heads(self) -> list[dict[str, object]]:
        return [
            {
                "kind": one.kind,
                "name": one.name,
                "templates": one.templates,
                "hosts": [host.partition("://")[2] for host in one.hosts],
                "matrix": one.matrix,
                "lowest": 0 if one.kind in ("xyz", "wmts") and one.matrix == MERCATOR else 1,
                "highest": one.highest,
                "names": one.names,
                "gcj02": one.gcj02,
                "credit": "",
                "block": "",
                "notes": [],
            }
            for one in self.online
        ]

    def _say_of_backdrops(self) -> None:
        """Say what whoever makes the page must know of the backdrops that it offers."""
        for one in self.online:
            self._told += one.remarks
        if self.online:
            hosts = list(dict.fromkeys(host for one in self.online for host in one.hosts))
            shown = ", ".join(host.partition("://")[2] for host in hosts[:3])
            told = {"hosts": shown + ("…" if len(hosts) > 3 else "")}
            self._told.append(Remark("backdrop.remark.online", told))
        shifted = self.gcj02 and (self._local or any(one.gcj02 for one in self.online))
        if shifted:
            self._told.append(Remark("backdrop.remark.gcj02"))
        if not (self.online or self._local):
            return
        if not self.approval:
            self._told.append(Remark("backdrop.remark.no_approval"))
        elif not _APPROVAL.search(self.approval):
            told = {"approval": self.approval}
            self._told.append(Remark("backdrop.remark.odd_approval", told))


def _drawn(data: MapData) -> NDArray[np.object_]:
    """Return the parcels that are drawn, or the parks where none is."""
    parcels: NDArray[np.object_] = data.geometry[drawable(data.geometry)]
    if len(parcels):
        return parcels
    zones = [zone.geometry for zone in data.zones if zone.geometry is not None]
    shapes = np.empty(len(zones), object)
    shapes[:] = zones
    return shapes


def _folder(at: int) -> str:
    """Return the folder of a source: by its number, for its name is whatever its file says."""
    return f"tiles-{at}"


def _counts(taken: Picked) -> dict[str, object]:
    zooms = taken.zooms or [0]
    return {
        "low": zooms[0],
        "high": zooms[-1],
        "tiles": len(taken.places),
        "size": f"{taken.bytes / 1e6:.1f}",
        "bad": taken.bad,
        "full": taken.full if taken.full is not None else "",
    }


def _why_none(taken: Picked) -> str:
    """Return why a source shows nothing, as a key of the words."""
    if taken.vector:
        return "backdrop.remark.tiles_vector"
    if taken.bad:
        return "backdrop.remark.tiles_unfit"
    return (
        "backdrop.remark.tiles_nothing_fits"
        if taken.full is not None
        else "backdrop.remark.tiles_elsewhere"
    )
