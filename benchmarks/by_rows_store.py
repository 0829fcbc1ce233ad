"""A store as pandas reads it today: `read_sql`, days and numbers made of cells (for by_rows)."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from benchmarks.by_rows import MARKS, WANTED
from landwatch.language.columns import ColumnType, Kind
from landwatch.store.content import columns_of_kind


def frames_of(connection: sqlite3.Connection) -> dict[Kind, pd.DataFrame]:
    """Return the rows of each kind that the rules need, cells as Python knows them."""
    return {kind: _frame(connection, kind) for kind in WANTED}


def _frame(connection: sqlite3.Connection, kind: Kind) -> pd.DataFrame:
    wanted = WANTED[kind]
    listed = ", ".join(f'"{name}"' for name in (*MARKS, *wanted))
    frame = pd.read_sql(
        f"SELECT record_key AS key, record_id, {listed} FROM {kind.value}", connection
    )
    frame = frame.astype(object).where(frame.notna(), None)
    for name in wanted:
        make = _MAKERS.get(columns_of_kind(kind)[name].holds)
        if make is not None:
            frame[name] = [None if cell is None else make(cell) for cell in frame[name]]
    return frame


def _number(cell: float) -> Decimal:
    return Decimal(repr(cell))


_MAKERS: dict[ColumnType, Any] = {
    ColumnType.DATE: date.fromisoformat,
    ColumnType.DECIMAL: _number,
    ColumnType.YES_NO: bool,
    ColumnType.INTEGER: int,
}
