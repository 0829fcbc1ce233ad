"""What the store came to know, or no longer knew, between two moments: the keys it happened to.

A key is among them if a row of it was recorded, taken back or let stand again after the first
moment, whether or not anything of it is different at the second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.language.columns import Kind
from landwatch.store.edits import mark_of_edits
from landwatch.store.keeper import Keeper
from landwatch.store.models import (
    Import,
    Withdrawal,
    WithdrawnRow,
    table_of,
    table_of_model,
)
from landwatch.store.row_counts import rows_in_all, rows_up_to

_AT_ONCE = 50_000


def changed_keys(
    connection: Connection, kind: Kind, since: datetime, until: datetime
) -> frozenset[str]:
    """Return the keys of a kind that something happened to after `since` and until `until`."""
    table, hidden = table_of(kind), table_of_model(WithdrawnRow)
    brought = sa.select(Import.import_id).where(
        Import.kind == kind.value, Import.recorded_at > since, Import.recorded_at <= until
    )
    acts = list(
        connection.scalars(
            sa.select(Withdrawal.withdrawal_id).where(
                Withdrawal.recorded_at > since, Withdrawal.recorded_at <= until
            )
        )
    )
    keys = set(
        connection.scalars(
            sa.select(table.c.record_key)
            .where(table.c.import_id.in_(list(connection.scalars(brought))))
            .distinct()
        )
    )
    if acts:
        turned = sa.select(hidden.c.record_id).where(
            hidden.c.kind == kind.value,
            sa.or_(hidden.c.withdrawal_id.in_(acts), hidden.c.until_id.in_(acts)),
        )
        keys |= set(
            connection.scalars(
                sa.select(table.c.record_key).where(table.c.record_id.in_(turned)).distinct()
            )
        )
    return frozenset(keys)


def ever_told(
    keeper: Keeper,
    connection: Connection,
    kind: Kind,
    columns: Collection[str],
    keys: Collection[str],
) -> frozenset[str]:
    """Return every text that a row of some keys ever told in some columns, known or not."""
    table, every = table_of(kind), sorted(keys)
    found: set[str] = set()
    for start in range(0, len(every), _AT_ONCE):
        rows = sa.select(*(table.c[name] for name in columns)).where(
            keeper.among(table.c.record_key, every[start : start + _AT_ONCE])
        )
        for row in connection.execute(rows):
            found.update(cell for cell in row if cell is not None)
    return frozenset(found)


def mark_of_knowledge(
    connection: Connection, known_at: datetime, counted: dict[Kind, int] | None = None
) -> str:
    """Return what stays the same while nothing is recorded as known at a moment after it was read.

    It tells of an import or an act that was recorded later under an earlier moment, and of rows
    that another program changed, took away or added to an import of ours. `counted` keeps how many
    rows there are for the mark of another moment: a row that comes or goes meanwhile makes one of
    them unlike itself, so that nothing is built upon it.
    """
    counted = {} if counted is None else counted
    told = hashlib.sha256(mark_of_edits(connection).encode())
    last = connection.scalar(
        sa.select(sa.func.max(Import.import_id)).where(Import.recorded_at <= known_at)
    )
    for kind in Kind:
        table = table_of(kind)
        if kind not in counted:
            counted[kind] = rows_in_all(connection, table)
        rows = rows_up_to(connection, table.c.import_id, last or 0, counted[kind])
        told.update(f"{kind} {rows}\n".encode())
    for model in (Import, Withdrawal):
        table = table_of_model(model)
        number = next(iter(table.primary_key.columns))
        acts = sa.select(number, table.c.recorded_at).where(table.c.recorded_at <= known_at)
        for row in connection.execute(acts.order_by(number)):
            told.update(f"{model.__name__} {row[0]} {row[1]}\n".encode())
    return told.hexdigest()


def changes(
    connection: Connection, since: datetime, until: datetime
) -> Mapping[Kind, frozenset[str]]:
    """Return the keys of every kind that something happened to between two moments."""
    return {kind: changed_keys(connection, kind, since, until) for kind in Kind}
