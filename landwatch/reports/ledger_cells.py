"""Columns of the ledger as the cells of each form, so that every reader reads them alike."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from landwatch.reports.plain import as_json, guarded, number

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT_DIGITS = 15
"""Digits that a cell of Excel keeps of a number; one with more is written as text."""


def csv_cells(array: pa.Array) -> list[str]:
    """Return a column as the cells of a CSV: ISO days, plain numbers, blanks empty."""
    from pyarrow import types

    if array.null_count == len(array):
        return [""] * len(array)
    told = array.to_pylist()
    if types.is_string(array.type):
        return ["" if text is None else guarded(text, runs=True) for text in told]
    if types.is_decimal(array.type):
        return ["" if value is None else number(value) for value in told]
    if types.is_boolean(array.type):
        return ["" if value is None else "true" if value else "false" for value in told]
    return ["" if value is None else str(value) for value in told]


def json_cells(array: pa.Array) -> list[str]:
    """Return a column as JSON: most cells of most columns tell nothing."""
    from pyarrow import types

    if array.null_count == len(array):
        return ["null"] * len(array)
    told = array.to_pylist()
    if types.is_string(array.type):
        return ["null" if t is None else as_json(guarded(t)) for t in told]
    return ["null" if value is None else as_json(value) for value in told]


def sheet_cells(array: pa.Array) -> list[Any]:
    """Return a column as typed cells; a number that Excel would round is text."""
    from pyarrow import types

    told = array.to_pylist()
    if types.is_string(array.type):
        return [None if text is None else guarded(text) for text in told]
    if types.is_decimal(array.type):
        return [None if value is None else _bookable(value) for value in told]
    return list(told)


def _bookable(value: Decimal) -> Decimal | str:
    plain = number(value)
    digits = len(plain.replace(".", "").strip("-0"))
    return plain if digits > _EXACT_DIGITS else Decimal(plain)


def guarded_column(array: pa.Array, field: pa.Field) -> pa.Array:
    """Return a column for Parquet: as it is, with text guarded."""
    import pyarrow as pa

    if pa.types.is_string(field.type):
        told = array.to_pylist()
        return pa.array([None if text is None else guarded(text) for text in told], field.type)
    return array.cast(field.type)
