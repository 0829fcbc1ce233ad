"""Pictures of a kept scan for paper: the whole ledger, one park, or an atlas of parks with cards.

What a paper says must hold without a screen: the scale is true and round, numbers lead from the map
to names, a code leads from the paper to the parcel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from landwatch.errors import PageError
from landwatch.geo.outlines import whole_country
from landwatch.language.catalogue import say
from landwatch.language.terms import ZoneLevel
from landwatch.mapping.fonts import Fonts, fonts_for
from landwatch.mapping.picture_cards import Entry, card_sheets, cards_on_a_page, entries_of, row_of
from landwatch.mapping.picture_frame import Frame, frame_of
from landwatch.mapping.picture_legend import Row, draw_key, draw_legend, key_plan, legend_of
from landwatch.mapping.picture_map import array_of, paint_map
from landwatch.mapping.picture_page import (
    PictureWishes,
    draw_scale,
    foot,
    heading,
    new_sheet,
    places_of,
)
from landwatch.mapping.picture_paper import Box, Sheet
from landwatch.mapping.picture_parks import park_name, park_rows, park_signs
from landwatch.mapping.picture_scene import Scene
from landwatch.mapping.picture_write import FORMATS, write_sheets

MOST_NUMBERS = 400
COUNTRY_DEGREES = 15.0
_READABLE_MM = 1.5
"""Where half of the plots are narrower than this on paper, parks are told instead of plots."""

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class MapTold:
    """What one map page shows."""

    name: str
    zone_id: str | None
    ratio: int | None
    plane: str | None
    drawn: int
    contracts: int
    unplaced_contracts: int
    listed: int


@dataclass(frozen=True, slots=True)
class PictureReceipt:
    """What was written: the files, their pages, and the maps among them."""

    files: tuple[Path, ...]
    pages: int
    font: str
    maps: tuple[MapTold, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A map page to be drawn, and its key."""

    scene: Scene
    zone_id: str | None
    name: str
    entries: Sequence[Entry]
    cards: bool
    left_out: int = 0
    parks: Mapping[str | None, Scene] | None = None


def write_picture(
    path: Path, scene: Scene, wishes: PictureWishes, told: Told | None = None
) -> PictureReceipt:
    """Write the picture of a scene; PNG and SVG of several pages become numbered files.

    Raises:
        PageError: nothing can be drawn, no font writes Chinese, or a file cannot be written.
    """
    fonts = fonts_for(wishes.font)
    sheets, maps = sheets_of(scene, wishes, fonts, told)
    files = write_sheets(path, sheets, title=scene.title, dpi=wishes.dpi)
    return PictureReceipt(tuple(files), len(sheets), fonts.plain.name, tuple(maps))


def is_picture(path: Path) -> bool:
    """Tell whether a name ends as a picture's does."""
    return path.suffix.lower().removeprefix(".") in FORMATS


