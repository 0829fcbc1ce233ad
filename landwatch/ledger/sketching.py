"""A file's drawing as it is written: what a doctor looks at before anything is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyproj
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from landwatch.geo.coordinates import AreaPlacer, Placed


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """What a layer says of its coordinates: the system, or why it is not known.

    `trouble` is a key of the words, whose places `told` fills; empty where the layer says nothing.
    """

    crs: pyproj.CRS | None = None
    trouble: str = ""
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Sketch:
    """Takes down what each layer says of its coordinates, while its areas stay as written."""

    systems: dict[str | None, OwnSystem] = field(default_factory=dict)

    def hear(self, layer: str | None, own: OwnSystem) -> None:
        """Remember what a layer says; a system goes before the trouble of another plot."""
        if layer not in self.systems or (self.systems[layer].crs is None and own.crs is not None):
            self.systems[layer] = own


class AsWritten(AreaPlacer):
    """Leaves areas where their numbers stand, whatever these are."""

    def __init__(self) -> None:
        """Prepare nothing: there is no way to go."""

    def place(self, drawn: BaseGeometry) -> Placed:
        """Return an area in the numbers of the file."""
        if drawn.is_empty:
            return Placed(trouble="empty_geometry")
        if isinstance(drawn, Polygon):
            return Placed(MultiPolygon([drawn]))
        if isinstance(drawn, MultiPolygon):
            return Placed(drawn)
        return Placed(trouble="not_an_area", told={"shape": drawn.geom_type})
