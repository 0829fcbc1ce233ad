"""How a user names a layer of their own: `FILE[:LAYER][,name=…][,label=…][,colour=…][,crs=…]`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from landwatch.errors import UsageError

COLOURS = ("#6a3d9a", "#8c510a", "#01665e", "#40434a")
"""Of layers without a colour of their own, in turn; none is a colour of an outcome."""

_SETTING = re.compile(r",\s*(name|label|colour|color|crs|layer)=", re.IGNORECASE)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class LayerWish:
    """A layer of a file that goes over the map.

    Attributes:
        path: the file.
        layer: which of its layers; None where it has but one.
        name: what the layer list calls it.
        label: the column whose texts stand at the shapes; None for none.
        colour: `#rrggbb`.
        crs: the coordinate system, where the file names none or a wrong one.
    """

    path: Path
    layer: str | None
    name: str
    label: str | None
    colour: str
    crs: str | None


def layer_wish(told: str, place: int = 0) -> LayerWish:
    """Return which layer is meant; `place` picks a colour where none is named.

    Raises:
        UsageError: the colour is none.
    """
    first, *rest = _SETTING.split(told)
    said = dict(
        zip(map(str.lower, rest[::2]), (value.strip() for value in rest[1::2]), strict=True)
    )
    path, layer = _file_and_layer(first.strip())
    colour = said.get("colour") or said.get("color") or COLOURS[place % len(COLOURS)]
    if not _COLOUR.fullmatch(colour):
        raise UsageError("backdrop.error.colour", colour=colour)
    wish = LayerWish(
        path, said.get("layer") or layer, "", said.get("label") or None, colour, said.get("crs")
    )
    name = said.get("name") or wish.layer or path.stem
    return replace(wish, name=name[:_LONGEST])


def _file_and_layer(told: str) -> tuple[Path, str | None]:
    """Return the file, and the layer after the last colon; a drive of Windows is no layer."""
    whole = Path(told).expanduser()
    head, mark, layer = told.rpartition(":")
    if whole.exists() or not mark or not Path(head).expanduser().exists():
        return whole, None
    return Path(head).expanduser(), layer or None
