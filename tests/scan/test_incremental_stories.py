"""What must be decided again, told one by one; and when all must be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import sqlalchemy as sa
from shapely.geometry import MultiPolygon, box

from landwatch.language.catalogue import says
from landwatch.language.columns import Kind
from landwatch.language.records import Record, SourceFile
from landwatch.lawbook.shelf import shelf
from landwatch.ledger.keys import key_of
from landwatch.scan import incremental
from landwatch.scan.cutting import Size
from landwatch.scan.heads import counted, statuses_of, to_verify_of
from landwatch.scan.incremental import (
    Asked,
    Difference,
    WhyWhole,
    decided_again,
    difference,
)
from landwatch.scan.kept import (
    adopted_policies,
    kept_outcomes,
    moment_of_knowledge,
    run,
    run_and_keep,
)
from landwatch.scan.pieces import Alone
from landwatch.scan.spread import Spread
from landwatch.store import ScanSummary, Scope, Store, create_store
from landwatch.store.gpkg_dialect import gpkg_engine

DAY = date(2026, 3, 1)
LAW = "order-53-2012"


class Told:
    """A store with short ways to tell it something and to scan it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "台账.gpkg"
        self.store: Store = create_store(str(self.path))
        self.store.adopt(LAW, by="张三")
        self.files = 0

    def tell(self, kind: Kind, *rows: dict[str, Any]) -> int:
        self.files += 1
        source = SourceFile(f"{self.files}.csv", f"{self.files:064}", 1)
        with self.store.import_rows(kind, source, recorded_by="张三") as writer:
            writer.add(
                [Record(kind, key_of(kind, row), row, None, n) for n, row in enumerate(rows)]
            )
        return writer.receipt.import_id or 0

    def contract(self, name: str, **more: Any) -> int:
        told = {
            "contract_id": name,
            "instrument": "grant",
            "agreed_start_on": date(2024, 4, 1),
            "price_wan": Decimal(1000),
            "signed_on": date(2024, 1, 1),
            **more,
        }
        return self.tell(Kind.CONTRACTS, told)

    def report(self, name: str, on: date, **more: Any) -> int:
        told = {"contract_id": name, "observed_on": on, "source": "inspection", **more}
        return self.tell(Kind.PROGRESS, told)

    def scan(self, day: date = DAY) -> ScanSummary:
        adopted = adopted_policies(self.store, shelf(), day)
        return run_and_keep(self.store, adopted, day, by="张三", least=0)

    def asked(self, day: date = DAY) -> Asked:
        adopted = adopted_policies(self.store, shelf(), day)
        return Asked(adopted, day, moment_of_knowledge(self.store))

    def decided(self, day: date = DAY) -> int:
        """Scan, hold it against the full scan, and return how many contracts were decided."""
        kept = self.scan(day)
        whole = run(self.store, adopted_policies(self.store, shelf(), day), day, by="")
        assert kept.counts == whole.counts
        for ours, theirs in zip(
            kept_outcomes(self.store, kept), kept_outcomes(self.store, whole), strict=True
        ):
            assert ours.table.equals(theirs.table), ours.rule
        again = decided_again(self.store, kept)
        assert again is not None
        return again

    def status(self, rule: str, name: str) -> str:
        scan = self.store.scan()
        assert scan is not None
        for kept in kept_outcomes(self.store, scan):
            if kept.rule == rule:
                rows = kept.table.to_pylist()
                return next(str(row["status"]) for row in rows if row["contract_id"] == name)
        raise AssertionError(rule)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Three contracts, one of them started, scanned once."""
    ledger = Told(tmp_path)
    ledger.contract("甲")
    ledger.contract("乙", contract_no="乙-1")
    ledger.contract("丙")
    ledger.report("甲", date(2026, 1, 10), started=False)
    ledger.report("乙", date(2026, 1, 10), started=True)
    ledger.scan()
    return ledger


def test_nothing_happened_nothing_is_decided(told: Told) -> None:
    assert told.decided() == 0


def test_a_day_passes_and_only_figures_grow(told: Told) -> None:
    assert told.decided(DAY + timedelta(1)) == 0
    assert told.status("O53.A1", "甲") == "breach"


def test_evidence_that_grows_too_old_is_seen_on_its_day(told: Told) -> None:
    last = date(2026, 1, 10) + timedelta(180)
    told.scan(last - timedelta(1))
    assert told.decided(last) <= 1
    assert told.status("O53.A1", "甲") == "breach"
    assert told.decided(last + timedelta(1)) == 1
    assert told.status("O53.A1", "甲") == "unknown"


def test_a_report_under_another_number_reaches_its_contract(told: Told) -> None:
    told.report("乙-1", date(2026, 2, 1), started=True, note="另一编号")
    assert told.decided() >= 1


def test_a_number_that_becomes_another_contracts_own_is_followed(told: Told) -> None:
    told.report("乙-1", date(2026, 2, 2), started=False)
    told.decided()
    told.contract("乙-1")
    assert told.decided() >= 2
    assert told.status("O53.A1", "乙-1") == "breach"


def test_a_number_that_two_contracts_tell_means_neither(told: Told) -> None:
    told.report("丁-1", date(2026, 2, 2), started=False)
    told.contract("丙", contract_no="丁-1")
    told.decided()
    assert told.status("O53.A1", "丙") == "breach"
    told.contract("甲", contract_no="丁-1")
    assert told.decided() >= 2
    assert told.status("O53.A1", "丙") == "unknown"


def test_a_report_before_its_contract_speaks_once_the_contract_is_there(told: Told) -> None:
    told.report("戊", date(2026, 2, 2), started=False)
    told.decided()
    told.contract("戊")
    assert told.decided() == 1
    assert told.status("O53.A1", "戊") == "breach"


def test_a_contract_that_is_taken_back_is_gone(told: Told) -> None:
    number = told.contract("己")
    told.decided()
    told.store.withdraw(number, by="张三")
    assert told.decided() == 1
    told.store.restore(number, by="张三")
    assert told.decided() == 1


def test_a_delay_that_ends_is_seen_on_the_day_after(told: Told) -> None:
    until = DAY + timedelta(10)
    told.tell(
        Kind.EVENTS,
        {
            "contract_id": "甲", "kind": "delay", "on": date(2025, 1, 1), "until": until,
            "cause": "G1", "verified": True,
        },
    )  # fmt: skip
    told.decided()
    assert told.status("O53.A1", "甲") == "exempt"
    assert told.decided(until) == 1
    assert told.status("O53.A1", "甲") == "exempt"
    assert told.decided(until + timedelta(1)) == 1
    assert told.status("O53.A1", "甲") == "unknown"


def test_a_report_dated_later_speaks_from_its_day_on(told: Told) -> None:
    told.report("丙", DAY + timedelta(5), started=False)
    assert told.decided(DAY + timedelta(4)) == 1
    assert told.status("O53.A1", "丙") == "unknown"
    assert told.decided(DAY + timedelta(5)) == 1
    assert told.status("O53.A1", "丙") == "breach"


def test_a_start_told_for_a_day_to_come_is_looked_at_every_day(told: Told) -> None:
    told.contract("丙", actual_start_on=DAY + timedelta(30))
    assert told.decided() == 1
    assert told.decided(DAY + timedelta(1)) == 1
    assert told.status("O53.A1", "丙") == "breach"


def test_a_parcel_that_moves_takes_its_contracts_along(told: Told) -> None:
    shapes = {"东": box(103.1, 36, 103.2, 36.1), "西": box(103, 36, 103.1, 36.1)}
    told.tell(
        Kind.ZONES,
        *({"zone_id": name, "geometry": MultiPolygon([one])} for name, one in shapes.items()),
    )
    told.tell(Kind.PARCELS, _parcel(103.02))
    told.contract("甲", parcel_id="P1")
    told.scan()
    assert told.decided() == 0
    told.tell(Kind.PARCELS, _parcel(103.12))
    assert told.decided() == 1


def _parcel(west: float) -> dict[str, Any]:
    return {"parcel_id": "P1", "geometry": MultiPolygon([box(west, 36.02, west + 0.01, 36.03)])}


def why(found: Difference | WhyWhole) -> str:
    assert isinstance(found, WhyWhole)
    assert says(f"incremental.{found.code}")
    assert found.in_words("zh") != found.in_words("en")
    return found.code


def test_all_are_decided_where_the_law_is_another_one(told: Told) -> None:
    told.store.adopt("grant-contract", by="张三")
    assert why(difference(told.store, told.asked())) == "other_law"


def test_all_are_decided_where_an_adoption_has_run_out(told: Told) -> None:
    told.store.adopt("grant-contract", Scope(holds_to=DAY), by="张三")
    told.scan()
    assert why(difference(told.store, told.asked(DAY + timedelta(1)))) == "other_law"


def test_all_are_decided_where_no_scan_of_an_earlier_day_is_kept(told: Told) -> None:
    assert why(difference(told.store, told.asked(DAY - timedelta(1)))) == "none_kept"


def test_all_are_decided_where_a_zone_is_another_one(told: Told) -> None:
    told.tell(Kind.ZONES, {"zone_id": "东", "level": "national"})
    assert why(difference(told.store, told.asked())) == "zones_moved"
    told.scan()
    told.tell(Kind.ZONES, {"zone_id": "东", "leading_industries": "新材料"})
    assert told.decided() == 0


def test_all_are_decided_where_another_program_changed_a_row(told: Told) -> None:
    engine = gpkg_engine(told.path, 5)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE progress SET started = 0"))
    engine.dispose()
    assert why(difference(told.store, told.asked())) == "other_knowledge"


def test_all_are_decided_by_another_landwatch(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "build", lambda: "another")
    assert why(difference(told.store, told.asked())) == "other_build"


def test_all_are_decided_where_nearly_all_can_be_different(told: Told) -> None:
    told.contract("甲", price_wan=Decimal(2000))
    assert why(difference(told.store, told.asked(), few=0, most=0.2)) == "many"


def test_all_are_decided_of_a_small_ledger_and_after_many_differences(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why(difference(told.store, told.asked(), least=4)) == "small"
    monkeypatch.setattr(incremental, "LONGEST", 1)
    assert told.decided() == 0
    assert why(difference(told.store, told.asked())) == "long_line"


def test_a_scan_that_many_workers_made_is_built_upon_too(told: Told, tmp_path: Path) -> None:
    day = DAY + timedelta(1)
    adopted = adopted_policies(told.store, shelf(), day)
    spread = Spread(Alone(), tmp_path, Size(contracts=1))
    kept = run_and_keep(told.store, adopted, day, by="张三", deciding=spread.decide)
    assert kept.base_scan_id is None
    told.report("甲", date(2026, 2, 20), started=True)
    assert told.decided(day) == 1
    latest = told.store.scan()
    assert latest is not None
    assert latest.base_scan_id == kept.scan_id
    told.contract("丁", agreed_start_on=date(2023, 4, 1))
    assert told.decided(day + timedelta(400)) >= 1


def test_the_statuses_in_the_head_are_those_of_the_outcomes(told: Told) -> None:
    told.report("甲", date(2026, 2, 20), started=True)
    told.scan(DAY + timedelta(30))
    latest = told.store.scan()
    assert latest is not None
    assert latest.base_scan_id is not None
    names = pa.array(["甲", "丙", "no contract"])
    outcomes = list(kept_outcomes(told.store, latest))
    heads = statuses_of(told.store, latest, names, [one.rule for one in outcomes])
    for one in outcomes:
        theirs = one.table.filter(pc.is_in(one.table.column("contract_id"), value_set=names))
        assert heads[one.rule] == counted(theirs.column("status")), one.rule
        assert heads[one.rule].total() == 2
    verify = to_verify_of(told.store, latest)
    assert verify == {one.rule: pc.sum(one.table.column("to_verify")).as_py() for one in outcomes}
    assert sum(verify.values()) > 0
