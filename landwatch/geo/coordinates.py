"""Where a drawn area lies in China: any named coordinate system to EPSG:4490, never a guess.

Files write north before east as often as not, so x is always east here (`always_xy`, GEO-04). An
area that does not land in China is not moved: the likely slip is named, and a person mends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from landwatch.geo.belts import WIDEST_M, belt_in
from landwatch.geo.cures import AS_WRITTEN, Cure
from landwatch.geo.validity import Flaw, flaw_of

LEDGER_CRS = "EPSG:4490"
CHINA = (
    (73.0, 26.0, 125.5, 53.6),
    (97.0, 21.0, 125.5, 26.0),
    (105.0, 7.0, 119.5, 21.0),
    (125.5, 38.0, 135.1, 53.6),
)
"""West, south, east, north of four boxes, in degrees, that hold every parcel of China.

One box would be too kind: a western belt with x and y swapped lands at 5° N in the sea south-east.
"""

Numbers: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Placed:
    """An area in EPSG:4490, or why there is none; `trouble` is an issue's code."""

    area: MultiPolygon | None = None
    trouble: str | None = None
    told: Mapping[str, object] = field(default_factory=dict)
    flaw: Flaw | None = None
    """What makes an outline invalid that is not used anyhow, at its place in the file's numbers."""


def coordinate_system(name: str) -> pyproj.CRS | None:
    """Return the coordinate system of that name or WKT; None where it names none of the Earth."""
    try:
        crs = pyproj.CRS.from_user_input(name)
        undefined = crs.name.casefold().startswith(("undefined", "unknown", "unnamed"))
        if undefined or crs.is_engineering:
            return None
        _way_from(crs)
    except (CRSError, ProjError):  # a damaged text may name an ellipsoid of no planet at all
        return None
    return crs


def is_wgs84(crs: pyproj.CRS) -> bool:
    """Tell whether degrees are on WGS 84: within a metre those of CGCS2000, and taken as such."""
    return crs.is_geographic and crs.name.startswith(("WGS 84", "WGS_1984", "WGS84"))


class AreaPlacer:
    """Brings areas of one coordinate system to the ledger's."""

    def __init__(self, crs: pyproj.CRS, cure: Cure = AS_WRITTEN) -> None:
        """Prepare the way from `crs` to EPSG:4490; a cure that a person chose goes around it."""
        self.crs, self.cure = crs, cure
        self._way = way_to_ledger(crs)
        self._belt = belt_in(crs)

    def place(self, drawn: BaseGeometry) -> Placed:
        """Return a drawn geometry as MultiPolygon in EPSG:4490, 2D, or what is wrong with it."""
        if drawn.is_empty:
            return Placed(trouble="empty_geometry")
        if not isinstance(drawn, (Polygon, MultiPolygon)):
            return Placed(trouble="not_an_area", told={"shape": drawn.geom_type})
        flat = shapely.force_2d(drawn)
        if self.cure is not AS_WRITTEN:
            flat = shapely.transform(flat, self.cure.before)
        area = flat if self._way is None else moved(flat, self._way)
        if self.cure.shift is not None:
            area = shapely.transform(area, self.cure.after)
        if not in_china(area):
            slip = self._likely_slip(flat, area)
            return Placed(trouble="outside_china", told=slip, flaw=flaw_of(flat))
        if (strange := self._strange_belt(flat)) is not None:
            return Placed(trouble="belt_disagrees", told=strange)
        if isinstance(area, Polygon):
            area = MultiPolygon([area])
        if (flaw := flaw_of(area)) is not None:
            return Placed(area, "invalid_geometry", flaw.told)
        return Placed(area)

    def _strange_belt(self, drawn: BaseGeometry) -> dict[str, object] | None:
        """Return what shows that eastings belong to another belt than the system's.

        A belt too far lands hundreds of kilometres away, which may still be China.
        """
        if (belt := self._belt) is None:
            return None
        west, _, east, _ = drawn.bounds
        if max(abs(west - belt[1]), abs(east - belt[1])) <= WIDEST_M:
            return None
        return {"x": f"{west:.10g}", "crs": self.crs.to_string()[:60], "middle": f"{belt[1]:.10g}"}

    def _likely_slip(self, drawn: BaseGeometry, area: BaseGeometry) -> dict[str, object]:
        """Name the slip that most likely put the area outside China, and where it landed."""
        x, y = (float(number) for number in shapely.get_coordinates(drawn)[0])
        east, north = (float(number) for number in shapely.get_coordinates(area)[0])
        told = {
            "x": f"{x:.10g}",
            "y": f"{y:.10g}",
            "east": _degrees(east),
            "north": _degrees(north),
        }
        return {**told, "crs": self.crs.to_string()[:60], "cause": self._slip(drawn, x, y)}

    def _slip(self, drawn: BaseGeometry, x: float, y: float) -> str:
        swapped = shapely.transform(drawn, lambda pairs: pairs[:, ::-1])
        if in_china(swapped if self._way is None else moved(swapped, self._way)):
            return "ledger.slip.swapped"
        if max(abs(x), abs(y)) <= 180:
            return "ledger.slip.elsewhere" if self.crs.is_geographic else "ledger.slip.degrees"
        if 25 <= x // 1e6 <= 45 or 25 <= y // 1e6 <= 45:
            return "ledger.slip.belt"
        if in_china(moved(drawn, _way_from_web_mercator())):
            return "ledger.slip.web_mercator"
        return "ledger.slip.metres" if self.crs.is_geographic else "ledger.slip.wrong_belt"


def _degrees(number: float) -> str:
    """Return a longitude or latitude in words; of what has no place, none."""
    return f"{number:.6g}" if abs(number) <= 360 else "—"


@cache
def _way_from(crs: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, LEDGER_CRS, always_xy=True)


@cache
def _way_from_web_mercator() -> pyproj.Transformer:
    """Return the way that a slip is tried by: preparing it takes longer than a thousand parcels."""
    return _way_from(pyproj.CRS.from_epsg(3857))


def way_to_ledger(crs: pyproj.CRS) -> pyproj.Transformer | None:
    """Return the way from a system to EPSG:4490; None where its numbers are taken as they are."""
    return None if is_wgs84(crs) or crs.to_epsg() == 4490 else _way_from(crs)


def moved(geometry: BaseGeometry, way: pyproj.Transformer) -> BaseGeometry:
    """Return a geometry brought along `way`; what cannot be brought lies at infinity."""

    def bring(pairs: Numbers) -> Numbers:
        try:
            x, y = way.transform(pairs[:, 0], pairs[:, 1])
        except ProjError:
            return np.full_like(pairs, np.inf)
        return np.column_stack([x, y])

    return shapely.transform(geometry, bring)


def in_china(geometry: BaseGeometry) -> bool:
    """Tell whether every corner lies in one of the boxes of China.

    >>> in_china(shapely.box(103.8, 36.0, 103.9, 36.1)), in_china(shapely.box(36, 103, 37, 104))
    (True, False)
    """
    pairs = shapely.get_coordinates(geometry)
    return bool(len(pairs)) and bool(in_boxes(pairs).all())


def in_boxes(pairs: Numbers) -> NDArray[np.bool_]:
    """Tell which places lie in one of the boxes of China."""
    x, y = pairs[:, 0], pairs[:, 1]
    inside = np.zeros(len(pairs), dtype=bool)
    for west, south, east, north in CHINA:  # what is not a number is in none
        inside |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside
