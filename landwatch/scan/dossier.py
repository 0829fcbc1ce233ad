"""一宗一档: the facts of every contract on a day, one row each, in DuckDB.

Three steps: what the ledger holds of each key (merge), what reports and events say by the day
(progress, events), and what follows from both (here: evidence of a start, completion, production).
The columns are those of `lawbook.vocabulary`; nothing here knows a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from landwatch.errors import StoreError
from landwatch.language.columns import Kind
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.lawbook.vocabulary import contract_columns, progress_columns
from landwatch.scan import events
from landwatch.scan.extent import EVIDENCE, WHOLE, YEARS, Extent, blank
from landwatch.scan.merge import merged_sql, told_columns
from landwatch.scan.parks import parks_sql
from landwatch.scan.report_rows import NO_CELLS, Cells, Merged, Places, cells_of, merged_reports
from landwatch.scan.reports import ToldByReports, told_by_reports
from landwatch.scan.tables import keep, rows_in_order
from landwatch.scan.told_rows import Rows, forget, told_names, told_sql
from landwatch.scan.unread import unread_sql
from landwatch.scan.wild import without_wild
from landwatch.store import MirroredRows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records that a scan may know, as told, and where parcels lie.

    `records` holds the rows of each kind, as the store gives them; `located` the zone of parcels
    that name none, by their place (columns `parcel_id`, `zone_id`).
    """

    records: Mapping[Kind, pa.Table | MirroredRows]
    located: pa.Table | None = None


def open_engine(
    ledger: Ledger | None = None, *, exact_in_64_bits: bool = False
) -> duckdb.DuckDBPyConnection:
    """Return a locked-down engine in memory: no network, no file but a mirror's.

    `exact_in_64_bits` has exact numbers come out in half the room that Arrow gives them.
    """
    import duckdb

    files = [
        str(file)
        for rows in (ledger.records.values() if ledger else ())
        if isinstance(rows, MirroredRows)
        for file in rows.files
    ]
    connection = duckdb.connect(":memory:", config={"threads": "2"})
    connection.execute("SET enable_progress_bar = false")
    for kept_back in ("allocator_flush_threshold", "allocator_bulk_deallocation_flush_threshold"):
        connection.execute(f"SET {kept_back} = '16MB'")  # or room that was let go is held on to
    if exact_in_64_bits:
        connection.execute("SET arrow_output_version = '1.5'")
    connection.execute("SET allowed_paths = [" + ", ".join(map(literal, files)) + "]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def gather(
    engine: duckdb.DuckDBPyConnection, ledger: Ledger, as_of: date, extent: Extent = WHOLE
) -> None:
    """Make the tables `dossiers` (a row for each contract) and `parks` (for each zone) by id."""
    take_in(engine, ledger, extent).turn_to(as_of)


def facts_alone(ledger: Ledger, as_of: date, extent: Extent) -> duckdb.DuckDBPyConnection:
    """Return an engine with the dossiers and parks of a day, and little of what they came from.

    What they came from takes more room than they do, and an engine gives its room back only when it
    is closed: so the facts are carried from one to another. Reports that lie in files wait for
    that, so that the room of both is never needed at once.
    """
    in_files = isinstance(ledger.records[Kind.PROGRESS], MirroredRows)
    with (
        ThreadPoolExecutor(1) as beside,
        closing(open_engine(ledger, exact_in_64_bits=True)) as engine,
    ):
        taken = take_in(engine, ledger, extent)
        reported = None if in_files else beside.submit(told_by_reports, taken, as_of)
        told = taken.told_beside(as_of)
        carried = {name: engine.sql(sql).to_arrow_table() for name, sql in _CARRIED.items()}
    another = open_engine(ledger)
    for name, table in carried.items():
        keep(another, name, table)
    by_reports = reported.result() if reported else told_by_reports(taken, as_of)
    replace(taken, engine=another).join_reports(as_of, told, by_reports)
    return another


