"""The card in a real browser: it appears at once, fills in, and never mixes two contracts up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landwatch import bootstrap
from landwatch.mapping.data import MapData
from landwatch.mapping.gather import map_data
from landwatch.mapping.page import write_page
from landwatch.mapping.terms import card_part

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OPEN = """
    const page = window.map_landwatch, box = document.getElementById("lw-search");
    box.value = arguments[0];
    box.dispatchEvent(new Event("input"));
"""
FIRST = "document.querySelector('#lw-list .lw-line').click()"
FILLED = "return document.querySelector('#lw-card-body .lw-timeline') !== null || null"
BODY = "return document.getElementById('lw-card-body').innerText"
UNFOLD = "for (const d of document.querySelectorAll('#lw-card-body details')) d.open = true"
ROWS = """
    const rows = [...document.querySelectorAll(".lw-terms tbody tr")];
    return Object.fromEntries(rows.map((row) => [row.children[0].textContent,
      [row.children[1].textContent, row.children[2].textContent]]));
"""
COVERED = """
    const flags = [...document.querySelectorAll(".lw-timeline .lw-flag")];
    const boxes = flags.map((text) => text.getBBox());
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
      a.x + 0.5 < b.x + b.width && b.x + 0.5 < a.x + a.width &&
      a.y + 2 < b.y + b.height && b.y + 2 < a.y + a.height)).length;
"""


@pytest.fixture(scope="module")
def demo_page(demo_store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the demo, its cards told."""
    store = bootstrap.the_store(demo_store)
    scan = store.scan()
    assert scan is not None
    data = map_data(
        store, scan, bootstrap.lawbook_of(store, scan), title="演示", makers=[card_part]
    )
    path = tmp_path_factory.mktemp("card") / "map.html"
    write_page(path, data)
    return path


@pytest.fixture
def card(browser: Any, demo_page: Path) -> Callable[..., Any]:
    """Open the card of one contract of the demo."""

    def opened(words: str, *, width: int = 1280) -> Any:
        browser.open(demo_page, width=width)
        browser.changed(OPEN, words)
        browser.run(FIRST)
        browser.wait(FILLED)
        return browser

    return opened


def test_what_was_agreed_stands_beside_what_was_done_and_a_blank_is_no_zero(
    card: Callable[..., Any],
) -> None:
    page = card("LZ-06")
    rows = page.run(ROWS)
    assert rows["开工"][0] == "2021-12-01"
    assert "2021-11-20" in rows["开工"][1] and "现场核查" in rows["开工"][1]
    assert rows["总投资"][0].startswith("12,000 万元") and "1,000 万元" in rows["总投资"][1]
    assert rows["产能"][1] == "未填", "a capacity that nobody told is not zero"
    assert rows["价款"][1] == "", "nothing is done of a price, so nothing is missing"
    assert page.complaints() == []


def test_the_timeline_covers_no_label_and_has_a_list_that_tells_the_same(
    card: Callable[..., Any],
) -> None:
    page = card("LZ-06")
    assert page.run(COVERED) == 0
    page.run(UNFOLD)
    told = page.run("return document.querySelector('.lw-dates').innerText")
    for part in (
        "2021-12-01",
        "约定开工时间",
        "最后一日 O53.B",
        "核对日",
        "涉嫌超期 171 天：O53.B",
    ):
        assert part in told
    assert page.run("return document.querySelectorAll('.lw-span-late').length") >= 1
    assert page.run("return document.querySelectorAll('.lw-dated [style]').length") == 0


def test_a_verified_delay_is_a_span_of_its_own_and_no_delay_of_the_holder(
    card: Callable[..., Any],
) -> None:
    page = card("LZ-08")
    assert page.run("return document.querySelectorAll('.lw-span-exempt').length") == 1
    assert "延误（已核实）：政府未按约定交地" in page.run(
        "return document.querySelector('.lw-timeline svg').textContent"
    )


def test_each_finding_tells_its_sums_its_facts_and_how_old_the_evidence_is(
    card: Callable[..., Any],
) -> None:
    page = card("LZ-06")
    page.run(UNFOLD)
    told = page.run(BODY)
    assert "最近凭据：2026-04-15 现场核查，距核对日 76 天" in told
    assert "投资强度（含地价）：（固定资产投资" in told
    assert "lanzhou-progress.csv 第" in told and "lanzhou-contracts.xlsx〔" in told


