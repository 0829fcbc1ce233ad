"""Workbooks as clerks keep them: titles, headers of two lines, merged cells, totals and notes."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from landwatch.language.columns import Kind
from landwatch.ledger import IssueCode, Severity
from landwatch.ledger.asides import aside
from landwatch.ledger.header_lines import header_names
from landwatch.ledger.sheets import SourceRow
from landwatch.ledger.workbook_child import marks_of

TakeIn: TypeAlias = Callable[..., Any]
Rows: TypeAlias = Iterable[Sequence[object]]
Save: TypeAlias = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save one sheet of rows, with merged cells and hidden rows."""
    from openpyxl import Workbook

    def save_book(rows: Rows, merged: Sequence[str] = (), hidden: Sequence[int] = ()) -> Path:
        book = Workbook()
        sheet = book.worksheets[0]
        for told in rows:
            sheet.append(list(told))
        for place in merged:
            sheet.merge_cells(place)
        for number in hidden:
            sheet.row_dimensions[number].hidden = True
        book.save(tmp_path / "台账.xlsx")
        return tmp_path / "台账.xlsx"

    return save_book


LEDGER: list[list[object]] = [
    ["来凤县工业用地供应台账", *[None] * 9],
    ["填报单位：某局", None, None, "单位：公顷、万元", *[None] * 6],
    ["合同编号", "项目基本情况", None, "面积", "约定容积率", None, "合同约定", None, "实际情况",
     "成交价格"],
    [None, "项目名称", "受让人", None, "下限", "上限", "开工时间", "竣工时间", "开工时间", None],
    ["甲", "乙", "丙", 1, 2, 3, 4, 5, 6, 7],
    ["一、国家级园区", *[None] * 9],
    ["A1", "甲项目", "某公司", 1.5, 1.2, 2, "二〇二〇年六月三十日", "2022/6/30", 44012, 300],
    ["A2", "乙项目", "某厂", "２．５", 1, 2, "2020.6.30", "", "", "1,200"],
    ["小计", None, None, 4, None, None, None, None, None, 1500],
    ["合同编号", "项目名称", "受让人", "面积", "下限", "上限", "开工时间", "竣工时间", "开工时间",
     "成交价格"],
    ["合  计（公顷）", None, None, 4, None, None, None, None, None, 1500],
    ["注：本表数据截至2020年底。", *[None] * 9],
    ["填报人：张三", None, None, "审核人：李四", None, None, "填报日期：2020年12月31日"],
]  # fmt: skip
MERGED = ["A1:J1", "A3:A4", "B3:C3", "D3:D4", "E3:F3", "G3:H3", "J3:J4"]


def test_a_ledger_as_clerks_keep_it_is_read_whole(save: Save, take_in: TakeIn) -> None:
    taken = take_in(Kind.CONTRACTS, save(LEDGER, MERGED))
    first, second = taken.records
    assert first.row == 7
    assert first.values["project_name"] == "甲项目"
    assert first.values["holder"] == "某公司"
    assert first.values["area_m2"] == Decimal(15_000)
    assert (first.values["agreed_far_min"], first.values["agreed_far_max"]) == (Decimal("1.2"), 2)
    assert first.values["agreed_start_on"] == date(2020, 6, 30)
    assert first.values["agreed_completion_on"] == date(2022, 6, 30)
    assert first.values["actual_start_on"] == date(2020, 6, 30)
    assert second.values["area_m2"] == Decimal(25_000)
    assert second.values["price_wan"] == Decimal(1200)
    assert "actual_start_on" not in second.values
    tally = taken.intake.tally
    assert (tally.rows, tally.set_aside, tally.refused, tally.adds_up) == (9, 7, 0, True)
    asides = [issue for issue in taken.issues if issue.severity is Severity.ASIDE]
    assert [(issue.row, issue.code.value) for issue in asides] == [
        (5, "column_numbers"), (6, "heading_row"), (9, "total_row"), (10, "header_repeated"),
        (11, "total_row"), (12, "note_row"), (13, "note_row"),
    ]  # fmt: skip
    said = next(issue for issue in taken.issues if issue.code == "units_above")
    assert said.values["columns"] == "面积"


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_the_same_ledger_saved_by_another_program_is_read_the_same(
    suffix: str, save: Save, take_in: TakeIn, tmp_path: Path
) -> None:
    path = save(LEDGER, MERGED)
    whole = take_in(Kind.CONTRACTS, path)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
               "--convert-to", suffix, "--outdir", str(tmp_path), str(path)]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    except FileNotFoundError:
        pytest.skip("LibreOffice is not on this machine")
    again = take_in(Kind.CONTRACTS, path.with_suffix(f".{suffix}"))
    assert [record.values for record in again.records] == [r.values for r in whole.records]
    assert again.codes == whole.codes


