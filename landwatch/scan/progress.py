"""What the reports say on a day: the latest of each column, and the evidence of a start.

Order of reports: by day, on one day by source (an inspection speaks last, so it decides), then by
recording. The order is one number (`rank`) that also carries the day and the record.
"""

from __future__ import annotations

from datetime import date

from landwatch.language.columns import ColumnType, Kind
from landwatch.language.terms import ProgressSource
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.lawbook.vocabulary import progress_columns
from landwatch.scan.extent import WHOLE, Extent

RECORD_BITS = 40
SOURCE_BITS = 3
DAY_SHIFT = RECORD_BITS + SOURCE_BITS
ORIGIN = date(1800, 1, 1)

ONE_THIRD = "0.333333"
"""One third as a share told to six decimals (Order 53 Art. 30: 地基施工完成三分之一)."""

NOT_DONE = ("planned", "levelled", "under_construction", "halted_building")
PRODUCING = ("in_production", "halted_production")


def ranked_sql(source: str, as_of: date, extent: Extent = WHOLE) -> str:
    """Return the reports on or before the day, with their rank; later days they tell are unsaid."""
    wanted = extent.columns(Kind.PROGRESS)
    strength = {member: place for place, member in enumerate(reversed(ProgressSource), start=1)}
    cases = " ".join(f"WHEN {literal(str(name))} THEN {rank}" for name, rank in strength.items())
    day = f"(observed_on - {literal(ORIGIN)})"
    unsaid = ", ".join(
        f"CASE WHEN {quoted(column.name)} <= {literal(as_of)} THEN {quoted(column.name)} END"
        f" AS {quoted(column.name)}"
        for column in progress_columns()
        if column.holds is ColumnType.DATE and column.name in wanted
    )
    said = f" REPLACE ({unsaid})" if unsaid else ""
    return f"""
SELECT *{said},
  (CAST({day} AS BIGINT) << {DAY_SHIFT})
  + (CAST(CASE source {cases} ELSE 0 END AS BIGINT) << {RECORD_BITS}) + record_id AS rank
FROM {source} WHERE observed_on <= {literal(as_of)}"""


def day_of(rank: str) -> str:
    """Return the SQL of the day that a rank carries."""
    return f"({literal(ORIGIN)} + CAST({rank} >> {DAY_SHIFT} AS INTEGER))"


def latest_sql(ranked: str, extent: Extent = WHOLE) -> str:
    """Return, for each contract, the latest told value of each column and the day it was seen."""
    picks = []
    wanted = extent.columns(Kind.PROGRESS)
    for column in progress_columns():
        if column.name not in wanted:
            continue
        name = quoted(column.name)
        told = f"FILTER ({name} IS NOT NULL)"
        picks.append(f"arg_max({name}, rank) {told} AS {name}")
        picks.append(f"{day_of(f'max(rank) {told}')} AS {quoted(column.name + '_seen_on')}")
    if "floor_area_m2" in wanted:
        picks.append("list(observed_on) FILTER (floor_area_m2 > 0) AS floor_days")
    return f"""
SELECT {", ".join(("contract_id", *picks))}
FROM {ranked} GROUP BY contract_id"""


def years_sql(ranked: str, as_of: date) -> str:
    """Return, for each contract, the tax and output of the latest full year that a report tells.

    The year is the one told, else that of a report made on its last day; a figure told before the
    year was over, or of a year that is not over, is a part of a year and does not count.
    """
    picks = ", ".join(
        f"arg_max({name}_wan, {{stat: of_year, rank: rank}}) FILTER ({name}_wan IS NOT NULL)"
        f" AS year_{name}_wan,"
        f" make_date(max(of_year) FILTER ({name}_wan IS NOT NULL), 12, 31) AS year_{name}_on"
        for name in ("tax", "output")
    )
    return f"""
SELECT contract_id, {picks} FROM (
  SELECT *, CASE WHEN stat_year IS NOT NULL THEN stat_year
      WHEN month(observed_on) = 12 AND day(observed_on) = 31 THEN year(observed_on) END AS of_year
  FROM {ranked}
) WHERE of_year BETWEEN 1900 AND 9998 AND make_date(of_year, 12, 31) <= observed_on
  AND make_date(of_year, 12, 31) < {literal(as_of)}
GROUP BY contract_id"""


