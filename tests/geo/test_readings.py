"""Whatever a parcel of China is written in, the doctor finds how to read it, or shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.geo.belts import DATUMS, THREE, system_of
from landwatch.geo.divisions import counties
from landwatch.geo.frames import Frame, division_frame
from landwatch.geo.outlines import outline_of
from landwatch.geo.readings import Framed, as_utm, weigh

COUNTIES = sorted(code for code in counties() if outline_of(code) is not None)
BEFORE_AND_AFTER = (-1, 0, 1)
YUZHONG = "620123"


def framed(frame: Frame | None, rows: int) -> Framed:
    if frame is None:
        return Framed((), np.full(rows, -1))
    return Framed([frame], np.zeros(rows, dtype=np.int64))


def frame_of(code: str) -> Frame:
    frame = division_frame(code)
    assert frame is not None
    return frame


def written(places: Any, crs: pyproj.CRS, *, swap: bool = False) -> Any:
    way = pyproj.Transformer.from_crs(4490, crs, always_xy=True)
    pairs = np.column_stack(way.transform(places[:, 0], places[:, 1]))
    return pairs[:, ::-1] if swap else pairs


@st.composite
def parcels(draw: st.DrawFn) -> tuple[str, Any]:
    """A few places in a county of China, and its code."""
    code = draw(st.sampled_from(COUNTIES))
    middle = shapely.point_on_surface(frame_of(code).shape)
    steps = draw(st.lists(st.tuples(*[st.floats(-0.002, 0.002)] * 2), min_size=1, max_size=8))
    return code, np.array([(middle.x + east, middle.y + north) for east, north in steps])


@st.composite
def systems(draw: st.DrawFn, middle: float) -> tuple[pyproj.CRS, str]:
    """A system that a parcel at this longitude may be written in, and its datum."""
    datum = draw(st.sampled_from(sorted(DATUMS)))
    near = round(middle / 3) + draw(st.sampled_from(BEFORE_AND_AFTER))
    belt = min(max(near, THREE[0]), THREE[-1])
    three, three_cm, six, six_cm, degrees = DATUMS[datum]
    wide = min(max(int(middle // 6) + 1, 13), 23)
    epsg = draw(
        st.sampled_from([three + belt, three_cm + belt, six + wide, six_cm + wide, degrees])
    )
    if datum == "CGCS2000" and draw(st.integers(0, 5)) == 0:
        epsg = 3857
    return pyproj.CRS.from_epsg(epsg), datum


@settings(max_examples=150)
@given(st.data())
def test_a_parcel_comes_back_to_its_county_however_it_is_written(data: st.DataObject) -> None:
    code, places = data.draw(parcels())
    crs, datum = data.draw(systems(float(places[0, 0])))
    swap = data.draw(st.booleans())
    said = data.draw(st.sampled_from(["right", "nothing", "degrees", "another belt"]))
    on = pyproj.CRS.from_epsg(DATUMS[datum][4])
    own = {
        "right": crs,
        "nothing": None,
        "degrees": on,
        "another belt": system_of(75 if places[0, 0] > 100 else 132, datum),
    }[said]
    verdict = weigh(written(places, crs, swap=swap), own, framed(frame_of(code), len(places)))
    # Without a system nobody knows the datum: the ellipsoids lie some ten metres apart.
    apart = 1e-6 if own is not None or datum == "CGCS2000" else 2e-3
    shown = [np.abs(one.places - places).max() for one in verdict.fitting]
    assert min(shown) < apart
    if verdict.chosen is not None:
        assert np.abs(verdict.chosen.places - places).max() < apart
    of_degrees = own is not None and own.is_geographic and crs.is_geographic
    assert verdict.is_own == (not swap and (own == crs or of_degrees))


@settings(max_examples=60)
@given(st.data())
def test_without_a_division_the_right_reading_is_shown(data: st.DataObject) -> None:
    _, places = data.draw(parcels())
    meridian = 3 * min(max(round(float(places[0, 0]) / 3), THREE[0]), THREE[-1])
    swap = data.draw(st.booleans())
    pairs = written(places, system_of(meridian), swap=swap)
    verdict = weigh(pairs, None, framed(None, len(places)))
    on_land = weigh(places, pyproj.CRS.from_epsg(4490), framed(None, len(places)))
    assert on_land.is_own
    shown = [one for one in verdict.fitting if np.abs(one.places - places).max() < 1e-6]
    assert [one.cure.swap for one in shown] == [swap]
    assert verdict.chosen is None or verdict.chosen in shown


def yuzhong(count: int = 40) -> Any:
    middle = shapely.point_on_surface(frame_of(YUZHONG).shape)
    rng = np.random.default_rng(7)
    return np.array([[middle.x, middle.y]]) + rng.uniform(-0.02, 0.02, (count, 2))


@pytest.mark.parametrize(
    ("written_in", "says", "swap", "option"),
    [
        (4523, 4523, False, ""),
        (4523, 4523, True, "--cure swap"),
        (4523, 4524, False, "--cure belt:35"),
        (4523, 4544, False, "--cure belt:35"),
        (4544, 4523, False, "--cure belt:35"),
        (4544, 4545, False, "--cure belt:35"),
        (4496, None, False, "--cure belt:18"),
        (4523, 4496, False, "--cure belt:35"),
        (4490, 4523, False, "--cure degrees"),
        (4490, 4523, True, "--cure swap+degrees"),
        (4523, 4490, True, "--cure swap+belt:35"),
        (3857, 4490, False, "--cure web_mercator"),
        (2359, None, False, "--cure belt:35"),
        (2359, 2360, False, "--cure belt:35"),
    ],
)
def test_the_reading_is_named_as_a_person_would_name_it(
    written_in: int, says: int | None, swap: bool, option: str
) -> None:
    pairs = written(yuzhong(), pyproj.CRS.from_epsg(written_in), swap=swap)
    own = None if says is None else pyproj.CRS.from_epsg(says)
    verdict = weigh(pairs, own, framed(frame_of(YUZHONG), len(pairs)))
    assert verdict.chosen is not None
    assert verdict.chosen.option == option


def test_readings_that_do_equally_well_are_all_shown_and_none_is_chosen() -> None:
    pairs = written(yuzhong(), system_of(105))
    verdict = weigh(pairs, None, framed(None, len(pairs)))
    assert verdict.chosen is None
    assert len(verdict.fitting) > 5
    assert "--cure belt:35" in [one.option for one in verdict.fitting]


def test_utm_is_told_beside_a_belt_of_the_same_meridian_and_never_proposed() -> None:
    pairs = written(yuzhong(), system_of(105))
    where = framed(frame_of(YUZHONG), len(pairs))
    verdict = weigh(pairs, None, where)
    assert verdict.chosen is not None
    assert as_utm(verdict.chosen, pairs, where) == "EPSG:32648"
    numbered = written(yuzhong(), pyproj.CRS.from_epsg(4523))
    chosen = weigh(numbered, None, where).chosen
    assert chosen is not None
    assert as_utm(chosen, numbered, where) is None


def test_what_lies_in_china_but_not_where_it_says_is_no_matter_of_its_system() -> None:
    verdict = weigh(yuzhong(), pyproj.CRS.from_epsg(4490), framed(frame_of("310115"), 40))
    assert verdict.is_own
    assert verdict.own is not None
    assert verdict.own.share == 0


def test_most_of_a_drawing_decides_where_no_reading_fits_all() -> None:
    pairs = written(yuzhong(), pyproj.CRS.from_epsg(4523))
    pairs[:10] = pairs[:10, ::-1]
    verdict = weigh(pairs, pyproj.CRS.from_epsg(4523), framed(frame_of(YUZHONG), len(pairs)))
    assert verdict.is_own
    assert verdict.own is not None
    assert verdict.own.share == 0.75


def test_numbers_of_another_country_fit_nowhere() -> None:
    places = np.array([[-74.0, 40.7], [-74.01, 40.71]])
    verdict = weigh(places, pyproj.CRS.from_epsg(4326), framed(None, 2))
    assert verdict.chosen is None
    assert verdict.fitting == ()
