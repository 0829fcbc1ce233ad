"""What may be said under the control indicators, Lanzhou's floor price and standard land.

CI-04 to CI-08, LZ-08, EFF-09; part of the witness, see `witness.py`.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import Ledger
from tests.lawbook.oracle_outcome import LANZHOU_148_DATED, exact
from tests.lawbook.witness_said import (
    COMPLIANT,
    NOTHING,
    Figure,
    Said,
    breach_where,
    completion,
    full_year_end,
    granted,
    granted_m2,
    positive,
    seen_past,
    told_figure,
)

FAR_BY_CLASS_2002 = {
    "13": "1.0", "14": "1.0", "15": "1.0", "16": "1.0", "17": "0.8", "18": "1.0", "19": "1.0",
    "20": "0.8", "21": "0.8", "22": "0.8", "23": "0.8", "24": "1.0", "25": "0.5", "26": "0.6",
    "27": "0.7", "28": "0.8", "29": "0.8", "30": "1.0", "31": "0.7", "32": "0.6", "33": "0.6",
}  # fmt: skip
"""CI-08, the classes on which two pages agree."""
EDITIONS_2002 = ("2002", "GB/T 4754-2002")
MANUFACTURING = range(13, 44)
SURELY_OF_2008 = (date(2009, 1, 1), date(2022, 12, 31))
"""Only the years of the two editions were read (2008, 2023): between them nobody need decide."""
OFFICE_SHARE = Fraction(7, 100)
PRICE_SHARE = Fraction(15, 100)


def _class(ledger: Ledger) -> str | None:
    """Return the two digits of the industry, a leading letter of the section taken off."""
    digits = "".join(mark for mark in str(ledger.term("industry_code") or "") if mark.isdigit())
    return digits[:2] if len(digits) >= 2 else None


def _under_the_edition(ledger: Ledger) -> bool:
    """Return whether the contract is a manufacturer's, signed while the 2008 edition stood.

    CI-02: 适用于…制造业; AMB-12: contract indicators by signing date.
    """
    signed, industry = ledger.term("signed_on"), _class(ledger)
    if signed is None or industry is None:
        return False
    first, last = SURELY_OF_2008
    return bool(first <= signed <= last and int(industry) in MANUFACTURING)


def ci_far(ledger: Ledger) -> Said:
    """CI-08: the built ratio against the least of its class, of the 2002 edition only."""
    least = FAR_BY_CLASS_2002.get(_class(ledger) or "")
    floor, area = told_figure(ledger, "floor_area_m2"), granted_m2(ledger)
    if not _under_the_edition(ledger) or floor is None or area is None:
        return NOTHING
    if least is None or ledger.term("industry_edition") not in EDITIONS_2002:
        return NOTHING
    if floor.value >= Fraction(least) * area:
        return COMPLIANT
    return breach_where(seen_past(floor.on, completion(ledger), ledger.as_of))


def ci_office(ledger: Ledger) -> Said:
    """CI-06: 不得超过工业项目总用地面积的7%: an upper limit, never met before the completion."""
    office, area = told_figure(ledger, "office_land_m2"), granted_m2(ledger)
    if not _under_the_edition(ledger) or office is None or area is None:
        return NOTHING
    if not seen_past(office.on, completion(ledger), ledger.as_of):
        return NOTHING
    return breach_where(True) if office.value > OFFICE_SHARE * area else COMPLIANT


def ci_green(ledger: Ledger) -> Said:
    """CI-07: the national limit was not read, so nothing may be said."""
    return NOTHING


def lz_price(ledger: Ledger) -> Said:
    """LZ-08: 出让底价 … 按不低于…最低价标准的15%-50%确定: below 15 % no case of the band."""
    price = exact(ledger.term("floor_price_yuan_per_m2"))
    minimum = positive(ledger.term("grade_minimum_yuan_per_m2"))
    supplied, signed = ledger.supply(), ledger.term("signed_on")
    if not granted(ledger) or price is None or minimum is None:
        return NOTHING
    if signed is None or supplied is None or min(signed, supplied) < LANZHOU_148_DATED:
        return NOTHING
    if price >= PRICE_SHARE * minimum:
        return COMPLIANT
    return Said(may_breach=signed <= ledger.as_of, must_breach=signed < ledger.as_of)


def sl_five(ledger: Ledger) -> Said:
    """EFF-09: 至少五项基本指标; a blank of the ledger is no breach."""
    five = (
        ("agreed_fixed_investment_wan", "agreed_intensity_wan_per_mu"),
        ("agreed_far_min", "agreed_far_max"),
        ("agreed_energy_wan_per_tce",),
        ("agreed_emission_wan_per_t",),
        ("agreed_tax_wan_per_mu",),
    )
    fixed = all(any(ledger.term(name) is not None for name in names) for names in five)
    return COMPLIANT if granted(ledger) and fixed else NOTHING


def sl_energy(ledger: Ledger) -> Said:
    """EFF-09, EFF-07: 工业增加值/综合能耗 against the contract, both seen on one day."""
    used = told_figure(ledger, "energy_tce")
    return _per_unit(ledger, used, "agreed_energy_wan_per_tce")


def sl_emission(ledger: Ledger) -> Said:
    """EFF-09: value added per tonne emitted against the contract, both seen on one day."""
    kilograms = told_figure(ledger, "emission_kg")
    tonnes = None if kilograms is None else Figure(kilograms.value / 1000, kilograms.on)
    return _per_unit(ledger, tonnes, "agreed_emission_wan_per_t")


def _per_unit(ledger: Ledger, used: Figure | None, term: str) -> Said:
    least, added = exact(ledger.term(term)), told_figure(ledger, "value_added_wan")
    if not granted(ledger) or least is None or added is None or used is None:
        return NOTHING
    if added.on != used.on or used.value < 0:
        return NOTHING
    if added.value >= least * used.value:  # nothing used is no shortfall where something is made
        return COMPLIANT if added.value > 0 else NOTHING
    return breach_where(seen_past(added.on, full_year_end(ledger), ledger.as_of))
