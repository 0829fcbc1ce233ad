"""A slip as a page of paper: header, ledger, little map, findings, boxes to tick, signatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import landwatch
from landwatch.language.catalogue import listed, say
from landwatch.mapping.fonts import Face, Fonts
from landwatch.mapping.picture_code import code_shapes
from landwatch.mapping.picture_frame import Frame, frame_of
from landwatch.mapping.picture_legend import swatch
from landwatch.mapping.picture_map import paint_map
from landwatch.mapping.picture_page import straight, turned_in_words
from landwatch.mapping.picture_paper import (
    INK,
    LINE,
    MM_PER_POINT,
    PAPER,
    SOFT,
    Box,
    Sheet,
    wrapped,
)
from landwatch.reports.slip import AROUND_M, Slip, SlipFinding

WIDTH_MM, HEIGHT_MM, MARGIN = 210.0, 297.0, 12.0
INNER = WIDTH_MM - 2 * MARGIN
HEAD_POINTS, POINTS, LEADING = 8.5, 7.2, 1.32
_STEP = POINTS * MM_PER_POINT * LEADING
_HEAD_STEP = HEAD_POINTS * MM_PER_POINT * 1.5
LABEL_MM = 14.0
REST_LINES = 3
"""So many lines name the findings that stand not on the page."""
CODE_MM = 25.0
_MAP = (74.0, 58.0)
FORM_MM = 96.0
"""How high the part is that is filled in by hand."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A line of the findings: a head with its class, or text with the name of its part."""

    text: str
    label: str = ""
    kind: int | None = None


def lines_of(
    finding: SlipFinding, number: int, face: Face, bold: Face, width_mm: float
) -> list[SlipLine]:
    """Return the lines of a finding at a width, its clause whole."""
    head = wrapped(bold, f"{number}. {finding.head}", HEAD_POINTS, width_mm - 6)
    lines = [SlipLine(text, kind=finding.kind if at == 0 else None) for at, text in enumerate(head)]
    for label, text in finding.parts:
        broken = wrapped(face, text, POINTS, width_mm - LABEL_MM)
        lines += [SlipLine(one, label if at == 0 else " ") for at, one in enumerate(broken)]
    return lines


def lines_that_fit(
    slip: Slip, face: Face, bold: Face, width_mm: float, most_mm: float
) -> tuple[list[SlipLine], int]:
    """Return the lines of the gravest findings that a height holds, and how many findings.

    A finding stands whole or not at all; but the first stands in any case, cut where it must be.
    """
    told: list[SlipLine] = []
    left = most_mm
    for number, finding in enumerate(slip.findings, start=1):
        lines = lines_of(finding, number, face, bold, width_mm)
        needed = height_of(lines) + 1.0
        rest = REST_LINES * _STEP if number < len(slip.findings) else 0.0
        if needed + rest > left:
            if number == 1:
                return _cut(lines, left - rest), 1
            return told, number - 1
        told += lines
        left -= needed
    return told, len(slip.findings)


def height_of(lines: list[SlipLine]) -> float:
    """Return how high lines stand."""
    return sum(_STEP if line.label else _HEAD_STEP for line in lines)


def _cut(lines: list[SlipLine], most_mm: float) -> list[SlipLine]:
    kept: list[SlipLine] = []
    for line in lines:
        if height_of([*kept, line]) + _STEP > most_mm:
            return [*kept, SlipLine("…", " ")]
        kept.append(line)
    return kept


def slip_sheet(slip: Slip, fonts: Fonts) -> tuple[Sheet, int]:
    """Return the page of a slip, and how many findings stand on it."""
    sheet = Sheet(WIDTH_MM, HEIGHT_MM, fonts)
    top = HEIGHT_MM - MARGIN
    _head(sheet, slip, top)
    map_box = Box(WIDTH_MM - MARGIN - _MAP[0], top - _MAP[1], *_MAP)
    under = draw_little_map(sheet, slip, map_box)
    below = _who(sheet, slip, top - (24 if slip.made_up else 16), INNER - _MAP[0] - 5)
    start = min(below, under) - 2
    bottom = MARGIN + FORM_MM
    told = _findings(sheet, slip, start, bottom)
    _form(sheet, slip, bottom)
    return sheet, told


