"""What the page tells of freshness, packed and in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from landwatch.language.terms import Rhythm, Standing
from landwatch.mapping.data import MapData
from landwatch.mapping.freshness import evidence_columns, evidence_of, freshness_head
from landwatch.scan.freshness_figures import (
    Ages,
    Freshness,
    Lacking,
    Latest,
    SourceLine,
    ZoneShare,
)
from landwatch.scan.freshness_words import share_in_words
from landwatch.scan.periods import Period
from landwatch.store import Expected

NOW = datetime(2021, 7, 1, tzinfo=UTC)
MAY = Period.of(Rhythm.MONTHLY, date(2021, 5, 1))
HOSTILE = "<img src=x onerror=\"document.title='run'\">"
PANEL = "const b = document.getElementById('lw-fresh'); return b.hidden ? null : b.innerText"
CARD = "return document.getElementById('lw-card').innerText"
CHOOSE = """
    const box = document.getElementById("lw-zone");
    box.value = [...box.options].find((one) => one.text === arguments[0]).value;
    box.dispatchEvent(new Event("change"));
"""
Show = Callable[..., Any]


def late_line(**changes: Any) -> SourceLine:
    line = SourceLine(
        asked=Expected("progress:holder_report", None, Rhythm.MONTHLY, 10, NOW, "张三"),
        besides=(),
        period=MAY,
        standing=Standing.LATE,
        expected=6,
        covered=4,
        by_zone=(ZoneShare("J", 4, 4), ZoneShare("Y", 2, 0)),
        zone_open=0,
        lacking=(Lacking("HT-5", HOSTILE, "Y"), Lacking("HT-6", None, "Y")),
        late_since=date(2021, 6, 11),
        missed=0,
        latest=Latest(date(2021, 5, 20), NOW),
    )
    return replace(line, **changes)


def file_line() -> SourceLine:
    asked = Expected("contracts", None, Rhythm.MONTHLY, 0, NOW, "张三")
    latest = Latest(date(2021, 6, 30), NOW)
    return late_line(
        asked=asked, standing=Standing.COMPLETE, expected=1, covered=1, by_zone=(), lacking=(),
        late_since=None, latest=latest,
    )  # fmt: skip


def fresh(*lines: SourceLine) -> Freshness:
    evidence = {
        "contract_id": ["HT-1", "HT-2"],
        "seen_on": [date(2021, 5, 20), date(2020, 1, 2)],
        "seen_by": ["holder_report", "inspection"],
    }
    return Freshness(
        date(2021, 7, 1), lines, (),
        (Ages("J", (1, 2, 0, 1, 0), 0, 0), Ages("Y", (0, 0, 0, 0, 3), 1, 0)),
        {"J": "甲园区", "Y": "乙园区"}, pa.table(evidence),
    )  # fmt: skip


def with_freshness(park: MapData, found: Freshness) -> MapData:
    rows = [{"contract_id": one} for one in park.contracts["contract_id"]]
    return replace(park, freshness=found, contracts={**park.contracts, **evidence_of(found, rows)})


def test_parks_are_told_by_their_number_and_late_sources_first() -> None:
    head = freshness_head(fresh(file_line(), late_line()), ["", "甲园区", "乙园区"])
    assert head is not None
    lines: Any = head["lines"]
    assert [one["standing"] for one in lines] == ["late", "complete"]
    assert lines[0]["zones"] == [[1, 4, 4], [2, 2, 0]]
    assert head["ages"] == [[1, 1, 2, 0, 1, 0], [2, 0, 0, 0, 0, 3]]
    assert lines[1]["file"] and not lines[0]["file"]
    assert "2021年5月" in lines[0]["beside_zh"] and "2021-05" in lines[0]["beside_en"]


def test_a_page_without_freshness_packs_nothing_of_it(park: MapData) -> None:
    assert freshness_head(None, [""]) is None
    assert evidence_columns(park.contracts, np.arange(7)) == []


def test_who_was_never_seen_has_no_day() -> None:
    told = evidence_of(fresh(), [{"contract_id": "HT-2"}, {"contract_id": "HT-9"}])
    assert told == {"seen_on": ["2020-01-02", None], "seen_by": ["inspection", None]}


@pytest.mark.browser
@pytest.mark.timeout(180)
class TestOnThePage:
    """The panel and the card."""

    def test_the_panel_says_who_is_late_with_what(self, shown: Show, park: MapData) -> None:
        page = shown(with_freshness(park, fresh(late_line(), file_line())))
        told = page.run(PANEL)
        for part in ("资料新鲜度", "逾期", "企业填报进度", "4/6（66.6%）", "最迟 2021-06-10",
                     "已报齐", "合同", "未竣工合同 7 份", "从未有 3 份"):  # fmt: skip
            assert part in told
        page.run("document.querySelector('#lw-fresh details').open = true")
        assert "HT-6" in page.run(PANEL)
        assert page.run("return document.title") == park.title, "a holder's name is only a text"
        page.run("document.getElementById('lw-lang').click()")
        told = page.run(PANEL)
        for part in ("Freshness", "late", "holder's report", "4/6 (66.6%)", "never 3", "HT-6"):
            assert part in told
        assert page.complaints() == []

    def test_a_park_is_told_of_its_own_contracts_only(self, shown: Show, park: MapData) -> None:
        page = shown(with_freshness(park, fresh(late_line(), file_line())))
        page.changed(CHOOSE, "甲园区")
        told = page.run(PANEL)
        assert "4/4（100%）" in told and "未竣工合同 4 份" in told
        assert "逾期" not in told and "HT-5" not in told, "that park is complete"
        page.changed(CHOOSE, "乙园区")
        told = page.run(PANEL)
        assert "逾期" in told and "0/2（0%）" in told and "未竣工合同 3 份" in told

    def test_where_nothing_is_expected_the_panel_says_so(self, shown: Show, park: MapData) -> None:
        told = shown(with_freshness(park, fresh())).run(PANEL)
        assert "因此不判断逾期" in told and "未竣工合同 7 份" in told

    def test_a_page_that_was_not_told_has_no_panel(self, shown: Show, park: MapData) -> None:
        page = shown(park)
        assert page.run(PANEL) is None
        page.run("document.querySelector('#lw-list .lw-line').click()")
        assert "最近证据" not in page.run(CARD)

    def test_the_card_says_when_a_contract_was_last_seen(self, shown: Show, park: MapData) -> None:
        page = shown(with_freshness(park, fresh()))
        open_it = """
            const lines = [...document.querySelectorAll("#lw-list .lw-line")];
            lines.find((line) => line.innerText.includes(arguments[0])).click();
        """
        page.run(open_it, "HT-2")
        assert "2020-01-02（现场核查）" in page.run(CARD)
        page.run(open_it, "HT-3")
        assert "从未有进度报告" in page.run(CARD)
        page.run("document.getElementById('lw-lang').click()")
        assert "no report of progress" in page.run(CARD)

    def test_paper_shows_what_the_screen_folds(self, shown: Show, park: MapData) -> None:
        page = shown(with_freshness(park, fresh(late_line())))
        opened = "return document.querySelector('#lw-fresh details').open"
        page.run("window.dispatchEvent(new Event('beforeprint'))")
        assert page.run(opened) is True
        page.run("window.dispatchEvent(new Event('afterprint'))")
        assert page.run(opened) is False

    @pytest.mark.parametrize("width", [1280, 390])
    def test_the_panel_is_as_wide_as_its_page(self, shown: Show, park: MapData, width: int) -> None:
        page = shown(with_freshness(park, fresh(late_line(), file_line())), width=width)
        over = """
            const box = document.getElementById("lw-side").getBoundingClientRect();
            return [...document.querySelectorAll("#lw-fresh *")]
              .filter((one) => one.getBoundingClientRect().right > box.right + 0.5).length;
        """
        assert page.run(over) == 0

    def test_the_panel_can_be_read_by_everybody(self, shown: Show, park: MapData) -> None:
        page = shown(with_freshness(park, fresh(late_line(), file_line())))
        labelled = """
            const name = document.getElementById("lw-fresh").getAttribute("aria-labelledby");
            return document.getElementById(name).innerText;
        """
        assert page.run(labelled) == "资料新鲜度"
        contrast = """
            const light = (colour) => {
              const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
                .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = (one) => {
              const colour = getComputedStyle(one).backgroundColor;
              return colour === "rgba(0, 0, 0, 0)" ? ground(one.parentElement) : colour;
            };
            return [...document.querySelectorAll("#lw-fresh :is(span, strong, p, summary, h2)")]
              .filter((one) => one.innerText)
              .map((one) => {
                const two = [light(getComputedStyle(one).color), light(ground(one))].sort();
                return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
              });
        """
        assert min(page.run(contrast)) >= 4.5

    @pytest.mark.parametrize(("covered", "expected"), [(0, 3), (1, 5000), (1999, 2000), (3, 3)])
    def test_the_page_cuts_a_share_as_the_terminal_does(
        self, shown: Show, park: MapData, covered: int, expected: int
    ) -> None:
        line = late_line(covered=covered, expected=expected, by_zone=())
        told = shown(with_freshness(park, fresh(line))).run(PANEL)
        share = share_in_words(Fraction(covered, expected))
        assert f"{covered}/{expected}（{share}）" in told
