"""Answering an expression for one contract, with the value of every part of it.

Three-valued: None is unknown and spreads, except where `and`, `or`, `first_told` and `told` settle
the matter without it. Exact: numbers are fractions; a divisor that is not positive gives unknown,
never an error, so that one bad row cannot stop a scan.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

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
    children,
)
from landwatch.units import add_days, add_months, add_years, days_between


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a kind: its day and its amount in 万元."""

    on: date
    amount_wan: Fraction


Payments = tuple[Payment, ...]
Value = Fraction | date | str | bool | Payments | None
Facts = Mapping[str, Value]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNT: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A part of an expression and what it came to."""

    node: Node
    value: Value


def steps(node: Node, facts: Facts) -> Iterator[Step]:
    """Return every part of an expression with its value, parts before the whole."""
    for child in children(node):
        yield from steps(child, facts)
    yield Step(node, evaluate(node, facts))


def evaluate(node: Node, facts: Facts) -> Value:
    """Return the value of an expression for one contract, or None where it is unknown."""
    known = _ANSWERS.get(id(node))
    if known is None or known[0] is not node:
        if len(_ANSWERS) >= _MOST_TREES:
            _ANSWERS.clear()
        known = _ANSWERS[id(node)] = (node, _answer(node))
    return known[1](facts)


Answer = Callable[[Facts], Value]
_ANSWERS: dict[int, tuple[Node, Answer]] = {}
"""How each tree is answered, made once: a walk over the tree for each contract takes much longer. A
tree is known by being the very same one, for to hash it is a walk too."""
_MOST_TREES = 5_000


def _answer(node: Node) -> Answer:
    """Return what answers an expression for the facts of a contract."""
    match node:
        case Name(name=name):
            return operator.itemgetter(name)
        case Constant(value=constant):
            return lambda facts: constant
        case Arithmetic(op=op, left=left, right=right):
            return _answer_count(op, _answer(left), _answer(right))
        case Conversion(part=part, factor=factor):
            return _answer_conversion(_answer(part), factor)
        case Comparison(op=op, left=left, right=right):
            return _answer_comparison(_COMPARE[op], _answer(left), _answer(right))
        case Membership(member=member, choices=choices, negated=negated):
            return _answer_membership(_answer(member), {one.value for one in choices}, negated)
        case Logic(op=op, parts=parts):
            answers = [_answer(part) for part in parts]
            return lambda facts: _joined(op == "or", (answer(facts) for answer in answers))
        case Negation(part=part):
            return _answer_negation(_answer(part))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return _answer_choice(_answer(condition), _answer(then), _answer(otherwise))
        case Call(function=function, arguments=arguments):
            if function == "seen_on":
                return operator.itemgetter(f"{_named(arguments[0])}_seen_on")
            return _answer_call(_FUNCTIONS[function], [_answer(one) for one in arguments])


def _answer_count(op: str, left: Answer, right: Answer) -> Answer:
    return lambda facts: _counted(op, left(facts), right(facts))


def _answer_conversion(part: Answer, factor: Fraction) -> Answer:
    def answer(facts: Facts) -> Value:
        number = part(facts)
        return number * factor if isinstance(number, Fraction) else None

    return answer


def _answer_comparison(holds: Callable[[Any, Any], bool], left: Answer, right: Answer) -> Answer:
    def answer(facts: Facts) -> Value:
        first, second = left(facts), right(facts)
        return None if first is None or second is None else holds(first, second)

    return answer


def _answer_membership(member: Answer, choices: set[Any], negated: bool) -> Answer:
    def answer(facts: Facts) -> Value:
        value = member(facts)
        return None if value is None else (value in choices) is not negated

    return answer


def _answer_negation(part: Answer) -> Answer:
    def answer(facts: Facts) -> Value:
        value = part(facts)
        return None if value is None else not value

    return answer


def _answer_choice(condition: Answer, then: Answer, otherwise: Answer) -> Answer:
    def answer(facts: Facts) -> Value:
        held = condition(facts)
        return None if held is None else then(facts) if held else otherwise(facts)

    return answer


def _answer_call(function: Callable[[list[Any]], Value], arguments: list[Answer]) -> Answer:
    return lambda facts: function([argument(facts) for argument in arguments])


def _named(node: Node) -> str:
    assert isinstance(node, Name)  # held by `check`
    return node.name


def _counted(op: str, left: Value, right: Value) -> Fraction | None:
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    if op == "/":
        return left / right if right > 0 else None
    return _COUNT[op](left, right)


def _joined(settled_by: bool, values: Iterator[Value]) -> bool | None:
    """Return Kleene's `or` (settled by True) or `and` (settled by False)."""
    unknown = False
    for value in values:
        if value is settled_by:
            return settled_by
        unknown = unknown or value is None
    return None if unknown else not settled_by


def _strict(function: Callable[..., Value]) -> Callable[[list[Any]], Value]:
    """Make a function unknown where any argument is."""
    return lambda values: None if any(one is None for one in values) else function(*values)


def _moved(add: Callable[[date, int], date], start: date, count: Fraction) -> date | None:
    """Return a day so much later; unknown where the calendar (0001 to 9999) does not have it."""
    try:
        return add(start, int(count))
    except (OverflowError, ValueError):
        return None


def _first_told(values: list[Any]) -> Value:
    return next((value for value in values if value is not None), None)


def _first_reaching(payments: Payments, wanted: Fraction) -> date | None:
    return min((paid.on for paid in payments if paid.amount_wan >= wanted), default=None)


def _largest(payments: Payments) -> Fraction | None:
    return max((paid.amount_wan for paid in payments), default=None)


def _total(payments: Payments) -> Fraction:
    return sum((paid.amount_wan for paid in payments), Fraction(0))


_FUNCTIONS: Mapping[str, Callable[[list[Any]], Value]] = {
    "add_years": _strict(lambda start, years: _moved(add_years, start, years)),
    "add_months": _strict(lambda start, months: _moved(add_months, start, months)),
    "add_days": _strict(lambda start, days: _moved(add_days, start, days)),
    "year_start": _strict(lambda day: day.replace(month=1, day=1)),
    "year_end": _strict(lambda day: day.replace(month=12, day=31)),
    "month_end": _strict(lambda day: day.replace(day=monthrange(day.year, day.month)[1])),
    "days_between": _strict(lambda earlier, later: Fraction(days_between(earlier, later))),
    "earlier": _strict(lambda *days: min(days)),
    "later": _strict(lambda *days: max(days)),
    "first_told": _first_told,
    "latest_told": lambda days: max((day for day in days if day is not None), default=None),
    "only_if": lambda values: values[1] if values[0] else None,
    "told": lambda values: values[0] is not None,
    "first_reaching": _strict(_first_reaching),
    "largest": _strict(_largest),
    "total": _strict(_total),
    "missing": _strict(lambda name: f"missing:{name}"),
    "no_value": _strict(lambda name: f"no_value:{name}"),
    "stale": _strict(lambda day: f"stale:observed_on={day.isoformat()}"),
    "cause": _strict(lambda code: f"cause:{code}"),
}
