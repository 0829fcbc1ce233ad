"""The 13 rules on the facts of one contract, one function each, as the ledger's page words them.

Each says the first thing that holds: not applicable, done, exempt, before its day, breach, doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from benchmarks.by_rows_behind import BEHIND
from benchmarks.by_rows_saying import (
    EVIDENCE_DAYS,
    Facts,
    Said,
    before,
    early,
    outcome,
    stale,
    to_verify,
    years_after,
)
from benchmarks.by_rows_stalled import gc_stalled, o53_b


def settled(facts: Facts, rule: str, as_of: date) -> Said:
    """Return a rule's outcome; a cell behind it that nobody can read leaves it open."""
    said = RULES[rule](facts, as_of)
    unread = [cell for cell in facts["unread"] if cell.startswith(BEHIND[rule])]
    if unread and said["status"] in ("breach", "exempt"):
        reason = f"unreadable:{unread[0].rpartition('.')[2]}"
        said = outcome("unknown", reason) | {
            name: said[name] for name in ("clock_from", "limit_on", "measured", "threshold")
        }
    if said["status"] == "not_applicable":
        said |= {"clock_from": None, "limit_on": None}
    said["to_verify"] = to_verify(said, as_of)
    return {"contract_id": facts["contract_id"], "zone_id": facts["zone_id"], "rule": rule} | said


def _not_started(
    facts: Facts, as_of: date, *, years: int, ground: str, remedies: str, share: Decimal | None
) -> Said:
    """Say whether building began before the period ran out (O53.A1, O53.A2, REL.26)."""
    limit = years_after(facts["idle_from"], years)
    clock = {"clock_from": facts["idle_from"], "limit_on": limit}
    seen, price = facts["not_started_on"], facts["price_wan"]
    if facts["started"] is True:
        return outcome("compliant") | clock
    if not pd.isna(facts[f"{ground}delay"]):
        return outcome("exempt", f"cause:{facts[f'{ground}delay']}") | clock
    if said := early(limit, as_of, "agreed_start_on"):
        return said | clock
    if seen and seen > limit and (as_of - seen).days <= EVIDENCE_DAYS:
        if facts[f"{ground}mixed"]:
            return outcome("unknown", "cause:mixed") | clock
        if facts["cause_untold"]:
            return outcome("unknown", "missing:cause") | clock
        amount = price * share if share and before(0, price) else None
        past = (as_of - limit).days
        said = outcome("breach", days_past=past, amount_wan=amount, remedies=remedies)
        return said | clock
    return outcome("unknown", stale(seen) if seen else facts["start_gap"]) | clock


def rel_26(facts: Facts, as_of: date) -> Said:
    """LAW-01: granted land alone; free recovery where seen not started after the second year."""
    instrument = facts["instrument"]
    second, seen = years_after(facts["idle_from"], 2), facts["not_started_on"]
    remedies = "charge_idle_fee;reclaim" if before(second, seen) else "charge_idle_fee"
    said = _not_started(
        facts, as_of, years=1, ground="statute_", remedies=remedies, share=Decimal("0.2")
    )
    if pd.isna(instrument):
        clock = {"clock_from": said["clock_from"], "limit_on": said["limit_on"]}
        return outcome("unknown", "missing:instrument") | clock
    return said if instrument == "grant" else outcome("not_applicable", "instrument")


def by_contract(rule: Callable[[Facts, date], Said]) -> Callable[[Facts, date], Said]:
    """Return a rule that speaks of contracts, not of allocations."""

    def asked(facts: Facts, as_of: date) -> Said:
        said = rule(facts, as_of)
        if pd.isna(facts["instrument"]):
            kept = ("clock_from", "limit_on", "measured", "threshold")
            return outcome("unknown", "missing:instrument") | {name: said[name] for name in kept}
        if facts["instrument"] == "allocation":
            kept = ("measured", "threshold")
            silent = outcome("not_applicable", "instrument")
            return silent | {name: said[name] for name in kept}
        return said

    return asked


