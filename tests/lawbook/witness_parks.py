"""What may be said of a park: number and share of leading industries, batch land (LZ-09, LZ-10).

Part of the witness, see `witness.py`. A park's figures are those of its statistics day.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.lawbook.oracle_evidence import Record
from tests.lawbook.oracle_outcome import LANZHOU_148_DATED, exact
from tests.lawbook.witness_said import NOTHING, Said, positive

MOST_LEADING = {"national": 5, "provincial": 3, "county": 3}
OF_THE_PARK, OF_AN_OUTER_COUNTY, OF_THE_PLAN = Fraction(7, 10), Fraction(6, 10), Fraction(3, 10)
GOOD_FOR_DAYS = 730


def _at_hand(zone: Record, as_of: date) -> bool:
    """Return whether the statistics are told, come, under the document and not too old."""
    on = zone.get("statistics_on")
    return (
        on is not None and LANZHOU_148_DATED <= on <= as_of and (as_of - on).days <= GOOD_FOR_DAYS
    )


def _said(zone: Record, as_of: date, breach: bool, comply: bool, sure: bool = True) -> Said:
    """Return what may be said on the day: a breach from the day after the statistics on."""
    if not _at_hand(zone, as_of):
        return NOTHING
    past = breach and as_of > zone["statistics_on"]
    return Said(past, comply, must_breach=past and sure, must_comply=comply and sure)


def lz_leading(zone: Record, as_of: date) -> Said:
    """LZ-09: 国家级不超过5个主导产业，省级及县区不超过3个."""
    names = zone.get("leading_industries")
    most = MOST_LEADING.get(str(zone.get("level")))
    if names is None or most is None:
        return NOTHING
    count = len({name.strip() for name in names.split(";")} - {""})
    return _said(zone, as_of, count > most, count <= most)


def _reaches(zone: Record, part: str, whole: str, share: Fraction) -> bool | None:
    upper, lower = exact(zone.get(part)), positive(zone.get(whole))
    return None if upper is None or lower is None else upper >= share * lower


def lz_industry(zone: Record, as_of: date) -> Said:
    """LZ-09: 产值70%以上; outer counties 60 % and 60 %, beside it or instead: both must agree."""
    park = _reaches(zone, "leading_output_wan", "total_output_wan", OF_THE_PARK)
    county = (
        _reaches(zone, "industry_output_wan", "economy_wan", OF_AN_OUTER_COUNTY),
        _reaches(zone, "leading_output_wan", "industry_output_wan", OF_AN_OUTER_COUNTY),
    )
    outer = zone.get("outer_county")
    missed, met = False in county, all(county)
    if outer is False:
        return _said(zone, as_of, park is False, park is True)
    both_miss = missed if outer is True else missed and park is False
    all_told = None not in (*county, park) and outer is True
    return _said(zone, as_of, both_miss, met and park is True, sure=all_told)


def lz_batch(zone: Record, as_of: date) -> Said:
    """LZ-10: 批次用地不超过当地年度用地计划的30%."""
    batch, plan = exact(zone.get("batch_area_ha")), positive(zone.get("annual_plan_ha"))
    if batch is None or plan is None:
        return NOTHING
    over = batch > OF_THE_PLAN * plan
    return _said(zone, as_of, over, not over)
