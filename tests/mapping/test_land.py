"""The land under the parcels: painted far out and deep in, by a theme's colours, not over tiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from landwatch.mapping.data import MapData

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Any]
LANZHOU, BOHAI = (103.83, 36.06), (119.9, 38.6)
LAND = """
    const [longitude, latitude, zoom] = arguments;
    const map = window.map_landwatch;
    map.setView([latitude, longitude], zoom, { animate: false });
    const box = map.getContainer().getBoundingClientRect();
    const point = map.latLngToContainerPoint([latitude, longitude]);
    for (const tile of document.querySelectorAll(".leaflet-backdrop-pane canvas")) {
      const at = tile.getBoundingClientRect();
      const x = Math.round(box.left + point.x - at.left);
      const y = Math.round(box.top + point.y - at.top);
      const inside = x >= 0 && y >= 0 && x < at.width && y < at.height;
      const now = Math.abs(at.width - tile.width / devicePixelRatio) < 1; // else of the zoom before
      const dots = devicePixelRatio;
      if (inside && now)
        return [...tile.getContext("2d").getImageData(x * dots, y * dots, 1, 1).data];
    }
    return null;
"""
THEME = """
    const box = document.getElementById("lw-theme");
    box.value = arguments[0];
    box.dispatchEvent(new Event("change"));
"""
LIGHT, DARK = [251, 250, 247, 255], [32, 38, 45, 255]


def test_land_is_painted_at_every_zoom_and_the_sea_is_not(shown: Show, park: MapData) -> None:
    page = shown(park)
    for zoom in (9, 12, 16, 21):
        assert page.run(LAND, *LANZHOU, zoom) == LIGHT, zoom
        assert page.run(LAND, *BOHAI, zoom) in (None, [0, 0, 0, 0]), zoom
    assert page.complaints() == []


def test_land_wears_the_theme_that_is_on(shown: Show, park: MapData) -> None:
    page = shown(park)
    page.run(LAND, *LANZHOU, 9)
    page.run(THEME, "dark")
    assert page.run(LAND, *LANZHOU, 9) == DARK
    page.run(THEME, "light")
    assert page.run(LAND, *LANZHOU, 9) == LIGHT
