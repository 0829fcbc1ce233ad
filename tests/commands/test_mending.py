"""A clerk mends the rows of a report and imports it again: only what was mended changes."""

from __future__ import annotations

import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from landwatch.bootstrap import the_store
from landwatch.language.columns import Kind
from tests.commands.conftest import Door, Said
from tests.commands.mended import FIRST_ROW, HEADERS, NUMBER, Report

HEAD = "电子监管号,行政区,项目名称,土地使用权人,面积,成交价格,合同签订日期,约定开工时间,备注栏"
LEDGER = f"""某开发区供地台账,,,,,,,,
单位：公顷、万元,,,,,,,,
{HEAD}
A1,皋兰县,一号厂房,甲公司,1.25,320.5,2019-03-04,2019-06-01,
A2,皋兰县,二号厂房,乙公司,0,0,2019-03-04,待定,x
,皋兰县,三号厂房,"=HYPERLINK(""http://x"")",2.5,500,2019-05-01,2019-09-01,+1
A4,皋兰县,四号厂房,丁公司,2.2,500,2019-05-01,2018-09-01,
A2,榆中县,五号厂房,戊公司,2,500,2019-05-01,2019-09-01,
2019-05-01,丙,0.3,,,,2.5,甲公司,己
合计,,,,8,,,,
"""
# The rows of LEDGER as Excel counts them.
DOUBTFUL, MADE, EARLY, TWICE, SLID = 5, 6, 7, 8, 9


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def reported(door: Door, path: Path, kind: str = "contracts", *words: object) -> Report:
    """Import a file and open its report."""
    out = path.with_name("问题.xlsx")
    said = door("import", kind, path, "--report", out, *words)
    assert said.code in (0, 3), said.err
    return Report(out)


def again(door: Door, path: Path, kind: str = "contracts", *words: object) -> dict[str, Any]:
    """Import a report and return what became of its rows."""
    said = door("import", kind, path, "--json", *words)
    assert said.code in (0, 3), said.err
    answer: dict[str, Any] = json.loads(said.out)
    return answer


def kept(door: Door, kind: Kind = Kind.CONTRACTS) -> dict[str, dict[str, Any]]:
    """Return what the store holds of each key, later rows over earlier ones."""
    told: dict[str, dict[str, Any]] = {}
    for row in the_store(str(door.store)).columns(kind, geometry=True).to_pylist():
        values = told.setdefault(row["key"], {})
        marked = ((row["cleared"] or "") + (row["unreadable"] or "")).split(";")
        own = ("record_id", "import_id", "key", "row", "cleared", "unreadable")
        for name, value in row.items():
            if name not in own and (value is not None or name in marked):
                values[name] = value
    return told


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which no sentence is broken."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def given(ready: Door, tmp_path: Path) -> Report:
    """The report of a ledger with everything that is wrong with ledgers."""
    return reported(ready, written(tmp_path / "台账.csv", LEDGER, "gb18030"))


def test_refused_rows_stand_first_and_good_rows_and_totals_are_not_there(given: Report) -> None:
    assert given.only.numbers() == [TWICE, SLID, DOUBTFUL, MADE, EARLY]
    assert [given.only.state(number)[0] for number in given.only.numbers()] == list("✗✗△△△")
    assert "待定" in given.only.words(DOUBTFUL) and "请写成 2019-03-04" in given.only.words(
        DOUBTFUL
    )
    assert given.only.header(given.only.column("面积")) == "面积（公顷）"
    assert "第 8 行" in given.only.words(DOUBTFUL), "the row that has the same number is named"


