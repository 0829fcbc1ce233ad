"""How often which source is expected: acts of people, only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.language.terms import Rhythm
from landwatch.store import models
from landwatch.store.column_types import zoned
from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper

Act = Literal["expect", "drop", "received"]


@dataclass(frozen=True, slots=True)
class RhythmAct:
    """A person expected a source, dropped it, or said that it came and told nothing new.

    `rhythm` and `grace_days` are those of an `expect`; no `zone_id` is everywhere.
    """

    act: Act
    source: str
    zone_id: str | None
    rhythm: Rhythm | None
    grace_days: int | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A source that is expected, in one zone or everywhere.

    A report on a period may come until `grace_days` days after the last day of the period.
    """

    source: str
    zone_id: str | None
    rhythm: Rhythm
    grace_days: int
    recorded_at: datetime
    recorded_by: str


class Rhythms:
    """The expected rhythms of a store."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def acts(self, known_at: datetime | None = None) -> list[RhythmAct]:
        """Return every act recorded until `known_at` (None: until now), oldest first."""
        with self._keeper.reading() as connection:
            return list(_acts(connection, zoned(known_at)))

    def in_force(self, known_at: datetime | None = None) -> list[Expected]:
        """Return what is expected after all acts recorded until `known_at`, by source and zone."""
        with self._keeper.reading() as connection:
            return _in_force(connection, zoned(known_at))

    def expect(
        self,
        source: str,
        zone_id: str | None,
        rhythm: Rhythm,
        grace_days: int,
        *,
        by: str,
        at: datetime | None = None,
    ) -> bool:
        """Record how often a source is expected in a zone (None: everywhere).

        It stands in place of what was expected of it there before. Returns False, and records
        nothing, where just that is expected already.
        """
        with self._keeper.writing() as connection:
            for held in _in_force(connection, None):
                wanted = (source, zone_id, rhythm, grace_days)
                if (held.source, held.zone_id, held.rhythm, held.grace_days) == wanted:
                    return False
            told = {"rhythm": str(rhythm), "grace_days": grace_days}
            self._record(connection, "expect", source, zone_id, by, at, **told)
            return True

    def drop(
        self, source: str, zone_id: str | None = None, *, by: str, at: datetime | None = None
    ) -> bool:
        """Record that a source is no longer expected in a zone (None: anywhere at all).

        Returns False, and records nothing, where it was not expected.
        """
        with self._keeper.writing() as connection:
            if not any(_ends(source, zone_id, held) for held in _in_force(connection, None)):
                return False
            self._record(connection, "drop", source, zone_id, by, at)
            return True

    def received(self, source: str, *, by: str, at: datetime | None = None) -> None:
        """Record that a source came and told nothing new: an import would leave no trace of it."""
        with self._keeper.writing() as connection:
            self._record(connection, "received", source, None, by, at)

    def _record(
        self,
        connection: Connection,
        act: Act,
        source: str,
        zone_id: str | None,
        by: str,
        at: datetime | None,
        **told: object,
    ) -> None:
        table = models.table_of_model(models.Rhythm)
        row = {"act": act, "source": source, "zone_id": zone_id, "recorded_by": by, **told}
        moment = zoned(at) or moment_after_all(connection)
        connection.execute(sa.insert(table).values(**row, recorded_at=moment))
        self._keeper.note_change(connection, table)


def _acts(connection: Connection, known_at: datetime | None) -> Iterator[RhythmAct]:
    table = models.table_of_model(models.Rhythm)
    told = sa.select(table).order_by(table.c.recorded_at, table.c.act_id)
    if known_at is not None:
        told = told.where(table.c.recorded_at <= known_at)
    for row in connection.execute(told):
        yield RhythmAct(
            row.act,
            row.source,
            row.zone_id,
            None if row.rhythm is None else Rhythm(row.rhythm),
            row.grace_days,
            row.recorded_at,
            row.recorded_by,
        )


def _in_force(connection: Connection, known_at: datetime | None) -> list[Expected]:
    holds: dict[tuple[str, str | None], Expected] = {}
    for act in _acts(connection, known_at):
        if act.act == "expect":
            assert act.rhythm is not None
            holds[act.source, act.zone_id] = Expected(
                act.source, act.zone_id, act.rhythm, act.grace_days or 0,
                act.recorded_at, act.recorded_by,
            )  # fmt: skip
        elif act.act == "drop":
            holds = {
                key: held for key, held in holds.items() if not _ends(act.source, act.zone_id, held)
            }
    return sorted(holds.values(), key=lambda held: (held.source, held.zone_id or ""))


def _ends(source: str, zone_id: str | None, held: Expected) -> bool:
    return held.source == source and zone_id in (None, held.zone_id)
