"""Which zone a parcel lies in, by place: for parcels whose ledger names none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def locate_parcels(parcels: pa.Table, zones: pa.Table) -> pa.Table:
    """Return the zone of each parcel that names none, by the place of its inner point.

    Args:
        parcels: records with parcel_id, zone_id and geometry (WKB, EPSG:4490), latest row last.
        zones: records with zone_id and geometry, latest row last.

    Returns:
        Columns parcel_id and zone_id. A parcel in several zones (a sub-park within its park) gets
        the smallest; one in none, or without an outline, is left out.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    outlines = _latest(zones, "zone_id")
    wanted = {
        key: geometry
        for key, geometry in _latest(parcels, "parcel_id").items()
        if key not in _named(parcels)
    }
    schema = pa.schema([("parcel_id", pa.string()), ("zone_id", pa.string())])
    if not outlines or not wanted:
        return pa.table({"parcel_id": [], "zone_id": []}, schema=schema)
    names = np.array(list(outlines), dtype=object)
    shapes = shapely.from_wkb(list(outlines.values()))
    smallest_first = np.argsort(shapely.area(shapes), kind="stable")
    names, shapes = names[smallest_first], shapes[smallest_first]
    keys = np.array(list(wanted), dtype=object)
    points = shapely.point_on_surface(shapely.from_wkb(list(wanted.values())))
    tree = shapely.STRtree(points)
    zone_of: dict[str, str] = {}
    shapely.prepare(shapes)
    for name, shape in zip(names, shapes, strict=True):
        for place in tree.query(shape, predicate="intersects"):
            zone_of.setdefault(str(keys[place]), str(name))
    return pa.table({"parcel_id": list(zone_of), "zone_id": list(zone_of.values())}, schema=schema)


def _latest(table: pa.Table, key: str) -> dict[str, bytes]:
    """Return the outline of each key as the ledger holds it now: a cleared one is none."""
    return {
        name: shape for name, shape in _now(table, key, "geometry").items() if shape is not None
    }


def _named(parcels: pa.Table) -> set[str]:
    now = _now(parcels, "parcel_id", "zone_id")
    return {parcel for parcel, zone in now.items() if zone is not None}


def _now(table: pa.Table, key: str, column: str) -> dict[str, Any]:
    """Return the last told value of a column for each key.

    None where it was cleared since, or told in a way that nobody can read.
    """
    now: dict[str, Any] = {}
    marks = [name for name in ("cleared", "unreadable") if name in table.column_names]
    columns = [table.column(name).to_pylist() for name in (key, column, *marks)]
    for name, value, *gone in zip(*columns, strict=True):
        if value is not None or any(f";{column};" in (mark or "") for mark in gone):
            now[name] = value
        else:
            now.setdefault(name, None)
    return now
