"""`landwatch policy whatif` as a person uses it, on the demo parks and on a folder of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from landwatch.demo import write_ledger
from tests.commands.conftest import CONTRACT, Door

LANZHOU = "lanzhou-2012-148"
DAY = ("--as-of", "2026-06-30")


@pytest.fixture
def demo(ready: Door, tmp_path: Path) -> Iterator[Door]:
    """The demo parks in a store, adopted as the demo adopts them, not yet scanned."""
    ledger = write_ledger(tmp_path)
    for kind, path in ledger.files:
        ready("import", kind, path)
    for policy_id, zone_id in ledger.adoptions:
        ready.does("policy", "adopt", policy_id, *(("--zone", zone_id) if zone_id else ()))
    yield ready


def answer(door: Door, *words: str) -> dict[str, Any]:
    """Return what a machine reads."""
    told: dict[str, Any] = json.loads(door.does("policy", "whatif", *words, "--json").out)
    return told


def test_the_example_of_the_manual_on_the_demo_parks(demo: Door) -> None:
    kept = demo.store.read_bytes()
    told = answer(demo, LANZHOU, "min_intensity.national=300", *DAY)
    assert told["supposed"] == [
        {"name": "min_intensity.national", "unit": "万元/亩", "before": "250", "after": "300"}
    ]
    (one,) = told["changed"]
    assert (one["contract_id"], one["zone_id"], one["area_mu"]) == ("LZ-34", "LZ-DEMO-N", 45)
    assert (one["before"]["status"], one["after"]["status"]) == ("compliant", "breach")
    assert one["cures"][0]["steps"] == [
        {"fact": "fixed_assets_wan", "by": "2250", "to": "12600", "unit": "万元"}
    ]
    (rule,) = told["rules"]
    assert sum(rule["before"].values()) == sum(rule["after"].values()) == told["contracts"] == 94
    assert told["adopted"] is True
    assert demo.store.read_bytes() == kept


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["假设推演", "250 → 300 万元/亩", "LZ-34", "没有写入数据库", "涉嫌"]),
        ("en", ["What if", "250 → 300 万元/亩", "LZ-34", "nothing is kept", "suspected"]),
    ],
)
def test_a_person_reads_tables_bars_and_contracts(demo: Door, lang: str, words: list[str]) -> None:
    said = demo.does(
        "policy", "whatif", LANZHOU, "min_intensity.national=300", *DAY, "--lang", lang
    )
    for word in words:
        assert word in said.out
    assert "█" in said.out and "LZ.PRODUCE" in said.err


def test_several_numbers_workbook_and_map_at_once(demo: Door, tmp_path: Path) -> None:
    book, page = tmp_path / "推演.xlsx", tmp_path / "推演.html"
    said = demo.does(
        "policy", "whatif", LANZHOU, "min_intensity.national=300", "capacity_share=90%", *DAY,
        "-o", book, "--map", page,
    )  # fmt: skip
    rows = [row[0].value for row in openpyxl.load_workbook(book)["改变状态的合同"].iter_rows()]
    assert {"LZ-02", "LZ-14", "LZ-34"} <= set(rows)
    assert "推演.xlsx" in said.err and "推演.html" in said.err
    assert "min_intensity.national = 300 万元/亩" in page.read_text("utf-8")


def test_the_page_shows_those_who_change_by_a_filter(
    demo: Door, tmp_path: Path, chromium: webdriver.Chrome
) -> None:
    page = tmp_path / "whatif.html"
    demo.does("policy", "whatif", LANZHOU, "capacity_share=0.9", *DAY, "--map", page)
    chromium.get(page.as_uri())
    WebDriverWait(chromium, 30).until(
        lambda driver: len(Select(driver.find_element(By.ID, "lw-rule")).options) > 1
    )
    choices = Select(chromium.find_element(By.ID, "lw-rule"))
    names = [option.text for option in choices.options]
    assert all("假设" in name for name in names[1:])  # no card may be read as a finding of law
    before = chromium.find_element(By.TAG_NAME, "html").get_attribute("data-changes")
    choices.select_by_visible_text(next(name for name in names if name.startswith("Δ LZ.CAP")))
    WebDriverWait(chromium, 30).until(
        lambda driver: (
            driver.find_element(By.TAG_NAME, "html").get_attribute("data-changes") != before
        )
    )
    listed = [one.text for one in chromium.find_elements(By.CSS_SELECTOR, "#lw-list li")]
    assert len(listed) == 2 and all("LZ-02" in one or "LZ-14" in one for one in listed)


def test_a_zone_narrows_it_and_another_is_refused_with_the_nearest(demo: Door) -> None:
    words = (LANZHOU, "min_intensity.national=300", *DAY)
    assert answer(demo, *words, "--zone", "LZ-DEMO")["changed"] == []
    assert len(answer(demo, *words, "--zone", "LZ-DEMO-N")["changed"]) == 1
    refused = demo("policy", "whatif", *words, "--zone", "LZ-DEM0-N")
    assert refused.code == 2 and "LZ-DEMO-N" in refused.err


def test_a_policy_adopted_nowhere_is_supposed_everywhere_and_says_so(
    ready: Door, tmp_path: Path
) -> None:
    ready.takes("contracts", tmp_path / "contracts.csv", [CONTRACT])
    said = ready.does("policy", "whatif", LANZHOU, "recovery_years=1", "--as-of", "2021-08-01")
    assert "没有在任何地方采用" in said.out
    assert answer(ready, LANZHOU, "recovery_years=1")["adopted"] is False


def test_no_change_at_all_is_said(scanned: Door) -> None:
    said = scanned.does(
        "policy", "whatif", "order-53-2012", "fee_share=0.2", "--as-of", "2021-08-01"
    )
    assert "没有合同或园区改变状态" in said.out


def test_a_number_that_no_rule_reads_is_said(scanned: Door) -> None:
    told = answer(scanned, "urumqi-hitech-bond", "bond_days=9", "--as-of", "2021-08-01")
    assert told["untouched"] and [rule["rule"] for rule in told["rules"]] == ["UR.HT.BOND"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("lanzhou-2012-184", "cure_days=90"), LANZHOU),
        ((LANZHOU, "cure_day=90"), "cure_days"),
        ((LANZHOU, "min_intensity.national=1e9"), "1e9"),
        ((LANZHOU, "min_intensity.national=٣٠٠"), "٣٠٠"),
        ((LANZHOU, "=__import__('os')"), "__import__"),
        ((LANZHOU, "[red]x[/red]=1"), "[red]x[/red]"),
        ((LANZHOU,), "参数"),
        ((LANZHOU, "cure_days=90", "-o", "out.csv"), ".xlsx"),
        ((LANZHOU, "cure_days=90", "--as-of", "2021-02-30"), "2021-02-30"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value)[:40],
)
def test_what_cannot_be_supposed_is_refused_in_words(
    scanned: Door, words: tuple[str, ...], near: str
) -> None:
    said = scanned("policy", "whatif", *words)
    assert said.code == 2 and near in said.err and "Traceback" not in said.err
    assert said.out == ""


def test_the_explanation_of_a_breach_tells_what_would_cure_it(scanned: Door) -> None:
    said = scanned.does("explain", "C1", "O53.A1")
    assert "怎样才能达标" in said.out and "动工开发并达到法定动工标准" in said.out
    assert "2020-08-01" in said.out  # the earliest start that an amendment may agree on
