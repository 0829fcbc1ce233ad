"""The doctor of a store finds what was spoilt, names it, says what to do, and changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely
import sqlalchemy as sa

from landwatch.cli import run
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import Store, create_store, open_store
from landwatch.store.gpkg_dialect import gpkg_engine
from landwatch.store.health_rows import SAMPLED, unlike_rows
from tests.commands.conftest import CONTRACT, Door, write_csv


def outlines(store: Store) -> None:
    rows = []
    for n in range(4):
        box = shapely.box(103 + n / 10, 36, 103.05 + n / 10, 36.05)
        told = {"parcel_id": f"P{n}", "geometry": box}
        rows.append(Record(Kind.PARCELS, f"P{n}", told, None, n + 2))
    with store.import_rows(Kind.PARCELS, SourceFile("a.shp", "0" * 64, 1), recorded_by="x") as into:
        into.add(rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with contracts, progress, parcels and two scans."""
    folder = tmp_path_factory.mktemp("made")
    store = folder / "landwatch.gpkg"
    rows = [{**CONTRACT, "contract_id": f"C{n}", "price_wan": f"1000.{n}"} for n in range(6)]
    seen = {"contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection"}
    for words in (
        ("init",),
        ("import", "contracts", write_csv(folder / "contracts.csv", rows)),
        ("import", "progress", write_csv(folder / "progress.csv", [seen | {"started": "no"}])),
        ("scan", "--as-of", "2021-07-01"),
        ("scan", "--as-of", "2021-08-01"),
    ):
        assert run([*map(str, words), "--store", str(store), "--by", "张三"]) == 0
    outlines(open_store(str(store)))
    return store


@pytest.fixture
def there(made: Path, door: Door) -> Door:
    """A copy of it, and a shell beside it."""
    shutil.copy(made, door.store)
    return door


def spoil(path: Path, *statements: str) -> None:
    """Change the file as another program would."""
    with gpkg_engine(path, 5).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def seen(door: Door, *words: object, code: int | None = None) -> dict[str, str]:
    """Return the codes that the doctor tells, with their weight."""
    said = door("doctor", "store", "--json", *words)
    told = json.loads(said.out)
    found = {one["code"]: one["weight"] for one in told["found"]}
    assert said.code == (1 if "wrong" in found.values() else 0) == (1 if told["sick"] else 0)
    assert code is None or said.code == code
    for one in told["found"]:
        assert one["words"] and one["to_do"]
    return found


def test_a_sound_store_is_sound_and_stays_as_it_was(there: Door) -> None:
    before = there.store.read_bytes()
    assert seen(there, code=0) == {}
    assert seen(there, "--all", code=0) == {}
    said = there.does("doctor", "store")
    assert "没有发现问题" in said.out and "库版本" in said.out and "SQLite" in said.out
    assert "--all" in said.err
    assert "Nothing wrong" in there.does("doctor", "store", "--lang", "en").out
    assert there.store.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE contracts SET price_wan = 1 WHERE record_key = 'C2'", {"content", "edited"}),
        ("UPDATE contracts SET signed_on = 'soon' WHERE record_key = 'C2'", {"content", "edited"}),
        ("UPDATE contracts SET unreadable = ';holder;' WHERE record_key = 'C2'",
         {"content", "edited"}),
        ("UPDATE parcels SET geometry = (SELECT geometry FROM parcels WHERE record_key = 'P2')"
         " WHERE record_key = 'P1'", {"content", "edited"}),
        ("UPDATE progress SET started = 7", {"content", "edited"}),
        ("DELETE FROM contracts WHERE record_key = 'C2'", {"import_rows", "edited"}),
        ("UPDATE imports SET rows_new = 99 WHERE import_id = 1", {"import_rows"}),
        ("UPDATE contracts SET import_id = 2 WHERE record_key = 'C2'",
         {"import_rows", "rows_orphaned", "edited"}),
        ("DELETE FROM scan_parts WHERE scan_id = 1", {"scan_empty", "scan_counts"}),
        ("UPDATE scan_parts SET content = x'00' WHERE scan_id = 2", {"scan_unreadable"}),
        ("UPDATE scans SET counts = '{}' WHERE scan_id = 2", {"scan_counts"}),
        ("UPDATE scans SET base_scan_id = 77 WHERE scan_id = 1", {"scan_base_gone"}),
        ("DROP TRIGGER edits_contracts_update", {"trigger_gone"}),
        ("DELETE FROM gpkg_contents WHERE table_name = 'events'", {"not_registered"}),
        ("DELETE FROM rtree_parcels_geometry WHERE id = 2", {"tree_disagrees"}),
        ("INSERT INTO imports SELECT 9, kind, source_name, sha256, size,"
         " '2999-01-01T00:00:00.000000Z', recorded_by, 0, 0, 1, note FROM imports"
         " WHERE import_id = 1", {"clock"}),
        ("INSERT INTO scan_works VALUES (1, 'f', '2020-01-01', '2020-01-01T00:00:00.000000Z', 1,"
         " '2020-01-01T00:00:00.000000Z', 'x')", {"works_stale"}),
        ("PRAGMA application_id = 5", {"not_geopackage"}),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_what_another_program_spoilt_is_found(there: Door, statement: str, codes: set[str]) -> None:
    spoil(there.store, "PRAGMA foreign_keys = OFF", statement)
    if codes == {"not_geopackage"}:  # such a file is not even opened as a store
        assert there("doctor", "store").code == 3
        return
    found = seen(there)
    assert codes <= set(found)
    for lang in ("zh", "en"):
        shown = there("doctor", "store", "--lang", lang)
        assert all(code in shown.out for code in codes)


