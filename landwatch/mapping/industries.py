"""What the page calls the divisions of industry by which it filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landwatch.lawbook.industry_names import OF_2002, division_names, edition_of
from landwatch.mapping.uses import industry_of

if TYPE_CHECKING:
    from landwatch.mapping.arranging import Arranged
    from landwatch.mapping.columns import Column
    from landwatch.mapping.data import MapData
    from landwatch.mapping.gather import Gathered


def names_of(contracts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the name of each division that all its contracts tell by the edition that names it.

    A number means another industry in another edition: where one contract tells another edition, or
    none, the number stays a number.
    """
    known = division_names()
    named: dict[str, bool] = {}
    for row in contracts:
        division = industry_of(row["industry_code"])
        if division is not None and division in known:
            same = edition_of(row["industry_edition"]) == OF_2002
            named[division] = named.get(division, True) and same
    return {division: known[division] for division in sorted(named) if named[division]}


@dataclass(frozen=True, slots=True)
class Industries:
    """The part of a page that names divisions of industry."""

    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return the name under which the page finds its head."""
        return "industries"

    @property
    def later(self) -> bool:
        """Tell that it travels with what is told first: it is a few words of the filters."""
        return False

    def columns(self, data: MapData, rows: Arranged) -> list[Column]:
        """Return no column: the divisions stand among the page's own."""
        return []

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return the names."""
        return dict(self.names)


def industries_of(gathered: Gathered) -> Industries | None:
    """Return the names of a page's divisions of industry, None where it knows none."""
    names = names_of(gathered.place.contracts)
    return Industries(names) if names else None
