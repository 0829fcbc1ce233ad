"""`landwatch.findings`: a kept scan as a GeoDataFrame, the same as the verb tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

import landwatch
from landwatch import commands
from landwatch.errors import StoreMissingError, UnknownNameError
from landwatch.scan.findings import FINDING_COLUMNS
from tests.commands.conftest import Door


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo: parcels with shapes, scanned."""
    folder = tmp_path_factory.mktemp("demo")
    commands.demo(folder, by="张三", lang="zh")
    return folder / "landwatch.gpkg"


def test_it_has_a_row_for_each_finding_that_the_verb_lists(made: Path, door: Door) -> None:
    frame = landwatch.findings(made, statuses=["breach", "unknown"])
    rows = door.does(
        "findings", "--store", made, "--format", "json", "--status", "breach,unknown"
    ).rows
    assert list(frame.columns) == [*FINDING_COLUMNS, "gravity", "geometry"]
    told = frame[["contract_id", "zone_id", "rule", "status"]].astype(object)
    told = told.where(told.notna(), None)
    assert told.to_dict("records") == [
        {name: row[name] for name in ("contract_id", "zone_id", "rule", "status")} for row in rows
    ]
    assert frame.crs.to_epsg() == 4490
    assert {"breach", "to_verify", "unknown"} == set(frame["gravity"])


def test_a_map_of_findings_is_coloured_by_their_gravity(made: Path) -> None:
    frame = landwatch.findings(made, zones=["LZ-DEMO"])
    shown = landwatch.map(frame, lang="en")
    assert shown.rows == len(frame)
    assert 0 < shown.drawn == int(frame.geometry.notna().sum())
    assert '"status":"gravity"' in shown.html
    assert "suspected breach" in shown.html


def test_a_store_or_a_name_that_is_not_there_is_refused(made: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        landwatch.findings(tmp_path / "none.gpkg")
    with pytest.raises(UnknownNameError, match="breach"):
        landwatch.findings(made, statuses=["braech"])
    with pytest.raises(UnknownNameError):
        landwatch.findings(made, scan=99)
