"""A policy as dated, cited data: parameters, definitions and rules, all checked.

What a rule asks is said by expressions of the rule language; `scan.evaluate` decides by them in one
fixed order: not applicable, compliant, exempt, gaps, clock, breach, doubts (ledger.md §4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from landwatch.language.terms import Authority, PolicyClass, Remedy
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.expressions.quantity import Unit


class About(StrEnum):
    """What a rule speaks of: a contract of supply, or a park as a whole."""

    CONTRACT = "contract"
    PARK = "park"


class Serves(StrEnum):
    """What a parameter is there for: the rules, the steps of a case file, or to be read."""

    RULES = "rules"
    CASEFILE = "casefile"
    REFERENCE = "reference"


class Force(StrEnum):
    """Whether an indicator binds or is recommended (2023 edition of the control indicators)."""

    BINDING = "binding"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def in_words(self, lang: str) -> str:
        """Return the text in `lang`."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Clause:
    """A citation: article, the sentence quoted word for word, and the row of the rulebook."""

    article: str
    quote: str
    row: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is from a day on: one number, a number by code, or nothing (null)."""

    since: date
    value: Fraction | None
    by_code: Mapping[str, Fraction | None] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the document. `by` names the fact whose code picks it (level of the zone).

    A code without a number is an empty slot of its own. `values` are in order of their days.
    """

    name: str
    title: Words
    unit: Unit
    values: tuple[DatedValue, ...]
    clause: Clause | None
    by: str | None = None
    where_to_find: str | None = None
    """For an empty slot: where the number can be found."""
    serves: Serves = Serves.RULES
    force: Force | None = None

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force on a day, or None before the first."""
        begun = self.begun_by(day)
        return begun[-1] if begun else None

    def begun_by(self, day: date) -> tuple[DatedValue, ...]:
        """Return the values that have come into force by a day, the oldest first."""
        return tuple(value for value in self.values if value.since <= day)

    def for_duty(self, since: date | None, as_of: date) -> DatedValue | None:
        """Return the value that holds, on a day of scan, for a duty whose clock began on `since`.

        Nothing is retroactive (AMB-12): a value that came later does not reach back. Where the
        value has changed and the first day of the clock is not known, none is known to hold.
        """
        begun = self.begun_by(as_of)
        if len(begun) < 2:
            return begun[0] if begun else None
        if since is None:
            return None
        return next((value for value in reversed(begun) if value.since <= since), begun[0])


@dataclass(frozen=True, slots=True)
class VocabularyWord:
    """A word of the document, the code of ours that it means (None: none, or left open), a note."""

    word: str
    means: str | None
    en: str | None
    note: Words | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a document uses for stages, classes or parks."""

    name: str
    title: Words
    clause: Clause | None
    words: tuple[VocabularyWord, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of applying: where it does not hold, the rule does not speak, for `reason`."""

    when: Checked
    reason: str
    unknown: Checked | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A ground for `unknown`: where `when` holds, `reason` is the answer."""

    when: Checked
    reason: Checked


@dataclass(frozen=True, slots=True)
class Exemption:
    """A verified ground that suspends the rule, until a day where one is known."""

    when: Checked
    reason: Checked
    until: Checked | None


@dataclass(frozen=True, slots=True)
class Clock:
    """From which day, and the last day on which it is still in time."""

    since: Checked
    limit: Checked
    missing: str


@dataclass(frozen=True, slots=True)
class RemedyWhen:
    """What the clause lets the bureau do, always or under a condition."""

    remedy: Remedy
    when: Checked | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A named part of a policy or a rule."""

    name: str
    title: Words | None
    is_: Checked


@dataclass(frozen=True, slots=True)
class Rule:
    """One question with a permanent code."""

    code: str
    title: Words
    asks: Words
    clauses: tuple[Clause, ...]
    definitions: tuple[Definition, ...]
    conditions: tuple[Condition, ...]
    first: tuple[Doubt, ...]
    met: Checked
    exemption: Exemption | None
    gaps: tuple[Doubt, ...]
    clock: Clock
    breach: Checked
    unless: tuple[Doubt, ...]
    doubts: tuple[Doubt, ...]
    days_past: Checked
    measured: Checked | None
    threshold: Checked | None
    unit: Unit | None
    amount_wan: Checked | None
    remedies: tuple[RemedyWhen, ...]
    warn_days: int
    evidence_days: int
    note: Words | None = None
    about: About = About.CONTRACT

    @property
    def clause(self) -> Clause:
        """Return the clause that the finding rests on."""
        return self.clauses[0]


@dataclass(frozen=True, slots=True)
class Policy:
    """A document that says what land must be used for, and by when."""

    id: str
    title: Words
    document_no: str
    authority: Authority
    issuer: Words
    effective_from: date | None
    effective_to: date | None
    source: str
    summary: Words
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    version: str
    """Hash of the file: what a finding was decided by can be told for ever."""
    policy_class: PolicyClass
    vocabularies: Mapping[str, Vocabulary]
    text: str
    """The file itself, word for word."""
    adopted_by_init: bool = False

    def called(self, lang: str) -> Mapping[str, str]:
        """Return what the policy calls its parameters, in `lang`."""
        return {name: one.title.in_words(lang) for name, one in self.parameters.items()}

    def rule(self, code: str) -> Rule | None:
        """Return the rule with that code, or None."""
        return next((rule for rule in self.rules if rule.code == code), None)
