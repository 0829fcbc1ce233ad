"""The head of a kept scan: what it rests on, and of each contract what later scans ask first.

That is the first day on which any outcome of it can turn by itself, and its status by each rule:
who builds upon the scan reads these few columns and not the outcomes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from landwatch.lawbook.policy import About
from landwatch.scan.differences import (
    ABOUT,
    HEAD,
    POLICY,
    RULE,
    Part,
    head_of,
    links_of,
    packed,
)
from landwatch.scan.pieces import build
from landwatch.scan.run import Adopted, RuleOutcomes
from landwatch.scan.turning import TURNS_ON

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from landwatch.store import ScanSummary, Store

STATUS, VERIFY = "status/", "to_verify/"
"""Begin the columns of the statuses by a rule, and of whether somebody is to go and see."""


def head_part(
    adopted: Iterable[Adopted],
    knowledge: str,
    contracts: pa.Table,
    *,
    replaced: frozenset[str] | None = None,
) -> bytes:
    """Return the head of a scan by some policies.

    `knowledge` is the mark of what was known (`Store.mark_of_knowledge`), taken before it was read;
    `contracts` are the rows of `HeadRows`; `replaced` names the contracts that a difference
    replaces; those it lacks are gone.
    """
    import pyarrow as pa

    if replaced is not None:
        here = frozenset(contracts.column("contract_id").to_pylist())
        gone = pa.table({"contract_id": pa.array(sorted(replaced - here), pa.string())})
        contracts = pa.concat_tables([contracts, gone], promote_options="default")
    labels = {
        HEAD: "1",
        "build": build(),
        "law": mark_of_law(adopted),
        "knowledge": knowledge,
    }
    return packed(Part(labels, contracts))


def mark_of_law(adopted: Iterable[Adopted]) -> str:
    """Return what is the same for two scans exactly when the same law speaks of the same places."""
    told = [
        [
            one.policy.id, one.policy.version, one.adoption.everywhere,
            sorted(one.adoption.zones), sorted(one.adoption.levels),
            sorted(one.adoption.divisions),
        ]
        for one in adopted
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class HeadRows:
    """Gathers what a head tells of each contract, rule by rule; rules about parks say nothing."""

    def __init__(self, so_far: pa.Table | None = None) -> None:
        """Begin, or go on from what the rules before came to."""
        self._ids: pa.ChunkedArray | None = None
        self._first: pa.ChunkedArray | None = None
        self._told: dict[str, pa.ChunkedArray] = {}
        named = [] if so_far is None else so_far.column_names
        told = [name for name in named if name.startswith((STATUS, VERIFY))]
        if so_far is not None and told:
            self._ids, self._first = so_far.column("contract_id"), so_far.column(TURNS_ON)
            self._told = {name: so_far.column(name) for name in told}

    def note(self, outcomes: RuleOutcomes) -> None:
        """Take in the outcomes of one rule."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if outcomes.rule.about is About.PARK:
            return
        days = outcomes.table.column(TURNS_ON)
        self._ids = outcomes.table.column("contract_id")
        self._first = days if self._first is None else pc.min_element_wise(self._first, days)
        coded = outcomes.table.column("status").dictionary_encode()
        small = coded.cast(pa.dictionary(pa.int8(), pa.string()))
        self._told[STATUS + outcomes.rule.code] = small
        self._told[VERIFY + outcomes.rule.code] = outcomes.table.column("to_verify")

    def noting(self, found: Iterable[RuleOutcomes]) -> Iterator[RuleOutcomes]:
        """Yield the outcomes of rules, each taken in."""
        for outcomes in found:
            self.note(outcomes)
            yield outcomes

    def table(self) -> pa.Table:
        """Return contract_id, turns_on, and what each rule comes to."""
        import pyarrow as pa

        ids = pa.array([], pa.string()) if self._ids is None else self._ids
        days = pa.array([], pa.date32()) if self._first is None else self._first
        return pa.table({"contract_id": ids, TURNS_ON: days, **self._told})


def rule_part(outcomes: RuleOutcomes) -> bytes:
    """Return one rule's outcomes as a part, with what a later day needs of them."""
    labels = {
        RULE: outcomes.rule.code,
        POLICY: outcomes.policy.id,
        ABOUT: str(outcomes.rule.about),
    }
    beside = [TURNS_ON] if TURNS_ON in outcomes.table.column_names else []
    return packed(Part(labels, outcomes.table.drop_columns(beside)))


def turned_by(store: Store, scan: ScanSummary, day: date) -> frozenset[str]:
    """Return the contracts of a kept scan of which an outcome can turn by itself until a day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    turned, newer = set[str](), pa.array([], pa.string())
    for head in _heads(store, scan, ("contract_id", TURNS_ON)):
        due = head.filter(pc.less_equal(head.column(TURNS_ON), pa.scalar(day)))
        ids = due.column("contract_id")
        turned.update(ids.filter(pc.invert(pc.is_in(ids, value_set=newer))).to_pylist())
        newer = pa.concat_arrays([newer, *head.column("contract_id").chunks])
    return frozenset(turned)


def statuses_of(
    store: Store, scan: ScanSummary, contracts: pa.Array, rules: Iterable[str]
) -> Mapping[str, Counter[str]]:
    """Return how many of some contracts have each status in a kept scan, by these rules."""
    import pyarrow.compute as pc

    counts = {rule: Counter[str]() for rule in rules}
    if not counts:
        return counts
    left = contracts
    for head in _heads(store, scan, ("contract_id", *(STATUS + rule for rule in counts))):
        ids = head.column("contract_id")
        of_them = head.filter(pc.is_in(ids, value_set=left))
        for rule, found in counts.items():
            found.update(counted(of_them.column(STATUS + rule)))
        left = left.filter(pc.invert(pc.is_in(left, value_set=ids.combine_chunks())))
    return counts


def to_verify_of(store: Store, scan: ScanSummary) -> Mapping[str, int] | None:
    """Return of how many contracts, rule by rule, somebody is to go and see; of parks, of none.

    None of a scan that has no head to tell it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    counts: dict[str, int] = {}
    newer = pa.array([], pa.string())
    for link in links_of(store, scan):
        head = head_of(store, link, None)
        told = [] if head is None else head.table.column_names
        if head is None or not any(name.startswith(VERIFY) for name in told):
            return None
        ids = head.table.column("contract_id")
        stands = pc.invert(pc.is_in(ids, value_set=newer))
        for name in told:
            if name.startswith(VERIFY):
                some = pc.sum(pc.and_(head.table.column(name), stands)).as_py() or 0
                rule = name.removeprefix(VERIFY)
                counts[rule] = counts.get(rule, 0) + some
        newer = pa.concat_arrays([newer, *ids.chunks])
    return counts


def counted(statuses: pa.ChunkedArray) -> Counter[str]:
    """Return how often each status is among some."""
    import pyarrow.compute as pc

    found = Counter[str]()
    for some in statuses.chunks:  # each may have a dictionary of its own
        for pair in pc.value_counts(some.drop_null()).to_pylist():
            found[str(pair["values"])] += int(pair["counts"])
    return found


def _heads(store: Store, scan: ScanSummary, only: tuple[str, ...]) -> Iterator[pa.Table]:
    """Yield the heads of a kept scan and of those it builds upon, newest first."""
    for link in links_of(store, scan):
        head = head_of(store, link, only)
        assert head is not None  # a difference is kept only to a scan that has a head
        yield head.table
