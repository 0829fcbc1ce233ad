"""kill -9 of a command at any moment: the store is as it was or as it would be, and valid."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from osgeo_utils.samples.validate_gpkg import check

from landwatch.language.columns import Kind
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door, write_csv

MOMENTS, ROWS = 25, 300
COMMANDS = {
    "import": ["import", "contracts", "more.csv"],
    "scan": ["scan", "--as-of", "2021-08-01"],
}


class Children:
    """Commands in processes that may be killed."""

    def __init__(self, folder: Path) -> None:
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("command_server.py"))],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        words: list[str],
        after_s: float | None = None,
        with_rows: tuple[Path, str] | None = None,
    ) -> tuple[int, float]:
        """Run a command, kill it after a while, or as soon as a table of a store has rows.

        Returns its status and how long it lived.
        """
        assert self._server.stdin
        assert self._server.stdout
        began = time.perf_counter()
        self._server.stdin.write(json.dumps([words, after_s, with_rows], default=str) + "\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        return status, time.perf_counter() - began

    def close(self) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()


@pytest.fixture
def children(door: Door) -> Iterator[Children]:
    children = Children(door.store.parent)
    yield children
    children.close()


def state(store: Path) -> tuple[int, int, int]:
    """Return how many contracts, imports and scans a store holds, each of them whole."""
    opened = open_store(str(store))
    scans = opened.scans()
    for scan in scans:
        assert scan.scan_id is not None
        assert list(opened.scan_parts(scan.scan_id)), "a scan without its outcomes"
    return len(opened.known_keys(Kind.CONTRACTS)), len(opened.imports()), len(scans)


def valid(store: Path) -> None:
    found = check(str(store), abort_at_first_error=False, extra_checks=True, warning_as_error=True)
    assert found == []


@pytest.mark.parametrize("verb", COMMANDS)
def test_twenty_five_random_moments(ready: Door, children: Children, verb: str) -> None:
    seed, words = random.Random(f"kill {verb}"), COMMANDS[verb]
    write_csv(Path("first.csv"), [CONTRACT])
    write_csv(Path("more.csv"), [{**CONTRACT, "contract_id": f"D{n}"} for n in range(ROWS)])
    ready.does("import", "contracts", "first.csv")
    whole = Path("whole.gpkg")
    shutil.copy(ready.store, whole)
    before = state(ready.store)
    first, _ = children.run(words)  # the first loads what is left to load
    after = state(ready.store)
    assert (first, after) == (0, {"import": (1 + ROWS, 2, 0), "scan": (1, 1, 1)}[verb])
    shutil.copy(whole, ready.store)
    _, lasts = children.run(words)
    ends: Counter[bool] = Counter()
    for _ in range(MOMENTS):
        for stray in Path().glob("landwatch.gpkg*"):
            stray.unlink()
        shutil.copy(whole, ready.store)
        status, _ = children.run(words, seed.uniform(0, 1.1 * lasts))
        assert status in (0, -signal.SIGKILL), "it failed by itself"
        found = state(ready.store)
        assert found in (before, after)
        ends[found == after] += 1
        valid(ready.store)
        again, _ = children.run(words)
        assert again == 0, "the same command does not run again"
        assert state(ready.store)[0] == after[0]
        valid(ready.store)
    assert ends[False], "every blow came too late to try anything"