def _head(sheet: Sheet, slip: Slip, top: float) -> None:
    lang = slip.lang
    sheet.write(MARGIN, top - 6, say("slip.title", lang), 16, bold=True)
    room = INNER - _MAP[0] - 5
    sheet.write(MARGIN, top - 12, slip.when, 8.5, colour=SOFT, most_mm=room)
    if slip.made_up:
        text = say("map.page.made_up", lang)
        width = sheet.face(True).width_mm(text, 8) + 4
        badge = Box(MARGIN, top - 20.5, width, 5.5)
        sheet.box(badge, fill=PAPER, edge=INK, edge_mm=0.3)
        sheet.write(badge.middle[0], badge.bottom + 1.6, text, 8, bold=True, anchor="center")


def draw_little_map(sheet: Sheet, slip: Slip, box: Box) -> float:
    """Draw the land of a contract among its neighbours; return where the map ends below."""
    own = [plot.shape for plot in slip.scene.plots if plot.holdings]
    if not own:
        sheet.box(box, fill="#fbfbf9", edge=INK, edge_mm=0.3)
        middle = box.middle[0] - (box.width - 8) / 2
        text = say("map.page.unplaced_why", slip.lang)
        sheet.paragraph(middle, box.middle[1] + 4, text, 8, box.width - 8, colour=SOFT)
        return box.bottom
    shapes = np.empty(len(own), object)
    shapes[:] = own
    frame = frame_of(shapes, box, around=AROUND_M)
    paint_map(sheet, slip.scene, frame, lang=slip.lang, outlined=range(len(own)))
    return _scale(sheet, frame, box, slip.lang)


def _scale(sheet: Sheet, frame: Frame, box: Box, lang: str) -> float:
    y = box.bottom - 4
    ratio = say("picture.ratio", lang, ratio=f"{frame.ratio:,}")
    x = box.left + sheet.write(box.left, y, ratio, 8, bold=True) + 4
    metres = frame.bar_metres(28)
    wide = metres / frame.ratio * 1000
    for part in (0, 1):
        fill = PAPER if part else INK
        sheet.box(Box(x + part * wide / 2, y, wide / 2, 1.2), fill=fill, edge=INK)
    name, each = ("picture.km", 1000) if metres >= 1000 else ("picture.m", 1)
    sheet.write(x + wide + 2, y, f"{metres / each:g} {say(name, lang)}", 7)
    plane = turned_in_words(frame, lang)
    return sheet.paragraph(box.left, y - 1, plane, 5.8, box.width, most=2, colour=SOFT)


def _who(sheet: Sheet, slip: Slip, top: float, width_mm: float) -> float:
    """Write what the ledger tells; return where it ends below."""
    y = top
    for label, value in slip.who:
        sheet.line([(MARGIN, y), (MARGIN + width_mm, y)], LINE, 0.1)
        label_end = sheet.paragraph(MARGIN, y - 1.3, label, 7.5, 24, most=2, colour=SOFT)
        value_end = sheet.paragraph(MARGIN + 26, y - 1.2, value, 8.5, width_mm - 26, most=3)
        y = min(label_end, value_end) - 0.9
    sheet.line([(MARGIN, y), (MARGIN + width_mm, y)], LINE, 0.1)
    return y


def _findings(sheet: Sheet, slip: Slip, top: float, bottom: float) -> int:
    """Write the findings that fit, count the rest; return how many stand there."""
    lang = slip.lang
    sheet.write(MARGIN, top - 4, say("slip.findings", lang), 10, bold=True)
    y = top - 6
    if not slip.findings:
        sheet.paragraph(MARGIN, y, slip.quiet, 8.5, INNER)
        return 0
    face, bold = sheet.face(), sheet.face(True)
    lines, told = lines_that_fit(slip, face, bold, INNER, y - bottom - 5)
    for line in lines:
        if line.label:
            sheet.write(MARGIN, y - _STEP * 0.78, line.label, POINTS, colour=SOFT)
            sheet.write(MARGIN + LABEL_MM, y - _STEP * 0.78, line.text, POINTS)
            y -= _STEP
            continue
        if line.kind is not None:
            y -= 0.8
            swatch(sheet, Box(MARGIN, y - _HEAD_STEP * 0.78, 4.4, 3), line.kind)
        sheet.write(MARGIN + 6, y - _HEAD_STEP * 0.75, line.text, HEAD_POINTS, bold=True)
        y -= _HEAD_STEP
    sheet.paragraph(MARGIN, y - 0.8, rest_in_words(slip, told), POINTS, INNER, most=REST_LINES)
    return told


