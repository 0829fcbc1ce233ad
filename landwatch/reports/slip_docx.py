"""A slip as a Word file of one page: to be filled in on a screen, printed, signed and filed.

Lines have exact heights, so that the page ends where it was reckoned to end whatever font the
reader's machine puts in place; each run names its font for Chinese too (w:eastAsia).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from landwatch.errors import PageError
from landwatch.files import whole_file
from landwatch.language.catalogue import say
from landwatch.mapping.fonts import Fonts
from landwatch.mapping.picture_code import code_shapes
from landwatch.mapping.picture_paper import MM_PER_POINT, Box, Sheet, wrapped
from landwatch.mapping.picture_write import write_sheets
from landwatch.mapping.style import CLASSES
from landwatch.reports.slip import Slip
from landwatch.reports.slip_form import (
    CODE_MM,
    FORM_MM,
    LABEL_MM,
    NOTES,
    SIGNATURES,
    SIGNED_MM,
    heights,
    ticks,
    to_see_in_words,
)
from landwatch.reports.slip_page import (
    HEAD_POINTS,
    INNER,
    MARGIN,
    POINTS,
    REST_LINES,
    SlipLine,
    caveat,
    draw_little_map,
    height_of,
    lines_that_fit,
    rest_in_words,
)
from landwatch.reports.word_pieces import (
    cleaned,
    edge,
    framed,
    gap,
    rejoined,
    set_fonts,
    set_height,
    table_of,
    write_line,
)

_LABEL_MM, _HEAD_MM, _SPARE_MM = 24.0, 14.2, 7.0
_MAPS_MM = ((102.0, 92.0), (90.0, 76.0), (76.0, 60.0))
"""How wide and high the cell of the little map may be: the largest beside which all has room."""
_IN_CELL_MM = 5.0
"""A cell keeps 2 mm on each side: the map is drawn so much narrower, and its scale stays true."""
_NARROWER = 0.93
"""Another font may be wider than the one that was measured."""
_SOFT = "52606d"
_TEXT_STEP, _HEAD_STEP = 9.6, 13.0
_LINES_SCALE = max(1.0, _TEXT_STEP / (POINTS * 1.32))
"""How much higher a line of Word is than one of paper."""


def write_docx(path: Path, slip: Slip, fonts: Fonts) -> int:
    """Write a slip; return how many findings stand on its page.

    Raises:
        PageError: the file cannot be written.
    """
    from docx import Document
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    page.header_distance = page.footer_distance = Mm(6)
    set_fonts(document.styles["Normal"])
    about = document.core_properties
    about.title, about.author = cleaned(slip.contract_id), "landwatch"
    with tempfile.TemporaryDirectory(prefix="landwatch-") as folder:
        size = next((one for one in _MAPS_MM if _all_fit(slip, fonts, one)), _MAPS_MM[-1])
        pictures = _pictures(Path(folder), slip, fonts, size)
        told = _write(document, slip, fonts, pictures, size)
        with whole_file(path, error=PageError) as beside:
            document.save(str(beside))
    return told


def _all_fit(slip: Slip, fonts: Fonts, size_mm: tuple[float, float]) -> bool:
    """Tell whether all findings have room beside a map of a size."""
    room = _room(slip, fonts, size_mm)
    lines, told = lines_that_fit(slip, fonts.plain, fonts.bold, INNER * _NARROWER, room)
    return told == len(slip.findings) and height_of(lines) <= room


def _room(slip: Slip, fonts: Fonts, size_mm: tuple[float, float]) -> float:
    """Return how high the findings may stand, as a page of paper counts its lines."""
    high = max(sum(_heights(slip, fonts, size_mm)), size_mm[1])
    room = 297 - 2 * MARGIN - _HEAD_MM - high - 6 - FORM_MM - _SPARE_MM
    return room / _LINES_SCALE


def _pictures(
    folder: Path, slip: Slip, fonts: Fonts, size_mm: tuple[float, float]
) -> tuple[Path, Path]:
    """Draw the little map and the code, each a picture."""
    wide, high = size_mm[0] - _IN_CELL_MM, size_mm[1] - 3
    little = Sheet(wide, high, fonts)
    draw_little_map(little, slip, Box(0.3, 11.5, wide - 0.6, high - 11.8))
    code = Sheet(CODE_MM, CODE_MM, fonts)
    code.told += code_shapes(slip.code, 0, 0, CODE_MM)
    drawn, marked = folder / "map.png", folder / "code.png"
    write_sheets(drawn, [little], title="", dpi=220)
    write_sheets(marked, [code], title="", dpi=300)
    return drawn, marked


def _write(
    document: Any,
    slip: Slip,
    fonts: Fonts,
    pictures: tuple[Path, Path],
    size_mm: tuple[float, float],
) -> int:
    lang = slip.lang
    write_line(document.paragraphs[0] if document.paragraphs else document.add_paragraph(),
          [(say("slip.title", lang), {"bold": True, "points": 16})], 26)  # fmt: skip
    made_up = say("map.page.made_up", lang) if slip.made_up else ""
    told = f"{slip.when}　【{made_up}】" if made_up else slip.when
    write_line(document.add_paragraph(), [(told, {"colour": _SOFT})], 14)
    _who(document, slip, fonts, pictures[0], size_mm)
    write_line(
        document.add_paragraph(), [(say("slip.findings", lang), {"bold": True, "points": 10})], 17
    )
    room = _room(slip, fonts, size_mm)
    count, used = _findings(document, slip, fonts, room)
    _form(document, slip, fonts, pictures[1], max(0.0, room - used) * _LINES_SCALE)
    return count


def _value_mm(size_mm: tuple[float, float]) -> float:
    return INNER - 8 - _LABEL_MM - size_mm[0]


def _values(slip: Slip, fonts: Fonts, size_mm: tuple[float, float]) -> list[list[str]]:
    wide = (_value_mm(size_mm) - 4) * _NARROWER
    return [wrapped(fonts.plain, value, 9, wide, most=3) for _, value in slip.who]


def _heights(slip: Slip, fonts: Fonts, size_mm: tuple[float, float]) -> list[float]:
    """Return how high each row of the ledger's words stands."""
    return [max(4.2 * len(lines), 4.2) + 2.4 for lines in _values(slip, fonts, size_mm)]


