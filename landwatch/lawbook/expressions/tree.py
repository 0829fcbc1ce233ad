"""Reading an expression: text in, a small tree of our own out; nothing is ever run.

Python's `ast` does the parsing, after full-width signs are made narrow; only the node kinds below
pass. Lengths and depths are bounded before and after parsing, so that an enormous or deeply nested
text is refused in milliseconds.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from io import StringIO
from tokenize import COMMENT, generate_tokens
from typing import TypeAlias
from unicodedata import category

from landwatch.errors import ExpressionError
from landwatch.language.catalogue import say

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_DIGITS = 18

# A sign is replaced by one of the same length in characters, so that columns stay true.
_NARROW = str.maketrans("（），＞＜＝＋－＊／．！“”‘’", "(),><=+-*/.!\"\"''")
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
# What authors try most, by the names of Python's parser; each has words of its own.
_FORMS = frozenset(
    (
        *("Attribute", "Subscript", "Call", "Lambda", "BinOp", "UnaryOp", "Starred", "NamedExpr"),
        *("ListComp", "SetComp", "DictComp", "GeneratorExp", "JoinedStr"),
        *("Dict", "Set", "List", "Tuple"),
    )
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a node begins in its text, both counted from 1, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a parameter or a definition."""

    name: str
    at: Position


