"""Finding a word in the lawbook: titles, clauses, notes, parameters, rules and vocabularies.

A text is folded before it is compared: full width and half width are one (NFKC), case does not
count, nor do blanks beside Chinese. A Chinese word is found wherever it stands, be it one character
long; a Latin word from its beginning; a number only whole. Nothing is indexed: each policy has one
folded text that is looked through first, which takes milliseconds for thousands of documents.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from landwatch.language.terms import PolicyClass
from landwatch.lawbook.numerals import in_numerals
from landwatch.lawbook.policy import Clause, Parameter, Policy, Rule, Vocabulary, Words
from landwatch.lawbook.wording import figure

BEFORE, AFTER = 24, 60
"""How many characters of a text are shown before and after the first word found."""
_MOST = 9


class Field(StrEnum):
    """Where a word was found, the weightiest first; a document's own name before all."""

    NAME = "name"
    TITLE = "title"
    CLAUSE = "clause"
    NOTE = "note"

    @property
    def weight(self) -> int:
        """Return what a hit counts; a heavier field outweighs any number of lighter hits."""
        return {Field.NAME: 1000, Field.TITLE: 100, Field.CLAUSE: 10, Field.NOTE: 1}[self]


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
class Snippet:
    """A piece of a passage, and which of its characters were asked for."""

    passage: Passage
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a policy that holds what was asked for."""

    policy: Policy
    place: Place
    name: str
    """The rule's code, the parameter's or the vocabulary's name; empty for the policy itself."""
    title: Words
    score: int
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits, best first, how many there are in all, and how many policies of each class."""

    words: tuple[str, ...]
    hits: tuple[Hit, ...]
    total: int
    classes: Mapping[PolicyClass, int]


@dataclass(frozen=True, slots=True)
class _Section:
    policy: Policy
    place: Place
    name: str
    title: Words
    passages: tuple[Passage, ...]
    folded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    policy: Policy
    head: str
    """What the document is called: its words count for each of its parts."""
    whole: str
    sections: tuple[_Section, ...]


class Library:
    """The texts of many policies, ready to be searched."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """Fold every text once."""
        self._documents = [_document(policy) for policy in policies]

    def search(
        self, words: Iterable[str], *, classes: Collection[PolicyClass] = (), limit: int = 20
    ) -> Answer:
        """Return the parts of policies that hold the words.

        A policy must hold every word. Of its parts those are named that hold the most of them, the
        words of its own name counted for each.

        Args:
            words: what to look for; blanks divide a text into words.
            classes: only policies of these classes; the counts by class are of all.
            limit: how many hits are returned.
        """
        asked = tuple(dict.fromkeys(word for text in words for word in text.split()))
        terms = [term for word in asked if (term := _variants(word))]
        found: list[tuple[int, _Section]] = []
        counts: Counter[PolicyClass] = Counter()
        for document in self._documents if terms else ():
            if not all(_held(term, document.whole) for term in terms):
                continue
            counts[document.policy.policy_class] += 1
            if not classes or document.policy.policy_class in classes:
                found += _best(document, terms)
        found.sort(key=lambda one: (-one[0], one[1].policy.id, one[1].place, one[1].name))
        hits = tuple(_hit(score, section, terms) for score, section in found[:limit])
        return Answer(asked, hits, len(found), dict(counts))


def folded(text: str) -> str:
    """Return a text as it is compared.

    >>> folded("投资额 不足２５％，FAR")
    '投资额不足25%,far'
    """
    return _folded_with_places(text)[0]


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the place in the text."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFKC", sign).casefold():
            if part.isspace() and signs and not signs[-1].isascii():
                continue
            if not part.isascii() and signs and signs[-1].isspace():
                signs.pop()
                places.pop()
            signs.append(part)
            places.append(place)
    return "".join(signs), places


def _variants(word: str) -> tuple[str, ...]:
    """Return how a word may be written: a share in figures is also looked for in numerals."""
    plain = folded(word).strip()
    return (plain, *in_numerals(plain)) if plain else ()


def _spots(terms: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Return where one of the spellings stands, from and to."""
    for term in terms:
        start = text.find(term)
        while start >= 0:
            end = start + len(term)
            if _whole(term, text, start, end):
                yield start, end
                start = text.find(term, end)
            else:
                start = text.find(term, start + 1)


