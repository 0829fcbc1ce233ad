"""The page is for everybody: axe-core finds nothing, in each language, theme and width."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any

import pytest

from landwatch.commands.drawing import PageWishes, draw_map
from landwatch.commands.page_time import TimeWishes

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

THEMES = ("light", "dark", "contrast")
WIDTHS = (1280, 390)
CHECK = """
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ["violations"] }).then((told) => done(told.violations.flatMap(
      (wrong) => wrong.nodes.map((node) =>
        `${wrong.id}: ${node.target.join(" ")}: ${node.failureSummary}`))));
"""
WEAR = """
    const box = document.getElementById("lw-theme");
    box.value = arguments[0];
    box.dispatchEvent(new Event("change"));
"""
STATES = {
    "list": "document.getElementById('lw-close').click()",
    "card": "document.querySelector('#lw-list button').click()",
}
UNFOLD = """
    for (const one of document.querySelectorAll("main details, header details")) one.open = true;
    for (const one of document.querySelectorAll('main button[aria-expanded="false"]')) one.click();
"""
SMALL = """
    const seen = (box) => box.offsetParent && getComputedStyle(box).visibility !== "hidden";
    // A sign's own box is a point: its words are what is hit.
    const hit = (box) => box.closest("label") ?? (box.matches(".lw-sign") ? box.firstChild : box);
    const area = (box) => hit(box).getBoundingClientRect();
    return [...document.querySelectorAll(
      "button, select, input, summary, a[href], [role=button], [tabindex='0']")]
      .filter((box) => seen(box) && !box.closest(".lw-unseen, .lw-skip"))
      .filter((box) => area(box).width < 23.5 || area(box).height < 23.5)
      .map((box) => `${box.tagName} ${box.id || box.className} ` +
        `${area(box).width.toFixed(1)} × ${area(box).height.toFixed(1)}`);
"""
WIDER = """
    const most = document.documentElement.clientWidth;
    const scrolls = (box) => box !== document.body &&
      (["auto", "scroll"].includes(getComputedStyle(box).overflowX) || scrolls(box.parentElement));
    return [...document.querySelectorAll("body *")]
      .filter((box) => box.offsetParent && !scrolls(box.parentElement))
      .filter((box) => !box.closest(".lw-map, .lw-unseen, .lw-skip"))
      .filter((box) => box.getBoundingClientRect().right > most + 1)
      .map((box) => `${box.tagName} ${box.id || box.className}`);
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core as its wheel has it; it is never part of a page."""
    wheel = importlib.metadata.distribution("axe-playwright-python")
    return Path(str(wheel.locate_file("axe_playwright_python/axe.min.js"))).read_text("utf-8")


@pytest.fixture(scope="session")
def whole_page(demo_store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the demo with all that a page can tell."""
    page = tmp_path_factory.mktemp("whole") / "whole.html"
    time = TimeWishes(months=2, compare="2026-03-31")
    draw_map(demo_store, page, lang="zh", made_up=True, wishes=PageWishes(time=time))
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_in_any_theme_and_width(
    lang: str, whole_page: Path, browser: Any, axe: str
) -> None:
    browser.open(whole_page)
    if lang == "en":
        browser.run("document.getElementById('lw-lang').click()")
    browser.run(axe)
    browser.run(UNFOLD)
    found = []
    for width in WIDTHS:
        browser.size(width, 860)
        for theme in THEMES:
            browser.run(WEAR, theme)
            for state, script in STATES.items():
                browser.run(script)
                wrong = browser.driver.execute_async_script(CHECK)
                found += [f"{width} {theme} {state}: {one}" for one in wrong]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_is_wider_than_the_screen_or_too_small_for_a_finger(
    lang: str, whole_page: Path, browser: Any
) -> None:
    browser.open(whole_page, width=390, height=844)
    if lang == "en":
        browser.run("document.getElementById('lw-lang').click()")
    browser.run(UNFOLD)
    for theme in THEMES:
        browser.run(WEAR, theme)
        for script in STATES.values():
            browser.run(script)
            assert browser.run("return document.scrollingElement.scrollWidth") <= 390
            assert browser.run(WIDER) == []
            assert browser.run(SMALL) == []
