"""Every quote stands word for word in its source: a row of the rulebook, or the founding text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from landwatch.lawbook.policy import Clause, Policy
from landwatch.lawbook.shelf import shelf

RULEBOOK = Path(__file__).parents[2] / ".." / "shared" / "rulebook"
Row = dict[str, Any]


def bare(text: str) -> str:
    """Return a text as quotes are compared: NFKC, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def rulebook() -> dict[str, Row]:
    """The rows of the rulebook by id."""
    if not RULEBOOK.is_dir():
        pytest.skip("the rulebook beside the project is not there")
    rows = json.loads((RULEBOOK / "rules.json").read_text("utf-8"))
    return {row["id"]: row for row in rows if "id" in row}


def source_text(row: Row) -> str:
    """Return what a quote of a row must stand in: its founding text where it has one.

    Seed 002 is written in traditional characters with spellings in brackets between the words; its
    quotes stand cleaned in the rulebook.
    """
    found = re.match(r"seed (\d{3})", row["status"])
    if found and found[1] != "002":
        (path,) = (RULEBOOK / "seeds").glob(f"{found[1]}_*.txt")
        return path.read_text("utf-8")
    return str(row["zh"])


def clauses_of(policy: Policy) -> Iterator[Clause]:
    for parameter in policy.parameters.values():
        if parameter.clause is not None:
            yield parameter.clause
    for vocabulary in policy.vocabularies.values():
        if vocabulary.clause is not None:
            yield vocabulary.clause
    for rule in policy.rules:
        yield from rule.clauses


CLAUSES = [
    pytest.param(clause, id=f"{policy.id} {clause.row} {clause.quote[:12]}")
    for policy in shelf().values()
    for clause in clauses_of(policy)
]


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_quote_stands_in_its_source_word_for_word(
    rulebook: dict[str, Row], clause: Clause
) -> None:
    assert clause.row in rulebook, "the rulebook has no such row"
    assert bare(clause.quote) in bare(source_text(rulebook[clause.row]))


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_quote_is_whole(clause: Clause) -> None:
    assert len(bare(clause.quote)) >= 8, "too short to mean anything alone"
    assert "…" not in clause.quote
    assert "..." not in bare(clause.quote)


@pytest.mark.parametrize("policy", shelf().values(), ids=lambda policy: policy.id)
def test_a_rule_quotes_something(policy: Policy) -> None:
    assert all(rule.clauses for rule in policy.rules)


@pytest.mark.parametrize("policy", shelf().values(), ids=lambda policy: policy.id)
def test_no_number_rests_on_a_row_whose_text_was_not_found(
    rulebook: dict[str, Row], policy: Policy
) -> None:
    for parameter in policy.parameters.values():
        told = [dated.value for dated in parameter.values if dated.value is not None]
        by_code = [value for dated in parameter.values for value in (dated.by_code or {}).values()]
        told += [value for value in by_code if value is not None]
        if not told:
            assert parameter.where_to_find, f"{parameter.name}: nobody is told where to find it"
            continue
        assert parameter.clause is not None, f"{parameter.name} has a number and no clause"
        row = rulebook[parameter.clause.row]
        assert not re.match(r"U\b", row["status"]), f"{parameter.name} rests on {row['id']}"
