"""Walking through a rule's expressions: which names it uses, and in what order it decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.tree import Name, Node, children, names_in
from landwatch.lawbook.policy import Definition, Rule

WRITTEN_OUT = 60
"""A definition without a title is written out where that takes at most so many parts."""


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


def written_out(definitions: Iterable[Definition]) -> frozenset[str]:
    """Return the definitions without a title that stay short with those they use written out.

    Sixty definitions, each twice the one before, would else be longer than any disk.
    """
    lengths: dict[str, int] = {}
    for definition in definitions:
        length = _length(definition.is_.tree, lengths)
        if definition.title is None and length <= WRITTEN_OUT:
            lengths[definition.name] = length
    return frozenset(lengths)


def _length(node: Node, lengths: Mapping[str, int]) -> int:
    own = lengths.get(node.name, 1) if isinstance(node, Name) else 1
    return own + sum(_length(child, lengths) for child in children(node))
