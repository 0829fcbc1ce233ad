from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landwatch.language.columns import Kind, columns_of
from landwatch.ledger.header_lines import header_names
from landwatch.ledger.headers import WhyUnmapped, column_letter, folded, map_headers
from landwatch.ledger.sheets import SourceRow
from landwatch.ledger.synonyms import SYNONYMS
from tests.ledger.conftest import TakeIn

NATIONAL = (
    *("行政区", "电子监管号", "项目名称", "项目位置", "面积(公顷)", "土地来源", "土地用途"),
    *("供地方式", "土地使用年限", "行业分类", "土地级别", "成交价格(万元)", "土地使用权人"),
    *("约定容积率下限", "约定容积率上限", "约定交地时间", "约定开工时间", "约定竣工时间"),
    *("实际开工时间", "实际竣工时间", "批准单位", "合同签订日期"),
)


def used(kind: Kind, *headers: str) -> list[str | None]:
    return [use.column for use in map_headers(kind, headers)]


@pytest.mark.parametrize("kind", Kind)
def test_every_column_answers_to_its_own_name_and_both_its_words(kind: Kind) -> None:
    for name, column in columns_of(kind).items():
        for header in (name, column.zh, column.en, f" {column.zh}： ", f"{column.zh}*"):
            told = used(kind, header)[0]
            assert told == name, header


@pytest.mark.parametrize("kind", Kind)
def test_no_synonym_is_claimed_by_two_columns(kind: Kind) -> None:
    claims: dict[str, set[str]] = {}
    for name, spellings in SYNONYMS[kind].items():
        for spelling in spellings:
            claims.setdefault(folded(spelling), set()).add(name)
    assert {header: names for header, names in claims.items() if len(names) > 1} == {}


def test_the_national_headers_are_known() -> None:
    told = dict(zip(NATIONAL, map_headers(Kind.CONTRACTS, NATIONAL), strict=True))
    assert {header: use.column for header, use in told.items() if use.column is None} == {
        "土地来源": None,
        "土地级别": None,
        "批准单位": None,
    }
    assert told["面积(公顷)"].column == "area_m2"
    assert told["面积(公顷)"].factor == Fraction(10_000)
    assert told["行业分类"].column == "industry_code"


def test_the_swapped_names_of_the_guangdong_file_are_put_right() -> None:
    headers = ["area", "plotRatioUP", "plotRatioLOWER", "md5Mark", "contractTime"]
    assert used(Kind.CONTRACTS, *headers) == [
        "area_m2",
        "agreed_far_min",
        "agreed_far_max",
        "_source_id",
        "signed_on",
    ]
    assert map_headers(Kind.CONTRACTS, headers)[0].unit == "公顷"
    assert used(Kind.CONTRACTS, "area") == [None]


def test_bare_bounds_are_only_known_beside_the_marks_of_their_page() -> None:
    assert used(Kind.CONTRACTS, "下限:", "上限:", "土地来源:")[:2] == [
        "agreed_far_min",
        "agreed_far_max",
    ]
    assert used(Kind.CONTRACTS, "下限", "上限") == [None, None]


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("出让面积(亩)", "area_mu", "亩"),
        ("出让面积（亩）", "area_mu", "亩"),
        ("面积\xa0（公顷）：", "area_m2", "公顷"),
        ("出让面积[㎡]", "area_m2", "m2"),
        ("成交价格（单位：元）", "price_wan", "元"),
        ("投资强度(万元/公顷)", "agreed_intensity_wan_per_mu", "万元/公顷"),
        ("应动工面积(亩)", "due_start_area_mu", "亩"),
        ("约定容积率——下限", "agreed_far_min", "1"),
        ("合同编号(必填)", "contract_no", None),
    ],
)
def test_the_unit_in_brackets_decides(header: str, column: str, unit: str | None) -> None:
    use = map_headers(Kind.CONTRACTS, [header])[0]
    assert (use.column, use.unit) == (column, unit)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", WhyUnmapped.EMPTY),
        ("\xa0", WhyUnmapped.EMPTY),
        ("土地面积(m)", WhyUnmapped.UNKNOWN_UNIT),
        ("约定开工时间(补充协议)", WhyUnmapped.UNKNOWN),  # it is not the contract's own day
        ("联系电话", WhyUnmapped.UNKNOWN),
    ],
)
def test_what_is_not_known_is_kept_and_not_used(header: str, why: WhyUnmapped) -> None:
    use = map_headers(Kind.CONTRACTS, [header])[0]
    assert use.column is None
    assert use.why is why
    assert use.label


