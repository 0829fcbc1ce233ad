"""What the store holds of the ground, as plain data for those who judge a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class KnownParcel:
    """A parcel as the ledger holds it now; `outline` is WKB in EPSG:4490."""

    parcel_id: str
    zone_id: str | None = None
    outline: bytes | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a contract granted: the parcels it names and the area of all of them."""

    contract_id: str
    parcels: tuple[str, ...]
    area_m2: Decimal


def _no_parcels(_: object) -> Iterable[KnownParcel]:
    return ()


def _no_zones() -> Mapping[str, bytes | None]:
    return {}


def _nothing_granted(_: object) -> Iterable[Granted]:
    return ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the ground beside the file; each is asked only when it is needed.

    Args:
        within: the parcels whose outline may lie within a box (west, south, east, north).
        named: the parcels of some ids.
        zones: the outline of every zone, None of one that has none.
        granted: what the contracts granted that name one of some parcels.
    """

    within: Callable[[Box], Iterable[KnownParcel]] = _no_parcels
    named: Callable[[Collection[str]], Iterable[KnownParcel]] = _no_parcels
    zones: Callable[[], Mapping[str, bytes | None]] = _no_zones
    granted: Callable[[Collection[str]], Iterable[Granted]] = _nothing_granted


NO_GROUND = Ground()
