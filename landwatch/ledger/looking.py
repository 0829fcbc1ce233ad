"""Opens a file for the doctor of coordinates: its drawings in their own numbers, some of each.

A table may draw by WKT, or by a column of x and one of y. What a row says of where it lies (code or
name of a division, real-estate unit, zone) is taken down beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from landwatch.geo.coordinates import coordinate_system
from landwatch.geo.drawings import Drawing
from landwatch.geo.frames import Frame, division_frame, named_frame
from landwatch.geo.readings import framed_by
from landwatch.language.columns import Kind
from landwatch.ledger.cells import Cell, shown, tidy
from landwatch.ledger.files import open_file
from landwatch.ledger.headers import map_headers
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.layout import header_in
from landwatch.ledger.placing import named_system
from landwatch.ledger.sheets import Sheet, SourceRow
from landwatch.ledger.sketching import OwnSystem, drawn_as_written

MOST_KEPT = 2000
"""A layer's rows are thinned evenly, so that from this to twice as many are looked at."""
_SAMPLE = 230
_KINDS = (Kind.PARCELS, Kind.ZONES, Kind.CONTRACTS)
_KEYS = ("parcel_id", "zone_id", "contract_id", "contract_no", "name")
_EAST = frozenset(
    (
        "x", "lon", "lng", "long", "longitude", "经度", "东经", "geox", "easting", "x坐标",
        "横坐标", "东坐标",
    )
)  # fmt: skip
_NORTH = frozenset(
    (
        "y", "lat", "latitude", "纬度", "北纬", "geoy", "northing", "y坐标", "纵坐标", "北坐标",
    )
)  # fmt: skip
_SRID = "SRID="


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of where rows should lie: one frame for all, or those of zones by their id."""

    all_in: Frame | None = None
    zones: Mapping[str, Frame] = field(default_factory=dict)


def look(path: Path, said: Instructions, places: Places) -> list[Drawing]:
    """Return every layer of a file that draws something, thinned, in its own numbers.

    Raises:
        UnreadableFileError: the file cannot be read.
    """
    opened = open_file(Kind.PARCELS, path, replace(said, sketch=True))
    named = OwnSystem(named_system(said.crs)) if said.crs else None
    return [
        kept.drawing(sheet.name, named or own)
        for sheet in opened.sheets
        for own, kept in _kept_of(sheet, places)
    ]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a sheet's columns stand; None where it has none of them."""

    key: int | None
    adcode: int | None
    division: int | None
    unit: int | None
    zone: int | None
    geometry: int | None
    east: int | None
    north: int | None
    kind: Kind


def _columns_of(names: Sequence[str]) -> _Columns:
    where: dict[str, int] = {}
    for kind in _KINDS:
        for use in map_headers(kind, names):
            if use.column is not None:
                where.setdefault(use.column, use.position)
    plain = [tidy(name).casefold().replace(" ", "").replace("_", "") for name in names]
    east = next((at for at, name in enumerate(plain) if name in _EAST), None)
    north = next((at for at, name in enumerate(plain) if name in _NORTH), None)
    key = next((where[name] for name in _KEYS if name in where), None)
    of_zones = "parcel_id" not in where and "level" in where
    kind = Kind.ZONES if of_zones else Kind.PARCELS
    return _Columns(
        key, where.get("adcode"), where.get("division"), where.get("unit_code"),
        where.get("zone_id"), where.get("geometry"), east, north, kind,
    )  # fmt: skip


def _kept_of(sheet: Sheet, places: Places) -> list[tuple[OwnSystem, _Kept]]:
    """Return the rows of a sheet that are looked at, apart for each system that they name."""
    if sheet.headers is not None:
        names, last = sheet.headers, 0
    else:
        header = header_in(Kind.PARCELS, sheet, list(islice(sheet.rows(), _SAMPLE)), unknown=True)
        names, last = header.names, header.last
    columns, blank = _columns_of(names), 0
    found: dict[str, tuple[OwnSystem, _Kept]] = {}
    for row in sheet.rows():
        if row.is_blank or (row.number <= last and sheet.headers is None):
            continue
        if (drawn := _drawn(row, columns)) is None:
            blank += 1
            continue
        shape, own = drawn
        _, kept = found.setdefault(own.name, (own, _Kept(columns, places)))
        kept.take(row, shape)
    if found:
        next(iter(found.values()))[1].blank = blank
    return list(found.values())


