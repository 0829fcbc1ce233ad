"""The summary by division and park: what Python tells the page, and what the page adds up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.geo.outlines import districts_at
from landwatch.lawbook.shelf import shelf
from landwatch.mapping.arranging import arranged
from landwatch.mapping.data import MapData
from landwatch.mapping.pack import backdrop_of
from landwatch.mapping.summary import Summary, idle_rules
from tests.mapping.conftest import rule_cards

Show = Callable[..., Any]
CITIES = ((103.83, 36.06), (87.60, 43.82))
IDLE = frozenset({"O53.A1"})
# of each city: gravity, mu, and whether a rule of idle land says it
LANZHOU = [("breach", 30.0), ("compliant", 70.0), ("unknown", 5.0), ("to_verify", 12.5)]
URUMQI = [("compliant", 100.0), ("compliant", None)]


def two_cities() -> MapData:
    """Four contracts in Lanzhou and two in Urumqi, one parcel each, and one that lies nowhere."""
    told = [(0, *one) for one in LANZHOU] + [(1, *one) for one in URUMQI] + [(0, "breach", 9.0)]
    shapes = np.empty(len(told), object)
    shapes[:] = [
        shapely.box(lng + at * 0.003, lat, lng + at * 0.003 + 0.002, lat + 0.002)
        for at, (lng, lat) in enumerate(CITIES[city] for city, *_ in told)
    ]
    shapes[-1] = None
    areas = [area for _, _, area in told]
    zones = ["甲园区"] * 4 + ["乙园区"] * 2 + [""]
    spoken = [(at, gravity) for at, (_, gravity, _) in enumerate(told) if gravity != "compliant"]
    return MapData(
        parcel_id=[f"P-{at}" for at in range(len(told))],
        geometry=shapes,
        parcel_zone=zones,
        parcel_land_use=["工业用地"] * len(told),
        parcel_area_mu=np.array([np.nan if area is None else area for area in areas]),
        contracts={
            "contract_id": [f"HT-{at}" for at in range(len(told))],
            "holder": ["黄河机械"] * len(told),
            "project": ["机床"] * len(told),
            "zone": zones,
            "area_mu": areas,
            "parcels": [[at] for at in range(len(told))],
            "gravity": [gravity for _, gravity, _ in told],
        },
        findings={
            "contract": [at for at, _ in spoken],
            "rule": ["O53.A1"] * len(spoken),
            "gravity": [gravity for _, gravity in spoken],
            "status": ["unknown" if g == "to_verify" else g for _, g in spoken],
            "to_verify": [gravity == "to_verify" for _, gravity in spoken],
        },
        rules=rule_cards(),
        title="两地",
        as_of=date(2021, 7, 1),
        parts=(Summary(IDLE),),
    )


def test_idle_land_is_told_by_what_the_clause_lets_the_bureau_do() -> None:
    found = idle_rules(shelf())
    assert {"O53.A1", "O53.A2", "O53.B", "LAL.38.FEE", "REL.26", "GC.STALLED"} <= found
    # a late start is no idle land, nor is a share of investment or a plot ratio
    assert not found & {"GC.START", "GC.COMPLETE", "GC.INTENSITY", "LZ.INTENSITY", "UR.ET.TERMS"}


def test_each_contract_is_told_the_division_its_parcel_lies_in() -> None:
    data = two_cities()
    rows = arranged(data)
    part = data.parts[0]
    (column,) = part.columns(data, rows)
    divisions: Any = part.head(data, rows)["divisions"]
    told = list(column.parts[0])
    names = [divisions[code - 1]["name"] if code else None for code in told]
    of_each = dict(zip(np.asarray(rows.contracts).tolist(), names, strict=True))
    assert [of_each[at] for at in range(4)] == ["城关区"] * 4
    assert of_each[4] == of_each[5] != of_each[0]
    assert of_each[6] is None, "it has no shape, so it lies in no division"


def test_a_division_names_its_outline_on_the_page_and_its_province() -> None:
    data = two_cities()
    rows = arranged(data)
    told: Any = data.parts[0].head(data, rows)
    outlines = backdrop_of(data, rows)
    divisions = told["divisions"]
    assert all(outlines[one["outline"]].adcode == one["code"] for one in divisions)
    (district,) = [one for one in divisions if one["code"] == "620102"]
    assert divisions[district["above"]]["name"] == "甘肃省"
    assert divisions[district["above"]]["above"] == -1
    assert told["idle"] == [list(rule_cards()).index("O53.A1")]


def test_a_page_outside_the_outlines_has_no_divisions(park: MapData) -> None:
    moved = park.geometry.copy()
    moved[:-1] = [shapely.transform(one, lambda at: at - [180, 0]) for one in moved[:-1]]
    data = replace(park, geometry=moved, zones=(), parts=(Summary(IDLE),))
    rows = arranged(data)
    assert data.parts[0].head(data, rows)["divisions"] == []
    assert set(data.parts[0].columns(data, rows)[0].parts[0]) == {0}


def test_many_places_lie_in_the_districts_that_each_lies_in_alone() -> None:
    random = np.random.default_rng(2)
    places = random.uniform([103.2, 35.7], [104.4, 36.6], (60, 2))
    assert districts_at(places) == [districts_at(place[None])[0] for place in places]


BANDS = """
    return [...document.querySelectorAll(".lw-area")].map((area) => area.getAttribute("class")
      .match(/lw-band-(\\w+)/)[1]).sort();
