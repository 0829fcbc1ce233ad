"""What is known of start, completion and production: the evidence weighed in the ledger's order."""

from __future__ import annotations

from datetime import date

from landwatch.lawbook.expressions.columnwise import literal


def evidence_sql(as_of: date) -> str:
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
