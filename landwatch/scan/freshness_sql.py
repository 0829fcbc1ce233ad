"""The tables behind freshness, in DuckDB: the land in force, and who was seen when by whom.

A report counts for the day it was observed on, whenever it was recorded. A row that supersedes
another has the same contract, day and source, so reports need no merging to be counted.
"""

from __future__ import annotations

from datetime import date

from landwatch.language.columns import Kind
from landwatch.language.terms import ProgressSource
from landwatch.lawbook.expressions.columnwise import literal
from landwatch.scan.dossier import zoned_sql
from landwatch.scan.merge import listed, merged_sql
from landwatch.scan.periods import Period

COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.CONTRACTS: (
        "contract_id", "contract_no", "supervision_no", "parcel_id", "zone_id", "holder",
        "project_name", "signed_on", "supplied_on", "actual_completion_on",
    ),
    Kind.PARCELS: ("parcel_id", "zone_id"),
    Kind.ZONES: ("zone_id", "name"),
    Kind.PROGRESS: ("contract_id", "observed_on", "source", "inspector", "completed_on"),
}  # fmt: skip
"""What freshness reads of each kind; events come as files only."""

RECORD_BITS = 40
SOURCE_BITS = 3
DAY_SHIFT = RECORD_BITS + SOURCE_BITS
ORIGIN = date(1800, 1, 1)
"""A report's order is one number: its day since then, its source's strength, its record."""

ENDLESS = ProgressSource.STATISTICS
"""Figures of output and tax are expected of a finished project too; other reports end with it."""


def steps(as_of: date) -> list[tuple[str, str]]:
    """Return the tables to make, in order; `told_…` and `located` are there."""
    merged = (Kind.CONTRACTS, Kind.PARCELS, Kind.ZONES)
    return [
        *((f"now_{kind}", merged_sql(kind, f"told_{kind}", COLUMNS[kind])) for kind in merged),
        ("strangers", _STRANGERS),
        ("named", _named_sql()),
        ("zoned", zoned_sql()),
        ("sightings", _sightings_sql(as_of)),
        ("finished", _finished_sql(as_of)),
        ("seen", _seen_sql()),
        ("land", _land_sql(as_of)),
    ]


_STRANGERS = (
    "SELECT DISTINCT contract_id FROM told_progress ANTI JOIN now_contracts USING (contract_id)"
)
"""Names in reports that are no contract's id."""


def _named_sql() -> str:
    """Return the other numbers by which reports name a contract (few, or none).

    As everywhere: a number that is no contract's id, and means one contract and no other.
    """
    numbers = " UNION ALL ".join(
        f"SELECT {name} AS number, c.contract_id FROM now_contracts c"
        f" SEMI JOIN strangers s ON s.contract_id = c.{name}"
        for name in ("contract_no", "supervision_no")
    )
    return f"""
SELECT number, any_value(contract_id) AS contract_id FROM ({numbers})
GROUP BY number HAVING count(DISTINCT contract_id) = 1"""


def _sightings_sql(as_of: date) -> str:
    """Return the reports on known contracts; `rank` is their order: day, source, recording.

    The key is carried of those alone that say something of the completion: of few.
    """
    cases = " ".join(f"WHEN {literal(str(one))} THEN {one.strength}" for one in ProgressSource)
    return f"""
SELECT contract_id, z.zone_id, observed_on, source, record_id, import_id, completed_on,
  (CAST(observed_on - {literal(ORIGIN)} AS BIGINT) << {DAY_SHIFT})
    + (CAST(CASE source {cases} ELSE 0 END AS BIGINT) << {RECORD_BITS}) + record_id AS rank,
  contains(coalesce(unreadable, ''), ';completed_on;') AS unreadable,
  contains(coalesce(cleared, ''), ';completed_on;') AS cleared,
  CASE WHEN completed_on IS NOT NULL OR contains(coalesce(unreadable, ''), ';completed_on;')
    OR contains(coalesce(cleared, ''), ';completed_on;') THEN key END AS key
FROM (
  SELECT p.* REPLACE (coalesce(a.contract_id, p.contract_id) AS contract_id)
  FROM told_progress p LEFT JOIN named a ON a.number = p.contract_id
  WHERE observed_on <= {literal(as_of)}
) JOIN zoned z USING (contract_id)"""


