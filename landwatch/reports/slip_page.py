"""A slip as a page of paper: header, ledger, little map, findings, boxes to tick, signatures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import landwatch
from landwatch.language.catalogue import listed, say
from landwatch.mapping.fonts import Face, Fonts
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
from landwatch.reports.slip_form import CAVEAT_MM, FORM_MM, draw_form

WIDTH_MM, HEIGHT_MM, MARGIN = 210.0, 297.0, 12.0
INNER = WIDTH_MM - 2 * MARGIN
HEAD_POINTS, POINTS, LEADING = 8.5, 7.2, 1.32
_STEP = POINTS * MM_PER_POINT * LEADING
_HEAD_STEP = HEAD_POINTS * MM_PER_POINT * 1.5
LABEL_MM = 14.0
REST_LINES = 3
"""So many lines name the findings that stand not on the page."""
MAPS_MM = ((98.0, 96.0), (90.0, 80.0), (82.0, 68.0), (74.0, 58.0))
"""How large the little map may be: the largest beside which all findings have room."""
_UNDER_MAP = 10.5


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
    top, lowest = HEIGHT_MM - MARGIN, MARGIN + FORM_MM
    wide, high = next((one for one in MAPS_MM if _all_fit(slip, fonts, one)), MAPS_MM[-1])
    room = INNER - wide - 5
    _head(sheet, slip, top, room)
    under = draw_little_map(sheet, slip, Box(WIDTH_MM - MARGIN - wide, top - high, wide, high))
    below = _who(sheet, slip, top - _head_mm(slip), room)
    told, end = _findings(sheet, slip, min(below, under) - 2, lowest)
    form = Box(MARGIN, MARGIN + CAVEAT_MM, INNER, max(end - 3, lowest) - MARGIN - CAVEAT_MM)
    draw_form(sheet, slip, form)
    sheet.paragraph(MARGIN, MARGIN + 5.5, caveat(slip.lang), 6.2, INNER, most=2, colour=SOFT)
    return sheet, told


def _head_mm(slip: Slip) -> float:
    return 24.0 if slip.made_up else 16.0


def _all_fit(slip: Slip, fonts: Fonts, size_mm: tuple[float, float]) -> bool:
    """Tell whether all findings have room beside a map of a size, as a page would come out."""
    trial = Sheet(WIDTH_MM, HEIGHT_MM, fonts)
    top = HEIGHT_MM - MARGIN
    below = _who(trial, slip, top - _head_mm(slip), INNER - size_mm[0] - 5)
    start = min(below, top - size_mm[1] - _UNDER_MAP) - 2
    room = start - 6 - (MARGIN + FORM_MM) - 5
    needed = [
        lines_of(one, at, fonts.plain, fonts.bold, INNER) for at, one in enumerate(slip.findings)
    ]
    return sum(height_of(lines) + 1.0 for lines in needed) <= room


def _head(sheet: Sheet, slip: Slip, top: float, room: float) -> None:
    lang = slip.lang
    title = say("slip.title", lang)
    points = min(16.0, 16 * room / sheet.face(True).width_mm(title, 16))
    sheet.write(MARGIN, top - 6, title, points, bold=True, most_mm=room + 1)
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


def _findings(sheet: Sheet, slip: Slip, top: float, bottom: float) -> tuple[int, float]:
    """Write the findings that fit, count the rest; return how many stand there, and their end."""
    lang = slip.lang
    sheet.write(MARGIN, top - 4, say("slip.findings", lang), 10, bold=True)
    y = top - 6
    if not slip.findings:
        return 0, sheet.paragraph(MARGIN, y, slip.quiet, 8.5, INNER)
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
    rest = rest_in_words(slip, told)
    if not rest:
        return told, y
    return told, sheet.paragraph(MARGIN, y - 0.8, rest, POINTS, INNER, most=REST_LINES)


def rest_in_words(slip: Slip, told: int) -> str:
    """Return how many findings stand not on the page, and what they are called."""
    rest = slip.findings[told:]
    if not rest:
        return ""
    lang, contract = slip.lang, slip.contract_id
    named = [say("slip.named", lang, rule=one.title, status=one.status) for one in rest]
    titles = listed(named, lang)
    return say("slip.rest", lang, count=len(rest), contract=contract, titles=titles)


def caveat(lang: str) -> str:
    """Return what a slip is not, and what made it."""
    text = say("slip.caveat", lang) + say("slip.printed", lang, version=landwatch.__version__)
    return straight(text) if lang == "en" else text
