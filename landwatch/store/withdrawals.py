"""Imports that were taken back: from that moment on their rows are not known, and stay kept.

A row that another standing import told too stays known. An import that is let stand again stands
where it stood: what was told since then still comes later, and what is told while it is away is
told anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind
from landwatch.store.confirmations import confirmed
from landwatch.store.content import storable
from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, Withdrawal, WithdrawnRow, table_of, table_of_model
from landwatch.store.receipts import Reach, WithdrawnImport


def standing(connection: Connection, known_at: datetime | None) -> sa.Select[int]:
    """Return the imports known at a moment (None: now) and not taken back by then."""
    chosen = sa.select(Import.import_id).where(
        Import.import_id.not_in(list(withdrawn(connection, known_at)))
    )
    return chosen if known_at is None else chosen.where(Import.recorded_at <= known_at)


def visible(kind: Kind, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row was known at a moment (None: now)."""
    table, hidden = table_of(kind), table_of_model(WithdrawnRow)
    gone = _hidden(kind, known_at).where(hidden.c.record_id == table.c.record_id)
    shown = ~gone.correlate(table).exists()
    if known_at is None:
        return shown
    known = sa.select(Import.import_id).where(Import.recorded_at <= known_at)
    return sa.and_(table.c.import_id.in_(known), shown)


def hidden(connection: Connection, kind: Kind, known_at: datetime | None) -> list[int]:
    """Return the rows of a kind that were taken back and not known at a moment (None: now)."""
    return list(connection.scalars(_hidden(kind, known_at)))


def _hidden(kind: Kind, known_at: datetime | None) -> sa.Select[int]:
    rows = table_of_model(WithdrawnRow)
    gone = sa.select(rows.c.record_id).where(rows.c.kind == kind.value)
    if known_at is None:
        return gone.where(rows.c.until_id.is_(None))
    until = sa.select(Withdrawal.withdrawal_id).where(Withdrawal.recorded_at <= known_at)
    return gone.where(
        rows.c.withdrawal_id.in_(until),
        sa.or_(rows.c.until_id.is_(None), rows.c.until_id.not_in(until)),
    )


def withdrawn(
    connection: Connection, known_at: datetime | None = None
) -> Mapping[int, WithdrawnImport]:
    """Return the imports that a moment (None: now) knew as taken back, by their number."""
    chosen = sa.select(table_of_model(Withdrawal)).order_by(Withdrawal.withdrawal_id)
    if known_at is not None:
        chosen = chosen.where(Withdrawal.recorded_at <= known_at)
    back: dict[int, WithdrawnImport] = {}
    for row in connection.execute(chosen):
        back.pop(row.import_id, None)
        if row.act == "withdraw":
            told = (row.recorded_at, row.recorded_by, row.reason)
            back[row.import_id] = WithdrawnImport(row.import_id, *told)
    return back


def reach(keeper: Keeper, connection: Connection, import_id: int) -> Reach:
    """Return what taking an import back now would come to; nothing is changed.

    Raises:
        UnknownNameError: there is no such import.
    """
    kind = _kind_of(connection, import_id)
    table = table_of(kind)
    seen = visible(kind, None)
    own = sa.select(table.c.record_id).where(table.c.import_id == import_id, seen)
    hidden = _to_hide(connection, kind, import_id)
    kept = len(set(connection.scalars(own)) - set(hidden))
    rows = sa.select(table.c.record_key).where(keeper.among(table.c.record_id, hidden))
    keys = sorted(set(connection.scalars(rows)))
    others = sa.select(table.c.record_key, table.c.record_id).where(
        keeper.among(table.c.record_key, keys), seen
    )
    hiding = set(hidden)
    back = {row.record_key for row in connection.execute(others) if row.record_id not in hiding}
    gone = tuple(key for key in keys if key not in back)
    return Reach(kind, len(hidden), kept, gone, tuple(sorted(back)))


_MANY = 50_000


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Who takes which import back, or lets it stand again, why, and when (None: now)."""

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
    number = _record(connection, "withdraw", act)
    cells = [(number, kind.value, record_id) for record_id in hidden]
    if cells:
        rows = table_of_model(WithdrawnRow)
        keeper.insert(connection, rows, ("withdrawal_id", "kind", "record_id"), cells)
    _note_change(keeper, connection, kind)
    return True


def restore(keeper: Keeper, connection: Connection, act: Withdrawing) -> bool:
    """Let an import stand again, each row at its old place; False where it was not taken back.

    Raises:
        UnknownNameError: there is no such import.
    """
    kind = _kind_of(connection, act.import_id)
    if act.import_id not in withdrawn(connection):
        return False
    number = _record(connection, "restore", act)
    hidden = table_of_model(WithdrawnRow)
    shown = _to_show(connection, kind)
    for start in range(0, len(shown), _MANY):
        connection.execute(
            sa.update(hidden)
            .where(
                hidden.c.kind == kind.value,
                hidden.c.until_id.is_(None),
                keeper.among(hidden.c.record_id, shown[start : start + _MANY]),
            )
            .values(until_id=number)
        )
    _note_change(keeper, connection, kind)
    return True


def _record(connection: Connection, act: Literal["withdraw", "restore"], by: Withdrawing) -> int:
    entered = connection.execute(
        sa.insert(Withdrawal).values(
            act=act,
            import_id=by.import_id,
            recorded_at=by.recorded_at or moment_after_all(connection),
            recorded_by=storable(by.recorded_by),
            reason=storable(by.reason),
        )
    )
    assert entered.inserted_primary_key is not None
    return int(entered.inserted_primary_key[0])


def _note_change(keeper: Keeper, connection: Connection, kind: Kind) -> None:
    for table in (table_of_model(Withdrawal), table_of_model(WithdrawnRow), table_of(kind)):
        keeper.note_change(connection, table)


def _to_show(connection: Connection, kind: Kind) -> list[int]:
    """Return the hidden rows whose import stands, or which one that stands told again."""
    table, hidden = table_of(kind), table_of_model(WithdrawnRow)
    open_rows = sa.select(hidden.c.record_id).where(
        hidden.c.kind == kind.value, hidden.c.until_id.is_(None)
    )
    told = sa.select(table.c.record_id).where(
        table.c.record_id.in_(open_rows), table.c.import_id.in_(standing(connection, None))
    )
    shown = set(connection.scalars(told))
    every = np.fromiter(connection.scalars(open_rows), dtype=np.int64)
    for one in confirmed(connection, standing(connection, None).where(Import.kind == kind.value)):
        shown.update(every[np.isin(every, one.record_ids)].tolist())
    return sorted(shown)


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
    others = standing(connection, None).where(
        Import.import_id != import_id, Import.kind == kind.value
    )
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
    for told in confirmed(
        connection, standing(connection, known_at).where(Import.kind == kind.value)
    ):
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
