"""A cure of coordinates is done only where a person names it, in every format, and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import MultiPolygon, box, mapping

from landwatch.errors import InputRefusedError, UsageError
from landwatch.geo.shifts import Shift, shifted
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger
from landwatch.ledger.background import Background
from landwatch.ledger.ground import Ground
from landwatch.ledger.issues import IssueCode

TakeIn: TypeAlias = Callable[..., Any]

PLOT = box(104.10, 35.84, 104.11, 35.85)
UNIT = "620123001001GB00001W00000000"


def turned(shape: Any) -> Any:
    return shapely.transform(shape, lambda pairs: pairs[:, ::-1])


def on_map(shape: Any, shift: Shift) -> Any:
    return shapely.transform(shape, lambda pairs: shifted(pairs, shift))


def in_crs(shape: Any, epsg: int) -> Any:
    way = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    return shapely.transform(
        shape, lambda pairs: np.column_stack(way.transform(pairs[:, 0], pairs[:, 1]))
    )


def write_layer(path: Path, shapes: list[Any], crs: str | None, driver: str = "GPKG") -> Path:
    import fiona

    schema = {"geometry": "Polygon", "properties": {"parcel_id": "str", "unit_code": "str"}}
    options = {"crs": crs} if crs else {}
    with fiona.open(path, "w", driver=driver, schema=schema, **options) as sink:
        for at, shape in enumerate(shapes):
            told = {"parcel_id": f"G{at}", "unit_code": UNIT}
            sink.write({"properties": told, "geometry": mapping(shape)})
    return path


def same(area: Any, within: float = 1e-6) -> bool:
    return isinstance(area, MultiPolygon) and bool(
        area.symmetric_difference(PLOT).area < within * PLOT.area
    )


@pytest.mark.parametrize(
    ("drawn", "crs", "cure"),
    [
        (turned(PLOT), "EPSG:4490", "swap"),
        (turned(in_crs(PLOT, 4523)), "EPSG:4523", "swap"),
        (in_crs(PLOT, 4523), "EPSG:4545", "belt:35"),
        (in_crs(PLOT, 4544), "EPSG:4490", "belt:35"),
        (in_crs(PLOT, 4496), "EPSG:4490", "belt:18"),
        (turned(in_crs(PLOT, 4544)), "EPSG:4490", "swap+belt:35"),
        (in_crs(PLOT, 3857), "EPSG:4490", "web_mercator"),
        (PLOT, "EPSG:4523", "degrees"),
        (on_map(PLOT, Shift.GCJ02), "EPSG:4490", "gcj02"),
        (on_map(PLOT, Shift.BD09), "EPSG:4326", "bd09"),
        (in_crs(on_map(PLOT, Shift.GCJ02), 4523), "EPSG:4523", "gcj02"),
        (turned(in_crs(on_map(PLOT, Shift.GCJ02), 4544)), "EPSG:4545", "swap+belt:35+gcj02"),
    ],
)
def test_a_cure_brings_the_outline_home_and_is_said(
    drawn: Any, crs: str, cure: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = write_layer(tmp_path / "宗地.gpkg", [drawn], crs)
    taken = take_in(Kind.PARCELS, path, cure=cure)
    assert same(taken.only.values["geometry"])
    said = [issue for issue in taken.issues if issue.code == "cure_applied"]
    assert [issue.values["cure"] for issue in said] == [cure]
    assert cure in said[0].in_words("zh")
    assert cure in said[0].in_words("en")


def test_nothing_is_cured_unasked(tmp_path: Path, take_in: TakeIn) -> None:
    path = write_layer(tmp_path / "宗地.gpkg", [on_map(PLOT, Shift.GCJ02)], "EPSG:4490")
    taken = take_in(Kind.PARCELS, path)
    assert shapely.equals_exact(
        taken.only.values["geometry"].geoms[0], on_map(PLOT, Shift.GCJ02), 1e-12
    )
    assert "cure_applied" not in taken.codes


def test_a_missing_system_is_refused_with_the_doctors_command_until_a_cure_names_it(
    tmp_path: Path, take_in: TakeIn
) -> None:
    path = write_layer(tmp_path / "a.shp", [in_crs(PLOT, 4523)], None, "ESRI Shapefile")
    path.with_suffix(".prj").unlink(missing_ok=True)
    for cure in (None, "swap"):
        with pytest.raises(InputRefusedError) as refused:
            read_ledger(Kind.PARCELS, path, Instructions(cure=cure))
        assert "landwatch doctor coordinates a.shp" in refused.value.in_words("zh")
        assert "landwatch doctor coordinates a.shp" in refused.value.in_words("en")
    assert same(take_in(Kind.PARCELS, path, cure="belt:35").only.values["geometry"])


@pytest.mark.parametrize("cure", ["", "belt:24", "belt:３９", "gcj02+swap", "swap+swap", "wgs84"])
def test_a_cure_that_nobody_knows_is_refused_by_name(
    cure: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = write_layer(tmp_path / "a.gpkg", [PLOT], "EPSG:4490")
    with pytest.raises(UsageError) as refused:
        take_in(Kind.PARCELS, path, cure=cure)
    assert "belt:39" in refused.value.in_words("zh")


def test_the_datum_of_the_file_stays_under_a_belt(tmp_path: Path, take_in: TakeIn) -> None:
    path = write_layer(tmp_path / "a.gpkg", [in_crs(PLOT, 2359)], "EPSG:2360")
    taken = take_in(Kind.PARCELS, path, cure="belt:35")
    assert same(taken.only.values["geometry"])
    assert {"cure_applied", "old_datum", "crs_overridden"} <= set(taken.codes)


def test_kml_is_cured_too(tmp_path: Path, take_in: TakeIn) -> None:
    corners = " ".join(f"{x!r},{y!r}" for x, y in on_map(PLOT, Shift.GCJ02).exterior.coords)
    path = tmp_path / "a.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><ExtendedData>'
        '<Data name="parcel_id"><value>G0</value></Data></ExtendedData><Polygon><outerBoundaryIs>'
        f"<LinearRing><coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></kml>",
        "utf-8",
    )
    assert same(take_in(Kind.PARCELS, path, cure="gcj02").only.values["geometry"])


def test_geoparquet_is_cured_too(tmp_path: Path, take_in: TakeIn) -> None:
    import geopandas

    path = tmp_path / "a.parquet"
    frame = geopandas.GeoDataFrame({"parcel_id": ["G0"]}, geometry=[turned(PLOT)], crs="EPSG:4490")
    frame.to_parquet(path)
    assert same(take_in(Kind.PARCELS, path, cure="swap").only.values["geometry"])


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        (turned(PLOT).wkt, {"cure": "swap", "crs": "EPSG:4490"}),
        (f"SRID=4490;{turned(PLOT).wkt}", {"cure": "swap"}),
        (in_crs(PLOT, 4544).wkt, {"cure": "belt:35"}),
        (on_map(PLOT, Shift.BD09).wkt, {"cure": "bd09"}),
    ],
)
def test_areas_drawn_in_cells_are_cured_too(
    cell: str, options: dict[str, str], tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'parcel_id,geometry\nG0,"{cell}"\n', "utf-8")
    taken = take_in(Kind.PARCELS, path, **options)
    assert same(taken.only.values["geometry"])
    assert "cure_applied" in taken.codes


def points_text(shape: Any, belt: str, *, north_first: bool = True) -> str:
    lines = []
    for at, (x, y) in enumerate(shape.exterior.coords, start=1):
        first, second = (y, x) if north_first else (x, y)
        lines.append(f"J{at},1,{first:.4f},{second:.4f}")
    return (
        "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n"
        f"带号={belt}\n[地块坐标]\n5,1.0,G0,某地块,面,,工业,,@\n" + "\n".join(lines) + "\n"
    )


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        (points_text(in_crs(PLOT, 4523), "38"), "belt:35"),
        (points_text(in_crs(PLOT, 4544), ""), "belt:35"),
        (points_text(in_crs(PLOT, 4523), "35", north_first=False), "swap"),
        (points_text(in_crs(PLOT, 4544), "", north_first=False), "swap+belt:35"),
        (points_text(in_crs(on_map(PLOT, Shift.GCJ02), 4523), "35"), "gcj02"),
    ],
)
def test_boundary_points_are_cured_too(
    text: str, cure: str, tmp_path: Path, take_in: TakeIn
) -> None:
    path = tmp_path / "界址点.txt"
    path.write_text(text, "utf-8")
    taken = take_in(Kind.PARCELS, path, cure=cure)
    assert same(taken.only.values["geometry"])
    assert taken.codes.count("cure_applied") == 1


def spread(frame: Any, count: int = 60) -> list[Any]:
    """Parcels along the inner side of an outline, some hundred metres from it."""
    rng = np.random.default_rng(5)
    inner = shapely.buffer(frame, -0.0015)
    edge = shapely.difference(inner, shapely.buffer(frame, -0.005))
    west, south, east, north = frame.bounds
    shapely.prepare(edge)
    found: list[Any] = []
    while len(found) < count:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if edge.contains(one := box(x, y, x + 0.001, y + 0.001)):
            found.append(one)
    return found


@pytest.mark.parametrize("shift", list(Shift))
def test_an_import_says_that_parcels_look_like_an_internet_maps(
    shift: Shift, tmp_path: Path, take_in: TakeIn
) -> None:
    from landwatch.geo.frames import division_frame

    county = division_frame("620123")
    assert county is not None
    honest = spread(county.shape)
    path = write_layer(tmp_path / "a.gpkg", [on_map(one, shift) for one in honest], "EPSG:4490")
    said = [i for i in take_in(Kind.PARCELS, path).issues if i.code == f"{shift}_lookalike"]
    assert len(said) == 1
    assert said[0].row is None
    assert f"--cure {shift}" in said[0].in_words("zh")
    assert "榆中县" in said[0].in_words("en")
    cured = take_in(Kind.PARCELS, path, cure=str(shift))
    assert {"gcj02_lookalike", "bd09_lookalike", "outside_division"} & set(cured.codes) == set()
    plain = write_layer(tmp_path / "b.gpkg", honest, "EPSG:4490")
    assert {"gcj02_lookalike", "outside_division"} & set(
        take_in(Kind.PARCELS, plain).codes
    ) == set()


def test_a_zone_of_the_ledger_is_a_frame_too(tmp_path: Path) -> None:
    park = box(103.72, 36.46, 103.76, 36.49)
    rng = np.random.default_rng(2)
    places = [(rng.uniform(103.72, 103.758), rng.uniform(36.46, 36.488)) for _ in range(50)]
    rows = [
        {
            "type": "Feature",
            "properties": {"parcel_id": f"G{at}", "zone_id": "Z1"},
            "geometry": mapping(on_map(box(x, y, x + 0.001, y + 0.001), Shift.BD09)),
        }
        for at, (x, y) in enumerate(places)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    known = Background(ground=Ground(zones=lambda: {"Z1": park.wkb}))
    intake = read_ledger(Kind.PARCELS, path, Instructions(), known)
    codes = [issue.code for batch in intake.batches() for issue in batch.issues]
    assert codes.count(IssueCode.BD09_LOOKALIKE) == 1


def test_one_parcel_across_the_line_is_only_said_to_lie_outside(
    tmp_path: Path, take_in: TakeIn
) -> None:
    from landwatch.geo.frames import division_frame

    county = division_frame("620123")
    assert county is not None
    inside = spread(county.shape, 20)
    elsewhere = box(104.60, 35.55, 104.601, 35.551)
    path = write_layer(tmp_path / "a.gpkg", [*inside, elsewhere], "EPSG:4490")
    taken = take_in(Kind.PARCELS, path)
    said = [issue for issue in taken.issues if issue.code == "outside_division"]
    assert [(issue.values["out"], issue.values["examples"]) for issue in said] == [(1, "G20")]
    assert "安定区" in said[0].in_words("zh")
    assert "geometry" in taken.records[-1].values


def test_a_zone_that_lies_in_another_division_is_said(tmp_path: Path, take_in: TakeIn) -> None:
    told = {"zone_id": "Z1", "name": "某园区", "adcode": "310115"}
    feature = {"type": "Feature", "properties": told, "geometry": mapping(PLOT)}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    taken = take_in(Kind.ZONES, path)
    said = [issue for issue in taken.issues if issue.code == "outside_division"]
    assert [issue.values["name"] for issue in said] == ["浦东新区"]
