"""Deciding one rule for one contract, with the value of everything that decided.

The scalar twin of `evaluate`: the same trees and the same ladder, walked rung by rung, so that the
explanation is made from what decided and never from a second wording. Tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from landwatch.language.terms import Status
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.rowwise import Facts, Value, evaluate
from landwatch.lawbook.ladder import Rung, Test, ladder
from landwatch.lawbook.policy import About, DatedValue, Parameter, Policy, Rule
from landwatch.lawbook.vocabulary import verifiable
from landwatch.scan.adoption import ZONE_OPEN
from landwatch.scan.evaluate import constants_of
from landwatch.scan.once import OnceForEachRule
from landwatch.scan.unread import reason_of

_rungs = OnceForEachRule(ladder)


@dataclass(frozen=True, slots=True)
class Account:
    """How a rule came to its outcome for one contract on a day.

    `known` holds every name that the rule may use with its value: facts, parameters, definitions,
    clock_from, limit_on, days_past. `rungs` are those that were asked, the last decided.
    """

    policy: Policy
    rule: Rule
    as_of: date
    known: Facts
    rungs: tuple[tuple[Rung, Value], ...]
    status: Status
    reason: str | None
    to_verify: bool
    measured: Fraction | None
    threshold: Fraction | None
    amount_wan: Fraction | None
    days_past: int | None
    remedies: tuple[str, ...]

    @property
    def deciding(self) -> Rung | None:
        """Return the rung that decided, or None where the policy is not adopted here."""
        return self.rungs[-1][0] if self.rungs else None


def account(
    policy: Policy,
    rule: Rule,
    facts: Facts,
    as_of: date,
    *,
    adopted: bool | None = True,
    scope_open: str | None = None,
) -> Account:
    """Return how the rule decides for one contract's facts (a row of the dossiers).

    `adopted` is None where it is open whether the policy speaks of the contract, for the reason
    `scope_open` (parcels in several zones, a zone without a level, a division not told).
    """
    known = _known(policy, rule, facts, as_of)
    asked: list[tuple[Rung, Value]] = []
    status, reason = Status.NOT_APPLICABLE, "not_adopted"
    if adopted is None:
        status, reason = Status.UNKNOWN, scope_open or ZONE_OPEN
    if adopted:
        for rung in _rungs(rule):
            value = evaluate(rung.when.tree, known)
            asked.append((rung, value))
            if _holds(rung, value):
                status, reason = rung.status, _reason(rung, known) or ""
                break
    unread = reason_of(str(facts.get("unreadable") or "").split(";"), rule)
    if unread is not None and status in (Status.BREACH, Status.EXEMPT):
        status, reason = Status.UNKNOWN, unread
    breach = status is Status.BREACH
    return Account(
        policy=policy,
        rule=rule,
        as_of=as_of,
        known=known,
        rungs=tuple(asked),
        status=status,
        reason=reason or None,
        to_verify=rule.about is About.CONTRACT and _to_verify(status, reason, known),
        measured=_number(rule.measured, known),
        threshold=_number(rule.threshold, known),
        amount_wan=_number(rule.amount_wan, known) if breach else None,
        days_past=_days(known) if breach else None,
        remedies=_remedies(rule, known) if breach else (),
    )


def _known(policy: Policy, rule: Rule, facts: Facts, as_of: date) -> dict[str, Value]:
    law = _law_on(policy, rule, as_of)
    known: dict[str, Value] = {**facts, **law.constants}
    for parameter, dated in law.by_code:
        known[parameter.name] = _by_code(parameter, dated, known)
    known |= _of_the_duty(law.changed, rule, known, as_of)
    for definition in rule.definitions:
        known[definition.name] = evaluate(definition.is_.tree, known)
    known["clock_from"] = evaluate(rule.clock.since.tree, known)
    known["limit_on"] = evaluate(rule.clock.limit.tree, known)
    known["days_past"] = evaluate(rule.days_past.tree, known)
    return known


def _by_code(parameter: Parameter, dated: DatedValue | None, known: Facts) -> Fraction | None:
    by_code: Mapping[str, Fraction | None] = (dated.by_code if dated else None) or {}
    return by_code.get(str(known[str(parameter.by)]))


@dataclass(frozen=True, slots=True)
class _LawOn:
    """What of a policy is the same for all contracts on a day: see `constants_of`."""

    policy: Policy
    as_of: date
    constants: Facts
    by_code: tuple[tuple[Parameter, DatedValue | None], ...]
    changed: tuple[Parameter, ...]


_LAW = OnceForEachRule[list[_LawOn]](lambda rule: [])


def _law_on(policy: Policy, rule: Rule, as_of: date) -> _LawOn:
    """Return what of a policy holds on a day, worked out when the day or the policy changes."""
    last = _LAW(rule)
    for one in last:
        if one.policy is policy and one.as_of == as_of:
            return one
    parameters = policy.parameters.values()
    by_code = tuple((one, one.on(as_of)) for one in parameters if one.by is not None)
    changed = tuple(one for one in parameters if len(one.begun_by(as_of)) > 1)
    found = _LawOn(policy, as_of, constants_of(policy, rule, as_of), by_code, changed)
    last[:] = [found, *last[:1]]  # two days are compared
    return found


def _of_the_duty(
    changed: Sequence[Parameter], rule: Rule, known: Facts, as_of: date
) -> dict[str, Value]:
    """Return the parameters whose value has changed, as they hold for this rule's clock."""
    if not changed:
        return {}
    on_the_day = dict(known)
    for definition in rule.definitions:
        on_the_day[definition.name] = evaluate(definition.is_.tree, on_the_day)
    since = evaluate(rule.clock.since.tree, on_the_day)
    held: dict[str, Value] = {}
    for parameter in changed:
        dated = parameter.for_duty(since if isinstance(since, date) else None, as_of)
        plain = dated.value if dated else None
        held[parameter.name] = _by_code(parameter, dated, known) if parameter.by else plain
    return held


