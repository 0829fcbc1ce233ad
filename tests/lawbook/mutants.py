"""Rules with one thing wrong: what a slip of the pen in a policy would make of them.

A mutant differs from its rule in one comparison, one number, one condition or one ground; it is
killed when a worked case of the rule comes out otherwise. The trees are changed, not the text, so
that a thousand mutants are tried in seconds by the scalar engine (tests hold it to the columns).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.tree import (
    Call,
    Comparison,
    Constant,
    Logic,
    Negation,
    Node,
    children,
)
from landwatch.lawbook.policy import DatedValue, Parameter, Policy, Rule
from landwatch.lawbook.reading import names_of

SLIPS = {"<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",), "==": ("!=",), "!=": ("==",)}
TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing wrong; `kind` says what family of slip it is."""

    kind: str
    label: str
    policy: Policy
    rule: Rule


def mutants_of(policy: Policy, rule: Rule) -> Iterator[Mutant]:
    """Return every mutant of a rule."""
    for place, label, changed in _trees(rule):
        yield Mutant(place, f"{rule.code}: {label}", policy, changed)
    for name, label, changed_policy in _thresholds(policy, rule):
        yield Mutant("threshold", f"{rule.code}: {name} {label}", changed_policy, rule)
    for days in ("warn_days", "evidence_days"):
        if days == "evidence_days" and "evidence_days" not in _names(rule):
            continue
        for step in (-1, 1):
            changed = _put(rule, days, getattr(rule, days) + step)
            yield Mutant("window", f"{rule.code}: {days} {step:+d}", policy, changed)
    if rule.exemption is not None:
        yield Mutant(
            "exemption", f"{rule.code}: no exemption", policy, replace(rule, exemption=None)
        )
    met = replace(rule, met=_or_unknown(rule.met))
    yield Mutant("unknown as met", f"{rule.code}: unknown as met", policy, met)
    breach = replace(rule, breach=_or_unknown(rule.breach))
    yield Mutant("unknown as breach", f"{rule.code}: unknown as breach", policy, breach)
    for ground in ("conditions", "first", "gaps", "unless", "doubts"):
        told: tuple[Any, ...] = getattr(rule, ground)
        for at in range(len(told)):
            changed = _put(rule, ground, told[:at] + told[at + 1 :])
            what = told[at].when.text
            yield Mutant("ground", f"{rule.code}: {ground} without {what}", policy, changed)


def _put(rule: Rule, name: str, value: Any) -> Rule:
    changes: dict[str, Any] = {name: value}
    return replace(rule, **changes)


def _names(rule: Rule) -> set[str]:
    return names_of(rule).union(*(names_of(one.is_) for one in rule.definitions))


def _or_unknown(checked: Checked) -> Checked:
    """Return what an engine that takes unknown for yes would decide by."""
    at = checked.tree.at
    unknown = Negation(Call("told", (checked.tree,), at), at)
    return replace(checked, tree=Logic("or", (checked.tree, unknown), at))


def _thresholds(policy: Policy, rule: Rule) -> Iterator[tuple[str, str, Policy]]:
    """Return the policy with each number that the rule uses one printed step off."""
    for name in sorted(_names(rule) & set(policy.parameters)):
        parameter = policy.parameters[name]
        for dated in parameter.values:
            for label, changed in _one_step_off(dated):
                values = tuple(changed if one is dated else one for one in parameter.values)
                moved: Parameter = replace(parameter, values=values)
                yield name, label, replace(policy, parameters={**policy.parameters, name: moved})


def _one_step_off(dated: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    for sign in (-1, 1):
        if dated.value is not None:
            yield f"{sign:+d} step", replace(dated, value=dated.value + sign * _step(dated.value))
        for code, value in (dated.by_code or {}).items():
            if value is not None:
                codes = {**(dated.by_code or {}), code: value + sign * _step(value)}
                yield f"{code} {sign:+d} step", replace(dated, by_code=codes)


def _step(value: Fraction) -> Fraction:
    """Return the last printed decimal place of a number; a millionth of a share like 1/3."""
    for places in range(7):
        if (value * 10**places).denominator == 1:
            return Fraction(1, 10**places)
    return Fraction(1, 10**6)


def _trees(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    """Return the rule with each comparison or number of each expression changed."""

    def through(part: Any, rebuilt: Callable[[Any], Rule], where: str) -> Iterator[Any]:
        if isinstance(part, Checked):
            for kind, label, tree in _changed(part.tree):
                yield kind, f"{where}: {label} in {part.text}", rebuilt(replace(part, tree=tree))
        elif isinstance(part, tuple):
            for place, one in enumerate(part):

                def put(new: Any, place: int = place) -> Rule:
                    return rebuilt((*part[:place], new, *part[place + 1 :]))

                yield from through(one, put, where)
        elif is_dataclass(part) and not isinstance(part, type):
            for field in fields(part):

                def set_(new: Any, name: str = field.name) -> Rule:
                    changes: dict[str, Any] = {name: new}
                    return rebuilt(replace(part, **changes))

                inner = getattr(part, field.name)
                yield from through(inner, set_, field.name if where == "" else where)

    yield from through(rule, lambda new: new, "")


def _changed(node: Node) -> Iterator[tuple[str, str, Node]]:
    """Return every tree that differs from this one in one comparison or number."""
    if isinstance(node, Comparison):
        for op in SLIPS[node.op]:
            yield "comparison", f"{node.op} to {op}", replace(node, op=op)
        yield "turned", f"{node.op} to {TURNED[node.op]}", replace(node, op=TURNED[node.op])
    if isinstance(node, Constant) and isinstance(node.value, Fraction):
        for sign in (-1, 1):
            value = node.value + sign * _step(node.value)
            yield "number", f"{node.value} {sign:+d} step", replace(node, value=value)
    if isinstance(node, Logic):
        other = "or" if node.op == "and" else "and"
        yield "logic", f"{node.op} to {other}", replace(node, op=other)
    for child in children(node):
        for kind, label, changed in _changed(child):
            yield kind, label, _with(node, child, changed)


def _with(node: Any, old: Node, new: Node) -> Any:
    """Return a node with one of its parts replaced."""
    changed: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if value is old:
            changed[field.name] = new
        elif isinstance(value, tuple) and any(one is old for one in value):
            changed[field.name] = tuple(new if one is old else one for one in value)
    return replace(node, **changed)