def _whole(term: str, text: str, start: int, end: int) -> bool:
    """Tell whether a word is not the inside of another: a Latin word, or a number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if term[0].isascii() and term[0].isalnum() and before.isascii() and before.isalnum():
        return False
    if not term[0].isdecimal() and not term[-1].isdecimal():
        return True
    if term[0].isdecimal() and before == "." and text[start - 2 : start - 1].isdecimal():
        return False
    if not term[-1].isdecimal():
        return True
    continued = after == "." and text[end + 1 : end + 2].isdecimal()
    return not (after.isdecimal() or continued)


def _held(term: tuple[str, ...], text: str) -> bool:
    return next(_spots(term, text), None) is not None


def _best(document: _Document, terms: list[tuple[str, ...]]) -> list[tuple[int, _Section]]:
    """Return the parts of a document that hold the most of the words, with their scores."""
    named = {place for place, term in enumerate(terms) if _held(term, document.head)}
    scored: list[tuple[int, int, _Section]] = []
    for section in document.sections:
        held = {
            place
            for place, term in enumerate(terms)
            if any(_held(term, text) for text in section.folded)
        }
        if held:
            scored.append((len(held | named), _score(section, terms), section))
    most = max((count for count, _, _ in scored), default=0)
    return [(score, section) for count, score, section in scored if count == most]


def _score(section: _Section, terms: list[tuple[str, ...]]) -> int:
    hits: Counter[Field] = Counter()
    for passage, text in zip(section.passages, section.folded, strict=True):
        hits[passage.field] += sum(1 for term in terms for _ in _spots(term, text))
    return sum(field.weight * min(count, _MOST) for field, count in hits.items())


def _hit(score: int, section: _Section, terms: list[tuple[str, ...]]) -> Hit:
    held = [snippet for passage in section.passages if (snippet := _snippet(passage, terms))]
    unlike = {snippet.text: snippet for snippet in reversed(held)}
    return Hit(
        section.policy, section.place, section.name, section.title, score,
        tuple(snippet for snippet in held if unlike.get(snippet.text) is snippet),
    )  # fmt: skip


def _snippet(passage: Passage, terms: list[tuple[str, ...]]) -> Snippet | None:
    """Return the piece of a passage around the first word found, or None where none stands."""
    text, places = _folded_with_places(passage.text)
    spots = sorted({spot for term in terms for spot in _spots(term, text)})
    if not spots:
        return None
    marks: list[tuple[int, int]] = []
    for start, end in ((places[start], places[end - 1] + 1) for start, end in spots):
        if marks and start <= marks[-1][1]:
            start, end = marks[-1][0], max(end, marks[-1][1])
            marks.pop()
        marks.append((start, end))
    first = max(0, marks[0][0] - BEFORE)
    last = min(len(passage.text), marks[0][1] + AFTER)
    inside = [(start, end) for start, end in marks if end <= last]
    ahead, behind = "…" if first else "", "…" if last < len(passage.text) else ""
    shift = len(ahead) - first
    piece = ahead + passage.text[first:last] + behind
    return Snippet(passage, piece, tuple((start + shift, end + shift) for start, end in inside))


def _document(policy: Policy) -> _Document:
    sections = tuple(
        _Section(policy, place, name, title, passages, tuple(folded(one.text) for one in passages))
        for place, name, title, passages in _parts(policy)
    )
    head = "\n".join(folded(one) for one in _names(policy))
    return _Document(
        policy, head, "\n".join(text for one in sections for text in one.folded), sections
    )


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
