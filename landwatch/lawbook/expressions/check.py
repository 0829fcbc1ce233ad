"""Giving every part of an expression a sort and a unit, before anything is decided by it.

Unknown names are refused with the nearest one; quantities of one dimension are converted by their
exact factor (万元/亩 against 万元/公顷), of different dimensions refused; a code is compared only
with a code of its own list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from landwatch.errors import ExpressionError, nearest
from landwatch.language.catalogue import say
from landwatch.lawbook.expressions.functions import BY_ZH, FUNCTIONS, Function, Sort
from landwatch.lawbook.expressions.quantity import DAYS, PURE, Unit, parse_unit
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
    Position,
    parse,
)
from landwatch.lawbook.expressions.weight import Weight, weigh


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name or a part of an expression is: sort, unit of a number, codes of a text."""

    sort: Sort
    unit: Unit | None = None
    choices: frozenset[str] | None = None
    progress: bool = False
    decimals: tuple[int, int] = (6, 0)
    """Of a number: the decimals that its numerator and its denominator are printed with."""

    def in_words(self, lang: str) -> str:
        """Return it as an author reads it in a message.

        >>> number("万元").in_words("en")
        'number (万元)'
        """
        if self.unit is None:
            return self.sort.in_words(lang)
        return say("expression.quantity", lang, sort=self.sort.in_words(lang), unit=self.unit.text)


TRUTH = Meaning(Sort.TRUTH)
DATE = Meaning(Sort.DATE)
TEXT = Meaning(Sort.TEXT)


def number(unit: str) -> Meaning:
    """Return the meaning of a number of that unit."""
    return Meaning(Sort.NUMBER, parse_unit(unit))


