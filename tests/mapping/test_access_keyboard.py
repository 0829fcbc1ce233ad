"""Whoever has no pointer reaches and works everything by keys, and sees where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landwatch.commands.drawing import PageWishes, draw_map
from landwatch.commands.page_time import TimeWishes
from landwatch.mapping.data import MapData
from landwatch.mapping.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

KEYS = {
    "Tab": (9, ""),
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    " ": (32, " "),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
    "+": (187, "+"),
    "-": (189, "-"),
}
# One radio of a group takes the focus for all; what is folded away is reached by unfolding it.
OPERABLE = """
    const seen = (box) => box.checkVisibility({ visibilityProperty: true }) && !box.disabled &&
      !box.closest("[inert]") && box.tabIndex >= 0 &&
      !(box.type === "radio" && !box.checked &&
        document.querySelector(`input[name="${CSS.escape(box.name)}"]:checked`));
    window.named = (box) => `${box.tagName} ${box.id || box.className} ` +
      [...document.querySelectorAll("*")].indexOf(box);
    return [...document.querySelectorAll(
      "button, select, input, summary, a[href], textarea, [tabindex='0']")].filter(seen).map(named);
"""
FOCUSED = """
    const box = document.activeElement, style = getComputedStyle(box);
    return { name: named(box), id: box.id, top: box === document.body,
      outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      unseen: box.classList.contains("lw-unseen") };
