"""Which names an account used: those of the asked rungs, of the figures and of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.ladder import ladder
from landwatch.lawbook.policy import Rule
from landwatch.scan.account import Account
from landwatch.scan.once import OnceForEachRule


@dataclass(frozen=True, slots=True)
class _Uses:
    """The names that a rule uses, by how many of its rungs were asked: they are asked in order."""

    names: list[frozenset[str]] = field(default_factory=list)
    facts: list[tuple[str, ...]] = field(default_factory=list)


def _uses(rule: Rule) -> _Uses:
    found = _Uses()
    figures = _names(rule.measured, rule.threshold, rule.amount_wan)
    clock = _names(rule.clock.since, rule.clock.limit)
    asked: frozenset[str] = frozenset()
    for whens in ([], *([rung.when] for rung in ladder(rule))):
        asked |= _names(*whens)
        used = _with_definitions(asked | figures, rule)
        found.names.append(used)
        found.facts.append(tuple(sorted(_with_definitions(used | clock, rule))))
    return found


_OF_RULE = OnceForEachRule(_uses)


def used_names(taken: Account) -> frozenset[str]:
    """Return the names that the asked rungs and the figures used, in definitions too."""
    return _OF_RULE(taken.rule).names[len(taken.rungs)]


def used_facts(taken: Account) -> Sequence[str]:
    """Return the facts that the asked rungs and the clock used, in a settled order."""
    return _OF_RULE(taken.rule).facts[len(taken.rungs)]


def _names(*checked: Checked | None) -> frozenset[str]:
    return frozenset(name for one in checked if one for name in names_in(one.tree))


def _with_definitions(used: frozenset[str], rule: Rule) -> frozenset[str]:
    """Return the names with those that their definitions use in turn."""
    for definition in reversed(rule.definitions):
        if definition.name in used:
            used |= _names(definition.is_)
    return used
