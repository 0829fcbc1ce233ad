"""What may be said of the grant contract's newer terms and of Urumqi's Economic Zone.

CON-09 (density), EFF-09 and UR-04 (tax, output), CON-13 (the 2006 supplement); part of the
witness, see `witness.py`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import Ledger, Record, start
from tests.lawbook.oracle_outcome import exact, years_after
from tests.lawbook.oracle_stalled import area_half, investment_half, suspension
from tests.lawbook.witness_said import (
    COMPLIANT,
    NOTHING,
    Said,
    breach_where,
    by_a_contract,
    completion,
    fresh,
    full_year_end,
    granted_m2,
    positive,
    seen_past,
    told_figure,
    year_figure,
)

SUPPLEMENT_FROM, SUPPLEMENT_TO = date(2006, 7, 1), date(2008, 6, 30)


def gc_density(ledger: Ledger) -> Said:
    """CON-09: 建筑密度低于合同约定的最低标准, on the agreed completion."""
    least = exact(ledger.term("agreed_density_min"))
    built, area = told_figure(ledger, "footprint_m2"), granted_m2(ledger)
    if not by_a_contract(ledger) or least is None or built is None or area is None:
        return NOTHING
    if built.value >= least * area:
        return COMPLIANT
    return breach_where(seen_past(built.on, completion(ledger), ledger.as_of))


def gc_tax(ledger: Ledger) -> Said:
    """EFF-09, UR-04: tax per 亩 of the latest full year after the agreed completion."""
    return _annual(ledger, "tax_wan", "agreed_tax_wan_per_mu")


def gc_output(ledger: Ledger) -> Said:
    """EFF-09, UR-04: output per 亩 of the latest full year after the agreed completion."""
    return _annual(ledger, "output_wan", "agreed_output_wan_per_mu")


def _annual(ledger: Ledger, column: str, term: str) -> Said:
    least, area = exact(ledger.term(term)), positive(ledger.term("area_mu"))
    figure, first_end = year_figure(ledger, column), full_year_end(ledger)
    if not by_a_contract(ledger) or least is None or area is None or figure is None:
        return NOTHING
    if first_end is None or figure.on < first_end:  # of no year that the term speaks of
        return NOTHING
    return breach_where(True) if figure.value < least * area else COMPLIANT


def ur_et_terms(ledger: Ledger) -> Said:
    """UR-04: 如投资强度或产出效益不能按约定实现: one of the two missed is enough."""
    intensity, output = _intensity(ledger), _output(ledger)
    if intensity.may_comply and output.may_comply:
        return COMPLIANT
    return breach_where(intensity.may_breach or output.may_breach)


def _output(ledger: Ledger) -> Said:
    """Return what GC.OUTPUT's arithmetic says, whatever the land is held by."""
    on_contract = dict(ledger.contract) | {"instrument": "grant"}
    return gc_output(Ledger(on_contract, ledger.reports, ledger.events, ledger.as_of))


def _intensity(ledger: Ledger) -> Said:
    """Return whether the agreed intensity is missed with and without the land price."""
    least = exact(ledger.term("agreed_intensity_wan_per_mu"))
    area = positive(ledger.term("area_mu"))
    assets = told_figure(ledger, "fixed_assets_wan")
    land = told_figure(ledger, "fixed_land_price_wan")
    if least is None or area is None or assets is None or land is None:
        return NOTHING
    if assets.value >= least * area and land.value >= 0:
        return COMPLIANT
    late = seen_past(min(assets.on, land.on), completion(ledger), ledger.as_of)
    return breach_where(late and assets.value + land.value < least * area)


def on_the_supplement(ledger: Ledger) -> bool:
    """Return whether the contract is told, or was signed in the months, of the 2006 supplement."""
    form, signed = ledger.term("contract_form"), ledger.term("signed_on")
    if form is not None:
        return bool(form == "supplement_2006")
    return signed is not None and SUPPLEMENT_FROM <= signed <= SUPPLEMENT_TO


def gc_stalled(ledger: Ledger) -> Said:
    """CON-13: 不足三分之一或不足25%，且未经批准中止开发建设连续满一年."""
    if not by_a_contract(ledger) or not on_the_supplement(ledger):
        return NOTHING
    if start(ledger).verdict != "started":
        return NOTHING
    halt, short = suspension(ledger), _short_seen_on(ledger)
    working = halt.state == "working" and halt.seen_on is not None
    lately = working and (halt.done or fresh(halt.seen_on or date.min, ledger.as_of))
    if _not_short(ledger) or lately:
        return COMPLIANT
    if halt.state != "suspended" or halt.since is None or halt.seen_on is None:
        return NOTHING
    limit = years_after(halt.since, 1)
    stands = seen_past(halt.seen_on, limit, ledger.as_of) and fresh(halt.seen_on, ledger.as_of)
    shown = any(seen_past(day, limit, ledger.as_of) for day in short)
    may = stands and shown and not _consented(ledger, halt.since)
    return Said(may_breach=may, must_breach=may and not _any_consent(ledger))


def _gross_short(ledger: Ledger) -> bool | None:
    """Return 已投资额 ÷ 总投资额 < 25 % as the words stand, nothing taken off."""
    invested, total = ledger.latest("invested_wan")[0], ledger.term("agreed_total_investment_wan")
    if invested is None or total is None:
        return None
    return 4 * Fraction(str(invested)) < Fraction(str(total))


def _short_seen_on(ledger: Ledger) -> list[date]:
    """Return the days of the halves that are short; investment, by both readings."""
    area, net = area_half(ledger), investment_half(ledger)
    days = [area.seen_on] if area.short else []
    days += [net.seen_on] if net.short and _gross_short(ledger) else []
    return [day for day in days if day is not None]


def _not_short(ledger: Ledger) -> bool:
    """Return whether neither half is short, by either reading of the investment."""
    halves = (area_half(ledger).short, investment_half(ledger).short, _gross_short(ledger))
    return all(half is False for half in halves)


def _verified_delays(ledger: Ledger) -> list[Record]:
    return [delay for delay in ledger.events_of("delay") if delay.get("verified") is True]


def _consented(ledger: Ledger, since: date) -> bool:
    """Return whether the stop may have been approved: amended since, or a verified delay in it."""
    amended = any(event["on"] >= since for event in ledger.events_of("amendment"))
    return amended or any(
        delay.get("until") is None or delay["until"] >= since for delay in _verified_delays(ledger)
    )


def _any_consent(ledger: Ledger) -> bool:
    return bool(ledger.events_of("amendment") or _verified_delays(ledger))
