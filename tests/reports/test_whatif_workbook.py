"""The workbook of a what-if: its figures add up, its charts are Excel's own, nothing in it runs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from landwatch.errors import LandwatchError
from landwatch.lawbook.shelf import shelf
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.whatif_workbook import write_whatif
from landwatch.scan.adoption import Adoption
from landwatch.scan.moves import WhatIf
from landwatch.scan.supposing import suppose
from landwatch.scan.whatif import Question, what_if
from tests.scan.worked import Worked, ledger_of

LANZHOU = shelf()["lanzhou-2012-148"]
DAY = date(2021, 7, 1)


def built(mu: str, holder: str, *, level: str = "national") -> Worked:
    """Return a contract with exactly 250 万元/亩, seen two years after its supply."""
    told: dict[str, Any] = {"supplied_on": date(2018, 1, 1), "area_mu": Decimal(mu)}
    seen = {"observed_on": date(2021, 6, 1), "source": "inspection"}
    figures = {"fixed_assets_wan": Decimal(mu) * 250, "fixed_land_price_wan": Decimal(0)}
    return Worked({**told, "holder": holder}, {"level": level}, ({**seen, **figures},))


@pytest.fixture
def found() -> WhatIf:
    contracts = {
        "=HYPERLINK(1)": built("10.5", "@SUM(1)"),
        "C2": built("20", "乙公司"),
        "C3": built("30", "丙公司", level="county"),
    }
    changed, supposed = suppose(LANZHOU, ["min_intensity.national=300"], DAY)
    question = Question(LANZHOU, changed, supposed, Adoption(everywhere=True), True, DAY)
    return what_if(ledger_of(contracts), question)


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def charts(sheet: Any) -> list[Any]:
    """Return the charts of a sheet; openpyxl keeps them to itself."""
    return list(sheet._charts)


@pytest.mark.parametrize(
    ("lang", "sheets", "moved"),
    [
        ("zh", ["推演汇总", "按园区", "改变状态的合同"], ["达标", "涉嫌未达标", 2, 30.5]),
        (
            "en",
            ["What if", "By zone", "Changed contracts"],
            ["compliant", "suspected breach", 2, 30.5],
        ),
    ],
)
def test_the_workbook_says_who_moves_in_either_language(
    found: WhatIf, tmp_path: Path, lang: str, sheets: list[str], moved: list[Any]
) -> None:
    path = tmp_path / "whatif.xlsx"
    write_whatif(path, found, lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == sheets
    rows = cells(book[sheets[0]])
    assert next(row[1:5] for row in rows if str(row[0]).startswith("LZ.INTENSITY ")) == moved
    assert any("250 → 300" in str(row[0]) for row in rows)
    for sheet in book:
        assert str(sheet["A1"].value).startswith(REPORT_MARK)  # no importer takes it for a ledger


def test_every_line_of_outcomes_adds_up_to_all_contracts(found: WhatIf, tmp_path: Path) -> None:
    path = tmp_path / "whatif.xlsx"
    write_whatif(path, found, "zh")
    rows = cells(openpyxl.load_workbook(path)["推演汇总"])
    lines = [row for row in rows if str(row[0]) in ("LZ.INTENSITY 原来", "LZ.INTENSITY 假设后")]
    assert [sum(row[1:9]) for row in lines] == [3, 3]
    assert [row[1] for row in lines] == [0, 2]


def test_the_charts_draw_the_cells_above_them(found: WhatIf, tmp_path: Path) -> None:
    path = tmp_path / "whatif.xlsx"
    write_whatif(path, found, "zh")
    book = openpyxl.load_workbook(path)
    zones: Any = book["按园区"]
    (chart,), (by_zone,) = charts(book["推演汇总"]), charts(zones)
    assert len(chart.series) == 7 and len(by_zone.series) == 2
    top = next(row[0].row for row in zones.iter_rows() if row[0].value == "园区")
    for series, letter in zip(by_zone.series, "BC", strict=True):
        assert series.val.numRef.f == f"'按园区'!${letter}${top + 1}:${letter}${top + 2}"
    assert [zones[f"B{top + n}"].value for n in (1, 2)] == [1, 1]


def test_no_text_of_the_ledger_runs_as_a_formula(found: WhatIf, tmp_path: Path) -> None:
    path = tmp_path / "whatif.xlsx"
    write_whatif(path, found, "zh")
    sheet = openpyxl.load_workbook(path)["改变状态的合同"]
    hostile = [
        cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("=", "@"))
    ]
    assert {cell.value for cell in hostile} == {"=HYPERLINK(1)", "@SUM(1)"}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)


def test_a_contract_s_line_tells_both_limits_and_the_cure(found: WhatIf, tmp_path: Path) -> None:
    path = tmp_path / "whatif.xlsx"
    write_whatif(path, found, "zh")
    rows = cells(openpyxl.load_workbook(path)["改变状态的合同"])
    line = next(row for row in rows if row[0] == "C2")
    assert line[3:11] == [
        "LZ.INTENSITY", "达标", "涉嫌未达标", 250, 250, 300, 20,
        "固定资产投资再增加 1,000 万元（达到 6,000 万元）",
    ]  # fmt: skip


def test_nothing_that_moves_is_said_and_draws_no_chart(tmp_path: Path) -> None:
    changed, supposed = suppose(LANZHOU, ["min_intensity.national=250"], DAY)
    question = Question(LANZHOU, changed, supposed, Adoption(everywhere=True), False, DAY)
    same = what_if(ledger_of({"C": built("10", "甲")}), question)
    path = tmp_path / "same.xlsx"
    write_whatif(path, same, "zh")
    book = openpyxl.load_workbook(path)
    texts = {str(row[0]) for row in cells(book["推演汇总"])}
    assert "没有合同或园区改变状态。" in texts
    assert any("没有在任何地方采用" in text for text in texts)
    assert charts(book["按园区"]) == []


def test_a_place_that_cannot_be_written_is_refused(found: WhatIf, tmp_path: Path) -> None:
    with pytest.raises(LandwatchError):
        write_whatif(tmp_path / "not there" / "whatif.xlsx", found, "zh")
