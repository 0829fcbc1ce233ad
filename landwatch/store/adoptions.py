"""Which policies hold where and when: acts of adopting and dropping, only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper
from landwatch.store.models import AdoptionAct, table_of_model
from landwatch.store.receipts import Adoption, LawbookAct, Scope


def acts(connection: Connection, known_at: datetime | None = None) -> Iterator[LawbookAct]:
    """Return every act of adopting and dropping recorded until `known_at`, oldest first."""
    told = sa.select(table_of_model(AdoptionAct)).order_by(
        AdoptionAct.recorded_at, AdoptionAct.act_id
    )
    if known_at is not None:
        told = told.where(AdoptionAct.recorded_at <= known_at)
    for row in connection.execute(told):
        scope = Scope(row.zone_id, row.level, row.division, row.holds_from, row.holds_to)
        yield LawbookAct(row.act, row.policy_id, scope, None, row.recorded_at, row.recorded_by)


def in_force(connection: Connection, known_at: datetime | None) -> list[Adoption]:
    """Return the adoptions that hold after all acts recorded until `known_at`, oldest first.

    Several adoptions of one policy are alternatives. Dropping a place ends its adoptions whatever
    their days; dropping without a place ends all of the policy.
    """
    holds: dict[tuple[str, Scope], Adoption] = {}
    for act in acts(connection, known_at):
        scope = act.scope or Scope()
        if act.act == "adopt":
            adoption = Adoption(act.policy_id, scope, act.recorded_at, act.recorded_by)
            holds.setdefault((act.policy_id, scope), adoption)
        else:
            holds = {
                key: held for key, held in holds.items() if not _ends(act.policy_id, scope, held)
            }
    return list(holds.values())


def _ends(policy_id: str, dropped: Scope, held: Adoption) -> bool:
    return held.policy_id == policy_id and (dropped.everywhere or dropped.place == held.scope.place)


def ever_adopted(connection: Connection) -> set[str]:
    """Return the policies that were adopted at some time, dropped since or not."""
    return {act.policy_id for act in acts(connection) if act.act == "adopt"}


def adopt(
    keeper: Keeper,
    connection: Connection,
    policy_id: str,
    scope: Scope,
    by: str,
    at: datetime | None,
) -> bool:
    """Record that the policy holds in the scope; False where it already does."""
    held = {(adoption.policy_id, adoption.scope) for adoption in in_force(connection, None)}
    if (policy_id, scope) in held:
        return False
    _record(keeper, connection, "adopt", policy_id, scope, by, at)
    return True


def drop(keeper: Keeper, policy_id: str, scope: Scope, by: str, at: datetime | None) -> bool:
    """Record that it no longer holds in the place of the scope; False where it does not."""
    place = replace(scope, holds_from=None, holds_to=None)
    with keeper.writing() as connection:
        if not any(_ends(policy_id, place, held) for held in in_force(connection, None)):
            return False
        _record(keeper, connection, "drop", policy_id, place, by, at)
        return True


def _record(
    keeper: Keeper,
    connection: Connection,
    act: Literal["adopt", "drop"],
    policy_id: str,
    scope: Scope,
    by: str,
    at: datetime | None,
) -> None:
    table = table_of_model(AdoptionAct)
    connection.execute(
        sa.insert(table).values(
            act=act,
            policy_id=policy_id,
            **asdict(scope),
            recorded_at=at or moment_after_all(connection),
            recorded_by=by,
        )
    )
    keeper.note_change(connection, table)
