"""What a walk over the page by touch, in forced colours, by link and by number finds there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landwatch.commands.drawing import draw_map
from landwatch.language.catalogue import say
from landwatch.mapping.data import MapData
from landwatch.mapping.industries import Industries, names_of
from landwatch.mapping.style import CLASSES
from tests.mapping.test_tools import CORNERS, ELLIPSOID, SAID, across, figures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]
APART_S = 0.45  # quicker taps are a double tap, wherever they are
HASH = "return decodeURIComponent(location.hash)"
SET = """
    const box = document.querySelector(arguments[0]);
    box.value = arguments[1];
    box.dispatchEvent(new Event(box.matches("select") ? "change" : "input"));
"""
NUMBERS = """
    return [...document.querySelectorAll("#lw-list .lw-line")]
      .map((line) => /HT-\\d+/.exec(line.innerText)?.[0]).filter(Boolean).sort();
"""
SWATCHES = """
    const box = document.getElementById("lw-legend");
    return Object.fromEntries([...box.querySelectorAll("[data-class]")].map((row) => {
      const look = getComputedStyle(row.querySelector(".lw-swatch"));
      return [row.dataset.class, look.backgroundColor + " " + look.backgroundImage];
    }));
"""
FOCUS = """
    const box = document.getElementById(arguments[0]);
    box.focus({ focusVisible: true });
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(box);
    return [outlineStyle, parseFloat(outlineWidth), outlineColor];
