"""How large an expression is once it is printed and worked out, before either is done.

A short text can be a giant: a number is printed as a numerator over a denominator, so a choice
nested in a choice, or a quotient in a quotient, doubles at every step. Weighing mirrors the
printers (`columnwise`, `rowwise`), so that what would never end is refused when a policy is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from landwatch.errors import ExpressionError
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

MOST_PARTS = 2_000
MOST_DECIMALS = 38
"""What DuckDB's widest exact number holds."""
LONGEST_NUMBER = 300
"""Decimals of a number that is only shown: squares of squares would never end."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Parts and decimals of what is printed: over the line, and under it for a number."""

    top: int
    bottom: int = 0
    decimals: int = 0
    under: int = 0

    @property
    def parts(self) -> int:
        """Return how many parts are printed."""
        return self.top + self.bottom


OfName = Callable[[str], Weight]


def weigh(node: Node, of_name: OfName) -> Weight:
    """Return the weight of a checked tree.

    Raises:
        ExpressionError: it has too many parts, or compares numbers of too many decimals.
    """
    weight = _weight(node, of_name)
    if max(weight.decimals, weight.under) > LONGEST_NUMBER:
        raise ExpressionError(
            "expression.too_fine",
            line=node.at.line,
            column=node.at.column,
            decimals=max(weight.decimals, weight.under),
            limit=LONGEST_NUMBER,
        )
    if weight.parts > MOST_PARTS:
        raise ExpressionError(
            "expression.too_heavy", line=node.at.line, column=node.at.column, limit=MOST_PARTS
        )
    return weight


def _weight(node: Node, of_name: OfName) -> Weight:
    match node:
        case Name(name=name):
            return of_name(name)
        case Constant():
            return Weight(1)
        case Conversion(part=part):
            return weigh(part, of_name)
        case Arithmetic(op=op, left=left, right=right):
            return _counted(op, weigh(left, of_name), weigh(right, of_name))
        case Comparison(left=left, right=right):
            return _compared(node, weigh(left, of_name), weigh(right, of_name))
        case Membership(member=member, choices=choices):
            return Weight(weigh(member, of_name).parts + len(choices))
        case Logic(parts=parts):
            return Weight(sum(weigh(part, of_name).parts for part in parts))
        case Negation(part=part):
            return Weight(weigh(part, of_name).parts)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            asked = weigh(condition, of_name).parts
            return _either(2 * asked, [weigh(then, of_name), weigh(otherwise, of_name)])
        case Call(arguments=arguments):
            weights = [weigh(argument, of_name) for argument in arguments]
            return _either(sum(one.parts for one in weights), weights)


def _counted(op: str, left: Weight, right: Weight) -> Weight:
    match op:
        case "*":
            return Weight(
                left.top + right.top,
                left.bottom + right.bottom,
                left.decimals + right.decimals,
                left.under + right.under,
            )
        case "/":
            return Weight(
                left.top + right.bottom,
                left.bottom + 2 * right.top,
                left.decimals + right.under,
                left.under + right.decimals,
            )
        case _:
            return Weight(
                left.top + right.bottom + right.top + left.bottom,
                left.bottom + right.bottom,
                max(left.decimals + right.under, right.decimals + left.under),
                left.under + right.under,
            )


def _compared(node: Comparison, left: Weight, right: Weight) -> Weight:
    decimals = max(left.decimals + right.under, right.decimals + left.under)
    if decimals > MOST_DECIMALS:
        raise ExpressionError(
            "expression.too_fine",
            line=node.at.line,
            column=node.at.column,
            decimals=decimals,
            limit=MOST_DECIMALS,
        )
    return Weight(left.parts + right.parts)


def _either(asked: int, weights: list[Weight]) -> Weight:
    """Return the weight of one of several, whose conditions stand over and under the line."""
    return Weight(
        asked + sum(one.top for one in weights),
        asked + sum(one.bottom for one in weights),
        max((one.decimals for one in weights), default=0),
        max((one.under for one in weights), default=0),
    )
