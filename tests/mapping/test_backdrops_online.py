"""Online tiles of a host of this machine: where they lie, and that nobody else is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from selenium import webdriver

from landwatch.geo.shifts import Shift, shifted
from landwatch.mapping.data import MapData
from tests.mapping.backdrop_files import colour_of, encoded, picture, with_discs, world
from tests.mapping.backdrop_pages import (
    BARE,
    CAME,
    CREDIT,
    NOTE,
    colour_at,
    disc_off,
    image_policy,
    written,
)
from tests.mapping.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PARK = (103.804, 36.0525)
SPOTS = np.array(
    [[103.8003, 36.0502], [103.8076, 36.0502], [103.8003, 36.0548], [103.8076, 36.0547]]
)
GO = "window.map_landwatch.setView([arguments[1], arguments[0]], arguments[2], {animate: false})"
Answer = Callable[[str], bytes | int]


class Host:
    """A host of tiles on this machine; it keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Answer = lambda path: 404
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                told = host.answer(self.path)
                body = told if isinstance(told, bytes) else b"refused"
                self.send_response(200 if isinstance(told, bytes) else told)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, *args: object) -> None:
                """Say nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.server.shutdown()
    host.server.server_close()


@pytest.fixture(scope="module")
def online_driver() -> Iterator[webdriver.Chrome]:
    """A browser that finds this machine and no other."""
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.binary_location = "/usr/bin/chromium"
    service = webdriver.ChromeService(executable_path="/usr/bin/chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Network.enable", {})
    yield driver
    driver.quit()


@pytest.fixture
def online(online_driver: webdriver.Chrome) -> Browser:
    return Browser(online_driver)


def opened(page: Browser, path: Path, zoom: int = 16) -> Browser:
    page.open(path)
    page.run(BARE)
    page.run(GO, *PARK, zoom)
    page.wait(CAME)
    return page


def numbers(path: str) -> list[int]:
    return [int(part) for part in path.split("?")[0].strip("/").split("/")[-3:]]


def coloured_xyz(path: str) -> bytes:
    zoom, x, y = numbers(path)
    return picture(colour_of((zoom, x, y)))


def coloured_tms(path: str) -> bytes:
    zoom, x, row = numbers(path)
    return picture(colour_of((zoom, x, 2**zoom - 1 - row)))


def asked_by_names(path: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in path.partition("?")[2].split("&"))


def coloured_wmts(path: str) -> bytes | int:
    told = asked_by_names(path)
    if told["REQUEST"] != "GetTile" or told["LAYER"] != "img" or told["tk"] != "secret":
        return 403
    place = (int(told["TILEMATRIX"]), int(told["TILECOL"]), int(told["TILEROW"]))
    return picture(colour_of(place))


def holds_the_place(page: Browser) -> None:
    for longitude, latitude in SPOTS.tolist():
        x, y = (int(part * 2**16) for part in world(longitude, latitude))
        assert colour_at(page, longitude, latitude) == colour_of((16, x, y))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"xyz": ("甲=URL/{z}/{x}/{y}",)}, coloured_xyz),
        ({"xyz": ("URL/tms/{z}/{x}/{-y}",)}, coloured_tms),
        ({"wmts": ("URL/wmts?layer=img&tilematrixset=w&tk=secret",)}, coloured_wmts),
        (
            {"wmts": ("URL/GoogleMapsCompatible/{TileMatrix}/{TileCol}/{TileRow}",)},
            coloured_xyz,
        ),
    ],
    ids=["xyz", "tms", "wmts", "rest"],
)
def test_tiles_of_a_host_lie_in_their_place_and_nobody_else_is_asked(
    online: Browser, host: Host, park: MapData, tmp_path: Path, asked: Any, answer: Answer
) -> None:
    host.answer = answer
    path = tmp_path / "map.html"
    asked = {
        name: tuple(one.replace("URL", host.url) for one in told) for name, told in asked.items()
    }
    written(path, park, **asked)
    assert image_policy(path) == ["data:", "blob:", host.url]
    page = opened(online, path)
    holds_the_place(page)
    assert page.complaints() == []
    others = {url for url in page.requests() if not url.startswith(host.url)}
    assert {url.split("/")[-1] for url in others} <= {"map.html"}
    assert len(host.asked) > 4


def degrees(path: str) -> bytes:
    """Return a tile of Tianditu's degrees with a disc at each spot."""
    told = asked_by_names(path)
    zoom, row, column = (int(told[name]) for name in ("TILEMATRIX", "TILEROW", "TILECOL"))
    wide = 360 / 2**zoom
    image = Image.new("RGB", (256, 256), "white")
    pen = ImageDraw.Draw(image)
    for longitude, latitude in SPOTS.tolist():
        x = ((longitude + 180) / wide - column) * 256
        y = ((90 - latitude) / wide - row) * 256
        pen.ellipse([x - 4, y - 4, x + 4, y + 4], "red")
    return encoded(image)


