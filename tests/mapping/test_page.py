"""The page in a real browser that can reach no host."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.errors import PageError
from landwatch.mapping.data import MapData, ParkFinding, RuleCard

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LEGEND = """
    const rows = [...document.querySelectorAll(".lw-legend-row[data-class]")];
    return Object.fromEntries(rows.map((row) => [row.dataset.class,
      [Number(row.querySelector(".lw-count").dataset.count),
       Number(row.querySelector(".lw-mu").dataset.mu)]]));
"""
CARD = "const c = document.getElementById('lw-card'); return c.hidden ? null : c.innerText"
LIST = "return [...document.querySelectorAll('#lw-list .lw-line')].map((line) => line.innerText)"
CHOOSE = """
    const box = document.getElementById(arguments[0]);
    const option = [...box.options].find((choice) => choice.text.includes(arguments[1]));
    box.value = option.value;
    box.dispatchEvent(new Event("change"));
"""
TYPE = """
    const box = document.getElementById("lw-search");
    box.value = arguments[0];
    box.dispatchEvent(new Event("input"));
"""
TICK = "document.querySelector(arguments[0]).click()"

Show = Callable[..., Any]


def test_the_page_asks_for_nothing_and_complains_of_nothing(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.click_place(*middle(park, 1))
    page.run("document.getElementById('lw-lang').click()")
    page.changed(TYPE, "HT")
    assert page.complaints() == []
    assert [url.split("/")[-1] for url in page.requests()] == ["map.html"]


def test_the_legend_counts_what_the_data_hold(shown: Show, park: MapData) -> None:
    assert shown(park).run(LEGEND) == {
        "breach": [2, 40],  # the second breach tells no area
        "to_verify": [1, 50.5],
        "due_soon": [1, 60],
        "breach_hatched": [1, 70],
        "exempt": [0, 0],
        "unknown": [0, 0],
        "not_due": [1, 80],
        "compliant": [1, 30],
        "no_contract": [1, 90],
    }


def middle(park: MapData, row: int) -> tuple[float, float]:
    point = shapely.point_on_surface(park.geometry[row])
    return point.x, point.y


@pytest.mark.parametrize("row", range(7))
def test_a_click_opens_the_parcel_that_lies_there(shown: Show, park: MapData, row: int) -> None:
    page = shown(park)
    page.click_place(*middle(park, row))
    assert park.parcel_id[row] in page.run(CARD)


def test_a_hole_in_a_parcel_is_no_parcel(shown: Show, park: MapData) -> None:
    page = shown(park)
    centre = shapely.box(*park.geometry[2].bounds).centroid
    page.click_place(centre.x, centre.y)
    assert page.run(CARD) is None


def test_the_card_shows_clause_days_amount_and_reason(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.click_place(*middle(park, 1))
    card = page.run(CARD)
    for told in (
        "涉嫌未达标",
        "未动工满一年",
        "未动工开发满一年的",
        "闲置土地处置办法 第十四条",
        "已超期 487 天",
        "2020-03-01",
        "240.5 万元",
        "征缴土地闲置费",
        "自 2019-03-01 起满一年未动工",
    ):
        assert told in card
    page.key("Escape")
    page.click_place(*middle(park, 2))
    assert "台账未填：是否动工" in page.run(CARD)


def test_a_parcel_with_two_contracts_shows_both_the_graver_first(
    shown: Show, park: MapData
) -> None:
    page = shown(park)
    page.click_place(*middle(park, 0))
    card = page.run(CARD)
    assert 0 < card.index("HT-6") < card.index("HT-1")


def test_contracts_without_a_shape_are_listed_and_open_the_same_card(
    shown: Show, park: MapData
) -> None:
    page = shown(park)
    page.changed(TICK, "#lw-unplaced")
    (line,) = page.run(LIST)
    assert "HT-7" in line
    assert "无图形" in line
    page.run(TICK, "#lw-list .lw-line")
    card = page.run(CARD)
    assert "无图纺织" in card
    assert "已超期 12 天" in card


@pytest.mark.parametrize(
    ("words", "contracts"),
    [
        ("ht-5", ["HT-5"]),
        ("LZ-003", ["HT-3"]),
        ("黄河", ["HT-1"]),
        ("浮法线", ["HT-2"]),
        ("雁滩 线路", ["HT-6"]),
        ("没有这个名字", []),
    ],
)
def test_search_finds_by_contract_parcel_holder_and_project(
    shown: Show, park: MapData, words: str, contracts: list[str]
) -> None:
    page = shown(park)
    page.changed(TYPE, words)
    assert [line.split("\n")[1] for line in page.run(LIST)] == contracts


def test_filters_by_rule_park_status_and_visit(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.changed(CHOOSE, "lw-rule", "O53.A1")
    assert {c: n for c, (n, _) in page.run(LEGEND).items() if n} == {"breach": 1, "to_verify": 1}
    page.changed(TICK, "#lw-verify")
    assert [line.split("\n")[1] for line in page.run(LIST)] == ["HT-3"]
    page.changed(TICK, "#lw-reset")
    page.changed(CHOOSE, "lw-zone", "乙园区")
    assert {line.split("\n")[1] for line in page.run(LIST)} >= {"HT-5", "HT-6", "HT-7"}
    page.changed(TICK, '[data-kind="breach"]')
    assert "HT-7" not in "".join(page.run(LIST))
    assert page.run(LEGEND)["breach"][0] == 1, "a class that is switched off is still counted"


def test_under_a_rule_the_days_past_are_those_of_that_rule(shown: Show, park: MapData) -> None:
    page = shown(park)
    assert "已超期 853 天" in page.run(LIST)[0]
    page.changed(CHOOSE, "lw-rule", "O53.A1")
    lines = page.run(LIST)
    assert [line.split("\n")[1] for line in lines] == ["HT-2", "HT-3"]
    assert "已超期 487 天" in lines[0]
    assert "存疑待核" in lines[1] and "超期" not in lines[1], "426 days of a doubt are no lateness"


def test_a_contract_shown_as_doubtful_wears_no_days_of_its_breach(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    findings = {name: list(column) for name, column in park.findings.items()}
    for name, other in (("rule", "O53.A1"), ("gravity", "to_verify"), ("status", "unknown")):
        findings[name][0], findings[name][1] = "GC.START" if name == "rule" else "breach", other
    findings["to_verify"][1], findings["days_past"][1] = True, None
    page = shown(park_with(findings=findings))
    page.changed(CHOOSE, "lw-rule", "O53.A1")
    assert all("超期" not in line for line in page.run(LIST))
    page.changed(CHOOSE, "lw-rule", "GC.START")
    assert "已超期 853 天" in page.run(LIST)[0]


def test_figures_are_short_but_a_missed_limit_never_reads_as_met(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    measured = [None, None, 23.333333, None, 149.999999, None]
    threshold = [None, None, 0.333333, None, 150, None]
    findings = {**park.findings, "measured": measured, "threshold": threshold}
    page = shown(park_with(findings=findings))
    page.click_place(*middle(park, 2))
    card = page.run(CARD)
    assert "\n23.33\n" in card and "\n0.3333\n" in card
    page.click_place(*middle(park, 4))
    card = page.run(CARD)
    assert "149.999999 万元/亩" in card and "150 万元/亩" in card


def test_a_page_whose_contracts_lack_outlines_says_so_on_the_map(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    shape = "const e = document.getElementById('lw-empty'); return e.hidden ? '' : e.innerText"
    assert shown(park).run(shape) == ""
    page = shown(park_with(geometry=np.full(8, None, object), zones=[]))
    assert page.run(shape) == "本页合同均无图形，见清单"
    page.run("document.getElementById('lw-lang').click()")
    assert page.run(shape) == "No contract here has an outline; see the list"


def test_what_a_filter_hides_is_neither_drawn_nor_clicked(shown: Show, park: MapData) -> None:
    page = shown(park)
    x, y = middle(park, 1)
    assert page.run(COLOUR, x, y)[:3] != [0, 0, 0]
    page.changed(TICK, '[data-kind="breach"]')
    assert page.run(COLOUR, x, y)[3] == 0
    page.click_place(x, y)
    assert page.run(CARD) is None


COLOUR = """
    const map = window.map_landwatch, box = map.getContainer().getBoundingClientRect();
    const point = map.latLngToContainerPoint([arguments[1], arguments[0]]);
    for (const tile of document.querySelectorAll(".leaflet-parcels-pane canvas")) {
      const at = tile.getBoundingClientRect();
      const x = Math.round(box.left + point.x - at.left);
      const y = Math.round(box.top + point.y - at.top);
      if (x >= 0 && y >= 0 && x < at.width && y < at.height)
        return [...tile.getContext("2d").getImageData(x, y, 1, 1).data];
    }
    return null;
