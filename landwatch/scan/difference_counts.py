"""What a scan that is kept as a difference comes to: its counts, and whether another is equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landwatch.lawbook.policy import About
from landwatch.scan.differences import ABOUT, RULE, head_of, opened, whole_parts

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.store import ScanSummary, Store


def unequal(store: Store, one: ScanSummary, other: ScanSummary) -> list[str]:
    """Return the rules of which two kept scans have other outcomes: none, if both are right."""
    pairs = zip(whole_parts(store, one), whole_parts(store, other), strict=True)
    return [
        first.labels[RULE]
        for first, second in pairs
        if first.labels != second.labels or not first.table.equals(second.table)
    ]


def decided_again(store: Store, scan: ScanSummary) -> int | None:
    """Return how many contracts a kept scan decided; None where it decided all."""
    head = head_of(store, scan) if scan.base_scan_id is not None else None
    return None if head is None else head.table.num_rows


def counts_of(store: Store, parts: Sequence[bytes], base: ScanSummary) -> dict[str, dict[str, int]]:
    """Return how many contracts have each status, rule by rule, of a difference to a kept scan.

    They are the counts of that scan, without the outcomes that are replaced and with the new ones.
    """
    head, *others = (opened(part, ("status",)) for part in parts)
    replaced = _replaced(store, base, head.table.column("contract_id"))
    counts = {}
    for part, before in zip(others, whole_parts(store, base, ("status",)), strict=True):
        found = _counted(part.table)
        if part.labels[ABOUT] == About.CONTRACT:
            found.update(base.counts[part.labels[RULE]])
            found.subtract(_counted(before.table.filter(replaced)))
        counts[part.labels[RULE]] = {status: many for status, many in found.items() if many}
    return counts


def _replaced(store: Store, base: ScanSummary, contracts: pa.ChunkedArray) -> pa.Array | None:
    """Return which rows of a scan's rules about contracts are of these contracts."""
    import pyarrow.compute as pc

    for part in whole_parts(store, base, ("contract_id",)):
        if part.labels[ABOUT] == About.CONTRACT:
            ids = part.table.column("contract_id")
            return pc.is_in(ids, value_set=contracts.combine_chunks())
    return None


def _counted(outcomes: pa.Table) -> Counter[str]:
    import pyarrow.compute as pc

    pairs = pc.value_counts(outcomes.column("status")).to_pylist()
    return Counter({str(pair["values"]): int(pair["counts"]) for pair in pairs})