@dataclass(frozen=True, slots=True)
class Constant:
    """A number (exact), a text, a truth value or a day."""

    value: Fraction | str | bool | date
    at: Position


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /` of two numbers."""

    op: str
    left: Node
    right: Node
    at: Position


@dataclass(frozen=True, slots=True)
class Comparison:
    """`== != < <= > >=` of two values of one type."""

    op: str
    left: Node
    right: Node
    at: Position


@dataclass(frozen=True, slots=True)
class Membership:
    """`x in ("a", "b")`, or its negation."""

    member: Node
    choices: tuple[Constant, ...]
    negated: bool
    at: Position


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` / `or` of two or more, three-valued."""

    op: str
    parts: tuple[Node, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Negation:
    """`not x`, three-valued."""

    part: Node
    at: Position


@dataclass(frozen=True, slots=True)
class Choice:
    """`a if condition else b`; unknown where the condition is unknown."""

    condition: Node
    then: Node
    otherwise: Node
    at: Position


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language."""

    function: str
    arguments: tuple[Node, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Conversion:
    """A number in another unit of the same dimension; put in by `check`, never written."""

    part: Node
    factor: Fraction
    from_unit: str
    to_unit: str
    at: Position


Node: TypeAlias = (
    Name
    | Constant
    | Arithmetic
    | Comparison
    | Membership
    | Logic
    | Negation
    | Choice
    | Call
    | Conversion
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in reading order."""
    match node:
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return (left, right)
        case Membership(member=member):
            return (member,)
        case Logic(parts=parts):
            return parts
        case Negation(part=part) | Conversion(part=part):
            return (part,)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def names_in(node: Node) -> list[str]:
    """Return the names that a tree uses, each once, in reading order."""
    if isinstance(node, Name):
        return [node.name]
    found: dict[str, None] = {}
    for child in children(node):
        found.update(dict.fromkeys(names_in(child)))
    return list(found)


def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises:
        ExpressionError: with line, column and what to write instead.
    """
    if len(text) > MAX_LENGTH:
        raise _refused("expression.too_long", Position(1, 1), limit=MAX_LENGTH)
    narrow = _widths_kept(text)
    try:
        module = ast.parse(narrow.strip(), mode="eval")
    except SyntaxError as problem:
        # Python gives no offset where the text ends too early: that is behind its last sign.
        end = len(narrow.strip().split("\n")[-1]) + 1
        at = Position(problem.lineno or 1, problem.offset or end)
        raise _refused("expression.syntax", at, near=(problem.text or "").strip()[:60]) from None
    except (RecursionError, MemoryError, ValueError):
        raise _refused("expression.too_deep", Position(1, 1), limit=MAX_DEPTH) from None
    _refuse_comment(narrow.strip())
    return _Reader(narrow.strip().split("\n")).node(module.body, 0)


def _refuse_comment(text: str) -> None:
    """Refuse a `#` outside quotes: where YAML folds lines, all that follows would be unsaid."""
    for token in generate_tokens(StringIO(text).readline):
        if token.type == COMMENT:
            raise _refused("expression.comment", Position(token.start[0], token.start[1] + 1))


def _widths_kept(text: str) -> str:
    """Return the text with narrow signs; `≥` becomes `>=`, which moves later columns by one."""
    return text.translate(_NARROW).replace("≥", ">=").replace("≤", "<=").replace("≠", "!=")


def _refused(code: str, at: Position, **values: object) -> ExpressionError:
    return ExpressionError(code, line=at.line, column=at.column, **values)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of Python's that the language does not have, by the name of its parser."""

    name: str

    def in_words(self, lang: str) -> str:
        """Return what an author would call it."""
        return say(f"expression.form.{self.name}", lang) if self.name in _FORMS else self.name


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the parser's nodes into ours, refusing every other kind."""

    lines: list[str]

    def at(self, node: ast.expr) -> Position:
        line = self.lines[node.lineno - 1].encode()
        return Position(node.lineno, len(line[: node.col_offset].decode()) + 1)

    def node(self, node: ast.expr, depth: int) -> Node:
        at = self.at(node)
        if depth > MAX_DEPTH:
            raise _refused("expression.too_deep", at, limit=MAX_DEPTH)
        deeper = depth + 1
        match node:
            case ast.Name(id=name):
                return Name(name, at)
            case ast.Constant(value=value):
                return self.constant(value, node, at)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Negation(self.node(operand, deeper), at)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Arithmetic("-", Constant(Fraction(0), at), self.node(operand, deeper), at)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                sign = _ARITHMETIC[type(op)]
                return Arithmetic(sign, self.node(left, deeper), self.node(right, deeper), at)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                return Logic(word, tuple(self.node(value, deeper) for value in values), at)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choice(
                    self.node(test, deeper), self.node(body, deeper), self.node(orelse, deeper), at
                )
            case ast.Compare():
                return self.comparison(node, at, deeper)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return Call(function, tuple(self.node(part, deeper) for part in arguments), at)
            case _:
                raise _refused("expression.not_allowed", at, what=_Form(type(node).__name__))

    def constant(self, value: object, node: ast.expr, at: Position) -> Constant:
        if isinstance(value, bool):
            return Constant(value, at)
        if isinstance(value, str):
            if any(category(sign) in ("Cc", "Cf", "Cs") for sign in value):
                raise _refused("expression.constant", at, value=ascii(value)[:40])
            return Constant(value, at)
        if isinstance(value, int | float):
            # The written digits decide, not the binary number that Python made of them.
            written = self.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset]
            digits = written.decode().replace("_", "")
            if len(digits) <= MAX_DIGITS and digits.replace(".", "", 1).isdigit():
                return Constant(Fraction(digits), at)
        raise _refused("expression.constant", at, value=str(value)[:40])

    def comparison(self, node: ast.Compare, at: Position, depth: int) -> Node:
        if len(node.ops) > 1:
            raise _refused("expression.chained", at)
        op, right = node.ops[0], node.comparators[0]
        left = self.node(node.left, depth)
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
                raise _refused("expression.membership", at)
            choices = tuple(self.node(choice, depth) for choice in right.elts)
            constants = tuple(choice for choice in choices if isinstance(choice, Constant))
            if len(constants) != len(choices):
                raise _refused("expression.membership", at)
            return Membership(left, constants, isinstance(op, ast.NotIn), at)
        if type(op) not in _COMPARISONS:
            raise _refused("expression.use_told", at)
        return Comparison(_COMPARISONS[type(op)], left, self.node(right, depth), at)