"""
TABLE = """
    document.getElementById("lw-summary-open").click();
    const rows = [...document.querySelectorAll("#lw-table tbody tr")];
    return rows.map((row) => [...row.children].map((cell) => cell.textContent));
"""
CHOOSE_NAMED = """
    const box = document.getElementById(arguments[0]);
    box.value = [...box.options].find((one) => one.text === arguments[1]).value;
    box.dispatchEvent(new Event("change"));
"""
TEXTS = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"
CLICK_NAMED = """
    const all = [...document.querySelectorAll(arguments[0])];
    all.find((one) => one.textContent === arguments[1]).click();
"""
CHOOSE = """
    const box = document.getElementById(arguments[0]);
    box.value = arguments[1];
    box.dispatchEvent(new Event("change"));
"""


@pytest.fixture
def page(shown: Show) -> Any:
    return shown(two_cities())


@pytest.mark.browser
@pytest.mark.timeout(180)
class TestPage:
    def test_far_out_it_adds_up_by_province_and_says_what_is_not_told(self, page: Any) -> None:
        assert page.run("return document.documentElement.dataset.summary") == "division"
        bands = page.run(BANDS)
        assert bands.count("5") == 1, "Gansu: one of two that could be judged"
        assert bands.count("0") == 1, "Xinjiang: none of two"
        assert set(bands) == {"0", "5", "untold"}
        assert page.complaints() == []

    def test_the_table_has_the_same_figures_and_tells_nothing_of_what_is_not_known(
        self, page: Any
    ) -> None:
        rows = {row[0]: row[1:] for row in page.run(TABLE)}
        assert rows["城关区"] == [
            "4",
            "117.5",
            "1",
            "50 %",
            "30 %",
            "1",
            "25 %",
            "1",
            "30",
            "12.5",
            "1",
        ]
        assert rows["（不在图上的行政区内）"][:5] == ["1", "9", "1", "100 %", "100 %"]
        assert {tuple(told) for name, told in rows.items() if name == "永登县"} <= {("—",) * 11}

    def test_it_follows_the_filters_and_shares_are_not_told_of_a_rule(self, page: Any) -> None:
        page.changed(CHOOSE_NAMED, "lw-zone", "乙园区")
        rows = {row[0]: row[1:] for row in page.run(TABLE)}
        assert rows["城关区"][:4] == ["0", "0", "0", "—"]
        page.changed(CHOOSE, "lw-rule", "1")
        assert not any("占比" in head for head in page.run(TEXTS, "#lw-table thead th"))
        page.run("window.map_landwatch.setView([38, 98], 5, {animate: false})")
        assert "占比不可算" in page.run(TEXTS, "#lw-summary-note")[0]

    def test_zoomed_in_parcels_take_over(self, page: Any) -> None:
        page.run("window.map_landwatch.setView([36.06, 103.83], 16, {animate: false})")
        assert page.run("return document.documentElement.dataset.summary") == "off"
        shown = "return document.querySelector('.leaflet-summary-pane').style.display"
        assert page.run(shown) == "none"

    def test_a_row_goes_there_and_narrows_and_all_can_be_shown_again(self, page: Any) -> None:
        page.run(TABLE)
        page.changed(CLICK_NAMED, ".lw-goto", "城关区")
        assert "4 份合同" in page.run(TEXTS, "#lw-found")[0]
        inside = page.run("const c = window.map_landwatch.getCenter(); return [c.lng, c.lat]")
        assert str(districts_at(np.array([inside]))[0]).startswith("6201")
        page.changed("document.querySelector('#lw-summary-chosen button').click()")
        assert "7 份合同" in page.run(TEXTS, "#lw-found")[0]

    def test_parks_are_round_signs_where_their_outlines_are_small(self, page: Any) -> None:
        page.run(CHOOSE, "lw-summary-by", "park")
        assert page.run(BANDS) == ["0", "5"]
        page.run(CHOOSE, "lw-summary-measure", "idle_mu")
        assert page.run(BANDS) == ["0", "1"]

    def test_the_table_is_sorted_by_its_heads_and_says_so(self, page: Any) -> None:
        page.run(TABLE)
        page.run("document.querySelector('[data-sort=all]').click()")
        order = page.run(TEXTS, "#lw-table tbody td:nth-child(2)")
        told = [int(one) for one in order if one != "—"]
        assert told == sorted(told, reverse=True)
        sorted_by = "return document.querySelector('[aria-sort=descending] button').dataset.sort"
        assert page.run(sorted_by) == "all"

    def test_in_english_it_says_the_same(self, page: Any) -> None:
        page.run("document.getElementById('lw-lang').click()")
        said = page.run(TEXTS, "#lw-summary")[0]
        assert "Summary" in said and "nothing told or not judged" in said

    def test_hot_spots_list_what_they_count(self, page: Any) -> None:
        page.run("document.getElementById('lw-tool-hot').click()")
        page.run("window.map_landwatch.setView([36.061, 103.836], 12, {animate: false})")
        assert page.run(TEXTS, "#lw-hot-list li") == ["甲园区：42.5 亩，2 份"]
        canvases = "return document.querySelectorAll('.leaflet-hotspots-pane canvas').length"
        assert page.run(canvases) == 1
        page.run("window.map_landwatch.setView([43.82, 87.60], 12, {animate: false})")
        assert page.run(TEXTS, "#lw-hot-note")[0].startswith("视野内没有")
        assert page.complaints() == []
