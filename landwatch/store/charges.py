"""Who is in charge of which park or division: acts of people, only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store import models
from landwatch.store.column_types import zoned
from landwatch.store.content import storable
from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper

Act = Literal["assign", "end"]


@dataclass(frozen=True, slots=True)
class ChargeAct:
    """A person was put in charge of a zone or a division, or no longer is; `mail` is optional."""

    act: Act
    person: str
    mail: str | None
    zone_id: str | None
    division: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A person in charge of a zone, or of a division (the digits that its codes begin with)."""

    person: str
    mail: str | None
    zone_id: str | None
    division: str | None

    def covers(self, zone_id: str | None, adcode: str | None) -> bool:
        """Tell whether what lies in a zone and a division is in this person's charge.

        >>> Charge("李四", None, None, "6201").covers("Z", "620102")
        True
        """
        if self.zone_id is not None:
            return self.zone_id == zone_id
        return bool(self.division and (adcode or "").startswith(self.division))


class Charges:
    """Who is in charge of what in a store."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper

    def acts(self, known_at: datetime | None = None) -> list[ChargeAct]:
        """Return every act recorded until `known_at` (None: until now), oldest first."""
        with self._keeper.reading() as connection:
            return list(_acts(connection, zoned(known_at)))

    def in_force(self, known_at: datetime | None = None) -> list[Charge]:
        """Return who is in charge after all acts recorded until `known_at`, by person and place."""
        with self._keeper.reading() as connection:
            return _in_force(connection, zoned(known_at))

    def assign(self, charge: Charge, *, by: str, at: datetime | None = None) -> bool:
        """Record that a person is in charge; several may be in charge of one place.

        Returns False, and records nothing, where just that holds already.
        """
        with self._keeper.writing() as connection:
            if charge in _in_force(connection, None):
                return False
            self._record(connection, "assign", charge, by, at)
            return True

    def end(
        self,
        person: str,
        *,
        zone_id: str | None = None,
        division: str | None = None,
        by: str,
        at: datetime | None = None,
    ) -> bool:
        """Record that a person is no longer in charge of a place (none told: of anything at all).

        Returns False, and records nothing, where the person was not.
        """
        ended = Charge(person, None, zone_id, division)
        with self._keeper.writing() as connection:
            if not any(_ends(ended, held) for held in _in_force(connection, None)):
                return False
            self._record(connection, "end", ended, by, at)
            return True

    def _record(
        self, connection: Connection, act: Act, charge: Charge, by: str, at: datetime | None
    ) -> None:
        table = models.table_of_model(models.Charge)
        connection.execute(
            sa.insert(table).values(
                act=act,
                person=storable(charge.person),
                mail=None if charge.mail is None else storable(charge.mail),
                zone_id=charge.zone_id,
                division=charge.division,
                recorded_at=zoned(at) or moment_after_all(connection),
                recorded_by=storable(by),
            )
        )
        self._keeper.note_change(connection, table)


def _acts(connection: Connection, known_at: datetime | None) -> Iterator[ChargeAct]:
    table = models.table_of_model(models.Charge)
    told = sa.select(table).order_by(table.c.recorded_at, table.c.act_id)
    if known_at is not None:
        told = told.where(table.c.recorded_at <= known_at)
    for row in connection.execute(told):
        yield ChargeAct(
            row.act, row.person, row.mail, row.zone_id, row.division, row.recorded_at,
            row.recorded_by,
        )  # fmt: skip


def _in_force(connection: Connection, known_at: datetime | None) -> list[Charge]:
    holds: dict[tuple[str, str | None, str | None], Charge] = {}
    for act in _acts(connection, known_at):
        told = Charge(act.person, act.mail, act.zone_id, act.division)
        if act.act == "assign":
            holds[act.person, act.zone_id, act.division] = told
        else:
            holds = {key: held for key, held in holds.items() if not _ends(told, held)}
    return sorted(
        holds.values(), key=lambda held: (held.person, held.zone_id or "", held.division or "")
    )


def _ends(ended: Charge, held: Charge) -> bool:
    if ended.person != held.person:
        return False
    place = (ended.zone_id, ended.division)
    return place in ((None, None), (held.zone_id, held.division))