"""


def test_a_breach_is_vermilion_and_a_due_day_orange(shown: Show, park: MapData) -> None:
    page = shown(park)
    for row, colour in ((1, (0xD5, 0x5E, 0x00)), (3, (0xE6, 0x9F, 0x00))):
        red, green, blue, opacity = page.run(COLOUR, *middle(park, row))
        assert opacity > 200
        assert np.abs(np.array([red, green, blue]) - np.array(colour)).max() < 4


def test_the_language_switches_on_every_part_and_back(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.click_place(*middle(park, 1))
    page.run("document.getElementById('lw-lang').click()")
    text = page.run("return document.body.innerText")
    for told in ("Legend", "as of 2021-07-01", "suspected breach", "Not started for a full year"):
        assert told in text
    assert "图例" not in text
    assert page.run("return document.documentElement.lang") == "en"
    page.run("document.getElementById('lw-lang').click()")
    assert "图例" in page.run("return document.body.innerText")


def test_a_page_may_open_in_english(shown: Show, park: MapData) -> None:
    assert "Legend" in shown(park, lang="en").run("return document.body.innerText")


def test_the_page_says_its_day_its_scan_its_caveat_and_that_it_is_made_up(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    text = shown(park).run("return document.body.innerText")
    for told in ("截至 2021-07-01", "第 3 次核对", "涉嫌", "纯属虚构", "不是测绘成果"):
        assert told in text
    real = shown(park_with(made_up=False, scan_id=None)).run("return document.body.innerText")
    assert "虚构" not in real
    assert "次核对" not in real


def test_every_step_is_reached_by_keyboard(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run("document.querySelector('#lw-list .lw-line').focus()")
    page.key("Enter")
    assert "HT-2" in page.run(CARD)
    assert page.run("return document.activeElement.id") == "lw-card-title"
    page.key("Escape")
    assert page.run(CARD) is None
    assert page.run("return document.activeElement.className") == "lw-line"
    page.run("window.map_landwatch.getContainer().focus()")
    x, y = middle(park, 3)
    page.run("window.map_landwatch.setView(arguments[0], 17, {animate: false})", [y, x])
    page.key("Enter")
    assert "LZ-004" in page.run(CARD)
    unnamed = page.run(
        """return [...document.querySelectorAll("button, input, select, a[href]")].filter((box) =>
        !(box.labels?.length || box.textContent.trim() || box.getAttribute("aria-label"))).length"""
    )
    assert unnamed == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(shown: Show, park: MapData, width: int) -> None:
    page = shown(park, width=width, height=844)
    page.run(TICK, "#lw-list .lw-line")
    assert page.run("return document.documentElement.scrollWidth") <= width
    box = page.run("return document.getElementById('lw-card').getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    assert box["right"] <= width


def test_on_a_phone_the_opened_parcel_is_not_under_its_card(shown: Show, park: MapData) -> None:
    page = shown(park, width=390, height=844)
    page.run(TICK, "#lw-list .lw-line")
    x, y = middle(park, 1)
    top = page.run("return document.getElementById('lw-card').getBoundingClientRect().top")
    place = page.run(
        """const map = window.map_landwatch, at = map.latLngToContainerPoint([arguments[1],
        arguments[0]]); return at.y + map.getContainer().getBoundingClientRect().top""",
        x,
        y,
    )
    assert 0 < place < top


def test_a_page_of_nothing_opens_and_says_so(shown: Show) -> None:
    names = "contract_id holder project zone area_mu parcels gravity contract rule status to_verify"
    none: dict[str, list[object]] = {name: [] for name in names.split()}
    empty = MapData(
        [], np.empty(0, object), [], [], np.empty(0), none, none, {}, "空", date(2021, 1, 1)
    )
    page = shown(empty)
    assert "没有符合条件的合同" in page.run("return document.body.innerText")
    assert page.complaints() == []


def test_parks_far_apart_have_signs_and_a_click_goes_there(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    away = park.geometry.copy()
    away[4:7] = shapely.transform(away[4:7], lambda places: places + np.array([-16.2, 7.8]))
    page = shown(park_with(geometry=away, zones=[]))
    text = "return [...document.querySelectorAll('.lw-sign')].map((box) => box.textContent).sort()"
    assert page.run(text) == ["乙园区 3 份 · 涉嫌未达标 1", "甲园区 4 份 · 涉嫌未达标 1"]
    page.changed(TICK, '[data-kind="breach"]')
    assert page.run(text) == ["乙园区 2 份", "甲园区 3 份"]
    page.run(
        "[...document.querySelectorAll('.lw-sign')]"
        ".find((sign) => sign.textContent.includes('乙')).click()"
    )
    bounds = page.run("return window.map_landwatch.getBounds().toBBoxString()").split(",")
    west, south, east, north = map(float, bounds)
    assert shapely.box(west, south, east, north).covers(away[4])
    assert page.run("return document.querySelectorAll('.lw-sign').length") == 0
    page.run("window.map_landwatch.setZoom(4, {animate: false})")
    page.run("document.querySelector('.lw-sign').focus()")
    page.key("Enter")
    assert page.run("return window.map_landwatch.getZoom()") > 10, (
        "a sign is a button for the keyboard too"
    )


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_signs_of_parks_stay_on_the_screen(
    shown: Show, park: MapData, park_with: Callable[..., MapData], width: int
) -> None:
    away = park.geometry.copy()
    away[4:7] = shapely.transform(away[4:7], lambda places: places + np.array([-16.2, 7.8]))
    contracts = dict(park.contracts)
    contracts["zone"] = [
        f"（演示）名称很长的省级高新技术产业开发区{zone}" for zone in contracts["zone"]
    ]
    zones = [f"（演示）名称很长的省级高新技术产业开发区{zone}" for zone in park.parcel_zone]
    changed = park_with(geometry=away, zones=[], contracts=contracts, parcel_zone=zones)
    page = shown(changed, width=width, height=844)
    edges = page.run(
        """const map = document.getElementById("lw-map").getBoundingClientRect();
        return [...document.querySelectorAll(".lw-sign span")].map((sign) => {
          const at = sign.getBoundingClientRect();
          return [at.left - map.left, map.right - at.right, at.top - map.top];
        });"""
    )
    assert edges and all(min(edge) >= 0 for edge in edges), edges


def test_choosing_a_park_goes_there(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run("window.map_landwatch.setView([30, 110], 8, {animate: false})")
    page.changed(CHOOSE, "lw-zone", "乙园区")
    bounds = page.run("return window.map_landwatch.getBounds().toBBoxString()").split(",")
    assert shapely.box(*map(float, bounds)).covers(park.geometry[4])


def test_what_is_printed_holds_every_result(shown: Show, park: MapData, tmp_path: Path) -> None:
    page = shown(park)
    page.run(TICK, "#lw-list .lw-line")
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    path = tmp_path / "page.pdf"
    path.write_bytes(base64.b64decode(printed["data"]))
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    for words in ("HT-1", "HT-7", "未动工满一年", "2021-07-01", "涉嫌", "1:10,000"):
        assert words in told.stdout


PRINTED_MAP = """
    window.dispatchEvent(new Event("beforeprint"));
    const map = window.map_landwatch, frame = map.getBounds();
    const lines = document.querySelectorAll("#lw-list .lw-line").length;
    const told = [lines, map.getSize().x, map.getSize().y, frame.toBBoxString(),
      document.getElementById("lw-cut").textContent];
    window.dispatchEvent(new Event("afterprint"));
    return [...told, map.getCenter().lat, document.querySelectorAll("#lw-list .lw-line").length];
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_paper_has_every_line_and_every_parcel_wherever_the_screen_was(
    shown: Show, park: MapData, park_with: Callable[..., MapData], width: int
) -> None:
    many = {name: list(column) * 20 for name, column in park.contracts.items()}
    page = shown(park_with(contracts=many), width=width, height=844)
    page.run("window.map_landwatch.setView([36.0505, 103.801], 18, {animate: false})")
    lines, wide, high, frame, _, latitude, after = page.run(PRINTED_MAP)
    assert (lines, after) == (141, 60), "140 contracts and a parcel without one"
    assert wide == pytest.approx(186 / 25.4 * 96 - 2, abs=2)
    assert high == pytest.approx(125 / 25.4 * 96 - 2, abs=2)
    assert shapely.box(*map(float, frame.split(","))).covers(shapely.union_all(park.geometry))
    assert latitude == pytest.approx(36.0505, abs=1e-4)


