"""One rule of the reference: what it asks, by which clause, and every expression that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landwatch.language.catalogue import say
from landwatch.language.markdown import cell, code, table
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.policy import About, Condition, Definition, Doubt, RemedyWhen, Rule


def rule_section(rule: Rule, lang: str) -> str:
    """Return one rule as a heading, its clauses and a table of what it looks at."""
    heading = f'#### <a id="{rule.code}"></a>{code(rule.code)} {cell(rule.title.in_words(lang))}'
    clauses = "\n".join(
        "> "
        + say(
            "reference.clause",
            lang,
            quote=cell(clause.quote),
            article=cell(clause.article),
            row=cell(clause.row),
        )
        + "<br>"
        for clause in rule.clauses
    ).removesuffix("<br>")
    rows = [(say(f"reference.rule.{key}", lang), text) for key, text in _lines(rule, lang) if text]
    return "\n\n".join([heading, cell(rule.asks.in_words(lang)), clauses, table(("", ""), rows)])


def _lines(rule: Rule, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what the rule looks at, in the order of deciding; a line without text is left out."""
    if rule.about is not About.CONTRACT:
        yield "about", say(f"reference.about.{rule.about}", lang)
    yield "defines", _lined(_defined(one, lang) for one in rule.definitions)
    yield "applies", _lined(_condition(one, lang) for one in rule.conditions)
    yield "clock", f"{_written(rule.clock.since)} → {_written(rule.clock.limit)}"
    yield "first", _doubts(rule.first)
    yield "met", _written(rule.met)
    if rule.exemption:
        yield "exempt", _given(rule.exemption.when, rule.exemption.reason)
    yield "gaps", _doubts(rule.gaps)
    yield "unless", _doubts(rule.unless)
    yield "breach", _written(rule.breach)
    yield "doubts", _doubts(rule.doubts)
    if rule.measured and rule.threshold:
        unit = rule.unit.text if rule.unit and rule.unit.text != "1" else ""
        yield "measured", f"{_written(rule.measured)} / {_written(rule.threshold)} {unit}".strip()
    if rule.amount_wan:
        yield "amount", _written(rule.amount_wan)
    yield "remedies", _lined(_remedy(one, lang) for one in rule.remedies)
    yield "windows", say("reference.days", lang, warn=rule.warn_days, evidence=rule.evidence_days)
    if rule.note:
        yield "note", cell(rule.note.in_words(lang))


def _written(checked: Checked) -> str:
    return code(checked.text)


def _lined(lines: Iterable[str]) -> str:
    return "<br>".join(lines)


def _defined(definition: Definition, lang: str) -> str:
    title = f" {cell(definition.title.in_words(lang))}" if definition.title else ""
    return f"{code(definition.name)}{title} = {_written(definition.is_)}"


def _condition(condition: Condition, lang: str) -> str:
    return say("reference.else", lang, when=_written(condition.when), reason=code(condition.reason))


def _given(when: Checked, reason: Checked) -> str:
    return f"{_written(when)} → {_written(reason)}"


def _doubts(doubts: Iterable[Doubt]) -> str:
    return _lined(_given(doubt.when, doubt.reason) for doubt in doubts)


def _remedy(remedy: RemedyWhen, lang: str) -> str:
    named = f"{remedy.remedy.in_words(lang)} {code(remedy.remedy)}"
    if remedy.when is None:
        return named
    return say("reference.remedy_when", lang, remedy=named, when=_written(remedy.when))
