"""Outcomes drawn by lot for people to check, and what they say of them: only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import UnknownNameError
from landwatch.store import models
from landwatch.store.content import storable
from landwatch.store.keeper import Keeper

_ITEMS = models.table_of_model(models.SampleItem)
_SAMPLES = models.table_of_model(models.Sample)
_VERDICTS = models.table_of_model(models.Verdict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of a drawn outcome; `status` is what it should be."""

    verdict: str
    status: str | None = None
    cause: str | None = None
    note: str = ""
    checked_on: date | None = None
    checked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement as it was entered."""

    item_id: int
    judgement: Judgement
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class SampleItem:
    """One drawn outcome; `verdicts` are all that was said of it, the last one stands."""

    item_id: int
    sample_id: int
    contract_id: str | None
    zone_id: str | None
    rule: str
    status: str
    reason: str | None
    stratum: str
    stratum_size: int
    verdicts: tuple[Verdict, ...] = ()

    @property
    def stands(self) -> Judgement | None:
        """Return the judgement that stands, None where nobody has judged yet."""
        return self.verdicts[-1].judgement if self.verdicts else None

    @property
    def subject(self) -> str:
        """Return the contract, or the park where the rule is about parks."""
        return self.contract_id or self.zone_id or ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as it was drawn, and how many of its items have a verdict."""

    sample_id: int
    scan_id: int
    seed: int
    design: Mapping[str, Any]
    recorded_at: datetime
    recorded_by: str
    items: int = 0
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Entered:
    """How many judgements were the first of their item, in another's place, or said before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Samples:
    """The samples of a store."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def keep(
        self,
        scan_id: int,
        seed: int,
        design: Mapping[str, Any],
        items: Sequence[Mapping[str, Any]],
        *,
        by: str,
    ) -> int:
        """Keep a sample with its items, all or nothing, and return its number.

        `items` hold contract_id, zone_id, rule, status, reason, stratum and stratum_size.

        Raises:
            UnknownNameError: there is no such scan, or it was pruned meanwhile.
        """
        with self._keeper.writing() as connection:
            pruned = sa.select(models.Pruning.scan_id)
            there = sa.select(models.Scan.scan_id).where(models.Scan.scan_id.not_in(pruned))
            if connection.scalar(there.where(models.Scan.scan_id == scan_id)) is None:
                known = map(str, connection.scalars(there))
                raise UnknownNameError("store.scan", str(scan_id), known)
            made = connection.execute(
                sa.insert(_SAMPLES).values(
                    scan_id=scan_id,
                    seed=seed,
                    design=json.dumps(dict(design), ensure_ascii=False, sort_keys=True),
                    recorded_at=datetime.now(UTC),
                    recorded_by=storable(by),
                )
            )
            assert made.inserted_primary_key is not None
            sample_id = int(made.inserted_primary_key[0])
            connection.execute(
                sa.insert(_ITEMS), [{**item, "sample_id": sample_id} for item in items]
            )
            for table in (_SAMPLES, _ITEMS):
                self._keeper.note_change(connection, table)
        return sample_id

    def every(self) -> list[Sample]:
        """Return every sample, first drawn first."""
        with self._keeper.reading() as connection:
            return list(_samples(connection))

    def one(self, sample_id: int) -> Sample:
        """Return one sample.

        Raises:
            UnknownNameError: there is none of that number.
        """
        known = {sample.sample_id: sample for sample in self.every()}
        if sample_id not in known:
            raise UnknownNameError("audit.sample", str(sample_id), map(str, known))
        return known[sample_id]

    def items(self, sample_id: int) -> list[SampleItem]:
        """Return the items of a sample with every verdict, in the order drawn."""
        with self._keeper.reading() as connection:
            return list(_items(connection, _ITEMS.c.sample_id == sample_id))

    def item(self, item_id: int) -> SampleItem:
        """Return one item.

        Raises:
            UnknownNameError: there is none of that number.
        """
        with self._keeper.reading() as connection:
            found = next(_items(connection, _ITEMS.c.item_id == item_id), None)
            known = () if found else connection.scalars(sa.select(_ITEMS.c.item_id)).all()
        if found is None:
            raise UnknownNameError("audit.item", str(item_id), map(str, known))
        return found

    def judge(self, judgements: Mapping[int, Judgement], *, by: str) -> Entered:
        """Record what people say of items; what stands already is not recorded again."""
        new = changed = unchanged = 0
        with self._keeper.writing() as connection:
            stands = _standing(connection, judgements)
            for item_id, judgement in judgements.items():
                if stands.get(item_id) == judgement:
                    unchanged += 1
                    continue
                new += item_id not in stands
                changed += item_id in stands
                connection.execute(
                    sa.insert(_VERDICTS).values(
                        item_id=item_id, verdict=judgement.verdict, status=judgement.status,
                        cause=judgement.cause, note=storable(judgement.note),
                        checked_on=judgement.checked_on, checked_by=judgement.checked_by,
                        recorded_at=datetime.now(UTC), recorded_by=storable(by),
                    )
                )  # fmt: skip
            if new or changed:
                self._keeper.note_change(connection, _VERDICTS)
        return Entered(new, changed, unchanged)


