"""Scanning the ledger as of a day, and finding a kept scan again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError
from landwatch.language.terms import Gravity

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Words
    from landwatch.store import ScanSummary, Store


@dataclass(frozen=True, slots=True)
class Scanned:
    """A kept scan, how many outcomes it has of each gravity, and what its rules are called."""

    summary: ScanSummary
    gravities: Mapping[Gravity, int]
    titles: Mapping[str, Words]

    def at_or_above(self, level: str) -> int:
        """Return how many outcomes are at least as grave as a level of `--fail-on`."""
        limit = Gravity(level).rank
        return sum(count for gravity, count in self.gravities.items() if gravity.rank <= limit)


def scan(url: str, as_of: date, *, by: str, told: Told = silent) -> Scanned:
    """Scan every contract against every adopted rule as of a day, and keep the outcomes."""
    from landwatch.scan.kept import adopted_policies, run_and_keep

    store = bootstrap.the_store(url)
    adopted = adopted_policies(store, bootstrap.the_lawbook(store), as_of)
    summary = run_and_keep(store, adopted, as_of, by=by, told=told)
    titles = {rule.code: rule.title for one in adopted for rule in one.policy.rules}
    return Scanned(summary, _gravities(store, summary), titles)


def _gravities(store: Store, summary: ScanSummary) -> dict[Gravity, int]:
    import pyarrow.compute as pc

    from landwatch.scan.kept import kept_outcomes

    found: dict[Gravity, int] = {}
    assert summary.scan_id is not None
    for kept in kept_outcomes(store, summary.scan_id):
        verify = int(pc.sum(kept.table.column("to_verify")).as_py() or 0)
        for pair in pc.value_counts(kept.table.column("status")).to_pylist():
            gravity, count = Gravity(pair["values"]), int(pair["counts"])
            if gravity is Gravity.UNKNOWN:
                found[Gravity.TO_VERIFY] = found.get(Gravity.TO_VERIFY, 0) + verify
                count -= verify
            found[gravity] = found.get(gravity, 0) + count
    return found


def kept_scan(store: Store, scan_id: int | None) -> ScanSummary:
    """Return a kept scan, the latest where none is named.

    Raises:
        UsageError: nothing has been scanned yet.
        UnknownNameError: no scan of that number.
    """
    summary = store.scan(scan_id)
    if summary is None:
        raise UsageError("error.no_scan")
    return summary
