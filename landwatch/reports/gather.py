"""What the report of a kept scan is made of: parks, contracts, counts of outcomes, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from landwatch.language.terms import SPEAKING, Authority, Gravity
from landwatch.lawbook.policy import Policy, Words
from landwatch.reports.contents import PolicyLine, ReportData, RuleLine
from landwatch.scan.findings import Wanted, findings, outcomes_of
from landwatch.scan.freshness_at import freshness_at
from landwatch.scan.reading import Reading
from landwatch.store import ScanSummary, Scope, Store


def report_data(
    store: Store, scan: ScanSummary, shelf: Mapping[str, Policy], *, title: str
) -> ReportData:
    """Return the report of a kept scan; its findings are read as they are written."""
    with Reading(store, scan.as_of, scan.known_at) as reading:
        contracts, zones = reading.contracts(), reading.zones()
    outcomes, gravest = _counted(store, scan, shelf)
    for row in contracts:
        row["gravity"] = gravest.get(row["contract_id"], Gravity.NOT_APPLICABLE)
    judged = [shelf[name] for name in scan.policies if name in shelf]
    return ReportData(
        title=title,
        as_of=scan.as_of,
        scan_id=scan.scan_id,
        made_at=scan.made_at,
        policies=_policies(store, scan, judged),
        rules=[
            RuleLine(rule.code, one.id, rule.title, _titles(one), rule.about)
            for one in judged
            for rule in one.rules
        ],
        zones=[(zone["zone_id"], zone["name"] or zone["zone_id"]) for zone in zones],
        contracts=contracts,
        outcomes=outcomes,
        findings=findings(store, scan, shelf, Wanted(statuses=frozenset(map(str, SPEAKING)))),
        freshness=freshness_at(store, scan.as_of, scan.known_at),
    )


def _titles(policy: Policy) -> dict[str, Words]:
    return {name: one.title for name, one in policy.parameters.items()}


_WITHOUT_FORCE = (Authority.DRAFT, Authority.REPORTED)


def _counted(
    store: Store, scan: ScanSummary, shelf: Mapping[str, Policy]
) -> tuple[Counter[tuple[str | None, str, str]], dict[str, Gravity]]:
    """Return how many outcomes there are by zone, rule and gravity, and the gravest of each.

    A contract is as grave as the rules with force of law, a rule or a contract say: what a draft or
    a press report finds is counted by rule, and never makes a contract one that misses its duties.
    """
    counts: Counter[tuple[str | None, str, str]] = Counter()
    gravest: dict[str, Gravity] = {}
    for kept in outcomes_of(store, scan, Wanted()):
        columns: list[list[Any]] = [
            kept.table.column(name).to_pylist()
            for name in ("contract_id", "zone_id", "status", "to_verify")
        ]
        policy = shelf.get(kept.policy)
        binding = policy is None or policy.authority not in _WITHOUT_FORCE
        for contract, zone, status, to_verify in zip(*columns, strict=True):
            gravity = Gravity.of(status, to_verify)
            counts[zone, kept.rule, str(gravity)] += 1
            if not binding or contract is None:
                continue
            if contract not in gravest or gravity < gravest[contract]:
                gravest[contract] = gravity
    return counts, gravest


def _policies(store: Store, scan: ScanSummary, judged: list[Policy]) -> list[PolicyLine]:
    scopes: dict[str, list[Scope]] = {}
    for held in store.adoptions(scan.known_at):
        scopes.setdefault(held.policy_id, []).append(held.scope)
    return [
        PolicyLine(
            one.id,
            one.title,
            scan.policies[one.id],
            str(one.authority),
            tuple(scopes.get(one.id, ())),
        )
        for one in judged
    ]
