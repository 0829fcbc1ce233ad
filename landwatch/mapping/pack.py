"""From the data of a page to its two packs: what is drawn first, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landwatch.geo.outlines import Outline, outlines_near
from landwatch.language.catalogue import LANGUAGES
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import Gravity
from landwatch.mapping.arranging import Arranged, parcel_classes
from landwatch.mapping.columns import (
    Column,
    Integers,
    codes_column,
    day_column,
    naturals_column,
    number_column,
    packed,
    text_column,
)
from landwatch.mapping.data import MapData, ParkFinding, RuleCard, ZoneOutline
from landwatch.mapping.freshness import evidence_columns, freshness_head
from landwatch.mapping.shapes import shape_columns
from landwatch.mapping.style import NOT_BINDING
from landwatch.mapping.uses import use_columns

_TEXTS = ("unit", "remedies", "explanation_zh", "explanation_en")
_NUMBERS = ("days_past", "measured", "threshold", "amount_wan")
_DAYS = ("clock_from", "limit_on")


def drawing_pack(data: MapData, rows: Arranged) -> str:
    """Pack what the first picture needs: parcels, their classes, parks and the backdrop."""
    shapes = data.geometry[rows.parcels[: rows.drawn]]
    zones = [zone for zone in data.zones if zone.geometry is not None]
    columns = [
        *shape_columns("parcel", shapes),
        codes_column("parcel_class", parcel_classes(rows)),
        *_outline_columns("zone", [zone.name for zone in zones], [z.geometry for z in zones]),
        *_backdrop_columns(backdrop_of(data, rows)),
    ]
    head = {"parcels": len(rows.parcels), "drawn": rows.drawn}
    return packed(columns, head)


def backdrop_of(data: MapData, rows: Arranged) -> tuple[Outline, ...]:
    """Return the outlines of divisions around what the page draws, in the order of its columns."""
    zones = [zone for zone in data.zones if zone.geometry is not None]
    return outlines_near(_places(data.geometry[rows.parcels[: rows.drawn]], zones))


def _places(shapes: NDArray[np.object_], zones: Sequence[ZoneOutline]) -> NDArray[np.float64]:
    """Return a place of each parcel, or of each park where no parcel can be drawn."""
    bounds = shapely.bounds(shapes if len(shapes) else np.array([z.geometry for z in zones]))
    bounds = bounds.reshape(-1, 4)
    places: NDArray[np.float64] = (bounds[:, :2] + bounds[:, 2:]) / 2
    return places


def _outline_columns(prefix: str, names: Sequence[str], shapes: Sequence[Any]) -> list[Column]:
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    return [text_column(f"{prefix}_outline", names), *shape_columns(prefix, geometry)]


def _backdrop_columns(backdrop: Sequence[Outline]) -> list[Column]:
    names = [outline.name if outline.adcode else "" for outline in backdrop]
    return [
        *_outline_columns("backdrop", names, [outline.geometry for outline in backdrop]),
        text_column("backdrop_level", [outline.level for outline in backdrop]),
    ]


def telling_pack(data: MapData, rows: Arranged) -> str:
    """Pack what is told of the parcels: ids, contracts, findings."""
    rules, zones = list(data.rules), _zone_names(data)
    columns = [
        *_parcel_columns(data, rows, zones),
        *_contract_columns(data, rows, zones),
        *_finding_columns(data, rows, rules),
        *_part_columns(data, rows, later=False),
    ]
    cards = [_rule_head(code, card) for code, card in data.rules.items()]
    head = {
        "title": data.title,
        "as_of": data.as_of.isoformat(),
        "scan_id": data.scan_id,
        "made_up": data.made_up,
        "contracts": data.contract_count,
        "findings": data.finding_count,
        "zones": zones,
        "rules": cards,
        "park_rules": [_rule_head(code, card) for code, card in data.park_rules.items()],
        "park_findings": [_park_finding(one, data, zones) for one in data.park_findings],
        "freshness": freshness_head(data.freshness, zones),
        "statuses": [status.value for status in Gravity if status != Gravity.TO_VERIFY],
        "parts": _part_heads(data, rows, later=False),
    }
    return packed(columns, head)


def details_pack(data: MapData, rows: Arranged) -> str:
    """Pack what is told of one contract or parcel at a time, read when the first card opens."""
    head = {"parts": _part_heads(data, rows, later=True)}
    return packed(_part_columns(data, rows, later=True), head)


def _part_columns(data: MapData, rows: Arranged, *, later: bool) -> list[Column]:
    parts = [part for part in data.parts if part.later is later]
    return [column for part in parts for column in part.columns(data, rows)]


def _part_heads(data: MapData, rows: Arranged, *, later: bool) -> dict[str, object]:
    return {part.name: part.head(data, rows) for part in data.parts if part.later is later}


def _zone_names(data: MapData) -> list[str]:
    """Return the names of all parks, those that are listed first; the first is no park at all."""
    named = chain([""], (zone.name for zone in data.zones), data.contracts["zone"])
    named = chain(named, (one.zone for one in data.park_findings))
    return list(dict.fromkeys(name or "" for name in chain(named, data.parcel_zone)))


def _rule_head(code: str, card: RuleCard) -> dict[str, object]:
    return {
        "code": code,
        "title_zh": card.title_zh,
        "title_en": card.title_en,
        "policy_zh": card.policy_title,
        "policy_en": card.policy_title_en or card.policy_title,
        "article": card.article,
        "quote": card.quote,
        "authority": str(card.authority),
        "hatched": card.authority in NOT_BINDING,
    }


def _park_finding(one: ParkFinding, data: MapData, zones: Sequence[str]) -> dict[str, object]:
    """Return a park's finding as the page reads it; there are a few of each park."""
    parameters = data.park_rules[one.rule].parameters
    told: dict[str, object] = {
        "zone": zones.index(one.zone),
        "rule": list(data.park_rules).index(one.rule),
        "gravity": [gravity.value for gravity in Gravity].index(one.gravity),
        "status": str(one.status),
    }
    for place, lang in enumerate(LANGUAGES):
        names = {name: both[place] for name, both in parameters.items()}
        told[f"reason_{lang}"] = reason_in_words(one.details.get("reason"), lang, names)
    for name in (*_TEXTS, *_NUMBERS, *_DAYS):
        value = one.details.get(name)
        told[name] = float(value) if isinstance(value, Decimal) else value
    return told


