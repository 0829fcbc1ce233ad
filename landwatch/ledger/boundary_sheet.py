"""Opens boundary-point text (界址点坐标) as a sheet: each plot a row, its points an area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from landwatch.errors import UnreadableFileError
from landwatch.geo.belts import CGCS2000
from landwatch.geo.coordinates import AreaPlacer
from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.boundary_system import Belt, belt_of, stated
from landwatch.ledger.boundary_text import (
    PLOT_HEADERS,
    Plot,
    Point,
    closes_wrongly,
    plots_of,
    rings_of,
)
from landwatch.ledger.delimited import checked_encoding, found_encoding
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import (
    cure_of,
    cured_notice,
    cured_system,
    datum_notice,
    named_system,
    placed,
)
from landwatch.ledger.sheets import Geometry, Notice, Sheet, SourceRow
from landwatch.ledger.sketching import AsWritten, OwnSystem


def open_boundary(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return the plots of a boundary-point text as one sheet; `said.crs` goes before its header."""
    encoding = said.encoding
    used = checked_encoding(path, encoding) if encoding else found_encoding(path)
    places = _Places(said)
    drawn = "geometry" in columns_of(kind)
    seen = _survey(path, used, places)

    def rows() -> Iterator[SourceRow]:
        with path.open(encoding=used) as text:
            for plot in plots_of(text):
                yield SourceRow(plot.line, plot.parts, _area(plot, places) if drawn else None)

    return [Sheet(None, rows, PLOT_HEADERS)], seen if drawn else []


class _Places:
    """The ways from the file's coordinate systems: one for each belt, or the one a person named."""

    def __init__(self, said: Instructions) -> None:
        self._cure, self._sketch = cure_of(said), said.sketch
        self._named = named_system(said.crs) if said.crs else None
        self._ways: dict[str, AreaPlacer] = {}

    def way(self, plot: Plot) -> AreaPlacer | Geometry:
        """Return the way for a plot's points, or why there is none."""
        header = stated(plot.header)
        if self._sketch:
            return self._as_written(belt_of(header, plot.points))
        if self._named is not None:
            return self._kept(cured_system(self._named, self._cure) or self._named)
        named = self._cure.system_on(header.datum or CGCS2000)
        if named is not None:
            return self._kept(named)
        belt = belt_of(header, _swapped(plot.points) if self._cure.swap else plot.points)
        if belt.crs is None:
            told = {"cause": belt.trouble, "said": belt.said, "found": belt.found}
            return Geometry(trouble=IssueCode.BELT_UNCLEAR, told=told)
        return self._kept(named_system(belt.crs))

    def _kept(self, system: CRS) -> AreaPlacer:
        name = system.to_string()
        if name not in self._ways:
            self._ways[name] = AreaPlacer(system, self._cure)
        return self._ways[name]

    def _as_written(self, belt: Belt) -> AreaPlacer:
        told = {"said": belt.said, "found": belt.found}
        crs = named_system(belt.crs) if belt.crs else None
        return AsWritten(OwnSystem(crs, belt.trouble, told))

    def notices(self, way: AreaPlacer) -> Iterator[Notice]:
        """Yield what is to be said of a way: the cure that was done, an old datum."""
        if isinstance(way, AsWritten):
            return
        yield from cured_notice(way.cure, way.crs, None)
        if (notice := datum_notice(way.crs, None)) is not None:
            yield notice


def _swapped(points: list[Point]) -> list[Point]:
    return [replace(point, north=point.east, east=point.north) for point in points]


def _survey(path: Path, encoding: str, places: _Places) -> list[Notice]:
    """Return what is to be said once of the file: a datum that is not China's of today."""
    notices: dict[IssueCode, Notice] = {}
    plots = 0
    with path.open(encoding=encoding) as text:
        for plot in plots_of(text):
            plots += 1
            way = places.way(plot) if plot.points else None
            if isinstance(way, AreaPlacer):
                for notice in places.notices(way):
                    notices.setdefault(notice.code, notice)
    if not plots:
        raise UnreadableFileError("ledger.error.boundary_empty", file=path.name)
    return list(notices.values())


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
    near = shapely.STRtree(faces)  # a thousand rings are a million pairs, and few of them meet
    within: list[list[int]] = []
    for at, face in enumerate(faces):
        around = []
        for other in sorted(near.query(face).tolist()):
            if other != at and _crosses(face, faces[other]):
                raise ValueError(f"rings {at + 1} and {other + 1} cross")
            if other != at and shapely.contains(faces[other], face):
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
