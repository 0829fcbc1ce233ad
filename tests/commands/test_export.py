"""Export: the ledger as it stands or as it was told, and never over what somebody needs."""

from __future__ import annotations

import csv
import json
import math
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapely
from openpyxl import load_workbook

from landwatch import bootstrap, commands
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.reports.ledger_tables import LedgerTable, write_ledger
from tests.commands.conftest import CONTRACT, Door, write_csv

SHAPE = "SRID=4490;MULTIPOLYGON (((103.1 36.1, 103.2 36.1, 103.2 36.2, 103.1 36.1)))"
FORMS = ("csv", "xlsx", "gpkg", "parquet", "geojson")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture
def filled(ready: Door, tmp_path: Path) -> Door:
    """A store with a contract told twice: its area corrected, its price made unreadable."""
    ready.takes("contracts", tmp_path / "一月.csv", [CONTRACT])
    later = {"contract_id": "C1", "area_m2": "60000", "price_wan": "约一千", "holder": "(clear)"}
    ready.takes("contracts", tmp_path / "二月.csv", [later])
    return ready


def test_the_ledger_as_it_stands_has_one_row_of_each_key(filled: Door, tmp_path: Path) -> None:
    filled.does("export", "contracts", "out.csv")
    (row,) = rows_of(tmp_path / "out.csv")
    assert (row["contract_id"], row["area_m2"], row["area_mu"]) == ("C1", "60000", "90")
    assert (row["price_wan"], row["holder"]) == ("", "")
    assert (row["unreadable_columns"], row["cleared_columns"]) == ("price_wan", "holder")
    assert row["signed_on"] == "2018-06-30"


def test_what_was_unreadable_or_cleared_is_so_in_another_store(filled: Door) -> None:
    filled.does("export", "contracts", "out.csv")
    filled.does("init", "--store", "b.gpkg")
    said = filled.does("import", "contracts", "out.csv", "--store", "b.gpkg")
    assert "price_wan" in said.err
    table = bootstrap.the_store("b.gpkg").columns(Kind.CONTRACTS)
    assert table.column("unreadable").to_pylist() == [";price_wan;"]
    assert table.column("cleared").to_pylist() == [";holder;"]


def test_a_cell_that_somebody_filled_in_goes_before_the_mark(filled: Door, tmp_path: Path) -> None:
    filled.does("export", "contracts", "out.csv")
    (row,) = rows_of(tmp_path / "out.csv")
    write_csv(tmp_path / "mended.csv", [{**row, "price_wan": "1000", "holder": "新公司"}])
    filled.does("import", "contracts", "mended.csv")
    filled.does("export", "contracts", "again.csv")
    (again,) = rows_of(tmp_path / "again.csv")
    assert (again["price_wan"], again["holder"]) == ("1000", "新公司")
    assert (again["unreadable_columns"], again["cleared_columns"]) == ("", "")


def test_a_mark_may_name_columns_in_chinese_and_an_unknown_one_is_said(
    ready: Door, tmp_path: Path
) -> None:
    row = {**CONTRACT, "price_wan": "", "无法读懂的列": "成交价格；天气"}
    said = ready.takes("contracts", tmp_path / "a.csv", [row])
    assert "天气" in said.err
    table = bootstrap.the_store(str(ready.store)).columns(Kind.CONTRACTS)
    assert table.column("unreadable").to_pylist() == [";price_wan;"]


