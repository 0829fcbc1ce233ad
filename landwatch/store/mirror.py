"""The rows of a large store by columns, in Parquet beside it, so that a scan need not read rows.

A store only adds rows, so the mirror does too: each look adds a file with the rows recorded since.
It holds nothing that the store does not, may be deleted at any time, and is made anew where it does
not agree with the store: other imports, or rows that another program changed (`store.edits`).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from landwatch.files import flush, write_whole
from landwatch.language.columns import ColumnType, Kind
from landwatch.store import content, withdrawals
from landwatch.store.edits import mark_of_edits
from landwatch.store.models import Import, table_of
from landwatch.store.row_counts import rows_up_to
from landwatch.store.schema import newest_version

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from landwatch.store.arrow import Columns
    from landwatch.store.keeper import Keeper

FORM = 2
"""Raised where the files are laid out in another way, or told values are read in another way."""
ROWS_OF_A_FILE = 500_000
WORTH_ROWS = 100_000
KEY_MARK = "key_mark"
"""A column beside those of the store: a number of each key, the same for the same key."""
_MANIFEST = "manifest.json"
_STALE_S = 3600

ReadRows = Callable[[Kind, "Columns", int, int], "Iterable[pa.RecordBatch]"]
"""Yields the rows of a kind from a record to another (both included), by these columns."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of the mirror: which records it holds, and which columns any of them tells."""

    name: str
    first: int
    last: int
    rows: int
    size: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MirroredRows:
    """The rows of a kind known at a moment: all of the files but those of some imports, and some.

    `told` are the columns that any row may tell; the others are blank throughout.
    """

    files: tuple[Path, ...]
    rows: tuple[int, ...]
    told: frozenset[str]
    not_yet: tuple[int, ...]
    hidden: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the mirror holds, and of which store."""

    mark: str = ""
    imports: int = 0
    shards: Mapping[str, tuple[Shard, ...]] = field(default_factory=dict)


def mirrored_columns(kind: Kind) -> Columns:
    """Return the columns that are mirrored, in the order of `Store.columns`: all but outlines."""
    told = [
        (name, column)
        for name, column in content.columns_of_kind(kind).items()
        if column.holds is not ColumnType.GEOMETRY
    ]
    return [*content.ROW_COLUMNS, *told, *content.MARKS]


class Mirror:
    """The mirror of one store, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is read yet."""
        self._folder = folder

    def up_to_date(
        self, connection: Connection, kinds: Sequence[Kind], read: ReadRows
    ) -> dict[Kind, tuple[Shard, ...]]:
        """Return the files that hold all rows of these kinds that the connection sees.

        Rows that are not mirrored yet are added. Two programs may do so at once: each writes files
        of its own, and the last to finish names those that stay.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        known = self._manifest()
        if known.imports and _mark(connection, known.imports) != known.mark:
            known = Manifest()
        shards = dict(known.shards)
        grown = False
        for kind in kinds:
            there = self._present(shards.get(kind.value, ()))
            record, mirrored = table_of(kind).c.record_id, sum(shard.rows for shard in there)
            if there and mirrored != rows_up_to(connection, record, there[-1].last):
                there = ()  # another program added rows among them
            last = connection.scalar(sa.select(sa.func.max(record))) or 0
            while (begun := there[-1].last if there else 0) < last:
                upto = min(last, begun + ROWS_OF_A_FILE)
                there = (*there, self._add(kind, begun + 1, upto, read))
                grown = True
            shards[kind.value] = there
        if grown:
            imports = connection.scalar(sa.select(sa.func.max(Import.import_id))) or 0
            self._name(Manifest(_mark(connection, imports), imports, shards))
        return {kind: shards[kind.value] for kind in kinds}

    def path(self, shard: Shard) -> Path:
        """Return where a file lies."""
        return self._folder / shard.name

    def _present(self, shards: tuple[Shard, ...]) -> tuple[Shard, ...]:
        """Return the files up to the first that is gone, or not as long as it was."""
        for place, shard in enumerate(shards):
            try:
                whole = self.path(shard).stat().st_size == shard.size
            except FileNotFoundError:
                whole = False
            if not whole:
                return shards[:place]
        return shards

    def _add(self, kind: Kind, first: int, last: int, read: ReadRows) -> Shard:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from landwatch.store.arrow import arrow_schema

        columns = mirrored_columns(kind)
        schema = arrow_schema(columns).append(pa.field(KEY_MARK, pa.uint64()))
        name = f"{kind.value}-{first:012d}-{secrets.token_hex(4)}.parquet"
        draft = self._folder / f".{name}"
        told, rows = set[str](), 0
        try:
            with pq.ParquetWriter(draft, schema, compression="zstd", compression_level=1) as file:
                for batch in read(kind, columns, first, last):
                    batch = batch.append_column(KEY_MARK, marks_of(batch.column("key")))
                    file.write_table(pa.Table.from_batches([batch]), row_group_size=100_000)
                    rows += batch.num_rows
                    told |= {
                        field.name
                        for field, cells in zip(schema, batch.columns, strict=True)
                        if cells.null_count < len(cells)
                    }
            flush(draft)
            size = draft.stat().st_size
            draft.rename(self._folder / name)
        finally:
            draft.unlink(missing_ok=True)
        return Shard(name, first, last, rows, size, tuple(sorted(told)))

    def _manifest(self) -> Manifest:
        try:
            told = json.loads((self._folder / _MANIFEST).read_text("utf-8"))
            if told["form"] != [FORM, newest_version()]:
                return Manifest()
            shards = {
                kind: tuple(Shard(**{**one, "told": tuple(one["told"])}) for one in some)
                for kind, some in told["shards"].items()
            }
            return Manifest(told["mark"], told["imports"], shards)
        except (OSError, ValueError, KeyError, TypeError):  # none yet, or spoiled: made anew
            return Manifest()

    def _name(self, manifest: Manifest) -> None:
        """Let these files be the mirror; others of its own are taken away."""
        told = {"form": [FORM, newest_version()], **asdict(manifest)}
        before = {shard.name for some in self._manifest().shards.values() for shard in some}
        write_whole(self._folder / _MANIFEST, json.dumps(told).encode())
        kept = {shard.name for some in manifest.shards.values() for shard in some}
        for file in self._folder.glob("*.parquet"):
            if file.name in before - kept:
                os.utime(file)  # another program may still read it
            elif file.name not in kept and time.time() - file.stat().st_mtime > _STALE_S:
                file.unlink(missing_ok=True)


