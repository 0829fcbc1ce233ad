"""The slip of a contract: what an inspector takes to the land, compares, fills in and signs.

It says what was found and why, word for word and with the file and row of each fact, so that the
holder can answer to it on the spot. Neighbours are drawn without their findings: the slip is shown
to a stranger to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from landwatch.language.catalogue import listed, say
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.language.terms import SPEAKING, Authority, EventKind, Gravity, ProgressSource
from landwatch.lawbook.policy import About, Policy
from landwatch.mapping.ground import Ground, ground, parcel_outlines, zone_outlines
from landwatch.mapping.picture_cards import marked_at
from landwatch.mapping.picture_code import linked, said
from landwatch.mapping.picture_page import when_of
from landwatch.mapping.picture_scene import LEFT_OUT, Holding, Plot, Scene
from landwatch.mapping.shapes import drawable
from landwatch.mapping.style import CLASS_OF, CLASSES, NOT_BINDING, class_name
from landwatch.reports.visit_sheet import facts_to_see, measures_to_see
from landwatch.scan.account import Account, account, scope_of
from landwatch.scan.arithmetic import arithmetic
from landwatch.scan.explain import calendar
from landwatch.scan.explaining import title_in_words, value_in_words
from landwatch.scan.findings import Wanted, gravity_of, outcomes_of
from landwatch.scan.narrowing import ledger_of
from landwatch.scan.quoting import quote_of
from landwatch.scan.reading import Reading
from landwatch.scan.sources import Told
from landwatch.store import ScanSummary, Store

AROUND_M = 160.0
ENDINGS = (".docx", ".pdf")
Places = Mapping[tuple[Any, int], Any]


@dataclass(frozen=True, slots=True)
class SlipFinding:
    """A finding on the slip: its title, its head, and its parts with their names, in words.

    `kind` is its class on the map, `force` the rank of its policy's authority: law stands first.
    """

    kind: int
    force: int
    days_past: int
    title: str
    status: str
    head: str
    parts: tuple[tuple[str, str], ...]
    to_see: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything that stands on a slip, in words; the findings stand gravest first.

    Attributes:
        lang: of the words.
        contract_id: whose slip it is.
        when: the day and the scan.
        made_up: whether to say that all of it is made up.
        who: names and values of what the ledger tells of the contract.
        findings: what asks for attention.
        quiet: what is said where there is none.
        to_see: what the findings ask to look at.
        code: the text of its code.
        scene: the land and what lies around it.
    """

    lang: str
    contract_id: str
    when: str
    made_up: bool
    who: tuple[tuple[str, str], ...]
    findings: tuple[SlipFinding, ...]
    quiet: str
    to_see: tuple[str, ...]
    code: str
    scene: Scene


@dataclass(frozen=True, slots=True)
class SlipReceipt:
    """What was written: of how many findings how many are told on the page."""

    path: Path
    contract_id: str
    findings: int
    told: int


def is_slip(path: Path) -> bool:
    """Tell whether a name ends as a slip's does."""
    return path.suffix.lower() in ENDINGS


def slip_of(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    contract_id: str,
    *,
    lang: str,
    link: str | None = None,
    known_at: datetime | None = None,
    made_up: bool = False,
) -> Slip:
    """Return the slip of a contract that a scan knew."""
    place = ground(store, scan)
    row = next(one for one in place.contracts if one["contract_id"] == contract_id)
    found = tuple(_findings(store, scan, shelf, contract_id, lang))
    kind = found[0].kind if found else _quiet_kind(store, scan, contract_id)
    scene = _scene(store, scan, place, row, kind)
    scene = replace(scene, known_at=known_at, made_up=made_up)
    marked = marked_at(scene, 0 if scene.holdings[0].plots else None, 0)
    to_see = frozenset(name for one in found for name in one.to_see)
    return Slip(
        lang=lang,
        contract_id=contract_id,
        when=when_of(scene, lang),
        made_up=made_up,
        who=_who(row, place, lang),
        findings=found,
        quiet=say("map.page.no_findings", lang, name=class_name(CLASSES[kind], lang)),
        to_see=tuple(fact_in_words(name, lang) for name in sorted(to_see)),
        code=linked(link, marked) if link else said(marked),
        scene=scene,
    )


