"""Scopes, days and texts of policies are kept as acts: who, when, and any past state again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from landwatch.store import EVERYWHERE, Brought, PolicyText, Scope, Store

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2022, 12, 31)
SCOPES = (
    EVERYWHERE,
    Scope(zone_id="Z1"),
    Scope(level="national"),
    Scope(division="6201"),
    Scope(zone_id="Z1", holds_from=FIRST_DAY, holds_to=LAST_DAY),
)
FIRST = PolicyText("own-city", "aaaa", "本市.yaml", "id: own-city # 一\n")
SECOND = PolicyText("own-city", "bbbb", "本市.yaml", "id: own-city # 二\n")


def held(store: Store, known_at: datetime | None = None) -> list[Scope]:
    return [adoption.scope for adoption in store.adoptions(known_at) if adoption.policy_id == "p"]


def test_each_kind_of_scope_comes_back_as_it_was_told(store: Store) -> None:
    for scope in SCOPES:
        assert store.adopt("p", scope, by="张三")
        assert not store.adopt("p", scope, by="李四")
    assert held(store) == list(SCOPES)


def test_dropping_a_place_ends_it_whatever_its_days_and_leaves_the_others(store: Store) -> None:
    for scope in SCOPES:
        store.adopt("p", scope, by="张三")
    assert not store.drop("p", Scope(division="62"), by="张三")
    assert store.drop("p", Scope(zone_id="Z1"), by="张三")
    assert held(store) == [EVERYWHERE, Scope(level="national"), Scope(division="6201")]
    assert store.drop("p", Scope(level="national"), by="张三")
    assert held(store) == [EVERYWHERE, Scope(division="6201")]
    assert store.drop("p", by="张三")
    assert held(store) == []


def test_rows_of_an_older_store_mean_what_they_meant(
    store: Store, engine: Callable[[str], sa.Engine]
) -> None:
    with engine(store.url).begin() as connection:
        for zone in (None, "Z1"):
            connection.execute(
                sa.text(
                    "INSERT INTO adoptions (act, policy_id, zone_id, recorded_at, recorded_by)"
                    " VALUES ('adopt', 'p', :zone, :at, '张三')"
                ).bindparams(sa.bindparam("at", NOW, sa.DateTime(timezone=True))),
                {"zone": zone},
            )
    assert held(store) == [EVERYWHERE, Scope(zone_id="Z1")]


def test_a_brought_text_stands_until_the_next_one_does(store: Store) -> None:
    assert store.bring(FIRST, by="张三") == Brought(text=True, adoption=True)
    moment = store.latest_moment()
    assert store.bring(FIRST, by="张三") == Brought(text=False, adoption=False)
    assert store.latest_moment() == moment
    assert store.bring(SECOND, Scope(level="county"), by="李四") == Brought(True, True)
    assert store.brought_texts() == {"own-city": SECOND}
    assert store.brought_texts(known_at=moment) == {"own-city": FIRST}
    assert store.bring(FIRST, by="王五") == Brought(text=True, adoption=False)
    assert store.brought_texts() == {"own-city": FIRST}


def test_a_new_text_is_a_new_moment_for_scans_to_know(store: Store) -> None:
    store.bring(FIRST, by="张三")
    before = store.latest_moment()
    store.bring(SECOND, by="张三")
    after = store.latest_moment()
    assert before is not None and after is not None and after > before


def test_a_text_that_a_scan_judged_by_is_kept_once_and_stands_for_nothing(store: Store) -> None:
    store.bring(FIRST, by="张三")
    moment = store.latest_moment()
    for _ in range(2):
        store.keep_policy_texts([FIRST, SECOND], by="扫描")
    assert store.policy_text("own-city", "bbbb") == SECOND.content
    assert store.policy_text("own-city", "cccc") is None
    assert store.policy_text("other", "bbbb") is None
    assert store.brought_texts() == {"own-city": FIRST}
    assert store.latest_moment() == moment
    assert [act.act for act in store.lawbook_acts()] == ["bring", "adopt"]


def test_every_act_tells_who_and_when(store: Store) -> None:
    scope = Scope(division="6201", holds_from=FIRST_DAY, holds_to=LAST_DAY)
    store.adopt("p", scope, by="张三", at=NOW)
    store.drop("p", Scope(division="6201"), by="李四", at=NOW + timedelta(days=1))
    store.bring(FIRST, by="王五", at=NOW + timedelta(days=2))
    told = [
        (a.act, a.policy_id, a.scope, a.recorded_by, a.recorded_at) for a in store.lawbook_acts()
    ]
    assert told == [
        ("adopt", "p", scope, "张三", NOW),
        ("drop", "p", Scope(division="6201"), "李四", NOW + timedelta(days=1)),
        ("bring", "own-city", None, "王五", NOW + timedelta(days=2)),
        ("adopt", "own-city", EVERYWHERE, "王五", NOW + timedelta(days=2)),
    ]
    assert [a.text for a in store.lawbook_acts() if a.text] == [FIRST]


@pytest.mark.parametrize("content", ["一" * 400_000, "'; DROP TABLE adoptions; --\t“”\n"], ids=len)
def test_a_text_comes_back_letter_for_letter(store: Store, content: str) -> None:
    store.bring(PolicyText("long", "dddd", "长.yaml", content), by="张三")
    assert store.policy_text("long", "dddd") == content
