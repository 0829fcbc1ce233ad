"""The flaws that people counted in real files are found by the import itself.

The files lie outside China, so their outlines are not used, but they are looked at all the same.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from landwatch.language.columns import Kind
from landwatch.ledger import Instructions, Tally, read_ledger, read_mapping

DATA = (Path(__file__).parents[2] / ".." / "shared" / "data" / "parcels").resolve()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside the project"),
]
PHILLY_LAND = "philly/land_backup_2024_06_24.parquet"
PHILLY_BUILDINGS = "philly/buildings_backup_2024_06_24.parquet"


def taken(path: Path, key: str, tmp_path: Path, *, repair: bool = False) -> Tally:
    mapping = tmp_path / "mapping.yaml"
    told = f"kind: parcels\nfile: x\nheaders:\n  - header: {key}\n    column: parcel_id\n"
    mapping.write_text(told, "utf-8")
    said = Instructions(mapping=read_mapping(mapping, Kind.PARCELS), repair=repair)
    intake = read_ledger(Kind.PARCELS, path, said)
    for _ in intake.batches():
        pass
    assert intake.tally.adds_up
    return intake.tally


def test_ninety_four_outlines_of_the_palisades_are_invalid(tmp_path: Path) -> None:
    tally = taken(DATA / "palisades/parcels.geojson", "id", tmp_path)
    assert tally.rows == 8626
    assert tally.by_code["invalid_geometry"] == 94


@pytest.mark.slow
def test_one_outline_of_philadelphia_is_invalid(tmp_path: Path) -> None:
    tally = taken(DATA / PHILLY_LAND, "opa_id", tmp_path)
    assert tally.rows == 25_663
    assert tally.by_code["invalid_geometry"] == 1


def test_points_among_the_buildings_are_counted(tmp_path: Path) -> None:
    tally = taken(DATA / PHILLY_BUILDINGS, "opa_id", tmp_path)
    assert tally.rows == 9955
    assert tally.by_code["not_an_area"] == 8660
    assert tally.by_code["invalid_geometry"] == 0


def test_no_lot_of_new_york_is_invalid(tmp_path: Path) -> None:
    tally = taken(DATA / "nyc/pluto.geojson", "BBL", tmp_path)
    assert tally.rows == 2000
    assert tally.by_code["invalid_geometry"] == 0


def moved(corners: Any) -> Any:
    """Return coordinates of California brought to Gansu; areas there are as large to a few %."""
    if isinstance(corners[0], float):
        return [corners[0] + 222.8, corners[1] + 2]
    return [moved(part) for part in corners]


@pytest.mark.slow
def test_all_but_three_of_the_palisades_are_repaired_without_a_change(tmp_path: Path) -> None:
    """Their writer put parts among the holes: 91 keep their area, 3 would not and stay as drawn."""
    content = json.loads((DATA / "palisades/parcels.geojson").read_bytes())
    for feature in content["features"]:
        feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])
    path = tmp_path / "moved.geojson"
    path.write_text(json.dumps(content), "utf-8")
    before, after = (taken(path, "id", tmp_path, repair=repair) for repair in (False, True))
    assert before.by_code["invalid_geometry"] == 94
    told = Counter({code: after.by_code[code] for code in after.by_code})
    assert (told["geometry_repaired"], told["repair_not_made"], told["invalid_geometry"]) == (
        91,
        3,
        0,
    )
