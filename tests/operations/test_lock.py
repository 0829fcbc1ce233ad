"""A lock says who holds it since when, and is free when its holder is gone, however it went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from landwatch.operations.lock import Lock

HOLDS = """
import sys, time
from pathlib import Path
from landwatch.operations.lock import Lock
with Lock(Path(sys.argv[1])).held("李四") as holder:
    print("taken" if holder is None else "busy", flush=True)
    time.sleep(60)
"""


def test_who_holds_it_is_told_and_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "taken\n"
        with Lock(path).held("张三") as holder:
            assert holder is not None
            assert (holder.who, holder.pid) == ("李四", other.pid)
            assert holder.host and holder.since is not None
        with Lock(path).waiting(0.1) as got:
            assert not got
        other.send_signal(signal.SIGKILL)
        other.wait()
    with Lock(path).held("张三") as holder:
        assert holder is None
        assert str(os.getpid()) in path.read_text("utf-8")
    assert path.read_text("utf-8") == "", "nobody holds it"


def test_what_a_link_points_to_is_not_emptied(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("x", encoding="utf-8")
    (tmp_path / "lock").symlink_to(kept)
    with pytest.raises(OSError), Lock(tmp_path / "lock").held("张三"):
        raise AssertionError("held")
    assert kept.read_text("utf-8") == "x"


def test_a_pipe_is_no_lock(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    with Lock(tmp_path / "lock").waiting(0.1) as got:
        assert not got


def test_a_holder_that_has_not_said_its_name_yet_holds_it_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with Lock(path).waiting(0.1) as got:
        assert got
        with Lock(path).held("张三") as holder:
            assert holder is not None and holder.since is None
