"""Reads the exchange text of boundary points (界址点坐标) into plots, with its writers' variants.

A header of `key=value` lines in sections, then each plot: a row that ends in `@`, then its points
as `J1,ring,northing,easting`. A line that is none of these makes the plot's outline unreadable: a
corner that is missing would draw another parcel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from landwatch.ledger.cells import tidy

PLOT_HEADERS = (
    "界址点数", "面积(公顷)", "地块编号", "地块名称", "图形属性", "图幅号", "用途", "地类编码",
    "图斑类型", "地类名称", "改造前等别", "改造后等别", "备注",
)  # fmt: skip
"""The parts of a plot's row: the first eight everywhere, all thirteen in the longer form."""

_SECTION = re.compile(r"[\[【](?P<name>[^\[\]【】]{1,40})[\]】]")
_KEY = re.compile(r"(?P<key>[^=,]{1,40})=(?P<value>.*)")
_POINT = re.compile(
    r"(?P<name>[A-Za-z]{0,4} ?[0-9]{0,9}(?:[-_][0-9]{1,9})?),(?P<ring>[0-9]{1,6}),"
    r"(?P<north>-?[0-9]{1,10}(?:\.[0-9]{0,20})?),(?P<east>-?[0-9]{1,10}(?:\.[0-9]{0,20})?)(?:,.*)?"
)
_SHAPES = frozenset(("面", "线", "点"))
_MARKS = re.compile(r"[\[【](?:属性描述|地块坐标|项目信息)[\]】]")
_WHOLE = re.compile(r"[0-9]{0,9}")
_AREA = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?(?:公顷|亩|平方米)?)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A boundary point: the number of its ring, north and east as written, and its line."""

    ring: int
    north: float
    east: float
    line: int


@dataclass(slots=True)
class Plot:
    """A plot: the line of its row (or first point), its parts, the header above it, its points.

    `broken` is the first line of it that is no point.
    """

    line: int
    parts: tuple[str, ...]
    header: Mapping[str, str]
    points: list[Point] = field(default_factory=list)
    broken: int | None = None

    @property
    def declared(self) -> int | None:
        """Return how many points its row says it has."""
        count = tidy(self.parts[0])
        return int(count) if count.isascii() and count.isdigit() else None


def is_boundary_text(start: str) -> bool:
    """Tell whether a text that begins like this holds boundary points.

    >>> is_boundary_text("[属性描述]"), is_boundary_text("id,x,y")
    (True, False)
    """
    lines = start.splitlines()
    return bool(_MARKS.search(start)) or any(
        _ends_a_plots_row(line) and _POINT.fullmatch(_compact(then))
        for line, then in pairwise(lines)
    )


def _compact(line: str) -> str:
    return tidy(line).replace(", ", ",").replace(" ,", ",")


def _ends_a_plots_row(line: str) -> bool:
    return line.rstrip(" ,，\t\r\n").endswith(("@", "＠"))


def plots_of(lines: Iterable[str]) -> Iterator[Plot]:
    """Yield the plots in the order of the file, each with the header that stands above it.

    Points that stand under no plot's row are a plot without parts.
    """
    plot: Plot | None = None
    header: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = _compact(line)
        if _SECTION.fullmatch(text) or _ends_a_plots_row(text):
            if plot is not None:
                yield plot
                header = dict(header)
            plot = Plot(number, _parts(text), header) if _ends_a_plots_row(text) else None
        elif match := _POINT.fullmatch(text):
            plot = plot or Plot(number, ("",) * len(PLOT_HEADERS), header)
            north, east = float(match["north"]), float(match["east"])
            plot.points.append(Point(int(match["ring"]), north, east, number))
        elif plot is not None:
            if text.strip(", "):
                plot.broken = plot.broken or number
        elif match := _KEY.fullmatch(text):
            header[match["key"].strip()] = match["value"].strip()
    if plot is not None:
        yield plot


def _parts(text: str) -> tuple[str, ...]:
    """Return the parts of a plot's row, each at its place; the count of points may be left out."""
    parts = [part.strip() for part in text.rstrip(" ,").removesuffix("@").split(",")]
    if parts and not parts[-1]:
        parts.pop()
    if not _counts_points(parts):
        parts.insert(0, "")
    places = len(PLOT_HEADERS)
    return tuple((parts + [""] * places)[: max(places, len(parts))])


def _counts_points(parts: list[str]) -> bool:
    """Tell whether the row begins with the count of points: then 面 stands fifth."""
    for at in (4, 3):
        if at < len(parts) and parts[at] in _SHAPES:
            return at == 4
    first, second = (*parts, "", "")[:2]
    return bool(_WHOLE.fullmatch(first) and _AREA.fullmatch(second))


def rings_of(points: Iterable[Point]) -> list[list[Point]]:
    """Return the points by rings, each without its closing point.

    A ring ends where its number changes, or where it comes back to its first point: some writers
    number every part of a plot as ring 1.
    """
    rings: list[list[Point]] = []
    closed = True
    for point in points:
        if closed or point.ring != rings[-1][0].ring:
            rings.append([point])
            closed = False
        elif len(rings[-1]) >= 3 and _same(point, rings[-1][0]):
            closed = True
        else:
            rings[-1].append(point)
    return rings


def closes_wrongly(ring: list[Point]) -> bool:
    """Tell whether a ring ends in its first point written as north, north: a bug of a writer."""
    last = ring[-1]
    return len(ring) > 3 and last.north == last.east == ring[0].north


def _same(one: Point, other: Point) -> bool:
    return one.north == other.north and one.east == other.east
