"""What the store knew of a few contracts: the same dossiers as those of the whole ledger, quickly.

A report may name a contract by another of its numbers, where that number means no other contract:
so the contracts that tell one of these numbers are read too, and what lies where they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind
from landwatch.scan.dossier import Ledger
from landwatch.scan.known import places_of
from landwatch.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBERS = ("contract_no", "supervision_no")


def ledger_of(store: Store, known_at: datetime | None, contracts: Collection[str]) -> Ledger:
    """Return what the store knew at a moment of these contracts, and of all zones."""
    own = _contracts(store, known_at, contracts)
    numbers = _values(own, _NUMBERS)
    others = set().union(*(store.keys_telling(Kind.CONTRACTS, n, numbers) for n in _NUMBERS))
    others |= numbers
    if others - set(contracts):
        own = _contracts(store, known_at, others | set(contracts))
    named = numbers | set(contracts)
    records = {Kind.CONTRACTS: own}
    for kind in (Kind.PROGRESS, Kind.EVENTS):
        keys = store.keys_telling(kind, "contract_id", named)
        records[kind] = store.columns(kind, known_at=known_at, keys=keys)
    parcels = {
        name.strip() for names in _values(own, ["parcel_id"]) for name in names.split(";")
    } - {""}
    records[Kind.PARCELS] = store.columns(Kind.PARCELS, known_at=known_at, keys=parcels)
    records[Kind.ZONES] = store.columns(Kind.ZONES, known_at=known_at)
    located = places_of(store, known_at, parcels)
    return Ledger({kind: records[kind] for kind in Kind}, located)


def _contracts(store: Store, known_at: datetime | None, keys: Collection[str]) -> pa.Table:
    return store.columns(Kind.CONTRACTS, known_at=known_at, keys=keys)


def _values(table: pa.Table, names: Iterable[str]) -> set[str]:
    told: set[str] = set()
    for name in names:
        told.update(str(value) for value in table.column(name).unique().drop_null().to_pylist())
    return told
