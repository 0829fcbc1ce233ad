"""What an attacker accused or passed by: each stays mended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import shapely

from landwatch.geo.overlay import locate_parcels
from landwatch.language.columns import Kind
from landwatch.lawbook.shelf import policy
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger
from landwatch.scan.run import Adopted, decide
from landwatch.scan.sources import Records, told_facts
from tests.scan.worked import Worked, ledger_of, table_of

NO_START = {"observed_on": date(2021, 8, 1), "source": "inspection", "started": False}
CONTRACT = {"instrument": "grant", "agreed_start_on": date(2020, 6, 30), "price_wan": Decimal(100)}


def outcome(
    worked: Worked, rule: str, as_of: date, adoption: Adoption | None = None
) -> dict[str, Any]:
    """Return the outcome of one rule for one worked contract."""
    return outcome_in(ledger_of({"X": worked}), rule, as_of, adoption)


def outcome_in(
    ledger: Ledger, rule: str, as_of: date, adoption: Adoption | None = None
) -> dict[str, Any]:
    prefixes = {"O53": "order-53-2012", "GC": "grant-contract", "LZ": "lanzhou-2012-148"}
    document = policy(prefixes[rule.split(".")[0]])
    found = decide(ledger, [Adopted(document, adoption or Adoption(everywhere=True))], as_of)
    (row,) = next(one.table.to_pylist() for one in found if one.rule.code == rule)
    return dict(row)


def test_a_verified_delay_without_a_told_cause_accuses_nobody() -> None:
    delay = {"kind": "delay", "on": date(2020, 1, 1), "verified": True}
    row = outcome(Worked(CONTRACT, None, (NO_START,), (delay,)), "O53.A1", date(2021, 8, 2))
    assert (row["status"], row["reason"]) == ("unknown", "missing:cause")
    row = outcome(Worked(CONTRACT, None, (NO_START,), ()), "O53.A1", date(2021, 8, 2))
    assert row["status"] == "breach"


def test_land_that_went_into_production_after_a_suspension_is_not_stalled() -> None:
    contract = CONTRACT | {"due_start_area_mu": Decimal(1500)}
    stalled = {
        "observed_on": date(2023, 2, 1),
        "source": "inspection",
        "started": True,
        "developed_area_mu": Decimal(499),
        "suspended_since": date(2022, 1, 1),
    }
    row = outcome(Worked(contract, None, (stalled,), ()), "O53.B", date(2023, 3, 1))
    assert row["status"] == "breach"
    producing = {
        "observed_on": date(2023, 2, 20),
        "source": "inspection",
        "stage": "in_production",
    }
    row = outcome(Worked(contract, None, (stalled, producing), ()), "O53.B", date(2023, 3, 1))
    assert row["status"] == "compliant"


def test_far_bounds_that_cross_decide_nothing() -> None:
    contract = CONTRACT | {
        "agreed_completion_on": date(2020, 12, 31),
        "agreed_far_min": Decimal(2),
        "agreed_far_max": Decimal("1.2"),
        "area_mu": Decimal(15),
    }
    built = {
        "observed_on": date(2021, 8, 1),
        "source": "inspection",
        "floor_area_m2": Decimal(15000),
    }
    for rule in ("GC.FAR_MIN", "GC.FAR_MAX"):
        row = outcome(Worked(contract, None, (built,), ()), rule, date(2021, 8, 2))
        assert (row["status"], row["reason"]) == ("unknown", "conflict")


def test_recovery_after_a_delay_waits_until_the_new_start_has_run_out() -> None:
    contract = CONTRACT | {"supplied_on": date(2018, 1, 1)}
    events = (
        {
            "kind": "delay",
            "on": date(2019, 1, 1),
            "until": date(2020, 1, 1),
            "cause": "G2",
            "verified": True,
        },
        {"kind": "amendment", "on": date(2020, 2, 1), "agreed_start_on": date(2021, 1, 1)},
    )
    seen = NO_START | {"observed_on": date(2022, 12, 31)}
    row = outcome(Worked(contract, None, (seen,), events), "LZ.RECOVER", date(2023, 1, 1))
    assert (row["status"], row["reason"]) == ("unknown", "cause:mixed")
    seen = NO_START | {"observed_on": date(2023, 1, 2)}
    row = outcome(Worked(contract, None, (seen,), events), "LZ.RECOVER", date(2023, 1, 2))
    assert row["status"] == "breach"


def parcels_of(*rows: dict[str, Any]) -> Ledger:
    contract = CONTRACT | {
        "contract_id": "X",
        "parcel_id": "P2;P1",
        "supplied_on": date(2015, 1, 1),
    }
    tables = {kind: table_of(kind, []) for kind in Kind}
    tables[Kind.CONTRACTS] = table_of(Kind.CONTRACTS, [contract])
    tables[Kind.PARCELS] = table_of(Kind.PARCELS, rows)
    return Ledger(tables)


def test_parcels_in_two_zones_are_a_question_and_not_a_pass() -> None:
    in_zone = Adoption(everywhere=False, zones=frozenset({"LZ"}))
    both = parcels_of(
        {"parcel_id": "P1", "zone_id": "LZ"}, {"parcel_id": "P2", "zone_id": "ELSEWHERE"}
    )
    row = outcome_in(both, "LZ.RECOVER", date(2021, 8, 2), in_zone)
    assert (row["status"], row["reason"]) == ("unknown", "missing:zone_id")
    one = parcels_of({"parcel_id": "P1", "zone_id": "LZ"}, {"parcel_id": "P2"})
    assert outcome_in(one, "LZ.RECOVER", date(2021, 8, 2), in_zone)["status"] != "not_applicable"
    none = parcels_of({"parcel_id": "P1", "zone_id": "ELSEWHERE"})
    row = outcome_in(none, "LZ.RECOVER", date(2021, 8, 2), in_zone)
    assert (row["status"], row["reason"]) == ("not_applicable", "not_adopted")


def shapes(key: str, *rows: tuple[str, str | None, Any, str | None]) -> pa.Table:
    return pa.table(
        {
            key: [row[0] for row in rows],
            **({"zone_id": [row[1] for row in rows]} if key != "zone_id" else {}),
            "geometry": [None if row[2] is None else shapely.to_wkb(row[2]) for row in rows],
            "cleared": pa.array([row[3] for row in rows], pa.string()),
        }
    )


def test_a_parcel_whose_zone_was_cleared_is_found_by_its_place() -> None:
    zones = shapes(
        "zone_id",
        ("BIG", None, shapely.box(100, 30, 101, 31), None),
        ("SUB", None, shapely.box(100, 30, 100.5, 30.5), None),
        ("GONE", None, shapely.box(100, 30, 100.1, 30.1), None),
        ("GONE", None, None, ";geometry;"),
    )
    inside = shapely.box(100.05, 30.05, 100.06, 30.06)
    parcels = shapes(
        "parcel_id",
        ("P1", "OTHER", inside, None),
        ("P1", None, None, ";zone_id;"),
        ("P2", "OTHER", inside, None),
        ("P3", None, shapely.box(90, 30, 91, 31), None),
    )
    located = locate_parcels(parcels, zones).to_pylist()
    assert located == [{"parcel_id": "P1", "zone_id": "SUB"}]


def test_a_cleared_value_is_no_fact_of_an_explanation() -> None:
    rows = [
        {"record_id": 1, "key": "X", "cleared": None, "price_wan": Decimal(100)},
        {"record_id": 2, "key": "X", "cleared": ";price_wan;", "price_wan": None},
    ]
    records = Records(contract=rows, progress=(), events=())
    assert told_facts(["price_wan"], records, date(2021, 1, 1)) == []
    records = Records(contract=rows[:1], progress=(), events=())
    assert [told.value for told in told_facts(["price_wan"], records, date(2021, 1, 1))] == [
        Decimal(100)
    ]


def marked(kind: Kind, row: dict[str, Any], *unreadable: str) -> pa.Table:
    """Return one record with cells that were told and cannot be read."""
    table = table_of(kind, [row])
    return table.append_column("unreadable", pa.array([";" + ";".join(unreadable) + ";"]))


@pytest.mark.parametrize(
    ("kind", "row", "cell"),
    [
        (Kind.CONTRACTS, {}, "agreed_start_on"),
        (Kind.CONTRACTS, {}, "actual_start_on"),
        (Kind.PROGRESS, {"observed_on": date(2021, 8, 2), "source": "inspection"}, "started"),
        (Kind.EVENTS, {"kind": "delay", "on": date(2020, 7, 1), "cause": "G1"}, "verified"),
        (Kind.EVENTS, {"kind": "amendment", "on": date(2020, 7, 1)}, "agreed_start_on"),
    ],
)
def test_a_cell_that_nobody_can_read_accuses_nobody(
    kind: Kind, row: dict[str, Any], cell: str
) -> None:
    contract = CONTRACT | {"contract_id": "X", "delivered_on": date(2018, 1, 1)}
    contract.pop(
        "agreed_start_on"
    ) if cell == "agreed_start_on" and kind is Kind.CONTRACTS else None
    tables = {each: table_of(each, []) for each in Kind}
    tables[Kind.CONTRACTS] = table_of(Kind.CONTRACTS, [contract])
    tables[Kind.PROGRESS] = table_of(Kind.PROGRESS, [NO_START | {"contract_id": "X"}])
    assert outcome_in(Ledger(tables), "O53.A1", date(2021, 8, 2))["status"] == "breach"
    if kind is Kind.CONTRACTS:
        tables[kind] = marked(kind, contract, cell)
    elif kind is Kind.EVENTS:
        tables[kind] = marked(kind, row | {"contract_id": "X"}, cell)
    else:
        both = [NO_START | {"contract_id": "X"}, row | {"contract_id": "X"}]
        table = table_of(kind, both)
        tables[kind] = table.append_column("unreadable", pa.array([None, f";{cell};"]))
    found = outcome_in(Ledger(tables), "O53.A1", date(2021, 8, 2))
    assert (found["status"], found["reason"]) == ("unknown", f"unreadable:{cell}")


def test_an_unreadable_correction_silences_what_it_corrects() -> None:
    contract = CONTRACT | {"contract_id": "X"}
    tables = {each: table_of(each, []) for each in Kind}
    table = table_of(Kind.CONTRACTS, [contract, {"contract_id": "X"}])
    tables[Kind.CONTRACTS] = table.append_column(
        "unreadable", pa.array([None, ";agreed_start_on;"])
    )
    tables[Kind.PROGRESS] = table_of(Kind.PROGRESS, [NO_START | {"contract_id": "X"}])
    found = outcome_in(Ledger(tables), "O53.A1", date(2021, 8, 2))
    assert found["status"] == "unknown"
    assert found["clock_from"] is None


def test_evidence_under_the_contracts_other_number_is_not_lost() -> None:
    contract = CONTRACT | {"contract_id": "4401002020B00011", "contract_no": "HT-1"}
    tables = {each: table_of(each, []) for each in Kind}
    tables[Kind.CONTRACTS] = table_of(Kind.CONTRACTS, [contract])
    tables[Kind.PROGRESS] = table_of(
        Kind.PROGRESS, [NO_START | {"contract_id": "4401002020B00011"}]
    )
    assert outcome_in(Ledger(tables), "O53.A1", date(2021, 8, 2))["status"] == "breach"
    amended = {
        "contract_id": "HT-1",
        "kind": "amendment",
        "on": date(2021, 3, 1),
        "agreed_start_on": date(2021, 6, 30),
    }
    tables[Kind.EVENTS] = table_of(Kind.EVENTS, [amended])
    found = outcome_in(Ledger(tables), "O53.A1", date(2021, 8, 2))
    assert (found["status"], found["limit_on"]) == ("not_due", date(2022, 6, 30))
    other = CONTRACT | {"contract_id": "ANOTHER", "contract_no": "HT-1"}
    tables[Kind.CONTRACTS] = table_of(Kind.CONTRACTS, [contract, other])
    adopted = [Adopted(policy("order-53-2012"), Adoption(everywhere=True))]
    first = next(decide(Ledger(tables), adopted, date(2021, 8, 2)))
    limits = first.table.column("limit_on").to_pylist()
    assert limits == [date(2021, 6, 30)] * 2
