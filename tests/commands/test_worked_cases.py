"""Every worked case of the lawbook, from a CSV file through the importer, the store and a scan."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from landwatch.language.columns import Kind, columns_of
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from tests.commands.conftest import Door, write_csv
from tests.scan.worked import Case, case_files


def told_cases() -> list[Case]:
    """Return every worked case as its author told it."""
    return [case for told in case_files() for case in told.cases]


CASES = {f"案{n:04}": case for n, case in enumerate(told_cases()) if not case.suppose}


def days_of_every_rule() -> list[date]:
    """Return few days whose cases ask every rule: each takes a store of its own, and seconds."""
    wanted = {case.rule for case in CASES.values()}
    asked: dict[date, set[str]] = {}
    for case in CASES.values():
        asked.setdefault(case.as_of, set()).add(case.rule)
    chosen: list[date] = []
    while wanted:
        best = max(sorted(asked), key=lambda day: len(asked[day] & wanted))
        chosen.append(best)
        wanted -= asked[best]
    vectors = {case.as_of for case in CASES.values() if case.vector}
    return sorted({*chosen, *vectors})


DAYS = days_of_every_rule()
NUMBERS = ("measured", "threshold", "amount_wan", "margin")


def told(kind: Kind, values: dict[str, Any], *, zh: bool) -> dict[str, str]:
    """Return the cells of a case as a ledger writes them, under either script's headers."""
    columns = columns_of(kind)
    return {columns[name].zh if zh else name: cell(value) for name, value in values.items()}


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def ledger_rows(case: Case, key: str) -> dict[Kind, list[dict[str, Any]]]:
    """Return the rows of one case: its contract, a zone of its own, its reports and events."""
    facts = case.facts
    contract = {"contract_id": key, **facts.contract}
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in Kind}
    if facts.zone is not None:
        contract["zone_id"] = f"区{key}"
        rows[Kind.ZONES].append({"zone_id": f"区{key}", "name": key, **facts.zone})
    if facts.about is About.CONTRACT:
        rows[Kind.CONTRACTS].append(contract)
    rows[Kind.PROGRESS] += [{"contract_id": key, **row} for row in facts.progress]
    rows[Kind.EVENTS] += [{"contract_id": key, **row} for row in facts.events]
    return rows


def subject_of(case: Case, key: str) -> str:
    """Return the id of what a case is about: its contract, or its park."""
    return key if case.facts.about is About.CONTRACT else f"区{key}"


def adopt_everything(door: Door) -> None:
    for policy_id in shelf():
        door.does("policy", "adopt", policy_id)


def test_every_rule_has_a_case_here() -> None:
    rules = {rule.code for policy in shelf().values() for rule in policy.rules}
    assert {case.rule for case in CASES.values()} == rules


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_worked_cases_of_a_day_come_out_through_the_front_door(
    ready: Door, tmp_path: Path, day: date
) -> None:
    todays = {key: case for key, case in CASES.items() if case.as_of == day}
    zh = DAYS.index(day) % 2 == 0  # the ledger's permanent names on one day, Chinese on the next
    files: dict[Kind, list[dict[str, str]]] = {kind: [] for kind in Kind}
    for key, case in todays.items():
        for kind, rows in ledger_rows(case, key).items():
            files[kind] += [told(kind, row, zh=zh) for row in rows]
    adopt_everything(ready)
    for kind, written in files.items():
        if written:
            ready.does("import", kind, write_csv(tmp_path / f"{kind}.csv", written))
    ready.does("scan", "--as-of", day)
    found = {(row["contract_id"] or row["zone_id"], row["rule"]): row for row in ready.findings()}
    expected, got = {}, {}
    for key, case in todays.items():
        row = found[subject_of(case, key), case.rule]
        expected[f"{case.rule} {case.id}"] = shown(case.expect)
        got[f"{case.rule} {case.id}"] = shown({name: row[name] for name in case.expect})
    assert got == expected


def shown(values: Any) -> dict[str, Any]:
    """Return expected or found columns as they can be compared."""
    return {name: _shown(name, value) for name, value in values.items()}


def _shown(name: str, value: Any) -> Any:
    if name == "remedies":
        return value.split(";") if isinstance(value, str) and value else list(value or [])
    if name in NUMBERS and value is not None:
        return round(float(Fraction(str(value))), 6)
    return value.isoformat() if isinstance(value, date) else value
