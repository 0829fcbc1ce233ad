"""What those who operate landwatch see of any verb: exit codes, the journal, figures, alerts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from landwatch import commands
from landwatch.cli import app
from landwatch.cli.running import verb_of
from landwatch.errors import LandwatchError
from landwatch.language.catalogue import say, says
from landwatch.lawbook.reference.lists import EXIT_CODES
from landwatch.operations.metrics import KNOWN
from landwatch.operations.watching import READING
from tests.commands.conftest import CONTRACT, Door, write_csv
from tests.operations.prometheus_grammar import read_strictly

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "docs" / name for name in ("operations.md", "operations.en.md")]
ENV = {"LANDWATCH_LOG": "log.jsonl", "LANDWATCH_METRICS": "landwatch.prom"}


@pytest.fixture
def watched(door: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A shell whose operator keeps a journal and figures."""
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    return door


def lines(door: Door) -> list[dict[str, Any]]:
    path = door.store.parent / "log.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def figures(door: Door) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return read_strictly((door.store.parent / "landwatch.prom").read_text("utf-8"))


def bug(*_given: object, **_named: object) -> None:
    raise ZeroDivisionError("a holder's name: 王五")


# --- exit codes, as the documents list them ------------------------------------------------------


def test_0_done_and_1_findings_at_or_above_the_level(scanned: Door) -> None:
    assert scanned("scan", "--as-of", "2021-08-01").code == 0
    assert scanned("scan", "--as-of", "2021-08-01", "--fail-on", "breach").code == 1


def test_2_wrong_usage(ready: Door) -> None:
    for words in (["scna"], ["scan", "--as-of", "yesterday"], ["scan", "--colour"], ["import"]):
        assert ready(*words).code == 2