def _codes(values: Sequence[str | None], known: Sequence[str]) -> list[int]:
    code_of = {value: code for code, value in enumerate(known)}
    return [code_of[value or ""] for value in values]


def _picked(values: Sequence[Any], rows: Integers) -> list[Any]:
    return [values[row] for row in rows.tolist()]


def _parcel_columns(data: MapData, rows: Arranged, zones: Sequence[str]) -> list[Column]:
    order = rows.parcels
    return [
        text_column("parcel_id", _picked(data.parcel_id, order), searched=True),
        codes_column("parcel_zone", _codes(_picked(data.parcel_zone, order), zones)),
        text_column("parcel_land_use", _picked(data.parcel_land_use, order)),
        number_column("parcel_area_mu", np.asarray(data.parcel_area_mu)[order].tolist()),
    ]


def _contract_columns(data: MapData, rows: Arranged, zones: Sequence[str]) -> list[Column]:
    order, told = rows.contracts, data.contracts
    places = _picked(rows.places, order)
    return [
        *(
            text_column(name, _picked(told[name], order), searched=True)
            for name in ("contract_id", "holder", "project")
        ),
        codes_column("contract_zone", _codes(_picked(told["zone"], order), zones)),
        number_column("contract_area_mu", _picked(told["area_mu"], order)),
        codes_column("contract_class", rows.classes[order]),
        naturals_column("contract_parcels", [len(parcels) for parcels in places]),
        naturals_column("contract_parcel", list(chain.from_iterable(places))),
        *use_columns(told, order),
        *evidence_columns(told, order),
    ]


def _finding_columns(data: MapData, rows: Arranged, rules: Sequence[str]) -> list[Column]:
    order, told = rows.findings, data.findings
    gravities = [gravity.value for gravity in Gravity]
    contracts = np.asarray(told["contract"], np.int64)
    counts = np.bincount(contracts, minlength=data.contract_count)[rows.contracts]
    return [
        naturals_column("contract_findings", counts),
        codes_column("finding_rule", _codes(_picked(told["rule"], order), rules)),
        codes_column("finding_gravity", _codes(_picked(told["gravity"], order), gravities)),
        codes_column("finding_verify", [int(v) for v in _picked(told["to_verify"], order)]),
        *(text_column(f"finding_{n}", _picked(data.detail(n), order)) for n in _TEXTS),
        *(number_column(f"finding_{n}", _picked(data.detail(n), order)) for n in _NUMBERS),
        *(day_column(f"finding_{n}", _picked(data.detail(n), order)) for n in _DAYS),
        *_reason_columns(_picked(told["rule"], order), _picked(data.detail("reason"), order), data),
        text_column("finding_status", [str(s) for s in _picked(told["status"], order)]),
    ]


def _reason_columns(
    rules: Sequence[str], reasons: Sequence[str | None], data: MapData
) -> list[Column]:
    """Pack the reasons in words, each different one of a rule said once."""
    pairs = list(zip(rules, reasons, strict=True))
    columns = []
    for place, lang in enumerate(LANGUAGES):
        said = {}
        for rule, reason in set(pairs):
            card = data.rules.get(rule)
            names = {name: both[place] for name, both in card.parameters.items()} if card else {}
            said[rule, reason] = reason_in_words(reason, lang, names)
        columns.append(text_column(f"finding_reason_{lang}", [said[pair] for pair in pairs]))
    return columns
