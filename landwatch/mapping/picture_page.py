"""The furniture of a page: title, legend, key, scale, and the lines at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import landwatch
from landwatch.language.catalogue import say
from landwatch.mapping.fonts import Fonts
from landwatch.mapping.picture_frame import Frame
from landwatch.mapping.picture_legend import ROW
from landwatch.mapping.picture_paper import INK, PAPER, SOFT, Box, Sheet, wrapped
from landwatch.mapping.picture_scene import Scene

SIZES_MM = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}
MARGIN = 10.0
_HEAD, _STRIP = 15.0, 11.0


@dataclass(frozen=True, slots=True)
class PictureWishes:
    """What somebody wants a picture to be.

    Attributes:
        lang: of its words.
        paper: a key of `SIZES_MM`.
        landscape: whether it lies on its long side.
        zone_id: the park that alone is shown, None for all.
        atlas: whether each park has its own page, and each numbered parcel a card.
        link: the address of a served map, for the codes of the cards.
        note: a line of the user's own: a source, an approval number.
        font: a font file; the machine's own where None.
        dpi: dots per inch of a PNG.
    """

    lang: str = "zh"
    paper: str = "a4"
    landscape: bool = True
    zone_id: str | None = None
    atlas: bool = False
    link: str | None = None
    note: str | None = None
    font: Path | None = None
    dpi: int = 200

    @property
    def size_mm(self) -> tuple[float, float]:
        """Return width and height of a page."""
        long, short = SIZES_MM[self.paper]
        return (long, short) if self.landscape else (short, long)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a map page stand."""

    map: Box
    legend: Box
    key: Box
    strip: Box


def new_sheet(wishes: PictureWishes, fonts: Fonts) -> Sheet:
    """Return an empty page."""
    return Sheet(*wishes.size_mm, fonts)


def places_of(wishes: PictureWishes, foot_top: float, legend_rows: int) -> Places:
    """Return where map, legend, key and scale stand on a page of this paper."""
    width, height = wishes.size_mm
    top, inner = height - MARGIN - _HEAD, width - 2 * MARGIN
    legend_high = 8 + ROW * legend_rows
    if wishes.landscape:
        side = 76.0 if wishes.paper == "a4" else 120.0
        bottom = foot_top + _STRIP
        box = Box(MARGIN, bottom, inner - side - 4, top - bottom)
        legend = Box(box.right + 4, top - legend_high, side, legend_high)
        key = Box(legend.left, foot_top + 1, side, legend.bottom - 3 - foot_top - 1)
    else:
        low = max(legend_high + 2, 0.26 * height)
        bottom = foot_top + low + _STRIP
        box = Box(MARGIN, bottom, inner, top - bottom)
        legend = Box(MARGIN, foot_top + low - legend_high, 72.0, legend_high)
        key = Box(legend.right + 4, foot_top + 1, inner - 76.0, low - 1)
    return Places(box, legend, key, Box(box.left, box.bottom - _STRIP, box.width, _STRIP))


def heading(sheet: Sheet, scene: Scene, wishes: PictureWishes, below: str) -> None:
    """Write title, day and scan, and the badge of what is made up."""
    lang, top = wishes.lang, sheet.height_mm - MARGIN
    room = sheet.width_mm - 2 * MARGIN
    if scene.made_up:
        text = say("map.page.made_up", lang)
        width = sheet.face(True).width_mm(text, 8) + 4
        badge = Box(sheet.width_mm - MARGIN - width, top - 6.5, width, 5.5)
        sheet.box(badge, fill=PAPER, edge=INK, edge_mm=0.3)
        sheet.write(badge.middle[0], badge.bottom + 1.6, text, 8, bold=True, anchor="center")
        room -= width + 4
    sheet.write(MARGIN, top - 5.5, scene.title, 15, bold=True, most_mm=room)
    when = when_of(scene, lang)
    told = say("picture.below", lang, name=below, when=when) if below else when
    sheet.write(MARGIN, top - 11.5, told, 8.5, colour=SOFT, most_mm=sheet.width_mm - 2 * MARGIN)


