"""A map on paper has the scale that it prints, in the plane that it names, and true north."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely

from landwatch.mapping.picture_frame import Frame, frame_of, plane_of
from landwatch.mapping.picture_paper import Box

BOX = Box(10, 30, 190, 150)
EARTH = pyproj.Geod(ellps="GRS80")


def framed(west: float, south: float, wide: float, high: float) -> Frame:
    shapes = np.array([shapely.box(west, south, west + wide, south + high)], dtype=object)
    return frame_of(shapes, BOX)


@pytest.mark.parametrize(
    "place",
    [(103.8, 36.05, 0.02, 0.01), (87.5, 43.8, 0.4, 0.5), (73.6, 18.2, 61.0, 35.0)],
    ids=["a park", "a city", "the country"],
)
@pytest.mark.parametrize("turn", [0.0, 90.0], ids=["eastwards", "northwards"])
def test_a_length_in_the_middle_is_as_long_as_the_scale_says(
    place: tuple[float, float, float, float], turn: float
) -> None:
    frame = framed(*place)
    lon, lat = frame.plane.degrees(frame.east, frame.north)
    if frame.plane.meridian is None and turn == 0.0:
        turn = 90.0  # a conic of equal areas has one true direction at a place: the one measured
    there = EARTH.fwd(lon, lat, turn, 500.0)
    ends = frame.on_paper(frame.plane.metres(np.array([(lon, lat), there[:2]])))
    assert math.dist(*ends) == pytest.approx(500.0 * 1000 / frame.ratio, rel=1e-5)


def test_what_is_shown_lies_within_the_window_at_a_round_scale() -> None:
    for wide in (0.001, 0.003, 0.017, 0.09, 0.31):
        frame = framed(103.8, 36.0, wide, wide / 2)
        shape = np.array([shapely.box(103.8, 36.0, 103.8 + wide, 36.0 + wide / 2)], dtype=object)
        west, south, east, north = shapely.total_bounds(frame.drawn(shape))
        assert BOX.left <= west < east <= BOX.right
        assert BOX.bottom <= south < north <= BOX.top
        first = str(frame.ratio).rstrip("0")
        assert first in {"1", "15", "2", "25", "3", "4", "5", "6", "8"}


def test_the_belt_is_the_one_of_the_middle() -> None:
    assert plane_of(np.array([103.7, 36.0, 103.9, 36.1])).meridian == 105
    assert plane_of(np.array([103.2, 36.0, 103.4, 36.1])).meridian == 102
    assert plane_of(np.array([87.4, 43.0, 87.6, 44.0])).crs.to_epsg() == 4538
    assert plane_of(np.array([75.0, 20.0, 130.0, 50.0])).meridian is None


def test_the_belt_is_named_with_its_number_meridian_and_code() -> None:
    named = plane_of(np.array([103.7, 36.0, 103.9, 36.1]))
    assert named.in_words("zh") == "CGCS2000 3度带第 35 带，中央经线 105°E（EPSG:4544）"
    assert "EPSG:4544" in named.in_words("en")


def test_true_north_leans_towards_the_meridian_of_the_belt() -> None:
    west_of_it, east_of_it = framed(103.8, 36.0, 0.01, 0.01), framed(106.2, 36.0, 0.01, 0.01)
    expected = math.degrees(math.radians(105 - 103.805) * math.sin(math.radians(36.005)))
    assert west_of_it.convergence == pytest.approx(expected, abs=0.005)
    assert east_of_it.convergence < 0
    assert framed(104.995, 36.0, 0.01, 0.01).convergence == pytest.approx(0, abs=1e-6)


def test_the_bar_is_a_round_length_that_fits() -> None:
    frame = framed(103.8, 36.0, 0.02, 0.01)
    metres = frame.bar_metres(55)
    assert str(metres).rstrip("0") in {"1", "2", "5"}
    assert 55 / 2.6 < metres * 1000 / frame.ratio <= 55
