"""What the page of a kept scan shows: its parcels, contracts, findings and parks, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from landwatch.language.catalogue import say
from landwatch.language.terms import SPEAKING
from landwatch.lawbook.blanks import filled
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.data import (
    FINDING_DETAILS,
    MapData,
    ParkFinding,
    RuleCard,
)
from landwatch.mapping.freshness import evidence_of
from landwatch.mapping.gravest import gravest_of
from landwatch.mapping.ground import Ground, ground_in, parcel_outlines, zone_outlines
from landwatch.mapping.narrowing import narrowed
from landwatch.mapping.parts import Part
from landwatch.mapping.reasoning import COLUMNS, Reasoning, few
from landwatch.mapping.uses import uses_of
from landwatch.scan.findings import Wanted, findings, gravity_of, reading_of
from landwatch.scan.freshness_at import freshness_at
from landwatch.store import ScanSummary, Store

if TYPE_CHECKING:
    from landwatch.scan.dossier import Ledger
    from landwatch.scan.reading import Reading


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
    ledger: Ledger | None = None
    """What was read of the store, where it is at hand."""


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
    with reading_of(store, scan) as reading:
        place, gravities = _narrowed(store, scan, shelf, ground_in(reading), statuses, zone)
        contracts = place.contracts
        found = FindingColumns({row["contract_id"]: at for at, row in enumerate(contracts)})
        speaking = frozenset(map(str, SPEAKING))
        wanted = speaking & statuses if statuses else speaking
        if wanted and contracts:  # the quiet are known by their gravity; to name none asks for all
            some = frozenset(found.row_of) if zone else frozenset()
            told = Wanted(statuses=wanted, contracts=some, about=About.CONTRACT)
            reasoned = makers and (some or few(scan, wanted))
            beside = Reasoning() if reasoned else None
            for row in findings(store, scan, shelf, told, beside=beside, reading=reading):
                found.add(row)
        parks = _of_parks(store, scan, shelf, place.zones, wanted, reading)
    rules = cards(shelf, found.columns.get("rule", []))
    page = page_of(store, scan, place, found, gravities, rules=rules, title=title)
    park_rules = cards(shelf, (one.rule for one in parks))
    fresh = freshness_at(store, scan.as_of, scan.known_at)
    gathered = Gathered(store, scan, shelf, place, found.columns, reading.ledger)
    return replace(
        page,
        made_up=made_up,
        park_findings=parks,
        park_rules=park_rules,
        freshness=fresh,
        contracts={**page.contracts, **uses_of(contracts), **evidence_of(fresh, contracts)},
        parts=tuple(part for make in makers if (part := make(gathered))),
    )


def _narrowed(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    place: Ground,
    statuses: frozenset[str],
    zone: str | None,
) -> tuple[Ground, list[str]]:
    """Return the ground that is asked for, and the gravest gravity of each contract on it."""
    names = [row["contract_id"] for row in place.contracts]
    gravest = gravest_of(store, scan, shelf, names, statuses)
    gravities = dict(zip(names, gravest.gravities(), strict=True))
    judged = {name for name, known in zip(names, gravest.judged.tolist(), strict=True) if known}
    left = narrowed(place, judged if statuses else None, zone)
    return left, [gravities[row["contract_id"]] for row in left.contracts]


def _of_parks(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    zones: Sequence[Mapping[str, Any]],
    statuses: frozenset[str],
    reading: Reading,
) -> list[ParkFinding]:
    """Return what the rules about parks found of each park, park by park, the gravest first."""
    if not statuses or not zones:
        return []
    names = {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in zones}
    order = {zone_id: at for at, zone_id in enumerate(names)}
    some = frozenset(names)
    about = Wanted(statuses=statuses, zones=some, about=About.PARK)
    told = findings(store, scan, shelf, about, reading=reading)
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


def page_of(
    store: Store,
    scan: ScanSummary,
    place: Ground,
    found: FindingColumns,
    gravities: Sequence[str],
    *,
    rules: Mapping[str, RuleCard],
    title: str,
) -> MapData:
    """Return the page of contracts with their findings; `gravities` colours each contract."""
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
        contracts=_contract_columns(place.contracts, parcel_row, zone_names, gravities),
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
    gravities: Sequence[str],
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
        "gravity": list(gravities),
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
