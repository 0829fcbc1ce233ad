"""The real files beside the project: a shifted outline is seen, and nothing sound is accused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from landwatch import commands
from landwatch.errors import LandwatchError
from landwatch.geo.frames import division_frame
from landwatch.geo.lookalikes import across, likenesses, sound
from landwatch.geo.readings import framed_by
from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, read_ledger, read_mapping

ROOT = Path(__file__).parents[2]
DATA = (ROOT / ".." / "shared" / "data").resolve()
shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside the project"),
]
CITIES = ("211200", "230100", "422800", "620100", "650100")
ACCUSING = {"gcj02_lookalike", "bd09_lookalike", "shift_lookalike", "outside_division"}


def seen(path: Path, **options: Any) -> Iterator[Any]:
    yield from commands.doctor_coordinates(path, **options).layers


def codes(path: Path, **options: Any) -> set[str]:
    return {one.code for layer in seen(path, **options) for one in layer.sightings}


@pytest.mark.parametrize("city", [pytest.param(city, marks=shared) for city in CITIES])
def test_outlines_of_an_internet_map_are_seen_as_such(city: str) -> None:
    (layer,) = seen(DATA / "boundaries" / "lanzhou" / f"{city}_full.json")
    said = [one for one in layer.sightings if one.code in ACCUSING]
    assert [(one.code, str(one.severity), one.cure) for one in said] == [
        ("gcj02_lookalike", "suspect", "--cure gcj02")
    ]
    best = layer.found.proposed
    assert 200 < best.moved_m < 600
    assert best.inside > layer.found.own.inside


@pytest.mark.parametrize("city", [pytest.param(city, marks=shared) for city in CITIES])
def test_the_import_of_such_outlines_says_so(city: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text("kind: zones\nheaders:\n  - {header: name, column: zone_id}\n", "utf-8")
    path = DATA / "boundaries" / "lanzhou" / f"{city}_full.json"
    said = Instructions(mapping=read_mapping(mapping, Kind.ZONES))
    intake = read_ledger(Kind.ZONES, path, said)
    found = [issue for batch in intake.batches() for issue in batch.issues]
    assert [issue.code for issue in found if issue.code in ACCUSING] == ["gcj02_lookalike"]


@pytest.mark.parametrize("city", CITIES)
def test_the_outlines_that_we_hold_them_against_are_not_accused(city: str) -> None:
    import numpy as np

    from landwatch.geo.divisions import counties

    frames = [
        frame
        for code in counties()
        if code[:4] == city[:4] and (frame := division_frame(code)) is not None
    ]
    assert len(frames) > 4
    shapes = sound(np.array([frame.shape for frame in frames], dtype=object))
    framed = framed_by(list(frames))
    assert likenesses(shapes, framed, across(shapes, framed)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "data").glob("*.geojson")), ids=lambda p: p.stem)
def test_the_demos_parcels_and_zones_are_sound(path: Path) -> None:
    layers = list(seen(path))
    assert {str(one.severity) for layer in layers for one in layer.sightings} <= {"note"}
    assert all(layer.found.outcomes == () for layer in layers)


def drawn_files() -> list[Path]:
    folders = ("parcels", "txt")
    every = (path for folder in folders for path in sorted((DATA / folder).rglob("*")))
    return [path for path in every if path.is_file() and path.suffix not in (".md",)]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=shared, id=path.name) for path in drawn_files()],
)
def test_no_real_file_is_accused_and_none_traces(path: Path) -> None:
    try:
        found = codes(path)
    except LandwatchError as refused:
        assert refused.in_words("zh") != refused.in_words("en")
        return
    assert ACCUSING & found == set()


@pytest.mark.parametrize("_", [pytest.param(0, marks=shared)])
def test_boundary_points_of_a_county_are_read_as_their_header_says(_: int) -> None:
    (layer,) = seen(DATA / "txt" / "longjie" / "testfile")
    assert layer.found.proposed is None
    assert layer.found.verdict.is_own
    assert layer.found.drawing.crs.to_epsg() == 4523


@pytest.mark.parametrize("_", [pytest.param(0, marks=shared)])
def test_parcels_of_other_countries_are_no_belt_of_china(_: int) -> None:
    for name in ("philly/land_backup_2024_06_24.parquet", "nyc/pluto.geojson"):
        (layer,) = seen(DATA / "parcels" / name)
        assert layer.found.outcomes == ()
        assert "nothing_fits" in {one.code for one in layer.sightings}
