"""The product against the witness: what it says of made-up contracts and parks, it may say.

Every breach must be one that the witness allows, every compliant likewise, and what the witness
holds for a breach beyond doubt must be one. Counted, so that nothing passes by silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.run import Adopted, decide
from tests.lawbook import oracle, witness
from tests.lawbook.witness_said import Said
from tests.lawbook.witness_worlds import contracts_world, parks_world
from tests.scan.worked import Worked, ledger_of, zone_of

DAYS = (date(2021, 7, 1), date(2021, 12, 31), date(2022, 1, 1), date(2024, 2, 29))
CONTRACTS, PARKS = 1500, 500
HEARD = frozenset(witness.CONTRACT_RULES) | frozenset(witness.PARK_RULES)
AT_LEAST: dict[str, tuple[int, int]] = {
    "GC.DENSITY": (200, 400),
    "GC.TAX": (50, 100),
    "GC.OUTPUT": (50, 100),
    "GC.STALLED": (40, 150),
    "LAL.38.FEE": (150, 200),
    "LAL.38.RECLAIM": (20, 50),
    "CI.FAR": (100, 150),
    "CI.OFFICE": (200, 200),
    "CI.GREEN": (0, 0),
    "LZ.PRICE": (80, 200),
    "UR.ET.TERMS": (200, 30),
    "SL.FIVE": (0, 400),
    "SL.ENERGY": (40, 250),
    "SL.EMISSION": (50, 250),
    "LZ.LEADING": (400, 800),
    "LZ.INDUSTRY": (400, 300),
    "LZ.BATCH": (200, 500),
}
"""How many breaches and compliants each rule must meet over all the days, so that it was asked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the product said of one contract or park under one rule, and what the witness says."""

    rule: str
    name: str
    status: str
    reason: str | None
    said: Said

    def apart(self) -> str | None:
        """Return in which way the two disagree; None where they do not."""
        if self.status == "breach" and not self.said.may_breach:
            return "a breach that nobody may say"
        if self.status == "compliant" and not self.said.may_comply:
            return "compliant, which nobody may say"
        if self.status != "breach" and self.said.must_breach:
            return "a breach that must be said"
        if self.status != "compliant" and self.said.must_comply:
            return "compliant, which must be said"
        return None


def heard_on(as_of: date, seed: int) -> Iterator[Heard]:
    """Return what both say of everything made up for a day, rule by rule."""
    contracts = contracts_world(seed, CONTRACTS, as_of)
    parks = parks_world(seed, PARKS, as_of)
    zones = {zone_of(name): park for name, park in parks.items()}
    adopted = [Adopted(policy, Adoption(everywhere=True)) for policy in _only_those_heard()]
    for one in decide(ledger_of({**contracts, **parks}), adopted, as_of):
        for row in one.table.to_pylist():
            name = row["contract_id"] or row["zone_id"]
            told = (zones if one.rule.about is About.PARK else contracts).get(name)
            if told is not None:  # a contract's zone is no park with statistics
                said = _said_of(one.rule, told, as_of)
                yield Heard(one.rule.code, name, row["status"], row["reason"], said)


def _only_those_heard() -> list[Policy]:
    """Return the policies of the shelf with the rules that the witness speaks of, and no other."""
    cut = (
        replace(policy, rules=tuple(rule for rule in policy.rules if rule.code in HEARD))
        for policy in shelf().values()
    )
    return [policy for policy in cut if policy.rules]


def _said_of(rule: Rule, told: Worked, as_of: date) -> Said:
    if rule.about is About.PARK:
        return witness.of_park(rule.code, dict(told.zone or {}), as_of)
    reports = [dict(report) for report in told.progress]
    happened = [dict(event) for event in told.events]
    return witness.of_contract(rule.code, dict(told.contract), reports, happened, as_of)


@pytest.fixture(scope="module")
def heard() -> dict[date, list[Heard]]:
    return {day: list(heard_on(day, seed)) for seed, day in enumerate(DAYS, start=1)}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_is_said_that_the_witness_does_not_allow(
    heard: dict[date, list[Heard]], day: date
) -> None:
    apart = [
        f"{one.rule} {one.name}: {way} ({one.status}, {one.reason})"
        for one in heard[day]
        if (way := one.apart()) is not None
    ]
    assert apart == []


def test_each_rule_met_enough_breaches_and_enough_compliants(
    heard: dict[date, list[Heard]],
) -> None:
    counts = Counter((one.rule, one.status) for day in DAYS for one in heard[day])
    met = {rule: (counts[rule, "breach"], counts[rule, "compliant"]) for rule in sorted(HEARD)}
    assert set(met) == set(AT_LEAST)
    few = {rule: found for rule, found in met.items() if not _enough(found, AT_LEAST[rule])}
    assert few == {}, f"met (breach, compliant): {met}"


def _enough(found: tuple[int, int], least: tuple[int, int]) -> bool:
    return found[0] >= least[0] and found[1] >= least[1]


def test_a_limit_not_read_and_a_term_not_held_never_accuse(
    heard: dict[date, list[Heard]],
) -> None:
    counts = Counter((one.rule, one.status) for day in DAYS for one in heard[day])
    assert counts["CI.GREEN", "breach"] == counts["CI.GREEN", "compliant"] == 0
    assert counts["SL.FIVE", "breach"] == 0
    assert counts["CI.GREEN", "unknown"] > 0 and counts["SL.FIVE", "unknown"] > 0


def test_the_witness_speaks_of_every_rule_that_the_oracle_does_not() -> None:
    rules = {rule.code for policy in shelf().values() for rule in policy.rules}
    assert rules - set(oracle.RULES) - {"HY.SCORE"} == HEARD
