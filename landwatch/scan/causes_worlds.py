"""What the same contracts come to where knowledge, day and law are moved one at a time.

The world of the first scan and that of the second differ in three things. Here every mixture of
them is scanned again, for the contracts that changed: so a cause is shown and never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from landwatch.language.terms import Gravity
from landwatch.lawbook.policy import About, Policy
from landwatch.scan.account import Account, account, scope_of
from landwatch.scan.adoption import adoption_on
from landwatch.scan.dossier import Ledger
from landwatch.scan.narrowing import ledger_of
from landwatch.scan.reading import Dossier, Reading, Subject
from landwatch.scan.run import Adopted, decide
from landwatch.store import ScanSummary, Scope, Store

Row = Mapping[str, Any]
Places = Mapping[tuple[Any, int], Any]


class Factor(StrEnum):
    """What may differ between two scans, in the order in which it is moved."""

    KNOWLEDGE = "knowledge"
    DAY = "day"
    LAW = "law"


Moved = frozenset[Factor]
"""What stands as in the second scan; the rest as in the first."""
EVERYTHING: Moved = frozenset(Factor)


@dataclass(frozen=True, slots=True)
class ScanSide:
    """One of the two scans: its day, its knowledge, its law and where that was adopted."""

    summary: ScanSummary
    lawbook: Mapping[str, Policy]
    scopes: Mapping[str, tuple[Scope, ...]]

    @classmethod
    def of(cls, store: Store, summary: ScanSummary, lawbook: Mapping[str, Policy]) -> ScanSide:
        """Return the side of a scan that judged by `lawbook`."""
        scopes: dict[str, tuple[Scope, ...]] = {}
        for held in store.adoptions(summary.known_at):
            scopes[held.policy_id] = (*scopes.get(held.policy_id, ()), held.scope)
        return cls(
            summary,
            {name: lawbook[name] for name in summary.policies if name in lawbook},
            {name: scopes.get(name, ()) for name in summary.policies},
        )

    @property
    def as_of(self) -> date:
        """Return the day of the scan."""
        return self.summary.as_of

    @property
    def known_at(self) -> datetime:
        """Return the moment whose knowledge it used."""
        return self.summary.known_at

    def law_of(self, policy_id: str) -> tuple[str, frozenset[Scope]] | None:
        """Return what its law says: a version and where it holds; None where it has none."""
        policy = self.lawbook.get(policy_id)
        return None if policy is None else (policy.version, frozenset(self.scopes[policy_id]))


@dataclass(frozen=True, slots=True)
class Seen:
    """One contract (or park) by one rule in one of the worlds; no account where it is not there."""

    as_of: date
    taken: Account | None
    dossier: Dossier | None
    scope_open: bool | None
    places: Places


class Worlds:
    """The mixtures of two scans for some contracts and rules."""

    def __init__(
        self,
        store: Store,
        sides: Sequence[ScanSide],
        wanted: Mapping[str, Collection[Subject]],
    ) -> None:
        """Scan the mixtures; `wanted` names of each rule the contracts and parks that changed."""
        self._store, self.sides, self._wanted = store, tuple(sides), wanted
        self._subjects = sorted({one for subjects in wanted.values() for one in subjects})
        contracts = [name for about, name in self._subjects if about is About.CONTRACT]
        first = ledger_of(store, sides[0].known_at, contracts)
        same = sides[0].known_at == sides[1].known_at
        second = first if same else ledger_of(store, sides[1].known_at, contracts)
        self._ledgers: tuple[Ledger, Ledger] = (first, second)
        self._rows: dict[tuple[Moved, str, Subject], Row] = {}
        self._seen: dict[Moved, tuple[Mapping[Subject, Dossier], Places]] = {}
        self._held = {one: self._mixed(one) for one in self._mixtures()}

    def factors(self, policy_id: str) -> list[Factor]:
        """Return what differs between the scans for the rules of a policy, in order."""
        before, after = self.sides
        differ = {
            Factor.KNOWLEDGE: before.known_at != after.known_at,
            Factor.DAY: before.as_of != after.as_of,
            Factor.LAW: before.law_of(policy_id) != after.law_of(policy_id),
        }
        return [factor for factor in Factor if differ[factor]]

    def row(self, moved: Moved, rule: str, policy_id: str, subject: Subject) -> Row | None:
        """Return an outcome in one of the worlds, None where there is none."""
        kept = moved & frozenset(self.factors(policy_id))
        return self._rows.get((kept, rule, subject))

    def _mixtures(self) -> list[Moved]:
        before, after = self.sides
        known: list[Moved] = [frozenset()]
        if before.known_at != after.known_at:
            known.append(frozenset({Factor.KNOWLEDGE}))
        days = (
            known if before.as_of == after.as_of else [*known, *(k | {Factor.DAY} for k in known)]
        )
        return days

    def _mixed(self, moved: Moved) -> bool:
        """Scan one knowledge on one day by both laws."""
        before, after = self.sides
        laws = [(moved, before, list(before.lawbook))]
        other = [name for name in after.lawbook if before.law_of(name) != after.law_of(name)]
        laws.append((moved | {Factor.LAW}, after, other))
        day = (after if Factor.DAY in moved else before).as_of
        adopted, names = [], []
        for world, side, policies in laws:
            for policy_id in policies:
                policy = side.lawbook[policy_id]
                rules = tuple(rule for rule in policy.rules if rule.code in self._wanted)
                if rules:
                    scope = adoption_on(side.scopes[policy_id], day)
                    adopted.append(Adopted(replace(policy, rules=rules), scope))
                    names += [world] * len(rules)
        decided = decide(self._ledgers[Factor.KNOWLEDGE in moved], adopted, day)
        for world, outcomes in zip(names, decided, strict=True):
            self._keep(world, outcomes.rule.code, outcomes.rule.about, outcomes.table)
        return True

    def _keep(self, world: Moved, rule: str, about: About, table: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        key = "zone_id" if about is About.PARK else "contract_id"
        names = pa.array(sorted(name for _, name in self._wanted[rule]), type=pa.string())
        for row in table.filter(pc.is_in(table.column(key), value_set=names)).to_pylist():
            self._rows[world, rule, (about, row[key])] = row

    def seen(self, moved: Moved, rule: str, policy_id: str, subject: Subject) -> Seen:
        """Return how a rule decided in one of the worlds, and by which records."""
        moved = moved & frozenset(self.factors(policy_id))
        side = self.sides[Factor.LAW in moved]
        as_of = self.sides[Factor.DAY in moved].as_of
        dossiers, places = self._dossiers(moved - {Factor.LAW})
        row, dossier = self.row(moved, rule, policy_id, subject), dossiers.get(subject)
        policy = side.lawbook.get(policy_id)
        judged = policy.rule(rule) if policy else None
        if row is None or dossier is None or policy is None or judged is None:
            return Seen(as_of, None, dossier, None, places)
        adopted = scope_of(row)
        taken = account(
            policy, judged, dossier.facts, as_of, adopted=adopted, scope_open=row["reason"]
        )
        return Seen(as_of, taken, dossier, adopted, places)

    def _dossiers(self, moved: Moved) -> tuple[Mapping[Subject, Dossier], Places]:
        """Return the dossiers of a knowledge and a day, read when first asked for."""
        if moved not in self._seen:
            side = self.sides[Factor.KNOWLEDGE in moved]
            as_of = self.sides[Factor.DAY in moved].as_of
            ledger = self._ledgers[Factor.KNOWLEDGE in moved]
            with Reading(self._store, as_of, side.known_at, ledger) as reading:
                dossiers = reading.dossiers_of(self._subjects)
                self._seen[moved] = dossiers, reading.places(dossiers.values())
        return self._seen[moved]

    def latest_dossier(self, subject: Subject) -> Dossier | None:
        """Return what is held of a contract or park in the second scan, else in the first."""
        for moved in (frozenset({Factor.KNOWLEDGE, Factor.DAY}), frozenset[Factor]()):
            differing = frozenset(self._mixtures()[-1]) & moved
            found = self._dossiers(differing)[0].get(subject)
            if found is not None:
                return found
        return None


def gravity_in(row: Row | None) -> Gravity | None:
    """Return how grave an outcome is; None where there is none, or its policy does not speak.

    >>> gravity_in({"status": "unknown", "to_verify": True, "adopted": True, "reason": None})
    <Gravity.TO_VERIFY: 'to_verify'>
    """
    if row is None or scope_of(row) is False:
        return None
    return Gravity.of(row["status"], bool(row["to_verify"]))
