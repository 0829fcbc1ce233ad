"""`landwatch doctor coordinates`: what it saw, what it proposes, and that nothing is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import box, mapping

from landwatch import commands
from landwatch.errors import InputRefusedError, UsageError
from landwatch.geo.frames import division_frame
from landwatch.geo.shifts import Shift, shifted

UNIT = "620123001001GB00001W00000000"


def parcels(count: int = 60, *, near: float | None = None) -> list[Any]:
    """Parcels of 榆中县, or of the strip along its line."""
    county = division_frame("620123")
    assert county is not None
    area = shapely.buffer(county.shape, -0.0015)
    if near is not None:
        area = shapely.difference(area, shapely.buffer(county.shape, -near))
    shapely.prepare(area)
    rng = np.random.default_rng(11)
    west, south, east, north = county.shape.bounds
    found: list[Any] = []
    while len(found) < count:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if area.contains(one := box(x, y, x + 0.001, y + 0.001)):
            found.append(one)
    return found


def in_crs(shapes: list[Any], epsg: int, *, swap: bool = False) -> list[Any]:
    way = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)

    def bring(pairs: Any) -> Any:
        moved = np.column_stack(way.transform(pairs[:, 0], pairs[:, 1]))
        return moved[:, ::-1] if swap else moved

    return [shapely.transform(one, bring) for one in shapes]


def write(path: Path, shapes: list[Any], crs: str | None, unit: str = "") -> Path:
    import fiona

    schema = {"geometry": "Polygon", "properties": {"parcel_id": "str", "unit_code": "str"}}
    options = {"crs": crs} if crs else {}
    with fiona.open(path, "w", driver="GPKG", schema=schema, **options) as sink:
        for at, shape in enumerate(shapes):
            told = {"parcel_id": f"G{at}", "unit_code": unit}
            sink.write({"properties": told, "geometry": mapping(shape)})
    return path


def seen(path: Path, **options: Any) -> Any:
    found = commands.doctor_coordinates(path, **options)
    assert len(found.layers) == 1
    return found.layers[0]


def codes(layer: Any) -> list[str]:
    return [one.code for one in layer.sightings]


def proposed(layer: Any) -> str | None:
    best = layer.found.proposed
    return None if best is None else best.reading.option


@pytest.mark.parametrize(
    ("written_in", "says", "swap", "code", "option"),
    [
        (4490, "EPSG:4490", False, None, None),
        (4523, "EPSG:4523", False, None, None),
        (4490, "EPSG:4326", False, "wgs84", None),
        (4523, None, False, "crs_missing", "--cure belt:35"),
        (4523, "EPSG:4523", True, "swapped", "--cure swap"),
        (4544, None, True, "swapped", "--cure swap+belt:35"),
        (4490, "EPSG:4523", False, "degrees_in_metres", "--cure degrees"),
        (4544, "EPSG:4490", False, "metres_in_degrees", "--cure belt:35"),
        (4544, "EPSG:4523", False, "prefix_missing", "--cure belt:35"),
        (4523, "EPSG:4524", False, "belt_differs", "--cure belt:35"),
        (4523, "EPSG:4496", False, "belt_width", "--cure belt:35"),
        (4544, "EPSG:4545", False, "belt_wrong", "--cure belt:35"),
        (3857, "EPSG:4490", False, "web_mercator", "--cure web_mercator"),
        (2359, "EPSG:2359", False, "xian_1980", None),
        (2411, "EPSG:2411", False, "beijing_1954", None),
        (4523, None, False, "datum_assumed", "--cure belt:35"),
        (4544, None, False, "utm_too", "--cure belt:35"),
    ],
)
def test_what_is_wrong_is_named_and_its_cure_proposed(
    written_in: int, says: str | None, swap: bool, code: str | None, option: str | None,
    tmp_path: Path,
) -> None:  # fmt: skip
    path = write(tmp_path / "a.gpkg", in_crs(parcels(), written_in, swap=swap), says, UNIT)
    layer = seen(path)
    assert proposed(layer) == option
    assert codes(layer) == [] if code is None else code in codes(layer)
    if option is not None:
        wrong = [one for one in layer.sightings if one.severity == "wrong"]
        assert wrong
        assert {one.cure for one in wrong} == {option}
        assert [each.name for each in layer.found.proposed.districts] == ["榆中县"]


def test_the_proposed_cure_is_what_the_import_needs(tmp_path: Path) -> None:
    from landwatch.language.columns import Kind
    from landwatch.ledger import Instructions, read_ledger

    honest = parcels(20)
    path = write(tmp_path / "a.gpkg", in_crs(honest, 4544, swap=True), "EPSG:4490", UNIT)
    option = proposed(seen(path))
    assert option is not None
    intake = read_ledger(
        Kind.PARCELS, path, Instructions(cure=option.removeprefix("--cure ").strip())
    )
    areas = [record.values["geometry"] for batch in intake.batches() for record in batch.records]
    for area, shape in zip(areas, honest, strict=True):
        assert shapely.hausdorff_distance(area, shape) < 1e-8


@pytest.mark.parametrize("shift", list(Shift))
def test_an_internet_map_is_a_likeness_with_its_consequence(shift: Shift, tmp_path: Path) -> None:
    honest = parcels(200, near=0.005)
    drawn = [shapely.transform(one, lambda pairs: shifted(pairs, shift)) for one in honest]
    layer = seen(write(tmp_path / "a.gpkg", drawn, "EPSG:4490", UNIT))
    assert codes(layer) == [f"{shift}_lookalike"]
    assert layer.sightings[0].severity == "suspect"
    assert proposed(layer) == f"--cure {shift}"
    best = layer.found.proposed
    assert 200 < best.moved_m < 1500
    assert best.inside > layer.found.own.inside
    assert abs(best.area_mu - layer.found.own.area_mu) < 0.01 * best.area_mu


@pytest.mark.parametrize("name", ["620123", "榆中县", "兰州市榆中县", "6201"])
def test_a_person_may_name_the_division(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", in_crs(parcels(), 4544), "EPSG:4490")
    assert "several_fit" in codes(seen(path))
    assert proposed(seen(path)) is None
    assert proposed(seen(path, division=name)) == "--cure belt:35"


@pytest.mark.parametrize("name", ["999999", "某县", "城关区", "62012", ""])
def test_a_division_that_nobody_knows_is_refused(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", parcels(3), "EPSG:4490")
    with pytest.raises(UsageError):
        seen(path, division=name)


def test_rows_that_are_read_otherwise_are_named(tmp_path: Path) -> None:
    honest = parcels(30)
    shapes = in_crs(honest[:24], 4523) + in_crs(honest[24:], 4523, swap=True)
    layer = seen(write(tmp_path / "a.gpkg", shapes, "EPSG:4523", UNIT))
    (one,) = [each for each in layer.sightings if each.code == "rows_differ"]
    assert (one.count, one.told["option"]) == (6, "--cure swap")
    assert [example.row for example in one.examples] == [25, 26, 27, 28, 29]
    assert one.examples[0].key == "G24"
    assert proposed(layer) is None


def test_rows_beside_their_division_are_said_with_where_they_lie(tmp_path: Path) -> None:
    strangers = [box(104.60, 35.55, 104.601, 35.551)]
    layer = seen(write(tmp_path / "a.gpkg", parcels(20) + strangers, "EPSG:4490", UNIT))
    assert codes(layer) == ["outside_division"]
    (one,) = layer.sightings
    assert (one.count, one.told["name"], one.told["where"]) == (1, "榆中县", "安定区")


def test_what_lies_in_no_stated_division_is_shown_and_not_proposed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", in_crs(parcels(), 4523), None)
    layer = seen(path, division="310115")
    assert "not_in_its_division" in codes(layer)
    assert [one.reading.option for one in layer.found.outcomes] == ["--cure belt:35"]
    assert proposed(layer) is None


def test_a_foreign_system_is_no_belt_of_china(tmp_path: Path) -> None:
    way = pyproj.Transformer.from_crs(4326, 2272, always_xy=True)
    corners = box(-75.16, 39.95, -75.15, 39.96)
    shape = shapely.transform(
        corners, lambda pairs: np.column_stack(way.transform(pairs[:, 0], pairs[:, 1]))
    )
    layer = seen(write(tmp_path / "a.gpkg", [shape], "EPSG:2272"))
    assert codes(layer) == ["elsewhere", "nothing_fits", "unit_not_metres"]
    assert layer.found.outcomes == ()


def points(shape: Any, header: str) -> str:
    lines = [f"J{at},1,{y:.3f},{x:.3f}" for at, (x, y) in enumerate(shape.exterior.coords, 1)]
    return f"[属性描述]\n{header}\n[地块坐标]\n5,1,G1,某地块,面,,工业,,@\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("header", "epsg", "code", "option"),
    [
        ("坐标系=2000国家大地坐标系\n带号=35", 4523, None, None),
        ("坐标系=2000国家大地坐标系\n带号=38", 4523, "header_unclear", "--cure belt:35"),
        ("坐标系=2000国家大地坐标系\n带号=", 4544, "header_unclear", "--cure belt:35"),
        ("坐标系=\n带号=35", 4523, "header_unclear", "--cure belt:35"),
    ],
)
def test_a_header_and_its_points_are_held_together(
    header: str, epsg: int, code: str | None, option: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "界址点.txt"
    path.write_text(points(in_crs(parcels(1), epsg)[0], header), "utf-8")
    layer = seen(path, division="620123")
    assert proposed(layer) == option
    assert code is None or codes(layer)[0] == code


@pytest.mark.parametrize(
    ("headers", "swap", "option"),
    [
        ("编号,x,y", False, "--cure belt:35"),
        ("编号,X坐标,Y坐标", True, "--cure swap+belt:35"),
        ("编号,经度,纬度", None, "--cure degrees"),
    ],
)
def test_columns_of_x_and_y_are_looked_at(
    headers: str, swap: bool | None, option: str, tmp_path: Path
) -> None:
    places = [one.centroid for one in parcels(12)]
    shapes = places if swap is None else in_crs(places, 4523, swap=swap)
    rows = [f"{at},{one.x!r},{one.y!r}" for at, one in enumerate(shapes)]
    path = tmp_path / "点.csv"
    path.write_text("\n".join([headers, *rows]), "utf-8")
    layer = seen(path, division="620123")
    assert proposed(layer) == option
    assert "points_only" in codes(layer)


@pytest.mark.parametrize("own", [True, False])
def test_wkt_in_cells_is_looked_at(own: bool, tmp_path: Path) -> None:
    mark = "SRID=4523;" if own else ""
    rows = [f'G{at},"{mark}{one.wkt}"' for at, one in enumerate(in_crs(parcels(5), 4523))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["parcel_id,geometry", *rows]), "utf-8")
    layer = seen(path, division="620123")
    assert proposed(layer) == (None if own else "--cure belt:35")


def test_a_file_that_draws_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("contract_id,holder\nA1,某公司\n", "utf-8")
    with pytest.raises(InputRefusedError):
        seen(path)


def test_of_many_rows_some_are_looked_at_evenly(tmp_path: Path) -> None:
    honest = parcels(60)
    shapes = in_crs([honest[at % 60] for at in range(9000)], 4523)
    layer = seen(write(tmp_path / "a.gpkg", shapes, None, UNIT))
    drawing = layer.found.drawing
    assert drawing.total == 9000
    assert 2000 <= len(drawing.shapes) <= 4000
    assert drawing.rows[-1] > 8900
    assert proposed(layer) == "--cure belt:35"


def test_every_layer_has_its_own_diagnosis(tmp_path: Path) -> None:
    import fiona

    path = tmp_path / "a.gpkg"
    layers = {"东区": (in_crs(parcels(5), 4523), "EPSG:4523"), "西区": (parcels(5), "EPSG:4523")}
    for layer, (shapes, crs) in layers.items():
        schema = {"geometry": "Polygon", "properties": {"parcel_id": "str"}}
        with fiona.open(path, "w", driver="GPKG", layer=layer, schema=schema, crs=crs) as sink:
            for at, shape in enumerate(shapes):
                sink.write({"properties": {"parcel_id": f"G{at}"}, "geometry": mapping(shape)})
    found = commands.doctor_coordinates(path, division="620123").layers
    assert [one.found.drawing.layer for one in found] == ["东区", "西区"]
    assert [proposed(one) for one in found] == [None, "--cure degrees"]


def test_the_zones_of_the_ledger_are_frames(door: Any, tmp_path: Path) -> None:
    park = box(103.72, 36.46, 103.76, 36.49)
    zone = {"zone_id": "Z1", "name": "某园区", "level": "省级"}
    feature = {"type": "Feature", "properties": zone, "geometry": mapping(park)}
    zones = tmp_path / "园区.geojson"
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    door.does("init")
    door.does("import", "zones", zones)
    features = []
    for at in range(40):
        x, y = 103.72 + 0.0095 * (at % 5), 36.46 + 0.0036 * (at // 5)
        drawn = shapely.transform(
            box(x, y, x + 0.001, y + 0.001), lambda pairs: shifted(pairs, Shift.GCJ02)
        )
        told = {"parcel_id": f"G{at}", "zone_id": "Z1"}
        features.append({"type": "Feature", "properties": told, "geometry": mapping(drawn)})
    path = tmp_path / "宗地.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    said = door.does("doctor", "coordinates", path, "--lang", "zh")
    assert "疑似 GCJ-02" in said.out
    assert "某园区" in said.out
    assert "--cure gcj02" in said.out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_person_reads_what_was_seen_and_the_command(lang: str, door: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "宗 地.gpkg", in_crs(parcels(), 4523), None, UNIT)
    before = path.read_bytes()
    said = door.does("doctor", "coordinates", path, "--lang", lang)
    assert f"landwatch import parcels '{path}' --cure belt:35" in said.out
    assert "榆中县 60" in said.out
    assert "doctor." not in said.out
    assert path.read_bytes() == before


def test_a_machine_reads_the_same(door: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", in_crs(parcels(), 4523), None, UNIT)
    (layer,) = json.loads(door.does("doctor", "coordinates", path, "--json").out)["layers"]
    assert layer["proposed"] == "--cure belt:35"
    assert (layer["rows"], layer["looked_at"], layer["system"]) == (60, 60, None)
    assert [one["code"] for one in layer["sightings"]] == ["crs_missing", "datum_assumed"]
    (reading,) = layer["readings"]
    assert reading["districts"] == [["620123", "榆中县", 60]]
    assert reading["inside"] == 1.0


def test_names_of_layers_and_rows_are_no_markup(door: Any, tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"parcel_id": f"[bold]{at}\x1b[31m[/]", "unit_code": UNIT},
            "geometry": mapping(shape),
        }
        for at, shape in enumerate([*parcels(9), box(104.6, 35.55, 104.601, 35.551)])
    ]
    path = tmp_path / "a.geojson"
    told = {"type": "FeatureCollection", "name": "[red]甲[/]", "features": features}
    path.write_text(json.dumps(told), "utf-8")
    said = door.does("doctor", "coordinates", path)
    assert "[red]甲[/]" in said.out
    assert "[bold]9" in said.out
    assert "\x1b[31m" not in said.out


def test_a_page_that_cannot_be_one_is_refused_before_any_work(door: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", parcels(3), "EPSG:4490")
    said = door("doctor", "coordinates", path, "--map", tmp_path / "a.gpkg")
    assert said.code == 2
    assert said.out == ""


def test_the_cure_that_was_named_stays_with_the_import(door: Any, tmp_path: Path) -> None:
    from landwatch import bootstrap

    path = write(tmp_path / "a.gpkg", in_crs(parcels(4), 4523, swap=True), "EPSG:4523", UNIT)
    door.does("init")
    door.does("import", "parcels", path, "--cure", "swap")
    (kept,) = bootstrap.the_store(str(door.store)).imports()
    assert kept.note["cure"] == "swap"
    refused = door("import", "parcels", path, "--cure", "swop")
    assert refused.code == 2
    assert "swap" in refused.err


def square(x: float, y: float, size: float = 0.001) -> dict[str, Any]:
    corners = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [corners]}


def geojson(path: Path, shapes: list[Any], crs: str = "EPSG:4490", **told: Any) -> Path:
    features = [
        {"type": "Feature", "properties": {"parcel_id": f"G{at}", **told}, "geometry": shape}
        for at, shape in enumerate(shapes)
    ]
    system = {"type": "name", "properties": {"name": crs}}
    collection = {"type": "FeatureCollection", "crs": system, "features": features}
    path.write_text(json.dumps(collection), "utf-8")
    return path


BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[104, 36], [104.1, 36.1], [104.1, 36], [104, 36.1], [104, 36]]],
}


@pytest.mark.parametrize(
    ("shapes", "crs", "expected"),
    [
        ([square(104, 36)], "EPSG:4490", ["no_division"]),
        ([BOW_TIE], "EPSG:4490", ["no_division"]),
        (
            [{"type": "Point", "coordinates": [104, 36]}],
            "EPSG:4490",
            ["points_only", "no_division"],
        ),
        ([square(0, 0)], "EPSG:4490", ["elsewhere", "nothing_fits"]),
        ([square(1e300, 1e300, 1e290)], "EPSG:4490", ["metres_in_degrees", "nothing_fits"]),
        ([square(-35.5e6, -4e6, 100)], "EPSG:4523", ["prefix_missing", "nothing_fits"]),
        (
            [square(35.5e6 + 1e6 * (at % 3), 3.99e6, 100) for at in range(9)],
            "EPSG:4523",
            ["belt_differs", "nothing_fits", "belts_mixed"],
        ),
        (
            [square(104, 36) if at % 2 else square(36, 104) for at in range(8)],
            "EPSG:4490",
            ["rows_differ", "no_division"],
        ),
    ],
    ids=["one", "bow tie", "point", "null island", "huge", "negative", "three belts", "half"],
)
def test_odd_drawings_are_told_as_they_are(
    shapes: list[Any], crs: str, expected: list[str], tmp_path: Path
) -> None:
    layer = seen(geojson(tmp_path / "a.geojson", shapes, crs))
    assert codes(layer) == expected
    assert proposed(layer) is None


@pytest.mark.parametrize("shape", [None, {"type": "Polygon", "coordinates": []}])
def test_a_layer_of_nothing_is_refused(shape: Any, tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError):
        seen(geojson(tmp_path / "a.geojson", [shape, shape]))


def test_codes_that_nobody_knows_are_told(tmp_path: Path) -> None:
    layer = seen(geojson(tmp_path / "a.geojson", [square(104, 35.9)], adcode="999999"))
    assert codes(layer) == ["division_unknown"]
    wider = seen(geojson(tmp_path / "a.geojson", [square(104.1, 35.84)], adcode="620199"))
    assert [(one.code, one.told["name"]) for one in wider.sightings] == [
        ("division_wider", "兰州市")
    ]


def test_members_of_an_archive_keep_their_own_systems(tmp_path: Path) -> None:
    import zipfile

    layers = {
        "甲.gpkg": (4523, "EPSG:4523"),
        "乙.gpkg": (4544, "EPSG:4545"),
        "丙.gpkg": (4523, None),
    }
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, (epsg, crs) in layers.items():
            archive.write(write(tmp_path / name, in_crs(parcels(5), epsg), crs, UNIT), name)
    found = commands.doctor_coordinates(packed).layers
    assert {one.found.drawing.layer: proposed(one) for one in found} == {
        "甲.gpkg": None,
        "乙.gpkg": "--cure belt:35",
        "丙.gpkg": "--cure belt:35",
    }


def test_plots_of_two_belts_are_looked_at_apart(tmp_path: Path) -> None:
    shape = parcels(1)[0]
    header = "坐标系=2000国家大地坐标系\n带号="
    first = points(in_crs([shape], 4523)[0], header)
    second = points(in_crs([shape], 4524)[0], header).partition("[地块坐标]\n")[2]
    path = tmp_path / "界址点.txt"
    path.write_text(f"{first}\n{second}", "utf-8")
    found = commands.doctor_coordinates(path, division="620123").layers
    systems = [one.found.drawing.crs for one in found]
    assert [system.to_epsg() for system in systems if system is not None] == [4523, 4524]
    assert [proposed(one) for one in found] == [None, None]
