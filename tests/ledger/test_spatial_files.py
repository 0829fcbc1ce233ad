from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from landwatch.errors import InputRefusedError, UnreadableFileError, UsageError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger

TakeIn: TypeAlias = Callable[..., Any]

PLOT = box(103.80, 36.05, 103.81, 36.06)
BOW_TIE = Polygon([(103.8, 36.0), (103.9, 36.1), (103.9, 36.0), (103.8, 36.1)])


def in_crs(geometry: BaseGeometry, epsg: int) -> BaseGeometry:
    way = Transformer.from_crs(4490, epsg, always_xy=True)
    return shapely.transform(geometry, way.transform, interleaved=False)


def swapped(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda pairs: pairs[:, ::-1])


def write_layer(
    path: Path,
    rows: list[tuple[dict[str, Any], BaseGeometry | None]],
    *,
    crs: str | None,
    driver: str,
    geometry: str = "Polygon",
    encoding: str = "utf-8",
) -> Path:
    import fiona

    schema = {"geometry": geometry, "properties": dict.fromkeys(rows[0][0], "str")}
    options = {"crs": crs} if crs else {}
    with fiona.open(path, "w", driver=driver, schema=schema, encoding=encoding, **options) as sink:
        for properties, drawn in rows:
            sink.write(
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": mapping(drawn) if drawn is not None else None,
                }
            )
    return path


def write_geojson(
    path: Path, rows: list[tuple[dict[str, Any], Any]], crs: str | None = None
) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": told,
            "geometry": mapping(drawn) if isinstance(drawn, BaseGeometry) else drawn,
        }
        for told, drawn in rows
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    return path


def parcel(number: str) -> dict[str, str]:
    return {"parcel_id": number, "land_use": "工业用地"}


def same(area: Any, expected: BaseGeometry, within: float = 1e-9) -> bool:
    return isinstance(area, MultiPolygon) and bool(
        area.symmetric_difference(expected).area < within * expected.area + 1e-15
    )


def test_geojson_in_degrees_is_taken_as_cgcs2000_and_said_once(
    tmp_path: Path, take_in: TakeIn
) -> None:
    rows = [(parcel("G1"), PLOT), (parcel("G2"), box(103.82, 36.05, 103.83, 36.06))]
    path = write_geojson(tmp_path / "宗地.geojson", rows)
    taken = take_in(Kind.PARCELS, path)
    assert [record.key for record in taken.records] == ["G1", "G2"]
    assert same(taken.records[0].values["geometry"], PLOT)
    assert taken.codes == ["wgs84_taken"]
    named = write_geojson(tmp_path / "b.geojson", [(parcel("G1"), PLOT)], "EPSG:4490")
    assert take_in(Kind.PARCELS, named).issues == []


@pytest.mark.parametrize("epsg", [4490, 4523, 4543, 4326, 3857, 32648, 2381])
@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile"])
def test_every_named_system_lands_on_the_same_place(
    epsg: int, driver: str, tmp_path: Path, take_in: TakeIn
) -> None:
    suffix = ".gpkg" if driver == "GPKG" else ".shp"
    rows: list[tuple[dict[str, Any], BaseGeometry | None]] = [(parcel("G1"), in_crs(PLOT, epsg))]
    path = write_layer(tmp_path / f"a{suffix}", rows, crs=f"EPSG:{epsg}", driver=driver)
    taken = take_in(Kind.PARCELS, path)
    assert same(taken.only.values["geometry"], PLOT, 1e-6)
    assert taken.only.values["land_use"] == "工业用地"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("label", [True, False])
def test_shapefile_attributes_are_gbk_as_often_as_utf8(
    encoding: str, label: bool, tmp_path: Path, take_in: TakeIn
) -> None:
    rows: list[tuple[dict[str, Any], BaseGeometry | None]] = [
        ({"zone_id": "Z1", "name": "来凤县产业园区", "approved_a": "253.3"}, PLOT)
    ]
    path = write_layer(
        tmp_path / "园区.shp", rows, crs="EPSG:4490", driver="ESRI Shapefile", encoding=encoding
    )
    if not label:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    taken = take_in(Kind.ZONES, path)
    assert taken.only.values["name"] == "来凤县产业园区"
    assert taken.only.values["approved_area_ha"] == Decimal("253.3")


