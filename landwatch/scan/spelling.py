"""Spelling an expression out in zh or en, with the values that it came to.

One spelling for every rule: names become the field's words, numbers carry their units, dates are
ISO, and what is unknown is said to be so. Altering a fact alters what is spelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from landwatch.language.catalogue import say, says
from landwatch.language.reasons import reason_in_words
from landwatch.language.terms import (
    ContractForm,
    FormerLand,
    Instrument,
    Stage,
    Term,
    ZoneLevel,
)
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
from landwatch.lawbook.reading import written_out
from landwatch.lawbook.vocabulary import fact_names, scope_of_facts
from landwatch.lawbook.wording import ARITHMETIC, LISTED, SIGNS
from landwatch.scan.account import Account
from landwatch.scan.figures import places_beside, read_alike, spelled_number
from landwatch.scan.once import OnceForEachRule

_CODES: Mapping[str, type[Term]] = {
    "instrument": Instrument,
    "level": ZoneLevel,
    "stage": Stage,
    "form": ContractForm,
    "contract_form": ContractForm,
    "former_land_class": FormerLand,
}


_written_out = OnceForEachRule(lambda rule: written_out(rule.definitions))
"""The definitions of a rule that are written out for their names: short ones without title."""
_by_name = OnceForEachRule(lambda rule: {one.name: one for one in reversed(rule.definitions)})


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells the expressions of one rule for one contract; what a name came to, once."""

    policy: Policy
    rule: Rule
    known: Facts
    lang: str
    _written_out: frozenset[str] = field(init=False)
    _definitions: Mapping[str, Definition] = field(init=False)
    _names: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Take what follows from the rule alone."""
        object.__setattr__(self, "_written_out", _written_out(self.rule))
        object.__setattr__(self, "_definitions", _by_name(self.rule))

    def definition(self, name: str) -> Definition | None:
        """Return the rule's definition of a name, or None."""
        return self._definitions.get(name)

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

    def value(
        self,
        value: Value,
        meaning: Meaning | None = None,
        name: str = "",
        beside: Fraction | None = None,
    ) -> str:
        """Return a value in words; `beside` is what it must be told apart from."""
        match value:
            case None:
                return say("explain.not_told", self.lang)
            case bool():
                return say("explain.yes" if value else "explain.no", self.lang)
            case date():
                return value.isoformat()
            case Fraction():
                unit = (
                    self.unit(name)
                    if name
                    else (meaning.unit.text if meaning and meaning.unit else "")
                )
                unit = "" if unit == "1" else unit
                number = spelled_number(value, places_beside(value, beside))
                return number + (f" {_unit_word(unit, self.lang)}" if unit else "")
            case str():
                terms = _CODES.get(name)
                if name == "start_gap":
                    return reason_in_words(value, self.lang)
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
                if op == "-" and isinstance(left, Name) and isinstance(right, Name):
                    return f"{self._side(left, right)}{ARITHMETIC[op]}{self._side(right, left)}"
                return f"{self._factor(left, op)}{ARITHMETIC[op]}{self._part(right)}"
            case Conversion(part=part):
                return self._converted(node, part)
            case Comparison(op=op, left=left, right=right):
                return f"{self._side(left, right)} {SIGNS[op]} {self._side(right, left)}"
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
        spelled = self._names.get(name)
        if spelled is None:
            spelled = self._names[name] = self._spelled_name(name)
        return spelled

    def _spelled_name(self, name: str) -> str:
        defined = self.definition(name)
        if defined is not None and name in self._written_out:
            return self._part(defined.is_.tree)
        value = self.known.get(name)
        parameter = self.policy.parameters.get(name)
        if parameter and isinstance(value, Fraction) and 10**6 % value.denominator:
            return f"{self.title(name)} {value}"  # the third of the clause, not 0.33
        if value is True or value is False or value is None:
            return f"{self.title(name)}{self._bracketed(self.value(value, name=name))}"
        return f"{self.title(name)} {self.value(value, name=name)}"

    def _bracketed(self, text: str) -> str:
        return f"（{text}）" if self.lang == "zh" else f" ({text})"

    def _part(self, node: Node) -> str:
        inner = self.spell(node)
        if isinstance(node, Arithmetic | Logic | Comparison | Membership):
            return self._bracketed(inner).strip()
        return inner

    def _factor(self, node: Node, op: str) -> str:
        """Return the left side of an operation; a chain of one sign needs no brackets."""
        if isinstance(node, Arithmetic) and {node.op, op} in ({"*"}, {"+"}, {"*", "/"}):
            return self.spell(node)
        return self._part(node)

    def _side(self, node: Node, other: Node) -> str:
        """Return a side of a comparison, or of a difference, told from what stands beside it."""
        if isinstance(node, Constant) and isinstance(other, Name):
            return self.value(node.value, name=other.name)
        if isinstance(node, Name) and node.name not in self._written_out:
            value, beside = self.known.get(node.name), self._number(other)
            if isinstance(value, Fraction) and read_alike(value, beside):
                return f"{self.title(node.name)} {self.value(value, name=node.name, beside=beside)}"
        return self.spell(node)

    def _number(self, node: Node) -> Fraction | None:
        """Return the number that a name or a constant stands for, None for what is no number."""
        told = self.known.get(node.name) if isinstance(node, Name) else None
        value = node.value if isinstance(node, Constant) else told
        return value if isinstance(value, Fraction) else None

    def _converted(self, node: Conversion, part: Node) -> str:
        """Return a number with what its units come to; ‰ and % speak for themselves."""
        if "‰" in node.from_unit or "%" in node.from_unit or isinstance(part, Constant):
            return self.spell(part)
        rate = say("explain.converted", self.lang)
        return (
            f"{self.spell(part)}{self._bracketed(rate)}"
            if "亩" in node.from_unit
            else (self.spell(part))
        )

    def _truth(self, node: Node) -> str:
        """Return a part of an and/or, bracketed where it is one itself."""
        return self._part(node) if isinstance(node, Logic) else self.spell(node)

    def _code(self, member: Node, choice: Constant) -> str:
        name = member.name if isinstance(member, Name) else ""
        return self.value(choice.value, name=name)

    def _call(self, node: Call) -> str:
        parts = [self.spell(argument) for argument in node.arguments]
        key = f"explain.function.{node.function}"
        result = evaluate(node, self.known)
        if node.function in LISTED:
            joined = ("、" if self.lang == "zh" else ", ").join(parts)
            shown = self.value(result, Meaning(Sort.DATE))
            return say(key, self.lang, parts=joined, value=shown)
        if node.function == "seen_on":
            argument = node.arguments[0]
            title = self.title(argument.name) if isinstance(argument, Name) else parts[0]
            return say(key, self.lang, first=title, value=self.value(result))
        second = parts[1] if len(parts) > 1 else ""
        if node.function in ("add_years", "add_months", "add_days"):
            second = self._length(node.arguments[1], node.function)
        value = spelled_number(result) if isinstance(result, Fraction) else self.value(result)
        return say(key, self.lang, first=parts[0], second=second, value=value)

    def _length(self, node: Node, function: str) -> str:
        """Return the length of a period: a number of years, months or days."""
        count = evaluate(node, self.known)
        unit = say(f"explain.unit.{function}", self.lang)
        number = spelled_number(count) if isinstance(count, Fraction) else self.value(None)
        return f"{number}{unit}" if self.lang == "zh" else f"{number} {unit}"


def _unit_word(unit: str, lang: str) -> str:
    if lang == "zh" or not unit:
        return unit.replace("m2", "平方米")
    return unit.replace("m2", "m²").replace("日", "day").replace("年", "year(s)")


_LAST: dict[str, tuple[Account, Speller]] = {}


def speller_of(taken: Account, lang: str) -> Speller:
    """Return the speller of an account: the same one as long as it speaks of the same account."""
    last = _LAST.get(lang)
    if last is None or last[0] is not taken:
        speller = Speller(taken.policy, taken.rule, taken.known, lang)
        last = _LAST[lang] = (taken, speller)
    return last[1]
