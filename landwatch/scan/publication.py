"""What is published of a scan for maps: the ledger as it stood for that scan, and how it judged.

Records are merged as the scan merges them, and a parcel's zone is the one that the scan took. A
parcel stands as the gravest of the contracts that name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from landwatch.geo.overlay import locate_parcels
from landwatch.geo.told import outlines_now
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.lawbook.expressions.columnwise import literal, quoted
from landwatch.lawbook.policy import About
from landwatch.scan.dossier import aliases_sql, open_engine
from landwatch.scan.merge import merged_sql, told_columns
from landwatch.scan.standing import standing
from landwatch.scan.tables import keep
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Batches: TypeAlias = "Iterator[pa.RecordBatch]"
STANDING = ("gravity", "rules", "breaches", "to_verify", "due_soon", "limit_on", "days_past")
"""What a published row says of the scan."""
BESIDE: dict[Kind, tuple[str, ...]] = {
    Kind.ZONES: ("contracts", "contracts_in_breach", *STANDING),
    Kind.PARCELS: ("zone_name", "contracts", "holders", "projects", *STANDING),
    Kind.CONTRACTS: ("zone_name", *STANDING),
    Kind.PROGRESS: ("holder", "project_name"),
}
"""What stands in a published row beside the columns of its kind."""
_AT_ONCE = 5_000
_DRAWN = (Kind.ZONES, Kind.PARCELS)


def publication(
    store: Store, scan: ScanSummary, told: Callable[[str, int, int], None]
) -> Iterator[tuple[Kind, Batches]]:
    """Yield the rows to publish of each kind: its columns, those beside, and the geometry last.

    Of the reports only the latest of each contract is published, by the day of the scan.
    """
    engine = open_engine()
    records = {
        kind: store.columns(kind, known_at=scan.known_at, geometry=kind in _DRAWN)
        for kind in BESIDE
    }
    for kind, table in records.items():
        facts = table.drop_columns(["geometry"]) if kind in _DRAWN else table
        engine.register("told", facts)
        engine.execute(f"CREATE TEMP TABLE now_{kind} AS {merged_sql(kind, 'told')}")
        engine.unregister("told")
    _take_in(engine, store, scan, records)
    for done, (kind, sql) in enumerate(_selects(scan).items(), start=1):
        batches = engine.sql(sql).to_arrow_reader(_AT_ONCE)
        if kind in _DRAWN:
            yield kind, _drawn(batches, _ID[kind], outlines_now(records[kind], _ID[kind]))
        else:
            yield kind, iter(batches)
        told(str(kind), done, len(BESIDE))


_ID = {Kind.ZONES: "zone_id", Kind.PARCELS: "parcel_id"}


def _take_in(
    engine: duckdb.DuckDBPyConnection,
    store: Store,
    scan: ScanSummary,
    records: dict[Kind, pa.Table],
) -> None:
    """Make the tables that the published rows are put together from."""
    for about, table in standing(store, scan).items():
        keep(engine, f"standing_{about}", table)
    engine.register("places", locate_parcels(records[Kind.PARCELS], records[Kind.ZONES]))
    engine.execute(
        "CREATE TEMP TABLE located AS SELECT parcel_id, any_value(zone_id) AS zone_id"
        " FROM places GROUP BY parcel_id HAVING count(*) = 1 AND any_value(zone_id) <> ''"
    )
    engine.unregister("places")
    engine.execute(f"CREATE TEMP TABLE aliases AS {aliases_sql()}")


def _selects(scan: ScanSummary) -> dict[Kind, str]:
    """Return the SQL of the rows of each kind."""
    stands, gravest = (", ".join(f"{of}.{name}" for name in STANDING) for of in "sc")
    return {
        Kind.ZONES: f"""
SELECT {_facts(Kind.ZONES)}, coalesce(c.contracts, 0) AS contracts,
  coalesce(c.in_breach, 0) AS contracts_in_breach, {stands}
FROM now_zones r LEFT JOIN standing_{About.PARK} s ON s.id = r.zone_id
LEFT JOIN (SELECT zone_id, count(*) AS contracts, count(*) FILTER (breaches > 0) AS in_breach
  FROM standing_{About.CONTRACT} GROUP BY zone_id) c ON c.zone_id = r.zone_id
