"""Files of tiles: read where they are sound, refused in words where not, never believed."""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image
from pmtiles.tile import TileType, deserialize_header, serialize_header

from landwatch.errors import PageError
from landwatch.mapping.backdrops import mbtiles as mbtiles_room
from landwatch.mapping.backdrops.picking import Picked, area_boxes, picked, tiles_around
from landwatch.mapping.backdrops.pictures import tile_picture
from landwatch.mapping.backdrops.tile_sources import TileSource, opened_tiles
from tests.mapping.backdrop_files import (
    Place,
    around,
    coloured,
    encoded,
    mbtiles,
    picture,
    pmtiles,
    tile_folder,
)

LANZHOU = (103.804, 36.053)
TILES = coloured(around(*LANZHOU, range(10, 15)))
PARCEL = np.array([shapely.box(103.80, 36.05, 103.808, 36.056)], object)


def as_mbtiles(folder: Path) -> str:
    return str(mbtiles(folder / "t.mbtiles", TILES, name="县影像", format="png"))


def as_pmtiles(folder: Path) -> str:
    return str(pmtiles(folder / "t.pmtiles", TILES, name="县影像"))


def as_folder(folder: Path) -> str:
    return str(tile_folder(folder / "县影像", TILES))


def as_template(folder: Path) -> str:
    tile_folder(folder / "县影像", TILES, south=True)
    return str(folder / "县影像" / "{z}" / "{x}" / "{-y}.png")


def as_gdal2tiles(folder: Path) -> str:
    root = tile_folder(folder / "县影像", TILES, south=True)
    (root / "tilemapresource.xml").write_text("<TileMap/>", "utf-8")
    return str(root)


@pytest.mark.parametrize("made", [as_mbtiles, as_pmtiles, as_folder, as_template, as_gdal2tiles])
def test_every_format_gives_the_same_tile_at_the_same_place(
    tmp_path: Path, made: Callable[[Path], str]
) -> None:
    source = opened_tiles(made(tmp_path))
    assert source.name == "县影像"
    assert source.zooms == range(10, 15)
    for place, data in TILES.items():
        assert source.tile(*place) == data
    assert source.tile(14, 0, 0) is None
    source.close()


def picked_of(told: str, budget: int = 10_000_000) -> Picked:
    source = opened_tiles(told)
    try:
        return picked(source, area_boxes(PARCEL), budget)
    finally:
        source.close()


def test_tiles_around_the_parcels_are_picked_zoom_by_zoom(tmp_path: Path) -> None:
    taken = picked_of(as_mbtiles(tmp_path))
    assert taken.zooms == [10, 11, 12, 13, 14]
    assert taken.full is None and taken.bad == 0
    for zoom, x, y, number in taken.places:
        assert taken.pictures[number] == TILES[zoom, x, y]


def test_a_zoom_that_does_not_fit_is_left_out_whole_and_told(tmp_path: Path) -> None:
    all_of_it = picked_of(as_mbtiles(tmp_path))
    few = picked_of(str(tmp_path / "t.mbtiles"), 20_000)
    assert few.zooms == [10, 11, 12][: len(few.zooms)] and few.zooms
    assert few.full == few.zooms[-1] + 1
    assert few.bytes <= 20_000 < all_of_it.bytes
    assert {place[0] for place in few.places} == set(few.zooms)
    assert max(place[3] for place in few.places) < len(few.pictures)


def test_a_picture_that_comes_a_thousand_times_is_taken_along_once(tmp_path: Path) -> None:
    sea = picture((1, 2, 3))
    path = mbtiles(tmp_path / "t.mbtiles", dict.fromkeys(TILES, sea))
    taken = picked_of(str(path))
    assert len(taken.places) > 50
    assert taken.pictures == [sea]
    assert taken.bytes == len(sea)


def test_tiles_of_an_internet_map_are_picked_where_that_map_draws_the_parcels() -> None:
    here, there = area_boxes(PARCEL), area_boxes(PARCEL, gcj02=True)
    moved_m = (there - here)[0, :2] * 40_075_017 * np.cos(np.radians(36.05))
    assert 100 < np.hypot(*moved_m) < 700


def test_a_parcel_as_wide_as_the_world_asks_for_no_end_of_tiles() -> None:
    assert tiles_around(np.array([[0.0, 0.0, 1.0, 1.0]]), 12) is None
    assert tiles_around(np.zeros((0, 4)), 12) == []
    assert tiles_around(np.array([[0.0, 0.0, 1.0, 1.0]]), 1) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_tiles_elsewhere_are_no_backdrop_here(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "t.mbtiles", coloured(around(-75.2, 39.9, range(10, 12))))
    taken = picked_of(str(path))
    assert taken.places == [] and taken.missing > 0 and taken.full is None


def refused(told: str) -> str:
    """Return the words with which a source is refused, in both languages."""
    with pytest.raises(PageError) as error:
        source = opened_tiles(told)
        try:
            picked(source, area_boxes(PARCEL), 10_000_000)
        finally:
            source.close()
    return error.value.in_words("zh") + error.value.in_words("en")


