"""Made-up land for the benchmark of space: parks, the parcels around each, and how they were drawn.

The same seed gives the same land; the first parcels of a large file are those of a small one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from landwatch.geo.areas import Numbers, Shapes

SEED = 20210701
METRE = 1 / 111_000
PARKS, SUB_PARKS, RIVALS = 900, 80, 20
"""Parks, parks within a park, and parks that claim land of another."""
ZONE_CORNERS = 200
_ACROSS, _CELL_M = 34, 90
"""Parcels on a side of the square around a park, and how wide each of them is."""
_REACH_M = 1600
_TURNS = np.linspace(0, 2 * np.pi, ZONE_CORNERS, endpoint=False)
_AROUND = np.array([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)])
PARCEL_CORNERS = len(_AROUND)
PARCEL_CORNERS = len(_AROUND)
LARGER, REDRAWN, CROSSED = 0.01, 0.2, 0.001
"""Shares of parcels: drawn over their neighbours, drawn anew by another hand, drawn invalid."""
GROWN = 0.02
"""The share of parcels of which the outline now reaches beyond the granted one."""


def centres() -> Numbers:
    """Return the middle of each park: a net over the country."""
    at = np.arange(PARKS)
    return np.column_stack([95 + 0.8 * (at % 30), 25 + 0.5 * (at // 30)])


def zones() -> pa.Table:
    """Return the parks with their outlines, as a store tells them."""
    random = np.random.default_rng(SEED)
    wobble = 0.875 + 0.125 * np.sin(
        _TURNS * random.integers(3, 9, (PARKS, 1)) + random.uniform(0, 6, (PARKS, 1))
    )
    middle = centres()
    shifted = middle[:RIVALS] + _degrees(np.array([[1200.0, 0.0]]), middle[:RIVALS])
    every = np.concatenate([middle, middle[RIVALS : RIVALS + SUB_PARKS], shifted])
    reach = np.concatenate([
        _REACH_M * wobble, 0.35 * _REACH_M * wobble[:SUB_PARKS], _REACH_M * wobble[:RIVALS]
    ])  # fmt: skip
    metres = np.stack([reach * np.cos(_TURNS), reach * np.sin(_TURNS)], axis=-1)
    outlines = shapely.polygons(every[:, None, :] + _degrees(metres, every[:, None, :]))
    names = [f"Z{at:04d}" for at in range(len(every))]
    return pa.table({"key": names, "zone_id": names, "geometry": _wkb(outlines)})


def write_parcels(path: Path, count: int) -> Path:
    """Write so many parcels: the outline that was granted, and the one drawn now."""
    each, left = _ACROSS**2, count
    if count > PARKS * each:
        raise SystemExit(f"{PARKS * each:,} parcels at most")
    with pq.ParquetWriter(path, _SCHEMA) as file:
        for park, middle in enumerate(centres()):
            if left <= 0:
                break
            file.write_table(_parcels_of(park, middle).slice(0, min(each, left)))
            left -= each
    return path


_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("parcel_id", pa.string()),
        ("zone_id", pa.string()),
        ("park", pa.string()),
        ("geometry", pa.large_binary()),
        ("now", pa.large_binary()),
    ]
)


def _parcels_of(park: int, middle: Numbers) -> pa.Table:
    """Return the parcels of one park; neighbours share corners, but where drawn by another hand."""
    random = np.random.default_rng((SEED, park))
    side = 2 * _ACROSS + 1
    net_at = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1)
    net: Numbers = (net_at - _ACROSS) * _CELL_M / 2 + random.uniform(-12, 12, (side, side, 2))
    cells = np.stack(np.meshgrid(*[np.arange(_ACROSS)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    at = 2 * cells[:, None, :] + _AROUND
    corners = net[at[..., 0], at[..., 1]]
    within = corners.mean(axis=1, keepdims=True)
    count = len(corners)
    larger, again, crossed = (random.random(count) < share for share in (LARGER, REDRAWN, CROSSED))
    corners[larger] = within[larger] + 1.2 * (corners[larger] - within[larger])
    corners[again] += random.uniform(-0.02, 0.02, corners[again].shape)
    corners[crossed] = corners[crossed][:, [0, 4, 2, 6, 1, 5, 3, 7]]
    now, grown = corners.copy(), random.random(count) < GROWN
    now[grown, 2:5, 0] += 3.0
    names = [f"P{park:04d}-{one:04d}" for one in range(count)]
    parts = [names, names, pa.nulls(count, pa.string()), [f"Z{park:04d}"] * count]
    drawn = [_wkb(_shapes(middle + _degrees(one, middle))) for one in (corners, now)]
    return pa.table([*parts, *drawn], schema=_SCHEMA)


def _shapes(corners: Numbers) -> Shapes:
    polygons = shapely.polygons(corners)
    shapes: Shapes = shapely.multipolygons(polygons, indices=np.arange(len(polygons)))
    return shapes


def _degrees(metres: Numbers, near: Numbers) -> Numbers:
    stretch = METRE / np.cos(np.radians(near[..., 1:]))
    return np.concatenate([metres[..., :1] * stretch, metres[..., 1:] * METRE + 0 * stretch], -1)


def _wkb(shapes: Shapes) -> pa.Array:
    written: NDArray[np.object_] = shapely.to_wkb(shapes)
    return pa.array(written.tolist(), pa.large_binary())
