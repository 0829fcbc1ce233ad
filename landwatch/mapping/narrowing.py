"""What is left of a scan's ground where only some contracts, or one park, are wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landwatch.mapping.ground import Ground


def narrowed(place: Ground, contracts: Collection[str] | None, zone: str | None) -> Ground:
    """Return the ground of the named contracts in a park; None asks for all of them.

    A parcel whose contracts are all left out is left out too: without them it would be shown as one
    that no contract speaks of. One without any stays only where all contracts were asked for.
    """
    if contracts is None and zone is None:
        return place
    parcel_zone = {row["parcel_id"]: row["zone_id"] for row in place.parcels}
    kept = [
        row
        for row in place.contracts
        if contracts is None or row["contract_id"] in contracts
        if zone is None or _is_in(row, zone, parcel_zone)
    ]
    of_kept = {name for row in kept for name in parcels_of(row)}
    of_any = {name for row in place.contracts for name in parcels_of(row)}
    parcels = [
        row
        for row in place.parcels
        if row["parcel_id"] in of_kept
        or (
            contracts is None
            and row["parcel_id"] not in of_any
            and (zone is None or row["zone_id"] == zone)
        )
    ]
    zones = [row for row in place.zones if zone is None or row["zone_id"] == zone]
    return replace(place, contracts=kept, parcels=parcels, zones=zones)


def parcels_of(contract: Mapping[str, Any]) -> list[str]:
    """Return the parcels that a contract names."""
    named = (name.strip() for name in (contract["parcel_id"] or "").split(";"))
    return [name for name in named if name]


def _is_in(contract: Mapping[str, Any], zone: str, parcel_zone: Mapping[str, Any]) -> bool:
    """Tell whether a contract is told to be in a park, or untold lies on a parcel of it."""
    if contract["zone_id"]:
        return bool(contract["zone_id"] == zone)
    return any(parcel_zone.get(name) == zone for name in parcels_of(contract))
