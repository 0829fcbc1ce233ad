"""Backdrops and layers on the page, in a real browser that can reach no host."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from PIL import Image

from landwatch.errors import PageError, UsageError
from landwatch.geo.shifts import Shift, shifted
from landwatch.mapping.backdrops.wishes import BackdropWishes
from landwatch.mapping.data import MapData
from landwatch.mapping.page import write_page
from tests.mapping.backdrop_files import (
    around,
    colour_of,
    coloured,
    mbtiles,
    pmtiles,
    tile_folder,
    with_discs,
    world,
)
from tests.mapping.backdrop_pages import (
    BARE,
    CAME,
    CREDIT,
    NOTE,
    codes,
    colour_at,
    disc_off,
    image_policy,
    seen,
    written,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PARK = (103.804, 36.0525)
TOKEN = "0123456789abcdef0123456789abcdef"
OPEN = "document.querySelector('.lw-layers-open').click()"
PICK = "document.getElementById(arguments[0]).click()"
NAMES = "return [...document.querySelectorAll('#lw-layers label')].map((one) => one.innerText)"
GO = "window.map_landwatch.setView([arguments[1], arguments[0]], arguments[2], {animate: false})"
SPOTS = np.array(
    [[103.8003, 36.0502], [103.8076, 36.0502], [103.8003, 36.0548], [103.8076, 36.0547]]
)


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one set of tiles in each format."""
    folder = tmp_path_factory.mktemp("tiles")
    all_of_them = coloured(around(*PARK, range(8, 17)))
    mbtiles(folder / "t.mbtiles", all_of_them, name="县影像", attribution="<b>某测绘院</b>")
    pmtiles(folder / "t.pmtiles", all_of_them, name="县影像")
    tile_folder(folder / "县影像", all_of_them)
    return folder


def opened(browser: Any, path: Path, zoom: int = 16) -> Any:
    browser.open(path)
    browser.run(BARE)
    browser.run(GO, *PARK, zoom)
    browser.wait(CAME)
    return browser


def test_a_page_without_backdrops_may_take_pictures_from_nowhere(
    park: MapData, tmp_path: Path
) -> None:
    write_page(tmp_path / "map.html", park)
    assert image_policy(tmp_path / "map.html") == ["data:", "blob:"]


@pytest.mark.parametrize("beside", [False, True], ids=["inside", "beside"])
@pytest.mark.parametrize("name", ["t.mbtiles", "t.pmtiles", "县影像"])
def test_local_tiles_lie_in_their_place_without_a_request(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path, name: str, beside: bool
) -> None:
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / name),), beside=beside)
    page = opened(browser, path)
    for longitude, latitude in SPOTS.tolist():
        x, y = (int(part * 2**16) for part in world(longitude, latitude))
        assert colour_at(page, longitude, latitude) == colour_of((16, x, y))
    assert page.complaints() == []
    asked = [url for url in page.requests() if not url.endswith("map.html")]
    assert bool(asked) == beside
    assert all("/map_tiles/tiles-0/16/" in url for url in asked)
    assert image_policy(path) == ["data:", "blob:", *(["'self'"] if beside else [])]


