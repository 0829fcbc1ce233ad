"""Which zone a parcel lies in, beside the plainest way to find it: one parcel after another."""

from __future__ import annotations

from typing import TypeAlias

import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from landwatch.geo import told
from landwatch.geo.overlay import NO_ZONE, ZonePlaces, locate_parcels
from landwatch.geo.told import outlines_now

Shape: TypeAlias = shapely.Geometry
Row: TypeAlias = tuple[str, str | None, Shape | None, str | None]
"""What a row tells of a parcel: its name, its zone, its outline, and the columns it clears."""


def within_nearly(small: Shape, large: Shape) -> bool:
    return bool(small.intersection(large).area >= 0.98 * small.area)


def certain(shape: Shape) -> tuple[Shape, bool]:
    if shape.is_valid:
        return shape, True
    return shapely.convex_hull(shapely.extract_unique_points(shape)), False


def one_by_one(parcels: dict[str, Shape], zones: dict[str, Shape]) -> set[tuple[str, str]]:
    """Locate each parcel alone, every zone tried: smallest first, as the words of the rule go."""
    drawn = {name: certain(zone) for name, zone in zones.items()}
    smallest_first = sorted(drawn, key=lambda name: drawn[name][0].area)
    found: set[tuple[str, str]] = set()
    for parcel, outline in parcels.items():
        hull, valid = certain(outline)
        place = hull.point_on_surface() if valid else hull
        first, settled = None, False
        maybe: list[str] = []
        for zone in smallest_first:
            shape, sure = drawn[zone]
            if not place.intersects(shape):
                continue
            if first is not None and not within_nearly(drawn[first][0], shape):
                maybe += [zone] if maybe else [first, zone]
            if settled:
                continue
            surely = sure and (valid or shape.covers(place))
            if surely and not maybe:
                first = zone
            else:
                maybe.append(zone)
            settled = surely
        if not settled and maybe:
            maybe.append(NO_ZONE)
        found |= {(parcel, zone) for zone in maybe or ([first] if first else [])}
    return found


def told_rows(*rows: Row) -> pa.Table:
    names, zones, outlines, cleared = zip(*rows, strict=True) if rows else ((), (), (), ())
    drawn = [None if outline is None else outline.wkb for outline in outlines]
    return pa.table(
        {
            "parcel_id": pa.array(names, pa.string()),
            "zone_id": pa.array(zones, pa.string()),
            "geometry": pa.array(drawn, pa.large_binary()),
            "cleared": pa.array(cleared, pa.string()),
        }
    )


def parcels_of(shapes: dict[str, Shape]) -> pa.Table:
    return told_rows(*((name, None, shape, None) for name, shape in shapes.items()))


def zones_of(shapes: dict[str, Shape]) -> pa.Table:
    drawn = pa.array([shape.wkb for shape in shapes.values()], pa.large_binary())
    return pa.table({"zone_id": pa.array(list(shapes), pa.string()), "geometry": drawn})


def located(parcels: pa.Table, zones: pa.Table) -> set[tuple[str, str]]:
    rows = [
        (row["parcel_id"], row["zone_id"]) for row in locate_parcels(parcels, zones).to_pylist()
    ]
    assert len(rows) == len(set(rows))
    return set(rows)


corner = st.integers(0, 12)
boxes = st.tuples(corner, corner, st.integers(1, 8), st.integers(1, 8)).map(
    lambda at: shapely.box(at[0], at[1], at[0] + at[2], at[1] + at[3])
)
bow_ties = st.tuples(corner, corner, st.integers(1, 6)).map(
    lambda at: Polygon(
        [
            (at[0], at[1]),
            (at[0] + at[2], at[1] + at[2]),
            (at[0] + at[2], at[1]),
            (at[0], at[1] + at[2]),
        ]
    )
)
hollow = st.tuples(corner, corner, st.integers(4, 8)).map(
    lambda at: shapely.box(at[0], at[1], at[0] + at[2], at[1] + at[2]).difference(
        shapely.box(at[0] + 1, at[1] + 1, at[0] + at[2] - 1, at[1] + at[2] - 1)
    )
)
shapes = st.one_of(boxes, boxes, bow_ties, hollow)
nested = boxes.flatmap(
    lambda zone: st.sampled_from([zone, zone.buffer(0.001), zone.centroid.buffer(0.4)])
)


