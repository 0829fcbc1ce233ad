"""Which policies hold where: acts of adopting and dropping, only ever added to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper
from landwatch.store.models import AdoptionAct, table_of_model
from landwatch.store.receipts import Adoption

_ADOPT, _DROP = "adopt", "drop"


def in_force(connection: Connection, known_at: datetime | None) -> list[Adoption]:
    """Return the adoptions that hold after all acts recorded until `known_at`, oldest first."""
    acts = sa.select(table_of_model(AdoptionAct)).order_by(
        AdoptionAct.recorded_at, AdoptionAct.act_id
    )
    if known_at is not None:
        acts = acts.where(AdoptionAct.recorded_at <= known_at)
    holds: dict[tuple[str, str | None], Adoption] = {}
    for row in connection.execute(acts):
        place = (row.policy_id, row.zone_id)
        if row.act == _ADOPT:
            adoption = Adoption(row.policy_id, row.zone_id, row.recorded_at, row.recorded_by)
            holds.setdefault(place, adoption)
        elif row.zone_id is None:
            holds = {key: held for key, held in holds.items() if key[0] != row.policy_id}
        else:
            holds.pop(place, None)
    return list(holds.values())


def ever_adopted(connection: Connection) -> set[str]:
    """Return the policies that were adopted at some time, dropped since or not."""
    adopted = sa.select(AdoptionAct.policy_id).where(AdoptionAct.act == _ADOPT)
    return set(connection.scalars(adopted.distinct()))


def adopt(
    keeper: Keeper, policy_id: str, zone_id: str | None, by: str, at: datetime | None
) -> bool:
    """Record that the policy holds in the zone (None: everywhere); False where it already does."""
    with keeper.writing() as connection:
        held = {(a.policy_id, a.zone_id) for a in in_force(connection, None)}
        if (policy_id, zone_id) in held:
            return False
        _record(keeper, connection, _ADOPT, policy_id, zone_id, by, at)
        return True


def drop(keeper: Keeper, policy_id: str, zone_id: str | None, by: str, at: datetime | None) -> bool:
    """Record that it no longer holds in the zone (None: anywhere); False where it does not."""
    with keeper.writing() as connection:
        held = [a for a in in_force(connection, None) if a.policy_id == policy_id]
        if not any(zone_id is None or a.zone_id == zone_id for a in held):
            return False
        _record(keeper, connection, _DROP, policy_id, zone_id, by, at)
        return True


def _record(
    keeper: Keeper,
    connection: Connection,
    act: str,
    policy_id: str,
    zone_id: str | None,
    by: str,
    at: datetime | None,
) -> None:
    table = table_of_model(AdoptionAct)
    connection.execute(
        sa.insert(table).values(
            act=act,
            policy_id=policy_id,
            zone_id=zone_id,
            recorded_at=at or moment_after_all(connection),
            recorded_by=by,
        )
    )
    keeper.note_change(connection, table)
