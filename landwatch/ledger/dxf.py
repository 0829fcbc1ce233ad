"""Reads the closed outlines of a DXF drawing; each is known by its layer and its handle.

A drawing names no coordinate system, so a person must (`--crs`). What is not a closed outline
(texts, points, open lines) is counted and said, never guessed into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger.gdal import opening, whole
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.placing import placed, placer_of
from landwatch.ledger.sheets import Notice, Sheet, SourceRow

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_KEY = {Kind.PARCELS: "parcel_id", Kind.ZONES: "zone_id"}
_ROUND = ("AcDbCircle", "AcDbEllipse", "AcDbArc")
"""A circle closes too, but draws a well or a tree and no parcel."""
_TOLD = ("Layer", "EntityHandle", "Linetype", "Text")


def open_dxf(kind: Kind, path: Path, said: Instructions) -> tuple[list[Sheet], list[Notice]]:
    """Return the closed outlines of a drawing as one sheet, and how many entities are none."""
    key = _KEY.get(kind)
    if key is None:
        raise InputRefusedError("ledger.error.dxf_kind", file=path.name, kind=str(kind))
    placer, notices = placer_of(path.name, None, "", said)
    with opening(path):
        pass
    others = sum(1 for _, _, outline in _entities(path) if outline is None)
    if others:
        notices.append(Notice(IssueCode.NOT_OUTLINES, None, {"count": others}))

    def rows() -> Iterator[SourceRow]:
        for number, told, outline in _entities(path):
            if outline is not None:
                area = placed(lambda outline=outline: outline, placer)  # type: ignore[misc]
                yield SourceRow(number, [_name(told), *(told.get(n) for n in _TOLD)], area)

    return [Sheet(None, rows, (key, *_TOLD))], notices


def _name(told: Mapping[str, Any]) -> str | None:
    """Return layer and handle as one name; an entity without a handle cannot be found again."""
    handle = told.get("EntityHandle")
    return f"{told.get('Layer') or '0'}/{handle}" if handle else None


def _entities(path: Path) -> Iterator[tuple[int, Mapping[str, Any], BaseGeometry | None]]:
    """Yield every entity: its place in the drawing, what it tells, its outline if it closes one."""
    import fiona

    with whole(path), fiona.open(path) as drawing:
        for number, entity in enumerate(drawing, start=1):
            told = dict(entity.properties)
            is_round = any(name in (told.get("SubClasses") or "") for name in _ROUND)
            yield number, told, None if is_round else _outline(entity.geometry)


def _outline(drawn: Any) -> BaseGeometry | None:
    """Return the area that an entity encloses; only a line that ends where it began does."""
    import numpy as np
    from shapely.geometry import Polygon, shape

    if drawn is None:
        return None
    with np.errstate(invalid="ignore"):  # corners that are no numbers are judged where they lie
        geometry = shape(drawn.__geo_interface__)
        if geometry.geom_type in ("Polygon", "MultiPolygon"):
            return geometry
        if geometry.geom_type == "LineString" and geometry.is_closed and len(geometry.coords) > 3:
            return Polygon(geometry.coords)
    return None
