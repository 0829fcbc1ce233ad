"""Which zone a parcel lies in, by place: for parcels whose ledger names none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

NO_ZONE = ""
"""Stands beside the zones of a parcel that may lie in none of them."""


def locate_parcels(parcels: pa.Table, zones: pa.Table) -> pa.Table:
    """Return the zone of each parcel that names none, by the place of its inner point.

    An invalid outline has no certain inside. Whatever it is, it lies within the hull of its
    corners: such a parcel lies in a zone only where its hull does, and one that may lie in an
    invalid zone, or across a border, gets every zone that it may lie in, a row each.

    Args:
        parcels: records with parcel_id, zone_id and geometry (WKB, EPSG:4490), latest row last.
        zones: records with zone_id and geometry, latest row last.

    Returns:
        Columns parcel_id and zone_id. A parcel in a sub-park within its park gets the sub-park; one
        in two zones of which neither lies within the other gets both, a row each; one in none, or
        without an outline, is left out. Several rows of a parcel leave its zone open; `NO_ZONE`
        among them is none at all.
    """
    import pyarrow as pa

    outlines = outlines_now(zones, "zone_id")
    named = {key for key, zone in told_now(parcels, "parcel_id", "zone_id").items() if zone}
    wanted = {
        key: shape for key, shape in outlines_now(parcels, "parcel_id").items() if key not in named
    }
    schema = pa.schema([("parcel_id", pa.string()), ("zone_id", pa.string())])
    rows = list(_located(wanted, outlines)) if outlines and wanted else []
    columns = {"parcel_id": [row[0] for row in rows], "zone_id": [row[1] for row in rows]}
    return pa.table(columns, schema=schema)


def _located(parcels: dict[str, bytes], zones: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each parcel with its zone, or with all that it may lie in."""
    import numpy as np
    import shapely

    places, sure_place = _places(parcels)
    shapes, sure_zone = _hulls_of_invalid(zones)
    smallest_first = np.argsort(shapely.area(shapes), kind="stable").tolist()
    names, tree = list(zones), shapely.STRtree(places)
    shapely.prepare(shapes)
    settled = np.zeros(len(places), dtype=bool)
    first = np.full(len(places), -1)
    open_zones: dict[int, list[str]] = {}
    zone_of: dict[int, str] = {}
    for zone in smallest_first:
        hits = tree.query(shapes[zone], predicate="intersects")
        for smaller in np.unique(first[hits[first[hits] >= 0]]).tolist():
            if not _within(shapes[smaller], shapes[zone]):
                for place in hits[first[hits] == smaller].tolist():
                    open_zones.setdefault(place, [names[smaller]]).append(names[zone])
        hits = hits[~settled[hits]]
        within = sure_place[hits] | shapely.covers(shapes[zone], places[hits])
        for place, surely in zip(hits.tolist(), (within & sure_zone[zone]).tolist(), strict=True):
            if surely and place not in open_zones:
                zone_of[place], first[place] = names[zone], zone
            else:
                open_zones.setdefault(place, []).append(names[zone])
            settled[place] = surely
    keys = list(parcels)
    yield from ((keys[place], one) for place, one in zone_of.items() if place not in open_zones)
    for place, maybe in open_zones.items():
        none = [] if settled[place] else [NO_ZONE]
        yield from ((keys[place], zone) for zone in [*none, *maybe])


_NEARLY_ALL = 0.98
"""Of a sub-park's area: two surveys of one border never agree to the centimetre."""


def _within(small: Any, large: Any) -> bool:
    """Tell whether a zone lies (nearly) within another, as a sub-park does in its park."""
    import shapely

    return bool(shapely.intersection(small, large).area >= _NEARLY_ALL * small.area)


def _places(parcels: dict[str, bytes]) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return where each parcel lies: a point within it, or the hull that an invalid one is in."""
    import shapely

    shapes, sure = _hulls_of_invalid(parcels)
    shapes[sure] = shapely.point_on_surface(shapes[sure])
    return shapes, sure


def _hulls_of_invalid(outlines: dict[str, bytes]) -> tuple[Shapes, NDArray[np.bool_]]:
    """Return the outlines, the hull of its corners for each invalid one; and which are valid."""
    import shapely

    shapes = shapely.from_wkb(list(outlines.values()))
    sure: NDArray[np.bool_] = shapely.is_valid(shapes)
    shapes[~sure] = shapely.convex_hull(shapely.extract_unique_points(shapes[~sure]))
    return shapes, sure


def outlines_now(table: pa.Table, key: str) -> dict[str, bytes]:
    """Return the outline of each key as the ledger holds it now: a cleared one is none."""
    return {
        name: shape for name, shape in told_now(table, key, "geometry").items() if shape is not None
    }


def told_now(table: pa.Table, key: str, column: str) -> dict[str, Any]:
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