_MARKED = "SELECT contract_id, {}unreadable FROM {} WHERE unreadable IS NOT NULL"
_CARRIED = {
    "parks": "SELECT * FROM parks",
    "now_zones": "SELECT * FROM now_zones",
    "names": "SELECT * FROM names",
    "now_contracts": _MARKED.format("", "now_contracts"),
    "happened": _MARKED.format("kind, ", "happened"),
}
"""Of contracts and events, only those with a cell that cannot be read are asked for again."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What the ledger holds of each key, whatever the day; the reports wait for theirs."""

    engine: duckdb.DuckDBPyConnection
    extent: Extent
    reports: Rows
    numbers: Places
    merged: Merged
    names: pa.Array
    started: Cells
    completed: Cells

    def turn_to(self, as_of: date) -> None:
        """Make the dossiers of a day, in place of those of another day."""
        self.join_reports(as_of, self.told_beside(as_of), told_by_reports(self, as_of))

    def told_beside(self, as_of: date) -> pa.Table:
        """Return what contracts, zones and events tell by a day; make `parks`."""
        for what, name, sql in _steps(as_of):
            self.engine.execute(f"CREATE OR REPLACE TEMP {what} {name} AS {sql}")
        told = self._told(_told_sql(dossiers_sql(as_of, self.extent)))
        if told.num_rows != len(self.names):
            raise _told_twice(told, self.names)
        return told

    def _told(self, sql: str) -> pa.Table:
        """Return the rows of a query by contract; those of a million are sorted in parts."""
        import pyarrow as pa

        key, contracts = f'"{_ID}"', len(self.names)
        if not self.extent.numbered or contracts <= _CONTRACTS_AT_ONCE:
            return rows_in_order(self.engine, sql, key)
        parts = (
            f"{sql} WHERE {_ID} > {begun} AND {_ID} <= {begun + _CONTRACTS_AT_ONCE}"
            for begun in range(0, contracts, _CONTRACTS_AT_ONCE)
        )
        return pa.concat_tables([rows_in_order(self.engine, part, key) for part in parts])

    def join_reports(self, as_of: date, told: pa.Table, reported: ToldByReports) -> None:
        """Make the dossiers from what is told beside the reports, and from these."""
        for name, cells in reported.columns.items():
            told = told.append_column(f"l.{name}", cells)
        for name, table in reported.tables.items():
            keep(self.engine, name, table)
        unread = unread_sql("now_contracts", "reports", "happened", self.extent)
        told = told.append_column("u.unreadable", self._unread(unread, told.column(_ID)))
        self.engine.register("facts", without_wild(told))
        dossiers = dossiers_sql(as_of, self.extent)
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW dossiers AS {dossiers}")

    def _unread(self, sql: str, contracts: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the unreadable cells of each contract, null where it has none."""
        import pyarrow.compute as pc

        found = self.engine.sql(sql).to_arrow_table()
        return found.column(1).take(pc.index_in(contracts, value_set=found.column(0)))


_ID = "c.contract_id"
_CONTRACTS_AT_ONCE = 125_000
"""So many are sorted in a third of the room that a million need, and no slower."""


def _told_twice(told: pa.Table, names: pa.Array) -> StoreError:
    """Return the trouble that two keys of the ledger have one contract's id (no import of ours)."""
    import pyarrow.compute as pc

    counts = pc.value_counts(told.column(_ID)).to_pylist()
    twice = sorted(one["values"] for one in counts if one["counts"] > 1)
    ids = [one if isinstance(one, str) else names[one - 1].as_py() for one in twice]
    return StoreError("scan.told_twice", contract=ids[0], count=len(ids))


def take_in(engine: duckdb.DuckDBPyConnection, ledger: Ledger, extent: Extent = WHOLE) -> TakenIn:
    """Make the tables of what the ledger holds of each key, whatever the day.

    `names` has the id of each contract and its number: in an extent that is narrowed, contracts go
    by their numbers (in order of their ids) until their outcomes are known, for numbers are sorted
    and joined several times as fast.
    """
    reports = Rows(Kind.PROGRESS, ledger.records[Kind.PROGRESS])
    with ThreadPoolExecutor(1) as beside, closing(engine.cursor()) as another:
        merging = beside.submit(merged_reports, another, reports, extent)
        for kind in (Kind.ZONES, Kind.PARCELS, Kind.CONTRACTS):
            _merge(engine, kind, ledger.records[kind], extent)
        names, numbers = _named(engine, reports)
        merged = merging.result()
    if extent.numbered:  # events come once the texts of contracts are gone: there is room for one
        _number(engine, Kind.CONTRACTS, extent)
    _merge(engine, Kind.EVENTS, ledger.records[Kind.EVENTS], extent)
    keep_places(engine, ledger)
    if extent.numbered:
        _number(engine, Kind.EVENTS, extent)
        _drop(engine, ("known", "aliases"))
    else:
        _rename(engine, Kind.EVENTS, "LEFT JOIN", "coalesce(k.own, t.contract_id)")
        _keep_strangers(engine, reports, numbers)
    engine.execute(f"CREATE TEMP TABLE zoned AS {zoned_sql()}")
    if extent.numbered:
        engine.execute("DROP VIEW now_parcels")
        _drop(engine, ("merged_parcels", "located"))
    told = _told_outright(engine, extent)
    return TakenIn(engine, extent, reports, numbers, merged, names, *told)


def _drop(engine: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Let go of tables that nothing asks for again: millions of texts."""
    for name in tables:
        engine.execute(f"DROP TABLE {name}")


def _named(engine: duckdb.DuckDBPyConnection, reports: Rows) -> tuple[pa.Array, Places]:
    """Make `aliases`, `names` and `known`; return the names and the contract of each report."""
    engine.execute(f"CREATE TEMP TABLE aliases AS {aliases_sql()}")
    engine.execute(_NAMES)
    known = (
        "SELECT contract_id AS told, number, contract_id AS own FROM names UNION ALL"
        " SELECT a.number, n.number, n.contract_id FROM aliases a JOIN names n USING (contract_id)"
    )
    engine.execute(f"CREATE TEMP TABLE known AS {known}")
    told = engine.sql("SELECT told, number - 1 AS number FROM known").to_arrow_table()
    names = rows_in_order(engine, "SELECT * FROM names", "number")
    return names.column("contract_id").combine_chunks(), _numbers(reports, told)


def _told_outright(engine: duckdb.DuckDBPyConnection, extent: Extent) -> tuple[Cells, Cells]:
    """Return when each contract, by its number, tells that it was started and completed."""
    names = ("actual_start_on", "actual_completion_on")
    if not extent.columns(Kind.CONTRACTS).issuperset(names):
        return NO_CELLS, NO_CELLS
    listed = ", ".join(("contract_id", *names))
    sql = f"SELECT {listed} FROM now_contracts WHERE contract_id IS NOT NULL"
    found = rows_in_order(engine, sql, "contract_id")
    return cells_of(found.column(names[0])), cells_of(found.column(names[1]))


def _keep_strangers(engine: duckdb.DuckDBPyConnection, reports: Rows, numbers: Places) -> None:
    """Make `strangers`: the names in reports that are no contract's."""
    import pyarrow as pa

    names = reports.column("contract_id").filter(pa.array(numbers < 0))
    keep(engine, "strangers", pa.table({"contract_id": names}))


def _numbers(reports: Rows, told: pa.Table) -> Places:
    """Return the number of the contract that each report names, below 0 where nobody knows it."""
    import pyarrow.compute as pc

    if not len(reports):
        return np.empty(0, dtype=np.int32)
    found = pc.index_in(reports.column("contract_id"), value_set=told.column("told"))
    places = np.asarray(found.fill_null(-1), dtype=np.int32)
    numbers = np.append(told.column("number").to_numpy().astype(np.int32), np.int32(-1))
    answer: Places = numbers[places]
    return answer


_NAMES = """
CREATE TEMP TABLE names AS
SELECT contract_id, CAST(row_number() OVER (ORDER BY contract_id) AS INTEGER) AS number
FROM (SELECT DISTINCT contract_id FROM now_contracts WHERE contract_id IS NOT NULL)"""


def _merge(
    engine: duckdb.DuckDBPyConnection, kind: Kind, rows: pa.Table | MirroredRows, extent: Extent
) -> None:
    """Make `now_KIND`: a row for each key, with the columns of the extent."""
    wanted = extent.columns(kind)
    untold = wanted - told_names(rows) - _NAMED[kind]
    blanks = {column.name: blank(column) for column in told_columns(kind) if column.name in untold}
    source = told_sql(engine, kind, rows, wanted - untold, blanks)
    engine.execute(f"CREATE TEMP VIEW told_{kind.value} AS {source}")
    left_out = f" EXCLUDE ({', '.join(map(quoted, sorted(untold)))})" if untold else ""
    merged = merged_sql(kind, f"told_{kind.value}", wanted)
    engine.execute(f"CREATE TEMP TABLE merged_{kind.value} AS SELECT *{left_out} FROM ({merged})")
    engine.execute(f"DROP VIEW told_{kind.value}")
    forget(engine, kind)
    blank_cells = "".join(f", {sql} AS {quoted(name)}" for name, sql in blanks.items())
    engine.execute(
        f"CREATE TEMP VIEW now_{kind.value} AS SELECT *{blank_cells} FROM merged_{kind.value}"
    )


_NAMED = {kind: frozenset(("contract_id",)) for kind in Kind}
"""Columns that are there, told or not, for they are given other values."""


def _rename(
    engine: duckdb.DuckDBPyConnection,
    kind: Kind,
    join: str,
    name: str,
    without: Sequence[str] = (),
) -> None:
    """Let the rows of a kind name their contract otherwise, by what is known of what they tell."""
    table = f"merged_{kind.value}"
    there = engine.sql(f"SELECT * FROM {table} LIMIT 0").columns
    gone = [column for column in without if column in there]  # what nobody told is not there
    left_out = f"EXCLUDE ({', '.join(map(quoted, gone))})" if gone else ""
    engine.execute(
        f"CREATE TEMP TABLE renamed AS SELECT t.* {left_out} REPLACE ({name} AS contract_id)"
        f" FROM {table} t {join} known k ON k.told = t.contract_id"
    )
    engine.execute(f"DROP TABLE {table}")
    engine.execute(f"ALTER TABLE renamed RENAME TO {table}")


def _number(engine: duckdb.DuckDBPyConnection, kind: Kind, extent: Extent) -> None:
    """Let the rows of a kind name their contract by its number."""
    _rename(engine, kind, "JOIN", "k.number", without=_unasked(kind, extent))


def _unasked(kind: Kind, extent: Extent) -> list[str]:
    """Return the texts by which contracts were told apart, as far as no rule speaks of them."""
    names = ("contract_no", "supervision_no") if kind is Kind.CONTRACTS else ()
    return ["key", *(name for name in names if not extent.wants(name))]


def keep_places(engine: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """Make `located`: the zone of parcels that name none, by their place."""
    if ledger.located is None:
        engine.execute("CREATE TEMP TABLE located (parcel_id VARCHAR, zone_id VARCHAR)")
        return
    keep(engine, "located", ledger.located.select(["parcel_id", "zone_id"]))


def _steps(as_of: date) -> Iterator[tuple[str, str, str]]:
    """Yield the tables and views to make of a day, in order."""
    yield "TABLE", "happened", events.on_the_day_sql("now_events", as_of)
    yield "VIEW", "by_event", events.of_contract_sql("happened", as_of)
    yield "TABLE", "parks", parks_sql("now_zones", as_of)


def aliases_sql() -> str:
    """Return the other numbers that mean one contract and no other: files name either."""
    return """
SELECT number, any_value(contract_id) AS contract_id FROM (
  SELECT contract_no AS number, contract_id FROM now_contracts
  UNION ALL SELECT supervision_no, contract_id FROM now_contracts
) WHERE number IS NOT NULL AND number NOT IN (
  SELECT contract_id FROM now_contracts WHERE contract_id IS NOT NULL)
GROUP BY number HAVING min(contract_id) = max(contract_id)"""


def zoned_sql() -> str:
    """Return the zone of each contract: its own, else that of all its parcels, told or by place.

    Parcels in different zones leave the zone open, with the zones it may be.
    """
    return """
SELECT c.contract_id, coalesce(c.zone_id, CASE WHEN len(of_parcels) = 1 THEN of_parcels[1] END)
    AS zone_id,
  CASE WHEN c.zone_id IS NULL AND len(of_parcels) > 1 THEN of_parcels ELSE [] END AS zones_open
FROM now_contracts c
LEFT JOIN (
  SELECT contract_id, list(DISTINCT coalesce(p.zone_id, l.zone_id))
      FILTER (coalesce(p.zone_id, l.zone_id) IS NOT NULL) AS of_parcels
  FROM (SELECT contract_id, trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
        FROM now_contracts WHERE parcel_id IS NOT NULL) named
  JOIN now_parcels p USING (parcel_id)
  LEFT JOIN located l USING (parcel_id)
  GROUP BY contract_id
) USING (contract_id)"""


def _told_sql(dossiers: str) -> str:
    """Return the SQL of what contracts, zones and events tell, as far as the dossiers speak of it.

    A column of the contract is called `c.…`, of its place `z.…`, of its zone `zone.…`, of its
    events `b.…`; its unreadable cells are `u.unreadable`, and what the reports tell `l.…`.
    """
    spoken_of = sorted(set(_SPOKEN_OF.findall(dossiers)))
    listed = ", ".join(f'{of}.{quoted(name)} AS "{of}.{name}"' for of, name in spoken_of)
    return f"""
SELECT {listed}
FROM now_contracts c
JOIN zoned z USING (contract_id)
LEFT JOIN now_zones zone ON zone.zone_id = z.zone_id
LEFT JOIN by_event b USING (contract_id)"""


_SPOKEN_OF = re.compile(r'"(c|z|zone|b)\.(\w+)"')


def dossiers_sql(as_of: date, extent: Extent) -> str:
    """Return the facts of each contract; who it is, and where, always, the others if wanted."""
    facts = _facts_sql(as_of)
    wanted = {name: sql for name, sql in facts.items() if name in _WHO or extent.wants(name)}
    listed = ",\n  ".join(f"{sql} AS {quoted(name)}" for name, sql in wanted.items())
    return f"SELECT {listed} FROM facts"


_WHO = (
    "contract_id", "parcel_id", "zone_id", "zones_open", "unreadable", "level", "zone_adcode",
    "adcode",
)  # fmt: skip


def _facts_sql(as_of: date) -> dict[str, str]:
    """Return how each fact is told by the tables of the steps."""
    delivered = f'CASE WHEN "c.delivered_on" <= {literal(as_of)} THEN "c.delivered_on" END'
    division = 'coalesce("c.adcode", "zone.adcode")'
    means_seen = '"l.means_to_build_seen_on"'
    inability = '"b.inability_on"'
    return {
        **{column.name: quoted(f"c.{column.name}") for column in contract_columns()},
        **_of_reports(),
        **{name: quoted(f"l.{name}") for name in EVIDENCE},
        **{name: quoted(f"b.{name}") for name in _OF_EVENTS},
        **{name: f'coalesce("b.{name}", false)' for name in _WHETHER},
        **{name: quoted(f"l.{name}") for name in YEARS},
        "zone_id": '"z.zone_id"',
        "zones_open": '"z.zones_open"',
        "unreadable": 'coalesce("u.unreadable", [])',
        "level": '"zone.level"',
        "zone_adcode": '"zone.adcode"',
        "area_mu": _in_mu('"c.area_mu"', '"c.area_m2"'),
        "due_start_area_mu": _in_mu('"c.due_start_area_mu"', '"c.due_start_area_m2"'),
        "working_seen_on": _WORKING,
        "handover_on": f'coalesce("b.handover_event_on", {delivered})',
        "industry_class": _first_digits('"c.industry_code"', "^[A-Za-z]?([0-9]{2})"),
        "province": _first_digits(division, "^([0-9]{2})[0-9]{4}"),
        "bond_deposits": f'CAST(coalesce("b.bond_deposits", []) AS {events.PAYMENTS_TYPE})',
        "bond_refunds": f'CAST(coalesce("b.bond_refunds", []) AS {events.PAYMENTS_TYPE})',
        "means_shown": f"CASE WHEN {inability} > coalesce({means_seen}, DATE '0001-01-01')"
        ' THEN false ELSE "l.means_to_build" END',
        "means_seen_on": f"greatest({inability}, {means_seen})",
    }


_WORKING = """CASE WHEN "l.stage" = 'under_construction' THEN "l.stage_seen_on" END"""
_OF_EVENTS = (
    "amended_start_on", "amended_completion_on", "amended_on", "delay_cause", "delay_until",
    "statute_delay_cause", "statute_delay_until", "urged_on", "support_cut_on", "blank_deposit_on",
)  # fmt: skip
_WHETHER = (
    "delay_active", "delay_ended", "delay_untold", "delay_mixed", "statute_delay_active",
    "statute_delay_mixed",
)  # fmt: skip


def _of_reports() -> dict[str, str]:
    """Return the latest of each column of the reports, and the day on which it was seen."""
    told: dict[str, str] = {}
    for column in progress_columns():
        told[column.name] = quoted(f"l.{column.name}")
        told[f"{column.name}_seen_on"] = quoted(f"l.{column.name}_seen_on")
    seen = 'coalesce("l.developed_area_mu_seen_on", "l.developed_area_m2_seen_on")'
    in_mu = _in_mu('"l.developed_area_mu"', '"l.developed_area_m2"')
    return {**told, "developed_area_mu": in_mu, "developed_area_mu_seen_on": seen}


def _first_digits(sql: str, pattern: str) -> str:
    return f"nullif(regexp_extract({sql}, '{pattern}', 1), '')"


def _in_mu(told_mu: str, told_m2: str) -> str:
    """Return an area in 亩, exact: as told, else from m² (1 m² = 0.0015 亩)."""
    return f"CAST(coalesce({told_mu}, {told_m2} * 0.0015) AS DECIMAL(18, 8))"
