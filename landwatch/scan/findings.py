"""Findings that go out: outcomes of a kept scan with the clause, the facts and the words.

Words and facts are rendered here when asked for, from the records that the scan knew, by the scalar
twin of the rule; the outcome itself is the one that was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity
from landwatch.lawbook.expressions.rowwise import Facts, Payment, Value
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.scan.account import Account, account, scope_of
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.explain import brief, used_facts
from landwatch.scan.kept import KeptOutcomes, kept_outcomes, ledger_at
from landwatch.scan.merge import listed
from landwatch.scan.sources import Records, Told, told_facts
from landwatch.store import ScanSummary, Store
from landwatch.units import rounded

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FINDING_COLUMNS: tuple[str, ...] = (
    "contract_id", "parcel_id", "zone_id", "rule", "policy", "policy_version", "authority",
    "status", "reason", "to_verify", "measured", "threshold", "unit", "margin", "clock_from",
    "limit_on", "days_past", "remedies", "amount_wan", "article", "quote", "explanation_zh",
    "explanation_en", "facts", "as_of", "scan_id",
)  # fmt: skip
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for; nothing named means all."""

    statuses: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    about: About | None = None


Subject = tuple[About, str]
"""What a finding speaks of: a contract or a park, and its id."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts of one contract (or park) on the day, and every record that told them."""

    facts: Facts
    records: Records


def outcomes_of(store: Store, scan: ScanSummary, wanted: Wanted) -> Iterator[KeptOutcomes]:
    """Return the wanted outcomes of a scan, rule by rule, without words.

    Where contracts are named, rules about parks are left out.
    """
    import pyarrow.compute as pc

    for kept in kept_outcomes(store, scan):
        if wanted.rules and kept.rule not in wanted.rules:
            continue
        if kept.about is not (wanted.about or kept.about):
            continue
        if wanted.contracts and kept.about is About.PARK:
            continue
        table = kept.table
        for column, names in (
            ("status", wanted.statuses),
            ("zone_id", wanted.zones),
            ("contract_id", wanted.contracts),
        ):
            if names:
                table = table.filter(pc.is_in(table.column(column), _values(names)))
        yield KeptOutcomes(kept.rule, kept.policy, table, kept.about)


def _values(names: Iterable[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(sorted(names), type=pa.string())


def findings(
    store: Store, scan: ScanSummary, shelf: Mapping[str, Policy], wanted: Wanted
) -> Iterator[dict[str, Any]]:
    """Return the wanted findings in order of contract and rule, with every column of ledger.md §3.

    Findings about parks come last, in order of zone and rule.

    Dates are dates, numbers Decimal, lists lists; `facts` names file, sheet and row of each fact.
    """
    rows: dict[Subject, list[tuple[KeptOutcomes, dict[str, Any]]]] = {}
    for kept in outcomes_of(store, scan, wanted):
        for row in kept.table.to_pylist():
            rows.setdefault(subject_of(kept, row), []).append((kept, row))
    order = sorted(rows, key=lambda subject: (subject[0] is About.PARK, subject[1]))
    with Reading(store, scan.as_of, scan.known_at) as reading:
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            dossiers = reading.dossiers_of(chunk)
            places = reading.places(dossiers.values())
            for subject in chunk:
                pairs = sorted(rows[subject], key=lambda pair: pair[0].rule)
                for kept, row in pairs:
                    policy = shelf.get(kept.policy)
                    rule = policy.rule(kept.rule) if policy else None
                    if policy is None or rule is None:
                        continue
                    dossier = dossiers[subject]
                    yield _finding(scan, policy, rule, row, dossier, places)


def subject_of(kept: KeptOutcomes, row: Mapping[str, Any]) -> Subject:
    """Return what an outcome speaks of: a contract or a park, with its id."""
    return kept.about, row["zone_id" if kept.about is About.PARK else "contract_id"]


def _finding(
    scan: ScanSummary,
    policy: Policy,
    rule: Rule,
    row: Mapping[str, Any],
    dossier: Dossier,
    places: Mapping[tuple[Kind, int], Any],
) -> dict[str, Any]:
    adopted, day = scope_of(row), scan.as_of
    taken = account(policy, rule, dossier.facts, day, adopted=adopted, scope_open=row["reason"])
    same_law = scan.policies.get(policy.id) == policy.version and taken.status == row["status"]
    measured, threshold = _decimal(row["measured"]), _decimal(row["threshold"])
    margin = None if measured is None or threshold is None else measured - threshold
    return {
        "contract_id": row["contract_id"],
        "parcel_id": row["parcel_id"],
        "zone_id": row["zone_id"],
        "rule": rule.code,
        "policy": policy.id,
        "policy_version": scan.policies.get(policy.id, policy.version),
        "authority": str(policy.authority),
        "status": row["status"],
        "reason": row["reason"],
        "to_verify": row["to_verify"],
        "measured": measured,
        "threshold": threshold,
        "unit": rule.unit.text if rule.unit else None,
        "margin": margin,
        "clock_from": row["clock_from"],
        "limit_on": row["limit_on"],
        "days_past": row["days_past"],
        "remedies": row["remedies"].split(";") if row["remedies"] else [],
        "amount_wan": _decimal(row["amount_wan"]),
        "article": rule.clause.article,
        "quote": rule.clause.quote,
        "explanation_zh": brief(taken, "zh") if same_law else None,
        "explanation_en": brief(taken, "en") if same_law else None,
        "facts": _facts(taken, dossier, places) if adopted else [],
        "as_of": scan.as_of,
        "scan_id": scan.scan_id,
    }


def _facts(
    taken: Account, dossier: Dossier, places: Mapping[tuple[Kind, int], Any]
) -> list[dict[str, Any]]:
    found = []
    for told in told_facts(used_facts(taken), dossier.records, taken.as_of):
        place = places.get((told.kind, told.record_id))
        found.append(
            {
                "name": told.name,
                "value": plain(told.value),
                "file": place.file_name if place else None,
                "sheet": place.sheet if place else None,
                "row": place.row if place else None,
            }
        )
    return found


def plain(value: Any) -> Any:
    """Return a told value as JSON has it: numbers and days as texts that lose nothing."""
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date() | datetime():
            return value.isoformat()
        case dict():
            return {name: plain(part) for name, part in value.items()}
        case _:
            return value


def _decimal(value: float | None) -> Decimal | None:
    """Return a kept number without binary noise: it was kept to six decimals."""
    if value is None:
        return None
    number = rounded(Decimal(repr(value)), 6).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


class Reading:
    """The dossiers of a day, opened once for many contracts; a context manager."""

    def __init__(self, store: Store, as_of: date, known_at: datetime | None) -> None:
        """Gather the facts that the store knew at a moment, as of a day."""
        self._store, self._known_at = store, known_at
        self._ledger: Ledger = ledger_at(store, known_at)
        self._engine: duckdb.DuckDBPyConnection = open_engine()
        gather(self._engine, self._ledger, as_of)
        for kind, table in self._ledger.records.items():
            self._engine.register(f"records_{kind.value}", table)

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
            " land_use, industry_code, area_mu, instrument FROM dossiers"
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


def gravity_of(row: Mapping[str, Any]) -> Gravity:
    """Return how grave a finding or an outcome is."""
    return Gravity.of(row["status"], bool(row["to_verify"]))
