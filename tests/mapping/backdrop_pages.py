"""Pages with backdrops for the tests: written, opened, and looked at dot by dot."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from landwatch.mapping.backdrops.remarks import Remark
from landwatch.mapping.backdrops.wishes import BackdropWishes
from landwatch.mapping.data import MapData
from landwatch.mapping.page import PageReceipt, write_page

POLICY = re.compile(r'Content-Security-Policy" content="([^"]*)"')
CREDIT = "const c = document.querySelector('.lw-credit'); return c.hidden ? '' : c.innerText"
NOTE = "return document.querySelector('.lw-backdrop-note').innerText"
CAME = """
    const images = [...document.querySelectorAll(".leaflet-tile-pane :is(img, canvas)")];
    return images.length && images.every((one) => one.classList.contains("leaflet-tile-loaded") &&
      (one.tagName === "CANVAS" || !one.hasAttribute("src") || one.naturalWidth)) || null;
"""
BARE = """
    for (const name of ["parcels", "zones", "mark", "markerPane"])
      window.map_landwatch.getPane(name).style.visibility = "hidden";
    const over = "#lw-map > :not(.folium-map, .lw-credit, .lw-backdrop-note, .lw-right)";
    const controls = ".leaflet-control-container, .lw-layers-open, .lw-summary";
    for (const one of document.querySelectorAll(`${over}, ${controls}`))
      one.style.visibility = "hidden";
"""
"""Leaves only what lies under the parcels, so that its dots can be looked at."""


def written(path: Path, park: MapData, **asked: Any) -> PageReceipt:
    """Write a page of the small park with what is asked for."""
    part = BackdropWishes(page=path, **asked).part()
    parts = park.parts if part is None else (*park.parts, part)
    return write_page(path, replace(park, parts=parts))


def codes(receipt: PageReceipt) -> list[str]:
    """Return what was remarked, by the last part of its key."""
    remarks = [one for one in receipt.remarks if isinstance(one, Remark)]
    return [remark.code.rpartition(".")[2] for remark in remarks]


def image_policy(path: Path) -> list[str]:
    """Return where a page may take pictures from."""
    found = POLICY.search(path.read_text("utf-8"))
    assert found
    (images,) = [rule for rule in found[1].split("; ") if rule.startswith("img-src ")]
    return images.split()[1:]


def seen(page: Any) -> NDArray[np.int16]:
    """Return what the window shows, as rows of dots."""
    shot = page.driver.get_screenshot_as_png()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), np.int16)


def dot_of(page: Any, longitude: float, latitude: float) -> tuple[float, float]:
    """Return where in the window a place of the map is."""
    x, y = page.run(
        """
        const map = window.map_landwatch, box = map.getContainer().getBoundingClientRect();
        const point = map.project([arguments[1], arguments[0]]).subtract(map.getPixelOrigin());
        const at = map.layerPointToContainerPoint(point);
        return [box.left + at.x, box.top + at.y];
        """,
        longitude,
        latitude,
    )
    return x, y


def colour_at(page: Any, longitude: float, latitude: float) -> tuple[int, ...]:
    """Return the colour that the window shows at a place."""
    x, y = dot_of(page, longitude, latitude)
    return tuple(seen(page)[int(y), int(x)].tolist())


def disc_off(page: Any, longitude: float, latitude: float) -> float:
    """Return how many dots the red disc around a place is off it."""
    x, y = dot_of(page, longitude, latitude)
    left, top = int(x) - 14, int(y) - 14
    near = seen(page)[top : top + 29, left : left + 29]
    red = (near[:, :, 0] > 180) & (near[:, :, 1] < 110) & (near[:, :, 2] < 110)
    assert red.sum() > 20, "no disc there"
    rows, columns = np.nonzero(red)
    return float(np.hypot(columns.mean() + 0.5 + left - x, rows.mean() + 0.5 + top - y))
