"""What a scan that is kept as a difference comes to: its counts, and whether another is equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landwatch.lawbook.policy import About
from landwatch.scan.differences import ABOUT, RULE, head_of, opened, whole_parts
from landwatch.scan.heads import counted, statuses_of

if TYPE_CHECKING:
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
    head, *others = parts
    replaced = opened(head, ("contract_id",)).table.column("contract_id").combine_chunks()
    told = [opened(content, ("status",)) for content in others]
    of_contracts = [part.labels[RULE] for part in told if part.labels[ABOUT] == About.CONTRACT]
    before = statuses_of(store, base, replaced, of_contracts)
    counts = {}
    for part in told:
        found, rule = counted(part.table.column("status")), part.labels[RULE]
        if rule in before:
            found.update(base.counts[rule])
            found.subtract(before[rule])
        counts[rule] = {status: many for status, many in found.items() if many}
    return counts