def test_an_amount_of_an_event_stays_unreadable_when_its_row_is_superseded(
    ready: Door, tmp_path: Path
) -> None:
    deposit = {
        "contract_id": "C1",
        "kind": "bond_deposit",
        "on": "2020-01-02",
        "document_no": "甲1",
    }
    ready.takes("events", tmp_path / "a.csv", [{**deposit, "amount_wan": "100"}])
    ready.takes("events", tmp_path / "b.csv", [{**deposit, "amount_wan": "1OO"}])
    ready.does("export", "events", "out.csv")
    (row,) = rows_of(tmp_path / "out.csv")
    assert (row["amount_wan"], row["unreadable_columns"]) == ("", "amount_wan")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_rows_told_once_brings_nothing_new_where_it_came_from(
    form: str, ready: Door, tmp_path: Path
) -> None:
    row = {
        **CONTRACT,
        "project_name": "=1+1",
        "location": "'-3号",
        "holder": "-某公司",
        "price_wan": "0.1",
    }
    ready.takes("contracts", tmp_path / "a.csv", [row])
    ready.takes("parcels", tmp_path / "p.csv", [{"parcel_id": "P1", "geometry": SHAPE}])
    for kind in ("contracts", "parcels"):
        ready.does("export", kind, f"{kind}.{form}")
        said = ready.does("import", kind, f"{kind}.{form}", "--json")
        assert {name: said.rows[name] for name in ("new", "changed")} == {"new": 0, "changed": 0}  # type: ignore[call-overload]


def test_text_that_a_spreadsheet_would_run_is_guarded_in_a_csv(ready: Door, tmp_path: Path) -> None:
    names = {"project_name": "=HYPERLINK(1)", "location": "'+1", "holder": "'引号'"}
    ready.takes(
        "contracts", tmp_path / "a.csv", [{**CONTRACT, **names, "project_name": "=HYPERLINK(1)"}]
    )
    ready.does("export", "contracts", "out.csv")
    (row,) = rows_of(tmp_path / "out.csv")
    assert (row["project_name"], row["location"], row["holder"]) == (
        "'=HYPERLINK(1)",
        "'+1",
        "'引号'",
    )


def test_known_at_leaves_out_what_was_recorded_later(filled: Door, tmp_path: Path) -> None:
    first, second = bootstrap.the_store(str(filled.store)).imports()
    between = first.recorded_at + (second.recorded_at - first.recorded_at) / 2
    filled.does("export", "contracts", "then.csv", "--known-at", between.isoformat())
    (row,) = rows_of(tmp_path / "then.csv")
    assert (row["area_m2"], row["price_wan"]) == ("66666.6667", "1000")


def test_a_history_has_every_record_with_where_it_was_read(filled: Door, tmp_path: Path) -> None:
    filled.does("export", "contracts", "all.csv", "--history")
    first, second = rows_of(tmp_path / "all.csv")
    assert (first["file"], first["row"], first["import_id"]) == ("一月.csv", "2", "1")
    assert (second["file"], second["recorded_by"]) == ("二月.csv", "张三")
    assert datetime.fromisoformat(first["recorded_at"]) < datetime.now(UTC)
    assert json.loads(second["as_read"])["price_wan"] == "约一千"
    assert second["unreadable_columns"] == "price_wan"


@pytest.mark.parametrize("form", FORMS)
def test_a_history_goes_out_in_every_form(form: str, filled: Door) -> None:
    said = filled.does("export", "contracts", f"all.{form}", "--history", "--json")
    assert json.loads(said.out)["records"] == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_what_was_written_and_how_it_goes_in_again(filled: Door, lang: str) -> None:
    said = filled.does("export", "contracts", "out.xlsx", "--lang", lang)
    assert "landwatch import contracts out.xlsx" in said.err
    said = filled.does("export", "zones", "zones.csv", "--lang", lang)
    assert ("没有园区" if lang == "zh" else "nothing of zones") in said.err


def test_the_form_is_that_of_the_name_or_the_one_named(filled: Door, tmp_path: Path) -> None:
    filled.does("export", "contracts", "台账.dat", "--format", "csv", "--bom")
    assert (tmp_path / "台账.dat").read_bytes().startswith(b"\xef\xbb\xbfcontract_id")
    said = filled("export", "contracts", "台账.docx")
    assert (said.code, (tmp_path / "台账.docx").exists()) == (2, False)
    assert "xlsx" in said.err
    assert filled("export", "contract", "a.csv").code == 2


