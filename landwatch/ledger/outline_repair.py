"""Repairs of invalid outlines that a person asked for: made where the area is kept, else told."""

from __future__ import annotations

from dataclasses import replace

from landwatch.language.records import Value
from landwatch.ledger.cells import Reading
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.sheets import Geometry


def mended(drawn: Geometry) -> Geometry:
    """Return an outline repaired where it was invalid; one that would change stays as drawn."""
    if drawn.trouble is not IssueCode.INVALID_GEOMETRY or drawn.area is None:
        return drawn
    from landwatch.geo.validity import repaired
    from landwatch.ledger.area_words import in_both_units, percent

    repair = repaired(drawn.area)
    told = {
        **drawn.told,
        **in_both_units("before", repair.before_m2),
        **in_both_units("after", repair.after_m2),
        "share": percent(repair.changed_share),
    }
    if repair.keeps_the_area:
        return Geometry(repair.area, IssueCode.GEOMETRY_REPAIRED, told)
    return Geometry(drawn.area, IssueCode.REPAIR_NOT_MADE, told)


def mended_reading(reading: Reading, values: dict[str, Value]) -> Reading:
    """Return what is to be said of a cell's outline, and put the mended one among the values."""
    from shapely.geometry import MultiPolygon

    if isinstance(reading.value, MultiPolygon):
        found = mended(Geometry(reading.value, reading.code, reading.told))
        if found.area is not None:
            values["geometry"] = found.area
            return replace(reading, value=found.area, code=found.trouble, told=found.told)
    return reading
