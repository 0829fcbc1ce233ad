"""The dossiers of a day, opened once for many contracts, with the records that told each fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from landwatch.language.columns import Kind
from landwatch.lawbook.expressions.rowwise import Facts, Payment, Value
from landwatch.lawbook.policy import About
from landwatch.scan.account import Account
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.known import ledger_at
from landwatch.scan.merge import listed
from landwatch.scan.sources import Records, Told, told_facts
from landwatch.scan.told_rows import records_sql
from landwatch.scan.used import used_facts
from landwatch.store import MirroredRows, Store

if TYPE_CHECKING:
    import duckdb

Subject = tuple[About, str]
"""What a finding speaks of: a contract or a park, and its id."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts of one contract (or park) on the day, and every record that told them."""

    facts: Facts
    records: Records


class Reading:
    """The dossiers of a day, opened once for many contracts; a context manager."""

    def __init__(
        self, store: Store, as_of: date, known_at: datetime | None, ledger: Ledger | None = None
    ) -> None:
        """Gather the facts that the store knew at a moment, as of a day; `ledger` if it is read."""
        self._store, self._known_at = store, known_at
        self._ledger: Ledger = ledger or ledger_at(store, known_at)
        self._engine: duckdb.DuckDBPyConnection = open_engine(self._ledger)
        gather(self._engine, self._ledger, as_of)
        for kind, rows in self._ledger.records.items():
            if isinstance(rows, MirroredRows):
                whole = records_sql(self._engine, kind, rows)
                self._engine.execute(f"CREATE TEMP VIEW records_{kind.value} AS {whole}")
            else:
                self._engine.register(f"records_{kind.value}", rows)

    @property
    def ledger(self) -> Ledger:
        """Return what was read of the store."""
        return self._ledger

    def __enter__(self) -> Reading:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the engine."""
        self._engine.close()

    def contracts(self) -> list[dict[str, Any]]:
        """Return who holds what where: one row a contract, for maps and reports."""
        return self._rows(
            "SELECT contract_id, parcel_id, zone_id, holder, project_name, location, division,"
            " land_use, industry_code, industry_edition, area_mu, instrument FROM dossiers"
        )

    def zones(self) -> list[dict[str, Any]]:
        """Return the zones as the ledger has them now."""
        return self._rows("SELECT zone_id, name, level FROM now_zones ORDER BY zone_id")

    def parcels(self) -> list[dict[str, Any]]:
        """Return the parcels with the zone they are told to be in, or lie in."""
        return self._rows(
            "SELECT p.parcel_id, coalesce(p.zone_id, l.zone_id) AS zone_id, p.land_use, p.area_m2"
            " FROM now_parcels p LEFT JOIN (SELECT parcel_id, any_value(zone_id) AS zone_id"
            " FROM located GROUP BY parcel_id HAVING count(*) = 1) l USING (parcel_id)"
            " ORDER BY p.parcel_id"
        )

    def dossiers_of(self, subjects: Sequence[Subject]) -> dict[Subject, Dossier]:
        """Return the dossiers of contracts and parks."""
        contracts = [name for about, name in subjects if about is About.CONTRACT]
        parks = [name for about, name in subjects if about is About.PARK]
        found = {(About.CONTRACT, name): one for name, one in self.dossiers(contracts).items()}
        return found | {(About.PARK, name): one for name, one in self.parks(parks).items()}

    def parks(self, zone_ids: Sequence[str]) -> dict[str, Dossier]:
        """Return the dossier of each of these parks that the ledger holds."""
        among = f"zone_id IN ({listed(zone_ids)})" if zone_ids else "FALSE"
        told: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows(f"SELECT * FROM records_zones WHERE {among} ORDER BY record_id"):
            told.setdefault(row["zone_id"], []).append(row)
        return {
            row["zone_id"]: Dossier(
                {name: exact(value) for name, value in row.items()},
                Records(contract=[], progress=[], events=[], zone=told.get(row["zone_id"], [])),
            )
            for row in self._rows(f"SELECT * FROM parks WHERE {among}")
        }

    def dossiers(self, contract_ids: Sequence[str]) -> dict[str, Dossier]:
        """Return the dossier of each of these contracts that the ledger holds."""
        among = f"contract_id IN ({listed(contract_ids)})" if contract_ids else "FALSE"
        found = {
            row["contract_id"]: row for row in self._rows(f"SELECT * FROM dossiers WHERE {among}")
        }
        told = {
            kind: self._by_contract(kind, among)
            for kind in (Kind.CONTRACTS, Kind.PROGRESS, Kind.EVENTS)
        }
        zone_rows: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows("SELECT * FROM records_zones ORDER BY record_id"):
            zone_rows.setdefault(row["zone_id"], []).append(row)
        return {
            contract_id: Dossier(
                {name: exact(value) for name, value in row.items()},
                Records(
                    contract=told[Kind.CONTRACTS].get(contract_id, []),
                    progress=told[Kind.PROGRESS].get(contract_id, []),
                    events=told[Kind.EVENTS].get(contract_id, []),
                    zone=zone_rows.get(row["zone_id"], []),
                ),
            )
            for contract_id, row in found.items()
        }

    def places(self, dossiers: Iterable[Dossier]) -> dict[tuple[Kind, int], Any]:
        """Return where each record of these dossiers was read."""
        wanted: dict[Kind, set[int]] = {kind: set() for kind in Kind}
        for dossier in dossiers:
            for kind, rows in (
                (Kind.CONTRACTS, dossier.records.contract),
                (Kind.PROGRESS, dossier.records.progress),
                (Kind.EVENTS, dossier.records.events),
                (Kind.ZONES, dossier.records.zone),
            ):
                wanted[kind] |= {row["record_id"] for row in rows}
        return {
            (kind, record_id): place
            for kind, ids in wanted.items()
            if ids
            for record_id, place in self._store.places(
                kind, sorted(ids), known_at=self._known_at
            ).items()
        }

    def told(self, taken: Account, dossier: Dossier) -> list[Told]:
        """Return the told facts that an account used."""
        return told_facts(used_facts(taken), dossier.records, taken.as_of)

    def _by_contract(self, kind: Kind, among: str) -> dict[str, list[dict[str, Any]]]:
        grouped: dict[str, list[dict[str, Any]]] = {}
        named = (
            f"SELECT r.* REPLACE (coalesce(a.contract_id, r.contract_id) AS contract_id)"
            f" FROM records_{kind.value} r LEFT JOIN aliases a ON a.number = r.contract_id"
        )
        sql = f"SELECT * FROM ({named}) WHERE {among} ORDER BY record_id"
        for row in self._rows(sql):
            grouped.setdefault(row["contract_id"], []).append(row)
        return grouped

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._engine.sql(sql).to_arrow_table().to_pylist()
        return rows


def exact(value: Any) -> Value:
    """Return a value of the dossiers as the rule language has it: numbers as fractions."""
    match value:
        case bool() | None | str() | date():
            return value
        case Decimal() | int():
            return Fraction(value)
        case [str(), *_]:
            return ";".join(value)
        case list():
            return tuple(
                Payment(paid["on"], Fraction(paid["amount_wan"]))
                for paid in value
                if paid["amount_wan"] is not None
            )
        case _:
            raise TypeError(f"a dossier holds {value!r}")
