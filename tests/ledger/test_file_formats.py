"""Formats beyond CSV, workbooks and the plain spatial files: the same rows, whatever holds them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from landwatch.errors import InputRefusedError, LandwatchError, UnreadableFileError
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger

TakeIn: TypeAlias = Callable[..., Any]

PARCEL = box(103.80, 36.05, 103.81, 36.06)
KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>档案</name><Folder><name>一区</name>
<Placemark><name>甲</name>
<ExtendedData><Data name="宗地编号"><value>ZD-1</value></Data>
<SchemaData><SimpleData name="土地用途">工业</SimpleData></SchemaData></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
103.80,36.05,0 103.81,36.05,0 103.81,36.06,0 103.80,36.06,0 103.80,36.05,0
</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>
103.802,36.052 103.804,36.052 103.804,36.054 103.802,36.052
</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><ExtendedData><Data name="宗地编号"><value>ZD-2</value></Data></ExtendedData>
<Point><coordinates>103.8,36.05,0</coordinates></Point></Placemark>
</Folder></Document></kml>"""


def refusal(path: Path, kind: Kind = Kind.PARCELS, **options: Any) -> LandwatchError:
    with pytest.raises(LandwatchError) as refused:
        for _ in read_ledger(kind, path, Instructions(**options)).batches():
            pass
    assert refused.value.in_words("zh")
    return refused.value


