"""Made-up contracts near every limit: days cluster around deadlines, cells are often blank.

A world is drawn from one seed, so that a disagreement can be repeated and cut down by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from landwatch.language.terms import (
    Cause,
    ContractForm,
    EventKind,
    FormerLand,
    Foundation,
    ProgressSource,
    Stage,
    ZoneLevel,
)
from landwatch.units import add_years
from tests.scan.worked import Worked

AS_OF = date(2021, 7, 1)


def world(seed: int, contracts: int) -> dict[str, Worked]:
    """Return so many made-up contracts by id."""
    rng = Random(seed)
    return {f"w{n:06}": _worked(rng) for n in range(contracts)}


def _worked(rng: Random) -> Worked:
    zone = {"level": rng.choice(list(ZoneLevel)).value} if rng.random() < 0.8 else None
    if zone is not None and rng.random() < 0.1:
        zone = {}
    reports = [_report(rng) for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 5)))]
    happened = [_event(rng) for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4)))]
    return Worked(
        _contract(rng),
        zone,
        _each_key_once(reports, "observed_on", "source"),
        _each_key_once(happened, "kind", "on", "amount_wan"),
    )


def _each_key_once(rows: list[dict[str, Any]], *key: str) -> tuple[dict[str, Any], ...]:
    """Return the rows without those that would supersede another: merging is not asked here."""
    return tuple({tuple(row.get(name) for name in key): row for row in rows}.values())


def _day(rng: Random) -> date:
    """Return a day: mostly a whole number of years, 90 or 180 days from the scan, or beside it."""
    anchor = rng.choice(
        (
            AS_OF,
            add_years(AS_OF, -1),
            add_years(AS_OF, -2),
            add_years(AS_OF, -3),
            AS_OF - timedelta(days=90),
            AS_OF - timedelta(days=180),
            AS_OF + timedelta(days=90),
            add_years(AS_OF, -1) + timedelta(days=90),
            date(2012, 10, 9),
            date(2020, 12, 31),
            date(2008, 6, 30),
            date(2020, 2, 29),
        )
    )
    return anchor + timedelta(days=rng.choice((0, 0, -1, 1, 7, -7, rng.randint(-400, 400))))


def _some(rng: Random, share: float, **choices: Any) -> dict[str, Any]:
    """Return some of the cells, drawn, the others left out as not told."""
    return {
        name: draw() if callable(draw) else rng.choice(draw)
        for name, draw in choices.items()
        if rng.random() < share
    }


def _money(rng: Random) -> Decimal:
    return rng.choice(
        (Decimal(1000), Decimal("249.99"), Decimal(250), Decimal("15000.0001"), Decimal(25000))
    )


def _contract(rng: Random) -> dict[str, Any]:
    day = lambda: _day(rng)  # noqa: E731 - one word for one idea in the table below
    told = _some(
        rng,
        0.6,
        signed_on=day,
        supplied_on=day,
        agreed_delivery_on=day,
        delivered_on=day,
        actual_start_on=day,
        actual_completion_on=day,
        agreement_signed_on=day,
        price_wan=lambda: _money(rng),
        agreed_total_investment_wan=(Decimal(4000), Decimal(1000), Decimal(10000)),
        agreed_total_investment_land_price_wan=(Decimal(0), Decimal(3000)),
        agreed_total_investment_taxes_wan=(Decimal(0), Decimal(200)),
        agreed_intensity_wan_per_mu=(Decimal(250), Decimal("150.5"), Decimal(0)),
        agreed_far_min=(Decimal("0.7"), Decimal("1.0")),
        agreed_far_max=(Decimal("1.5"), Decimal("0.7")),
        design_capacity=(Decimal(100), Decimal(0), Decimal(3)),
        start_penalty_permille=(Decimal(1), Decimal("0.5")),
        completion_penalty_permille=(Decimal(1), Decimal("0.5")),
        agreement_area_mu=(Decimal("100.48"), Decimal(10)),
        agreed_density_min=(Decimal("0.3"), Decimal("0.35")),
        agreed_tax_wan_per_mu=(Decimal(20), Decimal("15.5")),
        agreed_output_wan_per_mu=(Decimal(400), Decimal(150)),
        agreed_energy_wan_per_tce=(Decimal(2), Decimal("2.5")),
        agreed_emission_wan_per_t=(Decimal(1000), Decimal(2)),
        floor_price_yuan_per_m2=(Decimal(14), Decimal("14.4"), Decimal(100)),
        grade_minimum_yuan_per_m2=(Decimal(96), Decimal(0)),
        conversion_approved_on=day,
    )
    told |= _some(
        rng,
        0.4,
        contract_form=[form.value for form in ContractForm],
        former_land_class=(FormerLand.CULTIVATED.value, FormerLand.CONSTRUCTION.value),
        industry_code=("13", "C17", "2610", "34", "99"),
        industry_edition=("2002", "2017", "GB/T 4754-2002"),
        adcode=("620102", "650104"),
    )
    told |= _some(rng, 0.85, agreed_start_on=day, agreed_completion_on=day)
    told |= _some(rng, 0.9, instrument=("grant", "grant", "lease", "contribution", "allocation"))
    told |= _area(rng, "area", 0.85) | _area(rng, "due_start_area", 0.6)
    if rng.random() < 0.7:
        told.pop("actual_start_on", None)
        told.pop("actual_completion_on", None)
    return told


def _area(rng: Random, name: str, share: float) -> dict[str, Any]:
    if rng.random() > share:
        return {}
    mu = rng.choice((Decimal(100), Decimal("102.76128"), Decimal(6), Decimal("99.99")))
    return {f"{name}_mu": mu, f"{name}_m2": (mu * 2000 / 3).quantize(Decimal("0.0001"))}


def _report(rng: Random) -> dict[str, Any]:
    day = lambda: _day(rng)  # noqa: E731
    told: dict[str, Any] = {"observed_on": _day(rng), "source": rng.choice(list(ProgressSource))}
    told["source"] = told["source"].value
    told |= _some(rng, 0.4, started=(True, False, False))
    if rng.random() < 0.4:
        told |= _some(
            rng,
            0.7,
            permit_on=day,
            foundation=[kind.value for kind in Foundation],
            pit_share=(Decimal(1), Decimal("0.95")),
            piles_driven=(121, 120),
            piles_total=(121,),
            foundation_share=(Decimal("0.333333"), Decimal("0.333"), Decimal(1)),
            works_without_permit=(True, False),
        )
    told |= _some(
        rng,
        0.3,
        stage=[stage.value for stage in Stage],
        suspended_since=day,
        resumed_on=day,
        in_production_on=day,
        completed_on=day,
        means_to_build=(True, False),
    )
    told |= _some(
        rng,
        0.45,
        invested_wan=(Decimal(1000), Decimal("999.9999"), Decimal(4000), Decimal(3200)),
        invested_land_price_wan=(Decimal(0), Decimal(3000)),
        invested_taxes_wan=(Decimal(0), Decimal(200)),
        fixed_assets_wan=(Decimal(25000), Decimal(15000), Decimal("24999.9999"), Decimal(10000)),
        fixed_land_price_wan=(Decimal(0), Decimal("0.0001"), Decimal(5000)),
        floor_area_m2=(Decimal("46666.6667"), Decimal(70000), Decimal(0), Decimal(46666)),
        capacity_actual=(Decimal(70), Decimal("69.9999"), Decimal("2.1")),
        footprint_m2=(Decimal(20000), Decimal("19999.9999"), Decimal(0)),
        office_land_m2=(Decimal("4666.6667"), Decimal(4000), Decimal(5000)),
        green_area_m2=(Decimal(10000), Decimal(0)),
        tax_wan=(Decimal(2000), Decimal("1999.9999"), Decimal(0)),
        output_wan=(Decimal(40000), Decimal(15000), Decimal(0)),
        value_added_wan=(Decimal(8000), Decimal(4000)),
        energy_tce=(Decimal(4000), Decimal(0)),
        emission_kg=(Decimal(8000), Decimal(0)),
    )
    if rng.random() < 0.2:
        told |= _some(
            rng,
            0.6,
            stat_year=(2019, 2020, 2021),
            unused_since=day,
            above_scale=(True, False),
            evaluated_tax_wan=(Decimal(2400), Decimal(0)),
            revenue_wan=(Decimal(10000),),
            rd_wan=(Decimal(302),),
            electricity_wan_kwh=(Decimal(100), Decimal(0)),
            employees=(100, 0),
        )
    told |= _area(rng, "developed_area", 0.4)
    return told


def _event(rng: Random) -> dict[str, Any]:
    kind = rng.choice(
        (EventKind.AMENDMENT, EventKind.DELIVERY, EventKind.DELAY, EventKind.DELAY, *EventKind)
    )
    told: dict[str, Any] = {"kind": kind.value, "on": _day(rng)}
    if kind is EventKind.AMENDMENT:
        told |= _some(
            rng,
            0.7,
            agreed_start_on=lambda: _day(rng),
            agreed_completion_on=lambda: _day(rng),
        )
    if kind is EventKind.DELAY:
        told |= _some(
            rng,
            0.8,
            until=lambda: _day(rng),
            cause=[cause.value for cause in Cause],
            verified=(True, True, False),
        )
    if kind in (EventKind.BOND_DEPOSIT, EventKind.BOND_REFUND):
        told["amount_wan"] = rng.choice((Decimal("502.4"), Decimal(50), Decimal("502.3999")))
    return told
