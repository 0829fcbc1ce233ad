"""The address of the page: it tells what is shown, and opening it shows that again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
import shapely

from landwatch.mapping.data import MapData, ParkFinding, RuleCard
from tests.mapping.test_time_page import comparison, months

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]

HASH = "return decodeURIComponent(location.hash)"
LIST = "return [...document.querySelectorAll('#lw-list .lw-line')].map((line) => line.innerText)"
CARD = "const c = document.getElementById('lw-card'); return c.hidden ? null : c.innerText"
SET = """
    const box = document.querySelector(arguments[0]);
    box.value = arguments[1];
    box.dispatchEvent(new Event(box.matches("select, [type=number]") ? "change" : "input"));
"""
CLICK = "document.querySelector(arguments[0]).click()"
STATE = """
    const value = (id) => document.getElementById(id).value;
    const map = window.map_landwatch;
    return {rule: value("lw-rule"), zone: value("lw-zone"), words: value("lw-search"),
      sort: value("lw-sort"), verify: document.getElementById("lw-verify").checked,
      off: [...document.querySelectorAll("[data-kind]:not(:checked)")].map((e) => e.dataset.kind),
      chips: [...document.querySelectorAll("#lw-narrowed-list .lw-chip")].map((e) => e.innerText),
      list: [...document.querySelectorAll("#lw-list .lw-line")].map((e) => e.innerText),
      zoom: map.getZoom(), lang: document.documentElement.lang,
      card: document.getElementById("lw-card").hidden ? "" :
        document.getElementById("lw-card-body").innerText};
"""


def address(page: Any, words: str) -> str:
    """Wait until the address tells some words, and return what it tells."""
    told = f"{HASH.removeprefix('return ')}.includes({words!r})"
    page.wait(f"return {told} || null")
    return str(page.run(HASH))


def follow(page: Any, text: str) -> None:
    """Put a text behind the # as a hand does, and wait until the page has followed."""
    page.changed("location.hash = arguments[0]", text)


