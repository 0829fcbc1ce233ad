"""A sheet of paper in millimetres: what stands where, before anybody draws it.

The origin is the lower left corner. A text stands on its base line; sizes of letters are in points.
Nothing here knows a library that draws, so that a layout can be tested as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.fonts import Face, Fonts

Points: TypeAlias = "NDArray[np.float64]"
MM_PER_POINT = 25.4 / 72
INK, SOFT, LINE, PAPER = "#1f2933", "#52606d", "#9aa5b1", "#ffffff"
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〕”’％‰…—,.;:!?)]}%")
_NEVER_LAST = frozenset("（《「『【〔“‘([{")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a sheet."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return where it ends."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Return where it ends above."""
        return self.bottom + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Return its middle."""
        return self.left + self.width / 2, self.bottom + self.height / 2

    def inside(self, other: Box) -> bool:
        """Tell whether it lies within another one."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.bottom <= self.bottom and self.top <= other.top

    def meets(self, other: Box) -> bool:
        """Tell whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def corners(self) -> Points:
        """Return its outline."""
        left, right, low, high = self.left, self.right, self.bottom, self.top
        return np.array([(left, low), (right, low), (right, high), (left, high), (left, low)])


@dataclass(frozen=True, slots=True)
class Letters:
    """One line of text; `anchor` says which end of it stands at `x`: left, center or right."""

    x: float
    y: float
    text: str
    points: float
    colour: str = INK
    bold: bool = False
    anchor: str = "left"


@dataclass(frozen=True, slots=True)
class Shape:
    """Rings or lines of one look; rings within rings are holes.

    Attributes:
        rings: corners of each ring or line.
        fill: a colour, None for none.
        edge: a colour, None for none.
        edge_mm: how wide the edge is.
        hatch: a colour of stripes over the fill, None for none.
        dashed: whether the edge is.
        within: a box beyond which nothing is drawn.
    """

    rings: Sequence[Points]
    fill: str | None = None
    edge: str | None = None
    edge_mm: float = 0.15
    hatch: str | None = None
    dashed: bool = False
    within: Box | None = None


@dataclass(slots=True)
class Sheet:
    """A page: its size, and what stands on it in the order of drawing."""

    width_mm: float
    height_mm: float
    fonts: Fonts
    told: list[Letters | Shape] = field(default_factory=list)

    def face(self, bold: bool = False) -> Face:
        """Return the plain or the bold face."""
        return self.fonts.bold if bold else self.fonts.plain

    def write(
        self,
        x: float,
        y: float,
        text: object,
        points: float,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: str = "left",
        most_mm: float | None = None,
    ) -> float:
        """Write one line, cut with … where it is wider than `most_mm`; return its width."""
        face = self.face(bold)
        line = face.written(text)
        if most_mm is not None:
            line = fitted(face, line, points, most_mm)
        if line.strip():
            self.told.append(Letters(x, y, line, points, colour, bold, anchor))
        return face.width_mm(line, points)

    def paragraph(
        self,
        x: float,
        top: float,
        text: object,
        points: float,
        width_mm: float,
        *,
        most: int | None = None,
        colour: str = INK,
        bold: bool = False,
        leading: float = 1.35,
    ) -> float:
        """Write a text in as many lines as it needs, `most` at most; return where it ends below."""
        step = points * MM_PER_POINT * leading
        for line in wrapped(self.face(bold), text, points, width_mm, most=most):
            self.write(x, top - step * 0.78, line, points, colour=colour, bold=bold)
            top -= step
        return top

    def box(
        self,
        box: Box,
        *,
        fill: str | None = None,
        edge: str | None = LINE,
        edge_mm: float = 0.15,
        hatch: str | None = None,
    ) -> None:
        """Draw a rectangle."""
        self.told.append(Shape([box.corners()], fill, edge, edge_mm, hatch))

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str = LINE,
        width_mm: float = 0.15,
        *,
        dashed: bool = False,
    ) -> None:
        """Draw a line."""
        self.told.append(Shape([np.array(points, float)], None, colour, width_mm, dashed=dashed))

    def signs(self, *, bold: bool) -> set[str]:
        """Return every sign that stands on the page in a face."""
        lines = (one for one in self.told if isinstance(one, Letters) and one.bold is bold)
        return {sign for one in lines for sign in one.text}


def fitted(face: Face, line: str, points: float, most_mm: float) -> str:
    """Return a line that is no wider than this, its end cut off where it is."""
    if face.width_mm(line, points) <= most_mm:
        return line
    width = face.width_mm("…", points)
    for end, sign in enumerate(line):
        width += face.width_mm(sign, points)
        if width > most_mm:
            return line[:end] + "…"
    return line + "…"


def wrapped(
    face: Face, text: object, points: float, width_mm: float, *, most: int | None = None
) -> list[str]:
    """Return a text as lines of a width; Chinese breaks anywhere but before a closing sign.

    Where there would be more than `most` lines, the last one ends with ….
    """
    paragraphs = str("" if text is None else text).split("\n")
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += _broken(face, face.written(paragraph).strip(), points, width_mm)
    if most is not None and len(lines) > most:
        rest = "".join(lines[most - 1 :])
        lines = [*lines[: most - 1], fitted(face, rest + "…", points, width_mm)]
    return lines


def _broken(face: Face, text: str, points: float, width_mm: float) -> list[str]:
    lines: list[str] = []
    while text and face.width_mm(text, points) > width_mm:
        end = 1
        width = face.width_mm(text[0], points)
        while end < len(text):
            width += face.width_mm(text[end], points)
            if width > width_mm:
                break
            end += 1
        end = _break_before(text, end)
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*lines, text] if text or not lines else lines


def _break_before(text: str, end: int) -> int:
    """Return where a line may end, at `end` or before it."""
    for at in range(end, max(end // 2, 1), -1):
        before, after = text[at - 1], text[at]
        if after in _NEVER_FIRST or before in _NEVER_LAST:
            continue
        if _in_a_word(before) and _in_a_word(after):
            continue
        return at
    return end


def _in_a_word(sign: str) -> bool:
    return ord(sign) < 0x2E80 and not sign.isspace()
