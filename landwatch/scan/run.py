"""A scan: the dossiers of a day, every adopted rule by columns, one outcome for each pair.

Pure in the sense that counts: the same ledger, policies and day give the same outcomes, wherever
and whenever it runs. The day is handed in; nothing is read and nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from landwatch.errors import LawbookError
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, is_numbered, open_engine
from landwatch.scan.evaluate import outcomes_sql
from landwatch.scan.extent import Extent, extent_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy and for whom it speaks."""

    policy: Policy
    adoption: Adoption


@dataclass(frozen=True, slots=True)
class RuleOutcomes:
    """The outcome of every contract for one rule, one row each, in order of the contract's id.

    Columns: contract_id, zone_id, parcel_id, adopted (whether the policy speaks there; NULL where
    that is open), status, reason, to_verify, measured, threshold, clock_from, limit_on, days_past,
    amount_wan, remedies (joined by `;`).
    """

    policy: Policy
    rule: Rule
    table: pa.Table

    def counts(self) -> dict[str, int]:
        """Return how many contracts have each status."""
        import pyarrow.compute as pc

        pairs = pc.value_counts(self.table.column("status")).to_pylist()
        return {str(pair["values"]): int(pair["counts"]) for pair in pairs}


def decide(ledger: Ledger, adopted: Sequence[Adopted], as_of: date) -> Iterator[RuleOutcomes]:
    """Return the outcomes of every adopted rule, rule by rule, as they are worked out."""
    extent = extent_of(one.policy for one in adopted)
    engine = open_engine(ledger)
    try:
        gather(engine, ledger, as_of, extent)
        subjects = {about: _subjects(engine, about, extent) for about in About}
        for one in adopted:
            for rule in one.policy.rules:
                sql = outcomes_sql(one.policy, rule, one.adoption, as_of, subjects=False)
                found = _worked_out(engine, sql, one.policy, rule)
                yield RuleOutcomes(one.policy, rule, _of(subjects[rule.about], found))
    finally:
        engine.close()


def _subjects(engine: duckdb.DuckDBPyConnection, about: About, extent: Extent) -> pa.Table:
    """Return what the rules speak of, in the order of their outcomes: ids, zone and parcel."""
    table = "parks" if about is About.PARK else "dossiers"
    found = engine.sql(f"SELECT contract_id, zone_id, parcel_id FROM {table}").to_arrow_table()
    if about is About.PARK or not is_numbered(extent):
        return found
    names = engine.sql("SELECT contract_id FROM names ORDER BY number").to_arrow_table()
    numbers = found.column("contract_id").to_numpy() - 1
    return found.set_column(0, "contract_id", names.column("contract_id").take(numbers))


def _of(subjects: pa.Table, found: pa.Table) -> pa.Table:
    """Return outcomes with what they speak of."""
    for name in reversed(subjects.column_names):
        found = found.add_column(0, name, subjects.column(name))
    return found


def _worked_out(
    engine: duckdb.DuckDBPyConnection, sql: str, policy: Policy, rule: Rule
) -> pa.Table:
    """Return what a rule's query comes to; a number beyond the engine's is said in words."""
    import duckdb

    try:
        return engine.sql(sql).to_arrow_table()
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as problem:
        what = str(problem).split("\n")[0][:160]
        raise LawbookError(
            "policy.not_worked_out", rule=rule.code, policy=policy.id, what=what
        ) from None
