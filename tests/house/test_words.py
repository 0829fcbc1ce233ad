"""Every sentence that the source asks for is there in both languages, and none lies unused."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import landwatch.errors
from landwatch.language import terms
from landwatch.language.catalogue import LANGUAGES, catalogue, places, says
from landwatch.language.terms import Term

# Keys put together while running, `say(f"ledger.issue.{code}")` or in the page, by the part before
# the place. The rest of each key must stand in the source; a family that nothing uses fails a test.
FAMILIES = {
    "incremental.",
    "resuming.why.",
    "compare.cause.policy.",
    "compare.cause.day.",
    "compare.cause.correction.",
    "compare.cause.data.",
    "digest.title.",
    "compare.kind.",
    "compare.cause_kind.",
    "charge.column.",
    "charge.act.",
    "ledger.codes.",
    "audit.column.",
    "audit.head.",
    "audit.trouble.",
    "health.do.",
    "health.head.",
    "health.saw.",
    "prune.head.",
    "prune.why.",
    "memory.",
    "metric.",
    "nightly.",
    "nightly.column.",
    "nightly.do.",
    "nightly.end.",
    "nightly.fate.",
    "adoption.act.",
    "adoption.column.",
    "adoption.days.",
    "cli.",
    "copy.",
    "copy.step.",
    "cure.act.",
    "cure.agree.",
    "cure.figure.",
    "cure.kind.",
    "doctor.head.",
    "doctor.kind.",
    "doctor.nature.",
    "doctor.one.",
    "doctor.saw.",
    "explain.",
    "expression.form.",
    "explain.concluded.",
    "explain.force.",
    "explain.function.",
    "explain.name.",
    "explain.step.",
    "explain.unit.",
    "fresh.",
    "fresh.all.",
    "fresh.column.",
    "ledger.flaw.",
    "ledger.issue.",
    "map.page.",
    "now.act.",
    "now.column.",
    "now.form.",
    "now.kind.",
    "period.",
    "reading.",
    "reading.about.",
    "reading.became.",
    "reading.force.",
    "reading.part.",
    "reading.place.",
    "reading.serves.",
    "reference.",
    "reference.about.",
    "reference.exit.",
    "reference.facts.",
    "reference.force.",
    "reference.head.",
    "reference.quantity.",
    "reference.rule.",
    "reference.serves.",
    "reference.sort_words.",
    "reference.status.",
    "reference.step.",
    "reference.test.",
    "reference.truth.",
    "screen.",
    "screen.adapter.",
    "sender.",
    "shows.",
    "sort.",
    "source.",
    "tiles.column.",
    "tiles.layer.",
    "view.",
    "view.of.",
    "weak.",
    "whatif.column.",
    "whatif.when.",
    "wording.",
}
# Its words are for a reader of the other language, on purpose.
FOR_THE_OTHER_READER = {"map.page.other_language"}
FILE_ENDINGS = {"js", "css", "html", "yaml", "xlsx", "csv", "gpkg", "png", "json", "parquet"}
ASKING = {"say", "says", "_say"}
# The keys of enumerations are asked for by Term.in_words; their members are tested one by one.
TERMS = [
    term
    for _, term in inspect.getmembers(terms, inspect.isclass)
    if issubclass(term, Term) and term is not Term
]
ERRORS = {
    name
    for name, error in inspect.getmembers(landwatch.errors, inspect.isclass)
    if issubclass(error, landwatch.errors.LandwatchError)
} - {"UnknownNameError"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A place in the source that asks for a sentence."""

    where: str
    key: str | None
    prefix: str | None
    values: frozenset[str] | None


def name_of(call: ast.Call) -> str:
    """Return the last name of what is called."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def asked_in(source: str, where: str) -> Iterator[Asked]:
    """Yield every sentence that a module asks for: `say("key", …)` and `SomeError("key", …)`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if name_of(node) not in ASKING | ERRORS:
            continue
        named = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
        told = len(named) == len(node.keywords) and name_of(node) != "says"
        values = named if told else None
        for first in branches(node.args[0]):
            yield asked(first, f"{where}:{node.lineno}", values)


def branches(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the keys of `a if … else b`, or the one that is there."""
    if isinstance(node, ast.IfExp):
        yield from branches(node.body)
        yield from branches(node.orelse)
    else:
        yield node


def asked(node: ast.expr, where: str, values: frozenset[str] | None) -> Asked:
    """Return what the first argument of a call asks for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Asked(where, node.value, None, values)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return Asked(where, None, str(node.values[0].value), values)
    return Asked(where, None, None, values)


@pytest.fixture(scope="module")
def sources(root: Path) -> dict[str, str]:
    """Return the text of every module, policy and page module of the package, words left out."""
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for suffix in ("py", "yaml", "js", "html")
        for path in sorted((root / "landwatch").rglob(f"*.{suffix}"))
        if path.parent.name != "words"
    }


