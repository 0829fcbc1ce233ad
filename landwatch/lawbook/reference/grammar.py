"""The grammar of the rule language as data: the page, the railroad and the tests read this one.

`expressions.tree` reads an expression by Python's own parser and keeps what it knows; the grammar
says what that is. The tests hold both: every sentence that the grammar makes is read, and every
expression on the shelf is one of its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Written:
    """A word or sign that stands as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A name, a number or a quoted text, which the author makes up."""

    name: str


@dataclass(frozen=True, slots=True)
class Production:
    """The place of another production, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of them."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Once or not at all."""

    item: Item


@dataclass(frozen=True, slots=True)
class Chain:
    """One or more, with what stands between two of them."""

    item: Item
    between: Item


Item: TypeAlias = Written | Token | Production | Row | OneOf | Perhaps | Chain


@dataclass(frozen=True, slots=True)
class Syntax:
    """A production of the grammar: its names, its form, the kinds of node that it makes."""

    name: str
    zh: str
    form: Item
    makes: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        """Return the name in `lang`."""
        return self.zh if lang == "zh" else self.name


def _row(*items: Item) -> Row:
    return Row(items)


def _signs(*texts: str) -> OneOf:
    return OneOf(tuple(Written(text) for text in texts))


def _listed(opening: str, closing: str) -> Row:
    """Return quoted codes in brackets; in round ones a single code keeps its comma."""
    several = _row(Chain(Token("text"), Written(",")), Perhaps(Written(",")))
    first = _row(Token("text"), Written(","), Perhaps(several))
    return _row(Written(opening), first if opening == "(" else several, Written(closing))


GRAMMAR: tuple[Syntax, ...] = (
    Syntax(
        "expression",
        "表达式",
        _row(
            Production("any of"),
            Perhaps(
                _row(Written("if"), Production("any of"), Written("else"), Production("expression"))
            ),
        ),
        ("Choice",),
    ),
    Syntax("any of", "或", Chain(Production("all of"), Written("or")), ("Logic",)),
    Syntax("all of", "且", Chain(Production("truth"), Written("and")), ("Logic",)),
    Syntax(
        "truth",
        "非",
        OneOf((Production("comparison"), _row(Written("not"), Production("truth")))),
        ("Negation",),
    ),
    Syntax(
        "comparison",
        "比较",
        _row(
            Production("sum"),
            Perhaps(
                OneOf(
                    (
                        _row(_signs("==", "!=", "<=", ">=", "<", ">"), Production("sum")),
                        _row(Perhaps(Written("not")), Written("in"), Production("codes")),
                    )
                )
            ),
        ),
        ("Comparison", "Membership"),
    ),
    Syntax("codes", "代码组", OneOf((_listed("(", ")"), _listed("[", "]")))),
    Syntax("sum", "和差", Chain(Production("product"), _signs("+", "-")), ("Arithmetic",)),
    Syntax("product", "积商", Chain(Production("signed"), _signs("*", "/")), ("Arithmetic",)),
    Syntax(
        "signed",
        "正负",
        OneOf((Production("value"), _row(Written("-"), Production("signed")))),
        ("Arithmetic",),
    ),
    Syntax(
        "value",
        "值",
        OneOf(
            (
                Token("number"),
                Token("text"),
                _signs("True", "False"),
                Production("call"),
                Token("name"),
                _row(Written("("), Production("expression"), Written(")")),
            )
        ),
        ("Constant", "Name"),
    ),
    Syntax(
        "call",
        "函数",
        _row(
            Token("name"),
            Written("("),
            Chain(Production("expression"), Written(",")),
            Perhaps(Written(",")),
            Written(")"),
        ),
        ("Call",),
    ),
)

TOKENS = {
    "name": ("名称", r"[^\W\d]\w*"),
    "number": ("数", r"\d+(?:\.\d+)?"),
    "text": ("引号内的词", r'"[^"\\\n]*"' + r"|'[^'\\\n]*'"),
}
"""What an author makes up: its Chinese name, and how it is spelled."""

NEVER_WRITTEN = ("Conversion",)
"""Kinds of node that no text makes: the checker puts them in where units differ."""


def ebnf(rule: Syntax) -> str:
    """Return a production as a line of EBNF.

    >>> ebnf(GRAMMAR[1])
    'any-of = all-of { "or" all-of }'
    """
    return f"{_dashed(rule.name)} = {_spelled(rule.form, outermost=True)}"


def _dashed(name: str) -> str:
    return name.replace(" ", "-")


def _spelled(item: Item, *, outermost: bool = False) -> str:
    match item:
        case Written(text=text):
            return f'"{text}"'
        case Token(name=name) | Production(name=name):
            return _dashed(name)
        case Row(items=items):
            return " ".join(_spelled(part) for part in items)
        case OneOf(items=items):
            listed = " | ".join(_spelled(part) for part in items)
            return listed if outermost else f"( {listed} )"
        case Perhaps(item=part):
            return f"[ {_spelled(part, outermost=True)} ]"
        case Chain(item=part, between=between):
            return f"{_spelled(part)} {{ {_spelled(between)} {_spelled(part)} }}"
