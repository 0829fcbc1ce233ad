"""What the reports come to for each contract: figures, start, completion (for by_hand)."""

from __future__ import annotations

from benchmarks.by_hand_tables import BUILT, CELLS, FIGURES, INSPECTED, MEASURES, RARE

OWN = " OR ".join(f"{cell} IS NOT NULL" for cell in ("foundation", *CELLS))
NOT_BUILT = f"stage < {BUILT}"
PRODUCING = f"stage > {BUILT}"


def steps(day: str) -> list[tuple[str, str]]:
    """Return the tables of what is known of each contract on the day."""
    return [
        ("latest", _latest_sql()),
        ("rare", _rare_sql()),
        ("ends_told", _ends_told_sql()),
        ("years", _years_sql(day)),
        ("v", _verdicts_sql()),
        ("anchors", _anchors_sql()),
        ("lines", _lines_sql()),
        ("works", _works_sql()),
        ("starts", _starts_sql(day)),
        ("undone", _undone_sql()),
        ("unread", _unread_sql()),
    ]


def _seen(name: str) -> str:
    """Return the SQL of the latest of a column and of the day on which it was seen."""
    return (
        f"arg_max({name}, rank) AS {name}, DATE '1800-01-01'"
        f" + (max(rank) FILTER ({name} IS NOT NULL) >> 43)::INTEGER AS {name}_on"
    )


def _latest_sql() -> str:
    """Return the latest of each figure and its day, and the days of the stages, in one pass."""
    return f"""
SELECT n, {", ".join(map(_seen, FIGURES))},
  max(day) FILTER ({NOT_BUILT} AND NOT shared) AS lone_unbuilt_last,
  min(day) FILTER (stage >= {BUILT} AND NOT shared) AS lone_built_first,
  max(day) FILTER (stage >= {BUILT} AND NOT shared) AS lone_built_last,
  bool_or(unreadable IS NOT NULL) AS unreadable
FROM q GROUP BY n"""


def _rare_sql() -> str:
    """Return the same of what few reports tell."""
    told = " OR ".join(f"{name} IS NOT NULL" for name in RARE)
    return f"SELECT n, {', '.join(map(_seen, RARE))} FROM q WHERE {told} GROUP BY n"


def _ends_told_sql() -> str:
    return """
SELECT n, arg_max(completed_on, rank) AS completed_on,
  arg_max(in_production_on, rank) AS in_production_on
FROM q WHERE completed_on IS NOT NULL OR in_production_on IS NOT NULL GROUP BY n"""


def _years_sql(day: str) -> str:
    """Return the tax and the output of the latest full year that a report tells."""
    picks = ", ".join(
        f"arg_max({name}_wan, (of_year::HUGEINT << 64) + rank) AS year_{name}_wan,"
        f" max(of_year) FILTER ({name}_wan IS NOT NULL) AS year_{name}"
        for name in ("tax", "output")
    )
    return f"""
SELECT n, {picks} FROM (
  SELECT n, rank, day, tax_wan, output_wan, coalesce(stat_year,
    CASE WHEN month(day) = 12 AND day(day) = 31 THEN year(day) END) AS of_year
  FROM q WHERE tax_wan IS NOT NULL OR output_wan IS NOT NULL
) WHERE of_year BETWEEN 1900 AND 9998 AND make_date(of_year, 12, 31) <= day
  AND make_date(of_year, 12, 31) < {day}
GROUP BY n"""


def _verdicts_sql() -> str:
    """Return what each report says of the start; cells of the foundation are filled where told."""
    cells = ("foundation", *CELLS, "permit_on")
    filled = ", ".join(
        f"last_value({cell} IGNORE NULLS) OVER so_far AS known_{cell}" for cell in cells
    )
    return f"""
WITH said AS (
  SELECT n, day, rank, shared, strength, started, works_without_permit, permit_on, foundation,
    {", ".join(CELLS)}, {OWN} AS own
  FROM q WHERE started IS NOT NULL OR permit_on IS NOT NULL OR works_without_permit IS NOT NULL
    OR {OWN}
), careful AS (
  SELECT DISTINCT n FROM said WHERE own OR works_without_permit
), filled AS (
  SELECT *, {filled} FROM said SEMI JOIN careful USING (n)
  WINDOW so_far AS (PARTITION BY n ORDER BY rank ROWS UNBOUNDED PRECEDING)
), tested AS (
  SELECT *, CASE known_foundation
      WHEN 1 THEN known_pit_share >= 1
      WHEN 2 THEN known_piles_driven >= known_piles_total
      WHEN 3 THEN CASE WHEN known_pit_share IS NOT NULL
          AND known_piles_driven IS NOT NULL AND known_piles_total IS NOT NULL
        THEN known_pit_share >= 1 AND known_piles_driven >= known_piles_total END
      WHEN 4 THEN known_foundation_share >= 0.333333 END AS met
  FROM filled
), all_said AS (
  SELECT n, day, rank, shared, strength, known_permit_on, CASE
    WHEN works_without_permit AND known_permit_on IS NULL THEN 'works_without_permit'
    WHEN own AND NOT met THEN 'no'
    WHEN (own OR permit_on IS NOT NULL) AND met AND known_permit_on IS NOT NULL THEN 'test'
    WHEN own AND met THEN 'missing:permit_on'
    WHEN started THEN 'yes' WHEN NOT started THEN 'no' END AS says
  FROM tested
  UNION ALL
  SELECT n, day, rank, shared, strength, NULL, CASE WHEN started THEN 'yes' ELSE 'no' END
  FROM said ANTI JOIN careful USING (n) WHERE started IS NOT NULL
)
SELECT n, day, rank, shared, says, says IN ('yes', 'test') AS yes,
  says = 'test' OR (says = 'yes' AND strength = {INSPECTED}) AS stays,
  CASE WHEN says = 'test' THEN greatest(day, known_permit_on) ELSE day END AS shown_on
FROM all_said WHERE says IS NOT NULL"""


