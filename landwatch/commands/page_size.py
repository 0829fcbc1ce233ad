"""How much one page holds: what is too much for it is refused, with what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch.errors import UsageError

if TYPE_CHECKING:
    from landwatch.mapping.data import MapData

MOST_PARCELS = 1_000_000
MOST_BYTES = 120_000_000
MANY_PARCELS = 300_000
"""From here on it is said how large the page is and how long it takes to open."""

_SHELL_BYTES = 500_000
_CORNER_BYTES, _CONTRACT_BYTES, _FINDING_BYTES = 4.7, 36, 10
"""As measured on made-up parcels of five to twelve corners, packed and as text."""
_SECONDS_A_MILLION = 5.0
"""Until a million parcels are drawn and told, on a machine of two cores."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """How many parcels a page would hold, and about how many bytes."""

    parcels: int
    bytes: int

    @property
    def is_too_much(self) -> bool:
        """Tell whether one page cannot be asked to hold it."""
        return self.parcels > MOST_PARCELS or self.bytes > MOST_BYTES

    @property
    def seconds(self) -> int | None:
        """Return about how long it takes to open, None where nobody would notice."""
        if self.parcels < MANY_PARCELS:
            return None
        return max(1, round(self.parcels / 1e6 * _SECONDS_A_MILLION))


def size_of(data: MapData) -> PageSize:
    """Return about how large the page of `data` would be."""
    import shapely

    corners = int(shapely.get_num_coordinates(data.geometry).sum())
    told = data.contract_count * _CONTRACT_BYTES + data.finding_count * _FINDING_BYTES
    return PageSize(len(data.parcel_id), round(_SHELL_BYTES + corners * _CORNER_BYTES + told))


def hold_to_size(size: PageSize, *, anyway: bool) -> None:
    """Refuse what is too much for one page, unless it is wanted all the same.

    Raises:
        UsageError: it is; says what to do instead.
    """
    if size.is_too_much and not anyway:
        raise UsageError(
            "page_size.too_much",
            parcels=f"{size.parcels:,}",
            size=f"{size.bytes / 1e6:,.0f}",
            most=f"{MOST_PARCELS:,}",
            largest=f"{MOST_BYTES / 1e6:,.0f}",
        )
