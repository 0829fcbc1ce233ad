"""Land on which building has started and stands still: O53.B and GC.STALLED (for by_rows)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from benchmarks.by_rows_saying import EVIDENCE_DAYS, Facts, Said, early, outcome, stale, years_after

INVESTED = ("invested_wan", "invested_land_price_wan", "invested_taxes_wan")
TOTAL = (
    "agreed_total_investment_wan",
    "agreed_total_investment_land_price_wan",
    "agreed_total_investment_taxes_wan",
)


def o53_b(facts: Facts, as_of: date) -> Said:
    """IDL-02: started, short of the area or the investment, and suspended one full year."""
    clock = _clock(facts)
    if said := _not_begun(facts, as_of):
        return said | clock
    net = _short(facts, INVESTED, TOTAL)
    return _stalled(facts, as_of, net, [], None) | clock


def gc_stalled(facts: Facts, as_of: date) -> Said:
    """CON-13: the same by the 2006 supplement, short by both readings of the investment."""
    clock = _clock(facts)
    instrument, form, signed = facts["instrument"], facts["contract_form"], facts["signed_on"]
    if instrument == "allocation":
        return outcome("not_applicable", "instrument")
    if pd.isna(form) and not pd.isna(signed):
        form = "form_2008" if signed >= date(2008, 7, 1) else "supplement_2006"
        form = form if signed >= date(2006, 7, 1) else "none"
    begun = _not_begun(facts, as_of)
    if not pd.isna(form) and form != "supplement_2006":
        return outcome("not_applicable", "contract_form")
    if begun and begun["status"] == "not_applicable":
        return begun
    if pd.isna(instrument):
        return outcome("unknown", "missing:instrument") | clock
    if pd.isna(form):
        return outcome("unknown", "missing:signed_on") | clock
    if begun:
        return begun | clock
    net = _short(facts, INVESTED, TOTAL)
    gross = _short(facts, INVESTED[:1], TOTAL[:1])
    split = net is not None and gross is not None and net != gross
    invested = None if split or gross is None else net
    return _stalled(facts, as_of, invested, _consent(facts), split) | clock


def _clock(facts: Facts) -> Said:
    since = _since(facts)
    return {"clock_from": since, "limit_on": years_after(since, 1)}


def _since(facts: Facts) -> date | None:
    return None if pd.isna(facts["suspended_since"]) else facts["suspended_since"]


def _not_begun(facts: Facts, as_of: date) -> Said | None:
    """Return what is said of land on which nothing is known to have begun; None where it has."""
    if facts["started"] is True:
        return None
    seen = facts["not_started_on"]
    if seen is None:
        return outcome("unknown", facts["start_gap"])
    if (as_of - seen).days > EVIDENCE_DAYS:
        return outcome("unknown", stale(seen))
    return outcome("not_applicable", "not_started")


def _net(facts: Facts, names: tuple[str, ...]) -> Any:
    """Return the first amount less the others, None where any is blank."""
    amounts = [facts[name] for name in names]
    if any(pd.isna(amount) for amount in amounts):
        return None
    return amounts[0] - sum(amounts[1:])


def _short(facts: Facts, invested: tuple[str, ...], total: tuple[str, ...]) -> bool | None:
    """Return whether less than a quarter is invested."""
    spent, planned = _net(facts, invested), _net(facts, total)
    return None if spent is None or planned is None else bool(4 * spent < planned)


def _consent(facts: Facts) -> list[str]:
    """Return what may mean that the stop was consented to: a person decides."""
    since, amended = _since(facts), facts["amended_on"]
    grounds = ["amended"] if since and amended and amended >= since else []
    delay = facts["statute_delay"]
    grounds += [] if pd.isna(delay) else [f"cause:{delay}"]
    grounds += ["cause:mixed"] if facts["statute_mixed"] else []
    return grounds + (["missing:cause"] if facts["cause_untold"] else [])


def _at_work(facts: Facts) -> tuple[list[date], bool]:
    """Return the days on which work was seen to go on, and whether all is built."""
    since, stage_on = _since(facts), facts["stage_seen_on"]
    resumed, built = facts["resumed_on"], facts["built_seen_on"]
    seen = []
    if facts["stage"] == "under_construction" and (since is None or stage_on >= since):
        seen.append(stage_on)
    if since and not pd.isna(resumed) and resumed >= since:
        seen.append(facts["resumed_on_seen_on"])
    done = bool(since and built and built >= since)
    return [*seen, built] if done else seen, done


def _stalled(
    facts: Facts, as_of: date, invested: bool | None, grounds: list[str], split: bool | None
) -> Said:
    """Return the outcome on land that has begun; `split` where two readings differ."""
    since, told_on = _since(facts), facts["suspended_since_seen_on"]
    limit = years_after(since, 1)
    developed, due = facts["developed_area_mu"], facts["due_start_area_mu"]
    untold = bool(pd.isna(developed) or pd.isna(due))
    area: bool | None = None if untold else bool(3 * developed < due)
    short = True if area or invested else None if None in (area, invested) else False
    work, done = _at_work(facts)
    conflict = bool(work and since and told_on > max(work))
    working = bool(work) and not conflict
    if short is False or (working and (done or (as_of - max(work)).days <= EVIDENCE_DAYS)):
        return outcome("compliant")
    if short is None and (limit is None or as_of <= limit):
        terms = ["due_start_area_mu"] if area is None else []
        terms += TOTAL if invested is None else []
        for term in terms:
            if pd.isna(facts[term]):
                return outcome("unknown", f"missing:{term.replace('_mu', '_m2')}")
    if working and since is None:
        return outcome("unknown", stale(max(work)))
    if said := early(limit, as_of, "suspended_since"):
        return said
    assert limit is not None
    if conflict:
        return outcome("unknown", "conflict")
    if working:
        return outcome("unknown", stale(max(work)))
    if told_on <= limit or (as_of - told_on).days > EVIDENCE_DAYS:
        return outcome("unknown", stale(told_on))
    return _after_the_year(facts, as_of, limit, (area, invested, short), grounds, split)


def _after_the_year(
    facts: Facts,
    as_of: date,
    limit: date,
    halves: tuple[bool | None, bool | None, bool | None],
    grounds: list[str],
    split: bool | None,
) -> Said:
    """Return what stands once a fresh report tells that it has been suspended for a year."""
    area, invested, short = halves
    oldest = [facts[f"{name}_seen_on"] for name in INVESTED]
    invested_on = min(oldest) if None not in oldest else None
    area_on = facts["developed_area_mu_seen_on"] or facts["developed_area_m2_seen_on"]
    seen = ((area_on, area), (invested_on, invested))
    shown = [day for day, is_short in seen if is_short and day]
    if short and max(shown) > limit:
        if grounds:
            return outcome("unknown", grounds[0])
        remedies = "negotiate_disposal" if split is None else "charge_idle_fee"
        return outcome("breach", days_past=(as_of - limit).days, remedies=remedies)
    if short:
        return outcome("unknown", stale(max(shown)))
    for name in ("developed_area_mu", "due_start_area_mu", *INVESTED, *TOTAL):
        if pd.isna(facts[name]):
            return outcome("unknown", f"missing:{name.replace('_mu', '_m2')}")
    assert split and invested_on is not None
    return outcome("unknown", stale(invested_on) if invested_on <= limit else "formula")
