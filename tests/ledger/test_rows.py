from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import pytest

from landwatch.language.columns import Kind
from landwatch.ledger import Severity

TakeIn: TypeAlias = Callable[..., Any]


def contract(take_text: TakeIn, **cells: str) -> Any:
    """Read one contract named by its Chinese headers."""
    cells = {"合同编号": "来土合[2020]1号", **cells}
    return take_text(Kind.CONTRACTS, ",".join(cells) + "\n" + ",".join(cells.values()) + "\n")


def progress(take_text: TakeIn, **cells: str) -> Any:
    cells = {"contract_id": "A1", "observed_on": "2021-05-01", "source": "inspection", **cells}
    return take_text(Kind.PROGRESS, ",".join(cells) + "\n" + ",".join(cells.values()) + "\n")


def test_a_row_is_told_with_its_place_and_keeps_what_was_read(take_text: TakeIn) -> None:
    taken = take_text(
        Kind.CONTRACTS,
        '合同编号,面积(公顷),成交价格(元),约定开工时间,联系人\nA1,0.364,"3,000,000",2020年6月30日,张三\n',
    )
    assert taken.only.values == {
        "contract_id": "A1",
        "contract_no": "A1",
        "area_m2": Decimal("3640"),
        "area_mu": Decimal("5.46"),
        "price_wan": Decimal("300"),
        "agreed_start_on": date(2020, 6, 30),
    }
    assert (taken.only.row, taken.only.sheet, taken.only.key) == (2, None, "A1")
    assert taken.only.as_read["成交价格(元)"] == "3,000,000"
    assert taken.only.as_read["联系人"] == "张三"
    assert taken.issues == []
    assert taken.intake.tally.accepted == 1


@pytest.mark.parametrize(
    "blank", ["", "\xa0", " ", "--", "—", "Nah", "NaN", "null", "无", "/", "N/A", "\t"]
)
def test_a_blank_is_not_told_and_never_zero(blank: str, take_text: TakeIn) -> None:
    taken = contract(take_text, 成交价格=blank, 约定开工时间=blank, 土地使用权人=blank)
    assert taken.only.values == {"contract_id": "来土合[2020]1号", "contract_no": "来土合[2020]1号"}
    assert taken.issues == []


@pytest.mark.parametrize("clear", ["(clear)", "（clear）", "清空"])
def test_a_cell_may_ask_to_forget(clear: str, take_text: TakeIn) -> None:
    taken = contract(take_text, **{"出让面积(平方米)": clear, "成交价格": clear})
    assert taken.only.cleared == {"area_m2", "area_mu", "price_wan"}


def test_mu_are_kept_exactly_and_square_metres_to_a_square_centimetre(take_text: TakeIn) -> None:
    taken = contract(take_text, **{"出让面积(亩)": "102.76128"})
    assert taken.only.values["area_mu"] == Decimal("102.76128")
    assert taken.only.values["area_m2"] == Decimal("68507.52")
    taken = contract(take_text, **{"出让面积(亩)": "10"})
    assert taken.only.values["area_mu"] == Decimal("10")
    assert taken.only.values["area_m2"] == Decimal("6666.6667")


def test_mu_written_in_a_cell_of_square_metres_stay_exact(take_text: TakeIn) -> None:
    taken = contract(take_text, **{"出让面积(平方米)": "10亩"})
    assert taken.only.values["area_mu"] == Decimal("10")
    assert taken.codes == ["unit_in_cell"]


def test_one_area_told_twice_must_agree(take_text: TakeIn) -> None:
    agreed = contract(take_text, **{"出让面积(平方米)": "68507.52", "出让面积(亩)": "102.76"})
    assert agreed.only.values["area_mu"] == Decimal("102.76128")
    assert agreed.codes == ["areas_rounded"]
    exact = contract(take_text, **{"出让面积(平方米)": "6666.67", "出让面积(亩)": "10"})
    assert exact.only.values["area_mu"] == Decimal("10")
    assert exact.issues == []
    apart = contract(take_text, **{"出让面积(平方米)": "68507.52", "出让面积(亩)": "6.85"})
    assert not {"area_m2", "area_mu"} & apart.only.values.keys()
    assert "68507.52" in apart.issues[0].in_words("zh")


def test_an_intensity_per_hectare_is_divided_by_fifteen_and_its_rounding_said(
    take_text: TakeIn,
) -> None:
    exact = contract(take_text, **{"投资强度(万元/公顷)": "1500"})
    assert exact.only.values["agreed_intensity_wan_per_mu"] == Decimal("100")
    assert exact.issues == []
    rounded = contract(take_text, **{"投资强度(万元/公顷)": "1000"})
    assert rounded.only.values["agreed_intensity_wan_per_mu"] == Decimal("66.666667")
    assert rounded.codes == ["rounded_conversion"]


