"""kill -9 of a scan, a prune or a copy at any moment: the next run ends as if nothing had been."""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from landwatch.language.catalogue import say
from landwatch.store import open_store
from landwatch.store.works import UnfinishedScan
from tests.commands.conftest import CONTRACT, Door
from tests.commands.test_kill import Children, valid

MOMENTS, CONTRACTS = 6, 30
SCAN = ["scan", "--as-of", "2021-08-01"]


@pytest.fixture
def children(door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    """Commands that may be killed; a scan lays aside every rule as it is decided."""
    monkeypatch.setenv("LANDWATCH_ASIDE_SECONDS", "0")
    children = Children(door.store.parent)
    yield children
    children.close()


@pytest.fixture
def told(ready: Door, children: Children) -> Door:
    """A store with some contracts; what is loaded once is loaded."""
    ready.takes(
        "contracts", Path("c.csv"), [{**CONTRACT, "contract_id": f"C{n}"} for n in range(CONTRACTS)]
    )
    return ready


def findings(door: Door, name: str, *words: object) -> list[list[str]]:
    """Return the findings of the latest scan, without its number."""
    door.does("findings", "-o", name, *words)
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    number = header.index("scan_id")
    return [row[:number] + row[number + 1 :] for row in (header, *rows)]


def aside(store: Path) -> tuple[int, int]:
    """Return how many unfinished scans a store holds, and how many pieces of them."""
    with closing(sqlite3.connect(store)) as file:
        works = file.execute("SELECT count(*) FROM scan_works").fetchone()[0]
        return works, file.execute("SELECT count(*) FROM scan_work_pieces").fetchone()[0]


def restored(whole: Path, store: Path) -> None:
    for stray in store.parent.glob(f"{store.name}*"):
        stray.unlink()
    shutil.copy(whole, store)


@pytest.mark.slow
def test_a_scan_killed_at_twenty_moments_goes_on_and_comes_to_the_same(
    told: Door, children: Children
) -> None:
    seed, whole = random.Random("kill scan"), Path("whole.gpkg")
    shutil.copy(told.store, whole)
    assert children.run(SCAN)[0] == 0
    expected, scans = findings(told, "undisturbed.csv"), len(open_store(str(told.store)).scans())
    restored(whole, told.store)
    lasts = children.run(SCAN)[1]
    restored(whole, told.store)
    ends: Counter[str] = Counter()
    moments: list[float | None] = [seed.uniform(0.1 * lasts, lasts) for _ in range(MOMENTS)]
    for after_s in (*moments, None):  # the last one where the first rules were laid aside
        begun = None if after_s else (told.store, "scan_work_pieces")
        status, _ = children.run(SCAN, after_s, begun)
        assert status in (0, -signal.SIGKILL), "it failed by itself"
        ended = len(open_store(str(told.store)).scans()) == scans
        works, pieces = aside(told.store)
        assert (works, pieces) == (0, 0) if ended else works <= 1
        ends["ended" if ended else "on its way" if pieces else "before"] += 1
        if ended:
            valid(told.store)
            restored(whole, told.store)
    assert children.run(SCAN)[0] == 0
    assert len(open_store(str(told.store)).scans()) == scans, "none is there twice"
    assert findings(told, "resumed.csv") == expected
    assert aside(told.store) == (0, 0)
    assert ends["on its way"], "every blow came too early or too late"


@pytest.mark.slow
def test_a_prune_killed_at_twenty_moments_leaves_every_scan_whole_or_gone(
    told: Door, children: Children
) -> None:
    seed, words = random.Random("kill prune"), ["prune", "--keep-days", "0", "--keep-monthly", "0"]
    for _ in range(3):
        told.does(*SCAN, "--full")
    kept = open_store(str(told.store))
    moment = kept.scans()[0].known_at
    work = UnfinishedScan("given up", kept.scans()[0].as_of, moment, 3, "张三")
    kept.works.lay_aside(work, {0: b"0", 1: b"1"})
    with closing(sqlite3.connect(told.store)) as file, file:
        file.execute("UPDATE scan_works SET begun_at = '2020-01-01T00:00:00.000000Z'")
        file.execute("UPDATE scans SET made_at = '2020-01-01T00:00:00.000000Z'")
    whole = Path("whole.gpkg")
    shutil.copy(told.store, whole)
    lasts = children.run(words)[1]
    restored(whole, told.store)
    for _ in range(MOMENTS):
        status, _ = children.run(words, seed.uniform(0, 1.05 * lasts))
        assert status in (0, -signal.SIGKILL), "it failed by itself"
        store = open_store(str(told.store))
        gone = store.prunings.every()
        for scan in store.scans():
            assert scan.scan_id is not None
            if scan.scan_id not in gone:
                assert list(store.scan_parts(scan.scan_id)), "a scan without its outcomes"
        works, pieces = aside(told.store)
        assert (works, pieces) in ((0, 0), (1, 2))
        if len(gone) == 2 and not works:
            valid(told.store)
            restored(whole, told.store)
    assert children.run(words)[0] == 0
    assert len(open_store(str(told.store)).prunings.every()) == 2
    assert aside(told.store) == (0, 0)
    assert findings(told, "after.csv")


@pytest.mark.slow
def test_a_copy_killed_at_twenty_moments_is_whole_or_not_there(
    told: Door, children: Children
) -> None:
    seed, target = random.Random("kill copy"), Path("copy.gpkg")
    told.does(*SCAN)
    expected = findings(told, "here.csv")
    words = ["copy", str(told.store), str(target)]
    lasts = children.run(words)[1]
    for _ in range(MOMENTS):
        target.unlink(missing_ok=True)
        status, _ = children.run(words, seed.uniform(0, lasts))
        assert status in (0, -signal.SIGKILL), "it failed by itself"
        if target.exists():
            assert len(open_store(str(target)).scans()) == 1
    target.unlink(missing_ok=True)
    assert children.run(words)[0] == 0
    valid(target)
    assert findings(told, "there.csv", "--store", target) == expected
    for stray in Path().glob(".copy.gpkg.*.creating*"):
        os.utime(stray, (time.time() - 7200,) * 2)
    target.unlink()
    assert children.run(words)[0] == 0
    assert list(Path().glob(".copy.gpkg.*.creating*")) == [], "what killed ones left is swept"


STOPPED = """
import os, signal, sys
from landwatch.cli import main
from landwatch.scan import kept

signal.signal(signal.SIGINT, signal.default_int_handler)
whole, calls = kept.Decided.of, 0

def counted(outcomes):
    global calls
    calls += 1
    if calls == 4:
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    return whole(outcomes)

from landwatch.scan import resuming
resuming.Decided.of = staticmethod(counted)
main(sys.argv[2:])
"""


@pytest.mark.parametrize(("name", "lang"), [("SIGINT", "zh"), ("SIGTERM", "en")])
def test_a_scan_that_is_asked_to_stop_says_how_to_go_on_and_goes_on(
    told: Door, name: str, lang: str
) -> None:
    stopped = subprocess.run(
        [sys.executable, "-c", STOPPED, name, *SCAN, "--lang", lang],
        capture_output=True, text=True, check=False, env={**os.environ, "LANDWATCH_LANG": lang},
    )  # fmt: skip
    assert stopped.returncode == 4, stopped.stderr
    assert "landwatch scan --as-of 2021-08-01" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert aside(told.store) == (1, 4), "three rules and the head"
    rules = len(open_store(str(told.store)).scans())
    again = told.does(*SCAN, "--lang", lang)
    assert rules == 0
    counts = open_store(str(told.store)).scans()[0].counts
    assert say("screen.scan_resumed", lang, done=3, of=len(counts)) in again.err.replace("\n", " ")
    assert aside(told.store) == (0, 0)


def test_a_scan_that_may_take_no_time_at_all_comes_to_its_end_all_the_same(told: Door) -> None:
    for _ in range(40):
        said = told(*SCAN, "--most-minutes", 0)
        if said.code == 0:
            break
        assert said.code == 4
        assert "--most-minutes" in said.err
    assert said.code == 0, "each run decides one rule more"
    assert aside(told.store) == (0, 0)


def test_two_scans_at_once_are_one(told: Door) -> None:
    words = [sys.executable, "-m", "landwatch.cli", *SCAN, "--json"]
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "ab"
    ]
    ends = [(*process.communicate(timeout=300), process.returncode) for process in running]
    assert [code for _, _, code in ends] == [0, 0], ends
    scans = open_store(str(told.store)).scans()
    assert len(scans) in (1, 2), "two where one had ended before the other began"
    if len(scans) == 1:
        assert sum(b'"shared": true' in out for out, _, _ in ends) == 1


def test_a_scan_that_meets_another_says_whose_it_is_and_others_go_on(told: Door) -> None:
    store = open_store(str(told.store))
    with store.works.alone("李四", 0):
        for lang in ("zh", "en"):
            said = told(*SCAN, "--wait", 0, "--lang", lang)
            assert said.code == 3
            assert "李四" in said.err
            assert str(os.getpid()) in said.err
        told.does("visit", "C1", "--started", "no", "--on", "2021-07-15")
    told.does(*SCAN, "--wait", 0)
