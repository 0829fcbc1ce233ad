"""Where shapes stand on the page."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.mapping.shapes import (
    WORLD_BITS,
    along_the_curve,
    drawable,
    hilbert,
    mercator,
    shape_columns,
)


def test_neighbours_along_the_curve_are_neighbours_on_the_ground() -> None:
    x, y = np.meshgrid(np.arange(64), np.arange(64))
    cells = np.column_stack([x.ravel(), y.ravel()]).astype(np.int64)
    order = np.argsort(hilbert(cells[:, 0], cells[:, 1]))
    steps = np.abs(np.diff(cells[order], axis=0)).sum(axis=1)
    assert (steps == 1).all()


@given(st.floats(-180, 179.9), st.floats(-84, 84))
def test_a_place_is_kept_to_a_hand_s_breadth(longitude: float, latitude: float) -> None:
    x, y = mercator(np.array([[longitude, latitude]]))[0] / 2**WORLD_BITS
    back_longitude = (x - 0.5) * 360
    back_latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
    assert abs(back_longitude - longitude) * 111_320 < 0.08
    assert abs(back_latitude - latitude) * 111_320 < 0.08


def test_what_covers_no_land_is_told_apart() -> None:
    shapes = np.array(
        [shapely.box(0, 0, 1, 1), None, shapely.Point(0, 0), shapely.Polygon()], object
    )
    assert drawable(shapes).tolist() == [True, False, False, False]
    assert along_the_curve(shapes).tolist()[0] == 0


def test_no_shapes_at_all_make_empty_columns() -> None:
    columns = shape_columns("parcel", np.empty(0, object))
    assert [column.rows for column in columns] == [0, 0, 0, 0]


def test_the_order_holds_every_parcel_once() -> None:
    places = np.random.default_rng(3).uniform([103, 35], [104, 36], (500, 2))
    shapes = shapely.buffer(shapely.points(places), 0.001)
    order = along_the_curve(shapes)
    assert sorted(order.tolist()) == list(range(500))
    walked = np.abs(np.diff(places[order], axis=0)).sum()
    assert walked < np.abs(np.diff(places, axis=0)).sum() / 5
