"""Rules that measure: intensity, floor-area ratio, capacity.

Part of the second careful programmer, see `oracle.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_days import by_contract
from tests.lawbook.oracle_evidence import Ledger, Record
from tests.lawbook.oracle_outcome import (
    Clock,
    Outcome,
    agreed_day_clock,
    before_the_day,
    days_after,
    exact,
    quotient,
    stale,
    supply_clock,
    unknown,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio, what it must reach, when its columns were seen, and which facts it lacks."""

    measured: Fraction | None
    threshold: Fraction | None
    seen_on: date | None
    lacking: list[str]


def _measure(
    measured: Fraction | None, threshold: object, needed: dict[str, tuple[object, date | None]]
) -> Measure:
    lacking = [name for name, (cell, _) in needed.items() if cell is None]
    if not lacking and measured is None:  # a told zero to divide by is no size at all
        lacking = [list(needed)[-1]]
    seen = [day for _, day in needed.values() if day is not None]
    return Measure(measured, exact(threshold), min(seen, default=None), lacking)


def intensity(ledger: Ledger, threshold: object, *, land_price: bool) -> Measure:
    """Return fixed assets (with or without the land price beside them) ÷ granted area (CI-03)."""
    needed: dict[str, tuple[object, date | None]] = {
        "fixed_assets_wan": ledger.latest("fixed_assets_wan"),
        "fixed_land_price_wan": ledger.latest("fixed_land_price_wan"),
        "area_m2": (ledger.term("area_mu"), None),
    }
    if not land_price:
        del needed["fixed_land_price_wan"]
    assets = exact(needed["fixed_assets_wan"][0])
    land = exact(ledger.latest("fixed_land_price_wan")[0]) if land_price else Fraction(0)
    whole = None if assets is None or land is None else assets + land
    return _measure(quotient(whole, ledger.term("area_mu")), threshold, needed)


def floor_area_ratio(ledger: Ledger, threshold: object) -> Measure:
    """Return floor area ÷ granted area, in 亩 so that nothing is rounded (1 m² = 0.0015 亩)."""
    floor, seen = ledger.latest("floor_area_m2")
    area_mu = ledger.term("area_mu")
    floor_mu = None if floor is None else Fraction(str(floor)) * Fraction(3, 2000)
    needed = {"floor_area_m2": (floor, seen), "area_m2": (area_mu, None)}
    return _measure(quotient(floor_mu, area_mu), threshold, needed)


def at_least(measure: Measure, clock: Clock, as_of: date) -> Outcome:
    """Return the outcome of a measure that must reach its threshold on a day."""
    shown = Outcome("compliant", measured=measure.measured, threshold=measure.threshold)
    value, needed = measure.measured, measure.threshold
    if value is not None and needed is not None and value >= needed:
        return shown
    early = before_the_day(clock, as_of)
    if early is not None:
        return replace(early, measured=value, threshold=needed)
    if measure.lacking:
        outcome = unknown(f"missing:{measure.lacking[0]}", clock, as_of)
    elif measure.seen_on is not None and measure.seen_on <= (clock.limit_on or date.max):
        outcome = unknown(stale(measure.seen_on), clock, as_of)
    else:
        outcome = Outcome("breach", days_past=days_after(clock.limit_on, as_of))
    return replace(outcome, measured=value, threshold=needed)


def _share_of_price(ledger: Ledger, outcome: Outcome) -> Outcome:
    """Return the breach with its penalty: shortfall ÷ agreed × price."""
    price, agreed, reached = ledger.term("price_wan"), outcome.threshold, outcome.measured
    if outcome.status != "breach":
        return outcome
    assert agreed is not None and reached is not None
    amount = None if price is None else (agreed - reached) / agreed * Fraction(str(price))
    return replace(outcome, amount_wan=amount, remedies=("contract_penalty",))


