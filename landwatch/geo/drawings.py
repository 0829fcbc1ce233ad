"""A drawing as a file has it, before anything is moved: what a doctor of coordinates looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.geo.belts import MILLION, meridian_of, prefixes
from landwatch.geo.coordinates import in_boxes
from landwatch.geo.lookalikes import middles
from landwatch.geo.readings import Framed

Numbers: TypeAlias = "NDArray[np.float64]"
Shapes: TypeAlias = "NDArray[np.object_]"


class Nature(StrEnum):
    """What the size of the numbers says that they are."""

    DEGREES = "degrees"
    NUMBERED = "numbered"
    METRES = "metres"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A layer of a file: some or all of its rows, in the numbers of the file.

    Args:
        layer: its name; None where the file has but one.
        shapes: areas or points, x before y as the file has them.
        rows: the number of each row in the file.
        keys: what each row is called, where it is told.
        framed: where each row says that it lies.
        crs: the system that the file or a person names.
        trouble: why the file's own system is not known, as a key of the words; empty if it says
            nothing.
        told: the places of those words.
        total: how many rows of the layer draw something; `shapes` may be some of them.
        blank: how many rows draw nothing that can be read.
        unknown: codes and names of divisions that rows tell and that nobody knows.
        wider: codes that are no division of today, with the wider frame taken instead.
        kind: what its rows seem to be: `parcels` or `zones`.
    """

    layer: str | None
    shapes: Shapes
    rows: Sequence[int]
    keys: Sequence[str | None]
    framed: Framed
    crs: pyproj.CRS | None = None
    trouble: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    total: int = 0
    blank: int = 0
    unknown: tuple[str, ...] = ()
    wider: tuple[tuple[str, str], ...] = ()
    kind: str = "parcels"

    @property
    def pairs(self) -> Numbers:
        """Return the middle of each shape, as its numbers stand."""
        return middles(self.shapes)

    @property
    def nature(self) -> Nature:
        """Return what the numbers are by their size."""
        return nature_of(self.pairs)

    @property
    def number(self) -> int:
        """Return the number of the belt before the greater of the two coordinates; 0 for none."""
        found = prefixes(self.pairs.max(axis=1))
        return int(np.median(found)) if len(found) else 0

    @property
    def belts(self) -> list[tuple[int, int]]:
        """Return the belts that eastings begin with, each with its rows, the most first."""
        numbers = Counter(prefixes(self.pairs.max(axis=1)).tolist())
        return [(belt, rows) for belt, rows in numbers.most_common() if meridian_of(belt)]

    def taken(self, rows: NDArray[np.int64]) -> Drawing:
        """Return some of the rows as a drawing of their own."""
        return Drawing(
            self.layer, self.shapes[rows], [self.rows[at] for at in rows],
            [self.keys[at] for at in rows], self.framed.taken(rows), self.crs, self.trouble,
            self.told, len(rows),
        )  # fmt: skip


def nature_of(pairs: Numbers) -> Nature:
    """Return what numbers are by their size: degrees, eastings that begin with a belt, metres.

    >>> nature_of(np.array([[104.1, 35.8]])).value, nature_of(np.array([[5e5, 4e6]])).value
    ('degrees', 'metres')
    """
    here = pairs[np.isfinite(pairs).all(axis=1)]
    if not len(here):
        return Nature.METRES
    largest = float(np.median(np.abs(here).max(axis=1)))
    if largest <= 180:
        return Nature.DEGREES
    return Nature.NUMBERED if largest >= 13 * MILLION else Nature.METRES


def outside_china(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes, in degrees, do not lie in China."""
    outside: NDArray[np.bool_] = ~in_boxes(middles(shapes))
    return outside


def finite(shapes: Shapes) -> NDArray[np.bool_]:
    """Tell which shapes have a place at all."""
    has_place: NDArray[np.bool_] = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    return has_place
