"""The demo's files: always the same bytes, plainly made up, drawn true, faulty as they say."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from shapely import STRtree
from shapely.geometry import shape
from stdnum.cn import uscc

from landwatch.demo import DemoLedger, write_ledger
from landwatch.demo.park import PARKS, read_park
from landwatch.errors import InputRefusedError
from landwatch.language.columns import Kind
from tests.demo.conftest import Told

DATA = Path(__file__).parents[2] / "data"
FAULTS = {
    "lanzhou-contracts.xlsx": {
        "far_crossed": 1, "sentinel_date": 1, "duplicate_row": 1, "total_row": 1,
    },
    "urumqi-contracts.csv": {
        "bad_number": 1, "bad_date": 1, "bad_credit_code": 1, "sentinel_date": 1,
    },
    "lanzhou-progress.csv": {"bad_date": 1, "unit_in_cell": 2},
    "urumqi-progress.csv": {"missing_required": 1},
    "lanzhou-events.csv": {"bad_code": 1},
}  # fmt: skip
ROWS = {
    # file: rows, refused
    "lanzhou-zones.geojson": (3, 0),
    "urumqi-zones.geojson": (2, 0),
    "taizhou-zones.geojson": (1, 0),
    "lanzhou-parcels.geojson": (46, 0),
    "urumqi-parcels.geojson": (39, 0),
    "taizhou-parcels.geojson": (7, 0),
    "lanzhou-contracts.xlsx": (48, 0),
    "urumqi-contracts.csv": (41, 0),
    "taizhou-contracts.csv": (7, 0),
    "lanzhou-progress.csv": (48, 1),
    "urumqi-progress.csv": (42, 1),
    "taizhou-progress.csv": (7, 0),
    "lanzhou-events.csv": (10, 1),
    "urumqi-events.csv": (36, 0),
    "taizhou-events.csv": (1, 0),
}
KEPT_ONLY = {"土地来源", "经办人"}
"""Headers of a bureau that no rule knows: kept, and said so."""


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return found


def parcels(demo: DemoLedger) -> list[dict[str, Any]]:
    paths = [path for kind, path in demo.files if kind is Kind.PARCELS]
    return [feature for path in paths for feature in features(path)]


def test_the_files_kept_in_data_are_those_that_the_demo_writes(demo: DemoLedger) -> None:
    written = {path.name: path.read_bytes() for _, path in demo.files}
    kept = {path.name: path.read_bytes() for path in DATA.iterdir() if path.name != "README.md"}
    assert written.keys() == kept.keys()
    assert [name for name in written if written[name] != kept[name]] == []


def test_a_second_time_writes_the_same_bytes(demo: DemoLedger, tmp_path: Path) -> None:
    again = write_ledger(tmp_path / "not" / "there yet")
    assert [path.read_bytes() for _, path in again.files] == [
        path.read_bytes() for _, path in demo.files
    ]


def test_no_moment_of_writing_is_left_in_the_workbook(demo: DemoLedger) -> None:
    book = next(path for _, path in demo.files if path.suffix == ".xlsx")
    with zipfile.ZipFile(book) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 6, 30, 9, 0, 0)}
        moments = re.findall(r"[0-9-]{10}T[0-9:]{8}Z", parts.read("docProps/core.xml").decode())
    assert moments == ["2026-06-30T09:00:00Z"] * 2


def test_the_files_come_in_the_order_of_their_import(demo: DemoLedger) -> None:
    kinds = [kind for kind, _ in demo.files]
    assert kinds == sorted(kinds, key=list(Kind).index)
    assert Counter(kinds) == dict.fromkeys(Kind, 3)


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(InputRefusedError) as refusal:
        write_ledger(tmp_path / "file" / "demo")
    assert str(tmp_path / "file" / "demo") in refusal.value.in_words("zh")


def test_every_row_of_a_contract_says_that_it_is_made_up(told: Told) -> None:
    for row in told.rows[Kind.CONTRACTS]:
        assert all("演示" in row[name] for name in ("holder", "project_name", "location"))
    assert all("演示" in row["name"] for row in told.rows[Kind.ZONES])
    assert all("演示" in row["inspector"] for row in told.rows[Kind.PROGRESS] if "inspector" in row)


@pytest.mark.parametrize("name", PARKS)
def test_every_name_that_a_user_sees_says_that_it_is_made_up(name: str) -> None:
    park = read_park(name)
    names = [park.name, park.division, *(str(zone.told["园区名称"]) for zone in park.zones)]
    names += [enterprise.holder for enterprise in park.enterprises]
    assert [each for each in names if "演示" not in each] == []


def test_every_enterprise_says_what_it_shows() -> None:
    enterprises = [each for name in PARKS for each in read_park(name).enterprises]
    assert len({each.id for each in enterprises}) == len(enterprises) == 94
    assert all(each.why["zh"] and each.why["en"] for each in enterprises)


def test_the_importer_finds_every_fault_and_nothing_else(told: Told) -> None:
    found = {
        name: dict(intake.tally.by_code)
        for name, intake in told.intakes.items()
        if intake.tally.by_code
    }
    assert found == FAULTS


def test_every_row_is_accounted_for(told: Told) -> None:
    counted = {
        name: (intake.tally.rows, intake.tally.refused) for name, intake in told.intakes.items()
    }
    assert counted == ROWS
    for intake in told.intakes.values():
        tally = intake.tally
        assert tally.adds_up


def test_every_header_is_understood_but_those_that_no_rule_knows(told: Told) -> None:
    unmapped = {use.header for intake in told.intakes.values() for use in intake.unmapped}
    assert unmapped == KEPT_ONLY


def test_two_units_come_to_one(told: Told) -> None:
    contracts = {row["contract_id"]: row for row in told.rows[Kind.CONTRACTS]}
    assert contracts["LZ-01"]["area_mu"] == 45  # 3 公顷
    assert contracts["LZ-01"]["agreed_intensity_wan_per_mu"] == 150  # 2250 万元/公顷
    assert contracts["UR-01"]["area_m2"] == 20_000  # 30 亩


def test_reports_and_events_name_contracts_that_are_there(told: Told) -> None:
    contracts = {row["contract_id"] for row in told.rows[Kind.CONTRACTS]}
    for kind in (Kind.PROGRESS, Kind.EVENTS):
        assert {row["contract_id"] for row in told.rows[kind]} <= contracts


def test_some_contracts_have_no_place_and_one_parcel_has_two(told: Told, demo: DemoLedger) -> None:
    drawn = {feature["properties"]["宗地编号"] for feature in parcels(demo)}
    rows = {row["contract_id"]: row for row in told.rows[Kind.CONTRACTS]}
    placeless = {contract for contract, row in rows.items() if "parcel_id" not in row}
    assert placeless == {"LZ-11", "UR-18", "UR-33"}
    named = Counter(row["parcel_id"] for row in rows.values() if "parcel_id" in row)
    assert {parcel: count for parcel, count in named.items() if count > 1} == {"UR-P27": 2}
    assert drawn - set(named) == {"LZ-P90", "UR-P90"}
    assert set(named) <= drawn


def test_a_parcel_is_as_large_as_its_contracts_say(told: Told, demo: DemoLedger) -> None:
    granted: Counter[str] = Counter()
    for row in told.rows[Kind.CONTRACTS]:
        if "parcel_id" in row and "area_m2" in row:
            granted[row["parcel_id"]] += row["area_m2"]
    areas = {
        feature["properties"]["宗地编号"]: feature["properties"]["宗地面积(平方米)"]
        for feature in parcels(demo)
    }
    granted_twice = {"LZ-P05"}  # the row that was copied twice
    for parcel, area in granted.items():
        times = 2 if parcel in granted_twice else 1
        assert float(area) / times == pytest.approx(areas[parcel], abs=0.01)


def test_every_parcel_is_drawn_as_large_as_it_is_told_to_be(demo: DemoLedger) -> None:
    ellipsoid = Geod(ellps="GRS80")  # the ellipsoid of CGCS2000 to a tenth of a millimetre
    for feature in parcels(demo):
        drawn = abs(ellipsoid.geometry_area_perimeter(shape(feature["geometry"]))[0])
        assert drawn == pytest.approx(feature["properties"]["宗地面积(平方米)"], rel=5e-5)


def test_no_parcel_lies_on_another_and_each_lies_in_its_zone(demo: DemoLedger) -> None:
    zones = {
        feature["properties"]["园区编号"]: shape(feature["geometry"])
        for kind, path in demo.files
        if kind is Kind.ZONES
        for feature in features(path)
    }
    lots = parcels(demo)
    areas = [shape(feature["geometry"]) for feature in lots]
    assert all(area.is_valid for area in areas)
    tree = STRtree(areas)
    for one, other in tree.query(areas, predicate="intersects").T:
        if one < other:
            assert areas[one].intersection(areas[other]).area < 1e-11  # of a square degree: 0.1 m²
    for feature, area in zip(lots, areas, strict=True):
        assert zones[feature["properties"]["园区编号"]].contains(area)
    for part in ("LZ-DEMO-N", "LZ-DEMO-S"):
        assert zones["LZ-DEMO"].contains(zones[part])
    assert not zones["LZ-DEMO-N"].intersects(zones["LZ-DEMO-S"])


def test_lots_are_of_many_shapes(demo: DemoLedger) -> None:
    areas = [shape(feature["geometry"]) for feature in parcels(demo)]
    holes = sum(1 for area in areas if area.interiors)
    notched = sum(1 for area in areas if area.area / area.convex_hull.area < 0.93)
    assert holes == 2
    assert notched >= 4
    assert len({round(area.area, 12) for area in areas}) > 40
    assert all(not a.equals(b) for a, b in combinations(areas, 2))


def test_credit_codes_are_well_formed_but_for_the_one_that_is_not(told: Told) -> None:
    wrong = {
        row["contract_id"]
        for row in told.rows[Kind.CONTRACTS]
        if not uscc.is_valid(row["holder_uscc"])
    }
    assert wrong == {"UR-20"}
    assert all("MADEM" in row["holder_uscc"] for row in told.rows[Kind.CONTRACTS])


def test_one_name_looks_hostile_and_is_only_a_name(told: Told) -> None:
    names = {row["contract_id"]: row["project_name"] for row in told.rows[Kind.CONTRACTS]}
    assert {contract for contract, name in names.items() if "<" in name} == {"UR-26"}
    assert names["UR-26"] == '<永固>预制管片"二期"（演示）'
