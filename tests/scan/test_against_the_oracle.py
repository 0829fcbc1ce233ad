"""The product against the second careful programmer: thousands of made-up contracts, every rule."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.run import Adopted, decide
from tests.lawbook import oracle
from tests.lawbook.oracle_outcome import Outcome
from tests.scan.worked import Worked, ledger_of
from tests.scan.worlds import AS_OF, world

CONTRACTS = 400
EXACT = ("status", "reason", "to_verify", "clock_from", "limit_on", "days_past", "remedies")
WITHOUT_A_CLOCK = ("LZ.TERMINATE", "UR.HT.REFUND")
"""Their period is an empty slot: the product shows where it would begin, the text gives no end."""
NUMBERS = ("measured", "threshold", "amount_wan")


@pytest.mark.parametrize("seed", range(6))
def test_every_outcome_is_what_a_second_reading_of_the_text_says(seed: int) -> None:
    contracts = world(seed, CONTRACTS)
    adopted = [Adopted(policy, Adoption(everywhere=True)) for policy in shelf().values()]
    apart: list[str] = []
    for outcome in decide(ledger_of(contracts), adopted, AS_OF):
        if outcome.rule.code not in oracle.RULES:  # the newer rules have a witness instead
            continue
        for row in outcome.table.to_pylist():
            worked = contracts[row["contract_id"]]
            second = second_reading(outcome.rule.code, worked, AS_OF)
            apart += differences(outcome.rule.code, row, second, worked)
    assert apart == []


def second_reading(rule: str, worked: Worked, as_of: date) -> Outcome:
    return oracle.decide(
        rule,
        contract=dict(worked.contract),
        zone=None if worked.zone is None else dict(worked.zone),
        progress=[dict(report) for report in worked.progress],
        events=[dict(event) for event in worked.events],
        as_of=as_of,
    )


def differences(rule: str, row: dict[str, Any], second: Outcome, worked: Worked) -> list[str]:
    row = row | {"remedies": tuple((row["remedies"] or "").split(";")) if row["remedies"] else ()}
    found = [
        f"{rule} {row['contract_id']} {name}: {row[name]!r}, second: {getattr(second, name)!r}"
        for name in EXACT
        if not (name in ("clock_from", "limit_on") and rule in WITHOUT_A_CLOCK)
        and row[name] != getattr(second, name)
    ]
    if second.status in ("compliant", "breach"):
        for name in NUMBERS:
            wanted: Fraction | None = getattr(second, name)
            same = (
                row[name] is None
                if wanted is None
                else row[name] is not None and abs(row[name] - float(wanted)) <= 1e-6 + 1e-9
            )
            if not same:
                found.append(
                    f"{rule} {row['contract_id']} {name}: {row[name]!r}, second reading {wanted!r}"
                )
    return found