def test_numbers_of_parquet_are_exact_and_areas_are_geoparquet(ready: Door, tmp_path: Path) -> None:
    ready.takes(
        "parcels", tmp_path / "p.csv", [{"parcel_id": "P1", "area_m2": "0.1", "geometry": SHAPE}]
    )
    ready.does("export", "parcels", "p.parquet")
    table = pq.read_table(tmp_path / "p.parquet")
    assert table.column("area_m2").to_pylist() == [Decimal("0.1000")]
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert shapely.from_wkb(table.column("geometry").to_pylist()[0]).geom_type == "MultiPolygon"


def test_a_workbook_keeps_numbers_that_excel_would_round(ready: Door, tmp_path: Path) -> None:
    row = {**CONTRACT, "agreement_area_mu": "12345678.1234567"}
    ready.takes("contracts", tmp_path / "a.csv", [row])
    told = bootstrap.the_store(str(ready.store)).columns(Kind.CONTRACTS)
    held = told.column("agreement_area_mu").to_pylist()[0]
    table = LedgerTable("contracts", told.schema, told.to_batches())
    write_ledger(table, tmp_path / "a.xlsx", "xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    names = [cell.value for cell in sheet[1]]
    shown = {name: cell.value for name, cell in zip(names, sheet[2], strict=True)}
    assert shown["agreement_area_mu"] in (float(held), f"{held.normalize():f}")
    assert Decimal(str(shown["agreement_area_mu"])) == held
    assert shown["signed_on"] == datetime(2018, 6, 30)  # noqa: DTZ001 - as the workbook has it


@pytest.fixture
def many_corners(ready: Door, tmp_path: Path) -> Door:
    """A store with an outline whose text is far longer than a cell of Excel."""
    turns = [2 * math.pi * at / 4000 for at in range(4000)]
    ring = [(103 + math.cos(turn) / 7, 36 + math.sin(turn) / 7) for turn in turns]
    drawn = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {"parcel_id": "P1"}, "geometry": drawn}
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    ready.does("import", "parcels", path)
    return ready


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_outline_too_long_for_a_cell_goes_on_in_the_next(form: str, many_corners: Door) -> None:
    many_corners.does("export", "parcels", f"out.{form}")
    many_corners.does("init", "--store", "b.gpkg")
    many_corners.does("import", "parcels", f"out.{form}", "--store", "b.gpkg")
    areas = [
        bootstrap.the_store(store).columns(Kind.PARCELS, geometry=True).column("geometry")
        for store in (str(many_corners.store), "b.gpkg")
    ]
    assert areas[0].to_pylist() == areas[1].to_pylist()


def test_an_outline_too_long_for_any_cells_is_refused_in_words(tmp_path: Path) -> None:
    import pyarrow as pa

    schema = pa.schema([("parcel_id", pa.string()), ("geometry", pa.large_binary())])
    table = LedgerTable("parcels", schema, [], corners=1_000_000)
    with pytest.raises(Exception, match="1000000") as refusal:
        write_ledger(table, tmp_path / "a.csv", "csv")
    assert ".gpkg" in str(refusal.value)
    assert not (tmp_path / "a.csv").exists()


def test_a_file_that_the_ledger_was_read_from_is_never_written_over(
    filled: Door, tmp_path: Path
) -> None:
    before = (tmp_path / "一月.csv").read_bytes()
    said = filled("export", "contracts", "一月.csv")
    assert said.code == 2
    assert (tmp_path / "一月.csv").read_bytes() == before
    filled.does("export", "contracts", "out.csv")
    filled.does("export", "contracts", "out.csv")


@pytest.mark.parametrize("words", [(), ("--format", "csv"), ("--format", "gpkg")])
def test_a_store_is_never_written_over(words: tuple[str, ...], filled: Door) -> None:
    before = filled.store.read_bytes()
    said = filled("export", "contracts", filled.store, *words)
    assert (said.code, filled.store.read_bytes()) == (3, before)


