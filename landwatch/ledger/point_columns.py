"""Coordinates of points that stand in two columns: kept, for a point is no outline, and looked at.

经度 and 纬度 in each other's column are seen where one order lies in China and the other does not.
X and Y alone are not held to an order: surveyors write north as X, map makers east.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landwatch.ledger.headers import HeaderUse, folded
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Notice

_EAST = ("经度", "东经", "longitude", "lon", "lng", "geox")
_NORTH = ("纬度", "北纬", "latitude", "lat", "geoy")
_FIRST = ("x", "x坐标", "横坐标", "easting", "coordx", "xcoord")
_SECOND = ("y", "y坐标", "纵坐标", "northing", "coordy", "ycoord")
_IN_CHINA = (range(73, 136), range(3, 54))  # degrees east, degrees north
_DEGREES = 180


def point_notices(
    uses: Sequence[HeaderUse], cells_of: Callable[[HeaderUse], Sequence[str]]
) -> list[Notice]:
    """Return what to say of two columns that tell points; `cells_of` gives a header's cells."""
    kept = {folded(use.header): use for use in uses if use.column is None and use.header}
    for easts, norths, ordered in ((_EAST, _NORTH, True), (_FIRST, _SECOND, False)):
        east = next((kept[name] for name in easts if name in kept), None)
        north = next((kept[name] for name in norths if name in kept), None)
        if east is None or north is None:
            continue
        pairs = [
            (x, y)
            for x, y in zip(
                map(_number, cells_of(east)), map(_number, cells_of(north)), strict=True
            )
            if x is not None and y is not None
        ]
        if pairs:
            told = {"column": f"{east.header}、{north.header}", "look": _look(pairs, ordered)}
            return [Notice(IssueCode.POINTS_KEPT, east.sheet, told)]
    return []


def _look(pairs: Sequence[tuple[float, float]], ordered: bool) -> str:
    """Return the key of what the numbers look like."""
    degrees = [pair for pair in pairs if max(map(abs, pair)) <= _DEGREES]
    if 0 < len(degrees) < len(pairs):
        return "ledger.points.mixed"
    if not degrees:
        return "ledger.points.metres"
    straight = sum(1 for x, y in degrees if _lies_in_china(x, y))
    crossed = sum(1 for x, y in degrees if _lies_in_china(y, x))
    if crossed > straight:
        return "ledger.points.swapped" if ordered else "ledger.points.degrees"
    return "ledger.points.degrees" if straight else "ledger.points.elsewhere"


def _lies_in_china(east: float, north: float) -> bool:
    return int(east) in _IN_CHINA[0] and int(north) in _IN_CHINA[1]


def _number(text: str) -> float | None:
    bare = text.replace(",", "").strip()
    digits = bare.removeprefix("-").replace(".", "", 1)
    return float(bare) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
