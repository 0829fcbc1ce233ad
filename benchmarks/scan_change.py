"""A small import between two scans: a new report on some of the contracts of a made ledger."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import open_store

FIRST_DAY = date(2026, 2, 10)
_ROWS = 10_000


def take_in_reports(folder: Path, url: str, share: float) -> int:
    """Import one inspection of every so many contracts as `landwatch import` does; how many."""
    ids = pq.read_table(folder / "contracts.parquet", columns=["contract_id", "import_id"])
    ids = ids.filter(np.asarray(ids["import_id"]) == ids["import_id"][0].as_py())
    step = max(1, round(1 / share))
    chosen = ids["contract_id"].take(np.arange(0, ids.num_rows, step)).to_pylist()
    records = [_record(row, name) for row, name in enumerate(chosen, start=2)]
    source = SourceFile("inspections.csv", hashlib.sha256(str(chosen).encode()).hexdigest(), 1)
    store = open_store(url)
    with store.import_rows(Kind.PROGRESS, source, recorded_by="benchmark") as writer:
        for start in range(0, len(records), _ROWS):
            writer.add(records[start : start + _ROWS])
    return len(records)


def _record(row: int, contract_id: str) -> Record:
    seen = FIRST_DAY + timedelta(days=row % 15)
    values = {
        "contract_id": contract_id,
        "observed_on": seen,
        "source": "inspection",
        "started": row % 3 > 0,
        "stage": "under_construction" if row % 3 else "planned",
    }
    key = f"{contract_id}|{seen}|inspection|"
    return Record(Kind.PROGRESS, key, values, None, row)
