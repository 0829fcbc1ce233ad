"""Cures of coordinates: how written numbers are to be read instead, named by a person.

A cure is one step or several joined by `+`, in the order in which they are done: `swap` exchanges x
and y; `belt:39`, `degrees` or `web_mercator` says what the numbers are, whatever the file says of
them; `gcj02` or `bd09` takes the shift of an internet map away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from landwatch.geo.belts import CGCS2000, degrees_of, meridian_of, system_of, without_prefix
from landwatch.geo.shifts import Shift, unshifted

SWAP, DEGREES, WEB_MERCATOR, BELT = "swap", "degrees", "web_mercator", "belt:"
NAMES = (SWAP, f"{BELT}39", DEGREES, WEB_MERCATOR, *(shift.value for shift in Shift))
"""One of each kind, as they are shown to a person."""


@dataclass(frozen=True, slots=True)
class Cure:
    """What is done to written numbers: swapped, read as another system, unshifted."""

    swap: bool = False
    system: str | None = None
    shift: Shift | None = None

    @property
    def text(self) -> str:
        """Return the cure as a person names it; empty where it does nothing."""
        return "+".join(filter(None, (SWAP if self.swap else None, self.system, self.shift)))

    @property
    def meridian(self) -> int | None:
        """Return the central meridian of the belt that it names."""
        if self.system is None or not self.system.startswith(BELT):
            return None
        return meridian_of(int(self.system.removeprefix(BELT)))

    def system_on(self, datum: str = CGCS2000) -> pyproj.CRS | None:
        """Return the coordinate system that it reads by; None where that of the file stays."""
        if self.system is None:
            return None
        if self.system == DEGREES:
            return degrees_of(datum)
        if self.system == WEB_MERCATOR:
            return pyproj.CRS.from_epsg(3857)
        meridian = self.meridian
        return None if meridian is None else system_of(meridian, datum)

    def before(self, pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return written numbers as the system is to read them."""
        read = pairs[:, ::-1] if self.swap else pairs
        if self.meridian is None:
            return read
        return np.column_stack([without_prefix(read[:, 0]), read[:, 1]])

    def after(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitude and latitude without the shift of an internet map."""
        return degrees if self.shift is None else unshifted(degrees, self.shift)


AS_WRITTEN = Cure()


def cure_named(text: str) -> Cure | None:
    """Return the cure of that name; None where it names none.

    >>> cure_named("swap+belt:39"), cure_named("belt:24"), cure_named("gcj02+swap")
    (Cure(swap=True, system='belt:39', shift=None), None, None)
    """
    steps = [step.strip().casefold() for step in text.split("+")]
    swap = steps[:1] == [SWAP]
    rest = steps[1:] if swap else steps
    system = rest.pop(0) if rest and _is_system(rest[0]) else None
    named = rest.pop(0) if rest and rest[0] in set(Shift) else None
    cure = Cure(swap, system, None if named is None else Shift(named))
    return None if rest or not cure.text else cure


def _is_system(step: str) -> bool:
    number = step.removeprefix(BELT)
    if number != step:
        return len(number) == 2 and number.isascii() and number.isdigit() and (
            meridian_of(int(number)) is not None
        )  # fmt: skip
    return step in (DEGREES, WEB_MERCATOR)
