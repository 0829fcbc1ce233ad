"""The worked examples of the language page: read from `examples.yaml`, decided by the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files

from landwatch.errors import LawbookError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.expressions.check import Checked, check
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.rowwise import Facts, Payment, Value
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.policy import Words
from landwatch.lawbook.source import Part, read_parts
from landwatch.lawbook.vocabulary import scope_of_facts

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Example:
    """An expression, the facts that are told, and what it comes to."""

    write: str
    given: Mapping[str, Part]
    gives: Part

    @property
    def checked(self) -> Checked:
        """Return the expression as the language reads it."""
        return check(self.write, scope_of_facts())

    @property
    def facts(self) -> Facts:
        """Return every fact that the expression uses; what is not told is blank."""
        told: dict[str, Value] = {}
        for name in names_in(self.checked.tree):
            meaning = scope_of_facts().meanings[name]
            told[name] = value_of(self.given.get(name), meaning.sort)
            if meaning.progress:
                seen = f"{name}_seen_on"
                told[seen] = value_of(self.given.get(seen), Sort.DATE)
        return told

    @property
    def result(self) -> Value:
        """Return what the file says it comes to."""
        if self.gives.content == UNKNOWN:
            return None
        return value_of(self.gives, self.checked.meaning.sort)


@dataclass(frozen=True, slots=True)
class Explained:
    """A function or an operator, what it is for, and its examples."""

    name: str
    title: Words
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that is refused, what it tries, and whether it is a whole file."""

    piece: str
    times: int
    title: Words
    whole_file: bool

    def says(self, lang: str) -> str:
        """Return what landwatch answers to it.

        Raises:
            AssertionError: it is not refused (a bug, caught by the tests).
        """
        try:
            if self.whole_file:
                read_policy(self.piece * self.times, "my-city.yaml")
            else:
                check(self.piece * self.times, scope_of_facts())
        except LawbookError as refused:
            return refused.in_words(lang)
        raise AssertionError(f"{self.piece!r} is not refused")


def value_of(part: Part | None, sort: Sort | str) -> Value:
    """Return a value as an example writes it; what is not told is unknown, payments are none."""
    if part is None:
        return () if sort == Sort.PAYMENTS else None
    match sort:
        case Sort.NUMBER:
            return Fraction(part.text())
        case Sort.DATE:
            return date.fromisoformat(part.text())
        case Sort.TRUTH:
            return part.text() == "yes"
        case Sort.PAYMENTS:
            return tuple(
                Payment(
                    date.fromisoformat(paid.need("on").text()),
                    Fraction(paid.need("amount_wan").text()),
                )
                for paid in part.items()
            )
        case _:
            return part.text()


@cache
def _file() -> Part:
    path = files("landwatch.lawbook.reference").joinpath("examples.yaml")
    return read_parts(path.read_text("utf-8"), path.name)


@cache
def functions() -> tuple[Explained, ...]:
    """Return every function that the file explains, in its order."""
    return tuple(
        Explained(name, _title(body), tuple(_example(one) for one in body.need("examples").items()))
        for name, body in _file().need("functions").mapping().items()
    )


@cache
def operators() -> tuple[Explained, ...]:
    """Return what the signs do, one example each."""
    return tuple(
        Explained(body.need("write").text(), _title(body), (_example(body),))
        for body in _file().need("operators").items()
    )


@cache
def refusals() -> tuple[Refused, ...]:
    """Return what is refused: expressions first, then whole files."""
    found = []
    for key, piece in (("refused", "write"), ("refused_files", "text")):
        for body in _file().need(key).items():
            times = body.get("times")
            count = int(times.text()) if times else 1
            words = _title(body)
            found.append(
                Refused(body.need(piece).text(), count, words, whole_file=key != "refused")
            )
    return tuple(found)


def _title(body: Part) -> Words:
    return Words(body.need("zh").text(), body.need("en").text())


def _example(body: Part) -> Example:
    return Example(body.need("write").text(), body.need("given").mapping(), body.need("gives"))
