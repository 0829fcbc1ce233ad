"""The nightly run, as a timer starts it: files in, a scan, who is late, what comes of trouble."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from landwatch.language.columns import Kind
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door, Said, write_csv
from tests.commands.mended import Report
from tests.operations.prometheus_grammar import read_strictly

PLAN = """
files:
  - {kind: contracts, glob: "合同*"}
  - {kind: progress, glob: "进度*"}
"""
SEEN: Mapping[str, object] = {
    "contract_id": "C1", "observed_on": "2021-07-15", "source": "inspection", "started": "no",
}  # fmt: skip
NO_DAY = {**SEEN, "observed_on": "2021-02-30"}
DAY = "2021-08-01"


class Night:
    """An inbox with its plan, and a way to run the night on it."""

    def __init__(self, door: Door, folder: Path) -> None:
        self.door, self.folder = door, folder
        folder.mkdir()
        (folder / "nightly.yaml").write_text(PLAN, encoding="utf-8")

    def arrives(self, name: str, *rows: Mapping[str, object]) -> Path:
        """Lay a file into the inbox that lies there for an hour."""
        path = write_csv(self.folder / name, rows)
        os.utime(path, (time.time() - 3600,) * 2)
        return path

    def runs(self, *words: object) -> Said:
        return self.door("nightly", self.folder, "--as-of", DAY, *words)

    def told(self, *words: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.runs("--json", *words).out)
        return found

    def fates(self, *words: object) -> dict[str, str]:
        return {one["file"]: one["fate"] for one in self.told(*words)["files"]}

    def lying(self, *parts: str) -> set[str]:
        """Return what lies in the inbox or below, by name."""
        place = self.folder.joinpath(*parts)
        return {path.name for path in place.rglob("*") if path.is_file() and path.name[0] != "."}


@pytest.fixture
def night(ready: Door, tmp_path: Path) -> Night:
    return Night(ready, tmp_path / "收件箱")


@pytest.fixture
def alerts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """An alert program that notes what it is told."""
    heard, hook = tmp_path / "alerts", tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ncat >> '{heard}'\n")
    hook.chmod(0o755)
    monkeypatch.setenv("LANDWATCH_ALERT", str(hook))

    def read() -> list[dict[str, Any]]:
        lines = heard.read_text("utf-8").splitlines() if heard.exists() else []
        return [json.loads(line) for line in lines]

    return read


def test_files_are_taken_in_by_the_plan_and_the_ledger_is_scanned(night: Night) -> None:
    night.arrives("进度-7月.csv", SEEN)
    night.arrives("合同.csv", CONTRACT)
    said = night.runs()
    assert said.code == 0, said.err
    assert "夜间批处理完成" in said.err
    assert night.lying() == {"nightly.yaml", "合同.csv", "进度-7月.csv"}
    assert night.lying("done") == {"合同.csv", "进度-7月.csv"}
    (breach,) = night.door.findings("--status", "breach", "--rule", "O53.A2")
    assert breach["contract_id"] == "C1"
    again = night.told()
    assert (again["files"], again["exit_code"]) == ([], 0)


def test_rows_that_are_refused_come_back_as_a_workbook_that_is_mended_and_put_back(
    night: Night,
) -> None:
    night.arrives("合同.csv", CONTRACT)
    night.arrives("进度.csv", SEEN, NO_DAY)
    said = night.runs()
    assert said.code == 3
    assert "进度.csv.问题.xlsx" in said.err and "放回" in said.err
    assert night.lying("refused") == {"进度.csv", "进度.csv.问题.xlsx"}
    store = open_store(str(night.door.store))
    assert store.columns(Kind.PROGRESS, only=()).num_rows == 1
    (workbook,) = night.folder.glob("refused/*/进度.csv.问题.xlsx")
    report = Report(workbook)
    report.mend(3, "observed_on", "2021-02-28")
    back = report.save(night.folder / workbook.name)
    os.utime(back, (time.time() - 3600,) * 2)
    assert night.fates() == {"进度.csv.问题.xlsx": "done"}
    assert store.columns(Kind.PROGRESS, only=()).num_rows == 2


def test_a_file_that_is_refused_whole_says_why_in_both_languages(night: Night) -> None:
    path = night.arrives("合同.xlsx")
    path.write_bytes(b"no workbook")
    os.utime(path, (time.time() - 3600,) * 2)
    night.arrives("进度.csv", SEEN)
    assert night.runs().code == 3
    (why,) = night.folder.glob("refused/*/合同.xlsx.原因.txt")
    text = why.read_text("utf-8")
    assert "Excel" in text and "cannot be read" in text and "不能" in text
    assert "进度.csv" in night.lying("done"), "the others are taken in"


def test_a_file_that_no_plan_means_is_never_passed_over_in_silence(night: Night) -> None:
    night.arrives("未知.csv", CONTRACT)
    said = night.runs()
    assert said.code == 3
    assert "未知.csv" in said.err and "nightly.yaml" in said.err
    assert "未知.csv" in night.lying()


def test_links_pipes_and_folders_are_told_and_never_read(night: Night, tmp_path: Path) -> None:
    secret = write_csv(tmp_path / "secret.csv", [CONTRACT])
    os.utime(secret, (time.time() - 3600,) * 2)
    (night.folder / "合同.csv").symlink_to(secret)
    (night.folder / "合同-无.csv").symlink_to(tmp_path / "none")
    (night.folder / "合同-夹.csv").mkdir()
    os.mkfifo(night.folder / "合同-管.csv")
    said = night.runs()
    assert said.code == 3 and "不是普通文件" in said.out
    assert said.err.count("请把文件本身拷进") == 4
    assert open_store(str(night.door.store)).imports() == []
    assert (night.folder / "合同.csv").is_symlink() and not night.lying("refused")


def test_a_name_that_is_not_utf_8_is_set_aside_in_words_and_the_others_go_on(
    night: Night,
) -> None:
    path = night.arrives("x.csv", SEEN)
    path.rename(path.with_name(os.fsdecode("进度.csv".encode("gbk"))))
    night.arrives("合同.csv", CONTRACT)
    (night.folder / "nightly.yaml").write_text(
        'files: [{kind: contracts, glob: "合同*"}, {kind: progress, glob: "*"}]', encoding="utf-8"
    )
    said = night.runs()
    assert said.code == 3 and "GBK" in said.err
    assert night.lying("done") == {"合同.csv"}
    assert night.lying("refused") == {"进度.csv", "进度.csv.原因.txt"}


def test_reports_of_alike_names_never_cover_each_other_nor_what_lies_there(night: Night) -> None:
    night.arrives("合同.csv", CONTRACT)
    night.arrives("进度.csv", SEEN, NO_DAY)
    (night.folder / "进度.pdf").write_bytes(b"no ledger")
    os.utime(night.folder / "进度.pdf", (time.time() - 3600,) * 2)
    night.runs()
    expected = {"进度.csv", "进度.csv.问题.xlsx", "进度.pdf", "进度.pdf.原因.txt"}
    assert night.lying("refused") == expected
    (there,) = night.folder.glob("refused/*/进度.csv.问题.xlsx")
    before = there.read_bytes()
    night.arrives("进度.csv", SEEN, NO_DAY)
    night.runs()
    assert there.read_bytes() == before and len(night.lying("refused")) == 6


def test_a_mended_report_is_taken_in_whatever_the_plan_says_of_names(night: Night) -> None:
    plan = 'files: [{kind: contracts, glob: "*.xlsx"}, {kind: progress, glob: "进度*.csv"}]'
    (night.folder / "nightly.yaml").write_text(plan, encoding="utf-8")
    night.arrives("进度.csv", SEEN, NO_DAY)
    night.runs()
    (workbook,) = night.folder.glob("refused/*/进度.csv.问题.xlsx")
    report = Report(workbook)
    report.mend(3, "observed_on", "2021-02-28")
    back = report.save(night.folder / workbook.name)
    os.utime(back, (time.time() - 3600,) * 2)
    assert night.fates() == {"进度.csv.问题.xlsx": "done"}
    assert open_store(str(night.door.store)).columns(Kind.PROGRESS, only=()).num_rows == 2


def test_what_the_plan_ignores_fails_no_night(night: Night) -> None:
    (night.folder / "nightly.yaml").write_text(f"ignore: [说明*]\n{PLAN}", encoding="utf-8")
    (night.folder / "说明.txt").write_text("x")
    told = night.told()
    assert told["exit_code"] == 0
    assert [one["fate"] for one in told["files"]] == ["ignored"]


def test_a_file_that_still_arrives_waits_and_the_run_is_partly_done(night: Night) -> None:
    path = night.arrives("合同.csv", CONTRACT)
    os.utime(path)
    said = night.runs()
    assert said.code == 4
    assert "再运行一次" in said.err
    assert night.lying("done") == set()
    os.utime(path, (time.time() - 3600,) * 2)
    assert night.fates("--resume") == {"合同.csv": "done"}
    done = night.runs("--resume")
    assert done.code == 0 and "没有要接着做的" in done.err


def test_a_late_source_fails_the_run_where_asked_and_calls_for_help(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    night.arrives("合同.csv", CONTRACT)
    night.door.does("source", "expect", "progress:holder_report", "monthly")
    assert night.runs().code == 0
    assert night.runs("--fail-on", "late").code == 1
    first, second = alerts()
    assert (first["troubles"], first["exit_code"]) == (["late"], 0)
    assert (second["troubles"], second["exit_code"]) == (["late"], 1)
    (late,) = second["late"]
    assert (late["source"], late["expected"], late["covered"]) == ("progress:holder_report", 1, 0)


def test_new_breaches_alone_can_fail_a_run(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    night.arrives("合同.csv", CONTRACT)
    first = night.runs("--fail-on", "new-breach")
    assert first.code == 0 and "没有更早的核对" in first.err
    night.arrives("进度.csv", SEEN)
    told = night.told("--fail-on", "new-breach")
    assert told["exit_code"] == 1
    assert told["newly_breach"] > 0
    assert alerts()[-1]["troubles"] == ["findings"]
    assert alerts()[-1]["newly_breach"] == told["newly_breach"]
    assert night.runs("--fail-on", "breach").code == 1
    quiet = night.runs("--fail-on", "new-breach")
    assert quiet.code == 0, "the breaches are there, and were told of the night before"
    assert "新的涉嫌未达标 0 项" in quiet.err


def test_rows_that_another_program_altered_fail_a_run_once_and_are_told_every_night(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    night.arrives("合同.csv", CONTRACT)
    assert night.runs("--fail-on", "edited").code == 0
    with closing(sqlite3.connect(night.door.store)) as store, store:
        store.execute("UPDATE contracts SET contract_id = contract_id")
    assert night.runs("--fail-on", "edited").code == 1
    assert alerts()[-1]["edited"] == {"contracts": 1}
    assert "doctor store" in alerts()[-1]["words"]["zh"]
    again = night.runs("--fail-on", "edited")
    assert again.code == 0 and "doctor store" in again.err


def test_what_was_refused_is_told_to_whoever_is_alerted(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    night.arrives("未知.csv", CONTRACT)
    path = night.arrives("合同.xlsx")
    path.write_bytes(b"no workbook")
    os.utime(path, (time.time() - 3600,) * 2)
    assert night.runs().code == 3
    (told,) = alerts()
    assert told["troubles"] == ["failed"]
    assert told["files"] == {"refused": 1, "unplanned": 1}
    fates = {one["file"]: one["fate"] for one in told["inbox"]}
    assert fates == {"未知.csv": "unplanned", "合同.xlsx": "refused"}
    words, why = told["words"], {one["file"]: one["why"] for one in told["inbox"]}
    assert "退出码 3" in words["zh"] and "未知.csv" in words["zh"] and "上面" not in words["zh"]
    assert "合同.xlsx" in words["en"] and all(one["zh"] and one["en"] for one in why.values())
    (report,) = (one["report"] for one in told["inbox"] if one["report"])
    assert Path(report).is_absolute() and Path(report).is_file()


def test_figures_and_journal_tell_of_the_night_without_names(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, prom = tmp_path / "log.jsonl", tmp_path / "landwatch.prom"
    monkeypatch.setenv("LANDWATCH_LOG", str(log))
    night.arrives("合同-王五.csv", CONTRACT)
    assert night.runs("--metrics", prom).code == 0
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [one["event"] for one in lines] == [
        "imported", "inbox_file", "scanned", "not_compared", "ended",
    ]  # fmt: skip
    text = log.read_text("utf-8")
    assert "张三" not in text and "王五" not in text and "示范机械" not in text
    assert (lines[-1]["exit_code"], lines[-1]["files"]) == (0, {"done": 1})
    figures = read_strictly(prom.read_text("utf-8"))
    assert figures["landwatch_nightly_files", (("fate", "done"),)] == 1
    assert figures["landwatch_last_exit_code", (("verb", "nightly"),)] == 0
    rows = (("kind", "contracts"), ("result", "new"))
    assert figures["landwatch_import_rows", rows] == 1
    assert figures["landwatch_store_bytes", ()] > 0


def test_an_example_is_no_run_and_touches_no_figure(night: Night, tmp_path: Path) -> None:
    prom = tmp_path / "landwatch.prom"
    for words in (["--example", "systemd"], ["--resume"]):
        assert night.door("nightly", night.folder, "--metrics", prom, *words).code == 0
    assert not prom.exists()


@contextmanager
def holding(folder: Path) -> Iterator[int]:
    """Have another process hold an inbox."""
    code = (
        "import sys, time; from pathlib import Path; from landwatch.operations.lock import Lock\n"
        "with Lock(Path(sys.argv[1])).held('李四'): print(flush=True); time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code, str(folder / ".landwatch-nightly.lock")]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        yield other.pid
        other.kill()


def test_two_runs_do_not_collide_and_the_second_says_who_is_at_work_since_when(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    night.arrives("合同.csv", CONTRACT)
    with holding(night.folder) as pid:
        said = night.runs()
    assert said.code == 3
    assert "李四" in said.err and str(pid) in said.err and "20" in said.err
    assert alerts()[-1]["error"] == "nightly.busy_by"
    assert "合同.csv" in night.lying() and not night.lying("done")
    assert night.runs().code == 0


KILLED = """
import os, signal, sys
from landwatch.cli import main
from landwatch.operations import inbox
from landwatch.store.intake import ImportWriter

