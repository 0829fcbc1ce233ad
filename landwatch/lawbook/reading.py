"""Walking through a rule's expressions: which names it uses, and in what order it decides."""

from __future__ import annotations

from collections.abc import Iterator

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.policy import Rule


def expressions_of(rule: Rule) -> Iterator[Checked]:
    """Return every expression of a rule but its definitions, in the order of deciding."""
    for condition in rule.conditions:
        yield condition.when
        if condition.unknown:
            yield condition.unknown
    yield rule.clock.since
    yield rule.clock.limit
    yield rule.met
    if rule.exemption:
        yield rule.exemption.when
        yield rule.exemption.reason
        if rule.exemption.until:
            yield rule.exemption.until
    for doubt in (*rule.first, *rule.gaps, *rule.unless, *rule.doubts):
        yield doubt.when
        yield doubt.reason
    yield rule.breach
    yield rule.days_past
    for one in (rule.measured, rule.threshold, rule.amount_wan):
        if one:
            yield one
    for remedy in rule.remedies:
        if remedy.when:
            yield remedy.when


def deciding_names(rule: Rule) -> set[str]:
    """Return the names that an outcome depends on; the others only measure what is shown."""
    shown = (rule.measured, rule.threshold, rule.amount_wan)
    found = {
        name
        for checked in expressions_of(rule)
        if not any(checked is one for one in shown)
        for name in names_in(checked.tree)
    }
    for definition in reversed(rule.definitions):
        if definition.name in found:
            found |= names_of(definition.is_)
    return found


def names_of(what: Rule | Checked) -> set[str]:
    """Return the names that a rule's expressions, or one expression, use."""
    if isinstance(what, Checked):
        return set(names_in(what.tree))
    return {name for checked in expressions_of(what) for name in names_in(checked.tree)}
