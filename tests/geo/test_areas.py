"""Areas on the ellipsoid against geodesics, and the decimals at which two areas differ."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.geo.areas import (
    area_m2,
    areas_m2,
    as_told,
    differs,
    mean_widths_m,
    perimeters_m,
    polygons_of,
    slivers,
)

GEODESIC = pyproj.Geod(ellps="GRS80")
METRE = 1 / 111_000


def parcel(east: float, north: float, metres: float, turn: float = 0.3) -> shapely.Polygon:
    """Return a six-cornered parcel about so many metres across, somewhere in China."""
    angle = turn + np.arange(6) * np.pi / 3
    reach = metres / 2 * np.array([1, 0.8, 0.9, 1, 0.7, 0.95])
    x = east + reach * np.cos(angle) * METRE / np.cos(np.radians(north))
    return shapely.Polygon(np.column_stack([x, north + reach * np.sin(angle) * METRE]))


def strip(metres_long: float, metres_wide: float) -> shapely.Polygon:
    """Return a strip that runs north: there a degree is as long everywhere near."""
    east = metres_wide * METRE / np.cos(np.radians(36)) * 0.9972
    return shapely.box(104, 36, 104 + east, 36 + metres_long * METRE)


@given(st.floats(74, 134), st.floats(4, 53), st.floats(50, 3000), st.floats(0, 6), st.booleans())
def test_an_area_is_that_of_the_geodesic_to_a_part_in_a_million(
    east: float, north: float, metres: float, turn: float, holed: bool
) -> None:
    area = parcel(east, north, metres, turn)
    if holed:
        area = area.difference(parcel(east, north, metres / 3, turn + 1))
    expected = abs(GEODESIC.geometry_area_perimeter(area)[0])
    drawn = areas_m2(np.array([area]))[0]
    assert drawn == pytest.approx(expected, rel=1e-6, abs=1e-4)  # geodesics know a square cm


@given(st.lists(st.floats(20, 500), min_size=1, max_size=6))
def test_areas_of_parts_add_up_to_that_of_the_whole(sizes: list[float]) -> None:
    parts = [parcel(104 + 0.01 * at, 36, size) for at, size in enumerate(sizes)]
    whole = shapely.MultiPolygon(parts)
    assert areas_m2(np.array([whole]))[0] == pytest.approx(areas_m2(np.array(parts)).sum())


def test_a_shape_and_its_hole_add_up_to_the_shape_without_it() -> None:
    shell, hole = parcel(104, 36, 300), parcel(104, 36, 50)
    each = areas_m2(np.array([shell, hole, shell.difference(hole)]))
    assert each[0] - each[1] == pytest.approx(each[2], rel=1e-9)


def test_what_is_no_area_has_none_and_keeps_its_place() -> None:
    box = parcel(104, 36, 100)
    mixed = shapely.GeometryCollection([box, shapely.LineString([(104, 36), (105, 37)])])
    shapes = np.array([None, shapely.Point(104, 36), box, shapely.Polygon(), mixed], dtype=object)
    areas = areas_m2(shapes)
    assert areas.tolist() == [0, 0, areas[2], 0, areas[2]]
    assert areas[2] > 5000
    assert polygons_of(shapes)[1].tolist() == [2, 4]
    assert areas_m2(np.array([], dtype=object)).tolist() == []


def test_a_polygon_within_a_collection_of_collections_counts() -> None:
    box = parcel(104, 36, 100)
    nested = shapely.GeometryCollection([shapely.MultiPolygon([box, parcel(104.1, 36, 100)])])
    assert areas_m2(np.array([nested]))[0] == pytest.approx(2 * areas_m2(np.array([box]))[0])


@pytest.mark.parametrize(
    "other",
    [
        "POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,2 1,1 2,0 0))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((0 0,-1 0,-1 -1,0 0)))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
        "POLYGON((0 0,1 1,1 0,0 0,-1 -1,-1 0,0 0))",
        "POLYGON((0 0,0 0,1 0,1 1,0 0))",
        "POLYGON Z((0 0 7,1 0 8,1 1 9,0 0 7))",
        "LINESTRING(0 0,1 0,1 1,0 0)",
        "POLYGON EMPTY",
    ],
    ids=["hole at the first corner", "parts that touch", "parts", "loop through the first corner",
         "first corner twice", "with heights", "closed line", "empty"],
)  # fmt: skip
def test_a_plain_ring_beside_an_odd_shape_changes_neither(other: str) -> None:
    plain, odd = parcel(104, 36, 100), shapely.from_wkt(other)
    rings = shapely.get_rings(shapely.get_parts(odd))
    each = [areas_m2(np.array([shapely.Polygon(ring)]))[0] for ring in rings]
    whole = sum(each) - 2 * sum(each[1:]) * (odd.geom_type == "Polygon")
    drawn = np.array([odd, plain, odd, None, plain], dtype=object)
    assert areas_m2(drawn) == pytest.approx([whole, area_m2(plain), whole, 0, area_m2(plain)])


def test_the_length_of_the_rings_is_that_of_the_geodesic() -> None:
    area = parcel(104, 36, 800).difference(parcel(104, 36, 100))
    expected = sum(GEODESIC.geometry_length(ring) for ring in shapely.get_rings(area))
    assert perimeters_m(np.array([area]))[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("metres_long", "metres_wide", "thin"),
    [(100, 0.04, True), (100, 0.06, False), (1.2, 0.7, True), (1.2, 1.2, False)],
    ids=["4 cm wide", "6 cm wide", "below 1 m²", "above 1 m²"],
)
def test_a_sliver_is_narrow_or_tiny(metres_long: float, metres_wide: float, thin: bool) -> None:
    shapes = np.array([strip(metres_long, metres_wide)], dtype=object)
    assert slivers(shapes).tolist() == [thin]


def test_the_mean_width_of_a_long_strip_is_its_width() -> None:
    shapes = np.array([strip(500, 2)], dtype=object)
    width = mean_widths_m(shapes, areas_m2(shapes))[0]
    assert width == pytest.approx(2, rel=0.01)


def test_half_a_percent_apart_is_not_yet_apart() -> None:
    told = Decimal("10000.0000")
    assert not differs(10_050.0, told)
    assert not differs(9_950.0, told)
    assert differs(10_050.0001, told)
    assert differs(9_949.9999, told)
    assert as_told(1234.56785) == Decimal("1234.5678")
