"""What importing again, in another order, or only to look, does to the store and the findings."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import openpyxl

from tests.commands.conftest import CONTRACT, Door, write_csv
from tests.commands.test_worked_cases import CASES, cell, ledger_rows

ORDER = ("zones", "contracts", "progress", "events")
DAY = "2021-08-01"
Files = dict[str, list[dict[str, Any]]]


def ledger() -> Files:
    """Return a ledger of many worked cases, whatever their day."""
    files: Files = {kind: [] for kind in ORDER}
    for key, case in list(CASES.items())[::3]:
        for kind, rows in ledger_rows(case, key).items():
            if kind in files:
                files[kind] += [{n: cell(v) for n, v in row.items()} for row in rows]
    return files


def test_the_same_file_twice_changes_nothing(scanned: Door, tmp_path: Path) -> None:
    before = scanned.store.read_bytes()
    for kind in ("contracts", "progress"):
        scanned.does("import", kind, tmp_path / f"{kind}.csv")
    assert scanned.store.read_bytes() == before
    copy = tmp_path / "改名.csv"
    copy.write_bytes((tmp_path / "contracts.csv").read_bytes())
    scanned.does("import", "contracts", copy)
    assert scanned.store.read_bytes() == before, "another name, and nothing new in it"


def test_a_dry_run_judges_the_rows_and_writes_nothing(scanned: Door) -> None:
    before = scanned.store.read_bytes()
    rows = [{**CONTRACT, "contract_id": "C2"}, {**CONTRACT, "agreed_start_on": "2021-02-30"}]
    write_csv(Path("more.csv"), rows)
    said = scanned("import", "contracts", "more.csv", "--dry-run")
    assert said.code == 0
    assert "2021-02-30" in said.err
    assert scanned.store.read_bytes() == before


def test_the_order_of_files_rows_and_columns_changes_no_finding(door: Door) -> None:
    told: list[str] = []
    for turn, seed in enumerate((None, 1, 2)):
        store, rng = Path(f"{turn}.gpkg"), random.Random(seed)
        door.does("init", "--store", store)
        kinds = list(ORDER) if seed is None else rng.sample(ORDER, len(ORDER))
        files = ledger()
        for kind in kinds:
            rows = files[kind]
            if seed is not None:
                rows = shuffled(rows, rng, keep_rows=kind == "progress")
            door.does("import", kind, write_csv(Path(f"{kind}.csv"), rows), "--store", store)
        for policy_id in ("lanzhou-2012-148", "urumqi-hitech-bond", "real-estate-law-26"):
            door.does("policy", "adopt", policy_id, "--store", store)
        door.does("scan", "--as-of", DAY, "--store", store)
        told.append(plain(door.does("findings", "--format", "csv", "--store", store).out))
    assert told[0].count("\n") > 1_000
    assert told[1] == told[0]
    assert told[2] == told[0]


def shuffled(
    rows: list[dict[str, Any]], rng: random.Random, *, keep_rows: bool
) -> list[dict[str, Any]]:
    """Return rows and columns in another order; of one day's reports the last one recorded wins."""
    if not keep_rows:
        rows = rng.sample(rows, len(rows))
    names = list(dict.fromkeys(name for row in rows for name in row))
    rng.shuffle(names)
    return [{name: row.get(name, "") for name in names} for row in rows]


def plain(text: str) -> str:
    """Return findings without what must differ: the scan's number and rows of the files."""
    lines = list(csv.reader(text.splitlines()))
    left = [place for place, name in enumerate(lines[0]) if name not in ("scan_id", "facts")]
    return "\n".join(",".join(line[place] for place in left) for line in lines)


def test_refused_rows_are_mended_in_the_report_and_imported_again(ready: Door) -> None:
    ready.takes("contracts", Path("contracts.csv"), [CONTRACT])
    seen = {"contract_id": "C1", "source": "inspection", "started": "no", "备用": "现场"}
    rows = [{**seen, "observed_on": "2021-07-01"}, {**seen, "observed_on": "2021-02-30"}]
    write_csv(Path("seen.csv"), rows)
    assert ready("import", "progress", "seen.csv", "--report", "issues.xlsx").code == 3
    ready.does("scan", "--as-of", "2021-12-31")
    assert stale_since(ready) == "stale:observed_on=2021-07-01"
    book = openpyxl.load_workbook("issues.xlsx")
    mended = 0
    for sheet in book:
        for row in sheet.iter_rows() if sheet.title.startswith("待改") else ():
            for told in row:
                if told.value == "2021-02-30":
                    told.value = "2021-12-30"
                    mended += 1
    assert mended == 1
    book.save("issues.xlsx")
    ready.does("import", "progress", "issues.xlsx")
    ready.does("scan", "--as-of", "2021-12-31")
    (found,) = ready.findings("--rule", "O53.A1")
    assert found["status"] == "breach"
    assert {fact["file"] for fact in found["facts"] if fact["name"] == "started"} == {"issues.xlsx"}


def stale_since(door: Door) -> str:
    (found,) = door.findings("--rule", "O53.A1")
    assert found["status"] == "unknown"
    return str(found["reason"])