def gc_intensity(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """CON-08 (CON-03, 04): with and without the land price; a breach only if both miss."""
    clock = agreed_day_clock(ledger, "agreed_completion_on")
    silent = by_contract(ledger, clock)
    if silent is not None:
        return silent, clock
    agreed = ledger.term("agreed_intensity_wan_per_mu")
    if agreed is None:
        return unknown("missing:agreed_intensity_wan_per_mu", clock, ledger.as_of), clock
    full = intensity(ledger, agreed, land_price=True)
    bare = intensity(ledger, agreed, land_price=False).measured
    # The poorer figure decides whether the term is met; the one with the land price is told.
    outcome = at_least(
        replace(full, measured=bare if full.measured is not None else None), clock, ledger.as_of
    )
    if (
        outcome.status == "breach"
        and full.measured is not None
        and full.measured >= Fraction(agreed)
    ):
        outcome = unknown("formula", clock, ledger.as_of)
    told = replace(outcome, measured=full.measured, threshold=exact(agreed))
    return _share_of_price(ledger, told), clock


def crossed(ledger: Ledger) -> bool:
    """Return whether the two agreed bounds cannot both be right."""
    low, high = ledger.term("agreed_far_min"), ledger.term("agreed_far_max")
    return low is not None and high is not None and low > high


def gc_far_min(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """CON-09: 建筑容积率低于合同约定的最低标准; penalty by the share that is short."""
    clock = agreed_day_clock(ledger, "agreed_completion_on")
    silent = by_contract(ledger, clock)
    if silent is not None:
        return silent, clock
    if crossed(ledger):
        return unknown("conflict", clock, ledger.as_of), clock
    if ledger.term("agreed_far_min") is None:
        return unknown("missing:agreed_far_min", clock, ledger.as_of), clock
    measure = floor_area_ratio(ledger, ledger.term("agreed_far_min"))
    return _share_of_price(ledger, at_least(measure, clock, ledger.as_of)), clock


def gc_far_max(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """CON-09 speaks of minima: above the maximum is a breach without an amount, never met early."""
    clock = agreed_day_clock(ledger, "agreed_completion_on")
    silent = by_contract(ledger, clock)
    if silent is not None:
        return silent, clock
    as_of = ledger.as_of
    if crossed(ledger):
        return unknown("conflict", clock, ledger.as_of), clock
    if ledger.term("agreed_far_max") is None:
        return unknown("missing:agreed_far_max", clock, as_of), clock
    measure = floor_area_ratio(ledger, ledger.term("agreed_far_max"))
    outcome = before_the_day(clock, as_of)
    if outcome is None and measure.lacking:
        outcome = unknown(f"missing:{measure.lacking[0]}", clock, as_of)
    if outcome is None:
        assert measure.seen_on and clock.limit_on and measure.threshold is not None
        assert measure.measured is not None
        if measure.seen_on <= clock.limit_on:
            outcome = unknown(stale(measure.seen_on), clock, as_of)
        elif measure.measured <= measure.threshold:
            outcome = Outcome("compliant")
        else:
            days = days_after(clock.limit_on, as_of)
            outcome = Outcome("breach", days_past=days, remedies=("contract_penalty",))
    return replace(outcome, measured=measure.measured, threshold=measure.threshold), clock


def _with_remedy(outcome: Outcome, remedy: str) -> Outcome:
    return replace(outcome, remedies=(remedy,)) if outcome.status == "breach" else outcome


def lz_intensity(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-01: 国家级 250 万元/亩, 省级及县区 150 万元/亩, land price included (CI-03)."""
    clock = supply_clock(ledger, 2)
    level = (zone or {}).get("level")
    floor = {"national": 250, "provincial": 150, "county": 150}.get(str(level))
    measure = intensity(ledger, floor, land_price=True)
    if level is None:
        measure = replace(measure, lacking=[*measure.lacking, "level"])
    return _with_remedy(at_least(measure, clock, ledger.as_of), "urge"), clock


def lz_capacity(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-02: 达到评审（或设计）要求产能的70%以上 (at 70 % exactly it is reached)."""
    clock = supply_clock(ledger, 2)
    actual, seen = ledger.latest("capacity_actual")
    design = ledger.term("design_capacity")
    needed = {"capacity_actual": (actual, seen), "design_capacity": (design, None)}
    measure = _measure(quotient(actual, design), Fraction(7, 10), needed)
    return _with_remedy(at_least(measure, clock, ledger.as_of), "urge"), clock


def ur_ht_intensity(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """UR-01: 每亩土地投资强度不低于100万元, worked out as LZ-01, on the agreed completion."""
    clock = agreed_day_clock(ledger, "agreed_completion_on")
    measure = intensity(ledger, 100, land_price=True)
    return _with_remedy(at_least(measure, clock, ledger.as_of), "end_entry"), clock


def lz_terminate(ledger: Ledger, zone: Record | None) -> tuple[Outcome, Clock]:
    """LZ-06: urged, and still below the contract; how long the cure may take is not written."""
    clock = Clock(None, None, "supplied_on")
    silent = by_contract(ledger, clock)  # 土地出让合同约定: an allocation has no contract
    if silent is not None:
        return silent, clock
    agreed = exact(ledger.term("agreed_intensity_wan_per_mu"))
    reached = [intensity(ledger, agreed, land_price=land).measured for land in (True, False)]
    if agreed is not None and all(figure is not None and figure >= agreed for figure in reached):
        return Outcome("compliant", measured=reached[0], threshold=agreed), clock
    outcome = unknown("no_value:cure_days", clock, ledger.as_of)
    return replace(outcome, measured=reached[0], threshold=agreed), clock