def _anchors_sql() -> str:
    """Return the report that speaks of the start, and whether the others need a second look."""
    return """
SELECT n, coalesce(first_stays, last_rank) AS anchor,
  CASE WHEN first_stays IS NULL THEN last_says ELSE first_says END AS says,
  coalesce(first_shown, last_shown) AS anchor_shown, first_day, careful
FROM (
  SELECT n, min(rank) FILTER (stays) AS first_stays, max(rank) AS last_rank,
    arg_min(says, rank) FILTER (stays) AS first_says, arg_max(says, rank) AS last_says,
    arg_min(shown_on, rank) FILTER (stays) AS first_shown, arg_max(shown_on, rank) AS last_shown,
    min(day) AS first_day,
    bool_or(NOT yes OR shared OR shown_on > day) AS careful
  FROM v GROUP BY n
)"""


def _lines_sql() -> str:
    """Return, of contracts that need a second look, since when the start was shown, and the noes.

    Of the reports of one day the strongest that says anything speaks.
    """
    return """
WITH near AS (
  SELECT v.*, anchor, DATE '1800-01-01' + (anchor >> 43)::INTEGER AS anchor_on
  FROM v JOIN anchors USING (n) WHERE careful
), speaking AS (
  SELECT * FROM near WHERE NOT shared
  UNION ALL
  SELECT * EXCLUDE (last_of_day) FROM (
    SELECT *, max(rank) OVER (PARTITION BY n, day) AS last_of_day FROM near WHERE shared
  ) WHERE rank = last_of_day
), broken AS (
  SELECT n, max(rank) FILTER (NOT yes AND day < anchor_on) AS break_at FROM speaking GROUP BY n
), shown AS (
  SELECT n, min(shown_on) AS shown_by FROM speaking JOIN broken USING (n)
  WHERE yes AND day < anchor_on AND rank > coalesce(break_at, 0) GROUP BY n
)
SELECT n, any_value(shown_by) AS shown_by, list(day) FILTER (says = 'no') AS noes
FROM speaking LEFT JOIN shown USING (n) GROUP BY n"""


def _works_sql() -> str:
    """Return the first day, after a last sight of no start, on which something built was told."""
    return f"""
WITH open AS (
  SELECT n, DATE '1800-01-01' + (anchor >> 43)::INTEGER AS anchor_on
  FROM (FROM latest LEFT JOIN anchors USING (n)) WHERE says IS NULL OR says = 'no'
), stages AS (
  SELECT n, day, arg_max(stage, rank) AS stage FROM q SEMI JOIN open USING (n)
  WHERE stage IS NOT NULL GROUP BY n, day
)
SELECT n, min(day) AS works_on FROM (
  SELECT n, day FROM q WHERE floor_area_m2 > 0
  UNION ALL SELECT n, day FROM stages WHERE {PRODUCING}
) JOIN open USING (n) WHERE anchor_on IS NULL OR day > anchor_on GROUP BY n"""


def _starts_sql(day: str) -> str:
    """Return whether each contract has begun, since when, and the days that say it had not."""
    later = "CASE WHEN {0} <= {1} AND (anchor_on IS NULL OR {0} > anchor_on) THEN {0} END"
    built = ", ".join(
        later.format(name, day) for name in ("actual_completion_on", "completed_on",
                                             "in_production_on")
    )  # fmt: skip
    return f"""
WITH known AS (
  SELECT c.n, actual_start_on, actual_completion_on, completed_on, in_production_on, says,
    DATE '1800-01-01' + (anchor >> 43)::INTEGER AS anchor_on, works_on, coalesce(noes, []) AS noes,
    CASE WHEN careful THEN coalesce(least(shown_by, anchor_shown), anchor_shown)
      ELSE first_day END AS seen_by
  FROM c LEFT JOIN ends_told USING (n) LEFT JOIN anchors USING (n) LEFT JOIN lines USING (n)
    LEFT JOIN works USING (n)
), told AS (
  SELECT *, says IN ('yes', 'test') AS seen, says IN ('works_without_permit', 'missing:permit_on')
      AS unclear,
    CASE WHEN anchor_on IS NULL OR actual_start_on > anchor_on THEN actual_start_on END AS told_on,
    least({built}, works_on) AS built_on
  FROM known
), stated AS (
  SELECT *, CASE WHEN seen THEN true WHEN unclear THEN NULL WHEN told_on IS NOT NULL
      THEN told_on <= {day} WHEN built_on IS NOT NULL THEN true
      WHEN says = 'no' THEN false END AS begun,
    CASE WHEN seen THEN seen_by WHEN unclear THEN NULL
      WHEN told_on IS NOT NULL THEN CASE WHEN told_on <= {day} THEN told_on END
      ELSE built_on END AS begun_by
  FROM told
), bounded AS (
  SELECT *, CASE WHEN NOT begun AND told_on > {day} THEN list_append(noes, {day})
      WHEN len(noes) = 0 OR begun_by IS NULL THEN noes
      ELSE list_filter(noes, lambda d: d < begun_by) END AS earlier
  FROM stated
)
SELECT n, begun, begun_by, earlier,
  CASE WHEN begun AND actual_start_on <= begun_by
    AND coalesce(list_max(earlier) < actual_start_on, true) THEN actual_start_on END AS begun_on,
  CASE WHEN coalesce(begun, true) THEN NULL WHEN told_on > {day} THEN {day} ELSE anchor_on END
    AS not_begun_on,
  CASE WHEN unclear THEN says WHEN begun IS NULL THEN 'missing:started' END AS start_gap
FROM bounded"""


