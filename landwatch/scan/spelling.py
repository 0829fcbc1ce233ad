"""Spelling an expression out in zh or en, with the values that it came to.

One spelling for every rule: names become the field's words, numbers carry their units, dates are
ISO, and what is unknown is said to be so. Altering a fact alters what is spelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from landwatch.language.catalogue import say, says
from landwatch.language.terms import Instrument, Stage, Term, ZoneLevel
from landwatch.lawbook.expressions.check import Meaning
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Facts, Value, evaluate
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
from landwatch.lawbook.vocabulary import fact_names, scope_of_facts
from landwatch.units import rounded

_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "＜", ">": "＞"}
_ARITHMETIC = {"+": " ＋ ", "-": " － ", "*": " × ", "/": " ÷ "}
_CODES: Mapping[str, type[Term]] = {
    "instrument": Instrument,
    "level": ZoneLevel,
    "stage": Stage,
}


def spelled_number(value: Fraction, places: int = 2) -> str:
    """Return a number as the bureau prints it: at most two decimals, more where these say zero.

    >>> spelled_number(Fraction(18995, 100)), spelled_number(Fraction(1, 3))
    ('189.95', '0.33')
    """
    shown = rounded(value, places)
    if shown == 0 and value != 0:
        shown = rounded(value, 6)
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells the expressions of one rule for one contract."""

    policy: Policy
    rule: Rule
    known: Facts
    lang: str

    def definition(self, name: str) -> Definition | None:
        """Return the rule's definition of a name, or None."""
        return next((one for one in self.rule.definitions if one.name == name), None)

    def title(self, name: str) -> str:
        """Return what a name is called in the language."""
        facts = fact_names()
        if name in facts:
            zh, en = facts[name]
            return zh if self.lang == "zh" else en
        parameter = self.policy.parameters.get(name)
        if parameter is not None:
            return parameter.title.in_words(self.lang)
        defined = self.definition(name)
        if defined is not None and defined.title is not None:
            return defined.title.in_words(self.lang)
        key = f"explain.name.{name}"
        return say(key, self.lang) if says(key) else name

    def unit(self, name: str) -> str:
        """Return the unit that a name's number is printed with; a bare ratio has none."""
        meaning = scope_of_facts().meanings.get(name)
        unit = meaning.unit if meaning else None
        if name in self.policy.parameters:
            unit = self.policy.parameters[name].unit
        defined = self.definition(name)
        if defined is not None:
            unit = defined.is_.meaning.unit
        return "" if unit is None or unit.text == "1" else unit.text

    def value(self, value: Value, meaning: Meaning | None = None, name: str = "") -> str:
        """Return a value in words."""
        match value:
            case None:
                return say("explain.not_told", self.lang)
            case bool():
                return say("explain.yes" if value else "explain.no", self.lang)
            case Fraction():
                unit = (
                    self.unit(name)
                    if name
                    else (meaning.unit.text if meaning and meaning.unit else "")
                )
                unit = "" if unit == "1" else unit
                return spelled_number(value) + (f" {_unit_word(unit, self.lang)}" if unit else "")
            case date():
                return value.isoformat()
            case str():
                terms = _CODES.get(name)
                return terms(value).in_words(self.lang) if terms else value
            case tuple():
                return "；".join(
                    f"{p.on.isoformat()} {spelled_number(p.amount_wan)} 万元" for p in value
                )

    def spell(self, node: Node) -> str:
        """Return the expression with each name beside its value."""
        match node:
            case Name(name=name):
                return self._name(name)
            case Constant(value=value):
                return self.value(value)
            case Arithmetic(op=op, left=left, right=right):
                if op == "-" and isinstance(left, Constant) and left.value == 0:
                    return f"－{self._part(right)}"
                return f"{self._part(left)}{_ARITHMETIC[op]}{self._part(right)}"
            case Conversion(part=part, factor=factor):
                return f"{self._part(part)} × {factor}"
            case Comparison(op=op, left=left, right=right):
                return f"{self.spell(left)} {_SIGNS[op]} {self.spell(right)}"
            case Membership(member=member, choices=choices, negated=negated):
                listed = "、".join(self._code(member, choice) for choice in choices)
                key = "explain.not_in" if negated else "explain.in"
                return say(key, self.lang, member=self.spell(member), choices=listed)
            case Logic(op=op, parts=parts):
                joint = say(f"explain.{op}", self.lang)
                return joint.join(self._truth(part) for part in parts)
            case Negation(part=part):
                return say("explain.negated", self.lang, part=self._part(part))
            case Choice(condition=condition, then=then, otherwise=otherwise):
                held = evaluate(condition, self.known)
                if held is None:
                    return self._part(condition)
                return self.spell(then if held else otherwise)
            case Call():
                return self._call(node)

    def _name(self, name: str) -> str:
        defined = self.definition(name)
        if defined is not None and defined.title is None:
            return self._part(defined.is_.tree)
        value = self.known.get(name)
        if value is True or value is False or value is None:
            return f"{self.title(name)}（{self.value(value, name=name)}）"
        return f"{self.title(name)} {self.value(value, name=name)}"

    def _part(self, node: Node) -> str:
        inner = self.spell(node)
        if isinstance(node, Arithmetic | Logic | Comparison | Membership):
            return f"（{inner}）"
        return inner

    def _truth(self, node: Node) -> str:
        """Return a part of an and/or; one that another wording would only double stays short."""
        return self._part(node) if isinstance(node, Logic) else self.spell(node)

    def _code(self, member: Node, choice: Constant) -> str:
        name = member.name if isinstance(member, Name) else ""
        return self.value(choice.value, name=name)

    def _call(self, node: Call) -> str:
        parts = [self.spell(argument) for argument in node.arguments]
        key = f"explain.function.{node.function}"
        if node.function in ("first_told", "latest_told", "earlier", "later"):
            value = evaluate(node, self.known)
            return say(
                key, self.lang, parts="、".join(parts), value=self.value(value, Meaning(Sort.DATE))
            )
        if node.function == "seen_on":
            argument = node.arguments[0]
            title = self.title(argument.name) if isinstance(argument, Name) else parts[0]
            return say(key, self.lang, first=title, value=self.value(evaluate(node, self.known)))
        first, second = parts[0], parts[1] if len(parts) > 1 else ""
        value = self.value(evaluate(node, self.known))
        if node.function == "days_between":
            value = spelled_number(_fraction(evaluate(node, self.known))) if value else value
        return say(key, self.lang, first=first, second=second, value=value)


def _fraction(value: Value) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def _unit_word(unit: str, lang: str) -> str:
    if lang == "zh" or not unit:
        return unit.replace("m2", "平方米")
    return unit.replace("m2", "m²").replace("日", "d").replace("年", "years")