def open_samples(connection: Connection) -> dict[int, int]:
    """Return the scans of which a drawn outcome has no verdict yet, with one such sample."""
    judged = sa.select(_VERDICTS.c.item_id)
    waiting = (
        sa.select(_SAMPLES.c.scan_id, sa.func.max(_SAMPLES.c.sample_id))
        .join(_ITEMS, _ITEMS.c.sample_id == _SAMPLES.c.sample_id)
        .where(_ITEMS.c.item_id.not_in(judged))
        .group_by(_SAMPLES.c.scan_id)
    )
    return {int(scan_id): int(sample) for scan_id, sample in connection.execute(waiting)}


def _samples(connection: Connection) -> Iterator[Sample]:
    judged = sa.select(_VERDICTS.c.item_id).distinct()
    tally = sa.select(
        _ITEMS.c.sample_id,
        sa.func.count(),
        sa.func.sum(sa.case((_ITEMS.c.item_id.in_(judged), 1), else_=0)),
    ).group_by(_ITEMS.c.sample_id)
    counts = {sample: (int(items), int(done)) for sample, items, done in connection.execute(tally)}
    for row in connection.execute(sa.select(_SAMPLES).order_by(_SAMPLES.c.sample_id)):
        items, done = counts.get(row.sample_id, (0, 0))
        yield Sample(
            row.sample_id, row.scan_id, row.seed, json.loads(row.design), row.recorded_at,
            row.recorded_by, items, done,
        )  # fmt: skip


def _items(connection: Connection, which: sa.ColumnElement[bool]) -> Iterator[SampleItem]:
    verdicts: dict[int, list[Verdict]] = {}
    chosen = sa.select(_ITEMS.c.item_id).where(which)
    for one in _verdicts(connection, _VERDICTS.c.item_id.in_(chosen)):
        verdicts.setdefault(one.item_id, []).append(one)
    for row in connection.execute(sa.select(_ITEMS).where(which).order_by(_ITEMS.c.item_id)):
        item = SampleItem(**row._mapping)
        yield replace(item, verdicts=tuple(verdicts.get(item.item_id, ())))


def _verdicts(connection: Connection, which: sa.ColumnElement[bool]) -> Iterator[Verdict]:
    every = sa.select(_VERDICTS).where(which).order_by(_VERDICTS.c.verdict_id)
    for row in connection.execute(every):
        said = Judgement(
            row.verdict, row.status, row.cause, row.note, row.checked_on, row.checked_by
        )
        yield Verdict(row.item_id, said, row.recorded_at, row.recorded_by)


def _standing(connection: Connection, of: Iterable[int]) -> dict[int, Judgement]:
    wanted = list(of)
    found: dict[int, Judgement] = {}
    for start in range(0, len(wanted), 500):
        some = _VERDICTS.c.item_id.in_(wanted[start : start + 500])
        found |= {one.item_id: one.judgement for one in _verdicts(connection, some)}
    return found
