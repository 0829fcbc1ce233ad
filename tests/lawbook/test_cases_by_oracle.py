"""Every worked case of the lawbook decided by the oracle; what is expected stands in the case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lawbook.oracle import RULES, decide

CASES = Path(__file__).parents[2] / "landwatch" / "lawbook" / "cases"
IN_MU = {
    "area_m2": "area_mu",
    "developed_area_m2": "developed_area_mu",
    "due_start_area_m2": "due_start_area_mu",
}
KEYS = {"id", "rule", "shows", "vector", "en", "why_zh", "why_en", "as_of"} | {
    "contract",
    "zone",
    "progress",
    "events",
    "expect",
}


def told(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with exact numbers, and each area also in 亩."""
    cells: dict[str, Any] = {}
    for name, cell in record.items():
        is_number = name.endswith(("_wan", "_m2", "_mu", "_share", "_permille", "_min", "_max"))
        is_number = is_number or name in {"capacity_actual", "design_capacity"}
        cells[name] = Decimal(str(cell)) if is_number or "_wan_per_" in name else cell
        if name in IN_MU:
            cells[IN_MU[name]] = cells[name] * Decimal("0.0015")
    return cells


def every_case() -> list[Any]:
    """Return the cases of the rules that the oracle knows; the later ones have a witness."""
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases += [
            pytest.param(case, id=f"{document['policy']}: {case['id']}")
            for case in document["cases"]
            if case["rule"] in RULES
            and "suppose" not in case
            # What the newer form of the contract asks came after the oracle; the witness has it.
            and (case.get("contract") or {}).get("contract_form") != "form_newer"
        ]
    return cases


@pytest.mark.parametrize("case", every_case())
def test_the_oracle_decides_as_the_case_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    outcome = decide(
        case["rule"],
        contract=told(case["contract"]),
        zone=case.get("zone"),
        progress=[told(row) for row in case["progress"]],
        events=[told(event) for event in case["events"]],
        as_of=case["as_of"],
    )
    for name, expected in case["expect"].items():
        given = getattr(outcome, name)
        if isinstance(given, Fraction):
            assert given == Fraction(str(expected)), name
        else:
            assert given == (tuple(expected) if isinstance(expected, list) else expected), name


def test_each_rule_has_its_cases_below_at_above_and_with_nothing_told() -> None:
    shown = Counter((param.values[0]["rule"], param.values[0]["shows"]) for param in every_case())
    # A rule that can only wait for a parameter has no limit to stand below or above.
    without_limit = {"LZ.TERMINATE", "UR.HT.REFUND"}
    for rule in RULES:
        wanted = {"nothing_told"}
        if rule not in without_limit:
            wanted |= {"below", "at", "above"}
        assert wanted <= {shows for named, shows in shown if named == rule}, rule


def test_no_case_is_told_twice_and_every_day_is_a_day() -> None:
    ids = [param.id for param in every_case()]
    assert len(ids) == len(set(ids))
    assert all(isinstance(param.values[0]["as_of"], date) for param in every_case())
