"""What was true on a day and what was known at a moment: past scans asked for and repeated."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from landwatch import bootstrap
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.shelf import shelf
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door
from tests.scan.own_city import OWN_CITY

DAY = "2024-06-30"


def rows_of(text: str) -> list[dict[str, Any]]:
    """Return findings without the number of their scan."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        del row["scan_id"]
    return rows


def table_of(door: Door, *words: object) -> list[dict[str, Any]]:
    return rows_of(door.does("findings", "--format", "csv", *words).out)


def scanned_by(door: Door, *words: object) -> list[dict[str, Any]]:
    """Return the findings of a scan made now."""
    number = door.does("scan", *words, "--json").rows["scan_id"]  # type: ignore[call-overload]
    return table_of(door, "--scan", number)


def moment_of(door: Door) -> str:
    """Return the moment of what the store knows last, to the microsecond."""
    moment = open_store(str(door.store)).latest_moment()
    assert moment is not None
    return moment.isoformat()


@pytest.fixture
def past(door: Door, tmp_path: Path) -> tuple[Door, str, list[dict[str, Any]]]:
    """A ledger scanned once, its moment and findings, and then much that was told later."""
    door.does("init")
    door.takes("contracts", tmp_path / "一月.csv", [CONTRACT, {**CONTRACT, "contract_id": "C2"}])
    seen = {"contract_id": "C1", "observed_on": "2024-05-02", "source": "inspection"}
    door.takes("progress", tmp_path / "五月.csv", [{**seen, "started": "no"}])
    door.does("scan", "--as-of", DAY)
    found, moment = table_of(door), moment_of(door)
    door.takes("contracts", tmp_path / "二月.csv", [{**CONTRACT, "holder": "改名公司"}])
    door.takes("progress", tmp_path / "更正.csv", [{**seen, "started": "yes"}])
    door.does("policy", "drop", "grant-contract")
    door.does("undo", 2)
    return door, moment, found


def test_a_past_scan_repeated_at_its_moment_gives_the_same_findings(
    past: tuple[Door, str, list[dict[str, Any]]],
) -> None:
    door, moment, found = past
    assert {row["status"] for row in found} >= {"breach"}
    door.does("scan", "--as-of", DAY)
    now = table_of(door)
    assert now != found, "later knowledge tells another story"
    for words in (("--as-of", DAY, "--known-at", moment), ("--again", 1)):
        assert scanned_by(door, *words) == found
    assert table_of(door) == now, "a past scan made again is not the one that is meant by default"


