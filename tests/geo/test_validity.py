"""What makes an outline invalid, where; and repairs that change nothing, or are not made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from landwatch.geo.areas import area_m2
from landwatch.geo.validity import FlawKind, drawn_m2, flaw_of, repaired
from landwatch.language.catalogue import says

Corners = Sequence[tuple[float, float]]
SQUARE = ((0, 0), (4, 0), (4, 4), (0, 4))


def drawn(shell: Corners, *holes: Corners) -> MultiPolygon:
    """Return an outline near Lanzhou, a unit a hundred metres."""
    rings = [[(104 + x / 1000, 36 + y / 1000) for x, y in ring] for ring in (shell, *holes)]
    return MultiPolygon([Polygon(rings[0], rings[1:])])


def both(*areas: MultiPolygon) -> MultiPolygon:
    return MultiPolygon([part for area in areas for part in area.geoms])


BOW_TIE = drawn([(0, 0), (1, 1), (1, 0), (0, 1)])
FLAWED = {
    "a bow tie": (BOW_TIE, FlawKind.SELF_INTERSECTION, "104.0005000, 36.0005000"),
    "a spike along a side": (
        drawn([(0, 0), (4, 0), (6, 0), (4, 0), (4, 4), (0, 4)]),
        FlawKind.SPIKE,
        "104.0060000, 36.0000000",
    ),
    "a spike at a corner": (
        drawn([(0, 0), (4, 0), (4, 4), (5, 6), (4, 4), (0, 4)]),
        FlawKind.SPIKE,
        "104.0050000, 36.0060000",
    ),
    "a ring that touches itself": (
        drawn([(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)]),
        FlawKind.RING_TOUCHES_ITSELF,
        "104.0020000, 36.0020000",
    ),
    "a hole outside": (
        drawn(SQUARE, [(5, 5), (6, 5), (6, 6)]),
        FlawKind.HOLE_OUTSIDE,
        "104.0050000, 36.0050000",
    ),
    "a hole across the shell": (
        drawn(SQUARE, [(3, 3), (5, 3), (5, 3.5), (3, 3.5)]),
        FlawKind.RINGS_CROSS,
        "104.0040000, 36.0030000",
    ),
    "a hole in a hole": (
        drawn(SQUARE, [(1, 1), (3, 1), (3, 3), (1, 3)], [(1.5, 1.5), (2, 1.5), (2, 2)]),
        FlawKind.HOLES_NESTED,
        "104.0015000, 36.0015000",
    ),
    "parts over each other": (
        both(drawn(SQUARE), drawn([(2, 2), (6, 2), (6, 6), (2, 6)])),
        FlawKind.PARTS_OVERLAP,
        "104.0020000, 36.0040000",
    ),
    "a part within a part": (
        both(drawn(SQUARE), drawn([(1, 1), (2, 1), (2, 2)])),
        FlawKind.PARTS_NESTED,
        "104.0010000, 36.0010000",
    ),
    "an interior in two": (
        drawn(SQUARE, [(0, 2), (2, 0), (4, 2), (2, 4)]),
        FlawKind.INTERIOR_SPLIT,
        "104.0020000, 36.0000000",
    ),
    "a line there and back": (
        drawn([(0, 0), (1, 1), (0, 0), (0, 0)]),
        FlawKind.TOO_FEW_POINTS,
        "104.0000000, 36.0000000",
    ),
}


@pytest.mark.parametrize(("area", "kind", "place"), FLAWED.values(), ids=FLAWED.keys())
def test_a_flaw_is_named_with_its_place(area: MultiPolygon, kind: FlawKind, place: str) -> None:
    flaw = flaw_of(area)
    assert flaw is not None
    assert (flaw.kind, flaw.place) == (kind, place)


def test_every_kind_of_flaw_has_words() -> None:
    assert [kind for kind in FlawKind if not says(f"ledger.flaw.{kind.value}")] == []


def test_a_valid_outline_has_no_flaw_and_repeated_points_are_none() -> None:
    assert flaw_of(drawn(SQUARE)) is None
    assert flaw_of(drawn([(0, 0), (0, 0), (4, 0), (4, 4), (4, 4), (0, 4)])) is None


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_a_corner_that_is_no_number_is_said() -> None:
    flaw = flaw_of(Polygon([(104, 36), (104.1, float("nan")), (104.1, 36.1)]))
    assert flaw is not None
    assert flaw.kind is FlawKind.NO_NUMBER


@pytest.mark.parametrize(
    "name", ["a spike along a side", "a spike at a corner", "a ring that touches itself"]
)
def test_what_adds_no_land_is_repaired_without_a_change(name: str) -> None:
    area = FLAWED[name][0]
    repair = repaired(area)
    assert repair.area.is_valid
    assert repair.keeps_the_area
    assert repair.changed_share < 1e-9


def test_parts_that_a_writer_put_among_the_holes_become_parts_again() -> None:
    """They turn as the shell does; the area is that of all rings and does not change."""
    repair = repaired(drawn(SQUARE, [(5, 5), (7, 5), (7, 7), (5, 7)]))
    assert len(repair.area.geoms) == 2
    assert repair.keeps_the_area
    assert repair.after_m2 == pytest.approx(area_m2(drawn(SQUARE)) * 1.25, rel=1e-4)


def test_a_hole_that_slid_out_of_its_shell_is_not_made_land() -> None:
    repair = repaired(drawn(SQUARE, [(5, 7), (7, 7), (7, 5), (5, 5)]))
    assert not repair.keeps_the_area
    assert repair.before_m2 < repair.after_m2


@pytest.mark.parametrize("name", ["a bow tie", "parts over each other", "a line there and back"])
def test_a_repair_that_changes_the_area_is_not_kept(name: str) -> None:
    assert not repaired(FLAWED[name][0]).keeps_the_area


def looped(size: float) -> MultiPolygon:
    """Return a square of 400 m whose north side makes a loop; five metres across by each `size`."""
    loop = [(5, 0), (-5, -3), (-5, 3), (2, -1)]
    along = [(2 + x * size / 100, 4 + y * size / 100) for x, y in loop]
    return drawn([(0, 0), (4, 0), (4, 4), *along, (0, 4)])


def test_a_repair_may_change_half_a_percent_and_no_more() -> None:
    small, large = repaired(looped(5)), repaired(looped(6))
    assert 0.004 < small.changed_share <= 0.005 < large.changed_share < 0.007
    assert small.keeps_the_area
    assert not large.keeps_the_area


def test_the_rings_of_a_bow_tie_say_that_it_is_nothing() -> None:
    assert drawn_m2(BOW_TIE) == pytest.approx(0, abs=1)


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=8),
    st.booleans(),
)
def test_a_repair_leaves_a_valid_outline_where_it_is(corners: Corners, holed: bool) -> None:
    hull = shapely.convex_hull(drawn(corners))
    if not isinstance(hull, Polygon) or area_m2(hull) < 100:
        return
    if holed:
        middle = shapely.Point(hull.centroid).buffer(np.sqrt(hull.area) / 10)
        hull = hull.difference(middle)
    parts = [part for part in shapely.get_parts(hull) if isinstance(part, Polygon)]
    area = MultiPolygon(parts)
    repair = repaired(area)
    assert shapely.normalize(repair.area).equals_exact(shapely.normalize(area), 1e-12)
    assert repair.changed_share < 1e-9


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=9))
def test_whatever_is_drawn_a_repair_is_valid_or_not_kept(corners: Corners) -> None:
    area = drawn(corners)
    if (flaw := flaw_of(area)) is None:
        return
    assert flaw.key == f"ledger.flaw.{flaw.kind.value}"
    repair = repaired(area)
    assert repair.area.is_valid
    assert repair.keeps_the_area == (repair.after_m2 > 0 and repair.changed_share <= 0.005)
