"""The changes between two scans with their causes, contract by contract, as many as are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from landwatch import __version__
from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.policy import About
from landwatch.scan.causes import CauseKind, ChangeCause
from landwatch.scan.causes_day import day_causes
from landwatch.scan.causes_flips import Flips, flips_of
from landwatch.scan.causes_law import LawChanges
from landwatch.scan.causes_ledger import Acts, ledger_causes
from landwatch.scan.causes_worlds import Factor, Row, ScanSide, Worlds
from landwatch.scan.compare import CARRIED, ChangeKind, RuleChanges
from landwatch.scan.reading import Dossier, Subject
from landwatch.store import Store
from landwatch.units import rounded

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 10_000
"""Contracts whose worlds are scanned at a time."""
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a contract or park stands by a rule in one of the scans."""

    status: Status
    gravity: Gravity
    reason: str | None
    measured: Decimal | None
    threshold: Decimal | None
    limit_on: date | None
    days_past: int | None
    amount_wan: Decimal | None
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A contract (or a park, where `contract_id` is None): who holds it, for what, where."""

    contract_id: str | None
    zone_id: str | None
    parcel_id: str | None = None
    holder: str | None = None
    project: str | None = None
    location: str | None = None
    adcode: str | None = None
    area_mu: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one outcome, and why; an outcome that is not there is None."""

    kind: ChangeKind
    rule: str
    policy: str
    holding: Holding
    before: Outcome | None
    after: Outcome | None
    causes: tuple[ChangeCause, ...] = ()

    @property
    def altered(self) -> bool:
        """Tell whether rows that another program altered have a part in it: it proves nothing."""
        return any(cause.kind is CauseKind.EDIT for cause in self.causes)

    @property
    def gravity(self) -> Gravity:
        """Return how grave it is now; of what is gone, how grave it was."""
        stands = self.after or self.before
        assert stands is not None  # one of the scans has it
        return stands.gravity


@dataclass(frozen=True, slots=True)
class _Pair:
    """One changed outcome as the two scans keep it."""

    kind: ChangeKind
    rule: str
    policy: str
    subject: Subject
    rows: tuple[Row | None, Row | None]


def changes_of(
    tables: Sequence[RuleChanges],
    store: Store,
    sides: Sequence[ScanSide],
    *,
    causes: bool = True,
    told: Told | None = None,
) -> Iterator[Change]:
    """Return the changes of the tables, in order of contract and rule, parks last.

    Without `causes` nothing is scanned again, and who holds what is not told either.
    """
    names = _subjects(tables)
    acts = acts_between(store, sides) if causes else None
    law = LawChanges(sides, lawbook_acts(store, sides)) if causes else None
    for start in range(0, len(names), CHUNK):
        chunk = names[start : start + CHUNK]
        pairs = _pairs(tables, chunk)
        if acts is None or law is None:
            yield from (_plain_change(pair) for pair in pairs)
            continue
        wanted: dict[str, set[Subject]] = {}
        for pair in pairs:
            wanted.setdefault(pair.rule, set()).add(pair.subject)
        worlds = Worlds(store, sides, wanted)
        for pair in pairs:
            yield _explained(pair, worlds, acts, law)
        if told is not None:
            told("compare", min(start + CHUNK, len(names)), len(names))


def acts_between(store: Store, sides: Sequence[ScanSide]) -> Acts:
    """Return what people did to the ledger between two scans."""
    return Acts(
        {one.import_id: one for one in store.imports() if one.import_id is not None},
        sides[0].known_at,
        sides[1].known_at,
        store.withdrawn_imports(sides[1].known_at),
    )


def lawbook_acts(store: Store, sides: Sequence[ScanSide]) -> list[Any]:
    """Return what people did to the lawbook between two scans, oldest first."""
    early, late = sorted(side.known_at for side in sides)
    return [act for act in store.lawbook_acts() if early < act.recorded_at <= late]


def _subjects(tables: Sequence[RuleChanges]) -> list[Subject]:
    found: set[Subject] = set()
    for one in tables:
        key = "zone_id" if one.about is About.PARK else "contract_id"
        found.update((one.about, name) for name in one.table.column(key).unique().to_pylist())
    return sorted(found, key=lambda subject: (subject[0] is About.PARK, subject[1]))


