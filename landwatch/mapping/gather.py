"""What the page of a kept scan shows: its parcels, contracts, findings and parks, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.terms import SPEAKING, Gravity
from landwatch.lawbook.blanks import filled
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.data import (
    FINDING_DETAILS,
    MapData,
    ParkFinding,
    RuleCard,
    ZoneOutline,
)
from landwatch.mapping.freshness import evidence_of
from landwatch.mapping.narrowing import narrowed
from landwatch.mapping.parts import Part
from landwatch.mapping.reasoning import COLUMNS, Reasoning, few
from landwatch.mapping.uses import uses_of
from landwatch.scan.findings import Wanted, findings, gravity_of, outcomes_of
from landwatch.scan.freshness_at import freshness_at
from landwatch.scan.reading import Reading
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(slots=True)
class FindingColumns:
    """Findings as columns, those that say something."""

    row_of: Mapping[str, int]
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a finding; a detail that the row lacks is not told."""
        told = {
            "contract": self.row_of[row["contract_id"]],
            "rule": row["rule"],
            "gravity": str(gravity_of(row)),
            "status": row["status"],
            "to_verify": row["to_verify"],
        } | {name: _shown(row.get(name)) for name in FINDING_DETAILS}
        told |= {name: row[name] for name in COLUMNS if name in row}
        for name, value in told.items():
            self.columns.setdefault(name, []).append(value)


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _gravest(
    store: Store, scan: ScanSummary, shelf: Mapping[str, Policy], statuses: frozenset[str]
) -> dict[str, Gravity]:
    """Return the gravest outcome of each contract; without words, for most outcomes are quiet."""
    gravest: dict[str, Gravity] = {}
    for kept in outcomes_of(store, scan, Wanted(statuses=statuses, about=About.CONTRACT)):
        policy = shelf.get(kept.policy)
        if policy is None or policy.rule(kept.rule) is None:
            continue  # neither could the page show its clause
        told = kept.table.select(["contract_id", "status", "to_verify"]).to_pylist()
        for row in told:
            gravity, contract = gravity_of(row), row["contract_id"]
            if contract not in gravest or gravity < gravest[contract]:
                gravest[contract] = gravity
    return gravest


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the parts of a page are made from: the scan, and the rows of the page in their order.

    `place.contracts`, `place.parcels` and `place.zones` stand row by row as the page's data do, and
    so do the columns of `findings`, which tell of each how it was worked out.
    """

    store: Store
    scan: ScanSummary
    shelf: Mapping[str, Policy]
    place: Ground
    findings: Mapping[str, Sequence[Any]] = field(default_factory=dict)


PartMaker = Callable[[Gathered], Part | None]
"""Makes a part of what was gathered; None where there is nothing to tell."""


def map_data(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    *,
    title: str,
    statuses: frozenset[str] = frozenset(),
    zone: str | None = None,
    made_up: bool = False,
    makers: Sequence[PartMaker] = (),
) -> MapData:
    """Return the page of a kept scan; `statuses` and a park narrow what is shown.

    `makers` make what more the page tells.
    """
    gravest = _gravest(store, scan, shelf, statuses)
    place = narrowed(ground(store, scan), gravest.keys() if statuses else None, zone)
    contracts = place.contracts
    found = FindingColumns({row["contract_id"]: at for at, row in enumerate(contracts)})
    speaking = frozenset(map(str, SPEAKING))
    wanted = speaking & statuses if statuses else speaking
    if wanted and contracts:  # the quiet ones are known by their gravity; to name none asks for all
        some = frozenset(found.row_of) if zone else frozenset()
        told = Wanted(statuses=wanted, contracts=some, about=About.CONTRACT)
        reasoned = makers and (some or few(scan, wanted))
        for row in findings(store, scan, shelf, told, beside=Reasoning() if reasoned else None):
            found.add(row)
    rules = cards(shelf, found.columns.get("rule", []))
    page = page_of(store, scan, place, found, gravest, rules=rules, title=title)
    parks = _of_parks(store, scan, shelf, place.zones, wanted)
    park_rules = cards(shelf, (one.rule for one in parks))
    fresh = freshness_at(store, scan.as_of, scan.known_at)
    gathered = Gathered(store, scan, shelf, place, found.columns)
    return replace(
        page,
        made_up=made_up,
        park_findings=parks,
        park_rules=park_rules,
        freshness=fresh,
        contracts={**page.contracts, **uses_of(contracts), **evidence_of(fresh, contracts)},
        parts=tuple(part for make in makers if (part := make(gathered))),
    )


def _of_parks(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    zones: Sequence[Mapping[str, Any]],
    statuses: frozenset[str],
) -> list[ParkFinding]:
    """Return what the rules about parks found of each park, park by park, the gravest first."""
    if not statuses or not zones:
        return []
    names = {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in zones}
    order = {zone_id: at for at, zone_id in enumerate(names)}
    some = frozenset(names)
    told = findings(store, scan, shelf, Wanted(statuses=statuses, zones=some, about=About.PARK))
    rows = sorted(told, key=lambda row: (order[row["zone_id"]], gravity_of(row), row["rule"]))
    return [
        ParkFinding(
            zone=names[row["zone_id"]],
            rule=row["rule"],
            gravity=str(gravity_of(row)),
            status=row["status"],
            details={name: _shown(row.get(name)) for name in FINDING_DETAILS},
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page stands on: contracts, parcels and parks as the ledger had them."""

    contracts: list[dict[str, Any]]
    parcels: list[dict[str, Any]]
    zones: list[dict[str, Any]]


