"""The grammar that the page shows is the language that is read: no wider, no narrower."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from landwatch.errors import ExpressionError
from landwatch.lawbook.expressions import tree
from landwatch.lawbook.expressions.tree import Node, children, parse
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.reading import expressions_of
from landwatch.lawbook.reference.examples import functions, operators
from landwatch.lawbook.reference.grammar import (
    GRAMMAR,
    NEVER_WRITTEN,
    TOKENS,
    Item,
    Production,
    Syntax,
)
from landwatch.lawbook.reference.language import skeleton
from landwatch.lawbook.reference.railroad import railroad
from landwatch.lawbook.shelf import shelf
from tests.lawbook.sentences import branches, is_sentence, sentences

NODES = {kind.__name__ for kind in get_args(Node)}
NAMES = [syntax.name for syntax in GRAMMAR]


def kinds_of(node: Node) -> set[str]:
    """Return the kinds of node in a tree; the codes of a list stand beside its children."""
    listed = node.choices if isinstance(node, tree.Membership) else ()
    inner = (kinds_of(part) for part in (*children(node), *listed))
    return {type(node).__name__}.union(*inner)


def whole(syntax: Syntax, sentence: str) -> str:
    """Return an expression that holds the sentence of a production."""
    return f"holder in {sentence}" if syntax.name == "codes" else sentence


EVERY_WAY = [(syntax, way) for syntax in GRAMMAR for way in dict.fromkeys(branches(syntax.form))]


@pytest.mark.parametrize(
    ("syntax", "way"),
    EVERY_WAY,
    ids=[f"{syntax.name} {place}" for place, (syntax, _) in enumerate(EVERY_WAY)],
)
def test_every_way_through_a_production_is_read(syntax: Syntax, way: Item) -> None:
    @settings(max_examples=5)
    @given(sentences(way, 2))
    def read(sentence: str) -> None:
        if sentence.strip():
            parse(whole(syntax, sentence))

    read()


@settings(max_examples=300)
@given(sentences(Production("expression"), 12))
def test_every_sentence_of_the_grammar_is_read_and_is_told_as_one(sentence: str) -> None:
    assert is_sentence(sentence)
    try:
        parse(sentence)
    except ExpressionError as refused:  # the only bounds that a grammar does not draw
        assert refused.code in ("expression.too_long", "expression.too_deep")


@pytest.mark.parametrize("syntax", GRAMMAR, ids=NAMES)
def test_a_production_makes_the_nodes_that_it_says(syntax: Syntax) -> None:
    made: set[str] = set()

    @settings(max_examples=60, database=None)
    @given(sentences(syntax.form, 3))
    def read(sentence: str) -> None:
        made.update(kinds_of(parse(whole(syntax, sentence))))

    read()
    assert set(syntax.makes) <= made


def test_every_kind_of_node_is_made_by_a_production_or_said_to_be_never_written() -> None:
    said = {kind for syntax in GRAMMAR for kind in syntax.makes}
    assert said | set(NEVER_WRITTEN) == NODES
    assert said & set(NEVER_WRITTEN) == set()


def written(policy: Policy) -> Iterator[str]:
    for rule in policy.rules:
        for checked in (*expressions_of(rule), *(one.is_ for one in rule.definitions)):
            yield checked.text


def test_every_expression_of_the_shelf_is_a_sentence_of_the_grammar() -> None:
    texts = {text for policy in (*shelf().values(), skeleton()) for text in written(policy)}
    assert [text for text in sorted(texts) if not is_sentence(text)] == []


def test_every_example_in_narrow_signs_is_a_sentence_of_the_grammar() -> None:
    texts = [one.write for part in (*functions(), *operators()) for one in part.examples]
    narrow = [text for text in texts if text.isascii()]
    assert len(narrow) > len(texts) / 2
    assert [text for text in narrow if not is_sentence(text)] == []


@pytest.mark.parametrize(
    "text",
    ["a < b < c", "a ** b", "not", "a is b", 'x in ("a")', "f(", "a.b", "a[0]", "f(x=1)", "+a"],
)
def test_what_the_language_refuses_is_no_sentence_of_the_grammar(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
    with contextlib.suppress(ValueError):  # a sign that is no word of the language at all
        assert not is_sentence(text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_railroad_shows_every_production_and_word(lang: str) -> None:
    drawing = railroad(lang)
    root = ElementTree.fromstring(drawing)
    shown = {text.strip() for node in root.iter() if (text := node.text)}
    assert {syntax.title(lang) for syntax in GRAMMAR} <= shown
    assert {name if lang == "en" else zh for name, (zh, _) in TOKENS.items()} <= shown
    assert {"and", "or", "not", "in", "if", "else", "==", ">=", "(", ")", ","} <= shown
    assert "script" not in drawing and "href" not in drawing
