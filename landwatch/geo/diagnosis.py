"""What a drawing's coordinates are, what would cure them, and where each cure would bring it.

Nothing is applied here. Where several readings do equally well, all are shown and none is proposed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.geo.areas import areas_m2
from landwatch.geo.belts import datum_of
from landwatch.geo.coordinates import LEDGER_CRS, coordinate_system
from landwatch.geo.cures import Cure
from landwatch.geo.divisions import counties
from landwatch.geo.drawings import Drawing, Shapes, finite
from landwatch.geo.lookalikes import Across, Likeness, across, likenesses, sound
from landwatch.geo.outlines import districts_at
from landwatch.geo.readings import FITS, Reading, Verdict, along, as_read, weigh

MOST_CLOSELY = 500
"""So many rows are held against their frame corner by corner; more would tell no more."""
MOST_SHOWN = 24
CHINA_WEST, CHINA_EAST = 73.0, 135.1
_M2_A_MU = 10_000 / 15


@dataclass(frozen=True, slots=True)
class District:
    """A district with how many of the rows that were looked at lie in it."""

    code: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a reading brings the drawing.

    `elsewhere` rows lie in no district. `moved_m` is how far from where it lies as read, on the
    median; None where it has no place as read. `area_mu` is the area of the rows that were looked
    at; None where they do not lie in China or are points. `inside` is the share of the outlines
    with a frame that lies in it; None without a frame. `shapes` are in EPSG:4490.
    """

    reading: Reading
    districts: tuple[District, ...]
    elsewhere: int
    shapes: Shapes
    area_mu: float | None
    moved_m: float | None = None
    inside: float | None = None
    likeness: Likeness | None = None
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is to be said of one drawing.

    `own` is how it lies as the file itself says; `outcomes` are the other readings worth a look,
    the proposed one first. `base` is how it is best read so far as that is known, and `borders` how
    it then lies in its frames.
    """

    drawing: Drawing
    verdict: Verdict
    own: Outcome | None
    outcomes: tuple[Outcome, ...]
    base: Outcome | None = None
    borders: Across | None = None
    likenesses: tuple[Likeness, ...] = ()

    @property
    def proposed(self) -> Outcome | None:
        """Return the one outcome that is proposed."""
        return next((one for one in self.outcomes if one.proposed), None)


@np.errstate(all="ignore")  # a corner may be as far off as a number goes: it lies nowhere
def diagnose(drawing: Drawing) -> Diagnosis:
    """Return how the drawing's numbers are best read, and what else was seen of it."""
    verdict = _abroad(drawing) or weigh(drawing.pairs, drawing.crs, drawing.framed)
    own = _outcome(drawing, verdict.own, None) if verdict.own is not None else None
    fitting = [one for one in verdict.fitting if one is not verdict.own][:MOST_SHOWN]
    others = [_outcome(drawing, one, own) for one in fitting]
    if verdict.chosen is not None and not verdict.is_own:
        others[0] = replace(others[0], proposed=others[0].reading.share >= FITS)
    base = own if verdict.is_own else others[0] if verdict.chosen is not None else None
    if base is None or not verdict.framed or not drawing.framed.known:
        return Diagnosis(drawing, verdict, own, tuple(others), base)
    borders, found = _held_against_frames(drawing, base)
    shifted = [_unshifted(drawing, base, own, one) for one in found]
    if verdict.is_own and len(found) == 1 and found[0].strong:
        shifted[0] = replace(shifted[0], proposed=True)
    return Diagnosis(drawing, verdict, own, (*others, *shifted), base, borders, tuple(found))


def _abroad(drawing: Drawing) -> Verdict | None:
    """Return that a drawing lies abroad, where its own system is of there and fits its numbers.

    Feet in a foreign country must not be tried as belts of China.
    """
    crs = drawing.crs
    own = as_read(drawing.pairs, crs, drawing.framed.none())
    if own is None or crs is None or own.share or crs.is_geographic:
        return None
    number = crs.to_epsg()
    area = crs.area_of_use or (pyproj.CRS.from_epsg(number).area_of_use if number else None)
    if area is None:
        return None
    if area.east > CHINA_WEST and area.west < CHINA_EAST and area.north > 0:
        return None
    middle = np.median(own.places, axis=0)
    west, south, east, north = area.bounds
    inside = west - 1 <= middle[0] <= east + 1 and south - 1 <= middle[1] <= north + 1
    return Verdict(own, (), None) if inside else None