def test_offending_cells_are_coloured_and_numbers_stay_numbers(given: Report) -> None:
    def colour(number: int, header: str) -> str | None:
        fill = given.only.cell(number, header).fill
        return str(fill.fgColor.rgb)[2:] if fill.fill_type else None

    assert colour(DOUBTFUL, "约定开工时间") == colour(DOUBTFUL, "面积") == "FFE8A3"
    assert colour(EARLY, "约定开工时间") == colour(EARLY, "合同签订日期") == "FFE8A3"
    assert colour(TWICE, "电子监管号") == "F4A78F"
    assert colour(DOUBTFUL, "项目名称") is None
    assert given.only.cell(MADE, "面积").value == 2.5
    assert given.only.cell(MADE, "土地使用权人").data_type == "s"
    assert given.only.cell(MADE, "土地使用权人").number_format == "@"


def test_the_sheet_is_frozen_and_filtered_and_hides_what_leads_it_back(given: Report) -> None:
    sheet = given.only.sheet
    assert sheet.freeze_panes == "E4"
    assert sheet.auto_filter.ref == f"A3:M{sheet.max_row}"
    assert sheet.column_dimensions["A"].hidden and sheet.row_dimensions[2].hidden
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    note = sheet.cell(HEADERS, given.only.column("约定开工时间")).comment
    assert "2019-03-04" in note.text and note.author == "landwatch"


def test_a_report_that_nobody_mended_changes_nothing(ready: Door, given: Report) -> None:
    before = kept(ready)
    told = again(ready, given.path)
    assert (told["rows"], told["refused"], told["accepted_with_remarks"]) == (5, 2, 3)
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 3)
    assert told["untouched"] == 5
    assert kept(ready) == before
    said = ready("import", "contracts", given.path)
    assert "5 行没有改动" in said.err


def test_only_the_mended_row_changes(ready: Door, given: Report) -> None:
    before = kept(ready)
    given.mend(DOUBTFUL, "约定开工时间", "2019-10-01")
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["unchanged"], told["untouched"]) == (0, 1, 2, 4)
    after = kept(ready)
    assert str(after["A2"].pop("agreed_start_on")) == "2019-10-01"
    before["A2"].pop("agreed_start_on")
    assert after == before


def test_what_the_ledger_learnt_since_is_not_undone_by_a_row_that_nobody_mended(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    since = written(tmp_path / "七月.csv", "电子监管号,成交价格(万元)\nA4,777\nA2,888\n")
    ready.does("import", "contracts", since)
    given.mend(DOUBTFUL, "项目名称", "二号厂房（二期）")
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 1, 2)
    after = kept(ready)
    assert after["A4"]["price_wan"] == 777
    assert after["A2"]["price_wan"] == 888, "the cell of the report told no price"
    assert after["A2"]["project_name"] == "二号厂房（二期）"


def test_a_refused_row_that_is_mended_is_new(ready: Door, given: Report) -> None:
    given.mend(TWICE, "电子监管号", "A5")
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["refused"]) == (1, 0, 1)
    assert kept(ready)["A5"]["area_m2"] == 20000


def test_a_row_refused_for_its_neighbour_is_refused_again_while_its_number_stays(
    ready: Door, given: Report
) -> None:
    before = kept(ready)
    given.mend(TWICE, "成交价格", 600)
    said = ready("import", "contracts", given.save())
    assert said.code == 3
    assert "编号「A2」在第 6 行已用于" in said.err
    assert kept(ready) == before


def test_a_row_refused_for_its_neighbour_is_taken_once_they_agree(
    ready: Door, given: Report
) -> None:
    given.mend(TWICE, "行政区", "皋兰县")
    given.mend(TWICE, "土地使用权人", "乙公司")
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["refused"]) == (0, 1, 1)
    assert kept(ready)["A2"]["price_wan"] == 500


@pytest.mark.parametrize("number", [None, "A3"], ids=["still without a number", "with its number"])
def test_a_contract_whose_key_was_made_stays_one_contract(
    ready: Door, given: Report, number: str | None
) -> None:
    keys = set(kept(ready))
    (made,) = (key for key in keys if key.startswith("row-"))
    given.mend(MADE, "土地使用权人", "丙公司")
    given.mend(MADE, "电子监管号", number)
    said = ready("import", "contracts", given.save())
    assert said.code == 3 and made in said.err
    after = kept(ready)
    assert set(after) == keys
    assert after[made]["holder"] == "丙公司"
    assert after[made].get("supervision_no") == number
    assert after[made]["contract_id"] == made


