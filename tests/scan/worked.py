"""Worked cases for the tests: read and laid into a ledger by the product's own readers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from landwatch.lawbook.cases import Case, CaseFile, Worked, held_to, shipped_cases
from landwatch.lawbook.shelf import shelf
from landwatch.scan.worked import ledger_of, table_of, with_both_areas, zone_of

__all__ = ["CASES", "Case", "Worked", "case_files", "cases", "ledger_of", "table_of", "zone_of"]
CASES = Path(__file__).parents[2] / "landwatch" / "lawbook" / "cases"


def case_files() -> list[CaseFile]:
    """Return the cases of every policy of the shelf that has any, held to their policy."""
    found = ((policy, shipped_cases(policy.id)) for policy in shelf().values())
    return [held_to(policy, told) for policy, told in found if told is not None]


def cases() -> list[Case]:
    """Return every worked case of the shelf, each area in both units as the importer has it."""
    return [
        replace(case, facts=with_both_areas(case.facts))
        for told in case_files()
        for case in told.cases
    ]
