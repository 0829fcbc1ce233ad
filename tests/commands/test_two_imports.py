"""Several imports at once, each a process of its own: all are kept, whole, and one waits for it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from landwatch.language.columns import Kind
from landwatch.store import create_store, open_store
from tests.commands.conftest import Door, write_csv

ROWS = 20_000
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["geopackage", "postgis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, in a file and on a server."""
    url = str(tmp_path / "台账 1.gpkg")
    if request.param == "postgis":
        url = str(request.getfixturevalue("postgis_url"))
    create_store(url)
    return url


def ledger(folder: Path, name: str, rows: int = ROWS, price: int = 100) -> Path:
    """Write contracts numbered after the file's name."""
    told = ({"contract_id": f"{name}-{n}", "holder": f"某某第{n}公司", "price_wan": price}
            for n in range(rows))  # fmt: skip
    return write_csv(folder / f"{name}.csv", told)


def at_once(store: str, *paths: Path) -> list[dict[str, Any]]:
    """Import each file in a process of its own, all begun together; return what each answered."""
    words = [sys.executable, "-m", "landwatch.cli", "import", "contracts", "--json"]
    running = [
        subprocess.Popen(
            [*words, str(path), "--store", store], text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={
                **os.environ,
                "LANDWATCH_USER": f"第{at}人",
                "LANDWATCH_PROGRESS_SECONDS": "3600",  # a slow machine has more to say
            },
        )
        for at, path in enumerate(paths)
    ]  # fmt: skip
    ends = [(process.communicate(timeout=300), process.returncode) for process in running]
    for (_, err), code in ends:
        assert (code, err) == (0, "")
    return [json.loads(out) for (out, _), _ in ends]


@pytest.mark.slow
@pytest.mark.parametrize("names", [("甲", "甲"), ("甲", "乙", "丙", "甲")], ids=["two", "four"])
def test_files_at_once_are_all_kept_and_the_same_file_brings_nothing_twice(
    store: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    told = at_once(store, *(ledger(tmp_path, name) for name in names))
    twins = [answer for answer in told if answer["file"] == "甲.csv"]
    assert sorted(answer["new"] for answer in twins) == [0, ROWS]
    assert sorted(answer["unchanged"] for answer in twins) == [0, ROWS]
    assert [answer["new"] for answer in told if answer["file"] != "甲.csv"] == [ROWS] * (
        len(names) - 2
    )
    opened = open_store(store)
    keys = {f"{name}-{n}" for name in set(names) for n in range(ROWS)}
    assert opened.known_keys(Kind.CONTRACTS) == keys
    assert opened.columns(Kind.CONTRACTS).num_rows == len(keys)
    receipts = opened.imports()
    assert sorted(receipt.source.name for receipt in receipts) == sorted(
        {f"{name}.csv" for name in names}
    )
    assert {receipt.new for receipt in receipts} == {ROWS}
    moments = [receipt.recorded_at for receipt in receipts]
    assert moments == sorted(set(moments))


def test_two_files_of_the_same_contracts_come_one_after_the_other(
    store: str, tmp_path: Path
) -> None:
    rows = 500
    first = ledger(tmp_path, "甲", rows, price=100)
    (tmp_path / "改").mkdir()
    second = ledger(tmp_path / "改", "甲", rows, price=200)
    told = at_once(store, first, second)
    assert sorted((answer["new"], answer["changed"]) for answer in told) == [(0, rows), (rows, 0)]
    prices = open_store(store).columns(Kind.CONTRACTS).column("price_wan").to_pylist()
    first_won = told[0]["new"] == rows
    one_after_the_other = [100] * rows + [200] * rows
    assert prices == (one_after_the_other if first_won else one_after_the_other[::-1])


@contextmanager
def held(store: str) -> Iterator[str]:
    """Hold a store as another program that writes does; tell how it is called."""
    if "://" in store:
        url = store.replace("+psycopg", "")
        with psycopg.connect(url, application_name="another program") as server:
            server.execute("LOCK TABLE imports IN EXCLUSIVE MODE")
            yield "another program"
        return
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdin
    assert other.stdout
    assert other.stdout.readline() == b"held\n"
    yield f"pid {other.pid}"
    other.communicate()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_store_held_beyond_patience_says_by_whom_and_what_to_do(
    store: str, lang: str, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_store, "__kwdefaults__", {"patience_s": 0.3})
    path = ledger(tmp_path, "甲", 3)
    with held(store) as who:
        said = door("import", "contracts", path, "--store", store, "--lang", lang)
    assert said.code == 3
    assert who in said.err
    assert {"zh": "再运行一次", "en": "run the same command again"}[lang] in said.err
    assert len(said.err.splitlines()) == 1
    door.does("import", "contracts", path, "--store", store)


def test_a_reader_elsewhere_does_not_keep_an_import_away(ready: Door, tmp_path: Path) -> None:
    """QGIS with a layer open reads now and then, and holds nothing in between."""
    with closing(sqlite3.connect(ready.store, isolation_level=None)) as reader:
        reader.execute("SELECT count(*) FROM contracts").fetchone()
        ready.does("import", "contracts", ledger(tmp_path, "甲", 3))
        assert reader.execute("SELECT count(*) FROM contracts").fetchone() == (3,)
