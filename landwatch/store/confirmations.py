"""Which rows an import told again just as they stood: a few bits a row.

A row that tells nothing new is not written. That it was told is kept all the same: when the import
that brought it is taken back, the row stands as long as another import told it too.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from landwatch.store.keeper import Keeper, Latest
from landwatch.store.models import Confirmation, table_of_model

_FIELDS = 3  # record, sheet, row


class Confirming:
    """The rows that an import tells again, gathered while it is written."""

    def __init__(self) -> None:
        """Begin with none."""
        self.imports = set[int | None]()
        self._told = array("q")
        self._sheets: dict[str | None, int] = {}

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._told)

    def add(self, before: Latest, sheet: str | None, row: int) -> None:
        """Note that a row of the file tells what a written record of the store tells."""
        assert before.record_id is not None  # written
        self.imports.add(before.import_id)
        self._told.extend(
            (before.record_id, self._sheets.setdefault(sheet, len(self._sheets)), row)
        )

    def write(self, keeper: Keeper, connection: Connection, import_id: int) -> None:
        """Keep what was gathered."""
        table = table_of_model(Confirmation)
        connection.execute(
            sa.insert(table).values(
                import_id=import_id,
                sheets=json.dumps(list(self._sheets), ensure_ascii=False),
                content=_packed(np.frombuffer(self._told, dtype=np.int64).reshape(-1, _FIELDS)),
            )
        )
        keeper.note_change(connection, table)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The rows of one import that told again: the records, and where they stood in its file."""

    import_id: int
    record_ids: NDArray[np.int64]
    sheets: NDArray[np.int64]
    rows: NDArray[np.int64]
    sheet_names: tuple[str | None, ...]

    def places(self, wanted: NDArray[np.int64]) -> Mapping[int, tuple[str | None, int]]:
        """Return sheet and row of each wanted record that is among them."""
        found = np.flatnonzero(np.isin(self.record_ids, wanted))
        return {
            int(self.record_ids[at]): (self.sheet_names[self.sheets[at]], int(self.rows[at]))
            for at in found
        }


def confirmed(connection: Connection, imports: sa.Select[int]) -> Iterator[Confirmed]:
    """Return what each of the chosen imports told again, first import first."""
    chosen = sa.select(table_of_model(Confirmation)).where(Confirmation.import_id.in_(imports))
    for row in connection.execute(chosen.order_by(Confirmation.import_id)):
        told = _unpacked(bytes(row.content))
        names = tuple(json.loads(row.sheets))
        yield Confirmed(row.import_id, told[:, 0], told[:, 1], told[:, 2], names)


def _packed(told: NDArray[np.int64]) -> bytes:
    steps = np.diff(told, axis=0, prepend=0)
    return zlib.compress(np.ascontiguousarray(steps.T).astype("<i8").tobytes(), 6)


def _unpacked(content: bytes) -> NDArray[np.int64]:
    steps = np.frombuffer(zlib.decompress(content), dtype="<i8").reshape(_FIELDS, -1)
    told: NDArray[np.int64] = np.cumsum(steps, axis=1, dtype=np.int64).T
    return told
