"""Whether two expressions say the same: their checked trees, without places and spellings.

`≥` and `>=`, Chinese names and the permanent ones, `a < b` and `b > a`, the order of what is joined
by `and`, `or`, `+`, `*`, brackets: none of these is a difference. A definition can be told by what
it says in place of its name, so that the same definition under another name is none either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Constant,
    Conversion,
    Logic,
    Membership,
    Name,
    Negation,
    Node,
)
from landwatch.lawbook.policy import Definition

Form: TypeAlias = tuple[object, ...]
"""What a tree says, as nested tuples that can be compared and sorted by their text."""

_TURNED = {">": "<", ">=": "<="}
_ANY_ORDER = {"earlier", "later", "latest_told", "smaller", "larger"}


@dataclass(frozen=True, slots=True)
class Names:
    """What names mean beside themselves: definitions by their print, parameters by their unit."""

    defined: Mapping[str, str]
    factors: Mapping[str, Fraction]
    """What a parameter's number is multiplied by to be one of base units."""


def form(checked: Checked, names: Names) -> Form:
    """Return what an expression says."""
    return (_form(checked.tree, names), _unit(checked))


def prints(definitions: Iterable[Definition], factors: Mapping[str, Fraction]) -> dict[str, str]:
    """Return for each definition a print of what it says, alike for alike meanings.

    A print and not the form itself: definitions that use each other twice would else double with
    each step.
    """
    made: dict[str, str] = {}
    for definition in definitions:
        said = repr(form(definition.is_, Names(made, factors)))
        made[definition.name] = hashlib.sha256(said.encode()).hexdigest()
    return made


def _unit(checked: Checked) -> Form:
    unit = checked.meaning.unit
    return () if unit is None else (unit.dimensions, str(unit.factor))


def _form(node: Node, names: Names) -> Form:
    match node:
        case Name(name=name):
            return ("d", names.defined[name]) if name in names.defined else _named(name, names)
        case Constant(value=value):
            return ("c", type(value).__name__, str(value))
        case Arithmetic(op=op, left=left, right=right) if op in "+*":
            chain = [_form(part, names) for part in (*_chain(op, left), *_chain(op, right))]
            return (op, *sorted(chain, key=repr))
        case Arithmetic(op=op, left=left, right=right):
            return (op, _form(left, names), _form(right, names))
        case Comparison():
            return _comparison(node, names)
        case Membership(member=member, choices=choices, negated=negated):
            listed = sorted({str(choice.value) for choice in choices})
            return ("not in" if negated else "in", _form(member, names), *listed)
        case Logic(op=op):
            joined = {_form(part, names) for part in _joined(op, node)}
            return (op, *sorted(joined, key=repr))
        case Negation(part=Negation(part=part)):
            return _form(part, names)
        case Negation(part=part):
            return ("not", _form(part, names))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return ("if", *(_form(part, names) for part in (condition, then, otherwise)))
        case Conversion(part=Name(name=name), factor=factor) if name in names.factors:
            return _named(name, names, factor)
        case Conversion(part=part, factor=factor):
            return ("to", str(factor), _form(part, names))
        case Call(function=function, arguments=arguments):
            forms = [_form(argument, names) for argument in arguments]
            if function in _ANY_ORDER:
                forms.sort(key=repr)
            return ("call", function, *forms)


def _named(name: str, names: Names, converted_by: Fraction = Fraction(1)) -> Form:
    """Return a name; a parameter says the same in 万元/亩 and, converted, in 万元/公顷."""
    factor = names.factors.get(name)
    return ("n", name) if factor is None else ("n", name, str(factor / converted_by))


def _comparison(node: Comparison, names: Names) -> Form:
    left, right = _form(node.left, names), _form(node.right, names)
    if node.op in _TURNED:
        return (_TURNED[node.op], right, left)
    if node.op in ("==", "!="):
        return (node.op, *sorted((left, right), key=repr))
    return (node.op, left, right)


def _chain(op: str, node: Node) -> Iterator[Node]:
    """Return what a chain of one sign adds up or multiplies."""
    if isinstance(node, Arithmetic) and node.op == op:
        yield from _chain(op, node.left)
        yield from _chain(op, node.right)
    else:
        yield node


def _joined(op: str, node: Node) -> Iterator[Node]:
    if isinstance(node, Logic) and node.op == op:
        for part in node.parts:
            yield from _joined(op, part)
    else:
        yield node
