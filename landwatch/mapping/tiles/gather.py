"""What the tiles of a kept scan show: each parcel with the gravest outcome of the contracts on it.

Outcomes are read as columns and without words, so that a country's scan fits into memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import Policy
from landwatch.mapping.columns import Integers
from landwatch.mapping.data import ZoneOutline
from landwatch.mapping.gravest import UNJUDGED, Gravest, gravest_of
from landwatch.mapping.ground import Ground, ground, parcel_outlines, zone_outlines
from landwatch.mapping.narrowing import narrowed
from landwatch.mapping.style import CLASS_OF, CLASSES, NO_CONTRACT_CLASS
from landwatch.mapping.tiles.attributes import Attribute, attribute
from landwatch.mapping.tiles.data import TileData, drawn_rows, in_world_units
from landwatch.mapping.tiles.thinning import is_breach
from landwatch.store import ScanSummary, Store

MU_OF_M2 = 0.0015


def tile_data(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    *,
    title: str,
    statuses: frozenset[str] = frozenset(),
    zone: str | None = None,
) -> TileData:
    """Return what the tiles of a scan show; `statuses` and `zone` narrow it."""
    place = ground(store, scan)
    names = [row["contract_id"] for row in place.contracts]
    gravest = gravest_of(store, scan, shelf, names, statuses)
    told = frozenset(
        name for name, known in zip(names, gravest.judged.tolist(), strict=True) if known
    )
    place = narrowed(place, told if statuses else None, zone)
    if len(place.contracts) != len(names):
        kept = {row["contract_id"] for row in place.contracts}
        left = np.array([name in kept for name in names], np.bool_)
        gravest = gravest.of(left)
    return _data(store, scan, place, gravest, title)


def _data(store: Store, scan: ScanSummary, place: Ground, gravest: Gravest, title: str) -> TileData:
    speaker = _speakers(place, gravest)
    outlines = parcel_outlines(store, scan)
    shapes = np.empty(len(place.parcels), object)
    shapes[:] = [outlines.pop(row["parcel_id"], None) for row in place.parcels]
    drawn = drawn_rows(shapes)
    grave = np.where(speaker.contract < 0, NO_CONTRACT_CLASS, gravest.grave[speaker.contract])
    grave = np.where(grave == UNJUDGED, CLASS_OF[Gravity.NOT_APPLICABLE, False], grave)[drawn]
    zones = [one for one in zone_outlines(store, place.zones, scan) if one.geometry is not None]
    parks = np.empty(len(zones), object)
    parks[:] = [one.geometry for one in zones]
    placed = {
        int(contract)
        for contracts in (speaker.contracts[row] for row in drawn.tolist())
        for contract in contracts
    }
    return TileData(
        shapes=in_world_units(shapes[drawn]),
        ids=drawn + 1,
        told=_told(place, gravest, speaker, drawn, grave),
        grave=grave,
        parks=in_world_units(parks),
        parks_told=_parks_told(place, zones, drawn, grave),
        title=title,
        as_of=scan.as_of,
        scan_id=scan.scan_id,
        undrawn=len(shapes) - len(drawn),
        contracts=len(place.contracts),
        contracts_undrawn=len(place.contracts) - len(placed),
    )


@dataclass(frozen=True, slots=True)
class _Speakers:
    """Which contracts stand on each parcel, and which of them speaks: the gravest, -1 for none."""

    contracts: Sequence[Sequence[int]]
    contract: Integers


def _speakers(place: Ground, gravest: Gravest) -> _Speakers:
    row_of = {row["parcel_id"]: at for at, row in enumerate(place.parcels)}
    on: list[list[int]] = [[] for _ in place.parcels]
    for contract, row in enumerate(place.contracts):
        named = {part.strip() for part in (row["parcel_id"] or "").split(";")}
        for name in sorted(named & row_of.keys()):
            on[row_of[name]].append(contract)
    grave, days = gravest.grave.tolist(), np.nan_to_num(gravest.days, nan=-np.inf).tolist()
    speaking = [min(some, key=lambda c: (grave[c], -days[c], c), default=-1) for some in on]
    return _Speakers(on, np.array(speaking, np.int64))


def _told(
    place: Ground, gravest: Gravest, speaker: _Speakers, drawn: Integers, grave: Integers
) -> list[Attribute]:
    """Return what is told of each drawn parcel; what the ledger does not tell is left out."""
    zone_names = _zone_names(place)
    parcels = [place.parcels[row] for row in drawn.tolist()]
    speaking = speaker.contract[drawn].tolist()
    contracts: list[dict[str, Any]] = [place.contracts[c] if c >= 0 else {} for c in speaking]
    rules = [
        gravest.rules[gravest.rule[c]] if c >= 0 and gravest.rule[c] >= 0 else None
        for c in speaking
    ]
    zones = [
        parcel["zone_id"] or contract.get("zone_id")
        for parcel, contract in zip(parcels, contracts, strict=True)
    ]
    return [
        attribute("parcel", (row["parcel_id"] for row in parcels), "String", identity=True),
        attribute(
            "contract", (row.get("contract_id") for row in contracts), "String", identity=True
        ),
        attribute("holder", (row.get("holder") for row in contracts), "String", identity=True),
        attribute("class", (CLASSES[code].code for code in grave.tolist()), "String"),
        attribute("gravity", (CLASSES[code].gravity for code in grave.tolist()), "String"),
        attribute("rule", rules, "String"),
        attribute("days_past", (gravest.days[c] if c >= 0 else None for c in speaking), "Number"),
        attribute("zone", (zone_names.get(zone, zone) for zone in zones), "String"),
        attribute("land_use", (row["land_use"] for row in parcels), "String"),
        attribute("area_mu", (_mu(row["area_m2"]) for row in parcels), "Number"),
        attribute("contract_mu", (_number(row.get("area_mu")) for row in contracts), "Number"),
        attribute("contracts", (len(speaker.contracts[row]) for row in drawn.tolist()), "Number"),
    ]


def _zone_names(place: Ground) -> dict[str | None, str]:
    return {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in place.zones}


def _mu(area_m2: Any) -> float | None:
    return None if area_m2 is None else round(float(area_m2) * MU_OF_M2, 4)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _parks_told(
    place: Ground, zones: Sequence[ZoneOutline], drawn: Integers, grave: Integers
) -> list[Attribute]:
    """Return what is told of each park: its name and level, and how many parcels it has."""
    of_zone: dict[str | None, list[int]] = {}
    for row, code in zip(drawn.tolist(), grave.tolist(), strict=True):
        of_zone.setdefault(place.parcels[row]["zone_id"], []).append(code)
    codes = [np.array(of_zone.get(zone.zone_id, []), np.int64) for zone in zones]
    verify = [CLASS_OF[Gravity.TO_VERIFY, hatched] for hatched in (False, True)]
    return [
        attribute("zone", (zone.name for zone in zones), "String"),
        attribute("zone_id", (zone.zone_id for zone in zones), "String"),
        attribute("level", (zone.level for zone in zones), "String"),
        attribute("parcels", map(len, codes), "Number"),
        attribute("breaches", (int(is_breach(some).sum()) for some in codes), "Number"),
        attribute("to_verify", (int(np.isin(some, verify).sum()) for some in codes), "Number"),
    ]
