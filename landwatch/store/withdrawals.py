"""Imports that were taken back: from that moment on their rows are not known, and stay kept.

A row that another standing import told too stays known. Rows are hidden at the moment of the
withdrawal once and for all: whatever is imported later tells them anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind
from landwatch.store.confirmations import confirmed
from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, Withdrawal, WithdrawnRow, table_of, table_of_model
from landwatch.store.receipts import Reach, WithdrawnImport


def standing(known_at: datetime | None) -> sa.Select[int]:
    """Return the imports known at a moment (None: now) and not taken back by then."""
    back = sa.select(Withdrawal.import_id)
    chosen = sa.select(Import.import_id)
    if known_at is not None:
        back = back.where(Withdrawal.recorded_at <= known_at)
        chosen = chosen.where(Import.recorded_at <= known_at)
    return chosen.where(Import.import_id.not_in(back))


def visible(kind: Kind, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row was known at a moment (None: now)."""
    table, hidden = table_of(kind), table_of_model(WithdrawnRow)
    gone = (
        sa.select(sa.literal(1))
        .where(hidden.c.kind == kind.value, hidden.c.record_id == table.c.record_id)
        .correlate(table)
    )
    if known_at is None:
        return ~gone.exists()
    until = sa.select(Withdrawal.withdrawal_id).where(Withdrawal.recorded_at <= known_at)
    gone = gone.where(hidden.c.withdrawal_id.in_(until))
    known = sa.select(Import.import_id).where(Import.recorded_at <= known_at)
    return sa.and_(table.c.import_id.in_(known), ~gone.exists())


def withdrawn(
    connection: Connection, known_at: datetime | None = None
) -> Mapping[int, WithdrawnImport]:
    """Return the imports taken back until a moment, by their number."""
    chosen = sa.select(table_of_model(Withdrawal)).order_by(Withdrawal.withdrawal_id)
    if known_at is not None:
        chosen = chosen.where(Withdrawal.recorded_at <= known_at)
    return {
        row.import_id: WithdrawnImport(row.import_id, row.recorded_at, row.recorded_by, row.reason)
        for row in connection.execute(chosen)
    }


def reach(keeper: Keeper, connection: Connection, import_id: int) -> Reach:
    """Return what taking an import back now would come to; nothing is changed.

    Raises:
        UnknownNameError: there is no such import.
    """
    kind = _kind_of(connection, import_id)
    table = table_of(kind)
    seen = visible(kind, None)
    own = sa.select(sa.func.count()).where(table.c.import_id == import_id, seen)
    told = connection.scalar(own) or 0
    hidden = _to_hide(connection, kind, import_id)
    rows = sa.select(table.c.record_key).where(keeper.among(table.c.record_id, hidden))
    keys = sorted(set(connection.scalars(rows)))
    others = sa.select(table.c.record_key, table.c.record_id).where(
        keeper.among(table.c.record_key, keys), seen
    )
    hiding = set(hidden)
    back = {row.record_key for row in connection.execute(others) if row.record_id not in hiding}
    gone = tuple(key for key in keys if key not in back)
    return Reach(kind, len(hidden), max(told - len(hidden), 0), gone, tuple(sorted(back)))


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Who takes which import back, why, and when (None: now)."""

    import_id: int
    recorded_by: str
    reason: str
    recorded_at: datetime | None


def withdraw(keeper: Keeper, connection: Connection, act: Withdrawing) -> bool:
    """Take an import back; False, and nothing recorded, where it was taken back already.

    Raises:
        UnknownNameError: there is no such import.
    """
    kind = _kind_of(connection, act.import_id)
    if act.import_id in withdrawn(connection):
        return False
    hidden = _to_hide(connection, kind, act.import_id)
    entered = connection.execute(
        sa.insert(Withdrawal).values(
            import_id=act.import_id,
            recorded_at=act.recorded_at or moment_after_all(connection),
            recorded_by=act.recorded_by,
            reason=act.reason,
        )
    )
    assert entered.inserted_primary_key is not None
    number = int(entered.inserted_primary_key[0])
    rows = table_of_model(WithdrawnRow)
    cells = [(number, kind.value, record_id) for record_id in hidden]
    if cells:
        keeper.insert(connection, rows, ("withdrawal_id", "kind", "record_id"), cells)
    for model in (Withdrawal, WithdrawnRow):
        keeper.note_change(connection, table_of_model(model))
    keeper.note_change(connection, table_of(kind))
    return True


def _kind_of(connection: Connection, import_id: int) -> Kind:
    kind = connection.scalar(sa.select(Import.kind).where(Import.import_id == import_id))
    if kind is None:
        known = (str(number) for number in connection.scalars(sa.select(Import.import_id)))
        raise UnknownNameError("what.import", str(import_id), known)
    return Kind(kind)


def _to_hide(connection: Connection, kind: Kind, import_id: int) -> list[int]:
    """Return the rows that no import would stand for any more, were this one taken back."""
    table = table_of(kind)
    back = [*withdrawn(connection), import_id]
    rows = sa.select(table.c.record_id).where(table.c.import_id.in_(back), visible(kind, None))
    theirs = np.fromiter(connection.scalars(rows.order_by(table.c.record_id)), dtype=np.int64)
    others = standing(None).where(Import.import_id != import_id, Import.kind == kind.value)
    for told in confirmed(connection, others):
        theirs = theirs[~np.isin(theirs, told.record_ids)]
    answer: list[int] = theirs.tolist()
    return answer


def told_again(
    connection: Connection, kind: Kind, record_ids: Collection[int], known_at: datetime | None
) -> Iterator[tuple[int, int, str | None, int]]:
    """Return record, import, sheet and row of each time a record was told again, import by import.

    Imports taken back by `known_at` (None: now) do not count.
    """
    wanted = np.fromiter(record_ids, dtype=np.int64)
    if not len(wanted):
        return
    for told in confirmed(connection, standing(known_at).where(Import.kind == kind.value)):
        for record_id, (sheet, row) in told.places(wanted).items():
            yield record_id, told.import_id, sheet, row


def confirming_places(
    connection: Connection, kind: Kind, record_ids: Collection[int], known_at: datetime | None
) -> Mapping[int, tuple[int, str | None, int]]:
    """Return import, sheet and row where records of imports taken back were told again.

    The first import that stands speaks; a record that none told again is left out.
    """
    found: dict[int, tuple[int, str | None, int]] = {}
    for record_id, import_id, sheet, row in told_again(connection, kind, record_ids, known_at):
        found.setdefault(record_id, (import_id, sheet, row))
    return found
