"""Numbers beyond what a ledger may tell: no import lets them in, another program can write them.

Such a number cannot be true, and what is multiplied with it may have more digits than an engine's
exact numbers: it would end the scan of every contract. So its cell counts as one that cannot be
read (`scan.unread`): the contract that has it is undecided by the rules that ask of it, the others
go on. The limit is that of the importer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from landwatch.language.columns import NUMBERS_BELOW, Kind

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

UNREAD = "u.unreadable"
"""The column of the cells of a contract that cannot be read, as `kind.column`."""
_KINDS = {"c": Kind.CONTRACTS, "l": Kind.PROGRESS}
_PAYMENTS = {"b.bond_deposits": "bond_deposit", "b.bond_refunds": "bond_refund"}
_OF_A_YEAR = {"year_tax_wan": "tax_wan", "year_output_wan": "output_wan"}


def without_wild(told: pa.Table) -> pa.Table:
    """Return what contracts are told, numbers blank that cannot be, their cells unreadable."""
    wild: dict[str, npt.NDArray[np.bool_]] = {}
    for name, cells in zip(told.column_names, told.columns, strict=True):
        found = _wild_rows(name, cells)
        if found is not None:
            wild[name] = found
    for name, rows in wild.items():
        told = _blanked(told, name, rows)
    return _marked(told, wild) if wild else told


def _wild_rows(name: str, cells: pa.ChunkedArray) -> npt.NDArray[np.bool_] | None:
    """Return which rows tell a number that cannot be; None where none does."""
    import pyarrow as pa

    if name in _PAYMENTS:
        return _wild_payments(cells)
    if name.partition(".")[0] not in _KINDS or not pa.types.is_decimal(cells.type):
        return None
    beyond = _beyond(cells)
    return beyond if beyond.any() else None


def _beyond(cells: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return which decimals are no numbers of a ledger; a blank is none of them."""
    most = NUMBERS_BELOW * 10**cells.type.scale
    found = [_beyond_in(chunk, most) for chunk in cells.chunks]
    return np.concatenate(found) if found else np.empty(0, dtype=bool)


def _beyond_in(chunk: pa.Array, most: int) -> npt.NDArray[np.bool_]:
    buffer = chunk.buffers()[1]
    if buffer is None:  # nothing but blanks
        return np.zeros(len(chunk), dtype=bool)
    words = np.frombuffer(buffer, np.int64).reshape(-1, chunk.type.byte_width // 8)
    words = words[chunk.offset : chunk.offset + len(chunk)]
    low = words[:, 0]
    beyond: npt.NDArray[np.bool_] = (low >= most) | (low <= -most)
    if words.shape[1] > 1:  # 128 bits: the sign fills the upper half of a number that fits
        beyond |= words[:, 1] != low >> 63
    if beyond.any():
        beyond &= np.asarray(chunk.is_valid())
    return beyond


def _wild_payments(cells: pa.ChunkedArray) -> npt.NDArray[np.bool_] | None:
    """Return which contracts have a payment that cannot be."""
    import pyarrow as pa
    import pyarrow.compute as pc

    amounts = pc.struct_field(pc.list_flatten(cells), "amount_wan")
    beyond = _beyond(amounts if isinstance(amounts, pa.ChunkedArray) else pa.chunked_array(amounts))
    if not beyond.any():
        return None
    rows = np.zeros(len(cells), dtype=bool)
    rows[np.asarray(pc.list_parent_indices(cells))[beyond]] = True
    return rows


def _blanked(told: pa.Table, name: str, rows: npt.NDArray[np.bool_]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = told.column(name)
    blank = pc.if_else(pa.array(rows), pa.scalar(None, cells.type), cells).cast(cells.type)
    return told.set_column(told.column_names.index(name), name, blank)


def _marked(told: pa.Table, wild: dict[str, npt.NDArray[np.bool_]]) -> pa.Table:
    """Return the table with the wild cells among those that cannot be read."""
    import pyarrow as pa

    before = told.column(UNREAD)
    marks = before.to_pylist()
    for place in np.flatnonzero(np.logical_or.reduce(list(wild.values()))).tolist():
        marks[place] = sorted({*(marks[place] or ()), *_cells(wild, place)})
    cells = pa.chunked_array([pa.array(marks, before.type)])
    return told.set_column(told.column_names.index(UNREAD), UNREAD, cells)


def _cells(wild: dict[str, npt.NDArray[np.bool_]], place: int) -> Iterator[str]:
    for name, rows in wild.items():
        if not rows[place]:
            continue
        if name in _PAYMENTS:
            yield f"{Kind.EVENTS.value}.{_PAYMENTS[name]}.amount_wan"
        else:
            of, _, column = name.partition(".")
            yield f"{_KINDS[of].value}.{_OF_A_YEAR.get(column, column)}"