def test_the_files_of_a_repeated_scan_are_equal_byte_for_byte(
    past: tuple[Door, str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    door, moment, _ = past
    door.does("scan", "--as-of", DAY, "--known-at", moment)
    for number in (1, 2):
        door.does("findings", "--scan", number, "-o", tmp_path / f"{number}.csv")
    first, second = ((tmp_path / f"{number}.csv").read_bytes() for number in (1, 2))
    assert first.replace(b",1\r\n", b",N\r\n") == second.replace(b",2\r\n", b",N\r\n")
    assert first.count(b",1\r\n") == second.count(b",2\r\n") > 10


def test_a_day_and_a_moment_are_asked_for_without_a_scan(
    past: tuple[Door, str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    door, moment, found = past
    assert table_of(door, "--as-of", DAY, "--known-at", moment) == found
    scans = open_store(str(door.store)).scans()
    assert len(scans) == 1, "a kept scan of that day and knowledge was there"
    other = table_of(door, "--as-of", "2023-06-30", "--known-at", moment)
    assert other != found
    assert open_store(str(door.store)).scans() == scans, "to look is not to keep"
    said = door.does("explain", "C1", "O53.A1", "--as-of", DAY, "--known-at", moment)
    assert "五月.csv" in said.out
    assert "更正.csv" not in said.out
    page = tmp_path / "旧.html"
    door.does("map", page, "--as-of", "2023-06-30", "--known-at", moment)
    assert "以前录入的资料" in page.read_text("utf-8")
    listed = door.does("findings", "--as-of", "2023-06-30", "--known-at", moment)
    assert "未保存" in listed.out


def test_what_was_taken_back_is_not_judged_any_more(door: Door, tmp_path: Path) -> None:
    door.does("init")
    door.takes("contracts", tmp_path / "a.csv", [CONTRACT])
    door.takes("contracts", tmp_path / "b.csv", [{**CONTRACT, "contract_id": "C9"}])
    door.does("undo", 2)
    door.does("scan", "--as-of", DAY)
    assert {row["contract_id"] for row in table_of(door)} == {"C1"}
    assert door("explain", "C9", "O53.A1").code == 2


def test_a_number_and_a_day_cannot_both_be_meant(past: tuple[Door, Any, Any]) -> None:
    door, moment, _ = past
    for words in (
        ("findings", "--scan", 1, "--as-of", DAY),
        ("scan", "--again", 1, "--known-at", moment),
        ("findings", "--known-at", "yesterday"),
        ("scan", "--again", 99),
    ):
        said = door(*words)
        assert said.code == 2
        assert "Traceback" not in said.err


def test_the_law_as_it_was_worded_then_judges_again(door: Door, tmp_path: Path) -> None:
    door.does("init")
    door.takes("contracts", tmp_path / "c.csv", [{**CONTRACT, "supplied_on": "2018-06-30"}])
    seen = {"contract_id": "C1", "observed_on": "2024-05-02", "source": "inspection"}
    door.takes("progress", tmp_path / "p.csv", [{**seen, "started": "no"}])
    own = tmp_path / "own.yaml"
    own.write_text(OWN_CITY, "utf-8")
    door.does("policy", "adopt", own)
    door.does("scan", "--as-of", DAY)
    found, moment = table_of(door), moment_of(door)
    own.write_text(OWN_CITY.replace("values: {always: 1}", "values: {always: 25}"), "utf-8")
    door.does("policy", "adopt", own)
    door.does("scan", "--as-of", DAY)
    assert table_of(door) != found, "the new wording gives twenty-five years"
    for words in (("--as-of", DAY, "--known-at", moment), ("--again", 1)):
        assert scanned_by(door, *words) == found
    assert open_store(str(door.store)).scans()[-1].known_at.isoformat() == moment


def test_the_shelf_of_another_landwatch_judges_again_as_it_was_kept(
    past: tuple[Door, str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    door, moment, found = past
    today = shelf()
    order = today["order-53-2012"]
    text = order.text.replace("values: {2012-07-01: 1}", "values: {2012-07-01: 9}")
    assert text != order.text
    newer = {**today, order.id: read_policy(text, "order-53-2012.yaml")}
    monkeypatch.setattr(bootstrap, "shelf", lambda: newer)
    for words in (("--as-of", DAY, "--known-at", moment), ("--again", 1)):
        assert scanned_by(door, *words) == found


def test_a_moment_is_the_end_of_the_unit_that_it_names(past: tuple[Door, Any, Any]) -> None:
    door, moment, found = past
    day = datetime.fromisoformat(moment).astimezone().date()
    today = table_of(door, "--as-of", DAY, "--known-at", day.isoformat())
    for same in (f"{day:%Y%m%d}", f"{day.isoformat()}T23:59", f"{day.isoformat()} 23:59:59"):
        assert table_of(door, "--as-of", DAY, "--known-at", same) == today
    second = datetime.fromisoformat(moment).astimezone().replace(microsecond=0)
    assert len(table_of(door, "--as-of", DAY, "--known-at", second.isoformat())) >= len(found)


def test_a_repeated_old_scan_does_not_change_the_law_of_a_later_moment(
    past: tuple[Door, str, list[dict[str, Any]]],
) -> None:
    door, _, _ = past
    later = scanned_by(door, "--as-of", DAY)
    moment = moment_of(door)
    scanned_by(door, "--again", 1)
    assert scanned_by(door, "--as-of", DAY, "--known-at", moment) == later


def test_a_scan_whose_law_cannot_be_read_any_more_is_refused_not_shortened(
    door: Door, tmp_path: Path
) -> None:
    door.does("init")
    door.takes("contracts", tmp_path / "c.csv", [{**CONTRACT, "supplied_on": "2018-06-30"}])
    own = tmp_path / "own.yaml"
    own.write_text(OWN_CITY, "utf-8")
    door.does("policy", "adopt", own)
    door.does("scan", "--as-of", DAY)
    own.write_text(OWN_CITY.replace("values: {always: 1}", "values: {always: 25}"), "utf-8")
    door.does("policy", "adopt", own)
    with closing(sqlite3.connect(door.store)) as store:
        store.execute("UPDATE policy_texts SET content = 'a: b' WHERE text_id = 1")
        store.commit()
    for words in (
        ("findings", "--scan", 1),
        ("explain", "C1", "--scan", 1),
        ("map", tmp_path / "m.html", "--scan", 1),
        ("report", tmp_path / "r.xlsx", "--scan", 1),
    ):
        said = door(*words)
        assert said.code == 3
        assert "own-city-2024" in said.err
