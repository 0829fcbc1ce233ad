"""How each contract and each park stands after a scan: its gravest outcome, and what says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About
from landwatch.scan.dossier import open_engine
from landwatch.scan.kept import kept_outcomes
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_KEYS = {About.CONTRACT: "contract_id", About.PARK: "zone_id"}
_LOUD = Gravity.NOT_DUE.rank
"""From here on an outcome is quiet: which rules said it is not told."""


def standing(store: Store, scan: ScanSummary) -> dict[About, pa.Table]:
    """Return one row for each contract, and for each park: how it stands by the scan's outcomes.

    Columns: `id`, `zone_id` (as the scan saw it), `gravity` and the `rules` that say so (joined by
    `; `, blank where nothing has to be looked at), how many rules come to `breaches`, `to_verify`
    and `due_soon`; of the gravest the earliest `limit_on` and the most `days_past`. One rule after
    another is folded in, so memory does not grow with their number.
    """
    engine = open_engine()
    for about in _KEYS:
        engine.execute(
            f"CREATE TEMP TABLE of_{about} (id VARCHAR, zone_id VARCHAR, rank TINYINT,"
            " rules VARCHAR, limit_on DATE, days_past BIGINT, breaches BIGINT, to_verify BIGINT,"
            " due_soon BIGINT)"
        )
    for kept in kept_outcomes(store, scan):
        _fold(engine, kept.about, kept.rule, kept.table)
    return {
        about: engine.sql(
            f"SELECT id, zone_id, {_gravity_sql()} AS gravity, rules, limit_on, days_past,"
            f" breaches, to_verify, due_soon FROM of_{about} ORDER BY id"
        ).to_arrow_table()
        for about in _KEYS
    }


def _fold(engine: duckdb.DuckDBPyConnection, about: About, rule: str, table: pa.Table) -> None:
    names = [_KEYS[about], "status", "to_verify", "limit_on", "days_past"]
    if about is About.CONTRACT:
        names.append("zone_id")
    engine.register("kept", table.select(names))
    loud = f"CASE WHEN rank < {_LOUD} THEN '{rule}' END"
    engine.execute(f"""
CREATE OR REPLACE TEMP TABLE of_{about} AS
SELECT coalesce(s.id, n.id) AS id, coalesce(s.zone_id, n.zone_id) AS zone_id,
  least(s.rank, n.rank) AS rank,
  CASE WHEN s.rank IS NULL OR n.rank < s.rank THEN n.rule
    WHEN n.rank = s.rank THEN s.rules || '; ' || n.rule ELSE s.rules END AS rules,
  CASE WHEN s.rank IS NULL OR n.rank < s.rank THEN n.limit_on
    WHEN n.rank = s.rank THEN least(s.limit_on, n.limit_on) ELSE s.limit_on END AS limit_on,
  CASE WHEN s.rank IS NULL OR n.rank < s.rank THEN n.days_past
    WHEN n.rank = s.rank THEN greatest(s.days_past, n.days_past) ELSE s.days_past END AS days_past,
  {_counted("breaches", Gravity.BREACH)}, {_counted("to_verify", Gravity.TO_VERIFY)},
  {_counted("due_soon", Gravity.DUE_SOON)}
FROM of_{about} s FULL JOIN (
  SELECT *, {loud} AS rule FROM (
    SELECT {_KEYS[about]} AS id, zone_id, limit_on, CAST(days_past AS BIGINT) AS days_past,
      {_rank_sql()} AS rank FROM kept)
) n ON n.id = s.id""")
    engine.unregister("kept")


def _counted(name: str, gravity: Gravity) -> str:
    one = f"CAST(coalesce(n.rank = {gravity.rank}, false) AS BIGINT)"
    return f"coalesce(s.{name}, 0) + {one} AS {name}"


def _rank_sql() -> str:
    """Return the SQL of the place of an outcome in the order of gravity."""
    each = " ".join(
        f"WHEN status = '{gravity}' THEN {gravity.rank}"
        for gravity in Gravity
        if gravity is not Gravity.TO_VERIFY
    )
    told = f"WHEN status = '{Gravity.UNKNOWN}' AND to_verify THEN {Gravity.TO_VERIFY.rank}"
    return f"CAST(CASE {told} {each} END AS TINYINT)"


def _gravity_sql() -> str:
    each = " ".join(f"WHEN {gravity.rank} THEN '{gravity}'" for gravity in Gravity)
    return f"CASE rank {each} END"
