"""Drawing the grammar as a railroad: every way from left to right is a sentence of the language.

The `railroad-diagrams` package sets the tracks; it counts every character as one cell wide, so the
boxes of Chinese names are widened here. It is needed only where the pages are made.
"""

from __future__ import annotations

import io
import unicodedata
from typing import Any

from landwatch.language.catalogue import say
from landwatch.lawbook.reference.grammar import (
    GRAMMAR,
    TOKENS,
    Chain,
    Item,
    OneOf,
    Perhaps,
    Production,
    Row,
    Syntax,
    Token,
    Written,
)

CELL = 8.5
MARGIN = 20
HEADING = 34
STYLE = """
  .page { fill: #ffffff; }
  path { stroke-width: 2; stroke: #333333; fill: none; }
  text { font: 14px monospace; text-anchor: middle; fill: #000000; }
  text.heading { font: bold 15px sans-serif; text-anchor: start; }
  rect { stroke-width: 1.5; stroke: #333333; fill: #e8f1fa; }
  .terminal rect { fill: #f7f0dc; }
  .made-up rect { fill: #e6f2e6; stroke-dasharray: 5 3; }
"""


def railroad(lang: str) -> str:
    """Return the whole grammar as one SVG, the names of its parts in `lang`."""
    drawn, top, width = [], MARGIN, 0.0
    for syntax in GRAMMAR:
        track, size, height = _track(syntax, lang)
        drawn.append(
            f'<text class="heading" x="{MARGIN}" y="{top + 16}">{syntax.title(lang)}</text>\n'
            f'<g transform="translate({MARGIN} {top + HEADING - 10})">{track}</g>\n'
        )
        top += HEADING + int(height) + 14
        width = max(width, size)
    across = int(width) + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{top}"'
        f' viewBox="0 0 {across} {top}" role="img">\n'
        f"<title>{say('reference.railroad', lang)}</title>\n<style>{STYLE}</style>\n"
        f'<rect class="page" width="100%" height="100%" style="stroke: none"/>\n'
        f"{''.join(drawn)}</svg>\n"
    )


def _track(syntax: Syntax, lang: str) -> tuple[str, float, float]:
    """Return one production as SVG, with its width and height."""
    import railroad as rails  # a tool of the page's makers, not of its readers

    diagram = rails.Diagram(_laid(syntax.form, lang))
    diagram.format(4, 4, 4, 4)
    written = io.StringIO()
    diagram.writeSvg(written.write)
    return written.getvalue(), float(diagram.attrs["width"]), float(diagram.attrs["height"])


def _laid(item: Item, lang: str) -> Any:
    """Return the piece of track of a part of the grammar."""
    import railroad as rails

    match item:
        case Written(text=text):
            return _boxed(rails.Terminal(text))
        case Token(name=name):
            made_up = TOKENS[name][0] if lang == "zh" else name
            return _boxed(rails.NonTerminal(made_up, cls="made-up"))
        case Production(name=name):
            titles = {syntax.name: syntax.title(lang) for syntax in GRAMMAR}
            return _boxed(rails.NonTerminal(titles[name]))
        case Row(items=items):
            return rails.Sequence(*(_laid(part, lang) for part in items))
        case OneOf(items=items):
            return rails.Choice(0, *(_laid(part, lang) for part in items))
        case Perhaps(item=part):
            return rails.Optional(_laid(part, lang))
        case Chain(item=part, between=between):
            return rails.OneOrMore(_laid(part, lang), _laid(between, lang))


def _boxed(box: Any) -> Any:
    """Return a box as wide as its text: a Chinese character takes two cells."""
    wide = sum(1 for sign in box.text if unicodedata.east_asian_width(sign) in "WF")
    box.width += wide * CELL
    return box
