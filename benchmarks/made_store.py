"""Putting made tables into a store as imports would have: ids kept, hashes right, nothing read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from landwatch.language.columns import ColumnType, Kind
from landwatch.store import Store, content, create_store
from landwatch.store.content import STORED_AS, columns_of_kind
from landwatch.store.keeper import Keeper
from landwatch.store.models import Import, table_of, table_of_model

_ROWS = 50_000
_FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def fill(store_url: str, tables: Mapping[Kind, pa.Table]) -> Store:
    """Return a new store that holds the tables, recorded import by import, an hour apart."""
    store = create_store(store_url)
    keeper = store._keeper
    with keeper.writing() as connection:
        every = sorted(
            (number, kind, rows)
            for kind, table in tables.items()
            for number, rows in _sizes(table).items()
        )
        for number, kind, rows in every:
            connection.execute(sa.insert(Import).values(**_import(number, kind, rows)))
        for kind, table in tables.items():
            for batch in table.to_batches(max_chunksize=_ROWS):
                _insert(keeper, connection, kind, batch)
            keeper.note_change(connection, table_of(kind))
        keeper.note_change(connection, table_of_model(Import))
        _number_on(connection, tables)
    return store


def _sizes(table: pa.Table) -> dict[int, int]:
    counted = pc.value_counts(table["import_id"].combine_chunks()).to_pylist()
    return {pair["values"]: pair["counts"] for pair in counted}


def _import(number: int, kind: Kind, rows: int) -> dict[str, Any]:
    return {
        "import_id": number,
        "kind": kind.value,
        "source_name": f"{kind.value}-{number:03}.csv",
        "sha256": hashlib.sha256(f"{kind}{number}".encode()).hexdigest(),
        "size": rows,
        "recorded_at": _FIRST_MOMENT + timedelta(hours=number),
        "recorded_by": "benchmark",
        "rows_new": rows,
        "rows_changed": 0,
        "rows_unchanged": 0,
        "note": "{}",
    }


def _insert(keeper: Keeper, connection: sa.Connection, kind: Kind, batch: pa.RecordBatch) -> None:
    """Write some rows; columns of which nothing is told are left to the database's NULL."""
    on_server = connection.dialect.name == "postgresql"
    told = [name for name in batch.schema.names if batch[name].null_count < batch.num_rows]
    columns = columns_of_kind(kind)
    cells = [
        _cells(batch[name], columns[name].holds if name in columns else None, on_server)
        for name in told
    ]
    names = [STORED_AS.get(name, name) for name in told] + ["as_read", "content_hash"]
    hashes = list(hashes_of(kind, batch))
    rows = list(zip(*cells, ["{}"] * batch.num_rows, hashes, strict=True))
    keeper.insert(connection, table_of(kind), names, rows)


def _cells(column: pa.Array, holds: ColumnType | None, on_server: bool) -> list[Any]:
    """Return the cells as the database takes them."""
    if holds is ColumnType.DECIMAL and not on_server:
        column = _doubles(column)
    elif holds in (ColumnType.DECIMAL, ColumnType.DATE):
        column = column.cast(pa.string())
    elif holds is ColumnType.YES_NO and not on_server:
        column = column.cast(pa.int8())
    cells: list[Any] = column.to_pylist()
    return cells


def _doubles(column: pa.Array) -> pa.Array:
    """Return the DOUBLE next to each decimal: both parts of the division are whole and exact."""
    buffer = column.buffers()[1]
    halves = np.frombuffer(buffer, dtype=np.int64)[2 * column.offset :]
    whole = halves[: 2 * len(column) : 2]
    doubles = whole.astype(np.float64) / 10.0**column.type.scale
    return pa.array(doubles, mask=pc.is_null(column).to_numpy(zero_copy_only=False))


def hashes_of(kind: Kind, batch: pa.RecordBatch) -> Iterator[bytes]:
    """Yield what `content_hash` gives of each row, the texts made by columns."""
    told = sorted(
        (name for name in columns_of_kind(kind) if name in batch.schema.names),
        key=lambda name: f"{name}=",
    )
    texts = [_text(name, batch[name], columns_of_kind(kind)[name].holds) for name in told]
    marks = [pc.fill_null(batch[name], "") for name, _ in content.MARKS]
    told_ones = [text for text in texts if text.null_count < len(text)]
    joined = pc.binary_join_element_wise(*told_ones, *marks, "\0", null_handling="skip")
    return _digests(joined.to_pylist())


def _text(name: str, column: pa.Array, holds: ColumnType) -> pa.Array:
    plain = column.cast(pa.string())
    if holds is ColumnType.YES_NO:
        plain = pc.if_else(column, "True", "False")
    return pc.binary_join_element_wise(f"{name}=", plain, "")


def _digests(texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        yield hashlib.sha256(text.encode()).digest()[:16]


def _number_on(connection: sa.Connection, tables: Mapping[Kind, pa.Table]) -> None:
    """Let a server give later rows later numbers; a GeoPackage does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for name, column in [("imports", "import_id"), *((kind.value, "record_id") for kind in tables)]:
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'),"
            f' (SELECT max({column}) FROM "{name}"))'
        )
