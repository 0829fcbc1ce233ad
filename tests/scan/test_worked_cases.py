"""Every worked case of the lawbook, decided by columns: what an inspector can check by hand."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from landwatch.lawbook.shelf import shelf
from landwatch.scan.adoption import Adoption
from landwatch.scan.run import Adopted, decide
from tests.scan.worked import Case, cases, ledger_of

CASES = cases()


@cache
def outcomes_on(as_of: date) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every rule's outcome for all cases of one day, decided in one scan."""
    told = {f"{n:05}": case.facts for n, case in enumerate(CASES) if case.as_of == as_of}
    adopted = [Adopted(policy, Adoption(everywhere=True)) for policy in shelf().values()]
    return {
        (row["contract_id"], outcome.rule.code): row
        for outcome in decide(ledger_of(told), adopted, as_of)
        for row in outcome.table.to_pylist()
    }


@pytest.mark.parametrize(
    ("number", "case"),
    list(enumerate(CASES)),
    ids=[f"{case.rule}-{case.id}" for case in CASES],
)
def test_a_worked_case_comes_out_as_its_author_worked_it(number: int, case: Case) -> None:
    row = outcomes_on(case.as_of)[f"{number:05}", case.rule]
    got = {name: shown(name, row[name]) for name in case.expect}
    assert got == {name: shown(name, value) for name, value in case.expect.items()}


def shown(name: str, value: Any) -> Any:
    """Return a value as it can be compared: numbers to six decimals, lists as lists."""
    if name == "remedies":
        return value.split(";") if isinstance(value, str) and value else list(value or [])
    if name in ("measured", "threshold", "amount_wan") and value is not None:
        from fractions import Fraction

        return round(float(Fraction(str(value))), 6)
    return value
