"""The program that hears of trouble: JSON on stdin, no shell, a limit, never in a circle."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from landwatch.operations import alert
from landwatch.operations.alert import Trouble, troubles_of
from landwatch.operations.run import Run
from landwatch.settings import Settings, read_settings


@pytest.fixture
def settings() -> Settings:
    return replace(read_settings(), alert=None, alert_seconds=20.0)


def program(path: Path, body: str) -> str:
    path.write_text(f"#!{sys.executable}\nimport os, sys, time, subprocess\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_it_is_told_on_stdin_and_no_shell_reads_anything(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    body = (
        "open('told', 'wb').write(sys.stdin.buffer.read())\n"
        "open('argv', 'w').write(str(sys.argv[1:]))"
    )
    name = program(tmp_path / "报 警;touch x", body)
    run = Run("scan", words={"zh": "'; touch y '"}, exit_code=70)
    done = alert.call(replace(settings, alert=name), alert.message_of(run, (Trouble.FAILED,)))
    assert done is not None and done.heard
    told = json.loads((tmp_path / "told").read_text("utf-8"))
    assert (told["troubles"], told["verb"], told["exit_code"]) == (["failed"], "scan", 70)
    assert told["words"] == {"zh": "'; touch y '"}
    assert (tmp_path / "argv").read_text() == "[]"
    assert not (tmp_path / "x").exists() and not (tmp_path / "y").exists()


def test_a_program_beside_us_is_found_by_its_path_and_one_of_the_system_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program(tmp_path / "hook", "")
    assert alert.program_of("./hook") == str(tmp_path / "hook")
    assert alert.program_of("hook") == str(tmp_path / "hook")
    assert Path(alert.program_of("sh")).is_absolute()
    assert alert.program_of("no-such-program") == "no-such-program"


def test_one_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, settings: Settings
) -> None:
    body = (
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))\ntime.sleep(60)"
    )
    slow = replace(settings, alert=program(tmp_path / "slow", body), alert_seconds=3.0)
    begun = time.monotonic()
    done = alert.call(slow, {})
    assert done is not None and done.exit_code is None and "timeout" in (done.why or "")
    assert time.monotonic() - begun < 15
    time.sleep(0.2)
    child = Path(f"/proc/{(tmp_path / 'child').read_text()}/stat")
    assert not child.exists() or ") Z " in child.read_text(), "its child is gone too"


@pytest.mark.parametrize(
    "body", ["sys.exit(9)", "sys.stdin.close(); sys.exit(9)"], ids=["fails", "reads nothing"]
)
def test_one_that_fails_is_told_as_such(tmp_path: Path, settings: Settings, body: str) -> None:
    done = alert.call(
        replace(settings, alert=program(tmp_path / "hook", body)), {"much": "x" * 1_000_000}
    )
    assert done is not None and (done.exit_code, done.heard) == (9, False)


def test_one_that_is_not_there_stops_nothing(settings: Settings) -> None:
    done = alert.call(replace(settings, alert="/nowhere/at-all"), {})
    assert done is not None and done.exit_code is None and done.why


def test_a_landwatch_that_it_calls_calls_nobody(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"open({str(tmp_path / 'seen')!r}, 'w').write(os.environ[{alert.CALLED!r}])"
    hook = replace(settings, alert=program(tmp_path / "hook", body))
    assert alert.call(hook, {}) is not None
    assert (tmp_path / "seen").read_text() == "1"
    assert alert.CALLED not in os.environ
    monkeypatch.setenv(alert.CALLED, "1")
    assert alert.call(hook, {}) is None


@pytest.mark.parametrize(
    ("verb", "code", "told"),
    [
        ("scan", 0, ()),
        ("scan", 1, ()),
        ("scan", 2, ()),
        ("scan", 3, (Trouble.FAILED,)),
        ("import", 4, (Trouble.FAILED,)),
        ("import", 70, (Trouble.FAILED,)),
        ("import", 130, ()),
        ("findings", 70, ()),
        ("nightly", 2, (Trouble.FAILED,)),
        ("nightly", 1, (Trouble.FINDINGS,)),
        ("nightly", 0, ()),
    ],
)
def test_what_is_told_of_which_end(verb: str, code: int, told: tuple[Trouble, ...]) -> None:
    assert troubles_of(Run(verb, exit_code=code)) == told


def test_a_late_source_is_told_however_the_run_ended() -> None:
    late: tuple[dict[str, object], ...] = ({"source": "contracts"},)
    assert troubles_of(Run("nightly", late=late)) == (Trouble.LATE,)
    assert troubles_of(Run("nightly", late=late, exit_code=3)) == (Trouble.FAILED, Trouble.LATE)
    message = alert.message_of(Run("nightly", late=late * 60), (Trouble.LATE,))
    assert (len(message["late"]), message["late_count"]) == (50, 60)
