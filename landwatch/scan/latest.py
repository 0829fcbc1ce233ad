"""What the reports say last: of each column the latest told value, and the day it was seen.

And the tax and output of the latest full year that a report tells.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.lawbook.vocabulary import progress_columns
from landwatch.scan.extent import YEARS, Extent
from landwatch.scan.report_rows import (
    NONE,
    Cells,
    Days,
    Mask,
    Places,
    ReportRows,
    arrow_of,
    day_number,
)

if TYPE_CHECKING:
    import pyarrow as pa

DAY = Column("on", ColumnType.DATE, "", "")
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def days_column(days: Days) -> pa.Array:
    """Return days as Arrow, `NONE` as null."""
    return arrow_of(DAY, Cells(days, days != NONE))


def latest_columns(reports: ReportRows, contracts: int, extent: Extent) -> dict[str, pa.Array]:
    """Return, for each contract, the latest of each wanted column and its `_seen_on`."""
    wanted = extent.columns(Kind.PROGRESS)
    columns = [column for column in progress_columns() if column.name in wanted]
    with ThreadPoolExecutor(2) as threads:  # reading and numbers leave Python's lock alone
        found = list(threads.map(lambda one: _latest(reports, contracts, one), columns))
    return {name: cells for pair in found for name, cells in pair.items()}


def _latest(reports: ReportRows, contracts: int, column: Column) -> dict[str, pa.Array]:
    import pyarrow as pa

    from landwatch.store.arrow import arrow_type

    name, seen_on = column.name, f"{column.name}_seen_on"
    if not (len(reports) and reports.told(name)):
        return {
            name: pa.nulls(contracts, arrow_type(column)),
            seen_on: pa.nulls(contracts, pa.date32()),
        }
    cells = reports.cells(name)
    places = last_places(reports, cells.told, contracts)
    there = places >= 0
    day = np.full(contracts, NONE, dtype=np.int32)
    day[there] = reports.day[places[there]]
    kept = Cells(cells.values[np.maximum(places, 0)], there, cells.texts)
    return {name: arrow_of(column, kept), seen_on: days_column(day)}


def last_places(reports: ReportRows, which: Mask, contracts: int) -> Places:
    """Return the place of each contract's last row among some; below 0 where it has none."""
    found = np.full(contracts, -1, dtype=np.int64)
    if len(reports):
        places = np.where(which, np.arange(len(which)), -1)
        found[reports.contract[reports.firsts]] = np.maximum.reduceat(places, reports.firsts)
    return found


def year_columns(reports: ReportRows, contracts: int, as_of: date) -> dict[str, pa.Array]:
    """Return, for each contract, the tax and output of the latest full year that a report tells.

    The year is the one told, else that of a report made on its last day; a figure told before the
    year was over, or of a year that is not over, is a part of a year and does not count.
    """
    told_year = reports.cells("stat_year")
    seen = reports.day.astype("datetime64[D]")
    calendar = seen.astype("datetime64[Y]").astype(np.int64) + 1970
    last_day = reports.day == _last_days(calendar)
    year = np.where(told_year.told, told_year.values, np.where(last_day, calendar, 0))
    counts = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR)
    ends = _last_days(np.clip(year, _FIRST_YEAR, _LAST_YEAR))
    counts &= (ends <= reports.day) & (ends < day_number(as_of))
    columns = columns_of(Kind.PROGRESS)
    found: dict[str, pa.Array] = {}
    for name in ("tax", "output"):
        cells = reports.cells(f"{name}_wan")
        picked = _latest_year(reports, cells.told & counts, year, contracts)
        there = picked >= 0
        safe = np.maximum(picked, 0)
        day = np.full(contracts, NONE, dtype=np.int32)
        if len(reports):
            kept = Cells(cells.values[safe], there)
            day[there] = ends[picked[there]]
        else:
            kept = Cells(day.astype(object), there)
        found[f"year_{name}_wan"] = arrow_of(columns[f"{name}_wan"], kept)
        found[f"year_{name}_on"] = days_column(day)
    return {name: found[name] for name in YEARS}


def _latest_year(reports: ReportRows, which: Mask, year: Places, contracts: int) -> Places:
    """Return the place of the last of each contract's rows of its latest year; -1 for none."""
    found = np.full(contracts, -1, dtype=np.int64)
    places = np.flatnonzero(which)
    if len(places):
        of = reports.contract[places]
        order = np.lexsort((places, year[places], of))
        last = np.flatnonzero(np.append(of[order][1:] != of[order][:-1], True))
        found[of[order][last]] = places[order[last]]
    return found


def _last_days(years: Places) -> Days:
    """Return the last day of each year."""
    begins = (years - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]")
    return (begins.astype(np.int64) - 1).astype(np.int32)