def sheets_of(
    scene: Scene, wishes: PictureWishes, fonts: Fonts, told: Told | None = None
) -> tuple[list[Sheet], list[MapTold]]:
    """Return the pages of a picture, and what each map shows.

    Raises:
        PageError: nothing of it has an outline.
    """
    parts = _parts(scene, wishes)
    drawn = any(plot.shape is not None for part in parts for plot in part.scene.plots)
    if not drawn or (scene.narrowed and not scene.holdings):
        raise PageError("picture.error.nothing")
    across, down = cards_on_a_page(wishes)
    of_cards = [-(-len(part.entries) // (across * down)) if part.cards else 0 for part in parts]
    pages = len(parts) + sum(of_cards)
    sheets: list[Sheet] = []
    maps: list[MapTold] = []
    for at, part in enumerate(parts):
        number = say("picture.page", wishes.lang, page=len(sheets) + 1, pages=pages)
        sheet, seen = _map_sheet(part, wishes, fonts, number if pages > 1 else "")
        sheets.append(sheet)
        maps.append(seen)
        if part.cards:
            place = (len(sheets) + 1, pages)
            sheets += card_sheets(part.scene, part.entries, wishes, fonts, part.name, place)
        if told is not None:
            told(say("picture.working", wishes.lang), at + 1, len(parts))
    return sheets, maps


def _parts(scene: Scene, wishes: PictureWishes) -> list[_Part]:
    """Return the map pages: all parks together, one park, or all and then park after park."""
    parks = scene.parks()
    if wishes.zone_id is not None:
        named = [zone for zone in scene.zones if zone.zone_id == wishes.zone_id]
        none = replace(scene, plots=[], holdings=[], zones=named)
        return [_part(parks.get(wishes.zone_id, none), wishes.zone_id, wishes)]
    overview = _part(scene, None, wishes, parks)
    if not wishes.atlas:
        return [overview]
    shown = [_part(park, zone_id, wishes) for zone_id, park in parks.items()]
    shown = [part for part in shown if part.entries or _any_shape(part.scene)]
    return shown if len(shown) == 1 else [overview, *shown]


def _part(
    scene: Scene,
    zone_id: str | None,
    wishes: PictureWishes,
    parks: Mapping[str | None, Scene] | None = None,
) -> _Part:
    """Return a page of a park, or of all `parks`; of too many parcels the gravest are listed."""
    entries = entries_of(scene)
    kept = [one for one in entries if (one.number or 0) <= MOST_NUMBERS]
    lang = wishes.lang
    if parks is None:
        name = park_name(scene, zone_id, lang)
    else:
        name = say("picture.all", lang) if len(parks) > 1 else ""
    cards = wishes.atlas and parks is None
    return _Part(scene, zone_id, name, kept, cards, len(entries) - len(kept), parks)


def _any_shape(scene: Scene) -> bool:
    return any(plot.shape is not None for plot in scene.plots)


def _map_sheet(
    part: _Part, wishes: PictureWishes, fonts: Fonts, number: str
) -> tuple[Sheet, MapTold]:
    """Return a page with a map, and what it shows."""
    lang, scene = wishes.lang, part.scene
    sheet = new_sheet(wishes, fonts)
    heading(sheet, scene, wishes, _name(part, lang))
    more = [say("picture.left_out", lang, most=MOST_NUMBERS, count=part.left_out)]
    foot_top = foot(sheet, wishes, number, outlines=True, more=more if part.left_out else ())
    legend = legend_of(scene, lang)
    places = places_of(wishes, foot_top, legend.rows)
    draw_legend(sheet, places.legend, legend, lang)
    frame = _frame(scene, places.map)
    signs = frame is not None and part.parks is not None and _too_small(scene, frame)
    lost: set[int] = set()
    numbers = _numbers(part)
    if not part.cards:  # a number leads to a line of the key; where there is none, to nothing
        most = key_plan(sheet, places.key, _rows(part, lang, lost)).most
        listed = {entry.plot for entry in part.entries[:most]}
        numbers = {plot: number for plot, number in numbers.items() if plot in listed}
    if frame is None:
        sheet.write(*places.map.middle, say("picture.no_map", lang), 10, anchor="center")
    else:
        lost = paint_map(
            sheet, scene, frame, lang=lang, numbers={} if signs else numbers,
            signs=park_signs(part.parks or {}, lang) if signs else (),
        )  # fmt: skip
        draw_scale(sheet, places.strip, frame, lang)
    if signs:
        rest = say("picture.rest_parks", lang, count="{count}")
        draw_key(
            sheet, places.key, park_rows(part.parks or {}, lang), say("picture.parks", lang), rest
        )
    else:
        draw_key(sheet, places.key, _rows(part, lang, lost), *_key_words(part, lang))
    return sheet, MapTold(
        part.name,
        part.zone_id,
        None if frame is None else frame.ratio,
        None if frame is None else frame.plane.in_words(lang),
        sum(plot.shape is not None for plot in scene.plots),
        len(scene.holdings),
        legend.unplaced,
        0 if signs else len(part.entries),
    )


def _frame(scene: Scene, box: Box) -> Frame | None:
    """Return the frame of a scene: its plots, and the outlines of the parks that hold some.

    What is as wide as the country is shown on the whole of it: no part of it is cut off.
    """
    shapes = scene.shapes()
    shapes = shapes[[shape is not None for shape in shapes]]
    if not len(shapes):
        return None
    parks = [zone.geometry for zone in scene.zones if zone.geometry is not None]
    shown = np.concatenate([shapes, array_of(parks)])
    west, south, east, north = shapely.total_bounds(shown)
    if max(east - west, north - south) > COUNTRY_DEGREES:
        country = [one.geometry for one in whole_country()]
        shown = np.concatenate([shown, array_of(country)])
    return frame_of(shown, box)


def _too_small(scene: Scene, frame: Frame) -> bool:
    """Tell whether parks are to be told instead of plots: most plots are specks."""
    shapes = frame.drawn(array_of([p.shape for p in scene.plots if p.shape is not None]))
    return float(np.median(np.sqrt(shapely.area(shapes)))) < _READABLE_MM


def _numbers(part: _Part) -> dict[int, int]:
    return {
        entry.plot: entry.number
        for entry in part.entries
        if entry.plot is not None and entry.number is not None
    }


def _rows(part: _Part, lang: str, lost: set[int]) -> list[Row]:
    rows = []
    for entry in part.entries:
        row = row_of(part.scene, entry, lang)
        if entry.plot in lost:
            below = say("picture.no_room", lang, holder=row.below)
            row = Row(row.number, row.kind, row.name, row.beside, below)
        rows.append(row)
    return rows


def _key_words(part: _Part, lang: str) -> tuple[str, str]:
    """Return the title of the key, and the sentence of what does not fit into it."""
    held = sum(bool(plot.holdings) for plot in part.scene.plots if plot.shape is not None)
    numbered = sum(entry.number is not None for entry in part.entries)
    title = say("picture.key_all" if numbered == held else "picture.key_asking", lang)
    rest = "picture.rest_cards" if part.cards else "picture.rest"
    return title, say(rest, lang, count="{count}")


def _name(part: _Part, lang: str) -> str:
    """Return the name of a park with its level, where that is told."""
    levels = [zone.level for zone in part.scene.zones if part.zone_id is not None and zone.level]
    if not levels:
        return part.name
    level = ZoneLevel(levels[0]).in_words(lang)
    return say("picture.park_level", lang, name=part.name, level=level)
