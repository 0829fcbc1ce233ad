"""Whatever any part of a page tells is text: every word of the demo's page is a hostile one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import landwatch.mapping.columns
import landwatch.mapping.pack
from landwatch.commands.drawing import PageWishes, draw_map
from landwatch.commands.page_time import TimeWishes
from landwatch.mapping.columns import packed
from tests.mapping.test_hostile import HOSTILE, probed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CODE = re.compile(r"[\w.:;+/-]*", re.ASCII)
CARDS = 25
UNFOLD = """
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const one of document.querySelectorAll('main button[aria-expanded="false"]')) one.click();
"""
OPEN = "document.querySelectorAll('#lw-list .lw-line')[arguments[0]]?.click();"


def made_hostile(told: Any, words: Iterator[str]) -> Any:
    """Return what is told with every word a hostile one; codes, which steer the page, stay."""
    if isinstance(told, str):
        return told if CODE.fullmatch(told) else next(words)
    if isinstance(told, Mapping):
        return {name: made_hostile(value, words) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [made_hostile(value, words) for value in told]
    return told


@pytest.fixture
def hostile_demo(demo_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the demo's page with hostile words in every head and every column of texts."""
    words = cycle([word for word in HOSTILE if len(word) < 1000])
    clean = landwatch.mapping.columns._clean
    replaced = 0

    def hostile(text: str) -> str:
        nonlocal replaced
        if CODE.fullmatch(text) and not any(sign.isdigit() for sign in text):
            return clean(text)
        replaced += 1
        if text.startswith(("[", "{")):  # told in parts, which the page takes apart
            return clean(json.dumps(made_hostile(json.loads(text), words), ensure_ascii=False))
        return clean(next(words))

    def pack(columns: Any, head: Mapping[str, object]) -> str:
        return packed(columns, made_hostile(head, words))

    monkeypatch.setattr(landwatch.mapping.columns, "_clean", hostile)
    monkeypatch.setattr(landwatch.mapping.pack, "packed", pack)
    path = tmp_path / "hostile.html"
    time = TimeWishes(months=2, compare="2026-03-31")
    draw_map(demo_store, path, lang="zh", title=" ".join(HOSTILE), wishes=PageWishes(time=time))
    assert replaced > 300
    return path


def test_no_part_of_the_page_lets_a_word_become_more_than_text(
    browser: Any, hostile_demo: Path
) -> None:
    text = hostile_demo.read_text("utf-8")
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text, count=1)
    assert bare != text  # the text is safe by itself, not only by the policy
    hostile_demo.write_text(bare, "utf-8")
    browser.open(hostile_demo)
    scripts = probed(browser)["scripts"]
    for _ in ("zh", "en"):
        browser.run(UNFOLD)
        for row in range(CARDS):
            browser.run(OPEN, row)
            browser.wait("return !document.getElementById('lw-card').hidden")
            browser.run(UNFOLD)
            probed(browser, scripts)
        browser.run("window.dispatchEvent(new Event('beforeprint'))")
        probed(browser)
        browser.run("window.dispatchEvent(new Event('afterprint'))")
        probed(browser, scripts)
        browser.run("document.getElementById('lw-lang').click()")
    assert browser.complaints() == []
    assert len(browser.requests()) == 1
