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
from landwatch.scan.parks import parks_sql
from landwatch.scan.unread import unread_sql

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
    """Make the tables `dossiers` (a row for each contract) and `parks` (for each zone) by id."""
    take_in(engine, ledger)
    turn_to(engine, as_of)


def take_in(engine: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """Make the tables of what the ledger holds of each key, whatever the day."""
    for kind, table in ledger.records.items():
        engine.register(f"told_{kind.value}", _with_marks(table))
        engine.execute(
            f"CREATE TEMP TABLE now_{kind.value} AS {merged_sql(kind, f'told_{kind.value}')}"
        )
        engine.unregister(f"told_{kind.value}")
    engine.execute(f"CREATE TEMP TABLE aliases AS {_aliases_sql()}")
    for table in ("now_progress", "now_events"):
        engine.execute(
            f"UPDATE {table} SET contract_id = aliases.contract_id FROM aliases"
            f" WHERE {table}.contract_id = aliases.number"
        )
    _place(engine, ledger)


def turn_to(engine: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Make the dossiers of a day from what was taken in, in place of those of another day."""
    for name, sql in _steps(as_of):
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _with_marks(table: pa.Table) -> pa.Table:
    """Return the records with the mark of unreadable cells, also where a source has none."""
    import pyarrow as pa

    if "unreadable" in table.column_names:
        return table
    return table.append_column("unreadable", pa.nulls(table.num_rows, pa.string()))


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
        ("years", progress.years_sql("reports", as_of)),
        ("verdicts", progress.verdicts_sql("reports")),
        ("starts", progress.start_sql("verdicts")),
        ("stages", progress.stages_sql("reports")),
        ("happened", events.on_the_day_sql("now_events", as_of)),
        ("by_event", events.of_contract_sql("happened", as_of)),
        ("unread", unread_sql("now_contracts", "reports", "happened")),
        ("zoned", zoned_sql()),
        ("evidence", _evidence_sql(as_of)),
        ("dossiers", _dossiers_sql(as_of)),
        ("parks", parks_sql("now_zones", as_of)),
    ]


def _aliases_sql() -> str:
    """Return the other numbers that mean one contract and no other: files name either."""
    return """
SELECT number, any_value(contract_id) AS contract_id FROM (
  SELECT contract_no AS number, contract_id FROM now_contracts
  UNION ALL SELECT supervision_no, contract_id FROM now_contracts
) WHERE number IS NOT NULL AND number NOT IN (SELECT contract_id FROM now_contracts)
GROUP BY number HAVING count(DISTINCT contract_id) = 1"""


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


def _evidence_sql(as_of: date) -> str:
    """Return what is known of start, completion and production (ledger.md §2, in its order)."""
    day = literal(as_of)
    return f"""
SELECT * EXCLUDE (not_built, not_producing, built, producing, no_days),
  {_undone("seen_not_started", "[]", "coalesce(started_on, started_by_on)")}
    AS not_started_last_on,
  list_min(built) AS completion_seen_by_on,
  list_max(list_append(built, completion_on)) AS built_seen_on,
  {_still("not_built", "built")} AS still_not_complete,
  {_undone("not_built", "built", "list_max(built)")} AS not_complete_last_on,
  list_min(producing) AS production_seen_by_on,
  {_still("not_producing", "producing")} AS still_not_producing,
  {_undone("not_producing", "producing", "list_max(producing)")} AS not_producing_last_on
FROM (
  SELECT *,
    list_concat(not_built_days, list_filter(seen_not_started,
      lambda d: NOT coalesce(list_contains(built, d), false)), awaited) AS not_built,
    list_concat(not_producing_days, list_filter(seen_not_started,
      lambda d: NOT coalesce(list_contains(producing, d), false))) AS not_producing
  FROM (
    SELECT *,
      CASE WHEN start_shown AND reported_on <= started_by_on
          AND coalesce(list_max(list_filter(no_days, lambda d: d < started_by_on)) < reported_on,
            true)
        THEN reported_on END AS started_on,
      list_filter(list_append(no_days, not_started_seen_on),
          lambda d: d < coalesce(started_by_on, DATE '9999-12-31')) AS seen_not_started
    FROM ({_start_sql(day)})
  )
)"""


def _still(undone: str, done: str) -> str:
    """Return whether the last sight is of the thing not done."""
    return f"coalesce(list_max({undone}) > coalesce(list_max({done}), DATE '0001-01-01'), false)"


def _undone(undone: str, done: str, until: str) -> str:
    """Return the last sight of a thing not done: of all while it is not, else before it was."""
    before = f"list_filter({undone}, lambda d: d < coalesce({until}, DATE '9999-12-31'))"
    still = _still(undone, done) if done != "[]" else "false"
    return f"list_max(CASE WHEN {still} THEN {undone} ELSE {before} END)"


def _start_sql(day: str) -> str:
    """Return the evidence of a start, weighed in the ledger's order.

    A report saying no speaks only up to its day: a start, a completion or a production told for a
    later day speaks instead.
    """
    return f"""
SELECT *,
  coalesce(anchor_verdict IN ('yes', 'legal_test'), false)
    OR CASE WHEN unclear THEN NULL
      WHEN told_on <= {day} THEN true
      WHEN told_on > {day} THEN false
      WHEN built_by_on IS NOT NULL THEN true
      WHEN anchor_verdict IS NOT NULL THEN false END AS start_shown,
  CASE
    WHEN anchor_verdict = 'legal_test' THEN 'legal_test'
    WHEN anchor_verdict = 'yes' AND stays THEN 'inspection'
    WHEN anchor_verdict = 'yes' THEN 'report'
    WHEN unclear THEN NULL
    WHEN told_on <= {day} THEN 'reported'
    WHEN told_on IS NULL AND built_by_on IS NOT NULL THEN 'works_done'
  END AS start_basis,
  CASE
    WHEN anchor_verdict IN ('yes', 'legal_test') THEN shown_by_on
    WHEN unclear THEN NULL
    WHEN told_on <= {day} THEN told_on
    WHEN told_on IS NULL THEN built_by_on
  END AS started_by_on,
  CASE
    WHEN anchor_verdict IN ('yes', 'legal_test') OR unclear THEN NULL
    WHEN told_on > {day} THEN {day}
    WHEN told_on IS NULL AND built_by_on IS NULL THEN anchor_on
  END AS not_started_seen_on,
  CASE
    WHEN anchor_verdict = 'works_without_permit' THEN 'works_without_permit'
    WHEN anchor_verdict = 'no_permit' THEN 'missing:permit_on'
    WHEN anchor_verdict IS NULL AND told_on IS NULL AND built_by_on IS NULL THEN 'missing:started'
  END AS start_gap,
  CASE WHEN anchor_verdict IN ('no', 'not_met') AND NOT unclear
    THEN least(CASE WHEN actual_start_on <= anchor_on THEN actual_start_on END,
      list_min(list_filter(works_days, lambda d: d <= anchor_on))) END AS start_contradicted_on
FROM (
  SELECT *,
    CASE WHEN anchor_on IS NULL OR actual_start_on > anchor_on THEN actual_start_on END AS told_on,
    coalesce(anchor_verdict IN ('works_without_permit', 'no_permit'), false) AS unclear,
    list_min(list_filter(works_days, lambda d: anchor_on IS NULL OR d > anchor_on)) AS built_by_on
  FROM ({_told_sql(day)})
)"""


def _told_sql(day: str) -> str:
    """Return the days that the contract and the reports tell; those after the day are unsaid."""
    completed = f"CASE WHEN c.actual_completion_on <= {day} THEN c.actual_completion_on END"
    return f"""
SELECT *,
  list_concat(list_filter([completed_told_on, completed_seen_on, production_on],
    lambda d: d IS NOT NULL), producing_days, floor_days) AS works_days,
  list_concat(built_days, list_filter([production_on], lambda d: d IS NOT NULL)) AS built,
  producing_days AS producing
FROM (
  SELECT c.contract_id, c.actual_start_on,
    CASE WHEN c.actual_start_on <= {day} THEN c.actual_start_on END AS reported_on,
    CASE WHEN c.actual_completion_on > {day} THEN [{day}] END AS awaited,
    {completed} AS completed_told_on, l.completed_on AS completed_seen_on,
    coalesce({completed}, l.completed_on) AS completion_on,
    l.in_production_on AS production_on, l.floor_days,
    s.stays, s.anchor_verdict, s.anchor_on, s.shown_by_on, coalesce(s.no_days, []) AS no_days,
    g.built_days, g.not_built_days, g.producing_days, g.not_producing_days
  FROM now_contracts c
  LEFT JOIN latest l USING (contract_id)
  LEFT JOIN starts s USING (contract_id)
  LEFT JOIN stages g USING (contract_id)
)"""


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
            "start_contradicted_on",
            "completion_on",
            "completion_seen_by_on",
            "built_seen_on",
            "still_not_complete",
            "not_complete_last_on",
            "production_on",
            "production_seen_by_on",
            "still_not_producing",
            "not_producing_last_on",
        )
    )
    return f"""
SELECT {contract}, z.zone_id, z.zones_open,
  coalesce(u.unreadable, []) AS unreadable, zone.level, zone.adcode AS zone_adcode,
  {_in_mu("c.area_mu", "c.area_m2")} AS area_mu,
  {_in_mu("c.due_start_area_mu", "c.due_start_area_m2")} AS due_start_area_mu,
  {_in_mu("l.developed_area_mu", "l.developed_area_m2")} AS developed_area_mu,
  coalesce(l.developed_area_mu_seen_on, l.developed_area_m2_seen_on) AS developed_area_mu_seen_on,
  {reports}, {evidence},
  CASE WHEN l.stage = 'under_construction' THEN l.stage_seen_on END AS working_seen_on,
  b.amended_start_on, b.amended_completion_on, b.amended_on,
  coalesce(b.handover_event_on, CASE WHEN c.delivered_on <= {day} THEN c.delivered_on END)
    AS handover_on,
  coalesce(b.delay_active, false) AS delay_active, b.delay_cause,
  b.delay_until, coalesce(b.delay_ended, false) AS delay_ended,
  coalesce(b.delay_untold, false) AS delay_untold,
  coalesce(b.delay_mixed, false) AS delay_mixed,
  coalesce(b.statute_delay_active, false) AS statute_delay_active, b.statute_delay_cause,
  b.statute_delay_until,
  coalesce(b.statute_delay_mixed, false) AS statute_delay_mixed,
  b.urged_on, b.support_cut_on, b.blank_deposit_on,
  nullif(regexp_extract(c.industry_code, '^[A-Za-z]?([0-9]{{2}})', 1), '') AS industry_class,
  nullif(regexp_extract(coalesce(c.adcode, zone.adcode), '^([0-9]{{2}})[0-9]{{4}}', 1), '')
    AS province,
  y.year_tax_wan, y.year_tax_on, y.year_output_wan, y.year_output_on,
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
LEFT JOIN years y USING (contract_id)
LEFT JOIN by_event b USING (contract_id)
LEFT JOIN unread u USING (contract_id)
ORDER BY c.contract_id"""


def _in_mu(told_mu: str, told_m2: str) -> str:
    """Return an area in 亩, exact: as told, else from m² (1 m² = 0.0015 亩)."""
    return f"CAST(coalesce({told_mu}, {told_m2} * 0.0015) AS DECIMAL(18, 8))"
