"""The store's file is a GeoPackage that other programs open as it is."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.store import ScanSummary, Store, blobs, create_store, open_store

READ_WITH_GDAL = """
import json, sys, pyogrio
path = sys.argv[1]
layers = {name: kind for name, kind in pyogrio.list_layers(path)}
parcels = pyogrio.read_dataframe(path, layer="parcels")
contracts = pyogrio.read_dataframe(path, layer="contracts")
print(json.dumps({
    "layers": layers,
    "crs": parcels.crs.to_epsg(),
    "keys": parcels["record_key"].tolist(),
    "bounds": parcels.total_bounds.tolist(),
    "features": pyogrio.read_info(path, layer="parcels")["features"],
    "in_window": pyogrio.read_dataframe(path, layer="parcels", bbox=(103, 36, 103.05, 36.05))
        ["record_key"].tolist(),
    "price": contracts["price_wan"].tolist(),
    "signed": str(contracts["signed_on"][0])[:10],
    "holder": contracts["holder"].tolist(),
}))
"""


def parcels(count: int) -> list[Record]:
    return [
        Record(
            Kind.PARCELS,
            f"P{i}",
            {
                "parcel_id": f"P{i}",
                "geometry": shapely.box(103 + i / 10, 36, 103.01 + i / 10, 36.01),
            },
            "宗地",
            i + 2,
        )
        for i in range(count)
    ]


@pytest.fixture
def full(tmp_path: Path, ledger: Any) -> Path:
    """A store in which every table holds something."""
    path = tmp_path / "园区 一.gpkg"
    store = create_store(str(path))
    ledger.take_in(store, parcels(5))
    zone = {"zone_id": "Z1", "geometry": shapely.box(103, 36, 104, 37)}
    ledger.take_in(store, [Record(Kind.ZONES, "Z1", zone, None, 1)])
    ledger.take_in(store, [Record(Kind.ZONES, "Z2", {"zone_id": "Z2"}, None, 2)])
    values = {"price_wan": Decimal("1234.56"), "signed_on": date(2020, 2, 29), "holder": "甲公司"}
    ledger.take_in(store, [ledger.contract("C1", **values)])
    started = {"contract_id": "C1", "observed_on": date(2021, 1, 1), "started": True}
    ledger.take_in(store, [Record(Kind.PROGRESS, "C1|1", {**started, "employees": 3}, None, 1)])
    delay = {"contract_id": "C1", "kind": "delay", "on": date(2021, 1, 1), "verified": False}
    ledger.take_in(store, [Record(Kind.EVENTS, "C1|2", delay, None, 1)])
    store.adopt("order-53-2012", None, by="张三")
    now = datetime.now(UTC)
    summary = ScanSummary(None, date(2026, 1, 1), now, now, "张三", "0.1", {}, {}, 1)
    store.save_scan(summary, [b"PAR1"])
    return path


def test_gdals_validator_finds_nothing(full: Path, tmp_path: Path, valid: Any) -> None:
    valid(full)
    empty = tmp_path / "empty.gpkg"
    create_store(str(empty))
    valid(empty)


def test_gdal_reads_it_in_a_process_of_its_own(full: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", READ_WITH_GDAL, str(full)], check=True, capture_output=True
    )
    seen = json.loads(asked.stdout)
    assert seen["layers"]["zones"] == seen["layers"]["parcels"] == "MultiPolygon"
    tables = {kind.value for kind in Kind}
    tables |= {"imports", "withdrawals", "withdrawn_rows", "confirmations", "rhythms"}
    tables |= {"adoptions", "policy_texts", "scans", "scan_parts", "scan_works"}
    tables |= {"scan_work_pieces", "prunings", "samples", "sample_items", "verdicts", "charges"}
    tables |= {"edits"}
    assert set(seen["layers"]) == tables, "and none of Alembic's"
    assert seen["crs"] == 4490
    assert seen["keys"] == [f"P{i}" for i in range(5)]
    assert seen["bounds"] == pytest.approx([103, 36, 103.41, 36.01])
    assert (seen["features"], seen["in_window"]) == (5, ["P0"])
    assert (seen["price"], seen["signed"], seen["holder"]) == ([1234.56], "2020-02-29", ["甲公司"])


def test_every_layer_has_a_title_in_both_languages(full: Path) -> None:
    connection = sqlite3.connect(full)
    titles = dict(connection.execute("SELECT table_name, identifier FROM gpkg_contents"))
    connection.close()
    assert titles["parcels"] == "宗地 Parcels"
    assert len(titles) == 22
    assert all(not title.isascii() and title[-1].isascii() for title in titles.values())


def test_the_contents_say_how_far_the_shapes_reach(full: Path) -> None:
    connection = sqlite3.connect(full)
    reach = connection.execute(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'parcels'"
    ).fetchone()
    connection.close()
    assert reach == pytest.approx((103, 36, 103.41, 36.01), abs=1e-4)


SEARCH = {
    "sqlite": "record_id IN (SELECT id FROM rtree_parcels_geometry"
    " WHERE maxx >= 103.195 AND minx <= 103.305 AND maxy >= 36 AND miny <= 37)",
    "postgresql": "geometry && ST_MakeEnvelope(103.195, 36, 103.305, 37, 4490)",
}


def test_the_index_of_shapes_finds_what_lies_in_a_window(
    store: Store, ledger: Any, engine: Callable[[str], sa.Engine]
) -> None:
    ledger.take_in(store, parcels(6))
    ledger.take_in(store, [Record(Kind.PARCELS, "no shape", {}, None, 9)])
    empty = Record(Kind.PARCELS, "empty", {"geometry": shapely.MultiPolygon()}, None, 10)
    ledger.take_in(store, [empty])
    with engine(store.url).connect() as connection:
        where = SEARCH[connection.dialect.name]
        found = connection.exec_driver_sql(f"SELECT record_key FROM parcels WHERE {where}")
        assert sorted(found.scalars()) == ["P2", "P3"]
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN SELECT * FROM parcels WHERE {where}"
            )
            steps = [row.detail for row in plan]
            assert any("INTEGER PRIMARY KEY" in step for step in steps), steps
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN SELECT * FROM parcels WHERE {where}")
            assert "ix_parcels_geometry" in "\n".join(plan.scalars())


def test_a_shape_drawn_anew_by_another_program_keeps_the_index_true(
    full: Path, engine: Callable[[str], sa.Engine], valid: Any
) -> None:
    moved = blobs.packed(shapely.MultiPolygon([shapely.box(10, 10, 11, 11)]))
    with engine(str(full)).begin() as connection:
        run = connection.exec_driver_sql
        run("UPDATE parcels SET geometry = ? WHERE record_key = 'P0'", (moved,))
        run("UPDATE parcels SET geometry = NULL WHERE record_key = 'P1'")
        run("DELETE FROM parcels WHERE record_key = 'P2'")
        rows = run(
            "SELECT record_key, minx, maxy FROM rtree_parcels_geometry"
            " JOIN parcels ON id = record_id ORDER BY id"
        )
        assert next(tuple(row) for row in rows) == ("P0", 10, 11)
        assert run("SELECT count(*) FROM rtree_parcels_geometry").scalar() == 3
    valid(full)


numbers = st.floats(-180, 180)


@settings(max_examples=50)
@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=8), st.booleans())
def test_a_blob_carries_the_shape_and_its_bounds(
    corners: list[tuple[float, float]], little_endian: bool
) -> None:
    shape = shapely.MultiPolygon([shapely.Polygon(corners)])
    blob = blobs.packed(shape)
    assert blob is not None
    assert blobs.unpacked(blob) == shape
    edges = [blobs.SQL_FUNCTIONS[f"ST_{edge}"] for edge in ("MinX", "MinY", "MaxX", "MaxY")]
    assert [edge(blob) for edge in edges] == list(shape.bounds)
    bare = blob[:3] + bytes([0x01]) + blob[4:8] + shapely.to_wkb(shape, byte_order=little_endian)
    assert [edge(bare) for edge in edges] == list(shape.bounds), "as other programs may write it"
    assert blobs.unpacked(bare) == shape


def test_functions_of_the_index_pass_over_what_is_missing() -> None:
    assert all(function(None) is None for function in blobs.SQL_FUNCTIONS.values())
    empty = blobs.packed(shapely.MultiPolygon())
    assert blobs.SQL_FUNCTIONS["ST_IsEmpty"](empty) == 1


def test_the_same_rows_again_leave_every_byte_as_it_was(tmp_path: Path, ledger: Any) -> None:
    path = tmp_path / "a.gpkg"
    store = create_store(str(path))
    ledger.take_in(store, parcels(50))
    store.adopt("order-53-2012", None, by="张三")
    before, touched = path.read_bytes(), path.stat().st_mtime_ns
    assert ledger.take_in(store, parcels(50)).unchanged == 50
    store.adopt("order-53-2012", None, by="李四")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, touched)


def test_a_file_that_qgis_left_in_its_own_journal_mode_is_used_on(
    full: Path, ledger: Any, valid: Any
) -> None:
    qgis = sqlite3.connect(full)
    assert qgis.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    ledger.take_in(open_store(str(full)), [ledger.contract("C2")])
    assert open_store(str(full)).known_keys(Kind.CONTRACTS) == {"C1", "C2"}
    qgis.close()
    valid(full)
