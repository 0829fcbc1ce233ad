"""The doctor of the ledger, as a person asks for it: what does not fit, and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landwatch.geo.areas import area_m2
from landwatch.language.catalogue import catalogue, says
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door

METRE = 1 / 111_000
AS_OF = "2021-08-05"
BOW_TIE = shapely.Polygon([(104, 36), (104.001, 36.001), (104.001, 36), (104, 36.001)])
GRANTED = f"{100 * 100:.4f}"


def plot(west: float, south: float = 0, wide: float = 100, high: float = 100) -> shapely.Polygon:
    """Return a rectangle by metres from a corner near Lanzhou."""
    left, right = (104 + x * METRE / np.cos(np.radians(36)) for x in (west, west + wide))
    return shapely.box(left, 36 + south * METRE, right, 36 + (south + high) * METRE)


def area_of(shape: shapely.Geometry) -> str:
    return f"{area_m2(shape):.4f}"


def parcel(name: str, shape: shapely.Geometry | None, **told: str) -> dict[str, str]:
    drawn = {} if shape is None else {"geometry": f"SRID=4490;{shape.wkt}"}
    return {"parcel_id": name, **told, **drawn}


def contract(name: str, **told: str) -> dict[str, object]:
    return {**CONTRACT, "contract_id": name, **told}


def seen_on(name: str, day: str, **told: str) -> dict[str, str]:
    return {"contract_id": name, "observed_on": day, "source": "inspection", **told}


class Ledger:
    """A store that takes rows of each kind, and what its doctor sees."""

    def __init__(self, door: Door, folder: Path) -> None:
        self.door, self._folder = door, folder

    def take(self, kind: str, *rows: Mapping[str, object]) -> Ledger:
        self.door.takes(kind, self._folder / f"{kind}.csv", rows)
        return self

    def saw(self, *words: object) -> dict[str, list[dict[str, Any]]]:
        """Return the examples by code."""
        said = self.door.does("doctor", "ledger", "--as-of", AS_OF, "--json", *words)
        return {one["code"]: one["examples"] for one in json.loads(said.out)["found"]}


@pytest.fixture
def ledger(ready: Door, tmp_path: Path) -> Ledger:
    return Ledger(ready, tmp_path)


def keys(examples: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(one["key"]) for one in examples]


def test_an_empty_ledger_is_sound(ready: Door) -> None:
    said = ready.does("doctor", "ledger", "--as-of", AS_OF)
    assert "没有看出互相矛盾之处" in said.out
    assert "Nothing was seen" in ready.does("doctor", "ledger", "--lang", "en").out


def test_a_ledger_that_fits_is_sound(ledger: Ledger) -> None:
    ledger.take("zones", {"zone_id": "Z", "geometry": f"SRID=4490;{plot(-10, -10, 900, 300).wkt}"})
    rows = [
        parcel(f"P{at}", plot(100 * at), area_m2=area_of(plot(100 * at)), zone_id="Z")
        for at in range(3)
    ]
    ledger.take("parcels", *rows)
    ledger.take(
        "contracts",
        *(contract(f"C{at}", parcel_id=f"P{at}", zone_id="Z", area_m2=row["area_m2"])
          for at, row in enumerate(rows)),
    )  # fmt: skip
    ledger.take("progress", seen_on("C1", "2021-07-15", started="no"))
    assert ledger.saw() == {}


def test_outlines_are_held_against_each_other_their_zones_and_areas(ledger: Ledger) -> None:
    ledger.take("zones", {"zone_id": "Z", "geometry": f"SRID=4490;{plot(0, -50, 150, 300).wkt}"})
    ledger.take(
        "parcels",
        parcel("A", plot(0), zone_id="Z", area_m2=f"{area_m2(plot(0)) * 1.02:.4f}"),
        parcel("B", plot(90), zone_id="Z"),
        parcel("C", plot(90), zone_id="Z"),
        parcel("D", BOW_TIE, zone_id="Z"),
        parcel("P-5", None, zone_id="Z"),
    )
    ledger.take(
        "contracts",
        *(contract(f"C{name}", parcel_id=name, area_m2=area_of(plot(0))) for name in "ABCD"),
        contract("CE", parcel_id="P-5", area_m2="5"),
        contract("half", parcel_id="B;C", area_m2=area_of(plot(0))),
    )
    saw = ledger.saw()
    assert set(saw) == {
        "outlines_overlap", "same_outline", "outside_zone", "invalid_geometry", "outline_missing",
        "drawn_area_disagrees", "granted_area_disagrees",
    }  # fmt: skip
    pairs = {(one["key"], one["other"]) for one in saw["outlines_overlap"]}
    assert pairs == {("A", "B")}  # C is a copy of B, and said to be one
    assert [(one["key"], one["other"]) for one in saw["same_outline"]] == [("B", "C")]
    assert {(one["key"], one["share"]) for one in saw["outside_zone"]} == {
        ("B", "40%"),
        ("C", "40%"),
    }
    assert keys(saw["invalid_geometry"]) == ["D"]
    assert keys(saw["outline_missing"]) == ["P-5"]
    assert keys(saw["drawn_area_disagrees"]) == ["A"]
    assert keys(saw["granted_area_disagrees"]) == ["half"]
    assert "亩" in saw["granted_area_disagrees"][0]["words"]


def test_what_is_as_large_as_told_to_half_a_percent_fits(ledger: Ledger) -> None:
    near, far = (f"{area_m2(plot(0)) * times:.4f}" for times in (1.0049, 1.0051))
    ledger.take("parcels", parcel("A", plot(0), area_m2=near), parcel("B", plot(500), area_m2=far))
    ledger.take("contracts", contract("CA", parcel_id="A", area_m2=near))
    ledger.take("contracts", contract("CB", parcel_id="B", area_m2=far))
    saw = ledger.saw()
    assert keys(saw["drawn_area_disagrees"]) == ["B"]
    assert keys(saw["granted_area_disagrees"]) == ["CB"]


def test_names_that_lead_nowhere_are_found_both_ways(ledger: Ledger) -> None:
    ledger.take("parcels", parcel("P1", plot(0)), parcel("P2", plot(500)))
    ledger.take(
        "contracts",
        contract("GD-1001", parcel_id="P1;P9", zone_id="Z9", area_m2=GRANTED),
        contract("GD-1002"),
    )
    ledger.take("progress", seen_on("GD-1oo1", "2021-07-15", started="no"))
    ledger.take("events", {"contract_id": "GD-1oo1", "kind": "urge", "on": "2021-07-01"})
    saw = ledger.saw()
    assert [(one["key"], one["named"]) for one in saw["parcel_unknown"]] == [("GD-1001", "P9")]
    assert [(one["key"], one["contracts"]) for one in saw["zone_unknown"]] == [("Z9", 1)]
    (stranger,) = saw["contract_unknown"]
    assert (stranger["reports"], stranger["events"], stranger["near"]) == (1, 1, "GD-1001")
    assert "是否指「GD-1001」" in stranger["words"]
    assert keys(saw["parcel_without_contract"]) == ["P2"]
    assert keys(saw["contract_without_parcel"]) == ["GD-1002"]


def test_a_report_under_another_number_of_the_contract_is_no_stranger(ledger: Ledger) -> None:
    ledger.take("contracts", contract("C1", contract_no="兰土出让 7 号"))
    ledger.take("progress", seen_on("兰土出让 7 号", "2021-07-15", started="no"))
    assert "contract_unknown" not in ledger.saw()


@pytest.mark.parametrize(
    ("code", "told", "reports"),
    [
        (
            "start_denied",
            {"actual_start_on": "2020-01-01"},
            [seen_on("C1", "2021-07-15", started="no")],
        ),
        (
            "start_test_not_met",
            {},
            [seen_on("C1", "2021-07-15", started="yes", foundation="deep_pit", pit_share="0.2")],
        ),
        (
            "start_denied_later",
            {},
            [seen_on("C1", "2021-03-01", started="yes"), seen_on("C1", "2021-07-15", started="no")],
        ),
        (
            "start_sources_disagree",
            {},
            [
                seen_on("C1", "2021-07-15", started="no"),
                seen_on("C1", "2021-07-15", started="yes") | {"source": "holder_report"},
            ],
        ),
        (
            "start_told_later",
            {"actual_start_on": "2021-07-01"},
            [seen_on("C1", "2021-03-01", started="yes")],
        ),
        (
            "works_before_start",
            {"actual_start_on": "2021-03-01", "actual_completion_on": "2020-03-01"},
            [],
        ),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_evidence_of_a_start_that_contradicts_itself_is_told(
    ledger: Ledger, code: str, told: dict[str, str], reports: list[dict[str, str]]
) -> None:
    ledger.take("contracts", contract("C1", **told), contract("C2"))
    if reports:
        ledger.take("progress", *reports)
    saw = ledger.saw()
    assert keys(saw[code]) == ["C1"]
    assert {name for name in saw if name.startswith(("start_", "works_"))} == {code}


def test_what_was_seen_after_the_day_contradicts_nothing_yet(ledger: Ledger) -> None:
    ledger.take("contracts", contract("C1", actual_start_on="2020-01-01"))
    ledger.take("progress", seen_on("C1", "2021-08-06", started="no"))
    assert not [name for name in ledger.saw() if name.startswith("start_")]
    said = ledger.door.does("doctor", "ledger", "--as-of", "2021-08-06", "--json").out
    assert "start_denied" in said


def test_abolished_divisions_are_told_once_with_their_heir(ledger: Ledger) -> None:
    rows = [contract(f"C{at}", adcode="330181", division="萧山市") for at in range(3)]
    ledger.take("contracts", *rows)
    (abolished,) = ledger.saw()["adcode_abolished"]
    assert abolished["count"] == 3
    assert "萧山区" in abolished["words"]


def test_an_import_taken_back_is_not_looked_at(ledger: Ledger) -> None:
    ledger.take("contracts", contract("C1", zone_id="Z9"))
    before = open_store(str(ledger.door.store)).latest_moment()
    ledger.door.does("undo", 1, "--reason", "演示")
    assert "zone_unknown" not in ledger.saw()
    assert before is not None
    assert "zone_unknown" in ledger.saw("--known-at", before.isoformat())


def test_the_table_shows_examples_in_both_languages_and_ends_well(ledger: Ledger) -> None:
    ledger.take("parcels", *(parcel(f"P{at}", plot(60 * at)) for at in range(6)))
    chinese = ledger.door.does("doctor", "ledger", "--as-of", AS_OF)
    assert "宗地重叠" in chinese.out
    assert "…" in chinese.out
    assert "台账未作任何改动" in chinese.err
    english = ledger.door.does("doctor", "ledger", "--as-of", AS_OF, "--lang", "en")
    assert "Parcels overlap" in english.out
    assert not any("\u4e00" <= sign <= "\u9fff" and sign != "亩" for sign in english.out)


def test_names_in_the_ledger_are_no_markup_and_no_formula(ledger: Ledger, tmp_path: Path) -> None:
    name = "=1+[red]X[/red]"
    ledger.take("parcels", parcel(name, plot(0)))
    out = tmp_path / "doctor.csv"
    said = ledger.door.does("doctor", "ledger", "--as-of", AS_OF, "-o", out)
    assert "[red]X" in said.out
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["key"] for row in rows] == [f"'{name}"]
    assert rows[0]["code"] == "parcel_without_contract"
    assert json.loads(rows[0]["told"]) == {}


def test_all_is_written_only_where_it_is_no_ledger_and_no_store(ledger: Ledger) -> None:
    said = ledger.door("doctor", "ledger", "-o", "landwatch.gpkg")
    assert said.code == 2
    assert "landwatch.gpkg" in said.err
    assert ledger.door("doctor", "ledger", "-o", "nowhere/doctor.csv").code in (2, 3)


def test_every_code_has_a_title_and_a_line() -> None:
    one = "doctor.one."
    codes = {key.removeprefix(one) for key in catalogue() if key.startswith(one)}
    assert {code for code in codes if not says(f"doctor.saw.{code}")} == set()
    assert len(codes) > 20
