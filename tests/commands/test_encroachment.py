"""What the doctor says of outlines that reach beyond their zone, or beyond what was told before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Door
from tests.commands.test_ledger_doctor import AS_OF, Ledger, keys, parcel, plot

WIDER = plot(0, 0, 103, 100)


@pytest.fixture
def ledger(ready: Door, tmp_path: Path) -> Ledger:
    return Ledger(ready, tmp_path)


def test_a_parcel_that_grew_is_to_be_checked_with_both_imports(ledger: Ledger) -> None:
    ledger.take("parcels", parcel("A", plot(0)), parcel("B", plot(500)), parcel("C", plot(900)))
    ledger.take("parcels", parcel("A", WIDER), parcel("B", plot(500)), parcel("C", plot(930)))
    saw = ledger.saw()
    (grown,) = saw["outline_grown"]
    assert (grown["key"], grown["reach"], grown["share"]) == ("A", "3.0", "3%")
    assert (grown["before_import"], grown["now_import"], grown["now_row"]) == (1, 2, 2)
    assert "第 2 次导入（第 2 行）比第 1 次导入（第 2 行）多出" in grown["words"]
    assert grown["words"].endswith("为原面积的 3%，向外最远 3.0 米")
    (moved,) = saw["outline_moved"]
    assert moved["key"] == "C"
    assert "少了" in moved["words"]
    said = ledger.door.does("doctor", "ledger", "--as-of", AS_OF, "--lang", "en")
    assert "beyond an earlier one of the ledger" in said.out


def test_an_import_taken_back_was_no_growth(ledger: Ledger) -> None:
    ledger.take("parcels", parcel("A", plot(0)))
    ledger.take("parcels", parcel("A", WIDER))
    assert keys(ledger.saw()["outline_grown"]) == ["A"]
    ledger.door.does("undo", 2, "--reason", "演示")
    assert "outline_grown" not in ledger.saw()


def test_a_border_drawn_again_to_a_few_centimetres_is_not_told(ledger: Ledger) -> None:
    ledger.take("parcels", parcel("A", plot(0)))
    ledger.take("parcels", parcel("A", plot(0.03, 0.02)))
    assert set(ledger.saw()) == {"parcel_without_contract"}


def test_a_parcel_out_of_its_zone_is_told_with_the_zone_that_it_lies_in(ledger: Ledger) -> None:
    ledger.take(
        "zones",
        {"zone_id": "Z1", "geometry": f"SRID=4490;{plot(0, 0, 500, 500).wkt}"},
        {"zone_id": "Z2", "geometry": f"SRID=4490;{plot(500, 0, 500, 500).wkt}"},
    )
    ledger.take(
        "parcels",
        parcel("across", plot(425), zone_id="Z1"),
        parcel("into nowhere", plot(0, -50), zone_id="Z1"),
        parcel("in the other", plot(700), zone_id="Z1"),
    )
    saw = {one["key"]: one for one in ledger.saw()["outside_zone"]}
    assert saw.keys() == {"across", "into nowhere", "in the other"}
    assert (saw["across"]["share"], saw["across"]["elsewhere"]) == ("25%", "Z2")
    assert "该宗有 25% 在「Z2」之内" in saw["across"]["words"]
    assert "elsewhere" not in saw["into nowhere"]
    assert saw["into nowhere"]["words"].endswith("在「Z1」之外")
    assert saw["in the other"]["elsewhere_share"] == "100%"
