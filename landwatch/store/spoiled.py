"""Cells that hold what their column cannot: another program wrote them, and they are unreadable.

A store lies open to QGIS, ArcGIS and psql, and SQLite takes any text for a day or an area. One such
cell must neither end the scan of a whole county nor be passed over: it is read as blank, and its
row names its column among those that cannot be understood, as an import would have done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from landwatch.store.content import name_list

if TYPE_CHECKING:
    import pyarrow as pa

    from landwatch.language.columns import Column

Cells: TypeAlias = "Sequence[Any]"
Make: TypeAlias = "Callable[[Any, Column], pa.Array]"
"""Makes the Arrow column of some cells; raises where it cannot hold one of them."""
MARK = "unreadable"
"""The column of a row that names those of it that cannot be understood."""
_NOT_HELD = (ValueError, TypeError, OverflowError)
"""What pyarrow, numpy and decimal raise: pyarrow's ArrowInvalid and ArrowTypeError are of them."""


def held(make: Make, cells: Cells, column: Column) -> tuple[pa.Array, tuple[int, ...]]:
    """Return the cells as a column, and the places of those that it cannot hold, which are null."""
    try:
        return make(cells, column), ()
    except _NOT_HELD:  # looked for one by one, for only then the others can be told
        spoiled = tuple(place for place, cell in enumerate(cells) if not _holds(make, cell, column))
    kept = list(cells)
    for place in spoiled:
        kept[place] = None
    return make(kept, column), spoiled


def _holds(make: Make, cell: Any, column: Column) -> bool:
    try:
        make([cell], column)
    except _NOT_HELD:
        return False
    return True


def marked(marks: Iterable[str | None], spoiled: Mapping[str, Sequence[int]]) -> list[str | None]:
    """Return the marks of rows with the columns added that were found spoiled.

    >>> marked([None, ";holder;"], {"price_wan": (0, 1), "area_m2": (1,)})
    [';price_wan;', ';area_m2;holder;price_wan;']
    """
    told = list(marks)
    for name, places in spoiled.items():
        for place in places:
            before = (told[place] or "").strip(";").split(";")
            told[place] = name_list(frozenset({name, *filter(None, before)}))
    return told
