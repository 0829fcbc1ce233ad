"""Small pieces of a Word file: cleaned text, lines and rows of exact height, cells with an edge."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

LATIN, CHINESE = "Arial", "Microsoft YaHei"
INK = "1f2933"


def cleaned(text: object) -> str:
    r"""Return a text as XML can hold it: without controls, broken surrogates and non-characters.

    >>> cleaned("a\x00b\u202ec\nd\ufffe")
    'abc d'
    """
    signs = (" " if sign.isspace() else sign for sign in str(text))
    return "".join(
        sign
        for sign in signs
        if unicodedata.category(sign) not in ("Cc", "Cf", "Cs") and ord(sign) & 0xFFFE != 0xFFFE
    )


def set_fonts(style: Any) -> None:
    """Give a style its fonts, for Chinese too."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = LATIN, Pt(9)
    told = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", CHINESE)):
        told.set(qn(f"w:{name}"), font)


def write_line(paragraph: Any, runs: list[tuple[str, dict[str, Any]]], points: float) -> Any:
    """Write runs into a paragraph whose lines are exactly so high."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    for text, look in runs:
        run = paragraph.add_run(cleaned(text))
        run.bold = look.get("bold")
        run.font.size = Pt(look.get("points", 9))
        run.font.color.rgb = RGBColor.from_string(look.get("colour", INK))
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), CHINESE)
        fonts.set(qn("w:ascii"), LATIN)
        fonts.set(qn("w:hAnsi"), LATIN)
        run._element.rPr.append(_spoken())
    return paragraph


def _spoken() -> Any:
    """Return that Chinese in a run is simplified: it decides which shape a sign has."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    told = OxmlElement("w:lang")
    told.set(qn("w:eastAsia"), "zh-CN")
    return told


def gap(document: Any) -> None:
    """Keep two tables apart: Word takes neighbours for one."""
    write_line(document.add_paragraph(), [], 3)


def table_of(document: Any, rows: int, widths_mm: list[float]) -> Any:
    """Return a table of fixed widths without a grid."""
    from docx.shared import Mm

    table = document.add_table(rows=rows, cols=len(widths_mm))
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def edge(cell: Any, *sides: str) -> None:
    """Give a cell a line on some sides, below unless named."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tcBorders")
    for side in sides or ("bottom",):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "9aa5b1")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    cell._element.get_or_add_tcPr().append(borders)


def framed(cell: Any) -> None:
    """Give a cell a line on every side."""
    edge(cell, "top", "left", "bottom", "right")


def set_height(row: Any, height_mm: float) -> None:
    """Make a row exactly so high, whatever stands in it."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Mm

    row.height, row.height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.EXACTLY


def rejoined(lines: Sequence[str]) -> str:
    """Return broken lines as one text: a blank between words, none between Chinese signs."""
    text = lines[0]
    for line in lines[1:]:
        text += (" " if text[-1:].isascii() and line[:1].isascii() else "") + line
    return text
