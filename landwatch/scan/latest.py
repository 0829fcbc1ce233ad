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
    SortedColumn,
    arrow_of,
    day_number,
    fact_type,
    firsts,
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

    name, seen_on = column.name, f"{column.name}_seen_on"
    if not (len(reports) and reports.told(name)):
        return {
            name: pa.nulls(contracts, fact_type(column)),
            seen_on: pa.nulls(contracts, pa.date32()),
        }
    told = reports.column(name)
    places = told.last_places(reports.contract)
    of, last = reports.contract[places], told.at(places)
    day = np.full(contracts, NONE, dtype=np.int32)
    day[of] = reports.day[places]
    return {name: arrow_of(column, of_contracts(of, last, contracts)), seen_on: days_column(day)}


def of_contracts(of: Places, cells: Cells, contracts: int) -> Cells:
    """Return the cells of all contracts from those of some; the others tell nothing."""
    values = np.zeros(contracts, dtype=cells.values.dtype)
    told = np.zeros(contracts, dtype=bool)
    values[of], told[of] = cells.values, cells.told
    return Cells(values, told, cells.texts)


def year_columns(reports: ReportRows, contracts: int, as_of: date) -> dict[str, pa.Array]:
    """Return, for each contract, the tax and output of the latest full year that a report tells.

    The year is the one told, else that of a report made on its last day; a figure told before the
    year was over, or of a year that is not over, is a part of a year and does not count.
    """
    told_year = reports.column("stat_year")
    year = _year_of(reports, told_year)
    ends = _last_days(np.clip(year, _FIRST_YEAR, _LAST_YEAR))
    counts = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR)
    counts &= (ends <= reports.day) & (ends < day_number(as_of))
    columns = columns_of(Kind.PROGRESS)
    found: dict[str, pa.Array] = {}
    for name in ("tax", "output"):
        told = reports.column(f"{name}_wan")
        places = np.flatnonzero(told.told & counts)
        places = places[_of_latest_year(reports.contract[places], year[places])]
        of = reports.contract[places]
        day = np.full(contracts, NONE, dtype=np.int32)
        day[of] = ends[places]
        kept = of_contracts(of, told.at(places), contracts)
        found[f"year_{name}_wan"] = arrow_of(columns[f"{name}_wan"], kept)
        found[f"year_{name}_on"] = days_column(day)
    return {name: found[name] for name in YEARS}


def _year_of(reports: ReportRows, told: SortedColumn) -> Places:
    """Return the year that each report speaks of; 0 for none."""
    first, last = _year_and_last_day(reports.day)
    year = np.where(last, first, 0).astype(np.int64)
    year[told.places] = told.at(told.places).values
    return year


def _of_latest_year(of: Places, year: Places) -> Places:
    """Return the last row of each contract's latest year; rows of a contract stand together."""
    if not len(of):
        return np.empty(0, dtype=np.int64)
    dated = (year << 40) | np.arange(len(of))
    found: Places = np.maximum.reduceat(dated, firsts(of)) & ((1 << 40) - 1)
    return found


def _year_and_last_day(days: Days) -> tuple[Days, Mask]:
    """Return the calendar year of each day, and whether it is the last day of that year."""
    if not len(days):
        return days, np.zeros(0, dtype=bool)
    first, last = int(days.min()), int(days.max())
    every = np.arange(first, last + 2).astype("datetime64[D]").astype("datetime64[Y]")
    years = every.astype(np.int32) + 1970
    place = days - first
    return years[place], (years[1:] != years[:-1])[place]


def _last_days(years: Places) -> Days:
    """Return the last day of each year."""
    begins = (years - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]")
    return (begins.astype(np.int64) - 1).astype(np.int32)