@pytest.mark.parametrize(
    ("instrument", "told", "codes"),
    [
        ("划拨", Decimal(0), []),
        ("挂牌出让", None, ["zero_price"]),
        ("协议出让", None, ["zero_price"]),
        ("", None, ["zero_price"]),
    ],
)
def test_a_price_of_zero_is_only_believed_of_an_allocation(
    instrument: str, told: Decimal | None, codes: list[str], take_text: TakeIn
) -> None:
    taken = contract(take_text, **{"供地方式": instrument, "成交价格(万元)": "0.0000"})
    assert taken.only.values.get("price_wan") == told
    assert taken.codes == codes


def test_a_bound_told_the_wrong_way_round_accuses_nobody(take_text: TakeIn) -> None:
    taken = contract(take_text, 容积率下限="2.5", 容积率上限="1.0")
    assert not {"agreed_far_min", "agreed_far_max"} & taken.only.values.keys()
    assert taken.codes == ["far_crossed"]
    words = taken.issues[0].in_words("zh")
    assert ("2.5" in words and "1.0" in words) or "1" in words
    equal = contract(take_text, 容积率下限="1.5", 容积率上限="1.5")
    assert equal.only.values["agreed_far_max"] == Decimal("1.5")


def test_zero_areas_and_terms_are_not_told(take_text: TakeIn) -> None:
    taken = contract(
        take_text, **{"出让面积(公顷)": "0", "容积率上限": "0.00", "约定投资强度": "0"}
    )
    assert set(taken.only.values) == {"contract_id", "contract_no"}
    assert sorted(taken.codes) == ["zero_area", "zero_term", "zero_term"]


def test_yuan_in_a_column_of_ten_thousands_is_not_a_price(take_text: TakeIn) -> None:
    taken = contract(take_text, **{"面积(公顷)": "1.39", "成交价格(万元)": "10643139"})
    assert "price_wan" not in taken.only.values
    assert taken.codes == ["price_implausible"]


def test_dates_out_of_order_are_kept_and_said(take_text: TakeIn) -> None:
    taken = contract(take_text, 约定开工时间="2020-06-30", 约定竣工时间="2019-06-30")
    assert taken.only.values["agreed_completion_on"] == date(2019, 6, 30)
    assert taken.codes == ["dates_out_of_order"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("招标出让", "grant"),
        ("拍卖出让", "grant"),
        ("挂牌出让", "grant"),
        ("协议出让", "grant"),
        ("招拍挂出让", "grant"),
        ("划拨", "allocation"),
        ("租赁", "lease"),
        ("作价出资", "contribution"),
        ("作价出资（入股）", "contribution"),
        ("入股", "contribution"),
        ("grant", "grant"),
        ("授权经营", None),
    ],
)
def test_the_instruments_of_supply_in_the_fields_words(
    text: str, code: str | None, take_text: TakeIn
) -> None:
    taken = contract(take_text, 供地方式=text)
    assert taken.only.values.get("instrument") == code
    assert taken.codes == ([] if code else ["bad_code"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(("是", True), ("已开工", True), ("1", True), ("YES", True), ("否", False)),
        *(("未开工", False), ("0", False), ("未", False), ("false", False), ("不清楚", None)),
    ],
)
def test_whether_a_start_was_seen(text: str, told: bool | None, take_text: TakeIn) -> None:
    taken = progress(take_text, 是否动工=text)
    assert taken.only.values.get("started") is told
    assert taken.codes == ([] if told is not None else ["bad_yes_no"])


def test_none_answers_no_where_means_are_asked_for(take_text: TakeIn) -> None:
    taken = progress(take_text, 有无建设能力="无", 备注="无")
    assert taken.only.values["means_to_build"] is False
    assert "note" not in taken.only.values


