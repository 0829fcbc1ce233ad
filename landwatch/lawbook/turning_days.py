"""On which days the answer of a rule can turn by itself, with the same facts before and after.

A rule speaks of the day of the scan in three ways. It may compare it with a day, or count the days
to or from one: the comparison then turns on that day, or on the day after. It may show a figure
that grows from day to day (days past, a penalty): whoever keeps the answer works the figure out
again. Whatever else is worked out from the day of the scan is taken to turn every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.rowwise import Value
from landwatch.lawbook.expressions.tree import Call, Comparison, Constant, Name, Node, children
from landwatch.lawbook.ladder import ladder
from landwatch.lawbook.policy import Policy, Rule

AS_OF = "as_of"
_MOST_DAYS = 366 * 10_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A day after which, or on which, something turns: so many days after (before) `on`."""

    on: Node
    plus_days: int = 0


@dataclass(frozen=True, slots=True)
class Turns:
    """When a value can turn: on each of these days or on the day after it, or on every day."""

    days: tuple[Turn, ...] = ()
    daily: bool = False

    def __or__(self, other: Turns) -> Turns:
        """Return when either of two values can turn."""
        return Turns((*self.days, *other.days), self.daily or other.daily)


NEVER = Turns()
DAILY = Turns(daily=True)


@dataclass(frozen=True, slots=True)
class TurningDays:
    """Asks the parts of one rule when they turn.

    `constants` are what is the same for every contract on the day, `parts` the trees of the rule's
    definitions and of its clock, by the names that other trees use.
    """

    constants: Mapping[str, Value]
    parts: Mapping[str, Node]

    @classmethod
    def of(cls, rule: Rule, constants: Mapping[str, Value]) -> TurningDays:
        """Return the turning days of a rule; a name that a row tells is no constant."""
        parts = {definition.name: definition.is_.tree for definition in rule.definitions}
        parts |= {"clock_from": rule.clock.since.tree, "limit_on": rule.clock.limit.tree}
        return cls(constants, parts | {"days_past": rule.days_past.tree})

    def turns(self, node: Node) -> Turns:
        """Return when the value of a tree can turn while no fact does."""
        match node:
            case Name(name="as_of"):
                return DAILY
            case Name(name=name):
                return self.turns(self.parts[name]) if name in self.parts else NEVER
            case Comparison(left=left, right=right):
                found = self._crossed(left, right) or self._crossed(right, left)
                return self._any((left, right)) if found is None else found
            case _:
                return self._any(children(node))

    def inputs(self, tree: Node) -> frozenset[str]:
        """Return the columns that a figure is worked out from on another day.

        What moves from day to day is worked out again; its own inputs are among them.
        """
        return frozenset(self._inputs(tree))

    def moving(self, tree: Node) -> list[str]:
        """Return the parts of the rule behind a figure that move every day, each after its own."""
        found: dict[str, None] = {}
        for name in _names(tree):
            if name in self.parts and self.turns(self.parts[name]).daily:
                found |= dict.fromkeys(self.moving(self.parts[name]))
                found[name] = None
        return list(found)

    def _inputs(self, node: Node) -> Iterator[str]:
        for name in _names(node):
            if name == AS_OF or name in self.constants:
                continue
            if name in self.parts and self.turns(self.parts[name]).daily:
                yield from self._inputs(self.parts[name])
            else:
                yield name

    def _any(self, nodes: Iterable[Node]) -> Turns:
        found = NEVER
        for node in nodes:
            found |= self.turns(node)
        return found

    def _crossed(self, moving: Node, still: Node) -> Turns | None:
        """Return when a comparison turns whose one side is the day, or days counted to or from it.

        None where it is no such comparison: it may turn whenever one of its sides does.
        """
        beside = self.turns(still)
        if beside.daily:
            return None
        match self._written_out(moving):
            case Name(name="as_of"):
                return beside | Turns((Turn(still),))
            case Call(function="days_between", arguments=(first, last)):
                return self._counted(first, last, still)
            case _:
                return None

    def _counted(self, first: Node, last: Node, many: Node) -> Turns | None:
        days = self._whole_days(many)
        if days is None:
            return None
        for since, until, sign in ((first, last, 1), (last, first, -1)):
            beside = self.turns(since)
            if self._is_today(until) and not beside.daily:
                return beside | Turns((Turn(since, sign * days),))
        return None

    def _is_today(self, node: Node) -> bool:
        match self._written_out(node):
            case Name(name="as_of"):
                return True
            case _:
                return False

    def _whole_days(self, node: Node) -> int | None:
        """Return a constant number of days, rounded down; None where it is none."""
        match node:
            case Constant(value=Fraction() as told):
                days = floor(told)
            case Name(name=name) if isinstance(number := self.constants.get(name), Fraction):
                days = floor(number)
            case _:
                return None
        return days if abs(days) < _MOST_DAYS else None

    def _written_out(self, node: Node) -> Node:
        while isinstance(node, Name) and node.name in self.parts:
            node = self.parts[node.name]
        return node


def deciding_turns(rule: Rule, constants: Mapping[str, Value]) -> Turns:
    """Return when an outcome can turn, but for the figures that grow from day to day.

    These (`running_figures`) are worked out anew from their inputs, so what they rest on that does
    not grow must stand still as well.
    """
    asked = TurningDays.of(rule, constants)
    found = NEVER
    for tree in _deciding(rule):
        found |= asked.turns(tree)
    for checked in (rule.days_past, rule.amount_wan):
        if checked is None:
            continue
        turns = asked.turns(checked.tree)
        found |= Turns(turns.days)
    return found


def running_figures(rule: Rule, constants: Mapping[str, Value]) -> dict[str, Checked]:
    """Return the figures of a breach that move every day: `days_past`, `amount_wan` or neither."""
    asked = TurningDays.of(rule, constants)
    figures = {"days_past": rule.days_past, "amount_wan": rule.amount_wan}
    return {
        name: checked
        for name, checked in figures.items()
        if checked is not None and asked.turns(checked.tree).daily
    }


def values_begin(policies: Iterable[Policy], after: date, until: date) -> bool:
    """Tell whether a dated value of a parameter begins in (after, until]."""
    return any(
        after < value.since <= until
        for policy in policies
        for parameter in policy.parameters.values()
        for value in parameter.values
    )


def _deciding(rule: Rule) -> Iterator[Node]:
    """Yield every tree that an outcome rests on, but for the figures of a breach."""
    for rung in ladder(rule):
        yield rung.when.tree
        if isinstance(rung.reason, Checked):
            yield rung.reason.tree
    yield rule.clock.since.tree
    yield rule.clock.limit.tree
    for checked in (rule.measured, rule.threshold):
        if checked is not None:
            yield checked.tree
    for remedy in rule.remedies:
        if remedy.when is not None:
            yield remedy.when.tree


def _names(node: Node) -> Iterator[str]:
    """Yield the columns that a tree reads, a day of sight under its own name."""
    match node:
        case Call(function="seen_on", arguments=(Name(name=name),)):
            yield f"{name}_seen_on"
        case Name(name=name):
            yield name
        case _:
            for child in children(node):
                yield from _names(child)
