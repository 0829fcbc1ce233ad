"""What a report is made of, and the names by which its sheets call things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from landwatch.lawbook.policy import About, Words
from landwatch.scan.freshness_figures import Freshness
from landwatch.store import Scope

Row: TypeAlias = Mapping[str, Any]
Counts: TypeAlias = Mapping[tuple[str | None, str, str], int]
"""How many contracts (or parks, by the rule) have an outcome: by zone, rule and gravity."""


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A policy that the scan judged by, and the scopes it was adopted for."""

    id: str
    title: Words
    version: str
    authority: str
    adopted_for: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of one of these policies."""

    code: str
    policy: str
    title: Words
    parameters: Mapping[str, Words] = field(default_factory=dict)
    about: About = About.CONTRACT


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report is made of.

    `contracts` are rows of contract_id, holder, project_name, location, zone_id, area_mu, gravity
    (the gravest of its outcomes). `outcomes` counts every outcome of the scan, quiet ones too.
    `findings` are the speaking rows (ledger.md §3), read once, in any order of contracts.
    `freshness` is that of the same day and knowledge.
    """

    title: str
    as_of: date
    scan_id: int | None
    made_at: datetime
    policies: Sequence[PolicyLine]
    rules: Sequence[RuleLine]
    zones: Sequence[tuple[str, str]]
    contracts: Sequence[Row]
    outcomes: Counts
    findings: Iterable[Row]
    freshness: Freshness | None = None


@dataclass(frozen=True, slots=True)
class Contracts:
    """Who holds what where, and what parks and rules are called, in the report's language."""

    lang: str
    by_id: Mapping[str, Row]
    zone_names: Mapping[str, str]
    rules: Mapping[str, str]
    parameters: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, report: ReportData, lang: str) -> Contracts:
        """Return the names and contracts of a report by their ids."""
        return cls(
            lang,
            {row["contract_id"]: row for row in report.contracts},
            {zone_id: name or zone_id for zone_id, name in report.zones},
            {rule.code: rule.title.in_words(lang) for rule in report.rules},
            {
                rule.code: {name: one.in_words(lang) for name, one in rule.parameters.items()}
                for rule in report.rules
            },
        )

    def row(self, contract_id: str | None) -> Row:
        """Return what is known of a contract; nothing where the finding is a park's."""
        return self.by_id.get(contract_id or "", {})

    def zone(self, zone_id: str | None) -> str:
        """Return the name of a park; its id where it has none."""
        return self.zone_names.get(zone_id or "", zone_id or "")

    def rule(self, code: str) -> str:
        """Return a rule as people name it, with its code."""
        title = self.rules.get(code)
        return f"{title} {code}" if title else code
