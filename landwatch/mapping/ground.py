"""What a page stands on: contracts, parcels and parks as a scan knew them, with their outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landwatch.language.columns import Kind
from landwatch.mapping.data import ZoneOutline
from landwatch.scan.findings import reading_of
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from landwatch.scan.reading import Reading


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page stands on: contracts, parcels and parks as the ledger had them."""

    contracts: list[dict[str, Any]]
    parcels: list[dict[str, Any]]
    zones: list[dict[str, Any]]


def ground(store: Store, scan: ScanSummary) -> Ground:
    """Return the contracts, parcels and parks that a scan knew."""
    with reading_of(store, scan) as reading:
        return ground_in(reading)


def ground_in(reading: Reading) -> Ground:
    """Return the contracts, parcels and parks of dossiers that are open."""
    return Ground(reading.contracts(), reading.parcels(), reading.zones())


def parcel_outlines(store: Store, scan: ScanSummary) -> dict[str, BaseGeometry]:
    """Return the outline of each parcel as the scan knew it (EPSG:4490)."""
    return _outlines(store, Kind.PARCELS, "parcel_id", scan)


def _outlines(store: Store, kind: Kind, key: str, scan: ScanSummary) -> dict[str, BaseGeometry]:
    """Return the latest told outline of each parcel or zone that the scan knew."""
    import shapely

    table = store.columns(kind, known_at=scan.known_at, geometry=True)
    latest = {
        name: shape
        for name, shape in zip(
            table.column(key).to_pylist(), table.column("geometry").to_pylist(), strict=True
        )
        if shape is not None
    }
    shapes = shapely.from_wkb(list(latest.values())) if latest else []
    return dict(zip(latest, shapes, strict=True))


def zone_outlines(
    store: Store, zones: Sequence[Mapping[str, Any]], scan: ScanSummary
) -> list[ZoneOutline]:
    """Return the parks with the outlines that a scan knew."""
    shapes = _outlines(store, Kind.ZONES, "zone_id", scan)
    return [
        ZoneOutline(
            zone_id=zone["zone_id"],
            name=zone["name"] or zone["zone_id"],
            level=zone["level"] or "",
            geometry=shapes.get(zone["zone_id"]),
        )
        for zone in zones
    ]
