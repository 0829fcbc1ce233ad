"""How fresh what a store knew at a moment was on a day: read, then worked out."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind
from landwatch.language.sources import AS_FILES
from landwatch.scan.freshness import freshness
from landwatch.scan.freshness_figures import NAMED, Freshness, Told
from landwatch.scan.freshness_sql import COLUMNS
from landwatch.scan.known import places_at
from landwatch.store import MirroredRows, Store

if TYPE_CHECKING:
    import pyarrow as pa


def freshness_at(
    store: Store, as_of: date, known_at: datetime | None, *, named: int | None = NAMED
) -> Freshness:
    """Return how fresh the ledger was on a day, by what the store knew at a moment (None: now)."""
    return freshness(told_at(store, known_at), as_of, named=named)


def told_at(store: Store, known_at: datetime | None) -> Told:
    """Return what a store knew at a moment, as freshness needs it."""
    mirrored = store.mirrored(known_at)
    records: dict[Kind, pa.Table | MirroredRows] = {
        kind: store.columns(kind, known_at=known_at, only=names)
        if mirrored is None
        else mirrored[kind]
        for kind, names in COLUMNS.items()
    }
    imports = [one for one in store.imports() if known_at is None or one.recorded_at <= known_at]
    arrivals: dict[str, list[datetime]] = {source: [] for source in AS_FILES}
    back = store.withdrawn_imports(known_at)
    for one in imports:
        if one.kind in arrivals and one.import_id not in back:
            arrivals[one.kind].append(one.recorded_at)
    for act in store.rhythms.acts(known_at):
        if act.act == "received" and act.source in arrivals:
            arrivals[act.source].append(act.recorded_at)
    return Told(
        records,
        expected=store.rhythms.in_force(known_at),
        recorded_at={one.import_id: one.recorded_at for one in imports if one.import_id},
        arrivals=arrivals,
        located=places_at(store, known_at, records),
    )
