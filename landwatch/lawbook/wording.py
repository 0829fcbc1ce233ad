"""An expression in the reader's language, by the names of what it speaks of, without values.

`scan.spelling` spells the same tree beside the values of one contract; this is for who reads the
policy itself, before any contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache

from landwatch.language.catalogue import say, says
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.language.terms import Term, ZoneLevel
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.functions import BY_ZH
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
from landwatch.lawbook.policy import Definition, Policy, Rule
from landwatch.lawbook.reading import written_out
from landwatch.lawbook.vocabulary import (
    contract_columns,
    fact_names,
    park_columns,
    progress_columns,
)

SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "＜", ">": "＞"}
ARITHMETIC = {"+": " ＋ ", "-": " － ", "*": " × ", "/": " ÷ "}
LISTED = ("first_told", "latest_told", "earlier", "later", "smaller", "larger")
"""Functions whose sentence lists all of their parts."""
_REASONS = ("missing", "no_value", "stale", "cause")


def figure(value: Fraction) -> str:
    """Return a number as a document prints it: a decimal where it has an end, else a share.

    >>> figure(Fraction("0.250")), figure(Fraction(250)), figure(Fraction(1, 3))
    ('0.25', '250', '1/3')
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    whole = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"


@cache
def _terms() -> Mapping[str, type[Term]]:
    """Return the enumeration that a fact's codes belong to."""
    columns = (*park_columns(), *progress_columns(), *contract_columns())
    chosen = {column.name: column.choices for column in columns if column.choices}
    return {**chosen, "level": ZoneLevel}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words the expressions of one rule; `rule` is None for what stands outside of every rule."""

    policy: Policy
    rule: Rule | None
    lang: str
    _written_out: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Choose the definitions that are written out for their names: short ones without title."""
        made = self.rule.definitions if self.rule else ()
        object.__setattr__(self, "_written_out", written_out(made))

    def title(self, name: str) -> str:
        """Return what a name is called in the language; a parameter stands in 《》."""
        facts = fact_names()
        if name in facts:
            return facts[name][0 if self.lang == "zh" else 1]
        if parameter := self.policy.parameters.get(name):
            title = parameter.title.in_words(self.lang)
            return f"《{title}》" if self.lang == "zh" else f"“{title}”"
        if (defined := self.definition(name)) and defined.title:
            return defined.title.in_words(self.lang)
        key = f"explain.name.{name}"
        return say(key, self.lang) if says(key) else name

    def definition(self, name: str) -> Definition | None:
        """Return the rule's definition of a name, or None."""
        made = self.rule.definitions if self.rule else ()
        return next((one for one in made if one.name == name), None)

    def reason(self, reason: Checked | str) -> str:
        """Return why something is unknown or silent, in words."""
        if isinstance(reason, str):
            return reason_in_words(reason, self.lang)
        return self._reason(reason.tree)

    def _reason(self, node: Node) -> str:
        match node:
            case Constant(value=str(code)):
                return reason_in_words(code, self.lang)
            case Call(function="missing" | "no_value" as kind, arguments=(Constant(value=name),)):
                if kind == "missing":
                    return say("reason.missing", self.lang, told=self._fact(str(name)))
                return say("reason.no_value", self.lang, told=self.title(str(name)))
            case Call(function="stale", arguments=(day,)):
                return say("reason.stale", self.lang, told=self.spell(day))
            case Call(function="cause", arguments=(cause,)):
                return say("reason.cause", self.lang, told=self.spell(cause))
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return say(
                    "wording.choice",
                    self.lang,
                    condition=self.spell(condition),
                    then=self._reason(then),
                    otherwise=self._reason(otherwise),
                )
            case _:
                return self.spell(node)

    def _fact(self, name: str) -> str:
        worded = fact_in_words(name, self.lang)
        return self.title(name) if worded == name else worded

    def spell(self, node: Node) -> str:
        """Return the expression in words."""
        match node:
            case Name(name=name):
                return self._name(name)
            case Constant(value=value):
                return self._constant(value)
            case Arithmetic(op="-", left=Constant(value=value), right=right) if value == 0:
                return f"－{self._part(right)}"
            case Arithmetic(op=op, left=left, right=right):
                return f"{self._factor(left, op)}{ARITHMETIC[op]}{self._part(right)}"
            case Conversion(part=part):
                return self.spell(part)
            case Comparison(op=op, left=left, right=right):
                return f"{self._side(left, right)} {SIGNS[op]} {self._side(right, left)}"
            case Membership(member=member, choices=choices, negated=negated):
                listed = self._joined([self._side(choice, member) for choice in choices])
                key = "explain.not_in" if negated else "explain.in"
                return say(key, self.lang, member=self.spell(member), choices=listed)
            case Logic(op=op, parts=parts):
                worded = (
                    self._part(part) if isinstance(part, Logic) else self.spell(part)
                    for part in parts
                )
                return say(f"explain.{op}", self.lang).join(worded)
            case Negation(part=Call(function="told", arguments=(argument,))):
                return say("wording.not_told", self.lang, first=self.spell(argument))
            case Negation(part=part):
                return say("explain.negated", self.lang, part=self._part(part))
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return say(
                    "wording.choice",
                    self.lang,
                    condition=self.spell(condition),
                    then=self.spell(then),
                    otherwise=self.spell(otherwise),
                )
            case Call():
                return self._call(node)

    def _name(self, name: str) -> str:
        defined = self.definition(name) if name in self._written_out else None
        return self._part(defined.is_.tree) if defined else self.title(name)

    def _constant(self, value: Fraction | str | bool | date) -> str:
        if isinstance(value, bool):
            return say("explain.yes" if value else "explain.no", self.lang)
        if isinstance(value, date):
            return value.isoformat()
        return value if isinstance(value, str) else figure(value)

    def _part(self, node: Node) -> str:
        inner = self.spell(node)
        if isinstance(node, Arithmetic | Logic | Comparison | Membership | Choice):
            return f"（{inner}）" if self.lang == "zh" else f"({inner})"
        return inner

    def _factor(self, node: Node, op: str) -> str:
        """Return the left side of an operation; a chain of one sign needs no brackets."""
        if isinstance(node, Arithmetic) and {node.op, op} in ({"*"}, {"+"}, {"*", "/"}):
            return self.spell(node)
        return self._part(node)

    def _side(self, node: Node, other: Node) -> str:
        """Return a side of a comparison; a code is named as the fact beside it names it."""
        terms = _terms().get(other.name) if isinstance(other, Name) else None
        if isinstance(node, Constant) and terms and node.value in set(terms):
            return terms(str(node.value)).in_words(self.lang)
        return self.spell(node)

    def _joined(self, parts: list[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def _call(self, node: Call) -> str:
        function = BY_ZH.get(node.function, node.function)
        if function in _REASONS:
            return self._reason(node)
        parts = [self.spell(argument) for argument in node.arguments]
        if function in LISTED:
            return say(f"wording.{function}", self.lang, parts=self._joined(parts))
        second = parts[1] if len(parts) > 1 else ""
        if function in ("add_years", "add_months", "add_days"):
            second = self._length(node.arguments[1], function)
        return say(f"wording.{function}", self.lang, first=parts[0], second=second)

    def _length(self, node: Node, function: str) -> str:
        """Return the length of a period: a number says what it counts, a name speaks for itself."""
        if not isinstance(node, Constant):
            return self.spell(node)
        unit = say(f"explain.unit.{function}", self.lang)
        return f"{self.spell(node)}{'' if self.lang == 'zh' else ' '}{unit}"
