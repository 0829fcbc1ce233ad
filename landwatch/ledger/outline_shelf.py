"""Outlines of a file laid aside on disk, to be held against each other when all were read."""

from __future__ import annotations

import marshal
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.areas import Numbers, Shapes, areas_m2

_IN_MEMORY = 4 << 20
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A parcel as it was read: where it stands, what it tells, and its outline as WKB.

    `row` is None of a parcel that the ledger already holds.
    """

    key: str
    sheet: str | None
    row: int | None
    zone_id: str | None
    area_m2: Decimal | None
    outline: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some entries with their outlines in memory; an invalid one is at its place all the same."""

    first: int
    entries: list[Entry]
    shapes: Shapes
    valid: NDArray[np.bool_]
    areas_m2: Numbers


class OutlineShelf:
    """Keeps outlines in a nameless file and, once they were measured, 65 bytes of each in memory.

    Add every entry, then `measured` must be spent before the boxes, areas and keys are there.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the shelf
        weakref.finalize(self, self._file.close)
        self._starts = array("q")
        self._measured = 0
        self._boxes, self._areas = array("d"), array("d")
        self._keys, self._outlines = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, entry: Entry) -> None:
        """Lay an entry aside."""
        area = None if entry.area_m2 is None else str(entry.area_m2)
        place = self._file.seek(0, 2)
        parts = (entry.key, entry.sheet, entry.row, entry.zone_id, area, entry.outline)
        self._file.write(marshal.dumps(parts))
        self._starts.append(place)

    def entry(self, place: int) -> Entry:
        """Return the entry of a place."""
        self._file.seek(self._starts[place])
        key, sheet, row, zone, area, outline = marshal.load(self._file)
        return Entry(key, sheet, row, zone, None if area is None else Decimal(area), outline)

    def measured(self) -> Iterator[Drawn]:
        """Measure what was added since the last time, and yield it a few thousand at a time."""
        while self._measured < len(self):
            first = self._measured
            last = min(first + _AT_ONCE, len(self))
            entries = [self.entry(place) for place in range(first, last)]
            shapes = _shapes([entry.outline for entry in entries])
            valid = shapely.is_valid(shapes)
            areas = areas_m2(shapes)
            boxes = shapely.bounds(shapes)
            boxes[~valid] = np.nan
            self._boxes.extend(boxes.ravel())
            self._areas.extend(np.where(valid, areas, np.nan))
            self._keys.extend(hash(entry.key) for entry in entries)
            self._outlines.extend(hash(entry.outline) for entry in entries)
            self._measured = last
            yield Drawn(first, entries, shapes, valid, areas)

    def shapes(self, places: NDArray[np.intp]) -> Shapes:
        """Return the outlines of some places."""
        return _shapes([self.entry(place).outline for place in places.tolist()])

    @property
    def boxes(self) -> Numbers:
        """Return the box of each measured entry (west, south, …); no number of an invalid one."""
        return np.array(self._boxes, dtype=np.float64).reshape(-1, 4)

    @property
    def areas_m2(self) -> Numbers:
        """Return the area of each measured entry; not a number of an invalid one."""
        return np.array(self._areas, dtype=np.float64)

    @property
    def keys(self) -> NDArray[np.int64]:
        """Return a hash of each measured entry's key."""
        return np.array(self._keys, dtype=np.int64)

    @property
    def outlines(self) -> NDArray[np.int64]:
        """Return a hash of each measured entry's outline, corner by corner as it is drawn."""
        return np.array(self._outlines, dtype=np.int64)


def _shapes(outlines: list[bytes]) -> Shapes:
    shapes: Shapes = np.atleast_1d(shapely.from_wkb(outlines))
    return shapes
