"""The panel in a real browser: finer filters, search by pinyin, the list, its CSV, its links."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from landwatch.mapping.data import MapData
from landwatch.mapping.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]

LIST = "return [...document.querySelectorAll('#lw-list .lw-line')].map((line) => line.innerText)"
CHIPS = (
    "return [...document.querySelectorAll('#lw-narrowed-list .lw-chip')].map((e) => e.innerText)"
)
COUNTS = """
    const rows = [...document.querySelectorAll(".lw-legend-row[data-class]")];
    return Object.fromEntries(rows.map((row) => [row.dataset.class,
      Number(row.querySelector(".lw-count").dataset.count)]).filter(([, count]) => count));
"""
SET = """
    const box = document.querySelector(arguments[0]);
    box.value = arguments[1];
    box.dispatchEvent(new Event(box.matches("select, [type=number]") ? "change" : "input"));
"""
CLICK = "document.querySelector(arguments[0]).click()"
AREA, DAYS = "#lw-finer fieldset:nth-of-type(1)", "#lw-finer fieldset:nth-of-type(2)"


@pytest.fixture
def told(park: MapData) -> MapData:
    """Return the small park with land use, industry and last sight, and one hostile name."""
    use = ["工业用地", "工业用地", "仓储用地", None, "工业用地", "商服用地", ""]
    more = {
        "land_use": use,
        "industry": ["35", "30", "14", "27", "22", None, "17"],
        "seen_on": [
            "2021-06-01",
            "2021-01-02",
            None,
            "2020-01-01",
            "2021-06-30",
            "2021-01-01",
            None,
        ],
        "seen_by": ["patrol", "satellite", None, "patrol", "patrol", "patrol", None],
    }
    return replace(park, contracts={**park.contracts, **more})


@pytest.fixture
def unfolded(shown: Show, told: MapData) -> Any:
    page = shown(told)
    page.run(CLICK, "#lw-finer-open")
    return page


def numbers(page: Any) -> list[str]:
    """Return the contracts that are listed, in their order; a parcel without one as it is named."""
    lines = [line.split("\n") for line in page.run(LIST)]
    return [next((part for part in line if part.startswith("HT-")), line[0]) for line in lines]


def test_the_finer_filters_are_folded_until_they_are_wanted(shown: Show, told: MapData) -> None:
    page = shown(told)
    assert page.run("return document.getElementById('lw-finer').hidden")
    assert page.run("return document.getElementById('lw-finer').childElementCount") == 0
    page.run(CLICK, "#lw-finer-open")
    state = "const b = document.getElementById('lw-finer-open'); return b.ariaExpanded"
    assert page.run(state) == "true"
    names = page.run(
        "return [...document.querySelectorAll('#lw-finer legend')].map((e) => e.innerText)"
    )
    assert names == ["面积（亩）", "已超期天数"]


def test_land_use_is_the_contract_s_own_else_its_parcel_s(unfolded: Any) -> None:
    choices = "return [...document.getElementById('lw-land-use').options].map((one) => one.text)"
    assert unfolded.run(choices) == ["全部用途", "仓储用地", "商服用地", "工业用地", "（未填用途）"]
    unfolded.changed(SET, "#lw-land-use", "=工业用地")
    assert sorted(numbers(unfolded)) == ["HT-1", "HT-2", "HT-4", "HT-5", "HT-7", "LZ-007"]
    unfolded.changed(SET, "#lw-land-use", "=仓储用地")
    assert numbers(unfolded) == ["HT-3"], "a parcel of industry is none of storage"
    assert unfolded.run(CHIPS) == ["土地用途：仓储用地\n✕"]


def test_industry_leaves_out_parcels_without_a_contract(unfolded: Any) -> None:
    unfolded.changed(SET, "#lw-industry", "=35")
    assert numbers(unfolded) == ["HT-1"]
    unfolded.changed(SET, "#lw-industry", "=")
    assert numbers(unfolded) == ["HT-6"], "one whose industry is not told"


def test_last_sight_is_never_or_longer_ago_than_asked(unfolded: Any) -> None:
    unfolded.changed(SET, "#lw-seen", "=never")
    assert sorted(numbers(unfolded)) == ["HT-3", "HT-7"]
    unfolded.changed(SET, "#lw-seen", "=older")  # 180 days before 2021-07-01 is 2021-01-02
    assert sorted(numbers(unfolded)) == ["HT-3", "HT-4", "HT-6", "HT-7"]
    unfolded.changed(SET, "#lw-seen-days", "181")
    assert sorted(numbers(unfolded)) == ["HT-3", "HT-4", "HT-7"]
    assert unfolded.run(CHIPS) == ["最近一次核查：181 天以上没有核查（含从未）\n✕"]


def test_an_area_is_kept_at_both_ends_and_what_is_untold_until_it_is_not_wanted(
    unfolded: Any,
) -> None:
    unfolded.changed(SET, f"{AREA} [type=number][data-end=from]", "50.5")
    unfolded.changed(SET, f"{AREA} [type=number][data-end=to]", "70")
    assert sorted(numbers(unfolded)) == ["HT-3", "HT-4", "HT-5", "HT-7"]
    assert unfolded.run(COUNTS) == {"breach": 1, "to_verify": 1, "due_soon": 1, "breach_hatched": 1}
    unfolded.changed(CLICK, f"{AREA} [type=checkbox]")
    assert sorted(numbers(unfolded)) == ["HT-3", "HT-4", "HT-5"]
    unfolded.changed(SET, f"{AREA} [type=number][data-end=to]", "")
    assert "LZ-007" in numbers(unfolded), "a parcel without a contract has an area too"


def test_days_past_are_those_of_suspected_breaches_alone(unfolded: Any) -> None:
    unfolded.changed(SET, f"{DAYS} [type=number][data-end=from]", "12")
    assert numbers(unfolded) == ["HT-2", "HT-7", "HT-5"], "853 days, 12 days, days not told"
    unfolded.changed(CLICK, f"{DAYS} [type=checkbox]")
    assert numbers(unfolded) == ["HT-2", "HT-7"]
    unfolded.changed(SET, f"{DAYS} [type=number][data-end=from]", "13")
    assert numbers(unfolded) == ["HT-2"]


def test_a_range_that_makes_no_sense_is_marked_and_asks_nothing(unfolded: Any) -> None:
    unfolded.changed(SET, f"{AREA} [type=number][data-end=from]", "50")
    unfolded.run(SET, f"{AREA} [type=number][data-end=to]", "40")
    wrong = "return [...document.querySelectorAll('#lw-finer [aria-invalid=true]')].length"
    assert unfolded.run(wrong) == 2
    assert "下限不能大于上限" in unfolded.run(f"return document.querySelector('{AREA}').innerText")
    assert unfolded.run(CHIPS) == ["面积（亩）：不少于 50 亩\n✕"]
    unfolded.changed(SET, f"{AREA} [type=number][data-end=to]", "60")
    assert unfolded.run(wrong) == 0


def test_the_handles_of_a_range_go_by_arrow_keys_and_never_cross(unfolded: Any) -> None:
    unfolded.run(f"document.querySelector('{AREA} [type=range][data-end=from]').focus()")
    arrow = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
    for _ in range(60):
        unfolded.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **arrow})
        unfolded.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **arrow})
    handles = f"return [...document.querySelectorAll('{AREA} [type=range]')].map((e) => +e.value)"
    low, high = unfolded.run(handles)
    assert low < high
    said = f"return document.querySelector('{AREA} [type=range]').getAttribute('aria-valuetext')"
    assert unfolded.run(said) == "75 亩"
    unfolded.wait("return document.getElementById('lw-found').innerText.includes('合同') || null")
    assert set(numbers(unfolded)) <= {"HT-6", "HT-7", "LZ-007"}


@pytest.mark.parametrize(
    ("words", "contracts"),
    [
        ("huanghe", ["HT-1"]),
        ("hhjx", ["HT-1"]),
        ("huangh jx", ["HT-1"]),
        ("黄hejx", ["HT-1"]),
        ("BTSP", ["HT-3"]),
        ("xianluban", ["HT-6"]),  # of a project
        ("ht-5", ["HT-5"]),  # letters are letters first
        ("hhjxx", []),
    ],
)
def test_letters_find_holders_and_projects_by_pinyin(
    shown: Show, park: MapData, words: str, contracts: list[str]
) -> None:
    page = shown(park)
    page.changed(SET, "#lw-search", words)
    assert numbers(page) == contracts


def test_a_search_suggests_holders_and_one_click_shows_all_of_one(
    shown: Show, park: MapData
) -> None:
    holders = ["金城纸业", "兰山玻璃", "金城机械", "五泉药业", "金城纸业", "雁滩电子", "金城纸业"]
    page = shown(replace(park, contracts={**park.contracts, "holder": holders}))
    page.changed(SET, "#lw-search", "jincheng")
    names = (
        "return [...document.querySelectorAll('#lw-suggested .lw-chip')].map((e) => e.innerText)"
    )
    assert sorted(page.run(names)) == ["金城机械", "金城纸业"]
    page.changed(
        "[...document.querySelectorAll('#lw-suggested .lw-chip')]"
        ".find((chip) => chip.innerText === '金城纸业').click()"
    )
    assert sorted(numbers(page)) == ["HT-1", "HT-5", "HT-7"]
    assert page.run("return document.getElementById('lw-search').value") == ""
    assert page.run(CHIPS) == ["使用权人：金城纸业\n✕"]
    page.changed(CLICK, "#lw-narrowed-list .lw-chip")
    assert len(numbers(page)) == 8


@pytest.mark.parametrize(
    ("by", "order", "back"),
    [
        ("grave", "2 7 3 4 5 6 1", "1 6 5 4 3 7 2"),
        ("days", "2 7 5", "7 2 5"),
        ("area", "6 5 4 3 2 1 7", "1 2 3 4 5 6 7"),
        ("holder", "3 1 5 2 7 4 6", "6 4 7 2 5 1 3"),
        ("number", "1 2 3 4 5 6 7", "7 6 5 4 3 2 1"),
    ],
)
def test_the_list_is_sorted_either_way(
    shown: Show, park: MapData, by: str, order: str, back: str
) -> None:
    page = shown(park)
    page.run(SET, "#lw-sort", by)
    assert "".join(numbers(page)).startswith("".join(f"HT-{one}" for one in order.split()))
    page.run(CLICK, "#lw-direction")
    assert "".join(numbers(page)).startswith("".join(f"HT-{one}" for one in back.split()))
    assert numbers(page)[-1] == "LZ-007", "a parcel without a contract stands last"


MARKS = "return document.querySelectorAll('.leaflet-mark-pane path').length"


def test_a_line_under_the_focus_or_pointer_is_marked_on_the_map(shown: Show, park: MapData) -> None:
    page = shown(park)
    assert page.run(MARKS) == 0
    page.run("document.querySelector('#lw-list .lw-line').focus()")
    assert page.run(MARKS) > 0
    page.run("document.activeElement.blur()")
    assert page.run(MARKS) == 0
    page.run(
        "document.querySelector('#lw-list strong')"
        ".dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))"
    )
    assert page.run(MARKS) > 0
    page.run("document.getElementById('lw-list').dispatchEvent(new MouseEvent('mouseleave'))")
    assert page.run(MARKS) == 0


def test_a_click_on_the_map_marks_the_line_and_brings_it_into_view(
    shown: Show, park: MapData
) -> None:
    many = {name: list(column) * 6 for name, column in park.contracts.items()}
    for name in ("contract_id", "holder"):
        many[name] = [f"{text}·{at}" for at, text in enumerate(many[name])]
    page = shown(replace(park, contracts=many), height=700)
    point = shapely.point_on_surface(park.geometry[2])
    page.click_place(point.x, point.y)
    marked = """return [...document.querySelectorAll('#lw-list [aria-current]')].map((line) => {
        const side = document.getElementById('lw-side').getBoundingClientRect();
        const box = line.getBoundingClientRect();
        const seen = box.top >= side.top && box.bottom <= side.bottom;
        return [line.innerText.includes('白塔食品'), seen];
      });"""
    lines = page.run(marked)
    assert len(lines) == 6
    assert all(own for own, _ in lines)
    assert lines[0][1], "the first of them is in view"
    page.key("Escape")
    assert page.run(marked) == []


def downloaded(page: Any, folder: Path) -> list[list[str]]:
    """Click the export and return the table that the browser wrote."""
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    page.run(CLICK, "#lw-csv")
    until = time.monotonic() + 20
    while not (files := list(folder.glob("*.csv"))) and time.monotonic() < until:
        time.sleep(0.05)
    raw = files[0].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    files[0].unlink()
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_csv_holds_what_the_filters_leave_in_the_order_shown(
    shown: Show, told: MapData, tmp_path: Path
) -> None:
    holders = [*told.contracts["holder"]]
    holders[1], holders[4] = '=HYPERLINK("http://a","甲,乙")', " @SUM\n(1)"
    folder = tmp_path / "down"
    folder.mkdir()
    page = shown(replace(told, contracts={**told.contracts, "holder": holders}))
    page.run(SET, "#lw-sort", "area")
    page.changed(CLICK, '[data-kind="compliant"]')
    head, *rows = downloaded(page, folder)
    assert [row[head.index("合同编号")] for row in rows] == [
        "HT-6", "HT-5", "HT-4", "HT-3", "HT-2", "HT-7", "",
    ]  # fmt: skip
    by = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    breach = by["HT-2"]
    assert breach["使用权人"] == '\'=HYPERLINK("http://a","甲,乙")'
    assert by["HT-5"]["使用权人"] == "' @SUM\n(1)"
    assert (breach["结论"], breach["结论代码"]) == ("涉嫌未达标", "breach")
    assert (breach["规则"], breach["已超期天数"], breach["最后一日"]) == (
        "GC.START", "853", "2019-03-01",
    )  # fmt: skip
    assert (breach["结论条数"], breach["条文"][:6]) == ("2", "受让人同意本")
    assert (by["HT-3"]["结论"], by["HT-3"]["已超期天数"]) == ("存疑待核", "")
    assert by["HT-7"]["面积（亩）"] == "", "what is not told is no zero"
    assert (by["HT-7"]["最近核查日"], by["HT-4"]["最近核查日"]) == ("", "2020-01-01")
    assert by["HT-6"]["宗地编号"] == "LZ-001;LZ-006"
    assert float(by["HT-4"]["经度（CGCS2000，约）"]) == pytest.approx(103.801, abs=1e-5)
    assert by[""]["宗地编号"] == "LZ-007", "the parcel without a contract"
    assert page.complaints() == []


def test_under_a_rule_the_csv_tells_of_that_rule_and_in_english(
    shown: Show, told: MapData, tmp_path: Path
) -> None:
    folder = tmp_path / "down"
    folder.mkdir()
    page = shown(told, lang="en")
    choose = "const r = document.getElementById('lw-rule'); r.value = [...r.options].find((o) =>"
    page.changed(f"{choose} o.text.startsWith('O53')).value; r.dispatchEvent(new Event('change'))")
    head, first, *_ = downloaded(page, folder)
    row = dict(zip(head, first, strict=True))
    assert (row["Contract"], row["Rule"], row["Days past"]) == ("HT-2", "O53.A1", "487")
    assert row["Outcome"] == "suspected breach"
    assert row["explanation"].startswith("Not started a full year")


def test_a_filter_too_many_says_what_to_loosen_and_how_much_that_gives(unfolded: Any) -> None:
    unfolded.changed(SET, "#lw-industry", "=35")
    unfolded.changed(SET, f"{AREA} [type=number][data-end=from]", "75")
    assert (
        unfolded.run("return document.getElementById('lw-found').innerText") == "没有符合条件的合同"
    )
    assert unfolded.run("return document.getElementById('lw-csv').disabled")
    chips = [chip.replace("\n✕", "") for chip in unfolded.run(CHIPS)]
    assert chips == ["行业大类：代码 35 → 可得 3 项", "面积（亩）：不少于 75 亩 → 可得 1 项"]
    unfolded.changed(CLICK, "#lw-narrowed-list .lw-chip")
    assert sorted(numbers(unfolded)) == ["HT-6", "HT-7", "LZ-007"]
    assert unfolded.run("return document.getElementById('lw-industry').value") == "*"


def test_clearing_takes_everything_back(unfolded: Any) -> None:
    before = (unfolded.run(COUNTS), numbers(unfolded))
    for box, value in (
        ("#lw-search", "HT"),
        ("#lw-industry", "=22"),
        ("#lw-land-use", "=工业用地"),
        ("#lw-seen", "=older"),
        (f"{AREA} [type=number][data-end=from]", "1"),
        (f"{DAYS} [type=number][data-end=to]", "900"),
    ):
        unfolded.changed(SET, box, value)
    unfolded.changed(CLICK, '[data-kind="breach"]')
    unfolded.run(SET, "#lw-sort", "holder")
    assert len(unfolded.run(CHIPS)) == 7
    unfolded.changed(CLICK, "#lw-reset")
    assert (unfolded.run(COUNTS), numbers(unfolded)) == before
    assert unfolded.run(CHIPS) == []
    boxes = "return [...document.querySelectorAll('#lw-finer [type=number]')].map((e) => e.value)"
    assert unfolded.run(boxes) == ["180", "", "", "", ""]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_unfolded_panel_is_no_wider_than_the_screen(
    shown: Show, told: MapData, width: int
) -> None:
    page = shown(told, lang="en", width=width, height=844)
    page.run(CLICK, "#lw-finer-open")
    page.changed(SET, "#lw-search", "纸")
    page.changed(SET, f"{AREA} [type=number][data-end=from]", "5000")
    assert page.run("return document.documentElement.scrollWidth") <= width
    inside = """const side = document.getElementById('lw-side').getBoundingClientRect();
        return [...document.querySelectorAll('#lw-side *')].filter((box) =>
          box.getBoundingClientRect().right > side.right + 1).map((box) => box.outerHTML)"""
    assert page.run(inside) == []


def test_a_page_without_uses_or_evidence_does_not_ask_for_them(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run(CLICK, "#lw-finer-open")
    there = "return [...document.querySelectorAll('#lw-finer select')].map((box) => box.id)"
    assert page.run(there) == ["lw-land-use"]
    page.changed(SET, "#lw-land-use", "=工业用地")
    assert len(numbers(page)) == 8, "by the land use of the parcels"


def test_the_sounds_cost_little_and_no_row_carries_them(park: MapData, tmp_path: Path) -> None:
    one = write_page(tmp_path / "one.html", park).bytes
    many = {name: list(column) * 200 for name, column in park.contracts.items()}
    wide = replace(park, contracts=many)
    plain = {**many, "holder": [""] * 1400, "project": [""] * 1400}
    grown = write_page(tmp_path / "wide.html", wide).bytes
    bare = write_page(tmp_path / "bare.html", replace(wide, contracts=plain)).bytes
    assert one < grown < bare + 4000
