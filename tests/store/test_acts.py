"""Adoptions and scans are acts: added one after another, and any past state can be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.errors import UnknownNameError
from landwatch.store import ScanSummary, Scope, Store

NOW = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
SUMMARY = ScanSummary(
    scan_id=None,
    as_of=date(2026, 3, 1),
    known_at=NOW - timedelta(hours=1),
    made_at=NOW,
    made_by="张三",
    landwatch_version="0.1.0",
    policies={"order-53-2012": "ab12", "自定政策": "cd34"},
    counts={"O53.A1": {"breach": 2, "unknown": 5}, "GC.START": {}},
    contracts=7,
)


def held(store: Store, known_at: datetime | None = None) -> list[tuple[str, str | None]]:
    return [(a.policy_id, a.scope.zone_id) for a in store.adoptions(known_at)]


def test_a_policy_holds_where_it_was_adopted(store: Store) -> None:
    assert store.adoptions() == []
    assert store.adopt("lanzhou-2012-148", Scope("LZ-1"), by="张三")
    assert store.adopt("lanzhou-2012-148", Scope("LZ-2"), by="李四")
    assert store.adopt("order-53-2012", None, by="张三")
    assert held(store) == [
        ("lanzhou-2012-148", "LZ-1"), ("lanzhou-2012-148", "LZ-2"), ("order-53-2012", None)
    ]  # fmt: skip
    assert [adoption.adopted_by for adoption in store.adoptions()] == ["张三", "李四", "张三"]


def test_adopting_twice_or_dropping_what_is_not_adopted_records_nothing(store: Store) -> None:
    store.adopt("p", Scope("Z1"), by="张三")
    before, moment = store.adoptions(), store.latest_moment()
    assert not store.adopt("p", Scope("Z1"), by="李四")
    assert not store.drop("p", Scope("Z2"), by="李四")
    assert not store.drop("q", None, by="李四")
    assert (store.adoptions(), store.latest_moment()) == (before, moment)


def test_dropping_without_a_zone_drops_all_of_a_policy(store: Store) -> None:
    for policy, zone in (("p", None), ("p", "Z1"), ("q", "Z1"), ("p", "Z2")):
        store.adopt(policy, Scope(zone), by="张三")
    assert store.drop("p", Scope("Z1"), by="张三")
    assert held(store) == [("p", None), ("q", "Z1"), ("p", "Z2")]
    assert store.drop("p", None, by="张三")
    assert held(store) == [("q", "Z1")]


def test_what_was_adopted_at_a_past_moment_can_be_asked_for(store: Store) -> None:
    moments = [NOW + timedelta(days=day) for day in range(4)]
    store.adopt("p", None, by="张三", at=moments[0])
    store.drop("p", None, by="张三", at=moments[1])
    store.adopt("p", None, by="李四", at=moments[2])
    assert [held(store, moment) for moment in moments] == [
        [("p", None)], [], [("p", None)], [("p", None)]
    ]  # fmt: skip
    assert held(store, NOW - timedelta(seconds=1)) == []
    assert store.adoptions(moments[3])[0].adopted_at == moments[2]


acts = st.tuples(
    st.sampled_from(["adopt", "drop"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from([None, "Z1", "Z2"]),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=8))
def test_every_moment_of_any_history_can_be_asked_for(
    store: Store, history: list[tuple[str, str, str | None]]
) -> None:
    for policy in ("p", "q"):
        store.drop(policy, None, by="前一例")
    expected: list[tuple[str, str | None]] = []
    remembered = []
    for act, policy, zone in history:
        if act == "adopt":
            changed = store.adopt(policy, Scope(zone), by="张三")
            assert changed is ((policy, zone) not in expected)
            expected = [*expected, (policy, zone)] if changed else expected
        else:
            store.drop(policy, Scope(zone), by="张三")
            expected = [(p, z) for p, z in expected if p != policy or zone not in (None, z)]
        remembered.append((store.latest_moment(), list(expected)))
    assert held(store) == expected
    for moment, state in remembered:
        assert moment is None or held(store, moment) == state


def test_a_scan_is_kept_with_its_parts_in_order(store: Store) -> None:
    parts = [b"PAR1" + bytes([i]) * 1000 for i in range(5)]
    scan_id = store.save_scan(SUMMARY, iter(parts))
    assert list(store.scan_parts(scan_id)) == parts
    assert store.scan(scan_id) == store.scan() == replace(SUMMARY, scan_id=scan_id)


def test_the_latest_scan_is_the_last_one_made(store: Store) -> None:
    assert store.scan() is None
    assert store.scans() == []
    first = store.save_scan(SUMMARY, [b"1"])
    second = store.save_scan(replace(SUMMARY, as_of=date(2020, 1, 1), counts={}), [])
    latest = store.scan()
    assert latest is not None
    assert (latest.scan_id, latest.as_of) == (second, date(2020, 1, 1))
    assert [scan.scan_id for scan in store.scans()] == [first, second]
    assert list(store.scan_parts(first)) == [b"1"]
    assert list(store.scan_parts(second)) == []


def test_a_scan_that_is_not_there_is_named(store: Store) -> None:
    store.save_scan(SUMMARY, [])
    with pytest.raises(UnknownNameError, match="no scan named “99”") as caught:
        store.scan(99)
    assert "没有名为「99」的核对" in caught.value.in_words("zh")


def test_a_scan_that_breaks_off_is_not_kept(store: Store) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"1"
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        store.save_scan(SUMMARY, breaking())
    assert store.scans() == []


def test_parts_may_be_read_while_the_store_is_written(store: Store, ledger: Any) -> None:
    scan_id = store.save_scan(SUMMARY, [b"1", b"2"])
    parts = store.scan_parts(scan_id)
    assert next(parts) == b"1"
    ledger.take_in(store, [ledger.contract("C1")])
    assert list(parts) == [b"2"]