def when_of(scene: Scene, lang: str) -> str:
    """Return the day, the scan, and the moment of the knowledge where one was asked for."""
    day = scene.as_of.isoformat()
    if scene.scan_id is None:
        return say("map.page.when", lang, day=day)
    told = say("map.page.when_scan", lang, day=day, scan=scene.scan_id)
    if scene.known_at is None:
        return told
    moment = scene.known_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return say("picture.known_at", lang, when=told, moment=moment)


def foot(
    sheet: Sheet, wishes: PictureWishes, page: str, *, outlines: bool, more: Sequence[str] = ()
) -> float:
    """Write caveat, remarks and source at the foot of a page; return where they begin above."""
    lang = wishes.lang
    told = [say("map.page.caveat", lang), *more]
    told += [say("map.page.orientation", lang)] if outlines else []
    if wishes.note:
        told.append(wishes.note)
    told.append(say("picture.source", lang, version=landwatch.__version__))
    width = sheet.width_mm - 2 * MARGIN
    text = "".join(told) if lang == "zh" else straight(" ".join(told))
    lines = wrapped(sheet.face(), text, 6.5, width - 24)
    top = MARGIN + 3.1 * len(lines)
    for at, line in enumerate(lines):
        sheet.write(MARGIN, top - 3.1 * (at + 1) + 0.8, line, 6.5, colour=SOFT)
    right = sheet.width_mm - MARGIN
    sheet.write(right, MARGIN + 0.8, page, 6.5, colour=SOFT, anchor="right")
    sheet.line([(MARGIN, top + 0.8), (right, top + 0.8)])
    return top + 1.5


def straight(text: str) -> str:
    """Return English with the quotes of a typewriter: a Chinese font has wide ones alone.

    >>> straight("“yes”")
    '"yes"'
    """
    return text.translate({ord("“"): '"', ord("”"): '"', ord("’"): "'"})


def draw_scale(sheet: Sheet, strip: Box, frame: Frame, lang: str) -> None:
    """Draw the scale under the map: the ratio, a bar, the plane and where true north lies."""
    y = strip.top - 5.5
    ratio = say("picture.ratio", lang, ratio=f"{frame.ratio:,}")
    x = strip.left + sheet.write(strip.left, y, ratio, 10, bold=True) + 6
    metres = frame.bar_metres(min(55.0, strip.width * 0.3))
    unit = metres / frame.ratio * 1000 / 4
    for part in range(4):
        shade = INK if part % 2 == 0 else PAPER
        sheet.box(Box(x + part * unit, y, unit, 1.3), fill=shade, edge=INK)
    name, each = ("picture.km", 1000) if metres >= 1000 else ("picture.m", 1)
    for part in (0, 2, 4):
        length = f"{metres * part / 4 / each:g}"
        sheet.write(x + part * unit, y + 2.1, length, 6, anchor="center")
    sheet.write(x + 4 * unit + 4.5, y, say(name, lang), 6.5)
    told = turned_in_words(frame, lang)
    left = x + 4 * unit + 14
    room = strip.right - left
    bottom = sheet.paragraph(left, strip.top - 1.2, told, 6.2, room, most=2, colour=SOFT)
    sheet.write(left, bottom - 2.1, say("picture.no_scaling", lang), 6.2, colour=SOFT, most_mm=room)


def turned_in_words(frame: Frame, lang: str) -> str:
    """Return the plane of a map, and where true north lies off its upright, to 0.01 degrees."""
    plane, angle = frame.plane.in_words(lang), round(frame.convergence, 2)
    if not angle:
        return say("picture.upright", lang, plane=plane)
    key = "picture.right" if angle > 0 else "picture.left"
    return say(key, lang, plane=plane, angle=f"{abs(angle):.2f}°")
