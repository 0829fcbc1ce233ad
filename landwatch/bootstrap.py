"""The only place that picks parts: which store, which lawbook, which workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch.errors import LawbookError, UsageError
from landwatch.lawbook.draft import read_policy
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.shelf import shelf
from landwatch.store import ScanSummary, Store, create_store, open_store

if TYPE_CHECKING:
    from landwatch.scan.run import Decide

_read = lru_cache(maxsize=256)(read_policy)
"""The same text is the same policy."""


def the_store(url: str) -> Store:
    """Return the store of a path or URL.

    Raises:
        StoreMissingError: nothing there yet; says how to make one.
        StoreError: it cannot be opened.
    """
    return open_store(url)


def a_new_store(url: str) -> Store:
    """Return the store of a path or URL, made or upgraded where needed."""
    return create_store(url)


def the_lawbook(
    store: Store | None = None, *, without: str | None = None, known_at: datetime | None = None
) -> Mapping[str, Policy]:
    """Return the policies by id: those on the shelf, and a store's own in their place.

    `without` leaves one of them out, which is about to be replaced. `known_at` asks for the law as
    the store knew it at a moment: what was brought by then, and of the shelf the versions that the
    last scan of that knowledge judged by.

    Raises:
        LawbookError: a text that was brought to the store does not say what this version needs.
    """
    own = {} if store is None else store.brought_texts(known_at)
    policies = dict(shelf())
    if store is not None and known_at is not None:
        policies |= _law_then(store, known_at)
    if without is not None:
        own.pop(without, None)
        policies.pop(without, None)
    for text in own.values():
        try:
            policies[text.policy_id] = _read(text.content, text.file_name)
        except LawbookError as problem:
            raise LawbookError(
                "policy.own_unreadable",
                policy=text.policy_id,
                file=text.file_name,
                version=text.version,
                problem=problem,
            ) from None
    return policies


def _law_then(store: Store, known_at: datetime) -> Mapping[str, Policy]:
    """Return the policies as the first scan of the latest knowledge until then judged by them."""
    then = [scan for scan in store.scans() if scan.known_at <= known_at]
    if not then:
        return {}
    latest = max(scan.known_at for scan in then)
    return lawbook_of(store, next(scan for scan in then if scan.known_at == latest))


def lawbook_of(store: Store, scan: ScanSummary) -> Mapping[str, Policy]:
    """Return the policies that a kept scan judged by, in the wording that it judged by.

    A scan of a landwatch that kept no texts is told by the shelf of today; whoever shows it says so
    where the version differs.

    Raises:
        LawbookError: a policy of the scan can no longer be read, and the shelf has none of its id.
    """
    found = {}
    for policy_id, version in scan.policies.items():
        policy = policy_as_it_was(store, policy_id, version) or shelf().get(policy_id)
        if policy is None:
            raise LawbookError("policy.version_lost", policy=policy_id, version=version)
        found[policy_id] = policy
    return found


def policy_as_it_was(store: Store, policy_id: str, version: str) -> Policy | None:
    """Return a version of a policy, None where no text of it is kept that can still be read."""
    on_the_shelf = shelf().get(policy_id)
    if on_the_shelf is not None and on_the_shelf.version == version:
        return on_the_shelf
    text = store.policy_text(policy_id, version)
    try:
        return None if text is None else _read(text, f"{policy_id}.yaml")
    except LawbookError:
        return None  # written in the rule language of another version


def photos_beside(url: str) -> Path | None:
    """Return the folder for photos beside an embedded store; a server has none."""
    if url.startswith("postgresql"):
        return None
    path = Path(url.removeprefix("sqlite+gpkg:///"))
    return path.with_name(path.stem + "-photos")


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works on a scan: this process, so many of this machine, or the workers of a cluster.

    `pieces` is the folder where the ledger is laid out for them.
    """

    workers: int | None = None
    cluster: str | None = None
    pieces: Path | None = None


THIS_PROCESS = Crew()
_PIECES_OF_A_WORKER, _PIECES_OF_A_CLUSTER = 3, 64


def the_crew(
    url: str,
    crew: Crew,
    told: Callable[[str, int, int], None],
    resumed: Callable[[int, int], None] | None = None,
) -> Decide:
    """Return what decides the ledger of a store: this process, or many workers.

    `resumed` hears how many pieces of how many the workers of a stopped scan had finished.

    Raises:
        UsageError: workers of two sorts are asked for, or there is no place for the pieces.
    """
    from landwatch.scan.run import decide

    if crew.workers is None and crew.cluster is None:
        if crew.pieces is not None:
            raise UsageError("cluster.pieces_alone")
        return decide
    if crew.workers is not None and crew.cluster is not None:
        raise UsageError("cluster.both")
    from landwatch.scan.cluster import Cluster, Processes, library
    from landwatch.scan.cutting import CONTRACTS, Size
    from landwatch.scan.spread import Spread

    library()  # before long work: it may not be installed
    folder = _place_of_pieces(url, crew)
    if crew.cluster is not None:
        return Spread(
            Cluster(crew.cluster), folder, Size(CONTRACTS, _PIECES_OF_A_CLUSTER), told, resumed
        ).decide
    assert crew.workers is not None  # one of the two is asked for
    size = Size(CONTRACTS, _PIECES_OF_A_WORKER * crew.workers)
    return Spread(Processes(crew.workers), folder, size, told, resumed).decide


def _place_of_pieces(url: str, crew: Crew) -> Path:
    """Return the folder that is told, else one beside an embedded store, else one of this user."""
    server = url.startswith("postgresql")
    if crew.pieces is None and server and crew.cluster is not None:
        raise UsageError("cluster.no_folder")
    path = Path(url.removeprefix("sqlite+gpkg:///")).absolute()
    beside = path.with_name(f".{path.name}.pieces")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = crew.pieces or (cache / "landwatch" / "pieces" if server else beside)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise UsageError("cluster.folder_unwritable", folder=str(folder), why=why) from None
    return folder.resolve()
