"""Every plausible reading of written numbers, tried: which of them puts a drawing where it belongs.

Belts, degrees, Web Mercator, each as written and with x and y exchanged. The places of all belts
come from one conversion: two belts differ in nothing but the meridian that they count from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from landwatch.geo.belts import (
    CGCS2000,
    MERIDIANS,
    MILLION,
    WIDEST_M,
    belt_at,
    belt_in,
    datum_of,
    meridian_of,
    prefixes,
    system_of,
    without_prefix,
)
from landwatch.geo.coordinates import in_boxes, way_to_ledger
from landwatch.geo.cures import AS_WRITTEN, BELT, DEGREES, WEB_MERCATOR, Cure
from landwatch.geo.frames import Frame
from landwatch.geo.outlines import districts_at

Numbers: TypeAlias = "NDArray[np.float64]"

FITS = 0.9
"""The share of a drawing that a reading must put where it belongs."""
EVEN = 0.02
"""Two readings whose shares differ by less fit equally well: none of them is proposed."""
MOST_NORTHING_M, LEAST_NORTHING_M = 6.0e6, 0.3e6
WIDEST_CLUSTER_DEGREES = 2.0
MOST_ON_LAND = 100
MOSTLY = 0.5
"""Where no reading fits, one that is right for so much of a drawing is the one to go by."""
UTM_ZONES = range(43, 54)
_FIRST = MERIDIANS[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the numbers, and how much of the drawing it puts where it belongs.

    `crs` names the system where it is none that a cure names. `plain` tells that the numbers
    themselves speak for it; the others go against the belt that they carry.
    """

    cure: Cure
    places: Numbers
    share: float = 0.0
    crs: str | None = None
    plain: bool = True

    @property
    def option(self) -> str:
        """Return what to add to the command that takes the file in."""
        named = f"--crs {self.crs}" if self.crs else ""
        cured = f"--cure {self.cure.text}" if self.cure.text else ""
        return " ".join(filter(None, (named, cured)))


@dataclass(frozen=True, slots=True)
class Framed:
    """Where each row says that it lies: the frames, and the place of each row's in them, or -1."""

    frames: Sequence[Frame]
    of_row: NDArray[np.int64]

    @property
    def known(self) -> bool:
        """Tell whether any row says where it lies."""
        return bool((self.of_row >= 0).any())

    def fits(self, places: Numbers) -> NDArray[np.bool_]:
        """Tell which places lie near their frame; those that name none, in China."""
        fits = in_boxes(places)
        for at, frame in enumerate(self.frames):
            rows = np.flatnonzero(self.of_row == at)
            fits[rows] = frame.holds(places[rows])
        return fits

    def names(self, most: int) -> str:
        """Return the names of the frames that rows say they lie in, some of many."""
        used = sorted({self.frames[at].name for at in self.of_row.tolist() if at >= 0})
        return "、".join(used[:most]) + ("…" if len(used) > most else "")

    def taken(self, rows: NDArray[np.int64]) -> Framed:
        """Return the frames of some rows."""
        return Framed(self.frames, self.of_row[rows])

    def none(self) -> Framed:
        """Return the same rows as if nobody said where they lie."""
        return Framed((), np.full(len(self.of_row), -1))


def framed_by(frames: Sequence[Frame | None]) -> Framed:
    """Return the frames of rows, each frame once."""
    places: dict[int, int] = {}
    kept: list[Frame] = []
    of_row = []
    for frame in frames:
        if frame is not None and id(frame) not in places:
            places[id(frame)] = len(kept)
            kept.append(frame)
        of_row.append(-1 if frame is None else places[id(frame)])
    return Framed(kept, np.array(of_row, dtype=np.int64))


def as_read(pairs: Numbers, crs: pyproj.CRS | None, framed: Framed) -> Reading | None:
    """Return the reading by the file's own system; None where it names none, or not of this."""
    if crs is None:
        return None
    places = along(crs, pairs)
    if (belt := belt_in(crs)) is not None:
        far = np.abs(pairs[:, 0] - belt[1]) > WIDEST_M
        places[far] = np.inf
    return Reading(AS_WRITTEN, places, float(framed.fits(places).mean()))


def other_readings(pairs: Numbers, crs: pyproj.CRS | None, framed: Framed) -> list[Reading]:
    """Return every other plausible reading with its share, the best first."""
    found = []
    for swap in (False, True):
        turned = pairs[:, ::-1] if swap else pairs
        for cure, places, named, plain in _tried(turned, datum_of(crs), swap=swap):
            share = float(framed.fits(places).mean())
            if not framed.known and share:
                share *= _together(places) * _on_land(places)
            found.append(Reading(cure, places, share, named, plain))
    return sorted(found, key=lambda reading: (-round(reading.share, 3), reading.option))


_Tried: TypeAlias = "tuple[Cure, Numbers, str | None, bool]"


def _tried(pairs: Numbers, datum: str, *, swap: bool) -> Iterator[_Tried]:
    """Yield each reading that the size of the numbers allows."""
    here = pairs[np.isfinite(pairs).all(axis=1)]
    if not len(here):
        return
    x, y = np.median(here, axis=0)
    if abs(x) <= 180 and abs(y) <= 90:
        yield Cure(swap, DEGREES), pairs.copy(), None, True
    if 8.0e6 < x < 15.1e6 and LEAST_NORTHING_M < y < 7.2e6:
        yield Cure(swap, WEB_MERCATOR), along(pyproj.CRS.from_epsg(3857), pairs), None, True
    if LEAST_NORTHING_M < y < MOST_NORTHING_M and (x >= 10 * MILLION or 0 < x < MILLION):
        yield from _belts(pairs, datum, swap=swap)