def test_a_wrong_number_that_is_mended_stays_in_the_ledger_and_it_is_said(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    since = written(tmp_path / "七月.csv", "电子监管号,成交价格(万元)\nA4,777\n")
    ready.does("import", "contracts", since)
    before = kept(ready)["A4"]
    given.mend(EARLY, "电子监管号", "A40")
    said = ready("import", "contracts", given.save())
    assert "原按「A4」收入，改正后归「A40」" in said.err and "landwatch undo" in said.err
    after = kept(ready)
    assert after["A40"]["holder"] == "丁公司"
    assert after["A4"] == before, "more may have been learnt of it since"


def test_of_two_rows_under_one_number_each_gets_its_own(ready: Door, tmp_path: Path) -> None:
    text = f"{HEAD}\nB1,,一期,甲公司,1(公顷),5,2019-03-04,2019-06-01,\nB1,,二期,甲公司,,7,,,\n"
    text = text.replace("面积", "面积(公顷)").replace("1(公顷)", "1")
    report = reported(ready, written(tmp_path / "台账.csv", text))
    assert report.only.numbers() == [2, 3]
    assert report.only.state(2).startswith("↔") and "第 3 行" in report.only.words(2)
    report.mend(3, "电子监管号", "B2")
    told = again(ready, report.save())
    assert (told["new"], told["changed"]) == (1, 1)
    after = kept(ready)
    assert after["B2"]["price_wan"] == 7 and "area_m2" not in after["B2"]
    assert (after["B1"]["price_wan"], after["B1"]["project_name"]) == (5, "一期")
    assert after["B1"]["area_m2"] == 10000


def test_an_emptied_cell_is_forgotten_and_it_is_said(ready: Door, given: Report) -> None:
    given.mend(EARLY, "约定开工时间", None)
    said = ready("import", "contracts", given.save())
    assert "「约定开工时间」在报告中被清空" in said.err
    assert kept(ready)["A4"]["agreed_start_on"] is None


def test_a_row_that_the_clerk_adds_is_new_and_one_that_is_deleted_stays(
    ready: Door, given: Report
) -> None:
    sheet = given.only.sheet
    row = sheet.max_row + 1
    for header, value in (("电子监管号", "A9"), ("面积", 3), ("合同签订日期", "2020-01-01")):
        sheet.cell(row, given.only.column(header), value)
    sheet.delete_rows(given.only.row_of(EARLY))
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["rows"]) == (1, 0, 5)
    assert kept(ready)["A9"]["area_m2"] == 30000
    assert kept(ready)["A4"]["price_wan"] == 500


def test_columns_may_be_moved_added_and_renamed(ready: Door, given: Report) -> None:
    sheet = given.only.sheet
    sheet.insert_cols(6)
    sheet.cell(HEADERS, 6, "合同编号")
    sheet.cell(given.only.row_of(EARLY), 6, "合2019-4")
    told = again(ready, given.save())
    assert (told["new"], told["changed"]) == (0, 1)
    assert kept(ready)["A4"]["contract_no"] == "合2019-4"
    report = Report(given.path)
    at = report.only.column("面积")
    report.only.sheet.cell(HEADERS, at, "面积（亩）")
    again(ready, report.save())
    assert kept(ready)["A4"]["area_mu"] == Decimal("2.2")