def gc_start(facts: Facts, as_of: date) -> Said:
    """CON-05, CON-06: begun by the agreed day; price × ‰ × days late, one year in the new form."""
    limit, known, shown = facts["start_due_on"], facts["started_on"], facts["started_by_on"]
    clock = {"clock_from": limit, "limit_on": limit}
    until = known or shown or date.max
    last_no = max((day for day in facts["noes"] if day < until), default=None)
    if limit and any(day and day <= limit for day in (known, shown)):
        return outcome("compliant") | clock
    if said := early(limit, as_of, "agreed_start_on"):
        return said | clock
    if known or (last_no and last_no > limit):
        past = ((known or (last_no if shown else as_of)) - limit).days
        counted = past
        if facts["contract_form"] == "form_newer":
            counted = min(past, (years_after(limit, 1) - limit).days)
        return _penalty(facts, "start_penalty_permille", past, counted) | clock
    if facts["started"]:
        return outcome("unknown", "missing:actual_start_on") | clock
    seen = facts["not_started_on"]
    return outcome("unknown", stale(seen) if seen else facts["start_gap"]) | clock


def gc_complete(facts: Facts, as_of: date) -> Said:
    """CON-05, CON-06: completed by the agreed day; price × ‰ × days late, open in the new form."""
    limit, known = facts["completion_due_on"], facts["completion_on"]
    clock = {"clock_from": limit, "limit_on": limit}
    built, unbuilt = facts["built"], facts["unbuilt"]
    last_built = max(built, default=date.min)
    still = max(unbuilt, default=date.min) > last_built
    until = date.max if still or not built else last_built
    last_no = max((day for day in unbuilt if day < until), default=None)
    if limit and any(day and day <= limit for day in (known, min(built, default=None))):
        return outcome("compliant") | clock
    if said := early(limit, as_of, "agreed_completion_on"):
        return said | clock
    if known or (last_no and last_no > limit):
        past = ((known or (as_of if still else last_no)) - limit).days
        counted = None if facts["contract_form"] == "form_newer" else past
        return _penalty(facts, "completion_penalty_permille", past, counted) | clock
    reason = stale(last_no) if still else "missing:actual_completion_on"
    return outcome("unknown", reason) | clock


def _penalty(facts: Facts, rate: str, past: int, counted: int | None) -> Said:
    price, permille = facts["price_wan"], facts[rate]
    amount = None
    if not pd.isna(price) and not pd.isna(permille) and counted is not None:
        amount = price * permille * counted / 1000
    return outcome("breach", days_past=past, amount_wan=amount, remedies="contract_penalty")


def _ratio(top: Any, bottom: Any) -> Any:
    if pd.isna(top) or pd.isna(bottom) or bottom <= 0:
        return None
    return top / bottom


def gc_intensity(facts: Facts, as_of: date) -> Said:
    """CON-08: with and without the land price; a breach only if both miss."""
    fixed, land, area = (
        facts[name] for name in ("fixed_assets_wan", "fixed_land_price_wan", "area_mu")
    )
    agreed, limit = facts["agreed_intensity_wan_per_mu"], facts["completion_due_on"]
    whole = None if pd.isna(fixed) or pd.isna(land) else fixed + land
    with_land = _ratio(whole, area)
    shown = {"clock_from": limit, "limit_on": limit, "measured": with_land, "threshold": agreed}
    compared = with_land is not None and not pd.isna(agreed)
    if compared and min(whole, fixed) >= agreed * area:
        return outcome("compliant") | shown
    if pd.isna(agreed):
        return outcome("unknown", "missing:agreed_intensity_wan_per_mu") | shown
    if said := early(limit, as_of, "agreed_completion_on"):
        return said | shown
    for name in ("fixed_assets_wan", "fixed_land_price_wan"):
        if pd.isna(facts[name]):
            return outcome("unknown", f"missing:{name}") | shown
    if with_land is None:
        return outcome("unknown", "missing:area_m2") | shown
    seen = min(facts["fixed_assets_wan_seen_on"], facts["fixed_land_price_wan_seen_on"])
    if seen <= limit:
        return outcome("unknown", stale(seen)) | shown
    if max(whole, fixed) >= agreed * area:
        return outcome("unknown", "formula") | shown
    return _shortfall(facts, with_land, agreed, (as_of - limit).days) | shown


def _shortfall(facts: Facts, measured: Any, agreed: Any, past: int) -> Said:
    price = facts["price_wan"]
    amount = None if pd.isna(price) or agreed <= 0 else (agreed - measured) / agreed * price
    return outcome("breach", days_past=past, amount_wan=amount, remedies="contract_penalty")


