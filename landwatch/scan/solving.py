"""At which value of one number a rule's comparisons turn: solved exactly, nothing searched.

A comparison of two numbers turns where their difference is nought. In one told number the
difference is either affine (an investment over an area) or becomes so when multiplied by that
number (a value added over an energy); three exact evaluations tell which, and the turning point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from landwatch.lawbook.expressions.rowwise import Facts, Value, evaluate
from landwatch.lawbook.expressions.tree import Comparison, Node, children, names_in
from landwatch.lawbook.policy import Rule

_SHIFTS = (Fraction(0), Fraction(1), Fraction(3))
"""Where a difference is looked at, counted from the number as told."""


def deciding_trees(rule: Rule) -> list[Node]:
    """Return the expressions that can keep a rule from being met, with the definitions they use."""
    trees = [condition.when.tree for condition in rule.conditions]
    trees += [doubt.when.tree for doubt in rule.first]
    trees.append(rule.met.tree)
    wanted = {name for tree in trees for name in names_in(tree)}
    for definition in reversed(rule.definitions):
        if definition.name in wanted:
            trees.append(definition.is_.tree)
            wanted |= set(names_in(definition.is_.tree))
    return trees


def comparisons_in(trees: Sequence[Node]) -> list[Comparison]:
    """Return every comparison in these expressions."""
    return [node for tree in trees for node in _nodes(tree) if isinstance(node, Comparison)]


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for child in children(tree):
        yield from _nodes(child)


def turning_points(
    rule: Rule, comparisons: Sequence[Comparison], known: Facts, name: str
) -> list[Fraction]:
    """Return the values of a told number at which one of the comparisons turns, in order."""
    told = known[name]
    if not isinstance(told, Fraction):
        return []
    values = [told + shift for shift in _SHIFTS]
    worlds = [_with(rule, known, name, value) for value in values]
    found: set[Fraction] = set()
    for comparison in comparisons:
        gaps = [_gap(comparison, world) for world in worlds]
        known_gaps = [gap for gap in gaps if gap is not None]
        if len(known_gaps) == len(worlds):
            found |= set(_root(values, known_gaps))
    return sorted(found)


def _with(rule: Rule, known: Facts, name: str, value: Fraction) -> dict[str, Value]:
    """Return what is known where one number is another, definitions worked out again."""
    world = {**known, name: value}
    for definition in rule.definitions:
        world[definition.name] = evaluate(definition.is_.tree, world)
    return world


def _gap(comparison: Comparison, world: Facts) -> Fraction | None:
    left, right = evaluate(comparison.left, world), evaluate(comparison.right, world)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left - right
    return None


def _root(values: Sequence[Fraction], gaps: Sequence[Fraction]) -> Iterator[Fraction]:
    """Yield where the difference is nought: as it stands, else multiplied by the number."""
    multiplied = [value * gap for value, gap in zip(values, gaps, strict=True)]
    for heights in (gaps, multiplied):
        rise = heights[1] - heights[0]
        straight = heights[2] - heights[0] == rise * (_SHIFTS[2] / _SHIFTS[1])
        if straight and rise:
            yield values[0] - heights[0] / rise
            return
        if straight:  # the number plays no part in it
            return
