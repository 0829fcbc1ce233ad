"""Opens boundary-point text (界址点坐标) as a sheet: each plot a row, its points an area."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely
from shapely import MultiPolygon, Polygon

from landwatch.errors import UnreadableFileError
from landwatch.geo.coordinates import AreaPlacer
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.boundary_system import belt_of, stated
from landwatch.ledger.boundary_text import (
    PLOT_HEADERS,
    Plot,
    Point,
    closes_wrongly,
    plots_of,
    rings_of,
)
from landwatch.ledger.delimited import checked_encoding, found_encoding
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import datum_notice, named_system, placed
from landwatch.ledger.sheets import Geometry, Notice, Sheet, SourceRow


def open_boundary(
    kind: Kind, path: Path, encoding: str | None, crs: str | None
) -> tuple[list[Sheet], list[Notice]]:
    """Return the plots of a boundary-point text as one sheet; `crs` goes before its header."""
    used = checked_encoding(path, encoding) if encoding else found_encoding(path)
    places = _Places(AreaPlacer(named_system(crs)) if crs else None)
    drawn = "geometry" in columns_of(kind)
    seen = _survey(path, used, places)

    def rows() -> Iterator[SourceRow]:
        with path.open(encoding=used) as text:
            for plot in plots_of(text):
                yield SourceRow(plot.line, plot.parts, _area(plot, places) if drawn else None)

    return [Sheet(None, rows, PLOT_HEADERS)], seen if drawn else []


class _Places:
    """The ways from the file's coordinate systems: one for each belt, or the one a person named."""

    def __init__(self, named: AreaPlacer | None) -> None:
        self._named = named
        self._ways: dict[str, AreaPlacer] = {}

    def way(self, plot: Plot) -> AreaPlacer | Geometry:
        """Return the way for a plot's points, or why there is none."""
        if self._named is not None:
            return self._named
        belt = belt_of(stated(plot.header), plot.points)
        if belt.crs is None:
            told = {"cause": belt.trouble, "said": belt.said, "found": belt.found}
            return Geometry(trouble=IssueCode.BELT_UNCLEAR, told=told)
        if belt.crs not in self._ways:
            self._ways[belt.crs] = AreaPlacer(named_system(belt.crs))
        return self._ways[belt.crs]


def _survey(path: Path, encoding: str, places: _Places) -> list[Notice]:
    """Return what is to be said once of the file: a datum that is not China's of today."""
    notices: dict[str, Notice] = {}
    plots = 0
    with path.open(encoding=encoding) as text:
        for plot in plots_of(text):
            plots += 1
            way = places.way(plot) if plot.points else None
            if isinstance(way, AreaPlacer) and (notice := datum_notice(way.crs, None)):
                notices.setdefault(way.crs.to_string(), notice)
    if not plots:
        raise UnreadableFileError("ledger.error.boundary_empty", file=path.name)
    return list(notices.values())[:1]


def _area(plot: Plot, places: _Places) -> Geometry | None:
    """Return the area that a plot's points enclose, or why they enclose none."""
    if plot.broken is not None:
        return Geometry(trouble=IssueCode.BOUNDARY_LINE, told={"line": plot.broken})
    if not plot.points:
        return None
    way = places.way(plot)
    if isinstance(way, Geometry):
        return way
    rings = rings_of(plot.points)
    wrong = [ring for ring in rings if closes_wrongly(ring)]
    for ring in wrong:
        ring.pop()
    declared, found = plot.declared, sum(map(len, rings))
    counts = {found, found + len(rings), len(plot.points)}
    short = declared is not None and declared not in counts
    told = {"declared": declared, "found": len(plot.points)}
    if declared and short and all(abs(declared - count) > 1 for count in counts):
        return Geometry(trouble=IssueCode.BOUNDARY_POINTS_MISSING, told=told)
    area = placed(lambda: nested(rings), way)
    if area.trouble is None and (short or wrong):
        code = IssueCode.BOUNDARY_COUNT if short else IssueCode.BOUNDARY_CLOSING
        return Geometry(area.area, code, told)
    return area


def nested(rings: list[list[Point]]) -> MultiPolygon:
    """Return rings as an area: a ring within another is its hole, one beside it another part.

    Raises:
        ValueError: a ring has fewer than three corners, or two rings cross each other.
    """
    faces = [Polygon([(point.east, point.north) for point in ring]) for ring in rings]
    if len(faces) == 1:
        return MultiPolygon(faces)
    within: list[list[int]] = []
    for at, face in enumerate(faces):
        around = []
        for other, outer in enumerate(faces):
            if other != at and _crosses(face, outer):
                raise ValueError(f"rings {at + 1} and {other + 1} cross")
            if other != at and shapely.contains(outer, face):
                around.append(other)
        within.append(around)
    holes: dict[int, list[Polygon]] = {
        at: [] for at in range(len(faces)) if not len(within[at]) % 2
    }
    for at, around in enumerate(within):
        if len(around) % 2:
            holes[max(around, key=lambda other: len(within[other]))].append(faces[at])
    return MultiPolygon(
        [(faces[at].exterior, [hole.exterior for hole in inner]) for at, inner in holes.items()]
    )


def _crosses(one: Polygon, other: Polygon) -> bool:
    """Tell whether two rings share some of their insides and neither holds the other."""
    if not (one.is_valid and other.is_valid) or not shapely.relate_pattern(one, other, "T********"):
        return False
    return one.equals(other) or not (one.covers(other) or other.covers(one))
