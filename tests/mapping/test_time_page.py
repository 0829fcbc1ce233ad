"""The page of other moments, driven as a hand and a keyboard do: months, comparison, card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from landwatch.language.terms import Gravity, Status
from landwatch.lawbook.shelf import shelf
from landwatch.mapping.change_rows import ChangeRows
from landwatch.mapping.comparing import ALTERED, KINDS, Comparison, Counted
from landwatch.mapping.data import MapData
from landwatch.mapping.moments import NOT_THERE
from landwatch.mapping.months import MonthEnd, Months
from landwatch.mapping.style import CLASSES
from landwatch.scan.causes import CauseKind, ChangeCause
from landwatch.scan.changes import Change, Holding, Outcome
from landwatch.scan.compare import ChangeKind
from landwatch.store import ScanSummary
from tests.mapping.conftest import Browser

Shown = Callable[..., Browser]
CODES = [kind.code for kind in CLASSES]
NOW = ["compliant", "breach", "to_verify", "due_soon", "breach_hatched", "not_due", "breach"]
EARLY = ["compliant", "not_due", "unknown", "not_due", "breach_hatched", "not_due", ""]
LATE = ["compliant", "breach", "unknown", "due_soon", "breach_hatched", "not_due", ""]


def classes(codes: list[str]) -> Any:
    return np.array([CODES.index(code) if code else NOT_THERE for code in codes], np.uint8)


def months() -> Months:
    """Three months: one of which nothing was known, one judged, one that was scanned."""
    known = datetime(2021, 5, 20, 4, tzinfo=UTC)
    blind = np.full(len(NOW), NOT_THERE, np.uint8)
    return Months(
        (
            MonthEnd(date(2021, 4, 30), None, None, blind),
            MonthEnd(date(2021, 5, 31), known, None, classes(EARLY)),
            MonthEnd(date(2021, 6, 30), known, 2, classes(LATE)),
        ),
        as_known_now=False,
    )


def scan(number: int, day: date) -> ScanSummary:
    moment = datetime(2021, 7, 1, 4, tzinfo=UTC)
    return ScanSummary(
        scan_id=number, as_of=day, known_at=moment, made_at=moment, made_by="张三",
        landwatch_version="1", policies={}, counts={}, contracts=7,
    )  # fmt: skip


def outcome(gravity: Gravity, limit: date | None = None) -> Outcome:
    status = Status.UNKNOWN if gravity is Gravity.TO_VERIFY else Status(gravity.value)
    return Outcome(status, gravity, None, Decimal("1.5"), Decimal(2), limit, None, None, ())


def change(kind: ChangeKind, contract: str | None, was: Any, now: Any, **more: Any) -> Change:
    holding = Holding(contract, "J", holder=more.pop("holder", None))
    told = {"rule": "GC.START", "policy": "grant-contract", **more}
    before, after = (None if one is None else outcome(one) for one in (was, now))
    return Change(kind, holding=holding, before=before, after=after, **told)


EDIT = ChangeCause(CauseKind.EDIT, "otherwise", {"scan": 3, "old": "1", "new": "1"})
HOSTILE = "<img src=x onerror=window.hit=1>&amp;${1}`"


def comparison() -> tuple[Comparison, ChangeRows]:
    """HT-2 new by two rules, HT-3 escalated, HT-1 'cured' by another program; one is gone."""
    new, cured = ChangeKind.NEW, ChangeKind.CURED
    here = (
        (1, change(new, "HT-2", Gravity.NOT_DUE, Gravity.BREACH)),
        (1, change(new, "HT-2", Gravity.NOT_DUE, Gravity.BREACH, rule="GC.COMPLETE")),
        (2, change(ChangeKind.ESCALATED, "HT-3", Gravity.UNKNOWN, Gravity.TO_VERIFY)),
        (0, change(cured, "HT-1", Gravity.BREACH, Gravity.COMPLIANT, causes=(EDIT,))),
    )
    gone = (
        change(ChangeKind.VANISHED, "HT-9", Gravity.NOT_DUE, None, holder=HOSTILE),
        change(ChangeKind.VANISHED, "HT-9", Gravity.BREACH, None, rule="GC.COMPLETE"),
    )
    parks = (change(new, None, Gravity.COMPLIANT, Gravity.BREACH, rule="LZ.LEADING"),)
    bits = np.full(7, 1 << KINDS.index("unchanged"), np.int64)
    for row, one in here:
        bits[row] = 1 << (len(KINDS) if one.altered else KINDS.index(str(one.kind)))
    counts = {"new": 3, "escalated": 1, "cured": 1, "vanished": 2, "unchanged": 13}
    counted = Counted(counts, {"new": 1, "unchanged": 1}, {"vanished": 2}, {"cured": 1}, 1, 0)
    was = classes(["breach", "not_due", "unknown", "due_soon", "breach_hatched", "not_due", ""])
    first = Comparison(scan(2, date(2021, 6, 1)), scan(3, date(2021, 7, 1)), was, bits, counted)
    law = dict(shelf())
    words = {"zh": "从前有个原因", "en": "There was a cause"}
    rows = ChangeRows(here, gone, parks, law, {"J": "甲园区"}, lambda _, lang: words[lang])
    return first, rows


@pytest.fixture
def told(park: MapData) -> MapData:
    return replace(park, parts=(*comparison(), months()))


def legend(browser: Browser) -> dict[str, int]:
    """Return how many contracts the legend counts of each class, those of none left out."""
    rows = browser.run(
        """return [...document.querySelectorAll('#lw-legend label')].map((row) =>
             [row.dataset.class, Number(row.querySelector('[data-count]').dataset.count)])"""
    )
    return {code: count for code, count in rows if count and code != "no_contract"}


def counted(codes: list[str]) -> dict[str, int]:
    return {code: codes.count(code) for code in codes if code}


def slide(browser: Browser, key: str) -> None:
    """Press a key on the slider, and wait until the page has followed."""
    before = browser.run("return document.documentElement.dataset.changes")
    browser.driver.find_element(By.CSS_SELECTOR, ".lw-months input[type=range]").send_keys(key)
    browser.wait(f"return document.documentElement.dataset.changes !== '{before}' || null")


def text(browser: Browser, selector: str) -> str:
    found: str = browser.run(
        "return document.querySelector(arguments[0])?.textContent ?? ''", selector
    )
    return found


def test_the_slider_shows_each_month_by_the_keyboard(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    slider = "document.querySelector('.lw-months input[type=range]')"
    assert legend(browser) == counted(NOW)
    assert browser.run(f"return {slider}.value") == "3"
    slide(browser, Keys.ARROW_LEFT)
    assert legend(browser) == counted(LATE)
    assert "scan 2" in text(browser, "#lw-moment strong")
    assert "not in the ledger then: 1" in browser.run(
        f"return {slider}.getAttribute('aria-valuetext')"
    )
    slide(browser, Keys.ARROW_LEFT)
    assert legend(browser) == counted(EARLY)
    assert "by what was known then" in text(browser, "#lw-moment strong")
    slide(browser, Keys.HOME)
    assert legend(browser) == {}
    assert "nothing was known" in text(browser, "#lw-moment strong")
    assert text(browser, ".lw-months-said").endswith("(nothing was known yet)")
    assert not browser.run("return document.querySelector('.lw-months-table').open")
    browser.run("document.querySelector('.lw-months-table').open = true")
    browser.wait("return document.querySelector('.lw-months-table td') && 1")
    assert "In 1 of these months" in text(browser, ".lw-months-table > .lw-note")
    slide(browser, Keys.ARROW_RIGHT)
    told_of_may = text(browser, ".lw-months-now")
    assert "compliant 1" in told_of_may and "+" not in told_of_may
    slide(browser, Keys.ARROW_RIGHT)
    assert "+" in text(browser, ".lw-months-now")
    browser.changed("document.querySelector('#lw-moment button').click()")
    assert legend(browser) == counted(NOW)
    assert browser.run("return document.querySelector('#lw-moment').hidden")
    assert browser.complaints() == []


def test_the_card_says_how_a_contract_stood_in_each_month(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    browser.run("document.querySelectorAll('#lw-list li button')[0].click()")  # a breach now
    browser.wait("return document.querySelector('.lw-compare-card p, .lw-compare-card li') && 1")
    contract = "HT-2" if "HT-2" in text(browser, "#lw-card-body") else "HT-7"
    runs = {
        "HT-2": "2021-05: not due2021-06 to this page: suspected breach",
        "HT-7": "2021-04 to 2021-06: not in the ledger thenthis page: suspected breach",
    }
    assert runs[contract] in text(browser, ".lw-months-one ul")
    slide(browser, Keys.ARROW_LEFT)
    that = {"HT-2": "suspected breach", "HT-7": "not in the ledger then"}
    assert text(browser, ".lw-months-that") == f"On 2021-06-30 it was: {that[contract]}"


def test_the_play_button_goes_on_by_itself_and_stops_at_the_page(
    shown: Shown, told: MapData
) -> None:
    browser = shown(told, lang="en")
    slide(browser, Keys.HOME)
    browser.run("document.querySelector('.lw-months-play').click()")
    assert text(browser, ".lw-months-play") == "Pause"
    browser.wait("return document.querySelector('#lw-moment').hidden || null")
    browser.wait("return document.querySelector('.lw-months-play').textContent === 'Play' || null")
    assert legend(browser) == counted(NOW)


def test_whoever_wants_no_motion_is_shown_one_month_at_a_time(shown: Shown, told: MapData) -> None:
    wish = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser = shown(told, lang="en")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
    try:
        browser.run(
            "document.querySelector('#lw-lang').click(); document.querySelector('#lw-lang').click()"
        )
        assert text(browser, ".lw-months-play") == "Next month"
        browser.changed("document.querySelector('.lw-months-play').click()")
        assert legend(browser) == {}
        browser.changed("document.querySelector('.lw-months-play').click()")
        assert legend(browser) == counted(EARLY)
        assert text(browser, ".lw-months-play") == "Next month"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_park_has_its_own_figures_for_each_month(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    browser.run("document.querySelector('.lw-months-table').open = true")
    browser.wait("return document.querySelector('.lw-months-table td') && 1")
    first = text(browser, ".lw-months-table tbody tr:nth-child(2)")
    browser.changed(
        """const box = document.querySelector('#lw-zone');
           box.value = [...box.options].find((one) => one.text === '乙园区').value;
           box.dispatchEvent(new Event('change'))"""
    )
    rows = browser.run(
        """return [...document.querySelectorAll('.lw-months-table tbody tr')].map(
             (row) => [...row.cells].map((cell) => cell.textContent))"""
    )
    assert first.startswith("2021-05-31")
    # 乙园区 holds HT-5, HT-6 and HT-7: two were there in May, all three are on the page
    assert [sum(int(cell) for cell in row[1:-1]) for row in rows] == [3, 3, 3, 3]
    heads = browser.run(
        """return [...document.querySelectorAll('.lw-months-table thead th')]
             .map((cell) => cell.textContent)"""
    )
    gone = heads.index("not in the ledger then")
    assert [row[gone] for row in rows] == ["3", "1", "1", "0"]


def test_the_kinds_of_change_add_up_and_narrow(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    rows = dict(
        browser.run(
            """return [...document.querySelectorAll('.lw-compare-row[data-change]')].map((row) =>
                 [row.dataset.change, [...row.querySelectorAll('[data-contracts],[data-outcomes]')]
                   .map((cell) => Number(cell.dataset.contracts ?? cell.dataset.outcomes))])"""
        )
    )
    assert rows == {
        "altered": [1, 1], "new": [1, 3], "escalated": [1, 1], "vanished": [0, 2],
        "unchanged": [4, 13],
    }  # fmt: skip
    total = browser.run(
        "return Number(document.querySelector('.lw-compare-sum [data-outcomes]').dataset.outcomes)"
    )
    assert total == sum(outcomes for _, outcomes in rows.values())
    assert "counts them as: cured: 1" in text(browser, ".lw-compare")
    browser.changed("document.querySelector('input[data-change=new]').click()")
    assert legend(browser) == {"breach": 1}
    browser.changed("document.querySelector('input[data-change=altered]').click()")
    assert legend(browser) == {"breach": 1, "compliant": 1}
    browser.changed("document.querySelector('#lw-reset').click()")
    assert legend(browser) == counted(NOW)
    assert not browser.run("return document.querySelector('input[data-change=new]').checked")


def test_the_map_can_show_what_it_was_then(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    browser.changed("document.querySelectorAll('.lw-compare-switch input')[1].click()")
    assert legend(browser) == {
        "breach": 1, "not_due": 2, "unknown": 1, "due_soon": 1, "breach_hatched": 1,
    }  # fmt: skip
    assert "scan 2 (as of 2021-06-01" in text(browser, "#lw-moment strong")
    assert "none of these months" in browser.run(
        "return document.querySelector('.lw-months input').getAttribute('aria-valuetext')"
    )
    browser.changed("document.querySelectorAll('.lw-compare-switch input')[0].click()")
    assert legend(browser) == counted(NOW)


def test_the_list_tells_changes_causes_and_what_is_gone(shown: Shown, told: MapData) -> None:
    browser = shown(told, lang="en")
    browser.run("document.querySelector('.lw-compare-list').open = true")
    browser.wait("return document.documentElement.dataset.compared")
    lines = browser.run(
        """return [...document.querySelectorAll('.lw-compare-list .lw-line')]
             .map((line) => line.textContent)"""
    )
    assert [line[:4] for line in lines] == ["黄河机械", "兰山玻璃", "白塔食品"]
    assert "altered outside" in lines[0] and "cured" not in lines[0]
    assert "GC.START" in lines[1] and "GC.COMPLETE" in lines[1], "alike but for the rule: one line"
    assert "not due → suspected breach" in lines[1] and "Why: There was a cause" in lines[1]
    away = text(browser, ".lw-compare-list")
    assert "Contracts no longer in the ledger (1)" in away and "HT-9" in away
    assert "suspected breach → none" in away, "of one that is gone the gravest is told"
    assert "甲园区" in away and HOSTILE in away
    browser.run("document.querySelectorAll('.lw-compare-list .lw-line')[1].click()")
    browser.wait("return document.querySelector('.lw-compare-card li') && 1")
    assert "On 2021-06-01 it was: not due" in text(browser, ".lw-compare-card")
    assert browser.run("return window.hit ?? null") is None
    assert browser.complaints() == []
    assert [url for url in browser.requests() if not url.startswith("file:")] == []


def test_a_page_without_other_moments_shows_nothing_of_them(shown: Shown, park: MapData) -> None:
    browser = shown(park)
    for selector in (".lw-months", ".lw-compare", "#lw-moment"):
        assert browser.run("return document.querySelector(arguments[0])", selector) is None


def test_the_months_leave_the_map_its_height(shown: Shown, told: MapData) -> None:
    browser = shown(told, width=1280, height=900)
    high, folded = browser.run(
        """return ['.lw-months', '#lw-map'].map(
             (name) => document.querySelector(name).getBoundingClientRect().height)"""
    )
    assert high < 90
    assert folded > 5 * high


APART = """
    const named = { zoom: '.leaflet-control-zoom', layers: '.lw-layers-open', panel: '#lw-layers',
      summary: '#lw-summary', tools: '.lw-toolbar', months: '.lw-months' };
    const boxes = Object.entries(named).map(([name, one]) =>
      [name, document.querySelector(one).getBoundingClientRect()]).filter(([, box]) => box.height);
    const over = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5
      && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
    return boxes.flatMap(([one, a], at) =>
      boxes.slice(at + 1).filter(([, b]) => over(a, b)).map(([other]) => `${one} over ${other}`));
