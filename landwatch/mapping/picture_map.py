"""The map of a sheet: outlines of divisions and parks, plots by class, numbers, north."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.outlines import Outline, outlines_near, whole_country
from landwatch.language.catalogue import say
from landwatch.mapping.fonts import Face
from landwatch.mapping.picture_frame import Frame
from landwatch.mapping.picture_labels import Put, Wish, put_labels
from landwatch.mapping.picture_look import BORDER, DIVISION, PARK, fill_of
from landwatch.mapping.picture_paper import (
    INK,
    LINE,
    MM_PER_POINT,
    PAPER,
    SOFT,
    Box,
    Points,
    Shape,
    Sheet,
)
from landwatch.mapping.picture_scene import LEFT_OUT, Scene

_NUMBER_POINTS, _SIGN_POINTS, _NAME_POINTS = 6.5, 7.0, 7.0
_FINE_MM, _TINY_MM = 0.02, 1.2
_NORTH_MM = 13.0
_BETWEEN_M = 15_000


@dataclass(frozen=True, slots=True)
class Sign:
    """A park on a map too small to show its parcels: where it lies, and what is said of it."""

    place: tuple[float, float]
    text: str


def paint_map(
    sheet: Sheet,
    scene: Scene,
    frame: Frame,
    *,
    lang: str,
    numbers: Mapping[int, int] | None = None,
    signs: Sequence[Sign] = (),
    outlined: Sequence[int] = (),
) -> set[int]:
    """Draw what a frame shows; return the plots whose number found no place.

    Args:
        sheet: to draw on.
        scene: what there is.
        frame: where, at which scale.
        lang: of the names.
        numbers: of plots by their place in the scene.
        signs: what is said of parks.
        outlined: plots that the map is about, drawn with a strong edge.
    """
    box = frame.box
    sheet.box(box, fill="#fbfbf9", edge=None)
    around = _outlines(sheet, frame)
    parks = [zone for zone in scene.zones if zone.geometry is not None]
    outlines = frame.drawn(array_of([zone.geometry for zone in parks]))
    sheet.told.append(Shape(_rings(outlines), fill="#f0f2ee", within=box))
    drawn = frame.drawn(scene.shapes())
    _plots(sheet, scene, drawn, box)
    sheet.told.append(Shape(_rings(outlines), edge=PARK, edge_mm=0.4, within=box))
    if outlined:
        strong = _rings(drawn[list(outlined)])
        sheet.told.append(Shape(strong, edge=INK, edge_mm=0.5, within=box))
    taken = [_north(sheet, frame, lang)]
    unplaced = _numbers(sheet, drawn, box, taken, numbers or {})
    _signs(sheet, frame, taken, signs)
    there = drawn[[shape is not None for shape in drawn]]
    spared = shapely.STRtree(np.concatenate([there, shapely.boundary(outlines)]))
    if not signs and len(parks) > 1:
        _names(sheet, box, taken, spared, [zone.name for zone in parks], outlines, PARK)
    _names(sheet, box, taken, spared, *around, SOFT)
    sheet.box(box, edge=INK, edge_mm=0.3)
    return unplaced


def array_of(shapes: Sequence[object]) -> NDArray[np.object_]:
    """Return shapes as numpy holds them, each a cell."""
    array = np.empty(len(shapes), object)
    array[:] = shapes
    return array


def _rings(shapes: NDArray[np.object_]) -> list[Points]:
    """Return the rings and lines of shapes on the sheet, without corners nobody could see."""
    there = shapes[[shape is not None for shape in shapes]] if len(shapes) else shapes
    if not len(there):
        return []
    parts = shapely.get_parts(shapely.simplify(there, _FINE_MM, preserve_topology=False))
    areas = shapely.get_dimensions(parts) == 2
    lines = shapely.get_dimensions(parts) == 1
    told = np.concatenate([shapely.get_rings(parts[areas]), parts[lines]])
    coordinates, of = shapely.get_coordinates(told, return_index=True)
    ends = np.cumsum(np.bincount(of, minlength=len(told)))[:-1]
    return [ring for ring in np.split(coordinates, ends) if len(ring) > 1]


def _outlines(sheet: Sheet, frame: Frame) -> tuple[list[str], NDArray[np.object_]]:
    """Draw the outlines of divisions under the map; return those whose name may stand on it."""
    box = frame.box
    near = whole_country() if frame.plane.meridian is None else outlines_near(_grid(frame))
    lines = array_of([_lines_of(one) for one in near])
    drawn = frame.drawn(lines)
    sheet.told.append(Shape(_rings(drawn), edge=DIVISION, edge_mm=0.2, dashed=True, within=box))
    window = shapely.box(box.left, box.bottom, box.right, box.top)
    named = [one for one in near if one.adcode is not None]
    if not named:
        return [], lines
    whole = frame.drawn(array_of([one.geometry for one in named]))
    whole = shapely.intersection(shapely.make_valid(whole), window)
    seen = np.flatnonzero(~shapely.is_empty(whole))
    return [named[at].name for at in seen.tolist()], whole[seen]


def _grid(frame: Frame) -> NDArray[np.float64]:
    """Return places all over a map, near enough to each other that no division lies between."""
    box, (x, y), per = frame.box, frame.box.middle, frame.mm_per_metre
    count = min(60, max(9, math.ceil(max(box.width, box.height) / per / _BETWEEN_M)))
    return np.array(
        [
            frame.plane.degrees(frame.east + (px - x) / per, frame.north + (py - y) / per)
            for px in np.linspace(box.left, box.right, count)
            for py in np.linspace(box.bottom, box.top, count)
        ]
    )


def _lines_of(one: Outline) -> object:
    return shapely.boundary(one.geometry) if one.geometry.area else one.geometry


def _plots(sheet: Sheet, scene: Scene, drawn: NDArray[np.object_], box: Box) -> None:
    """Draw the plots, the gravest last: what covers another is what matters more."""
    kinds = np.array([plot.kind for plot in scene.plots], np.int64)
    there = np.array([shape is not None for shape in drawn], np.bool_)
    if not there.any():
        return
    sizes = np.sqrt(shapely.area(drawn[there]))
    edge_mm = 0.12 if float(np.median(sizes)) > _TINY_MM else 0.04
    for kind in sorted(set(kinds[there].tolist()), reverse=True):
        fill, stripes = fill_of(kind)
        rings = _rings(drawn[there & (kinds == kind)])
        edge = LINE if kind == LEFT_OUT else BORDER
        sheet.told.append(Shape(rings, fill, edge, edge_mm, stripes, within=box))


def _numbers(
    sheet: Sheet,
    drawn: NDArray[np.object_],
    box: Box,
    taken: list[Box],
    numbers: Mapping[int, int],
) -> set[int]:
    plots = [plot for plot in sorted(numbers, key=numbers.__getitem__) if drawn[plot] is not None]
    if not plots:
        return set()
    circles = shapely.maximum_inscribed_circle(shapely.make_valid(drawn[plots]), tolerance=0.05)
    centres, rooms = shapely.get_coordinates(circles)[::2], shapely.length(circles)
    face = sheet.face(bold=True)
    wishes = [
        Wish(float(x), float(y), *_size(face, str(numbers[plot]), _NUMBER_POINTS), float(room))
        for plot, (x, y), room in zip(plots, centres, rooms, strict=True)
    ]
    there = drawn[[shape is not None for shape in drawn]]
    unplaced = set()
    for plot, wish, put in zip(plots, wishes, put_labels(wishes, box, taken, there), strict=True):
        if put is None:
            unplaced.add(plot)
            continue
        taken.append(put.box)
        _label(sheet, wish, put, str(numbers[plot]), _NUMBER_POINTS)
    return unplaced


def _signs(sheet: Sheet, frame: Frame, taken: list[Box], signs: Sequence[Sign]) -> None:
    if not signs:
        return
    places = frame.on_paper(frame.plane.metres(np.array([sign.place for sign in signs])))
    dots = [Box(float(x) - 0.8, float(y) - 0.8, 1.6, 1.6) for x, y in places]
    face = sheet.face(bold=True)
    wishes = [
        Wish(float(x), float(y), *_size(face, sign.text, _SIGN_POINTS), 0.8, inside=False)
        for sign, (x, y) in zip(signs, places, strict=True)
    ]
    puts = put_labels(wishes, frame.box, [*taken, *dots])
    for dot in dots:
        sheet.box(dot, fill=PARK, edge=PAPER, edge_mm=0.3)
    for sign, wish, put in zip(signs, wishes, puts, strict=True):
        if put is not None:
            taken.append(put.box)
            _label(sheet, wish, put, sign.text, _SIGN_POINTS)
    taken.extend(dots)


def _size(face: Face, text: str, points: float) -> tuple[float, float]:
    return face.width_mm(face.written(text), points) + 1.4, points * MM_PER_POINT + 0.9


def _label(sheet: Sheet, wish: Wish, put: Put, text: str, points: float) -> None:
    box = put.box
    if put.led:
        x = min(max(wish.x, box.left), box.right)
        y = min(max(wish.y, box.bottom), box.top)
        sheet.line([(wish.x, wish.y), (x, y)], INK, 0.15)
        sheet.box(Box(wish.x - 0.3, wish.y - 0.3, 0.6, 0.6), fill=INK, edge=None)
    sheet.box(box, fill=PAPER, edge=SOFT, edge_mm=0.12)
    x = box.middle[0]
    sheet.write(x, box.bottom + box.height * 0.27, text, points, bold=True, anchor="center")


def _names(
    sheet: Sheet,
    box: Box,
    taken: list[Box],
    spared: shapely.STRtree,
    names: Sequence[str],
    shapes: NDArray[np.object_],
    colour: str,
) -> None:
    """Write names where their land lies on the map, the widest first, those that find a place.

    A name keeps off what is `spared`, and its middle stays on its land.
    """
    face = sheet.face()
    areas = shapely.area(shapes)
    for at in sorted(range(len(names)), key=lambda at: (-areas[at], names[at])):
        x, y = shapely.get_coordinates(shapely.point_on_surface(shapes[at]))[0]
        width, height = _size(face, names[at], _NAME_POINTS)
        if areas[at] < width * height:
            continue
        for up in (0.0, 6.0, -6.0, 12.0, -12.0, 20.0, -20.0):
            where = Box(float(x) - width / 2, float(y) + up - height / 2, width, height)
            at_home = shapely.contains_xy(shapes[at], *where.middle)
            if at_home and _is_free(where, box, taken, spared):
                taken.append(where)
                middle, low = where.middle[0], where.bottom + height * 0.27
                sheet.write(middle, low, names[at], _NAME_POINTS, colour=colour, anchor="center")
                break


def _is_free(where: Box, box: Box, taken: Sequence[Box], spared: shapely.STRtree) -> bool:
    if not where.inside(box) or any(where.meets(other) for other in taken):
        return False
    shape = shapely.box(where.left, where.bottom, where.right, where.top)
    return not len(spared.query(shape, predicate="intersects"))


def _north(sheet: Sheet, frame: Frame, lang: str) -> Box:
    """Draw an arrow to true north in the upper right corner; return the place that it takes."""
    box = frame.box
    place = Box(box.right - _NORTH_MM, box.top - _NORTH_MM - 4, _NORTH_MM, _NORTH_MM + 4)
    sheet.box(place, fill=PAPER, edge=LINE)
    x, y = place.middle
    y -= 2
    turned = math.radians(frame.convergence)

    def at(right: float, up: float) -> tuple[float, float]:
        cos, sin = math.cos(turned), math.sin(turned)
        return x + right * cos + up * sin, y - right * sin + up * cos

    left = [at(0, 5), at(-2.2, -4), at(0, -2.4), at(0, 5)]
    right = [at(0, 5), at(2.2, -4), at(0, -2.4), at(0, 5)]
    sheet.told.append(Shape([np.array(left)], fill=INK, edge=INK))
    sheet.told.append(Shape([np.array(right)], fill=PAPER, edge=INK))
    sheet.write(x, place.top - 3.4, say("picture.north", lang), 7, bold=True, anchor="center")
    return place
