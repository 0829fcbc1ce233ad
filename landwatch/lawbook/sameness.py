"""Whether two expressions say the same: their checked trees, without places and spellings.

`≥` and `>=`, Chinese names and the permanent ones, `a < b` and `b > a`, the order of what is joined
by `and`, `or`, `+`, `*`, brackets: none of these is a difference. A definition can be told by what
it says in place of its name, so that the same definition under another name is none either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
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


def form(checked: Checked, defined: Mapping[str, str] | None = None) -> Form:
    """Return what an expression says; `defined` gives what stands for a definition's name."""
    return (_form(checked.tree, defined or {}), _unit(checked))


def prints(definitions: Iterable[Definition]) -> dict[str, str]:
    """Return for each definition a print of what it says, alike for alike meanings.

    A print and not the form itself: definitions that use each other twice would else double with
    each step.
    """
    made: dict[str, str] = {}
    for definition in definitions:
        said = repr(form(definition.is_, made))
        made[definition.name] = hashlib.sha256(said.encode()).hexdigest()
    return made


def _unit(checked: Checked) -> Form:
    unit = checked.meaning.unit
    return () if unit is None else (unit.dimensions, str(unit.factor))


def _form(node: Node, defined: Mapping[str, str]) -> Form:
    match node:
        case Name(name=name):
            return ("d", defined[name]) if name in defined else ("n", name)
        case Constant(value=value):
            return ("c", type(value).__name__, str(value))
        case Arithmetic(op=op, left=left, right=right) if op in "+*":
            chain = [_form(part, defined) for part in (*_chain(op, left), *_chain(op, right))]
            return (op, *sorted(chain, key=repr))
        case Arithmetic(op=op, left=left, right=right):
            return (op, _form(left, defined), _form(right, defined))
        case Comparison():
            return _comparison(node, defined)
        case Membership(member=member, choices=choices, negated=negated):
            listed = sorted({str(choice.value) for choice in choices})
            return ("not in" if negated else "in", _form(member, defined), *listed)
        case Logic(op=op):
            joined = {_form(part, defined) for part in _joined(op, node)}
            return (op, *sorted(joined, key=repr))
        case Negation(part=Negation(part=part)):
            return _form(part, defined)
        case Negation(part=part):
            return ("not", _form(part, defined))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return ("if", *(_form(part, defined) for part in (condition, then, otherwise)))
        case Conversion(part=part, factor=factor):
            return ("to", str(factor), _form(part, defined))
        case Call(function=function, arguments=arguments):
            forms = [_form(argument, defined) for argument in arguments]
            if function in _ANY_ORDER:
                forms.sort(key=repr)
            return ("call", function, *forms)


def _comparison(node: Comparison, defined: Mapping[str, str]) -> Form:
    left, right = _form(node.left, defined), _form(node.right, defined)
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
