"""Keeping a scan: run it on what the store knew at a moment, write every outcome compactly.

One Parquet part a rule holds the outcomes of all contracts, speaking and quiet, so that any of them
can be shown again without a second scan; words are rendered when asked for.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from landwatch import __version__
from landwatch.errors import LawbookError
from landwatch.geo.overlay import locate_parcels
from landwatch.language.columns import Kind
from landwatch.lawbook.policy import About, Policy
from landwatch.scan.adoption import adoption_on
from landwatch.scan.dossier import Ledger
from landwatch.scan.run import Adopted, RuleOutcomes, decide
from landwatch.store import PolicyText, ScanSummary, Scope, Store

if TYPE_CHECKING:
    import pyarrow as pa

_WITH_SHAPES = (Kind.PARCELS, Kind.ZONES)

Told = Callable[[str, int, int], None]
"""What long work tells of its progress: step, done, in all."""


def ledger_at(store: Store, known_at: datetime | None) -> Ledger:
    """Return what the store knew at a moment (None: now), with the place of every parcel."""
    records: dict[Kind, pa.Table] = {
        kind: store.columns(kind, known_at=known_at, geometry=kind in _WITH_SHAPES) for kind in Kind
    }
    located = locate_parcels(records[Kind.PARCELS], records[Kind.ZONES])
    for kind in _WITH_SHAPES:
        records[kind] = records[kind].drop_columns(["geometry"])
    return Ledger(records, located)


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
) -> ScanSummary:
    """Scan all contracts as of a day, keep every outcome, return the summary with its counts.

    The knowledge used is that of `known_at`, else of the moment the scan begins: an import that
    comes while it runs is not half in it. The policies it judges by are kept too, word for word.
    """
    passing = run(store, adopted, as_of, by=by, known_at=known_at, told=told)
    law = (one.policy for one in adopted)
    texts = [
        PolicyText(policy.id, policy.version, f"{policy.id}.yaml", policy.text) for policy in law
    ]
    store.keep_policy_texts(texts, by=by)
    kept = store.scan(store.save_scan(passing, passing.parts))
    assert kept is not None  # just written
    return kept


def run(
    store: Store,
    adopted: Sequence[Adopted],
    as_of: date,
    *,
    by: str,
    known_at: datetime | None = None,
    told: Told | None = None,
) -> PassingScan:
    """Scan all contracts as of a day by what was known at a moment; nothing is kept."""
    known_at = moment_of_knowledge(store, known_at)
    ledger = ledger_at(store, known_at)
    rules = sum(len(one.policy.rules) for one in adopted)
    parts: list[bytes] = []
    counts: dict[str, dict[str, int]] = {}
    contracts = len(store.known_keys(Kind.CONTRACTS, known_at=known_at))
    for done, outcomes in enumerate(decide(ledger, adopted, as_of), start=1):
        parts.append(part_of(outcomes))
        counts[outcomes.rule.code] = outcomes.counts()
        if told is not None:
            told(outcomes.rule.code, done, rules)
    return PassingScan(
        scan_id=None,
        as_of=as_of,
        known_at=known_at,
        made_at=datetime.now(UTC),
        made_by=by,
        landwatch_version=__version__,
        policies={one.policy.id: one.policy.version for one in adopted},
        counts=counts,
        contracts=contracts,
        parts=tuple(parts),
    )


def part_of(outcomes: RuleOutcomes) -> bytes:
    """Return one rule's outcomes as Parquet, the rule and its policy in the metadata."""
    import pyarrow.parquet as pq

    labels = {
        "rule": outcomes.rule.code,
        "policy": outcomes.policy.id,
        "about": str(outcomes.rule.about),
    }
    buffer = io.BytesIO()
    pq.write_table(outcomes.table.replace_schema_metadata(labels), buffer, compression="zstd")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class KeptOutcomes:
    """The outcomes of one rule of a kept scan; those about parks have a zone and no contract."""

    rule: str
    policy: str
    table: pa.Table
    about: About


def kept_outcomes(store: Store, scan: ScanSummary) -> Iterator[KeptOutcomes]:
    """Return the outcomes of a scan, kept or passing, rule by rule."""
    import pyarrow.parquet as pq

    for part in _parts(store, scan):
        table = pq.read_table(io.BytesIO(part))
        labels = table.schema.metadata or {}
        about = About(labels.get(b"about", b"contract").decode())
        yield KeptOutcomes(labels[b"rule"].decode(), labels[b"policy"].decode(), table, about)


def _parts(store: Store, scan: ScanSummary) -> Iterable[bytes]:
    if isinstance(scan, PassingScan):
        return scan.parts
    assert scan.scan_id is not None  # only a passing scan has none
    return store.scan_parts(scan.scan_id)
