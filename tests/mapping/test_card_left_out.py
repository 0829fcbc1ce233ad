"""The card of a page with too many contracts for their terms says so, and what shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landwatch import bootstrap
from landwatch.mapping import terms
from landwatch.mapping.gather import map_data
from landwatch.mapping.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

OPEN = "document.querySelector('#lw-list .lw-line').click()"
NOTE = """
    const told = document.documentElement.dataset.card;
    const notes = [...document.querySelectorAll("#lw-card-body .lw-left-out")];
    return told ? { notes: notes.map((note) => note.innerText) } : null;
"""
NAME = "return document.querySelector('#lw-card-body [data-contract]').innerText"


def page_of(browser: Any, url: str, folder: Path) -> Any:
    store = bootstrap.the_store(url)
    scan = store.scan()
    assert scan is not None
    shelf = bootstrap.lawbook_of(store, scan)
    data = map_data(store, scan, shelf, title="演示", makers=[terms.card_part])
    write_page(folder / "map.html", data)
    browser.open(folder / "map.html")
    return browser


def test_a_card_says_that_terms_are_left_out_and_what_shows_them(
    browser: Any, demo_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MOST_CONTRACTS", 3)
    page = page_of(browser, demo_store, tmp_path)
    page.run(OPEN)
    (note,) = page.wait(NOTE)["notes"]
    assert note.startswith("本页合同多于 3 份")
    assert "landwatch map --zone" in note and "landwatch explain " in note
    contract = note.split("landwatch explain ")[1].split(" ")[0]
    assert contract and contract in page.run(NAME)
    assert page.run("return document.querySelectorAll('#lw-card-body table').length") == 0
    page.run("document.getElementById('lw-lang').click()")
    page.wait("return document.querySelector('#lw-card-body .lw-left-out') && true")
    (note,) = page.run(NOTE)["notes"]
    assert note.startswith("This page has more than 3 contracts")
    assert page.complaints() == []


def test_a_page_of_few_contracts_leaves_nothing_out(
    browser: Any, demo_store: str, tmp_path: Path
) -> None:
    page = page_of(browser, demo_store, tmp_path)
    page.run(OPEN)
    assert page.wait(NOTE)["notes"] == []
