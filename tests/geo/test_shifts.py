from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from landwatch.geo.shifts import Shift, shifted, unshifted

# Published with the public formula by several of its authors: true place, and the place in GCJ-02.
KNOWN_GCJ02 = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
IN_CHINA = st.tuples(st.floats(73.0, 135.1), st.floats(3.5, 53.6))
CITIES = {
    "兰州": (103.83, 36.06),
    "乌鲁木齐": (87.60, 43.80),
    "铁岭": (123.84, 42.29),
    "哈尔滨": (126.63, 45.75),
    "恩施": (109.48, 30.28),
}


def place(pair: tuple[float, float]) -> np.ndarray:
    return np.array([pair])


@pytest.mark.parametrize(("true", "drawn"), KNOWN_GCJ02)
def test_a_published_place_is_moved_as_published(
    true: tuple[float, float], drawn: tuple[float, float]
) -> None:
    assert np.abs(shifted(place(true), Shift.GCJ02) - place(drawn)).max() < 1e-9
    assert np.abs(unshifted(place(drawn), Shift.GCJ02) - place(true)).max() < 1e-9


def test_baidu_draws_a_place_of_gcj02_where_it_publishes_it() -> None:
    there = shifted(unshifted(place((116.404, 39.915)), Shift.GCJ02), Shift.BD09)
    assert np.abs(there - place((116.41036949371029, 39.92133699351021))).max() < 1e-9


@given(IN_CHINA, st.sampled_from(list(Shift)))
def test_there_and_back_is_the_same_place(pair: tuple[float, float], shift: Shift) -> None:
    here = place(pair)
    assert np.abs(unshifted(shifted(here, shift), shift) - here).max() < 1e-9
    assert np.abs(shifted(unshifted(here, shift), shift) - here).max() < 1e-9


@given(st.tuples(st.floats(-180, 71.0), st.floats(-90, 90)), st.sampled_from(list(Shift)))
def test_outside_china_nothing_is_moved(pair: tuple[float, float], shift: Shift) -> None:
    here = place(pair)
    assert (shifted(here, shift) == here).all()
    assert (unshifted(here, shift) == here).all()


@pytest.mark.parametrize("city", CITIES)
def test_the_shift_is_some_hundred_metres(city: str) -> None:
    here = place(CITIES[city])
    there = shifted(here, Shift.GCJ02)
    _, _, far = Geod(a=6378137, rf=298.257222101).inv(*here[0], *there[0])
    assert 220 < far < 700


def test_many_places_are_moved_at_once_and_one_without_numbers_stays_so() -> None:
    rng = np.random.default_rng(1)
    places = np.column_stack([rng.uniform(74, 134, 1000), rng.uniform(18, 53, 1000)])
    places[7] = np.nan
    back = unshifted(shifted(places, Shift.BD09), Shift.BD09)
    there = np.isfinite(places).all(axis=1)
    assert np.abs(back - places)[there].max() < 1e-9
    assert np.isnan(back[7]).all()
    alone = unshifted(places[:1], Shift.BD09)
    assert np.allclose(unshifted(places, Shift.BD09)[0], alone[0], atol=1e-12)
