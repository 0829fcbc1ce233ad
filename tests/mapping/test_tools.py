"""The tools over the map, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyproj
import pytest

from landwatch.mapping.data import MapData

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]
ELLIPSOID = pyproj.Geod(a=6378137, rf=298.257222101)
CORNERS = ((103.8002, 36.0502), (103.8042, 36.0502), (103.8042, 36.0532))
SAID = "return document.getElementById('lw-tool-said').textContent"
CARD = "return document.getElementById('lw-card').hidden"
ON = "document.getElementById(arguments[0]).click()"
COPIES = "return [...document.querySelectorAll('#lw-tool-copies output')].map((o) => o.textContent)"
LOCATE = """
    document.getElementById("lw-locate-text").value = arguments[0];
    document.getElementById("lw-locate").requestSubmit();
    const { lng, lat } = window.map_landwatch.getCenter();
    return [document.getElementById("lw-tool-said").textContent, lng, lat];
"""
CENTRE = "window.map_landwatch.setView([arguments[1], arguments[0]], 19, {animate: false})"


@pytest.fixture
def page(shown: Show, park: MapData) -> Any:
    shown_page = shown(park)
    shown_page.run("window.map_landwatch.setView([36.0517, 103.8022], 16, {animate: false})")
    return shown_page


def across(places: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return longitudes and latitudes apart, as pyproj wants them."""
    return [lng for lng, _ in places], [lat for _, lat in places]


def figures(text: str) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"[\d,]+(?:\.\d+)?", text)]


def press(page: Any, key: str) -> None:
    """Press a key that the shared browser does not know by itself."""
    codes = {"Backspace": 8, "Enter": 13, "Escape": 27}
    event = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
    text = {"text": "\r"} if key == "Enter" else {}
    for kind, more in (("keyDown", text), ("keyUp", {})):
        page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, **event, **more})


def test_a_length_is_measured_by_clicks_that_open_no_card(page: Any) -> None:
    page.run(ON, "lw-tool-length")
    for corner in CORNERS:
        page.click_place(*corner)
    meant = ELLIPSOID.line_length(*across(CORNERS))
    assert figures(page.run(SAID))[0] == pytest.approx(meant, abs=3), "a pixel is two metres"
    assert page.run(CARD) is True
    page.run(ON, "lw-tool-length")
    page.click_place(*CORNERS[0])
    assert page.run(CARD) is False, "with the tool away a click opens what lies there again"


def test_an_area_is_told_in_mu_square_metres_and_hectares(page: Any) -> None:
    page.run(ON, "lw-tool-area")
    for corner in CORNERS:
        page.click_place(*corner)
    mu, m2, ha, around = figures(page.run(SAID))
    area, perimeter = ELLIPSOID.polygon_area_perimeter(*across(CORNERS))
    assert m2 == pytest.approx(abs(area), rel=0.02)
    assert mu == pytest.approx(m2 * 0.0015, abs=0.001)
    assert ha == pytest.approx(m2 / 10_000, abs=1e-4)
    assert around * 1000 == pytest.approx(perimeter, rel=0.01)
    assert "亩" in page.run(SAID) and "公顷" in page.run(SAID)


def test_the_keyboard_takes_points_takes_them_back_and_ends(page: Any) -> None:
    page.run(ON, "lw-tool-length")
    for corner in CORNERS:
        page.run(CENTRE, *corner)
        press(page, "Enter")
    whole = figures(page.run(SAID))[0]
    assert whole == pytest.approx(ELLIPSOID.line_length(*across(CORNERS)), abs=1)
    press(page, "Backspace")
    assert figures(page.run(SAID))[0] == pytest.approx(
        ELLIPSOID.line_length(*across(CORNERS[:2])), abs=1
    )
    press(page, "Escape")
    assert "全长" in page.run(SAID), "what was measured stays to be read"
    press(page, "Escape")
    assert page.run("return document.getElementById('lw-tool-box').hidden") is True
    assert page.run("return document.activeElement.id") == "lw-tool-length"


def test_sides_that_cross_have_no_area(page: Any) -> None:
    page.run(ON, "lw-tool-area")
    for corner in ((103.80, 36.05), (103.804, 36.053), (103.804, 36.05), (103.80, 36.053)):
        page.click_place(*corner)
    assert "相交" in page.run(SAID)


def test_a_click_tells_its_coordinate_three_ways(page: Any) -> None:
    page.run(ON, "lw-tool-point")
    page.run(CENTRE, 103.8022, 36.0517)
    press(page, "Enter")
    degrees, angles, plane = page.run(COPIES)
    lng, lat = (float(part) for part in degrees.split(","))
    assert (lng, lat) == pytest.approx((103.8022, 36.0517), abs=2e-5)
    assert re.fullmatch(r"东经103°48′0[78]\.\d″ 北纬36°03′06\.\d″", angles)
    north, east = (float(part) for part in plane.split(","))
    meant = pyproj.Transformer.from_crs(4490, 4523, always_xy=True).transform(lng, lat)
    assert (east, north) == pytest.approx(meant, abs=0.1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("103.8022, 36.0517", "EPSG:4490"),
        ("36.0517 103.8022", "已调换"),
        ("36°03′06.12″N 103°48′07.92″E", "度分秒"),
        ("{north:.2f}, {numbered:.2f}", "EPSG:4523"),
        ("{numbered:.2f}, {north:.2f}", "先东后北"),
        ("{north:.2f}, {east:.2f}", "假定中央经线为 105°"),
    ],
)
def test_a_coordinate_is_found_and_its_reading_told(page: Any, typed: str, said: str) -> None:
    way = pyproj.Transformer.from_crs(4490, 4544, always_xy=True)
    east, north = way.transform(103.8022, 36.0517)
    page.run(ON, "lw-tool-locate")
    told, lng, lat = page.run(LOCATE, typed.format(north=north, east=east, numbered=35e6 + east))
    assert said in told
    assert (lng, lat) == pytest.approx((103.8022, 36.0517), abs=1e-5)


def test_what_is_no_coordinate_is_refused_in_words_and_the_map_stays(page: Any) -> None:
    page.run(ON, "lw-tool-locate")
    told, lng, _ = page.run(LOCATE, "-0.12, 51.5")
    assert told.startswith("不在中国范围内")
    assert lng == pytest.approx(103.8022, abs=1e-3)
    assert page.run(LOCATE, "<img src=x onerror=alert(1)>")[0].startswith("读不出")
    assert page.complaints() == []


def test_where_full_screen_is_refused_the_page_says_so(page: Any) -> None:
    page.run("Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('no'))")
    page.run(ON, "lw-tool-full")
    page.wait(f"{SAID}.includes('F11')")
    page.run(ON, "lw-tool-close")
    assert page.run("return document.getElementById('lw-tool-box').hidden") is True


def test_copying_says_whether_it_was_done(page: Any) -> None:
    page.run(ON, "lw-tool-point")
    press(page, "Enter")
    refuse = "navigator.clipboard.writeText = () => Promise.reject(new Error('no'));"
    page.run(refuse + "document.execCommand = () => false;")
    page.run("document.querySelector('#lw-tool-copies button').click()")
    page.wait(
        "return document.querySelector('#lw-tool-copies button').textContent.includes('不允许')"
    )


def test_the_tools_follow_the_language(page: Any) -> None:
    page.run(ON, "lw-tool-area")
    page.run("document.getElementById('lw-lang').click()")
    assert page.run(SAID) == "Take three points or more."
    assert "Locate" in page.run("return document.querySelector('.lw-toolbar').innerText")
