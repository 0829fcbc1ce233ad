"""Scanning the ledger as of a day, and finding a kept scan again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.patience import AS_SET, Patience
from landwatch.commands.telling import Told, silent
from landwatch.errors import LawbookError, UsageError, Worded
from landwatch.language.terms import Gravity

if TYPE_CHECKING:
    from landwatch.lawbook.policy import Policy, Words
    from landwatch.scan.freshness_figures import Freshness
    from landwatch.scan.run import Adopted, Decide
    from landwatch.store import ScanSummary, Store


@dataclass(frozen=True, slots=True)
class Scanned:
    """A kept scan, how many outcomes it has of each gravity, and what its rules are called.

    `freshness` tells how fresh the ledger was, by the same day and knowledge; `past` that this was
    the knowledge of a moment before others. `again` is how many contracts were decided where the
    others are as a kept scan has them, `whole` why all were, `verified` the rules of which a full
    scan has other outcomes (None: nobody asked). `resumed` is how many rules of how many a scan
    that was stopped had decided, `pieces` the same of its workers; `shared` tells that another
    made this very scan meanwhile. `edited` counts by table how often another program altered rows:
    such a cell speaks unseen.
    """

    summary: ScanSummary
    gravities: Mapping[Gravity, int]
    titles: Mapping[str, Words]
    freshness: Freshness | None = None
    past: bool = False
    again: int | None = None
    whole: Worded | None = None
    verified: tuple[str, ...] | None = None
    resumed: tuple[int, int] | None = None
    pieces: tuple[int, int] | None = None
    shared: bool = False
    edited: Mapping[str, int] = field(default_factory=dict)

    def at_or_above(self, level: str) -> int:
        """Return how many outcomes are at least as grave as a level of `--fail-on`."""
        limit = Gravity(level).rank
        return sum(count for gravity, count in self.gravities.items() if gravity.rank <= limit)


def scan(
    url: str,
    as_of: date,
    *,
    by: str,
    known_at: datetime | None = None,
    told: Told = silent,
    crew: bootstrap.Crew = bootstrap.THIS_PROCESS,
    full: bool | None = None,
    verify: bool = False,
    patience: Patience = AS_SET,
) -> Scanned:
    """Scan every contract against every adopted rule as of a day, and keep the outcomes.

    `known_at` scans by what was known at a moment that is past: ledger, adoptions and law. `crew`
    is who works on it. Unless `full`, contracts that cannot be different are taken over from a kept
    scan; by itself (None) only where there are many. `verify` makes a full scan too and compares.

    One scan of a store is made at a time. Where another made the very same while this one waited
    for it, that one is returned.

    Raises:
        StoreBusyError: another scan did not end within the `patience`.
        ScanStoppedError: it was stopped, or took all the time it had; the next goes on.
    """
    from landwatch.scan.incremental import WORTH, Asked
    from landwatch.scan.kept import adopted_policies, moment_of_knowledge, run_and_keep
    from landwatch.scan.resuming import made_meanwhile

    store = bootstrap.the_store(url)
    before = {one.scan_id for one in store.scans()}
    with patience.alone(store, by):
        lawbook = bootstrap.the_lawbook(store, known_at=known_at)
        adopted = adopted_policies(store, lawbook, as_of, known_at)
        law = [one.policy for one in adopted]
        if not full and not verify:
            asked = Asked(adopted, as_of, moment_of_knowledge(store, known_at))
            theirs = made_meanwhile(store, asked, before)
            if theirs is not None:
                return replace(_scanned(store, theirs, law), shared=True)
        heard = patience.hearing(told)
        pieces: list[tuple[int, int]] = []
        deciding = bootstrap.the_crew(url, crew, heard, lambda done, of: pieces.append((done, of)))
        why: list[Worded] = []
        resumed: list[tuple[int, int]] = []
        summary = run_and_keep(
            store, adopted, as_of, by=by, known_at=known_at, told=heard, deciding=deciding,
            least={None: WORTH, True: None, False: 0}[full], noted=why.append,
            resumed=lambda done, of: resumed.append((done, of)),
        )  # fmt: skip
        done = _verified(store, summary, adopted, heard, deciding) if verify else None
    done = done or _decided(store, summary, law)
    told_why = why[0] if why and full is False else None
    return replace(
        done, whole=told_why, resumed=resumed[0] if resumed else None,
        pieces=pieces[0] if pieces else None,
    )  # fmt: skip


def _decided(store: Store, summary: ScanSummary, law: Iterable[Policy]) -> Scanned:
    from landwatch.scan.incremental import decided_again

    return replace(_scanned(store, summary, law), again=decided_again(store, summary))


def _verified(
    store: Store, summary: ScanSummary, adopted: Sequence[Adopted], told: Told, deciding: Decide
) -> Scanned | None:
    """Hold a scan that built upon another against a full one, which is kept too."""
    from landwatch.scan.incremental import decided_again, unequal
    from landwatch.scan.kept import run_and_keep

    again = decided_again(store, summary)
    if again is None:
        return None
    whole = run_and_keep(
        store, adopted, summary.as_of, by=summary.made_by, known_at=summary.known_at, told=told,
        deciding=deciding,
    )  # fmt: skip
    unlike = tuple(unequal(store, summary, whole))
    done = _scanned(store, whole, [one.policy for one in adopted])
    return replace(done, again=again, verified=unlike)


def scan_again(
    url: str,
    scan_id: int,
    *,
    by: str,
    told: Told = silent,
    crew: bootstrap.Crew = bootstrap.THIS_PROCESS,
    patience: Patience = AS_SET,
) -> Scanned:
    """Scan once more what a kept scan scanned: its day, its knowledge, its law, word for word.

    Raises:
        UnknownNameError: there is no scan of that number.
        LawbookError: a policy of it can no longer be read as it was worded.
    """
    from landwatch.scan.kept import adopted_policies, run_and_keep

    store = bootstrap.the_store(url)
    past = kept_scan(store, scan_id)
    lawbook = {**bootstrap.the_lawbook(store, known_at=past.known_at)}
    lawbook |= bootstrap.lawbook_of(store, past)
    for policy_id, version in past.policies.items():
        if policy_id not in lawbook or lawbook[policy_id].version != version:
            raise LawbookError("policy.version_lost", policy=policy_id, version=version)
    adopted = [
        one
        for one in adopted_policies(store, lawbook, past.as_of, past.known_at)
        if one.policy.id in past.policies
    ]
    resumed: list[tuple[int, int]] = []
    pieces: list[tuple[int, int]] = []
    with patience.alone(store, by):
        heard = patience.hearing(told)
        deciding = bootstrap.the_crew(url, crew, heard, lambda done, of: pieces.append((done, of)))
        summary = run_and_keep(
            store, adopted, past.as_of, by=by, known_at=past.known_at, told=heard,
            deciding=deciding, resumed=lambda done, of: resumed.append((done, of)),
        )  # fmt: skip
    done = _scanned(store, summary, (one.policy for one in adopted))
    return replace(
        done, resumed=resumed[0] if resumed else None, pieces=pieces[0] if pieces else None
    )


def _scanned(store: Store, summary: ScanSummary, policies: Iterable[Policy]) -> Scanned:
    from landwatch.scan.freshness_at import freshness_at

    titles = {rule.code: rule.title for policy in policies for rule in policy.rules}
    fresh = freshness_at(store, summary.as_of, summary.known_at)
    past = summary.known_at < (store.latest_moment() or summary.known_at)
    gravities, edited = _gravities(store, summary), store.health.edited()
    return Scanned(summary, gravities, titles, fresh, past, edited=edited)


def _gravities(store: Store, summary: ScanSummary) -> dict[Gravity, int]:
    import pyarrow.compute as pc

    from landwatch.scan.heads import to_verify_of
    from landwatch.scan.kept import kept_outcomes

    verify = None if summary.scan_id is None else to_verify_of(store, summary)
    if verify is None:
        verify = {
            kept.rule: int(pc.sum(kept.table.column("to_verify")).as_py() or 0)
            for kept in kept_outcomes(store, summary, ("to_verify",))
        }
    found: dict[Gravity, int] = {}
    for rule, counts in summary.counts.items():
        to_verify = verify.get(rule, 0)
        for status, count in counts.items():
            gravity = Gravity(status)
            if gravity is Gravity.UNKNOWN:
                found[Gravity.TO_VERIFY] = found.get(Gravity.TO_VERIFY, 0) + to_verify
                count -= to_verify
            found[gravity] = found.get(gravity, 0) + count
    return found


@dataclass(frozen=True, slots=True)
class Which:
    """Which scan a person means: a number, or a day and a moment of knowledge; else the latest.

    A day and a moment need no scan that was kept: the same outcomes are worked out again.
    """

    scan_id: int | None = None
    as_of: date | None = None
    known_at: datetime | None = None


LATEST = Which()


def scan_meant(store: Store, which: Which = LATEST) -> ScanSummary:
    """Return the scan that is meant; one of a day or a moment that was not kept is made, not kept.

    A kept one of the same day and knowledge is taken where there is one, the latest of them. Where
    only a moment is told, its day is meant; where only a day is, what is known now.

    Raises:
        UsageError: nothing has been scanned yet, or a number is told and a day or moment too, or
            the outcomes of that number were pruned.
        UnknownNameError: no scan of that number.
    """
    from landwatch.scan.kept import adopted_policies, moment_of_knowledge, run

    if which.as_of is None and which.known_at is None:
        meant = kept_scan(store, which.scan_id)
        store.hold_whole(meant.scan_id or 0)
        return meant
    if which.scan_id is not None:
        raise UsageError("error.scan_and_day")
    as_of = which.as_of or _day_of(which.known_at)
    known_at = moment_of_knowledge(store, which.known_at)
    gone = store.prunings.every()
    kept = [
        one
        for one in store.scans()
        if (one.as_of, one.known_at) == (as_of, known_at) and one.scan_id not in gone
    ]
    if kept:
        return kept[-1]
    lawbook = bootstrap.the_lawbook(store, known_at=which.known_at)
    adopted = adopted_policies(store, lawbook, as_of, known_at)
    return run(store, adopted, as_of, by="", known_at=known_at)


def _day_of(moment: datetime | None) -> date:
    assert moment is not None  # told, where no day is
    return moment.astimezone().date()


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
