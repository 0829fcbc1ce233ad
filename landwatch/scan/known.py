"""What a store knew at a moment, as a scan needs it: every row, and where parcels lie."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from landwatch.geo.overlay import locate_parcels
from landwatch.language.columns import Kind
from landwatch.scan.dossier import Ledger
from landwatch.scan.told_rows import Told, all_tell
from landwatch.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_PLACED = ("parcel_id", "zone_id")


def ledger_at(store: Store, known_at: datetime | None) -> Ledger:
    """Return what the store knew at a moment (None: now), with the place of every parcel."""
    records = rows_at(store, known_at)
    return Ledger(records, places_at(store, known_at, records[Kind.PARCELS]))


def rows_at(store: Store, known_at: datetime | None) -> dict[Kind, Told]:
    """Return every row that the store knew at a moment, without outlines.

    The rows of a large store are read from its mirror, column by column as they are wanted.
    """
    mirrored = store.mirrored(known_at)
    if mirrored is not None:
        return dict(mirrored)
    return {kind: store.columns(kind, known_at=known_at) for kind in Kind}


def places_at(store: Store, known_at: datetime | None, parcels: Told) -> pa.Table | None:
    """Return the zone by place of the parcels that name none; None where each row names its own.

    Outlines are read only where some row does not.
    """
    if all(all_tell(parcels, name) for name in _PLACED):
        return None
    return places_of(store, known_at)


def places_of(
    store: Store, known_at: datetime | None, keys: Collection[str] | None = None
) -> pa.Table:
    """Return the zone by place of parcels that name none (None: of all); each by itself."""
    parcels, zones = (
        store.columns(kind, known_at=known_at, keys=some, only=_PLACED, geometry=True)
        for kind, some in ((Kind.PARCELS, keys), (Kind.ZONES, None))
    )
    return locate_parcels(parcels, zones)