def _undone_sql() -> str:
    """Return completion: built first and last, seen unbuilt last, and last before it was built."""
    return f"""
WITH stages AS (
  SELECT n, day, arg_max(stage, rank) AS stage FROM q WHERE shared AND stage IS NOT NULL
  GROUP BY n, day
), of_shared AS (
  SELECT n, max(day) FILTER ({NOT_BUILT}) AS not_built_last,
    min(day) FILTER (stage >= {BUILT}) AS built_first,
    max(day) FILTER (stage >= {BUILT}) AS built_last
  FROM stages GROUP BY n
), ends AS (
  SELECT starts.n, greatest(lone_unbuilt_last, s.not_built_last) AS not_built_last,
    least(lone_built_first, s.built_first, in_production_on) AS built_first,
    greatest(lone_built_last, s.built_last, in_production_on) AS built_last, in_production_on
  FROM starts LEFT JOIN latest USING (n) LEFT JOIN of_shared s USING (n)
    LEFT JOIN ends_told USING (n)
), careful AS (
  SELECT n, built_last, in_production_on, earlier FROM ends JOIN starts USING (n)
  WHERE built_last IS NOT NULL
    AND (len(earlier) > 0 OR not_built_last >= built_last)
), days AS (
  SELECT n, day, arg_max(stage, rank) AS stage FROM q SEMI JOIN careful USING (n)
  WHERE stage IS NOT NULL GROUP BY n, day
), unbuilt AS (
  SELECT n, day FROM days WHERE {NOT_BUILT}
  UNION ALL
  SELECT n, day FROM (
    SELECT n, unnest(earlier) AS day, in_production_on FROM careful
  ) ANTI JOIN (SELECT n, day FROM days WHERE stage >= {BUILT}) USING (n, day)
  WHERE in_production_on IS NULL OR day <> in_production_on
), before AS (
  SELECT n, max(day) AS unbuilt_last, max(day) FILTER (day < built_last) AS unbuilt_before
  FROM unbuilt JOIN careful USING (n) GROUP BY n
)
SELECT ends.n, built_first, ends.built_last,
  CASE WHEN careful.n IS NOT NULL THEN unbuilt_last
    ELSE greatest(not_built_last, list_max(starts.earlier)) END AS unbuilt_last,
  CASE WHEN careful.n IS NOT NULL THEN unbuilt_before
    ELSE greatest(not_built_last, list_max(starts.earlier)) END AS unbuilt_before
FROM ends JOIN starts USING (n) LEFT JOIN careful USING (n) LEFT JOIN before USING (n)"""


def _unread_sql() -> str:
    """Return the cells that cannot be read, in order, as ` kind.column kind.column`."""
    told = ", ".join(
        f"CASE WHEN max(rank) FILTER (contains(';' || unreadable || ';', ';{name};'))"
        f" > coalesce(max(rank) FILTER ({name} IS NOT NULL), 0) THEN 'progress.{name}' END"
        for name in ("started", "works_without_permit", "foundation", *CELLS, "stat_year",
                     "tax_wan", "output_wan", "permit_on", "completed_on", "in_production_on",
                     *MEASURES)
    )  # fmt: skip
    return f"""
SELECT n, string_agg(cell, ' ' ORDER BY cell) AS cells FROM (
  SELECT n, 'contracts.' || unnest(string_split(unreadable, ';')) AS cell FROM c
  WHERE unreadable IS NOT NULL
  UNION ALL
  SELECT n, 'events.' || kind || '.' || unnest(string_split(unreadable, ';')) FROM e
  WHERE unreadable IS NOT NULL
  UNION ALL
  SELECT n, unnest(list_filter([{told}], lambda cell: cell IS NOT NULL))
  FROM q SEMI JOIN (SELECT n FROM latest WHERE unreadable) USING (n) GROUP BY n
) GROUP BY n"""
