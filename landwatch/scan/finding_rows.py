"""Finding the few rows of a large ledger that tell certain names, column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from landwatch.scan.told_rows import Rows

Mask: TypeAlias = NDArray[np.bool_]
SPACES = " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What SQL's trim takes off (a test holds them so): the name of a parcel stands between them."""


def telling(rows: Rows, columns: Iterable[str], names: Collection[str]) -> Mask:
    """Tell of each row whether it tells one of some names in one of some columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.zeros(len(rows), dtype=bool)
    wanted = pa.array(sorted(names), pa.string())
    for column in columns if len(wanted) else ():
        if column in rows.told:
            found |= np.asarray(pc.is_in(rows.column(column), value_set=wanted))
    return found


def texts(rows: Rows, column: str, which: Mask) -> set[str]:
    """Return what some rows tell in a column."""
    import pyarrow as pa

    if column not in rows.told or not which.any():
        return set()
    return set(rows.column(column).filter(pa.array(which)).unique().drop_null().to_pylist())


def naming(rows: Rows, parcels: Collection[str]) -> Mask:
    """Tell of each contract's row whether it names one of some parcels, spaces aside."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.zeros(len(rows), dtype=bool)
    if "parcel_id" not in rows.told:
        return found
    split = pc.split_pattern(rows.column("parcel_id"), ";").combine_chunks()
    wanted = pa.array(sorted({name.strip() for name in parcels}), pa.string())
    named = pc.is_in(pc.utf8_trim_whitespace(pc.list_flatten(split)), value_set=wanted)
    found[np.asarray(pc.list_parent_indices(split).filter(named))] = True
    return found


def parcels_in(cells: Iterable[str]) -> set[str]:
    """Return the ids of the parcels that cells of contracts name, several to a cell."""
    return {name.strip(SPACES) for names in cells for name in names.split(";")}
