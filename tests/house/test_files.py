"""A file lands whole or not at all, and never under somebody who has it open."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from landwatch.errors import InputRefusedError, LandwatchError
from landwatch.files import (
    check_writable,
    is_owner_mark,
    owner_of,
    whole_file,
    write_new,
    write_whole,
)
from landwatch.scan.spread import InFolder
from tests.rights import without_rights


def owner_file(name: str) -> bytes:
    """Return what Excel lays beside a workbook that `name` has open."""
    ansi = name.encode("gb18030")
    narrow = bytes([len(ansi)]) + ansi.ljust(54, b" ")
    wide = len(name).to_bytes(2, "little") + name.encode("utf-16-le").ljust(108, b" \0"[:1])
    return narrow + wide


def test_an_error_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_text("旧", encoding="utf-8")
    with pytest.raises(KeyError), whole_file(path) as beside:
        beside.write_text("新", encoding="utf-8")
        raise KeyError("half way")
    assert path.read_text("utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]
    with whole_file(path) as beside:
        beside.write_text("新", encoding="utf-8")
    assert path.read_text("utf-8") == "新"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    code = (
        "import sys, time; from pathlib import Path; from landwatch.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as beside:\n"
        "    beside.write_text('half'); print('there', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == b"there\n"
        writing.send_signal(signal.SIGKILL)
        writing.wait()
    assert path.read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda folder: folder / "没有" / "a.xlsx", "没有这个文件夹"),
        (lambda folder: folder / ("长" * 200 + ".xlsx"), "文件名太长"),
        (lambda folder: folder / "a\0b.xlsx", "文件名太长"),
    ],
    ids=["no folder", "too long", "a sign that no system takes"],
)
def test_a_place_that_cannot_be_written_says_why(
    tmp_path: Path, act: Callable[[Path], Path], said: str
) -> None:
    path = act(tmp_path)
    with pytest.raises(InputRefusedError) as refusal, whole_file(path, error=InputRefusedError):
        raise AssertionError("never begun")
    assert said in refusal.value.in_words("zh")
    with pytest.raises(LandwatchError):
        check_writable(path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_the_right_to_write_is_told_before_the_work(tmp_path: Path) -> None:
    folder = tmp_path / "只读"
    folder.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    with without_rights():
        for begin in (check_writable, lambda path: whole_file(path).__enter__()):
            with pytest.raises(LandwatchError) as refusal:
                begin(folder / "a.xlsx")
            assert "没有写入权限" in refusal.value.in_words("zh")
            assert "no permission" in refusal.value.in_words("en")


def test_a_file_that_a_program_holds_names_who_has_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "问题.xlsx"
    path.write_text("旧", encoding="utf-8")

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    for mark, said in (("", "正被其他程序"), ("~$问题.xlsx", "「王科长」")):
        if mark:
            (tmp_path / mark).write_bytes(owner_file("王科长"))
        with pytest.raises(LandwatchError) as refusal, whole_file(path) as beside:
            beside.write_text("新", encoding="utf-8")
        assert said in refusal.value.in_words("zh")
        assert path.read_text("utf-8") == "旧"


@pytest.mark.parametrize(
    ("mark", "told", "name"),
    [
        ("~$问题.xlsx", owner_file("王科长"), "王科长"),
        ("~$问题.xlsx", bytes([4]) + "王科".encode("gb18030").ljust(54), "王科"),
        ("~$问题.xlsx", b"", ""),
        ("~$问题.xlsx", b"\xff" * 165, ""),
        (".~lock.问题.xlsx#", b",li,pc-3,20.11.2026 09:12,file:///;", "li"),
        (".~问题.xlsx", owner_file("赵"), "赵"),
    ],
    ids=["excel", "old excel", "empty", "nonsense", "libreoffice", "wps"],
)
def test_an_open_workbook_is_told_before_long_work_is_wasted(
    tmp_path: Path, mark: str, told: bytes, name: str
) -> None:
    path = tmp_path / "问题.xlsx"
    (tmp_path / mark).write_bytes(told)
    check_writable(path)  # nothing there yet: nobody can have it open
    path.write_text("旧", encoding="utf-8")
    owner = owner_of(path)
    assert owner is not None and owner.name == name
    with pytest.raises(LandwatchError) as refusal:
        check_writable(path)
    said = refusal.value.in_words("zh")
    assert mark in said and (name or "未写明的使用者") in said
    assert path.read_text("utf-8") == "旧"
    assert is_owner_mark(tmp_path / mark) and not is_owner_mark(path)


def test_a_new_file_never_goes_over_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write_new(path, "甲\n")
    assert path.read_bytes() == "甲\n".encode()
    with pytest.raises(FileExistsError):
        write_new(path, "乙")
    assert path.read_text("utf-8") == "甲\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_without_links_takes_a_new_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    write_new(tmp_path / "a.yaml", "甲")
    assert (tmp_path / "a.yaml").read_text("utf-8") == "甲"
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.yaml", "乙")
    assert len(list(tmp_path.iterdir())) == 1


def test_checking_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("旧", encoding="utf-8")
    before = path.stat().st_mtime_ns
    time.sleep(0.01)
    check_writable(path)
    assert (path.read_text("utf-8"), path.stat().st_mtime_ns) == ("旧", before)
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(LandwatchError) as refusal:
        check_writable(tmp_path)
    assert "是一个文件夹" in refusal.value.in_words("zh")


def test_a_file_of_our_own_is_written_over_whole_and_a_draft_never_counts(tmp_path: Path) -> None:
    path = tmp_path / "000001.zip"
    for content in (b"old", b"new"):
        write_whole(path, content)
        assert path.read_bytes() == content
    (tmp_path / "000002.zip").mkdir()
    with pytest.raises(OSError, match="000002"):
        write_whole(tmp_path / "000002.zip", b"x")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["000001.zip", "000002.zip"]
    (tmp_path / ".000003.0123abcd.zip").write_bytes(b"a killed one left this")
    assert InFolder(tmp_path).numbers() == {1, 2}
