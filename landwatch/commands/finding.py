"""Findings of a kept scan: narrowed, listed, written; and why each came out as it did."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.scanning import LATEST, Which, scan_meant
from landwatch.commands.telling import Told, each_known, silent
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.language.terms import Status
from landwatch.ledger.cells import tidy

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy
    from landwatch.scan.explain import Section
    from landwatch.scan.findings import Wanted
    from landwatch.store import ScanSummary, Store


def wanted_findings(
    store: Store,
    summary: ScanSummary,
    *,
    statuses: Collection[str] = (),
    rules: Collection[str] = (),
    zones: Collection[str] = (),
    contracts: Collection[str] = (),
) -> Wanted:
    """Return a filter of findings; every name in it is one that the scan knows.

    Raises:
        UnknownNameError: a status, rule, zone or contract that is not there, with the nearest.
    """
    from landwatch.scan.findings import Wanted

    each_known("what.status", statuses, list(Status))
    each_known("what.rule", rules, summary.counts)
    if zones:
        known = store.columns(Kind.ZONES, known_at=summary.known_at).column("zone_id")
        each_known("what.zone", zones, known.to_pylist())
    if contracts:
        known = store.known_keys(Kind.CONTRACTS, known_at=summary.known_at)
        each_known("what.contract", contracts, known)
    return Wanted(frozenset(statuses), frozenset(rules), frozenset(zones), frozenset(contracts))


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of a kept scan, one at a time, as their rows are asked for, and its policies."""

    summary: ScanSummary
    rows: Iterator[dict[str, Any]]
    policies: Mapping[str, Policy]


def findings(
    url: str,
    *,
    which: Which = LATEST,
    statuses: Collection[str] = (),
    rules: Collection[str] = (),
    zones: Collection[str] = (),
) -> Found:
    """Return the findings of a kept scan, with every column of the ledger's contract."""
    from landwatch.scan.findings import findings as rows_of

    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    wanted = wanted_findings(store, summary, statuses=statuses, rules=rules, zones=zones)
    policies = bootstrap.lawbook_of(store, summary)
    return Found(summary, rows_of(store, summary, policies, wanted), policies)


def write_findings(
    url: str,
    found: Found,
    form: str,
    path: Path | None,
    *,
    bom: bool = False,
    told: Told = silent,
) -> int:
    """Write findings in a form, to a file or (csv, json) to stdout; return how many there were.

    Raises:
        UsageError: a form that cannot go to stdout has no file.
    """
    from landwatch.mapping.ground import parcel_outlines
    from landwatch.reports import tables

    rows = _Counted(found.rows, told)
    if path is None:
        if form not in ("csv", "json"):
            raise UsageError("error.needs_file", form=form)
        if form == "csv":
            tables.write_csv(rows, sys.stdout, bom=bom)
        else:
            tables.write_json(rows, sys.stdout)
        return rows.count
    drawn = form in ("geojson", "gpkg")
    shapes = parcel_outlines(bootstrap.the_store(url), found.summary) if drawn else {}
    tables.write_findings(rows, path, form, geometry_of=shapes, bom=bom)
    return rows.count


@dataclass(slots=True)
class _Counted:
    """Rows as they pass, counted, with their progress told."""

    rows: Iterator[dict[str, Any]]
    told: Told
    count: int = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Return each row once."""
        for row in self.rows:
            self.count += 1
            if self.count % 500 == 0:
                self.told("findings", self.count, 0)
            yield row


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule's check of one contract or park, in words."""

    subject: str
    rule: str
    heading: str
    status: Status
    sections: tuple[Section, ...]


def explain(
    url: str, subject: str, rule: str | None, *, lang: str, which: Which = LATEST
) -> list[Explained]:
    """Return a lawyer's check of one contract (or park): one rule, or every rule of the scan.

    Raises:
        UnknownNameError: no such contract, park or rule in the scan; the nearest is offered.
    """
    from landwatch.lawbook.policy import About
    from landwatch.scan.explaining import explain_subject

    store = bootstrap.the_store(url)
    summary = scan_meant(store, which)
    wanted_findings(store, summary, rules=[rule] if rule else ())
    name, about = tidy(subject), About.CONTRACT
    contracts = store.known_keys(Kind.CONTRACTS, known_at=summary.known_at)
    if name not in contracts:
        zones = store.known_keys(Kind.ZONES, known_at=summary.known_at)
        each_known("what.contract", [name], [*contracts, *zones])
        about = About.PARK
    return [
        Explained(one.subject, one.rule, one.heading, one.status, one.sections)
        for one in explain_subject(
            store, summary, bootstrap.lawbook_of(store, summary), (about, name), rule, lang
        )
    ]
