"""GCJ-02 and BD-09, the coordinates of internet maps in China: there by formula, and back.

Maps of Gaode and Tencent are drawn in GCJ-02, those of Baidu in BD-09: each point is moved by a few
hundred metres that change from place to place. The formula is public and has no inverse; the way
back repeats the way there until it lands, to within a tenth of a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.float64]"

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
"""The box within which the public formula moves anything, in degrees."""
CLOSE_DEGREES = 1e-10
MOST_ROUNDS = 30

_AXIS_M = 6378245.0  # Krassovsky, whatever the coordinates are on
_FLATNESS = 0.00669342162296594323
_TURN = np.pi * 3000 / 180


class Shift(StrEnum):
    """A system of internet maps that coordinates may be in."""

    GCJ02 = "gcj02"
    BD09 = "bd09"


def shifted(degrees: Numbers, shift: Shift) -> Numbers:
    """Return true longitude and latitude as an internet map would draw them, one place a row.

    >>> shifted(np.array([[103.8343, 36.0611]]), Shift.GCJ02).round(5).tolist()
    [[103.8367, 36.06077]]
    """
    moved = _to_gcj02(degrees)
    return moved if shift is Shift.GCJ02 else _to_bd09(moved)


def unshifted(degrees: Numbers, shift: Shift) -> Numbers:
    """Return the true longitude and latitude of places of an internet map, one a row."""
    flat = _back(degrees, _to_bd09) if shift is Shift.BD09 else degrees
    return _back(flat, _to_gcj02)


def _back(degrees: Numbers, there: Callable[[Numbers], Numbers]) -> Numbers:
    """Return where `there` brings to `degrees`: each round takes away what is still missing."""
    found = degrees.copy()
    for _ in range(MOST_ROUNDS):
        missing = there(found) - degrees
        found = found - missing
        if not np.abs(missing[np.isfinite(missing)]).max(initial=0.0) > CLOSE_DEGREES:
            break
    return found


def in_box(degrees: Numbers) -> NDArray[np.bool_]:
    """Tell which places the public formula moves."""
    east, north = degrees[:, 0], degrees[:, 1]
    inside: NDArray[np.bool_] = (
        (east >= WEST) & (east <= EAST) & (north >= SOUTH) & (north <= NORTH)
    )
    return inside


def _to_gcj02(degrees: Numbers) -> Numbers:
    here = in_box(degrees)
    east, north = degrees[here, 0], degrees[here, 1]
    x, y = east - 105.0, north - 35.0
    latitude = np.radians(north)
    bent = 1 - _FLATNESS * np.sin(latitude) ** 2
    root = np.sqrt(bent)
    to_east = np.degrees(_eastward_m(x, y) / (_AXIS_M / root * np.cos(latitude)))
    to_north = np.degrees(_northward_m(x, y) / (_AXIS_M * (1 - _FLATNESS) / (bent * root)))
    moved = degrees.copy()
    moved[here, 0] += to_east
    moved[here, 1] += to_north
    return moved


def _eastward_m(x: Numbers, y: Numbers) -> Numbers:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    waves = (
        20 * np.sin(6 * np.pi * x)
        + 20 * np.sin(2 * np.pi * x)
        + 20 * np.sin(np.pi * x)
        + 40 * np.sin(np.pi * x / 3)
        + 150 * np.sin(np.pi * x / 12)
        + 300 * np.sin(np.pi * x / 30)
    )
    metres: Numbers = plain + waves * 2 / 3
    return metres


def _northward_m(x: Numbers, y: Numbers) -> Numbers:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    waves = (
        20 * np.sin(6 * np.pi * x)
        + 20 * np.sin(2 * np.pi * x)
        + 20 * np.sin(np.pi * y)
        + 40 * np.sin(np.pi * y / 3)
        + 160 * np.sin(np.pi * y / 12)
        + 320 * np.sin(np.pi * y / 30)
    )
    metres: Numbers = plain + waves * 2 / 3
    return metres


def _to_bd09(degrees: Numbers) -> Numbers:
    """Return places of GCJ-02 as Baidu draws them; outside the box nothing moves."""
    here = in_box(degrees)
    x, y = degrees[here, 0], degrees[here, 1]
    far = np.hypot(x, y) + 0.00002 * np.sin(y * _TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _TURN)
    moved = degrees.copy()
    moved[here] = np.column_stack([far * np.cos(angle) + 0.0065, far * np.sin(angle) + 0.006])
    return moved
