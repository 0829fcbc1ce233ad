"""What the store answers with: receipts of imports, adoptions, summaries of scans, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from landwatch.language.columns import Kind
from landwatch.language.records import SourceFile


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What one import brought; `import_id` is None where every row was known already.

    `new` rows are the first of their key, `changed` ones supersede an earlier row of it, and
    `unchanged` ones told nothing else than the latest row of their key: they are not written.
    """

    import_id: int | None
    kind: Kind
    source: SourceFile
    recorded_at: datetime
    recorded_by: str
    new: int
    changed: int
    unchanged: int
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return how many rows were handed in."""
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class Adoption:
    """A policy that holds everywhere (`zone_id` None) or in one zone, since somebody said so."""

    policy_id: str
    zone_id: str | None
    adopted_at: datetime
    adopted_by: str


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """One scan: its day, the moment whose knowledge it used, by what it judged, its counts."""

    scan_id: int | None
    as_of: date
    known_at: datetime
    made_at: datetime
    made_by: str
    landwatch_version: str
    policies: dict[str, str]
    counts: dict[str, dict[str, int]]
    contracts: int


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where a record was read: file, sheet, row, who recorded it when, and its cells as read."""

    record_id: int
    import_id: int
    file_name: str
    sha256: str
    sheet: str | None
    row: int
    recorded_at: datetime
    recorded_by: str
    as_read: dict[str, str]
