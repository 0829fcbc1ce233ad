"""The user's own layers: read as any file of a ledger, brought to EPSG:4490, drawn as they are.

They decide nothing: no rule sees them. What lies far from the parcels is left out and said; a
coordinate system that nobody names is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.errors import PageError, UnknownNameError
from landwatch.geo.belts import is_old
from landwatch.geo.cures import AS_WRITTEN
from landwatch.geo.diagnosis import read_as
from landwatch.language.columns import Kind
from landwatch.ledger.files import open_file
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.placing import named_system
from landwatch.ledger.sheets import Sheet
from landwatch.ledger.sketching import drawn_as_written
from landwatch.mapping.backdrops.layer_wish import LayerWish
from landwatch.mapping.backdrops.remarks import Remark
from landwatch.mapping.columns import packed, text_column
from landwatch.mapping.shapes import hilbert, mercator, shape_columns

MOST_SHAPES = 50_000
MOST_CORNERS = 400_000
"""About 2 MB of a page; more is what a map of their own is for."""
FINEST_DEGREES, COARSEST_DEGREES = 1e-6, 1.6e-4
MARGIN_DEGREES = 0.05
KINDS = ("point", "line", "area")
_AT_A_TIME = 5_000
_LONGEST_LABEL = 80
_METRES_A_DEGREE = 111_320

Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as the page shows it: shapes in EPSG:4490 along a curve, their labels beside them."""

    wish: LayerWish
    shapes: Shapes
    labels: Sequence[str]
    kind: str
    remarks: tuple[Remark, ...] = ()

    def head(self, block: str) -> dict[str, object]:
        """Return what the page is told of it before it is shown."""
        return {
            "name": self.wish.name,
            "colour": self.wish.colour,
            "kind": self.kind,
            "count": len(self.shapes),
            "block": block,
            "notes": [remark.both() for remark in self.remarks],
        }

    def block(self) -> str:
        """Return its shapes and labels as a pack of the page."""
        columns = [*shape_columns("layer", self.shapes), text_column("layer_label", self.labels)]
        return packed(columns, {})


