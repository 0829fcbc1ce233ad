"""What goes wrong is said in one helpful line, in the reader's language; the code is right."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from landwatch import bootstrap, commands
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door, Said, write_csv
from tests.rights import without_rights

BOTH = pytest.mark.parametrize("lang", ["zh", "en"])


def in_one_line(said: Said, code: int, *names: str) -> None:
    """One line of trouble, no traceback, nothing on stdout, each of the names in it."""
    assert said.code == code, said.err
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1, said.err
    assert "Traceback" not in said.err
    for name in names:
        assert name in said.err


WRONG_WORDS: list[tuple[list[str], list[str]]] = [
    (["improt", "contracts", "a.csv"], ["improt", "import"]),
    (["polcy", "list"], ["policy"]),
    (["policy", "adpot", "grant-contract"], ["adpot", "adopt"]),
    (["scan", "--as-off", "2021-08-01"], ["--as-off", "--as-of"]),
    (["scan", "--as-of", "2021-02-30"], ["2021-02-30"]),
    (["scan", "--as-of", "去年"], ["去年"]),
    (["scan", "--fail-on", "braech"], ["--fail-on", "breach"]),
    (["scan", "--store"], ["--store"]),
    (["import", "contract", "contracts.csv"], ["contract", "contracts"]),
    (["import", "contracts"], ["FILE"]),
    (["policy", "adopt", "lanzhou-2012-184"], ["lanzhou-2012-148"]),
    (["policy", "drop", "grant-contrat"], ["grant-contract"]),
    (["policy", "show", "order-53"], ["order-53-2012"]),
    (["policy", "adopt", "lanzhou-2012-148", "--zone", "Z9"], ["Z9"]),
    (["explain", "C2"], ["C2", "C1"]),
    (["explain", "C1", "O53.A9"], ["O53.A2"]),
    (["findings", "--rule", "O53.A9"], ["O53.A2"]),
    (["findings", "--status", "braech"], ["breach"]),
    (["findings", "--zone", "Z9"], ["Z9"]),
    (["findings", "--scan", "99"], ["99"]),
    (["findings", "-o", "out.doc"], ["doc"]),
    (["findings", "--format", "gpkg"], ["gpkg", "-o"]),
    (["map", "out.html", "--status", "braech"], ["breach"]),
    (["visit", "C2", "--started", "no", "--on", "2021-08-01"], ["C1"]),
    (["visit", "C1", "--started", "no", "--on", "2999-01-01"], ["2999-01-01"]),
    (["visit", "C1", "--started", "maybe", "--on", "2021-01-01"], ["--started", "yes"]),
    (["report", "out.docx"], ["out.docx", ".xlsx"]),
    (["import", "contracts", "contracts.csv", "--encoding", "gkb"], ["gkb"]),
    (["import", "contracts", "contracts.csv", "--crs", "EPSG:99999"], ["99999"]),
]


@BOTH
def test_words_that_are_off_are_named_with_the_nearest_right_one(scanned: Door, lang: str) -> None:
    before = scanned.store.read_bytes()
    for words, names in WRONG_WORDS:
        in_one_line(scanned(*words, "--lang", lang) if words[-1] != "--store" else scanned(*words),
                    2, *names)  # fmt: skip
    assert scanned.store.read_bytes() == before


def test_the_trouble_is_told_in_the_language_asked_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有命令" in door("improt").err
    assert "no command" in door("improt", "--lang", "en").err
    monkeypatch.setenv("LANDWATCH_LANG", "en")
    assert "no command" in door("improt").err
    monkeypatch.setenv("LANDWATCH_LANG", "fr")
    assert "fr" in door("findings").err


@BOTH
def test_a_verb_before_its_time_says_what_comes_first(door: Door, lang: str) -> None:
    write_csv(Path("contracts.csv"), [CONTRACT])
    for words in (["scan"], ["findings"], ["explain", "C1"], ["map", "a.html"],
                  ["report", "a.xlsx"], ["import", "contracts", "contracts.csv"],
                  ["policy", "adopt", "grant-contract"],
                  ["visit", "C1", "--started", "no", "--on", "2020-01-01"]):  # fmt: skip
        in_one_line(door(*words, "--lang", lang), 3, "landwatch init")
    door.does("init")
    for words in (["findings"], ["explain", "C1"], ["map", "a.html"], ["report", "a.xlsx"]):
        in_one_line(door(*words, "--lang", lang), 2, "landwatch scan")
    assert sorted(path.name for path in Path().iterdir()) == ["contracts.csv", "landwatch.gpkg"]


@BOTH
def test_a_file_that_cannot_be_taken_is_named(ready: Door, lang: str) -> None:
    before = ready.store.read_bytes()
    Path("empty.csv").write_bytes(b"")
    Path("broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    Path("pdf.csv").write_bytes(b"%PDF-1.7\n\x00\x01\x02\x03" * 40)
    Path("folder.csv").mkdir()
    for name in ("none.csv", "empty.csv", "broken.xlsx", "pdf.csv", "folder.csv"):
        in_one_line(ready("import", "contracts", name, "--lang", lang), 3, name)
    assert ready.store.read_bytes() == before


@BOTH
def test_an_encoding_that_is_not_the_files_is_told(ready: Door, lang: str) -> None:
    Path("gbk.csv").write_bytes("合同主键,土地使用权人\nC1,兰州示范公司\n".encode("gbk"))
    in_one_line(ready("import", "contracts", "gbk.csv", "--encoding", "utf-8", "--lang", lang), 3,
                "gbk.csv")  # fmt: skip
    assert ready("import", "contracts", "gbk.csv", "--encoding", "gbk").code == 0


@BOTH
def test_a_store_that_another_program_holds_is_busy(
    scanned: Door, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = partial(open_store, patience_s=0.2)  # a person waits a minute, a test need not
    monkeypatch.setattr(bootstrap, "open_store", impatient)
    other = sqlite3.connect(scanned.store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        said = scanned("scan", "--as-of", "2021-08-01", "--lang", lang)
    finally:
        other.execute("ROLLBACK")
        other.close()
    in_one_line(said, 3, "landwatch.gpkg")


@BOTH
def test_a_file_goes_into_no_missing_folder(scanned: Door, lang: str) -> None:
    for words in (["map", "none/a.html"], ["report", "none/a.xlsx"],
                  ["findings", "-o", "none/a.csv"], ["findings", "-o", "none/a.xlsx"],
                  ["findings", "-o", "none/a.gpkg"], ["findings", "-o", "none/a.parquet"],
                  ["init", "--store", "none/a.gpkg"]):  # fmt: skip
        in_one_line(scanned(*words, "--lang", lang), 3, "none")
    assert not Path("none").exists()


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        monkeypatch.chdir(name)
        yield Path(name)
        Path(name).chmod(0o755)


@BOTH
def test_a_read_only_folder_is_read_and_not_written(
    scanned: Door, open_folder: Path, lang: str
) -> None:
    shutil.copy(scanned.store, open_folder / "landwatch.gpkg")
    write_csv(open_folder / "more.csv", [{**CONTRACT, "contract_id": "C2"}])
    before = (open_folder / "landwatch.gpkg").read_bytes()
    for words in (["map", "a.html"], ["report", "a.xlsx"], ["import", "contracts", "more.csv"]):
        scanned(*words, "--store", scanned.store)  # nobody may not even load what these need
    for made in open_folder.glob("a.*"):
        made.unlink()
    open_folder.chmod(0o555)
    for file in open_folder.iterdir():
        file.chmod(0o444)
    with without_rights():
        assert scanned("findings", "--format", "json", "--lang", lang).code == 0
        for words in (["import", "contracts", "more.csv"], ["scan", "--as-of", "2021-08-01"],
                      ["policy", "adopt", "lanzhou-2012-148"], ["map", "a.html"],
                      ["report", "a.xlsx"], ["findings", "-o", "a.csv"],
                      ["visit", "C1", "--started", "no", "--on", "2021-08-01"],
                      ["init", "--store", "b.gpkg"], ["demo", "d"]):  # fmt: skip
            in_one_line(scanned(*words, "--lang", lang), 3)
    assert (open_folder / "landwatch.gpkg").read_bytes() == before
    assert {file.name for file in open_folder.iterdir()} == {"landwatch.gpkg", "more.csv"}


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@BOTH
def test_a_full_disk_leaves_everything_as_it_was(scanned: Door, lang: str) -> None:
    write_csv(Path("many.csv"),
              [{**CONTRACT, "contract_id": f"D{n}", "location": os.urandom(300).hex()}
               for n in range(600)])  # fmt: skip
    before = scanned.store.read_bytes()
    for words in (["import", "contracts", "many.csv"], ["map", "a.html"]):
        with no_file_above(scanned.store.stat().st_size + 4096 if words[0] == "import" else 4096):
            said = scanned(*words, "--lang", lang)
        in_one_line(said, 3)
        assert scanned.store.read_bytes() == before
        assert not Path("a.html").exists()
    assert scanned("import", "contracts", "many.csv").code == 0


def test_what_is_at_or_above_the_level_ends_with_one(scanned: Door) -> None:
    for level in ("breach", "due_soon", "unknown"):
        assert scanned("scan", "--as-of", "2021-08-01", "--fail-on", level).code == 1
    day = "2019-05-15"  # the agreed start comes within the window, and nothing is late yet
    assert scanned("scan", "--as-of", day, "--fail-on", "breach").code == 0
    assert scanned("scan", "--as-of", day, "--fail-on", "due_soon").code == 1
    assert scanned("scan", "--as-of", day).code == 0


def test_fail_on_is_quiet_where_nothing_is_found(ready: Door, tmp_path: Path) -> None:
    row = {**CONTRACT, "instrument": "allocation", "actual_start_on": "2019-06-01"}
    ready.takes("contracts", tmp_path / "a.csv", [row])
    assert ready("scan", "--as-of", "2021-08-01", "--fail-on", "breach").code == 0


def test_refused_rows_end_with_three_and_the_rest_are_in(ready: Door) -> None:
    ready.takes("contracts", Path("contracts.csv"), [CONTRACT])
    seen = {"contract_id": "C1", "source": "inspection", "started": "no"}
    days = [{**seen, "observed_on": "2021-07-15"}, {**seen, "observed_on": "2021-02-30"}]
    write_csv(Path("seen.csv"), days)
    said = ready("import", "progress", "seen.csv")
    assert said.code == 3
    assert "2021-02-30" in said.err
    ready.does("scan", "--as-of", "2021-08-01")
    (found,) = ready.findings("--rule", "O53.A2")
    assert (found["contract_id"], found["status"]) == ("C1", "breach")


@BOTH
def test_a_bug_is_one_line_and_seventy(
    ready: Door, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    def broken(*_: object, **__: object) -> NoReturn:
        raise ZeroDivisionError("a limit of nothing\nand a second line")

    monkeypatch.setattr(commands, "scan", broken)
    in_one_line(ready("scan", "--lang", lang), 70, "ZeroDivisionError", "LANDWATCH_TRACE")
    monkeypatch.setenv("LANDWATCH_TRACE", "1")
    with pytest.raises(ZeroDivisionError):
        ready("scan", "--lang", lang)
