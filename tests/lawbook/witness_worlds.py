"""Made-up contracts and parks that meet the limits of the newer rules, told almost whole.

`tests/scan/worlds.py` leaves half of all cells blank, so a contract that tells everything a rule
asks for is rare there. Here each contract is laid out for one group of rules: its days stand on a
limit or one day beside it, its sizes at a limit or one smallest step beside it, and only now and
then a cell is blank or a contract of the other world shines through.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from landwatch.language.terms import Cause, ProgressSource, ZoneLevel
from landwatch.lawbook.policy import About
from landwatch.units import add_years
from tests.scan.worked import Worked
from tests.scan.worlds import world

Row = dict[str, Any]
STEP = Decimal("0.0001")
MU_AND_M2 = (
    (Decimal(150), Decimal(100000)),
    (Decimal("102.76128"), Decimal("68507.52")),
    (Decimal(100), Decimal("66666.6667")),
)
AREAS = ("area_mu", "area_m2", "due_start_area_mu", "due_start_area_m2")
INSTRUMENTS = ("grant", "grant", "grant", "grant", "lease", "contribution", "allocation")
SIGNED = (date(2015, 3, 1),) * 12 + tuple(date(y, 1, 1) for y in (2006, 2008, 2009, 2023, 2024))
SOURCES = [source.value for source in ProgressSource]


def contracts_world(seed: int, contracts: int, as_of: date) -> dict[str, Worked]:
    """Return so many made-up contracts by id, near the limits of a scan of `as_of`."""
    rng = Random(seed)
    beneath = list(world(seed, contracts).values())
    groups = (_built, _yearly, _stalled, _farmland, _price)
    return {
        f"{group.__name__}{n:05}": _laid_over(rng, group, beneath[n], as_of)
        for n in range(contracts)
        for group in (groups[n % len(groups)],)
    }


def parks_world(seed: int, parks: int, as_of: date) -> dict[str, Worked]:
    """Return so many made-up parks by id, near the limits of a scan of `as_of`."""
    rng = Random(seed)
    return {
        f"park{n:05}": Worked({}, _thinned(rng, _park(rng, as_of), 0.05), about=About.PARK)
        for n in range(parks)
    }


def _laid_over(
    rng: Random, group: Callable[[Random, date], Worked], beneath: Worked, as_of: date
) -> Worked:
    """Return a contract of the group, at times with one of the other world shining through."""
    told = group(rng, as_of)
    contract = _thinned(rng, dict(told.contract), 0.03)
    reports = [_thinned(rng, dict(row), 0.03, "observed_on", "source") for row in told.progress]
    happened = [*told.events, *_disturbance(rng, as_of)]
    if rng.random() < 0.15:
        contract = {n: c for n, c in beneath.contract.items() if n not in AREAS} | contract
        reports = [*map(dict, beneath.progress), *reports]
        happened = [*beneath.events, *happened]
    return Worked(
        contract,
        {"level": rng.choice(list(ZoneLevel)).value},
        _each_key_once(reports, "observed_on", "source"),
        _each_key_once(happened, "kind", "on", "amount_wan"),
    )


def _each_key_once(rows: list[Any], *key: str) -> tuple[Row, ...]:
    return tuple({tuple(row.get(name) for name in key): dict(row) for row in rows}.values())


def _thinned(rng: Random, row: Row, share: float, *kept: str) -> Row:
    """Return the row with some cells left out; an area goes in both units, as it is imported."""
    left_out = {name for name in row if name not in kept and rng.random() < share}
    left_out |= {name.removesuffix("_mu") + "_m2" for name in left_out if name.endswith("area_mu")}
    left_out |= {name.removesuffix("_m2") + "_mu" for name in left_out if name.endswith("area_m2")}
    return {name: cell for name, cell in row.items() if name not in left_out}


def _beside(rng: Random, day: date) -> date:
    return day + timedelta(days=rng.choice((-1, 0, 0, 1)))


def _step(rng: Random, size: Decimal, step: Decimal = STEP) -> Decimal:
    """Return the size or one smallest step beside it, to the places that the column keeps."""
    return max(size.quantize(step) + rng.choice((-1, 0, 1)) * step, Decimal(0))


def _since(rng: Random, as_of: date, years: int) -> date:
    """Return a day so many years before the scan, beside it, or well before or after."""
    return _beside(rng, add_years(as_of, -years) - timedelta(days=rng.choice((0, 40, 300, -60))))


def _area(rng: Random) -> Row:
    mu, m2 = rng.choice(MU_AND_M2)
    return {"area_mu": mu, "area_m2": m2, "instrument": rng.choice(INSTRUMENTS)}


def _seen(rng: Random, as_of: date, *limits: date) -> Row:
    """Return a report's key: seen beside a limit, lately, or as old as evidence may be."""
    around = (*limits, as_of, as_of - timedelta(days=rng.randint(1, 150)))
    aged = as_of - timedelta(days=180)
    day = _beside(rng, rng.choice((*around, as_of - timedelta(days=30), aged)))
    return {"observed_on": day, "source": rng.choice(SOURCES)}