@pytest.fixture(scope="module")
def asking(sources: dict[str, str]) -> list[Asked]:
    return [
        sentence
        for path, text in sources.items()
        if path.endswith(".py")
        for sentence in asked_in(text, path)
    ]


@pytest.fixture(scope="module")
def literals(sources: dict[str, str]) -> set[str]:
    """Return every string that stands in a module of Python."""
    return {
        node.value
        for path, text in sources.items()
        if path.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.fixture(scope="module")
def bare_words(sources: dict[str, str]) -> set[str]:
    """Return every word of the policies and of the page's modules."""
    others = (text for path, text in sources.items() if not path.endswith(".py"))
    return {word for text in others for word in re.findall(r"[\w.\-]+", text)}


def test_the_source_is_read_as_it_should_be() -> None:
    source = (
        "say('a.b', lang, row=1)\nsay(f'issue.{code}', lang, **values)\n"
        "raise StoreError('c' if x else 'd')\nsay(key, lang)\nprint('e')\n"
    )
    assert {(one.key, one.prefix, one.values) for one in asked_in(source, "a.py")} == {
        ("a.b", None, frozenset({"row"})),
        (None, "issue.", None),
        ("c", None, frozenset()),
        ("d", None, frozenset()),
        (None, None, frozenset()),
    }


def test_both_languages_name_the_same_places() -> None:
    torn = {
        key: [sorted(places(texts[lang])) for lang in LANGUAGES]
        for key, texts in catalogue().items()
        if len({frozenset(places(texts[lang])) for lang in LANGUAGES}) != 1
    }
    assert torn == {}


def test_each_sentence_is_written_in_its_own_language() -> None:
    """English may name a Chinese term (亩), Chinese a Latin one (CSV); neither is the other's."""
    chinese, latin = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]+")
    wrong = {
        key
        for key, texts in catalogue().items()
        if not texts["zh"].strip()
        or not texts["en"].strip()
        or len(chinese.findall(texts["en"])) > len(latin.findall(texts["en"]))
        or (latin.search(texts["zh"]) and texts["zh"] == texts["en"] and " " in texts["zh"])
    }
    assert wrong == FOR_THE_OTHER_READER & set(catalogue())


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.__name__)
def test_every_member_of_an_enumeration_has_words(term: type[Term]) -> None:
    for member in term:
        for lang in LANGUAGES:
            assert member.in_words(lang)


def test_no_word_stands_for_a_member_that_is_gone() -> None:
    stale = {
        key
        for term in TERMS
        for key in catalogue()
        if key.startswith(f"{term.family()}.") and key.partition(".")[2] not in set(term)
    }
    assert stale == set()


def test_every_sentence_that_is_asked_for_is_in_the_catalogue(asking: list[Asked]) -> None:
    missing = {one.where: one.key for one in asking if one.key and not says(one.key)}
    assert missing == {}


def test_what_looks_like_a_key_is_one(literals: set[str]) -> None:
    """A key may pass through other hands before it is said: each literal of its form is judged."""
    first = "|".join(sorted({key.partition(".")[0] for key in catalogue()}))
    form = re.compile(rf"(?:{first})(?:\.[a-z][a-z0-9_]*)+")
    looking = {text for text in literals if form.fullmatch(text)}
    files = {text for text in looking if text.rpartition(".")[2] in FILE_ENDINGS}
    assert {text for text in looking - files if not says(text)} == set()


def test_every_place_of_a_sentence_is_filled(asking: list[Asked]) -> None:
    unfilled = {
        one.where: (one.key, sorted(lacking))
        for one in asking
        if one.key and says(one.key) and one.values is not None
        if (lacking := places(catalogue()[one.key]["zh"]) - one.values)
    }
    assert unfilled == {}


def test_keys_put_together_while_running_belong_to_a_listed_family(
    asking: list[Asked], literals: set[str]
) -> None:
    used = {one.prefix for one in asking if one.prefix}
    assert used - FAMILIES == set()
    assert FAMILIES - used - literals == set()


def test_every_word_that_the_page_asks_for_is_in_the_catalogue(sources: dict[str, str]) -> None:
    first_of_say = re.compile(r"\bsay\(([^,()]*)")
    missing = {
        (path, key)
        for path, text in sources.items()
        if path.endswith(".js")
        for first in first_of_say.findall(text)
        for key in re.findall(r"""["']([\w.]+)["']""", first)
        if not says(f"map.page.{key}") and not says(key)
    }
    assert missing == set()


def test_no_sentence_lies_unused(literals: set[str], bare_words: set[str]) -> None:
    there = literals | bare_words
    families = [*FAMILIES, *(f"{term.family()}." for term in TERMS)]

    def used(key: str) -> bool:
        rests = [key.removeprefix(family) for family in families if key.startswith(family)]
        return key in there or any(rest in there for rest in rests)

    assert {key for key in catalogue() if not used(key)} == set()