@dataclass(slots=True)
class _Gathering:
    """The shapes of a layer that lie near the parcels, gathered as they are read."""

    label: int | None
    around: Numbers | None
    named: pyproj.CRS | None
    shapes: list[Shapes] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    systems: dict[str, pyproj.CRS] = field(default_factory=dict)
    drawn: int = 0
    corners: int = 0

    def take(self, rows: Sequence[tuple[object, pyproj.CRS | None, str]]) -> bool:
        """Keep what of some rows lies near; tell whether there is room for more."""
        self.drawn += len(rows)
        for key in dict.fromkeys(crs.to_string() for _, crs, _ in rows if crs is not None):
            same = [row for row in rows if row[1] is not None and row[1].to_string() == key]
            crs = same[0][1]
            assert crs is not None
            self.systems[key] = crs
            shapes = np.empty(len(same), object)
            shapes[:] = [row[0] for row in same]
            with np.errstate(all="ignore"):
                placed = read_as(shapes, crs, AS_WRITTEN, None)
            near = self._near(placed)
            self.shapes.append(placed[near])
            self.labels += [row[2] for row, kept in zip(same, near, strict=True) if kept]
            self.corners += int(shapely.get_num_coordinates(placed[near]).sum())
        return len(self.labels) <= MOST_SHAPES

    def _near(self, shapes: Shapes) -> NDArray[np.bool_]:
        bounds = shapely.bounds(shapes)
        near: NDArray[np.bool_] = np.isfinite(bounds).all(axis=1)
        near &= (np.abs(bounds) <= [180, 85, 180, 85]).all(axis=1)
        if self.around is not None:
            west, south, east, north = self.around
            near &= (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
            near &= (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        return near


def read_layer(wish: LayerWish, area: Numbers | None) -> Layer | Remark:
    """Return a layer as it lies around an area (west, south, east, north), or why there is none.

    Raises:
        LandwatchError: the file cannot be read, has no such layer or column, names no coordinate
            system, or holds more than a page can carry.
    """
    if not wish.path.is_file() and not wish.path.is_dir():  # a pipe would be waited for
        raise PageError("backdrop.error.missing", file=str(wish.path))
    sheet = _sheet_of(wish)
    around = None if area is None else area + np.array([-1, -1, 1, 1]) * MARGIN_DEGREES
    named = named_system(wish.crs) if wish.crs else None
    gathering = _Gathering(_column_of(sheet, wish), around, named)
    rows = _drawn_rows(sheet, gathering, wish)
    while some := list(islice(rows, _AT_A_TIME)):
        if not gathering.take(some):
            raise PageError(
                "backdrop.error.many_shapes", name=wish.name, most=MOST_SHAPES,
                count=len(gathering.labels),
            )  # fmt: skip
    if not gathering.drawn:
        raise PageError("backdrop.error.nothing_drawn", file=str(wish.path), layer=wish.name)
    if not gathering.labels:
        told = {"name": wish.name, "count": gathering.drawn, "file": wish.path.name}
        return Remark("backdrop.remark.layer_elsewhere", told)
    return _layer(wish, gathering)


def _sheet_of(wish: LayerWish) -> Sheet:
    """Return the layer that is meant.

    Raises:
        UnknownNameError: the file has none of that name.
        PageError: the file has several, and none is named.
    """
    sheets = open_file(Kind.PARCELS, wish.path, Instructions(sketch=True, crs=wish.crs)).sheets
    names = [sheet.name or "" for sheet in sheets]
    if wish.layer is not None:
        found = next((sheet for sheet in sheets if sheet.name == wish.layer), None)
        if found is None:
            raise UnknownNameError("what.layer", wish.layer, names)
        return found
    if len(sheets) != 1:
        raise PageError(
            "backdrop.error.several_layers", file=str(wish.path), layers="、".join(names)[:300]
        )
    return sheets[0]


def _column_of(sheet: Sheet, wish: LayerWish) -> int | None:
    """Return the place of the column of labels.

    Raises:
        UnknownNameError: there is no such column.
    """
    if wish.label is None:
        return None
    headers = [str(name) for name in sheet.headers or ()]
    if wish.label not in headers:
        raise UnknownNameError("what.label_column", wish.label, headers)
    return headers.index(wish.label)


def _drawn_rows(
    sheet: Sheet, gathering: _Gathering, wish: LayerWish
) -> Iterator[tuple[object, pyproj.CRS | None, str]]:
    """Give each shape of a layer with its system and its label.

    Raises:
        PageError: nobody names the system.
    """
    for row in sheet.rows():
        told = None if row.geometry is None else drawn_as_written(row.geometry)
        if told is None:
            continue
        shape, own = told
        crs = gathering.named or own.crs
        if crs is None:
            raise PageError("backdrop.error.no_crs", name=wish.name, file=str(wish.path))
        label = "" if gathering.label is None else row.cells[gathering.label]
        text = "" if label is None else " ".join(str(label).split())
        yield shape, crs, text[:_LONGEST_LABEL]


def _layer(wish: LayerWish, gathering: _Gathering) -> Layer:
    """Return the layer as the page shows it, with what is to be said of it."""
    shapes, tolerance = _simplified(np.concatenate(gathering.shapes), wish)
    kind = KINDS[int(shapely.get_dimensions(shapes).max(initial=0))]
    shapes = _with_points(shapes)
    order = _along(shapes)
    labels = [gathering.labels[at] for at in order.tolist()]
    remarks = tuple(_remarks(wish, gathering, tolerance))
    return Layer(wish, shapes[order], labels, kind, remarks)


def _remarks(wish: LayerWish, gathering: _Gathering, tolerance: float) -> Iterator[Remark]:
    told = {"name": wish.name}
    left = gathering.drawn - len(gathering.labels)
    if left:
        yield Remark("backdrop.remark.layer_far", {**told, "count": left, "all": gathering.drawn})
    metres = tolerance * _METRES_A_DEGREE
    if metres >= 1:
        yield Remark("backdrop.remark.simplified", {**told, "metres": f"{metres:.0f}"})
    for crs in gathering.systems.values():
        if is_old(crs):
            yield Remark("backdrop.remark.old_datum", {**told, "crs": crs.name})


def _simplified(shapes: Shapes, wish: LayerWish) -> tuple[Shapes, float]:
    """Return shapes with no more corners than a page carries, and how far they may be off.

    Raises:
        PageError: they would be too far off.
    """
    shapes = shapely.force_2d(shapes)
    tolerance = FINEST_DEGREES
    while True:
        simple: Shapes = shapely.simplify(shapes, tolerance)
        corners = int(shapely.get_num_coordinates(simple).sum())
        if corners <= MOST_CORNERS:
            return simple, tolerance
        tolerance *= 2
        if tolerance > COARSEST_DEGREES:
            raise PageError(
                "backdrop.error.many_corners", name=wish.name, count=corners, most=MOST_CORNERS
            )


def _with_points(shapes: Shapes) -> Shapes:
    """Return shapes with each point as a ring of one corner, which is how the page reads one."""
    points = shapely.get_dimensions(shapes) == 0
    shapes = shapes.copy()
    for at in np.flatnonzero(points).tolist():
        pairs = shapely.get_coordinates(shapes[at])
        rings = shapely.linestrings(np.repeat(pairs[:, None, :], 2, axis=1))
        shapes[at] = shapely.multilinestrings(rings)
    return shapes


def _along(shapes: Shapes) -> NDArray[np.int64]:
    """Return the order of shapes along a curve, so that neighbours stand together."""
    bounds = shapely.bounds(shapes)
    units = mercator((bounds[:, :2] + bounds[:, 2:]) / 2) >> 12
    order: NDArray[np.int64] = np.argsort(hilbert(units[:, 0], units[:, 1]), kind="stable")
    return order
