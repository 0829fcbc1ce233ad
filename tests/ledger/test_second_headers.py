from __future__ import annotations

from pathlib import Path

import pytest

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from tests.ledger.conftest import TakeIn, Write

FIRST = "合同编号,受让人,出让面积(亩),成交价格(万元),合同签订日期,约定开工时间,实际开工时间\n"
ROW = "LZ-1,甲公司,30,400,2020-01-01,2021-07-01,2021-06-01\n"


@pytest.mark.parametrize(
    "second",
    [
        "合同编号,受让人,出让面积(公顷),成交价格(万元),合同签订日期,实际开工时间,约定开工时间",
        "合同编号,受让人,出让面积(公顷),成交价格(万元),合同签订日期,约定开工时间,实际开工时间",
        "合同编号,受让人,出让面积,成交价格(万元),合同签订日期,约定开工时间,实际开工时间",
        "序号,合 同 编 号,受 让 人,出让面积(亩),成交价格(万元),合同签订日期,约定开工时间",
        "合同编号,受让人,面积与价款,,日期,,",
    ],
)
def test_a_second_header_with_other_columns_or_units_is_never_read_under_the_first(
    take_text: TakeIn, second: str
) -> None:
    below = "LZ-2,乙公司,2,400,2020-01-01,2021-06-01,2023-07-01\n"
    with pytest.raises(InputRefusedError) as refused:
        take_text(Kind.CONTRACTS, f"{FIRST}{ROW}{second}\n{below}")
    assert refused.value.code == "ledger.error.second_header"
    assert "第 3 行" in refused.value.in_words("zh")


def test_a_second_header_that_names_more_columns_does_not_hide_the_first_table(
    take_text: TakeIn,
) -> None:
    second = (
        "合同编号,受让人,出让面积(公顷),成交价格(元),合同签订日期,土地用途,容积率下限,容积率上限\n"
    )
    short = "合同编号,受让人,出让面积(亩),合同签订日期,,,,\n"
    with pytest.raises(InputRefusedError) as refused:
        take_text(
            Kind.CONTRACTS,
            f"{short}LZ-1,甲公司,30,2020-01-01,,,,\n{second}LZ-2,乙,2,4,2020-01-01,工业,1,2\n",
        )
    assert refused.value.code == "ledger.error.second_header"


def test_a_second_header_names_its_sheet(take_in: TakeIn, write_book: Write) -> None:
    head, other = ["合同编号", "受让人", "面积(亩)"], ["合同编号", "面积(亩)", "受让人"]
    path: Path = write_book({"合同": [head, ["A1", "甲", 30], other, ["A2", 30, "乙"]]})
    with pytest.raises(InputRefusedError) as refused:
        take_in(Kind.CONTRACTS, path)
    assert "「合同」第 3 行" in refused.value.in_words("zh")


def test_the_first_header_said_again_is_set_aside(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, f"{FIRST}{ROW}{FIRST}{ROW.replace('LZ-1', 'LZ-2')}")
    assert [record.key for record in taken.records] == ["LZ-1", "LZ-2"]
    assert taken.codes[0] == "header_repeated"


def test_a_header_of_two_lines_said_again_is_set_aside(take_text: TakeIn) -> None:
    head = "合同编号,受让人,面积,合同签订日期\n,,公顷,\n"
    text = f"{head}A1,甲,2,2020-01-01\n{head}A2,乙,3,2020-01-01\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.values["area_m2"] for record in taken.records] == [20_000, 30_000]


def test_cells_that_are_words_of_headers_are_no_second_header(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,项目名称,受让人,土地用途\nA1,项目,用地单位,工业\n")
    assert taken.only.key == "A1"