def marks_of(keys: pa.Array) -> pa.Array:
    """Return 64 bits of each key that other keys hardly ever have."""
    import pandas as pd
    import pyarrow as pa

    return pa.array(pd.util.hash_array(keys.to_numpy(zero_copy_only=False), categorize=False))


def is_worth_it(connection: Connection) -> bool:
    """Tell whether a store holds so many rows that reading them takes longer than a few seconds."""
    return any(
        (connection.scalar(sa.select(sa.func.max(table_of(kind).c.record_id))) or 0) > WORTH_ROWS
        for kind in Kind
    )


def rows_known(
    keeper: Keeper, connection: Connection, folder: Path, known_at: datetime | None
) -> dict[Kind, MirroredRows]:
    """Return the rows of every kind known at a moment, the mirror brought up to date."""
    ours = Mirror(folder)

    def read(kind: Kind, columns: Columns, first: int, last: int) -> Iterable[pa.RecordBatch]:
        table = table_of(kind)
        cells = [keeper.selected(table.c[content.STORED_AS.get(name, name)]) for name, _ in columns]
        rows = sa.select(*cells).where(table.c.record_id.between(first, last))
        return keeper.batches(connection, columns, rows.order_by(table.c.record_id))

    shards = ours.up_to_date(connection, tuple(Kind), read)
    later = sa.select(Import.import_id)
    later = later.where(sa.false() if known_at is None else Import.recorded_at > known_at)
    not_yet = tuple(connection.scalars(later))
    return {
        kind: MirroredRows(
            tuple(ours.path(shard) for shard in some),
            tuple(shard.rows for shard in some),
            frozenset(name for shard in some for name in shard.told),
            not_yet,
            tuple(withdrawals.hidden(connection, kind, known_at)),
        )
        for kind, some in shards.items()
    }


def _mark(connection: Connection, imports: int) -> str:
    """Return what two stores share exactly when their rows up to an import are the same."""
    chosen = sa.select(
        Import.import_id, Import.kind, Import.sha256, Import.recorded_at, Import.rows_new,
        Import.rows_changed,
    )  # fmt: skip
    told = hashlib.sha256(mark_of_edits(connection).encode())
    for row in connection.execute(chosen.where(Import.import_id <= imports).order_by("import_id")):
        told.update("\0".join(map(str, row)).encode() + b"\n")
    return told.hexdigest()
