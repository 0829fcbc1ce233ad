"""How many rows of a kind were recorded up to a record or an import, without reading them.

All rows are counted by the shortest index, in a moment; then those that came later, few at most.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection


def rows_up_to(connection: Connection, column: sa.Column[Any], last: int) -> int:
    """Return how many rows have at most this number in a column that no row leaves blank."""
    every = sa.select(sa.func.count()).select_from(column.table)
    later = every.where(column > last)
    return (connection.scalar(every) or 0) - (connection.scalar(later) or 0)