def _disturbance(rng: Random, as_of: date) -> list[Row]:
    """Return, now and then, an amendment or a delay in the way."""
    drawn: list[Row] = []
    if rng.random() < 0.12:
        on = _since(rng, as_of, rng.choice((0, 1, 2)))
        told = {"agreed_completion_on": _since(rng, as_of, rng.choice((0, 1)))}
        told["agreed_start_on"] = _since(rng, as_of, rng.choice((1, 2)))
        drawn.append({"kind": "amendment", "on": on, **_thinned(rng, told, 0.4)})
    if rng.random() < 0.12:
        delay = {
            "until": _since(rng, as_of, rng.choice((0, 1, 2))),
            "cause": rng.choice(list(Cause)).value,
            "verified": rng.choice((True, True, False)),
        }
        on = _since(rng, as_of, rng.choice((1, 2, 3)))
        drawn.append({"kind": "delay", "on": on, **_thinned(rng, delay, 0.2)})
    return drawn


def _built(rng: Random, as_of: date) -> Worked:
    """Built ratios: density, floor-area ratio by class, office and green land."""
    area, due = _area(rng), _since(rng, as_of, rng.choice((0, 1, 2)))
    m2, density = area["area_m2"], rng.choice((Decimal("0.3"), Decimal("0.35")))
    contract = area | {
        "agreed_density_min": density,
        "agreed_completion_on": due,
        "signed_on": _beside(rng, rng.choice(SIGNED)),
        "industry_code": rng.choice(("13", "C17", "2610", "25", "C2710", "34", "99")),
        "industry_edition": rng.choice(("2002", "2002", "GB/T 4754-2002", "2017")),
    }
    ratio = rng.choice([Decimal(tenths) / 10 for tenths in (5, 6, 7, 8, 10)])
    measures = {
        "footprint_m2": _step(rng, m2 * density),
        "floor_area_m2": _step(rng, m2 * ratio),
        "office_land_m2": _step(rng, m2 * Decimal("0.07")),
        "green_area_m2": _step(rng, m2 * Decimal("0.2")),
    }
    earlier = _thinned(rng, dict(measures), 0.6) | _seen(rng, as_of, due)
    return Worked(contract, progress=(earlier, measures | _seen(rng, as_of, due)))


def _yearly(rng: Random, as_of: date) -> Worked:
    """Terms of a full year: tax, output, energy, emission; Urumqi's intensity and output."""
    area, year = _area(rng), as_of.year - rng.choice((1, 2, 3))
    mu = area["area_mu"]
    due = rng.choice((date(year, 12, 31), date(year, 1, 1), date(year, 6, 15)))
    tax, output, intensity = Decimal(20), Decimal(400), rng.choice((Decimal(250), Decimal("150.5")))
    per_energy, per_tonne = Decimal("2.5"), Decimal(1000)
    contract = area | {
        "agreed_completion_on": _beside(rng, due),
        "agreed_tax_wan_per_mu": tax,
        "agreed_output_wan_per_mu": output,
        "agreed_intensity_wan_per_mu": intensity,
        "agreed_far_min": Decimal("0.7"),
        "agreed_energy_wan_per_tce": per_energy,
        "agreed_emission_wan_per_t": per_tonne,
    }
    reports = []
    for _ in range(rng.choice((1, 2, 3))):
        told_of = rng.choice((year, year + 1, year + 1, year + 2))
        land = rng.choice((Decimal(0), Decimal(5000)))
        assets = _step(rng, mu * intensity - rng.choice((Decimal(0), land)))
        report = {
            "stat_year": told_of,
            "tax_wan": _step(rng, mu * tax),
            "output_wan": _step(rng, mu * output),
            "value_added_wan": Decimal(8000),
            "energy_tce": _step(rng, Decimal(3200)),
            "emission_kg": _step(rng, Decimal(8000)),
            "fixed_assets_wan": assets,
            "fixed_land_price_wan": land,
        }
        ends = (date(told_of, 12, 31), date(told_of + 1, 3, 1))
        reports.append(_thinned(rng, report, 0.08) | _seen(rng, as_of, *ends, due))
    return Worked(contract, progress=tuple(reports))


