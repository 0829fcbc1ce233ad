"""A policy taken apart for comparing: each part under its key, what it says and how it is put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.terms import Term
from landwatch.lawbook.expressions.check import Checked
from landwatch.lawbook.policy import (
    Clause,
    Condition,
    Doubt,
    Parameter,
    Policy,
    RemedyWhen,
    Rule,
    Vocabulary,
    VocabularyWord,
    Words,
)
from landwatch.lawbook.sameness import Names, form, prints
from landwatch.lawbook.slots import Slot, slots_of
from landwatch.lawbook.wording import Wording, figure


@dataclass(frozen=True, slots=True)
class Piece:
    """A part as it stands: what it says, in words, and as written where it is an expression.

    `deep` is what an expression says with its definitions put in; for any other part it is `says`.
    """

    says: object
    deep: object
    words: Words
    written: str | None = None

    @property
    def spelling(self) -> tuple[str, ...]:
        """Return the texts as written, line breaks and runs of blanks aside."""
        texts = (self.written,) if self.written else (self.words.zh, self.words.en)
        return tuple(" ".join(text.split()) for text in texts)


Pieces: TypeAlias = Mapping[str, Piece | tuple[Piece, ...]]
"""Parts of a policy, parameter, rule or vocabulary by key; a list where its order has a meaning."""


def head_pieces(policy: Policy) -> Pieces:
    """Return what a policy says of itself."""
    since, until = policy.effective_from, policy.effective_to
    return _told(
        {
            "id": _plain(policy.id),
            "title": _worded(policy.title),
            "document_no": _plain(policy.document_no),
            "class": _term(policy.policy_class),
            "authority": _term(policy.authority),
            "issuer": _worded(policy.issuer),
            "effective.from": _plain(since.isoformat()) if since else None,
            "effective.to": _plain(until.isoformat()) if until else None,
            "source": _plain(policy.source),
            "summary": _worded(policy.summary),
            "adopted_by_init": _yes() if policy.adopted_by_init else None,
        }
    )


def parameter_pieces(parameter: Parameter) -> Pieces:
    """Return the parts of a parameter; each number under its day and code."""
    unit, clause, hint = parameter.unit, parameter.clause, parameter.where_to_find
    told = _told(
        {
            "title": _worded(parameter.title),
            "unit": _spelled(unit.dimensions, unit.text),
            "by": _plain(parameter.by) if parameter.by else None,
            "clause": _clause(clause) if clause else None,
            "where_to_find": _plain(hint) if hint else None,
            "serves": _plain(parameter.serves),
            "force": _plain(parameter.force) if parameter.force else None,
        }
    )
    return {**told, **{_place(one): _number(one, parameter) for one in slots_of(parameter)}}


def vocabulary_pieces(vocabulary: Vocabulary) -> Pieces:
    """Return the parts of a vocabulary; each word under itself."""
    clause = vocabulary.clause
    told = _told(
        {"title": _worded(vocabulary.title), "clause": _clause(clause) if clause else None}
    )
    return {**told, **{f"words {one.word}": _vocabulary_word(one) for one in vocabulary.words}}


def rule_pieces(policy: Policy, rule: Rule) -> Pieces:
    """Return the parts of a rule; each definition under its name."""
    factors = {name: one.unit.factor for name, one in policy.parameters.items()}
    desk = _Desk(
        policy, rule, Names({}, factors), Names(prints(rule.definitions, factors), factors)
    )
    told = _told(
        {
            "title": _worded(rule.title),
            "asks": _worded(rule.asks),
            "note": _worded(rule.note) if rule.note else None,
            "about": _plain(rule.about),
            "unit": _spelled(rule.unit.dimensions, rule.unit.text) if rule.unit else None,
            "clock.missing": _plain(rule.clock.missing),
            "warn_days": _plain(str(rule.warn_days)),
            "evidence_days": _plain(str(rule.evidence_days)),
        }
    )
    expressions = {name: desk.piece(one) for name, one in _expressions(rule).items() if one}
    titles = {f"define {one.name} title": _worded(one.title)
              for one in rule.definitions if one.title}  # fmt: skip
    lists = {
        "clauses": tuple(_clause(clause) for clause in rule.clauses),
        "applies": tuple(desk.condition(one) for one in rule.conditions),
        "first": desk.doubts(rule.first),
        "gaps": desk.doubts(rule.gaps),
        "unless": desk.doubts(rule.unless),
        "doubts": desk.doubts(rule.doubts),
        "remedies": tuple(desk.remedy(one) for one in rule.remedies),
    }
    return {**told, **titles, **expressions, **lists}


def _expressions(rule: Rule) -> dict[str, Checked | None]:
    exempt = rule.exemption
    return {f"define {one.name}": one.is_ for one in rule.definitions} | {
        "met": rule.met,
        "clock.from": rule.clock.since,
        "clock.limit": rule.clock.limit,
        "breach": rule.breach,
        "days_past": rule.days_past,
        "measured": rule.measured,
        "threshold": rule.threshold,
        "amount_wan": rule.amount_wan,
        "exempt.when": exempt.when if exempt else None,
        "exempt.reason": exempt.reason if exempt else None,
        "exempt.until": exempt.until if exempt else None,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Makes pieces of a rule's expressions."""

    policy: Policy
    rule: Rule
    own: Names
    deep: Names

    def piece(self, checked: Checked) -> Piece:
        return Piece(
            form(checked, self.own), form(checked, self.deep), self.words(checked), checked.text
        )

    def words(self, checked: Checked) -> Words:
        reads = [Wording(self.policy, self.rule, lang) for lang in LANGUAGES]
        return Words(*(one.spell(checked.tree) for one in reads))

    def reason(self, reason: Checked | str) -> Words:
        reads = [Wording(self.policy, self.rule, lang) for lang in LANGUAGES]
        return Words(*(one.reason(reason) for one in reads))

    def condition(self, one: Condition) -> Piece:
        unknown = one.unknown
        words = _joined("reading.condition", self.words(one.when), self.reason(one.reason))
        if unknown:
            words = _joined("reading.condition_unknown", words, self.reason(unknown))
        return self.compound(words, one.when, one.reason, *((unknown,) if unknown else ()))

    def doubts(self, doubts: Iterable[Doubt]) -> tuple[Piece, ...]:
        return tuple(
            self.compound(
                _joined("reading.doubt", self.words(one.when), self.reason(one.reason)),
                one.when,
                one.reason,
            )
            for one in doubts
        )

    def remedy(self, one: RemedyWhen) -> Piece:
        named = _term(one.remedy)
        if one.when is None:
            return named
        words = _joined("reading.remedy_when", named.words, self.words(one.when))
        return self.compound(words, one.remedy, one.when)

    def compound(self, words: Words, *parts: Checked | str) -> Piece:
        """Return the piece of several expressions and codes that belong together."""
        says = tuple(form(one, self.own) if isinstance(one, Checked) else one for one in parts)
        deep = tuple(form(one, self.deep) if isinstance(one, Checked) else one for one in parts)
        written = "｜".join(one.text if isinstance(one, Checked) else one for one in parts)
        return Piece(says, deep, words, written)