def _who(row: Mapping[str, Any], place: Ground, lang: str) -> tuple[tuple[str, str], ...]:
    """Return what the ledger tells of the contract; what it does not tell is said so."""
    zones = {zone["zone_id"]: zone["name"] or zone["zone_id"] for zone in place.zones}
    untold, area = say("map.page.not_told", lang), row["area_mu"]
    told = {
        "contract_id": row["contract_id"],
        "holder": row["holder"],
        "project_name": row["project_name"],
        "parcel_id": row["parcel_id"],
        "location": row["location"] or row["division"],
        "land_use": row["land_use"],
    }
    names = {name: fact_in_words(name, lang) for name in told}
    names["contract_id"] = say("map.page.contract_id", lang)
    named = [(names[name], str(value or untold)) for name, value in told.items()]
    park = zones.get(row["zone_id"], row["zone_id"]) or untold
    mu = untold if area is None else say("map.page.mu", lang, area=f"{float(area):,.2f}")
    named.insert(3, (say("map.page.zone", lang), park))
    return (*named, (say("map.page.contract_area", lang), mu))


def _findings(
    store: Store, scan: ScanSummary, shelf: Mapping[str, Policy], contract_id: str, lang: str
) -> list[SlipFinding]:
    wanted = Wanted(statuses=frozenset(map(str, SPEAKING)), contracts=frozenset({contract_id}))
    kept = [(one, row) for one in outcomes_of(store, scan, wanted) for row in one.table.to_pylist()]
    few = ledger_of(store, scan.known_at, [contract_id])
    found = []
    with Reading(store, scan.as_of, scan.known_at, few) as reading:
        subject = (About.CONTRACT, contract_id)
        dossier = reading.dossiers_of([subject])[subject]
        places = reading.places([dossier])
        for one, row in kept:
            policy = shelf.get(one.policy)
            rule = policy.rule(one.rule) if policy else None
            if policy is None or rule is None:
                continue  # its clause is not at hand, and a slip accuses nobody without one
            taken = account(
                policy, rule, dossier.facts, scan.as_of,
                adopted=scope_of(row), scope_open=row["reason"],
            )  # fmt: skip
            told = reading.told(taken, dossier)
            found.append(_finding(taken, row, told, places, lang))
    return sorted(found, key=lambda one: (one.kind, one.force, -one.days_past, one.head))


def _finding(
    taken: Account, row: Mapping[str, Any], told: Sequence[Told], places: Places, lang: str
) -> SlipFinding:
    rule, gravity = taken.rule, gravity_of(row)
    kind = CLASS_OF[(str(gravity), taken.policy.authority in NOT_BINDING)]
    days = row["days_past"] if gravity is Gravity.BREACH else None
    title, status = rule.title.in_words(lang), class_name(CLASSES[kind], lang)
    head = say("slip.head", lang, status=status, rule=title, code=rule.code)
    if days:
        head += say("slip.past", lang, days=days)
    parts = [(say("slip.clause", lang), _clause(taken, lang))]
    if row["reason"]:
        names = {one.name: one.title.in_words(lang) for one in taken.policy.parameters.values()}
        parts.append((say("slip.reason", lang), reason_in_words(row["reason"], lang, names)))
    if taken.status == row["status"]:  # else the law's wording changed since: no sum is made up
        parts.append((say("slip.calendar", lang), calendar(taken, lang)[-1]))
        sums = arithmetic(taken, lang)
        if sums != [say("explain.no_arithmetic", lang)]:
            parts.append((say("slip.arithmetic", lang), _joined(sums, lang)))
    parts.append((say("slip.sources", lang), _joined(_sources(told, places, lang), lang)))
    seen = {"rule": rule.code, "reason": row["reason"], "measured": row["measured"]}
    seen["facts"] = [{"name": one.name} for one in told]
    to_see = frozenset(measures_to_see(seen) or facts_to_see(seen))
    force = list(Authority).index(taken.policy.authority)
    return SlipFinding(kind, force, days or 0, title, status, head, tuple(parts), to_see)


def _clause(taken: Account, lang: str) -> str:
    """Return the clause that the rule rests on, word for word, and where the others stand."""
    policy, rule = taken.policy, taken.rule
    told = say(
        "slip.quote", lang, title=policy.title.in_words(lang), article=rule.clause.article,
        quote=quote_of(taken, rule.clause, lang),
    )  # fmt: skip
    others = [one.article for one in rule.clauses[1:] if one.article]
    if others:
        told += say("slip.see_also", lang, articles=listed(dict.fromkeys(others), lang))
    return told


