"""The doctor of a store: whether the database, its rows and its scans agree. It changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import __version__, bootstrap
from landwatch.commands.telling import Told, silent
from landwatch.operations.run import without_password

if TYPE_CHECKING:
    from landwatch.store import ScanSummary, Store
    from landwatch.store.ailments import Ailment

SCANS_READ = 3
"""How many of the latest scans are read, unless all are."""


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """What the doctor saw in a store, gravest first; `every` tells whether he read every row."""

    url: str
    versions: Mapping[str, str]
    every: bool
    ailments: tuple[Ailment, ...]

    @property
    def sick(self) -> bool:
        """Tell whether answers may be wrong or rows be lost."""
        from landwatch.store.ailments import Weight

        return any(one.weight is Weight.WRONG for one in self.ailments)


def doctor_store(url: str, *, every: bool = False, told: Told = silent) -> StoreSeen:
    """Look at a store itself: of its rows and scans at a sample, or at every one.

    Raises:
        StoreError: the store cannot be opened at all; says why.
    """
    from landwatch.store.ailments import gravest_first

    found = list(beside(url))
    store = bootstrap.the_store(url)
    found += store.health.thorough(every=every, told=told)
    found += _of_scans(store, every=every, told=told)
    return StoreSeen(shown(url), versions_of(store), every, tuple(gravest_first(found)))


def store_health(store: Store, url: str) -> tuple[Mapping[str, str], tuple[Ailment, ...]]:
    """Return the versions, and what is told of a store without reading its rows."""
    from landwatch.store.ailments import gravest_first

    return versions_of(store), tuple(gravest_first([*beside(url), *store.health.cheap()]))


def versions_of(store: Store) -> Mapping[str, str]:
    """Return the versions of landwatch, of the tables and of the database."""
    return {"landwatch": __version__, **store.health.versions()}


def shown(url: str) -> str:
    """Return the address of a store without its password."""
    return without_password(url)


def beside(url: str) -> Iterator[Ailment]:
    """Yield what lies beside a file; looked at before SQLite cures what a crash left."""
    from landwatch.store.health_file import around

    path = Path(url.removeprefix("sqlite+gpkg:///")).expanduser()
    if not url.startswith("postgresql") and path.is_file():
        yield from around(path)


def _of_scans(store: Store, *, every: bool, told: Told) -> Iterator[Ailment]:
    """Yield kept scans that cannot be read, or whose outcomes are not those that were counted."""
    gone = store.prunings.every()
    kept = [scan for scan in store.scans() if scan.scan_id not in gone]
    chosen = kept if every else kept[-SCANS_READ:]
    for done, scan in enumerate(chosen):
        told(f"scan {scan.scan_id}", done, len(chosen))
        yield from _of_scan(store, scan)


def _of_scan(store: Store, scan: ScanSummary) -> Iterator[Ailment]:
    import pyarrow as pa
    import pyarrow.compute as pc

    from landwatch.errors import LandwatchError
    from landwatch.scan.kept import kept_outcomes
    from landwatch.store.ailments import wrong

    counted: dict[str, dict[str, int]] = {}
    try:
        for part in kept_outcomes(store, scan):
            pairs = pc.value_counts(part.table.column("status")).to_pylist()
            tally = counted.setdefault(part.rule, {})
            for pair in pairs:
                name = str(pair["values"])
                tally[name] = tally.get(name, 0) + int(pair["counts"])
    except (pa.ArrowException, LandwatchError, OSError, KeyError, ValueError, sqlite3.Error) as bad:
        detail = str(bad).partition("\n")[0][:200]
        yield wrong("scan_unreadable", scan=scan.scan_id, detail=detail)
        return
    differing = sorted(
        rule
        for rule in {*scan.counts, *counted}
        if _told(scan.counts.get(rule, {})) != _told(counted.get(rule, {}))
    )
    if differing:
        rules = ", ".join(differing[:5])
        yield wrong("scan_counts", scan=scan.scan_id, count=len(differing), rules=rules)


def _told(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