@pytest.mark.parametrize("width", [390, 1280])
def test_paper_shows_backdrop_and_parcels_in_their_colours(
    shown: Show, park: MapData, tmp_path: Path, width: int
) -> None:
    page = shown(park, width=width, height=844)
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    path = tmp_path / "page.pdf"
    path.write_bytes(base64.b64decode(printed["data"]))
    there = [str(path), str(tmp_path / "page")]
    command = ["pdftoppm", "-r", "50", "-l", "1", "-singlefile", *there]
    subprocess.run(command, check=True)
    picture = (tmp_path / "page.ppm").read_bytes().split(b"\n", 3)
    across, down = map(int, picture[1].split())
    colours = np.frombuffer(picture[3], np.uint8).reshape(down, across, 3)[: down // 2].astype(int)
    # land of the backdrop, and the vermilion of a breach under its opacity
    for colour, least in (((0xFB, 0xFA, 0xF7), 10_000), ((0xDA, 0x74, 0x22), 50)):
        near = np.abs(colours - np.array(colour)).max(axis=2) < 5
        assert near.sum() > least, (colour, int(near.sum()))


def test_paper_says_where_its_list_ends(
    shown: Show, park: MapData, park_with: Callable[..., MapData]
) -> None:
    many = {name: list(column) * 500 for name, column in park.contracts.items()}
    lines, _, _, _, cut, _, _ = shown(park_with(contracts=many)).run(PRINTED_MAP)
    assert lines == 3000
    assert cut == "以下仅列前 3,000 项，共 3,501 项"


PARKS = "return [...document.querySelectorAll('#lw-parks-list .lw-line')].map((e) => e.innerText)"
PARK_CARD = RuleCard(
    "主导产业个数", "Number of leading industries", "兰州意见", "（八）", "不超过3个主导产业",
    "local", "Lanzhou's opinion", {"max_leading": ("主导产业个数上限", "most leading industries")},
)  # fmt: skip
PARK_FINDINGS = [
    ParkFinding("甲园区", "LZ.LEADING", "breach", "breach", {
        "measured": 4, "threshold": 3, "unit": "1", "clock_from": "2020-12-31",
        "limit_on": "2020-12-31", "days_past": 182, "remedies": "report",
        "explanation_zh": "实测 4 ＞ 标准 3", "explanation_en": "measured 4 > required 3",
    }),
    ParkFinding("乙园区", "LZ.LEADING", "unknown", "unknown", {
        "reason": "no_value:max_leading", "measured": 2,
    }),
]  # fmt: skip


@pytest.fixture
def with_parks(park_with: Callable[..., MapData]) -> MapData:
    return park_with(park_findings=PARK_FINDINGS, park_rules={"LZ.LEADING": PARK_CARD})


def test_what_rules_say_of_parks_is_listed_and_colours_nothing(
    shown: Show, park: MapData, with_parks: MapData
) -> None:
    before = shown(park)
    assert before.run("return document.getElementById('lw-parks').hidden") is True
    legend, contracts = before.run(LEGEND), before.run(LIST)
    page = shown(with_parks)
    assert page.run(PARKS) == [
        "甲园区\n涉嫌未达标：主导产业个数 4（要求 3）",
        "乙园区\n存疑：主导产业个数",
    ]
    assert (page.run(LEGEND), page.run(LIST)) == (legend, contracts)
    rules = page.run("return [...document.getElementById('lw-rule').options].map((o) => o.text)")
    assert not any("LZ.LEADING" in rule for rule in rules)  # nothing on the map to filter by it


def test_a_park_opens_its_card_with_clause_and_statistics(shown: Show, with_parks: MapData) -> None:
    page = shown(with_parks)
    page.run(TICK, "#lw-parks-list button")
    card = page.run(CARD)
    for part in ("甲园区", "涉嫌未达标", "统计截止日", "2020-12-31", "不超过3个主导产业", "通报"):
        assert part in card, part
    assert "已超期" not in card  # a share is not late
    page.run(TICK, "#lw-parks-list li:last-child button")
    assert "主导产业个数上限" in page.run(CARD)
    page.run("document.getElementById('lw-lang').click()")
    assert "Number of leading industries" in page.run(CARD)
    page.key("Escape")
    assert page.run(CARD) is None
    assert page.complaints() == []


def test_a_chosen_park_shows_only_what_is_said_of_it(shown: Show, with_parks: MapData) -> None:
    page = shown(with_parks)
    page.changed(CHOOSE, "lw-zone", "乙园区")
    assert [line.split("\n")[0] for line in page.run(PARKS)] == ["乙园区"]


def test_rules_stand_under_their_policy(shown: Show, park: MapData) -> None:
    groups = shown(park).run(
        "return [...document.querySelectorAll('#lw-rule optgroup')].map("
        "(g) => [g.label, [...g.children].map((o) => o.text)])"
    )
    assert groups == [
        ["国有建设用地使用权出让合同", ["GC.START 按约定日期动工"]],
        ["闲置土地处置办法", ["O53.A1 未动工满一年"]],
        ["高新区办法（报道）", ["UR.HT.BOND 缴存保证金"]],
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_parks_widen_no_page(shown: Show, with_parks: MapData, width: int) -> None:
    page = shown(with_parks, width=width)
    page.run(TICK, "#lw-parks-list button")
    assert page.run("return document.documentElement.scrollWidth") <= width


def test_a_park_finding_of_a_rule_without_a_card_is_refused(
    park_with: Callable[..., MapData],
) -> None:
    with pytest.raises(PageError, match="rule"):
        park_with(park_findings=PARK_FINDINGS)
