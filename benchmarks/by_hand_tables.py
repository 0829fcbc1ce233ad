"""Contracts, reports and events by number, each key once (for by_hand)."""

from __future__ import annotations

TERMS = (
    "instrument", "price_wan", "area_m2", "area_mu", "signed_on", "delivered_on",
    "agreed_start_on", "agreed_completion_on", "actual_start_on", "actual_completion_on",
    "agreed_total_investment_wan", "agreed_total_investment_land_price_wan",
    "agreed_total_investment_taxes_wan", "agreed_intensity_wan_per_mu", "agreed_far_min",
    "agreed_far_max", "agreed_density_min", "agreed_tax_wan_per_mu", "agreed_output_wan_per_mu",
    "due_start_area_m2", "due_start_area_mu", "start_penalty_permille",
    "completion_penalty_permille", "contract_form",
)  # fmt: skip
NUMBERS = ("contract_no", "supervision_no", "parcel_id", "zone_id")
DAYS = ("permit_on", "suspended_since", "resumed_on", "completed_on", "in_production_on")
FIGURES = (
    "developed_area_m2",
    "invested_wan",
    "invested_land_price_wan",
    "invested_taxes_wan",
    "fixed_assets_wan",
    "fixed_land_price_wan",
    "floor_area_m2",
    "footprint_m2",
    "stage",
)
RARE = ("developed_area_mu", "suspended_since", "resumed_on")
MEASURES = (*FIGURES, *RARE)
STAGES = ("planned", "levelled", "under_construction", "halted_building", "trial_run",
          "in_production", "halted_production")  # fmt: skip
FOUNDATIONS = ("deep_pit", "piles", "deep_pit+piles", "other")
BUILT = 5
"""The first of the stages in which all is built; those after it are stages of production."""
WORKING = STAGES.index("under_construction") + 1
CELLS = ("pit_share", "piles_driven", "piles_total", "foundation_share")
PLAIN = ("started", "works_without_permit", "foundation", *CELLS, "stat_year", "tax_wan",
         "output_wan", *(name for name in MEASURES if name not in DAYS))  # fmt: skip
STRENGTHS = ("holder_report", "statistics", "remote_sensing", "permit_system", "inspection")
INSPECTED = len(STRENGTHS)


def steps(day: str) -> list[tuple[str, str]]:
    """Return the tables of what was told, each key once,."""
    return [
        ("twice", "SELECT key FROM told_contracts GROUP BY key HAVING count(*) > 1"),
        ("c", _contracts_sql()),
        ("numbered", _numbered_sql()),
        ("p", _reports_sql(day)),
        ("marks", _marks_sql()),
        ("apart", _apart_sql()),
        ("again", _again_sql()),
        ("q", _each_once_sql()),
        ("e", _events_sql(day)),
        ("happened", _happened_sql(day)),
        ("zone_of_parcel", "SELECT parcel_id, zone_id FROM told_parcels WHERE zone_id IS NOT NULL"),
        ("zones_by_parcel", _zones_sql()),
    ]


def _last(name: str) -> str:
    """Return the SQL of what the rows of one key come to in a column."""
    marked = " OR ".join(f"contains({mark}, ';{name};')" for mark in ("cleared", "unreadable"))
    return f"last({name} ORDER BY record_id) FILTER ({name} IS NOT NULL OR {marked}) AS {name}"


def _unread(names: tuple[str, ...]) -> str:
    """Return the SQL of the cells that stand unreadable when the rows of a key are one."""
    each = ", ".join(
        f"CASE WHEN max(record_id) FILTER (contains(unreadable, ';{name};'))"
        f" > coalesce(max(record_id) FILTER ({name} IS NOT NULL"
        f" OR contains(cleared, ';{name};')), 0) THEN '{name}' END"
        for name in names
    )
    return f"nullif(concat_ws(';', {each}), '') AS unreadable"


def _contracts_sql() -> str:
    names = ("contract_id", *NUMBERS, *TERMS)
    last = ", ".join(_last(name) for name in names)
    return f"""
SELECT record_id::INTEGER AS n, {", ".join(names)}, trim(unreadable, ';') AS unreadable
FROM told_contracts ANTI JOIN twice USING (key)
UNION ALL
SELECT min(record_id)::INTEGER, {last}, {_unread(names)}
FROM told_contracts SEMI JOIN twice USING (key) GROUP BY key"""


def _numbered_sql() -> str:
    """Return the number of the contract behind each number that reports and events name.

    Only what is no contract's own id is looked for among the other numbers.
    """
    return """
WITH strange AS (
  SELECT DISTINCT contract_id AS number
  FROM (SELECT contract_id FROM told_progress UNION ALL SELECT contract_id FROM told_events)
  WHERE contract_id NOT IN (SELECT contract_id FROM c)
)
SELECT contract_id AS number, n FROM c
UNION ALL
SELECT number, min(n) FROM (
  SELECT contract_no AS number, n FROM c WHERE contract_no IN (FROM strange)
  UNION ALL SELECT supervision_no, n FROM c WHERE supervision_no IN (FROM strange)
) GROUP BY number HAVING min(n) = max(n)"""


