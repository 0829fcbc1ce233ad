"""Reading the smaller parts of a policy: parameters, vocabularies, words, clauses, numbers."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import TypeVar

from landwatch.errors import nearest
from landwatch.lawbook.expressions.quantity import Unit, parse_unit
from landwatch.lawbook.naming import NAME, folded, refuse_unless_free
from landwatch.lawbook.policy import (
    Clause,
    DatedValue,
    Force,
    Parameter,
    Serves,
    Vocabulary,
    VocabularyWord,
    Words,
)
from landwatch.lawbook.source import Part

PARAMETER_KEYS = (
    "zh", "en", "unit", "values", "clause", "by", "where_to_find", "serves", "force",
)  # fmt: skip
VOCABULARY_KEYS = ("zh", "en", "clause", "words")
WORD_KEYS = ("word", "means", "en", "note")
CLAUSE_KEYS = ("article", "quote", "row")
PICKED_BY = ("level", "industry_class", "province")
"""Facts whose code may pick a parameter's value."""
FIGURE = re.compile(r"\d{1,12}(\.\d{1,9})?|\d{1,6}/[1-9]\d{0,5}")
"""What a document prints: a decimal, or a share such as 1/3; never a power of ten."""
FINEST = 10**12
"""The common denominator of a table of numbers: the engine compares them as whole multiples."""
_T = TypeVar("_T", bound=StrEnum)


def parameters_of(part: Part | None) -> dict[str, Parameter]:
    """Return the parameters of a policy by name."""
    found: dict[str, Parameter] = {}
    taken: set[str] = set()
    for name, body in (part.mapping() if part else {}).items():
        body.mapping(PARAMETER_KEYS)
        refuse_unless_free(body, name, taken)
        taken.add(folded(name))
        by, serves, force = body.get("by"), body.get("serves"), body.get("force")
        if by is not None and by.text() not in PICKED_BY:
            raise by.refused("policy.picked_by", value=by.text(), known=", ".join(PICKED_BY))
        clause, hint = body.get("clause"), body.get("where_to_find")
        values = body.need("values").mapping()
        found[name] = Parameter(
            name=name,
            title=words_of(body, also=PARAMETER_KEYS),
            unit=_needed_unit(body.need("unit")),
            values=tuple(
                sorted(
                    (_dated(since, value, by is not None) for since, value in values.items()),
                    key=lambda value: value.since,
                )
            ),
            clause=clause_of(clause) if clause else None,
            by=by.text() if by else None,
            where_to_find=hint.text() if hint else None,
            serves=term_of(serves, Serves) if serves else Serves.RULES,
            force=term_of(force, Force) if force else None,
        )
    return found


def vocabularies_of(part: Part | None) -> dict[str, Vocabulary]:
    """Return the vocabularies of a policy by name."""
    found = {}
    for name, body in (part.mapping() if part else {}).items():
        body.mapping(VOCABULARY_KEYS)
        if not NAME.fullmatch(name):
            raise body.refused("policy.bad_name", name=name)
        clause = body.get("clause")
        found[name] = Vocabulary(
            name=name,
            title=words_of(body, also=("clause", "words")),
            clause=clause_of(clause) if clause else None,
            words=tuple(_vocabulary_word(word) for word in body.need("words").items()),
        )
    return found


def _vocabulary_word(part: Part) -> VocabularyWord:
    part.mapping(WORD_KEYS)
    means, en, note = part.get("means"), part.get("en"), part.get("note")
    return VocabularyWord(
        word=part.need("word").text(),
        means=means.text() if means and means.content is not None else None,
        en=en.text() if en else None,
        note=words_of(note) if note else None,
    )


def _dated(since: str, part: Part, by_code: bool) -> DatedValue:
    """`always` is for documents whose day of effect was not found: they hold from adoption."""
    day = date.min if since == "always" else _day(since, part)
    if part.content is None:
        return DatedValue(day, None)
    if by_code:
        numbers = {
            code: None if value.content is None else _number(value)
            for code, value in part.mapping().items()
        }
        below = (number.denominator for number in numbers.values() if number is not None)
        if lcm(*below) > FINEST:
            raise part.refused("policy.too_many_shares")
        return DatedValue(day, None, numbers)
    return DatedValue(day, _number(part))


def _number(part: Part) -> Fraction:
    if not FIGURE.fullmatch(part.text()):
        raise part.refused("policy.needs_number", value=part.text()[:40])
    return Fraction(part.text())


def count_of(part: Part | None, default: int) -> int:
    """Return a whole number of days, the default where none is written."""
    if part is None:
        return default
    if not part.text().isdecimal() or len(part.text()) > 5:
        raise part.refused("policy.needs_number", value=part.text())
    return int(part.text())


def day_of(part: Part | None) -> date | None:
    """Return a day, None where none is written."""
    if part is None or part.content is None:
        return None
    return _day(part.text(), part)


def _day(text: str, part: Part) -> date:
    """Return the day that a text writes as 2012-07-01; Python would take 2012-W27-7 too."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise part.refused("policy.needs_day", value=text[:40]) from None
    if day.isoformat() != text:
        raise part.refused("policy.needs_day", value=text[:40])
    return day


def yes_of(part: Part | None) -> bool:
    """Return whether the part says yes; nothing is no."""
    if part is None:
        return False
    if part.text() not in ("yes", "no"):
        raise part.refused("policy.needs_yes_no", value=part.text())
    return part.text() == "yes"


def unit_of(part: Part | None) -> Unit | None:
    """Return the unit that the part names, None where it names none."""
    return None if part is None else _needed_unit(part)


def _needed_unit(part: Part) -> Unit:
    try:
        return parse_unit(part.text())
    except KeyError as unknown:
        raise part.refused("policy.unit", value=unknown.args[0]) from None


def words_of(part: Part, also: tuple[str, ...] = ()) -> Words:
    """Return a text in both languages; `also` names other keys that may stand beside them."""
    part.mapping(("zh", "en", *also))
    return Words(part.need("zh").text(), part.need("en").text())


def clause_of(part: Part) -> Clause:
    """Return a citation; a quote with a cut in it is refused."""
    part.mapping(CLAUSE_KEYS)
    quote = part.need("quote")
    if "…" in quote.text() or "..." in quote.text():
        raise quote.refused("policy.quote_cut")
    return Clause(part.need("article").text(), quote.text(), part.need("row").text())


def clauses_of(part: Part) -> tuple[Clause, ...]:
    """Return the citations of a rule; a rule that rests on nothing is refused."""
    clauses = tuple(clause_of(clause) for clause in part.items())
    if not clauses:
        raise part.refused("policy.needs_clause")
    return clauses


def matching_of(part: Part, pattern: re.Pattern[str], code: str) -> str:
    """Return a text of a form; `code` is what is said where it has another."""
    if not pattern.fullmatch(part.text()):
        raise part.refused(code, value=part.text())
    return part.text()


def term_of(part: Part, terms: type[_T]) -> _T:
    """Return the code that the part names; the nearest is offered for an unknown one."""
    try:
        return terms(part.text())
    except ValueError:
        close = nearest(part.text(), terms)
        raise part.refused(
            "policy.term_near" if close else "policy.term",
            value=part.text(),
            near=close or "",
            known=", ".join(terms),
        ) from None