def _joined(key: str, first: Words, second: Words) -> Words:
    return Words(
        say(key, "zh", first=first.zh, second=second.zh),
        say(key, "en", first=first.en, second=second.en),
    )


def _told(parts: Mapping[str, Piece | None]) -> dict[str, Piece | tuple[Piece, ...]]:
    return {name: piece for name, piece in parts.items() if piece is not None}


def _plain(text: str) -> Piece:
    return _spelled(text, text)


def _spelled(says: object, text: str) -> Piece:
    return Piece(says, says, Words(text, text))


def _worded(words: Words) -> Piece:
    says = (" ".join(words.zh.split()), " ".join(words.en.split()))
    return Piece(says, says, words)


def _term(term: Term) -> Piece:
    return Piece(str(term), str(term), Words(term.in_words("zh"), term.in_words("en")))


def _yes() -> Piece:
    return _worded(Words(say("explain.yes", "zh"), say("explain.yes", "en")))


def _clause(clause: Clause) -> Piece:
    return _worded(
        Words(
            *(
                say(
                    "explain.clause",
                    lang,
                    article=clause.article,
                    quote=clause.quote,
                    row=clause.row,
                )
                for lang in LANGUAGES
            )
        )
    )


def _place(slot: Slot) -> str:
    since = "always" if slot.always else slot.since.isoformat()
    return " ".join(one for one in ("values", since, slot.code) if one)


def _number(slot: Slot, parameter: Parameter) -> Piece:
    """Return a number with its unit: 100 万元/亩 and 1500 万元/公顷 say the same."""
    if slot.value is None:
        empty = Words(say("screen.empty_slot", "zh"), say("screen.empty_slot", "en"))
        return Piece(None, None, empty)
    unit = "" if parameter.unit.text == "1" else f" {parameter.unit.text}"
    says = (parameter.unit.dimensions, slot.value * parameter.unit.factor)
    return _spelled(says, f"{figure(slot.value)}{unit}")


def _vocabulary_word(one: VocabularyWord) -> Piece:
    note = one.note or Words("", "")
    zh = "　".join(text for text in (one.means or "—", note.zh) if text)
    en = "; ".join(text for text in (one.means or "—", one.en, note.en) if text)
    return _worded(Words(zh, en))
