"""Trying worked cases: each is decided by columns and by the scalar account, and both are compared.

All cases lie in one ledger, each a contract (or park) of its own; the ledger is taken in once and
turned to each day that a case asks for. A case fails where an engine comes to something else than
was expected, or where the two engines come apart in a column that nobody expected anything of.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.lawbook.cases import Case, CaseFile
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.scan.account import Account, account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, open_engine, take_in
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.merge import listed
from landwatch.scan.reading import exact
from landwatch.scan.supposing import suppose
from landwatch.scan.worked import ledger_of, with_both_areas, zone_of

if TYPE_CHECKING:
    import duckdb

WORKERS = min(4, os.cpu_count() or 1)
"""Engines that share the days; nearly all of their time is spent outside of Python."""
COMPARED = (
    "status", "reason", "to_verify", "clock_from", "limit_on", "days_past", "measured", "threshold",
    "amount_wan", "remedies",
)  # fmt: skip
NUMBERS = frozenset({"measured", "threshold", "amount_wan"})
_CLOSE = Fraction(6, 10**7)
"""A finding shows six decimals: what differs by less than one of the sixth is the same."""

TellProgress: TypeAlias = Callable[[str, int, int], None]
Outcome: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that came out otherwise; `asked` is whether the case expected anything of it."""

    column: str
    asked: bool
    expected: Any
    by_columns: Any
    by_account: Any
    line: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A case as it came out: nothing in `differences` means as it was worked out by hand."""

    policy: Policy
    case: Case
    taken: Account
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Return whether both engines came to what was expected."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case under the id that it has in the ledger."""

    key: str
    policy: Policy
    rule: Rule
    case: Case

    @property
    def subject(self) -> str:
        return zone_of(self.key) if self.rule.about is About.PARK else self.key


def try_cases(
    held: Sequence[tuple[Policy, CaseFile]], told: TellProgress | None = None
) -> list[Tried]:
    """Return how every case came out, in the order given; each file is held to its policy."""
    asked = list(_asked(held))
    ledger = ledger_of({one.key: with_both_areas(one.case.facts) for one in asked})
    by_day: dict[date, list[_Asked]] = {}
    for one in asked:
        by_day.setdefault(one.case.as_of, []).append(one)
    days = sorted(by_day)
    shares = [[(day, by_day[day]) for day in days[first::WORKERS]] for first in range(WORKERS)]
    done: list[str] = []

    def work(share: list[tuple[date, list[_Asked]]]) -> list[tuple[str, Tried]]:
        found = []
        for key, tried in _of_days(ledger, share):
            done.append(key)
            if told is not None:
                told(tried.case.rule, len(done), len(asked))
            found.append((key, tried))
        return found

    with ThreadPoolExecutor(WORKERS) as pool:
        by_key = dict(pair for found in pool.map(work, shares) for pair in found)
    return [by_key[one.key] for one in asked]


def _asked(held: Sequence[tuple[Policy, CaseFile]]) -> Iterator[_Asked]:
    number = 0
    for policy, told in held:
        for case in told.cases:
            supposed = policy
            if case.suppose:
                supposed, _ = suppose(policy, case.suppose, case.as_of)
            rule = supposed.rule(case.rule)
            assert rule is not None  # `held_to` has seen to it
            yield _Asked(f"{number:06}", supposed, rule, case)
            number += 1


def _of_days(
    ledger: Ledger, share: Iterable[tuple[date, list[_Asked]]]
) -> Iterator[tuple[str, Tried]]:
    engine = open_engine()
    try:
        taken = take_in(engine, ledger)
        for day, asked in share:
            taken.turn_to(day)
            yield from _of_day(engine, day, asked)
    finally:
        engine.close()


def _of_day(
    engine: duckdb.DuckDBPyConnection, day: date, asked: Sequence[_Asked]
) -> Iterator[tuple[str, Tried]]:
    facts = {about: _facts(engine, about, asked) for about in About}
    by_rule: dict[tuple[str, ...], list[_Asked]] = {}
    for one in asked:
        by_rule.setdefault((one.policy.id, one.rule.code, *one.case.suppose), []).append(one)
    for of_rule in by_rule.values():
        policy, rule = of_rule[0].policy, of_rule[0].rule
        sql = outcomes_sql(policy, rule, Adoption(everywhere=True), day)
        rows = _rows(engine, f"({sql})", rule.about, of_rule)
        for one in of_rule:
            taken = account(policy, rule, facts[rule.about][one.subject], day)
            yield one.key, _compared(one, rows[one.subject], taken)


def _facts(
    engine: duckdb.DuckDBPyConnection, about: About, asked: Sequence[_Asked]
) -> dict[str, Mapping[str, Any]]:
    of_sort = [one for one in asked if one.rule.about is about]
    table = "parks" if about is About.PARK else "dossiers"
    return {
        subject: {name: exact(value) for name, value in row.items()}
        for subject, row in _rows(engine, table, about, of_sort).items()
    }


def _rows(
    engine: duckdb.DuckDBPyConnection, source: str, about: About, asked: Sequence[_Asked]
) -> dict[str, dict[str, Any]]:
    """Return the rows of these cases by what they speak of."""
    if not asked:
        return {}
    key = "zone_id" if about is About.PARK else "contract_id"
    among = listed([one.subject for one in asked])
    found = engine.sql(f"SELECT * FROM {source} WHERE {key} IN ({among})").to_arrow_table()
    return {row[key]: row for row in found.to_pylist()}


def _compared(one: _Asked, row: Mapping[str, Any], taken: Account) -> Tried:
    columns, scalar = _by_columns(row), _by_account(taken)
    found = []
    for name in COMPARED:
        asked = name in one.case.expect
        wanted = one.case.expect.get(name) if asked else columns[name]
        if _same(name, wanted, columns[name]) and _same(name, wanted, scalar[name]):
            continue
        line = one.case.lines.get(name, one.case.line)
        expected = wanted if asked else None
        found.append(Difference(name, asked, expected, columns[name], scalar[name], line))
    return Tried(one.policy, one.case, taken, tuple(found))


def meets(case: Case, taken: Account) -> bool:
    """Tell whether an account comes to what a case expects."""
    scalar = _by_account(taken)
    return all(_same(name, wanted, scalar[name]) for name, wanted in case.expect.items())


def _by_columns(row: Mapping[str, Any]) -> Outcome:
    remedies = tuple(row["remedies"].split(";")) if row["remedies"] else ()
    numbers = {name: None if row[name] is None else Fraction(row[name]) for name in NUMBERS}
    return {name: row[name] for name in COMPARED} | numbers | {"remedies": remedies}


def _by_account(taken: Account) -> Outcome:
    silent = taken.status == "not_applicable"
    return {
        "status": str(taken.status),
        "reason": taken.reason,
        "to_verify": taken.to_verify,
        "clock_from": None if silent else taken.known["clock_from"],
        "limit_on": None if silent else taken.known["limit_on"],
        "days_past": taken.days_past,
        "measured": taken.measured,
        "threshold": taken.threshold,
        "amount_wan": taken.amount_wan,
        "remedies": taken.remedies,
    }


def _same(name: str, wanted: Any, got: Any) -> bool:
    if name in NUMBERS and isinstance(wanted, Fraction) and isinstance(got, Fraction):
        return abs(wanted - got) <= _CLOSE
    return bool(wanted == got)
