"""The worked cases hold the rules: a slip in a limit, a comparison or a ground makes one fail.

What no case can tell apart from the rule stands in `equivalent_mutants.yaml`, each with its reason;
one that a case has come to kill, or that is no mutant any more, must leave that list.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from landwatch.lawbook.cases import shipped_cases
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.shelf import rules, shelf
from landwatch.scan.account import account
from landwatch.scan.supposing import suppose
from landwatch.scan.trial import Tried, meets, try_cases
from tests.lawbook.mutants import Mutant, mutants_of

EQUIVALENT: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("equivalent_mutants.yaml").read_text("utf-8")
)


@cache
def tried() -> dict[str, list[Tried]]:
    """Return every worked case as it came out, by rule."""
    held = [(policy, told) for policy in shelf().values() if (told := shipped_cases(policy.id))]
    found: dict[str, list[Tried]] = {}
    for one in try_cases(held):
        found.setdefault(one.case.rule, []).append(one)
    return found


def killed(mutant: Mutant) -> bool:
    """Return whether a case comes out otherwise."""
    return any(
        not meets(one.case, account(policy, mutant.rule, one.taken.known, one.case.as_of))
        for one in tried()[mutant.rule.code]
        for policy in [_supposed(mutant.policy, one)]
    )


def _supposed(policy: Policy, one: Tried) -> Policy:
    """Return the mutant's policy with the numbers that a case supposes."""
    return suppose(policy, one.case.suppose, one.case.as_of)[0] if one.case.suppose else policy


def survivors(code: str) -> Iterator[str]:
    policy, rule = rules()[code]
    for mutant in mutants_of(policy, rule):
        if not killed(mutant):
            yield mutant.label


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_slip_in_a_rule_makes_a_case_fail(code: str) -> None:
    assert all(one.passed for one in tried()[code])
    listed = {label for label in EQUIVALENT if label.startswith(f"{code}: ")}
    alive = set(survivors(code))
    assert alive - listed == set(), "no case tells these from the rule"
    assert listed - alive == set(), "these are killed, or are no mutants: take them off the list"


def test_there_are_mutants_to_kill() -> None:
    made = [mutant for policy, rule in rules().values() for mutant in mutants_of(policy, rule)]
    kinds = {mutant.kind for mutant in made}
    assert kinds >= {
        "comparison", "threshold", "window", "exemption", "ground", "unknown as met",
        "unknown as breach", "number", "logic",
    }  # fmt: skip
    assert len(made) > 1000
    assert len(EQUIVALENT) < len(made) / 10
    assert all(reason.strip() for reason in EQUIVALENT.values())