ORDER BY r.record_id""",
        Kind.PARCELS: f"""
SELECT {_facts(Kind.PARCELS, zone_id="coalesce(r.zone_id, l.zone_id)")}, z.name AS zone_name,
  c.contracts, c.holders, c.projects, {gravest}
FROM now_parcels r LEFT JOIN located l USING (parcel_id)
LEFT JOIN now_zones z ON z.zone_id = coalesce(r.zone_id, l.zone_id)
LEFT JOIN ({_of_parcels_sql()}) c ON c.parcel_id = r.parcel_id ORDER BY r.record_id""",
        Kind.CONTRACTS: f"""
SELECT {_facts(Kind.CONTRACTS, zone_id="coalesce(r.zone_id, s.zone_id)")}, z.name AS zone_name,
  {stands}
FROM now_contracts r LEFT JOIN standing_{About.CONTRACT} s ON s.id = r.contract_id
LEFT JOIN now_zones z ON z.zone_id = coalesce(r.zone_id, s.zone_id) ORDER BY r.record_id""",
        Kind.PROGRESS: f"""
SELECT {_facts(Kind.PROGRESS, contract_id="r.of_contract")}, c.holder, c.project_name FROM (
  SELECT *, coalesce(a.contract_id, p.contract_id) AS of_contract FROM now_progress p
  LEFT JOIN (SELECT number, contract_id FROM aliases) a ON a.number = p.contract_id
  WHERE p.observed_on <= {literal(scan.as_of)}
  QUALIFY row_number() OVER (PARTITION BY of_contract ORDER BY p.observed_on DESC,
    p.source = 'inspection' DESC NULLS LAST, p.record_id DESC) = 1) r
LEFT JOIN now_contracts c ON c.contract_id = r.of_contract ORDER BY r.of_contract""",
    }


def _facts(kind: Kind, **instead: str) -> str:
    """Return the columns of a kind, some of them worked out."""
    return ", ".join(
        f"{instead.get(column.name, 'r.' + quoted(column.name))} AS {quoted(column.name)}"
        for column in told_columns(kind)
    )


def _of_parcels_sql() -> str:
    """Return the SQL of what is said of each parcel by the contracts that name it."""
    gravest = ", ".join(
        f"first(s.{name} ORDER BY {_graver()}, c.contract_id) AS {name}"
        for name in ("gravity", "rules", "limit_on", "days_past")
    )
    summed = ", ".join(
        f"coalesce(CAST(sum(s.{name}) AS BIGINT), 0) AS {name}"
        for name in ("breaches", "to_verify", "due_soon")
    )
    return f"""
SELECT parcel_id, string_agg(c.contract_id, '; ' ORDER BY c.contract_id) AS contracts,
  string_agg(DISTINCT c.holder, '; ' ORDER BY c.holder) AS holders,
  string_agg(DISTINCT c.project_name, '; ' ORDER BY c.project_name) AS projects,
  {gravest}, {summed}
FROM (SELECT DISTINCT contract_id, holder, project_name,
    trim(unnest(string_split(parcel_id, ';'))) AS parcel_id
  FROM now_contracts WHERE parcel_id IS NOT NULL) c
LEFT JOIN standing_{About.CONTRACT} s ON s.id = c.contract_id GROUP BY parcel_id"""


def _graver() -> str:
    """Return the SQL of an order by gravity; what was not judged comes last."""
    each = " ".join(f"WHEN '{gravity}' THEN {gravity.rank}" for gravity in Gravity)
    return f"CASE s.gravity {each} ELSE 99 END"


def _drawn(batches: Iterable[pa.RecordBatch], key: str, outlines: dict[str, bytes]) -> Batches:
    """Yield rows with the outline of each as the ledger holds it now."""
    import pyarrow as pa

    for batch in batches:
        shapes = [outlines.get(one) for one in batch.column(key).to_pylist()]
        yield batch.append_column("geometry", pa.array(shapes, pa.large_binary()))
