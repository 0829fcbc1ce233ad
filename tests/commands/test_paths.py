"""Paths as they come from Explorer, WPS and chat windows: words and the path that works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.commands.conftest import CONTRACT, Door, write_csv

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these are the paths of another system")
LONG = "长" * 95 + ".csv"


@pytest.fixture
def folder(ready: Door) -> Path:
    """台账/合同.csv under the folder that one stands in."""
    folder = ready.store.parent
    (folder / "台账").mkdir()
    write_csv(folder / "台账" / "合同.csv", [CONTRACT])
    return folder


TYPED = (
    "C:\\台账\\合同.csv",
    "D:\\用户\\下载\\台账\\合同.csv",
    "台账\\合同.csv",
    ".\\台账\\合同.csv",
    "\\\\server\\share\\台账\\合同.csv",
    '"台账/合同.csv"',
    '"C:\\台账\\合同.csv"',
    "“台账/合同.csv”",
    "'台账/合同.csv'",
    "台账/合同.csv ",
    " 台账/合同.csv",
    "台账/合同.csv.",
    "台账／合同．csv",
    "file:///C:/%E5%8F%B0%E8%B4%A6/%E5%90%88%E5%90%8C.csv",
)


def test_a_path_written_otherwise_is_told_as_it_works_here(ready: Door, folder: Path) -> None:
    for typed in TYPED:
        for lang, begins, ends in (("zh", "有的是「", "」"), ("en", "There is “", "”")):
            said = ready("import", "contracts", typed, "--lang", lang)
            assert said.code == 3, typed
            near = said.err.partition(begins)[2].partition(ends)[0]
            assert Path(near).samefile(folder / "台账" / "合同.csv"), typed
    ready.does("import", "contracts", near)


def test_an_address_of_the_file_manager_is_told_as_a_path(ready: Door, folder: Path) -> None:
    path = folder / "台账" / "合同.csv"
    said = ready("import", "contracts", path.as_uri())
    assert said.code == 3
    assert f"「{path}」" in said.err


NOWHERE = (
    ("D:\\别处\\没有这个.xlsx", "Windows 的路径", "a path of Windows"),
    ("\\\\server\\share\\没有这个.xlsx", "./没有这个.xlsx", "./没有这个.xlsx"),
    ("file:///D:/a/没有这个.xlsx", "Windows 的路径", "a path of Windows"),
    ("https://example.org/a.csv", "不访问网络", "does not go there"),
    ("-", "标准输入", "standard input"),
    (LONG, "文件名太长", "too long"),
    ("~谁也不是/a.csv", "没有这个文件", "no such file"),
    ("换\n行\x1b[2J.csv", "换␊行␛[2J.csv", "换␊行␛[2J.csv"),
    ("[red]红[/red].csv", "[red]红[/red].csv", "[red]红[/red].csv"),
    ("台账/合同.csv/里面.csv", "不能读取", "cannot be read"),
    ("", "文件夹", "folder"),
    ("   ", "没有这个文件", "no such file"),
)


def test_a_path_that_leads_nowhere_is_refused_in_one_line(ready: Door, folder: Path) -> None:
    for typed, zh, en in NOWHERE:
        for lang, words in (("zh", zh), ("en", en)):
            said = ready("import", "contracts", typed, "--lang", lang)
            assert said.code == 3, typed
            assert words in said.err, typed
            assert len(said.err.splitlines()) == 1
            assert said.out == ""


@pytest.mark.parametrize(
    "name", ["长" * 83 + ".csv", "换\n行.csv", "[red]红.csv", "a\\b.csv", "“甲”.csv"]
)
def test_a_strange_name_that_is_there_is_imported(name: str, ready: Door) -> None:
    write_csv(ready.store.with_name(name), [CONTRACT])
    said = ready.does("import", "contracts", ready.store.with_name(name))
    assert "1" in said.err
    assert "\x1b" not in said.err


STORES = (
    "C:\\台账\\库.gpkg",
    "\\\\server\\share\\库.gpkg",
    "台账\\库.gpkg",
    '"库.gpkg"',
    "库.gpkg ",
    "长" * 95,
    "~谁也不是/库.gpkg",
    "a\0b.gpkg",
)


def test_no_store_is_made_under_a_path_that_means_another(door: Door, tmp_path: Path) -> None:
    for typed in STORES:
        for lang in ("zh", "en"):
            said = door("init", "--store", typed, "--lang", lang)
            assert said.code in (2, 3), typed
            assert len(said.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_quotes_is_told_as_it_works(ready: Door) -> None:
    said = ready("scan", "--store", f'"{ready.store}"')
    assert said.code == 2
    assert f"「{ready.store}」" in said.err


def test_no_report_is_written_under_a_windows_path(ready: Door, folder: Path) -> None:
    said = ready("import", "contracts", "台账/合同.csv", "--report", "C:\\台账\\报告.xlsx")
    assert said.code in (2, 3)
    assert "报告.xlsx" in said.err
    assert not list(folder.glob("C:*"))


def test_nothing_else_is_written_under_a_windows_path_either(ready: Door, folder: Path) -> None:
    before = sorted(folder.iterdir())
    ready.does("import", "contracts", "台账/合同.csv")
    ready.does("scan")
    for words in (
        ("demo", "C:\\演示"),
        ("import", "contracts", "台账/合同.csv", "--guess", "C:\\对照.yaml"),
        ("map", "C:\\地图.html"),
        ("report", "C:\\报告.xlsx"),
        ("findings", "--format", "csv", "-o", "C:\\问题.csv"),
        ("export", "contracts", "C:\\合同.csv"),
    ):
        said = ready(*words)
        assert said.code in (2, 3), words
        assert words[-1] in said.err
    lock = folder / ".landwatch.gpkg.scan-lock"  # it stays, so that two scans find the same one
    assert sorted(set(folder.iterdir()) - {lock}) == before
