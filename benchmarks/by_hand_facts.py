"""All that is known of each contract in one row, for the rules of by_hand."""

from __future__ import annotations

from benchmarks.by_hand_stalled import STALLED_FACTS
from benchmarks.by_hand_tables import MEASURES, TERMS


def _in_mu(name: str) -> str:
    return f"coalesce({name}_mu, ({name}_m2 * 0.0015)::DECIMAL(18, 8))"


def facts_sql(day: str) -> str:
    """Return what is known of every contract, one row each."""
    terms = [name for name in TERMS if not name.startswith(("area", "due_start_area"))]
    terms = [name for name in terms if name not in ("agreed_start_on", "agreed_completion_on")]
    figures = [name for name in MEASURES if not name.startswith("developed")]
    seen = [f"{name}_on" for name in MEASURES if not name.startswith("developed")]
    years = "year_tax, year_tax_wan, year_output, year_output_wan"
    delays = "delay, statute_delay, mixed, statute_mixed, cause_untold, amended_on"
    return f"""
SELECT *, idle_from + INTERVAL 1 YEAR AS idle_1, CAST(idle_from + INTERVAL 1 YEAR AS DATE)
    AS idle_limit_1, CAST(idle_from + INTERVAL 2 YEAR AS DATE) AS idle_limit_2,
  make_date(year(completion_due_on) + 1, 12, 31) AS year_limit,
  fixed_assets_wan + fixed_land_price_wan AS whole,
  (fixed_assets_wan + fixed_land_price_wan)::DOUBLE / sized_mu::DOUBLE AS intensity,
  far_mu::DOUBLE / sized_mu::DOUBLE AS far, density_mu::DOUBLE / sized_mu::DOUBLE AS density,
  greatest(built_last, completion_on) AS built_seen_on,
  CASE WHEN still THEN unbuilt_end ELSE unbuilt_before END AS undone_on, {STALLED_FACTS}
FROM (
  SELECT *, unbuilt_end > coalesce(built_last, DATE '0001-01-01') AS still
  FROM (
    SELECT c.n, contract_id, parcel_id, coalesce(c.zone_id, z.zone_id) AS zone_id,
      {day} AS scan_day,
      {", ".join(terms)}, {", ".join(figures)}, {", ".join(seen)}, {years}, {delays}, cells,
      begun, begun_by, begun_on, not_begun_on, start_gap, list_max(earlier) AS no_last,
      built_first, built_last, unbuilt_before,
      CASE WHEN actual_completion_on > {day} THEN {day} ELSE unbuilt_last END AS unbuilt_end,
      coalesce(CASE WHEN actual_completion_on <= {day} THEN actual_completion_on END,
        completed_on) AS completion_on,
      coalesce(amended_start_on, agreed_start_on) AS start_due_on,
      coalesce(amended_completion_on, agreed_completion_on) AS completion_due_on,
      coalesce(amended_start_on, agreed_start_on, CAST(coalesce(handover_on,
        CASE WHEN delivered_on <= {day} THEN delivered_on END) + INTERVAL 1 YEAR AS DATE))
        AS idle_from,
      CASE WHEN {_in_mu("area")} > 0
        THEN {_in_mu("area")} END::DECIMAL(19, 8) AS sized_mu,
      floor_area_m2 * 0.0015 AS far_mu, footprint_m2 * 0.0015 AS density_mu,
      {_in_mu("due_start_area")} AS due_start_mu, {_in_mu("developed_area")} AS developed_mu,
      coalesce(developed_area_mu_on, developed_area_m2_on) AS developed_on
    FROM c JOIN starts USING (n) JOIN undone USING (n) LEFT JOIN latest USING (n)
      LEFT JOIN rare USING (n) LEFT JOIN ends_told USING (n) LEFT JOIN years USING (n)
      LEFT JOIN happened USING (n) LEFT JOIN zones_by_parcel z USING (n)
      LEFT JOIN unread USING (n)
  )
)"""