def test_a_column_or_tag_that_was_deleted_refuses_the_sheet(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    before = kept(ready)
    for delete, at, said in (
        ("delete_cols", 8, "有的列被删除"),
        ("delete_cols", 1, "隐藏的 A 列或第 2 行被删改"),
        ("delete_rows", 2, "隐藏的 A 列或第 2 行被删改"),
    ):
        report = Report(given.path)
        getattr(report.only.sheet, delete)(at)
        told = ready("import", "contracts", report.save(tmp_path / "改.xlsx"))
        assert told.code == 3 and said in told.err
    assert kept(ready) == before


def test_rows_of_which_only_some_columns_were_sorted_are_refused(
    ready: Door, given: Report
) -> None:
    before = kept(ready)
    sheet = given.only.sheet
    rows = [
        [sheet.cell(row, at).value for at in range(5, sheet.max_column + 1)]
        for row in given.only.rows()
    ]
    for row, values in zip(given.only.rows(), [*rows[1:], rows[0]], strict=True):
        for at, value in enumerate(values, start=5):
            sheet.cell(row, at).value = value
    told = again(ready, given.save())
    assert told["refused"] == told["rows"] == 5
    assert kept(ready) == before


def test_rows_sorted_as_a_whole_are_still_themselves(ready: Door, given: Report) -> None:
    sheet = given.only.sheet
    rows = [[cell.value for cell in sheet[row]] for row in given.only.rows()]
    for row, values in zip(given.only.rows(), reversed(rows), strict=True):
        for at, value in enumerate(values, start=1):
            sheet.cell(row, at).value = value
            sheet.cell(row, at).data_type = "n" if isinstance(value, (int, float)) else "s"
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["refused"], told["untouched"]) == (0, 0, 2, 5)


def test_a_report_is_of_its_own_kind(ready: Door, given: Report) -> None:
    told = ready("import", "progress", given.path)
    assert told.code == 3 and "contracts" in told.err


def test_a_mapping_file_and_its_units_need_not_be_given_again(ready: Door, tmp_path: Path) -> None:
    text = "单号,甲方乙方,多大,哪天签\nC1,甲公司,1.5,2019-03-04\nC2,乙公司,abc,2019-03-04\n"
    source = written(tmp_path / "自家.csv", text)
    mapping = written(
        tmp_path / "对照.yaml",
        "headers:\n  - {header: 单号, column: contract_no}\n"
        "  - {header: 甲方乙方, column: holder}\n  - {header: 多大, column: area_m2, unit: 公顷}\n"
        "  - {header: 哪天签, column: signed_on}\n",
    )
    report = reported(ready, source, "contracts", "--mapping", mapping)
    report.mend(3, "多大", 2.5)
    told = again(ready, report.save())
    assert (told["new"], told["changed"], told["untouched"]) == (0, 1, 0)
    assert kept(ready)["C2"]["area_m2"] == 25000


def test_several_sheets_and_files_go_into_one_report_and_come_back(
    ready: Door, tmp_path: Path
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for sheet, name in ((book.active, "一/季".replace("/", "")), (book.create_sheet("二季"), "")):
        assert sheet is not None
        sheet.title = name or sheet.title
        sheet.append([f"{sheet.title}台账"])
        sheet.append(["合同情况", "", "", "约定容积率", ""])
        sheet.append(["电子监管号", "使用权人", "面积（亩）", "下限", "上限"])
        sheet.append([f"{sheet.title}1", "甲公司", 15, 2, 1])
        sheet.append([f"{sheet.title}2", "甲公司", 15, 1, 2])
        sheet.merge_cells("A2:C2")
        sheet.merge_cells("D2:E2")
        sheet.row_dimensions[4].hidden = True
    first = tmp_path / "甲.xlsx"
    book.save(first)
    second = written(tmp_path / "乙.csv", f"{HEAD}\nZ1,,,甲公司,,5,待定,2019-06-01,\n")
    out = tmp_path / "问题.xlsx"
    assert ready("import", "contracts", first, second, "--report", out).code == 0
    report = Report(out)
    titles = [given.sheet.title for given in report.given]
    assert titles == ["待改 一季", "待改 二季", "待改 乙"]
    assert report.given[0].header(report.given[0].column("约定容积率 下限")) == "约定容积率 下限"
    told = again(ready, out)
    assert (told["new"], told["changed"], told["unchanged"], told["rows"]) == (0, 0, 3, 3)
    report.given[1].cell(4, "约定容积率 上限").value = 3
    told = again(ready, report.save())
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 1, 2)
    after = kept(ready)
    assert (after["二季1"]["agreed_far_min"], after["二季1"]["agreed_far_max"]) == (2, 3)
    assert after["一季1"]["agreed_far_min"] is None


