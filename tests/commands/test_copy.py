"""A ledger moves to a server and back, by copy and by backup, and the same is found there."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from landwatch.cli import run
from landwatch.store import open_store
from tests.commands.conftest import Door
from tests.conftest import POSTGRES

DATA = Path(__file__).parents[2] / "data"
FILES = ("zones.geojson", "parcels.geojson", "contracts.xlsx", "progress.csv", "events.csv")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of a made-up park, scanned; one import taken back."""
    store = tmp_path_factory.mktemp("demo") / "landwatch.gpkg"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDWATCH_USER", "张三")
        for words in (
            ("init",),
            *(("import", name.split(".")[0], DATA / f"lanzhou-{name}") for name in FILES),
            ("undo", "5", "--reason", "试一下"),
            ("policy", "adopt", "lanzhou-2012-148", "--zone", "LZ-DEMO"),
            ("scan", "--as-of", "2026-07-31"),
        ):
            # The made-up ledger has rows that are refused, on purpose.
            as_it_should = (0, 3) if words[0] == "import" else (0,)
            assert run([*map(str, words), "--store", str(store)]) in as_it_should, words
    return store


@pytest.fixture
def others(postgres_server: Any) -> Iterator[Callable[[str], str]]:
    """Fresh databases, gone after the test."""
    made: list[str] = []

    def database(name: str) -> str:
        made.append(name)
        postgres_server.sql(f"CREATE DATABASE {name}")
        return str(postgres_server.url(name))

    yield database
    for name in made:
        postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


def found(door: Door, store: str | Path, *words: object) -> list[list[str]]:
    """Return the findings as CSV, but for the number of the scan."""
    path = door.store.with_name(f"findings-{len(list(door.store.parent.iterdir()))}.csv")
    door.does("findings", "-o", path, "--store", store, *words)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    (at,) = (place for place, name in enumerate(rows[0]) if name == "scan_id")
    return [row[:at] + row[at + 1 :] for row in rows]


def test_the_same_is_found_on_the_server_and_in_the_file_that_comes_back(
    demo: Path, door: Door, others: Callable[[str], str], tmp_path: Path
) -> None:
    server, back = others("there"), tmp_path / "回来.gpkg"
    told = json.loads(door.does("copy", demo, server, "--json").out)
    assert told["rows"] == sum(one["rows"] for one in told["tables"]) > 90
    door.does("copy", server, back)
    first = found(door, demo)
    assert len(first) > 500
    for store in (server, back):
        assert found(door, store) == first, "the kept scan is the same"
        door.does("scan", "--as-of", "2027-01-31", "--store", store)
    anew = found(door, server)
    assert anew == found(door, back), "and so is a new one"
    number = json.loads(door.does("imports", "--json", "--store", back).out)[-1]["import_id"]
    door.does("visit", "LZ-01", "--started", "yes", "--on", "2026-08-01", "--store", back)
    after = json.loads(door.does("imports", "--json", "--store", back).out)[-1]
    assert (after["import_id"], after["kind"]) == (number + 1, "progress")


def test_a_copy_says_what_it_did_and_a_second_one_why_not(
    demo: Path, door: Door, tmp_path: Path
) -> None:
    target = tmp_path / "副本 b.gpkg"
    said = door.does("copy", demo, target)
    assert "contracts" in said.out and "scan_parts" in said.out
    assert "行数和内容都一致" in said.err and f"LANDWATCH_STORE='{target}'" in said.err
    assert "pgpass" not in said.err, "a file asks for no password"
    assert "edits（改动计数" in said.out, "its rows are no edits"
    again = door("copy", demo, target, "--lang", "en")
    assert (again.code, again.out) == (3, "")
    assert "is not empty" in again.err and len(again.err.splitlines()) == 1


def test_no_password_is_shown_of_an_address(demo: Path, door: Door, tmp_path: Path) -> None:
    secret = f"postgresql+psycopg://bureau:geheim@/land?host={tmp_path}"
    for words in ((secret, tmp_path / "a.gpkg"), (demo, secret)):
        said = door("copy", *words)
        assert said.code == 3
        assert "geheim" not in said.out + said.err


def test_a_source_that_is_not_there_leaves_no_target(door: Door, tmp_path: Path) -> None:
    said = door("copy", tmp_path / "没有.gpkg", tmp_path / "b.gpkg")
    assert said.code == 3
    assert not (tmp_path / "b.gpkg").exists()
    assert door("copy", tmp_path / "没有.gpkg").code == 2


def dumped(url: str, folder: Path, *words: str) -> Path:
    """Back a database up as docs/server.md says."""
    database, _, host = url.partition("@/")[2].partition("?host=")
    path = folder / "landwatch.dump"
    subprocess.run(
        [POSTGRES / "pg_dump", "-Fc", "-h", host, "-U", "postgres", "-f", path, *words, database],
        check=True,
    )
    return path


def test_a_backup_restored_into_a_new_database_holds_the_same(
    demo: Path, door: Door, others: Callable[[str], str], tmp_path: Path
) -> None:
    live, fresh = others("live"), others("restored")
    door.does("copy", demo, live)
    door.does("server", "publish", "--store", live)
    before = found(door, live)
    dump = dumped(live, tmp_path)
    database, _, host = fresh.partition("@/")[2].partition("?host=")
    subprocess.run(
        [POSTGRES / "pg_restore", "-h", host, "-U", "postgres", "-d", database, "--no-owner",
         "--exit-on-error", "--single-transaction", dump],
        check=True,
    )  # fmt: skip
    status = json.loads(door.does("status", "--json", "--store", fresh).out)
    assert status == json.loads(
        door.does("status", "--json", "--store", live).out.replace("/live", "/restored")
    )
    assert found(door, fresh) == before
    door.does("visit", "LZ-01", "--started", "yes", "--on", "2026-08-01", "--store", fresh)
    door.does("scan", "--as-of", "2026-08-31", "--store", fresh)
    assert [scan.as_of.isoformat() for scan in open_store(fresh).scans()][-1] == "2026-08-31"


def test_a_file_copied_while_nobody_writes_is_a_backup(
    demo: Path, door: Door, tmp_path: Path
) -> None:
    backup = tmp_path / "备份 2026-07-31.gpkg"
    shutil.copy2(demo, backup)
    with backup.open("rb") as file:
        os.fsync(file.fileno())
    door.does("status", "--store", backup)
    assert found(door, backup, "--scan", "1") == found(door, demo, "--scan", "1")
