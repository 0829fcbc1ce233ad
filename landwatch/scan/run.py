"""A scan: the dossiers of a day, every adopted rule by columns, one outcome for each pair.

Pure in the sense that counts: the same ledger, policies and day give the same outcomes, wherever
and whenever it runs. The day is handed in; nothing is read and nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from landwatch.errors import LawbookError
from landwatch.lawbook.policy import About, Policy, Rule
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, facts_alone
from landwatch.scan.evaluate import SUBJECTS, outcomes_sql
from landwatch.scan.extent import Extent, extent_of
from landwatch.scan.tables import in_order, rows_in_order

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


class Decide(Protocol):
    """What decides a ledger: `decide`, or `Spread.decide`, which has many workers do so."""

    def __call__(
        self, ledger: Ledger, adopted: Sequence[Adopted], as_of: date, *, for_later: bool = False
    ) -> Iterator[RuleOutcomes]:
        """Return the outcomes of every adopted rule, as `decide` does."""


def decide(
    ledger: Ledger, adopted: Sequence[Adopted], as_of: date, *, for_later: bool = False
) -> Iterator[RuleOutcomes]:
    """Return the outcomes of every adopted rule, rule by rule, as they are worked out.

    `for_later` adds the columns that tell when an outcome can turn by itself (`scan.turning`).
    """
    extent = extent_of(one.policy for one in adopted)
    engine = facts_alone(ledger, as_of, extent)
    try:
        subjects = {about: _Subjects.of(engine, about, extent) for about in About}
        for one in adopted:
            for rule in one.policy.rules:
                them = subjects[rule.about]
                sql = outcomes_sql(
                    one.policy,
                    rule,
                    one.adoption,
                    as_of,
                    subjects=(them.key,),
                    for_later=for_later,
                )
                yield RuleOutcomes(
                    one.policy, rule, them.beside(_worked_out(engine, sql, one.policy, rule))
                )
    finally:
        engine.close()


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What the rules speak of, in the order of their outcomes: ids, zone and parcel.

    `key` is the column of the engine that tells them apart, `keys` its values.
    """

    key: str
    keys: pa.ChunkedArray
    named: pa.Table

    @staticmethod
    def of(engine: duckdb.DuckDBPyConnection, about: About, extent: Extent) -> _Subjects:
        """Return all contracts, or all parks."""
        if about is About.PARK:
            named = rows_in_order(engine, f"SELECT {', '.join(SUBJECTS)} FROM parks", "zone_id")
            return _Subjects("zone_id", named.column("zone_id"), named)
        sql = f"SELECT {', '.join(SUBJECTS)} FROM dossiers"
        named = rows_in_order(engine, sql, "contract_id")
        keys = named.column("contract_id")
        if extent.numbered:
            names = rows_in_order(engine, "SELECT * FROM names", "number")
            named = named.set_column(0, "contract_id", names.column("contract_id"))
        return _Subjects("contract_id", keys, named)

    def beside(self, found: pa.Table) -> pa.Table:
        """Return outcomes, which begin with the key, with what they speak of, in their order."""
        import pyarrow as pa

        if not found.column(0).equals(self.keys):  # an engine may hand out rows in another order
            found = in_order(found, self.key)
            assert found.column(0).equals(self.keys), "outcomes of other subjects"
        outcomes = found.remove_column(0)
        columns = [*self.named.columns, *outcomes.columns]
        return pa.table(columns, names=[*self.named.column_names, *outcomes.column_names])


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
