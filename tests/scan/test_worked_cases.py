"""Every worked case of the lawbook by both engines: what an inspector can check by hand."""

from __future__ import annotations

from functools import cache

import pytest

from landwatch.lawbook.shelf import shelf
from landwatch.scan.trial import Tried, try_cases
from tests.scan.worked import Case, case_files

CASES = [case for told in case_files() for case in told.cases]


@cache
def tried() -> tuple[Tried, ...]:
    """Return how every case of the shelf comes out."""
    return tuple(try_cases([(shelf()[told.policy], told) for told in case_files()]))


@pytest.mark.parametrize(
    ("number", "case"),
    list(enumerate(CASES)),
    ids=[f"{case.rule}-{case.id}" for case in CASES],
)
def test_a_worked_case_comes_out_as_its_author_worked_it(number: int, case: Case) -> None:
    one = tried()[number]
    assert one.case == case
    assert one.differences == ()


def test_every_file_of_cases_belongs_to_a_policy_of_the_shelf() -> None:
    assert {told.file for told in case_files()} == {f"{told.policy}.yaml" for told in case_files()}
