"""Supposing other numbers in a policy: `min_intensity.national=300`, and the policy that it makes.

What is written is read as a document prints it: plain digits, a share such as 1/3, a unit if one
likes, converted exactly. The policy on the shelf is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind, columns_of
from landwatch.language.terms import Term
from landwatch.lawbook.expressions.quantity import DAYS, Unit, parse_unit
from landwatch.lawbook.policy import DatedValue, Parameter, Policy, Words
from landwatch.units import rounded

_NARROW = str.maketrans("０１２３４５６７８９．／＝％．", "0123456789./=%.")
_FIGURE = re.compile(r"([0-9]{1,6}/[1-9][0-9]{0,5}|[0-9]{1,12}(?:\.[0-9]{1,9})?)\s*(\S*)")
_ALSO = {"m²": "m2", "㎡": "m2", "天": "日", "ha": "公顷", "mu": "亩"}
_LENGTHS = {"years": 100, "months": 1_200, "time": 36_500}
"""Units of time are counted in whole numbers, and no duty runs longer than a century."""
_MOST = 10**9
_OWN_DAYS = ("warn_days", "evidence_days")
_OWN_TITLES = {
    "warn_days": Words("提前预警的日数", "days of warning"),
    "evidence_days": Words("证据有效的日数", "days for which evidence speaks"),
}


@dataclass(frozen=True, slots=True)
class Supposed:
    """One number supposed otherwise: how it is written, its value in force and the one supposed."""

    name: str
    title: Words
    unit: Unit
    before: Fraction | None
    after: Fraction
    parameter: str | None = None
    rule: str | None = None

    def in_words(self, lang: str) -> str:
        """Return what is supposed: title, name, the number in force and the one supposed."""
        before = say("whatif.empty", lang) if self.before is None else written(self.before)
        unit = "" if self.unit.text == "1" else f" {self.unit.text}"
        return say(
            "whatif.number",
            lang,
            title=self.title.in_words(lang),
            name=self.name,
            before=before,
            after=written(self.after),
            unit=unit,
        )

    def short(self) -> str:
        """Return the name and the number supposed, as a title has room for."""
        unit = "" if self.unit.text == "1" else f" {self.unit.text}"
        return f"{self.name} = {written(self.after)}{unit}"


def written(number: Fraction) -> str:
    """Return a number as a document prints it: a decimal that ends, else a share.

    >>> written(Fraction(300)), written(Fraction(4, 5)), written(Fraction(1, 3))
    ('300', '0.8', '1/3')
    """
    decimal = rounded(number, 12)
    if Fraction(decimal) != number:
        return str(number)
    text = f"{decimal:f}".rstrip("0").rstrip(".")
    return text or "0"


def suppose(
    policy: Policy, settings: Sequence[str], as_of: date
) -> tuple[Policy, tuple[Supposed, ...]]:
    """Return the policy with these numbers instead on a day, and what is supposed.

    Raises:
        UnknownNameError: no such parameter, rule or code; the nearest is offered.
        UsageError: what is written is no number of the parameter's unit.
    """
    made: dict[str, Supposed] = {}
    for setting in settings:
        name, value = _parted(setting)
        rule, _, own = name.rpartition(".")
        if own in _OWN_DAYS:
            policy, one = _with_days(policy, rule, own, value)
        else:
            policy, one = _with_value(policy, name, value, as_of)
        if one.name in made:
            raise UsageError("whatif.error.twice", name=one.name)
        made[one.name] = one
    if not made:
        raise UsageError("whatif.error.nothing", policy=policy.id)
    return policy, tuple(made.values())


def _parted(setting: str) -> tuple[str, str]:
    name, sign, value = setting.translate(_NARROW).partition("=")
    if not sign or not name.strip() or not value.strip():
        raise UsageError("whatif.error.form", value=setting[:60])
    return name.strip(), value.strip()


def _with_days(policy: Policy, code: str, own: str, value: str) -> tuple[Policy, Supposed]:
    rule = policy.rule(code)
    if rule is None:
        raise UnknownNameError("what.rule", code, [one.code for one in policy.rules])
    days = _number(value, f"{code}.{own}", DAYS)
    warns = own == "warn_days"
    before = rule.warn_days if warns else rule.evidence_days
    changed = (
        replace(rule, warn_days=int(days)) if warns else replace(rule, evidence_days=int(days))
    )
    one = Supposed(f"{code}.{own}", _OWN_TITLES[own], DAYS, Fraction(before), days, rule=code)
    rules = tuple(changed if each is rule else each for each in policy.rules)
    return replace(policy, rules=rules), one


def _with_value(policy: Policy, name: str, value: str, as_of: date) -> tuple[Policy, Supposed]:
    head, _, code = name.partition(".")
    parameter = _parameter(policy, head.strip())
    number = _number(value, name, parameter.unit)
    in_force = parameter.on(as_of)
    since = in_force.since if in_force else as_of
    if parameter.by is None:
        if code:
            raise UsageError("whatif.error.no_code", name=parameter.name, code=code)
        full, before = parameter.name, in_force.value if in_force else None
        supposed = DatedValue(since, number)
    else:
        code = _code(parameter, code.strip())
        full = f"{parameter.name}.{code}"
        by_code = dict((in_force.by_code if in_force else None) or {})
        before = by_code.get(code)
        supposed = DatedValue(since, None, {**by_code, code: number})
    others = tuple(dated for dated in parameter.values if dated is not in_force)
    values = tuple(sorted((*others, supposed), key=lambda dated: dated.since))
    changed = replace(parameter, values=values)
    one = Supposed(full, parameter.title, parameter.unit, before, number, parameter.name)
    return replace(policy, parameters={**policy.parameters, parameter.name: changed}), one


def _parameter(policy: Policy, name: str) -> Parameter:
    """Return the parameter of that name, or of that title in either language."""
    for parameter in policy.parameters.values():
        if name in (parameter.name, parameter.title.zh, parameter.title.en):
            return parameter
    if not policy.parameters:
        raise UsageError("whatif.error.no_parameters", policy=policy.id)
    titles = [parameter.title.zh for parameter in policy.parameters.values()]
    raise UnknownNameError(
        "what.parameter", name, list(policy.parameters) if name.isascii() else titles
    )


def _code(parameter: Parameter, code: str) -> str:
    """Return the code that is meant: as the policy writes it, or by its name in either language."""
    known = {each: each for dated in parameter.values for each in dated.by_code or ()}
    for term in _terms(parameter.by or ""):
        known |= {
            str(term): str(term),
            term.in_words("zh"): str(term),
            term.in_words("en"): str(term),
        }
    listed = sorted(set(known.values()))
    if not code:
        first = f"{parameter.name}.{listed[0] if listed else '31'}"
        raise UsageError(
            "whatif.error.needs_code", name=parameter.name, codes=", ".join(listed), example=first
        )
    if code in known:
        return known[code]
    if not _terms(parameter.by or "") and re.fullmatch(r"[0-9]{2}", code):
        return code  # a division of industry or a province that the table leaves out
    raise UnknownNameError("what.code", code, known)


def _terms(fact: str) -> list[Term]:
    """Return the codes of a fact that has a list of its own (the level of a zone)."""
    for kind in (Kind.ZONES, Kind.CONTRACTS):
        column = columns_of(kind).get(fact)
        if column is not None and column.choices is not None:
            return list(column.choices)
    return []


def _number(text: str, name: str, unit: Unit) -> Fraction:
    """Return a written number in a unit, exactly converted where another unit is written."""
    shape = _FIGURE.fullmatch(text)
    own = shape[2] if shape else ""
    for word, known in _ALSO.items():
        own = own.replace(word, known)
    if shape is None or re.search(r"[0-9]", own.replace("m2", "")):  # 1e9, 3,750
        raise UsageError("whatif.error.number", name=name, value=text[:40], unit=_shown(unit))
    figure = Fraction(shape[1])
    if own:
        figure = figure * _factor(own, name, unit)
    most = next((_LENGTHS[one] for one, _ in unit.dimensions if one in _LENGTHS), None)
    if most is not None and len(unit.dimensions) == 1:
        if figure.denominator != 1 or figure > most:
            raise UsageError(
                "whatif.error.whole", name=name, value=text[:40], unit=_shown(unit), most=most
            )
    elif figure > _MOST:
        raise UsageError("whatif.error.large", name=name, value=text[:40], most=_MOST)
    return figure


def _factor(own: str, name: str, unit: Unit) -> Fraction:
    try:
        written = parse_unit(own)
    except KeyError:
        raise UsageError(
            "whatif.error.unit", name=name, value=own[:20], unit=_shown(unit)
        ) from None
    if not written.alike(unit):
        raise UsageError("whatif.error.other_unit", name=name, value=own[:20], unit=_shown(unit))
    return written.factor_to(unit)


def _shown(unit: Unit) -> str:
    """Return a unit as a message names it; a bare share may be written as a percentage."""
    return "1 (%)" if unit.text == "1" else unit.text