def _finished_sql(as_of: date) -> str:
    """Return the day of completion that the latest report tells; an unreadable one tells none."""
    return f"""
SELECT contract_id, last(completed_on ORDER BY rank) AS finished_on FROM (
  SELECT contract_id, last(completed_on ORDER BY record_id) AS completed_on,
    last(cleared ORDER BY record_id) AS cleared, max(rank) AS rank
  FROM sightings WHERE completed_on IS NOT NULL OR unreadable OR cleared
  GROUP BY contract_id, key
) WHERE NOT cleared AND (completed_on IS NULL OR completed_on <= {literal(as_of)})
GROUP BY contract_id"""


def _seen_sql() -> str:
    of = f"(rank >> {RECORD_BITS}) & {(1 << SOURCE_BITS) - 1}"
    cases = " ".join(f"WHEN {one.strength} THEN {literal(str(one))}" for one in ProgressSource)
    day = f"{literal(ORIGIN)} + CAST(rank >> {DAY_SHIFT} AS INTEGER)"
    return f"""
SELECT contract_id, {day} AS seen_on, CASE {of} {cases} END AS seen_by
FROM (SELECT contract_id, max(rank) AS rank FROM sightings GROUP BY contract_id)"""


def _land_sql(as_of: date) -> str:
    """Return each contract with its zone, since when it is in force, and when it was finished."""
    told = f"CASE WHEN actual_completion_on <= {literal(as_of)} THEN actual_completion_on END"
    return f"""
SELECT c.contract_id, z.zone_id, c.holder, c.project_name,
  coalesce(c.signed_on, c.supplied_on) AS since,
  coalesce({told}, f.finished_on) AS finished_on, s.seen_on, s.seen_by
FROM now_contracts c
JOIN zoned z USING (contract_id)
LEFT JOIN finished f USING (contract_id)
LEFT JOIN seen s USING (contract_id)"""


def due_sql(source: ProgressSource, period: Period) -> str:
    """Return the contracts of which a source was to report on a period, and whether it did.

    Those in force on its first day (one that tells no day of signing is), and not finished before.
    """
    start, end = literal(period.start), literal(period.end)
    unfinished = f"(finished_on IS NULL OR finished_on >= {start})"
    return f"""
SELECT land.*, told.contract_id IS NOT NULL AS covered
FROM land LEFT JOIN (
  SELECT DISTINCT contract_id FROM sightings
  WHERE source = {literal(str(source))} AND observed_on BETWEEN {start} AND {end}
) told USING (contract_id)
WHERE (since IS NULL OR since <= {start}) AND {"true" if source is ENDLESS else unfinished}"""


def within(zone_id: str | None, besides: tuple[str, ...]) -> str:
    """Return the condition that a contract lies where a source is expected."""
    if zone_id is not None:
        return f"zone_id IN ({listed([zone_id])})"
    return f"(zone_id IS NULL OR zone_id NOT IN ({listed(besides)}))" if besides else "true"


def latest_sql(source: ProgressSource, where: str) -> str:
    """Return the last day that a source reports of known contracts, and the import that told it."""
    return f"""
SELECT max(observed_on), arg_max(import_id, rank) FROM sightings
WHERE source = {literal(str(source))} AND {where}"""


def ages_sql(as_of: date, bands: tuple[int, ...]) -> str:
    """Return by zone how old the latest evidence of each contract is, in bands of days.

    Columns: zone_id, a count for each band, older, never, finished, later; a contract counts once.
    """
    day = literal(as_of)
    age = f"({day} - seen_on)"
    here = f"coalesce(since <= {day}, true)"
    building = f"{here} AND finished_on IS NULL"
    edges = (-1, *bands)
    of_band = [
        f"count(*) FILTER ({building} AND {age} > {low} AND {age} <= {high})"
        for low, high in zip(edges, bands, strict=False)
    ]
    return f"""
SELECT zone_id, {", ".join(of_band)},
  count(*) FILTER ({building} AND {age} > {bands[-1]}),
  count(*) FILTER ({building} AND seen_on IS NULL),
  count(*) FILTER ({here} AND finished_on IS NOT NULL), count(*) FILTER (NOT {here})
FROM land GROUP BY zone_id ORDER BY zone_id NULLS LAST"""
