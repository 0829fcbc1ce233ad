"""The workbook read back: numbers that add up, both languages, nothing that runs, a form."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from landwatch.errors import LandwatchError
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.ledger.intake import read_ledger
from landwatch.mapping.style import COLOURS
from landwatch.reports.finding_sheet import figure
from landwatch.reports.workbook import ReportData, write_report

SHEETS = {
    "zh": ["汇总", "问题清单", "核查清单", "台账缺项", "缺项明细"],
    "en": ["Summary", "Findings", "Visit list", "Gaps of the ledger", "Gaps by contract"],
}


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


@pytest.fixture
def path(report: ReportData, tmp_path: Path) -> Path:
    write_report(tmp_path / "report.xlsx", report, "zh")
    return tmp_path / "report.xlsx"


@pytest.fixture
def book(path: Path) -> Any:
    return opened(path)


def lines(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def table(book: Any, title: str) -> dict[str, tuple[Any, ...]]:
    """Return a table of the summary by its first column, up to the blank line after it."""
    rows = lines(book, "汇总")
    start = next(at for at, row in enumerate(rows) if row[0] == title)
    found = {}
    for row in rows[start + 1 :]:
        if not any(row):
            break
        found[row[0]] = row[1:]
    return found


def test_a_contract_counts_once_in_its_park_and_every_line_adds_up(book: Any) -> None:
    counts = table(book, "各园区合同数")
    assert counts["东园"] == (1, 2, 0, 0, 0, 0, 0, 0, 3, 1)
    assert counts["西园"] == (0, 0, 1, 0, 0, 0, 1, 0, 2, 0)
    assert counts["（不在园区内）"] == (0, 0, 0, 0, 1, 0, 0, 0, 1, 0)
    assert counts["合计"] == (1, 2, 1, 0, 1, 0, 1, 0, 6, 1)


def test_areas_add_up_and_leave_out_what_was_not_told(book: Any) -> None:
    areas = table(book, "各园区面积（亩）")
    assert areas["东园"][:2] == (102.76128, 30)
    assert areas["东园"][8] == pytest.approx(132.76128)
    assert areas["合计"][8] == pytest.approx(102.76128 + 30 + 15.5 + 20 + 7)


def test_every_rule_speaks_once_of_every_contract(book: Any) -> None:
    rules = table(book, "各规则的结论（合同数）")
    assert rules["满一年未动工 O53.A1"] == (1, 1, 0, 0, 0, 0, 3, 1, 6, 616.5)
    assert rules["按期开工 GC.START"] == (0, 1, 1, 0, 1, 2, 1, 0, 6, None)
    assert rules["投资强度 LZ.INTENSITY"] == (1, 1, 0, 0, 2, 0, 0, 2, 6, 0.1)


def test_money_is_never_added_over_rules(book: Any) -> None:
    summed = {cell for row in lines(book, "汇总") for cell in row if cell == pytest.approx(616.6)}
    assert summed == set()
    assert any("不得相加" in str(row[0]) for row in lines(book, "汇总"))


def test_the_rules_of_a_park_add_up_to_its_contracts(book: Any) -> None:
    parks = table(book, "各园区各规则的结论（合同数）")
    assert parks["东园 · 满一年未动工 O53.A1"] == (1, 1, 0, 0, 0, 0, 1, 0, 3, None)
    assert parks["西园 · 按期开工 GC.START"] == (0, 0, 1, 0, 0, 0, 1, 0, 2, None)
    assert "西园 · 投资强度 LZ.INTENSITY" not in parks


def test_the_summary_says_the_day_the_scan_and_that_all_is_suspected(book: Any) -> None:
    words = " ".join(str(row[0]) for row in lines(book, "汇总"))
    assert "演示园区供地履约检查" in words
    assert "截至 2021-09-01 · 第 7 次核对" in words
    assert "涉嫌" in words
    assert (
        "闲置土地处置办法（order-53-2012，部门规章，版本 0123456789ab；适用：东园、西园）" in words
    )


def test_findings_stand_the_gravest_first_in_the_colours_of_the_map(book: Any) -> None:
    sheet = book["问题清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [(row[0], row[1]) for row in rows] == [
        ("涉嫌未达标", "C1"), ("涉嫌未达标", "C1"), ("存疑待核", "C2"), ("存疑待核", "C2"),
        ("存疑待核", "C3"), ("临期", "C4"),
    ]  # fmt: skip
    first, second = sheet["A5"].fill, sheet["A6"].fill
    assert first.fgColor.rgb == f"FF{COLOURS[Gravity.BREACH][1:].upper()}"
    assert (first.fill_type, second.fill_type) == ("solid", "lightUp")
    assert sheet.freeze_panes == "A5" and sheet.auto_filter.ref == "A4:Q10"


def test_a_finding_is_told_in_words(book: Any) -> None:
    header, breach, near = list(book["问题清单"].iter_rows(min_row=4, max_row=6))
    told = {str(name.value): cell.value for name, cell in zip(header, breach, strict=True)}
    assert told["园区"] == "东园" and told["面积（亩）"] == 102.76128
    assert told["限期"].date() == date(2020, 6, 30) and told["超期天数"] == 428
    assert told["可采取的处置"] == "征缴土地闲置费、依法收回土地使用权"
    assert told["说明"] == "约定开工日 2019-06-30，最后一日 2020-06-30。"
    shown = {str(name.value): cell for name, cell in zip(header, near, strict=True)}
    assert shown["实测"].value == 149.999999 and shown["实测"].number_format == "0.000000"


def test_nothing_in_the_workbook_is_a_formula(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    hostile = [cell for cell in cells if str(cell.value).startswith(("=", "@", "-1"))]
    assert {cell.value for cell in hostile} == {'=HYPERLINK("http://x")', "@SUM(1)", "-1+1"}
    assert all(cell.quotePrefix for cell in hostile)


def test_the_visit_list_has_one_row_a_contract_in_order_of_place(book: Any) -> None:
    header, *rows = lines(book, "核查清单")
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["合同主键"], one["项目位置"]) for one in told] == [
        ("C3", "经一路"),
        ("C2", "经二路"),
    ]
    assert told[1]["看什么"] == "是否动工、固定资产投资"
    assert told[1]["有关规则"] == "满一年未动工、投资强度"
    assert told[1]["逾期起始日"].date() == date(2020, 4, 2)
    assert header[9:] == (
        "核查日期", "来源", "核查人", "是否动工", "固定资产投资（万元）", "备注",
    )  # fmt: skip
    assert rows[0][9:] == (None, "现场核查", None, None, None, None)


def test_a_visit_is_told_what_to_look_at_by_name_and_goes_along_the_street(
    report: ReportData, tmp_path: Path
) -> None:
    told = {
        "GC.COMPLETE": ("stale:observed_on=2021-01-01", [], "是否竣工"),
        "LZ.PRODUCE": ("missing:in_production_on", [], "是否投产"),
        "O53.B": ("stale:observed_on=2021-01-01", ["started", "invested_wan"], "是否中止"),
        "O53.A1": ("stale:observed_on=2021-01-01", ["price_wan", "started"], "是否动工"),
        "GC.START": ("works_without_permit", ["started"], "有无施工许可"),
        "LZ.INTENSITY": ("conflict", [], "投资强度"),
    }
    first, contracts, found = next(iter(report.findings)), [], []
    for at, (rule, (reason, facts, _)) in enumerate(told.items()):
        place = f"纬一路{12 - at}号"
        contracts.append({**report.contracts[0], "contract_id": f"V{at}", "location": place})
        row = {**first, "contract_id": f"V{at}", "rule": rule, "reason": reason, "zone_id": "Z1"}
        row |= {"status": "unknown", "to_verify": True}
        found.append(row | {"facts": [{"name": name} for name in facts]})
    path = tmp_path / "visits.xlsx"
    write_report(path, replace(report, contracts=contracts, findings=found), "zh")
    _, *rows = lines(opened(path), "核查清单")
    assert [row[4] for row in rows] == [f"纬一路{number}号" for number in range(7, 13)]
    assert [row[6] for row in reversed(rows)] == [words for _, _, words in told.values()]


def test_the_moment_of_the_report_is_that_of_the_office_with_its_zone(
    report: ReportData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        write_report(tmp_path / "report.xlsx", report, "zh")
    finally:
        monkeypatch.undo()
        time.tzset()
    words = str(lines(opened(tmp_path / "report.xlsx"), "汇总")[1][0])
    assert words.endswith("制表 2021-09-02 16:30 (UTC+08:00)")


def test_paper_takes_the_findings_up_to_their_explanation(book: Any) -> None:
    sheet = book["问题清单"]
    assert sheet.print_area == "'问题清单'!$A$1:$J$10"
    assert sheet["J4"].value == "说明"


def test_figures_are_short_and_never_read_as_a_limit_they_miss() -> None:
    assert figure(Decimal("23.333333"), Decimal(150)).look.shows == "0.00"
    assert figure(Decimal("0.333333"), Decimal("0.6")).look.shows == "0.0000"
    assert figure(Decimal("0.999999"), Decimal(1)).look.shows == "0.000000"
    assert figure(149.999999, 150).look.shows == "0.000000"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_filled_visit_list_is_imported_as_progress(
    report: ReportData, tmp_path: Path, lang: str
) -> None:
    write_report(tmp_path / "report.xlsx", report, lang)
    book = opened(tmp_path / "report.xlsx")
    sheet = book[SHEETS[lang][2]]
    sheet["J2"], sheet["M2"], sheet["O2"] = date(2021, 9, 3), "是", "已打桩"
    sheet["N2"] = 120
    book.save(tmp_path / "filled.xlsx")
    intake = read_ledger(Kind.PROGRESS, tmp_path / "filled.xlsx")
    records = [record for batch in intake.batches() for record in batch.records]
    assert [record.values for record in records] == [
        {
            "contract_id": "C3",
            "observed_on": date(2021, 9, 3),
            "source": "inspection",
            "started": True,
            "fixed_assets_wan": 120,
            "note": "已打桩",
        }
    ]
    assert intake.tally.rows == 2 and intake.tally.refused == 1  # C2 was not visited yet


def test_gaps_are_grouped_by_fact_with_their_contracts(book: Any) -> None:
    rows = lines(book, "台账缺项")[3:]
    assert rows == [
        ("出让面积", "area_m2", 2, 7, "投资强度 LZ.INTENSITY", "C3、C6"),
        ("约定开工时间", "agreed_start_on", 1, 7, "按期开工 GC.START", "C6"),
    ]
    by_contract = {row[0]: row[5:] for row in lines(book, "缺项明细")[3:]}
    assert by_contract == {"C3": (1, "出让面积"), "C6": (2, "出让面积、约定开工时间")}


def test_every_speaking_finding_is_listed_or_a_gap(book: Any, rows: list[Any]) -> None:
    listed = len(lines(book, "问题清单")) - 4
    gaps = sum(row[2] for row in lines(book, "台账缺项")[3:])
    assert listed + gaps == len(rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_print_on_a4_across_with_their_header(
    report: ReportData, tmp_path: Path, lang: str
) -> None:
    write_report(tmp_path / "report.xlsx", report, lang)
    book = opened(tmp_path / "report.xlsx")
    assert book.sheetnames == SHEETS[lang]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.oddFooter.right.text == "&P / &N"
    assert [sheet.print_title_rows for sheet in book][1:] == ["$4:$4", "$1:$1", "$3:$3", "$3:$3"]


def test_a_report_of_an_empty_ledger_is_whole(report: ReportData, tmp_path: Path) -> None:
    empty = ReportData("空", report.as_of, None, report.made_at, [], [], [], [], {}, [])
    write_report(tmp_path / "empty.xlsx", empty, "zh")
    book = opened(tmp_path / "empty.xlsx")
    assert book.sheetnames == SHEETS["zh"]
    assert table(book, "各园区合同数")["合计"][8] == 0


def test_a_folder_that_is_not_there_is_told_in_words(report: ReportData, tmp_path: Path) -> None:
    with pytest.raises(LandwatchError, match="cannot be written"):
        write_report(tmp_path / "nowhere" / "report.xlsx", report, "zh")
