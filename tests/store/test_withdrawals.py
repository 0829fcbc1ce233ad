"""An import is taken back without being erased, and what another import told too stays known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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


class Remembered:
    """What a plain replay of the files that stand would know: the oracle of withdrawals."""

    def __init__(self) -> None:
        self.files: dict[int, list[tuple[str, int]]] = {}

    def latest(self) -> dict[str, int]:
        return {key: price for file in self.files.values() for key, price in file}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.one_of(
            st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 3)), min_size=1, max_size=4),
            st.integers(0, 6),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_the_ledger_is_always_the_replay_of_the_imports_that_stand(
    tmp_path_factory: pytest.TempPathFactory, acts: Sequence[list[tuple[str, int]] | int]
) -> None:
    store = create_store(str(tmp_path_factory.mktemp("s") / "a.gpkg"))
    remembered = Remembered()
    for number, act in enumerate(acts):
        if isinstance(act, int):
            imports = store.imports()
            if act < len(imports) and imports[act].import_id in remembered.files:
                taken = imports[act].import_id
                assert taken is not None
                store.withdraw(taken, by="李四")
                del remembered.files[taken]
        else:
            source = SourceFile(f"{number}.xlsx", f"{number:064}", 1)
            with store.import_rows(Kind.CONTRACTS, source, recorded_by="张三") as writer:
                writer.add(
                    [
                        Record(
                            Kind.CONTRACTS,
                            key,
                            {"contract_id": key, "price_wan": Decimal(price)},
                            None,
                            row,
                        )
                        for row, (key, price) in enumerate(act)
                    ]
                )
            assert writer.receipt.import_id is not None
            remembered.files[writer.receipt.import_id] = act
        assert dict(prices(store)) == remembered.latest()
