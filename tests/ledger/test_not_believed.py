"""Cells that can be read and cannot be true, and rows that would overwrite another thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind

TakeIn: TypeAlias = Callable[..., Any]
TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "column", ["actual_start_on", "actual_completion_on", "completed_on", "in_production_on"]
)
@pytest.mark.parametrize(("day", "believed"), [("2026-03-02", True), ("2026-03-03", False)])
def test_what_is_done_after_today_is_not_believed(
    take_text: TakeIn, column: str, day: str, believed: bool
) -> None:
    seen = column in ("completed_on", "in_production_on")
    kind = Kind.PROGRESS if seen else Kind.CONTRACTS
    text = f"contract_id,observed_on,{column}\nC1,2026-01-01,{day}\n"
    taken = take_text(kind, text, today=TODAY)
    assert (column in taken.only.values) is believed
    assert taken.only.unreadable == (frozenset() if believed else {column})
    assert ("date_ahead" in taken.codes) is not believed
    assert column in take_text(kind, text).only.values, "without a today nothing is held against it"


def test_a_visit_after_today_is_refused(take_text: TakeIn) -> None:
    taken = take_text(Kind.PROGRESS, "contract_id,observed_on\nC1,2027-01-01\n", today=TODAY)
    assert taken.records == []
    assert taken.codes == ["date_ahead"]


def test_a_completion_agreed_before_signing_is_not_believed(take_text: TakeIn) -> None:
    headers = "contract_id,signed_on,agreed_start_on,agreed_completion_on\n"
    taken = take_text(Kind.CONTRACTS, headers + "C1,2020-05-01,2020-04-20,2019-05-01\n")
    assert taken.only.unreadable == {"agreed_completion_on"}
    assert taken.only.values["agreed_start_on"] == date(2020, 4, 20)
    assert "2019-05-01" in taken.issues[-1].in_words("zh")
    assert "2020-05-01" in taken.issues[-1].in_words("zh")
    near = take_text(Kind.CONTRACTS, headers + "C1,2020-05-01,,2020-04-01\n")
    assert near.only.unreadable == frozenset()
    assert near.codes == ["dates_out_of_order"]


@pytest.mark.parametrize(
    ("header", "highest", "above"),
    [
        ("agreed_intensity_wan_per_mu", "5000", "5001"),
        ("agreed_far_min", "50", "50.1"),
        ("agreed_far_max", "50", "80"),
        ("出让面积(公顷)", "1500", "1500.1"),
    ],
)
def test_a_figure_beyond_all_measure_is_not_believed(
    take_text: TakeIn, header: str, highest: str, above: str
) -> None:
    column = "area_m2" if "公顷" in header else header
    good = take_text(Kind.CONTRACTS, f"contract_id,{header}\nC1,{highest}\n").only
    assert column in good.values
    bad = take_text(Kind.CONTRACTS, f"contract_id,{header}\nC1,{above}\n")
    assert column not in bad.only.values
    assert column in bad.only.unreadable
    assert bad.issues[-1].in_words("zh") != bad.issues[-1].in_words("en")


EVENTS = "contract_id,kind,on,until,document_no\n"


def test_two_events_of_one_key_are_not_one(take_text: TakeIn) -> None:
    rows = "C1,延误,2020-01-02,2020-06-01,\nC1,延误,2020-01-02,2021-06-01,\n"
    taken = take_text(Kind.EVENTS, EVENTS + rows)
    assert [record.values["until"] for record in taken.records] == [date(2020, 6, 1)]
    assert [row.row for row in taken.refused] == [3]
    assert taken.intake.tally.adds_up
    assert "文号" in taken.refused[0].issues[-1].in_words("zh")
    told_apart = "C1,延误,2020-01-02,2020-06-01,甲1号\nC1,延误,2020-01-02,2021-06-01,甲2号\n"
    assert len(take_text(Kind.EVENTS, EVENTS + told_apart).records) == 2
    twice = "C1,延误,2020-01-02,2020-06-01,\n" * 2
    assert take_text(Kind.EVENTS, EVENTS + twice).refused == []


@pytest.mark.parametrize("other", ["乙县,甲公司", "甲县,乙公司", "乙县,"])
def test_two_contracts_of_one_number_are_not_one(take_text: TakeIn, other: str) -> None:
    taken = take_text(Kind.CONTRACTS, f"contract_id,division,holder\n1,甲县,甲公司\n1,{other}\n")
    assert [record.values["division"] for record in taken.records] == ["甲县"]
    assert [issue.code for row in taken.refused for issue in row.issues] == ["number_twice"]


def test_a_later_row_of_the_same_contract_may_leave_its_place_blank(take_text: TakeIn) -> None:
    rows = "1,,,5\n1,甲县,,6\n1,,甲公司,7\n1,甲县,甲公司,8\n1,乙县,,9\n"
    taken = take_text(Kind.CONTRACTS, "contract_id,division,holder,price_wan\n" + rows)
    assert len(taken.records) == 4
    assert [row.row for row in taken.refused] == [6]


CELLS = st.sampled_from(
    [
        "",
        "—",
        "清空",
        "0",
        "1",
        "1/3",
        "20196",
        "43831",
        "1900-01-01",
        "2020-02-30",
        "2020-03-04",
        "2030-01-01",
        "-1",
        "9999",
        "1e8",
        "300亩",
        "3公顷",
        "30%",
        "是",
        "出让",
        "G1",
        "某某",
        "#REF!",
    ]
)
HEADERS = [
    "合同编号",
    "供地方式",
    "面积(公顷)",
    "出让面积（亩）",
    "成交价格(万元)",
    "投资强度",
    "容积率下限",
    "容积率上限",
    "合同签订日期",
    "约定开工时间",
    "约定竣工时间",
    "实际开工时间",
    "实际竣工时间",
]


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(CELLS, min_size=len(HEADERS) - 1, max_size=len(HEADERS) - 1))
def test_nothing_unreadable_is_ever_kept_as_a_value(take_text: TakeIn, cells: list[str]) -> None:
    text = ",".join(HEADERS) + "\n" + ",".join(["C1", *cells]) + "\n"
    taken = take_text(Kind.CONTRACTS, text, today=TODAY)
    for record in taken.records:
        assert not record.unreadable & record.values.keys()
        assert not record.unreadable & record.cleared
        speaks = [issue for issue in taken.issues if issue.row == record.row or issue.row is None]
        assert speaks or not record.unreadable, "what is not used is always said"


def test_money_per_area_without_a_unit_is_not_guessed(take_text: TakeIn) -> None:
    taken = take_text(
        Kind.CONTRACTS, "contract_id,投资强度\nC1,300\nC2,250万元/亩\nC3,0\nC4,4500\n"
    )
    first, second, third, fourth = taken.records
    column = "agreed_intensity_wan_per_mu"
    assert first.unreadable == fourth.unreadable == {column}
    assert second.values[column] == 250
    assert third.unreadable == frozenset()
    assert taken.codes.count("rate_unit_unclear") == 1
    for name in (column, "约定投资强度", "投资强度(万元/亩)"):
        assert take_text(Kind.CONTRACTS, f"contract_id,{name}\nC1,300\n").only.values[column] == 300


def test_a_refused_row_says_so(take_text: TakeIn) -> None:
    taken = take_text(
        Kind.PROGRESS, "contract_id,observed_on,permit_on\nC1,待定,\nC1,2020-01-02,待定\n"
    )
    said = {issue.row: issue.in_words("zh") for issue in taken.issues if issue.code == "bad_date"}
    assert "该行未收入" in said[2]
    assert "无法读懂" in said[3]
    assert not any("按未填" in words for words in said.values())


def test_no_unit_is_printed_for_a_share(take_text: TakeIn) -> None:
    taken = take_text(Kind.PROGRESS, "contract_id,observed_on,pit_share\nC1,2020-01-02,50%\n")
    words = [issue.in_words("zh") for issue in taken.issues if issue.code == "unit_in_cell"]
    assert len(words) == 1
    assert "换算为 0.5。" in words[0]
