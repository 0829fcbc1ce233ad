"""What the ledger tells of every contract on a day: terms, what was done by which report, events.

By columns, for a page that shows all of it: the same facts as the rules decide on.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landwatch.language.columns import Kind, columns_of
from landwatch.language.terms import ProgressSource
from landwatch.lawbook.expressions.columnwise import quoted
from landwatch.lawbook.vocabulary import progress_columns
from landwatch.scan.dossier import Ledger, TakenIn, open_engine, take_in
from landwatch.scan.known import ledger_at
from landwatch.scan.report_rows import Places, ReportRows
from landwatch.scan.tables import rows_in_order
from landwatch.store import Store

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from landwatch.scan.report_rows import Days

_SOURCES = ("", *map(str, sorted(ProgressSource, key=lambda one: one.strength)))
"""By the strength with which a report speaks."""
_EVENTS = tuple(name for name in columns_of(Kind.EVENTS) if name != "contract_id")


@dataclass(frozen=True, slots=True)
class SpokenReports:
    """The reports that say the last word on something.

    Attributes:
        contract: the place of the contract of each report, among `ToldContracts.facts`.
        day: the day on which it was seen, counted from 1970-01-01.
        source: the code of who saw it.
        of: for each column that a report tells, the place (in these reports) of the one that says
            the last word on each contract; below 0 where none does.
    """

    contract: Places
    day: Days
    source: list[str]
    of: Mapping[str, Places]


@dataclass(frozen=True, slots=True)
class ToldContracts:
    """Every contract on a day, in the order of their ids.

    Attributes:
        facts: a row for each contract: every fact that a rule may speak of, and `started`, as the
            last report tells it.
        reports: where what was done comes from.
        events: what happened by the day, contract by contract, in the order of days.
        event_contract: the place of the contract of each event, among `facts`.
    """

    facts: pa.Table
    reports: SpokenReports
    events: pa.Table
    event_contract: NDArray[np.int64]


def told_contracts(
    store: Store, as_of: date, known_at: datetime | None, ledger: Ledger | None = None
) -> ToldContracts:
    """Return what the store knew at a moment of every contract, as of a day; `ledger` if read."""
    ledger = ledger or ledger_at(store, known_at)
    with closing(open_engine(ledger)) as engine:
        taken = take_in(engine, ledger)
        taken.turn_to(as_of)
        facts = rows_in_order(engine, "SELECT * FROM dossiers", "contract_id")
        rows = ReportRows(taken.reports, taken.numbers, taken.merged, as_of)
        places = _last_words(rows, taken)
        facts = facts.append_column("started", _started(rows, places["started"]))
        return ToldContracts(facts, _spoken(rows, places), *_events(engine, taken))


def _last_words(rows: ReportRows, taken: TakenIn) -> dict[str, Places]:
    """Return, for each column that any report tells, the row that says the last word on it."""
    contracts = len(taken.names)
    nobody = np.full(contracts, -1, dtype=np.int64)
    found = {"started": nobody}
    for name in ("started", *(column.name for column in progress_columns())):
        if len(rows) and rows.told(name):
            last = rows.column(name).last_places(rows.contract)
            found[name] = nobody.copy()
            found[name][rows.contract[last]] = last
    return found


def _started(rows: ReportRows, places: Places) -> pa.Array:
    """Return whether the last report that tells it tells of a start."""
    import pyarrow as pa

    if not len(rows):
        return pa.nulls(len(places), pa.bool_())
    said = rows.column("started").at(np.maximum(places, 0))
    return pa.array(said.values.astype(bool), mask=places < 0)


def _spoken(rows: ReportRows, places: Mapping[str, Places]) -> SpokenReports:
    """Return the reports that say the last word on anything, and which says it on what."""
    said = np.unique(np.concatenate(list(places.values())))
    said = said[said >= 0]
    return SpokenReports(
        rows.contract[said],
        rows.day[said],
        [_SOURCES[strength] for strength in rows.strength[said].tolist()],
        {name: np.where(at >= 0, np.searchsorted(said, at), -1) for name, at in places.items()},
    )


def _events(
    engine: duckdb.DuckDBPyConnection, taken: TakenIn
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the events of known contracts by the day, and the place of the contract of each."""
    listed = ", ".join(f"h.{quoted(name)}" for name in _EVENTS)
    found = engine.sql(
        f"SELECT {listed}, CAST(n.number - 1 AS BIGINT) AS place FROM happened h"
        " JOIN names n USING (contract_id) ORDER BY place, h.rank"
    ).to_arrow_table()
    order = found.column("place").to_numpy()
    return found.drop_columns(["place"]), order
