"""Policies word for word: those that people brought, and those that scans judged by.

A text is only ever added. What a person brought stands for this store in place of the shelf's, the
latest one of each policy; what a scan judged by is kept once for each version, so that the scan can
be explained by its own law for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.store.intake import moment_after_all
from landwatch.store.keeper import Keeper
from landwatch.store.models import PolicyText as Kept
from landwatch.store.models import table_of_model
from landwatch.store.receipts import LawbookAct, PolicyText


def brought(connection: Connection, known_at: datetime | None = None) -> dict[str, PolicyText]:
    """Return the latest text that people brought of each policy, until `known_at`."""
    return {act.policy_id: act.text for act in acts(connection, known_at) if act.text is not None}


def acts(connection: Connection, known_at: datetime | None = None) -> Iterator[LawbookAct]:
    """Return every act of bringing a text recorded until `known_at`, oldest first."""
    told = sa.select(table_of_model(Kept)).where(Kept.brought)
    if known_at is not None:
        told = told.where(Kept.recorded_at <= known_at)
    for row in connection.execute(told.order_by(Kept.recorded_at, Kept.text_id)):
        text = PolicyText(row.policy_id, row.version, row.file_name, row.content)
        yield LawbookAct("bring", row.policy_id, None, text, row.recorded_at, row.recorded_by)


def text_of(connection: Connection, policy_id: str, version: str) -> str | None:
    """Return the text of one version of a policy, None where none is kept."""
    chosen = sa.select(Kept.content).where(Kept.policy_id == policy_id, Kept.version == version)
    return connection.scalars(chosen.order_by(Kept.text_id)).first()


def bring(
    keeper: Keeper, connection: Connection, text: PolicyText, by: str, at: datetime | None
) -> bool:
    """Add a text that a person brought; False where it is the one that stands already."""
    standing = brought(connection).get(text.policy_id)
    if standing is not None and standing.version == text.version:
        return False
    _add(keeper, connection, text, brought=True, at=at or moment_after_all(connection), by=by)
    return True


def keep(keeper: Keeper, texts: Iterable[PolicyText], by: str) -> None:
    """Add the texts that a scan judges by, each version that is not kept yet."""
    wanted = list(texts)
    with keeper.reading() as connection:
        lacking = [one for one in wanted if text_of(connection, one.policy_id, one.version) is None]
    if not lacking:
        return
    with keeper.writing() as connection:
        for one in lacking:
            if text_of(connection, one.policy_id, one.version) is None:
                _add(keeper, connection, one, brought=False, at=datetime.now(UTC), by=by)


def _add(keeper: Keeper, connection: Connection, text: PolicyText, **known: Any) -> None:
    table = table_of_model(Kept)
    connection.execute(
        sa.insert(table).values(
            policy_id=text.policy_id,
            version=text.version,
            file_name=text.file_name,
            content=text.content,
            brought=known["brought"],
            recorded_at=known["at"],
            recorded_by=known["by"],
        )
    )
    keeper.note_change(connection, table)
