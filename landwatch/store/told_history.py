"""Every record of a thing, in the order recorded: superseded ones and those taken back too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.language.columns import Kind
from landwatch.store import content, withdrawals
from landwatch.store.intake import receipts
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, table_of
from landwatch.store.receipts import ImportReceipt, RecordAct


def records(
    keeper: Keeper,
    connection: Connection,
    kind: Kind,
    of: Mapping[str, Collection[str]],
    known_at: datetime | None,
) -> tuple[RecordAct, ...]:
    """Return the records in which a column holds one of its wanted values, oldest first."""
    table = table_of(kind)
    wanted = [keeper.among(table.c[name], values) for name, values in of.items() if values]
    if not wanted:
        return ()
    chosen = sa.select(table).where(sa.or_(*wanted)).order_by(table.c.record_id)
    if known_at is not None:
        known = sa.select(Import.import_id).where(Import.recorded_at <= known_at)
        chosen = chosen.where(table.c.import_id.in_(known))
    rows = connection.execute(chosen).mappings().all()
    return _told(connection, kind, rows, known_at)


def _told(
    connection: Connection,
    kind: Kind,
    rows: Sequence[sa.RowMapping],
    known_at: datetime | None,
) -> tuple[RecordAct, ...]:
    ids = [row["record_id"] for row in rows]
    again: dict[int, list[tuple[int, str | None, int]]] = {}
    for record_id, number, sheet, place in withdrawals.told_again(connection, kind, ids, known_at):
        again.setdefault(record_id, []).append((number, sheet, place))
    numbers = {row["import_id"] for row in rows}
    numbers |= {number for places in again.values() for number, _, _ in places}
    acts: dict[int | None, ImportReceipt] = {
        one.import_id: one for one in receipts(connection, Import.import_id.in_(numbers))
    }
    back = withdrawals.withdrawn(connection, known_at)
    return tuple(
        RecordAct(
            record_id=row["record_id"],
            kind=kind,
            key=row["record_key"],
            told={
                name: row[name] for name in content.columns_of_kind(kind) if row[name] is not None
            },
            cleared=_names(row["cleared"]),
            unreadable=_names(row["unreadable"]),
            sheet=row["source_sheet"],
            row=row["source_row"],
            act=acts[row["import_id"]],
            withdrawn=back.get(row["import_id"]),
            known=row["import_id"] not in back or row["record_id"] in again,
            again=tuple(
                (acts[number], sheet, place)
                for number, sheet, place in again.get(row["record_id"], ())
            ),
        )
        for row in rows
    )


def _names(marks: str | None) -> frozenset[str]:
    return frozenset(name for name in (marks or "").split(";") if name)
