"""Where the ledger speaks against itself: evidence of a start, and names that lead nowhere.

The scan decides by the order of ledger.md §2; here stands what it had to pass over, for a person to
look at. Asked of an engine in which the dossiers of a day were gathered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from landwatch.lawbook.expressions.columnwise import literal

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something of a contract, parcel or zone (`key`) that does not fit; `told` fills its words."""

    code: str
    key: str
    told: Mapping[str, Any]


def contradictions(engine: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[Contradiction]:
    """Yield every contradiction of the ledger, kind by kind, in order of the keys."""
    for code, sql in _questions(as_of).items():
        result = engine.sql(f"SELECT * FROM ({sql}) ORDER BY ALL")
        for key, *values in result.fetchall():
            yield Contradiction(code, str(key), dict(zip(result.columns[1:], values, strict=True)))


def _questions(as_of: date) -> dict[str, str]:
    return {
        "start_denied": _DENIED,
        "start_test_not_met": _TEST_NOT_MET,
        "start_denied_later": _DENIED_LATER,
        "start_sources_disagree": _SOURCES_DISAGREE,
        "start_told_later": _told_later_sql(as_of),
        "works_before_start": _WORKS_BEFORE,
        "contract_unknown": _STRANGERS,
        "parcel_unknown": _named_sql("parcel_id", "parcels"),
        "zone_unknown": _ZONES_UNKNOWN,
        "parcel_without_contract": _UNNAMED,
        "contract_without_parcel": "SELECT contract_id FROM now_contracts WHERE parcel_id IS NULL",
    }


_DENIED = """
SELECT contract_id, s.anchor_on AS seen_on, d.start_contradicted_on AS other_on
FROM dossiers d JOIN starts s USING (contract_id) WHERE d.start_contradicted_on IS NOT NULL"""
"""The last report says that nothing was begun, and an older start or finished works were told."""

_TEST_NOT_MET = """
SELECT contract_id, min(r.observed_on) AS seen_on, count(*) AS reports
FROM verdicts r WHERE r.started AND r.verdict = 'not_met' GROUP BY contract_id"""
"""A report says "started" where its own foundation figures miss the legal test."""

_DENIED_LATER = """
SELECT contract_id, anchor_on AS shown_on,
  list_max(list_filter(no_days, lambda d: d > anchor_on)) AS denied_on
FROM starts WHERE stays AND len(list_filter(no_days, lambda d: d > anchor_on)) > 0"""
"""A start shown by the legal test or an inspection stays shown; a later report says no."""

_SOURCES_DISAGREE = """
SELECT contract_id, observed_on AS seen_on,
  string_agg(DISTINCT source, ';' ORDER BY source)
    FILTER (verdict IN ('yes', 'legal_test')) AS yes_by,
  string_agg(DISTINCT source, ';' ORDER BY source)
    FILTER (verdict IN ('no', 'not_met')) AS no_by
FROM verdicts GROUP BY contract_id, observed_on
HAVING bool_or(verdict IN ('yes', 'legal_test')) AND bool_or(verdict IN ('no', 'not_met'))"""

_WORKS_BEFORE = """
SELECT contract_id, c.actual_start_on AS told_on,
  least(d.completion_on, d.completion_seen_by_on, d.production_on, d.production_seen_by_on)
    AS works_on
FROM dossiers d JOIN now_contracts c USING (contract_id)
WHERE least(d.completion_on, d.completion_seen_by_on, d.production_on, d.production_seen_by_on)
  < c.actual_start_on"""
"""Completed or producing before the start that the contract tells."""

_STRANGERS = """
SELECT contract_id, sum(reports) AS reports, sum(events) AS events FROM (
  SELECT contract_id, 1 AS reports, 0 AS events FROM strangers
  UNION ALL SELECT contract_id, 0, 1 FROM now_events
) WHERE contract_id NOT IN (SELECT contract_id FROM now_contracts) GROUP BY contract_id"""

_ZONES_UNKNOWN = """
SELECT zone_id, sum(contracts) AS contracts, sum(parcels) AS parcels FROM (
  SELECT zone_id, 1 AS contracts, 0 AS parcels FROM now_contracts
  UNION ALL SELECT zone_id, 0, 1 FROM now_parcels
) WHERE zone_id IS NOT NULL AND zone_id NOT IN (SELECT zone_id FROM now_zones) GROUP BY zone_id"""

_PARCELS_NAMED = """
SELECT contract_id, trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
FROM now_contracts WHERE parcel_id IS NOT NULL"""

_UNNAMED = f"""
SELECT parcel_id FROM now_parcels
WHERE parcel_id NOT IN (SELECT parcel_id FROM ({_PARCELS_NAMED}))"""


def _named_sql(column: str, table: str) -> str:
    """Return the contracts that name a parcel which the ledger does not hold, a row each pair."""
    return f"""
SELECT contract_id, {column} AS named FROM ({_PARCELS_NAMED})
WHERE {column} <> '' AND {column} NOT IN (SELECT {column} FROM now_{table})"""


def _told_later_sql(as_of: date) -> str:
    """Return the contracts that tell a later start than somebody saw."""
    return f"""
SELECT contract_id, d.started_by_on AS seen_on, c.actual_start_on AS told_on
FROM dossiers d JOIN now_contracts c USING (contract_id)
WHERE d.start_shown AND d.start_basis IN ('legal_test', 'inspection', 'report')
  AND c.actual_start_on > d.started_by_on AND c.actual_start_on <= {literal(as_of)}"""