def test_what_is_not_there_or_no_tiles_is_refused_by_name(tmp_path: Path) -> None:
    assert "没有找到" in refused(str(tmp_path / "nowhere.mbtiles"))
    (tmp_path / "a.tif").write_bytes(b"II*\0")
    assert "a.tif" in refused(str(tmp_path / "a.tif"))
    (tmp_path / "empty").mkdir()
    assert "zoom/column/row" in refused(str(tmp_path / "empty"))


def test_an_mbtiles_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.mbtiles"
    path.write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    assert "MBTiles" in refused(str(path))
    path.write_bytes(b"PK\x03\x04 not a database")
    assert "MBTiles" in refused(str(path))
    path.write_bytes(b"")
    assert "tiles" in refused(str(path))


def test_a_database_without_tiles_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "t.mbtiles"
    with sqlite3.connect(path) as data:
        data.execute("CREATE TABLE other (a)")
    data.close()
    assert "没有 tiles 表" in refused(str(path))


def test_a_view_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbtiles_room, "PATIENCE_S", 0.3)
    path = tmp_path / "t.mbtiles"
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS zoom_level, i AS tile_column, i AS tile_row, x'00' AS tile_data FROM n"
    )
    with sqlite3.connect(path) as data:
        data.execute(f"CREATE VIEW tiles AS {endless}")
    data.close()
    assert "interrupted" in refused(str(path))


def test_a_tile_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "t.mbtiles"
    with sqlite3.connect(path) as data:
        data.execute(
            "CREATE VIEW tiles AS SELECT 12 AS zoom_level, 1 AS tile_column, 1 AS tile_row, "
            "zeroblob(900000000) AS tile_data"
        )
    data.close()
    assert "MBTiles" in refused(str(path))


def test_texts_where_pictures_belong_are_counted_and_left_out(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "t.mbtiles", TILES)
    with sqlite3.connect(path) as data:
        data.execute("UPDATE tiles SET tile_data = '<script>' WHERE zoom_level = 12")
        data.execute("UPDATE tiles SET tile_data = NULL WHERE zoom_level = 13")
    data.close()
    taken = picked_of(str(path))
    assert taken.zooms == [10, 11, 14]
    assert taken.bad > 10


def test_vector_tiles_are_refused_in_words(tmp_path: Path) -> None:
    vectors = dict.fromkeys(TILES, gzip.compress(b"\x1a\x05layer"))
    told = mbtiles(tmp_path / "said.mbtiles", vectors, format="pbf")
    assert "矢量瓦片" in refused(str(told))
    assert "vector" in refused(str(pmtiles(tmp_path / "v.pmtiles", vectors, TileType.MVT)))
    silent = picked_of(str(mbtiles(tmp_path / "silent.mbtiles", vectors)))
    assert silent.places == [] and silent.vector


def bomb(side: int) -> bytes:
    """Return a small picture that claims to be of any size."""
    data = bytearray(picture((0, 0, 0)))
    data[16:24] = side.to_bytes(4, "big") * 2
    return bytes(data)


def webp(side: int, *, lossless: bool) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "webp", lossless=lossless)
    return out.getvalue()


def test_a_picture_is_known_by_its_own_bytes_and_size() -> None:
    for kind in ("png", "jpeg", "webp"):
        known = tile_picture(picture((9, 8, 7), kind, 512))
        assert known is not None
        assert (known.kind, known.width, known.height) == (kind, 512, 512)
    for lossless in (True, False):
        known = tile_picture(webp(256, lossless=lossless))
        assert known is not None and (known.width, known.height) == (256, 256)
    assert tile_picture(encoded(Image.new("RGBA", (256, 256), (0, 0, 0, 0)))) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8" + b"\xff" * 3000,
        b"\xff\xd8\xff\xe0\x00\x00" * 500,
        b"RIFF\0\0\0\0WEBPVP8X" + b"\xff" * 20,
        bomb(60_000),
        bomb(0),
        webp(2000, lossless=True),
        b"\x89PNG\r\n\x1a\n" + b"\0" * (3 << 20),
    ],
    ids=range(11),
)
def test_what_is_no_picture_of_a_tile_or_claims_a_monstrous_size_is_left_out(data: bytes) -> None:
    assert tile_picture(data) is None


