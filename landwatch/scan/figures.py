"""Numbers as the bureau prints them: short, and never so short that two of them read alike."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from landwatch.units import rounded

MOST_PLACES = 12
_NUMBERS = 20_000
"""Numbers that are remembered as spelled: the rules of a contract tell the same ones."""


@lru_cache(maxsize=_NUMBERS)
def places_beside(value: Fraction, other: Fraction | None = None) -> int:
    """Return the decimals that a number needs: two, four below one, more to be told from another.

    >>> places_beside(Fraction(2, 3)), places_beside(Fraction(200, 3)), places_beside(Fraction(3))
    (4, 2, 2)
    >>> places_beside(Fraction(299999, 2000), Fraction(150)), places_beside(Fraction(1, 3), None)
    (4, 4)
    """
    places = 4 if min(abs(value), abs(value if other is None else other)) < 1 else 2
    while other not in (None, value) and places < MOST_PLACES:
        if rounded(value, places) != rounded(other or Fraction(0), places):
            break
        places += 2
    return places


@lru_cache(maxsize=_NUMBERS)
def spelled_number(value: Fraction, places: int | None = None) -> str:
    """Return a number as the bureau prints it: as told up to four decimals, else rounded half up.

    To two decimals, and to four below one: a share of 0.0667 is not shown as 0.07.

    >>> spelled_number(Fraction("18.6866")), spelled_number(Fraction("102.76128"))
    ('18.6866', '102.76')
    >>> spelled_number(Fraction(1, 15)), spelled_number(Fraction(1, 15), 6)
    ('0.0667', '0.066667')
    """
    exact = rounded(value, 4)
    places = places_beside(value) if places is None else places
    shown = exact if Fraction(exact) == value else rounded(value, places)
    if shown == 0 and value != 0:
        shown = rounded(value, 6)
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_alike(value: Fraction, other: Fraction | None) -> bool:
    """Tell whether two different numbers would print alike."""
    if other is None or value == other:
        return False
    return spelled_number(value) == spelled_number(other)
