"""Which keys were ever told an outline that may touch a box: none is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.store import Store


def parcel(key: str, west: float, row: int = 2) -> Record:
    drawn = shapely.multipolygons([shapely.box(west, 36, west + 0.01, 36.01)])
    return Record(Kind.PARCELS, key, {"parcel_id": key, "geometry": drawn}, None, row)


def take(ledger: Any, store: Store, records: Sequence[Record], name: str = "a.gpkg") -> None:
    ledger.take_in(store, records, name=name)


def test_a_box_finds_what_touches_it_and_no_more(store: Store, ledger: Any) -> None:
    undrawn = Record(Kind.PARCELS, "none", {"parcel_id": "none"}, None, 9)
    take(ledger, store, [parcel(f"P{at}", 104 + at / 10) for at in range(5)] + [undrawn])
    assert store.keys_within(Kind.PARCELS, (104.1, 35, 104.2, 37)) == {"P1", "P2"}
    assert store.keys_within(Kind.PARCELS, (104.11, 36, 104.12, 36.01)) == {"P1"}
    assert store.keys_within(Kind.PARCELS, (90, 35, 91, 37)) == set()
    assert store.keys_within(Kind.ZONES, (90, 35, 120, 37)) == set()


def test_an_outline_told_before_is_found_too(store: Store, ledger: Any) -> None:
    take(ledger, store, [parcel("P1", 104)])
    take(ledger, store, [parcel("P1", 110)], "b.gpkg")
    for west in (104, 110):
        assert store.keys_within(Kind.PARCELS, (west, 36, west + 0.01, 36.01)) == {"P1"}
