"""Any table, given out and read again: what nobody mended says nothing new, whatever it holds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.ledger import Intake, read_ledger, write_issue_workbook
from landwatch.ledger.cells import shown, tidy
from landwatch.ledger.report.paper import written
from landwatch.ledger.report.tags import (
    Rival,
    RowTag,
    SheetTag,
    digests,
    read_header,
    read_row,
    read_sheet,
    written_row,
    written_sheet,
)

TakeIn: TypeAlias = Callable[..., Any]
Table: TypeAlias = "list[list[str]]"
REAL = (Path(__file__).parents[2] / ".." / "shared" / "data" / "contracts").resolve()
HEADERS = (
    *("电子监管号", "行政区", "项目名称", "土地使用权人", "面积", "成交价格(元)", "合同签订日期"),
    *("约定开工时间", "约定容积率下限", "约定容积率上限", "备注"),
)
NUMBERS = st.sampled_from(["", "A1", "A2", "A3", "A4", "Ａ１", "4.4E+15", "甲" * 3])
PLACES = st.sampled_from(["", "皋兰县", "榆中县", "--", "Nah"])
NAMES = st.sampled_from(
    ["", "甲公司", " 乙 公司", "=1+1", "'-3号", "_x0041_", "某\r\n公司", "+1", "2019-03-04", "0.3"]
) | st.text(max_size=5)
AREAS = st.sampled_from(
    ["", "0", "1.25", "0012", "1,250", "三十亩", "2亩", "1e3", "-1", "abc", "1/3"]
)
MONEY = st.sampled_from(["", "0", "500", "5000000", "99999999999", "五百万元", "1.50", "#REF!"])
DAYS = st.sampled_from(
    [
        *(
            "",
            "2019-03-04",
            "2019/3/4",
            "2019年3月4日",
            "43831",
            "1900-01-01",
            "待定",
            "2019",
            "清空",
        ),
        *("二〇一九年三月四日", "2031-01-01", "201903", "甲公司某项目"),
    ]
)
RATIOS = st.sampled_from(["", "1", "2.0", "60", "0", "大于1"])
CONTRACTS = st.lists(
    st.tuples(NUMBERS, PLACES, NAMES, NAMES, AREAS, MONEY, DAYS, DAYS, RATIOS, RATIOS, NAMES).map(
        list
    ),
    min_size=1,
    max_size=9,
)
QUICK = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Ledger:
    """What a store would hold of each key; how many rows of an import were new or changed."""

    content: dict[str, object]

    def takes(self, records: list[Record]) -> list[str]:
        """Take records as the store does; return the keys that are new or changed."""
        moved = []
        for record in records:
            told = (dict(record.values), record.cleared, record.unreadable)
            if record.retold and record.key in self.content:
                continue
            if self.content.get(record.key) != told:
                moved.append(record.key)
                self.content[record.key] = told
        return moved


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def spent(path: Path) -> tuple[Intake, list[Record]]:
    intake = read_ledger(Kind.CONTRACTS, path)
    return intake, [record for batch in intake.batches() for record in batch.records]


def given_out(at: Path, table: Table, above: str) -> tuple[Ledger, Path, Intake]:
    """Take a table in and give its rows out; return the ledger, the report, and the intake."""
    path = at / "台账.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([[above], list(HEADERS), *table] if above else [HEADERS, *table])
    try:
        intake, records = spent(path)
    except InputRefusedError:
        assume(False)
    ledger = Ledger({})
    ledger.takes(records)
    report = at / "问题.xlsx"
    write_issue_workbook(report, intake, "zh")
    return ledger, report, intake


def tags_of(sheet: Any) -> dict[int, RowTag]:
    found = {row: read_row(str(sheet.cell(row, 1).value)) for row in range(4, sheet.max_row + 1)}
    return {row: tag for row, tag in found.items() if tag is not None}


@QUICK
@given(table=CONTRACTS, above=st.sampled_from(["", "单位：公顷", "单位：亩、万元"]))
@example(
    table=[
        ["A1", "皋兰县", "甲", "甲公司", "1", "5", "2019-03-04", "", "", "", ""],
        ["A1", "榆中县", "甲", "甲公司", "1", "5", "2019-03-04", "", "", "", ""],
        ["A1", "", "乙", "甲公司", "2", "5", "2019-03-04", "待定", "", "", "x"],
    ],
    above="",
)
def test_a_report_that_nobody_mended_tells_nothing_new(table: Table, above: str) -> None:
    with folder() as at:
        ledger, report, before = given_out(at, table, above)
        try:
            intake, records = spent(report)
        except InputRefusedError:
            assert before.tally.refused == before.tally.accepted_with_remarks == 0
            return
        assert ledger.takes(records) == []
        tally = intake.tally
        assert tally.adds_up
        assert tally.refused == before.tally.refused, [str(issue) for issue in intake.issues()]
        assert tally.untouched == tally.rows - tally.set_aside
        assert before.tally.accepted_with_remarks <= tally.rows - tally.refused
        assert not ledger.takes(spent(report)[1])


@QUICK
@given(table=CONTRACTS, data=st.data())
def test_mending_one_cell_changes_only_its_own_record(table: Table, data: st.DataObject) -> None:
    with folder() as at:
        ledger, report, _ = given_out(at, table, "单位：公顷")
        book = load_workbook(report)
        sheet = book.worksheets[-1]
        tags = tags_of(sheet)
        assume(tags)
        row = data.draw(st.sampled_from(sorted(tags)))
        column = data.draw(st.integers(0, len(HEADERS) - 1))
        texts = [NUMBERS, PLACES, NAMES, NAMES, AREAS, MONEY, DAYS, DAYS, RATIOS, RATIOS, NAMES]
        text = data.draw(texts[column].filter(lambda text: text.isprintable()))
        cell = sheet.cell(row, 5 + column)
        cell.value, cell.data_type = text, "s"
        book.save(report)
        intake, records = spent(report)
        assert intake.tally.adds_up
        own = [record for record in records if record.row == row]
        allowed = {record.key for record in own} | {tags[row].key}
        left = tags[row].key not in {record.key for record in own}
        if left:  # a row that shared the key of the mended one tells it anew
            allowed |= {tag.key for tag in tags.values() if tag.key == tags[row].key}
        moved = ledger.takes(records)
        assert set(moved) <= allowed, (moved, allowed)
        assert len(moved) <= 2


EARLY, DAY = datetime(2019, 3, 4, 8, 30), datetime(2019, 3, 4)  # noqa: DTZ001 - as Excel tells
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["_x000D_", "a\rb", "=1", "'=1", "\ud800", "\ufffe", "１２", "0.10", "1e5", "007"]
    ),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(max_value=timedelta(days=999)),
)


@QUICK
@given(cells=st.lists(CELLS, min_size=1, max_size=12), number=st.booleans())
@example(cells=[1.7976931348623151e308, 0.1 + 0.2], number=False)
@example(cells=["0\x0c0", "0\x1f0", "0\x0b0"], number=True)
@example(cells=[date(1900, 1, 1), EARLY, time(8), -0.0, 1e300], number=True)
def test_every_cell_is_read_again_as_it_was_written(cells: list[Any], number: bool) -> None:
    from landwatch.ledger.report.paper import Paper, Tone, ink_of
    from landwatch.ledger.workbooks import open_workbook

    values = [written(cell, number=number) for cell in cells]
    with folder() as at:
        paper = Paper()
        sheet = paper.sheet("a")
        paper.put(sheet, [(value, ink_of(value), Tone.PLAIN) for value in ["x", *values, "x"]])
        paper.book.save(at / "a.xlsx")
        sheets, _ = open_workbook(at / "a.xlsx")
        (row,) = sheets[0].rows()
    back = list(row.cells)[1:-1]
    assert digests(back) == digests(values)
    for cell, value in zip(cells, values, strict=True):
        if isinstance(cell, str) and number:
            assert tidy(shown(value)) == tidy(
                shown(cell).replace("\ud800", "�").replace("\ufffe", "�")
            )


@pytest.mark.parametrize(
    "text",
    [
        *("", "✎", "✎[", "✎[]", "✎{}", "✎[1,2,3,4,5,6,7,8]", "✎" + "[" * 5000, "✎[null]" * 9),
        *("landwatch ✎ ", "landwatch ✎ [1]", 'landwatch ✎ [3,"contracts","a",null,3]'),
        'landwatch ✎ [1,"dragons","a",null,3]',
    ],
)
def test_a_damaged_tag_is_none(text: str) -> None:
    assert read_row(text) is None
    assert read_sheet(text) is None
    assert read_header(Kind.CONTRACTS, text, None) is None


@given(
    key=st.none() | st.text(max_size=9),
    marks=st.lists(st.none() | st.text("0123456789abcdef", min_size=1), max_size=3),
    cells=st.lists(st.text(max_size=4), max_size=5),
)
def test_tags_are_read_as_they_were_written(
    key: str | None, marks: list[str | None], cells: list[str]
) -> None:
    rival = Rival("甲", 3, tuple(marks)) if marks else None
    tag = RowTag(7, key, *digests(cells), True, False, rival, (2,))
    assert read_row(written_row(tag)) == tag
    sheet = SheetTag(Kind.PARCELS, "台账.csv", key, 3)
    assert read_sheet(written_sheet(sheet)) == sheet


def test_a_tag_cannot_name_a_column_that_is_none() -> None:
    assert read_header(Kind.CONTRACTS, '✎[0,"a","a","drop table",null,true,null]', None) is None
    assert read_header(Kind.CONTRACTS, '✎[0,"a","a","area_m2","斤",true,null]', None) is None
    read = read_header(Kind.CONTRACTS, '✎[0,"a","a","area_m2","公顷",true,null]', None)
    assert read is not None and read[0].factor == 10_000


def test_a_text_that_no_cell_holds_stays_unread(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "台账.csv"
    long = "长" * 40_000
    path.write_text(f"电子监管号,项目名称,备注\nA1,{long},x\n{long},甲,x\n", encoding="utf-8")
    first = take_in(Kind.CONTRACTS, path)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, first.intake, "zh")
    again = take_in(Kind.CONTRACTS, report)
    assert (again.codes, again.intake.tally.refused) == (["cell_too_long", "cell_too_long"], 1)
    book = load_workbook(report)
    sheet = book.worksheets[-1]
    for row in (4, 5):
        sheet.cell(row, 7).value = "改"
    book.save(report)
    again = take_in(Kind.CONTRACTS, report)
    assert [record.key for record in again.records] == ["A1"]
    assert again.only.unreadable == {"project_name"}
    assert again.only.retold, "a cell that tells nothing was mended"


def test_typed_cells_of_a_workbook_stay_what_they_are(tmp_path: Path, take_in: TakeIn) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["电子监管号", "面积(公顷)", "合同签订日期", "成交价格(万元)"])
    sheet.append(["A1", 1.25, date(2019, 3, 4), "待定"])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, take_in(Kind.CONTRACTS, path).intake, "en")
    back: Any = load_workbook(report).worksheets[-1]
    assert [back.cell(4, at).value for at in range(5, 9)] == [
        "A1", 1.25, DAY, "待定",
    ]  # fmt: skip
    assert back.cell(4, 7).number_format == "yyyy-mm-dd"
    assert "no usable number" in back.cell(4, 4).value


def test_rows_go_on_in_another_sheet_where_excel_ends(
    tmp_path: Path, take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landwatch.ledger.report import row_sheets

    monkeypatch.setattr(row_sheets, "ROWS_OF_A_SHEET", 250)
    rows = "".join(f"A{at},待定\n" for at in range(600))
    path = tmp_path / "台账.csv"
    path.write_text(f"电子监管号,约定开工时间\n{rows}", encoding="utf-8")
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, take_in(Kind.CONTRACTS, path).intake, "zh")
    sheets = [sheet for sheet in load_workbook(report).worksheets if "待改" in sheet.title]
    assert [sheet.title for sheet in sheets] == ["待改 台账", "待改 台账 +1", "待改 台账 +2"]
    assert [sheet.max_row for sheet in sheets] == [253, 253, 103]
    again = take_in(Kind.CONTRACTS, report)
    assert len(again.records) == again.intake.tally.untouched == 600
    assert all(record.retold for record in again.records)


@pytest.mark.shared
@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the project")
@pytest.mark.parametrize("name", ["anPing/DataSupplyResultDetail.csv", "YuhangTsim"])
def test_reports_of_real_files_come_back_without_a_change(name: str, tmp_path: Path) -> None:
    found = REAL / name
    path = max(found.glob("*.xls"), key=lambda one: one.stat().st_size) if found.is_dir() else found
    before, records = spent(path)
    ledger = Ledger({})
    ledger.takes(records)
    report = tmp_path / "问题.xlsx"
    write_issue_workbook(report, before, "zh")
    intake, again = spent(report)
    assert ledger.takes(again) == []
    assert all(record.retold for record in again)
    assert intake.tally.refused == before.tally.refused
    assert intake.tally.untouched == intake.tally.rows >= before.tally.accepted_with_remarks


def test_a_true_cell_that_was_saved_as_1_was_not_mended() -> None:
    assert digests([True, False, "甲"]) == digests([1, 0, "甲"])
    assert digests([True], {0}) != digests([1], {0}), "where numbers stand, 1 is a number"
