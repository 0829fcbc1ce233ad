"""Whether three ways of deciding the rules say the same: every contract, rule and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PLAIN = ("zone_id", "status", "reason", "to_verify", "clock_from", "limit_on", "days_past",
         "remedies")  # fmt: skip
NUMBERS = ("measured", "threshold", "amount_wan")
LAST_PLACE = 1e-6
"""Numbers are shown to six decimals; the last of them may be rounded either way."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a rule differ in a column."""

    rule: str
    column: str
    rows: int
    count: int


def differences(folder: Path, other: str) -> list[Difference]:
    """Return, for every rule and column, how many rows of a folder's outcomes differ."""
    theirs = by_hand(folder) if other == "by_hand" else by_rows(folder)
    found: list[Difference] = []
    for file in sorted(folder.glob("ours-*.parquet")):
        rule = file.stem.removeprefix("ours-")
        ours = pq.read_table(file)
        found += compared(rule, ours, theirs(rule))
    if not found:
        raise SystemExit(f"no outcomes in {folder}")
    return found


def compared(rule: str, ours: pa.Table, theirs: pa.Table) -> Iterator[Difference]:
    """Yield how many rows of a rule differ, column by column."""
    rows = ours.num_rows
    for name in ("contract_id", *PLAIN):
        yield Difference(rule, name, rows, _plain(ours[name], theirs[name]))
    for name in NUMBERS:
        first, second = (_doubles(table[name]) for table in (ours, theirs))
        near = np.abs(first - second) <= 1.1 * LAST_PLACE + 1e-12 * np.abs(first)
        both_blank = np.isnan(first) & np.isnan(second)
        yield Difference(rule, name, rows, int(np.sum(~(near | both_blank))))


def _plain(ours: pa.ChunkedArray, theirs: pa.ChunkedArray) -> int:
    if pa.types.is_string(ours.type):  # no remedy is blank here and empty there
        ours, theirs = (pc.fill_null(side.cast(pa.string()), "") for side in (ours, theirs))
    theirs = theirs.cast(ours.type)
    if ours.equals(theirs):
        return 0
    first, second = ours.is_null(), theirs.is_null()
    alike = pc.fill_null(pc.equal(ours, theirs), False)
    same = pc.or_(alike, pc.and_(first, second))
    return int(pc.sum(pc.invert(same)).as_py() or 0)


def _doubles(numbers: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    doubles: npt.NDArray[np.float64] = numbers.cast(pa.float64()).to_numpy()
    return doubles


def by_hand(folder: Path) -> Any:
    """Return what gives the outcomes of a rule as the hand-written query told them."""
    kept = pq.ParquetFile(folder / "by-hand.parquet")

    def of(rule: str) -> pa.Table:
        names = [f"{rule}/{name}" for name in (*PLAIN, *NUMBERS) if name != "zone_id"]
        table = kept.read(columns=["contract_id", "zone_id", *names])
        return table.rename_columns([name.rpartition("/")[2] for name in table.column_names])

    return of


def by_rows(folder: Path) -> Any:
    """Return what gives the outcomes of a rule as the pandas script told them."""
    kept = pd.read_pickle(folder / "by-rows.pickle")
    return lambda rule: table_of_rows(kept[kept["rule"] == rule])


def table_of_rows(frame: pd.DataFrame) -> pa.Table:
    """Return the outcomes of one rule by columns, in order of the contract's id."""
    frame = frame.sort_values("contract_id").astype(object)
    frame = frame.where(frame.notna(), None)
    kinds = {"to_verify": pa.bool_(), "days_past": pa.int32()}
    kinds |= dict.fromkeys(("clock_from", "limit_on"), pa.date32())
    kinds |= dict.fromkeys(NUMBERS, pa.float64())
    cells = {}
    for name in ("contract_id", *PLAIN, *NUMBERS):
        values = list(frame[name])
        if name in NUMBERS:
            values = [None if value is None else float(value) for value in values]
        if name == "days_past":
            values = [None if value is None else int(value) for value in values]
        cells[name] = pa.chunked_array([pa.array(values, kinds.get(name, pa.string()))])
    return pa.table(cells)