"""
AT = "return document.activeElement.id || document.activeElement.className"
VIEW = "const c = map_landwatch.getCenter(); return [c.lat, c.lng, map_landwatch.getZoom()]"


def press(page: Any, key: str, *, shift: bool = False) -> None:
    """Press a key as a hand does."""
    code, text = KEYS[key]
    event = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": 8 * shift}
    down = {"type": "keyDown", **event, **({"text": text} if text else {})}
    page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", down)
    page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **event})


def tab_to(page: Any, wanted: str, *, most: int = 200) -> None:
    """Press Tab until an element of an id or class has the focus."""
    for _ in range(most):
        if page.run(AT).split(" ")[0] == wanted:
            return
        press(page, "Tab")
    pytest.fail(f"{wanted} is not reached by Tab")


@pytest.fixture
def small(park: MapData, browser: Any, tmp_path: Path) -> Any:
    """Return a browser with the small park."""
    path = tmp_path / "small.html"
    write_page(path, park)
    browser.open(path)
    return browser


def test_tab_reaches_all_that_can_be_operated_and_shows_where_it_is(
    demo_store: str, browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / "whole.html"
    time = TimeWishes(months=2, compare="2026-03-31")
    draw_map(demo_store, path, lang="zh", made_up=True, wishes=PageWishes(time=time))
    browser.open(path)
    tab_to(browser, "lw-finer-open")
    press(browser, "Enter")
    browser.run("for (const one of document.querySelectorAll('main details')) one.open = true")
    tab_to(browser, "lw-line")
    press(browser, "Enter")
    browser.wait("return !document.getElementById('lw-card').hidden")
    browser.run("document.body.focus(); document.activeElement.blur()")
    operable = browser.run(OPERABLE)
    reached, blind = set(), []
    for _ in range(2 * len(operable)):
        press(browser, "Tab")
        at = browser.run(FOCUSED)
        if at["name"] in reached:
            break
        if at["top"]:
            continue
        reached.add(at["name"])
        if not (at["outline"] or at["unseen"]):
            blind.append(at["name"])
    assert not set(operable) - reached
    assert not blind


def test_the_skip_link_comes_first_and_leads_to_the_results(small: Any) -> None:
    press(small, "Tab")
    assert small.run(AT) == "lw-skip"
    box = small.run("return document.activeElement.getBoundingClientRect().left")
    assert box >= 0
    press(small, "Enter")
    press(small, "Tab")
    assert small.run("return document.activeElement.closest('#lw-results') !== null")


def test_the_map_moves_zooms_and_opens_what_is_in_its_middle(small: Any) -> None:
    tab_to(small, "map_landwatch")
    small.run("map_landwatch.setView([36.0509, 103.8034], 16, {animate: false})")
    before = small.run(VIEW)
    press(small, "+")
    assert small.wait(f"{VIEW.replace('return', 'const v =')}; return v[2] === {before[2] + 1}")
    small.wait("return !map_landwatch._animatingZoom")  # a key is not heard while it glides
    press(small, "-")
    small.wait(f"{VIEW.replace('return', 'const v =')}; return v[2] === {before[2]}")
    press(small, "Enter")
    assert small.run("return document.getElementById('lw-card').textContent").count("LZ-002")
    assert small.run(AT) == "lw-card-title"
    press(small, "Escape")
    assert small.run("return document.getElementById('lw-card').hidden")
    assert "folium-map" in small.run("return document.activeElement.className")
    before = small.run(VIEW)
    press(small, "ArrowRight")
    small.wait(f"{VIEW.replace('return', 'const v =')}; return v[1] > {before[1]}")


def test_classes_choices_words_and_lists_answer_to_keys(small: Any) -> None:
    tab_to(small, "lw-search")
    before = small.run("return document.documentElement.dataset.changes")
    small.driver.execute_cdp_cmd("Input.insertText", {"text": "兰山"})
    small.wait(f"return document.documentElement.dataset.changes !== '{before}'")
    assert small.run("return document.querySelectorAll('#lw-list li').length") == 1
    tab_to(small, "lw-reset")
    press(small, "Enter")
    small.wait("return document.querySelectorAll('#lw-list li').length === 8")
    small.run("document.querySelector('#lw-legend input').focus()")
    press(small, " ")
    small.wait("return document.querySelectorAll('#lw-list li').length === 6")
    assert small.run("return document.activeElement.dataset.kind") == "breach"
    press(small, " ")
    small.wait("return document.querySelectorAll('#lw-list li').length === 8")
    tab_to(small, "lw-zone")
    press(small, "ArrowDown")
    small.wait("return document.querySelectorAll('#lw-list li').length < 8")
    tab_to(small, "lw-line")
    press(small, "Enter")
    assert small.run(AT) == "lw-card-title"
    press(small, "Escape")
    assert small.run(AT) == "lw-line"


def test_language_and_theme_are_chosen_by_keys(small: Any) -> None:
    tab_to(small, "lw-theme")
    for theme in ("light", "dark", "contrast"):
        press(small, "ArrowDown")
        small.wait(f"return document.documentElement.dataset.theme === '{theme}'")
    tab_to(small, "lw-lang")
    press(small, "Enter")
    assert small.run("return document.documentElement.lang") == "en"
    assert small.run(AT) == "lw-lang"


def test_paper_is_chosen_in_a_dialog_that_keeps_the_focus_and_gives_it_back(small: Any) -> None:
    tab_to(small, "lw-print")
    press(small, "Enter")
    small.wait("return document.querySelector('dialog[open]')")
    for _ in range(12):
        press(small, "Tab")
        at = "const at = document.activeElement; return at === document.body || "
        assert small.run(f"{at} at.closest('dialog[open]') !== null")
    press(small, "Escape")
    small.wait("return !document.querySelector('dialog[open]')")
    assert small.run(AT) == "lw-print"
    assert small.complaints() == []


def test_who_asks_for_no_motion_gets_none(park: MapData, browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "calm.html"
    write_page(path, park)
    wish = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
    try:
        browser.open(path)
        tab_to(browser, "map_landwatch")
        before = browser.run(VIEW)
        press(browser, "ArrowRight")
        assert browser.run(VIEW)[1] > before[1]  # at once, not after a glide
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_screen_that_asks_for_dark_or_for_contrast_gets_it(
    park: MapData, browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / "asked.html"
    write_page(path, park)
    try:
        for name, value, theme in (
            ("prefers-color-scheme", "dark", "dark"),
            ("prefers-contrast", "more", "contrast"),
        ):
            wish = {"features": [{"name": name, "value": value}]}
            browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
            browser.open(path)
            assert browser.run("return document.documentElement.dataset.theme") == theme
            assert browser.run("return document.getElementById('lw-theme').value") == "auto"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.wait("return document.documentElement.dataset.theme === 'light'")
