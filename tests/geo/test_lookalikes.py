from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.geo.frames import Frame, division_frame, named_frame
from landwatch.geo.lookalikes import Across, Likeness, across, likenesses
from landwatch.geo.readings import framed_by
from landwatch.geo.shifts import Shift, shifted

COUNTIES = ["620123", "310115", "650104", "440606", "211221"]


def frame_of(code: str) -> Frame:
    frame = division_frame(code)
    assert frame is not None
    return frame


def parcels(area: Any, count: int, seed: int = 3) -> list[Any]:
    """Parcels of some 140 m by 110 m within an area, spread over it."""
    rng = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    shapely.prepare(area)
    found: list[Any] = []
    while len(found) < count:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        box = shapely.box(x, y, x + 0.0015, y + 0.001)
        if area.contains(box):
            found.append(box)
    return found


def along_the_line(frame: Frame, count: int) -> list[Any]:
    """Parcels near the line of a frame, all inside it."""
    inner = shapely.buffer(frame.shape, -0.0015)
    return parcels(shapely.difference(inner, shapely.buffer(frame.shape, -0.006)), count)


def drawn(shapes: list[Any], shift: Shift) -> list[Any]:
    return [shapely.transform(one, lambda pairs: shifted(pairs, shift)) for one in shapes]


def judged(shapes: list[Any], frames: list[Frame]) -> tuple[Across, list[Likeness]]:
    array = np.array(shapes, dtype=object)
    framed = framed_by(list(frames))
    lying = across(array, framed)
    return lying, likenesses(array, framed, lying)


def strong(shapes: list[Any], frames: list[Frame]) -> list[Shift]:
    return [one.shift for one in judged(shapes, frames)[1] if one.strong]


@pytest.mark.parametrize("shift", list(Shift))
@pytest.mark.parametrize("code", COUNTIES)
def test_parcels_of_an_internet_map_are_seen_along_the_line_of_their_county(
    code: str, shift: Shift
) -> None:
    frame = frame_of(code)
    shapes = drawn(along_the_line(frame, 150), shift)
    assert strong(shapes, [frame] * len(shapes)) == [shift]


@pytest.mark.parametrize("code", COUNTIES)
def test_parcels_that_lie_where_they_say_look_like_no_map(code: str) -> None:
    frame = frame_of(code)
    lying, found = judged(along_the_line(frame, 150), [frame] * 150)
    assert not lying.rows.any()
    assert found == []


def test_deep_inside_a_county_nobody_can_see_the_shift() -> None:
    frame = frame_of("620123")
    shapes = drawn(parcels(shapely.buffer(frame.shape, -0.03), 100), Shift.GCJ02)
    assert judged(shapes, [frame] * 100)[1] == []


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_park_honestly_across_the_line_is_not_called_shifted(count: int) -> None:
    """Its parcels lie some hundred metres outside, as GCJ-02 would bring them, but in one place."""
    frame = frame_of("211221")
    inside = along_the_line(frame, 800)
    out = [one for one in drawn(inside, Shift.GCJ02) if not one.intersects(frame.shape)]
    step = 0.00005
    park = [
        shapely.affinity.translate(out[0], (at % 8) * step, (at // 8) * step) for at in range(count)
    ]
    deep = parcels(shapely.buffer(frame.shape, -0.02), 60)
    shapes = [*park, *deep]
    assert strong(shapes, [frame] * len(shapes)) == []


def test_parcels_on_every_side_of_a_coarse_line_are_not_called_shifted() -> None:
    frame = frame_of("620123")
    ring = shapely.difference(
        shapely.buffer(frame.shape, 0.004), shapely.buffer(frame.shape, 0.0005)
    )
    outside = parcels(ring, 60)
    lying, _ = judged(outside, [frame] * 60)
    assert lying.rows.all()
    assert strong(outside, [frame] * 60) == []


@pytest.mark.parametrize("shift", list(Shift))
def test_the_parcels_of_one_zone_are_held_against_its_own_outline(shift: Shift) -> None:
    park = shapely.box(103.72, 36.46, 103.75, 36.48)
    zone = Frame("某园区", park)
    inside = parcels(park, 60)
    assert strong(inside, [zone] * 60) == []
    assert strong(drawn(inside, shift), [zone] * 60) == [shift]


@pytest.mark.parametrize("shift", list(Shift))
def test_outlines_of_whole_counties_are_seen_too(shift: Shift) -> None:
    frames = [frame_of(code) for code in ("620102", "620103", "620104", "620121", "620123")]
    shapes = [frame.shape for frame in frames]
    assert strong(shapes, frames) == []
    assert strong(drawn(shapes, shift), frames) == [shift]


def test_a_point_lies_in_its_frame_or_does_not() -> None:
    frame = frame_of("620123")
    inner = shapely.point_on_surface(frame.shape)
    lying, found = judged([inner, shapely.Point(0, 0)], [frame, frame])
    assert lying.shares.tolist() == [0.0, 1.0]
    assert found == []


def test_a_row_that_names_no_place_is_held_against_nothing() -> None:
    framed = framed_by([None, frame_of("620123")])
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)], dtype=object)
    assert np.isnan(across(shapes, framed).shares).tolist() == [True, False]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("620123", "榆中县"),
        ("620199", "兰州市"),
        ("620000", "甘肃省"),
        ("62", "甘肃省"),
        ("330181", "萧山区"),
        ("999999", None),
    ],
)
def test_a_code_is_held_against_its_outline_or_the_next_wider(code: str, name: str | None) -> None:
    frame = division_frame(code)
    assert (None if frame is None else frame.name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [("榆中县", "620123"), ("甘肃省兰州市榆中县", "620123"), ("城关区", None), ("某地", None)],
)
def test_a_name_is_a_frame_where_one_division_bears_it(name: str, code: str | None) -> None:
    frame = named_frame(name)
    assert (None if frame is None else frame.code) == code