@dataclass(frozen=True, slots=True)
class Checked:
    """A tree that can be decided by: canonical names, conversions in place, its meaning known."""

    text: str
    tree: Node
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use, and their other spellings (Chinese)."""

    meanings: Mapping[str, Meaning]
    aliases: Mapping[str, str]

    def canonical(self, name: str) -> str:
        """Return the permanent name behind a Chinese one."""
        return self.aliases.get(name, name)


def check(text: str, scope: Scope, *, wants: Meaning | None = None) -> Checked:
    """Return the checked tree of an expression.

    Args:
        text: the expression as the author wrote it.
        scope: the names it may use.
        wants: what the place in the policy needs; a number is converted to its unit.

    Raises:
        ExpressionError: what is wrong, with line and column in `text`, and the nearest name.
    """
    checker = _Checker(scope)
    tree, meaning = checker.visit(parse(text))
    if wants is not None:
        if meaning.sort is not wants.sort:
            raise _refused("expression.wanted", tree.at, wanted=wants, got=meaning)
        if wants.unit and meaning.unit:
            tree = checker.converted(tree, meaning, wants.unit)
            meaning = wants
    weight = weigh(tree, lambda name: _weight_of(scope.meanings[name]))
    if meaning.sort is Sort.NUMBER:
        meaning = replace(meaning, decimals=(weight.decimals, weight.under))
    return Checked(text, tree, meaning)


def _weight_of(meaning: Meaning) -> Weight:
    """Return the weight of a name: a column, or two where it is a quotient."""
    over, under = meaning.decimals if meaning.sort is Sort.NUMBER else (0, 0)
    return Weight(1, 1 if under else 0, over, under)


def _refused(code: str, at: Position, **values: object) -> ExpressionError:
    return ExpressionError(code, line=at.line, column=at.column, **values)


Typed = tuple[Node, Meaning]


@dataclass(frozen=True, slots=True)
class _Checker:
    scope: Scope

    def visit(self, node: Node) -> Typed:
        match node:
            case Name():
                return self.name(node)
            case Constant(value=value):
                if isinstance(value, bool):
                    return node, TRUTH
                if isinstance(value, date):
                    return node, DATE
                return node, TEXT if isinstance(value, str) else Meaning(Sort.NUMBER, PURE)
            case Arithmetic():
                return self.arithmetic(node)
            case Comparison():
                return self.comparison(node)
            case Membership():
                return self.membership(node)
            case Logic(op=op, parts=parts, at=at):
                return Logic(op, tuple(self.truth(part) for part in parts), at), TRUTH
            case Negation(part=part, at=at):
                return Negation(self.truth(part), at), TRUTH
            case Choice():
                return self.choice(node)
            case Call():
                return self.call(node)
            case Conversion():
                raise AssertionError("conversions are put in by the checker alone")

    def name(self, node: Name) -> Typed:
        name = self.scope.canonical(node.name)
        meaning = self.scope.meanings.get(name)
        if meaning is None:
            close = nearest(node.name, [*self.scope.meanings, *self.scope.aliases])
            code = "expression.unknown_name_near" if close else "expression.unknown_name"
            raise _refused(code, node.at, name=node.name, near=close or "")
        return Name(name, node.at), meaning

    def truth(self, node: Node) -> Node:
        tree, meaning = self.visit(node)
        if meaning.sort is not Sort.TRUTH:
            raise _refused("expression.wanted", node.at, wanted=TRUTH, got=meaning)
        return tree

    def numeric(self, node: Node) -> tuple[Node, Unit]:
        tree, meaning = self.visit(node)
        if meaning.sort is not Sort.NUMBER or meaning.unit is None:
            code = "expression.date_sum" if meaning.sort is Sort.DATE else "expression.wanted"
            raise _refused(code, node.at, wanted=Meaning(Sort.NUMBER), got=meaning)
        return tree, meaning.unit

    def converted(self, tree: Node, meaning: Meaning, unit: Unit) -> Node:
        if meaning.unit is None or not meaning.unit.alike(unit):
            if isinstance(tree, Constant) and tree.value == 0:
                return tree
            raise _refused("expression.units", tree.at, left=meaning, right=unit.text)
        factor = meaning.unit.factor_to(unit)
        if factor == 1:
            return tree
        if isinstance(tree, Constant) and isinstance(tree.value, Fraction):
            return Constant(tree.value * factor, tree.at)
        return Conversion(tree, factor, meaning.unit.text, unit.text, tree.at)

    def arithmetic(self, node: Arithmetic) -> Typed:
        left, left_unit = self.numeric(node.left)
        right, right_unit = self.numeric(node.right)
        if node.op == "*":
            unit = left_unit * right_unit
        elif node.op == "/":
            unit = left_unit / right_unit
        else:
            unit = right_unit if _is_zero(left) else left_unit
            right = self.converted(right, Meaning(Sort.NUMBER, right_unit), unit)
        return Arithmetic(node.op, left, right, node.at), Meaning(Sort.NUMBER, unit)

    def comparison(self, node: Comparison) -> Typed:
        left, left_is = self.visit(node.left)
        right, right_is = self.visit(node.right)
        if left_is.sort is not right_is.sort or left_is.sort is Sort.PAYMENTS:
            raise _refused("expression.compared", node.at, left=left_is, right=right_is)
        if left_is.sort in (Sort.TEXT, Sort.TRUTH) and node.op not in ("==", "!="):
            raise _refused("expression.no_order", node.at, what=left_is, op=node.op)
        if left_is.unit and right_is.unit:
            if _is_zero(left):
                left_is = right_is
            right = self.converted(right, right_is, left_is.unit or PURE)
        self.codes(left_is, right)
        self.codes(right_is, left)
        return Comparison(node.op, left, right, node.at), TRUTH

    def membership(self, node: Membership) -> Typed:
        member, meaning = self.visit(node.member)
        if meaning.sort is not Sort.TEXT:
            raise _refused("expression.wanted", node.at, wanted=TEXT, got=meaning)
        for choice in node.choices:
            if not isinstance(choice.value, str):
                raise _refused(
                    "expression.compared", choice.at, left=TEXT, right=Meaning(Sort.NUMBER)
                )
            self.codes(meaning, choice)
        return Membership(member, node.choices, node.negated, node.at), TRUTH

    def codes(self, meaning: Meaning, node: Node) -> None:
        """Refuse a quoted code that is not on the list of the fact it is compared with."""
        if meaning.choices is None or not isinstance(node, Constant):
            return
        if node.value not in meaning.choices:
            close = nearest(str(node.value), meaning.choices)
            known = ", ".join(sorted(meaning.choices))
            code = "expression.code_near" if close else "expression.code"
            raise _refused(code, node.at, name=node.value, near=close or "", known=known)

    def choice(self, node: Choice) -> Typed:
        then, then_is = self.visit(node.then)
        otherwise, otherwise_is = self.visit(node.otherwise)
        if then_is.sort is not otherwise_is.sort:
            raise _refused("expression.compared", node.at, left=then_is, right=otherwise_is)
        if then_is.unit:
            otherwise = self.converted(otherwise, otherwise_is, then_is.unit)
        return Choice(self.truth(node.condition), then, otherwise, node.at), then_is

    def call(self, node: Call) -> Typed:
        name = BY_ZH.get(node.function, node.function)
        function = FUNCTIONS.get(name)
        if function is None:
            close = nearest(node.function, [*FUNCTIONS, *BY_ZH])
            code = "expression.function_near" if close else "expression.function"
            raise _refused(code, node.at, name=node.function, near=close or "")
        places = len(function.arguments)
        enough = (
            len(node.arguments) >= places if function.variadic else len(node.arguments) == places
        )
        if not enough:
            raise _refused("expression.arguments", node.at, name=name, count=places)
        if name == "date":
            return self.day(node), DATE
        if name in ("smaller", "larger"):
            return self.extreme(node, "<=" if name == "smaller" else ">=")
        return self.arguments(node, name, function)

    def day(self, node: Call) -> Node:
        """Return the day that a quoted text names."""
        text = self.quoted(node.arguments[0])
        try:
            day = date.fromisoformat(str(text.value))
            if day.isoformat() != text.value:  # 20060701 and 2006-W26-6 are days to Python
                raise ValueError
            return Constant(day, node.at)
        except ValueError:
            raise _refused("expression.day", node.at, value=str(text.value)[:40]) from None

    def extreme(self, node: Call, op: str) -> Typed:
        """Return the smaller or larger of two numbers as the choice that it is."""
        (left, left_unit), (right, right_unit) = map(self.numeric, node.arguments)
        right = self.converted(right, Meaning(Sort.NUMBER, right_unit), left_unit)
        first = Comparison(op, left, right, node.at)
        return Choice(first, left, right, node.at), Meaning(Sort.NUMBER, left_unit)

    def arguments(self, node: Call, name: str, function: Function) -> Typed:
        trees: list[Node] = []
        same: Meaning | None = None
        for place, argument in enumerate(node.arguments):
            wanted = function.arguments[min(place, len(function.arguments) - 1)]
            if place in function.constant:
                trees.append(self.quoted(argument))
                continue
            tree, meaning = self.visit(argument)
            if wanted == "same":
                same = same or meaning
                wanted = same.sort
                if same.unit and meaning.unit:
                    tree = self.converted(tree, meaning, same.unit)
            if wanted == "progress":
                if not isinstance(tree, Name) or not meaning.progress:
                    raise _refused("expression.progress", argument.at, name=name)
            elif wanted != "any" and meaning.sort is not wanted:
                raise _refused(
                    "expression.wanted", argument.at, wanted=Meaning(Sort(wanted)), got=meaning
                )
            tree = self.counted(name, function, tree, meaning)
            trees.append(tree)
        return Call(name, tuple(trees), node.at), self.result(name, function, same)

    def counted(self, name: str, function: Function, tree: Node, meaning: Meaning) -> Node:
        """Hold a number to the function's unit: years to add, the price a payment reaches."""
        if meaning.sort is not Sort.NUMBER or meaning.unit is None:
            return tree
        if name == "first_reaching":
            return self.converted(tree, meaning, parse_unit("万元"))
        if function.unit and not (isinstance(tree, Constant) and meaning.unit == PURE):
            return self.converted(tree, meaning, parse_unit(function.unit))
        return tree

    def quoted(self, node: Node) -> Constant:
        if isinstance(node, Constant) and isinstance(node.value, str):
            return node
        raise _refused("expression.quoted", node.at)

    def result(self, name: str, function: Function, same: Meaning | None) -> Meaning:
        if function.result == "same":
            assert same is not None  # a function with a "same" result has a "same" argument
            return same
        if function.result is Sort.NUMBER:
            return Meaning(Sort.NUMBER, DAYS if name == "days_between" else parse_unit("万元"))
        return Meaning(Sort(function.result))


def _is_zero(node: Node) -> bool:
    return isinstance(node, Constant) and node.value == 0
