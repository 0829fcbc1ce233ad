"""How many rows of a kind were recorded up to a record or an import, without reading them.

All rows are counted by the shortest index, in a moment; then those that came later, few at most.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection


def rows_in_all(connection: Connection, table: sa.Table) -> int:
    """Return how many rows there are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def rows_up_to(
    connection: Connection, column: sa.Column[Any], last: int, every: int | None = None
) -> int:
    """Return how many rows have at most this number in a column that no row leaves blank.

    `every` is how many rows there are, where that was counted a moment ago.
    """
    if every is None:
        every = rows_in_all(connection, column.table)
    later = sa.select(sa.func.count()).select_from(column.table).where(column > last)
    return every - (connection.scalar(later) or 0)
