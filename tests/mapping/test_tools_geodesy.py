"""The page's geodesy, run by node, against pyproj."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest

MODULES = Path(__file__).parents[2] / "landwatch" / "mapping" / "page_modules"
ELLIPSOID = pyproj.Geod(a=6378137, rf=298.257222101)
ASK = """
import { readFileSync } from "node:fs";
import { areaM2, distanceM, placeOfPlane, planeOf } from "./geodesy.js";
import { readCoordinate } from "./coordinates.js";
const asked = JSON.parse(readFileSync(0, "utf-8"));
const told = {
  lengths: asked.pairs.map(([a, b, c, d]) => distanceM({ lng: a, lat: b }, { lng: c, lat: d })),
  areas: asked.rings.map((ring) => areaM2(ring.map(([lng, lat]) => ({ lng, lat })))),
  planes: asked.places.map(([lng, lat, m]) => planeOf({ lng, lat }, m)),
  backs: asked.planes.map(([north, east, m]) => placeOfPlane(north, east, m)),
  read: asked.typed.map((text) => readCoordinate(text, 105)),
};
process.stdout.write(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Ask the modules, and keep what was asked beside what they told."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node is not there, and CI must have it")
        pytest.skip("node is not there")
    folder = tmp_path_factory.mktemp("geodesy")
    for name in ("geodesy.js", "coordinates.js"):
        shutil.copy(MODULES / name, folder)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "ask.js").write_text(ASK, "utf-8")
    asked = questions()
    ran = subprocess.run(
        [node, "ask.js"],
        cwd=folder,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return asked, json.loads(ran.stdout)


def questions() -> dict[str, Any]:
    """Return places all over China, and lines and rings of ten metres to five hundred km."""
    random = np.random.default_rng(6)
    places = random.uniform([73.5, 18], [135, 53.5], (300, 2))
    reach = 10 ** random.uniform(-4, 0.7, 300)
    pairs = np.column_stack([places, places + random.normal(0, 1, (300, 2)) * reach[:, None]])
    rings = []
    for (lng, lat), size in zip(places, np.minimum(reach, 2.5), strict=True):
        angles = np.sort(random.uniform(0, 2 * np.pi, 7))
        radius = size * random.uniform(0.5, 1, 7)
        ring = np.column_stack([lng + radius * np.cos(angles), lat + radius * np.sin(angles)])
        rings.append(ring.tolist())
    meridians = 3 * np.clip(np.round(places[:, 0] / 3), 25, 45)
    planes = [
        (*projected(lng, lat, meridian)[::-1], meridian)
        for (lng, lat), meridian in zip(places, meridians.tolist(), strict=True)
    ]
    belts = [
        f"{north:.3f}, {east + meridian / 3 * 1e6:.3f}" for north, east, meridian in planes[:50]
    ]
    return {
        "pairs": pairs.tolist(),
        "rings": rings,
        "places": np.column_stack([places, meridians]).tolist(),
        "planes": planes,
        "typed": belts,
    }


def projected(lng: float, lat: float, meridian: float) -> tuple[float, float]:
    """Return easting and northing in the system that EPSG has for a meridian's belt."""
    system = pyproj.CRS.from_epsg(4534 + (int(meridian) - 75) // 3)
    way = pyproj.Transformer.from_crs(4490, system, always_xy=True)
    east, north = way.transform(lng, lat)
    return east, north


def test_lengths_are_those_of_geodesics_to_a_hundredth_of_a_percent(answers: Any) -> None:
    asked, told = answers
    pairs = np.array(asked["pairs"])
    meant = ELLIPSOID.inv(*pairs.T)[2]
    assert np.abs(np.array(told["lengths"]) / meant - 1).max() < 1e-7


def test_areas_are_those_of_geodesic_rings_to_a_hundredth_of_a_percent(answers: Any) -> None:
    asked, told = answers
    meant = [abs(ELLIPSOID.polygon_area_perimeter(*np.array(ring).T)[0]) for ring in asked["rings"]]
    assert np.abs(np.array(told["areas"]) / meant - 1).max() < 1e-4


def test_a_belt_is_projected_and_undone_to_a_millimetre(answers: Any) -> None:
    asked, told = answers
    planes = np.array(asked["planes"])
    forth = np.array([[one["northing"], one["easting"]] for one in told["planes"]])
    assert np.abs(forth - planes[:, :2]).max() < 1e-3
    there = np.array(asked["places"])
    back = np.array([[one["lng"], one["lat"]] for one in told["backs"]])
    apart = ELLIPSOID.inv(*there[:, :2].T, *back.T)[2]
    assert np.max(apart) < 1e-3


def test_a_typed_coordinate_of_a_numbered_belt_is_read_where_it_lies(answers: Any) -> None:
    asked, told = answers
    there = np.array(asked["places"])[:50]
    back = np.array([[one["lng"], one["lat"]] for one in told["read"]])
    assert np.max(ELLIPSOID.inv(*there[:, :2].T, *back.T)[2]) < 0.01
    systems = [4488 + int(meridian) // 3 for meridian in there[:, 2]]
    assert [one["epsg"] for one in told["read"]] == systems
