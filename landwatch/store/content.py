"""What a record tells, brought to the one form that is compared, hashed and stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from landwatch.errors import StoreError
from landwatch.language.columns import Column, ColumnType, Kind, columns_of
from landwatch.language.records import Record
from landwatch.store import blobs
from landwatch.store.column_types import DIGITS

Fit: TypeAlias = "Callable[[Any, Record], Any]"
"""Brings one told value to its one form; says so in words where a column cannot hold it."""
Way: TypeAlias = "Callable[[Any, Record], tuple[str, Any]]"

_INT64 = 1 << 63
ROW_COLUMNS = (
    ("record_id", Column("record_id", ColumnType.INTEGER, "记录号", "record")),
    ("import_id", Column("import_id", ColumnType.INTEGER, "导入号", "import")),
    ("key", Column("key", ColumnType.TEXT, "主键", "key")),
    ("row", Column("row", ColumnType.INTEGER, "行", "row")),
)
MARKS = (
    ("cleared", Column("cleared", ColumnType.TEXT, "清空的列", "cleared columns")),
    ("unreadable", Column("unreadable", ColumnType.TEXT, "无法读懂的列", "unreadable columns")),
)
"""Columns of a row that it asks to forget, and those it told in a way that cannot be understood."""
STORED_AS = {"key": "record_key", "row": "source_row"}
"""Under which name a table keeps them."""
_COLUMNS = {kind: columns_of(kind) for kind in Kind}


def columns_of_kind(kind: Kind) -> Mapping[str, Column]:
    """Return the columns of a kind, made once."""
    return _COLUMNS[kind]


def way_of(column: Column, cell_of: Callable[[Any], Any] | None) -> Way:
    """Return what brings a value of the column to `name=value` and to the cell of the database.

    `cell_of` makes a cell of a value in its one form, None where it is one. The answer raises as
    that of `fit_of` does.
    """
    begins, fit, plain = f"{column.name}=", fit_of(column), plain_of(column)

    def bring(value: Any, record: Record) -> tuple[str, Any]:
        kept = fit(value, record)
        return begins + plain(kept), kept if cell_of is None else cell_of(kept)

    if column.holds is not ColumnType.DATE:
        return bring
    known: dict[date, tuple[str, Any]] = {}  # a ledger tells the same days again and again

    def bring_day(value: Any, record: Record) -> tuple[str, Any]:
        brought = known.get(value)
        if brought is None:
            brought = known[value] = bring(value, record)
        return brought

    return bring_day


def fit_of(column: Column) -> Fit:
    """Return what brings a value of the column to its one form.

    Text loses what no database holds, a number is rounded half up to the column's places, a shape
    becomes a flat MultiPolygon. The answer raises StoreError for a value that no column can hold,
    TypeError for one of the wrong type (a bug of the caller).
    """
    return _FITS[column.holds](column)


def _fit_text(column: Column) -> Fit:
    def fit(value: Any, _: Record) -> str:
        if not isinstance(value, str):
            raise _wrong_type(column, value)
        return storable(value)

    return fit


def _fit_exact(column: Column) -> Fit:
    last, before_point = Decimal(1).scaleb(-column.places), DIGITS - column.places

    def fit(value: Any, record: Record) -> Decimal:
        if type(value) is int:
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise _wrong_type(column, value)
        if not value.is_finite() or (value and value.adjusted() >= before_point):
            raise _too_large(column, value, record)
        kept = value.quantize(last, ROUND_HALF_UP)
        if kept.adjusted() >= before_point:
            raise _too_large(column, value, record)
        return kept if kept else abs(kept)  # there is no negative nothing

    return fit


def _fit_whole(column: Column) -> Fit:
    def fit(value: Any, record: Record) -> int:
        if type(value) is not int:
            raise _wrong_type(column, value)
        if not -_INT64 <= value < _INT64:
            raise _too_large(column, value, record)
        return value

    return fit


def _fit_day(column: Column) -> Fit:
    def fit(value: Any, _: Record) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise _wrong_type(column, value)
        return value

    return fit


def _fit_yes_no(column: Column) -> Fit:
    def fit(value: Any, _: Record) -> bool:
        if not isinstance(value, bool):
            raise _wrong_type(column, value)
        return value

    return fit


def _fit_shape(column: Column) -> Fit:
    def fit(value: Any, record: Record) -> Any:
        if not hasattr(value, "geom_type"):
            raise _wrong_type(column, value)
        return blobs.multipolygon(value, record.key)

    return fit


_FITS: dict[ColumnType, Callable[[Column], Fit]] = {
    ColumnType.TEXT: _fit_text,
    ColumnType.CODE: _fit_text,
    ColumnType.DECIMAL: _fit_exact,
    ColumnType.INTEGER: _fit_whole,
    ColumnType.DATE: _fit_day,
    ColumnType.YES_NO: _fit_yes_no,
    ColumnType.GEOMETRY: _fit_shape,
}


def _wrong_type(column: Column, value: object) -> TypeError:
    return TypeError(f"{column.name} holds {column.holds}, not {type(value).__name__}")


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


def plain_of(column: Column) -> Callable[[Any], str]:
    """Return what makes text of a value in its one form, equal exactly when the value is."""
    return _wkb_hex if column.holds is ColumnType.GEOMETRY else str


def _wkb_hex(shape: Any) -> str:
    return str(shape.wkb_hex)


def content_hash(told: list[str], cleared: str | None, unreadable: str | None) -> bytes:
    """Return what two records share exactly when they tell the same: `told` is name=value."""
    parts = sorted(told)
    parts += cleared or "", unreadable or ""
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


def name_list(columns: frozenset[str]) -> str | None:
    """Return the columns that a row clears, or cannot be read in, as `;a;b;`; None for none.

    >>> name_list(frozenset({"price_wan", "holder"}))
    ';holder;price_wan;'
    """
    return f";{';'.join(sorted(columns))};" if columns else None
