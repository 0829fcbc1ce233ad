"""How classes and outlines look on paper."""

from __future__ import annotations

from landwatch.mapping.picture_paper import PAPER
from landwatch.mapping.picture_scene import LEFT_OUT
from landwatch.mapping.style import CLASSES

PARK, DIVISION = "#334e68", "#aab4be"
BORDER = "#3a3a3a"
_PALE = 0.14


def fill_of(kind: int) -> tuple[str, str | None]:
    """Return the fill of a class, and the colour of its stripes where it is hatched."""
    if kind == LEFT_OUT:
        return PAPER, None
    one = CLASSES[kind]
    return (pale(one.colour), one.colour) if one.hatched else (one.colour, None)


def pale(colour: str) -> str:
    """Return the ground of stripes of a colour: no darker than any solid class.

    >>> pale("#000000")
    '#dbdbdb'
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * _PALE):02x}" for part in parts)
