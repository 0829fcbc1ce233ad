"""The oracle held against the rulebook's test vectors; expected values worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lawbook.oracle import RULES, decide
from tests.lawbook.oracle_outcome import Outcome, years_after

Cells = dict[str, Any]
MU_PER_HA = Decimal(15)


def day(text: str) -> date:
    return date.fromisoformat(text)


def seen(on: str, source: str = "inspection", **cells: Any) -> Cells:
    return {"observed_on": day(on), "source": source, **cells}


def idle(rule: str, contract: Cells, as_of: str, *events: Cells, **cells: Any) -> Outcome:
    """Decide `rule` with an inspection that sees no start on the day of the scan itself."""
    contract = {"instrument": "grant", **contract}
    progress = [seen(as_of, started=False, **cells)]
    return decide(
        rule,
        contract=contract,
        zone=None,
        progress=progress,
        events=list(events),
        as_of=day(as_of),
    )


def test_vector_1_on_the_corresponding_day_the_year_is_not_over() -> None:
    outcome = idle("O53.A1", {"agreed_start_on": date(2020, 6, 30)}, "2021-06-30")
    assert (outcome.status, outcome.limit_on) == ("due_soon", date(2021, 6, 30))


def test_vector_2_the_day_after_is_the_first_of_breach() -> None:
    outcome = idle("O53.A1", {"agreed_start_on": date(2020, 6, 30)}, "2021-07-01")
    assert (outcome.status, outcome.days_past) == ("breach", 1)


@pytest.mark.parametrize(
    ("as_of", "status"), [("2021-02-28", "due_soon"), ("2021-03-01", "breach")]
)
def test_vector_3_a_leap_day_ends_on_the_last_of_february(as_of: str, status: str) -> None:
    assert idle("O53.A1", {"agreed_start_on": date(2020, 2, 29)}, as_of).status == status


@pytest.mark.parametrize(
    ("rule", "as_of", "status"),
    [
        ("O53.A1", "2021-05-10", "due_soon"),
        ("O53.A1", "2021-05-11", "breach"),
        ("O53.A2", "2022-05-10", "due_soon"),
        ("O53.A2", "2022-05-11", "breach"),
    ],
)
def test_vector_4_without_an_agreed_day_handover_and_a_year_count(
    rule: str, as_of: str, status: str
) -> None:
    outcome = idle(rule, {"delivered_on": date(2019, 5, 10)}, as_of)
    assert (outcome.status, outcome.clock_from) == (status, date(2020, 5, 10))


def start_status(**cells: Any) -> str:
    contract = {"instrument": "grant", "agreed_start_on": date(2020, 6, 30)}
    row = seen("2021-07-01", "holder_report", permit_on=date(2020, 5, 1), **cells)
    return decide(
        "O53.A1", contract=contract, zone=None, progress=[row], events=[], as_of=day("2021-07-01")
    ).status


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"foundation": "deep_pit", "pit_share": Decimal("0.95")}, "breach"),
        ({"foundation": "deep_pit", "pit_share": Decimal(1)}, "compliant"),
        ({"foundation": "piles", "piles_driven": 120, "piles_total": 121}, "breach"),
        ({"foundation": "piles", "piles_driven": 121, "piles_total": 121}, "compliant"),
        ({"foundation": "other", "foundation_share": Decimal("0.333")}, "breach"),
        ({"foundation": "other", "foundation_share": Decimal("0.333333")}, "compliant"),
        ({"foundation": "other"}, "unknown"),
    ],
)
def test_vectors_5_to_7_a_start_is_what_article_30_says(cells: Cells, status: str) -> None:
    assert start_status(started=None, **cells) == status


@pytest.mark.parametrize(("developed_ha", "status"), [("33.33", "breach"), ("33.34", "compliant")])
def test_vector_8_a_third_of_the_area_due(developed_ha: str, status: str) -> None:
    contract = {
        "due_start_area_mu": 100 * MU_PER_HA,
        "agreed_total_investment_wan": Decimal(10000),
        "agreed_total_investment_land_price_wan": Decimal(0),
        "agreed_total_investment_taxes_wan": Decimal(0),
    }
    row = seen(
        "2023-02-01",
        started=True,
        developed_area_mu=Decimal(developed_ha) * MU_PER_HA,
        suspended_since=date(2022, 1, 1),
        invested_wan=Decimal(4000),
        invested_land_price_wan=Decimal(0),
        invested_taxes_wan=Decimal(0),
    )
    outcome = decide(
        "O53.B", contract=contract, zone=None, progress=[row], events=[], as_of=day("2023-02-01")
    )
    assert (outcome.status, outcome.limit_on) == (status, date(2023, 1, 1))
    assert outcome.amount_wan is None


def invested(wan: str, land: str = "0", taxes: str = "0", **cells: Any) -> Outcome:
    contract = {
        "due_start_area_mu": Decimal(300),
        "agreed_total_investment_wan": Decimal(10000),
        "agreed_total_investment_land_price_wan": Decimal(land),
        "agreed_total_investment_taxes_wan": Decimal(taxes),
    }
    row = seen(
        "2023-02-01",
        started=True,
        developed_area_mu=Decimal(200),
        invested_wan=Decimal(wan),
        invested_land_price_wan=Decimal(land),
        invested_taxes_wan=Decimal(taxes),
        **cells,
    )
    return decide(
        "O53.B", contract=contract, zone=None, progress=[row], events=[], as_of=day("2023-02-01")
    )


def test_vector_9_either_half_is_enough() -> None:
    outcome = invested("2499", suspended_since=date(2022, 1, 1))
    assert (outcome.status, outcome.remedies) == ("breach", ("negotiate_disposal",))


def test_vector_9_a_quarter_exactly_is_enough_investment() -> None:
    assert invested("2500", suspended_since=date(2022, 1, 1)).status == "compliant"


def test_vector_10_who_works_without_a_stop_is_not_idle() -> None:
    assert invested("2499", stage="under_construction").status == "compliant"


def test_vector_11_stalled_land_never_gives_fee_or_recovery() -> None:
    row = seen("2025-01-02", started=True, developed_area_mu=Decimal(1))
    row["suspended_since"] = date(2022, 1, 1)
    contract = {"due_start_area_mu": Decimal(300), "price_wan": Decimal(100)}
    facts: Cells = {"contract": contract, "zone": None, "progress": [row], "events": []}
    stalled = decide("O53.B", **facts, as_of=day("2025-01-02"))
    assert (stalled.remedies, stalled.amount_wan) == (("negotiate_disposal",), None)
    assert decide("O53.A2", **facts, as_of=day("2025-01-02")).status == "compliant"


def test_vector_12_a_verified_late_handover_takes_fee_and_recovery_away() -> None:
    delay = {"kind": "delay", "on": date(2020, 6, 1), "cause": "G1", "verified": True}
    outcome = idle("O53.A2", {"agreed_start_on": date(2020, 6, 30)}, "2023-07-01", delay)
    assert (outcome.status, outcome.reason, outcome.remedies) == ("exempt", "cause:G1", ())
    ended = delay | {"until": date(2023, 6, 30)}
    outcome = idle("O53.A2", {"agreed_start_on": date(2020, 6, 30)}, "2023-07-01", ended)
    assert (outcome.status, outcome.reason) == ("unknown", "cause:mixed")


def test_vector_13_the_fee_is_a_fifth_of_the_price() -> None:
    contract = {"agreed_start_on": date(2020, 6, 30), "price_wan": Decimal(2995)}
    assert idle("O53.A1", contract, "2021-07-01").amount_wan == 599


@pytest.mark.parametrize(
    ("as_of", "status"), [("2023-01-01", "due_soon"), ("2023-01-02", "breach")]
)
def test_vector_14_a_supplement_restarts_the_clock(as_of: str, status: str) -> None:
    supplement = {
        "kind": "amendment",
        "on": date(2021, 5, 1),
        "agreed_start_on": date(2022, 1, 1),
    }
    contract = {"agreed_start_on": date(2020, 6, 30)}
    assert idle("O53.A1", contract, as_of, supplement).status == status


def test_vector_15_land_price_and_taxes_do_not_count_as_investment() -> None:
    # (4000 − 3000 − 200) ÷ (10000 − 3000 − 200) = 800 ÷ 6800 = 11.76 %
    outcome = invested("4000", "3000", "200", suspended_since=date(2022, 1, 1))
    assert outcome.status == "breach"


def reached(rule: str, contract: Cells, zone: Cells | None = None, **cells: Any) -> Outcome:
    contract = {
        "instrument": "grant",
        "agreed_completion_on": date(2021, 12, 31),
        "supplied_on": date(2020, 1, 1),
        **contract,
    }
    progress = [seen("2022-06-01", **cells)]
    as_of = day("2022-06-01")
    return decide(rule, contract=contract, zone=zone, progress=progress, events=[], as_of=as_of)


@pytest.mark.parametrize(
    ("agreed", "status", "reason"),
    [("150", "compliant", None), ("170", "unknown", "formula"), ("190", "breach", None)],
)
def test_vector_16_intensity_with_and_without_the_land_price(
    agreed: str, status: str, reason: str | None
) -> None:
    contract = {"area_mu": Decimal("100.48"), "agreed_intensity_wan_per_mu": Decimal(agreed)}
    costs: Cells = {"fixed_assets_wan": Decimal(16000), "fixed_land_price_wan": Decimal(2995)}
    outcome = reached("GC.INTENSITY", contract, **costs)
    assert (outcome.status, outcome.reason) == (status, reason)
    assert outcome.measured == Fraction(18995) / Fraction("100.48")
    assert round(float(outcome.measured), 2) == 189.04


@pytest.mark.parametrize(
    ("level", "wan_per_ha", "status"),
    [
        ("national", "3750", "compliant"),
        ("national", "3749.99", "breach"),
        ("provincial", "2250", "compliant"),
        ("provincial", "2249.99", "breach"),
        ("county", "2249.99", "breach"),
    ],
)
def test_vectors_17_and_18_the_floors_of_lanzhou(level: str, wan_per_ha: str, status: str) -> None:
    costs: Cells = {"fixed_assets_wan": Decimal(wan_per_ha), "fixed_land_price_wan": Decimal(0)}
    outcome = reached("LZ.INTENSITY", {"area_mu": MU_PER_HA}, {"level": level}, **costs)
    assert outcome.status == status


def test_vector_19_in_production_in_time_but_short_of_capacity() -> None:
    row = seen("2014-11-02", in_production_on=date(2014, 10, 31), capacity_actual=Decimal("69.9"))
    contract = {"supplied_on": date(2012, 11, 1), "design_capacity": Decimal(100)}
    facts: Cells = {"contract": contract, "zone": None, "progress": [row], "events": []}
    assert decide("LZ.PRODUCE", **facts, as_of=day("2014-11-02")).status == "compliant"
    capacity = decide("LZ.CAPACITY", **facts, as_of=day("2014-11-02"))
    assert (capacity.status, capacity.measured) == ("breach", Fraction(699, 1000))


@pytest.mark.parametrize(
    ("paid_on", "wan", "status", "late"),
    [
        ("2008-03-10", "502.40", "compliant", None),
        ("2008-03-11", "502.40", "breach", 1),
        ("2008-03-10", "502.39", "breach", 22),
    ],
)
def test_vector_20_the_bond_is_paid_in_full_within_seven_days(
    paid_on: str, wan: str, status: str, late: int | None
) -> None:
    contract = {
        "agreement_signed_on": date(2008, 3, 3),
        "agreement_area_mu": Decimal("100.48"),
    }
    paid = {"kind": "bond_deposit", "on": day(paid_on), "amount_wan": Decimal(wan)}
    outcome = decide(
        "UR.HT.BOND",
        contract=contract,
        zone=None,
        progress=[],
        events=[paid],
        as_of=day("2008-04-01"),
    )
    assert (outcome.status, outcome.days_past) == (status, late)
    assert outcome.threshold == Fraction("502.4")


def test_vector_23_a_floor_area_ratio_short_by_three_tenths_costs_three_tenths() -> None:
    contract = {
        "area_mu": Decimal(15),
        "agreed_far_min": Decimal("0.7"),
        "price_wan": Decimal(1000),
    }
    outcome = reached("GC.FAR_MIN", contract, floor_area_m2=Decimal(4900))
    assert (outcome.status, outcome.amount_wan) == ("breach", Fraction(300))


def test_a_day_missed_is_counted_to_the_day_it_was_done() -> None:
    contract = {
        "instrument": "grant",
        "agreed_start_on": date(2020, 6, 30),
        "actual_start_on": date(2020, 7, 30),
        "price_wan": Decimal(1000),
        "start_penalty_permille": Decimal("0.5"),
    }
    facts: Cells = {"contract": contract, "zone": None, "progress": [], "events": []}
    outcome = decide("GC.START", **facts, as_of=day("2024-01-01"))
    # 1000 万元 × 0.5 ‰ × 30 days = 15 万元
    assert (outcome.status, outcome.days_past, outcome.amount_wan) == ("breach", 30, Fraction(15))
    assert decide("O53.A1", **facts, as_of=day("2024-01-01")).status == "compliant"


def test_nothing_told_after_the_year_is_a_visit_and_never_an_accusation() -> None:
    contract = {"instrument": "grant", "agreed_start_on": date(2018, 1, 1)}
    facts: Cells = {"zone": None, "progress": [], "events": [], "as_of": day("2020-04-15")}
    outcome = decide("O53.A1", contract=contract, **facts)
    assert (outcome.status, outcome.reason) == ("unknown", "missing:started")
    assert outcome.to_verify
    completed = contract | {"actual_completion_on": date(2019, 5, 1)}
    assert decide("O53.A1", contract=completed, **facts).status == "compliant"


@given(
    begin=st.dates(date(2012, 7, 1), date(2040, 12, 31)),
    later=st.integers(-400, 1200),
    rule=st.sampled_from(["O53.A1", "O53.A2", "REL.26"]),
)
def test_nobody_is_accused_on_or_before_the_corresponding_day(
    begin: date, later: int, rule: str
) -> None:
    as_of = begin + timedelta(days=later)
    outcome = idle(rule, {"agreed_start_on": begin}, as_of.isoformat())
    limit = years_after(begin, 2 if rule == "O53.A2" else 1)
    if as_of >= date(2012, 7, 1) or rule == "REL.26":
        assert (outcome.status == "breach") == (as_of > limit)


@given(rule=st.sampled_from(sorted(RULES)), as_of=st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_a_blank_ledger_makes_neither_breach_nor_compliance(rule: str, as_of: date) -> None:
    outcome = decide(rule, contract={}, zone=None, progress=[], events=[], as_of=as_of)
    assert outcome.status in {"unknown", "not_applicable"}
    assert not outcome.to_verify
