"""A file's drawing as it is written: what a doctor looks at before anything is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from landwatch.geo.coordinates import AreaPlacer, Placed
from landwatch.ledger.sheets import Geometry


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """What a drawing says of its coordinates: the system, or why it is not known.

    `trouble` is a key of the words, whose places `told` fills; empty where nothing is said.
    """

    crs: pyproj.CRS | None = None
    trouble: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    name: str = field(init=False, compare=False)
    """What tells one system from another in a file; asked of every row, and slow to find."""

    def __post_init__(self) -> None:
        """Find the name once."""
        name = self.trouble if self.crs is None else self.crs.to_string()
        object.__setattr__(self, "name", name)


class AsWritten(AreaPlacer):
    """Leaves shapes where their numbers stand, whatever these are, and tells whose they are."""

    def __init__(self, own: OwnSystem) -> None:
        """Remember the system that the file names; there is no way to go."""
        self.own = own

    def place(self, drawn: BaseGeometry) -> Placed:
        """Return a shape in the numbers of the file, beside what the file says of them."""
        if drawn.is_empty:
            return Placed(trouble="empty_geometry")
        return Placed(told={"drawn": shapely.force_2d(drawn), "own": self.own})


def drawn_as_written(geometry: Geometry) -> tuple[Any, OwnSystem] | None:
    """Return the shape of a sketched row and its system; None where it draws nothing readable."""
    drawn, own = geometry.told.get("drawn"), geometry.told.get("own")
    return (drawn, own) if isinstance(own, OwnSystem) else None
