"""Expected rhythms are acts: the last one speaks, none is ever overwritten, past moments stay."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from landwatch.language.terms import Rhythm
from landwatch.store import Store

HOLDER, INSPECTION = "progress:holder_report", "progress:inspection"


def held(store: Store, known_at: datetime | None = None) -> list[tuple[str, str | None, str, int]]:
    return [
        (one.source, one.zone_id, str(one.rhythm), one.grace_days)
        for one in store.rhythms.in_force(known_at)
    ]


def test_nothing_is_expected_of_a_new_store(store: Store) -> None:
    assert store.rhythms.in_force() == []
    assert store.rhythms.acts() == []


def test_the_last_that_was_said_of_a_source_in_a_place_holds(store: Store) -> None:
    rhythms = store.rhythms
    assert rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="张三")
    assert rhythms.expect(HOLDER, "Z1", Rhythm.WEEKLY, 0, by="李四")
    assert rhythms.expect(HOLDER, None, Rhythm.QUARTERLY, 0, by="李四")
    assert held(store) == [(HOLDER, None, "quarterly", 0), (HOLDER, "Z1", "weekly", 0)]
    assert [act.recorded_by for act in rhythms.acts()] == ["张三", "李四", "李四"]
    assert [act.grace_days for act in rhythms.acts()] == [10, 0, 0]


def test_saying_the_same_again_records_nothing(store: Store) -> None:
    store.rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="张三")
    before, moment = store.rhythms.acts(), store.latest_moment()
    assert not store.rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="李四")
    assert not store.rhythms.drop(INSPECTION, by="李四")
    assert not store.rhythms.drop(HOLDER, "Z1", by="李四")
    assert (store.rhythms.acts(), store.latest_moment()) == (before, moment)


@pytest.mark.parametrize(("zone", "left"), [("Z1", [None]), (None, [])])
def test_dropping_without_a_zone_drops_all_of_a_source(
    store: Store, zone: str | None, left: list[str | None]
) -> None:
    store.rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="张三")
    store.rhythms.expect(HOLDER, "Z1", Rhythm.WEEKLY, 0, by="张三")
    store.rhythms.expect(INSPECTION, None, Rhythm.YEARLY, 0, by="张三")
    assert store.rhythms.drop(HOLDER, zone, by="张三")
    assert [zone_id for source, zone_id, *_ in held(store) if source == HOLDER] == left
    assert (INSPECTION, None, "yearly", 0) in held(store)


def test_a_past_moment_knows_what_was_expected_then(store: Store) -> None:
    store.rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="张三")
    then = store.latest_moment()
    assert then is not None
    store.rhythms.expect(HOLDER, None, Rhythm.WEEKLY, 0, by="张三")
    store.rhythms.drop(HOLDER, by="张三")
    assert held(store) == []
    assert held(store, then) == [(HOLDER, None, "monthly", 10)]
    assert len(store.rhythms.acts(then)) == 1


def test_what_is_expected_comes_after_all_that_was_known_whatever_the_clock(store: Store) -> None:
    ahead = datetime(2999, 1, 1, tzinfo=UTC)
    store.adopt("p", None, by="张三", at=ahead)
    store.rhythms.expect(HOLDER, None, Rhythm.MONTHLY, 10, by="张三")
    (act,) = store.rhythms.acts()
    assert act.recorded_at > ahead
    assert store.latest_moment() == act.recorded_at


def test_that_a_file_came_unchanged_is_an_act_too(store: Store) -> None:
    store.rhythms.received("contracts", by="张三")
    (act,) = store.rhythms.acts()
    assert (act.act, act.source, act.rhythm, act.grace_days) == (
        "received",
        "contracts",
        None,
        None,
    )
    assert store.rhythms.in_force() == []