def _reports_sql(day: str) -> str:
    """Return the reports by the day: their order in one number, days that are to come unsaid."""
    strength = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(STRENGTHS, 1))
    told = ", ".join(f"CASE WHEN {name} <= {day} THEN {name} END AS {name}" for name in DAYS)
    stages = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(STAGES, 1))
    kinds = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(FOUNDATIONS, 1))
    plain = ", ".join(name for name in PLAIN if name not in ("stage", "foundation"))
    return f"""
SELECT *, ((day - DATE '1800-01-01')::BIGINT << 43) + (strength::BIGINT << 40) + record_id AS rank
FROM (
  SELECT n, observed_on AS day, record_id,
    (CASE source {strength} ELSE 0 END)::TINYINT AS strength, {told}, {plain},
    (CASE stage {stages} END)::INTEGER AS stage,
    (CASE foundation {kinds} END)::TINYINT AS foundation
  FROM told_progress JOIN numbered ON contract_id = number WHERE observed_on <= {day}
) ORDER BY n"""


def _marks_sql() -> str:
    return """
SELECT record_id, cleared, unreadable FROM told_progress
WHERE cleared IS NOT NULL OR unreadable IS NOT NULL"""


def _apart_sql() -> str:
    """Return the contracts with two reports of one day, or with a report that bears a mark."""
    return """
SELECT DISTINCT n FROM p GROUP BY n, day HAVING count(*) > 1
UNION SELECT n FROM p SEMI JOIN marks USING (record_id)"""


def _again_sql() -> str:
    """Return all reports of those contracts, those of one key made one."""
    names = (*DAYS, *PLAIN)
    plain = ", ".join(names)
    return f"""
WITH near AS (
  SELECT p.*, key FROM p SEMI JOIN apart USING (n)
  JOIN (SELECT record_id, hash(key) AS key FROM told_progress) USING (record_id)
), marked AS (FROM near LEFT JOIN marks USING (record_id)),
keys AS (SELECT key, n FROM near GROUP BY key, n HAVING count(*) > 1)
SELECT n, day, strength, rank, trim(unreadable, ';') AS unreadable, {plain}
FROM marked ANTI JOIN keys USING (key, n)
UNION ALL
SELECT any_value(n), any_value(day), any_value(strength), max(rank), {_unread(names)},
  {", ".join(_last(name) for name in names)}
FROM marked SEMI JOIN keys USING (key, n) GROUP BY key, n"""


def _each_once_sql() -> str:
    names = ", ".join(("n", "day", "rank", "strength", *DAYS, *PLAIN))
    return f"""
SELECT {names}, NULL AS unreadable, false AS shared FROM p ANTI JOIN apart USING (n)
UNION ALL
SELECT {names}, unreadable, true FROM again"""


def _events_sql(day: str) -> str:
    names = ("kind", "until", "cause", "verified", "agreed_start_on", "agreed_completion_on")
    wanted = "kind IN ('amendment', 'delivery', 'delay')"
    return f"""
WITH told AS (
  SELECT n, "on", record_id, hash(key) AS key, cleared, unreadable, {", ".join(names)}
  FROM told_events JOIN numbered ON contract_id = number WHERE "on" <= {day} AND {wanted}
), twice AS (SELECT key FROM told GROUP BY key HAVING count(*) > 1)
SELECT n, "on", record_id, trim(unreadable, ';') AS unreadable, {", ".join(names)} FROM told
WHERE key NOT IN (FROM twice)
UNION ALL
SELECT any_value(n), any_value("on"), max(record_id), {_unread(names)},
  {", ".join(_last(name) for name in names)}
FROM told WHERE key IN (FROM twice) GROUP BY key"""


def _happened_sql(day: str) -> str:
    """Return what amendments, handovers and verified delays of a contract come to."""
    government = "cause IN ('G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'FM')"
    statute = "cause IN ('G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'FM', 'P')"
    lasts = f"(until IS NULL OR until >= {day})"
    stands = "(amended IS NULL OR amended <= until)"
    rank = "((\"on\" - DATE '1800-01-01')::BIGINT << 40) + record_id"
    return f"""
WITH delays AS (
  SELECT d.*, {rank} AS rank, amended
  FROM e d LEFT JOIN (
    SELECT n, max("on") AS amended FROM e
    WHERE kind = 'amendment' AND agreed_start_on IS NOT NULL GROUP BY n
  ) USING (n) WHERE kind = 'delay' AND verified
), delayed AS (
  SELECT n, arg_max(cause, rank) FILTER ({government} AND {lasts}) AS delay,
    arg_max(cause, rank) FILTER ({statute} AND {lasts}) AS statute_delay,
    bool_or({government} AND until < {day} AND {stands}) AS mixed,
    bool_or({statute} AND until < {day} AND {stands}) AS statute_mixed,
    bool_or(cause IS NULL AND ({lasts} OR {stands})) AS cause_untold
  FROM delays GROUP BY n
), others AS (
  SELECT n, arg_max(agreed_start_on, {rank}) FILTER (kind = 'amendment') AS amended_start_on,
    arg_max(agreed_completion_on, {rank}) FILTER (kind = 'amendment') AS amended_completion_on,
    max("on") FILTER (kind = 'amendment') AS amended_on,
    max("on") FILTER (kind = 'delivery') AS handover_on,
    string_agg('events.' || kind || '.' || unreadable, ' ') FILTER (unreadable IS NOT NULL)
      AS unread_events
  FROM e GROUP BY n
)
FROM others LEFT JOIN delayed USING (n)"""


def _zones_sql() -> str:
    """Return the zone of contracts that name none, where all their parcels lie in one."""
    return """
SELECT n, CASE WHEN min(p.zone_id) = max(p.zone_id) THEN min(p.zone_id) END AS zone_id
FROM (SELECT n, trim(unnest(string_split(parcel_id, ';'))) AS parcel_id FROM c
      WHERE zone_id IS NULL AND parcel_id IS NOT NULL)
JOIN zone_of_parcel p USING (parcel_id) GROUP BY n"""
