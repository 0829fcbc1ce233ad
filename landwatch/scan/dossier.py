"""一宗一档: the facts of every contract on a day, one row each, in DuckDB.

Three steps: what the ledger holds of each key (merge), what reports and events say by the day
(progress, events), and what follows from both (here: evidence of a start, completion, production).
The columns are those of `lawbook.vocabulary`; nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.lawbook.vocabulary import contract_columns, progress_columns
from landwatch.scan import events, progress
from landwatch.scan.merge import merged_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records that a scan may know, as told, and where parcels lie.

    `records` holds a table for each kind, as the store gives them; `located` the zone of parcels
    that name none, by their place (columns `parcel_id`, `zone_id`).
    """

    records: Mapping[Kind, pa.Table]
    located: pa.Table | None = None


def open_engine() -> duckdb.DuckDBPyConnection:
    """Return a locked-down engine in memory: it can reach no file and no network."""
    import duckdb

    connection = duckdb.connect(
        ":memory:", config={"enable_external_access": "false", "threads": "2"}
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    return connection


def gather(engine: duckdb.DuckDBPyConnection, ledger: Ledger, as_of: date) -> None:
    """Make the table `dossiers` in the engine: one row for each contract, in order of its id."""
    for kind, table in ledger.records.items():
        engine.register(f"told_{kind.value}", table)
        engine.execute(
            f"CREATE TEMP TABLE now_{kind.value} AS {merged_sql(kind, f'told_{kind.value}')}"
        )
        engine.unregister(f"told_{kind.value}")
    _place(engine, ledger)
    for name, sql in _steps(as_of):
        engine.execute(f"CREATE TEMP TABLE {name} AS {sql}")


def _place(engine: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    if ledger.located is None:
        engine.execute("CREATE TEMP TABLE located (parcel_id VARCHAR, zone_id VARCHAR)")
        return
    engine.register("told_located", ledger.located)
    engine.execute("CREATE TEMP TABLE located AS SELECT parcel_id, zone_id FROM told_located")
    engine.unregister("told_located")


def _steps(as_of: date) -> list[tuple[str, str]]:
    """Return the tables to make, in order; the list is the documentation."""
    return [
        ("reports", progress.ranked_sql("now_progress", as_of)),
        ("latest", progress.latest_sql("reports")),
        ("verdicts", progress.verdicts_sql("reports")),
        ("starts", progress.start_sql("verdicts")),
        ("stages", progress.stages_sql("reports")),
        ("happened", events.on_the_day_sql("now_events", as_of)),
        ("by_event", events.of_contract_sql("happened", as_of)),
        ("zoned", _zoned_sql()),
        ("evidence", _evidence_sql(as_of)),
        ("dossiers", _dossiers_sql(as_of)),
    ]


def _zoned_sql() -> str:
    """Return the zone of each contract: its own, else its first parcel's, told or by place."""
    return """
SELECT c.contract_id, coalesce(c.zone_id, p.zone_id, l.zone_id) AS zone_id
FROM now_contracts c
LEFT JOIN now_parcels p ON p.parcel_id = string_split(c.parcel_id, ';')[1]
LEFT JOIN located l ON l.parcel_id = p.parcel_id"""


def _evidence_sql(as_of: date) -> str:
    """Return what is known of start, completion and production (ledger.md §2, in its order)."""
    day = literal(as_of)
    return f"""
SELECT *,
  {_last_before("no_days", "coalesce(started_on, started_by_on)", "not_started_seen_on")}
    AS not_started_last_on,
  {_last_before("not_built", "coalesce(completion_on, completion_seen_by_on)", "unbuilt_future")}
    AS not_complete_last_on,
  {_last_before("not_producing", "coalesce(production_on, production_seen_by_on)", "NULL")}
    AS not_producing_last_on
FROM (
  SELECT *,
    CASE WHEN start_shown AND reported_on <= coalesce(started_by_on, {day}) THEN reported_on END
      AS started_on,
    CASE WHEN NOT start_shown THEN CASE WHEN start_future THEN {day} ELSE last_on END END
      AS not_started_seen_on,
    list_concat(not_built_days, no_days) AS not_built,
    list_concat(not_producing_days, no_days) AS not_producing
  FROM ({_start_sql(day)})
)"""


def _last_before(days: str, done: str, also: str) -> str:
    """Return the last of some days before another, or on it where that other is not known."""
    earlier = f"list_max(list_filter({days}, lambda d: d < coalesce({done}, DATE '9999-12-31')))"
    return f"greatest({earlier}, {also})"


def _start_sql(day: str) -> str:
    """Return the evidence of a start, weighed in the ledger's order.

    A report saying no speaks only up to its day: a start, a completion or a production reported
    for a later day speaks instead.
    """
    later = "(last_verdict IN ('no', 'not_met') AND {0} > last_on)"
    return f"""
SELECT *, CASE
    WHEN kept_by_on IS NOT NULL THEN true
    WHEN last_verdict = 'yes' THEN true
    WHEN last_verdict IN ('works_without_permit', 'no_permit') THEN NULL
    WHEN {later.format("reported_on")} OR {later.format("done_by_on")} THEN true
    WHEN last_verdict IN ('no', 'not_met') THEN false
    WHEN reported_on IS NOT NULL THEN true
    WHEN start_future THEN false
    WHEN done_by_on IS NOT NULL THEN true
  END AS start_shown,
  CASE
    WHEN kept_verdict = 'legal_test' THEN 'legal_test'
    WHEN kept_by_on IS NOT NULL THEN 'inspection'
    WHEN last_verdict = 'yes' THEN 'report'
    WHEN last_verdict IN ('works_without_permit', 'no_permit') THEN NULL
    WHEN last_verdict IS NULL AND reported_on IS NOT NULL THEN 'reported'
    WHEN {later.format("reported_on")} THEN 'reported'
    WHEN last_verdict IS NULL AND start_future THEN NULL
    WHEN last_verdict IS NULL AND done_by_on IS NOT NULL THEN 'works_done'
    WHEN {later.format("done_by_on")} THEN 'works_done'
  END AS start_basis,
  CASE
    WHEN kept_by_on IS NOT NULL THEN kept_by_on
    WHEN last_verdict = 'yes' THEN yes_since_on
    WHEN last_verdict IN ('works_without_permit', 'no_permit') THEN NULL
    WHEN last_verdict IS NULL AND reported_on IS NOT NULL THEN reported_on
    WHEN {later.format("reported_on")} THEN reported_on
    WHEN last_verdict IS NULL AND start_future THEN NULL
    WHEN last_verdict IS NULL OR {later.format("done_by_on")} THEN done_by_on
  END AS started_by_on,
  CASE
    WHEN kept_by_on IS NOT NULL OR last_verdict IN ('yes', 'no', 'not_met') THEN NULL
    WHEN last_verdict = 'works_without_permit' THEN 'works_without_permit'
    WHEN last_verdict = 'no_permit' THEN 'missing:permit_on'
    WHEN reported_on IS NULL AND NOT start_future AND done_by_on IS NULL THEN 'missing:started'
  END AS start_gap
FROM ({_reported_sql(day)})"""


def _reported_sql(day: str) -> str:
    """Return the dates that the contract and the reports tell, those after the day set apart."""
    return f"""
SELECT c.contract_id,
  CASE WHEN c.actual_start_on <= {day} THEN c.actual_start_on END AS reported_on,
  coalesce(c.actual_start_on > {day}, false) AS start_future,
  CASE WHEN c.actual_completion_on > {day} AND l.completed_on IS NULL THEN {day} END
    AS unbuilt_future,
  coalesce(CASE WHEN c.actual_completion_on <= {day} THEN c.actual_completion_on END,
    l.completed_on) AS completion_on,
  least(l.in_production_on, l.stage_produced_on) AS completion_seen_by_on,
  l.in_production_on AS production_on,
  l.stage_produced_on AS production_seen_by_on,
  least(CASE WHEN c.actual_completion_on <= {day} THEN c.actual_completion_on END,
    l.completed_on, l.in_production_on, l.stage_produced_on, l.built_seen_on) AS done_by_on,
  s.kept_by_on, s.kept_verdict, s.last_verdict, s.last_on, s.yes_since_on, s.no_days,
  g.not_built_days, g.not_producing_days
FROM now_contracts c
LEFT JOIN latest l USING (contract_id)
LEFT JOIN starts s USING (contract_id)
LEFT JOIN stages g USING (contract_id)"""


def _dossiers_sql(as_of: date) -> str:
    day = literal(as_of)
    contract = ", ".join(
        f"c.{quoted(column.name)}"
        for column in contract_columns()
        if column.name not in ("zone_id", "area_mu", "due_start_area_mu")
    )
    reports = ", ".join(
        f"l.{quoted(column.name)}, l.{quoted(column.name + '_seen_on')}"
        for column in progress_columns()
        if column.name != "developed_area_mu"
    )
    evidence = ", ".join(
        f"e.{name}"
        for name in (
            "start_shown",
            "start_basis",
            "started_on",
            "started_by_on",
            "not_started_seen_on",
            "not_started_last_on",
            "start_gap",
            "completion_on",
            "completion_seen_by_on",
            "not_complete_last_on",
            "production_on",
            "production_seen_by_on",
            "not_producing_last_on",
        )
    )
    return f"""
SELECT {contract}, z.zone_id, zone.level,
  {_in_mu("c.area_mu", "c.area_m2")} AS area_mu,
  {_in_mu("c.due_start_area_mu", "c.due_start_area_m2")} AS due_start_area_mu,
  {_in_mu("l.developed_area_mu", "l.developed_area_m2")} AS developed_area_mu,
  coalesce(l.developed_area_mu_seen_on, l.developed_area_m2_seen_on) AS developed_area_mu_seen_on,
  {reports}, {evidence}, l.working_seen_on,
  b.amended_start_on, b.amended_completion_on,
  coalesce(b.handover_event_on, CASE WHEN c.delivered_on <= {day} THEN c.delivered_on END)
    AS handover_on,
  coalesce(b.delay_active, false) AS delay_active, b.delay_cause,
  nullif(b.delay_until, DATE '9999-12-31') AS delay_until,
  coalesce(b.delay_mixed, false) AS delay_mixed,
  coalesce(b.prelim_active, false) AS prelim_active,
  coalesce(b.prelim_mixed, false) AS prelim_mixed,
  b.urged_on,
  CAST(coalesce(b.bond_deposits, []) AS {events.PAYMENTS_TYPE}) AS bond_deposits,
  CAST(coalesce(b.bond_refunds, []) AS {events.PAYMENTS_TYPE}) AS bond_refunds,
  CASE WHEN b.inability_on > coalesce(l.means_to_build_seen_on, DATE '0001-01-01') THEN false
    ELSE l.means_to_build END AS means_shown,
  greatest(b.inability_on, l.means_to_build_seen_on) AS means_seen_on
FROM now_contracts c
JOIN zoned z USING (contract_id)
JOIN evidence e USING (contract_id)
LEFT JOIN now_zones zone ON zone.zone_id = z.zone_id
LEFT JOIN latest l USING (contract_id)
LEFT JOIN by_event b USING (contract_id)
ORDER BY c.contract_id"""


def _in_mu(told_mu: str, told_m2: str) -> str:
    """Return an area in 亩, exact: as told, else from m² (1 m² = 0.0015 亩)."""
    return f"CAST(coalesce({told_mu}, {told_m2} * 0.0015) AS DECIMAL(18, 8))"