def test_a_label_that_lies_about_the_encoding_is_corrected_and_said(
    tmp_path: Path, take_in: TakeIn
) -> None:
    rows: list[tuple[dict[str, Any], BaseGeometry | None]] = [
        ({"zone_id": "Z1", "name": "来凤县产业园区"}, PLOT)
    ]
    path = write_layer(
        tmp_path / "a.shp", rows, crs="EPSG:4490", driver="ESRI Shapefile", encoding="gb18030"
    )
    path.with_suffix(".cpg").write_text("UTF-8")
    taken = take_in(Kind.ZONES, path)
    assert taken.only.values["name"] == "来凤县产业园区"
    assert taken.codes == ["encoding_corrected"]


def test_a_coordinate_system_that_nobody_names_is_not_guessed(
    tmp_path: Path, take_in: TakeIn
) -> None:
    drawn = in_crs(PLOT, 4523)
    path = write_layer(
        tmp_path / "a.shp", [(parcel("G1"), drawn)], crs=None, driver="ESRI Shapefile"
    )
    path.with_suffix(".prj").unlink(missing_ok=True)
    with pytest.raises(InputRefusedError) as refusal:
        read_ledger(Kind.PARCELS, path)
    assert "--crs" in refusal.value.in_words("zh")
    assert same(take_in(Kind.PARCELS, path, crs="EPSG:4523").only.values["geometry"], PLOT, 1e-6)
    with pytest.raises(UsageError):
        read_ledger(Kind.PARCELS, path, Instructions(crs="EPSG:99"))


def test_a_system_that_a_person_names_goes_before_that_of_the_file(
    tmp_path: Path, take_in: TakeIn
) -> None:
    drawn = in_crs(PLOT, 4523)
    path = write_layer(tmp_path / "a.gpkg", [(parcel("G1"), drawn)], crs="EPSG:4524", driver="GPKG")
    taken = take_in(Kind.PARCELS, path, crs="EPSG:4523")
    assert same(taken.only.values["geometry"], PLOT, 1e-6)
    assert taken.codes == ["crs_overridden"]


