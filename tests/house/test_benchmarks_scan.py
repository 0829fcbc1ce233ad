"""The benchmark of the scan, at a size that CI can bear: three ways of deciding say the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from benchmarks import by_hand, by_rows
from benchmarks.by_rows_store import frames_of
from benchmarks.made_ledger import made_ledger
from benchmarks.made_store import fill, hashes_of
from benchmarks.scan import Run
from benchmarks.scan_equal import compared, table_of_rows
from benchmarks.scan_page import bars, page
from benchmarks.scan_plots import plots
from benchmarks.scan_stages import AS_OF, adopted
from landwatch.language.columns import Kind
from landwatch.scan.dossier import Ledger
from landwatch.scan.run import decide
from landwatch.store import Store, content

CONTRACTS = 250
SEED = 25  # a small ledger that holds every mark


@pytest.fixture(scope="module")
def tables() -> dict[Kind, pa.Table]:
    return made_ledger(CONTRACTS, seed=SEED)


@pytest.fixture(scope="module")
def ours(tables: dict[Kind, pa.Table]) -> dict[str, pa.Table]:
    return {one.rule.code: one.table for one in decide(Ledger(tables, None), adopted(), AS_OF)}


@pytest.fixture(scope="module")
def store(tables: dict[Kind, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Store:
    return fill(str(tmp_path_factory.mktemp("made") / "made.gpkg"), tables)


def differing(ours: pa.Table, theirs: pa.Table, rule: str) -> list[str]:
    return [f"{one.rule} {one.column}" for one in compared(rule, ours, theirs) if one.count]


def test_the_hand_written_query_says_what_landwatch_says(
    tables: dict[Kind, pa.Table], ours: dict[str, pa.Table]
) -> None:
    wide = by_hand.outcomes(tables, AS_OF)
    for rule, told in ours.items():
        names = [name for name in wide.column_names if name.startswith(f"{rule}/")]
        theirs = wide.select(["contract_id", "zone_id", *names])
        theirs = theirs.rename_columns([n.rpartition("/")[2] for n in theirs.column_names])
        assert differing(told, theirs, rule) == []


def test_the_pandas_script_says_what_landwatch_says(
    tables: dict[Kind, pa.Table], ours: dict[str, pa.Table]
) -> None:
    rows = by_rows.outcomes(tables, AS_OF)
    assert set(rows["rule"]) == set(ours)
    for rule, told in ours.items():
        assert differing(told, table_of_rows(rows[rows["rule"] == rule]), rule) == []


def test_a_difference_is_seen(ours: dict[str, pa.Table]) -> None:
    told = ours["O53.A1"]
    at = told.schema.get_field_index("status")
    other = told.set_column(at, "status", pa.array(["exempt"] * told.num_rows))
    assert differing(told, other, "O53.A1") == ["O53.A1 status"]


def test_a_store_gives_the_made_rows_back(store: Store, tables: dict[Kind, pa.Table]) -> None:
    for kind in Kind:
        columns = store.columns(kind)
        assert columns.schema == tables[kind].schema
        assert columns.combine_chunks().equals(tables[kind].combine_chunks())


def test_the_hashes_of_made_rows_are_those_of_an_import(tables: dict[Kind, pa.Table]) -> None:
    for kind, table in tables.items():
        batch = table.combine_chunks().to_batches()[0]
        for row, digest in zip(batch.to_pylist(), hashes_of(kind, batch), strict=True):
            told = [
                f"{name}={content.plain_of(column)(row[name])}"
                for name, column in content.columns_of_kind(kind).items()
                if row.get(name) is not None
            ]
            assert content.content_hash(told, row["cleared"], row["unreadable"]) == digest


def test_pandas_reads_the_same_from_the_file(tmp_path: Path) -> None:
    tables = made_ledger(40)
    fill(str(tmp_path / "few.gpkg"), tables)
    with closing(sqlite3.connect(tmp_path / "few.gpkg")) as connection:
        frames = frames_of(connection)
    told = by_rows.outcomes(tables, AS_OF).reset_index(drop=True)
    again = by_rows.outcomes_of(frames, AS_OF).reset_index(drop=True)
    pd.testing.assert_frame_equal(again, told)


def test_a_made_ledger_is_the_same_each_time_and_asks_every_question(
    tables: dict[Kind, pa.Table],
) -> None:
    again = made_ledger(CONTRACTS, seed=SEED)
    assert all(again[kind].equals(tables[kind]) for kind in Kind)
    assert tables[Kind.PROGRESS].num_rows == 5 * CONTRACTS
    assert tables[Kind.CONTRACTS].num_rows > CONTRACTS
    for kind in (Kind.CONTRACTS, Kind.PROGRESS):
        for mark in ("cleared", "unreadable"):
            assert tables[kind][mark].null_count < tables[kind].num_rows


def test_the_page_tells_what_was_missed() -> None:
    run = asdict(made_run())
    told = {bar.asked: bar.holds for bar in bars(run)}
    assert told == {
        "columns → outcomes: at least 300 times the pandas script": True,
        "columns → outcomes: within 2 times the hand-written query": False,
        "GeoPackage → kept findings: at least 50 times the pandas script": True,
        "GeoPackage: peak memory of a scan below 2 GB": True,
        "GeoPackage: 1 % of the contracts changed, at least 5 times faster than a whole scan": True,
        "GeoPackage: a day later, at least 5 times faster than a whole scan": True,
    }
    assert page(run).count("**missed**") == 1
    assert all(text.startswith("<?xml") for _, text in plots(run))


def made_run() -> Run:
    """Return a run whose figures are easy to reckon with: landwatch takes 10 s for a million."""
    took = {"cpu_s": 10.0, "peak_mb": 900.0, "load": 1.0, "columns_mb": 500.0, "gather_s": 5.0}
    parts = {"read": 1.0, "gather": 5.0, "decide": 3.0, "keep": 1.0}
    whole = {**took, "wall_s": 10.0, "parts": parts, "counts": {"O53.A1": {"breach": 3}}}
    small = {**whole, "wall_s": 1.0}
    rows = {**took, "wall_s": 100.0, "cpu_s": 100.0, "parts": parts}
    stages = {f"by_rows {n}": rows for n in (5_000, 10_000, 20_000)} | {"by_rows store": rows}
    stages |= {"landwatch": whole, "by_hand": {**took, "wall_s": 4.0}}
    stages |= {f"{who} 10000": {**whole, "cpu_s": 0.1} for who in ("landwatch", "by_hand")}
    stages |= {"make 1000000": {"rows": {"contracts": 1_020_000}}}
    names = ("first", "whole", "day later, whole", "changed, whole")
    stages |= {f"GeoPackage {name}": whole for name in names}
    stages |= {f"GeoPackage {name}": small for name in ("day later", "changed")}
    stages |= {"GeoPackage change": {"rows": 10_000}}
    machine = {"system": "Linux", "python": "3.11", "wheels": {}, "policies": (), "as_of": "",
               "on": date(2026, 11, 22)}  # fmt: skip
    return Run("", 1_000_000, [5_000, 10_000, 20_000], [10_000], stages, machine)