def test_a_source_of_progress_that_is_filled_in_supersedes_the_row(
    scanned: Door, tmp_path: Path
) -> None:
    text = "contract_id,observed_on,started\nC1,2020-02-01,no\n"
    report = reported(scanned, written(tmp_path / "进度二.csv", text), "progress")
    before = kept(scanned, Kind.PROGRESS)
    header = "source"
    sheet = report.only.sheet
    sheet.cell(HEADERS, sheet.max_column + 1, header)
    sheet.cell(FIRST_ROW, report.only.column(header), "inspection")
    told = again(scanned, report.save(), "progress")
    assert (told["new"], told["changed"]) == (0, 1)
    after = kept(scanned, Kind.PROGRESS)
    assert set(after) == set(before)
    assert [row["source"] for row in after.values() if row["observed_on"].year == 2020][-1] == (
        "inspection"
    )


def test_outlines_come_back_as_they_were(ready: Door, tmp_path: Path) -> None:
    def drawn(west: float, name: str | None) -> dict[str, Any]:
        ring = [[west, 36.0], [west + 1 / 300, 36.0], [west + 1 / 300, 36 + 1 / 300], [west, 36.0]]
        area = {"type": "Polygon", "coordinates": [ring]}
        told = {"parcel_id": name, "area_m2": "三亩多"}
        return {"type": "Feature", "properties": told, "geometry": area}

    features = [drawn(103.8 + at / 70, name) for at, name in enumerate(("P1", "P2", None))]
    source = tmp_path / "宗地.geojson"
    source.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    report = reported(ready, source, "parcels")
    assert report.only.numbers() == [3, 1, 2]
    before = kept(ready, Kind.PARCELS)
    told = again(ready, report.path, "parcels")
    assert (told["new"], told["changed"], told["refused"]) == (0, 0, 1)
    report.mend(3, "parcel_id", "P3")
    report.mend(1, "area_m2", 100)
    report.mend(2, "area_m2", 100)
    report.mend(2, "geometry", None)
    told = again(ready, report.save(), "parcels", "--crs", "EPSG:4528")
    assert (told["new"], told["changed"], told["refused"]) == (1, 2, 0)
    after = kept(ready, Kind.PARCELS)
    assert all(after[key]["geometry"] == before[key]["geometry"] for key in ("P1", "P2"))
    from shapely import from_wkb
    from shapely.geometry import shape

    assert from_wkb(after["P3"]["geometry"]).equals(shape(features[2]["geometry"]))


def test_a_dry_run_gives_out_the_rows_and_the_mended_report_brings_them_all(
    ready: Door, tmp_path: Path
) -> None:
    report = reported(ready, written(tmp_path / "台账.csv", LEDGER), "contracts", "--dry-run")
    told = again(ready, report.path)
    assert (told["new"], told["changed"], told["refused"]) == (3, 0, 2), "nothing was there yet"


