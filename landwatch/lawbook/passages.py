"""The texts of a policy that a word may stand in, part by part, folded for comparing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from landwatch.lawbook.policy import Clause, Parameter, Policy, Rule, Vocabulary, Words
from landwatch.lawbook.wording import figure


class Field(StrEnum):
    """Where a word was found, the weightiest first; a document's own name before all."""

    NAME = "name"
    TITLE = "title"
    CLAUSE = "clause"
    NOTE = "note"

    @property
    def weight(self) -> int:
        """Return what a hit counts; a heavier field outweighs any number of lighter hits."""
        return _WEIGHTS[self]


_WEIGHTS = {Field.NAME: 1000, Field.TITLE: 100, Field.CLAUSE: 10, Field.NOTE: 1}


class Place(StrEnum):
    """The part of a policy that a hit stands in."""

    POLICY = "policy"
    PARAMETER = "parameter"
    RULE = "rule"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the lawbook that a word may stand in, and its citation where it is a quote."""

    field: Field
    text: str
    article: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a policy with its texts, as written and as compared."""

    policy: Policy
    place: Place
    name: str
    title: Words
    passages: tuple[Passage, ...]
    by_weight: tuple[tuple[int, str], ...]
    """The folded texts of each field, joined."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy, ready to be searched."""

    policy: Policy
    head: str
    """What the document is called: its words count for each of its parts."""
    whole: str
    sections: tuple[Section, ...]


def folded(text: str) -> str:
    """Return a text as it is compared.

    >>> folded("投资额 不足２５％，FAR")
    '投资额不足25%,far'
    """
    return folded_with_places(text)[0]


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the place in the text."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in _folded_sign(sign):
            if part.isspace() and signs and not signs[-1].isascii():
                continue
            if not part.isascii() and signs and signs[-1].isspace():
                signs.pop()
                places.pop()
            signs.append(part)
            places.append(place)
    return "".join(signs), places


@lru_cache(maxsize=20_000)
def _folded_sign(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign).casefold()


def document_of(policy: Policy) -> Document:
    """Return a policy with all its texts folded."""
    sections = tuple(
        _section(policy, place, name, title, passages)
        for place, name, title, passages in _parts(policy)
    )
    head = "\n".join(folded(one) for one in _names(policy))
    return Document(
        policy, head, "\n".join(text for one in sections for _, text in one.by_weight), sections
    )


def _section(
    policy: Policy, place: Place, name: str, title: Words, passages: tuple[Passage, ...]
) -> Section:
    texts: dict[Field, list[str]] = {}
    for one in passages:
        texts.setdefault(one.field, []).append(folded(one.text))
    by_weight = tuple((field.weight, "\n".join(lines)) for field, lines in texts.items())
    return Section(policy, place, name, title, passages, by_weight)


def _names(policy: Policy) -> tuple[str, ...]:
    return (policy.id, policy.title.zh, policy.title.en, policy.document_no)


def _parts(policy: Policy) -> Iterator[tuple[Place, str, Words, tuple[Passage, ...]]]:
    titles = [Passage(Field.NAME, text) for text in _names(policy)]
    notes = [policy.issuer.zh, policy.issuer.en, policy.summary.zh, policy.summary.en]
    notes += [policy.source, *(policy.policy_class.in_words(lang) for lang in ("zh", "en"))]
    head = (*titles, *(Passage(Field.NOTE, text) for text in notes))
    yield Place.POLICY, "", policy.title, head
    for parameter in policy.parameters.values():
        yield Place.PARAMETER, parameter.name, parameter.title, _of_parameter(parameter)
    for rule in policy.rules:
        yield Place.RULE, rule.code, rule.title, _of_rule(rule)
    for vocabulary in policy.vocabularies.values():
        yield Place.VOCABULARY, vocabulary.name, vocabulary.title, _of_vocabulary(vocabulary)


def _quotes(clauses: Iterable[Clause | None]) -> Iterator[Passage]:
    for clause in clauses:
        if clause is not None:
            yield Passage(Field.CLAUSE, clause.quote, clause.article, clause.row)
            yield Passage(Field.NOTE, f"{clause.article} {clause.row}")


def _both(field: Field, *texts: Words | None) -> Iterator[Passage]:
    for text in texts:
        if text is not None:
            yield Passage(field, text.zh)
            yield Passage(field, text.en)


def _of_parameter(parameter: Parameter) -> tuple[Passage, ...]:
    unit = "" if parameter.unit.text == "1" else f" {parameter.unit.text}"
    values = [
        value
        for dated in parameter.values
        for value in ((dated.by_code or {}).values() if dated.by_code else (dated.value,))
        if value is not None
    ]
    told = [f"{figure(value)}{unit}" for value in dict.fromkeys(values)]
    shares = [figure(value * 100) for value in dict.fromkeys(values) if not unit and value < 1]
    told += [f"{share}%" for share in shares if "/" not in share]
    return (
        Passage(Field.TITLE, parameter.name),
        *_both(Field.TITLE, parameter.title),
        *_quotes([parameter.clause]),
        *(Passage(Field.NOTE, text) for text in (parameter.where_to_find, "，".join(told)) if text),
    )


def _of_rule(rule: Rule) -> tuple[Passage, ...]:
    remedies = (
        Words(one.remedy.in_words("zh"), one.remedy.in_words("en")) for one in rule.remedies
    )
    return (
        Passage(Field.TITLE, rule.code),
        *_both(Field.TITLE, rule.title),
        *_quotes(rule.clauses),
        *_both(Field.NOTE, rule.asks, rule.note, *remedies),
        *_both(Field.NOTE, *(definition.title for definition in rule.definitions)),
    )


def _of_vocabulary(vocabulary: Vocabulary) -> tuple[Passage, ...]:
    words = [
        text
        for one in vocabulary.words
        for text in (one.word, one.en, one.note and one.note.zh, one.note and one.note.en)
        if text
    ]
    return (
        Passage(Field.TITLE, vocabulary.name),
        *_both(Field.TITLE, vocabulary.title),
        *_quotes([vocabulary.clause]),
        *(Passage(Field.NOTE, text) for text in words),
    )
