"""`landwatch tiles` and the size of a page, as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.map_parcels import as_map_data, made_up_parcels
from landwatch import bootstrap, commands
from landwatch.commands.page_size import (
    MOST_BYTES,
    MOST_PARCELS,
    PageSize,
    hold_to_size,
    size_of,
)
from landwatch.errors import UsageError
from landwatch.mapping.arranging import arranged, contract_classes
from landwatch.mapping.gather import map_data
from landwatch.mapping.gravest import gravest_of
from landwatch.mapping.ground import ground
from landwatch.mapping.pack import drawing_pack, telling_pack
from landwatch.mapping.page import PageReceipt
from landwatch.mapping.style import CLASSES
from landwatch.mapping.tiles.gather import tile_data
from landwatch.screen import drawn
from tests.commands.conftest import Door, Said
from tests.mapping import tile_reader


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo: three places, parks and parcels with shapes, scanned."""
    folder = tmp_path_factory.mktemp("demo")
    commands.demo(folder, by="张三", lang="zh")
    return folder / "landwatch.gpkg"


def data_of(store: Path, **narrowed: Any) -> Any:
    held = bootstrap.the_store(str(store))
    scan = commands.kept_scan(held, None)
    return tile_data(held, scan, bootstrap.lawbook_of(held, scan), title="t", **narrowed)


def page_of(store: Path, **narrowed: Any) -> Any:
    held = bootstrap.the_store(str(store))
    scan = commands.kept_scan(held, None)
    return map_data(held, scan, bootstrap.lawbook_of(held, scan), title="t", **narrowed)


def told(data: Any, name: str) -> list[Any]:
    """What is told of each parcel under a key, as a reader of tiles has it."""
    [one] = [each for each in data.told if each.name == name]
    values = [
        tile_reader.told(next(tile_reader.parts(one.body[a:b].tobytes()))[1])
        for a, b in zip(one.starts[:-1], one.starts[1:], strict=True)
    ]
    return [None if code < 0 else values[code] for code in one.codes.tolist()]


def test_a_contract_has_the_class_that_it_has_on_the_page(made: Path) -> None:
    store = bootstrap.the_store(str(made))
    scan = commands.kept_scan(store, None)
    page = page_of(made)
    found = gravest_of(
        store, scan, bootstrap.lawbook_of(store, scan), page.contracts["contract_id"]
    )
    assert found.grave.tolist() == contract_classes(page).tolist()
    assert len(set(found.grave.tolist())) > 4


def test_a_parcel_tells_of_its_gravest_contract_as_findings_do(made: Path, door: Door) -> None:
    data = data_of(made)
    rows = door.does("findings", "--store", made, "--format", "json").rows
    by_pair = {(row["contract_id"], row["rule"]): row for row in rows}
    columns = ("contract", "rule", "class", "days_past", "parcel")
    speaking = 0
    for contract, rule, kind, days, _ in zip(*(told(data, name) for name in columns), strict=True):
        if contract is None:
            assert kind == "no_contract"
            continue
        row = by_pair[contract, rule]
        assert row["days_past"] == days
        if kind.removesuffix("_hatched") in ("breach", "due_soon", "exempt"):
            assert row["status"] == kind.removesuffix("_hatched")
            speaking += 1
    assert speaking > 20


def test_the_verb_writes_tiles_and_says_what_they_show(
    made: Path, door: Door, tmp_path: Path
) -> None:
    said = door.does("tiles", "--store", made, tmp_path / "a.pmtiles", "--lang", "en")
    assert "parcels" in said.err
    assert "none is left out unsaid" in said.err
    with (tmp_path / "a.pmtiles").open("rb") as file:
        tiles = dict(tile_reader.PMTILES.all_tiles(tile_reader.PMTILES.MmapSource(file)))
    near = [tile_reader.layers(tile) for place, tile in tiles.items() if place[0] == 15]
    parcels = {
        feature.tags["parcel"]: feature
        for layers in near
        if "parcels" in layers
        for feature in layers["parcels"].features
    }
    assert sorted(parcels) == sorted(told(data_of(made), "parcel"))
    assert any(f.tags["class"] == "breach" for f in parcels.values())
    [far] = [tile_reader.layers(tile) for place, tile in tiles.items() if place[0] == 0]
    assert sum(f.tags["parcels"] for f in far["park_points"].features) > 0


def test_its_figures_are_there_for_a_machine(made: Path, door: Door, tmp_path: Path) -> None:
    out = tmp_path / "a.mbtiles"
    answer = json.loads(door.does("tiles", "--store", made, out, "--max-zoom", 9, "--json").out)
    assert answer["bytes"] == out.stat().st_size
    assert [zoom["zoom"] for zoom in answer["zooms"]] == list(range(10))
    assert {zoom["areas"] + zoom["points"] for zoom in answer["zooms"]} == {answer["parcels"]}