def _pairs(tables: Sequence[RuleChanges], subjects: Sequence[Subject]) -> list[_Pair]:
    found = []
    for one in tables:
        key = "zone_id" if one.about is About.PARK else "contract_id"
        names = [name for about, name in subjects if about is one.about]
        for row in _among(one.table, key, names).to_pylist():
            sides = tuple(_side(row, when, one.about) for when in ("before", "after"))
            subject = (one.about, row[key])
            kind = ChangeKind(row["kind"])
            found.append(_Pair(kind, one.rule, one.policy, subject, (sides[0], sides[1])))
    place = {subject: at for at, subject in enumerate(subjects)}
    return sorted(found, key=lambda pair: (place[pair.subject], pair.rule))


def _among(table: pa.Table, key: str, names: Sequence[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pa.array(sorted(names), type=pa.string())
    return table.filter(pc.is_in(table.column(key), value_set=values))


def _side(row: Row, when: str, about: About) -> dict[str, Any] | None:
    """Return the outcome of one scan from a row of changes, None where it has none."""
    if row[f"{when}_status"] is None:
        return None
    told = {name: row[f"{when}_{name}"] for name in CARRIED}
    return {**told, "contract_id": row["contract_id"]}


def _outcome(row: Row | None) -> Outcome | None:
    if row is None or row["adopted"] is False:
        return None
    return Outcome(
        status=Status(row["status"]),
        gravity=Gravity.of(row["status"], bool(row["to_verify"])),
        reason=row["reason"],
        measured=_decimal(row["measured"]),
        threshold=_decimal(row["threshold"]),
        limit_on=row["limit_on"],
        days_past=row["days_past"],
        amount_wan=_decimal(row["amount_wan"]),
        remedies=tuple((row["remedies"] or "").split(";")) if row["remedies"] else (),
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else rounded(Decimal(repr(value)), 6).normalize()


def _plain_change(pair: _Pair) -> Change:
    row = pair.rows[1] or pair.rows[0] or {}
    about, name = pair.subject
    contract = None if about is About.PARK else name
    holding = Holding(contract, row.get("zone_id"), row.get("parcel_id"))
    before, after = (_outcome(row) for row in pair.rows)
    return Change(pair.kind, pair.rule, pair.policy, holding, before, after)


def _explained(pair: _Pair, worlds: Worlds, acts: Acts, law: LawChanges) -> Change:
    flips = flips_of(worlds, pair.rule, pair.policy, pair.subject, pair.rows)
    change = _plain_change(pair)
    dossier = worlds.latest_dossier(pair.subject)
    holding = _holding(change.holding, dossier) if dossier else change.holding
    found = _causes(pair, worlds, flips, acts, law)
    return replace(change, holding=holding, causes=tuple(_each_once(found)))


def _causes(
    pair: _Pair, worlds: Worlds, flips: Flips, acts: Acts, law: LawChanges
) -> Iterator[ChangeCause]:
    for flip in flips.flips:
        before, after = (
            worlds.seen(moved, pair.rule, pair.policy, pair.subject)
            for moved in (flip.before, flip.after)
        )
        match flip.factor:
            case Factor.KNOWLEDGE:
                yield from ledger_causes(before, after, acts)
            case Factor.DAY:
                side = worlds.sides[Factor.LAW in flip.after]
                yield from day_causes(before, after, side, pair.policy)
            case Factor.LAW:
                yield from law.causes((before, after), pair.rule, pair.policy)
    for off, side in zip((flips.first_off, flips.second_off), worlds.sides, strict=True):
        if off:
            yield _off(side)


def _off(side: ScanSide) -> ChangeCause:
    """Return why a scan comes out otherwise today: another landwatch, or somebody else's hand."""
    made_by = side.summary.landwatch_version
    told = {"scan": side.summary.scan_id, "old": made_by, "new": __version__}
    kind = CauseKind.VERSION if made_by != __version__ else CauseKind.EDIT
    return ChangeCause(
        kind, "otherwise", told, {"scan_id": side.summary.scan_id, "made_by": made_by}
    )


def _holding(told: Holding, dossier: Dossier) -> Holding:
    facts: Mapping[str, Any] = dossier.facts
    if told.contract_id is None:
        return replace(told, adcode=facts.get("adcode"))
    area = facts.get("area_mu")
    return replace(
        told,
        holder=facts.get("holder"),
        project=facts.get("project_name"),
        location=facts.get("location"),
        adcode=facts.get("adcode") or facts.get("zone_adcode"),
        area_mu=None if area is None else rounded(area, 4).normalize(),
    )


def _each_once(causes: Iterator[ChangeCause]) -> Iterator[ChangeCause]:
    seen: list[ChangeCause] = []
    for one in causes:
        if one not in seen:
            seen.append(one)
            yield one