def test_a_csv_that_forgot_its_merged_cells_is_read_by_its_blanks(take_text: TakeIn) -> None:
    text = "合同编号,面积,,约定容积率,\n,公顷,亩,下限,上限\nA1,1,15,1,2\nA2,2,30,1,2\n"
    taken = take_text(Kind.CONTRACTS, text)
    values = taken.records[0].values
    assert (values["area_m2"], values["area_mu"]) == (10_000, 15)
    assert (values["agreed_far_min"], values["agreed_far_max"]) == (1, 2)


def test_a_line_of_units_belongs_to_the_header(save: Save, take_in: TakeIn) -> None:
    rows = [["合同编号", "面积", "成交价格", "投资强度"], [None, "亩", "元", "万元/公顷"],
            ["A1", 30, 3_000_000, 3000]]  # fmt: skip
    values = take_in(Kind.CONTRACTS, save(rows)).only.values
    assert values["area_mu"] == 30
    assert values["price_wan"] == 300
    assert values["agreed_intensity_wan_per_mu"] == 200


def test_a_unit_in_the_upper_line_holds_for_those_under_it(save: Save, take_in: TakeIn) -> None:
    rows = [["合同编号", "核查日期", "投资（亿元）", None],
            [None, None, "已投资额", "固定资产投资"],
            ["A1", "2020-06-30", 1.2, 0.5]]  # fmt: skip
    taken = take_in(Kind.PROGRESS, save(rows, ["A1:A2", "B1:B2", "C1:D1"]))
    assert taken.only.values["invested_wan"] == 12_000
    assert taken.only.values["fixed_assets_wan"] == 5_000


def test_whose_start_it_is_is_never_guessed(save: Save, take_in: TakeIn) -> None:
    rows = [["合同编号", "时间节点", None], [None, "开工时间", "竣工时间"],
            ["A1", "2020-06-30", "2022-06-30"]]  # fmt: skip
    taken = take_in(Kind.CONTRACTS, save(rows, ["A1:A2", "B1:C1"]))
    assert taken.only.values.keys() == {"contract_id", "contract_no"}


@pytest.mark.parametrize(
    ("line", "header", "cell", "column", "told"),
    [
        ("单位：亩", "面积", "30", "area_mu", Decimal(30)),
        ("面积单位：公顷  金额单位：元", "面积", "3", "area_m2", Decimal(30_000)),
        ("面积单位：公顷  金额单位：元", "成交价格", "3000000", "price_wan", Decimal(300)),
        ("（单位：万元/公顷）", "投资强度", "3000", "agreed_intensity_wan_per_mu", Decimal(200)),
        ("填报单位：某公顷局", "成交价格", "30", "price_wan", Decimal(30)),
        ("单位：公顷、亩", "成交价格", "30", "price_wan", Decimal(30)),
        ("单位：元", "成交价格(万元)", "30", "price_wan", Decimal(30)),
        ("单位：元", "price_wan", "30", "price_wan", Decimal(30)),
    ],
)
def test_the_units_of_a_line_above_hold_where_a_header_names_none(
    line: str, header: str, cell: str, column: str, told: Decimal, take_text: TakeIn
) -> None:
    text = f"某台账,\n{line},\n合同编号,{header}\nA1,{cell}\n"
    assert take_text(Kind.CONTRACTS, text).only.values[column] == told


