"""Outlines of divisions from the installed package."""

from __future__ import annotations

import numpy as np
import shapely

from landwatch.geo.outlines import outlines_near

LANZHOU = np.array([[103.84, 36.06]])


def test_districts_around_lanzhou_are_found_by_name_and_code() -> None:
    found = {outline.name: outline.adcode for outline in outlines_near(LANZHOU)}
    assert found["七里河区"] == "620103"
    assert found["城关区"] == "620102"
    assert "天山区" not in found


def test_a_country_of_places_gets_coarser_outlines_not_more_of_them() -> None:
    places = np.random.default_rng(1).uniform([100, 25], [120, 40], (2000, 2))
    found = outlines_near(places)
    assert {outline.level for outline in found} == {"province"}
    assert len(found) <= 60


def test_a_map_of_the_country_leaves_no_part_of_it_out() -> None:
    two_parks = np.array([[103.84, 36.06], [87.6, 43.82]])
    found = outlines_near(two_parks)
    provinces = {outline.name for outline in found if outline.level == "province"}
    assert provinces >= {"台湾省", "海南省", "北京市", "香港特别行政区", "黑龙江省"}
    assert any(outline.adcode is None for outline in found), "the boundary lines belong to it"
    assert {"七里河区", "天山区"} <= {outline.name for outline in found}


def test_no_places_and_places_abroad_have_no_outlines() -> None:
    assert outlines_near(np.empty((0, 2))) == ()
    assert outlines_near(np.array([[np.nan, np.nan]])) == ()
    assert outlines_near(np.array([[-75.16, 39.95]])) == ()


def test_a_simplified_district_still_covers_its_middle() -> None:
    found = {outline.name: outline.geometry for outline in outlines_near(LANZHOU)}
    assert shapely.covers(found["城关区"], shapely.Point(103.84, 36.06))