def _drawn(row: SourceRow, columns: _Columns) -> tuple[Any, OwnSystem] | None:
    """Return what a row draws, in its own numbers; None where it draws nothing readable."""
    if row.geometry is not None:
        return drawn_as_written(row.geometry)
    if (text := _text(row.cells, columns.geometry)) != "":
        return _from_wkt(text)
    if columns.east is None or columns.north is None:
        return None
    try:
        east, north = (float(_text(row.cells, at)) for at in (columns.east, columns.north))
    except ValueError:
        return None
    here = np.isfinite([east, north]).all()
    return (shapely.Point(east, north), OwnSystem()) if here else None


def _from_wkt(text: str) -> tuple[Any, OwnSystem] | None:
    number = ""
    if text.upper().startswith(_SRID):
        number, _, text = text[len(_SRID) :].partition(";")
    try:
        shape = shapely.force_2d(shapely.from_wkt(text))
    except (ShapelyError, ValueError, TypeError):
        return None
    if shape is None or shape.is_empty:
        return None
    return shape, _numbered(number.strip())


@cache
def _numbered(number: str) -> OwnSystem:
    return OwnSystem(coordinate_system(f"EPSG:{number}") if number else None)


class _Kept:
    """The rows of a layer that are looked at, thinned evenly while they stream by."""

    def __init__(self, columns: _Columns, places: Places) -> None:
        """Begin with none."""
        self._columns, self._places = columns, places
        self.blank = 0
        self._shapes: list[Any] = []
        self._rows: list[int] = []
        self._keys: list[str | None] = []
        self._frames: list[Frame | None] = []
        self._total, self._step = 0, 1
        self._unknown: dict[str, None] = {}
        self._wider: dict[str, str] = {}

    def take(self, row: SourceRow, shape: Any) -> None:
        """Take a row in, if it is one of those that are looked at."""
        self._total += 1
        if (self._total - 1) % self._step:
            return
        self._shapes.append(shape)
        self._rows.append(row.number)
        self._keys.append(_text(row.cells, self._columns.key) or None)
        self._frames.append(self._frame(row.cells))
        if len(self._shapes) >= 2 * MOST_KEPT:
            self._thin()

    def _thin(self) -> None:
        self._step *= 2
        for kept in (self._shapes, self._rows, self._keys, self._frames):
            del kept[1::2]

    def _frame(self, cells: Sequence[Cell]) -> Frame | None:
        """Return the frame of the division or zone that a row says it lies in."""
        columns, places = self._columns, self._places
        if places.all_in is not None:
            return places.all_in
        if code := _text(cells, columns.adcode):
            return self._of_code(code)
        if name := _text(cells, columns.division):
            return named_frame(name)
        unit = _text(cells, columns.unit)
        if len(unit) >= 19 and unit[:6].isdigit():
            return self._of_code(unit[:6])
        return places.zones.get(_text(cells, columns.zone))

    def _of_code(self, code: str) -> Frame | None:
        frame = division_frame(code) if code.isdigit() else None
        if frame is None:
            self._unknown[code] = None
        elif frame.code is not None and frame.code[4:] == "00" != code[4:6]:
            self._wider[code] = frame.name
        return frame

    def drawing(self, layer: str | None, own: OwnSystem) -> Drawing:
        """Return what was kept as a drawing."""
        shapes = np.empty(len(self._shapes), dtype=object)
        shapes[:] = self._shapes
        framed = framed_by(self._frames)
        return Drawing(
            layer, shapes, self._rows, self._keys, framed, own.crs, own.trouble, own.told,
            self._total + self.blank, self.blank, tuple(self._unknown), tuple(self._wider.items()),
            self._columns.kind.value,
        )  # fmt: skip


def _text(cells: Sequence[Cell], at: int | None) -> str:
    return tidy(shown(cells[at])) if at is not None and at < len(cells) else ""


def frames_of(
    names: Mapping[str, str | None],
    adcodes: Mapping[str, str | None],
    outlines: Mapping[str, bytes | None],
) -> dict[str, Frame]:
    """Return the frame of each zone by its id: its own sound outline, else its division."""
    found: dict[str, Frame] = {}
    for zone in names:
        outline, adcode = outlines.get(zone), adcodes.get(zone)
        shape = None if outline is None else shapely.from_wkb(outline)
        if shape is not None and shape.is_valid:
            found[zone] = Frame(names[zone] or zone, shape)
        elif adcode and (frame := division_frame(adcode)) is not None:
            found[zone] = frame
    return found