@given(st.lists(shapes, max_size=12), st.lists(st.one_of(shapes, nested), max_size=6))
def test_all_at_once_says_what_one_by_one_says(drawn: list[Shape], around: list[Shape]) -> None:
    parcels = {f"P{at}": shape for at, shape in enumerate(drawn)}
    zones = {f"Z{at}": shape for at, shape in enumerate(around)}
    assert located(parcels_of(parcels), zones_of(zones)) == one_by_one(parcels, zones)


@given(st.lists(shapes, min_size=1, max_size=8), st.lists(shapes, max_size=4), st.data())
def test_some_parcels_alone_lie_where_they_lie_among_all(
    drawn: list[Shape], around: list[Shape], data: st.DataObject
) -> None:
    parcels = parcels_of({f"P{at}": shape for at, shape in enumerate(drawn)})
    zones = zones_of({f"Z{at}": shape for at, shape in enumerate(around)})
    some = data.draw(st.lists(st.booleans(), min_size=len(parcels), max_size=len(parcels)))
    names = {
        name for name, wanted in zip(parcels["parcel_id"].to_pylist(), some, strict=True) if wanted
    }
    among_all = {pair for pair in located(parcels, zones) if pair[0] in names}
    assert located(parcels.filter(pa.array(some)), zones) == among_all


def test_a_parcel_on_the_border_of_a_zone_lies_in_it() -> None:
    zone = shapely.box(0, 0, 10, 10)
    astride = shapely.box(9, 4, 11, 6)  # its inner point stands on the border
    assert astride.point_on_surface().touches(zone)
    assert located(parcels_of({"P": astride}), zones_of({"Z": zone})) == {("P", "Z")}


def test_many_tables_are_asked_of_one_map_and_read_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(told, "AT_ONCE", 3)
    zones = {f"Z{at}": shapely.box(10 * at, 0, 10 * at + 8, 10) for at in range(4)}
    parcels = {f"P{at:02d}": shapely.box(at, 1, at + 0.5, 2) for at in range(40)}
    places = ZonePlaces(outlines_now(zones_of(zones), "zone_id"))
    whole = places.located(parcels_of(parcels))
    pairs = {(row["parcel_id"], row["zone_id"]) for row in whole.to_pylist()}
    assert pairs == one_by_one(parcels, zones)
    assert whole["parcel_id"].to_pylist() == sorted(whole["parcel_id"].to_pylist())
    assert places.located(parcels_of({})).num_rows == 0
    assert places.located(whole.append_column("geometry", pa.nulls(len(whole)))).num_rows == 0


def test_what_was_told_last_decides_row_by_row() -> None:
    here, there = shapely.box(1, 1, 2, 2), shapely.box(21, 1, 22, 2)
    zones = zones_of({"Z": shapely.box(0, 0, 10, 10), "Y": shapely.box(20, 0, 30, 10)})
    parcels = told_rows(
        ("moved", None, here, None),
        ("named", None, here, None),
        ("unnamed", "X", here, None),
        ("gone", None, here, None),
        ("blank", None, here, None),
        ("moved", None, there, None),
        ("named", "X", None, None),
        ("unnamed", None, None, ";zone_id;"),
        ("gone", None, None, ";geometry;"),
        ("blank", None, None, None),
    )
    assert located(parcels, zones) == {("moved", "Y"), ("unnamed", "Z"), ("blank", "Z")}
    assert located(parcels, zones_of({})) == set()