def _who(
    document: Any, slip: Slip, fonts: Fonts, drawn: Path, size_mm: tuple[float, float]
) -> None:
    """Write what the ledger tells, the little map beside it."""
    from docx.shared import Mm

    map_wide, map_high = size_mm
    table = table_of(document, len(slip.who), [_LABEL_MM, _value_mm(size_mm), map_wide])
    cells, heights = _values(slip, fonts, size_mm), _heights(slip, fonts, size_mm)
    more = max(0.0, map_high - sum(heights)) / len(heights)
    for row, (label, _), lines, high in zip(table.rows, slip.who, cells, heights, strict=True):
        set_height(row, high + more)
        write_line(row.cells[0].paragraphs[0], [(label, {"points": 8, "colour": _SOFT})], 12)
        write_line(row.cells[1].paragraphs[0], [(rejoined(lines), {})], 12)
        for cell in row.cells[:2]:
            edge(cell)
    place = table.cell(0, 2).merge(table.cell(len(slip.who) - 1, 2))
    place.paragraphs[0].add_run().add_picture(str(drawn), width=Mm(map_wide - _IN_CELL_MM))


def _findings(document: Any, slip: Slip, fonts: Fonts, most_mm: float) -> tuple[int, float]:
    """Write the findings that have room; return how many, and how high they stand."""
    if not slip.findings:
        write_line(document.add_paragraph(), [(slip.quiet, {})], 13)
        return 0, 13 * MM_PER_POINT
    lines, told = lines_that_fit(slip, fonts.plain, fonts.bold, INNER * _NARROWER, most_mm)
    for block in _blocks(lines):
        _block(document, block)
    rest = wrapped(
        fonts.plain, rest_in_words(slip, told), POINTS, INNER * _NARROWER, most=REST_LINES
    )
    if rest and rest[0]:
        write_line(document.add_paragraph(), [(rejoined(rest), {"points": POINTS})], _TEXT_STEP)
    left_out = len(rest) if rest and rest[0] else 0
    return told, height_of(lines) + told + left_out * _TEXT_STEP * MM_PER_POINT


