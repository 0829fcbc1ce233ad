"""How a store stands: what came last, what is expected of whom, what is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from landwatch import bootstrap
from landwatch.commands.sampling import latest_audit
from landwatch.commands.store_doctor import store_health
from landwatch.commands.telling import each_known
from landwatch.errors import UsageError
from landwatch.language.columns import Kind
from landwatch.language.sources import AS_FILES, SOURCES
from landwatch.language.terms import Rhythm
from landwatch.operations.run import without_password

if TYPE_CHECKING:
    from landwatch.scan.audit import Audit
    from landwatch.scan.freshness_figures import Freshness
    from landwatch.store import Expected, ImportReceipt, RhythmAct, ScanSummary, Store
    from landwatch.store.ailments import Ailment
    from landwatch.store.receipts import WithdrawnImport

MOST_GRACE_DAYS = 366


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """Where a store is and what it is; the size of a server's is not told."""

    url: str
    form: Literal["geopackage", "postgis"]
    version: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """How a store stands on a day, by what it knew at a moment (None: now).

    `ailments` are those told without reading rows; `audit` is what the latest sample with a verdict
    says, None where there is none.
    """

    store: StoreFacts
    as_of: date
    known_at: datetime | None
    last_import: ImportReceipt | None
    last_scan: ScanSummary | None
    withdrawn: tuple[tuple[ImportReceipt, WithdrawnImport], ...]
    freshness: Freshness
    versions: Mapping[str, str]
    ailments: tuple[Ailment, ...]
    audit: Audit | None


def status(
    url: str, as_of: date, *, known_at: datetime | None = None, all_named: bool = False
) -> Status:
    """Return how the store stands; of what a source lacks the first are named, or all."""
    from landwatch.scan.freshness_at import freshness_at
    from landwatch.scan.freshness_figures import NAMED

    store = bootstrap.the_store(url)
    imports = [one for one in store.imports() if known_at is None or one.recorded_at <= known_at]
    scans = [one for one in store.scans() if known_at is None or one.made_at <= known_at]
    back = store.withdrawn_imports(known_at)
    fresh = freshness_at(store, as_of, known_at, named=None if all_named else NAMED)
    standing = [one for one in imports if one.import_id not in back]
    return Status(
        _facts(url),
        as_of,
        known_at,
        standing[-1] if standing else None,
        scans[-1] if scans else None,
        tuple((one, back[n]) for one in imports if (n := one.import_id or 0) in back),
        fresh,
        *store_health(store, url),
        latest_audit(store),
    )


def _facts(url: str) -> StoreFacts:
    from landwatch.store.schema import newest_version

    if url.startswith("postgresql"):
        shown = without_password(url)
        return StoreFacts(shown, "postgis", newest_version(), None)
    path = Path(url.removeprefix("sqlite+gpkg:///")).expanduser()
    return StoreFacts(str(path), "geopackage", newest_version(), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is expected now, every act that led there, and how the zones are called."""

    expected: tuple[Expected, ...]
    acts: tuple[RhythmAct, ...]
    zones: Mapping[str, str]


def sources(url: str, *, known_at: datetime | None = None) -> Sources:
    """Return what is expected of which source, and who said so when."""
    rhythms = (store := bootstrap.the_store(url)).rhythms
    return Sources(
        tuple(rhythms.in_force(known_at)), tuple(rhythms.acts(known_at)), _zones(store, known_at)
    )


def expect_source(
    url: str, source: str, rhythm: str, *, zone: str | None = None, grace_days: int = 0, by: str
) -> bool:
    """Record how often a source is expected; return whether that is new.

    Raises:
        UnknownNameError: no such source, rhythm or zone; the nearest is offered.
        UsageError: a zone for a source that comes as one file, or too many days of grace.
    """
    store = _checked(url, source, zone)
    each_known("what.rhythm", [rhythm], list(Rhythm))
    if not 0 <= grace_days <= MOST_GRACE_DAYS:
        raise UsageError("error.grace", days=grace_days, most=MOST_GRACE_DAYS)
    return store.rhythms.expect(source, zone, Rhythm(rhythm), grace_days, by=by)


def drop_source(url: str, source: str, *, zone: str | None = None, by: str) -> bool:
    """Record that a source is no longer expected; return whether it was.

    Raises:
        UnknownNameError: no such source; the nearest is offered.
    """
    each_known("what.source", [source], SOURCES)
    return bootstrap.the_store(url).rhythms.drop(source, zone, by=by)


def receive_source(url: str, source: str, *, by: str) -> None:
    """Record that a file source came and told nothing new.

    Raises:
        UnknownNameError: no such source; the nearest is offered.
        UsageError: a source of progress, whose reports are imported.
    """
    each_known("what.source", [source], SOURCES)
    if source not in AS_FILES:
        raise UsageError("error.source_received", source=source)
    bootstrap.the_store(url).rhythms.received(source, by=by)


def _checked(url: str, source: str, zone: str | None) -> Store:
    store = bootstrap.the_store(url)
    each_known("what.source", [source], SOURCES)
    if zone is not None:
        if source in AS_FILES:
            raise UsageError("error.source_zone", source=source)
        each_known("what.zone", [zone], _zones(store, None))
    return store


def _zones(store: Store, known_at: datetime | None) -> dict[str, str]:
    table = store.columns(Kind.ZONES, known_at=known_at, only=("zone_id", "name"))
    rows = table.select(["zone_id", "name"]).to_pylist()
    return {row["zone_id"]: row["name"] for row in rows if row["zone_id"] is not None}
