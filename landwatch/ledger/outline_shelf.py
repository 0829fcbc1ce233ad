"""Outlines of a file laid aside on disk, to be held against each other when all were read."""

from __future__ import annotations

import itertools
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
        self._starts, self._end, self._reading = array("q"), 0, False
        self._measured = 0
        self._boxes, self._areas = array("d"), array("d")
        self._keys, self._outlines = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, entry: Entry) -> None:
        """Lay an entry aside."""
        if self._reading:
            self._file.seek(0, 2)
            self._reading = False
        area = None if entry.area_m2 is None else str(entry.area_m2)
        parts = (entry.key, entry.sheet, entry.row, entry.zone_id, area, entry.outline)
        content = marshal.dumps(parts)
        self._file.write(content)
        self._starts.append(self._end)
        self._end += len(content)

    def entry(self, place: int) -> Entry:
        """Return the entry of a place."""
        return self._some(place, place + 1)[0]

    def _some(self, first: int, last: int) -> list[Entry]:
        """Return the entries from one place to before another, read at one go."""
        edges = [*self._starts[first:last], self._starts[last] if last < len(self) else self._end]
        self._reading = True
        self._file.seek(edges[0])
        block = self._file.read(edges[-1] - edges[0])
        cuts = [edge - edges[0] for edge in edges]
        return [_entry(block[at:end]) for at, end in itertools.pairwise(cuts)]

    def measured(self) -> Iterator[Drawn]:
        """Measure what was added since the last time, and yield it a few thousand at a time."""
        while self._measured < len(self):
            first = self._measured
            last = min(first + _AT_ONCE, len(self))
            entries = self._some(first, last)
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


def _entry(content: bytes) -> Entry:
    key, sheet, row, zone, area, outline = marshal.loads(content)
    return Entry(key, sheet, row, zone, None if area is None else Decimal(area), outline)


def _shapes(outlines: list[bytes]) -> Shapes:
    shapes: Shapes = np.atleast_1d(shapely.from_wkb(outlines))
    return shapes