def test_a_second_card_opened_at_once_is_never_filled_with_the_first(
    browser: Any, demo_page: Path
) -> None:
    browser.open(demo_page)
    told = browser.run(
        """
        const lines = document.querySelectorAll("#lw-list .lw-line");
        lines[0].click();
        const first = document.querySelector("#lw-card-body h3").textContent;
        const atOnce = document.querySelector("#lw-card-body .lw-findings") !== null;
        lines[1].click();
        return [first, lines[1].querySelector("strong").textContent, atOnce];
        """
    )
    browser.wait(FILLED)
    first, second, at_once = told
    assert at_once, "the card shows what the page knows before the rest is read"
    assert browser.run("return document.querySelector('#lw-card-body h3').textContent") == second
    assert first != second
    assert browser.run("return document.querySelectorAll('.lw-timeline').length") == 1
    assert browser.run("return document.activeElement.id") == "lw-card-title"


def test_the_next_of_the_list_is_opened_from_the_card_and_the_focus_stays(
    browser: Any, demo_page: Path
) -> None:
    browser.open(demo_page)
    browser.run(FIRST)
    browser.wait(FILLED)
    names = browser.run(
        "const lines = [...document.querySelectorAll('#lw-list .lw-line strong')];"
        "return lines.map((line) => line.textContent)"
    )
    assert browser.run("return document.querySelector('[data-act=before]').disabled")
    for name in names[1:3]:
        browser.run("document.querySelector('[data-act=after]').focus()")
        browser.key("Enter")
        assert browser.run("return document.querySelector('#lw-card-body h3').textContent") == name
        assert browser.run("return document.activeElement.dataset.act") == "after"
    browser.run("document.querySelector('[data-act=before]').click()")
    assert browser.run("return document.querySelector('#lw-card-body h3').textContent") == names[1]


def test_the_card_is_copied_as_text_without_its_buttons(card: Callable[..., Any]) -> None:
    page = card("LZ-06")
    page.run(
        "window.copied = null; document.addEventListener('copy', () => {"
        " window.copied = getSelection().toString() || document.activeElement.value });"
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => {"
        " window.copied = text }}}); document.querySelector('[data-act=copy]').click()"
    )
    text = page.wait("return window.copied")
    assert "合同编号：LZ-06" in text and "开工 | 2021-12-01 | 2021-11-20" in text
    assert "上一项" not in text
    assert page.wait("return document.getElementById('lw-copied').textContent") == "已复制"


def test_paper_has_everything_unfolded_and_the_screen_as_before(card: Callable[..., Any]) -> None:
    page = card("LZ-06")
    folded = "return document.querySelectorAll('#lw-card-body details:not([open])').length"
    before = page.run(folded)
    assert before > 0
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run(folded) == 0
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.run(folded) == before


def test_the_other_language_reaches_every_part_of_the_card(card: Callable[..., Any]) -> None:
    page = card("LZ-06")
    page.run("document.getElementById('lw-lang').click()")
    page.wait(FILLED)
    page.run(UNFOLD)
    told = page.run(BODY)
    for part in (
        "Agreed beside done",
        "suspected 171 days late: O53.B",
        "Last evidence: 2026-04-15",
    ):
        assert part in told
    assert "card_" not in told


def test_a_narrow_screen_holds_the_card(card: Callable[..., Any]) -> None:
    page = card("LZ-06", width=390)
    page.run(UNFOLD)
    assert page.run("return document.documentElement.scrollWidth") <= 390
    assert (
        page.run(
            "const c = document.getElementById('lw-card'); return c.scrollWidth - c.clientWidth"
        )
        <= 1
    )


def test_a_page_that_was_told_no_terms_still_draws_the_limits_of_its_findings(
    shown: Callable[..., Any], park: MapData
) -> None:
    page = shown(park)
    page.changed(OPEN, "HT-2")
    page.run(FIRST)
    page.wait(FILLED)
    assert page.run("return document.querySelector('.lw-terms')") is None
    assert "最后一日 O53.A1" in page.run("return document.querySelector('.lw-dates').textContent")
    page.changed(OPEN, "HT-3")
    page.run(FIRST)
    page.wait(FILLED)
    assert page.run("return document.querySelectorAll('.lw-span-late').length") == 0