def test_a_status_narrows_the_parcels_to_those_it_is_about(made: Path) -> None:
    data = data_of(made, statuses=frozenset({"breach"}))
    assert {CLASSES[code].gravity for code in data.grave.tolist()} == {"breach"}
    assert len(data.shapes) < len(data_of(made).shapes)


def test_a_park_narrows_tiles_and_page_alike(made: Path) -> None:
    data, page = data_of(made, zone="LZ-DEMO"), page_of(made, zone="LZ-DEMO")
    assert 0 < len(data.shapes) == len(page.parcel_id) < len(page_of(made).parcel_id)
    assert sorted(told(data, "parcel")) == sorted(page.parcel_id)
    assert set(page.contracts["zone"]) == {"金城沙枣产业园（演示）"}
    assert [zone.zone_id for zone in page.zones] == ["LZ-DEMO"]


def test_a_page_of_some_statuses_shows_no_parcel_as_bare_whose_contract_it_leaves_out(
    made: Path,
) -> None:
    page = page_of(made, statuses=frozenset({"breach"}))
    held = {row for rows in page.contracts["parcels"] for row in rows}
    assert held == set(range(len(page.parcel_id)))
    store = bootstrap.the_store(str(made))
    every = ground(store, commands.kept_scan(store, None))
    assert len(page.parcel_id) < len(every.parcels)


@pytest.mark.parametrize(
    ("words", "name"),
    [(("--status", "braech"), "breach"), (("--zone", "LZ-DEMA"), "LZ-DEMO")],
    ids=["status", "zone"],
)
@pytest.mark.parametrize("verb", [("tiles", "a.mbtiles"), ("map", "a.html")], ids=lambda v: v[0])
def test_a_name_that_is_not_there_is_refused_with_the_nearest(
    verb: tuple[str, str], words: tuple[str, str], name: str, made: Path, door: Door
) -> None:
    said = door(*verb, "--store", made, *words, "--lang", "en")
    assert said.code == 2
    assert name in said.err


# --- what one page holds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "refused"),
    [
        (PageSize(MOST_PARCELS - 1, MOST_BYTES), False),
        (PageSize(MOST_PARCELS, MOST_BYTES), False),
        (PageSize(MOST_PARCELS + 1, 0), True),
        (PageSize(1, MOST_BYTES - 1), False),
        (PageSize(1, MOST_BYTES + 1), True),
    ],
    ids=["below", "equal", "above", "fewer bytes", "more bytes"],
)
def test_a_page_is_refused_above_its_most_and_not_at_it(size: PageSize, refused: bool) -> None:
    hold_to_size(size, anyway=True)
    if not refused:
        hold_to_size(size, anyway=False)
        return
    with pytest.raises(UsageError) as raised:
        hold_to_size(size, anyway=False)
    for lang in ("zh", "en"):
        said = raised.value.in_words(lang)
        assert all(way in said for way in ("landwatch tiles", "--zone", "--status", "--anyway"))


def test_a_store_with_too_many_parcels_is_refused_before_anything_is_read(
    made: Path, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels = len(page_of(made).parcel_id)
    monkeypatch.setattr("landwatch.commands.page_size.MOST_PARCELS", parcels - 1)
    said = door("map", "--store", made, tmp_path / "all.html", "--lang", "en")
    assert said.code == 2
    assert "landwatch tiles" in said.err
    door.does("map", "--store", made, tmp_path / "zone.html", "--zone", "LZ-DEMO")
    assert [path.name for path in tmp_path.glob("*.html")] == ["zone.html"]


@pytest.mark.parametrize(("parcels", "told"), [(299_999, False), (300_000, True), (900_000, True)])
def test_a_large_page_says_how_large_it_is_and_how_long_it_takes(
    parcels: int, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn(PageReceipt(Path("a.html"), 60_000_000, parcels, parcels, parcels, 0, 0), "en")
    said = " ".join(capsys.readouterr().err.split())
    assert ("takes about" in said) is told
    assert ("60 MB" in said) is told


def test_a_page_is_estimated_within_a_third_of_what_it_is() -> None:
    data = as_map_data(made_up_parcels(5_000), findings_each=2)
    rows = arranged(data)
    packs = len(drawing_pack(data, rows)) + len(telling_pack(data, rows))
    empty = size_of(as_map_data(made_up_parcels(1))).bytes
    assert size_of(data).bytes - empty == pytest.approx(packs, rel=1 / 3)


def test_the_verb_runs_in_a_process_of_its_own(
    made: Path, child: Callable[..., Said], tmp_path: Path
) -> None:
    said = child("tiles", "--store", made, tmp_path / "a.pmtiles", "--lang", "zh", "-q")
    assert said.code == 0, said.err
    assert "涉嫌违约" in said.err