def test_text_of_merged_cells_is_every_rows_and_numbers_are_the_firsts(
    save: Save, take_in: TakeIn
) -> None:
    rows = [
        ["合同编号", "受让人", "宗地编号", "总投资额(万元)", "签订日期"],
        ["A1", "某公司", "Z1", 5000, "2020-06-30"],
        ["A2", None, "Z2", None, None],
        ["A3", "某厂", None, 100, None],
    ]
    taken = take_in(Kind.CONTRACTS, save(rows, ["B2:B3", "D2:D3", "E2:E4", "C3:C4"]))
    first, second, third = (record.values for record in taken.records)
    assert [one.get("holder") for one in (first, second, third)] == ["某公司", "某公司", "某厂"]
    assert {one["signed_on"] for one in (first, second, third)} == {date(2020, 6, 30)}
    assert "agreed_total_investment_wan" not in second
    assert "parcel_id" not in third
    assert [issue.values["count"] for issue in taken.issues] == [4]


def test_a_day_merged_over_all_visits_is_the_day_of_each(save: Save, take_in: TakeIn) -> None:
    rows = [
        ["合同编号", "核查日期", "来源", "是否动工", "已投资额"],
        ["A1", "2020-06-30", "现场核查", "是", 100],
        ["A2", None, None, "否", None],
        [None, None, None, "否", None],
    ]
    taken = take_in(Kind.PROGRESS, save(rows, ["B2:B4", "C2:C3", "E2:E3", "A3:A4"]))
    first, second = taken.records
    assert second.values["observed_on"] == first.values["observed_on"] == date(2020, 6, 30)
    assert second.values["source"] == "inspection"
    assert "invested_wan" not in second.values
    assert [(row.row, row.issues[0].code.value) for row in taken.refused] == [
        (4, "missing_required")
    ]


def test_hidden_rows_are_read_and_said(save: Save, take_in: TakeIn) -> None:
    rows = [["合同编号", "土地用途"], *[[f"A{n}", "工业"] for n in range(20)]]
    taken = take_in(Kind.CONTRACTS, save(rows, hidden=range(3, 16)))
    assert taken.intake.tally.accepted == 20
    assert taken.codes == ["rows_hidden"]
    assert taken.issues[0].values["count"] == 13
    assert "3、4、5" in taken.issues[0].in_words("zh")


def test_a_sheet_of_another_kind_is_named_and_left(
    write_book: Callable[..., Path], take_in: TakeIn
) -> None:
    path = write_book(
        {
            "供地": [["合同编号", "受让人"], ["A1", "某公司"]],
            "进度": [["合同编号", "核查日期", "来源", "是否动工", "已投资额"],
                   ["A1", "2020-01-01", "现场核查", "是", 1]],
        }
    )  # fmt: skip
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.only.sheet == "供地"
    assert [(issue.code.value, issue.sheet) for issue in taken.issues] == [
        ("sheet_other_kind", "进度")
    ]
    assert "import progress" in taken.issues[0].in_words("zh")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["合计", "", "", "3"], IssueCode.TOTAL_ROW),
        (["", "总 计：", "", "3"], IssueCode.TOTAL_ROW),
        (["全县合计", "", "", "3"], IssueCode.TOTAL_ROW),
        (["2020年小计(公顷)", "", "", "3"], IssueCode.TOTAL_ROW),
        (["备注：见附件", "", "", ""], IssueCode.NOTE_ROW),
        (["制表人：", "", "审核人：", ""], IssueCode.NOTE_ROW),
        (["*以上数据未经审计", "", "", ""], IssueCode.NOTE_ROW),
        (["（二）省级园区", "", "", ""], IssueCode.HEADING_ROW),
        (["1", "2", "3", "4"], IssueCode.COLUMN_NUMBERS),
        (["甲", "乙", "(1)", "(2)"], IssueCode.COLUMN_NUMBERS),
        (["编号", "项目", "面积", "价格"], IssueCode.HEADER_REPEATED),
        (["A1", "合计", "", "3"], None),
        (["**公司", "甲项目", "1", "2"], None),
        (["1", "2", "3", "5"], None),
        (["二、甲公司", "乙", "", "3"], None),
        (["会计所", "", "", ""], None),
        (["备注栏", "", "", "3"], None),
    ],
)
def test_what_is_no_entry_is_set_aside(cells: list[str], code: IssueCode | None) -> None:
    assert aside(cells, ["编号", "项目", "面积", "价格"]) is code