def _belts(pairs: Numbers, datum: str, *, swap: bool) -> Iterator[_Tried]:
    """Yield each belt, and the zones of UTM: the latter only where nothing else fits.

    The belt that most eastings carry does not hold for those that carry another.
    """
    numbers = prefixes(pairs[:, 0])
    number = int(np.median(numbers))
    own = meridian_of(number)
    bare = np.column_stack([without_prefix(pairs[:, 0]), pairs[:, 1]])
    first = along(system_of(_FIRST, datum), bare)
    for meridian in MERIDIANS:
        cure = Cure(swap, f"{BELT}{number if meridian == own else belt_at(meridian)}")
        places = first + np.array([meridian - _FIRST, 0.0])
        if plain := meridian == own if number else True:
            places[numbers != number] = np.inf
        yield cure, places, None, plain
    if datum == CGCS2000 and not number:
        utm = along(pyproj.CRS.from_epsg(32600 + UTM_ZONES[0]), pairs)
        for zone in UTM_ZONES:
            moved = utm + np.array([6.0 * (zone - UTM_ZONES[0]), 0.0])
            yield Cure(swap), moved, f"EPSG:{32600 + zone}", False


def along(crs: pyproj.CRS, pairs: Numbers) -> Numbers:
    """Return written numbers as longitude and latitude; what has no place lies at infinity."""
    way = way_to_ledger(crs)
    if way is None:
        return pairs.copy()
    try:
        east, north = way.transform(pairs[:, 0], pairs[:, 1])
    except ProjError:
        return np.full_like(pairs, np.inf)
    return np.column_stack([east, north])


def _together(places: Numbers) -> float:
    """Return the share of the places that lie together, as the parcels of one county do."""
    here = places[np.isfinite(places).all(axis=1)]
    if not len(here):
        return 0.0
    apart = np.abs(here - np.median(here, axis=0)).max(axis=1)
    return float((apart <= WIDEST_CLUSTER_DEGREES).sum() / len(places))


def as_utm(reading: Reading, pairs: Numbers, framed: Framed) -> str | None:
    """Return the UTM zone that the same numbers fit as well: its scale alone is another.

    No outline tells the two apart, and no bureau hands in UTM; so it is told and not proposed.
    """
    meridian = reading.cure.meridian
    turned = pairs[:, ::-1] if reading.cure.swap else pairs
    if meridian is None or meridian % 6 != 3 or (prefixes(turned[:, 0]) > 0).any():
        return None
    name = f"EPSG:{32600 + (meridian + 183) // 6}"
    fits = framed.fits(along(pyproj.CRS.from_user_input(name), turned))
    return name if fits.mean() >= FITS else None


def _on_land(places: Numbers) -> float:
    """Return the share of some of the places that lie in a district of China."""
    some = places[:: max(1, len(places) // MOST_ON_LAND)]
    return sum(code is not None for code in districts_at(some)) / len(some)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the numbers are best read.

    `fitting` are the readings that fit, the best first; `chosen` is the one that is proposed, or
    the file's own; None where none fits, or several do equally. `framed` is False where nothing
    fits where the drawing says it lies, and China alone was the frame.
    """

    own: Reading | None
    fitting: tuple[Reading, ...]
    chosen: Reading | None
    framed: bool = True

    @property
    def is_own(self) -> bool:
        """Tell whether the file's own reading is good."""
        return self.chosen is not None and self.chosen is self.own


def weigh(pairs: Numbers, crs: pyproj.CRS | None, framed: Framed) -> Verdict:
    """Return how the numbers are best read; the file's own system goes first where it fits."""
    own = as_read(pairs, crs, framed)
    if own is not None and own.share >= FITS:
        return Verdict(own, (own,), own)
    turned = as_read(pairs[:, ::-1], crs, framed)
    if turned is not None and turned.share >= FITS:
        turned = replace(turned, cure=Cure(swap=True))
        return Verdict(own, (turned,), turned)
    others = other_readings(pairs, crs, framed)
    if not framed.known:  # no frame speaks against the belts that the numbers carry
        others = [one for one in others if one.plain]
    for plain in (True, False):
        fitting = [one for one in others if one.plain is plain and one.share >= FITS]
        if fitting:
            return Verdict(own, tuple(fitting), _alone(fitting))
    in_china = as_read(pairs, crs, framed.none()) if framed.known else own
    if own is not None and in_china is not None and in_china.share >= FITS:
        return Verdict(own, (own,), own)  # it lies in China, only not where it says
    mostly = max(
        ([own] if own is not None else []) + others, key=lambda one: one.share, default=own
    )
    if mostly is not None and mostly.share >= MOSTLY:
        return Verdict(own, (mostly,), mostly)
    if framed.known:
        free = weigh(pairs, crs, framed.none())
        return Verdict(own, free.fitting, None, framed=False)
    return Verdict(own, (), None)


def _alone(fitting: Sequence[Reading]) -> Reading | None:
    """Return the first of readings that fit, unless the next fits as well."""
    if len(fitting) > 1 and fitting[0].share - fitting[1].share < EVEN:
        return None
    return fitting[0]