def _stalled(rng: Random, as_of: date) -> Worked:
    """Started and stalled on the 2006 supplement, a third of the area and a quarter of the money.

    The price and taxes inside the sums make the two readings of the quarter fall apart.
    """
    since, mu = _since(rng, as_of, rng.choice((1, 1, 1, 2))), Decimal(90)
    land = rng.choice((Decimal(0), Decimal(3000)))
    contract = _area(rng) | {
        "contract_form": rng.choice(("supplement_2006", "supplement_2006", "form_2008")),
        "signed_on": rng.choice((date(2006, 7, 1), date(2008, 6, 30), date(2008, 7, 1))),
        "due_start_area_mu": mu,
        "due_start_area_m2": Decimal(60000),
        "agreed_total_investment_wan": Decimal(8000) + land,
        "agreed_total_investment_land_price_wan": land,
        "agreed_total_investment_taxes_wan": Decimal(0),
    }
    if rng.random() < 0.4:
        del contract["contract_form"]
    developed = rng.choice((Decimal(30), Decimal(30) - Decimal("0.00000001"), Decimal(45)))
    paid = rng.choice((Decimal(0), land))
    report = {
        "started": rng.random() > 0.03,
        "suspended_since": since,
        "developed_area_mu": developed,
        "developed_area_m2": (developed * 2000 / 3).quantize(STEP),
        "invested_wan": _step(rng, Decimal(rng.choice((2000, 2750, 5750)))),
        "invested_land_price_wan": paid,
        "invested_taxes_wan": Decimal(0),
    }
    seen = _seen(rng, as_of, add_years(since, 1), as_of)
    reports: list[Row] = [report | seen]
    if rng.random() < 0.5:  # the stop and the sums told on different days
        stop = {name: report.pop(name) for name in ("started", "suspended_since")}
        reports = [stop | seen, report | _seen(rng, as_of, add_years(since, 1), as_of)]
    events = [{"kind": "amendment", "on": _beside(rng, since)}] if rng.random() < 0.15 else []
    if rng.random() < 0.2:
        stage = rng.choice(("under_construction", "halted_building", "in_production"))
        reports.append({"stage": stage} | _seen(rng, as_of, since, seen["observed_on"]))
    return Worked(contract, progress=tuple(reports), events=tuple(events))


def _farmland(rng: Random, as_of: date) -> Worked:
    """Cultivated land converted and not started, or unused, for a year or two."""
    approved = _since(rng, as_of, rng.choice((1, 1, 2, 3)))
    since = _since(rng, as_of, rng.choice((1, 2, 2, 3)))
    contract = _area(rng) | {
        "former_land_class": rng.choice(("cultivated",) * 5 + ("construction", "other_farmland")),
        "conversion_approved_on": approved,
        "adcode": "620102",
    }
    limits = (add_years(approved, 1), add_years(since, 2), add_years(approved, 2))
    reports: list[Row] = [{"started": rng.random() < 0.15} | _seen(rng, as_of, *limits)]
    if rng.random() < 0.7:
        reports.append({"unused_since": since} | _seen(rng, as_of, *limits))
    if rng.random() < 0.2:
        stage = rng.choice(("planned", "under_construction", "in_production", "halted_production"))
        reports.append({"stage": stage} | _seen(rng, as_of, since, *limits))
    if rng.random() < 0.2:
        again = {"started": rng.random() < 0.7, "resumed_on": _beside(rng, since)}
        reports.append(_thinned(rng, again, 0.4) | _seen(rng, as_of, since, *limits))
    if rng.random() < 0.1:
        contract["actual_start_on"] = _since(rng, as_of, rng.choice((0, 1, 3, 4)))
    return Worked(contract, progress=tuple(reports))


def _price(rng: Random, as_of: date) -> Worked:
    """Floor prices at 15 % of the minimum; contracts signed around the day of the document."""
    dated = date(2012, 10, 9)
    minimum = rng.choice((Decimal(96), Decimal(288), Decimal(0)))
    signed = rng.choice((dated, dated, date(2015, 3, 1), date(2015, 3, 1), as_of))
    contract = _area(rng) | {
        "signed_on": _beside(rng, signed),
        "supplied_on": _beside(rng, rng.choice((signed, date(2016, 1, 1)))),
        "floor_price_yuan_per_m2": _step(rng, minimum * Decimal("0.15"), Decimal("0.000001")),
        "grade_minimum_yuan_per_m2": minimum,
    }
    return Worked(contract)


def _park(rng: Random, as_of: date) -> Row:
    """Parks whose statistics stand at each share, seen on the day of the scan or 730 days ago."""
    days = rng.choice((0, 1, 200, 200, 729, 730, 731, -1))
    economy, plan = Decimal(100000), rng.choice((Decimal(200), Decimal(50), Decimal(0)))
    industry = _step(rng, economy * Decimal(rng.choice(("0.6", "0.6", "0.8"))))
    leading = _step(rng, industry * Decimal(rng.choice(("0.6", "0.6", "0.9"))))
    share = Decimal(rng.choice(("0.7", "0.7", "0.5", "0.9")))
    count = rng.choice((0, 2, 3, 4, 5, 6))
    return {
        "level": rng.choice(list(ZoneLevel)).value,
        "leading_industries": ";".join("甲乙丙丁戊己"[:count]),
        "outer_county": rng.choice((True, True, False)),
        "statistics_on": as_of - timedelta(days=days),
        "economy_wan": economy,
        "industry_output_wan": industry,
        "leading_output_wan": leading,
        "total_output_wan": _step(rng, leading / share),
        "annual_plan_ha": plan,
        "batch_area_ha": _step(rng, plan * Decimal("0.3"), Decimal("0.000001")),
    }