def rest_in_words(slip: Slip, told: int) -> str:
    """Return how many findings stand not on the page, and what they are called."""
    rest = slip.findings[told:]
    if not rest:
        return ""
    lang, contract = slip.lang, slip.contract_id
    named = [say("slip.named", lang, rule=one.title, status=one.status) for one in rest]
    titles = listed(named, lang)
    return say("slip.rest", lang, count=len(rest), contract=contract, titles=titles)


def _form(sheet: Sheet, slip: Slip, top: float) -> None:
    """Draw the part that is filled in by hand."""
    lang, right = slip.lang, WIDTH_MM - MARGIN
    sheet.line([(MARGIN, top), (right, top)], INK, 0.4)
    sheet.write(MARGIN, top - 5, say("slip.on_the_spot", lang), 10, bold=True)
    y = top - 11
    x, edge = MARGIN, right - CODE_MM - 2
    sheet.told += code_shapes(slip.code, right - CODE_MM, top - CODE_MM - 1.5, CODE_MM)
    for tick in ticks(lang):
        width = sheet.face().width_mm(tick, 8.5) + 9
        if x + width > edge:
            x, y = MARGIN, y - 6
        sheet.box(Box(x, y - 0.4, 3, 3), edge=INK, edge_mm=0.25)
        sheet.write(x + 4.2, y, tick, 8.5)
        x += width
    y -= 3.5
    if slip.to_see:
        text = to_see_in_words(slip)
        y = sheet.paragraph(MARGIN, y, text, 7.5, edge - MARGIN, most=2, colour=SOFT)
    y = min(y, top - CODE_MM - 2)
    for key, rows in (("slip.seen_there", 2), ("slip.differs", 2), ("slip.holder_says", 2)):
        y = _to_fill(sheet, y, say(key, lang), rows)
    y -= 8
    _signatures(sheet, y, lang)
    sheet.paragraph(MARGIN, MARGIN + 5.5, caveat(lang), 6.2, INNER, most=2, colour=SOFT)


def caveat(lang: str) -> str:
    """Return what a slip is not, and what made it."""
    text = say("slip.caveat", lang) + say("slip.printed", lang, version=landwatch.__version__)
    return straight(text) if lang == "en" else text


def ticks(lang: str) -> list[str]:
    """Return what may be ticked."""
    return say("slip.ticks", lang).split("|")


def to_see_in_words(slip: Slip) -> str:
    """Return what the findings ask to look at."""
    return say("slip.to_see", slip.lang, facts=listed(slip.to_see, slip.lang))


def _to_fill(sheet: Sheet, top: float, label: str, rows: int) -> float:
    """Draw lines to write on, the first after its label; return the last."""
    y = top - 6.5
    end = sheet.write(MARGIN, y + 0.8, label, 8, bold=True)
    left = MARGIN + end + 2
    for row in range(rows):
        sheet.line([(left if row == 0 else MARGIN, y), (WIDTH_MM - MARGIN, y)], SOFT, 0.15)
        y -= 7
    return y + 7


def _signatures(sheet: Sheet, y: float, lang: str) -> None:
    wide = INNER / 3
    for at, key in enumerate(("slip.inspectors", "slip.holder_signs", "slip.day")):
        left = MARGIN + at * wide
        end = sheet.write(left, y + 0.8, say(key, lang), 8, bold=True)
        sheet.line([(left + end + 2, y), (left + wide - 4, y)], SOFT, 0.15)
