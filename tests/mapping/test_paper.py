"""The page on paper: its size, how many sheets, its scale, and what stands beside the map."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest

from landwatch.mapping.data import MapData

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]
SIZES = {
    ("a4", "portrait"): (595, 842),
    ("a4", "landscape"): (842, 595),
    ("a3", "portrait"): (842, 1191),
    ("a3", "landscape"): (1191, 842),
}
CHOOSE = """
    window.print = () => {};
    document.getElementById("lw-print").click();
    for (const one of arguments) document.getElementById(`lw-paper-${one}`).click();
    document.getElementById("lw-paper-print").click();
"""


def printed(page: Any, folder: Path, *choices: str) -> Path:
    """Print with some choices of the dialog, as the style sheet has the page."""
    page.run(CHOOSE, *choices)
    asked = {"printBackground": True, "preferCSSPageSize": True}
    told = page.driver.execute_cdp_cmd("Page.printToPDF", asked)
    path = folder / "page.pdf"
    path.write_bytes(base64.b64decode(told["data"]))
    return path


def ran(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def sheets_of(path: Path) -> tuple[int, tuple[float, float]]:
    """Return how many sheets there are, and the width and height of the first in points."""
    told = ran("pdfinfo", path)
    wide, high = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", told)[0]
    return int(re.findall(r"Pages:\s+(\d+)", told)[0]), (float(wide), float(high))


@pytest.fixture
def every_class(park: MapData) -> MapData:
    """The park with a contract in each gravity, so that the legend is as long as it gets."""
    gravities = ["exempt", "unknown", "not_applicable", "compliant", "breach", "due_soon", "breach"]
    return replace(park, contracts={**park.contracts, "gravity": gravities})


@pytest.mark.parametrize(("size", "way"), SIZES)
def test_only_the_map_fits_one_sheet_of_the_size_that_was_chosen(
    shown: Show, every_class: MapData, tmp_path: Path, size: str, way: str
) -> None:
    path = printed(shown(every_class), tmp_path, size, way, "map")
    sheets, measure = sheets_of(path)
    assert sheets == 1
    assert measure == pytest.approx(SIZES[size, way], abs=1.5)
    told = ran("pdftotext", path, "-")
    for words in ("黄河新区供地履约图", "第 3 次核对", "打印于", "北", "纯属虚构", "涉嫌"):
        assert words in told
    assert "结果：" not in told, "the list was not asked for"


def test_with_the_list_every_contract_is_there(shown: Show, park: MapData, tmp_path: Path) -> None:
    path = printed(shown(park), tmp_path, "a3", "landscape", "list")
    assert sheets_of(path)[1] == pytest.approx(SIZES["a3", "landscape"], abs=1.5)
    told = ran("pdftotext", path, "-")
    assert all(f"HT-{number}" in told for number in range(1, 8))


def test_the_scale_is_true_on_paper(shown: Show, park: MapData, tmp_path: Path) -> None:
    """Two parcels begin 2.4 thousandths of a degree apart: paper and ratio must agree on it."""
    path = printed(shown(park), tmp_path, "a4", "landscape", "map")
    ratio = int(re.findall(r"1:([\d,]+)", ran("pdftotext", path, "-"))[0].replace(",", ""))
    ran("pdftoppm", "-r", "144", "-singlefile", path, tmp_path / "page")
    pixels = read_ppm((tmp_path / "page.ppm").read_bytes())
    begins = [first_column(pixels, colour) for colour in ((191, 219, 236), (0xDA, 0x74, 0x22))]
    metres = pyproj.Geod(ellps="GRS80").inv(103.8, 36.0509, 103.8024, 36.0509)[2]
    told = (begins[1] - begins[0]) / 144 * 0.0254 * ratio
    assert told == pytest.approx(metres, rel=0.008), "a pixel of 245 is four thousandths"


def first_column(pixels: Any, colour: tuple[int, int, int]) -> int:
    """Return the first column in which a colour stands for a good part of a parcel."""
    there = np.abs(pixels.astype(int) - colour).max(axis=2) < 6
    return int(np.flatnonzero(there.sum(axis=0) > 100)[0])


def read_ppm(data: bytes) -> Any:
    _, size, _, rest = data.split(b"\n", 3)
    wide, high = (int(one) for one in size.split())
    return np.frombuffer(rest, np.uint8).reshape(high, wide, 3)


def test_what_is_on_the_screen_can_be_printed_instead_of_everything(
    shown: Show, park: MapData
) -> None:
    page = shown(park)
    page.run("window.map_landwatch.setView([36.0509, 103.8034], 19, {animate: false})")
    page.run(CHOOSE, "a4", "portrait", "map", "view")
    frame = """
        window.dispatchEvent(new Event("beforeprint"));
        const wide = window.map_landwatch.getBounds();
        const told = [wide.getEast() - wide.getWest(), window.map_landwatch.getCenter().lng];
        window.dispatchEvent(new Event("afterprint"));
        return [...told, window.map_landwatch.getZoom()];
    """
    wide, middle, after = page.run(frame)
    assert wide < 0.005
    assert middle == pytest.approx(103.8034, abs=1e-4)
    assert after == 19, "the screen is as it was"


def test_what_filters_left_out_is_said_on_paper(shown: Show, park: MapData, tmp_path: Path) -> None:
    page = shown(park)
    search = """
        const box = document.getElementById("lw-search");
        box.value = "HT-1";
        box.dispatchEvent(new Event("input"));
    """
    page.changed(search)
    told = ran("pdftotext", printed(page, tmp_path, "a4", "portrait", "map"), "-")
    assert "已筛选：图上 1 份合同，共 7 份" in told


def test_the_dialog_keeps_the_focus_and_closes_by_escape(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run("document.getElementById('lw-print').focus()")
    page.run("document.getElementById('lw-print').click()")
    inside = "return document.querySelector('.lw-paper-dialog').contains(document.activeElement)"
    assert page.run(inside)
    page.key("Escape")
    assert page.run("return document.querySelector('.lw-paper-dialog').open") is False
    assert page.run("return document.activeElement.id") == "lw-print"
    assert page.complaints() == []
