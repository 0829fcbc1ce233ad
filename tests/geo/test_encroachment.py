"""How far an outline reaches beyond what should hold it; strips along a border are no land."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.geo.areas import Shapes, area_m2
from landwatch.geo.encroachment import Beyond, Redrawn, beyond, reaches_m, redrawn

METRE = 1 / 111_000
BROKEN = shapely.Polygon([(104, 36), (104.001, 36.001), (104.001, 36), (104, 36.001)])


def plot(west: float, south: float, wide: float, high: float) -> shapely.Polygon:
    """Return a rectangle by metres from a corner near Lanzhou."""
    left, right = (104 + x * METRE / np.cos(np.radians(36)) for x in (west, west + wide))
    return shapely.box(left, 36 + south * METRE, right, 36 + (south + high) * METRE)


def many(*shapes: shapely.Geometry | None) -> Shapes:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


GRANTED = plot(0, 0, 100, 100)


def over(shape: shapely.Geometry, bound: shapely.Geometry | None = GRANTED) -> Beyond:
    return beyond(many(shape), many(bound))


@pytest.mark.parametrize(
    ("drawn", "area", "width"),
    [
        (plot(10, 10, 50, 50), 0, 0),
        (GRANTED, 0, 0),
        (plot(0, 0, 100.04, 100), 0, 0),
        (plot(0, 0, 100.06, 100), 6, 0.06),
        (plot(0, 0, 103, 100), 300, 2.9),
        (plot(-2, 0, 105, 100), 500, 2.9),
        (plot(200, 0, 10, 10), 100, 5),
    ],
    ids=["within", "alike", "4 cm over", "6 cm over", "3 m over", "over on two sides", "apart"],
)
def test_land_beyond_the_bound_is_told_by_area_and_width(
    drawn: shapely.Geometry, area: float, width: float
) -> None:
    found = over(drawn)
    assert found.areas_m2[0] == pytest.approx(area, rel=0.03)
    assert found.widths_m[0] == pytest.approx(width, rel=0.03)


def test_strips_beside_land_are_left_out_of_its_area() -> None:
    drawn = shapely.union(plot(0, 0, 100.03, 100), plot(20, 100, 30, 10))
    assert over(drawn).areas_m2[0] == pytest.approx(300, rel=0.01)


def test_where_there_is_no_bound_nothing_is_known() -> None:
    found = beyond(many(GRANTED, GRANTED), many(None, GRANTED))
    assert np.isnan(found.areas_m2[0])
    assert np.isnan(found.widths_m[0])
    assert found.areas_m2[1] == found.widths_m[1] == 0
    assert len(beyond(many(), many()).areas_m2) == 0


@pytest.mark.parametrize(
    ("drawn", "metres"),
    [
        (plot(10, 10, 50, 50), 0),
        (plot(0, 0, 103, 100), 3),
        (plot(-2, 0, 105, 100), 3),
        (plot(0, 107, 10, 20), 27),
        (plot(103, 104, 1, 1), np.hypot(4, 5)),
    ],
    ids=["within", "over on a side", "over on two", "apart", "apart at a corner"],
)
def test_the_reach_is_how_far_the_farthest_corner_is_out(
    drawn: shapely.Geometry, metres: float
) -> None:
    assert reaches_m(many(drawn), many(GRANTED))[0] == pytest.approx(metres, rel=0.01)
    assert reaches_m(many(drawn, drawn), many(drawn, GRANTED))[0] == 0


sizes = st.integers(5, 200)


@given(st.integers(-60, 60), st.integers(-60, 60), sizes, sizes)
def test_what_is_beyond_and_what_is_within_make_the_whole(
    west: int, south: int, wide: int, high: int
) -> None:
    drawn = plot(west, south, wide, high)
    within = area_m2(shapely.intersection(drawn, GRANTED))
    # An edge that is cut in two is two geodesics, some tenths of a millimetre beside the one.
    assert over(drawn).areas_m2[0] + within == pytest.approx(area_m2(drawn), abs=0.1)


def told(*rows: tuple[str, shapely.Geometry | None, str | None]) -> list[Redrawn]:
    """Return what rows of (key, outline, cleared columns) say of parcels drawn anew."""
    drawn = [None if outline is None else outline.wkb for _, outline, _ in rows]
    columns = {
        "key": pa.array([row[0] for row in rows], pa.string()),
        "geometry": pa.array(drawn, pa.large_binary()),
        "cleared": pa.array([row[2] for row in rows], pa.string()),
    }
    return list(redrawn(pa.table(columns)))


def test_a_parcel_that_grew_is_told_with_both_rows() -> None:
    (one,) = told(
        ("P", GRANTED, None),
        ("Q", GRANTED, None),
        ("P", None, None),
        ("P", plot(0, 0, 103, 100), None),
    )
    assert (one.key, one.before, one.now, one.grew) == ("P", 0, 3, True)
    assert one.more_m2 == pytest.approx(300, rel=0.01)
    assert one.less_m2 == 0
    assert one.reach_m == pytest.approx(3, rel=0.01)
    assert one.before_m2 == pytest.approx(area_m2(GRANTED))


def test_a_parcel_that_was_moved_did_not_grow() -> None:
    (one,) = told(("P", GRANTED, None), ("P", plot(30, 0, 100, 100), None))
    assert not one.grew
    assert one.less_m2 == pytest.approx(one.more_m2, rel=0.01)


@pytest.mark.parametrize(
    "rows",
    [
        [("P", GRANTED, None)],
        [("P", GRANTED, None), ("P", GRANTED, None)],
        [("P", GRANTED, None), ("P", plot(0, 0, 100.03, 100), None)],
        [("P", GRANTED, None), ("P", plot(0, 0, 60, 100), None)],
        [("P", GRANTED, None), ("P", plot(0, 0, 103, 100), None), ("P", None, ";geometry;")],
        [("P", BROKEN, None), ("P", GRANTED, None)],
        [("P", GRANTED, None), ("P", BROKEN, None)],
    ],
    ids=["once", "again", "by a hair", "smaller", "cleared", "invalid before", "invalid now"],
)
def test_what_does_not_reach_beyond_is_not_told(
    rows: list[tuple[str, shapely.Geometry | None, str | None]],
) -> None:
    assert told(*rows) == []
    assert told() == []


def test_of_several_earlier_outlines_the_first_that_it_grew_from_speaks() -> None:
    elsewhere, half, now = plot(900, 0, 50, 50), plot(0, 0, 50, 100), plot(0, 0, 110, 100)
    rows = [("P", one, None) for one in (elsewhere, half, GRANTED, now)]
    (one,) = told(*rows)
    assert (one.before, one.grew) == (1, True)
    (one,) = told(rows[0], rows[3])
    assert (one.before, one.grew) == (0, False)


def test_many_pairs_are_compared_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landwatch.geo.encroachment._PAIRS_AT_ONCE", 3)
    first = [(f"P{at}", plot(300 * at, 0, 100, 100), None) for at in range(10)]
    later = [(f"P{at}", plot(300 * at, 0, 100 + at % 2 * 5, 100), None) for at in range(10)]
    assert [one.key for one in told(*first, *later)] == [f"P{at}" for at in range(1, 10, 2)]