def _holds(rung: Rung, value: Value) -> bool:
    match rung.test:
        case Test.TRUE:
            return value is True
        case Test.FALSE:
            return value is False
        case Test.UNKNOWN:
            return value is None


def _reason(rung: Rung, known: Facts) -> str | None:
    if isinstance(rung.reason, Checked):
        reason = evaluate(rung.reason.tree, known)
        return None if reason is None else str(reason)
    return rung.reason


def _to_verify(status: Status, reason: str, known: Facts) -> bool:
    limit, as_of = known["limit_on"], known["as_of"]
    if status is not Status.UNKNOWN or not isinstance(limit, date) or not isinstance(as_of, date):
        return False
    named = reason.removeprefix("missing:")
    seen = named in verifiable() and named != reason
    return limit < as_of and (
        seen or reason == "works_without_permit" or reason.startswith("stale:")
    )


def _number(checked: Checked | None, known: Facts) -> Fraction | None:
    value = None if checked is None else evaluate(checked.tree, known)
    return value if isinstance(value, Fraction) else None


def _days(known: Facts) -> int | None:
    days = known["days_past"]
    return int(days) if isinstance(days, Fraction) else None


def _remedies(rule: Rule, known: Facts) -> tuple[str, ...]:
    return tuple(
        str(remedy.remedy)
        for remedy in rule.remedies
        if remedy.when is None or evaluate(remedy.when.tree, known) is True
    )


def scope_of(row: Mapping[str, Any]) -> bool | None:
    """Return whether a kept outcome's policy spoke of the contract; None where it is open.

    Scans kept before policies were adopted for levels and divisions say it by their reason alone.
    """
    if "adopted" in row:
        return None if row["adopted"] is None else bool(row["adopted"])
    return {"not_adopted": False, ZONE_OPEN: None}.get(row["reason"] or "", True)
