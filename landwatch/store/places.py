"""Where records were read: file, sheet and row, who recorded them when, their cells as read."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.language.columns import Kind
from landwatch.store import withdrawals
from landwatch.store.intake import receipts
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, table_of, table_of_model
from landwatch.store.receipts import SourcePlace


def places_of(
    keeper: Keeper,
    connection: Connection,
    kind: Kind,
    ids: Collection[int],
    known_at: datetime | None,
) -> dict[int, SourcePlace]:
    """Return where each record was read, or told again where its import was taken back."""
    told, file = table_of(kind), table_of_model(Import)
    rows = (
        sa.select(told.c.record_id, told.c.source_sheet, told.c.source_row, told.c.as_read)
        .add_columns(file.c.import_id, file.c.source_name, file.c.sha256)
        .add_columns(file.c.recorded_at, file.c.recorded_by)
        .join_from(told, file)
        .where(keeper.among(told.c.record_id, ids))
    )
    found = {
        row.record_id: SourcePlace(
            record_id=row.record_id,
            import_id=row.import_id,
            file_name=row.source_name,
            sha256=row.sha256,
            sheet=row.source_sheet,
            row=row.source_row,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            as_read=json.loads(row.as_read),
        )
        for row in connection.execute(rows)
    }
    back = withdrawals.withdrawn(connection, known_at)
    taken = {number: place for number, place in found.items() if place.import_id in back}
    return found | _told_again(connection, kind, taken, known_at)


def _told_again(
    connection: Connection,
    kind: Kind,
    taken: Mapping[int, SourcePlace],
    known_at: datetime | None,
) -> dict[int, SourcePlace]:
    """Return the places where records of imports taken back were told by one that stands."""
    if not taken:
        return {}
    again = withdrawals.confirming_places(connection, kind, taken, known_at)
    numbers = {import_id for import_id, _, _ in again.values()}
    acts = {one.import_id: one for one in receipts(connection, Import.import_id.in_(numbers))}
    return {
        record_id: replace(
            taken[record_id],
            import_id=import_id,
            file_name=acts[import_id].source.name,
            sha256=acts[import_id].source.sha256,
            sheet=sheet,
            row=row,
            recorded_at=acts[import_id].recorded_at,
            recorded_by=acts[import_id].recorded_by,
        )
        for record_id, (import_id, sheet, row) in again.items()
    }