"""


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (1024, 500), (390, 844)])
def test_no_control_of_the_map_lies_over_another(
    shown: Shown, told: MapData, width: int, height: int
) -> None:
    browser = shown(told, width=width, height=height)
    layers = "document.querySelector('.lw-layers-open')"
    summary = "document.getElementById('lw-summary')"
    browser.run(f"{summary}.open = true")
    assert browser.run(APART) == []
    browser.run(f"{layers}.click()")
    assert browser.run(APART) == []
    assert browser.run("return document.getElementById('lw-layers').clientHeight") > 60
    browser.run(f"{layers}.click()")
    assert browser.run(f"return {summary}.open"), "what made room comes back"


def test_it_fits_a_telephone_in_both_languages(shown: Shown, told: MapData) -> None:
    for lang in ("zh", "en"):
        browser = shown(told, lang=lang, width=390, height=844)
        slide(browser, Keys.ARROW_LEFT)
        wide = browser.run("return document.documentElement.scrollWidth")
        assert wide <= 390
        top = browser.run(
            """const at = (name) => document.querySelector(name).getBoundingClientRect().top;
               return [at('#lw-moment'), at('#lw-map'), at('.lw-months')]"""
        )
        assert top == sorted(top), "what is shown is said above the map, the months stand under it"


def test_the_kinds_that_a_page_names_are_those_of_the_comparison(told: MapData) -> None:
    (first, *_rest) = told.parts
    assert isinstance(first, Comparison)
    assert tuple(str(kind) for kind in ChangeKind) == KINDS
    assert ALTERED not in KINDS