def dies(owner, name, after):
    whole = getattr(owner, name)
    def dying(*given, **named):
        if after:
            whole(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

if sys.argv[1] == "import":
    dies(ImportWriter, "write", sys.argv[2] == "after")
else:
    dies(inbox, "put_away", False)
main(sys.argv[3:])
"""


def killed(night: Night, where: str, when: str) -> None:
    words = [where, when, "nightly", str(night.folder), "--as-of", DAY]
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, *words], cwd=night.door.store.parent, check=False
    )
    assert dead.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("where", "when"), [("import", "before"), ("import", "after"), ("move", "before")]
)
def test_a_run_that_is_killed_loses_nothing_doubles_nothing_and_is_gone_on_with(
    night: Night, where: str, when: str
) -> None:
    night.arrives("合同.csv", CONTRACT)
    night.arrives("进度.csv", SEEN, NO_DAY)
    killed(night, where, when)
    assert {"合同.csv", "进度.csv"} <= night.lying()
    told = night.told("--resume")
    assert told["resumed_since"] is not None
    assert {one["file"]: one["fate"] for one in told["files"]} == {
        "合同.csv": "done", "进度.csv": "rows_refused",
    }  # fmt: skip
    store = open_store(str(night.door.store))
    assert [one.new for one in store.imports()] == [1, 1]
    (breach,) = night.door.findings("--status", "breach", "--rule", "O53.A2")
    assert breach["contract_id"] == "C1"


def test_rows_refused_by_a_run_that_was_killed_are_reported_by_the_next(night: Night) -> None:
    night.arrives("进度.csv", SEEN, NO_DAY)
    killed(night, "import", "after")
    assert night.fates("--resume") == {"进度.csv": "rows_refused"}
    assert night.lying("refused") == {"进度.csv", "进度.csv.问题.xlsx"}
    assert [one.new for one in open_store(str(night.door.store)).imports()] == [1]


def test_a_file_over_which_it_died_twice_is_put_aside_and_the_others_go_on(night: Night) -> None:
    night.arrives("合同.csv", CONTRACT)
    night.arrives("进度.csv", SEEN)
    for _ in range(2):
        killed(night, "import", "before")
    told = night.told()
    assert told["exit_code"] == 3
    assert {one["file"]: one["fate"] for one in told["files"]} == {
        "合同.csv": "refused", "进度.csv": "done",
    }  # fmt: skip
    (why,) = night.folder.glob("refused/*/合同.csv.原因.txt")
    assert "landwatch import" in why.read_text("utf-8")


def test_a_file_over_which_it_died_twice_after_its_rows_were_in_is_done(night: Night) -> None:
    night.arrives("合同.csv", CONTRACT)
    for _ in range(2):
        killed(night, "move", "before")
    told = night.told()
    assert told["exit_code"] == 3, "nobody could tell whether rows were refused"
    (one,) = told["files"]
    assert (one["fate"], one["error"]) == ("done", "nightly.died_in")
    assert night.lying("done") == {"合同.csv", "合同.csv.原因.txt"}
    assert [one.new for one in open_store(str(night.door.store)).imports()] == [1]


def test_a_store_that_fails_half_way_leaves_what_is_done_and_exit_code_4(
    night: Night, monkeypatch: pytest.MonkeyPatch, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    from landwatch.errors import StoreBusyError
    from landwatch.store.intake import ImportWriter

    night.arrives("合同.csv", CONTRACT)
    night.arrives("进度.csv", SEEN)
    whole = ImportWriter.write

    def busy_with_progress(self: ImportWriter) -> None:
        if self._act.kind is Kind.PROGRESS:
            raise StoreBusyError("error.store_busy", store="x")
        whole(self)

    with monkeypatch.context() as patched:
        patched.setattr(ImportWriter, "write", busy_with_progress)
        said = night.runs()
    assert said.code == 4
    assert night.lying("done") == {"合同.csv"}
    assert "进度.csv" in night.lying()
    assert alerts()[-1]["error"] == "error.store_busy"
    assert night.fates("--resume") == {"进度.csv": "done"}


def test_what_is_off_before_anything_is_done_is_told_and_alerts(
    night: Night, alerts: Callable[[], list[dict[str, Any]]]
) -> None:
    (night.folder / "nightly.yaml").write_text("files: [{kind: zone, glob: x}]", encoding="utf-8")
    said = night.runs()
    assert said.code == 2 and "zones" in said.err
    assert alerts()[-1]["error"] == "plan.kind"
    assert night.door("nightly", night.folder / "none").code == 2
    assert night.door("nightly").code == 2
    (night.folder / "nightly.yaml").write_text(PLAN, encoding="utf-8")
    missing = night.runs("--store", night.folder / "none.gpkg")
    assert missing.code == 3
    assert alerts()[-1]["error"] == "error.store_missing"


def test_the_alert_can_be_tried(
    night: Night, alerts: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert night.door("nightly", "--test-alert").code == 0
    assert alerts()[0]["troubles"] == ["test"]
    monkeypatch.setenv("LANDWATCH_ALERT", "/nowhere/hook")
    said = night.door("nightly", "--test-alert")
    assert said.code == 3 and "LANDWATCH_ALERT" in said.err
    monkeypatch.delenv("LANDWATCH_ALERT")
    assert night.door("nightly", "--test-alert").code == 2
