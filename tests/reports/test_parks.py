"""What a park itself misses: its own sheet and counts, in no sum over contracts, in every form."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyarrow.parquet as pq
import pytest

from landwatch.lawbook.policy import About, Words
from landwatch.reports.tables import FORMS, write_findings
from landwatch.reports.workbook import ReportData, RuleLine, write_report
from landwatch.scan.findings import FINDING_COLUMNS
from tests.reports.conftest import DAY, SPEAKING, Row, counted, finding


def of_park(rule: str, status: str, **told: Any) -> Row:
    """Return a finding that speaks of a park and of no contract."""
    return {**finding("", rule, status, **told), "contract_id": None}


SHARE = of_park(
    "LZ.BATCH", "breach", zone_id="Z2", policy="lanzhou-2012-148",
    authority="local", measured=Decimal("0.35"), threshold=Decimal("0.3"), unit="1",
    margin=Decimal("-0.05"), clock_from=date(2020, 12, 31), limit_on=date(2020, 12, 31),
    days_past=244, remedies=["report"], quote="不超过当地年度用地计划的30%申报",
    explanation_zh="实测 0.35 ＞ 标准 0.3", explanation_en="measured 0.35 > required 0.3",
)  # fmt: skip
UNTOLD = of_park(
    "LZ.LEADING", "unknown", zone_id="Z1", unit="1",
    reason="missing:leading_industries", policy="lanzhou-2012-148", authority="local",
)  # fmt: skip
PARKS = [SHARE, UNTOLD]
SAID: Counter[tuple[str | None, str, str]] = Counter(
    {
        ("Z2", "LZ.BATCH", "breach"): 1,
        ("Z1", "LZ.BATCH", "compliant"): 1,
        ("Z1", "LZ.LEADING", "unknown"): 1,
        ("Z2", "LZ.LEADING", "not_applicable"): 1,
    }
)
RULES = [
    RuleLine("LZ.BATCH", "lanzhou-2012-148", Words("批次用地", "batches"), about=About.PARK),
    RuleLine("LZ.LEADING", "lanzhou-2012-148", Words("主导产业", "leading"), about=About.PARK),
]


def with_parks(report: ReportData) -> ReportData:
    return replace(
        report,
        rules=[*report.rules, *RULES],
        outcomes=counted() + SAID,
        findings=iter([*SPEAKING, *PARKS]),
    )


def written(report: ReportData, path: Path, lang: str = "zh") -> Any:
    write_report(path, report, lang)
    return openpyxl.load_workbook(path)


def cells(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def table(book: Any, title: str) -> dict[str, tuple[Any, ...]]:
    """Return a table of the summary by its first column, up to the blank line after it."""
    rows = cells(book, "汇总")
    start = next(at for at, row in enumerate(rows) if row[0] == title)
    found = {}
    for row in rows[start + 1 :]:
        if not any(row):
            break
        found[row[0]] = row[1:]
    return found


def test_a_park_has_its_own_sheet_the_gravest_first(report: ReportData, tmp_path: Path) -> None:
    book = written(with_parks(report), tmp_path / "r.xlsx")
    assert book.sheetnames == ["汇总", "问题清单", "园区问题", "核查清单", "台账缺项", "缺项明细"]
    header, share, untold = list(book["园区问题"].iter_rows(min_row=3, values_only=True))
    told = dict(zip(header, share, strict=True))
    assert (told["状态"], told["园区"], told["规则"]) == ("涉嫌未达标", "西园", "批次用地 LZ.BATCH")
    assert (told["实测"], told["标准"], told["单位"]) == (0.35, 0.3, None)
    assert told["统计截止日"].date() == date(2020, 12, 31)
    assert told["可采取的处置"] == "通报"
    assert told["条文"] == "不超过当地年度用地计划的30%申报"
    gap = dict(zip(header, untold, strict=True))
    assert (gap["状态"], gap["园区"]) == ("存疑（台账缺项）", "东园")
    assert "主导产业" in gap["原因"] and gap["实测"] is None


def test_a_park_is_in_no_list_and_no_sum_of_contracts(report: ReportData, tmp_path: Path) -> None:
    without = written(report, tmp_path / "a.xlsx")
    book = written(with_parks(report), tmp_path / "b.xlsx")
    for sheet in ("问题清单", "核查清单", "台账缺项", "缺项明细"):
        assert cells(book, sheet) == cells(without, sheet)
    for title in (
        "各园区合同数",
        "各园区面积（亩）",
        "各规则的结论（合同数）",
        "各园区各规则的结论（合同数）",
    ):
        assert table(book, title) == table(without, title)


def test_parks_are_counted_by_rule_and_rules_by_park(report: ReportData, tmp_path: Path) -> None:
    book = written(with_parks(report), tmp_path / "r.xlsx")
    rules = table(book, "关于园区的规则（园区数）")
    assert rules["批次用地 LZ.BATCH"][:9] == (1, 0, 0, 0, 0, 0, 1, 0, 2)
    assert rules["主导产业 LZ.LEADING"][:9] == (0, 0, 0, 0, 1, 0, 0, 1, 2)
    parks = table(book, "各园区自身的结论（规则数）")
    assert parks["西园"][:9] == (1, 0, 0, 0, 0, 0, 0, 1, 2)
    assert parks["东园"][:9] == (0, 0, 0, 0, 1, 0, 1, 0, 2)


def test_a_report_without_parks_says_nothing_of_them(report: ReportData, tmp_path: Path) -> None:
    book = written(report, tmp_path / "r.xlsx")
    assert "园区问题" not in book.sheetnames
    first = [row[0] for row in cells(book, "汇总")]
    assert "关于园区的规则（园区数）" not in first


def test_the_sheet_speaks_english(report: ReportData, tmp_path: Path) -> None:
    book = written(with_parks(report), tmp_path / "r.xlsx", "en")
    shown = [cell for row in cells(book, "Parks") for cell in row if isinstance(cell, str)]
    assert "batches LZ.BATCH" in shown and "measured 0.35 > required 0.3" in shown
    assert not any("report." in text for text in shown)


def read_back(path: Path, form: str) -> list[Row]:
    match form:
        case "csv":
            return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        case "json":
            told: list[Row] = json.loads(path.read_text("utf-8"))
            return told
        case "parquet":
            rows: list[Row] = pq.read_table(path).to_pylist()
            return rows
        case "xlsx":
            header, *lines = cells(openpyxl.load_workbook(path), "findings")
            return [dict(zip(header, line, strict=True)) for line in lines]
        case "geojson":
            features = json.loads(path.read_text("utf-8"))["features"]
            return [feature["properties"] for feature in features]
    frame = gpd.read_file(path)
    return [
        {name: None if value is None or value != value else value for name, value in row.items()}
        for row in frame.drop(columns="geometry").to_dict("records")
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_park_goes_out_whole_and_what_it_lacks_stays_blank(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"f.{form}"
    write_findings([*PARKS, *SPEAKING], path, form, geometry_of={})
    rows = read_back(path, form)
    assert len(rows) == len(PARKS) + len(SPEAKING)
    share, untold = rows[:2]
    assert tuple(share) == FINDING_COLUMNS
    blank = "" if form == "csv" else None
    for row in (share, untold):
        assert (row["contract_id"], row["parcel_id"], row["amount_wan"]) == (blank,) * 3
    assert (share["zone_id"], share["rule"], share["status"]) == ("Z2", "LZ.BATCH", "breach")
    assert float(share["measured"]) == 0.35 and float(share["threshold"]) == 0.3
    assert share["quote"] == SHARE["quote"] and str(share["as_of"])[:10] == str(DAY)
    assert untold["reason"] == "missing:leading_industries"
    assert (untold["measured"], untold["days_past"], untold["limit_on"]) == (blank,) * 3
    assert rows[3]["contract_id"] == "C1"


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_a_park_row_is_drawn_on_no_parcel(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"f.{form}"
    write_findings(PARKS, path, form, geometry_of={})
    assert gpd.read_file(path).geometry.isna().all()
