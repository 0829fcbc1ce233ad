"""Where each value comes from, which imports there were, and one taken back, as a person asks."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import CONTRACT, Door

NUMBERED = {**CONTRACT, "supervision_no": "6201232018B00017"}


@pytest.fixture
def told(ready: Door, tmp_path: Path) -> Door:
    """A contract told twice, told again, reported on once, and amended."""
    ready.takes("contracts", tmp_path / "一月.csv", [NUMBERED])
    ready.takes("contracts", tmp_path / "二月.csv", [{**NUMBERED, "price_wan": "1100"}])
    ready.takes("contracts", tmp_path / "三月.csv", [{**NUMBERED, "price_wan": "1100"}, CONTRACT])
    seen = {"supervision_no": "6201232018B00017", "observed_on": "2021-07-15"}
    ready.takes("progress", tmp_path / "p.csv", [seen | {"source": "inspection", "started": "no"}])
    return ready


def history(door: Door, *words: object) -> list[dict[str, Any]]:
    return door.does("history", *words, "--json").rows


def test_each_value_knows_its_file_its_row_its_moment_and_what_superseded_it(told: Door) -> None:
    first, second, third = history(told, "C1", "--column", "price_wan")
    assert (first["value"], first["file"], first["row"]) == ("1000", "一月.csv", 2)
    assert (first["fate"], first["superseded_by_import"], first["recorded_by"]) == (
        "superseded", 2, "张三",
    )  # fmt: skip
    assert (second["value"], second["fate"], second["superseded_by_row"]) == (
        "1100", "superseded", 3,
    )  # fmt: skip
    assert second["told_again_by_imports"] == "3"
    assert (third["value"], third["fate"], third["file"]) == ("1000", "speaks", "三月.csv")


def test_reports_are_found_by_the_other_numbers_of_the_contract(told: Door) -> None:
    for name in ("C1", "6201232018B00017"):
        kinds = {row["kind"] for row in history(told, name)}
        assert kinds == {"contracts", "progress"}
    (started,) = [row for row in history(told, "C1") if row["column"] == "started"]
    assert (started["value"], started["file"]) == (False, "p.csv")


def test_an_import_taken_back_stays_in_the_history_and_says_by_whom(told: Door) -> None:
    said = told.does("undo", 4, "--reason", "发错了", "--by", "李四")
    assert "1 行不再算数" in said.err
    (started,) = [row for row in history(told, "C1") if row["column"] == "started"]
    assert (started["fate"], started["withdrawn_by"], started["withdrawn_reason"]) == (
        "withdrawn", "李四", "发错了",
    )  # fmt: skip
    assert "撤回" in told.does("history", "C1").out
    assert "taken back" in told.does("imports", "--lang", "en").out
    again = told.does("undo", 4)
    assert "没有再做什么" in again.err


def test_what_a_withdrawal_would_come_to_is_told_without_doing_it(told: Door) -> None:
    before = told.store.read_bytes()
    said = told.does("undo", 2, "--dry-run", "--json")
    assert told.store.read_bytes() == before
    assert {"import_id", "rows_hidden", "rows_kept", "keys_gone", "keys_back"} <= set(said.rows)
    assert told("undo", 77).code == 2


def test_imports_are_listed_with_what_they_brought(told: Door) -> None:
    listed = told.does("imports", "--json").rows
    assert [(row["import_id"], row["kind"], row["file"]) for row in listed] == [
        (1, "contracts", "一月.csv"),
        (2, "contracts", "二月.csv"),
        (3, "contracts", "三月.csv"),
        (4, "progress", "p.csv"),
    ]
    assert (listed[0]["new"], listed[1]["changed"]) == (1, 1)


def test_what_was_recorded_later_is_left_out(told: Door) -> None:
    moment = told.does("imports", "--json").rows[0]["recorded_at"]
    rows = history(told, "C1", "--known-at", moment)
    assert {row["file"] for row in rows} == {"一月.csv"}
    assert {row["fate"] for row in rows} == {"speaks"}


def test_a_history_is_written_for_a_spreadsheet(told: Door, tmp_path: Path) -> None:
    out = tmp_path / "历史.csv"
    told.does("history", "C1", "-o", out)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(history(told, "C1"))
    assert told("history", "C1", "-o", tmp_path / "历史.xlsx").code == 2


@pytest.mark.parametrize(
    "words", [("C7",), ("C1", "--column", "price"), ("C1", "--known-at", "昨")]
)
def test_a_name_that_is_not_there_is_said_in_words(told: Door, words: tuple[str, ...]) -> None:
    said = told("history", *words)
    assert said.code == 2
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_names_that_look_like_markup_are_shown_as_they_are(ready: Door, tmp_path: Path) -> None:
    hostile = {**CONTRACT, "holder": "[red]甲[/]", "project_name": "=1+1"}
    ready.takes("contracts", tmp_path / "[bold]x.csv", [hostile])
    said = ready.does("history", "C1")
    assert "[red]甲[/]" in said.out
    assert "[bold]x.csv" in said.out
    ready.does("history", "C1", "-o", tmp_path / "h.csv")
    assert ",=1+1" not in (tmp_path / "h.csv").read_text("utf-8-sig")


def test_an_import_taken_back_by_mistake_stands_again_and_speaks_over_nothing(
    ready: Door, tmp_path: Path
) -> None:
    ready.takes("contracts", tmp_path / "a.csv", [CONTRACT])
    ready.takes("contracts", tmp_path / "b.csv", [{**CONTRACT, "price_wan": "1200"}])
    said = ready.does("undo", 1)
    assert "landwatch redo 1" in said.err
    assert "原来的先后" in ready.does("redo", 1).err
    fates = {row["value"]: row["fate"] for row in history(ready, "C1", "--column", "price_wan")}
    assert fates == {"1000": "superseded", "1200": "speaks"}
    assert "没有被撤回过" in ready.does("redo", 1).err
    for words in (("redo", 2**63), ("undo", 2**63), ("scan", "--again", 2**63)):
        assert ready(*words).code == 2


def test_a_number_that_is_another_contract_is_none_of_this_one(ready: Door, tmp_path: Path) -> None:
    rows = [{**CONTRACT, "contract_no": "C2"}, {**CONTRACT, "contract_id": "C2", "holder": "乙"}]
    ready.takes("contracts", tmp_path / "c.csv", rows)
    seen = {"observed_on": "2021-07-15", "source": "inspection", "started": "no"}
    ready.takes(
        "progress", tmp_path / "p.csv", [{"contract_id": name, **seen} for name in ("C2", "S9")]
    )
    assert {row["kind"] for row in history(ready, "C1")} == {"contracts"}
    assert {row["kind"] for row in history(ready, "S9")} == {"progress"}


def test_a_value_told_elsewhere_says_that_its_first_import_is_gone(
    ready: Door, tmp_path: Path
) -> None:
    ready.takes("contracts", tmp_path / "a.csv", [CONTRACT])
    ready.takes("contracts", tmp_path / "b.csv", [CONTRACT, {**CONTRACT, "contract_id": "C3"}])
    ready.does("undo", 1)
    assert "导入 1 已撤回，但别的导入也报过" in ready.does("history", "C1").out
