"""The one order in which a rule decides, for every engine and for the explanation.

A rung holds where its expression comes to what it tests for; the first that holds decides. Order
(ledger.md, settled questions): not applicable, compliant, exempt, then the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from landwatch.language.terms import Status
from landwatch.lawbook.expressions.check import DATE, TRUTH, Checked, Meaning, Scope, check
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.quantity import DAYS
from landwatch.lawbook.expressions.tree import Logic
from landwatch.lawbook.policy import Doubt, Rule


class Step(StrEnum):
    """What a rung is for."""

    CONDITION = "condition"
    FIRST = "first"
    MET = "met"
    EXEMPT = "exempt"
    GAP = "gap"
    NO_CLOCK = "no_clock"
    EARLY = "early"
    UNLESS = "unless"
    BREACH = "breach"
    DOUBT = "doubt"
    UNDECIDED = "undecided"


class Test(StrEnum):
    """What an expression must come to for its rung to hold."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rung:
    """Where `when` comes to `test`, the outcome is `status` for `reason`."""

    step: Step
    when: Checked
    test: Test
    status: Status
    reason: Checked | str | None


_CLOCK_SCOPE = Scope(
    {
        "as_of": DATE,
        "limit_on": DATE,
        "warn_days": Meaning(Sort.NUMBER, DAYS),
    },
    {},
)


@cache
def _clock(text: str) -> Checked:
    return check(text, _CLOCK_SCOPE)


def ladder(rule: Rule) -> list[Rung]:
    """Return the rungs of a rule in the order of deciding; the last always holds."""
    return [
        *_conditions(rule),
        *(_doubt(Step.FIRST, doubt) for doubt in rule.first),
        Rung(Step.MET, rule.met, Test.TRUE, Status.COMPLIANT, None),
        *_exemption(rule),
        *(_doubt(Step.GAP, gap) for gap in rule.gaps),
        Rung(
            Step.NO_CLOCK,
            _clock("told(limit_on)"),
            Test.FALSE,
            Status.UNKNOWN,
            f"missing:{rule.clock.missing}",
        ),
        Rung(
            Step.EARLY,
            _clock("as_of <= limit_on and days_between(as_of, limit_on) <= warn_days"),
            Test.TRUE,
            Status.DUE_SOON,
            None,
        ),
        Rung(Step.EARLY, _clock("as_of <= limit_on"), Test.TRUE, Status.NOT_DUE, None),
        *_breach(rule),
        *(_doubt(Step.DOUBT, doubt) for doubt in rule.doubts),
        Rung(Step.UNDECIDED, _clock("told(limit_on)"), Test.TRUE, Status.UNKNOWN, "undecided"),
    ]


def _doubt(step: Step, doubt: Doubt) -> Rung:
    return Rung(step, doubt.when, Test.TRUE, Status.UNKNOWN, doubt.reason)


def _conditions(rule: Rule) -> Iterator[Rung]:
    """What does not hold comes before what is not known: either alone keeps the rule silent."""
    for condition in rule.conditions:
        reason = condition.reason
        yield Rung(Step.CONDITION, condition.when, Test.FALSE, Status.NOT_APPLICABLE, reason)
    for condition in rule.conditions:
        unknown = condition.unknown or "undecided"
        yield Rung(Step.CONDITION, condition.when, Test.UNKNOWN, Status.UNKNOWN, unknown)


def _exemption(rule: Rule) -> Iterator[Rung]:
    if rule.exemption:
        yield Rung(
            Step.EXEMPT,
            rule.exemption.when,
            Test.TRUE,
            Status.EXEMPT,
            rule.exemption.reason,
        )


def _breach(rule: Rule) -> Iterator[Rung]:
    """A breach, unless a ground turns it into a question for a person."""
    for ground in rule.unless:
        parts = (rule.breach.tree, ground.when.tree)
        both = Checked(ground.when.text, Logic("and", parts, ground.when.tree.at), TRUTH)
        yield Rung(Step.UNLESS, both, Test.TRUE, Status.UNKNOWN, ground.reason)
    yield Rung(Step.BREACH, rule.breach, Test.TRUE, Status.BREACH, None)
