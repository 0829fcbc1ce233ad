"""Parcels too small to be drawn, as points: the gravest of a cell speaks, and says for how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landwatch.mapping.columns import Integers
from landwatch.mapping.tiles.mvt import EXTENT
from landwatch.mapping.tiles.thinning import is_breach


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a batch of tiles, tile by tile, each for all parcels of its cell.

    Attributes:
        tile: which tile of the batch each is in, ascending.
        row: the gravest parcel of the cell.
        place: where it lies in the tile, in steps.
        count: how many parcels it stands for.
        breaches: how many of them are in breach.
    """

    tile: Integers
    row: Integers
    place: Integers
    count: Integers
    breaches: Integers


def gathered(
    rows: Integers, tile: Integers, place: NDArray[np.float64], grave: Integers, cells: int
) -> Points:
    """Return one point for each cell of a tile that has parcels.

    Args:
        rows: the parcels.
        tile: which tile of the batch each lies in.
        place: where in the tile, from 0 to 1.
        grave: the class of every parcel, the gravest first.
        cells: how many cells a tile has across.
    """
    cell = np.clip((place * cells).astype(np.int64), 0, cells - 1)
    key = (tile * cells + cell[:, 1]) * cells + cell[:, 0]
    order = np.lexsort((rows, grave[rows], key))
    key = key[order]
    first = np.ones(len(key), np.bool_)
    first[1:] = key[1:] != key[:-1]
    starts = np.flatnonzero(first)
    count = np.diff(np.append(starts, len(key)))
    breaching = is_breach(grave[rows[order]]).astype(np.int64)
    breaches = np.add.reduceat(breaching, starts) if len(starts) else count
    at = order[starts]
    # the gravest stand last, so that they are drawn over the others
    last = np.lexsort((-grave[rows[at]], tile[at]))
    steps = np.clip(np.round(place[at[last]] * EXTENT), 0, EXTENT - 1).astype(np.int64)
    return Points(tile[at[last]], rows[at[last]], steps, count[last], breaches[last])
