"""Units of the rule language: which can be compared, and the exact factor between them.

A unit is a product of powers of the dimensions below and an exact factor to the base units (万元,
m², 日). `万元/亩` and `万元/公顷` share dimensions and differ by a factor of 15, so a comparison
converts; `万元` and `亩` differ in dimensions, so it is refused (rulebook GEO-01, GEO-02).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Dimensions = tuple[tuple[str, int], ...]

_BASE: Mapping[str, tuple[str | None, Fraction]] = {
    "1": (None, Fraction(1)),
    "%": (None, Fraction(1, 100)),
    "‰": (None, Fraction(1, 1000)),
    "万元": ("money", Fraction(1)),
    "元": ("money", Fraction(1, 10_000)),
    "亿元": ("money", Fraction(10_000)),
    "m2": ("area", Fraction(1)),
    "平方米": ("area", Fraction(1)),
    "亩": ("area", Fraction(2000, 3)),
    "公顷": ("area", Fraction(10_000)),
    "日": ("time", Fraction(1)),
    "产能": ("capacity", Fraction(1)),
    "吨标煤": ("energy", Fraction(1)),
    "kg": ("mass", Fraction(1)),
    "吨": ("mass", Fraction(1000)),
    "万千瓦时": ("electricity", Fraction(1)),
    "人": ("people", Fraction(1)),
    "年": ("years", Fraction(1)),
    "月": ("months", Fraction(1)),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Powers of dimensions, and the factor that turns a number of this unit into base units."""

    dimensions: Dimensions
    factor: Fraction
    text: str

    def __mul__(self, other: Unit) -> Unit:
        """Return the unit of a product."""
        return _combined(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        """Return the unit of a quotient."""
        return _combined(self, other, -1)

    def alike(self, other: Unit) -> bool:
        """Tell whether numbers of the two units can be compared and added."""
        return self.dimensions == other.dimensions

    def factor_to(self, other: Unit) -> Fraction:
        """Return what a number of this unit is multiplied by to be one of `other`.

        >>> parse_unit("万元/公顷").factor_to(parse_unit("万元/亩"))
        Fraction(1, 15)
        """
        return self.factor / other.factor


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left.dimensions)
    for name, power in right.dimensions:
        powers[name] = powers.get(name, 0) + sign * power
    dimensions = tuple(sorted((name, power) for name, power in powers.items() if power))
    factor = left.factor * right.factor if sign > 0 else left.factor / right.factor
    return Unit(dimensions, factor, _spelled(dimensions, factor, left, right, sign))


def _spelled(dimensions: Dimensions, factor: Fraction, left: Unit, right: Unit, sign: int) -> str:
    """Return a readable name; a known unit's own name where the product is one."""
    for text, (dimension, known) in _BASE.items():
        if dimensions == (((dimension, 1),) if dimension else ()) and factor == known:
            return text
    if not right.dimensions and right.factor == 1:
        return left.text
    if not left.dimensions and left.factor == 1 and sign > 0:
        return right.text
    return f"{left.text}{'·' if sign > 0 else '/'}{right.text}"


def parse_unit(text: str) -> Unit:
    """Return the unit that a text such as `万元/亩`, `‰/日` or `1` names.

    Raises:
        KeyError: a part of the text is no known unit.

    >>> parse_unit("m2").factor_to(parse_unit("亩"))
    Fraction(3, 2000)
    """
    first, *divisors = re.split(r"[/／]", text.strip())
    unit = _single(first)
    for divisor in divisors:
        unit = _combined(unit, _single(divisor), -1)
    return Unit(unit.dimensions, unit.factor, text.strip())


def _single(text: str) -> Unit:
    dimension, factor = _BASE[text]
    return Unit(((dimension, 1),) if dimension else (), factor, text)


def known_units() -> tuple[Unit, ...]:
    """Return every unit that is no quotient, kind by kind.

    >>> [unit.text for unit in known_units()][:3]
    ['1', '%', '‰']
    """
    return tuple(parse_unit(text) for text in _BASE)


PURE = parse_unit("1")
DAYS = parse_unit("日")