def test_rows_that_refer_to_nothing_are_found(there: Door) -> None:
    with closing(sqlite3.connect(there.store)) as connection:
        connection.execute("DELETE FROM scans WHERE scan_id = 1")
        connection.commit()
    found = seen(there, code=1)
    assert found["part_orphaned"] == found["reference"] == "wrong"


def test_a_damaged_page_is_found_and_does_not_end_the_look(there: Door) -> None:
    content = bytearray(there.store.read_bytes())
    with closing(sqlite3.connect(there.store)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'progress'"
        ).fetchone()[0]
    content[(root - 1) * size : (root - 1) * size + 64] = b"\xff" * 64
    there.store.write_bytes(content)
    found = seen(there, code=1)
    assert found["damaged"] == "wrong"
    said = there("doctor", "store", "--lang", "en")
    assert "restore from a backup" in said.out


def test_edits_are_told_and_weigh_less_than_a_changed_value(there: Door) -> None:
    spoil(there.store, "UPDATE contracts SET holder = holder WHERE record_key = 'C2'")
    assert seen(there, code=0) == {"edited": "suspect"}


def test_what_lies_beside_the_file_is_told(there: Door) -> None:
    folder, old = there.store.parent, 1_600_000_000
    stray = folder / ".landwatch.gpkg.ab12.creating"
    stray.write_bytes(b"x" * 10)
    os.utime(stray, (old, old))
    (folder / "landwatch.before-0004.0003.20260101-000000-ab12.gpkg").write_bytes(b"x")
    (folder / "other.before-0004.gpkg").write_bytes(b"x")
    assert seen(there, code=0) == {"strays": "note", "backups": "note"}
    assert "其他" not in there.does("doctor", "store").out
    said = there.does("doctor", "store").out
    assert ".creating" in said and "没有影响结论的问题；2 项建议" in said
    assert "没有发现问题" not in said
    assert json.loads(there.does("status", "--json").out)["health"][0]["code"] == "strays"


def test_a_full_disk_is_told(there: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(100, 100, 1_000)
    monkeypatch.setattr("landwatch.store.health_file.shutil.disk_usage", lambda _: full)
    assert seen(there, code=1) == {"disk": "wrong"}
    said = there.does("status")
    assert "库的状况：1 处异常" in said.out
    assert "troubles: 1" in there.does("status", "--lang", "en").out


def test_the_status_looks_only_at_what_costs_nothing(there: Door) -> None:
    spoil(there.store, "UPDATE contracts SET price_wan = 1 WHERE record_key = 'C2'")
    told = json.loads(there.does("status", "--json").out)
    assert [one["code"] for one in told["health"]] == ["edited"]
    assert set(told["versions"]) == {"landwatch", "schema", "sqlite"}
    assert "未见异常" not in there.does("status").out


def test_no_store_is_no_health(door: Door) -> None:
    assert door("doctor", "store").code == 3
    Path("landwatch.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 200)
    assert door("doctor", "store").code == 3


def test_a_sample_is_drawn_of_many_rows_and_all_are_read_when_asked(tmp_path: Path) -> None:
    store = create_store(str(tmp_path / "a.gpkg"))
    rows = [
        Record(Kind.CONTRACTS, f"C{n}", {"contract_id": f"C{n}"}, None, n)
        for n in range(SAMPLED + 500)
    ]
    file = SourceFile("a", "0" * 64, 1)
    with store.import_rows(Kind.CONTRACTS, file, recorded_by="x") as into:
        into.add(rows)
    spoil(tmp_path / "a.gpkg", "UPDATE contracts SET holder = 'X'")

    def looked(*, whole: bool) -> Any:
        keeper = store._keeper
        return unlike_rows(keeper, Kind.CONTRACTS, whole=whole, told=lambda *_: None)

    assert (looked(whole=False).looked, looked(whole=True).looked) == (SAMPLED, SAMPLED + 500)
    assert looked(whole=False).count == SAMPLED and looked(whole=True).count == SAMPLED + 500


# --- a store on a server -------------------------------------------------------------------------


@pytest.fixture
def server(postgis_url: str, made: Path, door: Door) -> tuple[Door, str]:
    """The same ledger on a server, scanned once."""
    store = ("--store", postgis_url)
    door.does("init", *store)
    for kind in ("contracts", "progress"):
        door.does("import", kind, made.parent / f"{kind}.csv", *store)
    outlines(open_store(postgis_url))
    door.does("scan", "--as-of", "2021-08-01", *store)
    return door, postgis_url


def test_a_store_on_a_server_is_looked_at_too(server: tuple[Door, str]) -> None:
    door, url = server
    assert set(seen(door, "--all", "--store", url, code=0)) <= {"no_checksums"}
    said = door.does("doctor", "store", "--store", url, "--lang", "en").out
    assert "PostgreSQL 15" in said and "PostGIS 3" in said
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in (
            "UPDATE contracts SET price_wan = 1 WHERE record_key = 'C2'",
            "UPDATE parcels SET geometry = ST_Translate(geometry, 0.1, 0) WHERE record_key = 'P1'",
            "DELETE FROM progress",
            "ALTER TABLE events DISABLE TRIGGER edits_events",
            "UPDATE scan_parts SET content = '\\x00'",
            "SET LOCAL session_replication_role = replica",
            "DELETE FROM imports WHERE import_id = 1",
        ):
            connection.exec_driver_sql(statement)
    found = seen(door, "--store", url, code=1)
    codes = {"content", "edited", "import_rows", "trigger_gone", "scan_unreadable", "reference"}
    assert codes | {"rows_orphaned"} <= set(found)
