"""The same columns in every form, plain values, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from shapely.geometry import MultiPolygon, Polygon, box

from landwatch.errors import LandwatchError, UnknownNameError
from landwatch.reports.plain import number, unrunnable
from landwatch.reports.tables import (
    FORMS,
    write_csv,
    write_findings,
    write_geojson,
    write_gpkg,
    write_json,
    write_parquet,
    write_xlsx,
)
from landwatch.scan.findings import FINDING_COLUMNS

Row = dict[str, Any]
SHAPES: dict[str, Polygon | MultiPolygon] = {
    "P1": box(103.8, 36.0, 103.81, 36.01),
    "P2": MultiPolygon([box(103.82, 36.0, 103.83, 36.01), box(103.84, 36.0, 103.85, 36.01)]),
}
BREACH = 1
"""The place of the breach of O53.A1 among the rows."""


def as_csv(rows: list[Row], *, bom: bool = False) -> str:
    stream = io.StringIO(newline="")
    write_csv(rows, stream, bom=bom)
    return stream.getvalue()


def test_a_csv_has_the_columns_of_the_ledger_and_plain_values(rows: list[Row]) -> None:
    header, *lines = csv.reader(io.StringIO(as_csv(rows)))
    assert tuple(header) == FINDING_COLUMNS and len(lines) == len(rows)
    breach = dict(zip(header, lines[BREACH], strict=True))
    assert breach["limit_on"] == "2020-06-30"
    assert breach["to_verify"] == "false"
    assert breach["remedies"] == "charge_idle_fee;reclaim"
    assert breach["amount_wan"] == "616.5"
    assert breach["measured"] == ""
    assert json.loads(breach["facts"])[0] == {
        "name": "started", "value": False, "file": "进度.csv", "sheet": None, "row": 3,
    }  # fmt: skip
    assert dict(zip(header, lines[2], strict=True))["margin"] == "-0.000001"


def test_only_when_asked_a_csv_begins_with_a_mark_for_excel(rows: list[Row]) -> None:
    assert as_csv(rows).startswith("contract_id")
    assert as_csv(rows, bom=True) == "\ufeff" + as_csv(rows)


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"]
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(rows: list[Row], text: str) -> None:
    rows[0]["contract_id"] = text
    cells = next(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert cells["contract_id"] == f"'{text}"


@given(st.text(min_size=1))
def test_no_text_begins_a_formula_and_none_is_changed_otherwise(text: str) -> None:
    cell = unrunnable(text)
    assert cell.lstrip()[:1] not in set("=+-@＝＋－＠")
    assert cell in (text, f"'{text}")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18))
def test_a_decimal_is_written_plain_and_exactly(value: Decimal) -> None:
    told = number(value)
    assert "E" not in told and Decimal(told) == value
    assert not ("." in told and told.endswith(("0", ".")))


@given(st.floats(-1e300, 1e300))
def test_a_float_is_written_without_exponent_to_fifteen_digits(value: float) -> None:
    told = number(value)
    assert "e" not in told.lower()
    assert float(told) == pytest.approx(value, rel=1e-14, abs=0)


def test_json_keeps_lists_and_exact_numbers(rows: list[Row]) -> None:
    stream = io.StringIO()
    write_json(rows, stream)
    read = json.loads(stream.getvalue(), parse_float=Decimal)
    assert [tuple(one) for one in read] == [FINDING_COLUMNS] * len(rows)
    assert read[BREACH]["remedies"] == ["charge_idle_fee", "reclaim"]
    assert read[2]["margin"] == Decimal("-0.000001")
    assert read[0]["reason"] is None
    empty = io.StringIO()
    write_json([], empty)
    assert json.loads(empty.getvalue()) == []


def test_a_workbook_holds_text_as_text_and_days_as_days(rows: list[Row], tmp_path: Path) -> None:
    rows[0]["contract_id"] = '=HYPERLINK("http://x")'
    write_xlsx(rows, tmp_path / "f.xlsx")
    sheet: Any = load_workbook(tmp_path / "f.xlsx").worksheets[0]
    assert tuple(cell.value for cell in sheet[1]) == FINDING_COLUMNS
    hostile = sheet["A2"]
    assert hostile.value == '=HYPERLINK("http://x")'
    assert hostile.data_type == "s" and hostile.quotePrefix
    limit = sheet.cell(3, FINDING_COLUMNS.index("limit_on") + 1)
    assert limit.value.date() == date(2020, 6, 30)
    assert sheet.max_row == len(rows) + 1


def test_parquet_has_types(rows: list[Row], tmp_path: Path) -> None:
    write_parquet(rows, tmp_path / "f.parquet")
    table = pq.read_table(tmp_path / "f.parquet")
    assert tuple(table.column_names) == FINDING_COLUMNS and table.num_rows == len(rows)
    breach = table.to_pylist()[BREACH]
    assert (breach["limit_on"], breach["days_past"]) == (date(2020, 6, 30), 428)
    assert (breach["amount_wan"], breach["remedies"]) == (616.5, "charge_idle_fee;reclaim")
    assert table.to_pylist()[0]["remedies"] is None


@pytest.mark.parametrize("form", ["gpkg", "geojson"])
def test_a_finding_is_drawn_on_all_its_parcels_and_kept_without_any(
    rows: list[Row], tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"f.{form}"
    write_findings(rows, path, form, geometry_of=SHAPES)
    frame = gpd.read_file(path)
    assert tuple(frame.columns) == (*FINDING_COLUMNS, "geometry") and len(frame) == len(rows)
    assert frame.crs.to_epsg() == (4490 if form == "gpkg" else 4326)
    drawn = frame.geometry.iloc[BREACH]
    assert drawn.geom_type == "MultiPolygon" and len(drawn.geoms) == 3
    assert drawn.area == pytest.approx(3e-4)
    assert frame.geometry.isna().sum() == len(rows) - 1


def test_geojson_turns_its_rings_as_the_standard_says(rows: list[Row], tmp_path: Path) -> None:
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    write_geojson(rows[1:2], {"P1": clockwise}, tmp_path / "f.geojson")
    (feature,) = json.loads((tmp_path / "f.geojson").read_text("utf-8"))["features"]
    (ring,) = feature["geometry"]["coordinates"][0]
    assert Polygon(ring).exterior.is_ccw
    assert feature["properties"]["remedies"] == ["charge_idle_fee", "reclaim"]


def test_a_geopackage_of_findings_may_be_written_again(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "f.gpkg"
    write_gpkg(rows, SHAPES, path)
    write_gpkg(rows[:2], SHAPES, path)
    assert len(gpd.read_file(path)) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["f.gpkg"]


@pytest.mark.parametrize("form", FORMS)
def test_no_export_replaces_a_store(rows: list[Row], tmp_path: Path, form: str) -> None:
    store = tmp_path / "landwatch.gpkg"
    gpd.GeoDataFrame(geometry=[SHAPES["P1"]], crs=4490).to_file(store, layer="parcels")
    before = store.read_bytes()
    with pytest.raises(LandwatchError, match="parcels"):
        write_findings(rows, store, form, geometry_of={})
    assert store.read_bytes() == before


def test_no_export_replaces_another_database(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(LandwatchError, match="database"):
        write_parquet(rows, path)


@pytest.mark.parametrize("form", FORMS)
def test_an_unwritable_place_is_told_in_words(rows: list[Row], tmp_path: Path, form: str) -> None:
    with pytest.raises(LandwatchError) as told:
        write_findings(rows, tmp_path / "no folder" / "f", form, geometry_of={})
    assert "no folder" in told.value.in_words("zh") and "换一个文件夹" in told.value.in_words("zh")


@pytest.mark.parametrize("form", FORMS)
def test_what_fails_half_way_leaves_what_was_there(
    rows: list[Row], tmp_path: Path, form: str
) -> None:
    def cut() -> Iterator[Row]:
        yield rows[0]
        raise ValueError("the scan is gone")

    path = tmp_path / f"f.{form}"
    path.write_text("as before", encoding="utf-8")
    with pytest.raises(ValueError, match="gone"):
        write_findings(cut(), path, form, geometry_of={})
    assert path.read_text("utf-8") == "as before"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_an_unknown_form_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="geojson"):
        write_findings([], tmp_path / "f", "geojsn", geometry_of={})


@pytest.mark.parametrize("form", FORMS)
def test_no_findings_make_a_whole_empty_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"f.{form}"
    write_findings([], path, form, geometry_of={})
    assert path.stat().st_size > 0
