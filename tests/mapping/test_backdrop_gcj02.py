"""Tiles of internet maps are laid where they belong: held against the formula at 200 places."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from landwatch.geo.shifts import Shift, shifted, unshifted
from tests.mapping.backdrop_files import world

MODULES = Path(__file__).parents[2] / "landwatch" / "mapping" / "page_modules"
METRES_ROUND = 40_075_017
ASK = """
import { readFileSync } from "node:fs";
import { toGcj02 } from "./page_modules/gcj02.js";
import { pieces } from "./page_modules/warping.js";
const cutting = { matrix: "w", gcj02: true, highest: 18 };
const told = JSON.parse(readFileSync("places.json", "utf-8"));
/* Where on the page the dot of a tile that shows a place comes to lie, as a part of the world. */
function laid({ zoom, true_x, true_y, tile_x, tile_y }) {
  const [x, y] = [Math.floor(true_x * 2 ** zoom), Math.floor(true_y * 2 ** zoom)];
  for (const piece of pieces({ x, y, z: zoom }, cutting, 256)) {
    const u = tile_x * 2 ** zoom * 256 - piece.column * 256 - piece.sx;
    const v = tile_y * 2 ** zoom * 256 - piece.row * 256 - piece.sy;
    if (u < -1 || v < -1 || u > piece.sw + 1 || v > piece.sh + 1) continue;
    const dx = piece.dx + (u / piece.sw) * piece.dw;
    const dy = piece.dy + (v / piece.sh) * piece.dh;
    return [(x + dx / 256) / 2 ** zoom, (y + dy / 256) / 2 ** zoom];
  }
  return null;
}
console.log(JSON.stringify({
  moved: told.map(({ longitude, latitude }) => toGcj02(longitude, latitude)),
  laid: told.map(laid),
}));
"""


def node() -> str:
    found = shutil.which("node")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node is not there, and CI must have it")
        pytest.skip("node is not there")
    return found


@pytest.mark.timeout(60)
def test_each_of_200_places_is_laid_within_a_metre_and_a_dot(tmp_path: Path) -> None:
    draw = np.random.default_rng(7)
    true = np.column_stack([draw.uniform(74, 134, 200), draw.uniform(18.5, 53, 200)])
    drawn = shifted(true, Shift.GCJ02)
    zooms = draw.integers(3, 19, 200)
    places = []
    for (east, north), (tile_east, tile_north), zoom in zip(
        true.tolist(), drawn.tolist(), zooms.tolist(), strict=True
    ):
        (true_x, true_y), (tile_x, tile_y) = world(east, north), world(tile_east, tile_north)
        places.append(
            {"longitude": east, "latitude": north, "zoom": zoom, "true_x": true_x}
            | {"true_y": true_y, "tile_x": tile_x, "tile_y": tile_y}
        )
    shutil.copytree(MODULES, tmp_path / "page_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "places.json").write_text(json.dumps(places), "utf-8")
    (tmp_path / "ask.mjs").write_text(ASK, "utf-8")
    ran = subprocess.run(
        [node(), "ask.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    told = json.loads(ran.stdout)
    moved = np.array(told["moved"])
    assert np.abs(moved - drawn).max() < 1e-9, "a tenth of a millimetre"
    assert np.abs(unshifted(moved, Shift.GCJ02) - true).max() < 1e-8
    checked = 0
    for place, laid in zip(places, told["laid"], strict=True):
        if laid is None:
            continue  # its dot lies on the neighbouring tile of the page
        metre = 1 / (METRES_ROUND * np.cos(np.radians(place["latitude"])))
        dot = 1 / (256 * 2 ** place["zoom"])
        off = np.hypot(laid[0] - place["true_x"], laid[1] - place["true_y"])
        assert off < metre + dot, place
        checked += 1
    assert checked > 190