def _held_against_frames(drawing: Drawing, base: Outcome) -> tuple[Across, list[Likeness]]:
    """Return how the rows lie in their frames, and which internet map's shift they look like."""
    rows = _some(np.flatnonzero(finite(base.shapes)))
    shapes, framed = sound(base.shapes[rows]), drawing.framed.taken(rows)
    lying = across(shapes, framed)
    borders = np.full(len(base.shapes), np.nan)
    borders[rows] = lying.shares
    is_plain = base.reading.cure.shift is None
    return Across(borders), likenesses(shapes, framed, lying) if is_plain else []


def _unshifted(drawing: Drawing, base: Outcome, own: Outcome | None, one: Likeness) -> Outcome:
    cure = replace(base.reading.cure, shift=one.shift)
    places = cure.after(base.reading.places)
    share = float(drawing.framed.fits(places).mean())
    reading = replace(base.reading, cure=cure, places=places, share=share)
    return replace(_outcome(drawing, reading, own), likeness=one)


def _outcome(drawing: Drawing, reading: Reading, own: Outcome | None) -> Outcome:
    """Return where a reading brings the drawing, corner by corner."""
    shapes = read_as(drawing.shapes, drawing.crs, reading.cure, reading.crs)
    shapes[~np.isfinite(reading.places).all(axis=1)] = None
    codes = Counter(districts_at(reading.places))
    elsewhere = codes.pop(None, 0)
    districts = tuple(
        District(str(code), counties().get(str(code), ""), rows)
        for code, rows in codes.most_common()
    )
    area = float(areas_m2(shapes).sum()) / _M2_A_MU if districts else 0.0
    moved = None if own is None else _moved_m(own.reading, reading)
    inside = _inside(drawing, shapes)
    return Outcome(reading, districts, elsewhere, shapes, area or None, moved, inside)


def _inside(drawing: Drawing, shapes: Shapes) -> float | None:
    """Return which share of the outlines with a frame lies in it, each row counted alike."""
    rows = _some(np.flatnonzero(drawing.framed.of_row >= 0))
    if not len(rows):
        return None
    placed = rows[finite(shapes[rows])]
    lying = across(sound(shapes[placed]), drawing.framed.taken(placed))
    return float((1 - lying.shares).sum()) / len(rows)


def _some(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return some of the rows, evenly: as many as are looked at closely."""
    if len(rows) <= MOST_CLOSELY:
        return rows
    some: NDArray[np.int64] = rows[np.linspace(0, len(rows) - 1, MOST_CLOSELY).astype(int)]
    return some


def read_as(shapes: Shapes, own: pyproj.CRS | None, cure: Cure, named: str | None) -> Shapes:
    """Return shapes in EPSG:4490, as a cure reads them by the file's system or a named one."""
    stated = coordinate_system(named) if named else own
    crs = cure.system_on(datum_of(stated)) or stated or pyproj.CRS.from_user_input(LEDGER_CRS)

    def bring(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return cure.after(along(crs, cure.before(pairs)))

    moved: Shapes = shapely.transform(shapes, bring)
    return moved


@cache
def _ellipsoid() -> pyproj.Geod:
    return pyproj.Geod(a=6378137, rf=298.257222101)


def _moved_m(own: Reading, other: Reading) -> float | None:
    """Return how far a reading lies from the file's own, in metres on the median."""
    both = np.isfinite(own.places).all(axis=1) & np.isfinite(other.places).all(axis=1)
    both &= (np.abs(own.places) <= [360, 90]).all(axis=1)
    if not both.any():
        return None
    one, two = own.places[both], other.places[both]
    _, _, far = _ellipsoid().inv(one[:, 0], one[:, 1], two[:, 0], two[:, 1])
    return float(np.median(far))


def strays(diagnosis: Diagnosis) -> NDArray[np.int64]:
    """Return the rows that the best reading leaves far from where they say, or outside China."""
    base = diagnosis.base
    if base is None or not diagnosis.verdict.framed:
        return np.zeros(0, dtype=np.int64)
    found: NDArray[np.int64] = np.flatnonzero(~diagnosis.drawing.framed.fits(base.reading.places))
    return found if len(found) <= len(base.shapes) / 2 else found[:0]
