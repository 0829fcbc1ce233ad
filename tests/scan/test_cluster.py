"""Many workers, truly: processes that are killed, schedulers that are not there, scans that go on.

Every cluster here is real. A worker is made to wait at a piece by a named pipe in place of a file,
so that it is killed in the middle for certain.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from landwatch.errors import UsageError
from landwatch.scan import cluster
from landwatch.scan.cluster import Cluster, ClusterError, Processes
from landwatch.scan.dossier import Ledger
from landwatch.scan.pieces import Alone, Crew, Task
from landwatch.scan.run import RuleOutcomes, decide
from landwatch.scan.spread import Spread
from tests.scan.spreading import SIZE, Held, law, made_up, reader_of
from tests.scan.worlds import AS_OF

PATIENCE_S = 120


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return made_up()


@pytest.fixture(scope="module")
def whole(ledger: Ledger) -> dict[str, Any]:
    return tables(decide(ledger, law(), AS_OF))


def tables(outcomes: Iterator[RuleOutcomes]) -> dict[str, Any]:
    return {one.rule.code: one.table for one in outcomes}


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return list(one) == list(other) and all(one[code].equals(other[code]) for code in one)


@dataclass
class Counting:
    """A crew that notes which pieces it was asked for."""

    crew: Crew
    asked: list[int] = field(default_factory=list)

    def work(self, tasks: Sequence[Task]) -> Iterator[tuple[int, bytes]]:
        self.asked += [task.number for task in tasks]
        yield from self.crew.work(tasks)


def kill_reader(pipe: Path, then: bytes | None) -> Thread:
    """Kill whoever reads a pipe, as soon as somebody does; then put a file in its place."""

    def watch() -> None:
        pid = reader_of(pipe, PATIENCE_S)
        if then is not None:
            whole_file = pipe.with_suffix(".whole")
            whole_file.write_bytes(then)
            whole_file.replace(pipe)
        os.kill(pid, signal.SIGKILL)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    return thread


@contextmanager
def going(*words: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with these words beside the test, and end it with the test."""
    process = subprocess.Popen([sys.executable, *words], **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler of its own, and its address."""
    told = folder / "scheduler.json"
    words = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with going(*words, "--no-dashboard", "--scheduler-file", str(told), **quiet) as process:
        until(told.exists)
        until(lambda: bool(told.read_text()))
        yield json.loads(told.read_text())["address"], process


@contextmanager
def worker(address: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of a scheduler."""
    words = ("-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    place = ("--local-directory", str(folder), "--no-nanny", "--host", "127.0.0.1")
    with going(*words, *place, **quiet) as process:
        yield process


def until(holds: Any) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.05)


def test_processes_come_to_what_one_process_comes_to(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    heard: list[tuple[str, int, int]] = []
    spread = Spread(Processes(2), tmp_path, SIZE, lambda *told: heard.append(told))
    assert same(tables(spread.decide(ledger, law(), AS_OF)), whole)
    assert [(done, of) for _, done, of in heard] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert {what for what, _, _ in heard} == {"park", "620100", "620101", "620102"}


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    killed: list[Thread] = []

    def kill(pipe: Path, content: bytes) -> None:
        killed.append(kill_reader(pipe, content))

    spread = Spread(Held(Processes(2), kill), tmp_path, SIZE)
    assert same(tables(spread.decide(ledger, law(), AS_OF)), whole)
    assert [thread.is_alive() for thread in killed] == [False]


def test_a_piece_on_which_workers_die_is_named_and_the_others_are_kept(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    import dask

    content: list[bytes] = []

    def kill(pipe: Path, told: bytes) -> None:
        content.append(told)
        kill_reader(pipe, None)

    with dask.config.set({"distributed.scheduler.allowed-failures": 0}):
        spread = Spread(Held(Processes(1), kill), tmp_path, SIZE)
        with pytest.raises(ClusterError) as raised:
            list(spread.decide(ledger, law(), AS_OF))
    assert raised.value.code == "cluster.deadly"
    assert raised.value.values["piece"] == 2
    assert raised.value.exit_code == 4
    (place,) = tmp_path.iterdir()
    pipe = place / "contracts-000002.parquet"
    pipe.unlink()
    pipe.write_bytes(content[0])
    rest = Counting(Alone())
    on: list[tuple[int, int]] = []
    again = Spread(rest, tmp_path, SIZE, resumed=lambda done, of: on.append((done, of)))
    assert same(tables(again.decide(ledger, law(), AS_OF)), whole)
    ((done, of),) = on
    assert done == of - len(rest.asked)
    assert 2 in rest.asked
    assert 0 not in rest.asked


def test_a_scan_whose_coordinator_is_killed_goes_on_where_it_was(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    with going("-m", "tests.scan.spreading", str(tmp_path), cwd=Path(__file__).parents[2]) as one:
        until(lambda: len(list(tmp_path.glob("scan-*/finished/*.zip"))) == 3)
        (pipe,) = (path for path in tmp_path.glob("scan-*/*") if path.is_fifo())
        held_by = reader_of(pipe, PATIENCE_S)
        one.kill()
    until(lambda: not Path(f"/proc/{held_by}").exists())  # its workers end with it
    (pipe.parent / "contracts.whole").replace(pipe)
    rest = Counting(Alone())
    assert same(tables(Spread(rest, tmp_path, SIZE).decide(ledger, law(), AS_OF)), whole)
    assert rest.asked == [2]


def test_a_cluster_that_is_there_comes_to_the_same(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    with scheduler(tmp_path) as (address, _), worker(address, tmp_path):
        spread = Spread(Cluster(address), pieces, SIZE)
        assert same(tables(spread.decide(ledger, law(), AS_OF)), whole)


def test_a_scheduler_that_goes_in_the_middle_is_said_and_nothing_is_lost(
    tmp_path: Path, ledger: Ledger, whole: dict[str, Any]
) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    with scheduler(tmp_path) as (address, process), worker(address, tmp_path):

        def kill(pipe: Path, content: bytes) -> None:
            def watch() -> None:
                reader_of(pipe, PATIENCE_S)
                process.kill()
                pipe.with_suffix(".whole").write_bytes(content)

            Thread(target=watch, daemon=True).start()

        with pytest.raises(ClusterError) as raised:
            list(Spread(Held(Cluster(address), kill), pieces, SIZE).decide(ledger, law(), AS_OF))
    assert raised.value.code == "cluster.lost"
    (place,) = pieces.iterdir()
    (place / "contracts-000002.whole").replace(place / "contracts-000002.parquet")
    rest = Counting(Alone())
    assert same(tables(Spread(rest, pieces, SIZE).decide(ledger, law(), AS_OF)), whole)
    assert 0 not in rest.asked


def test_a_cluster_without_workers_is_said(tmp_path: Path, ledger: Ledger) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    with scheduler(tmp_path) as (address, _), pytest.raises(ClusterError) as raised:
        list(Spread(Cluster(address, 0.5), pieces, SIZE).decide(ledger, law(), AS_OF))
    assert raised.value.code == "cluster.no_worker"
    assert raised.value.exit_code == 4


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense://x", ""])
def test_a_scheduler_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    with pytest.raises(ClusterError) as raised:
        list(Cluster(address).work([]))
    assert raised.value.code == "cluster.unreachable"


def test_an_installation_without_dask_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as raised:
        list(Processes(2).work([]))
    assert "--no-index" in raised.value.in_words("zh")
    assert "landwatch[cluster]" in raised.value.in_words("en")


def test_importing_the_room_loads_no_dask() -> None:
    told = "import sys, landwatch.scan.cluster; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_ctrl_c_of_a_terminal_reaches_none_of_the_processes_begun_for_a_scan() -> None:
    look = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with cluster._ctrl_c_is_ours():
        said = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True)
    assert said.stdout.strip() == b"True"
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before
