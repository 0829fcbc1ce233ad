"""Whether what is written of a scan has to say that all of it is made up."""

from __future__ import annotations

from landwatch.demo.marks import is_made_up
from landwatch.language.columns import Kind
from landwatch.store import ScanSummary, Store


def made_up_ledger(store: Store, summary: ScanSummary) -> bool:
    """Tell whether a scan is of the demo's ledger; its parks are a few rows."""
    zones = store.columns(Kind.ZONES, known_at=summary.known_at)
    numbers, names = (zones.column(name).to_pylist() for name in ("zone_id", "name"))
    return is_made_up(zip(numbers, names, strict=True))
