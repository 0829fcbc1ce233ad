"""What a what-if comes to: who moves from which status to which, by rule and by zone, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import Policy, Rule
from landwatch.scan.cure import Cure
from landwatch.scan.supposing import Supposed

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Standing:
    """How a contract or park stands by one rule."""

    status: Status
    gravity: Gravity
    reason: str | None
    measured: Decimal | None
    threshold: Decimal | None
    limit_on: date | None
    amount_wan: Decimal | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract, or a park where `contract_id` is None: who holds it, where, how large."""

    contract_id: str | None
    zone_id: str | None
    parcel_id: str | None = None
    holder: str | None = None
    project: str | None = None
    area_mu: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A contract or park whose status by a rule would be another, and what would cure it then."""

    rule: str
    subject: Subject
    before: Standing
    after: Standing
    cures: tuple[Cure, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contracts (or parks), their exact area, and how many tell none."""

    count: int = 0
    area_mu: Decimal = Decimal(0)
    untold: int = 0

    def with_one(self, area_mu: Decimal | None) -> Tally:
        """Return the tally with one more."""
        told = area_mu or Decimal(0)
        return Tally(self.count + 1, self.area_mu + told, self.untold + (area_mu is None))


@dataclass(frozen=True, slots=True)
class RuleMoves:
    """One rule by both policies: its counts, its sum of money, and who moved."""

    rule: Rule
    before: Mapping[Gravity, int]
    after: Mapping[Gravity, int]
    amount_before_wan: Decimal | None
    amount_after_wan: Decimal | None
    moved: tuple[Moved, ...]
    decided: pa.Table
    """The outcomes of the supposed policy, for the map."""

    def by_change(self) -> dict[tuple[Gravity, Gravity], Tally]:
        """Return the changes of status, the gravest first, each with its tally."""
        found: dict[tuple[Gravity, Gravity], Tally] = {}
        for one in self.moved:
            change = (one.before.gravity, one.after.gravity)
            found[change] = found.get(change, Tally()).with_one(one.subject.area_mu)
        return dict(sorted(found.items(), key=lambda pair: (pair[0][1].rank, pair[0][0].rank)))


@dataclass(frozen=True, slots=True)
class ZoneMoves:
    """The contracts of a zone that would change by any rule, each counted once."""

    zone_id: str | None
    moved: Tally
    newly_breach: Tally
    no_longer_breach: Tally


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change if the policy said other numbers.

    `adopted` is False where the policy is adopted nowhere on the day: it was then decided for all.
    `untouched` are the rules that read nothing of what is supposed.
    """

    policy: Policy
    supposed: tuple[Supposed, ...]
    as_of: date
    known_at: datetime | None
    adopted: bool
    zone_id: str | None
    zone_names: Mapping[str, str]
    contracts: int
    rules: tuple[RuleMoves, ...]
    untouched: tuple[str, ...]

    def moved(self) -> list[Moved]:
        """Return everybody who moved, the gravest outcome first, then by rule and id."""
        every = [one for rule in self.rules for one in rule.moved]
        return sorted(
            every,
            key=lambda one: (
                one.after.gravity.rank,
                one.before.gravity.rank,
                one.rule,
                one.subject.contract_id or "",
                one.subject.zone_id or "",
            ),
        )

    def by_zone(self) -> list[ZoneMoves]:
        """Return the zones with contracts that moved; a contract counts once in each column."""
        return list(_by_zone(self.moved()))


def _by_zone(moved: Sequence[Moved]) -> Iterator[ZoneMoves]:
    every: dict[str | None, list[Moved]] = {}
    for one in moved:
        if one.subject.contract_id is not None:
            every.setdefault(one.subject.zone_id, []).append(one)
    for zone_id in sorted(every, key=lambda zone: (zone is None, zone or "")):
        here = every[zone_id]
        yield ZoneMoves(
            zone_id,
            _once(here),
            _once([one for one in here if one.after.status is Status.BREACH]),
            _once([one for one in here if one.before.status is Status.BREACH]),
        )


def _once(moved: Sequence[Moved]) -> Tally:
    tally = Tally()
    for subject in {one.subject.contract_id: one.subject for one in moved}.values():
        tally = tally.with_one(subject.area_mu)
    return tally