def verdicts_sql(ranked: str) -> str:
    """Return what each report says of the start: yes, no, or why it cannot say.

    Blank foundation and permit cells are filled from earlier reports. A report says "not met" only
    by a foundation cell of its own: a later permit does not renew an old sight of the foundation.
    """
    cells = ("foundation", "pit_share", "piles_driven", "piles_total", "foundation_share")
    filled = ", ".join(
        f"last_value({cell} IGNORE NULLS) OVER so_far AS known_{cell}"
        for cell in (*cells, "permit_on")
    )
    own = " OR ".join(f"{cell} IS NOT NULL" for cell in cells)
    return f"""
SELECT contract_id, observed_on, rank, source, known_permit_on, CASE
    WHEN works_without_permit AND known_permit_on IS NULL THEN 'works_without_permit'
    WHEN own_foundation AND NOT met THEN 'not_met'
    WHEN (own_foundation OR permit_on IS NOT NULL) AND met AND known_permit_on IS NOT NULL
      THEN 'legal_test'
    WHEN own_foundation AND met THEN 'no_permit'
    WHEN started THEN 'yes'
    WHEN NOT started THEN 'no'
  END AS verdict
FROM (
  SELECT *, ({own}) AS own_foundation, CASE known_foundation
      WHEN 'deep_pit' THEN known_pit_share >= 1
      WHEN 'piles' THEN known_piles_driven >= known_piles_total
      WHEN 'deep_pit+piles' THEN CASE
        WHEN known_pit_share IS NOT NULL AND known_piles_driven IS NOT NULL
          AND known_piles_total IS NOT NULL
        THEN known_pit_share >= 1 AND known_piles_driven >= known_piles_total END
      WHEN 'other' THEN known_foundation_share >= {ONE_THIRD}
    END AS met
  FROM (
    SELECT *, {filled} FROM {ranked}
    WHERE {own} OR permit_on IS NOT NULL OR started IS NOT NULL OR works_without_permit IS NOT NULL
    WINDOW so_far AS (
      PARTITION BY contract_id ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  )
)"""


def start_sql(verdicts: str) -> str:
    """Return, for each contract, what the reports show of the start.

    A start shown by the legal test or an inspection stays shown; otherwise the last report that
    says anything speaks. Either is the end of a line of sights, and the start was shown by the
    first of that line (`shown_by_on`). On one day the strongest source alone counts.
    """
    return f"""
WITH spoken AS (
  SELECT *, verdict IN ('yes', 'legal_test') AS says_started,
    verdict = 'legal_test' OR (verdict = 'yes' AND source = 'inspection') AS stays,
    greatest(observed_on, CASE WHEN verdict = 'legal_test' THEN known_permit_on END) AS shown_on,
    rank = max(rank) OVER (PARTITION BY contract_id, observed_on) AS speaks_for_its_day
  FROM {verdicts} WHERE verdict IS NOT NULL
), anchored AS (
  SELECT *, coalesce(
      min(CASE WHEN stays THEN rank END) OVER (PARTITION BY contract_id),
      max(rank) OVER (PARTITION BY contract_id)) AS anchor
  FROM spoken
), lined AS (
  SELECT *, (rank >> {DAY_SHIFT}) < (anchor >> {DAY_SHIFT}) AND speaks_for_its_day AS before_it,
    max(CASE WHEN speaks_for_its_day AND NOT says_started
          AND (rank >> {DAY_SHIFT}) < (anchor >> {DAY_SHIFT}) THEN rank END)
      OVER (PARTITION BY contract_id) AS line_broken
  FROM anchored
)
SELECT contract_id,
  bool_or(stays) AS stays,
  any_value(verdict) FILTER (rank = anchor) AS anchor_verdict,
  any_value(observed_on) FILTER (rank = anchor) AS anchor_on,
  min(shown_on) FILTER (says_started
    AND (rank = anchor OR (before_it AND rank > coalesce(line_broken, 0)))) AS shown_by_on,
  list(observed_on) FILTER (speaks_for_its_day AND verdict IN ('no', 'not_met')) AS no_days
FROM lined GROUP BY contract_id"""


def stages_sql(ranked: str) -> str:
    """Return, for each contract, the days on which a stage shows it built, producing, or not.

    On one day the strongest source alone counts. A trial run shows that the building is done.
    """
    undone = f"stage IN {NOT_DONE}"
    produced = f"stage IN {PRODUCING}"
    return f"""
SELECT contract_id,
  list(observed_on) FILTER (NOT {undone}) AS built_days,
  list(observed_on) FILTER ({undone}) AS not_built_days,
  list(observed_on) FILTER ({produced}) AS producing_days,
  list(observed_on) FILTER (NOT {produced}) AS not_producing_days
FROM (
  SELECT contract_id, observed_on, arg_max(stage, rank) AS stage
  FROM {ranked} WHERE stage IS NOT NULL GROUP BY contract_id, observed_on
) GROUP BY contract_id"""
