"""Which names an account used: those of the asked rungs, of the figures and of the clock."""

from __future__ import annotations

from landwatch.lawbook.expressions.tree import names_in
from landwatch.scan.account import Account


def used_names(taken: Account) -> set[str]:
    """Return the names that the asked rungs and the figures used, in definitions too."""
    used: set[str] = set()
    for rung, _ in taken.rungs:
        used |= set(names_in(rung.when.tree))
    for checked in (taken.rule.measured, taken.rule.threshold, taken.rule.amount_wan):
        used |= set(names_in(checked.tree)) if checked else set()
    return _with_definitions(used, taken)


def _with_definitions(used: set[str], taken: Account) -> set[str]:
    """Return the names with those that their definitions use in turn."""
    for definition in reversed(taken.rule.definitions):
        if definition.name in used:
            used = used | set(names_in(definition.is_.tree))
    return used


def used_facts(taken: Account) -> list[str]:
    """Return the facts that the asked rungs and the clock used, in a settled order."""
    used = used_names(taken)
    for checked in (taken.rule.clock.since, taken.rule.clock.limit):
        used |= set(names_in(checked.tree))
    return sorted(_with_definitions(used, taken))
