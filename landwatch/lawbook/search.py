"""Finding a word in the lawbook: titles, clauses, notes, parameters, rules and vocabularies.

A text is folded before it is compared: full width and half width are one (NFKC), case does not
count, nor do blanks beside Chinese. A Chinese word is found wherever it stands, be it one character
long; a Latin word from its beginning; a number only whole. Nothing is indexed: each policy has one
folded text that is looked through first, which takes milliseconds for thousands of documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from landwatch.language.terms import PolicyClass
from landwatch.lawbook.numerals import in_numerals
from landwatch.lawbook.passages import (
    Document,
    Passage,
    Place,
    Section,
    document_of,
    folded,
    folded_with_places,
)
from landwatch.lawbook.policy import Policy, Words

BEFORE, AFTER = 24, 60
"""How many characters of a text are shown before and after the first word found."""
_MOST = 9


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


class Library:
    """The texts of many policies, ready to be searched."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """Fold every text once."""
        self._documents = [document_of(policy) for policy in policies]

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
        found: list[tuple[int, Section]] = []
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


def _count(terms: Iterable[str], text: str) -> int:
    """Return how often one of the spellings stands in a text."""
    found = 0
    for term in terms:
        if term not in text:
            continue
        edged = term[0].isascii() or term[-1].isascii()
        found += sum(1 for _ in _spots((term,), text)) if edged else text.count(term)
    return found


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


def _held(terms: Iterable[str], text: str) -> bool:
    return any(term in text and next(_spots((term,), text), None) is not None for term in terms)


def _best(document: Document, terms: list[tuple[str, ...]]) -> list[tuple[int, Section]]:
    """Return the parts of a document that hold the most of the words, with their scores."""
    named = {place for place, term in enumerate(terms) if _held(term, document.head)}
    scored: list[tuple[int, int, Section]] = []
    for section in document.sections:
        held, score = set(named), 0
        for weight, text in section.by_weight:
            found = 0
            for place, term in enumerate(terms):
                if count := _count(term, text):
                    held.add(place)
                    found += count
            score += weight * min(found, _MOST)
        if score:
            scored.append((len(held), score, section))
    most = max((count for count, _, _ in scored), default=0)
    return [(score, section) for count, score, section in scored if count == most]


def _hit(score: int, section: Section, terms: list[tuple[str, ...]]) -> Hit:
    held = [snippet for passage in section.passages if (snippet := _snippet(passage, terms))]
    unlike = {snippet.text: snippet for snippet in reversed(held)}
    return Hit(
        section.policy, section.place, section.name, section.title, score,
        tuple(snippet for snippet in held if unlike.get(snippet.text) is snippet),
    )  # fmt: skip


def _snippet(passage: Passage, terms: list[tuple[str, ...]]) -> Snippet | None:
    """Return the piece of a passage around the first word found, or None where none stands."""
    text, places = folded_with_places(passage.text)
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