def ground(store: Store, scan: ScanSummary) -> Ground:
    """Return the contracts, parcels and parks that a scan knew."""
    with Reading(store, scan.as_of, scan.known_at) as reading:
        return Ground(reading.contracts(), reading.parcels(), reading.zones())


def page_of(
    store: Store,
    scan: ScanSummary,
    place: Ground,
    found: FindingColumns,
    gravest: Mapping[str, Gravity],
    *,
    rules: Mapping[str, RuleCard],
    title: str,
) -> MapData:
    """Return the page of contracts with their findings; `gravest` colours each contract."""
    import numpy as np

    parcels, zones = place.parcels, place.zones
    zone_names = {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in zones}
    parcel_row = {row["parcel_id"]: at for at, row in enumerate(parcels)}
    outlines = parcel_outlines(store, scan)
    shapes = np.empty(len(parcels), dtype=object)
    shapes[:] = [outlines.get(row["parcel_id"]) for row in parcels]
    return MapData(
        parcel_id=[row["parcel_id"] for row in parcels],
        geometry=shapes,
        parcel_zone=[zone_names.get(row["zone_id"], row["zone_id"]) for row in parcels],
        parcel_land_use=[row["land_use"] for row in parcels],
        parcel_area_mu=np.array([_mu(row["area_m2"]) for row in parcels], dtype=np.float64),
        contracts=_contract_columns(place.contracts, parcel_row, zone_names, gravest),
        findings=_filled(found.columns),
        rules=rules,
        zones=zone_outlines(store, zones, scan),
        title=title,
        as_of=scan.as_of,
        scan_id=scan.scan_id,
    )


def _mu(area_m2: Any) -> float:
    return float("nan") if area_m2 is None else float(area_m2) * 0.0015


def _filled(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    names = ("contract", "rule", "gravity", "status", "to_verify", *FINDING_DETAILS)
    return {name: columns.get(name, []) for name in names}


def _contract_columns(
    contracts: Sequence[Mapping[str, Any]],
    parcel_row: Mapping[str, int],
    zone_names: Mapping[str, str],
    gravest: Mapping[str, Gravity],
) -> dict[str, list[Any]]:
    return {
        "contract_id": [row["contract_id"] for row in contracts],
        "holder": [row["holder"] for row in contracts],
        "project": [row["project_name"] for row in contracts],
        "zone": [zone_names.get(row["zone_id"], row["zone_id"]) for row in contracts],
        "area_mu": [None if row["area_mu"] is None else float(row["area_mu"]) for row in contracts],
        "parcels": [
            [
                parcel_row[name.strip()]
                for name in (row["parcel_id"] or "").split(";")
                if name.strip() in parcel_row
            ]
            for row in contracts
        ],
        "gravity": [
            str(gravest.get(row["contract_id"], Gravity.NOT_APPLICABLE)) for row in contracts
        ],
    }


def cards(shelf: Mapping[str, Policy], used: Iterable[str]) -> dict[str, RuleCard]:
    """Return the card of each rule that is used."""
    wanted = set(used)
    return {
        rule.code: RuleCard(
            title_zh=rule.title.zh,
            title_en=rule.title.en,
            policy_title=policy.title.zh,
            policy_title_en=policy.title.en,
            article=rule.clause.article,
            quote=filled(rule.clause.quote, say("clause.blank_each", "zh")),
            authority=str(policy.authority),
            parameters={n: (one.title.zh, one.title.en) for n, one in policy.parameters.items()},
        )
        for policy in shelf.values()
        for rule in policy.rules
        if rule.code in wanted
    }


def parcel_outlines(store: Store, scan: ScanSummary) -> dict[str, BaseGeometry]:
    """Return the outline of each parcel as the scan knew it (EPSG:4490)."""
    return _outlines(store, Kind.PARCELS, "parcel_id", scan)


def _outlines(store: Store, kind: Kind, key: str, scan: ScanSummary) -> dict[str, BaseGeometry]:
    """Return the latest told outline of each parcel or zone that the scan knew."""
    import shapely

    table = store.columns(kind, known_at=scan.known_at, geometry=True)
    latest = {
        name: shape
        for name, shape in zip(
            table.column(key).to_pylist(), table.column("geometry").to_pylist(), strict=True
        )
        if shape is not None
    }
    shapes = shapely.from_wkb(list(latest.values())) if latest else []
    return dict(zip(latest, shapes, strict=True))


def zone_outlines(
    store: Store, zones: Sequence[Mapping[str, Any]], scan: ScanSummary
) -> list[ZoneOutline]:
    """Return the parks with the outlines that a scan knew."""
    shapes = _outlines(store, Kind.ZONES, "zone_id", scan)
    return [
        ZoneOutline(
            zone_id=zone["zone_id"],
            name=zone["name"] or zone["zone_id"],
            level=zone["level"] or "",
            geometry=shapes.get(zone["zone_id"]),
        )
        for zone in zones
    ]
