"""How far long work is: rate and time left, on a terminal and in a log; nothing where quiet."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from rich.console import Console

from landwatch.commands.foreseen import rows_foreseen
from landwatch.operations.run import Run, running
from landwatch.screen.progress import Pace, progress
from tests.commands.conftest import CONTRACT, Door, write_csv

ROOM = sys.modules["landwatch.screen.progress"]
"""The module: the screen gives its name to the function."""


class Clock:
    """A clock that goes where it is put."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_follow_from_what_is_told() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.heard("a.csv", 0, 1000)
    assert pace.rate is None and pace.left_s is None
    clock.now = 10
    pace.heard("a.csv", 200, 1000)
    assert pace.rate == 20
    assert pace.left_s == 40
    clock.now = 40
    assert pace.left_s == 160, "a step that tells nothing for long grows slower"


def test_a_step_of_another_size_begins_anew_and_one_without_a_size_has_no_end() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.heard("reading", 500, 0)
    clock.now = 5
    pace.heard("reading", 1000, 0)
    assert pace.rate == 200
    assert pace.left_s is None
    assert pace.heard("writing", 0, 1000)
    assert pace.rate is None
    clock.now = 9
    pace.heard("writing", 400, 1000)
    assert pace.rate == 100
    assert pace.left_s == 6
    assert not pace.heard("another rule", 500, 1000), "the same amount goes on under another name"


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, emoji=False)


def said(one: Console) -> str:
    assert isinstance(one.file, io.StringIO)
    return one.file.getvalue()


def test_a_log_gets_a_line_now_and_then_with_how_far_how_fast_and_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = console(terminal=False)
    monkeypatch.setattr(ROOM, "err", lambda: here)
    monkeypatch.setenv("LANDWATCH_PROGRESS_SECONDS", "0.4")
    with progress("zh") as told:
        told("[台账].csv", 0, 1_000_000)
        time.sleep(1.1)
        told("[台账].csv", 250_000, 1_000_000)
        time.sleep(0.5)
    lines = said(here).splitlines()
    assert 2 <= len(lines) <= 4
    assert lines[0].startswith("[台账].csv: 0/1,000,000 · 已用 0:00")
    assert "250,000/1,000,000" in lines[-1] and "每秒 " in lines[-1]
    assert "还需约 0:0" in lines[-1]


def test_short_work_leaves_no_line_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    here = console(terminal=False)
    monkeypatch.setattr(ROOM, "err", lambda: here)
    with progress("zh") as told:
        told("a.csv", 1, 2)
    assert said(here) == ""


def test_a_terminal_shows_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    here = console(terminal=True)
    monkeypatch.setattr(ROOM, "err", lambda: here)
    with progress("en") as told:
        told("a.csv", 0, 1000)
        time.sleep(1.2)
        told("a.csv", 300, 1000)
        time.sleep(0.6)
    assert "300/1000" in said(here) and "left" in said(here) and "/s" in said(here)


def test_quiet_shows_no_progress_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    here = console(terminal=True)
    monkeypatch.setattr(ROOM, "err", lambda: here)
    with running(Run("scan", quiet=True)), progress("zh") as told:
        told("a.csv", 1, 2)
    assert said(here) == ""


def test_every_long_verb_can_be_quiet(ready: Door, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [CONTRACT])
    ready.does("import", "contracts", path, "-q")
    ready.does("scan", "--as-of", "2021-08-01", "--quiet")
    ready.does("findings", "--format", "csv", "-o", tmp_path / "f.csv", "-q")
    ready.does("export", "contracts", tmp_path / "e.csv", "-q")
    ready.does("doctor", "ledger", "-q")


def test_rows_are_foreseen_by_a_glance_and_never_by_reading_as_the_import_does(
    ready: Door, tmp_path: Path
) -> None:
    rows = [{**CONTRACT, "contract_id": f"C{at}"} for at in range(20)]
    path = write_csv(tmp_path / "c.csv", rows)
    assert rows_foreseen(path) == 21
    ready.does("import", "contracts", path)
    ready.does("export", "contracts", tmp_path / "e.parquet")
    assert rows_foreseen(tmp_path / "e.parquet") == 20
    book = Workbook()
    sheet = book.create_sheet("合同", 0)
    for row in rows:
        sheet.append(list(row.values()))
    book.save(tmp_path / "e.xlsx")
    assert 20 <= rows_foreseen(tmp_path / "e.xlsx") <= 21
    assert rows_foreseen(tmp_path / "none.csv") == 0
    assert rows_foreseen(write_csv(tmp_path / "c.json", rows)) == 0
    for form in ("xlsx", "parquet"):
        damaged = tmp_path / f"damaged.{form}"
        damaged.write_bytes(b"PK\3\4 cut off")
        assert rows_foreseen(damaged) == 0
    with zipfile.ZipFile(tmp_path / "empty.xlsx", "w"):
        pass
    assert rows_foreseen(tmp_path / "empty.xlsx") == 0