def test_nearer_than_the_last_zoom_the_tiles_are_enlarged(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    written(tmp_path / "map.html", park, tiles=(str(tiles / "t.mbtiles"),))
    page = opened(browser, tmp_path / "map.html", 18)
    x, y = (int(part * 2**16) for part in world(*PARK))
    assert colour_at(page, *PARK) == colour_of((16, x, y))


def test_tiles_of_an_internet_map_are_shifted_and_the_parcels_are_not(
    browser: Any, park: MapData, tmp_path: Path
) -> None:
    places = around(*PARK, [15, 16, 17], 4)
    spots = with_discs(places, shifted(SPOTS, Shift.GCJ02))
    mbtiles(tmp_path / "t.mbtiles", spots, name="网图")
    path = tmp_path / "map.html"
    receipt = written(path, park, tiles=(str(tmp_path / "t.mbtiles"),), gcj02=True)
    said = "".join(remark.in_words("zh") for remark in receipt.remarks)
    assert "宗地不动" in said and "近似" in said
    for zoom in (15, 16, 17):
        page = opened(browser, path, zoom)
        metre = 1 / (40_075_017 * np.cos(np.radians(36.05)) / 2**zoom / 256)
        for longitude, latitude in SPOTS.tolist():
            assert disc_off(page, longitude, latitude) < 1 + metre
        assert "近似（GCJ-02）" in page.run(CREDIT)
    page.click_place(shapely.point_on_surface(park.geometry[1]).x, 36.0509)
    assert park.parcel_id[1] in page.run("return document.getElementById('lw-card').innerText")


def test_a_folder_of_tiles_that_is_gone_is_told_once_and_all_else_works(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    written(tmp_path / "map.html", park, tiles=(str(tiles / "t.mbtiles"),), beside=True)
    shutil.rmtree(tmp_path / "map_tiles")
    browser.open(tmp_path / "map.html")
    browser.wait(NOTE)
    assert "瓦片文件夹" in browser.run(NOTE)
    browser.run("document.querySelector('.lw-backdrop-note button').click()")
    browser.run(GO, *PARK, 14)
    browser.run("return new Promise((done) => setTimeout(done, 600))")
    assert browser.run(NOTE) == "", "it is said once"


def test_tianditu_without_a_network_leaves_the_page_usable_and_is_told_once(
    browser: Any, park: MapData, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    receipt = written(path, park, tianditu=TOKEN)
    assert image_policy(path)[2:] == [f"https://t{n}.tianditu.gov.cn" for n in range(8)]
    said = "".join(remark.in_words("zh") for remark in receipt.remarks)
    for told in ("令牌写在网页里", "要联网", "审图号"):
        assert told in said
    assert TOKEN not in said
    browser.open(path)
    browser.wait(NOTE)
    assert "天地图 矢量" in browser.run(NOTE)
    assert browser.run(CREDIT) == "", "whose map it is is said of a map that is there"
    tiled = "return window.map_landwatch.getContainer().classList.contains('lw-tiled')"
    assert not browser.run(tiled), "the outlines of divisions stay"
    middle = shapely.point_on_surface(park.geometry[1])
    browser.click_place(middle.x, middle.y)
    assert park.parcel_id[1] in browser.run("return document.getElementById('lw-card').innerText")
    browser.run(OPEN)
    assert "t0.tianditu.gov.cn" in browser.run(
        "return document.getElementById('lw-layers').innerText"
    )
    hosts = {
        re.sub(r"//t\d", "//t", url.split("/vec_w")[0].split("/cva_w")[0])
        for url in browser.requests()
    }
    assert hosts <= {"https://t.tianditu.gov.cn", path.as_uri()}


def test_the_approval_number_stands_in_the_corner_and_on_paper(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    asked = {"approval": "审图号：GS(2024)0650号", "credit": "县自然资源局"}
    receipt = written(path, park, tiles=(str(tiles / "t.mbtiles"),), **asked)
    assert not any("approval" in code for code in codes(receipt))
    page = opened(browser, path)
    assert page.run(CREDIT) == "某测绘院 · 县自然资源局 · 审图号：GS(2024)0650号"
    (tmp_path / "map.pdf").write_bytes(base64.b64decode(page.driver.print_page()))
    paper = subprocess.run(
        ["pdftotext", str(tmp_path / "map.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert "GS(2024)0650号" in paper.stdout.replace("\n", "").replace(" ", "")
    page.run(OPEN)
    page.run(PICK, "lw-backdrop-1")
    assert page.run(CREDIT) == "", "the outlines of divisions are another map"


def test_paper_waits_for_the_tiles_that_it_shows(
    browser: Any, park: MapData, tmp_path: Path
) -> None:
    places = around(*PARK, range(13, 18), 5)
    spots = with_discs(places, shifted(SPOTS, Shift.GCJ02), 8)
    mbtiles(tmp_path / "t.mbtiles", spots, name="网图")
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tmp_path / "t.mbtiles"),), gcj02=True)
    browser.open(path)
    browser.wait(CAME)
    browser.run("window.print = () => { window.printed = true; }")
    browser.run("document.getElementById('lw-print').click()")
    browser.run("document.getElementById('lw-paper-print').click()")
    browser.wait("return window.printed || null")
    (tmp_path / "map.pdf").write_bytes(base64.b64decode(browser.driver.print_page()))
    page = tmp_path / "page"
    pdf = ["pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-png", "-singlefile"]
    subprocess.run([*pdf, str(tmp_path / "map.pdf"), str(page)], check=True)
    paper = np.asarray(Image.open(page.with_suffix(".png")).convert("RGB"), np.int16)
    red = (paper[:, :, 0] > 200) & (paper[:, :, 1] < 60) & (paper[:, :, 2] < 60)
    assert red.sum() > 60, "the discs of the backdrop are on the paper"


def test_an_approval_number_that_is_missing_or_odd_is_spoken_of(
    park: MapData, tiles: Path, tmp_path: Path
) -> None:
    told = {"tiles": (str(tiles / "t.mbtiles"),)}
    for approval, code in (("", "no_approval"), ("批准", "odd_approval"), ("京S(2023)028号", None)):
        receipt = written(tmp_path / "map.html", park, approval=approval, **told)
        told_of_it = [one for one in codes(receipt) if "approval" in one]
        assert told_of_it == ([code] if code else [])
    with pytest.raises(UsageError, match="backdrop"):
        BackdropWishes(page=tmp_path / "x.html", approval="GS(2024)0650号").part()
    assert BackdropWishes(page=tmp_path / "x.html").part() is None


def key(page: Any, name: str, code: int) -> None:
    event = {"key": name, "code": name, "windowsVirtualKeyCode": code}
    if name == " ":
        event |= {"code": "Space", "text": " "}
    for kind in ("keyDown", "keyUp"):
        page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, **event})


def test_every_choice_is_reached_by_keyboard(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    geopandas.GeoDataFrame(geometry=[shapely.box(103.8, 36.05, 103.81, 36.055)], crs=4490).to_file(
        tmp_path / "plan.gpkg"
    )
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / "t.mbtiles"),), layers=(str(tmp_path / "plan.gpkg"),))
    page = browser
    page.open(path)
    focused = "return document.activeElement.id || document.activeElement.className"
    page.run("document.querySelector('.lw-layers-open').focus()")
    page.key("Enter")
    assert page.run("return document.querySelector('.lw-layers-open').ariaExpanded") == "true"
    page.key("Tab")
    assert page.run(focused) == "lw-backdrop0"
    key(page, "ArrowDown", 40)
    assert page.run(focused) == "lw-backdrop-1"
    assert page.run("return document.getElementById('lw-backdrop-1').checked")
    key(page, "ArrowUp", 38)
    page.key("Tab")
    assert page.run(focused) == "lw-strength"
    key(page, "ArrowLeft", 37)
    assert "95%" in page.run("return document.querySelector('.lw-strength').innerText")
    page.key("Tab")
    assert page.run(focused) == "lw-over-parks"
    key(page, " ", 32)
    assert page.run("return window.map_landwatch.getPane('zones').hidden")
    page.key("Tab")
    assert page.run(focused) == "lw-over0"
    key(page, " ", 32)
    assert page.run("return document.querySelectorAll('.leaflet-layers-pane canvas').length") == 0
    page.run("document.querySelector('#lw-list .lw-line').click()")
    page.run("document.getElementById('lw-over0').focus()")
    page.key("Escape")
    assert page.run(focused) == "lw-layers-open"
    assert page.run("return document.getElementById('lw-layers').hidden")
    assert not page.run("return document.getElementById('lw-card').hidden"), (
        "Escape closes one thing"
    )
    assert page.complaints() == []


