"""What is asked of the map and has nothing, or is no file, is answered and never waited for."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from landwatch import bootstrap, commands
from landwatch.mapping.gather import map_data
from tests.commands.conftest import Door

PARK = {
    "type": "Feature",
    "properties": {"园区编号": "空园", "园区名称": "空园区", "级别": "国家级"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[110, 36], [110.1, 36], [110.1, 36.1], [110, 36]]],
    },
}


@pytest.fixture
def late(ready: Door, tmp_path: Path) -> Door:
    """A ledger of one late contract in no park, and a park without any contract."""
    row = {"合同编号": "HT-1", "出让面积(亩)": 40, "合同签订日期": "2019-01-01"}
    ready.takes("contracts", tmp_path / "c.csv", [row | {"约定开工时间": "2019-06-01"}])
    park = tmp_path / "z.geojson"
    park.write_text(json.dumps({"type": "FeatureCollection", "features": [PARK]}), "utf-8")
    ready.does("import", "zones", park)
    ready.does("scan", "--as-of", "2024-06-30")
    return ready


def test_a_park_without_contracts_has_a_page_that_tells_of_nobody_else(
    late: Door, tmp_path: Path
) -> None:
    late.does("map", "--zone", "空园", tmp_path / "m.html")
    store = bootstrap.the_store(str(late.store))
    scan = commands.kept_scan(store, None)
    page = map_data(store, scan, bootstrap.lawbook_of(store, scan), title="t", zone="空园")
    assert page.contracts["contract_id"] == []
    assert page.findings["rule"] == []
    everyone = map_data(store, scan, bootstrap.lawbook_of(store, scan), title="t")
    assert len(everyone.findings["rule"]) == len(
        [one for one in late.findings() if one["status"] in ("breach", "due_soon", "unknown")]
    )
    assert everyone.findings["rule"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("option", ["--layer", "--tiles"])
def test_a_pipe_is_no_layer_and_no_tiles_and_nobody_waits_for_it(
    late: Door, tmp_path: Path, option: str
) -> None:
    ending = "gpkg" if option == "--layer" else "pmtiles"
    os.mkfifo(tmp_path / f"pipe.{ending}")
    said = late("map", tmp_path / "m.html", option, tmp_path / f"pipe.{ending}")
    assert said.code == 3
    assert "pipe" in said.err
    assert not (tmp_path / "m.html").exists()