def test_a_report_of_a_report_leads_to_the_same_records(ready: Door, given: Report) -> None:
    given.mend(DOUBTFUL, "约定开工时间", "后天")
    second = given.path.with_name("问题2.xlsx")
    assert ready("import", "contracts", given.save(), "--report", second).code == 3
    again_given = Report(second)
    told = again(ready, second)
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 3)
    assert len(again_given.only.numbers()) == 5
    row = next(
        number
        for number in again_given.only.numbers()
        if again_given.only.cell(number, "项目名称").value == "三号厂房"
    )
    again_given.mend(row, "土地使用权人", "丙公司")
    keys = set(kept(ready))
    told = again(ready, again_given.save())
    assert (told["new"], told["changed"]) == (0, 1)
    assert set(kept(ready)) == keys


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there")
def test_a_report_saved_by_another_program_is_still_unmended(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    out = tmp_path / "另存"
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    command.append(str(given.path))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    told = again(ready, out / given.path.name)
    assert (told["new"], told["changed"], told["refused"], told["untouched"]) == (0, 0, 2, 5)


def test_a_report_that_excel_holds_open_is_told_before_the_import(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    mark = tmp_path / f"~${given.path.name}"
    name = "王科长"
    mark.write_bytes(b"\6" + b" " * 54 + len(name).to_bytes(2, "little") + name.encode("utf-16-le"))
    other = written(tmp_path / "另一个.csv", f"{HEAD}\nQ1,,,甲,,5,2019-03-04,待定,\n")
    said = ready("import", "contracts", other, "--report", given.path)
    assert said.code == 3 and name in said.err and mark.name in said.err
    assert "Q1" not in kept(ready)
    said = ready("import", "contracts", mark)
    assert said.code == 3 and f"请导入工作簿本身：{given.path.name}" in said.err
    said = ready("import", "contracts", given.path)
    assert f"可能正被「{name}」打开" in said.err and "最后一次存盘" in said.err


def test_nothing_is_lost_where_the_report_cannot_be_written_any_more(
    ready: Door, given: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = written(tmp_path / "另一个.csv", f"{HEAD}\nQ1,,,甲,,5,2019-03-04,待定,\n")
    before = given.path.read_bytes()

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    said = ready("import", "contracts", other, "--report", given.path)
    assert said.code == 3 and "正被其他程序（如 Excel、WPS）占用" in said.err
    assert given.path.read_bytes() == before
    assert "Q1" in kept(ready), "the import itself was done"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_kill_while_the_report_is_written_leaves_the_old_one(
    child: Any, ready: Door, given: Report, tmp_path: Path
) -> None:
    before = given.path.read_bytes()
    rows = "".join(f"K{at},,,甲,,5,2019-03-04,待定,\n" for at in range(300))
    other = written(tmp_path / "另一个.csv", f"{HEAD}\n{rows}")
    code = tmp_path / "sitecustomize.py"
    code.write_text(
        "import os, signal, sys\nfrom pathlib import Path\n"
        "def die(self, target):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Path.replace = die\n",
        encoding="utf-8",
    )
    said: Said = child(
        "import", "contracts", other, "--report", given.path, PYTHONPATH=str(tmp_path)
    )
    assert said.code == -9
    assert given.path.read_bytes() == before
    assert load_workbook(given.path)["汇总"] is not None
    assert "K7" in kept(ready)
    code.unlink()
    ready("import", "contracts", other, "--report", given.path)
    assert len(Report(given.path).only.numbers()) == 300
    assert Report(given.path).only.sheet.cell(FIRST_ROW, NUMBER).value == 2


def test_a_number_that_is_another_contract_of_the_ledger_is_not_taken(
    ready: Door, given: Report
) -> None:
    before = kept(ready)
    given.mend(TWICE, "电子监管号", "A1")
    given.mend(EARLY, "电子监管号", "A1")
    said = ready("import", "contracts", given.save())
    assert said.code == 3 and "编号「A1」在台账中已是另一份合同（皋兰县，甲公司）" in said.err
    assert kept(ready) == before


def test_a_report_without_rows_says_so(ready: Door, tmp_path: Path) -> None:
    good = written(tmp_path / "好.csv", "电子监管号,土地使用权人\nG1,甲公司\n")
    report = reported(ready, good)
    assert report.given == []
    said = ready("import", "contracts", report.path)
    assert said.code == 3 and "没有待改的行" in said.err


def test_a_place_that_cannot_be_written_is_told_before_the_import(
    ready: Door, tmp_path: Path
) -> None:
    good = written(tmp_path / "好.csv", "电子监管号,土地使用权人\nG1,甲公司\n")
    for name, said in (("长" * 200 + ".xlsx", "文件名太长"), ("无/问题.xlsx", "没有文件夹")):
        told = ready("import", "contracts", good, "--report", tmp_path / name)
        assert told.code in (2, 3) and said in told.err
    assert kept(ready) == {}


def test_what_judges_say_when_all_rows_were_seen_stands_beside_its_row(
    ready: Door, tmp_path: Path
) -> None:
    rows = "".join(f"P{at},皋兰县,挂牌,1,{300 + at},2019-03-0{at}\n" for at in range(1, 9))
    text = f"电子监管号,行政区,供地方式,面积(公顷),成交价格(万元),合同签订日期\n{rows}"
    source = written(tmp_path / "价.csv", text + "P9,皋兰县,挂牌,1,60000,2019-03-09\n")
    report = reported(ready, source)
    assert 10 in report.only.numbers()
    assert "中位" in report.only.words(10)
    assert report.only.cell(10, "成交价格(万元)").fill.fill_type == "solid"


def test_a_number_left_by_all_who_had_it_stays_as_it_was(ready: Door, given: Report) -> None:
    before = kept(ready)["A2"]
    given.mend(DOUBTFUL, "电子监管号", "A22")
    given.mend(TWICE, "电子监管号", "A5")
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["refused"]) == (2, 0, 1)
    after = kept(ready)
    assert after["A2"] == before
    assert (after["A22"]["holder"], after["A5"]["holder"]) == ("乙公司", "戊公司")
    told = again(ready, given.path)
    assert (told["new"], told["changed"]) == (0, 0), "and a second time changes nothing"


def test_two_numbers_that_were_exchanged_are_put_right(ready: Door, given: Report) -> None:
    given.mend(DOUBTFUL, "电子监管号", "A4")
    given.mend(EARLY, "电子监管号", "A2")
    given.only.sheet.delete_rows(given.only.row_of(TWICE))
    told = again(ready, given.save())
    assert (told["new"], told["changed"], told["refused"]) == (0, 2, 1)
    after = kept(ready)
    assert (after["A4"]["holder"], after["A2"]["holder"]) == ("乙公司", "丁公司")
    assert after["A2"]["price_wan"] == 500
    assert after["A4"]["price_wan"] is None, "what was told under it was another contract's"


def copied_above(report: Report, number: int) -> int:
    """Put a copy of a row, its hidden cell too, above it; return where it stands."""
    sheet, at = report.only.sheet, report.only.row_of(number)
    values = [cell.value for cell in sheet[at]]
    sheet.insert_rows(at)
    for place, value in enumerate(values, start=1):
        sheet.cell(at, place).value = value
    return at


def test_mending_one_cell_does_not_put_back_what_others_corrected_since(
    ready: Door, tmp_path: Path
) -> None:
    text = "合同编号,受让人,成交价格(万元),合同签订日期,约定开工时间\n"
    source = written(tmp_path / "a.csv", f"{text}LZ-1,甲公司,约400,2020-01-01,2020-07-01\n")
    report = reported(ready, source)
    since = written(tmp_path / "补充.csv", "合同编号,受让人,约定开工时间\nLZ-1,甲公司,2024-07-01\n")
    ready.does("import", "contracts", since)
    report.mend(2, "成交价格(万元)", 400)
    told = again(ready, report.save())
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 1, 0)
    after = kept(ready)["LZ-1"]
    assert (str(after["agreed_start_on"]), after["price_wan"]) == ("2024-07-01", 400)
    told = again(ready, report.path)
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 1)


