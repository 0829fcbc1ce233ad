"""What a store holds of the ground, handed as plain data to those who judge a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.ledger import Granted, Ground, KnownParcel
    from landwatch.ledger.ground import Box
    from landwatch.store import Store

_AT_ONCE = 5000
_GRANTING = ("parcel_id", "area_m2", "area_mu")


def ground_of(store: Store) -> Ground:
    """Return what the store holds of the ground; nothing is read before it is asked for."""
    from landwatch.ledger import Ground

    kept = StoredGround(store)
    return Ground(kept.within, kept.named, kept.zones, kept.granted)


class StoredGround:
    """Parcels, zones and grants of a store, as they stand now, a few thousand at a time."""

    def __init__(self, store: Store) -> None:
        """Name the store; nothing is read yet."""
        self._store = store

    def within(self, box: Box) -> Iterator[KnownParcel]:
        """Yield the parcels that have an outline and of which one ever told may lie in a box."""
        return self.named(self._store.keys_within(Kind.PARCELS, box))

    def named(self, parcels: Collection[str]) -> Iterator[KnownParcel]:
        """Yield the parcels of some ids that the ledger holds."""
        from landwatch.geo.told import told_now
        from landwatch.ledger import KnownParcel

        every = sorted(parcels)
        for start in range(0, len(every), _AT_ONCE):
            keys = every[start : start + _AT_ONCE]
            table = self._store.columns(Kind.PARCELS, keys=keys, only=("zone_id",), geometry=True)
            zones, outlines = told_now(table, "key", "zone_id"), told_now(table, "key", "geometry")
            for parcel, outline in outlines.items():
                yield KnownParcel(parcel, zones[parcel], outline)

    def zones(self) -> Mapping[str, bytes | None]:
        """Return the outline of every zone, None of one that has none."""
        from landwatch.geo.told import told_now

        table = self._store.columns(Kind.ZONES, only=(), geometry=True)
        return told_now(table, "key", "geometry")

    def granted(self, parcels: Collection[str]) -> list[Granted]:
        """Return what the contracts granted that name one of some parcels, each contract once."""
        if not self._grants:
            return []
        found = (grant for parcel in parcels for grant in self._grants.get(parcel, ()))
        return list({grant.contract_id: grant for grant in found}.values())

    @cached_property
    def _grants(self) -> Mapping[str, list[Granted]]:
        by_parcel: dict[str, list[Granted]] = {}
        for grant in grants(self._store.columns(Kind.CONTRACTS, only=_GRANTING)):
            for parcel in grant.parcels:
                by_parcel.setdefault(parcel, []).append(grant)
        return by_parcel


def grants(contracts: pa.Table) -> Iterator[Granted]:
    """Yield what each contract grants now that names parcels and tells an area."""
    from landwatch.geo.told import told_now
    from landwatch.ledger import Granted, granted_m2, named_parcels

    parcels, in_m2, in_mu = (told_now(contracts, "key", name) for name in _GRANTING)
    for contract, told in parcels.items():
        area = granted_m2(in_m2[contract], in_mu[contract])
        if area is not None and (named := named_parcels(told)):
            yield Granted(contract, named, area)
