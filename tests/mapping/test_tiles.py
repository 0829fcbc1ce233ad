"""Vector tiles: what another reader finds in them is what the scan says, where the parcel lies."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from pmtiles.tile import zxy_to_tileid

from landwatch.language.terms import Gravity
from landwatch.mapping.shapes import WORLD_BITS, world
from landwatch.mapping.style import CLASS_OF, CLASSES
from landwatch.mapping.tiles import thinning
from landwatch.mapping.tiles.attributes import attribute
from landwatch.mapping.tiles.data import Tile, TileData, in_world_units
from landwatch.mapping.tiles.places import BUFFER, curve_place, first_tile_id
from landwatch.mapping.tiles.pyramid import Pyramid
from tests.mapping import tile_reader

GRAVITIES = [gravity.value for gravity in Gravity]
LAST = 15


def data_of(shapes: Sequence[Any], gravities: Sequence[str] | None = None) -> TileData:
    """Parcels P-0, P-1, … with a gravity each."""
    drawn = np.empty(len(shapes), object)
    drawn[:] = shapes
    told = gravities or ["compliant"] * len(shapes)
    grave = np.array([CLASS_OF[one, False] for one in told])
    rows = range(len(shapes))
    return TileData(
        shapes=in_world_units(drawn),
        ids=np.arange(len(shapes)) + 1,
        told=[
            attribute("parcel", [f"P-{row}" for row in rows], "String", identity=True),
            attribute("class", [CLASSES[code].code for code in grave], "String"),
            attribute("days_past", [row - 3 if row % 2 else None for row in rows], "Number"),
            attribute("area_mu", [row + 0.25 for row in rows], "Number"),
        ],
        grave=grave,
        title="瓦片",
        as_of=date(2021, 7, 1),
    )


def some_parcels(count: int, seed: int = 3) -> tuple[list[Any], list[str]]:
    """Irregular parcels a street apart, some with a hole, some in two parts."""
    random = np.random.default_rng(seed)
    side = math.ceil(math.sqrt(count))
    shapes: list[Any] = []
    for row in range(count):
        west, south = 103.8 + row % side * 0.0024, 36.05 + row // side * 0.0022
        angles = np.sort(random.uniform(0, 2 * np.pi, 9))
        radius = random.uniform(0.0005, 0.001, 9)
        ring = np.column_stack([west + np.cos(angles) * radius, south + np.sin(angles) * radius])
        shape: Any = shapely.make_valid(shapely.Polygon(ring))
        if row % 5 == 0:
            shape = shape.difference(shapely.Point(west, south).buffer(0.0002, quad_segs=2))
        if row % 7 == 0:
            shape = shape.union(shapely.box(west + 0.0011, south, west + 0.0013, south + 0.0004))
        shapes.append(shapely.make_valid(shape))
    return shapes, random.choice(GRAVITIES, count).tolist()


def read(data: TileData, least: int = LAST, most: int = LAST) -> dict[tuple[int, int, int], Any]:
    """The layers of every tile."""
    return {
        (tile.zoom, tile.x, tile.y): tile_reader.layers(tile.data)
        for tile in Pyramid(data, least, most).tiles()
    }


def tile_at(
    longitude: float, latitude: float, zoom: int = LAST
) -> tuple[int, int, tuple[float, float]]:
    """Which tile a place lies in, and where in its 4096 steps, by the formula of the format."""
    x = (longitude + 180) / 360 * 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom
    return int(x), int(y), (x % 1 * 4096, y % 1 * 4096)


@pytest.fixture(scope="module")
def parcels() -> tuple[list[Any], list[str]]:
    return some_parcels(400)


@pytest.fixture(scope="module")
def found(parcels: tuple[list[Any], list[str]]) -> dict[tuple[int, int, int], Any]:
    return read(data_of(*parcels))


def test_tiles_are_numbered_as_pmtiles_numbers_them() -> None:
    for zoom in range(7):
        side = np.arange(1 << zoom)
        x, y = (each.ravel() for each in np.meshgrid(side, side))
        numbers = first_tile_id(zoom) + curve_place(zoom, x, y)
        expected = [zxy_to_tileid(zoom, *pair) for pair in zip(x.tolist(), y.tolist(), strict=True)]
        assert numbers.tolist() == expected


def test_a_tile_is_found_under_the_place_of_its_parcels(
    parcels: tuple[list[Any], list[str]], found: dict[tuple[int, int, int], Any]
) -> None:
    """At 200 random points the tile there holds the parcel that shapely finds, and no other."""
    shapes, random = parcels[0], np.random.default_rng(11)
    tree = shapely.STRtree(shapes)
    asked = hits = 0
    while asked < 200:
        place = random.uniform([103.798, 36.048], [103.85, 36.095])
        point = shapely.Point(place)
        if (
            min(shapes[row].boundary.distance(point) for row in tree.nearest([point]).tolist())
            < 1e-5
        ):
            continue  # nearer to a border than a tile is exact
        asked += 1
        x, y, steps = tile_at(*place.tolist())
        layer = found.get((LAST, x, y), {}).get("parcels")
        here = (
            [f for f in layer.features if f.shape.contains(shapely.Point(steps))] if layer else []
        )
        expected = {f"P-{row}" for row in tree.query(point, predicate="within").tolist()}
        assert {feature.tags["parcel"] for feature in here} == expected
        hits += bool(expected)
    assert hits > 30


def test_each_area_is_what_shapely_cuts_out_to_within_a_step(
    parcels: tuple[list[Any], list[str]], found: dict[tuple[int, int, int], Any]
) -> None:
    wide = 2.0 ** (WORLD_BITS - LAST)
    compared = 0
    for (_, x, y), layers in found.items():
        for feature in layers["parcels"].features:
            whole = shapely.transform(shapely.make_valid(parcels[0][feature.id - 1]), world)
            corner = np.array([x, y])
            steps = shapely.transform(whole, lambda at, c=corner: (at / wide - c) * 4096)
            cut = steps.intersection(shapely.box(-BUFFER, -BUFFER, 4096 + BUFFER, 4096 + BUFFER))
            # rounding moves a corner by half a step each way at most, and so a border
            assert feature.shape.hausdorff_distance(cut) <= 1.0
            assert abs(feature.shape.area - cut.area) <= cut.length * 0.75 + 1
            compared += 1
    assert compared > 400


def test_outer_rings_turn_clockwise_and_stand_before_their_holes(
    found: dict[tuple[int, int, int], Any],
) -> None:
    holes = 0
    for layers in found.values():
        for feature in layers["parcels"].features:
            areas = [tile_reader.twice_area(path) for path in feature.paths]
            assert areas[0] > 0
            assert 0 not in areas
            assert all(path[0] != path[-1] for path in feature.paths)
            assert all(a != b for path in feature.paths for a, b in itertools.pairwise(path))
            holes += any(area < 0 for area in areas)
    assert holes > 20


def test_a_parcel_has_one_number_and_one_telling_in_every_tile(
    parcels: tuple[list[Any], list[str]], found: dict[tuple[int, int, int], Any]
) -> None:
    told: dict[int, Any] = {}
    times = 0
    for layers in found.values():
        assert {(layer.version, layer.extent) for layer in layers.values()} == {(2, 4096)}
        numbers = [feature.id for feature in layers["parcels"].features]
        assert len(numbers) == len(set(numbers))
        for feature in layers["parcels"].features:
            assert told.setdefault(feature.id, feature.tags) == feature.tags
            times += 1
    assert times > len(told) == 400
    for number, tags in told.items():
        row = number - 1
        assert tags["parcel"] == f"P-{row}"
        assert tags["class"] == parcels[1][row]
        assert tags["area_mu"] == row + 0.25
        assert tags.get("days_past") == (row - 3 if row % 2 else None), (
            "what is not told has no key"
        )


def test_every_parcel_is_told_at_every_zoom_as_an_area_or_by_a_point(
    parcels: tuple[list[Any], list[str]],
) -> None:
    data = data_of(*parcels)
    pyramid = Pyramid(data, 0, LAST)
    points: dict[int, int] = dict.fromkeys(range(LAST + 1), 0)
    breaches = dict(points)
    for tile in pyramid.tiles():
        for feature in read_layer(tile, "parcel_points"):
            points[tile.zoom] += feature.tags["count"]
            breaches[tile.zoom] += feature.tags["breaches"]
    for zoom in pyramid.zooms:
        assert zoom.areas + zoom.points == 400, zoom
        assert zoom.points == points[zoom.zoom], zoom
    assert pyramid.zooms[0].areas == 0
    assert pyramid.zooms[-1].points == 0
    assert breaches[0] == parcels[1].count("breach")


def read_layer(tile: Tile, name: str) -> list[Any]:
    layers = tile_reader.layers(tile.data)
    return layers[name].features if name in layers else []


def test_a_point_speaks_for_the_gravest_of_its_cell() -> None:
    shapes = [shapely.box(103.8, 36, 103.8001 + 1e-5 * row, 36.0001) for row in range(5)]
    data = data_of(shapes, ["compliant", "unknown", "breach", "exempt", "breach"])
    [layers] = read(data, 6, 6).values()
    [point] = layers["parcel_points"].features
    assert (point.tags["class"], point.tags["count"], point.tags["breaches"]) == ("breach", 5, 2)
    assert "parcel" not in point.tags, "it stands for more than one"


def test_a_parcel_too_thin_for_the_tile_becomes_a_point_and_is_not_lost() -> None:
    data = data_of([shapely.box(103.8, 36, 103.81, 36 + 1e-8)], ["breach"])
    tiles = read(data)
    told = [f for layers in tiles.values() for name in layers for f in layers[name].features]
    assert [(feature.kind, feature.tags["parcel"]) for feature in told] == [(1, "P-0")]


def test_a_wide_area_fills_the_tiles_that_it_covers_and_no_others() -> None:
    ring = shapely.Point(104, 36).buffer(0.2, quad_segs=32)
    shape = ring.difference(ring.buffer(-0.01))
    tiles = read(data_of([shape]), 14, 14)
    squares = {
        (x, y): shapely.box(*(side / 2**14 for side in (x, y, x + 1, y + 1))) for _, x, y in tiles
    }
    drawn = shapely.transform(shape, lambda at: world(at) / 2**WORLD_BITS)
    assert all(square.buffer(0.02 / 2**14).intersects(drawn) for square in squares.values())
    whole = shapely.union_all(list(squares.values()))
    assert whole.buffer(1e-12).covers(drawn)


def test_a_crossed_ring_is_mended_and_drawn() -> None:
    crossed = shapely.Polygon([(103.8, 36), (103.81, 36.01), (103.81, 36), (103.8, 36.01)])
    tiles = read(data_of([crossed]), 13, 13)
    areas = [f.shape.area for layers in tiles.values() for f in layers["parcels"].features]
    assert sum(areas) > 0


def test_a_shape_that_is_mended_to_nothing_is_still_told_by_a_point() -> None:
    polar = shapely.box(10, 86, 20, 87)  # beyond the latitude at which the maps of tiles end
    near = shapely.box(10, 80, 10.1, 80.1)
    pyramid = Pyramid(data_of([polar, near], ["breach", "compliant"]), 0, 3)
    tiles = list(pyramid.tiles())
    assert [zoom.areas + zoom.points for zoom in pyramid.zooms] == [2, 2, 2, 2]
    told = [f.tags for tile in tiles if tile.zoom == 3 for f in read_layer(tile, "parcel_points")]
    assert sum(tags["breaches"] for tags in told) == 1


def test_a_tile_that_grows_too_large_tells_less_of_the_quiet_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes, gravities = some_parcels(900)
    data = data_of(shapes, gravities)
    plain = Pyramid(data, 12, 12)
    whole = list(plain.tiles())
    limit = max(len(tile.data) for tile in whole) * 9 // 10
    monkeypatch.setattr("landwatch.mapping.tiles.batches.MOST_BYTES", limit)
    pyramid = Pyramid(data, 12, 12)
    tiles = list(pyramid.tiles())
    [zoom] = pyramid.zooms
    assert zoom.thinned >= 1
    assert max(len(tile.data) for tile in tiles) <= limit
    assert zoom.areas + zoom.points == 900
    features = [feature for tile in tiles for feature in read_layer(tile, "parcels")]
    breaches = [feature for feature in features if feature.tags["class"] == "breach"]
    assert {feature.id for feature in breaches} == {
        row + 1 for row, gravity in enumerate(gravities) if gravity == "breach"
    }
    unnamed = {feature.tags["class"] for feature in features if "parcel" not in feature.tags}
    assert unnamed
    assert "breach" not in unnamed


def test_even_the_smallest_tile_counts_every_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes, gravities = some_parcels(900)
    monkeypatch.setattr("landwatch.mapping.tiles.batches.MOST_BYTES", 10)
    tiles = list(Pyramid(data_of(shapes, gravities), 12, 12).tiles())
    assert not any(read_layer(tile, "parcels") for tile in tiles)
    points = [feature.tags for tile in tiles for feature in read_layer(tile, "parcel_points")]
    assert sum(tags["count"] for tags in points) == 900
    assert sum(tags["breaches"] for tags in points) == gravities.count("breach")


def test_the_levels_take_from_the_quiet_before_the_grave() -> None:
    for level in thinning.LEVELS:
        assert level.quiet >= level.speaking >= level.breach
        assert list(level.named) == sorted(level.named)


def test_the_same_scan_gives_the_same_tiles(parcels: tuple[list[Any], list[str]]) -> None:
    data = data_of(*parcels)
    assert list(Pyramid(data, 9, 13).tiles()) == list(Pyramid(data, 9, 13).tiles())


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        ("黄河<img src=x onerror=alert(1)>", "String", "黄河<img src=x onerror=alert(1)>"),
        (-31, "Number", -31),
        (0, "Number", 0),
        (853, "Number", 853),
        (2**40, "Number", 2**40),
        (12.75, "Number", 12.75),
        (-0.5, "Number", -0.5),
        (True, "Boolean", True),
    ],
)
def test_a_value_is_read_as_it_was_told(value: Any, kind: str, told: Any) -> None:
    one = attribute("a", [value], kind)
    [(number, body)] = tile_reader.parts(one.body.tobytes())
    assert number == 4
    assert tile_reader.told(body) == told


@pytest.mark.parametrize("value", [None, "", float("nan")], ids=["none", "blank", "nan"])
def test_what_is_not_told_has_no_value(value: Any) -> None:
    one = attribute("a", [value, 3], "Number")
    assert one.codes.tolist() == [-1, 0]