def test_a_mended_row_that_the_ledger_does_not_have_is_taken_whole(
    ready: Door, tmp_path: Path
) -> None:
    report = reported(ready, written(tmp_path / "台账.csv", LEDGER), "contracts", "--dry-run")
    report.mend(EARLY, "约定开工时间", "2019-09-01")
    told = again(ready, report.save())
    assert (told["new"], told["changed"], told["unchanged"]) == (3, 0, 0)
    after = kept(ready)["A4"]
    assert (str(after["agreed_start_on"]), after["price_wan"]) == ("2019-09-01", 500)


def test_an_emptied_number_refuses_the_row_and_clears_nothing(ready: Door, given: Report) -> None:
    before = kept(ready)
    given.mend(EARLY, "电子监管号", None)
    said = ready("import", "contracts", given.save())
    assert said.code == 3 and "编号被清空（原按「A4」收入）" in said.err
    assert kept(ready) == before


@pytest.mark.parametrize("number", [None, "A77"], ids=["no number", "a number of its own"])
def test_a_copy_retyped_as_a_new_contract_never_takes_the_key_of_the_row_below(
    ready: Door, given: Report, number: str | None
) -> None:
    before = kept(ready)
    at = copied_above(given, MADE)
    for header, value in (("电子监管号", number), ("项目名称", "九号"), ("土地使用权人", "新公司")):
        given.only.sheet.cell(at, given.only.column(header)).value = value
    said = ready("import", "contracts", given.save())
    after = kept(ready)
    if number is None:
        assert said.code == 3 and f"是第 {MADE} 行的副本" in said.err
    else:
        assert after.pop(number)["holder"] == "新公司"
    assert after == before


