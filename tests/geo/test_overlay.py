"""Which zone a parcel lies in by its place; an invalid outline is never taken for certain."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely
from shapely.geometry import Polygon

from landwatch.geo.overlay import NO_ZONE, locate_parcels

PARK = shapely.box(104, 36, 104.1, 36.1)
SUB = shapely.box(104.05, 36.05, 104.1, 36.1)


def bow_tie(west: float, south: float, size: float = 0.002) -> Polygon:
    east, north = west + size, south + size
    return Polygon([(west, south), (east, north), (east, south), (west, north)])


def table(key: str, shapes: dict[str, shapely.Geometry], zone: str | None = None) -> pa.Table:
    rows = {key: list(shapes), "geometry": [shape.wkb for shape in shapes.values()]}
    if key == "parcel_id":
        rows["zone_id"] = [zone] * len(shapes)
    return pa.table(rows)


def located(
    parcel: shapely.Geometry, zones: dict[str, shapely.Geometry], zone: str | None = None
) -> set[str]:
    found = locate_parcels(table("parcel_id", {"P": parcel}, zone), table("zone_id", zones))
    return set(found.column("zone_id").to_pylist())


def test_a_parcel_lies_in_the_smallest_zone_around_its_inner_point() -> None:
    zones = {"PARK": PARK, "SUB": SUB}
    assert located(shapely.box(104.06, 36.06, 104.07, 36.07), zones) == {"SUB"}
    assert located(shapely.box(104.01, 36.01, 104.02, 36.02), zones) == {"PARK"}
    assert located(shapely.box(105, 36.01, 105.02, 36.02), zones) == set()


def test_a_parcel_that_names_its_zone_is_not_located() -> None:
    assert located(shapely.box(104.01, 36.01, 104.02, 36.02), {"PARK": PARK}, "X") == set()


@pytest.mark.parametrize(
    ("west", "south", "zones"),
    [
        (104.06, 36.06, {"SUB"}),
        (104.02, 36.02, {"PARK"}),
        (104.049, 36.07, {"PARK", "SUB"}),
        (104.099, 36.02, {NO_ZONE, "PARK"}),
        (104.2, 36.02, set()),
    ],
    ids=["within the sub-park", "within the park", "across the sub-park", "across the park", "out"],
)
def test_an_invalid_parcel_gets_every_zone_that_it_may_lie_in(
    west: float, south: float, zones: set[str]
) -> None:
    assert located(bow_tie(west, south), {"PARK": PARK, "SUB": SUB}) == zones


def test_a_parcel_in_reach_of_an_invalid_zone_keeps_its_zone_open() -> None:
    broken = bow_tie(104.05, 36.05, 0.04)
    parcel = shapely.box(104.06, 36.061, 104.061, 36.062)
    assert located(parcel, {"PARK": PARK, "BROKEN": broken}) == {"PARK", "BROKEN"}
    assert located(parcel, {"BROKEN": broken}) == {NO_ZONE, "BROKEN"}
    assert located(parcel, {"PARK": PARK, "BROKEN": broken, "SMALL": parcel}) == {"SMALL"}


def test_zones_that_overlap_without_nesting_leave_the_zone_open_in_any_order() -> None:
    west, east = shapely.box(104, 36, 104.1, 36.1), shapely.box(104.05, 36, 104.15, 36.1)
    parcel = shapely.box(104.06, 36.02, 104.07, 36.03)
    assert located(parcel, {"A": west, "B": east}) == {"A", "B"}
    assert located(parcel, {"B": east, "A": west}) == {"A", "B"}
    assert located(shapely.box(104.01, 36.02, 104.02, 36.03), {"A": west, "B": east}) == {"A"}
    whole = shapely.box(103, 35, 105, 37)
    assert located(parcel, {"W": whole, "A": west, "B": east}) == {"A", "B"}
