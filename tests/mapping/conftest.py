"""A small made-up ledger and a browser without network, for the tests of the map."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from landwatch.mapping.data import MapData, RuleCard, ZoneOutline
from landwatch.mapping.page import write_page

WAIT_SECONDS = 60


def rule_cards() -> dict[str, RuleCard]:
    return {
        "GC.START": RuleCard(
            "按约定日期动工",
            "Start by the agreed day",
            "国有建设用地使用权出让合同",
            "第十六条",
            "受让人同意本合同项下宗地建设项目在约定日期之前开工",
            "contract",
            "Land grant contract",
        ),
        "O53.A1": RuleCard(
            "未动工满一年",
            "Not started for a full year",
            "闲置土地处置办法",
            "第十四条",
            "未动工开发满一年的",
            "rule",
            "Order 53",
        ),
        "UR.HT.BOND": RuleCard(
            "缴存保证金",
            "Deposit of the bond",
            "高新区办法（报道）",
            "",
            "一次性缴纳投资保证金",
            "reported",
        ),
    }


def square(column: int, row: int, *, hole: bool = False) -> shapely.Polygon:
    """A parcel about 180 m wide; its neighbours are 40 m away."""
    west, south = 103.80 + column * 0.0024, 36.05 + row * 0.0022
    shell = shapely.box(west, south, west + 0.002, south + 0.0018)
    if not hole:
        return shell
    inner = shapely.box(west + 0.0008, south + 0.0007, west + 0.0012, south + 0.0011)
    return shell.difference(inner)


def small_park() -> MapData:
    """Eight parcels and seven contracts; what each shows is told beside it."""
    shapes: list[Any] = [square(0, 0), square(1, 0), square(2, 0, hole=True), square(0, 1)]
    shapes += [square(1, 1), shapely.MultiPolygon([square(2, 1), square(3, 1)]), square(3, 0), None]
    geometry = np.empty(8, object)
    geometry[:] = shapes
    return MapData(
        parcel_id=[f"LZ-{number:03d}" for number in range(1, 9)],
        geometry=geometry,
        parcel_zone=["甲园区"] * 4 + ["乙园区"] * 3 + [None],
        parcel_land_use=["工业用地"] * 8,
        parcel_area_mu=np.array([30, 40, 50, 60, 70, 80, 90, np.nan]),
        contracts={
            "contract_id": ["HT-1", "HT-2", "HT-3", "HT-4", "HT-5", "HT-6", "HT-7"],
            "holder": [
                "黄河机械",
                "兰山玻璃",
                "白塔食品",
                "五泉药业",
                "金城纸业",
                "雁滩电子",
                "无图纺织",
            ],
            "project": ["机床", "浮法线", "罐头", "制剂", "包装", "线路板", "纺纱"],
            "zone": ["甲园区"] * 4 + ["乙园区"] * 2 + ["乙园区"],
            "area_mu": [30, 40, 50.5, 60, 70, 80, np.nan],
            # the first parcel sees two contracts; the seventh contract lies on no drawn parcel
            "parcels": [[0], [1], [2], [3], [4], [5, 0], [7]],
            "gravity": [
                "compliant",
                "breach",
                "to_verify",
                "due_soon",
                "breach",
                "not_due",
                "breach",
            ],
        },
        findings={
            "contract": [1, 1, 2, 3, 4, 6],
            "rule": ["GC.START", "O53.A1", "O53.A1", "GC.START", "UR.HT.BOND", "GC.START"],
            "gravity": ["breach", "breach", "to_verify", "due_soon", "breach", "breach"],
            "status": ["breach", "breach", "unknown", "due_soon", "breach", "breach"],
            "to_verify": [False, False, True, False, False, False],
            "reason": ["", "", "missing:started", "", "", ""],
            "clock_from": ["2019-03-01", "2019-03-01", "2019-05-01", "2021-05-01", "", ""],
            "limit_on": ["2019-03-01", "2020-03-01", "2020-05-01", "2021-08-01", "", ""],
            "days_past": [853, 487, 426, -31, None, 12],
            "measured": [None, None, None, None, 1.25, None],
            "threshold": [None, None, None, None, 5, None],
            "unit": ["", "", "", "", "万元/亩", ""],
            "amount_wan": [None, 240.5, None, None, None, None],
            "remedies": ["contract_penalty", "charge_idle_fee", "", "", "end_entry", ""],
            "explanation_zh": [
                "约定 2019-03-01 前开工，2021-06-01 核查仍未动工。",
                "自 2019-03-01 起满一年未动工，期限至 2020-03-01。",
                "台账没有动工记录，需要现场核查。",
                "还有 31 天到期。",
                "每亩缴存 1.25 万元，低于 5 万元。",
                "已超期 12 天。",
            ],
            "explanation_en": [
                "Start agreed by 2019-03-01; not started when seen on 2021-06-01.",
                "Not started a full year after 2019-03-01; the last day was 2020-03-01.",
                "The ledger tells nothing of a start; a visit is needed.",
                "Due in 31 days.",
                "1.25 deposited for each mu, less than 5.",
                "12 days past.",
            ],
        },
        rules=rule_cards(),
        zones=[
            ZoneOutline("J", "甲园区", "national", shapely.box(103.795, 36.045, 103.815, 36.06)),
            ZoneOutline("Y", "乙园区", "county"),
        ],
        title="黄河新区供地履约图",
        as_of=date(2021, 7, 1),
        scan_id=3,
        made_up=True,
    )


@pytest.fixture(scope="session")
def park() -> MapData:
    return small_park()


class Browser:
    """A page in a headless Chromium that can reach no host, and what became of it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver: Any = driver  # selenium types its logs not at all

    def open(self, path: Path, *, width: int = 1280, height: int = 860) -> None:
        """Open a file and wait until it is drawn and told."""
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.size(width, height)
        self.driver.get(path.as_uri())
        self.wait("const d = document.documentElement.dataset; return d.drawn && d.told")

    def size(self, width: int, height: int) -> None:
        """Give the page a width and height, as a phone or a screen does."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def wait(self, script: str) -> Any:
        return WebDriverWait(self.driver, WAIT_SECONDS, poll_frequency=0.05).until(
            lambda driver: driver.execute_script(script)
        )

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def changed(self, script: str, *arguments: object) -> Any:
        """Do something to the filters and wait until the page has followed."""
        before = self.run("return document.documentElement.dataset.changes")
        result = self.run(script, *arguments)
        self.wait(f"return document.documentElement.dataset.changes !== '{before}' || null")
        return result

    def complaints(self) -> list[str]:
        """Everything that the page wrote to the console, refusals by its policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Every address that the page asked for, data inside the page left out."""
        entries = self.driver.get_log("performance")
        told = [json.loads(entry["message"])["message"] for entry in entries]
        sent = [m for m in told if m["method"] == "Network.requestWillBeSent"]
        urls = [message["params"]["request"]["url"] for message in sent]
        return [url for url in urls if not url.startswith(("data:", "blob:"))]

    def click_place(self, longitude: float, latitude: float) -> None:
        """Click the map where a place lies, as a hand does."""
        x, y = self.run(
            """
            const map = window.map_landwatch, box = map.getContainer().getBoundingClientRect();
            const point = map.latLngToContainerPoint([arguments[1], arguments[0]]);
            return [box.left + point.x, box.top + point.y];
            """,
            longitude,
            latitude,
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.driver.execute_cdp_cmd(
                "Input.dispatchMouseEvent",
                {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1},
            )

    def key(self, name: str) -> None:
        """Press a key."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9}
        event = {"key": name, "code": name, "windowsVirtualKeyCode": codes[name]}
        text = {"text": "\r"} if name == "Enter" else {}
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **event, **text})
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **event})


@pytest.fixture(scope="session")
def chromium_driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path="/usr/bin/chromedriver")
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The store of the demo: the richest ledger that a page can tell of."""
    from landwatch import commands

    folder = tmp_path_factory.mktemp("demo")
    commands.demo(folder, by="张三", lang="zh")
    return str(folder / "landwatch.gpkg")


@pytest.fixture
def browser(chromium_driver: webdriver.Chrome) -> Browser:
    return Browser(chromium_driver)


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Callable[..., Browser]:
    """Write a page and open it."""

    def show(data: MapData, *, lang: str = "zh", width: int = 1280, height: int = 860) -> Browser:
        path = tmp_path / "map.html"
        write_page(path, data, lang=lang)
        browser.open(path, width=width, height=height)
        return browser

    return show


@pytest.fixture
def park_with(park: MapData) -> Callable[..., MapData]:
    """The small park with some of it told otherwise."""

    def change(**changes: Any) -> MapData:
        return replace(park, **changes)

    return change
