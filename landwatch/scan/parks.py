"""The facts of every park on a day, one row each: what rules about parks ask of.

A park's figures are those of its statistics day; one that is told for after the day of the scan is
unsaid, and so are the figures beside it.
"""

from __future__ import annotations

from datetime import date

from landwatch.language.columns import NUMBERS_BELOW, ColumnType
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.lawbook.vocabulary import park_columns

OF_STATISTICS = (
    "economy_wan", "industry_output_wan", "total_output_wan", "leading_output_wan",
    "annual_plan_ha", "batch_area_ha",
)  # fmt: skip


def parks_sql(zones: str, as_of: date) -> str:
    """Return the SQL of one row for each zone, in order of its id."""
    day = literal(as_of)
    unsaid = ", ".join(
        f"CASE WHEN (statistics_on IS NULL OR statistics_on <= {day}) AND NOT {_wild(name)}"
        f" THEN {name} END AS {name}"
        for name in OF_STATISTICS
    )
    numbers = [one.name for one in park_columns() if one.holds is ColumnType.DECIMAL]
    wild = ", ".join(f"CASE WHEN {_wild(name)} THEN 'zones.{name}' END" for name in numbers)
    told = ", ".join(
        f"CASE WHEN NOT {_wild(name)} THEN {name} END AS {name}"
        if name in numbers
        else quoted(name)
        for name in (column.name for column in park_columns())
        if name not in (*OF_STATISTICS, "statistics_on")
    )
    return f"""
SELECT {told}, {unsaid},
  CASE WHEN statistics_on <= {day} THEN statistics_on END AS statistics_on,
  CASE WHEN leading_industries IS NOT NULL
    THEN len(list_distinct(list_filter(list_transform(string_split(leading_industries, ';'),
      lambda x: trim(x)), lambda x: x <> ''))) END AS leading_count,
  CAST(NULL AS VARCHAR) AS contract_id, CAST(NULL AS VARCHAR) AS parcel_id,
  CAST([] AS VARCHAR[]) AS zones_open,
  list_transform(list_filter(string_split(coalesce(unreadable, ''), ';'), lambda x: x <> ''),
    lambda x: 'zones.' || x) || list_filter([{wild}], lambda x: x IS NOT NULL) AS unreadable
FROM {zones} ORDER BY zone_id"""


def _wild(name: str) -> str:
    """Return the SQL of whether a number is none that a ledger may tell (`scan.wild`)."""
    return f"coalesce(abs({name}) >= {NUMBERS_BELOW}, FALSE)"
