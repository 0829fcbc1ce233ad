"""What the page adds up: the division of each contract's land, and which rules are of idle land.

A division is told by the middle of the first parcel of a contract that the page draws; where none
is drawn, the contract lies in no division, and the page says how many do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from landwatch.geo.outlines import Outline, districts_at
from landwatch.language.terms import Remedy
from landwatch.mapping.arranging import Arranged
from landwatch.mapping.columns import Column, Integers, codes_column
from landwatch.mapping.data import MapData
from landwatch.mapping.pack import backdrop_of

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy, Rule
    from landwatch.mapping.gather import Gathered

_OF_IDLE_LAND = {Remedy.CHARGE_IDLE_FEE, Remedy.NEGOTIATE_DISPOSAL, Remedy.ORDER_TO_START}
_NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Division:
    """A division on the page: its code, name and level, and the row of its outline."""

    code: str
    name: str
    level: str
    outline: int

    @property
    def above(self) -> str:
        """Return the code of its province."""
        return f"{self.code[:2]}0000"


@dataclass(frozen=True, slots=True)
class Summary:
    """The part of a page by which it adds up: a division for each contract.

    Attributes:
        idle: the codes of the rules that speak of idle land.
    """

    idle: frozenset[str] = frozenset()
    _told: list[tuple[Integers, Sequence[Division]]] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        """Return the name under which the page finds its head."""
        return "summary"

    @property
    def later(self) -> bool:
        """Tell that it travels with what is told first: a summary is the first thing shown."""
        return False

    def columns(self, data: MapData, rows: Arranged) -> list[Column]:
        """Return the division of each contract, counted from one; nought where it lies in none."""
        return [codes_column("summary_division", self._divided(data, rows)[0])]

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return the divisions, and the rules of idle land as the page numbers its rules."""
        divisions = self._divided(data, rows)[1]
        place = {one.code: at for at, one in enumerate(divisions)}
        return {
            "divisions": [
                {
                    "code": one.code,
                    "name": one.name,
                    "level": one.level,
                    "outline": one.outline,
                    "above": -1 if one.level == "province" else place.get(one.above, -1),
                }
                for one in divisions
            ],
            "idle": [at for at, code in enumerate(data.rules) if code in self.idle],
        }

    def _divided(self, data: MapData, rows: Arranged) -> tuple[Integers, Sequence[Division]]:
        if not self._told:
            divisions = _divisions(backdrop_of(data, rows))
            self._told.append((_division_of_each(data, rows, divisions), divisions))
        return self._told[0]


def summary_of(gathered: Gathered) -> Summary:
    """Return the part for a kept scan: which rules are of idle land stands in its lawbook."""
    return Summary(idle_rules(gathered.shelf))


def idle_rules(shelf: Mapping[str, Policy]) -> frozenset[str]:
    """Return the codes of the rules that speak of idle land, by what they let the bureau do.

    A penalty for a late start is no such rule: who began late has begun.
    """
    return frozenset(rule.code for each in shelf.values() for rule in each.rules if _is_idle(rule))


def _is_idle(rule: Rule) -> bool:
    always = {one.remedy for one in rule.remedies if one.when is None}
    return Remedy.RECLAIM in always or bool(_OF_IDLE_LAND & {one.remedy for one in rule.remedies})


def _divisions(backdrop: Sequence[Outline]) -> list[Division]:
    """Return the divisions that the page draws; a line that belongs to none is left out."""
    return [
        Division(outline.adcode, outline.name, outline.level, row)
        for row, outline in enumerate(backdrop)
        if outline.adcode
    ]


def _division_of_each(data: MapData, rows: Arranged, divisions: Sequence[Division]) -> Integers:
    """Return, for each contract of the page, the finest division its first parcel lies in."""
    first = np.array([min(places, default=rows.drawn) for places in rows.places], np.int64)
    first = first[rows.contracts]
    told = np.full(len(first), _NOWHERE, np.int64)
    if not divisions or not rows.drawn:
        return told
    bounds = shapely.bounds(data.geometry[rows.parcels[: rows.drawn]])
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    seen, which = np.unique(
        np.array([code or "" for code in districts_at(middles)]), return_inverse=True
    )
    place = {one.code: at + 1 for at, one in enumerate(divisions)}
    codes = np.array([_finest(str(code), place) for code in seen], np.int64)
    drawn = first < rows.drawn
    told[drawn] = codes[which][first[drawn]]
    return told


def _finest(code: str, place: Mapping[str, int]) -> int:
    """Return the number of a district, else of its city, else of its province, if on the page."""
    ladder = (code, f"{code[:4]}00", f"{code[:2]}0000") if code else ()
    return next((place[one] for one in ladder if one in place), _NOWHERE)
