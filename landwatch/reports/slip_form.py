"""The part of a slip that is filled in by hand: boxes to tick, a table for notes, signatures."""

from __future__ import annotations

from dataclasses import dataclass

from landwatch.language.catalogue import listed, say
from landwatch.mapping.picture_code import code_shapes
from landwatch.mapping.picture_paper import INK, SOFT, Box, Sheet
from landwatch.reports.slip import Slip

LABEL_MM = 30.0
CODE_MM = 25.0
FORM_MM = 96.0
"""How high it is at least."""
SIGNED_MM = 15.0
CAVEAT_MM = 8.0
_RULED_MM = 7.0


@dataclass(frozen=True, slots=True)
class Note:
    """A row of the table for notes: what it asks, its least height, its share of spare room."""

    key: str
    least_mm: float
    share: int


NOTES = (
    Note("slip.seen_there", 12.0, 4),
    Note("slip.differs", 9.0, 3),
    Note("slip.photos", 6.5, 0),
    Note("slip.holder_says", 9.0, 2),
)
SIGNATURES = ("slip.inspector_one", "slip.inspector_two", "slip.holder_signs", "slip.day")


def heights(room_mm: float) -> list[float]:
    """Return how high the rows for notes stand in a room, nothing of it left blank.

    >>> heights(36.5), heights(45.5)
    ([12.0, 9.0, 6.5, 9.0], [16.0, 12.0, 6.5, 11.0])
    """
    spare = max(0.0, room_mm - sum(note.least_mm for note in NOTES))
    shares = sum(note.share for note in NOTES)
    return [note.least_mm + spare * note.share / shares for note in NOTES]


def ticks(lang: str) -> list[str]:
    """Return what may be ticked."""
    return say("slip.ticks", lang).split("|")


def to_see_in_words(slip: Slip) -> str:
    """Return what the findings ask to look at."""
    return say("slip.to_see", slip.lang, facts=listed(slip.to_see, slip.lang))


def draw_form(sheet: Sheet, slip: Slip, box: Box) -> None:
    """Draw the form into a box, down to its bottom."""
    lang = slip.lang
    sheet.line([(box.left, box.top), (box.right, box.top)], INK, 0.4)
    sheet.write(box.left, box.top - 5, say("slip.on_the_spot", lang), 10, bold=True)
    edge = box.right - CODE_MM - 2
    code_top = box.top - CODE_MM - 1.5
    sheet.told += code_shapes(slip.code, box.right - CODE_MM, code_top, CODE_MM)
    y = _ticks(sheet, lang, box.left, edge, box.top - 11)
    if slip.to_see:
        text = to_see_in_words(slip)
        y = sheet.paragraph(box.left, y, text, 7.5, edge - box.left, most=2, colour=SOFT)
    y = min(y, box.top - CODE_MM - 2) - 1.5
    for note, high in zip(NOTES, heights(y - box.bottom - SIGNED_MM), strict=True):
        _note(sheet, Box(box.left, y - high, box.width, high), say(note.key, lang))
        y -= high
    _signatures(sheet, Box(box.left, y - SIGNED_MM, box.width, SIGNED_MM), lang)


def _ticks(sheet: Sheet, lang: str, left: float, edge: float, y: float) -> float:
    x = left
    for tick in ticks(lang):
        width = sheet.face().width_mm(tick, 8.5) + 9
        if x + width > edge:
            x, y = left, y - 6
        sheet.box(Box(x, y - 0.4, 3, 3), edge=INK, edge_mm=0.25)
        sheet.write(x + 4.2, y, tick, 8.5)
        x += width
    return y - 3.5


def _note(sheet: Sheet, box: Box, label: str) -> None:
    """Draw a row of the table: its question on the left, lines to write on beside it."""
    sheet.box(box, edge=INK, edge_mm=0.2)
    beside = box.left + LABEL_MM
    sheet.line([(beside, box.bottom), (beside, box.top)], INK, 0.2)
    _label(sheet, box, label)
    y = box.top - _RULED_MM
    while y > box.bottom + _RULED_MM / 2:
        sheet.line([(beside + 2, y), (box.right - 2, y)], SOFT, 0.08, dashed=True)
        y -= _RULED_MM


def _label(sheet: Sheet, box: Box, label: str) -> None:
    sheet.paragraph(box.left + 1.5, box.top - 1.2, label, 8, LABEL_MM - 3, most=3, bold=True)


def _signatures(sheet: Sheet, box: Box, lang: str) -> None:
    wide = box.width / len(SIGNATURES)
    for at, key in enumerate(SIGNATURES):
        left = box.left + at * wide
        sheet.box(Box(left, box.bottom, wide, box.height), edge=INK, edge_mm=0.2)
        sheet.write(left + 1.5, box.top - 4, say(key, lang), 8, bold=True, most_mm=wide - 3)
