"""Letting the outcomes of old scans go, and giving the freed space back."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.telling import Told, each_known, silent
from landwatch.errors import StoreError

if TYPE_CHECKING:
    from landwatch.store import Store
    from landwatch.store.prunings import Fate, Retention


@dataclass(frozen=True, slots=True)
class Compacted:
    """What giving space back came to: the size of the file before and after."""

    before_bytes: int
    after_bytes: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """What became of every scan; on a dry run what would.

    `freed_bytes` is what the outcomes took that went; a GeoPackage keeps the room and uses it again
    until it is compacted. `works` are unfinished scans that were swept.
    """

    fates: tuple[Fate, ...]
    freed_bytes: int
    works: int
    dry_run: bool
    on_server: bool
    compacted: Compacted | None = None


def prune(
    url: str,
    rule: Retention,
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    compact: bool = False,
    told: Told = silent,
) -> Pruned:
    """Let the outcomes of scans go that no rule keeps; counts, days and law stay for ever.

    Raises:
        UnknownNameError: a scan that is to be kept is not there.
        StoreError: there is no room to compact.
    """
    from landwatch.store.prunings import Fate, fates

    store = bootstrap.the_store(url)
    now = datetime.now(UTC)
    scans = store.prunings.scans()
    each_known("store.scan", [str(n) for n in rule.named], [str(one.scan_id) for one in scans])
    found = fates(scans, rule, now)
    going = [fate for fate in reversed(found) if fate.goes]
    path = _file(url)
    if compact and path is not None and not dry_run:
        _room_to_compact(path)
    gone: dict[int, bool] = {}
    for done, fate in enumerate(going if not dry_run else ()):
        told(str(fate.scan.scan_id), done, len(going))
        gone[fate.scan.scan_id] = store.prunings.prune(fate.scan.scan_id, by=by, reason=reason)
    works = store.prunings.stale_works(now) if dry_run else store.prunings.sweep_works(now)
    after = tuple(
        fate if gone.get(fate.scan.scan_id, True) else Fate(fate.scan, False, "meanwhile")
        for fate in found
    )
    squeezed = _compacted(store, path) if compact and path is not None and not dry_run else None
    freed = sum(fate.scan.bytes for fate in after if fate.goes)
    return Pruned(after, freed, works, dry_run, path is None, squeezed)


def _file(url: str) -> Path | None:
    """Return the file of a store, None for a server."""
    if url.startswith("postgresql"):
        return None
    return Path(url.removeprefix("sqlite+gpkg:///")).expanduser()


def _room_to_compact(path: Path) -> None:
    """Hold the disks to what a compaction needs: a copy while it works, and a journal.

    Raises:
        StoreError: there is less room.
    """
    needed = path.stat().st_size
    for folder in {path.absolute().parent, Path(tempfile.gettempdir())}:
        free = shutil.disk_usage(folder).free
        if free < needed:
            told = {"folder": str(folder), "needed": _mb(needed), "free": _mb(free)}
            raise StoreError("error.no_room_to_compact", **told)


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f}"


def _compacted(store: Store, path: Path) -> Compacted:
    before = path.stat().st_size
    store.health.compact()
    return Compacted(before, path.stat().st_size)