# --- KML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["UTF-8", "GB2312", "GBK", "UTF-16"])
def test_a_kml_keeps_its_chinese_fields_in_every_encoding(
    encoding: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "图.kml"
    path.write_bytes(KML.format(encoding=encoding).encode(encoding))
    taken = take_in(Kind.PARCELS, path)
    first, second = taken.records
    assert first.values["parcel_id"] == "ZD-1"
    assert first.values["land_use"] == "工业"
    assert len(first.values["geometry"].geoms[0].interiors) == 1
    assert first.as_read["Folder"] == "一区"
    assert second.values.keys() == {"parcel_id"}
    assert taken.codes == ["wgs84_taken", "not_an_area"]


def test_a_kml_that_says_utf_8_and_is_gbk_is_read_as_it_is(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "图.kml"
    path.write_bytes(KML.format(encoding="UTF-8").encode("gbk"))
    assert take_in(Kind.PARCELS, path).records[0].values["land_use"] == "工业"


def test_a_kmz_is_the_kml_in_it(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "图.kmz"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("doc.kml", KML.format(encoding="UTF-8"))
    assert [record.key for record in take_in(Kind.PARCELS, path).records] == ["ZD-1", "ZD-2"]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("x.txt", "nothing")
    assert refusal(path).code == "ledger.error.kmz"


def test_a_kml_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "图.kml"
    path.write_text(KML.format(encoding="UTF-8")[:-40], "utf-8")
    assert refusal(path).code == "ledger.error.kml"


def test_entities_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "落落落落">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    path = tmp_path / "图.kml"
    path.write_text(f"<!DOCTYPE kml [{entities}]><kml><Placemark>&a9;</Placemark></kml>", "utf-8")
    assert isinstance(refusal(path), UnreadableFileError)


# --- DXF -----------------------------------------------------------------------------------------


def drawing(*entities: list[str]) -> str:
    head = ["0", "SECTION", "2", "HEADER", "9", "$ACADVER", "1", "AC1015"]
    head += ["9", "$DWGCODEPAGE", "3", "ANSI_936", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    return "\n".join(
        [*head, *(line for one in entities for line in one), "0", "ENDSEC", "0", "EOF"]
    )


def polyline(handle: str, layer: str, *, closed: bool, corners: int = 4) -> list[str]:
    points = [(35500000, 3990000), (35500100, 3990000), (35500100, 3990100), (35500000, 3990100)]
    handle_lines = ["5", handle] if handle else []
    told = ["0", "LWPOLYLINE", *handle_lines, "100", "AcDbEntity", "8", layer]
    told += ["100", "AcDbPolyline", "90", str(corners), "70", str(int(closed))]
    return told + [s for x, y in points[:corners] for s in ("10", str(x), "20", str(y))]


TEXT = [
    "0",
    "TEXT",
    "5",
    "2F",
    "8",
    "注记",
    "10",
    "35500050",
    "20",
    "3990050",
    "40",
    "2",
    "1",
    "甲",
]
CIRCLE = ["0", "CIRCLE", "5", "3F", "100", "AcDbEntity", "8", "井", "100", "AcDbCircle", "10",
          "35500050", "20", "3990050", "40", "2"]  # fmt: skip


def test_closed_outlines_of_a_drawing_are_parcels_by_layer_and_handle(
    tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "宗地.dxf"
    drawn = drawing(
        polyline("1F", "宗地", closed=True), polyline("2A", "道路", closed=False), TEXT, CIRCLE
    )
    path.write_bytes(drawn.encode("gbk"))
    taken = take_in(Kind.PARCELS, path, crs="EPSG:4523")
    assert taken.only.key == "宗地/1F"
    west, south, east, north = taken.only.values["geometry"].bounds
    assert (round(west, 3), round(south, 3), round(east, 3)) == (105.0, 36.04, 105.001)
    assert north > south
    assert taken.codes == ["not_outlines"]
    assert taken.issues[0].values["count"] == 3


def test_a_drawing_without_a_coordinate_system_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "宗地.dxf"
    path.write_bytes(drawing(polyline("1F", "宗地", closed=True)).encode("gbk"))
    assert refusal(path).code == "ledger.error.no_crs"
    assert refusal(path, Kind.CONTRACTS, crs="EPSG:4523").code == "ledger.error.dxf_kind"


def test_an_outline_in_the_wrong_system_is_not_moved(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "宗地.dxf"
    path.write_bytes(drawing(polyline("1F", "宗地", closed=True)).encode("gbk"))
    taken = take_in(Kind.PARCELS, path, crs="EPSG:4490")
    assert "outside_china" in taken.codes
    assert "geometry" not in taken.only.values


# --- Parquet and the rest of GDAL ----------------------------------------------------------------


def write_parquet(path: Path, crs: str | None = "EPSG:4490", **options: Any) -> Path:
    import geopandas

    frame = geopandas.GeoDataFrame(
        {"宗地编号": ["ZD-1", "ZD-2"], "面积(公顷)": [0.5, None]}, geometry=[PARCEL, None], crs=crs
    )
    frame.to_parquet(path, **options)
    return path


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geoparquet_is_read_in_both_its_encodings(
    encoding: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = write_parquet(tmp_path / "a.parquet", geometry_encoding=encoding)
    first, second = take_in(Kind.PARCELS, path).records
    assert first.values["area_m2"] == Decimal(5000)
    assert first.values["geometry"].equals(PARCEL)
    assert second.values.keys() == {"parcel_id"}


def test_geoparquet_without_a_system_is_not_guessed(tmp_path: Path, take_in: TakeIn) -> None:
    path = write_parquet(tmp_path / "a.parquet", crs=None)
    assert refusal(path).code == "ledger.error.no_crs"
    assert take_in(Kind.PARCELS, path, crs="EPSG:4490").records[0].values["geometry"]


def test_a_parquet_table_is_a_ledger_with_its_own_types(tmp_path: Path, take_in: TakeIn) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "合同编号": ["A1", None],
            "约定开工时间": pa.array([date(2020, 6, 30), None], pa.date32()),
            "签订日期": pa.array([1_577_836_800_000_000_001, None], pa.timestamp("ns")),
            "成交价格": pa.array([Decimal("300.50"), None], pa.decimal128(12, 2)),
            "宗地编号": pa.array([["ZD-1", "ZD-2"], None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    taken = take_in(Kind.CONTRACTS, tmp_path / "a.parquet")
    assert taken.only.values["agreed_start_on"] == date(2020, 6, 30)
    assert taken.only.values["signed_on"] == date(2020, 1, 1)
    assert taken.only.values["price_wan"] == Decimal("300.5")
    assert taken.only.values["parcel_id"] == "ZD-1;ZD-2"
    assert taken.intake.tally.blank == 1


def test_a_parquet_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(path).code == "ledger.error.parquet"


def write_layer(path: Path, driver: str, geometry: str = "MultiPolygon", **options: Any) -> Path:
    import fiona

    schema = {"geometry": geometry, "properties": {"宗地编号": "str", "土地用途": "str"}}
    area = {"type": "MultiPolygon", "coordinates": [mapping(PARCEL)["coordinates"]]}
    area = area if geometry == "MultiPolygon" else mapping(PARCEL)
    with fiona.open(path, "w", driver=driver, schema=schema, crs="EPSG:4490", **options) as layer:
        layer.write({"geometry": area, "properties": {"宗地编号": "ZD-1", "土地用途": "工业"}})
    return path


def test_flatgeobuf_and_filegdb_are_read(tmp_path: Path, take_in: TakeIn) -> None:
    for name, driver in (("a.fgb", "FlatGeobuf"), ("a.gdb", "OpenFileGDB")):
        taken = take_in(Kind.PARCELS, write_layer(tmp_path / name, driver))
        assert taken.only.values["land_use"] == "工业"
        drawn = taken.only.values["geometry"]  # FileGDB keeps corners on a grid
        assert drawn.symmetric_difference(PARCEL).area < 1e-9
        assert taken.intake.source.name == name
        assert taken.intake.source.size > 0


def test_a_folder_that_only_looks_like_a_filegdb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gdb").mkdir()
    assert isinstance(refusal(tmp_path / "a.gdb"), UnreadableFileError)


# --- archives ------------------------------------------------------------------------------------


def archive(path: Path, members: Iterator[tuple[str, Path]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, member in members:
            packed.write(member, name)
    return path


def test_a_zipped_shapefile_is_read_with_its_companions(tmp_path: Path, take_in: TakeIn) -> None:
    shapefile = write_layer(tmp_path / "宗地.shp", "ESRI Shapefile", "Polygon", encoding="GBK")
    parts = ((f"数据/{part.name}", part) for part in sorted(tmp_path.glob("宗地.*")))
    packed = archive(tmp_path / "a.zip", parts)
    shapefile.unlink()
    taken = take_in(Kind.PARCELS, packed)
    assert taken.only.values["land_use"] == "工业"
    assert taken.only.values["geometry"].equals(PARCEL)
    assert taken.only.sheet == "宗地.shp"


def test_a_zipped_filegdb_and_its_neighbours_are_each_judged(
    tmp_path: Path, take_in: TakeIn
) -> None:
    write_layer(tmp_path / "库.gdb", "OpenFileGDB")
    (tmp_path / "说明.txt").write_text("请先阅读\n", "utf-8")
    (tmp_path / "图.pdf").write_bytes(b"%PDF-1.4")
    names = [*sorted((tmp_path / "库.gdb").iterdir()), tmp_path / "说明.txt", tmp_path / "图.pdf"]
    packed = archive(
        tmp_path / "a.zip", ((str(name.relative_to(tmp_path)), name) for name in names)
    )
    taken = take_in(Kind.PARCELS, packed)
    assert taken.only.key == "ZD-1"
    assert sorted(taken.codes) == ["member_skipped", "sheet_skipped"]


def test_names_in_an_archive_never_become_paths(tmp_path: Path, take_in: TakeIn) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("../../逃出.csv", "宗地编号,土地用途\nZD-1,工业\n")
        out.writestr("/C:/绝对.csv", "宗地编号,土地用途\nZD-2,工业\n")
    taken = take_in(Kind.PARCELS, packed)
    assert [record.key for record in taken.records] == ["ZD-1", "ZD-2"]
    assert not list(tmp_path.parent.rglob("逃出.csv"))


def test_archives_that_cannot_be_unpacked_are_refused(tmp_path: Path) -> None:
    packed = tmp_path / "a.zip"
    packed.write_bytes(b"PK\x03\x04 cut off")
    assert refusal(packed).code == "ledger.error.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("a.prj", "x")
    assert refusal(packed).code == "ledger.error.zip_nothing"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_two_members_of_one_name_is_refused_for_one_would_be_lost(
    tmp_path: Path, take_in: TakeIn
) -> None:
    header, packed = "合同编号,受让人,出让面积(亩)\n", tmp_path / "two.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("a.csv", header + "LZ-1,甲,3\n")
        out.writestr("A.csv", header + "LZ-2,甲,3\n")
        out.writestr("a.csv", header + "LZ-3,甲,3\n")
    refused = refusal(packed, Kind.CONTRACTS)
    assert refused.code == "ledger.error.zip_twice"
    assert "a.csv" in refused.in_words("zh")
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("一/a.csv", header + "LZ-1,甲,3\n")
        out.writestr("二/a.csv", header + "LZ-3,甲,3\n")
    assert len(take_in(Kind.CONTRACTS, packed).records) == 2


# --- JSON records --------------------------------------------------------------------------------

RECORD = {"dzBaBh": "4406062019B00001", "xmMc": "某项目", "gyMj": 1.389, "dgSj": 1575129600000,
          "jgSj": -2209017600000, "crjZfydList": [{"zfJe": 74955.36}]}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([RECORD]),
        json.dumps({"code": 200, "data": {"list": [RECORD], "total": 1}}, indent=2),
        json.dumps(RECORD) + "\n",
        json.dumps([RECORD]) + "\n[]\n",
    ],
    ids=["array", "answer", "line", "arrays"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_records_of_the_national_page_are_read(
    text: str, encoding: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text.encode(encoding))
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.only.key == "4406062019B00001"
    assert taken.only.values["area_m2"] == Decimal(13890)
    assert taken.only.values["agreed_start_on"] == date(2019, 12, 1)
    assert taken.codes == ["adapter_used", "sentinel_date"]
    assert "74955.36" in taken.only.as_read["crjZfydList"]


def test_arrays_after_one_another_are_judged_one_by_one(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.json"
    listed = [{"serial": n, "link": "x"} for n in range(3)]
    path.write_text(json.dumps([RECORD]) + json.dumps(listed), "utf-8")
    taken = take_in(Kind.CONTRACTS, path)
    assert taken.intake.tally.rows == 1
    assert "sheet_skipped" in taken.codes


def test_what_stands_among_records_is_not_lost(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([RECORD, "见附件", 7, {}]), "utf-8")
    tally = take_in(Kind.CONTRACTS, path).intake.tally
    assert (tally.rows, tally.refused, tally.blank) == (3, 2, 1)


@pytest.mark.parametrize("cut", ["[", '[{"dzBaBh": "44', '{"a": ', "[" * 200_000, '[{"a": nul}]'])
def test_json_cut_off_or_nested_without_end_is_refused(cut: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(cut, "utf-8")
    assert isinstance(refusal(path, Kind.CONTRACTS), UnreadableFileError)


def test_json_longer_than_a_piece_is_read_whole(tmp_path: Path, take_in: TakeIn) -> None:
    path = tmp_path / "a.json"
    many = [{**RECORD, "dzBaBh": f"A{n}", "xmMc": "长" * 300} for n in range(2000)]
    path.write_text(json.dumps(many, ensure_ascii=False, indent=1), "utf-8")
    taken = take_in(Kind.CONTRACTS, path)
    assert [record.key for record in taken.records] == [f"A{n}" for n in range(2000)]


# --- damage --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return one whole file of each format."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "a.kml").write_text(KML.format(encoding="UTF-8"), "utf-8")
    (folder / "a.dxf").write_bytes(drawing(polyline("1F", "宗地", closed=True)).encode("gbk"))
    (folder / "a.json").write_text(json.dumps([{"宗地编号": "A1"}]), "utf-8")
    write_parquet(folder / "a.parquet")
    write_layer(folder / "a.fgb", "FlatGeobuf")
    write_layer(folder / "a.geojson", "GeoJSON")
    archive(folder / "a.zip", iter([("a.geojson", folder / "a.geojson")]))
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


NAMES = ("a.kml", "a.dxf", "a.json", "a.parquet", "a.fgb", "a.geojson", "a.zip")


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_damage_anywhere_brings_words_and_never_a_traceback(
    name: str, data: st.DataObject, tmp_path: Path, whole_files: dict[str, bytes]
) -> None:
    damaged = bytearray(whole_files[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(bytes(damaged[: data.draw(st.integers(1, len(damaged)))]))
    try:
        intake = read_ledger(Kind.PARCELS, path, Instructions(crs="EPSG:4490"))
        rows = sum(len(batch.records) + len(batch.refused) for batch in intake.batches())
    except InputRefusedError as error:
        assert error.in_words("en")
    else:
        assert rows == intake.tally.rows
        assert intake.tally.adds_up


def test_texts_that_parquet_holds_as_plain_bytes_are_read(tmp_path: Path, take_in: TakeIn) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = {"合同编号": [b"LZ-1"], "受让人": ["甲公司".encode()], "备注": [b"\x01\x00\xff"]}
    columns = {name: pa.array(value, pa.binary()) for name, value in told.items()}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    taken = take_in(Kind.CONTRACTS, tmp_path / "a.parquet")
    assert (taken.only.key, taken.only.values["holder"]) == ("LZ-1", "甲公司")
