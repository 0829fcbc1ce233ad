"""A number that no ledger may tell, in one contract: that one is undecided, the others go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from landwatch.language.columns import NUMBERS_BELOW, ColumnType, Kind, columns_of
from landwatch.lawbook.policy import About
from landwatch.lawbook.shelf import shelf
from landwatch.scan.account import account
from landwatch.scan.adoption import Adoption
from landwatch.scan.dossier import Ledger, gather, open_engine
from landwatch.scan.reading import exact
from landwatch.scan.run import Adopted, decide
from landwatch.scan.unread import REASON
from landwatch.scan.wild import UNREAD, without_wild
from tests.scan.worked import Worked, ledger_of
from tests.scan.worlds import AS_OF, world

EVERYWHERE = [Adopted(policy, Adoption(everywhere=True)) for policy in shelf().values()]
INVESTED = [one for one in EVERYWHERE if one.policy.id == "grant-contract"]
LARGEST = {
    name: Decimal(10) ** (18 - column.places) - Decimal(1).scaleb(-column.places)
    for kind in Kind
    for name, column in columns_of(kind).items()
    if column.holds is ColumnType.DECIMAL
}
"""What 18 digits hold, which is what a store holds."""
Outcomes = dict[tuple[str, str], dict[str, Any]]


def decided(
    contracts: Mapping[str, Worked], adopted: list[Adopted] = EVERYWHERE, as_of: date = AS_OF
) -> Outcomes:
    return {
        (one.rule.code, row["contract_id"]): row
        for one in decide(ledger_of(contracts), adopted, as_of)
        if one.rule.about is About.CONTRACT
        for row in one.table.to_pylist()
    }


def largest(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in which every number that it tells is the largest that a store holds."""
    return {
        name: LARGEST.get(name, value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def wild(worked: Worked) -> Worked:
    return replace(
        worked,
        contract=largest(worked.contract),
        zone=None if worked.zone is None else largest(worked.zone),
        progress=tuple(map(largest, worked.progress)),
        events=tuple(map(largest, worked.events)),
    )


@pytest.mark.parametrize("seed", range(2))
def test_wild_numbers_of_some_contracts_change_no_outcome_of_the_others(seed: int) -> None:
    tame = world(seed, 60)
    spoiled = {
        name: wild(one) if place % 3 == 0 else one for place, (name, one) in enumerate(tame.items())
    }
    untouched = {name for place, name in enumerate(tame) if place % 3}
    before, after = decided(tame), decided(spoiled)
    assert before.keys() == after.keys()
    assert [key for key in before if key[1] in untouched and before[key] != after[key]] == []
    assert any(str(row["reason"]).startswith(REASON) for row in after.values())


def test_who_is_told_as_wild_is_not_accused_by_what_was_told() -> None:
    spoiled = {name: wild(one) for name, one in world(4, 90).items()}
    asks_of_numbers = {
        "GC.INTENSITY",
        "GC.FAR_MIN",
        "GC.FAR_MAX",
        "GC.DENSITY",
        "GC.TAX",
        "GC.OUTPUT",
    }
    statuses = {
        row["status"] for (rule, _), row in decided(spoiled).items() if rule in asks_of_numbers
    }
    assert "unknown" in statuses
    assert statuses.isdisjoint({"breach", "compliant"})


def stalled(agreed_wan: Decimal | int) -> Worked:
    """Return a contract stalled for a year, whose 100 万元 fall short of what was agreed."""
    return Worked(
        {
            "instrument": "grant", "signed_on": date(2019, 1, 1), "area_m2": Decimal(20_000),
            "agreed_total_investment_wan": Decimal(agreed_wan),
            "agreed_completion_on": date(2020, 1, 1),
            "contract_form": "supplement_2006", "due_start_area_m2": Decimal(20_000),
            "agreed_total_investment_land_price_wan": Decimal(0),
            "agreed_total_investment_taxes_wan": Decimal(0),
        },
        {"level": "provincial"},
        (
            {
                "observed_on": date(2021, 6, 20), "source": "inspection", "started": True,
                "foundation": "full", "suspended_since": date(2020, 1, 10),
                "invested_wan": Decimal(100), "invested_land_price_wan": Decimal(0),
                "invested_taxes_wan": Decimal(0), "developed_area_m2": Decimal(19_000),
            },
        ),
        (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (NUMBERS_BELOW - 1, "breach"),
        (NUMBERS_BELOW - Decimal("0.000001"), "breach"),
        (NUMBERS_BELOW, "unknown"),
        (NUMBERS_BELOW + Decimal("0.000001"), "unknown"),
        (LARGEST["price_wan"], "unknown"),
    ],
)
def test_the_limit_is_that_of_an_import(number: Decimal | int, status: str) -> None:
    row = decided({"c": stalled(number)}, INVESTED)["GC.STALLED", "c"]
    assert row["status"] == status
    if status == "unknown":
        assert row["reason"].partition(":")[2] == "agreed_total_investment_wan"


def seen_on(*days: date | None) -> Worked:
    """Return a contract late by its first report; a later one, if any, tells of the start."""
    idle, *begun = days
    told = [{"observed_on": idle, "source": "inspection", "started": False}]
    for day in begun:
        told.append({"observed_on": day, "source": "inspection", "started": True})
    return Worked(
        {
            "instrument": "grant", "signed_on": AS_OF - timedelta(days=900),
            "agreed_start_on": AS_OF - timedelta(days=400), "area_m2": Decimal(20_000),
            "agreed_completion_on": AS_OF + timedelta(days=400),
        },
        {"level": "provincial"}, tuple(told), (),
    )  # fmt: skip


def test_an_older_report_accuses_nobody_in_place_of_one_whose_day_cannot_be_read() -> None:
    lately, yesterday = AS_OF - timedelta(days=20), AS_OF - timedelta(days=1)
    contracts = {
        "idle": seen_on(lately),
        "begun": seen_on(lately, yesterday),
        "?": seen_on(lately, None),
    }
    told = ledger_of(contracts)
    reports = told.records[Kind.PROGRESS]
    assert isinstance(reports, pa.Table)
    marks = [None if day else ";observed_on;" for day in reports["observed_on"].to_pylist()]
    reports = reports.append_column("unreadable", pa.array(marks, pa.string()))
    spoiled = Ledger({**told.records, Kind.PROGRESS: reports})
    found = {
        (one.rule.code, row["contract_id"]): row
        for one in decide(spoiled, INVESTED, AS_OF)
        for row in one.table.to_pylist()
    }
    started = {name: found["GC.START", name] for name in ("idle", "begun", "?")}
    assert started["idle"]["status"] == "breach"
    assert started["begun"]["status"] != "unknown"
    assert started["?"]["status"] == "unknown"
    assert str(started["?"]["reason"]).startswith(REASON)


def test_an_explanation_says_what_the_scan_says_of_a_wild_number() -> None:
    spoiled = {name: wild(one) for name, one in world(5, 30).items()}
    by_scan = decided(spoiled)
    ledger = ledger_of(spoiled)
    engine = open_engine(ledger)
    gather(engine, ledger, AS_OF)
    rows = engine.sql("SELECT * FROM dossiers").to_arrow_table().to_pylist()
    engine.close()
    apart = []
    for row in rows:
        facts = {name: exact(value) for name, value in row.items()}
        for one in EVERYWHERE:
            for rule in one.policy.rules:
                if rule.about is About.CONTRACT:
                    taken = account(one.policy, rule, facts, AS_OF)
                    found = by_scan[rule.code, row["contract_id"]]
                    if (taken.status, taken.reason) != (found["status"], found["reason"]):
                        apart.append((rule.code, row["contract_id"], taken.status, found["status"]))
    assert apart == []


def test_a_wild_figure_of_a_park_leaves_the_park_undecided() -> None:
    ledger = ledger_of(
        {"c": wild(Worked({}, {"level": "provincial", "economy_wan": Decimal(1)}, (), ()))}
    )
    outcomes = [
        row
        for one in decide(ledger, EVERYWHERE, AS_OF)
        if one.rule.about is About.PARK
        for row in one.table.to_pylist()
    ]
    assert outcomes
    assert {row["status"] for row in outcomes} <= {"unknown", "not_applicable"}


@pytest.mark.parametrize("bits", [64, 128])
@pytest.mark.parametrize("chunks", [1, 3])
def test_wild_cells_are_found_in_columns_of_any_width_and_cut(bits: int, chunks: int) -> None:
    kind = pa.decimal64(18, 6) if bits == 64 else pa.decimal128(18, 6)
    told = [Decimal(1), None, Decimal(NUMBERS_BELOW), Decimal(-NUMBERS_BELOW), Decimal(999), None]
    cells = pa.chunked_array(
        [pa.array(told[1:], kind), *[pa.array(told, kind).slice(1)] * (chunks - 1)]
    )
    rows = len(cells)
    table = pa.table(
        {
            "c.price_wan": cells,
            UNREAD: pa.array([None] * (rows - 1) + [["x"]], pa.list_(pa.string())),
        }
    )
    found = without_wild(table)
    assert found["c.price_wan"].to_pylist() == [None, None, None, Decimal(999), None] * chunks
    wild_one = ["contracts.price_wan"]
    marks = [None, wild_one, wild_one, None, None] * chunks
    assert found[UNREAD].to_pylist() == [*marks[:-1], ["x"]]
    assert found["c.price_wan"].type == kind
    tame = table.slice(3, 2)
    assert without_wild(tame) is tame
