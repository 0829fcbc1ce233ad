"""Explaining a contract of a kept scan: the dossier opened again, each rule's account in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.language.terms import EventKind, ProgressSource, Status, Term
from landwatch.lawbook.policy import About, Policy
from landwatch.scan.account import account, scope_of
from landwatch.scan.explain import Section, sections
from landwatch.scan.findings import Wanted, outcomes_of, plain
from landwatch.scan.narrowing import ledger_of
from landwatch.scan.parts import parts as every_part
from landwatch.scan.reading import Dossier, Reading, Subject
from landwatch.scan.sources import Told
from landwatch.store import ScanSummary, Store


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's check of one contract or park, in words."""

    subject: str
    rule: str
    heading: str
    status: Status
    sections: tuple[Section, ...]


def explain_subject(
    store: Store,
    scan: ScanSummary,
    shelf: Mapping[str, Policy],
    subject: Subject,
    rule: str | None,
    lang: str,
) -> Iterator[Check]:
    """Return the checks of a contract or a park, by what the scan knew, rule by rule.

    Where one rule is named, the value of every part of its expressions is told too.
    """
    named = frozenset({subject[1]})
    rules = frozenset({rule}) if rule else frozenset()
    wanted = Wanted(contracts=named, rules=rules)
    if subject[0] is About.PARK:
        wanted = Wanted(zones=named, rules=rules)
    kept = [
        one
        for one in outcomes_of(store, scan, wanted)
        if one.table.num_rows and one.about is subject[0]
    ]
    about, name = subject
    few = ledger_of(store, scan.known_at, [name]) if about is About.CONTRACT else None
    with Reading(store, scan.as_of, scan.known_at, few) as reading:
        dossier = reading.dossiers_of([subject])[subject]
        places = reading.places([dossier])
        for one in kept:
            row = one.table.to_pylist()[0]
            yield _check(
                reading, scan, shelf[one.policy], one.rule, row, dossier, places, lang,
                whole=rule is not None,
            )  # fmt: skip


def _check(
    reading: Reading,
    scan: ScanSummary,
    policy: Policy,
    code: str,
    row: Mapping[str, Any],
    dossier: Dossier,
    places: Mapping[tuple[Any, int], Any],
    lang: str,
    *,
    whole: bool,
) -> Check:
    rule = policy.rule(code)
    assert rule is not None  # the scan was made by it, and a code is never re-used
    adopted, day = scope_of(row), scan.as_of
    taken = account(policy, rule, dossier.facts, day, adopted=adopted, scope_open=row["reason"])
    facts = [_fact(told, places, lang) for told in reading.told(taken, dossier)]
    parts = sections(taken, facts, lang)
    if whole:
        parts.append(Section(say("explain.parts", lang), every_part(taken, lang)))
    kept_version = scan.policies.get(policy.id)
    if kept_version != policy.version:
        changed = say(
            "explain.version_changed",
            lang,
            kept=kept_version,
            now=policy.version,
            scan=scan.scan_id,
        )
        parts = [Section(parts[0].title, (*parts[0].lines, changed)), *parts[1:]]
    heading = say(
        "explain.heading" if row["contract_id"] else "explain.heading_park",
        lang,
        contract=row["contract_id"] or row["zone_id"],
        rule=code,
        title=rule.title.in_words(lang),
        as_of=scan.as_of.isoformat(),
    )
    return Check(
        row["contract_id"] or row["zone_id"], code, heading, Status(row["status"]), tuple(parts)
    )


def _fact(told: Told, places: Mapping[tuple[Any, int], Any], lang: str) -> str:
    place = places.get((told.kind, told.record_id))
    where = "—"
    if place is not None:
        key = "explain.place_sheet" if place.sheet else "explain.place"
        where = say(key, lang, file=place.file_name, sheet=place.sheet, row=place.row)
    if told.name in set(EventKind):
        title = EventKind(told.name).in_words(lang)
        value = "，".join(
            f"{title_in_words(told.kind, name, lang)} {value_in_words(told.kind, name, part, lang)}"
            for name, part in told.value.items()
        )
        return say("explain.fact", lang, title=title, value=value, place=where)
    title = title_in_words(told.kind, told.name, lang)
    value = value_in_words(told.kind, told.name, told.value, lang)
    if told.on is not None and told.source is not None:
        source = ProgressSource(told.source).in_words(lang)
        return say(
            "explain.fact_on",
            lang,
            title=title,
            value=value,
            on=told.on.isoformat(),
            source=source,
            place=where,
        )
    return say("explain.fact", lang, title=title, value=value, place=where)


def title_in_words(kind: Kind, name: str, lang: str) -> str:
    """Return what a column of the ledger is called; one without a name as it is."""
    column = columns_of(kind).get(name)
    return column.in_words(lang) if column else name


def value_in_words(kind: Kind, name: str, value: Any, lang: str) -> str:
    """Return a told value as people read it, with its unit."""
    column = columns_of(kind).get(name)
    if column is None:
        return str(plain(value))
    if column.holds is ColumnType.YES_NO:
        return say("explain.yes" if value else "explain.no", lang)
    if column.choices is not None:
        term: Term = column.choices(value)
        return term.in_words(lang)
    unit = column.unit if column.unit not in (None, "1") else ""
    return (
        f"{plain(value)} {(unit or '').replace('m2', '平方米' if lang == 'zh' else 'm²')}".rstrip()
    )
