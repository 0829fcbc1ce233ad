"""A policy speaks only where a person has adopted it, and until a person drops it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from landwatch.lawbook.shelf import shelf
from tests.commands.conftest import CONTRACT, Door

LANZHOU = "lanzhou-2012-148"


def adopted(door: Door) -> dict[str, list[str]]:
    """Return where each policy is adopted, as a machine reads it."""
    listed: list[dict[str, Any]] = json.loads(door.does("policy", "list", "--json").out)
    assert {one["id"] for one in listed} == set(shelf())
    return {one["id"]: one["adopted_for"] for one in listed if one["adopted_for"]}


@pytest.fixture
def parks(ready: Door) -> Door:
    """Three contracts: one in each of two parks and one in none."""
    zones = [{"zone_id": zone, "name": zone, "level": "county"} for zone in ("Z1", "Z2")]
    ready.takes("zones", Path("zones.csv"), zones)
    rows = [{**CONTRACT, "contract_id": f"C{n}", "zone_id": zone}
            for n, zone in enumerate(("Z1", "Z2", ""), start=1)]  # fmt: skip
    ready.takes("contracts", Path("contracts.csv"), rows)
    return ready


def spoken_of(door: Door) -> set[str]:
    """Return the contracts that Lanzhou's policy speaks of in a scan of now."""
    door.does("scan", "--as-of", "2021-08-01")
    found = [row for row in door.findings() if row["rule"] == "LZ.PRODUCE"]
    quiet = [row for row in found if row["status"] == "not_applicable"]
    assert {row["reason"] for row in quiet} <= {"not_adopted"}
    return {row["contract_id"] for row in found if row not in quiet}


def test_a_policy_speaks_in_the_zones_it_is_adopted_for(parks: Door) -> None:
    assert spoken_of(parks) == set()
    parks.does("policy", "adopt", LANZHOU, "--zone", "Z1")
    assert adopted(parks)[LANZHOU] == ["Z1"]
    assert spoken_of(parks) == {"C1"}
    parks.does("policy", "adopt", LANZHOU, "--zone", "Z2")
    assert adopted(parks)[LANZHOU] == ["Z1", "Z2"]
    assert spoken_of(parks) == {"C1", "C2"}
    parks.does("policy", "drop", LANZHOU, "--zone", "Z1")
    assert spoken_of(parks) == {"C2"}
    parks.does("policy", "adopt", LANZHOU)
    assert spoken_of(parks) == {"C1", "C2", "C3"}


def test_init_adopts_two_and_none_that_a_person_has_dropped(ready: Door) -> None:
    assert adopted(ready) == {"order-53-2012": ["*"], "grant-contract": ["*"]}
    ready.does("init")
    assert adopted(ready) == {"order-53-2012": ["*"], "grant-contract": ["*"]}
    ready.does("policy", "drop", "grant-contract")
    ready.does("init")
    assert adopted(ready) == {"order-53-2012": ["*"]}
    ready.does("policy", "adopt", "grant-contract")
    assert set(adopted(ready)) == {"order-53-2012", "grant-contract"}


def test_adopting_or_dropping_twice_is_no_trouble_and_says_so(ready: Door) -> None:
    before = ready.store.read_bytes()
    assert "此前已采用" in ready.does("policy", "adopt", "grant-contract").err
    ready.does("policy", "drop", LANZHOU)
    assert ready.store.read_bytes() == before


@pytest.mark.parametrize("policy_id", shelf())
def test_a_policy_can_be_read_with_its_rules_and_clauses(door: Door, policy_id: str) -> None:
    policy = shelf()[policy_id]
    for lang, title in (("zh", policy.title.zh), ("en", policy.title.en)):
        shown = "".join(door.does("policy", "show", policy_id, "--lang", lang).out.split())
        assert "".join(title.split()) in shown
        for rule in policy.rules:
            assert rule.code in shown
