"""Files of tiles: other programs read them, and a kill leaves what was there before."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from landwatch.errors import PageError, UsageError
from landwatch.mapping.tiles.data import TileData
from landwatch.mapping.tiles.writing import TilesReceipt, write_tiles
from tests.mapping import tile_reader
from tests.mapping.test_tiles import data_of, some_parcels
from tests.mapping.tile_reader import PMTILES

FORMS = ("tiles.mbtiles", "tiles.pmtiles")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> TileData:
    shapes, gravities = some_parcels(300)
    return data_of(shapes, gravities)


@pytest.fixture(scope="module")
def written(data: TileData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, TilesReceipt]:
    folder = tmp_path_factory.mktemp("tiles")
    return {name: write_tiles(folder / name, data, lang="zh", zooms=(0, 14)) for name in FORMS}


def tiles_of(path: Path) -> dict[tuple[int, int, int], bytes]:
    """Every tile of a file by zoom, column and row from the north."""
    if path.suffix == ".pmtiles":
        with path.open("rb") as file:
            return {
                tuple(place): bytes(tile)
                for place, tile in PMTILES.all_tiles(PMTILES.MmapSource(file))
            }
    with sqlite3.connect(path) as base:
        rows = base.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles")
        return {(z, x, (1 << z) - 1 - y): tile for z, x, y, tile in rows}


def metadata_of(path: Path) -> dict[str, Any]:
    if path.suffix == ".pmtiles":
        with path.open("rb") as file:
            found: dict[str, Any] = PMTILES.Reader(PMTILES.MmapSource(file)).metadata()
            return found
    with sqlite3.connect(path) as base:
        return dict(base.execute("SELECT name, value FROM metadata").fetchall())


def test_both_forms_hold_the_same_tiles(written: dict[str, TilesReceipt]) -> None:
    one, other = (tiles_of(written[name].path) for name in FORMS)
    assert one == other
    assert len(one) == written[FORMS[0]].tiles == written[FORMS[1]].tiles
    assert min(place[0] for place in one) == 0
    assert max(place[0] for place in one) == 14


def test_a_file_says_of_itself_what_it_shows(written: dict[str, TilesReceipt]) -> None:
    for name in FORMS:
        told = metadata_of(written[name].path)
        layers = told["vector_layers"] if "vector_layers" in told else json.loads(told["json"])
        layers = layers if isinstance(layers, list) else layers["vector_layers"]
        assert {layer["id"] for layer in layers} == {"parcels", "parcel_points"}
        assert "涉嫌" in told["description"]
        assert "2021-07-01" in told["attribution"]
        zooms = json.loads(told["landwatch_zooms"])
        assert [zoom["areas"] + zoom["points"] for zoom in zooms] == [300] * 15
        legend = {line["class"]: line for line in json.loads(told["landwatch_legend"])}
        assert legend["breach"]["zh"].startswith("涉嫌")


def test_an_mbtiles_file_has_what_its_specification_asks_for(
    written: dict[str, TilesReceipt],
) -> None:
    path = written["tiles.mbtiles"].path
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA application_id").fetchone() == (0x4D504258,)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        told = dict(base.execute("SELECT name, value FROM metadata").fetchall())
        [(kind,)] = base.execute("SELECT DISTINCT typeof(tile_data) FROM tiles").fetchall()
    assert kind == "blob"
    assert told["format"] == "pbf"
    assert (told["minzoom"], told["maxzoom"]) == ("0", "14")
    west, south, east, north = map(float, told["bounds"].split(","))
    assert 103.79 < west < 103.8 < east < 103.85
    assert 36.04 < south < 36.05 < north < 36.1
    longitude, latitude, _ = map(float, told["center"].split(","))
    assert west < longitude < east
    assert south < latitude < north


def test_a_pmtiles_file_stands_in_the_order_of_its_curve(written: dict[str, TilesReceipt]) -> None:
    with written["tiles.pmtiles"].path.open("rb") as file:
        header = PMTILES.Reader(PMTILES.MmapSource(file)).header()
    assert header["clustered"]
    assert header["addressed_tiles_count"] == written["tiles.pmtiles"].tiles
    assert (header["min_zoom"], header["max_zoom"]) == (0, 14)
    assert 103.79e7 < header["min_lon_e7"] < 103.8e7


@pytest.mark.parametrize("name", FORMS)
def test_gdal_reads_every_parcel_where_it_lies(name: str, written: dict[str, TilesReceipt]) -> None:
    frame = pyogrio.read_dataframe(written[name].path, layer="parcels").to_crs(4490)
    shapes, gravities = some_parcels(300)
    together = frame.dissolve("mvt_id", aggfunc="first")
    assert sorted(together.index) == list(range(1, 301))
    assert together.loc[1:, "class"].tolist() == gravities
    drawn = together.geometry.to_numpy()
    whole = np.array(shapes, object)
    overlap = shapely.area(shapely.intersection(drawn, whole)) / shapely.area(whole)
    assert overlap.min() > 0.98, "a step at zoom 14 is half a metre"


def test_equal_tiles_are_kept_once(tmp_path: Path) -> None:
    """A parcel over hundreds of tiles fills most of them alike."""
    data = data_of([shapely.box(103, 36, 103.6, 36.5)])
    for name in FORMS:
        receipt = write_tiles(tmp_path / name, data, lang="en", zooms=(14, 14))
        assert receipt.tiles > 500
        assert receipt.different < receipt.tiles / 5


@pytest.mark.parametrize("name", ["tiles.zip", "tiles", "tiles.mbtiles.html"])
def test_another_ending_is_refused(name: str, data: TileData, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends in \.mbtiles or \.pmtiles"):
        write_tiles(tmp_path / name, data, lang="en")


@pytest.mark.parametrize("zooms", [(5, 4), (-1, 3), (3, 21)], ids=str)
def test_zooms_that_are_none_are_refused(
    zooms: tuple[int, int], data: TileData, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="within 0 and 20"):
        write_tiles(tmp_path / "a.mbtiles", data, lang="en", zooms=zooms)


def test_nothing_to_draw_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="no parcel to draw"):
        write_tiles(tmp_path / "a.mbtiles", data_of([]), lang="en")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_zoom_by_zoom(data: TileData, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    write_tiles(
        tmp_path / "a.pmtiles",
        data,
        lang="en",
        zooms=(12, 14),
        told=lambda *said: heard.append(said),
    )
    assert list(dict.fromkeys(what for what, _, _ in heard)) == ["z12", "z13", "z14"]
    assert all(done <= of for _, done, of in heard)
    assert heard[-1][1] == heard[-1][2]


WRITER = """
import sys
from pathlib import Path
from landwatch.mapping.tiles.writing import write_tiles
from tests.mapping.test_tiles import data_of, some_parcels
data = data_of(*some_parcels(3000))
print("ready", flush=True)
write_tiles(Path(sys.argv[1]), data, lang="en", zooms=(0, 16))
"""


@pytest.mark.parametrize("name", FORMS)
def test_a_kill_leaves_the_file_that_was_there(name: str, data: TileData, tmp_path: Path) -> None:
    path = tmp_path / name
    write_tiles(path, data, lang="en", zooms=(12, 12))
    before = path.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) == 1 and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
    assert path.read_bytes() == before
    assert tile_reader.layers(next(iter(tiles_of(path).values())))
