"""Rows come in once, whole or not at all, and are never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shapely

from landwatch.errors import StoreError
from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.store import Store, open_store


def told(store: Store, kind: Kind = Kind.CONTRACTS, **wanted: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = store.columns(kind, **wanted).to_pylist()
    return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]


def test_what_was_told_comes_back_with_its_row(store: Store, ledger: Any) -> None:
    receipt = ledger.take_in(
        store,
        [
            ledger.contract("C1", 5, holder="兰州某公司", price_wan=Decimal("1234.5678")),
            ledger.contract("C2", 6, signed_on=date(2020, 2, 29), instrument="grant"),
        ],
    )
    assert (receipt.new, receipt.changed, receipt.unchanged, receipt.rows) == (2, 0, 0, 2)
    assert told(store) == [
        {
            "record_id": 1, "import_id": 1, "key": "C1", "row": 5, "contract_id": "C1",
            "holder": "兰州某公司", "price_wan": Decimal("1234.567800"),
        },
        {
            "record_id": 2, "import_id": 1, "key": "C2", "row": 6, "contract_id": "C2",
            "signed_on": date(2020, 2, 29), "instrument": "grant",
        },
    ]  # fmt: skip


def test_every_record_knows_its_source(store: Store, ledger: Any) -> None:
    record = Record(
        Kind.CONTRACTS, "C1", {"contract_id": "C1", "area_m2": Decimal(68507)}, "表1", 7,
        as_read={"合同编号": "C1", "面积（公顷）": "6.8507", "其他\n栏": "\"引号\""},
    )  # fmt: skip
    receipt = ledger.take_in(store, [record], name="二季度.xlsx")
    place = store.places(Kind.CONTRACTS, [1, 999])[1]
    assert (place.file_name, place.sheet, place.row) == ("二季度.xlsx", "表1", 7)
    assert (place.recorded_by, place.recorded_at) == ("张三", receipt.recorded_at)
    assert place.sha256 == receipt.source.sha256
    assert place.as_read == record.as_read
    assert set(store.places(Kind.CONTRACTS, [1, 999])) == {1}


def test_the_same_rows_again_change_nothing(store: Store, ledger: Any) -> None:
    rows = [ledger.contract(f"C{i}", i, price_wan=Decimal(i)) for i in range(5)]
    first = ledger.take_in(store, rows)
    before = told(store)
    again = ledger.take_in(store, rows)
    assert (again.import_id, again.new, again.unchanged) == (None, 0, 5)
    assert told(store) == before
    assert store.imports() == [first]


def test_a_later_row_supersedes_and_leaves_the_earlier_one(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [ledger.contract("C1", price_wan=Decimal(10))])
    second = ledger.take_in(store, [ledger.contract("C1", price_wan=Decimal(11))], name="b.xlsx")
    assert (second.new, second.changed) == (0, 1)
    assert [row["price_wan"] for row in told(store)] == [10, 11]
    back = ledger.take_in(store, [ledger.contract("C1", price_wan=Decimal(10))], name="c.xlsx")
    assert back.changed == 1, "what was told before the last word is told anew"


def test_only_the_last_row_of_a_key_decides_whether_a_row_is_new(store: Store, ledger: Any) -> None:
    rows = [ledger.contract("C1", i, price_wan=Decimal(p)) for i, p in enumerate((1, 1, 2, 2, 1))]
    receipt = ledger.take_in(store, rows)
    assert (receipt.new, receipt.changed, receipt.unchanged) == (1, 2, 2)
    assert [row["row"] for row in told(store)] == [0, 2, 4]


def test_clearing_is_told_too(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [ledger.contract("C1")])
    clearing = Record(
        Kind.CONTRACTS, "C1", {"contract_id": "C1"}, None, 3, frozenset({"price_wan", "holder"})
    )
    assert ledger.take_in(store, [clearing]).changed == 1
    assert told(store)[-1]["cleared"] == ";holder;price_wan;"
    assert ledger.take_in(store, [clearing]).unchanged == 1


def test_a_cell_that_could_not_be_read_is_kept_as_such(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [ledger.contract("C1")])
    values = {"contract_id": "C1"}
    plain = Record(Kind.CONTRACTS, "C1", values, None, 3)
    unread = Record(
        Kind.CONTRACTS, "C1", values, None, 3, unreadable=frozenset({"signed_on", "price_wan"})
    )
    assert ledger.take_in(store, [plain]).unchanged == 1
    assert ledger.take_in(store, [unread]).changed == 1, "not the same as a blank cell"
    assert ledger.take_in(store, [unread]).unchanged == 1
    assert [row.get("unreadable") for row in told(store)] == [None, ";price_wan;signed_on;"]
    strange = Record(Kind.CONTRACTS, "C1", values, None, 3, unreadable=frozenset({"nothing"}))
    with pytest.raises(ValueError, match="nothing"):
        ledger.take_in(store, [strange])


def test_an_exception_in_the_block_writes_nothing(store: Store, ledger: Any) -> None:
    with (
        pytest.raises(RuntimeError, match="half way"),
        store.import_rows(Kind.CONTRACTS, ledger.source(), recorded_by="张三") as writer,
    ):
        writer.add([ledger.contract("C1")])
        raise RuntimeError("half way")
    assert told(store) == []
    assert store.imports() == []
    assert store.latest_moment() is None


def test_a_number_that_no_column_holds_refuses_the_file_in_words(store: Store, ledger: Any) -> None:
    with pytest.raises(StoreError, match="Row 9, price_wan") as caught:
        ledger.take_in(store, [ledger.contract("C1", 9, price_wan=Decimal("1e12"))])
    assert "成交价格" in caught.value.in_words("zh")
    assert store.imports() == []


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Point(103, 36), "error.store_geometry_kind"),
        (shapely.Polygon([(0, 0), (1, float("inf")), (1, 1)]), "error.store_geometry_numbers"),
    ],
)
def test_a_shape_that_is_no_area_is_refused(
    store: Store, ledger: Any, shape: Any, code: str
) -> None:
    with pytest.raises(StoreError) as caught:
        ledger.take_in(store, [Record(Kind.PARCELS, "P1", {"geometry": shape}, None, 1)])
    assert caught.value.code == code


def test_a_value_of_the_wrong_type_is_a_bug_and_not_an_import(store: Store, ledger: Any) -> None:
    for wrong in (12.5, "12.5", True):
        with pytest.raises(TypeError, match="price_wan holds decimal"):
            ledger.take_in(store, [ledger.contract("C1", price_wan=wrong)])
    with pytest.raises(KeyError):
        ledger.take_in(store, [ledger.contract("C1", no_such_column="x")])


def test_the_same_file_is_known_again(store: Store, ledger: Any) -> None:
    receipt = ledger.take_in(store, [ledger.contract("C1")])
    assert store.find_import(Kind.CONTRACTS, receipt.source.sha256) == receipt
    assert store.find_import(Kind.PARCELS, receipt.source.sha256) is None
    assert store.find_import(Kind.CONTRACTS, "0" * 64) is None


def test_a_receipt_keeps_its_note(store: Store, ledger: Any) -> None:
    note = {"unmapped": ["备用列"], "refused": 3, "encoding": "gb18030"}
    with store.import_rows(
        Kind.CONTRACTS, ledger.source(), recorded_by="李四", note=note
    ) as writer:
        writer.add([ledger.contract("C1")])
    assert writer.receipt.note == note
    assert store.imports() == [writer.receipt]


def test_what_was_known_at_a_moment_can_be_asked_for(store: Store, ledger: Any) -> None:
    first = ledger.take_in(store, [ledger.contract("C1", price_wan=Decimal(10))])
    known = store.latest_moment()
    assert known == first.recorded_at
    ledger.take_in(store, [ledger.contract("C1", price_wan=Decimal(11))], name="b.xlsx")
    assert [row["price_wan"] for row in told(store, known_at=known)] == [10]
    assert [row["price_wan"] for row in told(store)] == [10, 11]
    assert told(store, known_at=known - timedelta(microseconds=1)) == []


def test_time_never_runs_backwards_in_a_store(store: Store, ledger: Any) -> None:
    ahead = datetime(2099, 1, 1, 8, tzinfo=UTC)  # a computer whose clock was wrong
    with store.import_rows(
        Kind.CONTRACTS, ledger.source(), recorded_by="张三", recorded_at=ahead
    ) as writer:
        writer.add([ledger.contract("C1")])
    later = ledger.take_in(store, [ledger.contract("C2")], name="b.xlsx")
    assert later.recorded_at == ahead + timedelta(microseconds=1)
    assert store.latest_moment() == later.recorded_at


def test_a_moment_without_its_zone_is_refused(store: Store, ledger: Any) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (the point of the test)
    with (
        pytest.raises(ValueError, match="time zone"),
        store.import_rows(
            Kind.CONTRACTS, ledger.source(), recorded_by="张三", recorded_at=naive
        ) as writer,
    ):
        writer.add([ledger.contract("C1")])
    assert store.imports() == []


def test_only_the_asked_keys_come_back(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [ledger.contract(f"C{i}'\"\\", i) for i in range(4)])
    assert [row["row"] for row in told(store, keys=["C1'\"\\", "C3'\"\\", "none"])] == [1, 3]
    assert told(store, keys=[]) == []
    assert store.known_keys(Kind.CONTRACTS) == {f"C{i}'\"\\" for i in range(4)}


def test_a_store_opened_anew_tells_the_same(store: Store, ledger: Any) -> None:
    ledger.take_in(store, [ledger.contract("C1", holder="甲")])
    assert told(open_store(store.url)) == told(store)


def test_an_empty_store_answers_with_empty_columns(store: Store) -> None:
    for kind in Kind:
        table = store.columns(kind, geometry=True)
        assert table.num_rows == 0
        assert table.column_names[:4] == ["record_id", "import_id", "key", "row"]
        assert table.column_names[-2:] == ["cleared", "unreadable"]