@pytest.mark.parametrize("end", ["-wal", "-journal", "-shm"])
def test_what_sqlite_keeps_beside_a_store_is_never_written(end: str, filled: Door) -> None:
    beside = filled.store.with_name(filled.store.name + end)
    before = beside.exists()
    with pytest.raises(UsageError) as refused:
        commands.export(str(filled.store), Kind.CONTRACTS, beside, form="csv")
    assert refused.value.code == "export.error.beside_store"
    assert filled.store.name in refused.value.in_words("zh")
    assert beside.exists() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_no_file_to_export_to(filled: Door, tmp_path: Path) -> None:
    pipe = tmp_path / "ff.csv"
    os.mkfifo(pipe)
    with pytest.raises(UsageError) as refused:
        commands.export(str(filled.store), Kind.CONTRACTS, pipe)
    assert refused.value.code == "export.error.no_file"
    assert pipe.is_fifo()


def test_a_geopackage_of_somebody_else_is_kept_and_an_export_is_renewed(
    filled: Door, tmp_path: Path
) -> None:
    filled.does("export", "contracts", "out.gpkg")
    filled.does("export", "contracts", "out.gpkg")
    with closing(sqlite3.connect(tmp_path / "out.gpkg")) as connection:
        assert connection.execute("SELECT count(*) FROM ledger_contracts").fetchone() == (1,)
    assert filled("export", "zones", "out.gpkg").code == 3


def test_an_export_leaves_no_file_behind_when_it_fails(
    filled: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("landwatch.reports.ledger_tables.csv_cells", failing)
    before = set(tmp_path.iterdir())
    assert filled("export", "contracts", "out.csv").code == 3
    assert set(tmp_path.iterdir()) == before


def test_what_is_put_together_from_two_rows_is_judged_as_one_when_read_again(
    ready: Door, tmp_path: Path
) -> None:
    """Two imports may contradict each other; their export tells both at once, and it is said."""
    ready.takes("contracts", tmp_path / "a.csv", [{**CONTRACT, "agreed_far_min": "2"}])
    ready.takes("contracts", tmp_path / "b.csv", [{"contract_id": "C1", "agreed_far_max": "1"}])
    ready.does("export", "contracts", "out.csv")
    ready.does("init", "--store", "b.gpkg")
    said = ready.does("import", "contracts", "out.csv", "--store", "b.gpkg")
    assert "far_crossed" in said.err
    (held,) = bootstrap.the_store("b.gpkg").columns(Kind.CONTRACTS).column("unreadable").to_pylist()
    assert held == ";agreed_far_max;agreed_far_min;"


def test_the_verb_is_there_for_programs_too(filled: Door, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    done = commands.export(
        str(filled.store), Kind.CONTRACTS, tmp_path / "a.parquet",
        told=lambda what, now, of: heard.append((what, now, of)),
    )  # fmt: skip
    assert (done.records, done.form) == (1, "parquet")
    assert heard == [("contracts", 1, 1)]


def test_the_ledger_comes_out_of_postgis_as_out_of_a_file(
    filled: Door, postgis_url: str, tmp_path: Path
) -> None:
    filled.does("init", "--store", postgis_url)
    for name in ("一月", "二月"):
        filled.does("import", "contracts", f"{name}.csv", "--store", postgis_url)
    write_csv(tmp_path / "p.csv", [{"parcel_id": "P1", "area_m2": "0.1", "geometry": SHAPE}])
    for store in (filled.store, postgis_url):
        filled.does("import", "parcels", "p.csv", "--store", store)
    for kind in ("contracts", "parcels"):
        filled.does("export", kind, "file.csv")
        filled.does("export", kind, "server.csv", "--store", postgis_url)
        assert (tmp_path / "server.csv").read_bytes() == (tmp_path / "file.csv").read_bytes()


def test_a_key_told_again_stands_where_it_was_first_told(ready: Door, tmp_path: Path) -> None:
    told = [{"parcel_id": name, "land_use": "工业"} for name in ("A", "B", "C", "D")]
    ready.takes("parcels", tmp_path / "a.csv", told)
    ready.takes(
        "parcels", tmp_path / "b.csv", [{"parcel_id": "E"}, {"parcel_id": "B", "land_use": "仓储"}]
    )
    ready.does("export", "parcels", "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert [row["parcel_id"] for row in rows] == ["A", "B", "C", "D", "E"]
    assert rows[1]["land_use"] == "仓储"
