"""Whatever a ledger says is shown as text; nothing of it ever runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.mapping.data import MapData, ParkFinding, RuleCard, ZoneOutline
from landwatch.mapping.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

RUN = "window.ran=(window.ran||0)+1"
HOSTILE = [
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</SCRIPT ><script>{RUN}</script >",
    f"</title><script>{RUN}</script>",
    f"</textarea></style></option></select><script>{RUN}</script>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<a href=javascript:{RUN}>甲</a>",
    f"javascript:{RUN}",
    f"<math><mtext><img src=x onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}>",
    f"`;{RUN};`",
    f"`${{{RUN}}}`",
    f"${{{RUN}}}",
    f"${{alert(1)}}{{{{{RUN}}}}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "{{ this.get_name() }}",
    f"';{RUN};//",
    f'";{RUN};//',
    f"\\';{RUN};//",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"]]><script>{RUN}</script>",
    f"<!--<script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"<!-- landwatch: data --><script>{RUN}</script>",
    f"\u2028{RUN}\u2029",
    "\u202e限公司械机河黄\u202c",
    "\u200f\u200bשלום\u2066abc\u2069",
    "&lt;b&gt;&amp;&#x3c;script&#x3e;",
    "甲\u0301\u0302𠮷野家\U0001f3ed",
    "=cmd|' /C calc'!A0",
    "%3Cscript%3E%27%22",
    "constructor",
    "__proto__",
    "{count}{name}{days}",
]

PROBE = """
    const text = (box) => [...document.querySelectorAll(box)].map((each) => each.textContent);
    return {ran: window.ran ?? 0, lines: text("#lw-list strong"),
      parks: text("#lw-parks-list strong"),
      card: document.getElementById("lw-card").textContent,
      foreign: document.querySelectorAll(
        "img, iframe, object, embed, video, math, a[href^=javascript], details, b," +
        "svg:not(.leaflet-pane svg)").length};
"""

Opened = Callable[..., Any]


def hostile_data(words: list[str]) -> MapData:
    """Return a ledger with the words in every cell that the page shows."""
    rows = range(len(words))
    geometry = np.empty(len(words), object)
    geometry[:] = [shapely.box(103 + row * 0.01, 36, 103.008 + row * 0.01, 36.008) for row in rows]
    cards = {
        f"{row}{word}": RuleCard(word, word, word, word, word, ["contract", word][row % 2], word)
        for row, word in enumerate(words)
    }
    return MapData(
        parcel_id=words,
        geometry=geometry,
        parcel_zone=words,
        parcel_land_use=words,
        parcel_area_mu=np.ones(len(words)),
        contracts={
            **dict.fromkeys(("contract_id", "holder", "project", "zone"), words),
            "area_mu": [1.0 for _ in rows],
            "parcels": [[row] for row in rows],
            "gravity": ["breach" for _ in rows],
        },
        findings={
            "contract": list(rows),
            "rule": list(cards),
            "gravity": ["breach" for _ in rows],
            "status": ["breach" for _ in rows],
            "to_verify": [True for _ in rows],
            **dict.fromkeys(("reason", "unit", "explanation_zh", "explanation_en"), words),
            "remedies": [word.replace(";", "") for word in words],
            "measured": [1.0 for _ in rows],
        },
        rules=cards,
        zones=[ZoneOutline(word, word, "county", geometry[row]) for row, word in enumerate(words)],
        park_findings=[
            ParkFinding(word, rule, "breach", "breach", told_of_park(word))
            for word, rule in zip(words, cards, strict=True)
        ],
        park_rules=cards,
        title=" ".join(words),
        as_of=date(2021, 7, 1),
        made_up=True,
    )


def told_of_park(word: str) -> dict[str, object]:
    """Return the details of a park's finding, the word in every text."""
    texts = ("reason", "unit", "remedies", "explanation_zh", "explanation_en")
    return {**dict.fromkeys(texts, word), "measured": 1.0, "threshold": 2.0}


def exercised(page: Any, words: list[str]) -> None:
    """Open every card in both languages, hover, search; then look for anything that ran."""
    lines = page.run("return document.querySelectorAll('#lw-list .lw-line').length")
    assert lines == len(words)
    for row, word in enumerate(words):
        page.run("document.querySelectorAll('#lw-list .lw-line')[arguments[0]].click()", row)
        seen = page.run(PROBE)
        assert seen["lines"][row] == word
        # park, land use, project, contract, holder, quote, title, explanation …
        assert seen["card"].count(word) >= 9, word
        assert (seen["ran"], seen["foreign"]) == (0, 0)
    for row, word in enumerate(words):
        page.run("document.querySelectorAll('#lw-parks-list .lw-line')[arguments[0]].click()", row)
        seen = page.run(PROBE)
        assert seen["parks"][row] == word
        assert seen["card"].count(word) >= 5, word  # park, title, code, explanation, clause …
        assert (seen["ran"], seen["foreign"]) == (0, 0)
    page.run("document.getElementById('lw-lang').click()")
    for word in words:
        page.changed(
            "const box = document.getElementById('lw-search'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input'))",
            word,
        )
        seen = page.run(PROBE)
        assert (seen["ran"], seen["foreign"]) == (0, 0)
    assert page.run("return document.getElementById('lw-title').textContent") == " ".join(words)


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.html"
    write_page(path, hostile_data(HOSTILE))
    return path


def test_hostile_words_in_every_field_are_shown_as_text(browser: Any, hostile_page: Path) -> None:
    assert len(HOSTILE) >= 30
    browser.open(hostile_page)
    exercised(browser, HOSTILE)
    assert browser.complaints() == []
    assert len(browser.requests()) == 1


def test_it_is_the_text_that_is_safe_not_only_the_policy(browser: Any, hostile_page: Path) -> None:
    text = hostile_page.read_text("utf-8")
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text, count=1)
    assert bare != text
    hostile_page.write_text(bare, "utf-8")
    browser.open(hostile_page)
    exercised(browser, HOSTILE)


def test_the_policy_stops_a_script_that_is_not_the_page_s_own(
    browser: Any, hostile_page: Path
) -> None:
    text = hostile_page.read_text("utf-8")
    hostile_page.write_text(
        text.replace("</body>", f"<script>{RUN}</script><img src=x onerror='{RUN}'></body>"),
        "utf-8",
    )
    browser.open(hostile_page)
    browser.run(
        "const s = document.createElement('div'); s.innerHTML = arguments[0];"
        "document.body.append(s)",
        HOSTILE[0],
    )
    assert browser.run("return window.ran ?? 0") == 0
    assert any("Content Security Policy" in line for line in browser.complaints())


def test_the_policy_allows_nothing_by_a_wildcard(hostile_page: Path) -> None:
    policy = re.search(
        r'Content-Security-Policy" content="([^"]*)"', hostile_page.read_text("utf-8")
    )
    assert policy
    assert "unsafe" not in policy[1]
    assert "*" not in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]
