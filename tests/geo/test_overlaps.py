"""Which outlines share land: every pair once, borders apart, many outlines in little memory."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.geo import overlaps as module
from landwatch.geo.areas import Shapes, area_m2
from landwatch.geo.overlaps import OverlapSearch, overlaps

METRE = 1 / 111_000
Corner = tuple[float, float, float, float]


def plot(west: float, south: float, wide: float, high: float) -> shapely.Polygon:
    """Return a rectangle by metres from a corner near Lanzhou."""
    west, east = (104 + x * METRE / np.cos(np.radians(36)) for x in (west, west + wide))
    return shapely.box(west, 36 + south * METRE, east, 36 + (south + high) * METRE)


def many(*shapes: shapely.Geometry) -> Shapes:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def test_neighbours_that_share_a_border_do_not_overlap() -> None:
    assert overlaps(many(plot(0, 0, 100, 100), plot(100, 0, 100, 100))) == []


def test_land_that_two_outlines_claim_is_found_with_its_area_and_share() -> None:
    (found,) = overlaps(many(plot(0, 0, 100, 100), plot(90, 0, 40, 100)))
    assert (found.first, found.second) == (0, 1)
    assert found.area_m2 == pytest.approx(1000, rel=0.01)
    assert found.share == pytest.approx(0.25, rel=0.01)
    assert not found.sliver
    assert not found.same


def test_a_border_drawn_twice_is_a_sliver() -> None:
    (found,) = overlaps(many(plot(0, 0, 100, 100), plot(99.97, 0, 100, 100)))
    assert found.sliver
    assert found.area_m2 == pytest.approx(3, rel=0.02)


def test_slivers_beside_real_land_are_left_out_of_its_area() -> None:
    left = shapely.union(plot(0, 0, 100, 100), plot(0, 100, 10, 100))
    right = shapely.union(plot(99.97, 0, 100, 100), plot(5, 150, 200, 40))
    (found,) = overlaps(many(left, right))
    assert not found.sliver
    assert found.area_m2 == pytest.approx(200, rel=0.01)


def test_the_same_land_under_two_names_is_the_same_however_it_is_drawn() -> None:
    first = plot(0, 0, 100, 100)
    turned = shapely.Polygon(np.roll(shapely.get_coordinates(first)[:-1], 2, axis=0)[::-1])
    (found,) = overlaps(many(first, turned))
    assert found.same
    assert found.share == pytest.approx(1)


def test_a_parcel_within_another_is_no_copy_of_it() -> None:
    (found,) = overlaps(many(plot(0, 0, 100, 100), plot(10, 10, 50, 50)))
    assert found.share == pytest.approx(1)
    assert not found.same


def test_outlines_that_are_not_there_take_no_part() -> None:
    boxes = shapely.bounds(many(plot(0, 0, 10, 10), plot(0, 0, 10, 10)))
    boxes[1] = np.nan
    assert (
        list(OverlapSearch(boxes, lambda places: many(*[plot(0, 0, 10, 10)] * len(places)))) == []
    )


def test_only_pairs_with_one_that_is_asked_for_are_told() -> None:
    shapes = many(*(plot(5 * at, 0, 10, 10) for at in range(4)))
    asked = np.array([True, False, False, False])
    search = OverlapSearch(shapely.bounds(shapes), lambda places: shapes[places], asked)
    assert [(one.first, one.second) for one in search] == [(0, 1)]


plots = st.tuples(
    st.integers(0, 300), st.integers(0, 300), st.integers(3, 120), st.integers(3, 120)
)


def by_pairs(shapes: Shapes) -> set[tuple[int, int]]:
    """Find the overlaps pair by pair, the slow way."""
    return {
        (a, b)
        for a in range(len(shapes))
        for b in range(a + 1, len(shapes))
        if area_m2(shapely.intersection(shapes[a], shapes[b])) > 0.01
    }


@given(st.lists(plots, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_overlap_is_symmetric_and_knows_no_order(corners: list[Corner], random: Random) -> None:
    shapes = many(*(plot(*corner) for corner in corners))
    order = list(range(len(shapes)))
    random.shuffle(order)
    told = {(one.first, one.second): round(one.area_m2, 3) for one in overlaps(shapes)}
    again = {
        tuple(sorted((order[one.first], order[one.second]))): round(one.area_m2, 3)
        for one in overlaps(shapes[order])
    }
    assert told == again
    assert {pair for pair, area in told.items() if area > 0.01} == by_pairs(shapes)


@given(st.lists(plots, min_size=1, max_size=8), st.integers(50, 5000))
def test_copies_moved_away_overlap_as_the_first_ones_do(corners: list[Corner], metres: int) -> None:
    shapes = [plot(*corner) for corner in corners]
    far = 1000 + metres
    copies = [plot(west + far, south, wide, high) for west, south, wide, high in corners]
    first = overlaps(many(*shapes))
    both = overlaps(many(*shapes, *copies))
    assert len(both) == 2 * len(first)
    for one, other in zip(both[: len(first)], both[len(first) :], strict=True):
        assert (one.first, one.second) == (other.first - len(shapes), other.second - len(shapes))
        assert one.area_m2 == pytest.approx(other.area_m2, rel=1e-3, abs=0.01)


def test_cutting_the_land_into_cells_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(20210701)
    places = rng.uniform(0, 600, (120, 2))
    shapes = many(*(plot(x, y, 40, 60) for x, y in places), plot(0, 0, 600, 600))
    whole = overlaps(shapes)
    monkeypatch.setattr(module, "_IN_A_CELL", 16)
    held: list[int] = []

    def some(within: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Shapes:
        held.append(len(within))
        found: Shapes = shapes[within]
        return found

    cut = sorted(
        OverlapSearch(shapely.bounds(shapes), some), key=lambda one: (one.first, one.second)
    )
    assert cut == whole
    assert len(held) > 8
    assert max(held) < len(shapes) / 2


def test_a_file_that_lays_all_over_all_ends_and_says_what_was_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PAIRS_ANYWAY", 0)
    monkeypatch.setattr(module, "_PAIRS_EACH", 2)
    monkeypatch.setattr(module, "_AT_ONCE", 10)
    shapes = many(*(plot(at, 0, 500, 500) for at in range(100)))
    search = OverlapSearch(shapely.bounds(shapes), lambda places: shapes[places])
    assert len(list(search)) > 0
    assert search.untried == 90


def test_an_overlay_that_loses_its_digits_is_made_on_a_grid() -> None:
    asked: list[float | None] = []

    def overlay(left: Shapes, right: Shapes, grid_size: float | None = None) -> Shapes:
        asked.append(grid_size)
        if grid_size is None:
            raise shapely.errors.GEOSException("TopologyException: side location conflict")
        found: Shapes = shapely.intersection(left, right, grid_size=grid_size)
        return found

    left, right = many(plot(0, 0, 100, 100)), many(plot(50, 0, 100, 100))
    assert area_m2(module.cut(overlay, left, right)[0]) == pytest.approx(5000, rel=0.01)
    assert asked == [None, 1e-10]
