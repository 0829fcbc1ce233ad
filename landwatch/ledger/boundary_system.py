"""In which coordinate system boundary points are told: by their header, their belt, or a person.

A 3-degree belt has a number from 25 to 45, a 6-degree belt one from 13 to 23; the number stands
before the easting, or in the header, or in both. Where two of them disagree nothing is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landwatch.geo.belts import BEIJING_1954, CGCS2000, DATUMS, SIX, THREE, XIAN_1980
from landwatch.ledger.boundary_text import Point

_NAMED = (("2000", CGCS2000), ("80", XIAN_1980), ("54", BEIJING_1954))


@dataclass(frozen=True, slots=True)
class Stated:
    """What the header says: datum, belt, and the width of belts; None where it is silent."""

    datum: str | None
    belt: int | None
    width: int | None


@dataclass(frozen=True, slots=True)
class Belt:
    """The coordinate system of some points, or the key of the words why it is not known."""

    crs: str | None = None
    trouble: str = ""
    said: int | str = "—"
    found: int | str = "—"


def stated(header: Mapping[str, str]) -> Stated:
    """Return what a header says of the coordinate system.

    >>> stated({"坐标系": "2000国家大地坐标系", "分带": "3度带", "带号": ""})
    Stated(datum='CGCS2000', belt=None, width=3)
    """
    name = header.get("坐标系", "").replace(" ", "").upper()
    datum = next((datum for mark, datum in _NAMED if mark in name), None)
    width_said = header.get("几度分带") or header.get("分带") or ""
    width = next((n for n, marks in ((3, "3三"), (6, "6六")) if set(width_said) & set(marks)), None)
    number = "".join(sign for sign in header.get("带号", "") if sign.isdigit() and sign.isascii())
    return Stated(datum, int(number) if 0 < len(number) < 4 else None, width)


def prefix_of(points: Iterable[Point]) -> int | None:
    """Return the belt's number before every easting; None if there is none, -1 if they differ.

    >>> prefix_of([Point(1, 2834493.4, 35521983.5, 1)])
    35
    """
    told = (point.east for point in points if point.east != point.north)  # else: a writer's bug
    found = {int(east // 1e6) if east >= 1e7 else None for east in told}
    return found.pop() if len(found) == 1 else -1


def belt_of(said: Stated, points: list[Point]) -> Belt:
    """Return the system that the header and the points agree on."""
    if said.datum is None:
        return Belt(trouble="ledger.boundary.no_datum")
    three, three_cm, six, six_cm, degrees = DATUMS[said.datum]
    if all(abs(point.north) <= 90 and abs(point.east) <= 180 for point in points):
        return Belt(f"EPSG:{degrees}")
    prefix = prefix_of(points)
    if any(point.north >= 1e7 for point in points):
        return Belt(trouble="ledger.slip.swapped")
    if prefix == -1:
        return Belt(trouble="ledger.boundary.mixed_belts")
    if prefix is not None and said.belt not in (None, prefix):
        return Belt(trouble="ledger.boundary.other_belt", said=said.belt, found=prefix)
    belt = said.belt if prefix is None else prefix
    if belt is None:
        return Belt(trouble="ledger.boundary.no_belt")
    width = 3 if belt in THREE else 6 if belt in SIX else 0
    if not width or said.width not in (None, width):
        return Belt(trouble="ledger.boundary.not_a_belt", said=said.width or 3, found=belt)
    by_number, by_meridian = (three, three_cm) if width == 3 else (six, six_cm)
    return Belt(f"EPSG:{(by_number if prefix else by_meridian) + belt}")
