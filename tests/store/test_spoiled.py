"""Cells that another program filled with what their column cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from landwatch.language.columns import Kind
from landwatch.store import create_store

FILE, SERVER = "geopackage", "postgis"
SPOILED = {
    FILE: (
        "price_wan = 'abc', area_m2 = 9e999, agreed_start_on = 'gestern', signed_on = 20200101",
        ";agreed_start_on;area_m2;price_wan;signed_on;",
    ),
    SERVER: (
        "price_wan = 'NaN', area_m2 = 'NaN', agreed_start_on = 'infinity',"
        " signed_on = '0044-03-15 BC'",
        ";agreed_start_on;area_m2;price_wan;signed_on;",
    ),
}


@pytest.fixture
def sort(store_url: str) -> str:
    return SERVER if "://" in store_url else FILE


def test_what_a_column_cannot_hold_is_unreadable_and_the_rest_is_read(
    store_url: str, sort: str, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    store = create_store(store_url)
    told: dict[str, Any] = {
        "price_wan": Decimal("12.5"), "area_m2": Decimal(100), "holder": "甲公司",
        "agreed_start_on": date(2020, 1, 1), "signed_on": date(2019, 1, 1),
    }  # fmt: skip
    ledger.take_in(store, [ledger.contract(key, **told) for key in ("a", "b", "c")])
    cells, names = SPOILED[sort]
    with engine(store_url).begin() as connection:
        connection.exec_driver_sql(f"UPDATE contracts SET {cells} WHERE record_key = 'b'")
    table = create_store(store_url).columns(Kind.CONTRACTS)
    assert table["unreadable"].to_pylist() == [None, names, None]
    for name, value in told.items():
        gone = name in names
        assert table[name].to_pylist() == [value, None if gone else value, value], name


def test_the_marks_that_a_row_had_stay(
    tmp_path: Path, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    url = str(tmp_path / "t.gpkg")
    store = create_store(url)
    ledger.take_in(store, [ledger.contract("a", price_wan=Decimal(1))])
    with engine(url).begin() as connection:
        connection.exec_driver_sql("UPDATE contracts SET price_wan = 'x', unreadable = ';holder;'")
    table = create_store(url).columns(Kind.CONTRACTS)
    assert table["unreadable"].to_pylist() == [";holder;price_wan;"]
    assert table["price_wan"].type == pa.decimal128(18, 6)


@pytest.mark.parametrize(
    ("number", "held"),
    [
        ("999999999999.999", Decimal("999999999999.999")),
        ("-999999999999.999", Decimal("-999999999999.999")),
        ("1000000000000.0", None),
        ("1e15", None),
        ("-1e300", None),
    ],
)
def test_a_number_of_more_digits_than_a_ledger_holds_is_unreadable(
    number: str, held: Decimal | None, tmp_path: Path, ledger: Any,
    engine: Callable[[str], sa.Engine],
) -> None:  # fmt: skip
    url = str(tmp_path / "t.gpkg")
    ledger.take_in(create_store(url), [ledger.contract("a", price_wan=Decimal(1))])
    with engine(url).begin() as connection:
        connection.exec_driver_sql(f"UPDATE contracts SET price_wan = {number}")
    table = create_store(url).columns(Kind.CONTRACTS)
    assert table["price_wan"].to_pylist() == [held]
    assert table["unreadable"].to_pylist() == [None if held is not None else ";price_wan;"]
