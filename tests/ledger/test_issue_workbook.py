from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.ledger import check_report_target, write_issue_workbook

TakeIn: TypeAlias = Callable[..., Any]
TEXT = (
    "电子监管号,土地使用权人,约定开工时间,备注栏\n"
    "A1,某公司,待定,x\n"
    ',"=HYPERLINK(""http://x"")",2020-01-01,+1\n'
    "合计,,,\n"
)


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    from openpyxl import load_workbook

    book = load_workbook(path)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def test_the_report_says_what_became_of_the_file(tmp_path: Path, take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, TEXT)
    write_issue_workbook(tmp_path / "问题.xlsx", taken.intake, "zh")
    sheets = sheets_of(tmp_path / "问题.xlsx")
    assert list(sheets) == ["汇总", "表头", "问题", "待改 台账"]
    counts = {row[1]: row[2] for row in sheets["汇总"][1:]}
    assert (counts["数据行"], counts["收入（有提示）"], counts["拒收"]) == (3, 1, 1)
    assert counts["合计、注释等（未计）"] == 1
    assert counts["bad_date"] == 1
    unmapped = [row for row in sheets["表头"] if row[3] == "备注栏"]
    assert unmapped[0][6] == "不认识的表头，保留未用"
    assert [row[2] for row in sheets["问题"][2:]] == [2, 3, 4]
    assert "请写成 2019-03-04" in sheets["问题"][2][7]


def test_refused_rows_can_be_mended_and_imported_again(
    tmp_path: Path, take_text: TakeIn, take_in: TakeIn
) -> None:
    from openpyxl import load_workbook

    taken = take_text(Kind.CONTRACTS, TEXT)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, [taken.intake], "zh")
    book = load_workbook(report)
    sheet = book["待改 台账"]
    assert [cell.value for cell in sheet[3]][4:] == TEXT.splitlines()[0].split(",")
    assert [row[1].value for row in sheet.iter_rows(min_row=4)] == [3, 2]
    sheet["E4"] = "A2"
    book.save(report)
    again = take_in(Kind.CONTRACTS, report)
    assert [(record.key, record.retold) for record in again.records] == [
        ("A2", False),
        ("A1", True),
    ]
    assert again.records[0].values["holder"] == '=HYPERLINK("http://x")'
    assert again.codes == ["bad_date"]
    assert again.intake.tally.untouched == 1


def test_nothing_in_the_report_runs(tmp_path: Path, take_text: TakeIn) -> None:
    from openpyxl import load_workbook

    write_issue_workbook(tmp_path / "a.xlsx", take_text(Kind.CONTRACTS, TEXT).intake, "en")
    book = load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


def test_signs_that_excel_refuses_do_not_break_the_report(
    tmp_path: Path, take_text: TakeIn
) -> None:
    filler = "".join(f"B{number},工业用地\n" for number in range(600))
    taken = take_text(Kind.CONTRACTS, f"合同编号,土地用途\n{filler},甲\x0b\x01乙\n")
    write_issue_workbook(tmp_path / "a.xlsx", taken.intake, "zh")
    assert sheets_of(tmp_path / "a.xlsx")["待改 台账"][3][5] == "甲 乙"


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path, take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, TEXT)
    with pytest.raises(InputRefusedError) as refusal:
        write_issue_workbook(tmp_path / "没有" / "a.xlsx", taken.intake, "zh")
    assert "a.xlsx" in refusal.value.in_words("zh")
    assert list(tmp_path.glob("**/*.xlsx")) == []


def test_a_report_replaces_an_earlier_report_only(tmp_path: Path, take_text: TakeIn) -> None:
    from openpyxl import Workbook, load_workbook

    taken = take_text(Kind.CONTRACTS, TEXT)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, taken.intake, "zh")
    load_workbook(report).save(report)  # as Excel does: with shared strings
    check_report_target(report)
    write_issue_workbook(report, taken.intake, "en")
    assert "issues" in sheets_of(report)

    ledger = tmp_path / "别的台账.xlsx"
    Workbook().save(ledger)
    store = tmp_path / "库.xlsx"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE contracts (contract_id TEXT)")
    text = tmp_path / "文.xlsx"
    text.write_text("landwatch ▸", encoding="utf-8")
    for other in (ledger, store, text):
        before = other.read_bytes()
        with pytest.raises(InputRefusedError) as caught:
            write_issue_workbook(other, taken.intake, "zh")
        assert caught.value.code == "ledger.error.report_other"
        assert other.read_bytes() == before


def test_a_report_never_lands_on_the_file_that_is_read(tmp_path: Path, take_text: TakeIn) -> None:
    taken = take_text(Kind.CONTRACTS, TEXT)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, taken.intake, "zh")
    link, hard = tmp_path / "链接.xlsx", tmp_path / "硬链接.xlsx"
    link.symlink_to(report)
    hard.hardlink_to(report)
    for target in (report, link, hard, tmp_path / "." / "问题.xlsx"):
        with pytest.raises(InputRefusedError) as caught:
            check_report_target(target, report)
        assert caught.value.code == "ledger.error.report_is_source"
    check_report_target(report, tmp_path / "另一个.xlsx")


@pytest.mark.parametrize("name", ["库.gpkg", "问题", "台账.csv", "台账.xls"])
def test_a_report_is_named_xlsx(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRefusedError) as caught:
        check_report_target(tmp_path / name)
    assert caught.value.code == "ledger.error.report_name"
    assert caught.value.in_words("zh") != caught.value.in_words("en")


def test_what_two_cells_say_against_each_other_stands_beside_its_value(
    tmp_path: Path, take_text: TakeIn
) -> None:
    text = (
        "电子监管号,合同签订日期,约定开工时间,约定容积率下限,约定容积率上限\n"
        "A1,2020-03-04,2019-01-02,,\nA2,,,2.5,1.2\n"
    )
    write_issue_workbook(tmp_path / "问题.xlsx", take_text(Kind.CONTRACTS, text).intake, "zh")
    rows = sheets_of(tmp_path / "问题.xlsx")["问题"][2:]
    told = {row[6]: (row[3], row[4]) for row in rows}
    assert told["dates_out_of_order"] == ("约定开工时间", "2019-01-02")
    assert told["far_crossed"] in (("约定容积率下限", "2.5"), ("约定容积率上限", "1.2"))