def _blocks(lines: list[SlipLine]) -> list[list[SlipLine]]:
    """Return the lines that belong together: a head, or a part with its name."""
    blocks: list[list[SlipLine]] = []
    for line in lines:
        begins = line.kind is not None or (line.label and line.label != " ")
        if begins or not blocks:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return blocks


def _block(document: Any, block: list[SlipLine]) -> None:
    """Write a head or a part as one paragraph, which Word breaks into lines itself."""
    from docx.shared import Mm

    first = block[0]
    text = rejoined([line.text for line in block])
    if not first.label:
        shade = {"colour": _darker(first.kind), "points": 10}
        runs: list[tuple[str, dict[str, Any]]] = [
            ("■ ", shade),
            (text, {"bold": True, "points": HEAD_POINTS}),
        ]
        write_line(document.add_paragraph(), runs, _HEAD_STEP)
        return
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Mm(14), Mm(-14)
    form.tab_stops.add_tab_stop(Mm(14))
    label = {"points": POINTS, "colour": _SOFT}
    write_line(paragraph, [(first.label, label)], _TEXT_STEP)
    paragraph.add_run().add_tab()
    write_line(paragraph, [(text, {"points": POINTS})], _TEXT_STEP)


def _darker(kind: int | None) -> str:
    return CLASSES[kind or 0].colour.removeprefix("#")


def _form(document: Any, slip: Slip, fonts: Fonts, marked: Path, spare_mm: float) -> None:
    """Write the part that is filled in: boxes to tick, a table for notes, signatures."""
    from docx.shared import Mm

    lang = slip.lang
    table = table_of(document, 1, [INNER - CODE_MM - 4, CODE_MM + 4])
    set_height(table.rows[0], CODE_MM + 4)
    left, right = table.rows[0].cells
    edge(left, "top")
    edge(right, "top")
    write_line(
        left.paragraphs[0], [(say("slip.on_the_spot", lang), {"bold": True, "points": 10})], 16
    )
    wide = (INNER - CODE_MM - 8) * _NARROWER
    for boxes in _rows_of_boxes(fonts, lang, wide):
        write_line(left.add_paragraph(), [(boxes, {"points": 9})], 14.5)
    if slip.to_see:
        look = {"points": 7.5, "colour": _SOFT}
        text = rejoined(wrapped(fonts.plain, to_see_in_words(slip), 7.5, wide, most=2))
        write_line(left.add_paragraph(), [(text, look)], 10)
    right.paragraphs[0].add_run().add_picture(str(marked), width=Mm(CODE_MM))
    gap(document)
    room = sum(note.least_mm for note in NOTES) + spare_mm
    notes = table_of(document, len(NOTES), [LABEL_MM, INNER - LABEL_MM])
    look = {"bold": True, "points": 8}
    for row, note, high in zip(notes.rows, NOTES, heights(room), strict=True):
        set_height(row, high)
        write_line(row.cells[0].paragraphs[0], [(say(note.key, lang), look)], 11)
        for cell in row.cells:
            framed(cell)
    gap(document)
    signed = table_of(document, 1, [INNER / len(SIGNATURES)] * len(SIGNATURES))
    set_height(signed.rows[0], SIGNED_MM)
    for cell, key in zip(signed.rows[0].cells, SIGNATURES, strict=True):
        write_line(cell.paragraphs[0], [(say(key, lang), look)], 11)
        framed(cell)
    write_line(document.add_paragraph(), [(caveat(lang), {"points": 6.5, "colour": _SOFT})], 9)


def _rows_of_boxes(fonts: Fonts, lang: str, wide_mm: float) -> list[str]:
    """Return the boxes to tick, line by line: no box stands at an end without its words."""
    rows: list[str] = []
    for tick in ticks(lang):
        box = f"□ {tick}"
        longer = f"{rows[-1]}   {box}" if rows else box
        if rows and fonts.plain.width_mm(longer, 9) <= wide_mm:
            rows[-1] = longer
        else:
            rows.append(box)
    return rows
