"""Real files through the front door; the counts are worked out here with the csv module alone."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.commands.conftest import Door

AS_OF = date(2020, 4, 15)
FILLERS = {date(1900, 1, 1), date(1901, 1, 2)}
ROWS = 1838
pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class ByHand:
    """The ids of contracts long past their agreed start that report no start."""

    completed: frozenset[str]
    silent: frozenset[str]


def day_of(cell: str) -> date | None:
    """Return the day of a cell of the file; what a program writes for "none" is none."""
    try:
        told = date.fromisoformat(cell.strip()[:10])
    except ValueError:
        return None
    return None if told in FILLERS else told


def by_hand(path: Path) -> ByHand:
    year_before = date(AS_OF.year - 1, AS_OF.month, AS_OF.day)
    completed: set[str] = set()
    silent: set[str] = set()
    with path.open(encoding="gb18030", newline="") as lines:
        for row in csv.DictReader(lines):
            agreed = day_of(row["agreedStartTime"])
            if agreed is None or agreed >= year_before or day_of(row["actualStartTime"]):
                continue
            done = day_of(row["actualCompletionTime"])
            (completed if done else silent).add(row["md5Mark"])
    return ByHand(frozenset(completed), frozenset(silent))


def accounted(out: str) -> int:
    """Return the rows of an import's account, which must add up."""
    tally = json.loads(out)
    parts = (tally["accepted"], tally["accepted_with_remarks"], tally["refused"])
    assert sum(parts) == tally["rows"]
    return int(tally["rows"])


def test_the_guangdong_file_accuses_nobody_and_sends_inspectors_to_132(
    ready: Door, shared: Path, chromium: webdriver.Chrome
) -> None:
    path = shared / "data" / "contracts" / "anPing" / "DataSupplyResultDetail.csv"
    expected = by_hand(path)
    assert (len(expected.completed), len(expected.silent)) == (6, 132)
    assert accounted(ready.does("import", "contracts", path, "--json").out) == ROWS
    ready.does("scan", "--as-of", AS_OF)
    found = ready.findings("--rule", "O53.A1")
    assert len({row["contract_id"] for row in found}) == len(found) == ROWS
    assert not [row for row in found if row["status"] == "breach"]
    status = {row["contract_id"]: row["status"] for row in found}
    assert {status[key] for key in expected.completed} == {"compliant"}
    to_verify = {
        row["contract_id"] for row in found if row["status"] == "unknown" and row["to_verify"]
    }
    assert to_verify == expected.silent
    page = ready.store.with_name("广东.html")
    ready.does("map", page)
    assert opens_quietly(chromium, page) == []


def opens_quietly(browser: webdriver.Chrome, page: Path) -> list[str]:
    """Return what the console says of a page that was opened from its file and is ready."""
    driver: Any = browser  # selenium types its logs not at all
    driver.get(page.as_uri())
    drawn = "const page = document.documentElement.dataset; return page.drawn && page.told"
    WebDriverWait(driver, 60).until(lambda _: driver.execute_script(drawn))
    return [entry["message"] for entry in driver.get_log("browser")]


def test_the_seven_workbooks_of_2005_are_taken_row_by_row(ready: Door, shared: Path) -> None:
    files = sorted((shared / "data" / "contracts" / "modianor").glob("*.xls"))
    assert len(files) == 7
    rows = 0
    for file in files:
        said = ready("import", "contracts", file, "--json")
        assert said.code in (0, 3), said.err
        rows += accounted(said.out)
    assert rows == 16_193