"""
LEGEND = (
    "return [...document.querySelectorAll('#lw-legend [data-class]')].map((row) => row.innerText)"
)


@pytest.fixture
def forced(browser: Any) -> Iterator[None]:
    """Have the screen force its own colours, as Windows does for high contrast."""

    def force(value: str) -> None:
        media = {"features": [{"name": "forced-colors", "value": value}]}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    force("active")
    yield
    force("none")


def tap(page: Any, x: float, y: float) -> None:
    """Touch a place of the window with one finger and let go."""
    touch = "Input.dispatchTouchEvent"
    point = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    page.driver.execute_cdp_cmd(touch, point)
    page.driver.execute_cdp_cmd(touch, {"type": "touchEnd", "touchPoints": []})


def tap_button(page: Any, button: str) -> None:
    x, y = page.run(
        """const one = document.getElementById(arguments[0]);
        one.scrollIntoView({ block: "center" });
        const box = one.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];""",
        button,
    )
    tap(page, x, y)


def tap_place(page: Any, longitude: float, latitude: float) -> None:
    x, y = page.run(
        """const map = window.map_landwatch;
        const box = map.getContainer().getBoundingClientRect();
        const at = map.latLngToContainerPoint([arguments[1], arguments[0]]);
        return [box.left + at.x, box.top + at.y];""",
        longitude,
        latitude,
    )
    time.sleep(APART_S)
    tap(page, x, y)


@pytest.fixture
def phone(shown: Show, park: MapData, browser: Any) -> Iterator[Any]:
    """Return the page on a phone that is touched."""
    touching = "Emulation.setTouchEmulationEnabled"
    browser.driver.execute_cdp_cmd(touching, {"enabled": True, "maxTouchPoints": 1})
    page = shown(park, width=390, height=844)
    page.run("window.map_landwatch.setView([36.0562, 103.8022], 15, {animate: false})")
    yield page
    browser.driver.execute_cdp_cmd(touching, {"enabled": False})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_says_that_a_breach_is_suspected(shown: Show, park: MapData, lang: str) -> None:
    page = shown(park, lang=lang)
    names = [one for one in page.run(LEGEND) if say("status.breach", lang) in one]
    assert len(names) == 2, "of law, and of a draft or report"
    assert all(("涉嫌未达标" if lang == "zh" else "suspected breach") in one for one in names)


@pytest.mark.parametrize("words", ["ht2", "HT2", "ＨＴ－２", "ht_2", "h t 2"])
def test_a_number_is_found_however_it_is_parted(shown: Show, park: MapData, words: str) -> None:
    page = shown(park)
    page.changed(SET, "#lw-search", words)
    assert page.run(NUMBERS) == ["HT-2"] or words == "h t 2"
    assert "HT-2" in page.run(NUMBERS)


def test_the_summary_folds_where_parcels_take_over(shown: Show, park: MapData) -> None:
    page = shown(park)
    is_open = "return document.getElementById('lw-summary').open"
    zoom = "window.map_landwatch.setZoom(arguments[0], {animate: false})"
    page.run(zoom, 5)
    page.run("const s = document.getElementById('lw-summary'); if (!s.open) s.firstChild.click()")
    page.run(zoom, 17)
    assert page.run(is_open) is False, "it would cover the parcels"
    page.run(zoom, 5)
    assert page.run(is_open) is True
    page.run("document.getElementById('lw-summary-head').click()")
    page.run(zoom, 17)
    page.run(zoom, 5)
    assert page.run(is_open) is False, "what was folded by hand stays so"


def test_a_link_tells_the_theme_the_tool_and_the_summary(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run(SET, "#lw-theme", "dark")
    page.run("document.getElementById('lw-tool-area').click()")
    page.run("document.getElementById('lw-tool-hot').click()")
    page.run(SET, "#lw-summary-by", "off")
    told = ["theme=dark", "tool=area", "hot=1", "sum=off"]
    page.wait(f"const h = location.hash; return {told!r}.every((one) => h.includes(one)) || null")
    text = page.run(HASH)
    again = shown(park)
    again.changed("location.hash = arguments[0]", text)
    state = """const on = (id) => document.getElementById(id).getAttribute("aria-pressed");
        return [document.documentElement.dataset.theme, document.getElementById("lw-theme").value,
          on("lw-tool-area"), on("lw-tool-hot"), document.getElementById("lw-summary-by").value]"""
    assert again.run(state) == ["dark", "dark", "true", "true", "off"]
    again.changed("location.hash = '#lang=zh&theme=pink&tool=axe&sum=none&measure=luck'")
    theme, choice, area, hot, by = again.run(state)
    assert (theme, choice, area, hot) == ("light", "auto", "false", "false")
    assert by in ("park", "division"), "what a link tells wrongly is as at first"
    again.changed("location.hash = '#lang=zh&measure=count'")
    assert again.run("return document.getElementById('lw-summary-measure').value") == "count"


def test_in_forced_colours_classes_stay_apart_and_the_focus_is_seen(
    forced: None, shown: Show, park: MapData
) -> None:
    page = shown(park)
    assert page.run("return matchMedia('(forced-colors: active)').matches") is True
    looks = page.run(SWATCHES)
    assert len(looks) >= 6 and len(set(looks.values())) == len(looks), looks
    solid = [kind.code for kind in CLASSES if kind.code in looks and not kind.hatched]
    forms = [looks[code].partition(")")[2] for code in solid if code != "no_contract"]
    assert len(set(forms)) >= 4, "forms, not hues alone"
    assert looks["breach_hatched"].partition(")")[2] != looks["breach"].partition(")")[2]
    for button in ("lw-search", "lw-tool-length", "lw-lang", "lw-rule", "lw-summary-head"):
        style, width, colour = page.run(FOCUS, button)
        assert style != "none" and width >= 2 and colour != "rgba(0, 0, 0, 0)", button
    page.run("document.getElementById('lw-tool-length').click()")
    ground = """const of = (id) => getComputedStyle(document.getElementById(id)).backgroundColor;
        return [of("lw-tool-length"), of("lw-tool-area")]"""
    pressed, other = page.run(ground)
    assert pressed != other, "which tool is on is seen"


def test_a_length_is_measured_by_taps(phone: Any) -> None:
    tap_button(phone, "lw-tool-length")
    phone.wait("return document.getElementById('lw-tool-box').hidden ? null : true")
    for corner in CORNERS:
        tap_place(phone, *corner)
    meant = ELLIPSOID.line_length(*across(CORNERS))
    phone.wait("return document.getElementById('lw-tool-said').textContent.length > 12 || null")
    assert figures(phone.run(SAID))[0] == pytest.approx(meant, rel=0.02)
    assert phone.run("return document.getElementById('lw-card').hidden") is True
    tap_button(phone, "lw-tool-back")
    shorter = ELLIPSOID.line_length(*across(CORNERS[:2]))
    assert figures(phone.run(SAID))[0] == pytest.approx(shorter, rel=0.02)
    tap_button(phone, "lw-tool-end")
    tap_place(phone, *CORNERS[2])
    assert phone.run(SAID) == say("map.page.tool_length_first", "zh"), "an ended one begins anew"


def test_a_tapped_place_tells_its_coordinate_and_a_button_is_large_enough(phone: Any) -> None:
    tap_button(phone, "lw-tool-point")
    tap_place(phone, *CORNERS[0])
    phone.wait("return document.getElementById('lw-tool-said').textContent || null")
    told = [float(one) for one in re.findall(r"\d+\.\d+", phone.run(SAID))]
    assert told[:2] == pytest.approx(CORNERS[0], abs=1e-4)
    small = """return [...document.querySelectorAll(".lw-toolbar button, #lw-tool-box button")]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 28).length"""
    assert phone.run(small) == 0


def test_an_industry_is_shown_with_its_name_where_the_edition_names_it(
    shown: Show, park: MapData
) -> None:
    codes = ["2730", "C3511", "1411", "2710", "通用设备", None, "1712"]
    editions = ["2002", "2002", "2017", "GB/T 4754—2002", None, None, None]
    rows = [
        {"industry_code": code, "industry_edition": edition}
        for code, edition in zip(codes, editions, strict=True)
    ]
    names = names_of(rows)
    assert names == {"27": "医药"}, "a number of another edition is another industry"
    told = ["27", "35", "14", "27", "通用设备", None, "17"]
    page = shown(
        replace(
            park,
            contracts={**park.contracts, "land_use": [None] * 7, "industry": told},
            parts=(Industries(names),),
        )
    )
    page.run("document.getElementById('lw-finer-open').click()")
    page.wait("return document.querySelector('#lw-industry option') || null")
    choices = "return [...document.querySelectorAll('#lw-industry option')].map((o) => o.text)"
    assert page.run(choices)[1:-1] == ["代码 14", "代码 17", "27 医药", "代码 35", "通用设备"]
    page.changed(SET, "#lw-industry", "=27")
    chips = "return document.getElementById('lw-narrowed-list').innerText"
    assert "27 医药" in page.run(chips)
    page.run("document.getElementById('lw-lang').click()")
    assert "code 35" in page.run(choices)


def test_a_province_under_the_sign_of_its_park_is_named_beside_it(
    demo_store: str, browser: Any, tmp_path: Path
) -> None:
    page = tmp_path / "demo.html"
    draw_map(demo_store, page, lang="zh")
    browser.open(page)
    boxes = """const of = (css) => [...document.querySelectorAll(css)].map((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return { text: one.innerText, left, right, top, bottom };
        });
        return [of(".lw-unit-figure span"), of(".lw-sign span")];"""
    figures_told, signs = browser.run(boxes)
    names = {one["text"].split("\n")[0] for one in figures_told}
    assert {"甘肃省", "新疆维吾尔自治区"} <= names
    for one in figures_told:
        for sign in signs:
            apart = one["right"] <= sign["left"] or sign["right"] <= one["left"]
            assert apart or one["bottom"] <= sign["top"] + 1 or sign["bottom"] <= one["top"] + 1
