"""A scan that reads a store's mirror finds just what one that reads its rows finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from benchmarks.made_ledger import made_ledger
from benchmarks.made_store import fill
from landwatch.errors import StoreError
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.language.terms import Rhythm
from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.freshness_at import freshness_at
from landwatch.scan.known import ledger_at
from landwatch.scan.run import Adopted, decide
from landwatch.scan.told_rows import Rows
from landwatch.store import Store, mirror, open_store
from landwatch.store.gpkg_dialect import gpkg_engine
from landwatch.store.models import table_of

AS_OF = date(2026, 3, 1)
POLICIES = ("order-53-2012", "grant-contract", "lanzhou-2012-148", "urumqi-hitech-bond")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "台账.gpkg"
    fill(str(path), made_ledger(400))
    return open_store(str(path))


def outcomes(store: Store, known_at: Any = None) -> list[Any]:
    adopted = [Adopted(shelf()[one], Adoption(everywhere=True)) for one in POLICIES]
    return [one.table for one in decide(ledger_at(store, known_at), adopted, AS_OF)]


def both(store: Store, monkeypatch: pytest.MonkeyPatch, known_at: Any = None) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 10**9)
    assert store.mirrored(known_at) is None
    by_rows = outcomes(store, known_at)
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    assert store.mirrored(known_at) is not None
    by_columns = outcomes(store, known_at)
    assert len(by_rows) == len(by_columns) > 20
    for one, other in zip(by_rows, by_columns, strict=True):
        assert one.equals(other)


def test_threads_that_read_columns_at_once_read_what_one_reads(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader shared by two threads hung, with the night's scan, once in some thousand reads."""
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    mirrored = store.mirrored(None)
    assert mirrored is not None
    rows = Rows(Kind.PROGRESS, mirrored[Kind.PROGRESS])
    names = sorted(rows.told)
    alone = [rows.column(name) for name in names]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(rows.column, names * 40))
    assert all(one.equals(other) for one, other in zip(found, alone * 40, strict=True))


