"""PostgreSQL dies in the middle of an import or of a scan: nothing is lost, nothing is doubled."""

from __future__ import annotations

import csv
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from landwatch.language.columns import Kind
from landwatch.store import open_store
from tests.commands.test_kill import Children
from tests.conftest import PostgresServer
from tests.store.writing import DAY, act, contract, write

BLOWS, CONTRACTS, ROWS = 3, 10, 100
WAIT_S = 30


@pytest.fixture
def children(
    postgis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Children]:
    """Commands in processes of their own, at a store with a small ledger."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANDWATCH_ASIDE_SECONDS", "0")
    monkeypatch.setenv("LANDWATCH_STORE", postgis_url)
    assert act(["init", "--store", postgis_url])["code"] == 0
    first = write(tmp_path / "first.csv", [contract(f"C{n}") for n in range(CONTRACTS)])
    assert act(["import", "contracts", first])["code"] == 0
    children = Children(tmp_path)
    yield children
    children.close()


def answering(url: str) -> None:
    """Wait until the server takes connections again."""
    ends = time.monotonic() + WAIT_S
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", "")).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < ends, "the server did not come back"
            time.sleep(0.1)


def kill_our_backends(server: PostgresServer, url: str) -> None:
    """Kill what serves a landwatch; the server then ends everybody's and recovers."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND application_name LIKE 'landwatch%'"
        ).fetchall()
        for (number,) in found[:1]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
                until_ended(connection)
    answering(url)


def until_ended(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Wait until the server ends this connection too: before it does, it still takes new ones.

    It never does where the one that was struck had just ended by itself.
    """
    ends = time.monotonic() + WAIT_S
    with suppress(psycopg.OperationalError):
        while time.monotonic() < ends:
            connection.execute("SELECT 1")
            time.sleep(0.01)


def stop_and_start(server: PostgresServer, url: str) -> None:
    """Stop the server at once, as a power cut does, and start it again."""
    server.stop()
    server.launch()
    answering(url)


BLOW = {"backend": kill_our_backends, "server": stop_and_start}


def struck(
    children: Children, words: list[str], how: str, server: PostgresServer, url: str, after_s: float
) -> int:
    """Run a command, strike the server meanwhile, and return how the command ended."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(children.run, words)
        time.sleep(after_s)
        BLOW[how](server, url)
        status, _ = running.result(timeout=120)
    return status


def findings(url: str) -> list[list[str]]:
    """Return the findings of the latest scan, without its number."""
    done = act(["findings", "-o", "f.csv", "--store", url])
    assert done["code"] == 0, done
    with Path("f.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    number = rows[0].index("scan_id")
    return [row[:number] + row[number + 1 :] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("how", BLOW)
def test_the_server_dies_while_files_come_in(
    children: Children, postgres_server: PostgresServer, postgis_url: str, how: str
) -> None:
    seed, ends = random.Random(f"import {how}"), Counter[int]()
    _, lasts = children.run(["import", "contracts", "first.csv"])
    for blow in range(BLOWS):
        rows = [contract(f"D{blow}-{n}") for n in range(ROWS)]
        words = ["import", "contracts", write(Path(f"{blow}.csv"), rows)]
        after_s = seed.uniform(0.2 * lasts, 1.5 * lasts)
        status = struck(children, words, how, postgres_server, postgis_url, after_s)
        assert status in (0, 3), "it ends in words"
        ends[status] += 1
        store = open_store(postgis_url)
        there = sum(key.startswith(f"D{blow}-") for key in store.known_keys(Kind.CONTRACTS))
        assert there in (0, ROWS)
        assert there or status != 0, "what was told to be in is in"
        assert children.run(words)[0] == 0
        store = open_store(postgis_url)
        assert store.columns(Kind.CONTRACTS).num_rows == CONTRACTS + (blow + 1) * ROWS
        assert len(store.imports()) == blow + 2
    assert sum(ends.values()) == BLOWS


@pytest.mark.slow
@pytest.mark.parametrize("how", BLOW)
def test_the_server_dies_while_a_scan_goes_on(
    children: Children, postgres_server: PostgresServer, postgis_url: str, how: str
) -> None:
    words, seed = ["scan", "--as-of", DAY], random.Random(f"scan {how}")
    assert children.run(words)[0] == 0
    _, lasts = children.run(words)
    expected, scans = findings(postgis_url), 2
    for _ in range(BLOWS):
        after_s = seed.uniform(0.1 * lasts, lasts)
        status = struck(children, words, how, postgres_server, postgis_url, after_s)
        assert status in (0, 3), "it ends in words"
        kept = len(open_store(postgis_url).scans())
        assert kept in (scans, scans + 1)
        assert kept == scans + 1 or status != 0, "what was told to be kept is kept"
        assert children.run(words)[0] == 0
        store = open_store(postgis_url)
        scans = kept + 1
        assert len(store.scans()) == scans
        assert findings(postgis_url) == expected
        with store._keeper.reading() as connection:
            left = connection.exec_driver_sql("SELECT count(*) FROM scan_work_pieces").scalar()
        assert left == 0
