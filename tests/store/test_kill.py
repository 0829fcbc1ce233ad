"""A writer killed at any moment leaves the store as it was before, or as it would be after."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from landwatch.errors import StoreMissingError
from landwatch.language.columns import Kind
from landwatch.store import create_store, open_store

ROWS, PARTS = 600, 4


class Writers:
    """Children that write and may be killed."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "writer_server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def strike(
        self, job: str, url: str, prefix: str, *, after_s: float | None = None, point: str = ""
    ) -> float:
        """Run the job, kill it after a while or at a point, and say how long it lived."""
        assert self._server.stdin
        assert self._server.stdout
        delay = "" if after_s is None else f"{after_s:.6f}"
        began = time.perf_counter()
        self._server.stdin.write(f"{job}\t{url}\t{prefix}\t{delay}\t{point}\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        assert status in (0, signal.SIGKILL), "a child failed by itself"
        if point:
            assert status == signal.SIGKILL, f"never came to {point}"
        return time.perf_counter() - began

    def close(self) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    writers = Writers()
    yield writers
    writers.close()


def landed(job: str, url: str, prefix: str) -> bool:
    """Tell whether the job's work is in the store; all of it or none."""
    store = open_store(url)
    if job == "keep_scan":
        made = [scan for scan in store.scans() if scan.made_by == prefix]
        for scan in made:
            assert scan.scan_id is not None
            assert len(list(store.scan_parts(scan.scan_id))) == PARTS
        return bool(made)
    keys = [key for key in store.known_keys(Kind.PARCELS) if key.startswith(f"{prefix}-")]
    receipts = [r for r in store.imports() if r.source.name == f"{prefix}.xlsx"]
    assert (len(keys), sum(r.new for r in receipts)) in ((0, 0), (ROWS, ROWS))
    return bool(keys)


MOMENTS = {"make": 14, "take_in": 22, "keep_scan": 14}


def test_fifty_random_moments(writers: Writers, tmp_path: Path, ledger: Any, valid: Any) -> None:
    seed = random.Random(53)
    whole, path = tmp_path / "whole.gpkg", tmp_path / "struck.gpkg"
    ledger.take_in(create_store(str(whole)), [ledger.contract("C1")])
    seen: Counter[tuple[str, bool]] = Counter()
    for job, moments in MOMENTS.items():
        shutil.copy(whole, path)
        target = path if job != "make" else tmp_path / "first.gpkg"
        lasts = writers.strike(job, str(target), "unhurt")
        for i in range(moments):
            for stray in (*tmp_path.glob("struck*"), *tmp_path.glob("first*")):
                stray.unlink()
            if job != "make":
                shutil.copy(whole, path)
            writers.strike(job, str(target), f"s{i}", after_s=seed.uniform(0, 1.1 * lasts))
            if job == "make" and not target.exists():
                with pytest.raises(StoreMissingError):
                    open_store(str(target))
                create_store(str(target))
                seen[job, False] += 1
            else:
                seen[job, landed("take_in" if job == "make" else job, str(target), f"s{i}")] += 1
            valid(target)
            assert open_store(str(target)).known_keys(Kind.CONTRACTS) <= {"C1"}
    assert sum(seen.values()) == 50
    assert seen["take_in", False]
    assert seen["keep_scan", False]


@pytest.mark.parametrize(
    ("job", "point"),
    [
        ("take_in", "statement:1"),
        ("take_in", "trigger:1"),
        ("take_in", f"trigger:{ROWS}"),
        ("take_in", "commit:2"),
        ("keep_scan", "statement:9"),
        ("keep_scan", "commit:2"),
    ],
)
def test_the_points_of_a_commit(
    writers: Writers, tmp_path: Path, ledger: Any, valid: Any, job: str, point: str
) -> None:
    path = tmp_path / "a.gpkg"
    ledger.take_in(create_store(str(path)), [ledger.contract("C1")])
    writers.strike(job, str(path), "s", point=point)
    if point != "statement:1":
        assert (tmp_path / "a.gpkg-journal").exists(), "killed within the transaction"
    assert not landed(job, str(path), "s")
    valid(path)
    writers.strike(job, str(path), "next")
    assert landed(job, str(path), "next")
    valid(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.parametrize("point", ["statement:20", "commit:1", "flush:1", "link:1"])
def test_the_points_of_making_a_store(
    writers: Writers, tmp_path: Path, valid: Any, point: str
) -> None:
    path = tmp_path / "a.gpkg"
    writers.strike("make", str(path), "s", point=point)
    with pytest.raises(StoreMissingError):
        open_store(str(path))
    assert len(list(tmp_path.glob(".a.gpkg.*.creating"))) == 1
    for stray in tmp_path.iterdir():
        os.utime(stray, (0, 0))
    create_store(str(path))
    valid(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"], "the stray draft is gone"


def test_a_store_is_whole_once_it_has_its_name(
    writers: Writers, tmp_path: Path, valid: Any
) -> None:
    path = tmp_path / "a.gpkg"
    writers.strike("make", str(path), "s", point="flush:2")
    open_store(str(path))
    valid(path)


@pytest.mark.parametrize("job", ["take_in", "keep_scan"])
def test_moments_on_a_server(writers: Writers, postgis_url: str, job: str) -> None:
    seed = random.Random(148)
    create_store(postgis_url)
    lasts = writers.strike(job, postgis_url, "unhurt")
    assert landed(job, postgis_url, "unhurt")
    for i in range(6):
        writers.strike(job, postgis_url, f"s{i}", after_s=seed.uniform(0, lasts))
        landed(job, postgis_url, f"s{i}")
    for point in ("statement:3", "commit:2"):
        writers.strike(job, postgis_url, point, point=point)
        assert not landed(job, postgis_url, point)
