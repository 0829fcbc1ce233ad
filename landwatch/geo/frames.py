"""What a drawing is held against: the outline of the division that it says it lies in.

A code that names no county of today is held against those that it became, else against its city,
else its province; a wider frame proves less, and is told as what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from landwatch.geo.divisions import division_of, divisions_named, heirs
from landwatch.geo.outlines import outline_of

NEAR_DEGREES = 0.02
"""What lies this near to its frame (about 2 km) is in the right belt, whatever else is wrong."""


_RANKS = "省市州盟区县旗"


@dataclass(frozen=True, slots=True)
class Frame:
    """An outline that something says it lies in, by name; `code` is None where it is a zone."""

    name: str
    shape: BaseGeometry
    code: str | None = None

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which places lie in the frame or near it."""
        inside: NDArray[np.bool_] = shapely.contains_xy(
            _widened(self.shape), places[:, 0], places[:, 1]
        )
        return inside


@cache
def _widened(shape: BaseGeometry) -> BaseGeometry:
    wide = shapely.buffer(shapely.simplify(shape, NEAR_DEGREES / 4), NEAR_DEGREES)
    shapely.prepare(wide)
    return wide


@cache
def division_frame(code: str) -> Frame | None:
    """Return the frame of a division's code; None where it names nothing that is known.

    >>> division_frame("620123").name, division_frame("620199").name, division_frame("999999")
    ('榆中县', '兰州市', None)
    """
    whole = code.ljust(6, "0")[:6]
    found = division_of(whole)
    codes = [each.code for each in heirs(found)] if found is not None else []
    for tried in ([whole], codes, [whole[:4] + "00"], [whole[:2] + "0000"]):
        outlines = [outline for each in tried if (outline := outline_of(each)) is not None]
        if outlines:
            shape = shapely.union_all([outline.geometry for outline in outlines])
            name = "、".join(outline.name for outline in outlines)
            return Frame(name, shape, outlines[0].adcode)
    return None


@cache
def named_frame(name: str) -> Frame | None:
    """Return the frame of a division's name, where only one division bears it.

    The names of its province and city may stand before it.

    >>> named_frame("甘肃省兰州市榆中县").code, named_frame("城关区")
    ('620123', None)
    """
    plain = name.strip()
    for at in range(len(plain) - 1):
        if at == 0 or plain[at - 1] in _RANKS:
            found = divisions_named(plain[at:])
            if found:
                return division_frame(found[0].code) if len(found) == 1 else None
    return None