def test_the_untouched_row_below_its_copy_does_not_go_over_what_was_learnt_since(
    ready: Door, given: Report, tmp_path: Path
) -> None:
    since = written(tmp_path / "七月.csv", "电子监管号,成交价格(万元)\nA4,777\n")
    ready.does("import", "contracts", since)
    at = copied_above(given, EARLY)
    given.only.sheet.cell(at, given.only.column("电子监管号")).value = "A44"
    before = kept(ready)["A4"]
    again(ready, given.save())
    after = kept(ready)
    assert after["A4"] == before and after["A44"]["holder"] == "丁公司"


def test_two_contracts_without_numbers_whose_cells_were_exchanged_are_refused(
    ready: Door, tmp_path: Path
) -> None:
    rows = (
        ",皋兰县,三号厂房,丙公司,2.5,500,2019-05-01,2019-09-01,\n"
        ",榆中县,六号厂房,己公司,3.5,700,2019-06-01,2019-10-01,\n"
    )
    report = reported(ready, written(tmp_path / "台账.csv", f"{HEAD}\n{rows}"))
    before = kept(ready)
    sheet = report.only.sheet
    one, other = ([cell.value for cell in sheet[report.only.row_of(at)][4:]] for at in (2, 3))
    for row, values in ((2, other), (3, one)):
        for place, value in enumerate(values, start=5):
            sheet.cell(report.only.row_of(row), place).value = value
        report.mend(row, "约定开工时间", "2020-01-01")
    assert again(ready, report.save())["refused"] == 2
    assert kept(ready) == before


def test_a_new_report_typed_on_a_copied_row_is_another_report(
    scanned: Door, tmp_path: Path
) -> None:
    head = "供地合同编号,核查日期,来源,核查人,是否动工,已投资额(万元)\n"
    source = written(tmp_path / "进度三.csv", f"{head}C1,2025-01-01,现场核查,王,是,约100\n")
    report = reported(scanned, source, "progress")
    before = kept(scanned, Kind.PROGRESS)
    at = copied_above(report, 2)
    for header, value in (("供地合同编号", "C2"), ("核查日期", "2025-06-06")):
        report.only.sheet.cell(at, report.only.column(header)).value = value
    told = again(scanned, report.save(), "progress")
    assert (told["new"], told["changed"], told["refused"]) == (1, 0, 0)
    after = kept(scanned, Kind.PROGRESS)
    (new,) = after.keys() - before.keys()
    assert new.startswith("C2|2025-06-06")
    assert {key: after[key] for key in before} == before