def altered(path: Path, **changes: int) -> str:
    """Return a PMTiles file whose header tells something else."""
    data = path.read_bytes()
    header = deserialize_header(data[:127]) | changes
    other = path.with_name("altered.pmtiles")
    other.write_bytes(serialize_header(header) + data[127:])  # type: ignore[arg-type]
    return str(other)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("root_length", 2**63),
        ("root_length", 10**7),
        ("root_offset", 2**63),
        ("root_offset", 5),
        ("metadata_length", 2**62),
        ("metadata_offset", 2**64 - 1),
        ("leaf_directory_offset", 2**64 - 1),
        ("tile_data_offset", 2**64 - 1),
    ],
)
def test_a_pmtiles_file_that_lies_of_its_lengths_reads_nothing_beyond_itself(
    tmp_path: Path, field: str, value: int
) -> None:
    told = altered(Path(as_pmtiles(tmp_path)), **{field: value})
    if field in ("leaf_directory_offset", "tile_data_offset"):
        taken = picked_of(told)  # the file has no leaves, so only its tiles are beyond it
        assert bool(taken.places) == (field == "leaf_directory_offset")
        assert bool(taken.bad) == (field == "tile_data_offset")
    else:
        assert "PMTiles" in refused(told)


def with_root(path: Path, root: bytes) -> str:
    """Return a PMTiles file whose root directory is another."""
    data = path.read_bytes()
    header = deserialize_header(data[:127])
    told = {**header, "root_offset": len(data), "root_length": len(root)}
    other = path.with_name("rooted.pmtiles")
    other.write_bytes(serialize_header(told) + data[127:] + root)  # type: ignore[arg-type]
    return str(other)


@pytest.mark.parametrize(
    "root",
    [
        gzip.compress(b"\0" * (64 << 20)),  # a bomb: 64 MB in 64 KB
        gzip.compress(b"\xff" * 4000),
        gzip.compress(b"\xff\xff\xff\xff\x7f"),  # claims billions of entries
        gzip.compress(b""),
        gzip.compress(b"\x05\x01\x01"),
        b"not gzip",
        gzip.compress(b"\0" * 100)[:-9],
    ],
    ids=["bomb", "endless", "billions", "nothing", "short", "plain", "cut"],
)
def test_a_directory_that_cannot_be_is_refused_in_words(tmp_path: Path, root: bytes) -> None:
    assert "PMTiles" in refused(with_root(Path(as_pmtiles(tmp_path)), root))


def test_a_tile_said_to_lie_beyond_the_file_is_damaged(tmp_path: Path) -> None:
    far = bytes([1, 0, 1]) + b"\xff\xff\xff\xff\xff\xff\xff\x7f" * 2
    source = opened_tiles(with_root(Path(as_pmtiles(tmp_path)), gzip.compress(far)))
    assert source.tile(0, 0, 0) == b""
    assert source.tile(12, 1, 1) is None
    source.close()


def test_a_directory_that_leads_to_itself_comes_to_an_end(tmp_path: Path) -> None:
    path = Path(as_pmtiles(tmp_path))
    begin = len(path.read_bytes())
    root = gzip.compress(bytes([1, 0, 0, 60, 1]))  # one entry: a leaf, 60 bytes long, at offset 0
    root += b"\0" * (60 - len(root))
    told = with_root(path, root)
    data = Path(told).read_bytes()
    header = {**deserialize_header(data[:127]), "leaf_directory_offset": begin}
    Path(told).write_bytes(serialize_header(header) + data[127:])  # type: ignore[arg-type]
    source = opened_tiles(told)
    assert [source.tile(*place) for place in TILES] == [None] * len(TILES)
    source.close()


def test_a_file_that_is_no_pmtiles_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.pmtiles"
    for data in (b"", b"PMTiles", b"PMTiles\x02" + b"\0" * 200, b"\xff" * 300, b"PMTiles\x03\0"):
        path.write_bytes(data)
        assert "PMTiles" in refused(str(path))


def test_folders_with_strange_names_are_walked_around(tmp_path: Path) -> None:
    root = tile_folder(tmp_path / "t", TILES)
    for name in ("..%2f..", "1e3", "-1", "٣", "9" * 30, "0x10", "12 "):
        (root / name / "1").mkdir(parents=True)
        (root / name / "1" / "1.png").write_bytes(picture((0, 0, 0)))
    assert opened_tiles(str(root)).zooms == range(10, 15)  # a folder holds nothing open


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture((200, 0, 0)))
    root = tile_folder(tmp_path / "t", TILES)
    place: Place = next(iter(TILES))
    tile = root / f"{place[0]}/{place[1]}/{place[2]}.png"
    tile.unlink()
    tile.symlink_to(secret)
    assert opened_tiles(str(root)).tile(*place) == b""


@pytest.mark.parametrize(
    "pattern",
    ["{z}/{x}.png", "{z}/{x}/{y}/{y}.png.{q}", "{z}/../../{x}/{y}.png", "{z}/{x}/{y}{-y}.png"],
)
def test_a_template_that_names_no_tile_or_climbs_out_is_refused(
    tmp_path: Path, pattern: str
) -> None:
    tile_folder(tmp_path / "t", TILES)
    assert "{z}" in refused(str(tmp_path / "t" / pattern))


def test_a_source_is_closed_even_where_reading_fails(tmp_path: Path) -> None:
    source: TileSource = opened_tiles(as_pmtiles(tmp_path))
    source.close()
    with pytest.raises(ValueError, match="closed"):
        source.tile(12, 1, 1)
