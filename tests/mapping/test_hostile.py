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
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<base href=//甲/><link rel=import href=data:text/html,{RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<form><button formaction=javascript:{RUN}>甲</button></form>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f"<svg><foreignObject><iframe onload={RUN}></foreignObject></svg>",
    f"<style>@import 'javascript:{RUN}';*{{animation:x}}</style>",
    f"<div style=background:url(javascript:{RUN})>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"--!><script>{RUN}</script>",
    f"jAvAsCrIpT\t:{RUN}",
    f"data:text/html;base64,PHNjcmlwdD4{RUN}",
    f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    "\x00甲\x07\x1b[31m乙",
    "甲\ud800乙",
    "\udc80\ud83d",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1-2\t-3",
    "'; DROP TABLE findings; --",
    "../../../../etc/passwd\\..\\windows",
    "Z\u0335\u0321\u0347\u0353a\u0336\u0322\u0348l\u0334\u0323\u0349g\u0338" + "\u0301" * 40,
    "👨‍👩‍👧‍👦🏳️‍🌈" * 6,
    "长" * 3000,
    "\u2060\ufeff\u00ad\u3164",
    f"\u202e<script>{RUN}</script>\u2069",
]

PROBE = """
    const text = (box) => [...document.querySelectorAll(box)].map((each) => each.textContent);
    const FOREIGN = new Set(["img", "iframe", "object", "embed", "video", "audio", "source", "math",
      "base", "template", "animate", "set", "foreignobject", "use", "b", "mtext"]);
    const led = new Set(["href", "src", "action", "formaction", "data", "xlink:href"]);
    const foreign = [...document.querySelectorAll("*")].filter((box) =>
      FOREIGN.has(box.localName.toLowerCase()) ||
      [...box.attributes].some(({ name, value }) => name.startsWith("on") ||
        (led.has(name) && /^\\s*(javascript|vbscript):/i.test(value))));
    return {ran: window.ran ?? 0, lines: text("#lw-list strong"),
      parks: text("#lw-parks-list strong"),
      card: document.getElementById("lw-card").textContent,
      foreign: foreign.map((box) => box.outerHTML.slice(0, 200)),
      scripts: document.querySelectorAll("script, style, meta, link, form").length};
"""
OPEN = "document.querySelectorAll(arguments[0])[arguments[1]].click();"
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ufffd?\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a text without what no reader can show, and what stands in its place."""
    return UNSEEN.sub("", text)


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


def probed(page: Any, scripts: int | None = None, do: str = "", *told: object) -> dict[str, Any]:
    """Do something; return what the page shows where nothing ran and nothing foreign stands."""
    seen: dict[str, Any] = page.run(do + PROBE, *told)
    assert seen["ran"] == 0
    assert seen["foreign"] == []
    assert scripts is None or seen["scripts"] <= scripts  # a pack that was read is taken out
    return {name: _plain(told) for name, told in seen.items()}


def _plain(told: Any) -> Any:
    if isinstance(told, list):
        return [plain(each) for each in told]
    return plain(told) if isinstance(told, str) else told


def exercised(page: Any, words: list[str]) -> None:
    """Open every card in both languages, hover, search; then look for anything that ran."""
    page.run("document.getElementById('lw-more').click()")
    lines = page.run("return document.querySelectorAll('#lw-list .lw-line').length")
    assert lines == len(words)
    scripts = page.run(PROBE)["scripts"]
    for row, word in enumerate(words):
        seen = probed(page, scripts, OPEN, "#lw-list .lw-line", row)
        assert seen["lines"][row] == plain(word)
        # park, land use, project, contract, holder, quote, title, explanation …
        assert seen["card"].count(plain(word)) >= 9, word
    for row, word in enumerate(words):
        seen = probed(page, scripts, OPEN, "#lw-parks-list .lw-line", row)
        assert seen["parks"][row] == plain(word)
        assert seen["card"].count(plain(word)) >= 5, word  # park, title, code, explanation …
    page.run("document.getElementById('lw-lang').click()")
    for word in words:
        page.changed(
            "const box = document.getElementById('lw-search'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input'))",
            word.encode("utf-8", "replace").decode(),
        )
        probed(page, scripts)
    title = page.run("return document.getElementById('lw-title').textContent")
    assert plain(title) == plain(" ".join(words))


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.html"
    write_page(path, hostile_data(HOSTILE))
    return path


def test_hostile_words_in_every_field_are_shown_as_text(browser: Any, hostile_page: Path) -> None:
    assert len(set(HOSTILE)) >= 60
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
