"""`landwatch map` with backdrops and layers, as a person types it."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from tests.commands.conftest import CONTRACT, Door
from tests.mapping.backdrop_files import around, coloured, mbtiles

TOKEN = "0123456789abcdef0123456789abcdef"
PARCEL = shapely.box(103.80, 36.05, 103.81, 36.056)


@pytest.fixture
def drawn(ready: Door, tmp_path: Path) -> Door:
    """A store whose one contract lies on a parcel, scanned by few rules."""
    columns = {"parcel_id": ["P1"], "zone_id": [None], "land_use": ["工业用地"]}
    frame = geopandas.GeoDataFrame(columns, geometry=[PARCEL], crs=4490)
    frame.to_file(tmp_path / "parcels.gpkg", layer="parcels")
    ready.does("policy", "drop", "grant-contract")
    ready.does("import", "parcels", tmp_path / "parcels.gpkg")
    ready.takes("contracts", tmp_path / "contracts.csv", [{**CONTRACT, "parcel_id": "P1"}])
    ready.does("scan", "--as-of", "2021-08-02")
    return ready


def test_a_page_with_tiles_and_layers_says_what_it_took_and_what_it_lacks(
    drawn: Door, tmp_path: Path
) -> None:
    mbtiles(tmp_path / "t.mbtiles", coloured(around(103.805, 36.053, range(8, 15))), name="影像")
    road = [shapely.LineString([(103.79, 36.05), (103.82, 36.055)])]
    geopandas.GeoDataFrame(geometry=road, crs=4490).to_file(tmp_path / "路.gpkg")
    said = drawn.does("map", "map.html", "--tiles", "t.mbtiles", "--layer", "路.gpkg")
    assert "“影像”：带上宗地周围第 8–14 级瓦片" in said.err
    assert "审图号" in said.err
    assert "路.gpkg" not in said.err, "nothing is to be said of it"
    plain = drawn.does("map", "plain.html")
    assert "审图号" not in plain.err
    more = Path("map.html").stat().st_size - Path("plain.html").stat().st_size
    assert 3_000 < more < 400_000


def test_a_token_stands_in_the_page_alone_and_in_no_log(
    drawn: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.jsonl"
    monkeypatch.setenv("LANDWATCH_LOG", str(log))
    monkeypatch.setenv("LANDWATCH_LOG_LEVEL", "debug")
    monkeypatch.setenv("LANDWATCH_LOG_NAMES", "1")
    said = drawn.does("map", "map.html", "--tianditu", TOKEN, "--map-approval", "GS(2024)0650号")
    wrong = drawn("map", "map.html", "--tianditu", f"{TOKEN}?", "--lang", "en")
    assert wrong.code == 3 and "token" in wrong.err
    keyed = drawn("map", "map.html", "--xyz", f"https://a.cn/tiles?tk={TOKEN}")
    assert keyed.code == 3
    assert TOKEN not in said.err + said.out + wrong.err + keyed.err
    assert log.stat().st_size > 0
    holding = [one.name for one in tmp_path.iterdir() if TOKEN.encode() in one.read_bytes()]
    assert holding == [], "the page holds it packed"


REFUSED = [
    (("--xyz", "javascript:alert(1)"), 3, "template"),
    (("--xyz", "https://u:p@a.cn/{z}/{x}/{y}"), 3, "address"),
    (("--wmts", "https://a.cn/wmts?LAYER=a&TILEMATRIXSET=EPSG:4490"), 3, "EPSG:4490"),
    (("--tiles", "nowhere.mbtiles"), 3, "nowhere.mbtiles"),
    (("--layer", "nowhere.gpkg"), 3, "nowhere.gpkg"),
    (("--layer", "x.gpkg,colour=red"), 2, "#6a3d9a"),
    (("--gcj02",), 2, "--xyz"),
    (("--tianditu", TOKEN, "--tianditu-layer", "globe"), 3, "vec"),
]


def test_what_cannot_be_shown_is_refused_before_a_page_is_written(drawn: Door) -> None:
    for words, code, told in REFUSED:
        said = drawn("map", "map.html", "--lang", "en", *words)
        assert (said.code, told in said.err) == (code, True), said.err
        assert not Path("map.html").exists()
