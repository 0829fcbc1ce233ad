"""The belts of Gauss and Krüger over China: their numbers, meridians and coordinate systems.

A 3-degree belt has a number from 25 to 45, a 6-degree belt one from 13 to 23, so that a number says
its width. The number may stand before the easting (39 500 000) or be left out (500 000).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

import numpy as np
import pyproj
from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.float64]"

THREE, SIX = range(25, 46), range(13, 24)
MERIDIANS = range(75, 136, 3)
"""The central meridians of both widths: those of 6-degree belts are among them."""
MILLION = 1_000_000
FALSE_EASTING = 500_000
WIDEST_M = 500_000
"""No point of a belt lies farther than this from its false easting."""

CGCS2000, XIAN_1980, BEIJING_1954 = "CGCS2000", "80", "54"
DATUMS: Mapping[str, tuple[int, int, int, int, int]] = {
    # datum: 3-degree belt with its number, by meridian; 6-degree belt likewise; degrees
    CGCS2000: (4488, 4509, 4478, 4489, 4490),
    XIAN_1980: (2324, 2345, 2314, 2325, 4610),
    BEIJING_1954: (2376, 2397, 21400, 21440, 4214),
}
_OLD = {"Xian 1980": XIAN_1980, "Beijing 1954": BEIJING_1954, "New Beijing": BEIJING_1954}


def meridian_of(belt: int) -> int | None:
    """Return the central meridian of a belt's number; None where it is no belt of China.

    >>> meridian_of(39), meridian_of(20), meridian_of(24)
    (117, 117, None)
    """
    if belt in THREE:
        return 3 * belt
    return 6 * belt - 3 if belt in SIX else None


def belt_at(meridian: int) -> int:
    """Return the 3-degree belt of a central meridian.

    >>> belt_at(117)
    39
    """
    return meridian // 3


def system_of(meridian: int, datum: str = CGCS2000) -> pyproj.CRS:
    """Return the system of eastings without a number around a meridian, on a datum."""
    return _system(DATUMS[datum][1] + belt_at(meridian))


def degrees_of(datum: str = CGCS2000) -> pyproj.CRS:
    """Return the system of longitude and latitude on a datum."""
    return _system(DATUMS[datum][4])


@cache
def _system(epsg: int) -> pyproj.CRS:
    return pyproj.CRS.from_epsg(epsg)


def datum_of(crs: pyproj.CRS | None) -> str:
    """Return which of China's datums a system is on; CGCS2000 for all that are none of the old."""
    geodetic = None if crs is None else crs.geodetic_crs
    name = "" if geodetic is None else geodetic.name
    return next((datum for old, datum in _OLD.items() if name.startswith(old)), CGCS2000)


def is_old(crs: pyproj.CRS | None) -> bool:
    """Tell whether a system is on a datum of China before 2008."""
    return datum_of(crs) != CGCS2000


@cache
def belt_in(crs: pyproj.CRS) -> tuple[float, float] | None:
    """Return central meridian and false easting of a belt's system; None of other systems."""
    way = crs.coordinate_operation
    if way is None or way.method_name != "Transverse Mercator":
        return None
    told = {one.name: float(one.value) for one in way.params}
    middle, easting = told.get("Longitude of natural origin"), told.get("False easting")
    return None if middle is None or easting is None else (middle, easting)


def prefixes(eastings: Numbers) -> NDArray[np.int64]:
    """Return the number before each easting; 0 where there is none.

    >>> prefixes(np.array([39_500_000.0, 500_000.0])).tolist()
    [39, 0]
    """
    found = np.floor(np.nan_to_num(eastings, nan=0.0, posinf=0.0, neginf=0.0) / MILLION)
    numbers: NDArray[np.int64] = np.where((found >= 10) & (found < 100), found, 0).astype(np.int64)
    return numbers


def without_prefix(eastings: Numbers) -> Numbers:
    """Return eastings without the number of a belt before them."""
    bare: Numbers = eastings - prefixes(eastings) * float(MILLION)
    return bare
