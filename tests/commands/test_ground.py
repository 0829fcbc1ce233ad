"""What an import hears of the ground that the store already holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from landwatch.commands.ground import StoredGround
from landwatch.store import open_store
from tests.commands.conftest import CONTRACT, Door
from tests.commands.test_ledger_doctor import area_of, parcel, plot

EVERYWHERE = (70.0, 0.0, 140.0, 60.0)


def test_parcels_stand_as_they_were_told_last(ready: Door, tmp_path: Path) -> None:
    ready.takes("parcels", tmp_path / "a.csv", [parcel("P1", plot(0), zone_id="Z1")])
    ready.takes("parcels", tmp_path / "b.csv", [parcel("P1", plot(500)), parcel("P2", plot(0))])
    ground = StoredGround(open_store(str(ready.store)))
    known = {one.parcel_id: one for one in ground.within(EVERYWHERE)}
    assert known.keys() == {"P1", "P2"}
    assert (known["P1"].zone_id, known["P2"].zone_id) == ("Z1", None)
    (named,) = ground.named({"P1", "P9"})
    assert named == known["P1"]


def test_grants_are_found_by_any_parcel_that_they_name(ready: Door, tmp_path: Path) -> None:
    rows = [
        {**CONTRACT, "contract_id": "C1", "parcel_id": "P1;P2", "area_m2": "20000"},
        {**CONTRACT, "contract_id": "C2", "parcel_id": "P2", "area_m2": ""},
        {**CONTRACT, "contract_id": "C3", "parcel_id": "P3", "area_m2": "500"},
    ]
    ready.takes("contracts", tmp_path / "c.csv", rows)
    ground = StoredGround(open_store(str(ready.store)))
    (grant,) = ground.granted(["P2", "P1", "P9"])
    assert (grant.contract_id, grant.parcels) == ("C1", ("P1", "P2"))
    assert grant.area_m2 == Decimal(20000)


def test_an_import_is_held_against_the_ledger(ready: Door, tmp_path: Path) -> None:
    zone = {"zone_id": "Z1", "geometry": f"SRID=4490;{plot(0, 0, 150, 150).wkt}"}
    ready.takes("zones", tmp_path / "z.csv", [zone])
    ready.takes("parcels", tmp_path / "a.csv", [parcel("P1", plot(0), zone_id="Z1")])
    half = str(Decimal(area_of(plot(0))) / 2)
    contract = {**CONTRACT, "parcel_id": "P1", "area_m2": half}
    said = ready.takes("contracts", tmp_path / "c.csv", [contract])
    assert "相差 100%" in said.err
    said = ready.takes("parcels", tmp_path / "b.csv", [parcel("P2", plot(90), zone_id="Z1")])
    assert "与台账的「P1」" in said.err
    assert "所填园区「Z1」界线之外" in said.err


def test_an_invalid_outline_is_repaired_only_when_asked(ready: Door, tmp_path: Path) -> None:
    corners = [
        (104, 36),
        (104.002, 36),
        (104.003, 36),
        (104.002, 36),
        (104.002, 36.001),
        (104, 36.001),
    ]
    wkt = ", ".join(f"{x} {y}" for x, y in [*corners, corners[0]])
    row = {"parcel_id": "P1", "geometry": f"SRID=4490;POLYGON(({wkt}))"}
    said = ready.takes("parcels", tmp_path / "a.csv", [row])
    assert "尖刺" in said.err
    assert "未作修改" in said.err
    (kept,) = StoredGround(open_store(str(ready.store))).named(["P1"])
    said = ready.does("import", "parcels", tmp_path / "a.csv", "--repair")
    assert "已按您的要求修复" in said.err
    (mended,) = StoredGround(open_store(str(ready.store))).named(["P1"])
    assert kept.outline != mended.outline
