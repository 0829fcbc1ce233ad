"""Every part of what decided, with its value: the sums inside the sums, the tests inside the tests.

Walked over the very trees that decided (`account`), so that a reader can follow a finding down to
the last fact; a part that several expressions share is told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from landwatch.language.catalogue import say
from landwatch.lawbook.expressions.check import Meaning
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.quantity import DAYS, PURE, Unit, parse_unit
from landwatch.lawbook.expressions.rowwise import Step as Part
from landwatch.lawbook.expressions.rowwise import Value, steps
from landwatch.lawbook.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Constant,
    Conversion,
    Name,
    Node,
    names_in,
)
from landwatch.lawbook.ladder import Step
from landwatch.lawbook.vocabulary import scope_of_facts
from landwatch.scan.account import Account
from landwatch.scan.spelling import Speller

_OF_THE_CLOCK = (Step.NO_CLOCK, Step.EARLY, Step.UNDECIDED)
"""Rungs that the calendar's own section tells."""


def parts(taken: Account, lang: str) -> tuple[str, ...]:
    """Return a line for each part of the asked expressions, parts before the whole."""
    spell = Speller(taken.policy, taken.rule, taken.known, lang)
    lines: dict[str, None] = {}
    for tree in _trees(taken):
        for step in steps(tree, taken.known):
            if _tells(step.node):
                lines.setdefault(_line(step, taken, spell))
    return tuple(lines)


def _trees(taken: Account) -> Iterator[Node]:
    """Return the definitions that were used, what was asked, then the finding's numbers."""
    asked = [rung.when.tree for rung, _ in taken.rungs if rung.step not in _OF_THE_CLOCK]
    shown = (taken.rule.measured, taken.rule.threshold, taken.rule.amount_wan)
    asked += [checked.tree for checked in shown if checked is not None]
    used = {name for tree in asked for name in names_in(tree)}
    definitions = []
    for definition in reversed(taken.rule.definitions):
        if definition.name in used:
            used |= set(names_in(definition.is_.tree))
            definitions.append(definition.is_.tree)
    yield from reversed(definitions)
    yield taken.rule.clock.since.tree
    yield taken.rule.clock.limit.tree
    yield from asked


def _tells(node: Node) -> bool:
    """Tell whether a part is worth a line: a bare name or number says itself where it stands."""
    return not isinstance(node, Name | Constant | Conversion)


def _line(step: Part, taken: Account, spell: Speller) -> str:
    how = spell.spell(step.node)
    if isinstance(step.node, Call):  # a call is spelled with its value
        return how
    if step.value is True or step.value is False or step.value is None:
        held = {True: "explain.holds", False: "explain.not", None: "explain.unknown"}
        return say(
            "explain.part_asked", spell.lang, how=how, answer=say(held[step.value], spell.lang)
        )
    value = _shown(step.value, step.node, taken, spell)
    return say("explain.part", spell.lang, how=how, value=value)


def _shown(value: Value, node: Node, taken: Account, spell: Speller) -> str:
    if isinstance(value, Fraction):
        return spell.value(value, Meaning(Sort.NUMBER, unit_of(node, taken)))
    return spell.value(value)


def unit_of(node: Node, taken: Account) -> Unit:
    """Return the unit that a part's number is counted in; a bare ratio has the unit one."""
    match node:
        case Name(name=name):
            return _unit_of_name(name, taken)
        case Arithmetic(op="*", left=left, right=right):
            return unit_of(left, taken) * unit_of(right, taken)
        case Arithmetic(op="/", left=left, right=right):
            return unit_of(left, taken) / unit_of(right, taken)
        case Arithmetic(left=Constant(), right=right):
            return unit_of(right, taken)
        case Arithmetic(left=left):
            return unit_of(left, taken)
        case Conversion(to_unit=to_unit):
            return parse_unit(to_unit)
        case Choice(then=then):
            return unit_of(then, taken)
        case Call(function="days_between"):
            return DAYS
        case Call(function="largest" | "total"):
            return parse_unit("万元")
        case Call(function="first_told", arguments=arguments):
            return unit_of(arguments[0], taken)
        case Call(function="only_if", arguments=arguments):
            return unit_of(arguments[1], taken)
        case _:
            return PURE


def _unit_of_name(name: str, taken: Account) -> Unit:
    parameter = taken.policy.parameters.get(name)
    if parameter is not None:
        return parameter.unit
    for definition in taken.rule.definitions:
        if definition.name == name:
            return definition.is_.meaning.unit or PURE
    meaning = scope_of_facts(taken.rule.about).meanings.get(name)
    return (meaning.unit if meaning else None) or (DAYS if name.endswith("_days") else PURE)