def test_tiles_cut_in_degrees_are_laid_on_the_map_of_mercator(
    online: Browser, host: Host, park: MapData, tmp_path: Path
) -> None:
    host.answer = degrees
    path = tmp_path / "map.html"
    written(path, park, wmts=(f"{host.url}/wmts?LAYER=img&TILEMATRIXSET=c",))
    for zoom in (15, 17):
        page = opened(online, path, zoom)
        for longitude, latitude in SPOTS.tolist():
            assert disc_off(page, longitude, latitude) < 1.2
    assert page.complaints() == []


def test_online_tiles_of_an_internet_map_are_shifted(
    online: Browser, host: Host, park: MapData, tmp_path: Path
) -> None:
    drawn = shifted(SPOTS, Shift.GCJ02)

    def answer(path: str) -> bytes:
        place = tuple(numbers(path))
        return next(iter(with_discs([place], drawn).values()))  # type: ignore[list-item]

    host.answer = answer
    path = tmp_path / "map.html"
    written(path, park, xyz=(f"{host.url}/{{z}}/{{x}}/{{y}}",), gcj02=True)
    page = opened(online, path, 16)
    for longitude, latitude in SPOTS.tolist():
        assert disc_off(page, longitude, latitude) < 1.6  # a dot, and a metre
    assert "近似" in page.run(CREDIT)


def test_a_host_that_refuses_is_told_once_and_is_no_map(
    online: Browser, host: Host, park: MapData, tmp_path: Path
) -> None:
    host.answer = lambda path: 403
    path = tmp_path / "map.html"
    written(path, park, xyz=("甲=" + host.url + "/{z}/{x}/{y}",), approval="GS(2024)0650号")
    online.open(path)
    online.wait(NOTE)
    assert "“甲”没有来" in online.run(NOTE)
    assert online.run(CREDIT) == ""
    online.run("document.querySelector('.lw-backdrop-note button').click()")
    asked = len(host.asked)
    online.run(GO, *PARK, 14)
    online.wait(f"return performance.getEntriesByType('resource').length > {asked} || null")
    online.run("return new Promise((done) => setTimeout(done, 500))")
    assert online.run(NOTE) == ""
    assert "黄河机械" in online.run("return document.getElementById('lw-list').innerText")


def test_the_policy_lets_no_other_host_in(
    online: Browser, host: Host, park: MapData, tmp_path: Path
) -> None:
    host.answer = coloured_xyz
    other = Host()
    other.answer = coloured_xyz
    path = tmp_path / "map.html"
    written(path, park, xyz=(host.url + "/{z}/{x}/{y}",))
    page = opened(online, path)
    page.complaints()
    page.run(
        "document.body.append(Object.assign(new Image(), {src: arguments[0]}))",
        f"{other.url}/1/1/1",
    )
    page.run("return fetch(arguments[0]).then(() => 'came', () => 'refused')", f"{host.url}/1/1/1")
    page.run("return new Promise((done) => setTimeout(done, 300))")
    told = json.dumps(page.complaints())
    assert "img-src" in told and "default-src" in told
    assert other.asked == []
    other.server.shutdown()
    other.server.server_close()
