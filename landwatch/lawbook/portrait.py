"""A policy as a lawyer reads it: head, numbers in force, clauses, and each rule step by step.

Every expression stands in the reader's language beside the text that decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.policy import Clause, DatedValue, Parameter, Policy, Rule, Vocabulary
from landwatch.lawbook.slots import Slot, slots_on
from landwatch.lawbook.wording import Wording, figure


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a policy: which part it is, in words, and as written where it is an expression."""

    part: str
    words: str
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a parameter: from which day on (None: always), for whom, and what it is."""

    since: date | None
    for_: str
    code: str | None
    value: str | None
    words: str


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter with the numbers that are shown of it."""

    name: str
    title: str
    unit: str
    numbers: tuple[Number, ...]
    clause: Clause | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WordShown:
    """A word of the document's vocabulary, what it means of ours, and what is to be noted."""

    word: str
    means: str | None
    en: str | None
    note: str


@dataclass(frozen=True, slots=True)
class VocabularyShown:
    """The words that a document uses."""

    name: str
    title: str
    clause: Clause | None
    words: tuple[WordShown, ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule: its clauses, and how it decides, step by step."""

    code: str
    title: str
    clauses: tuple[Clause, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """A policy in one language, as it stood on a day where one was asked for."""

    id: str
    title: str
    version: str
    on: date | None
    standing: str | None
    """What the day means: in force, not yet, no longer, or not known."""
    head: tuple[Line, ...]
    parameters: tuple[ParameterShown, ...]
    vocabularies: tuple[VocabularyShown, ...]
    rules: tuple[RuleShown, ...]


def portrait(
    policy: Policy, lang: str, *, on: date | None = None, rule: Rule | None = None
) -> Portrait:
    """Return a policy as it is read.

    Args:
        policy: the document.
        lang: zh or en.
        on: only the numbers in force on that day; every dated number where none is named.
        rule: only this rule, and the parameters that it uses.
    """
    parameters = list(policy.parameters.values())
    if rule is not None:
        used = names_used(rule)
        parameters = [parameter for parameter in parameters if parameter.name in used]
    return Portrait(
        id=policy.id,
        title=policy.title.in_words(lang),
        version=policy.version,
        on=on,
        standing=standing(policy, on, lang) if on else None,
        head=tuple(_head(policy, lang)),
        parameters=tuple(_parameter(one, lang, on) for one in parameters),
        vocabularies=()
        if rule
        else tuple(_vocabulary(one, lang) for one in policy.vocabularies.values()),
        rules=tuple(
            _rule(policy, one, lang) for one in (policy.rules if rule is None else (rule,))
        ),
    )


def standing(policy: Policy, day: date, lang: str) -> str:
    """Return whether a policy is in force on a day, in words."""
    since, until = policy.effective_from, policy.effective_to
    if since is not None and day < since:
        return say("reading.not_yet", lang, day=day, since=since)
    if until is not None and day > until:
        return say("reading.no_longer", lang, day=day, until=until)
    if since is None:
        return say("reading.day_unknown", lang, day=day)
    return say("reading.in_force", lang, day=day, since=since)


def names_used(rule: Rule) -> set[str]:
    """Return the names that a rule and its definitions use."""
    from landwatch.lawbook.reading import names_of

    return names_of(rule).union(*(names_of(one.is_) for one in rule.definitions))


def _head(policy: Policy, lang: str) -> Iterator[Line]:
    since, until = policy.effective_from, policy.effective_to
    yield Line("document_no", policy.document_no)
    yield Line("issuer", policy.issuer.in_words(lang))
    yield Line("authority", policy.authority.in_words(lang))
    yield Line("class", policy.policy_class.in_words(lang))
    yield Line("effective.from", since.isoformat() if since else say("reading.no_day", lang))
    if until:
        yield Line("effective.to", until.isoformat())
    yield Line("source", policy.source)
    yield Line("summary", policy.summary.in_words(lang))


def _parameter(parameter: Parameter, lang: str, on: date | None) -> ParameterShown:
    in_force = parameter.on(on) if on else None
    dated: Iterable[DatedValue] = parameter.values
    if on is not None:
        dated = (in_force,) if in_force else ()
    lines = [Line("by", fact_in_words(parameter.by, lang))] if parameter.by else []
    if parameter.force:
        lines.append(Line("force", say(f"reading.force.{parameter.force}", lang)))
    if parameter.serves != "rules":
        lines.append(Line("serves", say(f"reading.serves.{parameter.serves}", lang)))
    if parameter.where_to_find:
        lines.append(Line("where_to_find", parameter.where_to_find))
    unit = parameter.unit.text
    return ParameterShown(
        parameter.name,
        parameter.title.in_words(lang),
        "" if unit == "1" else unit.replace("m2", "平方米" if lang == "zh" else "m²"),
        tuple(_number(slot, lang) for value in dated for slot in slots_on(value)),
        parameter.clause,
        tuple(lines),
    )


def _number(slot: Slot, lang: str) -> Number:
    value = None if slot.value is None else figure(slot.value)
    return Number(
        None if slot.always else slot.since,
        slot.code_in_words(lang),
        slot.code,
        value,
        value or say("screen.empty_slot", lang),
    )


def _vocabulary(vocabulary: Vocabulary, lang: str) -> VocabularyShown:
    return VocabularyShown(
        vocabulary.name,
        vocabulary.title.in_words(lang),
        vocabulary.clause,
        tuple(
            WordShown(one.word, one.means, one.en, one.note.in_words(lang) if one.note else "")
            for one in vocabulary.words
        ),
    )


def _rule(policy: Policy, rule: Rule, lang: str) -> RuleShown:
    desk = _Desk(Wording(policy, rule, lang), lang)
    lines = [Line("asks", rule.asks.in_words(lang))]
    if rule.note:
        lines.append(Line("note", rule.note.in_words(lang)))
    lines.append(Line("about", say(f"reading.about.{rule.about}", lang)))
    return RuleShown(
        rule.code,
        rule.title.in_words(lang),
        rule.clauses,
        (*lines, *desk.duty(rule), *desk.doubts(rule), *desk.consequence(rule)),
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Writes the lines of a rule."""

    wording: Wording
    lang: str

    def line(self, part: str, checked: Checked) -> Line:
        return Line(part, self.wording.spell(checked.tree), checked.text)

    def maybe(self, part: str, checked: Checked | None) -> Iterator[Line]:
        if checked is not None:
            yield self.line(part, checked)

    def told(self, part: str, key: str, when: Checked, reason: Checked | str) -> Line:
        words = say(
            key,
            self.lang,
            first=self.wording.spell(when.tree),
            second=self.wording.reason(reason),
        )
        return Line(part, words, when.text)

    def duty(self, rule: Rule) -> Iterator[Line]:
        """Yield when the rule speaks, what it asks, from when until when, and what excuses."""
        for one in rule.conditions:
            line = self.told("applies", "reading.condition", one.when, one.reason)
            if one.unknown is not None:
                unknown = self.wording.reason(one.unknown)
                words = say(
                    "reading.condition_unknown", self.lang, first=line.words, second=unknown
                )
                line = replace(line, words=words)
            yield line
        for definition in rule.definitions:
            title = definition.title.in_words(self.lang) if definition.title else definition.name
            words = f"{title} = {self.wording.spell(definition.is_.tree)}"
            yield Line("define", words, f"{definition.name} = {definition.is_.text}")
        yield self.line("clock.from", rule.clock.since)
        yield self.line("clock.limit", rule.clock.limit)
        yield self.line("met", rule.met)
        if rule.exemption:
            yield self.told("exempt", "reading.doubt", rule.exemption.when, rule.exemption.reason)
            yield from self.maybe("exempt.until", rule.exemption.until)
        yield self.line("breach", rule.breach)

    def doubts(self, rule: Rule) -> Iterator[Line]:
        """Yield what makes the answer unknown, in the order of asking."""
        parts = (("first", rule.first), ("gaps", rule.gaps), ("unless", rule.unless))
        for part, doubts in (*parts, ("doubts", rule.doubts)):
            for one in doubts:
                yield self.told(part, "reading.doubt", one.when, one.reason)
        missing = self.wording.reason(f"missing:{rule.clock.missing}")
        yield Line("clock.missing", missing)

    def consequence(self, rule: Rule) -> Iterator[Line]:
        """Yield the measure, the days, the windows, and what the clause allows."""
        yield from self.maybe("measured", rule.measured)
        yield from self.maybe("threshold", rule.threshold)
        yield self.line("days_past", rule.days_past)
        yield from self.maybe("amount_wan", rule.amount_wan)
        for one in rule.remedies:
            words = one.remedy.in_words(self.lang)
            if one.when is None:
                yield Line("remedies", words)
                continue
            when = self.wording.spell(one.when.tree)
            yield Line(
                "remedies",
                say("reading.remedy_when", self.lang, first=words, second=when),
                one.when.text,
            )
        windows = {"warn": rule.warn_days, "evidence": rule.evidence_days}
        yield Line("windows", say("reading.windows", self.lang, **windows))
