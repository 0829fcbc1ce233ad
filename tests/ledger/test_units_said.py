from __future__ import annotations

import pytest

from landwatch.language.columns import Kind
from tests.ledger.conftest import TakeIn

HEAD = "合同编号,受让人,出让面积,成交价格,合同签订日期\n"
ROW = "LZ-1,甲公司,2,4000000,2020-01-01\n"


@pytest.mark.parametrize(
    "text",
    [
        f"填报单位：某局  金额：元  面积：公顷,,,,\n{HEAD}{ROW}",
        f"（单位：元、公顷）,,,,\n{HEAD}{ROW}",
        f"{HEAD}{ROW}注：面积单位为公顷，金额单位为元,,,,\n",
        f"{HEAD}{ROW * 300}注：面积以公顷计，金额以元为单位,,,,\n",
        f"{HEAD}单位,,公顷,元,年月日\n{ROW}",
        f"{HEAD}计量单位：,,(公顷),(元),\n{ROW}",
    ],
)
def test_units_said_around_a_table_are_those_of_its_columns(take_text: TakeIn, text: str) -> None:
    taken = take_text(Kind.CONTRACTS, text)
    assert {record.key for record in taken.records} == {"LZ-1"}
    told = taken.records[0].values
    assert (told["area_m2"], told["price_wan"]) == (20_000, 400)


@pytest.mark.parametrize(
    "text",
    [
        f"（单位：元/公顷）,,,,\n{HEAD}{ROW}",
        f"单位：公顷、元,,,,\n{HEAD}{ROW}注：面积单位为亩，金额单位为万元,,,,\n",
    ],
)
def test_units_that_may_be_meant_in_two_ways_leave_their_columns_unused(
    take_text: TakeIn, text: str
) -> None:
    taken = take_text(Kind.CONTRACTS, text)
    assert not {"area_m2", "area_mu", "price_wan"} & taken.only.values.keys()
    assert taken.codes.count("units_disagree") == 2


def test_a_granted_area_of_two_square_metres_is_no_area_in_square_metres(
    take_text: TakeIn,
) -> None:
    taken = take_text(Kind.CONTRACTS, HEAD + ROW)
    assert "area_m2" not in taken.only.values
    assert "area_unit_unclear" in taken.codes
    large = take_text(Kind.CONTRACTS, HEAD + ROW.replace(",2,", ",20000,"))
    assert large.only.values["area_m2"] == 20_000


def test_a_header_that_names_its_unit_keeps_it_whatever_a_note_says(take_text: TakeIn) -> None:
    head = HEAD.replace("面积", "面积(亩)").replace("价格", "价格(万元)")
    taken = take_text(Kind.CONTRACTS, f"{head}LZ-1,甲,30,400,2020-01-01\n注：面积单位为公顷,,,,\n")
    assert (taken.only.values["area_mu"], taken.only.values["price_wan"]) == (30, 400)