HOSTILE = [
    "<img src=x onerror=window.ran=1>",
    "</script><script>window.ran=1</script>",
    "`${window.ran=1}`",
    "{{window.ran=1}}",
    "javascript:window.ran=1",
    "\u202e限公司\u202c",
    "<svg onload=window.ran=1>",
    "'\"><b>甲</b>",
]


def test_what_files_say_of_themselves_is_only_ever_text(
    browser: Any, park: MapData, tmp_path: Path
) -> None:
    shapes = [shapely.Point(103.80 + 0.0015 * row, 36.049) for row in range(len(HOSTILE))]
    frame = geopandas.GeoDataFrame({"n": HOSTILE}, geometry=shapes, crs=4490)
    frame.to_file(tmp_path / "plan.gpkg")
    path = tmp_path / "map.html"
    sources = []
    for row, word in enumerate(HOSTILE):
        told = coloured(around(*PARK, [14], 1))
        sources.append(str(mbtiles(tmp_path / f"{row}.mbtiles", told, name=word, attribution=word)))
    layers = [f"{tmp_path / 'plan.gpkg'},label=n,name={word}" for word in HOSTILE]
    written(
        path,
        park,
        layers=tuple(layers),
        tiles=tuple(sources),
        credit=HOSTILE[0],
        approval=HOSTILE[1],
    )
    browser.open(path)
    browser.wait("return document.querySelectorAll('.lw-layer-label').length || null")
    browser.run(OPEN)
    for row in range(len(HOSTILE)):
        browser.run(PICK, f"lw-backdrop{row}")
    browser.wait(CAME)
    browser.run("document.getElementById('lw-lang').click()")
    assert HOSTILE[0] in browser.run(CREDIT)
    names = "\n".join(browser.run(NAMES))
    assert all(word[:60] in names for word in HOSTILE)
    labels = browser.run(
        "return [...document.querySelectorAll('.lw-layer-label')].map((l) => l.textContent)"
    )
    assert set(labels) & set(HOSTILE)
    strange = """return document.querySelectorAll(
      ":is(.lw-layers, .lw-credit, .lw-layer-label) :is(iframe, svg, b, img, script)").length"""
    assert (browser.run("return window.ran ?? 0"), browser.run(strange)) == (0, 0)
    assert browser.complaints() == []