def _built_share(facts: Facts, as_of: date, *, built: str, agreed: str, most: bool = False) -> Said:
    """CON-09: a built share of the land against the contract's bound, in 亩 so that it is exact."""
    limit, bound, area, seen = (
        facts[name] for name in ("completion_due_on", agreed, "area_mu", f"{built}_seen_on")
    )
    built_mu: Any = None if pd.isna(facts[built]) else facts[built] * Decimal("0.0015")
    measured = _ratio(built_mu, area)
    shown = {"clock_from": limit, "limit_on": limit, "measured": measured, "threshold": bound}
    low, high = facts["agreed_far_min"], facts["agreed_far_max"]
    if built == "floor_area_m2" and before(high, low):
        return outcome("unknown", "conflict") | shown
    late = before(limit, seen)
    compared = measured is not None and not pd.isna(bound)
    over, under = compared and built_mu > bound * area, compared and built_mu < bound * area
    if compared and (late and not over if most else not under):
        return outcome("compliant") | shown
    if pd.isna(bound):
        return outcome("unknown", f"missing:{agreed}") | shown
    if said := early(limit, as_of, "agreed_completion_on"):
        return said | shown
    if measured is None:
        missing = built if built_mu is None else "area_m2"
        return outcome("unknown", f"missing:{missing}") | shown
    if not late:
        return outcome("unknown", stale(seen)) | shown
    past = (as_of - limit).days
    if most:
        return outcome("breach", days_past=past, remedies="contract_penalty") | shown
    return _shortfall(facts, measured, bound, past) | shown


def _full_year(facts: Facts, as_of: date, *, name: str) -> Said:
    """EFF-09, UR-04: tax or output per 亩 of the latest full year after the agreed completion."""
    due, area = facts["completion_due_on"], facts["area_mu"]
    agreed = facts[f"agreed_{name}_wan_per_mu"]
    limit = date(due.year + 1, 12, 31) if due else None
    told_wan, told_on = facts[f"year_{name}_wan"], facts[f"year_{name}_on"]
    measured = _ratio(told_wan, area)
    shown = {"clock_from": due, "limit_on": limit, "measured": measured, "threshold": agreed}
    in_time = not before(told_on, limit) and bool(limit and told_on)
    compared = in_time and measured is not None and not pd.isna(agreed)
    if compared and told_wan >= agreed * area:
        return outcome("compliant") | shown
    if pd.isna(agreed):
        return outcome("unknown", f"missing:agreed_{name}_wan_per_mu") | shown
    if said := early(limit, as_of, "agreed_completion_on"):
        return said | shown
    if pd.isna(told_wan):
        return outcome("unknown", f"missing:{name}_wan") | shown
    if measured is None:
        return outcome("unknown", "missing:area_m2") | shown
    if not in_time:
        return outcome("unknown", stale(told_on)) | shown
    past = (as_of - limit).days
    return outcome("breach", days_past=past, remedies="contract_penalty") | shown


RULES: dict[str, Callable[[Facts, date], Said]] = {
    "O53.A1": partial(
        _not_started, years=1, ground="", remedies="charge_idle_fee", share=Decimal("0.2")
    ),
    "O53.A2": partial(_not_started, years=2, ground="", remedies="reclaim", share=None),
    "O53.B": o53_b,
    "REL.26": rel_26,
    "GC.START": by_contract(gc_start),
    "GC.COMPLETE": by_contract(gc_complete),
    "GC.INTENSITY": by_contract(gc_intensity),
    "GC.FAR_MIN": by_contract(
        partial(_built_share, built="floor_area_m2", agreed="agreed_far_min")
    ),
    "GC.FAR_MAX": by_contract(
        partial(_built_share, built="floor_area_m2", agreed="agreed_far_max", most=True)
    ),
    "GC.DENSITY": by_contract(
        partial(_built_share, built="footprint_m2", agreed="agreed_density_min")
    ),
    "GC.TAX": by_contract(partial(_full_year, name="tax")),
    "GC.OUTPUT": by_contract(partial(_full_year, name="output")),
    "GC.STALLED": gc_stalled,
}
