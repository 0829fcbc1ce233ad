"""What a record tells, brought to the one form that is compared, hashed and stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from landwatch.errors import StoreError
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.records import Record, Value
from landwatch.store import blobs
from landwatch.store.column_types import DIGITS
from landwatch.units import rounded

_INT64 = 1 << 63


def told(record: Record) -> dict[str, Any]:
    """Return the record's values by column: text, date, exact Decimal, int, bool, MultiPolygon.

    Raises:
        StoreError: a value that no column of its type can hold.
        KeyError: a column that the ledger does not have (a bug of the caller).
    """
    columns = columns_of_kind(record.kind)
    return {name: _fitting(columns[name], value, record) for name, value in record.values.items()}


_COLUMNS = {kind: columns_of(kind) for kind in Kind}


def columns_of_kind(kind: Kind) -> Mapping[str, Column]:
    """Return the columns of a kind, made once."""
    return _COLUMNS[kind]


def _fitting(column: Column, value: Value, record: Record) -> Any:
    match column.holds, value:
        case ((ColumnType.TEXT | ColumnType.CODE), str()):
            return storable(value)
        case ColumnType.DECIMAL, (Decimal() | int()) if not isinstance(value, bool):
            return _exact(column, Decimal(value), record)
        case ColumnType.DATE, date() if not isinstance(value, datetime):
            return value
        case ColumnType.YES_NO, bool():
            return value
        case ColumnType.INTEGER, int() if not isinstance(value, bool):
            if not -_INT64 <= value < _INT64:
                raise _too_large(column, value, record)
            return value
        case ColumnType.GEOMETRY, _ if hasattr(value, "geom_type"):
            return blobs.multipolygon(value, record.key)
    raise TypeError(f"{column.name} holds {column.holds}, not {type(value).__name__}")


def _exact(column: Column, value: Decimal, record: Record) -> Decimal:
    if not value.is_finite() or value.adjusted() >= DIGITS - column.places:
        raise _too_large(column, value, record)
    kept = rounded(value, column.places)
    if kept.adjusted() >= DIGITS - column.places:
        raise _too_large(column, value, record)
    return kept if kept else abs(kept)  # there is no negative nothing


def _too_large(column: Column, value: object, record: Record) -> StoreError:
    return StoreError(
        "error.store_number", column=column.zh, name=column.name, value=value, row=record.row
    )


def storable(text: str) -> str:
    r"""Return the text with what no database can hold (NUL, half characters) shown as U+FFFD.

    >>> storable("兰州\x00新区")
    '兰州\ufffd新区'
    """
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # Surrogates that stand in pairs are a character; one alone is not.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def content_hash(values: Mapping[str, Any], cleared: str | None) -> bytes:
    """Return what two records share exactly when they tell the same."""
    parts = [f"{name}={_plain(values[name])}" for name in sorted(values)]
    return hashlib.sha256("\0".join([*parts, cleared or ""]).encode()).digest()[:16]


def _plain(value: Any) -> str:
    if hasattr(value, "geom_type"):
        return str(value.wkb_hex)
    return str(value)


def cleared_list(cleared: frozenset[str]) -> str | None:
    """Return the columns that a row asks to forget as `;a;b;`, None where it asks nothing.

    >>> cleared_list(frozenset({"price_wan", "holder"}))
    ';holder;price_wan;'
    """
    return f";{';'.join(sorted(cleared))};" if cleared else None
