"""Who is in charge: acts are only added, the last of a person and a place stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from landwatch.store import Charge, Store, create_store

WANG = Charge("王工", "wang@example.org", "Z1", None)
LI = Charge("李主任", None, None, "6201")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return create_store(str(tmp_path / "store.gpkg"))


def test_a_charge_holds_until_it_is_ended_and_both_acts_stay(store: Store) -> None:
    assert store.charges.assign(WANG, by="张三")
    assert not store.charges.assign(WANG, by="张三"), "just that holds already"
    assert store.charges.assign(LI, by="张三")
    assert store.charges.in_force() == [LI, WANG]
    before: datetime = store.charges.acts()[-1].recorded_at
    assert store.charges.end("王工", zone_id="Z1", by="张三")
    assert not store.charges.end("王工", by="张三")
    assert store.charges.in_force() == [LI]
    assert store.charges.in_force(before) == [LI, WANG]
    told = [(act.act, act.person, act.recorded_by) for act in store.charges.acts()]
    assert told == [
        ("assign", "王工", "张三"),
        ("assign", "李主任", "张三"),
        ("end", "王工", "张三"),
    ]


def test_another_address_stands_in_place_of_the_first(store: Store) -> None:
    store.charges.assign(WANG, by="张三")
    other = Charge("王工", "new@example.org", "Z1", None)
    assert store.charges.assign(other, by="张三")
    assert store.charges.in_force() == [other]


def test_ending_without_a_place_ends_all_of_a_person_and_nobody_elses(store: Store) -> None:
    for charge in (WANG, Charge("王工", None, None, "62"), LI):
        store.charges.assign(charge, by="张三")
    assert not store.charges.end("王工", zone_id="Z2", by="张三")
    assert store.charges.end("王工", by="张三")
    assert store.charges.in_force() == [LI]


@pytest.mark.parametrize(
    ("charge", "zone", "adcode", "covered"),
    [
        (WANG, "Z1", None, True),
        (WANG, "Z2", "620102", False),
        (WANG, None, None, False),
        (LI, "Z9", "620102", True),
        (LI, None, "620100", True),
        (LI, None, "630102", False),
        (LI, "Z1", None, False),
    ],
)
def test_a_charge_covers_its_park_or_what_lies_in_its_division(
    charge: Charge, zone: str | None, adcode: str | None, covered: bool
) -> None:
    assert charge.covers(zone, adcode) is covered