@pytest.mark.parametrize(
    ("drawn", "crs", "cause"),
    [
        (box(36.05, 103.80, 36.06, 103.81), "EPSG:4490", "颠倒"),
        (box(-74.02, 40.62, -74.01, 40.63), "EPSG:4490", "不在中国"),
        (in_crs(PLOT, 4523), "EPSG:4490", "带号"),
        (in_crs(PLOT, 4543), "EPSG:4490", "以米为单位"),
        (in_crs(PLOT, 3857), "EPSG:4490", "墨卡托"),
        (in_crs(PLOT, 4523), "EPSG:4543", "带号"),
        (swapped(in_crs(PLOT, 4543)), "EPSG:4543", "颠倒"),
        (swapped(in_crs(box(87.5, 43.8, 87.51, 43.81), 4538)), "EPSG:4538", "颠倒"),
        (swapped(in_crs(box(114, 30, 114.01, 30.01), 4547)), "EPSG:4547", "颠倒"),
        (PLOT, "EPSG:4543", "经纬度"),
    ],
)
def test_an_area_outside_china_is_left_out_and_the_likely_slip_named(
    drawn: BaseGeometry, crs: str, cause: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = write_layer(tmp_path / "a.gpkg", [(parcel("G1"), drawn)], crs=crs, driver="GPKG")
    taken = take_in(Kind.PARCELS, path)
    assert "geometry" not in taken.only.values
    assert taken.codes == ["outside_china"]
    assert cause in taken.issues[0].in_words("zh")
    assert "ledger." not in taken.issues[0].in_words("en")


def test_an_invalid_area_is_kept_as_drawn_and_said(tmp_path: Path, take_in: TakeIn) -> None:
    path = write_geojson(tmp_path / "a.geojson", [(parcel("G1"), BOW_TIE)], "EPSG:4490")
    taken = take_in(Kind.PARCELS, path)
    assert shapely.equals_exact(taken.only.values["geometry"].geoms[0], BOW_TIE)
    assert taken.codes == ["invalid_geometry"]
    assert "边线自相交" in taken.issues[0].in_words("zh")
    assert "crosses itself" in taken.issues[0].in_words("en")


def test_what_is_no_area_leaves_the_row_without_one(tmp_path: Path, take_in: TakeIn) -> None:
    rows: list[tuple[dict[str, Any], Any]] = [
        (parcel("G1"), shapely.Point(103.8, 36.05)),
        (parcel("G2"), None),
        (parcel("G3"), {"type": "Polygon", "coordinates": []}),
        (parcel("G4"), Polygon([(103.8, 36, 5), (103.9, 36, 5), (103.9, 36.1, 5)])),
    ]
    taken = take_in(Kind.PARCELS, write_geojson(tmp_path / "a.geojson", rows, "EPSG:4490"))
    assert [record.key for record in taken.records] == ["G1", "G2", "G3", "G4"]
    assert ["geometry" in record.values for record in taken.records] == [False, False, False, True]
    assert taken.codes == ["not_an_area", "empty_geometry", "outline_missing"]
    assert taken.issues[-1].values["count"] == 2  # no outline at all, and an empty one
    assert not taken.records[3].values["geometry"].has_z


def test_a_spatial_file_tells_other_kinds_too(tmp_path: Path, take_in: TakeIn) -> None:
    told = {"合同编号": "A1", "约定开工时间": "2020-06-30"}
    path = write_geojson(tmp_path / "a.geojson", [(told, None), ({**told, "合同编号": "A2"}, PLOT)])
    taken = take_in(Kind.CONTRACTS, path)
    assert [record.key for record in taken.records] == ["A1", "A2"]
    assert taken.issues == []


def test_every_layer_of_a_geopackage_is_a_sheet(tmp_path: Path, take_in: TakeIn) -> None:
    import fiona

    path = tmp_path / "a.gpkg"
    for layer, number in (("东区", "G1"), ("西区", "G2")):
        schema = {"geometry": "Polygon", "properties": {"parcel_id": "str"}}
        with fiona.open(
            path, "w", driver="GPKG", layer=layer, schema=schema, crs="EPSG:4490"
        ) as sink:
            sink.write({"properties": {"parcel_id": number}, "geometry": mapping(PLOT)})
    taken = take_in(Kind.PARCELS, path)
    assert [(record.sheet, record.key, record.row) for record in taken.records] == [
        ("东区", "G1", 1),
        ("西区", "G2", 1),
    ]


def test_an_area_drawn_in_a_cell_needs_a_named_system(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'parcel_id,geometry\nG1,"{PLOT.wkt}"\nG2,"POLYGON (("\n', "utf-8")
    assert take_in(Kind.PARCELS, path).codes == ["geometry_without_crs"] * 2
    taken = take_in(Kind.PARCELS, path, crs="EPSG:4490")
    assert same(taken.records[0].values["geometry"], PLOT)
    assert taken.codes == ["bad_geometry"]


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    path = write_layer(
        tmp_path / "a.shp", [(parcel("G1"), PLOT)], crs="EPSG:4490", driver="ESRI Shapefile"
    )
    before = read_ledger(Kind.PARCELS, path).source.sha256
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"G1", b"G7"))
    assert read_ledger(Kind.PARCELS, path).source.sha256 != before
    table.unlink()
    with pytest.raises(UnreadableFileError) as refusal:
        read_ledger(Kind.PARCELS, path)
    assert ".dbf" in refusal.value.in_words("zh")


def test_a_text_of_geojson_that_looks_like_a_day_stays_as_it_is_written(
    tmp_path: Path, take_in: TakeIn
) -> None:
    told = {"parcel_id": "P1", "land_use": "2020/1/2"}
    feature = {"type": "Feature", "geometry": None, "properties": told}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert take_in(Kind.PARCELS, path).only.values["land_use"] == "2020/1/2"


SQUARE = [[103.8, 36.0], [103.81, 36.0], [103.81, 36.01], [103.8, 36.01], [103.8, 36.0]]