def test_a_link_shows_again_all_that_was_shown(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run(CLICK, "#lw-finer-open")
    page.changed(SET, "#lw-search", "HT")
    page.changed(CLICK, '[data-kind="compliant"]')
    page.changed(SET, "#lw-land-use", "=工业用地")
    page.changed(SET, "#lw-finer fieldset [type=number][data-end=from]", "30.5")
    page.run(SET, "#lw-sort", "area")
    page.run(CLICK, "#lw-direction")
    page.run(CLICK, "#lw-lang")
    page.run("window.map_landwatch.setView([36.0512, 103.8034], 15, {animate: false})")
    page.run("document.querySelectorAll('#lw-list .lw-line')[1].click()")
    told = address(page, "contract=")
    for part in ("lang=en", "q=HT", "off=compliant", "use=:工业用地", "mu=30.5~", "sort=area!"):
        assert part in told
    before, link = page.run(STATE), page.run("return location.href")
    page.driver.get("about:blank")
    page.driver.get(link)
    page.wait("const d = document.documentElement.dataset; return d.drawn && d.told")
    assert page.run(STATE) == before
    assert page.complaints() == []


def test_each_filter_of_a_link_narrows(shown: Show, park: MapData) -> None:
    page = shown(park)
    follow(page, "rule=O53.A1&verify=1")
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-3"]
    follow(page, "park=:" + quote("乙园区") + "&holder=" + quote("雁滩电子"))
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-6"]
    follow(page, "days=13~")
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-2", "HT-5"]
    follow(page, "days=13~!")
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-2"]
    follow(page, "unplaced=1")
    assert "HT-7" in "".join(page.run(LIST))


FILLED = """
    const busy = document.getElementById("lw-card-body").hasAttribute("aria-busy");
    return (!busy && !document.getElementById("lw-card").hidden) || null;
"""


@pytest.fixture
def own_tab(browser: Any) -> Iterator[None]:
    """A tab without a past: the one that all tests share has forgotten its oldest pages."""
    before = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    yield
    browser.driver.close()
    browser.driver.switch_to.window(before)


@pytest.mark.usefixtures("own_tab")
def test_going_back_and_forward_takes_filters_and_cards_with_it(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.changed(SET, "#lw-zone", "2")
    address(page, "park=:乙园区")
    page.run(CLICK, "#lw-list .lw-line")
    address(page, "contract=")
    page.wait(FILLED)
    first = page.run(CARD)
    page.key("Escape")
    page.wait("return !location.hash.includes('contract') || null")
    page.run("history.back()")
    page.wait(FILLED)
    assert page.run(CARD) == first
    page.run("history.go(-1)")
    zone = "document.getElementById('lw-zone').value === '2'"
    page.wait(f"return (document.getElementById('lw-card').hidden && {zone}) || null")
    page.run("history.forward()")
    page.wait(FILLED)
    assert page.run(CARD) == first


def test_moving_about_leaves_no_trail_behind(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run("window.map_landwatch.setZoom(15, {animate: false})")
    address(page, ",15")
    steps = page.run("return history.length")
    for zoom in (16, 17):
        page.run("window.map_landwatch.setZoom(arguments[0], {animate: false})", zoom)
        address(page, f",{zoom}")
    assert page.run("return history.length") == steps


RUBBISH = [
    "=",
    "&&&===",
    "q=%E4%BD&rule=%&at=%%%",
    "rule=__proto__&park=constructor&sort=toString&seen=NaN",
    "at=NaN,Infinity,99&mu=9~1e9&days=~~&off=,,,",
    "at=1,2,3,4&lang=fr&contract=" + "x" * 5000,
    "q=%3Cimg src=x onerror=window.ran=1%3E&holder=%3Cscript%3Ewindow.ran=1%3C/script%3E",
    "contract=%22%3E%3Csvg onload=window.ran=1%3E&parcel=javascript:window.ran=1",
    "use=:%00%00&industry=:35&seen=180&about=" + quote("没有的园区"),
    "q=" + quote("\u202e\U0001f3ed'\""),
]


@pytest.mark.parametrize("number", range(len(RUBBISH)))
def test_rubbish_in_a_link_breaks_nothing(shown: Show, park: MapData, number: int) -> None:
    page = shown(park)
    follow(page, "rule=O53.A1")
    follow(page, "verify=1&" + RUBBISH[number])
    assert page.run("return document.getElementById('lw-verify').checked")
    assert page.run("return window.ran ?? 0") == 0
    assert page.run("return document.querySelectorAll('img, #lw-side script').length") == 0
    page.changed(CLICK, "#lw-reset")
    assert len(page.run(LIST)) == 8
    assert page.complaints() == []


def test_the_skip_link_is_no_address_and_clears_nothing(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.changed(SET, "#lw-search", "HT-2")
    page.run(CLICK, ".lw-skip")
    assert page.run("return document.activeElement.id") == "lw-results"
    assert len(page.run(LIST)) == 1


def test_a_link_may_open_a_parcel_or_a_park(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    card = RuleCard("主导产业个数", "Leading industries", "意见", "（八）", "不超过3个", "local")
    found = ParkFinding("甲园区", "LZ.LEADING", "breach", "breach", {"measured": 4, "threshold": 3})
    page = shown(park_with(park_findings=[found], park_rules={"LZ.LEADING": card}))
    follow(page, "parcel=LZ-004")
    assert "五泉药业" in page.run(CARD)
    bounds = page.run("return window.map_landwatch.getBounds().toBBoxString()").split(",")
    view = shapely.box(*map(float, bounds))
    assert view.covers(park.geometry[3]), "without a place of its own it goes there"
    follow(page, "about=" + quote("甲园区"))
    assert "主导产业个数" in page.run(CARD)
    assert "about=甲园区" in address(page, "about=")


def test_the_link_can_be_copied_or_is_shown_where_it_cannot(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.changed(SET, "#lw-search", "兰山")
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.run(CLICK, "#lw-copy-link")
    copied = page.wait("return window.copied || null")
    assert "q=兰山" in unquote(copied)
    said = "return document.getElementById('lw-said').innerText"
    page.wait(f"{said}.includes('已复制') || null")
    page.run("navigator.clipboard.writeText = async () => { throw new DOMException('no'); }")
    page.run(CLICK, "#lw-copy-link")
    field = page.wait("return document.querySelector('#lw-said input')?.value || null")
    assert unquote(field) == unquote(copied)


def test_a_link_tells_the_month_and_the_changes_that_are_shown(
    shown: Show, park_with: Callable[..., MapData]
) -> None:
    page = shown(park_with(parts=(*comparison(), months())))
    follow(page, "changes=new,unchanged,constructor&month=2021-05")
    assert page.run("return document.querySelector('[data-change=new] input').checked")
    assert page.run("return document.querySelector('.lw-months input[type=range]').value") == "1"
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-2"]
    page.run("window.map_landwatch.setZoom(16, {animate: false})")
    assert "changes=new&month=2021-05" in address(page, "changes=new&"), "what is no kind is gone"
    page.changed(CLICK, "#lw-narrowed-list .lw-chip")
    assert not page.run("return document.querySelector('[data-change=new] input').checked")
    assert len(page.run(LIST)) > 1
    follow(page, "month=1999-01&then=1")
    assert page.run("return document.getElementById('lw-moment').hidden") is False
    assert "then=1" in address(page, "then=1")
