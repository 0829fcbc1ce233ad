"""The user's own layers: brought to the map's coordinates, cut to the parcels, told in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from landwatch.errors import LandwatchError, PageError, UnknownNameError, UsageError
from landwatch.mapping.backdrops import layers as layers_room
from landwatch.mapping.backdrops.layer_wish import COLOURS, layer_wish
from landwatch.mapping.backdrops.layers import Layer, read_layer
from landwatch.mapping.backdrops.remarks import Remark

AREA = np.array([103.79, 36.04, 103.82, 36.06])
ROADS = [
    shapely.LineString([(103.79, 36.05), (103.82, 36.058)]),
    shapely.LineString([(103.80, 36.04), (103.806, 36.06)]),
]


def written(path: Path, shapes: list[Any], crs: Any = 4490, **columns: list[Any]) -> Path:
    """Write a layer of a GeoPackage."""
    columns = columns or {"name": [f"第{row}号" for row in range(len(shapes))]}
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs=4490)
    frame = frame.set_crs(None, allow_override=True) if crs is None else frame.to_crs(crs)
    frame.to_file(path, layer="道路", driver="GPKG")
    return path


def read(told: str, area: Any = AREA) -> Layer:
    layer = read_layer(layer_wish(told), area)
    assert isinstance(layer, Layer)
    return layer


@pytest.mark.parametrize("crs", [4490, 4326, 4546, 4523, 3857])
def test_a_layer_of_any_system_lands_on_the_same_place(tmp_path: Path, crs: int) -> None:
    path = written(tmp_path / "plan.gpkg", ROADS, crs)
    layer = read(f"{path},label=name")
    assert sorted(layer.labels) == ["第0号", "第1号"]
    assert layer.kind == "line"
    for shape, label in zip(layer.shapes, layer.labels, strict=True):
        far = shapely.hausdorff_distance(shape, ROADS[int(label[1])])
        assert far < 5e-6, "half a metre"


def test_points_lines_and_areas_are_all_taken(tmp_path: Path) -> None:
    point = [shapely.Point(103.80, 36.05), shapely.MultiPoint([(103.81, 36.05), (103.8, 36.051)])]
    area = [shapely.box(103.80, 36.05, 103.81, 36.055)]
    assert read(str(written(tmp_path / "p.gpkg", point))).kind == "point"
    layer = read(str(written(tmp_path / "a.gpkg", area)))
    assert layer.kind == "area"
    assert shapely.area(layer.shapes[0]) == pytest.approx(area[0].area, rel=1e-6)
    assert layer.block()


def test_how_a_layer_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "规划.gpkg", ROADS)
    plain = layer_wish(f"{path}")
    assert (plain.path, plain.layer, plain.name, plain.colour) == (path, None, "规划", COLOURS[0])
    told = f"{path}:道路,name=控规道路, label=路名,colour=#A1b2C3,crs=EPSG:4546"
    full = layer_wish(told)
    assert (full.path, full.layer, full.name) == (path, "道路", "控规道路")
    assert (full.label, full.colour, full.crs) == ("路名", "#A1b2C3", "EPSG:4546")
    assert layer_wish(str(path), 5).colour == COLOURS[1]
    assert layer_wish("C:\\没有\\x.gpkg").layer is None
    for colour in ("red", "#12", "url(x)", "#12345g", "#6a3d9a;x"):
        with pytest.raises(UsageError, match="colour"):
            layer_wish(f"{path},colour={colour}")


def test_what_lies_far_from_the_parcels_is_left_out_and_told(tmp_path: Path) -> None:
    far = shapely.LineString([(87.6, 43.8), (87.7, 43.9)])
    layer = read(str(written(tmp_path / "a.gpkg", [*ROADS, far])))
    assert len(layer.shapes) == 2
    assert [remark.code.rpartition(".")[2] for remark in layer.remarks] == ["layer_far"]
    none = read_layer(layer_wish(str(written(tmp_path / "b.gpkg", [far]))), AREA)
    assert isinstance(none, Remark)
    assert "doctor coordinates b.gpkg" in none.in_words("zh")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_system_that_nobody_names_is_not_guessed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", ROADS, None)
    with pytest.raises(PageError, match="names no coordinate system"):
        read(str(path))
    assert len(read(f"{path},crs=EPSG:4490").shapes) == 2
    with pytest.raises(LandwatchError):
        read(f"{path},crs=EPSG:1")


def test_an_old_datum_is_taken_and_its_doubt_said(tmp_path: Path) -> None:
    layer = read(str(written(tmp_path / "a.gpkg", ROADS, 4610)))
    (remark,) = layer.remarks
    assert "Xian 1980" in remark.in_words("zh")


def test_a_file_of_several_layers_needs_one_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", ROADS)
    geopandas.GeoDataFrame(geometry=ROADS, crs=4490).to_file(path, layer="水系", driver="GPKG")
    with pytest.raises(PageError, match="道路、水系"):
        read(str(path))
    assert len(read(f"{path}:水系").shapes) == 2
    with pytest.raises(UnknownNameError, match="水系"):
        read(f"{path}:水糸")


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", ROADS)
    with pytest.raises(UnknownNameError, match="name"):
        read(f"{path},label=nane")


def test_labels_are_one_line_and_short(tmp_path: Path) -> None:
    names = ["甲\n\t 乙" + "丙" * 500, None]
    layer = read(f"{written(tmp_path / 'a.gpkg', ROADS, name=names)},label=name")
    assert sorted(layer.labels) == ["", "甲 乙" + "丙" * 77]


def test_a_layer_too_large_for_a_page_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.gpkg", ROADS)
    monkeypatch.setattr(layers_room, "MOST_SHAPES", 1)
    with pytest.raises(PageError, match="more than 1 shapes"):
        read(str(path))


def test_a_winding_line_is_simplified_and_it_is_said_how_far_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = np.linspace(0, 1, 4000)
    river = np.column_stack([103.79 + 0.03 * turn, 36.05 + 2e-5 * np.sin(900 * turn)])
    path = written(tmp_path / "a.gpkg", [shapely.LineString(river)])
    monkeypatch.setattr(layers_room, "MOST_CORNERS", 100)
    layer = read(str(path))
    assert shapely.get_num_coordinates(layer.shapes).sum() <= 100
    assert "偏差" in layer.remarks[0].in_words("zh")
    wild = river + np.random.default_rng(1).normal(0, 0.002, river.shape)
    path = written(tmp_path / "b.gpkg", [shapely.LineString(wild)])
    with pytest.raises(PageError, match="corners"):
        read(str(path))


def test_files_that_are_none_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="nowhere"):
        read(str(tmp_path / "nowhere.gpkg"))
    (tmp_path / "b.gpkg").write_bytes(b"SQLite format 3\0" + b"\xff" * 400)
    with pytest.raises(LandwatchError):
        read(str(tmp_path / "b.gpkg"))


def test_shapes_without_a_place_are_walked_around(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", [*ROADS, None, shapely.LineString()])
    assert len(read(str(path)).shapes) == 2
