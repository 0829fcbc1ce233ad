"""`policy check`: what is wrong, what is weak, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landwatch.lawbook.shelf import shelf
from tests.commands.conftest import Door
from tests.lawbook.small_policy import CASES, POLICY, line_of, with_changes


@pytest.fixture
def mine(door: Door) -> Path:
    """A reader's own policy with its cases beside it, in a folder without a store."""
    path = Path("我的政策.yaml")
    path.write_text(POLICY, "utf-8")
    Path("我的政策.cases.yaml").write_text(CASES, "utf-8")
    return path


def test_a_clean_file_is_clean_and_needs_no_store(door: Door, mine: Path) -> None:
    Path("原文.txt").write_text("投资强度不低于每亩一百万元", "utf-8")
    said = door.does("policy", "check", mine, "--source", "原文.txt")
    assert "没有发现薄弱之处" in said.out
    assert "算例 4 个" in said.out
    assert not door.store.exists()


def test_weaknesses_are_listed_with_their_lines_and_hinder_nothing(door: Door, mine: Path) -> None:
    mine.write_text(with_changes(POLICY, ("[urge]", "[]")), "utf-8")
    said = door.does("policy", "check", mine, "--lang", "en")
    assert "Rule SMALL.FLOOR allows nothing" in said.out
    assert f"line {line_of(POLICY, 'code: SMALL')}" in said.out
    assert "1 weakness" in said.out
    assert "No source was given" in said.out


def test_every_error_is_listed_and_the_file_is_refused(door: Door, mine: Path) -> None:
    wrong = with_changes(POLICY, ("intensity >= floor", "intensty >= floor"), ("[urge]", "[urg]"))
    mine.write_text(wrong, "utf-8")
    said = door("policy", "check", mine)
    assert said.code == 3
    assert "intensty" in said.out and "intensity" in said.out
    assert "“urg”" in said.out
    assert "有 2 处错误" in said.out


def test_cases_that_cannot_be_read_are_errors_too(door: Door, mine: Path) -> None:
    Path("other.yaml").write_text(with_changes(CASES, ("shows: below", "shows: low")), "utf-8")
    said = door("policy", "check", mine, "--cases", "other.yaml", "--json")
    assert said.code == 3
    told = json.loads(said.out)
    assert told["refused"] is True
    (error,) = told["errors"]
    assert (error["file"], error["line"]) == ("other.yaml", line_of(CASES, "shows: below"))
    assert door("policy", "check", mine, "--cases", "none.yaml").code == 3


def test_a_quote_is_held_against_the_source_also_in_gb18030(door: Door, mine: Path) -> None:
    Path("gbk.txt").write_bytes("全文：投资强度不低于每亩一百万元。".encode("gb18030"))
    Path("wrong.txt").write_text("投资强度不低于每亩一百五十万元", "utf-8")
    clean = json.loads(door.does("policy", "check", mine, "--source", "gbk.txt", "--json").out)
    assert (clean["weaknesses"], clean["sources"]) == ([], 1)
    told = json.loads(door.does("policy", "check", mine, "--source", "wrong.txt", "--json").out)
    assert {weak["code"] for weak in told["weaknesses"]} == {"quote_not_found"}
    assert door("policy", "check", mine, "--source", "none.txt").code == 3
    Path("binary.txt").write_bytes(b"\xff\xff\x80")
    assert door("policy", "check", mine, "--source", "binary.txt").code == 3


def test_a_code_of_the_shelf_is_told_before_it_is_refused(door: Door, mine: Path) -> None:
    taken = with_changes(POLICY, ("code: SMALL.FLOOR", "code: O53.A1"))
    mine.write_text(taken, "utf-8")
    Path("我的政策.cases.yaml").write_text(CASES.replace("SMALL.FLOOR", "O53.A1"), "utf-8")
    told = json.loads(door.does("policy", "check", mine, "--json").out)
    assert [weak["code"] for weak in told["weaknesses"]] == ["code_on_shelf"]
    mine.write_text(shelf()["order-53-2012"].text + "\n", "utf-8")
    Path("我的政策.cases.yaml").unlink()
    told = json.loads(door.does("policy", "check", mine, "--json").out)
    assert "id_on_shelf" in {weak["code"] for weak in told["weaknesses"]}


@pytest.mark.parametrize("policy_id", shelf())
def test_no_policy_of_the_shelf_lacks_a_case_a_quote_or_a_hint(door: Door, policy_id: str) -> None:
    told = json.loads(door.does("policy", "check", policy_id, "--json").out)
    found = {weak["code"] for weak in told["weaknesses"]}
    # A number in force from a later day than the document is a fact of the law, told and not wrong.
    assert found <= {"values_gap"}


def test_what_is_neither_a_file_nor_a_policy_is_said_with_the_nearest(door: Door) -> None:
    said = door("policy", "check", "order-53-2021")
    assert said.code == 2
    assert "order-53-2012" in said.err
    assert door("policy", "check", "none.yaml").code == 3
    Path("folder.yaml").mkdir()
    assert door("policy", "check", "folder.yaml").code == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"id: x\n" * 400_000, b"{" * 3000, b"a: !!python/object:os.system x",
     b"rules: [{met: '[red]" + b"__import__(1)'}]"],
    ids=["empty", "binary", "enormous", "deep", "tagged", "markup"],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_words(door: Door, content: bytes) -> None:
    Path("bad.yaml").write_bytes(content)
    said = door("policy", "check", "bad.yaml")
    assert said.code == 3, said.out + said.err
    assert "Traceback" not in said.out + said.err
    assert said.out or said.err
