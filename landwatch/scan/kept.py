"""Keeping a scan: run it on what the store knew at a moment, write every outcome compactly.

One Parquet part a rule holds the outcomes of all contracts, speaking and quiet, so that any of them
can be shown again without a second scan; words are rendered when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from landwatch import __version__
from landwatch.errors import LawbookError
from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About, Policy
from landwatch.scan.adoption import adoption_on
from landwatch.scan.differences import ABOUT, HEAD, POLICY, RULE, Part, opened, whole_parts
from landwatch.scan.heads import HeadRows, head_part
from landwatch.scan.incremental import (
    Asked,
    Difference,
    WhyWhole,
    counts_of,
    difference,
)
from landwatch.scan.known import ledger_at
from landwatch.scan.resuming import Decided, Unfinished, stoppable
from landwatch.scan.run import Adopted, Decide, decide
from landwatch.store import PolicyText, ScanSummary, Scope, Store

if TYPE_CHECKING:
    import pyarrow as pa


Told = Callable[[str, int, int], None]
"""What long work tells of its progress: step, done, in all."""


def adopted_policies(
    store: Store, lawbook: Mapping[str, Policy], as_of: date, known_at: datetime | None = None
) -> list[Adopted]:
    """Return the adopted policies with their scope on a day of scan, in order of their id.

    `known_at` leaves out what was adopted or dropped later.

    A policy whose days are over, or have not come, is among them and speaks of nobody.

    Raises:
        LawbookError: a policy is adopted that the lawbook lacks; a scan without it would be silent.
    """
    scopes: dict[str, list[Scope]] = {}
    for held in store.adoptions(known_at):
        scopes.setdefault(held.policy_id, []).append(held.scope)
    for policy_id in scopes.keys() - lawbook.keys():
        raise LawbookError("policy.adopted_lost", policy=policy_id)
    return [
        Adopted(lawbook[policy_id], adoption_on(held, as_of))
        for policy_id, held in sorted(scopes.items())
    ]


@dataclass(frozen=True, slots=True)
class PassingScan(ScanSummary):
    """A scan that was looked at and not kept: it has no number, and holds its outcomes itself."""

    parts: tuple[bytes, ...] = ()


def moment_of_knowledge(store: Store, until: datetime | None = None) -> datetime:
    """Return the moment of the last act known at `until` (None: now): what a scan keeps.

    Any moment between two acts knows the same; a scan of one is a scan of the other.
    """
    return store.latest_moment(until) or until or datetime.now(UTC)


def run_and_keep(
    store: Store,
    adopted: Sequence[Adopted],
    as_of: date,
    *,
    by: str,
    known_at: datetime | None = None,
    told: Told | None = None,
    deciding: Decide = decide,
    least: int | None = None,
    noted: Callable[[WhyWhole], None] | None = None,
    resumed: Callable[[int, int], None] | None = None,
) -> ScanSummary:
    """Scan all contracts as of a day, keep every outcome, return the summary with its counts.

    The knowledge used is that of `known_at`, else of the moment the scan begins: an import that
    comes while it runs is not half in it. The policies it judges by are kept too, word for word.
    `deciding` is who decides: this process, or many workers. From `least` contracts on (None:
    never), only what can be different from a kept scan is decided again (`scan.incremental`);
    `noted` is told where and why that cannot be done; `resumed` how many rules of how many were
    decided before, by a scan that was stopped.

    Raises:
        ScanStoppedError: somebody did, or `told` raised OutOfTimeError; the next goes on.
    """
    asked = Asked(adopted, as_of, moment_of_knowledge(store, known_at))
    ours = deciding is decide
    with stoppable(asked, in_pieces=not ours) as begun:
        found = None if least is None else difference(store, asked, least=least)
        if isinstance(found, WhyWhole) and noted is not None:
            noted(found)
        if isinstance(found, Difference):
            passing = _of_difference(store, asked, found, by)
        elif ours:
            begun.whole = Unfinished(store, asked, by=by)
            passing = _whole(store, asked, by, told, begun.whole)
        else:
            passing = _spread(store, asked, by, told, deciding)
        _keep_law(store, adopted, by)
        mark = None if begun.whole is None else begun.whole.fingerprint
        kept = store.scan(store.save_scan(passing, passing.parts, mark))
    if begun.whole is not None and begun.whole.before and resumed is not None:
        resumed(begun.whole.before, begun.whole.rules)
    assert kept is not None  # just written
    return kept


def _keep_law(store: Store, adopted: Sequence[Adopted], by: str) -> None:
    law = (one.policy for one in adopted)
    texts = [
        PolicyText(policy.id, policy.version, f"{policy.id}.yaml", policy.text) for policy in law
    ]
    store.keep_policy_texts(texts, by=by)


def _whole(
    store: Store, asked: Asked, by: str, told: Told | None, unfinished: Unfinished
) -> PassingScan:
    """Scan all contracts, with what a later scan needs to build upon this one."""
    found = unfinished.decided(lambda: ledger_at(store, asked.known_at))
    passing = _put_together(store, asked, by, found, told)
    return replace(passing, parts=(unfinished.head(), *passing.parts))


def _spread(
    store: Store, asked: Asked, by: str, told: Told | None, deciding: Decide
) -> PassingScan:
    """Have many workers scan all contracts, with what a later scan needs to build upon this one."""
    knowledge, rows = store.mark_of_knowledge(asked.known_at), HeadRows()
    ledger = ledger_at(store, asked.known_at)
    found = rows.noting(deciding(ledger, asked.adopted, asked.as_of, for_later=True))
    passing = _put_together(store, asked, by, map(Decided.of, found), told)
    head = head_part(asked.adopted, knowledge, rows.table())
    return replace(passing, parts=(head, *passing.parts))


def _of_difference(store: Store, asked: Asked, found: Difference, by: str) -> PassingScan:
    counts = counts_of(store, found.parts, found.base)
    return PassingScan(
        scan_id=None,
        as_of=asked.as_of,
        known_at=asked.known_at,
        made_at=datetime.now(UTC),
        made_by=by,
        landwatch_version=__version__,
        policies=found.base.policies,
        counts=counts,
        contracts=_contracts(store, asked, counts),
        base_scan_id=found.base.scan_id,
        parts=found.parts,
    )


def _contracts(store: Store, asked: Asked, counts: Mapping[str, Mapping[str, int]]) -> int:
    """Return how many contracts were scanned: each has one outcome of each rule."""
    for one in asked.adopted:
        for rule in one.policy.rules:
            if rule.about is About.CONTRACT:
                return sum(counts[rule.code].values())
    return len(store.known_keys(Kind.CONTRACTS, known_at=asked.known_at))


def run(
    store: Store,
    adopted: Sequence[Adopted],
    as_of: date,
    *,
    by: str,
    known_at: datetime | None = None,
    told: Told | None = None,
    deciding: Decide = decide,
) -> PassingScan:
    """Scan all contracts as of a day by what was known at a moment; nothing is kept."""
    asked = Asked(adopted, as_of, moment_of_knowledge(store, known_at))
    found = deciding(ledger_at(store, asked.known_at), adopted, as_of)
    return _put_together(store, asked, by, map(Decided.of, found), told)


def _put_together(
    store: Store, asked: Asked, by: str, decided: Iterable[Decided], told: Told | None
) -> PassingScan:
    """Return what was decided as a scan, each rule as it comes."""
    rules = sum(len(one.policy.rules) for one in asked.adopted)
    parts: list[bytes] = []
    counts: dict[str, dict[str, int]] = {}
    contracts = len(store.known_keys(Kind.CONTRACTS, known_at=asked.known_at))
    for done, one in enumerate(decided, start=1):
        parts.append(one.part)
        counts[one.rule] = one.counts
        if told is not None and not one.before:
            told(one.rule, done, rules)
    return PassingScan(
        scan_id=None,
        as_of=asked.as_of,
        known_at=asked.known_at,
        made_at=datetime.now(UTC),
        made_by=by,
        landwatch_version=__version__,
        policies={one.policy.id: one.policy.version for one in asked.adopted},
        counts=counts,
        contracts=contracts,
        parts=tuple(parts),
    )


@dataclass(frozen=True, slots=True)
class KeptOutcomes:
    """The outcomes of one rule of a kept scan; those about parks have a zone and no contract."""

    rule: str
    policy: str
    table: pa.Table
    about: About


def kept_outcomes(
    store: Store, scan: ScanSummary, only: Sequence[str] | None = None
) -> Iterator[KeptOutcomes]:
    """Return the outcomes of a scan, kept or passing, rule by rule.

    `only` names the columns that are wanted where not all are: a few are read in a fraction of the
    time. Figures of a breach are told with all columns alone.
    """
    for part in _parts(store, scan, only):
        labels = part.labels
        about = About(labels.get(ABOUT, About.CONTRACT))
        yield KeptOutcomes(labels[RULE], labels[POLICY], part.table, about)


def _parts(store: Store, scan: ScanSummary, only: Sequence[str] | None) -> Iterator[Part]:
    if isinstance(scan, PassingScan):
        parts = (opened(part, only) for part in scan.parts)
        return (part for part in parts if HEAD not in part.labels)
    return whole_parts(store, scan, only)
