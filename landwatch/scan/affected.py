"""Which contracts a later day or later knowledge can have changed, and the ledger of these alone.

A number in a file may be a contract's own id or another number of it, and what it means hangs on
every contract that tells it. So changes are followed by numbers: a contract is affected if any of
its rows tells a number to which something happened, whether or not the number means it.

Rows are looked through by the few columns that tell whose they are; the others are read of those
rows alone that are wanted: of a million contracts and their reports, some thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from landwatch.language.columns import COLUMNS, ColumnType, Kind
from landwatch.scan.dossier import Ledger, open_engine
from landwatch.scan.extent import WHOLE, Extent, blank
from landwatch.scan.finding_rows import Mask, naming, parcels_in, telling, texts
from landwatch.scan.tables import keep
from landwatch.scan.told_rows import (
    Rows,
    Told,
    all_tell,
    forget,
    may_tell_between,
    told_names,
    told_sql,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NUMBERS = ("contract_id", "contract_no", "supervision_no")
_AS_IT_STANDS = ("actual_start_on", "actual_completion_on")
"""Days that mean "not by today" on every day before them."""
Located = Callable[[frozenset[str]], "pa.Table | None"]
"""Gives where parcels of some ids lie, by their place."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What is different from the scan before: its day and the new one, and what was touched.

    `numbers` are those told by rows of contracts, reports and events to which something happened,
    `parcels` the ids of such parcels, `turned` the contracts whose outcome turns by the new day.
    """

    since: date
    until: date
    numbers: frozenset[str]
    parcels: frozenset[str]
    turned: frozenset[str]


def affected(ledger: Ledger, happened: Happened) -> frozenset[str]:
    """Return the contracts whose outcomes may differ; ids that are no contract's may be there."""
    touched, turned = set(happened.numbers), set(happened.turned)
    for kind in (Kind.PROGRESS, Kind.EVENTS):
        touched |= _whose_day_came(kind, ledger.records[kind], happened)
    contracts = ledger.records[Kind.CONTRACTS]
    turned |= _whose_day_came(Kind.CONTRACTS, contracts, happened)
    rows = Rows(Kind.CONTRACTS, contracts)
    if happened.parcels:
        turned |= texts(rows, "contract_id", naming(rows, happened.parcels))
    if touched:
        turned |= texts(rows, "contract_id", telling(rows, NUMBERS, touched))
    return frozenset(touched | turned)


def ledger_of_some(
    ledger: Ledger, contracts: frozenset[str], located: Located, extent: Extent = WHOLE
) -> Ledger:
    """Return the ledger of some contracts: every row that may speak of them, and of no others.

    With them are the contracts that tell a number of theirs too: only then is it known what the
    number means. All zones are there. The columns are those of the extent.
    """
    own = Rows(Kind.CONTRACTS, ledger.records[Kind.CONTRACTS])
    them = telling(own, NUMBERS[:1], contracts)
    numbers = contracts.union(*(texts(own, name, them) for name in NUMBERS[1:]))
    keys = texts(own, "key", telling(own, NUMBERS, numbers))
    with (
        closing(open_engine(ledger)) as engine,
        closing(engine.cursor()) as another,
        ThreadPoolExecutor(1) as beside,
    ):
        taking, other = _Taking(engine, ledger, extent), _Taking(another, ledger, extent)
        reports = beside.submit(other.rows, Kind.PROGRESS, "contract_id", numbers)
        told = {Kind.CONTRACTS: taking.rows(Kind.CONTRACTS, "key", keys)}
        named = told[Kind.CONTRACTS].column("parcel_id").unique().drop_null()
        parcels = parcels_in(named.to_pylist())
        told[Kind.PARCELS] = taking.rows(Kind.PARCELS, "parcel_id", parcels)
        told[Kind.EVENTS] = taking.rows(Kind.EVENTS, "contract_id", numbers)
        told[Kind.ZONES] = taking.rows(Kind.ZONES)
        told[Kind.PROGRESS] = reports.result()
    placed = all_tell(told[Kind.PARCELS], "zone_id")
    places = None if placed else located(frozenset(parcels))
    return Ledger({kind: told[kind] for kind in Kind}, places)


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes rows of a ledger out of it, with the columns of an extent."""

    engine: duckdb.DuckDBPyConnection
    ledger: Ledger
    extent: Extent

    def rows(self, kind: Kind, column: str = "", names: Collection[str] | None = None) -> pa.Table:
        """Return the rows that tell one of some names in a column, in the order of recording.

        Without names all are returned. A column that nobody tells is blank.
        """
        told, wanted = self.ledger.records[kind], self.extent.columns(kind)
        known = told_names(told)
        blanks = {one.name: blank(one) for one in COLUMNS[kind] if one.name in wanted - known}
        sql = f"SELECT * FROM ({told_sql(self.engine, kind, told, wanted & known, blanks)})"
        if names is not None and column not in {"key", *known}:
            sql += " WHERE FALSE"
        elif names is not None:
            keep(self.engine, "wanted", _names(names))
            sql += f" WHERE {column} IN (SELECT name FROM wanted)"
        found = self.engine.sql(f"{sql} ORDER BY record_id").to_arrow_table()
        forget(self.engine, kind)
        return found


def _names(names: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    return pa.table({"name": pa.array(sorted(names), pa.string())})


def _days_of(kind: Kind) -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS[kind] if column.holds is ColumnType.DATE)


def _whose_day_came(kind: Kind, told: Told, happened: Happened) -> set[str]:
    """Return the names of the rows that tell a day from the day of the scan before to the new one.

    What is told of a day holds from it on, what is told until a day no more on the day after it.
    """
    if happened.until == happened.since:
        return set()
    rows = Rows(kind, told)
    came = np.zeros(len(rows), dtype=bool)
    for name in _days_of(kind):
        stands = kind is Kind.CONTRACTS and name in _AS_IT_STANDS
        last = date.max if stands else happened.until
        if may_tell_between(told, name, happened.since, last):
            came |= _between(rows.column(name), happened.since, last)
    return texts(rows, "contract_id", came)


def _between(days: pa.ChunkedArray, first: date, last: date) -> Mask:
    import pyarrow as pa
    import pyarrow.compute as pc

    among = pc.and_(
        pc.greater_equal(days, pa.scalar(first, pa.date32())),
        pc.less_equal(days, pa.scalar(last, pa.date32())),
    )
    return np.asarray(pc.fill_null(among, False))
