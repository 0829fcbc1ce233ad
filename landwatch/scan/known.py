"""What a store knew at a moment, as a scan needs it: every row, and where parcels lie."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from landwatch.geo.overlay import locate_parcels
from landwatch.language.columns import Kind
from landwatch.scan.dossier import Ledger
from landwatch.scan.finding_rows import parcels_in, telling, texts
from landwatch.scan.told_rows import Rows, Told, all_tell
from landwatch.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_PLACED = ("parcel_id", "zone_id")


def ledger_at(store: Store, known_at: datetime | None) -> Ledger:
    """Return what the store knew at a moment (None: now), with the place of every parcel."""
    records = rows_at(store, known_at)
    return Ledger(records, places_at(store, known_at, records))


def rows_at(store: Store, known_at: datetime | None) -> dict[Kind, Told]:
    """Return every row that the store knew at a moment, without outlines.

    The rows of a large store are read from its mirror, column by column as they are wanted.
    """
    mirrored = store.mirrored(known_at)
    if mirrored is not None:
        return dict(mirrored)
    return {kind: store.columns(kind, known_at=known_at) for kind in Kind}


def places_at(
    store: Store, known_at: datetime | None, records: Mapping[Kind, Told]
) -> pa.Table | None:
    """Return the zone by place of the parcels of which it is asked; None where of none.

    It is asked where a contract tells no zone, and a parcel that it names tells none either: of
    these alone outlines are read.
    """
    parcels = records[Kind.PARCELS]
    if all(all_tell(parcels, name) for name in _PLACED):
        return None
    return places_of(store, known_at, _asked_for(parcels, records[Kind.CONTRACTS]))


def _asked_for(parcels: Told, contracts: Told) -> set[str] | None:
    """Return the keys of the parcels whose zone is asked of their place; None of most of them."""
    own, lots = Rows(Kind.CONTRACTS, contracts), Rows(Kind.PARCELS, parcels)
    placeless = telling(own, ("key",), _lacking_zone(own))
    named = parcels_in(texts(own, "parcel_id", placeless))
    lying = texts(lots, "key", telling(lots, ("parcel_id",), named))
    found = lying & _lacking_zone(lots)
    return found if len(found) < len(lots) / 2 else None


def _lacking_zone(rows: Rows) -> set[str]:
    """Return the keys of which some row tells no zone."""
    return texts(rows, "key", np.asarray(rows.column("zone_id").is_null()))


def places_of(
    store: Store, known_at: datetime | None, keys: Collection[str] | None = None
) -> pa.Table:
    """Return the zone by place of parcels that name none (None: of all); each by itself."""
    parcels, zones = (
        store.columns(kind, known_at=known_at, keys=some, only=_PLACED, geometry=True)
        for kind, some in ((Kind.PARCELS, keys), (Kind.ZONES, None))
    )
    return locate_parcels(parcels, zones)
