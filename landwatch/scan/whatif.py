"""What if the policy said another number: who would change status, how much land, how much money.

The same ledger is decided twice on the same day, by the policy as it is and as supposed; nothing is
kept. Only the rules that read what is supposed are decided, for the others cannot change. Amounts
are added within one rule and never over rules: two rules may ask for the same money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.lawbook.reading import names_of
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.healing import Healer
from landwatch.scan.merge import listed
from landwatch.scan.moves import Moved, RuleMoves, Standing, Subject, WhatIf
from landwatch.scan.reading import exact
from landwatch.scan.supposing import Supposed
from landwatch.units import rounded

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Told = Callable[[str, int, int], None]
"""What long work tells of its progress: the rule it is at, how many are done, of how many."""
Row: TypeAlias = dict[str, Any]
CHUNK = 1_000


def touches(rule: Rule, supposed: Sequence[Supposed]) -> bool:
    """Tell whether a rule reads anything of what is supposed."""
    used = names_of(rule).union(*(names_of(definition.is_) for definition in rule.definitions))
    return any(one.rule == rule.code or one.parameter in used for one in supposed)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: two policies, for whom, on which day; `zone_id` narrows it to one zone."""

    policy: Policy
    changed: Policy
    supposed: tuple[Supposed, ...]
    adoption: Adoption
    adopted: bool
    as_of: date
    zone_id: str | None = None
    known_at: datetime | None = None


def what_if(ledger: Ledger, asked: Question, *, told: Told | None = None) -> WhatIf:
    """Return what would change in a ledger."""
    engine = open_engine()
    try:
        gather(engine, ledger, asked.as_of)
        subjects = _subjects(engine)
        touched = [rule for rule in asked.policy.rules if touches(rule, asked.supposed)]
        found = []
        for done, rule in enumerate(touched, start=1):
            found.append(_decided(engine, asked, rule, subjects))
            if told is not None:
                told(rule.code, done, len(touched))
        names = engine.sql("SELECT zone_id, name FROM now_zones").fetchall()
    finally:
        engine.close()
    inside = asked.zone_id
    contracts = [one for about, one in subjects.items() if about[0] is About.CONTRACT]
    return WhatIf(
        policy=asked.policy,
        supposed=asked.supposed,
        as_of=asked.as_of,
        known_at=asked.known_at,
        adopted=asked.adopted,
        zone_id=inside,
        zone_names={zone_id: name or zone_id for zone_id, name in names},
        contracts=sum(inside in (None, one.zone_id) for one in contracts),
        rules=tuple(found),
        untouched=tuple(rule.code for rule in asked.policy.rules if rule not in touched),
    )


def _subjects(engine: duckdb.DuckDBPyConnection) -> dict[tuple[About, str], Subject]:
    rows = engine.sql(
        "SELECT contract_id, zone_id, parcel_id, holder, project_name, area_mu FROM dossiers"
    ).fetchall()
    found = {(About.CONTRACT, row[0]): Subject(*row) for row in rows}
    parks = engine.sql("SELECT zone_id FROM parks").fetchall()
    return found | {(About.PARK, zone_id): Subject(None, zone_id) for (zone_id,) in parks}


def _decided(
    engine: duckdb.DuckDBPyConnection,
    asked: Question,
    rule: Rule,
    subjects: Mapping[tuple[About, str], Subject],
) -> RuleMoves:
    """Return a rule decided by both policies; the rows of both stand in one order."""
    changed = asked.changed.rule(rule.code)
    assert changed is not None  # supposing changes numbers, never rules
    before = _outcomes(engine, asked, asked.policy, rule)
    after = _outcomes(engine, asked, asked.changed, changed)
    moved = [
        Moved(rule.code, subjects[_subject_of(rule, row)], _standing(old), _standing(row))
        for old, row in _different(before, after)
    ]
    return RuleMoves(
        rule=rule,
        before=_counts(before),
        after=_counts(after),
        amount_before_wan=_amount(before) if rule.amount_wan else None,
        amount_after_wan=_amount(after) if rule.amount_wan else None,
        moved=tuple(_with_cures(engine, asked, changed, moved)),
        decided=after,
    )


def _outcomes(
    engine: duckdb.DuckDBPyConnection, asked: Question, policy: Policy, rule: Rule
) -> pa.Table:
    import pyarrow.compute as pc

    sql = outcomes_sql(policy, rule, asked.adoption, asked.as_of)
    table = engine.sql(sql).to_arrow_table()
    if asked.zone_id is None:
        return table
    return table.filter(pc.equal(table.column("zone_id"), asked.zone_id))


def _subject_of(rule: Rule, row: Row) -> tuple[About, str]:
    return rule.about, row["zone_id" if rule.about is About.PARK else "contract_id"]


def _different(before: pa.Table, after: pa.Table) -> Iterator[tuple[Row, Row]]:
    """Yield the rows whose status, or whether a visit should settle it, is another."""
    import pyarrow.compute as pc

    for key in ("contract_id", "zone_id"):
        assert before.column(key).equals(after.column(key))  # one order, held by the dossiers
    status, verify = (
        pc.not_equal(before.column(name), after.column(name)) for name in ("status", "to_verify")
    )
    where = pc.or_(status, verify)
    yield from zip(before.filter(where).to_pylist(), after.filter(where).to_pylist(), strict=True)


def _standing(row: Row) -> Standing:
    return Standing(
        status=Status(row["status"]),
        gravity=Gravity.of(row["status"], bool(row["to_verify"])),
        reason=row["reason"],
        measured=_decimal(row["measured"]),
        threshold=_decimal(row["threshold"]),
        limit_on=row["limit_on"],
        amount_wan=_decimal(row["amount_wan"]),
    )


def _decimal(value: float | None) -> Decimal | None:
    """Return a shown number, kept to six decimals, without binary noise."""
    return None if value is None else rounded(Decimal(repr(value)), 6).normalize()


def _counts(table: pa.Table) -> dict[Gravity, int]:
    found = dict.fromkeys(Gravity, 0)
    columns = (table.column(name).to_pylist() for name in ("status", "to_verify"))
    for status, to_verify in zip(*columns, strict=True):
        found[Gravity.of(status, bool(to_verify))] += 1
    return found


def _amount(table: pa.Table) -> Decimal:
    told = (_decimal(value) for value in table.column("amount_wan").drop_null().to_pylist())
    return sum((amount for amount in told if amount is not None), Decimal(0))


def _with_cures(
    engine: duckdb.DuckDBPyConnection, asked: Question, rule: Rule, moved: Sequence[Moved]
) -> Iterator[Moved]:
    """Yield the moved, those who would be in breach with what would cure it."""
    healer = Healer(rule)
    key, table = ("zone_id", "parks") if rule.about is About.PARK else ("contract_id", "dossiers")
    for start in range(0, len(moved), CHUNK):
        chunk = moved[start : start + CHUNK]
        ids = [str(getattr(one.subject, key)) for one in chunk if one.after.status is Status.BREACH]
        sql = f"SELECT * FROM {table} WHERE {key} IN ({listed(ids)})" if ids else None
        rows = engine.sql(sql).to_arrow_table().to_pylist() if sql else []
        facts = {row[key]: {name: exact(value) for name, value in row.items()} for row in rows}
        for one in chunk:
            if one.after.status is not Status.BREACH:
                yield one
                continue
            known = facts[getattr(one.subject, key)]
            taken = account(asked.changed, rule, known, asked.as_of)
            yield replace(one, cures=healer.cures(taken))
