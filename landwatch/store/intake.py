"""Taking in the rows of one file: laid aside while they are read, written in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.store import content
from landwatch.store.confirmations import Confirming
from landwatch.store.faults import in_words
from landwatch.store.keeper import Keeper, Latest
from landwatch.store.models import (
    AdoptionAct,
    Import,
    PolicyText,
    Rhythm,
    Withdrawal,
    table_of,
    table_of_model,
)
from landwatch.store.receipts import ImportReceipt
from landwatch.store.spool import Spool

Row: TypeAlias = "tuple[str, bytes, tuple[Any, ...]]"
"""Key, content hash (empty where the row is only retold), cells of the table after `import_id`."""

_CARRIED = ("source_sheet", "source_row", "cleared", "unreadable", "as_read", "content_hash")
_SHEET, _ROW, _HASH = 0, 1, 5
_BATCH = 2_000
_JSON = json.JSONEncoder(ensure_ascii=False)


def _is_one(whole: Row, anew: Row) -> bool:
    """Tell whether two rows are one of the file: as a whole, and what it tells anew."""
    same = whole[0] == anew[0] and whole[2][_SHEET : _ROW + 1] == anew[2][_SHEET : _ROW + 1]
    return same and not whole[1] and bool(anew[1])


@dataclass(frozen=True, slots=True)
class ImportAct:
    """Who takes in which file, when (None: now) and what there is to note about it."""

    kind: Kind
    source: SourceFile
    recorded_by: str
    recorded_at: datetime | None = None
    note: Mapping[str, Any] = field(default_factory=dict)


class ImportWriter:
    """Takes the rows of one file; `receipt` is there once they are written."""

    def __init__(self, keeper: Keeper, act: ImportAct, spool: Spool[list[Row]]) -> None:
        """Lay rows aside in `spool` until they are written."""
        self._keeper = keeper
        self._act = act
        self._spool = spool
        self._table = table_of(act.kind)
        self._columns = content.columns_of_kind(act.kind)
        self._ways = {
            name: (place, content.way_of(column, keeper.cell_of(column)))
            for place, (name, column) in enumerate(self._columns.items(), len(_CARRIED))
        }
        self._blank: list[Any] = [None] * (len(_CARRIED) + len(self._columns))
        self.note = dict(act.note)
        self.heard: Callable[[int], None] | None = None  # of how many rows are written
        self._receipt: ImportReceipt | None = None

    @property
    def receipt(self) -> ImportReceipt:
        """Return what the import brought."""
        if self._receipt is None:
            raise RuntimeError("an import has no receipt before its block is left")
        return self._receipt

    def add(self, records: Sequence[Record]) -> None:
        """Lay rows aside, in the order of the file.

        Raises:
            StoreError: a value that no column can hold; nothing of the file is written then.
        """
        with in_words(self._keeper.shown):
            for start in range(0, len(records), _BATCH):
                told = records[start : start + _BATCH]
                self._spool.put([row for record in told for row in self._rows_of(record)])

    def _rows_of(self, record: Record) -> Iterator[Row]:
        """Yield a record as a row; one that tells only some columns anew first as a whole."""
        if record.anew is not None:
            yield self._row(replace(record, anew=None, retold=True))
        yield self._row(record.narrowed)

    def _row(self, record: Record) -> Row:
        if record.kind != self._act.kind:
            raise ValueError(f"a row of {record.kind} in an import of {self._act.kind}")
        named = record.cleared or record.unreadable
        if named and (unknown := (record.cleared | record.unreadable) - self._columns.keys()):
            raise ValueError(f"no column of {record.kind}: {sorted(unknown)}")
        cells, told, ways = self._blank.copy(), [], self._ways
        for name, value in record.values.items():
            place, way = ways[name]
            text, cells[place] = way(value, record)
            told.append(text)
        cleared = content.name_list(record.cleared)
        unreadable = content.name_list(record.unreadable)
        digest = content.content_hash(told, cleared, unreadable)
        sheet = None if record.sheet is None else content.storable(record.sheet)
        as_read = content.storable(_JSON.encode(dict(record.as_read)))
        cells[: len(_CARRIED)] = sheet, record.row, cleared, unreadable, as_read, digest
        return content.storable(record.key), b"" if record.retold else digest, tuple(cells)

    def write(self) -> None:
        """Write what was laid aside in one transaction.

        Where the same file was taken in before and none of it is new, nothing is written; another
        file that tells nothing new is kept as an import that told the same again.
        """
        with self._keeper.writing() as connection:
            self._receipt = self._written(connection)

    def _written(self, connection: Connection) -> ImportReceipt:
        recorded_at = self._act.recorded_at or moment_after_all(connection)
        names = ("record_key", "import_id", *_CARRIED, *self._columns)
        import_id: int | None = None
        new = changed = unchanged = 0
        again = Confirming()
        passed = 0
        for batch in self._spool.batches():
            passed += len(batch)
            if self.heard is not None:
                self.heard(passed)
            fresh, first = self._fresh(connection, batch, again)
            unchanged += len(batch) - len(fresh) - sum(map(_is_one, batch, batch[1:]))
            new += first
            changed += len(fresh) - first
            if not fresh:
                continue
            if import_id is None:
                import_id = self._enter(connection, recorded_at)
            rows = [(key, import_id, *cells) for key, _, cells in fresh]
            self._keeper.insert(connection, self._table, names, rows)
        receipt = ImportReceipt(
            import_id, self._act.kind, self._act.source, recorded_at, self._act.recorded_by,
            new, changed, unchanged, dict(self.note),
        )  # fmt: skip
        if import_id is None and again and not self._told_itself(connection, again):
            import_id = self._enter(connection, recorded_at)
            receipt = replace(receipt, import_id=import_id)
        if import_id is not None:
            self._close(connection, receipt)
            if again:
                again.write(self._keeper, connection, import_id)
        return receipt

    def _told_itself(self, connection: Connection, again: Confirming) -> bool:
        """Tell whether only this very file, taken in before, told the rows that it tells again."""
        same = (Import.kind == self._act.kind.value, Import.sha256 == self._act.source.sha256)
        return again.imports <= set(connection.scalars(sa.select(Import.import_id).where(*same)))

    def _fresh(
        self, connection: Connection, batch: list[Row], again: Confirming
    ) -> tuple[list[Row], int]:
        """Return the rows that tell anything new, and how many are the first of their key.

        Those that tell what stands already are noted in `again`.
        """
        keys = {key for key, _, _ in batch}
        latest = self._keeper.latest_hashes(connection, self._table, keys)
        fresh: list[Row] = []
        first = 0
        for at, row in enumerate(batch):
            key, digest, cells = row
            before = latest.get(key)
            if at and fresh and fresh[-1] is batch[at - 1] and _is_one(fresh[-1], row):
                continue
            if not digest:
                if before is not None:
                    continue
                digest = cells[_HASH]
            if before is None or before.content_hash != digest:
                first += before is None
                latest[key] = Latest(digest)
                fresh.append(row)
            elif before.record_id is not None:
                again.add(before, cells[_SHEET], cells[_ROW])
        return fresh, first

    def _enter(self, connection: Connection, recorded_at: datetime) -> int:
        entered = connection.execute(
            sa.insert(Import).values(
                kind=self._act.kind.value,
                source_name=content.storable(self._act.source.name),
                sha256=self._act.source.sha256,
                size=self._act.source.size,
                recorded_at=recorded_at,
                recorded_by=content.storable(self._act.recorded_by),
                rows_new=0,
                rows_changed=0,
                rows_unchanged=0,
                note=content.storable(json.dumps(self.note, ensure_ascii=False)),
            )
        )
        assert entered.inserted_primary_key is not None
        return int(entered.inserted_primary_key[0])

    def _close(self, connection: Connection, receipt: ImportReceipt) -> None:
        connection.execute(
            sa.update(Import)
            .where(Import.import_id == receipt.import_id)
            .values(
                rows_new=receipt.new, rows_changed=receipt.changed, rows_unchanged=receipt.unchanged
            )
        )
        self._keeper.note_change(connection, self._table)
        self._keeper.note_change(connection, table_of_model(Import))


def latest_moment(connection: Connection, until: datetime | None = None) -> datetime | None:
    """Return the moment of the last act that the store knows of, at or before `until`.

    Acts are imports and their withdrawals, and those on policies and on expected rhythms. A text
    that a scan judged by is none: it tells nothing that was not there.
    """
    moments = []
    for model in (Import, Withdrawal, AdoptionAct, PolicyText, Rhythm):
        last = sa.select(sa.func.max(model.recorded_at))
        if model is PolicyText:
            last = last.where(PolicyText.brought)
        if until is not None:
            last = last.where(model.recorded_at <= until)
        moments.append(connection.scalar(last))
    return max((moment for moment in moments if moment is not None), default=None)


def moment_after_all(connection: Connection) -> datetime:
    """Return now, and never a moment at or before what the store already knows.

    Called under the write lock. A computer's clock can be put back; were a later act recorded at
    an earlier moment, a past scan could not be repeated with what it knew.
    """
    now = datetime.now(UTC)
    latest = latest_moment(connection)
    return now if latest is None else max(now, latest + timedelta(microseconds=1))


def receipts(
    connection: Connection, *conditions: sa.ColumnElement[bool]
) -> Iterator[ImportReceipt]:
    """Return the imports that meet the conditions, first come first."""
    chosen = sa.select(table_of_model(Import)).where(*conditions).order_by("import_id")
    for row in connection.execute(chosen):
        yield ImportReceipt(
            import_id=row.import_id,
            kind=Kind(row.kind),
            source=SourceFile(row.source_name, row.sha256, row.size),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            new=row.rows_new,
            changed=row.rows_changed,
            unchanged=row.rows_unchanged,
            note=json.loads(row.note),
        )