def test_what_is_set_aside_is_neither_refused_nor_kept(take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, "合同编号,土地用途\nA1,工业\n合计,1\n")
    assert [issue.severity for issue in taken.issues] == [Severity.ASIDE]
    assert taken.refused == []
    assert taken.only.key == "A1"


def test_header_lines_name_what_no_line_names_alone() -> None:
    rows = [
        SourceRow(1, ["约定情况", "约定情况", "面积"]),
        SourceRow(2, ["开工时间", "竣工时间", "亩"]),
    ]
    names = header_names(Kind.CONTRACTS, rows, ())
    assert names == ("约定开工时间", "约定竣工时间", "面积(亩)")


def test_headings_of_any_name_do_not_hide_numbers_merged_over_both_lines(
    save: Save, take_in: TakeIn
) -> None:
    path = save(
        [
            ["2020年供地台账", *[None] * 5],
            ["合同编号", "受让人", "面积与价款", None, "日期", None],
            [None, None, "出让面积(亩)", "成交价格(万元)", "签订日期", "约定开工时间"],
            ["LZ-1", "甲公司", 30, 400, date(2020, 1, 1), date(2020, 7, 1)],
        ],
        merged=["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"],
    )
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.only.key == "LZ-1"
    told = taken.only.values
    assert (told["area_mu"], told["price_wan"]) == (30, 400)
    assert (told["signed_on"], told["agreed_start_on"]) == (date(2020, 1, 1), date(2020, 7, 1))


def test_a_formula_without_a_saved_value_is_unreadable_and_not_empty(
    save: Save, take_in: TakeIn
) -> None:
    headers = [
        "合同编号",
        "受让人",
        "出让面积(亩)",
        "成交价格(万元)",
        "合同签订日期",
        "约定开工时间",
    ]
    path = save(
        [
            headers,
            ["LZ-1", "甲公司", 30, "=D3+1", "=DATE(2020,1,1)", date(2020, 7, 1)],
            ["LZ-2", "甲公司", 30, 400, "2020-01-01", None],
        ]
    )
    taken = take_in(Kind.CONTRACTS, path)
    first, second = taken.records
    assert {"price_wan", "signed_on"} <= set(first.unreadable)
    assert not second.unreadable
    assert taken.codes.count("excel_error") == 2
    (notice,) = (issue for issue in taken.issues if issue.code == "formula_without_value")
    assert "D2、E2" in notice.in_words("zh")


@pytest.mark.parametrize(
    ("cell", "is_bare"),
    [
        ('<c r="AB7"><f>A1+1</f><v></v></c>', True),
        ('<c r="AB7" s="3"><f>A1+1</f></c>', True),
        ('<x:c r="AB7"><x:f t="shared" si="0"/><x:v/></x:c>', True),
        ('<c r="AB7"><f>A1+1</f><v>0</v></c>', False),
        ('<c r="AB7" t="str"><f>IF(A1,1,"")</f><v></v></c>', False),
        ('<c r="AB7" t="e"><f>1/0</f><v>#DIV/0!</v></c>', False),
        ('<c r="AB7"/><c r="AC7"><v>1</v></c>', False),
    ],
)
def test_only_a_formula_that_has_no_value_is_taken_for_one(
    cell: str, is_bare: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    for before in (0, (1 << 20) - 30):  # a piece of what is read ends inside the cell
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("a.xml", f"<row>{' ' * before}{cell}</row>")
        assert marks_of((str(path), "a.xml"))[1] == ({(6, 27)} if is_bare else set())
