"""An import is taken back without being erased, and what another import told too stays known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import Store, create_store


def prices(store: Store, **wanted: Any) -> list[Any]:
    table = store.columns(Kind.CONTRACTS, **wanted)
    return list(
        zip(table.column("key").to_pylist(), table.column("price_wan").to_pylist(), strict=True)
    )


def priced(ledger: Any, key: str, price: int, row: int = 2) -> Record:
    record: Record = ledger.contract(key, row, price_wan=Decimal(price))
    return record


def test_rows_of_an_import_taken_back_are_no_longer_known(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [priced(ledger, "C1", 10)])
    second = ledger.take_in(store, [priced(ledger, "C1", 11), priced(ledger, "C2", 5)], name="b")
    assert store.withdraw(second.import_id, by="李四", reason="发错了文件")
    assert prices(store) == [("C1", 10)]
    assert store.known_keys(Kind.CONTRACTS) == {"C1"}
    assert store.imports()[1] == second, "the import itself is kept"
    back = store.withdrawn_imports()[second.import_id]
    assert (back.recorded_by, back.reason) == ("李四", "发错了文件")
    assert store.latest_moment() == back.recorded_at > second.recorded_at


def test_what_was_known_before_the_withdrawal_can_still_be_asked_for(
    store: Store, ledger: Any
) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10)])
    before = store.latest_moment()
    store.withdraw(first.import_id, by="李四")
    after = store.latest_moment()
    assert prices(store, known_at=before) == [("C1", 10)]
    assert store.known_keys(Kind.CONTRACTS, known_at=before) == {"C1"}
    assert store.withdrawn_imports(before) == {}
    assert prices(store, known_at=after) == prices(store) == []
    assert after is not None
    assert prices(store, known_at=after - timedelta(microseconds=1)) == [("C1", 10)]


def test_taking_back_twice_records_nothing_more(store: Store, ledger: Any) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10)])
    assert store.withdraw(first.import_id, by="李四")
    moment = store.latest_moment()
    assert not store.withdraw(first.import_id, by="王五")
    assert store.latest_moment() == moment


def test_an_import_that_is_not_there_is_named_in_words(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [priced(ledger, "C1", 10)])
    for ask in (store.reach_of, lambda number: store.withdraw(number, by="李四")):
        with pytest.raises(UnknownNameError) as refused:
            ask(7)
        assert "7" in refused.value.in_words("zh")


def test_a_file_taken_back_can_be_taken_in_again(store: Store, ledger: Any) -> None:
    rows = [priced(ledger, "C1", 10), priced(ledger, "C2", 20)]
    first = ledger.take_in(store, rows)
    store.withdraw(first.import_id, by="李四")
    assert store.find_import(Kind.CONTRACTS, first.source.sha256) is None
    again = ledger.take_in(store, rows)
    assert (again.new, again.changed, again.unchanged) == (2, 0, 0)
    assert prices(store) == [("C1", 10), ("C2", 20)]


def test_a_row_that_another_import_told_again_stays_known_from_there(
    store: Store, ledger: Any
) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10, 5), priced(ledger, "C2", 20, 6)])
    again = ledger.take_in(store, [priced(ledger, "C2", 20, 9)], name="三月.xlsx")
    assert (again.import_id, again.new, again.unchanged) == (2, 0, 1)
    before = store.latest_moment()
    reach = store.reach_of(first.import_id)
    assert (reach.hidden, reach.kept, reach.gone, reach.back) == (1, 1, ("C1",), ())
    store.withdraw(first.import_id, by="李四")
    assert prices(store) == [("C2", 20)]
    place = store.places(Kind.CONTRACTS, [2])[2]
    assert (place.file_name, place.sheet, place.row) == ("三月.xlsx", "供地", 9)
    assert (place.import_id, place.recorded_at) == (2, again.recorded_at)
    earlier = store.places(Kind.CONTRACTS, [2], known_at=before)[2]
    assert (earlier.file_name, earlier.row) == ("台账.xlsx", 6)
    store.withdraw(again.import_id, by="李四")
    assert prices(store) == []


def test_taking_back_the_import_that_only_told_again_changes_nothing(
    store: Store, ledger: Any
) -> None:
    ledger.take_in(store, [priced(ledger, "C1", 10)])
    again = ledger.take_in(store, [priced(ledger, "C1", 10)], name="三月.xlsx")
    assert store.reach_of(again.import_id).hidden == 0
    store.withdraw(again.import_id, by="李四")
    assert prices(store) == [("C1", 10)]


def test_a_row_told_between_keeps_its_place_in_the_order(store: Store, ledger: Any) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10)])
    ledger.take_in(store, [priced(ledger, "C1", 10)], name="二月.xlsx")
    ledger.take_in(store, [priced(ledger, "C1", 12)], name="三月.xlsx")
    store.withdraw(first.import_id, by="李四")
    assert prices(store) == [("C1", 10), ("C1", 12)], "the last word is still the last"
    assert store.reach_of(3).back == ("C1",)


def test_an_import_that_stands_again_stands_where_it_stood(store: Store, ledger: Any) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10)])
    ledger.take_in(store, [priced(ledger, "C1", 12)], name="b")
    store.withdraw(first.import_id, by="李四")
    away = store.latest_moment()
    assert store.restore(first.import_id, by="李四")
    assert prices(store) == [("C1", 10), ("C1", 12)], "and does not speak over what came later"
    assert prices(store, known_at=away) == [("C1", 12)]
    assert store.withdrawn_imports() == {}
    assert set(store.withdrawn_imports(away)) == {first.import_id}
    assert not store.restore(first.import_id, by="李四")
    assert store.withdraw(first.import_id, by="王五")
    assert prices(store) == [("C1", 12)]


def test_what_is_told_while_a_later_row_is_away_is_told_anew(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [priced(ledger, "C1", 10)])
    second = ledger.take_in(store, [priced(ledger, "C1", 11)], name="b")
    store.withdraw(second.import_id, by="李四")
    third = ledger.take_in(store, [priced(ledger, "C1", 10)], name="c")
    assert (third.new, third.changed, third.unchanged) == (0, 1, 0)
    store.restore(second.import_id, by="李四")
    assert [price for _, price in prices(store)] == [10, 11, 10]


def test_a_file_told_again_stands_for_what_another_file_told_meanwhile(
    store: Store, ledger: Any
) -> None:
    ledger.take_in(store, [priced(ledger, "C1", 10)], name="a")
    ledger.take_in(store, [priced(ledger, "C1", 12)], name="b")
    third = ledger.take_in(store, [priced(ledger, "C1", 10)], name="c")
    again = ledger.take_in(store, [priced(ledger, "C1", 10)], name="a")
    assert again.import_id == 4
    store.withdraw(third.import_id, by="李四")
    assert [price for _, price in prices(store)][-1] == 10


def test_signs_that_are_no_characters_do_not_stop_a_withdrawal(store: Store, ledger: Any) -> None:
    first = ledger.take_in(store, [priced(ledger, "C1", 10)])
    assert store.withdraw(first.import_id, by="李\udcff四", reason="\ud800 \0")
    assert store.withdrawn_imports()[first.import_id].reason.startswith("\ufffd")


Act = tuple[str, Any]
FILES = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 3)), min_size=1, max_size=4)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("file"), FILES),
            st.tuples(st.just("undo"), st.integers(0, 6)),
            st.tuples(st.just("redo"), st.integers(0, 6)),
        ),
        min_size=1,
        max_size=10,
    )
)
@example(acts=[("file", [("A", 1)]), ("file", [("A", 1)]), ("undo", 0)])
@example(
    acts=[("file", [("A", 2)]), ("file", [("A", 1)]), ("undo", 1), ("file", [("A", 2)]),
          ("redo", 1)]
)  # fmt: skip
def test_the_ledger_is_always_the_replay_of_the_imports_that_stand(
    tmp_path_factory: pytest.TempPathFactory, acts: Sequence[Act]
) -> None:
    store = create_store(str(tmp_path_factory.mktemp("s") / "a.gpkg"))
    files: dict[int, list[tuple[str, int]]] = {}
    away: set[int] = set()
    for number, (act, what) in enumerate(acts):
        if act == "file":
            files[_taken_in(store, number, what)] = what
        elif what < len(files):
            chosen = sorted(files)[what]
            if act == "undo":
                assert store.withdraw(chosen, by="李四") is (chosen not in away)
                away.add(chosen)
            else:
                assert store.restore(chosen, by="李四") is (chosen in away)
                away.discard(chosen)
        standing = {
            key: price for one in sorted(files) if one not in away for key, price in files[one]
        }
        assert dict(prices(store)) == standing
        assert store.known_keys(Kind.CONTRACTS) == set(standing)


def _taken_in(store: Store, number: int, rows: list[tuple[str, int]]) -> int:
    source = SourceFile(f"{number}.xlsx", f"{number:064}", 1)
    with store.import_rows(Kind.CONTRACTS, source, recorded_by="张三") as writer:
        writer.add(
            [
                Record(
                    Kind.CONTRACTS, key, {"contract_id": key, "price_wan": Decimal(price)}, None, at
                )
                for at, (key, price) in enumerate(rows)
            ]
        )
    assert writer.receipt.import_id is not None
    return writer.receipt.import_id
