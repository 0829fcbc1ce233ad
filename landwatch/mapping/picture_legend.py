"""The legend and the key of a page: classes with counts and areas, numbers with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landwatch.language.catalogue import say
from landwatch.mapping.picture_look import DIVISION, PARK, fill_of
from landwatch.mapping.picture_paper import INK, LINE, SOFT, Box, Shape, Sheet
from landwatch.mapping.picture_scene import Holding, Plot, Scene
from landwatch.mapping.style import CLASSES, NO_CONTRACT_CLASS, class_name

ROW = 4.5
_KEY_HEAD, _KEY_ROW, _LOW_ROW, _LOW_POINTS = 10.0, 6.6, 3.9, 6.5
_COLUMN, _NAME_MM, _BESIDE_NAME = 56.0, 42.0, 48.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the key: a number and class, and two lines of text."""

    number: str
    kind: int | None
    name: str
    beside: str
    below: str


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A class with the number of its contracts and their area."""

    kind: int
    name: str
    count: int
    mu: float


@dataclass(frozen=True, slots=True)
class Legend:
    """The lines of a legend, how many areas were not told, how many contracts have no outline."""

    lines: tuple[LegendLine, ...]
    untold: int
    unplaced: int

    @property
    def rows(self) -> int:
        """Return how many rows it takes: header, classes, outlines, remarks."""
        return len(self.lines) + 2 + bool(self.untold) + bool(self.unplaced)


def legend_of(scene: Scene, lang: str) -> Legend:
    """Return how many contracts, and how much land, each class of a scene counts.

    As on the page: a contract counts once, its area is the granted one; a plot without contract
    counts by its own area.
    """
    counts, areas, untold = [0] * len(CLASSES), [0.0] * len(CLASSES), 0
    bare = [plot for plot in scene.plots if plot.kind == NO_CONTRACT_CLASS]
    counted: list[Holding | Plot] = [*scene.holdings, *bare]
    for one in counted:
        counts[one.kind] += 1
        areas[one.kind] += one.area_mu or 0.0
        untold += one.area_mu is None
    lines = tuple(
        LegendLine(kind, class_name(one, lang), counts[kind], areas[kind])
        for kind, one in enumerate(CLASSES)
        if counts[kind] or (one.always_listed and not scene.narrowed)
    )
    unplaced = sum(not scene.placed(one) for one in scene.holdings)
    return Legend(lines, untold, unplaced)


def swatch(sheet: Sheet, box: Box, kind: int) -> None:
    """Draw the look of a class."""
    fill, stripes = fill_of(kind)
    sheet.told.append(Shape([box.corners()], fill, INK, 0.12, stripes))


def draw_legend(sheet: Sheet, box: Box, legend: Legend, lang: str) -> None:
    """Draw the legend: classes with counts and areas, the two outlines, what is left out."""
    sheet.write(box.left, box.top - 4, say("map.page.legend", lang), 9, bold=True)
    counts, areas = box.right - 18, box.right
    y = box.top - 4
    sheet.write(counts, y, say("picture.contracts", lang), 6.5, colour=SOFT, anchor="right")
    sheet.write(areas, y, say("picture.mu", lang), 6.5, colour=SOFT, anchor="right")
    y -= 1.8
    sheet.line([(box.left, y), (box.right, y)])
    for line in legend.lines:
        y -= ROW
        swatch(sheet, Box(box.left, y + 0.6, 6, 3.1), line.kind)
        room = counts - box.left - 8 - 9
        sheet.write(box.left + 8, y + 1.2, line.name, 7, most_mm=room)
        sheet.write(counts, y + 1.2, f"{line.count:,}", 7, anchor="right")
        sheet.write(areas, y + 1.2, f"{line.mu:,.1f}", 7, anchor="right")
    for colour, width, key in ((PARK, 0.4, "picture.park"), (DIVISION, 0.2, "picture.division")):
        y -= ROW
        ends = [(box.left, y + 2), (box.left + 6, y + 2)]
        sheet.line(ends, colour, width, dashed=colour == DIVISION)
        sheet.write(box.left + 8, y + 1.2, say(key, lang), 7)
    remarks = []
    if legend.untold:
        remarks.append(say("map.page.untold", lang, count=legend.untold))
    if legend.unplaced:
        remarks.append(say("picture.unplaced", lang, count=legend.unplaced))
    for remark in remarks:
        y -= ROW
        sheet.write(box.left, y + 1.2, remark, 6.5, colour=SOFT, most_mm=box.width)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """How the rows of a key stand in a box: columns, rows in each, and how high a row is."""

    columns: int
    each: int
    high: float

    @property
    def most(self) -> int:
        """Return how many rows it has room for."""
        return self.columns * self.each


def key_plan(sheet: Sheet, box: Box, rows: Sequence[Row]) -> KeyPlan:
    """Return how rows stand in a box: two lines for each where all have room, else one.

    Names, which are numbers of contracts, are not cut where the box is wide enough for them.
    """
    high = box.height - _KEY_HEAD
    roomy = KeyPlan(max(1, int(box.width // _COLUMN)), max(0, int(high // _KEY_ROW)), _KEY_ROW)
    if len(rows) <= roomy.most:
        return roomy
    face = sheet.face(bold=True)
    longest = max(face.width_mm(face.written(row.name), _LOW_POINTS) for row in rows)
    columns = max(1, int(box.width // max(_COLUMN, min(longest, _NAME_MM) + _BESIDE_NAME)))
    return KeyPlan(columns, max(0, int(high // _LOW_ROW)), _LOW_ROW)


def draw_key(sheet: Sheet, box: Box, rows: Sequence[Row], title: str, rest: str) -> None:
    """Draw the key in as many columns as the box is wide; what does not fit is counted.

    `rest` is the sentence of what is left out, with a place `{count}`.
    """
    plan = key_plan(sheet, box, rows)
    if not plan.most or not rows:
        return
    sheet.write(box.left, box.top - 4, title, 9, bold=True)
    width = (box.width - 3 * (plan.columns - 1)) / plan.columns
    for at, row in enumerate(rows[: plan.most]):
        column, line = divmod(at, plan.each)
        left, top = box.left + column * (width + 3), box.top - 6 - line * plan.high
        _key_row(sheet, Box(left, top - plan.high, width, plan.high), row)
    if len(rows) > plan.most:
        told = rest.format(count=len(rows) - plan.most)
        sheet.write(box.left, box.bottom + 0.5, told, 6.5, colour=SOFT, most_mm=box.width)


def _key_row(sheet: Sheet, box: Box, row: Row) -> None:
    sheet.line([(box.left, box.top), (box.right, box.top)], LINE, 0.08)
    y, text = box.top - 2.9, box.left
    sheet.write(box.left + 6, y, row.number, 7, bold=True, anchor="right")
    if row.kind is not None:
        swatch(sheet, Box(box.left + 7.5, y - 0.1, 3.4, 2.4), row.kind)
        text = box.left + 12.1
    beside = sheet.write(box.right, y, row.beside, 6.5, anchor="right")
    room = box.right - text - beside - 1
    if box.height >= _KEY_ROW:
        sheet.write(text, y, row.name, 7, bold=True, most_mm=room)
        sheet.write(text, y - 2.9, row.below, 6.5, colour=SOFT, most_mm=box.right - text)
        return
    name = sheet.write(text, y, row.name, _LOW_POINTS, bold=True, most_mm=min(room, _NAME_MM))
    sheet.write(text + name + 1.2, y, row.below, 6.2, colour=SOFT, most_mm=room - name - 1.2)
