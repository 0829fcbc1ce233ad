"""The reference's second part: statuses, reasons, facts, enumerations, units, exit codes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from landwatch.language import terms
from landwatch.language.catalogue import say
from landwatch.language.markdown import cell, code, table
from landwatch.language.reasons import reason_kinds
from landwatch.language.terms import Gravity, Status, Term
from landwatch.lawbook.expressions.check import Meaning
from landwatch.lawbook.expressions.functions import Sort
from landwatch.lawbook.expressions.quantity import known_units
from landwatch.lawbook.policy import About
from landwatch.lawbook.vocabulary import (
    DERIVED,
    DERIVED_OF_PARKS,
    contract_columns,
    fact_names,
    park_columns,
    progress_columns,
    scope_of_facts,
)
from landwatch.lawbook.wording import figure

EXIT_CODES = (0, 1, 2, 3, 4, 70, 130)


def statuses(lang: str) -> str:
    """Return the table of statuses and the order of gravity."""
    rows = (
        (code(status), status.in_words(lang), say(f"reference.status.{status}", lang))
        for status in Status
    )
    order = " > ".join(f"{gravity.in_words(lang)} {code(gravity)}" for gravity in Gravity)
    heads = [say(f"reference.head.{key}", lang) for key in ("code", "name", "meaning")]
    return f"{table(heads, rows)}\n\n{say('reference.gravity', lang)}：{order}"


def reasons(lang: str) -> str:
    """Return the table of reasons, by kind."""
    told = "…"
    rows = [
        (code(kind if sentence == said else f"{kind}:…"), cell(said))
        for kind, sentence, said in (
            (kind, say(key, lang, told=""), say(key, lang, told=told))
            for kind, key in reason_kinds().items()
        )
    ]
    rows.append((code("cause:mixed"), say("reference.reason.mixed", lang)))
    return table([say(f"reference.head.{key}", lang) for key in ("code", "meaning")], rows)


def facts(lang: str) -> str:
    """Return every fact by where it comes from."""
    groups = {
        "contracts": ([column.name for column in contract_columns()], About.CONTRACT),
        "progress": ([column.name for column in progress_columns()], About.CONTRACT),
        "derived": ([fact.name for fact in DERIVED], About.CONTRACT),
        "parks": ([column.name for column in park_columns()], About.PARK),
        "derived_parks": ([fact.name for fact in DERIVED_OF_PARKS], About.PARK),
    }
    return "\n\n".join(
        f"### {say(f'reference.facts.{group}', lang)}\n\n{_facts(names, about, lang)}"
        for group, (names, about) in groups.items()
    )


def _facts(names: Iterable[str], about: About, lang: str) -> str:
    scope = scope_of_facts(about)
    writable = set(scope.aliases.values())
    keys = ("name", "name_zh", "sort") if lang == "zh" else ("name", "name_zh", "meaning", "sort")
    rows = []
    for name in names:
        zh, en = fact_names()[name]
        chinese = code(zh) if name in writable else cell(zh)
        meaning = [] if lang == "zh" else [cell(en)]
        rows.append((code(name), chinese, *meaning, sort_words(scope.meanings[name], lang)))
    return table([say(f"reference.head.{key}", lang) for key in keys], rows)


def sort_words(meaning: Meaning, lang: str) -> str:
    """Return the sort of a value in words: unit of a number, codes of a text."""
    if meaning.choices is not None:
        codes = " ".join(code(choice) for choice in sorted(meaning.choices))
        return say("reference.codes", lang, codes=codes)
    word = meaning.sort.in_words(lang)
    unit = meaning.unit.text if meaning.unit else "1"
    return word if unit == "1" or meaning.sort is not Sort.NUMBER else f"{word}（{unit}）"


def enumerations(lang: str) -> str:
    """Return every enumeration of the ledger and the lawbook with its codes."""
    found = [
        term
        for _, term in inspect.getmembers(terms, inspect.isclass)
        if issubclass(term, Term) and term is not Term and term not in (Status, Gravity)
    ]
    heads = [say(f"reference.head.{key}", lang) for key in ("name", "code")]
    rows = (
        (
            code(term.family()),
            "；".join(f"{code(member)} {cell(member.in_words(lang))}" for member in term),
        )
        for term in found
    )
    return table(heads, rows)


def units(lang: str) -> str:
    """Return every unit with its quantity and its exact factor."""
    heads = [say(f"reference.head.{key}", lang) for key in ("unit", "quantity", "factor")]
    rows = []
    for unit in known_units():
        quantity = unit.dimensions[0][0] if unit.dimensions else "pure"
        rows.append(
            (code(unit.text), say(f"reference.quantity.{quantity}", lang), figure(unit.factor))
        )
    return table(heads, rows)


def exits(lang: str) -> str:
    """Return the exit codes."""
    heads = [say(f"reference.head.{key}", lang) for key in ("exit", "meaning")]
    return table(
        heads, ((code(str(number)), say(f"reference.exit.{number}", lang)) for number in EXIT_CODES)
    )
