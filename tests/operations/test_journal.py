"""The journal: one line of JSON each, appended whole, by the file of that name, without names."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landwatch.files import why_of
from landwatch.operations import journal
from landwatch.operations.run import Run, running, without_password
from landwatch.settings import Settings, read_settings
from landwatch.store import opening

MANY = """
import sys
from landwatch.operations import journal
from landwatch.operations.run import Run, running
from landwatch.settings import read_settings
with running(Run("scan")), journal.kept(read_settings(), print):
    for at in range(200):
        journal.note("event", at=at, long="长" * 500)
"""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("LANDWATCH_LOG", str(tmp_path / "log.jsonl"))
    return read_settings()


def never(problem: OSError) -> None:
    raise AssertionError(problem)


def test_a_line_says_when_what_in_which_run_and_how_much(
    settings: Settings, tmp_path: Path
) -> None:
    run = Run("import", store="s.gpkg", who="张三")
    with running(run), journal.kept(settings, never):
        journal.note("imported", rows=3, file="王五的地.xlsx", left=None)
        journal.note("hidden", logging.DEBUG)
    (line,) = lines(tmp_path / "log.jsonl")
    assert line.pop("time").endswith("Z")
    assert line.pop("pid") > 0
    who = line.pop("who")
    assert who.startswith("u-") and "张三" not in who
    assert line == {
        "level": "info", "event": "imported", "verb": "import", "run": run.run_id,
        "store": "s.gpkg", "rows": 3,
    }  # fmt: skip


def test_names_stand_in_it_only_where_a_person_asks_for_them(
    settings: Settings, tmp_path: Path
) -> None:
    named = replace(settings, log_names=True)
    with running(Run("import", who="张三")), journal.kept(named, never):
        journal.note("imported", file="王五的地.xlsx")
    (line,) = lines(tmp_path / "log.jsonl")
    assert (line["who"], line["file"]) == ("张三", "王五的地.xlsx")


def test_a_log_that_is_rotated_away_is_begun_anew(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with running(Run("scan")), journal.kept(settings, never):
        journal.note("one")
        path.rename(tmp_path / "log.jsonl.1")
        journal.note("two")
    assert [one["event"] for one in lines(path)] == ["two"]
    assert [one["event"] for one in lines(tmp_path / "log.jsonl.1")] == ["one"]
    assert path.stat().st_mode & 0o007 == 0, "the log is not for everybody"


def test_processes_that_write_at_once_leave_whole_lines(settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MANY]
    several = [subprocess.Popen(command) for _ in range(3)]
    assert [one.wait(60) for one in several] == [0, 0, 0]
    assert len(lines(tmp_path / "log.jsonl")) == 600


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    said: list[OSError] = []
    nowhere = replace(settings, log=str(tmp_path / "none" / "log"))
    with running(Run("scan")), journal.kept(nowhere, said.append):
        journal.note("one")
        journal.note("two")
    assert len(said) == 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("read", [False, True])
def test_a_pipe_is_no_journal_and_is_not_waited_for(
    settings: Settings, tmp_path: Path, read: bool
) -> None:
    said: list[OSError] = []
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK) if read else None
    with running(Run("scan")), journal.kept(replace(settings, log=str(pipe)), said.append):
        journal.note("one")
    if reader is not None:
        assert os.read(reader, 100) == b""
        os.close(reader)
    (why,) = (why_of(problem) for problem in said)
    assert why.in_words("zh") and "pipe" in why.in_words("en")


def test_a_journal_thrown_away_is_no_trouble(settings: Settings) -> None:
    with running(Run("scan")), journal.kept(replace(settings, log=os.devnull), never):
        journal.note("one")


def test_without_a_journal_nothing_is_written_and_nothing_said(
    capfd: pytest.CaptureFixture[str],
) -> None:
    journal.note("lost", logging.ERROR)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://a:geheim@h:5432/db", "postgresql+psycopg://a:***@h:5432/db"),
        ("postgresql+psycopg://a:ge/h@ei#m@h/db", "postgresql+psycopg://a:***@h/db"),
        ("postgresql://h/db?user=a&password=geheim", "postgresql://h/db?user=a&password=***"),
        ("postgresql://h/db?PASSWORD=geheim&x=1", "postgresql://h/db?PASSWORD=***&x=1"),
        ("postgresql+psycopg://a@h:5432/db", "postgresql+psycopg://a@h:5432/db"),
        ("postgresql+psycopg://:geheim@/db?host=/run", "postgresql+psycopg://:***@/db?host=/run"),
        ("postgresql+psycopg://me@corp:geheim@h/db", "postgresql+psycopg://me@corp:***@h/db"),
        ("postgresql+psycopg://me%40corp:geheim@h/db", "postgresql+psycopg://me%40corp:***@h/db"),
        ("postgresql+psycopg://u/x:geheim@h/db", "postgresql+psycopg://u/x:***@h/db"),
        ("postgresql://h/db?pass%77ord=geheim&x=1", "postgresql://h/db?pass%77ord=***&x=1"),
        ("postgresql://h/db?password=ge;he#im", "postgresql://h/db?password=***"),
        ("postgresql://a:geheim/db", "postgresql://a:***/db"),
        ("postgresql://a@h:5432/db?user=b&x=c", "postgresql://a@h:5432/db?user=b&x=c"),
        ("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db"),
        ("台账/landwatch.gpkg", "台账/landwatch.gpkg"),
        ("sqlite+gpkg:///C:/张@b.gpkg", "sqlite+gpkg:///C:/张@b.gpkg"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me@corp:geheim@h/db",
        "postgresql+psycopg://u/x:geheim@h/db",
        "postgresql+psycopg://h/db?pass%77ord=geheim",
        "postgresql+psycopg://h/db?password=a%26geheim&sslmode=require",
    ],
)
def test_an_address_that_was_read_and_written_anew_shows_none_either(url: str) -> None:
    assert "geheim" not in opening.keeper_of(url).shown
    assert "geheim" not in opening.shown(url)
