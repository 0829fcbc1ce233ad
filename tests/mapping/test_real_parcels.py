"""Real parcels, foreign ones: 25,663 of them, in feet, one of them invalid."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.language.terms import Gravity
from landwatch.mapping.data import MapData, RuleCard
from landwatch.mapping.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.shared, pytest.mark.timeout(300)]

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "data" / "parcels" / "philly"
CLICKS = 200
TURNS = 40

SEE = "window.map_landwatch.setView([arguments[1], arguments[0]], 20, {animate: false})"
PARCELS = """
    const boxes = document.querySelectorAll("#lw-card-body .lw-parcel dd:first-of-type");
    return [...boxes].map((box) => box.textContent);
"""


@pytest.fixture(scope="module")
def geometry() -> Any:
    files = sorted(FOLDER.glob("land_*.parquet"))
    if not files:
        pytest.skip("the real files do not stand beside the project")
    import geopandas

    return geopandas.read_parquet(files[0], columns=["geometry"]).to_crs(4490).geometry.to_numpy()


def with_made_up_outcomes(geometry: Any) -> MapData:
    """Give each parcel a contract with a made-up outcome; no word of the file is used."""
    rows = range(len(geometry))
    gravities = [gravity.value for gravity in Gravity]
    gravity = np.random.default_rng(5).choice(gravities, len(geometry)).tolist()
    breaches = [row for row in rows if gravity[row] == "breach"]
    return MapData(
        parcel_id=[f"P-{row}" for row in rows],
        geometry=geometry,
        parcel_zone=[None for _ in rows],
        parcel_land_use=[None for _ in rows],
        parcel_area_mu=np.full(len(geometry), np.nan),
        contracts={
            "contract_id": [f"C-{row}" for row in rows],
            "holder": [None for _ in rows],
            "project": [None for _ in rows],
            "zone": [None for _ in rows],
            "area_mu": [None for _ in rows],
            "parcels": [[row] for row in rows],
            "gravity": gravity,
        },
        findings={
            "contract": breaches,
            "rule": ["GC.START" for _ in breaches],
            "gravity": ["breach" for _ in breaches],
            "status": ["breach" for _ in breaches],
            "to_verify": [False for _ in breaches],
        },
        rules={"GC.START": RuleCard("动工", "Start", "合同", "", "按期动工", "contract")},
        title="外国宗地（结论虚构）",
        as_of=date(2021, 7, 1),
        made_up=True,
    )


def test_the_page_opens_and_a_click_finds_the_parcel_that_shapely_finds(
    geometry: Any, browser: Any, tmp_path: Path
) -> None:
    data = with_made_up_outcomes(geometry)
    path = tmp_path / "map.html"
    receipt = write_page(path, data)
    assert receipt.parcels_drawn == len(geometry)
    browser.open(path)
    tree = shapely.STRtree(geometry)
    invalid = np.flatnonzero(~shapely.is_valid(geometry))
    picked = np.random.default_rng(7).choice(
        np.setdiff1d(np.arange(len(geometry)), invalid), CLICKS, replace=False
    )
    for row in [*picked.tolist(), *invalid.tolist()]:
        point = shapely.maximum_inscribed_circle(shapely.make_valid(geometry[row])).coords[0]
        browser.run(SEE, *point)
        browser.click_place(*point)
        seen = browser.run(PARCELS)
        under = tree.query(shapely.Point(point), predicate="within").tolist()
        assert row not in invalid or f"P-{row}" in seen
        assert row in invalid or {f"P-{other}" for other in under if other not in invalid} <= set(
            seen
        )
        browser.key("Escape")
    assert browser.complaints() == []
    assert len(browser.requests()) == 1


def shifted(geometry: Any, turns: int) -> Any:
    """Return the parcels `turns` times, side by side: a city forty times as large."""
    west, south, east, north = shapely.total_bounds(geometry)
    apart = np.array([(east - west) * 1.02, (north - south) * 1.02])
    rows = [
        shapely.transform(geometry, lambda corners, at=at: corners + at * apart)
        for at in (np.array([turn % 8, turn // 8]) for turn in range(turns))
    ]
    return np.concatenate(rows)


@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    os.environ.get("LANDWATCH_LARGE") != "1",
    reason="a million parcels take minutes: LANDWATCH_LARGE=1 asks for them",
)
def test_forty_times_as_many_open_and_a_click_still_finds_the_right_one(
    geometry: Any, browser: Any, tmp_path: Path
) -> None:
    valid = geometry[shapely.is_valid(geometry)]
    many = shifted(valid, TURNS)
    path = tmp_path / "map.html"
    assert write_page(path, with_made_up_outcomes(many)).parcels_drawn == len(many)
    browser.open(path)
    tree = shapely.STRtree(many)
    for row in np.random.default_rng(11).choice(len(many), CLICKS, replace=False).tolist():
        point = shapely.maximum_inscribed_circle(many[row]).coords[0]
        browser.run(SEE, *point)
        browser.click_place(*point)
        under = tree.query(shapely.Point(point), predicate="within").tolist()
        assert {f"P-{other}" for other in under} <= set(browser.run(PARCELS))
        browser.key("Escape")


def test_the_legend_counts_every_real_parcel(geometry: Any, browser: Any, tmp_path: Path) -> None:
    data = with_made_up_outcomes(geometry)
    path = tmp_path / "map.html"
    write_page(path, data)
    browser.open(path)
    counts = browser.run(
        "return [...document.querySelectorAll('.lw-count')].map((box) => Number(box.dataset.count))"
    )
    assert sum(counts) == len(geometry)
