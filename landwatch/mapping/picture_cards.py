"""The cards of an atlas: one for each numbered parcel, with a code that a phone reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from landwatch.language.catalogue import listed, say
from landwatch.mapping.fonts import Fonts
from landwatch.mapping.gravest import ASKING
from landwatch.mapping.picture_code import Marked, code_shapes, linked, said
from landwatch.mapping.picture_legend import Row, swatch
from landwatch.mapping.picture_page import (
    MARGIN,
    PictureWishes,
    foot,
    heading,
    new_sheet,
)
from landwatch.mapping.picture_paper import LINE, SOFT, Box, Sheet
from landwatch.mapping.picture_scene import Asked, Scene
from landwatch.mapping.style import CLASSES, NO_CONTRACT_CLASS, class_name

CODE_MM = 25.0
_HIGH, _WIDE, _GAP = 30.0, 88.0, 3.0
FEW = 60
"""So many parcels are all numbered; of more, those that somebody has to look at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A parcel of the key, or a contract that lies on none; either may be missing."""

    number: int | None
    plot: int | None
    holding: int | None
    more: int = 0


def entries_of(scene: Scene) -> list[Entry]:
    """Return what the key lists, the gravest first; what has an outline is numbered.

    Contracts without any outline stand among them, without a number.
    """
    drawn = [at for at, plot in enumerate(scene.plots) if plot.shape is not None and plot.holdings]
    unplaced = [at for at, one in enumerate(scene.holdings) if not scene.placed(one)]
    subjects: list[tuple[int | None, int]] = [(at, scene.plots[at].holdings[0]) for at in drawn]
    subjects += [(None, at) for at in unplaced]
    if len(subjects) > FEW and not scene.narrowed:
        subjects = [one for one in subjects if _asks(scene.holdings[one[1]].kind)]
    subjects.sort(key=lambda one: _order(scene, *one))
    entries, number = [], 0
    for plot, holding in subjects:
        if plot is None:
            entries.append(Entry(None, None, holding))
            continue
        number += 1
        entries.append(Entry(number, plot, holding, len(scene.plots[plot].holdings) - 1))
    return entries


def _asks(kind: int) -> bool:
    return CLASSES[kind].gravity in ASKING


def _order(scene: Scene, plot: int | None, holding: int) -> tuple[int, int, str, str]:
    one = scene.holdings[holding]
    days = max((asked.days_past or 0 for asked in one.asked), default=0)
    parcel = "" if plot is None else scene.plots[plot].parcel_id
    return one.kind, -days, one.contract_id, parcel


def row_of(scene: Scene, entry: Entry, lang: str) -> Row:
    """Return the line of the key for an entry."""
    number = "" if entry.number is None else str(entry.number)
    if entry.holding is None:
        assert entry.plot is not None
        plot = scene.plots[entry.plot]
        return Row(number, plot.kind, plot.parcel_id, class_name(CLASSES[plot.kind], lang), "")
    one = scene.holdings[entry.holding]
    name = one.contract_id
    if entry.more:
        name = say("picture.and_more", lang, name=name, count=entry.more)
    holder = one.holder or say("map.page.no_holder", lang)
    if entry.plot is None:
        holder = say("picture.without_outline", lang, holder=holder)
    return Row(number, one.kind, name, class_name(CLASSES[one.kind], lang), holder)


def cards_on_a_page(wishes: PictureWishes) -> tuple[int, int]:
    """Return how many cards stand beside each other, and one below the other."""
    width, height = wishes.size_mm
    across = int((width - 2 * MARGIN + _GAP) // (_WIDE + _GAP))
    down = int((height - 2 * MARGIN - 15 - 11 + _GAP) // (_HIGH + _GAP))
    return across, down


def card_sheets(
    scene: Scene,
    entries: Sequence[Entry],
    wishes: PictureWishes,
    fonts: Fonts,
    name: str,
    pages: tuple[int, int],
) -> list[Sheet]:
    """Return the pages of cards of a park.

    Args:
        scene: of the park.
        entries: its key.
        wishes: of the paper.
        fonts: of the words.
        name: of the park.
        pages: the number of the first of them, and of all pages.
    """
    across, down = cards_on_a_page(wishes)
    each, lang = across * down, wishes.lang
    sheets: list[Sheet] = []
    for start in range(0, len(entries), each):
        sheet = new_sheet(wishes, fonts)
        heading(sheet, scene, wishes, say("picture.cards_of", lang, name=name))
        page, whole = pages[0] + len(sheets), pages[1]
        explained = "picture.code_link" if wishes.link else "picture.code_text"
        told = say("picture.page", lang, page=page, pages=whole)
        foot(sheet, wishes, told, outlines=False, more=[say(explained, lang)])
        wide = (sheet.width_mm - 2 * MARGIN - _GAP * (across - 1)) / across
        for at, entry in enumerate(entries[start : start + each]):
            row, column = divmod(at, across)
            left = MARGIN + column * (wide + _GAP)
            top = sheet.height_mm - MARGIN - 15 - row * (_HIGH + _GAP)
            _card(sheet, Box(left, top - _HIGH, wide, _HIGH), scene, entry, wishes)
        sheets.append(sheet)
    return sheets


def _card(
    sheet: Sheet, box: Box, scene: Scene, entry: Entry, wishes: PictureWishes
) -> None:  # fmt: skip
    lang, row = wishes.lang, row_of(scene, entry, wishes.lang)
    sheet.box(box, edge=LINE, edge_mm=0.2)
    left, top = box.left + 2, box.top - 4.2
    code = marked_at(scene, entry.plot, entry.holding)
    text = linked(wishes.link, code) if wishes.link else said(code)
    side = CODE_MM
    sheet.told += code_shapes(text, box.right - side - 1, box.bottom + (_HIGH - side) / 2, side)
    room = box.width - side - 5
    x = left
    if row.number:
        x += sheet.write(x, top, row.number, 11, bold=True) + 2
    if row.kind is not None:
        swatch(sheet, Box(x, top - 0.3, 4.4, 3.1), row.kind)
        x += 6
    sheet.write(x, top, row.name, 8.5, bold=True, most_mm=left + room - x)
    y = sheet.paragraph(left, top - 1.6, row.below, 7, room, most=2)
    for line in _lines(scene, entry, code, lang):
        y = sheet.paragraph(left, y, line, 6.2, room, most=1, colour=SOFT)
    if y - box.bottom > 4:
        most = int((y - box.bottom - 0.8) // (6.2 * 25.4 / 72 * 1.35))
        sheet.paragraph(left, y, _found(scene, entry, lang), 6.2, room, most=most)


def marked_at(scene: Scene, plot: int | None, holding: int | None) -> Marked:
    """Return what the code of a plot and contract points at: the middle of the plot, within it."""
    place = None
    parcel = None if plot is None else scene.plots[plot]
    if parcel is not None and parcel.shape is not None:
        middle = parcel.shape.centroid
        if not parcel.shape.buffer(0).contains(middle):
            middle = shapely.point_on_surface(parcel.shape)
        place = (float(middle.x), float(middle.y))
    contract = None if holding is None else scene.holdings[holding].contract_id
    parcel_id = None if parcel is None else parcel.parcel_id
    return Marked(contract, parcel_id, place, scene.scan_id, scene.as_of)


def _lines(scene: Scene, entry: Entry, code: Marked, lang: str) -> list[str]:
    """Return project, parcel with its area, and place."""
    holding = None if entry.holding is None else scene.holdings[entry.holding]
    lines = [holding.project] if holding is not None and holding.project else []
    area = None if holding is None else holding.area_mu
    told = say("map.page.not_told", lang)
    mu = told if area is None else say("map.page.mu", lang, area=f"{area:,.2f}")
    if code.parcel_id:
        lines.append(say("picture.parcel_area", lang, parcel=code.parcel_id, area=mu))
    if code.place is not None:
        lon, lat = code.place
        lines.append(say("picture.place", lang, lon=f"{lon:.6f}", lat=f"{lat:.6f}"))
    return lines


def _found(scene: Scene, entry: Entry, lang: str) -> str:
    """Return the class of an entry, with the rules that made it and how long they are past."""
    if entry.holding is None:
        return class_name(CLASSES[NO_CONTRACT_CLASS], lang)
    one = scene.holdings[entry.holding]
    name = class_name(CLASSES[one.kind], lang)
    if not one.asked:
        return name
    rules = listed((_rule(asked, lang) for asked in one.asked), lang)
    return say("picture.found", lang, name=name, rules=rules)


def _rule(asked: Asked, lang: str) -> str:
    title = asked.title_zh if lang == "zh" else asked.title_en
    if asked.days_past is None or asked.days_past <= 0:
        return title
    return say("picture.rule_past", lang, rule=title, days=asked.days_past)