def test_one_column_is_told_by_one_header() -> None:
    uses = map_headers(Kind.CONTRACTS, ["签订日期", "合同签订日期", "土地用途", "土地用途：", ""])
    assert [use.why for use in uses] == [
        WhyUnmapped.TOLD_ALREADY,
        None,
        None,
        WhyUnmapped.TWICE,
        WhyUnmapped.EMPTY,
    ]
    assert len({use.label for use in uses}) == 5


def test_an_area_without_a_unit_is_marked_as_such_and_its_own_name_is_not() -> None:
    assert not map_headers(Kind.CONTRACTS, ["面积"])[0].unit_said
    assert map_headers(Kind.CONTRACTS, ["area_m2"])[0].unit_said


def test_names_that_a_shapefile_cut_are_known_by_their_beginning() -> None:
    uses = map_headers(Kind.ZONES, ["approved_a", "leading_in", "zone_id"], cut="utf-8")
    assert [use.column for use in uses] == ["approved_area_ha", "leading_industries", "zone_id"]
    assert used(Kind.ZONES, "approved_a") == [None]
    assert map_headers(Kind.PARCELS, ["不动产单元"], cut="gb18030")[0].column == "unit_code"


@given(st.integers(0, 20_000))
def test_the_letters_of_columns_count_like_excel(position: int) -> None:
    number = 0
    for letter in column_letter(position):
        number = number * 26 + ord(letter) - 64
    assert number == position + 1


@given(st.lists(st.text(max_size=20), max_size=12), st.sampled_from(Kind))
def test_no_headers_make_the_mapping_fail(headers: list[str], kind: Kind) -> None:
    uses = map_headers(kind, headers)
    columns = [use.column for use in uses if use.column is not None]
    assert len(uses) == len(headers)
    assert len(columns) == len(set(columns))
    assert all((use.column is None) == (use.why is not None) for use in uses)


@pytest.mark.parametrize("kind", [Kind.PARCELS, Kind.CONTRACTS])
def test_an_english_area_names_its_unit(kind: Kind) -> None:
    (use,) = map_headers(kind, ["area (ha)"])
    assert (use.column, use.unit) == ("area_m2", "ha")
    assert use.factor == 10_000


def test_names_under_any_heading_are_known_beside_numbers_merged_over_both_lines() -> None:
    upper = ["合同编号", "受让人", "面积与价款", "", "日期", ""]
    lower = ["", "", "出让面积(亩)", "成交价格(万元)", "签订日期", "约定开工时间"]
    names = header_names(Kind.CONTRACTS, [SourceRow(2, upper), SourceRow(3, lower)], None)
    assert names == ("合同编号", "受让人", *lower[2:])


@pytest.mark.parametrize(
    "upper",
    [
        ["合同编号", "变更前", "备注"],
        ["合同编号", "甲地块组", "乙地块组"],
        ["2020年供地台账", "2020年供地台账", "2020年供地台账"],
    ],
)
def test_a_heading_that_may_change_a_name_is_not_left_out(upper: list[str]) -> None:
    lower = ["合同编号", "面积(亩)", "面积(公顷)"]
    names = header_names(Kind.CONTRACTS, [SourceRow(1, upper), SourceRow(2, lower)], None)
    assert "面积(亩)" not in names


def test_the_field_names_of_cadastral_layers_are_known() -> None:
    assert used(Kind.PARCELS, "ZDDM", "BDCDYH", "ZDMJ", "YT") == [
        "parcel_id", "unit_code", "area_m2", "land_use"
    ]  # fmt: skip
    assert used(Kind.CONTRACTS, "ZDDM", "QLRMC", "ZDMJ", "YT", "ZL") == [
        "parcel_id", "holder", "area_m2", "land_use", "location"
    ]  # fmt: skip
    assert used(Kind.PARCELS, "DKBH", "DKMC") == ["parcel_id", None]


@pytest.mark.parametrize("header", ["DKMJ", "地块面积"])
def test_an_area_without_a_usual_unit_is_not_used_until_it_names_one(
    take_text: TakeIn, header: str
) -> None:
    taken = take_text(Kind.PARCELS, f"DKBH,{header}\nA1,20000\n")
    assert taken.codes == ["area_unit_unclear"]
    assert "area_m2" not in taken.only.values
    said = take_text(Kind.PARCELS, f"DKBH,{header}(公顷)\nA1,2\n")
    assert said.only.values["area_m2"] == 20_000