@pytest.mark.parametrize(
    "drawn",
    [
        {"coordinates": [SQUARE]},
        {"type": "Poligon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [[[103.8, 36], [103.81], *SQUARE]]},
        {"type": "Polygon", "coordinates": [[[103.8, None], *SQUARE]]},
        {"type": "Polygon", "coordinates": [SQUARE, []]},
        {"type": "Polygon", "coordinates": [SQUARE, [[103.8]]]},
        {"type": "Polygon", "coordinates": [SQUARE, None]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[104, 36], [104.1], [104, 36]]]]},
        "POLYGON ((1 1))",
    ],
    ids=["no type", "no such type", "half a corner", "null", "empty hole", "hole",
         "null hole", "part", "text"],
)  # fmt: skip
def test_an_outline_of_geojson_with_bad_coordinates_is_unreadable_and_not_missing(
    drawn: Any, tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "a.geojson"
    for mixed in ("x", 5):  # a field of texts and numbers is read in another way
        told: list[dict[str, Any]] = [{"parcel_id": "P1", "备注": "x"}]
        told.append({"parcel_id": "P2", "备注": mixed})
        rows = list(zip(told, (PLOT, drawn), strict=True))
        taken = take_in(Kind.PARCELS, write_geojson(path, rows))
        assert [record.key for record in taken.records] == ["P1", "P2"]
        assert taken.codes.count("bad_geometry") == 1
        assert "outline_missing" not in taken.codes
        assert "geometry" in taken.records[1].unreadable
        assert "geometry" not in taken.records[0].unreadable


def test_an_outline_that_geojson_leaves_out_is_missing_and_not_unreadable(
    tmp_path: Path, take_in: TakeIn
) -> None:
    rows: list[tuple[dict[str, Any], Any]] = [({"parcel_id": "P1"}, PLOT)]
    rows += [({"parcel_id": "P2"}, None), ({"parcel_id": "P3"}, {})]
    taken = take_in(Kind.PARCELS, write_geojson(tmp_path / "a.geojson", rows))
    assert all("geometry" not in record.unreadable for record in taken.records)
    assert "bad_geometry" not in taken.codes


def test_a_field_of_geojson_may_tell_texts_and_numbers(tmp_path: Path, take_in: TakeIn) -> None:
    rows: list[tuple[dict[str, Any], Any]] = [
        ({"parcel_id": "007", "用途": "x"}, PLOT),
        ({"parcel_id": 7, "用途": 5}, PLOT),
        ({"parcel_id": " 8 ", "用途": {"a": 1}}, PLOT),
        ({"parcel_id": "9", "用途": None}, None),
    ]
    path = write_geojson(tmp_path / "a.geojson", rows, "urn:ogc:def:crs:EPSG::4490")
    taken = take_in(Kind.PARCELS, path)
    assert [record.key for record in taken.records] == ["007", "7", "8", "9"]
    assert [record.row for record in taken.records] == [1, 2, 3, 4]
    assert same(taken.records[1].values["geometry"], PLOT)
    assert taken.records[2].as_read["用途"] == '{"a": 1}'


@pytest.mark.parametrize("name", ["备注", "note"])
def test_geojson_in_gbk_is_told_to_be_no_utf8(name: str, tmp_path: Path) -> None:
    rows: list[tuple[dict[str, Any], Any]] = [({"parcel_id": "P1", name: "甲"}, PLOT)]
    path = write_geojson(tmp_path / "a.geojson", rows)
    path.write_bytes(path.read_text("utf-8").encode("gbk"))
    with pytest.raises(UnreadableFileError) as refusal:
        list(read_ledger(Kind.PARCELS, path).batches())
    assert refusal.value.code == "ledger.error.geojson_encoding"
    assert "UTF-8" in refusal.value.in_words("zh")


def test_a_shapefile_whose_field_names_are_cut_inside_a_sign_is_read(
    tmp_path: Path, take_in: TakeIn
) -> None:
    told = {"a": "LZ-1", "b": "工业用地", "c": "甲"}
    path = write_layer(tmp_path / "a.shp", [(told, PLOT)], crs="EPSG:4490", driver="ESRI Shapefile")
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    for number, name in enumerate(("宗地编号", "土地用途", "园区名"), start=1):
        table[32 * number : 32 * number + 11] = name.encode()[:10].ljust(11, b"\0")
    path.with_suffix(".dbf").write_bytes(table)
    taken = take_in(Kind.PARCELS, path)
    assert (taken.only.key, taken.only.values["land_use"]) == ("LZ-1", "工业用地")
    assert same(taken.only.values["geometry"], PLOT)
    assert list(taken.used()) == ["宗地编", "土地用", "园区名"]
