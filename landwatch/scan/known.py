"""What a store knew at a moment, as a scan needs it: every row, and where parcels lie."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from landwatch.geo.overlay import locate_parcels
from landwatch.language.columns import Kind
from landwatch.scan.dossier import Ledger
from landwatch.scan.told_rows import all_tell
from landwatch.store import MirroredRows, Store

if TYPE_CHECKING:
    import pyarrow as pa

_WITH_SHAPES = (Kind.PARCELS, Kind.ZONES)
_PLACED = ("parcel_id", "zone_id")


def ledger_at(store: Store, known_at: datetime | None) -> Ledger:
    """Return what the store knew at a moment (None: now), with the place of every parcel.

    The rows of a large store are read from its mirror, column by column as they are wanted; its
    outlines only where a parcel names no zone.
    """
    mirrored = store.mirrored(known_at)
    if mirrored is not None:
        return Ledger(dict(mirrored), _located(store, known_at, mirrored[Kind.PARCELS]))
    records: dict[Kind, pa.Table] = {
        kind: store.columns(kind, known_at=known_at, geometry=kind in _WITH_SHAPES) for kind in Kind
    }
    located = locate_parcels(records[Kind.PARCELS], records[Kind.ZONES])
    for kind in _WITH_SHAPES:
        records[kind] = records[kind].drop_columns(["geometry"])
    return Ledger(dict(records), located)


def _located(store: Store, known_at: datetime | None, parcels: MirroredRows) -> pa.Table | None:
    """Return the zone of parcels by their place; None where each row names its zone."""
    if all(all_tell(parcels, name) for name in _PLACED):
        return None
    parcels_told, zones = (
        store.columns(kind, known_at=known_at, only=_PLACED, geometry=True) for kind in _WITH_SHAPES
    )
    return locate_parcels(parcels_told, zones)