def _joined(lines: Iterable[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(line.rstrip("。.") for line in lines)


def _sources(told: Sequence[Told], places: Places, lang: str) -> list[str]:
    """Return what each row of each file told, the rows in the order in which facts were used."""
    groups: dict[str, list[str]] = {}
    for one in told:
        groups.setdefault(_place(one, places, lang), []).append(_value(one, lang))
    told_by = (
        say("slip.told", lang, place=place, values=listed(values, lang))
        for place, values in groups.items()
    )
    return list(told_by) or [say("explain.no_facts", lang)]


def _place(one: Told, places: Places, lang: str) -> str:
    place = places.get((one.kind, one.record_id))
    where = "—"
    if place is not None:
        key = "explain.place_sheet" if place.sheet else "explain.place"
        where = say(key, lang, file=place.file_name, sheet=place.sheet, row=place.row)
    if one.on is None or one.source is None:
        return where
    source = ProgressSource(one.source).in_words(lang)
    return say("slip.seen", lang, place=where, source=source, day=one.on.isoformat())


def _value(one: Told, lang: str) -> str:
    if one.name not in set(EventKind):
        title = title_in_words(one.kind, one.name, lang)
        return f"{title} {value_in_words(one.kind, one.name, one.value, lang)}"
    cells = (
        f"{title_in_words(one.kind, name, lang)} {value_in_words(one.kind, name, value, lang)}"
        for name, value in one.value.items()
    )
    return say("slip.event", lang, event=EventKind(one.name).in_words(lang), told=" ".join(cells))


def _quiet_kind(store: Store, scan: ScanSummary, contract_id: str) -> int:
    """Return the class of a contract that asks for no attention."""
    kept = outcomes_of(store, scan, Wanted(contracts=frozenset({contract_id})))
    gravities = [gravity_of(row) for one in kept for row in one.table.to_pylist()]
    gravest = min(gravities, key=lambda one: one.rank, default=Gravity.NOT_APPLICABLE)
    return CLASS_OF[(str(gravest), False)]


def _scene(
    store: Store, scan: ScanSummary, place: Ground, row: Mapping[str, Any], kind: int
) -> Scene:
    """Return the land of a contract, coloured, with its neighbours, pale, and the parks."""
    outlines = parcel_outlines(store, scan)
    own = [name.strip() for name in (row["parcel_id"] or "").split(";") if name.strip() in outlines]
    shapes = np.array([shapely.force_2d(outlines[name]) for name in own], dtype=object)
    own = [name for name, there in zip(own, drawable(shapes), strict=True) if there]
    told = {one["parcel_id"]: one for one in place.parcels}
    near = _near(outlines, own) if own else []
    plots = [
        Plot(name, told[name]["zone_id"], None, shapely.force_2d(outlines[name]),
             kind if name in own else LEFT_OUT, (0,) if name in own else ())
        for name in (*own, *near) if name in told
    ]  # fmt: skip
    area = row["area_mu"]
    held = Holding(
        row["contract_id"], row["holder"], row["project_name"], row["zone_id"],
        None if area is None else float(area), kind, (), tuple(range(len(own))),
    )  # fmt: skip
    zones = zone_outlines(store, place.zones, scan)
    return Scene(plots, [held], zones, "", scan.as_of, scan.scan_id)


def _near(outlines: Mapping[str, Any], own: Sequence[str]) -> list[str]:
    """Return the parcels that may be seen around some: within four times their extent."""
    west, south, east, north = shapely.total_bounds([outlines[name] for name in own])
    wide = 2 * max(east - west, north - south, 0.004)
    names = list(outlines)
    bounds = shapely.bounds(np.array([outlines[name] for name in names], dtype=object))
    seen = (bounds[:, 2] > west - wide) & (bounds[:, 0] < east + wide)
    seen &= (bounds[:, 3] > south - wide) & (bounds[:, 1] < north + wide)
    areas = drawable(np.array([outlines[name] for name in names], dtype=object))
    return [names[at] for at in np.flatnonzero(seen & areas).tolist() if names[at] not in own]