def test_a_layer_is_drawn_where_it_lies_and_can_be_taken_away(
    browser: Any, park: MapData, tmp_path: Path
) -> None:
    roads = [shapely.LineString([(103.79, y), (103.82, y)]) for y in (36.049, 36.0555)]
    geopandas.GeoDataFrame(geometry=roads, crs=4490).to_crs(4546).to_file(tmp_path / "plan.gpkg")
    path = tmp_path / "map.html"
    written(path, park, layers=(f"{tmp_path / 'plan.gpkg'},colour=#0000ff",))
    browser.open(path)
    browser.wait("return document.querySelectorAll('.leaflet-layers-pane canvas').length || null")
    browser.run(GO, *PARK, 16)
    browser.run(BARE)
    browser.wait("return document.querySelector('.leaflet-layers-pane canvas.leaflet-tile-loaded')")
    for latitude in (36.049, 36.0555):
        red, green, blue = colour_at(browser, 103.8, latitude)
        assert blue > 200 and red < 90 and green < 90
    before = (seen(browser) == [0, 0, 255]).all(axis=2).sum()
    browser.run(OPEN)
    browser.run(PICK, "lw-over0")
    browser.run(OPEN)
    assert before > 500 > (seen(browser) == [0, 0, 255]).all(axis=2).sum()


def test_a_link_opens_the_page_with_the_same_backdrop_and_rubbish_as_at_first(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / "t.mbtiles"), str(tiles / "t.pmtiles")))
    opened(browser, path)
    browser.run(OPEN)
    browser.run(PICK, "lw-backdrop1")
    browser.run(PICK, "lw-over-parks")
    address = browser.wait("return /base=1/.test(location.hash) && location.hash || null")
    assert "without=parks" in address
    chosen = "return document.querySelector('[name=lw-backdrop]:checked').id"
    for told, expected in (
        (address, "lw-backdrop1"),
        ("#lang=zh&base=none&strength=40", "lw-backdrop-2"),
        ("#lang=zh&base=%3Cimg%3E&strength=NaN&without=,,9,x", "lw-backdrop0"),
        ("#lang=zh&base=-7&strength=1e9", "lw-backdrop0"),
    ):
        browser.driver.get("about:blank")
        browser.driver.get(path.as_uri() + told)
        browser.wait("return document.documentElement.dataset.told")
        assert browser.wait(chosen) == expected, told
    assert browser.run("return window.map_landwatch.getPane('zones').hidden") is False


def test_a_block_that_was_cut_off_is_told_and_all_else_works(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / "t.mbtiles"),))
    text = path.read_text("utf-8")
    cut = re.sub(r'(id="landwatch-tiles-0">.{400})[^<]*', r"\1", text)
    assert cut != text
    path.write_text(cut, "utf-8")
    browser.open(path)
    browser.wait(NOTE)
    assert "展开失败" in browser.run(NOTE)
    assert "黄河机械" in browser.run("return document.getElementById('lw-list').innerText")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_panel_fits_the_map(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / "t.mbtiles"),), tianditu=TOKEN)
    browser.open(path, width=width, height=844)
    browser.run(OPEN)
    panel, box = browser.run(
        """return ["lw-layers", "lw-map"].map((id) =>
          document.getElementById(id).getBoundingClientRect().toJSON())"""
    )
    assert box["left"] <= panel["left"] and panel["right"] <= box["right"]
    assert box["top"] <= panel["top"] and panel["bottom"] <= box["bottom"]
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_a_folder_that_landwatch_did_not_make_is_never_replaced(
    park: MapData, tiles: Path, tmp_path: Path
) -> None:
    path, asked = tmp_path / "map.html", {"tiles": (str(tiles / "t.mbtiles"),), "beside": True}
    written(path, park, **asked)
    written(path, park, **asked)  # its own is
    before = path.read_bytes()
    (tmp_path / "map_tiles" / "landwatch-tiles.json").unlink()
    (tmp_path / "map_tiles" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(PageError, match="map_tiles"):
        written(path, park, **asked)
    assert (tmp_path / "map_tiles" / "mine.txt").read_text("utf-8") == "mine"
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map.html", "map_tiles"]


def test_both_languages_tell_the_same_choices(
    browser: Any, park: MapData, tiles: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    written(path, park, tiles=(str(tiles / "t.mbtiles"),), tianditu=TOKEN)
    opened(browser, path)
    browser.run(OPEN)
    chinese = browser.run(NAMES)
    browser.run("document.getElementById('lw-lang').click()")
    english = browser.run(NAMES)
    assert len(chinese) == len(english) == 6
    assert [one for one in english if "Tianditu streets" in one]
    assert "图层" not in browser.run("return document.querySelector('.lw-layers').innerText")