def test_a_cell_that_cannot_be_understood_leaves_the_row(take_text: TakeIn) -> None:
    taken = contract(take_text, 约定开工时间="待定", 约定竣工时间="待定", 成交价格="面议")
    assert set(taken.only.values) == {"contract_id", "contract_no"}
    assert sorted(taken.codes) == ["bad_date", "bad_date", "bad_number"]
    assert {issue.severity for issue in taken.issues} == {Severity.REMARK}
    assert taken.intake.tally.accepted_with_remarks == 1


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Kind.ZONES, "zone_id,name\n,某园区\n", "missing_required"),
        (Kind.PARCELS, "宗地编号,土地用途\n,工业\n", "missing_required"),
        (Kind.PROGRESS, "contract_id,observed_on,started\n,2020-01-01,是\n", "missing_required"),
        (Kind.PROGRESS, "contract_id,observed_on,started\nA1,,是\n", "missing_required"),
        (Kind.PROGRESS, "contract_id,observed_on,started\nA1,昨天,是\n", "bad_date"),
        (Kind.EVENTS, "contract_id,kind,on\nA1,,2020-01-01\n", "missing_required"),
        (Kind.EVENTS, "contract_id,kind,on\nA1,吃饭,2020-01-01\n", "bad_code"),
        (Kind.CONTRACTS, "合同编号,土地用途\n,工业\n", "no_key"),
        (Kind.CONTRACTS, "合同编号,土地用途\n4.40606E+15,工业\n", "lost_digits"),
        (Kind.CONTRACTS, "合同编号,土地用途\nA1,工业,多出,的格\n", "too_many_cells"),
    ],
)
def test_a_row_without_what_it_needs_is_refused_whole(
    kind: Kind, text: str, code: str, take_text: TakeIn
) -> None:
    taken = take_text(kind, text)
    assert taken.records == []
    assert taken.codes == [code]
    assert taken.issues[0].severity is Severity.REFUSED
    assert taken.issues[0].row == 2
    assert taken.refused[0].cells
    assert taken.intake.tally.refused == 1


def test_values_that_slid_by_one_column_are_refused(take_text: TakeIn) -> None:
    header = "合同编号,土地使用权人,成交价格(万元),约定开工时间,约定竣工时间,批准单位\n"
    good = "A1,某某实业有限公司,300,2020-01-01,2021-01-01,某某人民政府\n"
    slid = "A2,工业用地,某某实业有限公司,300.5,2020-01-01,2021-01-01\n"
    taken = take_text(Kind.CONTRACTS, header + good + slid)
    assert [record.key for record in taken.records] == ["A1"]
    assert taken.codes == ["shifted_row"]
    assert "成交价格" in taken.issues[0].in_words("zh")


def test_the_key_is_the_supervision_number_before_the_contract_number(take_text: TakeIn) -> None:
    text = "电子监管号,合同编号,md5Mark\n4406062019B00001,H1,x\n,H2,y\n\xa0,,z\n"
    taken = take_text(Kind.CONTRACTS, text)
    assert [record.key for record in taken.records] == ["4406062019B00001", "H2", "z"]
    assert taken.codes == ["key_from_source"]
    assert "md5Mark" in taken.issues[0].in_words("en")


def test_an_unreadable_number_is_not_passed_over_for_another_key(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "电子监管号,合同编号\n4.40606E+15,H1\n")
    assert taken.records == []
    assert taken.codes == ["lost_digits"]


def test_a_key_is_made_from_the_row_and_the_row_says_so(take_text: TakeIn) -> None:
    header = "行政区,项目位置,土地使用权人,合同签订日期,面积(公顷),成交价格(万元)\n"
    row = "来凤县,园区路1号,某公司,2020-01-01,1.5,{}\n"
    taken = take_text(Kind.CONTRACTS, header + row.format(100) + row.format(200))
    first, second = taken.records
    assert first.key == second.key
    assert first.key.startswith("row-")
    assert first.values["contract_id"] == first.key
    assert taken.codes == ["key_made", "key_made", "key_repeated"]


