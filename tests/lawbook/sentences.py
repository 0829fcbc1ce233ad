"""Sentences of the kept grammar: making them at random, and telling whether a text is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from landwatch.lawbook.reference.grammar import (
    GRAMMAR,
    TOKENS,
    Chain,
    Item,
    OneOf,
    Perhaps,
    Production,
    Row,
    Token,
    Written,
)

FORMS = {syntax.name: syntax.form for syntax in GRAMMAR}
KEYWORDS = ("if", "else", "or", "and", "not", "in", "True", "False")
SAMPLES = {
    "name": ("price_wan", "土地", "a1"),
    # No nought before another digit: Python's parser reads no such number.
    "number": ("0", "2.50", "0.7", "123456789012345678"),
    "text": ('"grant"', "'出让'", '""'),
}
SHORTEST = {"expression": "price_wan", "codes": '["grant"]', "call": "told(price_wan)"}


def sentences(item: Item, depth: int) -> st.SearchStrategy[str]:
    """Return sentences of a part of the grammar; below `depth` the shortest one stands."""
    match item:
        case Written(text=text):
            return st.just(text)
        case Token(name=name):
            return st.sampled_from(SAMPLES[name])
        case Production(name=name):
            if depth <= 0:
                return st.just(SHORTEST.get(name, "price_wan"))
            return st.deferred(lambda: sentences(FORMS[name], depth - 1))
        case Row(items=items):
            return st.tuples(*(sentences(part, depth) for part in items)).map(" ".join)
        case OneOf(items=items):
            return st.one_of(*(sentences(part, depth) for part in items))
        case Perhaps(item=part):
            return st.just("") | sentences(part, depth)
        case Chain(item=part, between=between):
            one = sentences(part, depth)
            more = st.lists(st.tuples(sentences(between, depth), one), max_size=2)
            return st.tuples(one, more).map(_chained)


def _chained(parts: tuple[str, list[tuple[str, str]]]) -> str:
    first, more = parts
    return " ".join([first, *(f"{between} {one}" for between, one in more)])


def branches(item: Item) -> Iterator[Item]:
    """Yield every way through one production: each choice taken, each option in and out."""
    match item:
        case OneOf(items=items):
            for part in items:
                yield from branches(part)
        case Perhaps(item=part):
            yield Row(())
            yield from branches(part)
        case Chain(item=part, between=between):
            yield from branches(part)
            for one in branches(between):
                yield Row((part, one, part))
        case Row(items=items):
            for place, part in enumerate(items):
                for one in branches(part):
                    yield Row((*map(_plain, items[:place]), one, *map(_plain, items[place + 1 :])))
            if not items:
                yield item
        case _:
            yield item


def _plain(item: Item) -> Item:
    return next(branches(item))


_WORD = re.compile(
    "|".join(
        [
            *(f"(?P<{name}>{pattern})" for name, (_, pattern) in TOKENS.items()),
            r"(?P<sign>==|!=|<=|>=|[-+*/<>(),\[\]])",
        ]
    )
)


def words_of(text: str) -> list[tuple[str, str]]:
    """Return the words of an expression, each with its kind.

    Raises:
        ValueError: something in it is no word of the language.
    """
    found, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        word = _WORD.match(text, place)
        if word is None:
            raise ValueError(f"no word of the language at {text[place:][:20]!r}")
        kind = word.lastgroup or ""
        found.append(("keyword" if word[0] in KEYWORDS else kind, word[0]))
        place = word.end()
    return found


def is_sentence(text: str) -> bool:
    """Tell whether a text is an expression by the grammar alone, Python's parser left out."""
    words = words_of(text)
    return len(words) in set(_ends(FORMS["expression"], words, 0))


def _ends(item: Item, words: Sequence[tuple[str, str]], start: int) -> Iterator[int]:
    """Yield where a part of the grammar can end that begins at a word."""
    match item:
        case Written(text=text):
            if start < len(words) and words[start][1] == text:
                yield start + 1
        case Token(name=name):
            if start < len(words) and words[start][0] == name:
                yield start + 1
        case Production(name=name):
            yield from dict.fromkeys(_ends(FORMS[name], words, start))
        case Row(items=()):
            yield start
        case Row(items=(first, *rest)):
            for middle in _ends(first, words, start):
                yield from _ends(Row(tuple(rest)), words, middle)
        case OneOf(items=items):
            for part in items:
                yield from _ends(part, words, start)
        case Perhaps(item=part):
            yield from _ends(part, words, start)
            yield start
        case Chain(item=part, between=between):
            for end in dict.fromkeys(_ends(part, words, start)):
                yield end
                yield from _ends(Row((between, item)), words, end)
