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
from landwatch.lawbook.policy import Policy, Rule
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.evaluate import outcomes_sql

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
    engine = open_engine()
    try:
        gather(engine, ledger, as_of)
        for one in adopted:
            for rule in one.policy.rules:
                sql = outcomes_sql(one.policy, rule, one.adoption, as_of)
                yield RuleOutcomes(one.policy, rule, _worked_out(engine, sql, one.policy, rule))
    finally:
        engine.close()


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