def test_3_input_refused(ready: Door, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", [{"contract_id": "C1", "observed_on": "2021-02-30"}])
    assert ready("import", "progress", path).code == 3
    assert ready("import", "progress", tmp_path / "none.csv").code == 3


def test_4_partly_done_and_resumable(ready: Door, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "nightly.yaml").write_text("files: [{kind: contracts, glob: c*}]")
    write_csv(inbox / "c.csv", [CONTRACT])
    assert ready("nightly", inbox).code == 4, "the file has only just been written"


def test_70_a_bug_is_said_in_words_and_noted_without_anybodys_data(
    watched: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.does("init")
    monkeypatch.setattr(commands, "scan", bug)
    said = watched("scan")
    assert said.code == 70
    assert "ZeroDivisionError" in said.err and "Traceback" not in said.err
    last = lines(watched)[-1]
    assert (last["level"], last["error"], last["bug"]) == ("error", "bug", "ZeroDivisionError")
    assert last["at"][-1].startswith("cli/scanning.py:")
    assert "王五" not in json.dumps(lines(watched), ensure_ascii=False)
    assert figures(watched)["landwatch_last_exit_code", (("verb", "scan"),)] == 70
    monkeypatch.setenv("LANDWATCH_TRACE", "1")
    with pytest.raises(ZeroDivisionError):
        watched("scan")
    assert lines(watched)[-1]["exit_code"] == 70, "it is noted also where the traceback is shown"


STOPPED = """
import os, signal, sys
from landwatch import commands
from landwatch.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)

def stopped(*given, **named):
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    import time
    time.sleep(30)

commands.scan = stopped
main(sys.argv[2:])
"""


@pytest.mark.parametrize("by", ["SIGINT", "SIGTERM"])
def test_130_stopped_by_a_person_or_asked_to_end_by_the_system(watched: Door, by: str) -> None:
    watched.does("init")
    run = subprocess.run(
        [sys.executable, "-c", STOPPED, by, "scan"],
        cwd=watched.store.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 130, run.stderr
    assert say("error.stopped", "zh") in run.stderr and "Traceback" not in run.stderr
    last = lines(watched)[-1]
    assert (last["exit_code"], last["error"]) == (130, "error.stopped")


def test_every_error_ends_with_a_code_that_is_listed() -> None:
    def below(error: type[LandwatchError]) -> set[type[LandwatchError]]:
        return {error}.union(*map(below, error.__subclasses__()))

    assert {error.exit_code for error in below(LandwatchError)} <= set(EXIT_CODES)
    for code in EXIT_CODES:
        assert says(f"reference.exit.{code}")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_the_page_for_operators_lists_every_exit_code_figure_and_setting(page: Path) -> None:
    text = page.read_text("utf-8")
    for code in EXIT_CODES:
        assert f"| {code} |" in text
    for name in KNOWN:
        assert f"`{name}" in text, name
    settings = (ROOT / "landwatch" / "settings.py").read_text("utf-8")
    for word in settings.split():
        if word.startswith("LANDWATCH_") and word.strip(",.").isupper():
            assert word.strip(",.") in text


# --- the journal ---------------------------------------------------------------------------------


def test_verbs_that_write_leave_a_line_and_those_that_read_only_at_debug(
    watched: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.does("init")
    watched.takes("contracts", tmp_path / "c.csv", [CONTRACT])
    watched.does("scan", "--as-of", "2021-08-01")
    watched.does("findings", "--format", "csv")
    watched.does("undo", "1", "--reason", "王五说错了")
    told = [(one["verb"], one["event"]) for one in lines(watched)]
    assert told == [
        ("init", "ended"),
        ("import", "imported"), ("import", "ended"),
        ("scan", "scanned"), ("scan", "ended"),
        ("undo", "undone"), ("undo", "ended"),
    ]  # fmt: skip
    imported, scanned = lines(watched)[1], lines(watched)[3]
    assert (imported["kind"], imported["import_id"], imported["new"]) == ("contracts", 1, 1)
    assert (scanned["scan_id"], scanned["contracts"]) == (1, 1)
    assert all(Path(one["store"]).is_absolute() for one in lines(watched))
    text = (watched.store.parent / "log.jsonl").read_text("utf-8")
    assert "张三" not in text and "王五" not in text and "示范机械" not in text
    monkeypatch.setenv("LANDWATCH_LOG_LEVEL", "debug")
    watched.does("findings", "--format", "csv")
    assert lines(watched)[-1]["verb"] == "findings"


def test_trouble_is_a_line_with_its_code(watched: Door) -> None:
    assert watched("scan").code == 3
    (line,) = lines(watched)
    assert (line["level"], line["error"], line["exit_code"]) == ("error", "error.store_missing", 3)
    assert watched("findings", "--colour").code == 2
    assert (lines(watched)[-1]["level"], lines(watched)[-1]["error"]) == ("warning", "error.usage")


def test_a_password_of_the_store_is_never_written(watched: Door) -> None:
    secret = "geheim-7"
    for url in (
        f"postgresql+psycopg://a:{secret}@127.0.0.1:1/db",
        f"postgresql+psycopg://127.0.0.1:1/db?user=a&password={secret}",
        f"mysql://a:{secret}@h/db",
    ):
        said = watched("scan", "--store", url)
        assert said.code in (2, 3) and secret not in said.out + said.err
    assert len(lines(watched)) == 3
    assert secret not in (watched.store.parent / "log.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANDWATCH_LOG_LEVEL", "loud"),
        ("LANDWATCH_ALERT_SECONDS", "soon"),
        ("LANDWATCH_PROGRESS_SECONDS", "0"),
    ],
)
def test_a_setting_that_is_off_is_told_with_its_name(
    ready: Door, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = ready("scan")
    assert said.code == 2
    assert value in said.err


def test_a_log_or_a_file_of_figures_that_cannot_be_written_never_changes_the_end(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDWATCH_LOG", "none/log.jsonl")
    monkeypatch.setenv("LANDWATCH_METRICS", "none/landwatch.prom")
    said = door.does("init")
    assert said.err.count("LANDWATCH_LOG") == 1 and "none/landwatch.prom" in said.err
    monkeypatch.setenv("LANDWATCH_METRICS", str(door.store))
    before = door.store.read_bytes()
    said = door("scan")
    assert said.code == 0 and ".prom" in said.err
    assert door.store.read_bytes()[:16] == before[:16], "a store is never taken for figures"
    refused = door("scan", "--metrics", door.store)
    assert refused.code == 2


# --- figures -------------------------------------------------------------------------------------


def test_a_scan_an_import_and_a_status_tell_their_figures_in_one_file(
    watched: Door, tmp_path: Path
) -> None:
    watched.does("init")
    watched.takes("contracts", tmp_path / "c.csv", [CONTRACT])
    watched.does("source", "expect", "progress:holder_report", "monthly")
    watched.does("scan", "--as-of", "2021-08-05")
    assert watched("status", "--as-of", "2021-08-05", "--fail-on", "late").code == 1
    told = figures(watched)
    assert told["landwatch_import_rows", (("kind", "contracts"), ("result", "accepted"))] == 1
    assert told["landwatch_scan_contracts", ()] == 1
    assert told["landwatch_scan_day_timestamp_seconds", ()] == 1628121600
    by_rule = [key for key in told if key[0] == "landwatch_scan_outcomes"]
    assert sum(told[key] for key in by_rule if ("rule", "O53.A1") in key[1]) == 1
    source = (("source", "progress:holder_report"), ("zone", ""))
    assert (told["landwatch_source_late", source], told["landwatch_store_bytes", ()] > 0) == (
        1,
        True,
    )
    assert told["landwatch_last_exit_code", (("verb", "status"),)] == 1
    assert told["landwatch_info", (("version", "0.1.0"),)] == 1
    assert {name for name, _ in told} <= set(KNOWN)


def test_an_import_that_is_only_tried_tells_no_rows(watched: Door, tmp_path: Path) -> None:
    watched.does("init")
    path = write_csv(tmp_path / "c.csv", [CONTRACT])
    watched.does("import", "contracts", path, "--dry-run")
    assert not [name for name, _ in figures(watched) if name == "landwatch_import_rows"]


# --- alerts --------------------------------------------------------------------------------------


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """An alert program that starts landwatch again, as a careless one may."""
    hook, notes = tmp_path / "hook", tmp_path / "alerts"
    again = f"{sys.executable} -m landwatch.cli scan --store '{tmp_path}/none.gpkg'"
    hook.write_text(f"#!/bin/sh\ncat >> '{notes}'\n{again}\nexit 0\n")
    hook.chmod(0o755)
    monkeypatch.setenv("LANDWATCH_ALERT", str(hook))

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in notes.read_text("utf-8").splitlines()]

    return read


def test_a_scan_that_fails_calls_for_help_once_and_never_in_a_circle(
    door: Door, heard: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door("scan", "--store", "none.gpkg").code == 3
    (told,) = heard()
    assert (told["troubles"], told["verb"], told["exit_code"]) == (["failed"], "scan", 3)
    assert "landwatch init" in told["words"]["zh"] and "landwatch init" in told["words"]["en"]
    monkeypatch.setattr(commands, "scan", bug)
    assert door("scan").code == 70
    assert heard()[-1]["error"] == "bug"


def test_an_alert_program_that_fails_is_said_and_changes_nothing(
    watched: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDWATCH_ALERT", "/nowhere/hook")
    said = watched("scan")
    assert said.code == 3 and "LANDWATCH_ALERT" in said.err
    assert lines(watched)[-1]["event"] == "alert_called"


# --- the verb's name -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (["scan", "--as-of", "2021-01-01"], "scan"),
        (["--lang", "en", "policy", "adopt", "x"], "policy adopt"),
        (["--lang=en", "import", "contracts", "scan"], "import"),
        (["policy"], "policy"),
        (["scan", "--help"], ""),
        (["--version"], ""),
        (["scna"], ""),
        ([], ""),
    ],
)
def test_the_verb_of_a_command_line(words: list[str], verb: str) -> None:
    assert verb_of(words) == verb


def test_verbs_that_are_said_to_read_are_verbs() -> None:
    found = set()
    for name, verb in get_command(app).commands.items():  # type: ignore[attr-defined]
        found |= {f"{name} {part}" for part in getattr(verb, "commands", {})} or {name}
    assert READING - {""} <= found
    assert {"import", "scan", "undo", "nightly", "policy adopt"} <= found - READING


def test_a_child_that_inherited_our_handler_ends_as_the_system_wants() -> None:
    code = (
        "import os, signal, sys\nfrom landwatch.cli import running\n"
        "running._heed_requests_to_end()\nready, told = os.pipe()\nchild = os.fork()\n"
        "if child == 0:\n    os.write(told, b'.'); import time; time.sleep(30); os._exit(0)\n"
        "os.read(ready, 1)\nos.kill(child, signal.SIGTERM)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) == -signal.SIGTERM
