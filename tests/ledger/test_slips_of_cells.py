"""Cells that look readable and tell another thing: footnotes, two values, placeholders, slides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import pytest

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.cells import tidy
from landwatch.ledger.dates import read_date
from landwatch.ledger.numbers import read_number
from landwatch.ledger.tenure import read_tenure

TakeIn: TypeAlias = Callable[..., Any]
PRICE = columns_of(Kind.CONTRACTS)["price_wan"]
DENSITY = columns_of(Kind.CONTRACTS)["agreed_density_min"]
HEADER = "合同编号,受让人,出让面积(亩),成交价格(万元),合同签订日期"
LONG = f"{HEADER},约定开工时间,约定竣工时间,实际开工时间\n"


@pytest.mark.parametrize("cell", ["30①", "400²", "12.5¹", "5⑴", "㊿", "3⒈", "7₂", "½"])
def test_the_mark_of_a_footnote_is_no_digit_of_a_number(cell: str) -> None:
    for column in (PRICE, DENSITY):
        reading = read_number(cell, column, Fraction(1))
        assert (reading.value, reading.code) == (None, "footnote_mark")


def test_the_mark_of_a_footnote_is_no_digit_of_a_date_or_a_yes(take_text: TakeIn) -> None:
    assert read_date("2020-1-1①").value is None
    assert read_date("2020-01-1²").value is None
    text = "contract_id,observed_on,land_delivered\nA1,2021-05-01,①\n"
    assert "land_delivered" not in take_text(Kind.PROGRESS, text).only.values


def test_a_number_with_a_footnote_is_never_another_contract(take_text: TakeIn) -> None:
    text = f"{HEADER}\nLZ-1①,甲公司,30,400,2020-01-01\nLZ-11,乙公司,30,400,2020-01-01\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [(each.key, each.values["holder"]) for each in taken.records] == [("LZ-11", "乙公司")]
    assert taken.codes == ["footnote_mark"]
    parcel = take_text(Kind.PARCELS, "parcel_id\n地块①\n").only
    assert parcel.key == "地块①", "a name keeps its mark"


def test_the_two_of_square_metres_is_no_footnote() -> None:
    assert tidy("３０ m²") == "30 m2"
    area = columns_of(Kind.CONTRACTS)["area_m2"]
    assert read_number("30km²", area, Fraction(1)).value == Decimal(30_000_000)


@pytest.mark.parametrize(
    "cell",
    [
        "300\n500",
        "300\r500",
        "300\t500",
        "300\u3000500",
        "100 200",
        "100  200",
        "12\x0b34",
        "1\n-2",
    ],
)
def test_two_values_in_a_cell_are_never_one_number(cell: str) -> None:
    reading = read_number(cell, PRICE, Fraction(1))
    assert (reading.value, reading.code) == (None, "several_values")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 234 567", 1_234_567),
        ("12\xa0345\xa0678", 12_345_678),
        ("1\u2009234", 1234),
        ("3 000", 3000),
        ("300\n", 300),
        ("300\n万元", 300),
        ("400（万元）", 400),
    ],
)
def test_grouped_thousands_and_units_are_one_number(cell: str, told: int) -> None:
    assert read_number(cell, PRICE, Fraction(1)).value == told


def test_a_date_on_two_lines_is_not_joined_and_a_lunar_one_is_not_read() -> None:
    assert read_date("2020-1-\r12").code == "several_values"
    assert read_date("2020-1-\n12").value is None
    assert read_date("2020年正月初一").code == "bad_date"
    assert read_date("2020年元月1日").value == date(2020, 1, 1)


def test_less_than_no_years_of_tenure_are_not_read() -> None:
    assert read_tenure("-5").code == "bad_tenure"
    assert read_tenure("40-50年").value == "40;50"


@pytest.mark.parametrize(
    "word",
    [
        *(
            "待补",
            "无编号",
            "同上",
            "〃",
            "详见附件",
            "划拨",
            "单位",
            "平均",
            "合计用地",
            "待定",
            "TBD",
        ),
        *("N.A.", "pending", "missing", "——————————", "（待补）", "某某某某某某某某某某"),
    ],
)
def test_a_word_in_the_place_of_a_number_joins_no_contracts(take_text: TakeIn, word: str) -> None:
    header = "合同编号,受让人,出让面积(亩),合同签订日期\n"
    keys = []
    for holder, area in (("甲公司", 30), ("乙公司", 90)):
        text = f"{header}{word},{holder},{area},2020-07-01\n"
        taken = take_text(Kind.CONTRACTS, text)
        assert taken.only.key.startswith("row-")
        assert taken.codes.count("placeholder_key") == 1
        keys.append(taken.only.key)
    assert keys[0] != keys[1]


def test_a_placeholder_leaves_the_word_to_the_next_number(take_text: TakeIn) -> None:
    text = "电子监管号,合同编号,受让人\n待补,H1,甲\n待补,H2,乙\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.key for record in taken.records] == ["H1", "H2"]
    assert taken.codes == ["placeholder_key"]
    assert "待补" in taken.issues[0].in_words("zh")


def test_a_row_about_a_placeholder_is_refused(take_text: TakeIn) -> None:
    taken = take_text(
        Kind.PROGRESS, "contract_id,observed_on\n待补,2021-05-01\nunknown,2021-05-01\n"
    )
    assert taken.records == []
    assert taken.codes == ["placeholder_key", "placeholder_key"]
    assert take_text(Kind.ZONES, "zone_id,name\n待定,甲园\n").records == []
    assert take_text(Kind.ZONES, "zone_id,name\n高新园区,甲园\n").only.key == "高新园区"


def test_an_old_number_in_numerals_is_a_number(take_text: TakeIn) -> None:
    assert take_text(Kind.CONTRACTS, "合同编号\n甲地字第五号\n").only.key == "甲地字第五号"


@pytest.mark.parametrize(
    "row",
    [
        "LZ-1,,甲公司,30,400,2020-01-01,2020-07-01,2022-01-01",
        ",LZ-1,甲公司,30,400,2020-01-01,2020-07-01,2022-01-01",
        "LZ-1,1200,甲公司,30,400,2020-01-01,2020-07-01,2022-01-01",
        "LZ-1,甲公司,400,2020-01-01,2020-07-01,2022-01-01,2020-06-01,",
    ],
)
def test_a_row_slid_either_way_is_refused_once(take_text: TakeIn, row: str) -> None:
    taken = take_text(Kind.CONTRACTS, LONG + row + "\n")
    assert taken.records == []
    assert taken.codes == ["shifted_row"]


def test_a_day_in_a_ratio_beside_the_days_is_a_slid_row(take_text: TakeIn) -> None:
    text = "合同编号,合同签订日期,约定开工时间,容积率上限\nA1,,2020-01-01,2020-07-01\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert (taken.records, taken.codes) == ([], ["shifted_row"])


def test_single_bad_cells_do_not_make_a_slid_row(take_text: TakeIn) -> None:
    row = "LZ-1,甲公司,30,面议,待定,2020-07-01,2022-01-01,2020-06-01\n"
    taken = take_text(Kind.CONTRACTS, LONG + row)
    assert "shifted_row" not in taken.codes
    assert taken.only.unreadable == {"price_wan", "signed_on"}


def test_a_start_long_before_the_signing_is_remarked(take_text: TakeIn) -> None:
    text = "合同编号,合同签订日期,实际开工时间\nA1,2020-01-01,2001-01-01\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert taken.codes == ["dates_out_of_order"]
    assert taken.only.values["actual_start_on"] == date(2001, 1, 1)


def test_an_event_that_ends_before_it_begins_has_no_known_end(take_text: TakeIn) -> None:
    text = "contract_id,kind,on,until\nA1,delay,2020-05-01,2019-05-01\n"
    taken = take_text(Kind.EVENTS, text)
    assert taken.only.unreadable == {"until"}
    assert taken.codes == ["ends_before_beginning"]
    assert "2019-05-01" in taken.issues[0].in_words("zh")


def test_a_total_with_a_running_number_is_a_total(take_text: TakeIn) -> None:
    text = f"序号,{HEADER}\n1,LZ-1,甲公司,30,400,2020-01-01\n3,合计,,60,800,\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.key for record in taken.records] == ["LZ-1"]
    assert taken.codes == ["total_row"]


def test_a_name_in_the_column_of_the_credit_code_is_no_code(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,holder_uscc\nA1,某某有限公司\n")
    assert taken.codes == ["no_credit_code"]