def test_exact_duplicates_are_counted_and_rivals_of_a_key_are_both_kept(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,成交价格\nA1,1\nA1,2\nA1,1\n")
    assert [record.values["price_wan"] for record in taken.records] == [1, 2, 1]
    assert [(issue.row, issue.code) for issue in taken.issues] == [
        (3, "key_repeated"),
        (4, "duplicate_row"),
    ]
    assert taken.intake.tally.duplicates == 1


def test_progress_and_events_have_keys_of_their_own(take_text: TakeIn) -> None:
    taken = progress(take_text, 核查人="王|五")
    assert taken.only.key == r"A1|2021-05-01|inspection|王\|五"
    taken = take_text(
        Kind.EVENTS, "合同编号,事件类型,发生日期,文号,金额(元)\nA1,缴存保证金,2020-01-01,,50000\n"
    )
    assert taken.only.key == "A1|bond_deposit|2020-01-01|5"


def test_a_report_without_a_source_weighs_least(take_text: TakeIn) -> None:
    taken = take_text(Kind.PROGRESS, "contract_id,observed_on,started\nA1,2020-01-01,是\n")
    assert taken.only.values["source"] == "holder_report"
    assert taken.codes == ["source_assumed"]


def test_a_wrong_credit_code_is_kept_and_said(take_text: TakeIn) -> None:
    good = contract(take_text, 统一社会信用代码="91110000600037341L")
    assert good.issues == []
    bad = contract(take_text, 统一社会信用代码="91110000600037341X")
    assert bad.only.values["holder_uscc"] == "91110000600037341X"
    assert bad.codes == ["bad_credit_code"]


def test_several_parcels_are_one_list(take_text: TakeIn) -> None:
    taken = contract(take_text, 宗地编号="G1；G2;G1、G3")
    assert taken.only.values["parcel_id"] == "G1;G2;G3"


def test_a_column_left_out_tells_nothing_and_clears_nothing(take_text: TakeIn) -> None:
    taken = contract(take_text, 土地用途="工业用地")
    assert set(taken.only.values) == {"contract_id", "contract_no", "land_use"}
    assert taken.only.cleared == frozenset()


UNREADABLE_CELLS = {
    ("signed_on", "2019-02-30"): {"signed_on"},
    ("signed_on", "2019年"): {"signed_on"},
    ("price_wan", "约三百"): {"price_wan"},
    ("price_wan", "-3"): {"price_wan"},
    ("instrument", "授权经营"): {"instrument"},
    ("area_m2", "#REF!"): {"area_m2", "area_mu"},
    ("area_mu", "一百多"): {"area_m2", "area_mu"},
    ("contract_no", "4.40606E+15"): {"contract_no"},
    ("signed_on", "1900-01-01"): set(),
    ("signed_on", "暂无"): set(),
    ("price_wan", ""): set(),
    ("area_m2", "0"): set(),
}


@pytest.mark.parametrize(
    ("cell", "columns"), UNREADABLE_CELLS.items(), ids=["=".join(cell) for cell in UNREADABLE_CELLS]
)
def test_a_cell_told_and_not_understood_is_no_blank_cell(
    take_text: TakeIn, cell: tuple[str, str], columns: set[str]
) -> None:
    header, text = cell
    taken = take_text(Kind.CONTRACTS, f"contract_id,location,{header}\nC1,甲地,{text}\n")
    assert taken.only.unreadable == columns
    assert not columns & taken.only.values.keys()


def test_numbers_that_contradict_each_other_are_unreadable(take_text: TakeIn) -> None:
    taken = take_text(
        Kind.CONTRACTS,
        "contract_id,area_m2,area_mu,agreed_far_min,agreed_far_max\nC1,10000,20,2,1\n",
    )
    assert taken.only.unreadable == {"area_m2", "area_mu", "agreed_far_min", "agreed_far_max"}
    dear = take_text(Kind.CONTRACTS, "contract_id,area_mu,price_wan\nC1,1,9000000\n")
    assert dear.only.unreadable == {"price_wan"}


def test_an_area_told_well_in_one_unit_is_told(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "contract_id,area_m2,area_mu\nC1,甲,15\n")
    assert taken.only.values["area_m2"] == 10000
    assert taken.only.unreadable == frozenset()


@pytest.mark.parametrize(
    ("text", "told"),
    [("经核实", True), ("属实", True), ("已核", True), ("已核实", True), ("不属实", False)],
)
def test_what_was_verified_is_told_in_the_bureaus_words(
    take_text: TakeIn, text: str, told: bool
) -> None:
    taken = take_text(Kind.EVENTS, f"contract_id,kind,on,verified\nC1,延误,2020-01-02,{text}\n")
    assert taken.only.values["verified"] is told


CAUSES = {
    "政府原因": "G6", "政府其他": "G6", "政府规划调整": "G2", "规划调整": "G2", "规划修改": "G2",
    "未按期交地": "G1", "交地延误": "G1", "政策调整": "G3", "信访": "G4", "文物": "G5",
    "军事管制": "G5", "不可抗力": "FM", "自然灾害": "FM", "疫情": "FM", "前期工作": "P",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), CAUSES.items())
def test_a_cause_is_told_in_the_bureaus_words(take_text: TakeIn, text: str, code: str) -> None:
    taken = take_text(Kind.EVENTS, f"contract_id,kind,on,cause\nC1,延误,2020-01-02,{text}\n")
    assert taken.only.values["cause"] == code


@pytest.mark.parametrize("text", ["auction", "Tender", "listing", "agreement"])
def test_english_ways_of_granting_are_grants(take_text: TakeIn, text: str) -> None:
    assert contract(take_text, 供地方式=text).only.values["instrument"] == "grant"


def test_a_new_project_is_not_one_being_built(take_text: TakeIn) -> None:
    taken = take_text(Kind.PROGRESS, "contract_id,observed_on,stage\nC1,2020-01-02,新建\n")
    assert taken.only.unreadable == {"stage"}
    assert "bad_code" in taken.codes
