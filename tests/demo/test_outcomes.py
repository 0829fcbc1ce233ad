"""What the demo shows: every outcome as worked out by hand, every rule, totals that add up."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from landwatch.demo import DemoLedger
from landwatch.language.columns import Kind
from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import rules
from landwatch.scan.run import Adopted
from tests.demo.conftest import ByHand, Told
from tests.lawbook import oracle, witness

Outcomes = dict[str, dict[str, dict[str, Any]]]
OF_CONTRACTS = sorted(code for code, (_, rule) in rules().items() if rule.about is About.CONTRACT)
OF_PARKS = sorted(code for code, (_, rule) in rules().items() if rule.about is About.PARK)

SCORE = "HY.SCORE"
"""A score only: nothing is met or missed."""
YEARLY = {"due_soon"}  # a year's end is never near a midsummer scan
NEVER = {
    "O53.A1": {"not_applicable"},  # Order 53 speaks of every contract since 2012
    "O53.A2": {"not_applicable"},
    "O53.B": {"exempt"},
    "GC.TAX": YEARLY,
    "GC.OUTPUT": YEARLY,
    "GC.STALLED": {"due_soon", "not_due"},
    "LAL.38.FEE": {"due_soon", "not_due"},
    "LAL.38.RECLAIM": {"due_soon", "not_due"},
    "CI.FAR": {"due_soon", "not_due"},
    "CI.OFFICE": {"due_soon"},
    "CI.GREEN": {"breach", "due_soon", "not_due", "compliant"},  # its limit was not read
    "LZ.PRICE": {"due_soon", "not_due"},  # the price was fixed before the signing
    "LZ.TERMINATE": {"breach", "due_soon", "exempt", "not_due"},  # no cure period is written
    "UR.HT.BOND": {"exempt", "not_due"},  # seven days are always within the warning
    "UR.HT.REFUND": {"breach", "due_soon", "exempt", "not_due", "compliant"},  # nor a schedule
    "SL.FIVE": {"breach", "due_soon", "not_due"},  # a gap of the ledger, never a breach
    "SL.ENERGY": YEARLY,
    "SL.EMISSION": YEARLY,
}
"""Statuses that a rule cannot have in the demo; those of duties without a ground have no exempt."""
WITH_A_GROUND = {"O53.A1", "O53.A2", "REL.26", "LZ.STALLED", "LZ.RECOVER"}


def gravity(row: dict[str, Any]) -> Gravity:
    return Gravity.of(row["status"], row["to_verify"])


def test_every_outcome_is_the_one_worked_out_by_hand(outcomes: Outcomes, by_hand: ByHand) -> None:
    assert outcomes.keys() == by_hand.says.keys()
    apart = {
        (contract, rule): (str(gravity(outcomes[contract][rule])), str(wanted))
        for contract, says in by_hand.says.items()
        for rule, wanted in says.items()
        if gravity(outcomes[contract][rule]) != wanted
    }
    assert apart == {}


def test_the_totals_of_every_rule_are_those_summed_by_hand(
    outcomes: Outcomes, by_hand: ByHand
) -> None:
    counted = {
        rule: dict(Counter(str(gravity(row[rule])) for row in outcomes.values()))
        for rule in OF_CONTRACTS
    }
    assert counted == by_hand.totals
    assert {sum(counts.values()) for counts in counted.values()} == {94}


def test_the_mu_of_each_zone_by_the_gravest_outcome_are_those_summed_by_hand(
    outcomes: Outcomes, told: Told, by_hand: ByHand
) -> None:
    area = {row["contract_id"]: row.get("area_mu", Decimal(0)) for row in told.rows[Kind.CONTRACTS]}
    zone = {row["contract_id"]: row.get("zone_id", "none") for row in told.rows[Kind.CONTRACTS]}
    summed: dict[str, Counter[str]] = {}
    for contract, row in outcomes.items():
        gravest = min(map(gravity, row.values()))
        summed.setdefault(zone[contract], Counter())[str(gravest)] += area[contract]
    assert {name: dict(mu) for name, mu in summed.items()} == by_hand.mu_by_gravity
    assert area == by_hand.mu
    assert zone == by_hand.zone


def test_every_rule_of_the_lawbook_speaks(by_hand: ByHand) -> None:
    assert set(by_hand.totals) == set(OF_CONTRACTS)
    assert set(by_hand.parks["LZ-DEMO"]) == set(OF_PARKS)
    assert set(OF_CONTRACTS) | set(OF_PARKS) == set(rules())


def test_every_gravity_is_the_gravest_of_some_contract(by_hand: ByHand) -> None:
    gravest = {min(says.values()) for says in by_hand.says.values()}
    assert gravest == set(Gravity) - {Gravity.NOT_APPLICABLE}


@pytest.mark.parametrize("rule", sorted(set(OF_CONTRACTS) - {SCORE}))
def test_every_status_that_a_rule_can_have_occurs(rule: str, outcomes: Outcomes) -> None:
    seen = {row[rule]["status"] for row in outcomes.values()}
    never = NEVER.get(rule, set()) | (set() if rule in WITH_A_GROUND else {"exempt"})
    assert seen == {str(status) for status in Status} - never


def test_every_outcome_of_a_park_is_the_one_worked_out_by_hand(
    park_outcomes: Outcomes, by_hand: ByHand
) -> None:
    found = {zone: {r: gravity(row) for r, row in of.items()} for zone, of in park_outcomes.items()}
    assert found == by_hand.parks


@pytest.mark.parametrize("rule", OF_PARKS)
def test_a_rule_about_parks_is_met_missed_doubted_and_silent(
    rule: str, park_outcomes: Outcomes
) -> None:
    seen = {row[rule]["status"] for row in park_outcomes.values()}
    assert seen == {"breach", "compliant", "unknown", "not_applicable"}
    for row in park_outcomes.values():
        assert row[rule]["contract_id"] is None


def test_a_score_is_told_and_nobody_is_judged_by_it(outcomes: Outcomes) -> None:
    assert {row[SCORE]["status"] for row in outcomes.values()} == {"not_applicable"}
    told = {name: row[SCORE]["measured"] for name, row in outcomes.items()}
    scored = {name: score for name, score in told.items() if score is not None}
    # 735/30/24.097*30 + 4050/30/136.16*20 + 4050/1450/2.694*20 + 4050/0.85/4929.81*10
    # + 4050/190/18.14*10 + 540/18000/0.0302*10 = 30.50 + 19.83 + 20.74 + 9.67 + 11.75 + 9.93
    assert scored == {"TZ-07": pytest.approx(102.4166, abs=1e-4)}


def test_a_second_reading_of_the_text_comes_to_the_same(
    outcomes: Outcomes, told: Told, demo: DemoLedger, adopted: list[Adopted]
) -> None:
    zones = {row["zone_id"]: row for row in told.rows[Kind.ZONES]}
    contracts = {row["contract_id"]: row for row in told.rows[Kind.CONTRACTS]}
    apart = []
    for contract, facts in contracts.items():
        zone = zones.get(facts.get("zone_id", ""))
        mine = {
            kind: [row for row in told.rows[kind] if row["contract_id"] == contract]
            for kind in (Kind.PROGRESS, Kind.EVENTS)
        }
        for each in adopted:
            holds = each.adoption.everywhere or facts.get("zone_id") in each.adoption.zones
            for rule in each.policy.rules:
                if rule.code not in oracle.RULES:  # the witness speaks of those
                    continue
                second = oracle.decide(
                    rule.code,
                    contract=facts,
                    zone=zone,
                    progress=mine[Kind.PROGRESS],
                    events=mine[Kind.EVENTS],
                    as_of=demo.as_of,
                    adopted=holds,
                )
                row = outcomes[contract][rule.code]
                apart += [
                    (contract, rule.code, name, row[name], getattr(second, name))
                    for name in ("status", "reason", "to_verify", "days_past")
                    if row[name] != getattr(second, name)
                ]
    assert apart == []


def test_the_witness_of_the_newer_rules_allows_every_breach_and_every_compliance(
    outcomes: Outcomes, park_outcomes: Outcomes, told: Told, demo: DemoLedger
) -> None:
    contracts = {row["contract_id"]: row for row in told.rows[Kind.CONTRACTS]}
    zones = {row["zone_id"]: row for row in told.rows[Kind.ZONES]}
    heard = []
    for contract, facts in contracts.items():
        reports, happened = (
            [row for row in told.rows[kind] if row["contract_id"] == contract]
            for kind in (Kind.PROGRESS, Kind.EVENTS)
        )
        for rule in witness.CONTRACT_RULES:
            said = witness.of_contract(rule, facts, reports, happened, demo.as_of)
            heard.append((contract, rule, outcomes[contract][rule], said))
    for zone, facts in zones.items():
        for rule in witness.PARK_RULES:
            said = witness.of_park(rule, facts, demo.as_of)
            heard.append((zone, rule, park_outcomes[zone][rule], said))
    spoken = [one for one in heard if one[2]["status"] in ("breach", "compliant")]
    assert len(spoken) > 150
    apart = [
        (name, rule, row["status"])
        for name, rule, row, said in spoken
        if not (said.may_breach if row["status"] == "breach" else said.may_comply)
    ]
    assert apart == []


def test_the_days_and_amounts_of_some_findings_are_those_of_pen_and_paper(
    outcomes: Outcomes,
) -> None:
    row = outcomes["LZ-04"]
    # 2024-11-10 to 2026-06-30: 365 days to 2025-11-10, then 20+31+31+28+31+30+31+30 = 232
    assert row["O53.A2"]["days_past"] == 597
    assert row["O53.A1"]["amount_wan"] == pytest.approx(300.0)  # 20 % of 1500
    assert row["REL.26"]["remedies"] == "charge_idle_fee;reclaim"
    # LZ-03 began on 2023-05-20, 445 days after 2022-03-01; 0.5 ‰ of 720 万元 a day
    assert outcomes["LZ-03"]["GC.START"]["days_past"] == 445
    assert outcomes["LZ-03"]["GC.START"]["amount_wan"] == pytest.approx(160.2)
    # LZ-16: (150 - 86.666…) / 150 of 900 万元
    assert outcomes["LZ-16"]["GC.INTENSITY"]["amount_wan"] == pytest.approx(380.0)
    assert outcomes["LZ-33"]["LZ.INTENSITY"]["threshold"] == 250
    assert outcomes["LZ-16"]["LZ.INTENSITY"]["threshold"] == 150
    assert outcomes["UR-03"]["UR.HT.BOND"]["days_past"] == 3
    assert outcomes["UR-11"]["O53.A1"]["days_past"] == 2
    # LZ-16: 6 of 8 per mu; the form states no arithmetic for a shortfall of tax
    assert outcomes["LZ-16"]["GC.TAX"]["measured"] == pytest.approx(6)
    assert outcomes["LZ-16"]["GC.TAX"]["amount_wan"] is None
    # LZ-41: 2022-12-01 + 2 years; 576 days from 2024-12-01 to 2026-06-30
    assert outcomes["LZ-41"]["LAL.38.RECLAIM"]["days_past"] == 576
    assert outcomes["UR-38"]["UR.ET.TERMS"]["remedies"] == "cut_support;reclaim"
    assert outcomes["UR-37"]["UR.ET.TERMS"]["remedies"] == "cut_support"