def test_some_rows_taken_from_files_are_those_of_whole_columns(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of files in several parts, with rows that were not known then and rows taken back."""
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    ids = sorted(store.known_keys(Kind.CONTRACTS))
    back = told(store, *(seen(one, started=False) for one in ids[:30]))
    assert store.mirrored() is not None  # what comes later lies in files of its own
    told(store, *(seen(one, started=True) for one in ids[20:40]))
    moment = store.latest_moment()
    told(store, *(seen(one, started=True) for one in ids[:10]))
    store.withdraw(back, by="张三")
    for known_at in (None, moment):
        mirrored = store.mirrored(known_at)
        assert mirrored is not None
        rows = Rows(Kind.PROGRESS, mirrored[Kind.PROGRESS])
        places = np.arange(0, len(rows), 3)
        found = rows.taken(places, ["contract_id", "started", "office_land_m2"])
        files = [pq.ParquetFile(file) for file in mirrored[Kind.PROGRESS].files]
        assert sum(file.num_row_groups for file in files) > 1
        for name in found.column_names:
            whole = rows.column(name).take(pa.array(places))
            assert found.column(name).to_pylist() == whole.to_pylist(), name


def told(store: Store, *rows: dict[str, Any]) -> int:
    source = SourceFile("三月.csv", f"{len(store.imports()):064d}", 10)
    with store.import_rows(Kind.PROGRESS, source, recorded_by="张三") as writer:
        writer.add(
            [
                Record(Kind.PROGRESS, f"{row['contract_id']}|{row['observed_on']}", row, None, n)
                for n, row in enumerate(rows, start=2)
            ]
        )
    return writer.receipt.import_id or 0


def seen(contract: str, *, started: bool) -> dict[str, Any]:
    return {
        "contract_id": contract,
        "observed_on": date(2026, 2, 20),
        "source": "inspection",
        "started": started,
    }


def test_rows_and_columns_come_to_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    both(store, monkeypatch)


def test_freshness_by_rows_and_by_columns_is_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.rhythms.expect("progress:inspection", None, Rhythm.MONTHLY, 10, by="张三")
    monkeypatch.setattr(mirror, "WORTH_ROWS", 10**9)
    by_rows = freshness_at(store, AS_OF, None)
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    by_columns = freshness_at(store, AS_OF, None)
    assert by_rows.evidence.num_rows > 100
    assert by_rows.evidence.equals(by_columns.evidence)
    assert replace(by_rows, evidence=by_columns.evidence) == by_columns


def test_what_is_told_taken_back_and_known_then_comes_to_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(store, monkeypatch)
    ids = sorted(store.known_keys(Kind.CONTRACTS))
    before = store.latest_moment()
    first = told(store, *(seen(one, started=False) for one in ids[:50]))
    both(store, monkeypatch)
    changed = outcomes(store)
    store.withdraw(first, by="张三")
    both(store, monkeypatch)
    assert any(not a.equals(b) for a, b in zip(changed, outcomes(store), strict=True))
    store.restore(first, by="张三")
    both(store, monkeypatch)
    assert all(a.equals(b) for a, b in zip(changed, outcomes(store), strict=True))
    both(store, monkeypatch, before)


def test_the_mirror_grows_by_what_is_new_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    first = store.mirrored()
    told(store, seen(sorted(store.known_keys(Kind.CONTRACTS))[0], started=True))
    second = store.mirrored()
    assert first is not None
    assert second is not None
    assert second[Kind.CONTRACTS].files == first[Kind.CONTRACTS].files
    assert second[Kind.PROGRESS].files[:-1] == first[Kind.PROGRESS].files
    assert second[Kind.PROGRESS].rows[-1] == 1


def test_a_row_that_another_program_changed_makes_the_mirror_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    assert store.mirrored() is not None
    engine = gpkg_engine(tmp_path / "台账.gpkg", 5)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE progress SET started = 1 - started"))
    both(store, monkeypatch)


def test_a_store_put_back_and_edited_otherwise_since_is_another_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    path = tmp_path / "台账.gpkg"
    backup = path.read_bytes()
    first, *_, last = sorted(store.known_keys(Kind.CONTRACTS))
    moved = "UPDATE contracts SET agreed_start_on = '1990-01-01' WHERE record_key = :key"
    for key in (first, last):
        path.write_bytes(backup)
        with gpkg_engine(path, 5).begin() as connection:
            connection.execute(sa.text(moved), {"key": key})
        both(store, monkeypatch)


def test_a_row_that_another_program_added_under_an_import_of_ours_is_seen(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(store, monkeypatch)
    moment = store.latest_moment()
    assert moment is not None
    before = store.mark_of_knowledge(moment)
    with gpkg_engine(tmp_path / "台账.gpkg", 5).begin() as connection:
        names = [column.name for column in table_of(Kind.PROGRESS).columns]
        told = ", ".join(f'"{name}"' for name in names if name not in ("record_id", "record_key"))
        connection.execute(
            sa.text(
                f"INSERT INTO progress (record_key, {told}) SELECT record_key || '+', {told}"
                " FROM progress WHERE record_id = 7"
            )
        )
    assert store.mark_of_knowledge(moment) != before
    both(store, monkeypatch)


def test_where_no_mirror_can_be_written_the_rows_are_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    (tmp_path / ".台账.gpkg.columns").write_text("in the way", "utf-8")
    assert store.mirrored() is None
    assert outcomes(store)


def test_two_records_of_one_contract_id_stop_a_scan_in_words(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = sorted(store.known_keys(Kind.CONTRACTS))
    with gpkg_engine(tmp_path / "台账.gpkg", 5).begin() as connection:
        connection.execute(
            sa.text("UPDATE contracts SET contract_id = :first WHERE record_key = :second"),
            {"first": first, "second": second},
        )
    with pytest.raises(StoreError, match=first) as caught:
        outcomes(store)
    assert first in caught.value.in_words("zh")


@pytest.mark.parametrize("harm", ["gone", "manifest", "other", "cut"])
def test_a_damaged_or_foreign_mirror_is_made_anew(
    harm: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    mirrored = store.mirrored()
    assert mirrored is not None
    folder = mirrored[Kind.PROGRESS].files[0].parent
    if harm == "gone":
        mirrored[Kind.PROGRESS].files[0].unlink()
    elif harm == "cut":
        file = mirrored[Kind.PROGRESS].files[0]
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "manifest":
        (folder / "manifest.json").write_text("{", "utf-8")
    else:
        path = tmp_path / "other.gpkg"
        fill(str(path), made_ledger(60, seed=7))
        path.replace(tmp_path / "台账.gpkg")
    both(store, monkeypatch)


def test_the_mirror_holds_no_column_that_nobody_told_for_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "WORTH_ROWS", 0)
    mirrored = store.mirrored()
    assert mirrored is not None
    for kind, rows in mirrored.items():
        whole = [pq.read_table(file) for file in rows.files]
        told_there = {
            name for one in whole for name in one.column_names
            if one.column(name).null_count < one.num_rows
        }  # fmt: skip
        assert told_there - {mirror.KEY_MARK} == set(rows.told) - {mirror.KEY_MARK}, kind
