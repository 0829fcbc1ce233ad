"""What a doctor says of a diagnosis: its sightings, each with a code, a weight and a cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from landwatch.geo.belts import (
    BEIJING_1954,
    MILLION,
    SIX,
    THREE,
    belt_in,
    datum_of,
    meridian_of,
)
from landwatch.geo.coordinates import is_wgs84
from landwatch.geo.cures import WEB_MERCATOR
from landwatch.geo.diagnosis import Diagnosis, Outcome, diagnose, strays
from landwatch.geo.divisions import counties
from landwatch.geo.drawings import Nature, outside_china
from landwatch.geo.outlines import districts_at
from landwatch.geo.readings import as_utm
from landwatch.geo.shifts import Shift
from landwatch.geo.sightings import Example, Severity, Sighting

MOST_EXAMPLES = 5
WHOLLY = 0.5
"""A row of which this share lies outside its frame is told as outside."""
_LOOKALIKES = {Shift.GCJ02: "gcj02_lookalike", Shift.BD09: "bd09_lookalike"}


def sightings(found: Diagnosis) -> list[Sighting]:
    """Return what is to be said of a drawing, what is wrong first."""
    said = [*_of_system(found), *_of_reading(found), *_of_place(found), *_of_datum(found)]
    order = list(Severity)
    return sorted(said, key=lambda one: order.index(one.severity))


def _cure(found: Diagnosis) -> str | None:
    return found.proposed.reading.option if found.proposed is not None else None


def _of_system(found: Diagnosis) -> Iterator[Sighting]:
    """Say whether the file names a system, and whether its numbers are of that system."""
    drawing = found.drawing
    nature = f"doctor.nature.{drawing.nature}"
    if drawing.crs is None:
        if drawing.trouble:
            told = {"cause": drawing.trouble, **drawing.told}
            yield Sighting("header_unclear", Severity.WRONG, cure=_cure(found), told=told)
        else:
            told = {"nature": nature}
            yield Sighting("crs_missing", Severity.WRONG, cure=_cure(found), told=told)
    elif not found.verdict.is_own:
        code, told = _contradiction(found, drawing.crs)
        told = {"own": drawing.crs.name, "nature": nature, **told}
        yield Sighting(code, Severity.WRONG, drawing.total, cure=_cure(found), told=told)
    if drawing.crs is not None and (unit := _odd_unit(drawing.crs)):
        told = {"own": drawing.crs.name, "unit": unit}
        yield Sighting("unit_not_metres", Severity.SUSPECT, told=told)


def _contradiction(found: Diagnosis, crs: pyproj.CRS) -> tuple[str, dict[str, object]]:
    """Return how the numbers are not those of the system that the file names."""
    drawing, belt = found.drawing, belt_in(crs)
    best = found.proposed or next(iter(found.outcomes), None)
    if best is not None and best.reading.cure.swap and best.reading.cure.system is None:
        return "swapped", {}
    if drawing.nature is Nature.DEGREES:
        return ("degrees_in_metres", {}) if not crs.is_geographic else ("elsewhere", {})
    if crs.is_geographic:
        return "metres_in_degrees", {}
    if belt is None:
        return "elsewhere", {}
    said, number = int(belt[1] // MILLION), drawing.number
    if said and not number:
        return "prefix_missing", {"said": said}
    if number and number != said:
        width: dict[str, object] = {
            "said": said or "—",
            "found": number,
            "meridian": meridian_of(number) or "—",
        }
        wide = (said in THREE and number in SIX) or (said in SIX and number in THREE)
        return ("belt_width" if wide else "belt_differs"), width
    meridian = None if best is None else best.reading.cure.meridian
    return "belt_wrong", {"said": f"{belt[0]:g}", "found": meridian or "—"}


def _odd_unit(crs: pyproj.CRS) -> str:
    """Return the unit of a projected system that does not count in metres."""
    if not crs.is_projected:
        return ""
    return next((a.unit_name for a in crs.axis_info if a.unit_conversion_factor != 1.0), "")


def _of_reading(found: Diagnosis) -> Iterator[Sighting]:
    """Say what the numbers are where that is known, and where it is not."""
    verdict, best = found.verdict, found.proposed
    cure = None if best is None else best.reading.cure
    if cure is not None and cure.swap and found.drawing.crs is None:
        yield Sighting("swapped", Severity.WRONG, cure=_cure(found), told={"own": "—"})
    if cure is not None and cure.system == WEB_MERCATOR:
        yield Sighting("web_mercator", Severity.WRONG, cure=_cure(found))
    if not verdict.fitting:
        yield Sighting("nothing_fits", Severity.WRONG)
    elif verdict.chosen is None:
        code = "several_fit" if verdict.framed else "not_in_its_division"
        yield Sighting(code, Severity.SUSPECT, told={"count": len(verdict.fitting)})
    drawing = found.drawing
    if len(belts := drawing.belts) > 1:
        told: dict[str, object] = {"belts": "、".join(f"{belt}（{rows}）" for belt, rows in belts)}
        yield Sighting("belts_mixed", Severity.WRONG, told=told)
    if best is not None and (zone := as_utm(best.reading, drawing.pairs, drawing.framed)):
        yield Sighting("utm_too", Severity.NOTE, told={"zone": zone})
    yield from _of_strays(found)
    yield from _of_likeness(found)


def _of_strays(found: Diagnosis) -> Iterator[Sighting]:
    """Say which rows are not read like the others, and what would bring them there."""
    rows = strays(found)
    base = found.base
    if base is None or not len(rows):
        return
    part = diagnose(found.drawing.taken(rows))
    if part.proposed is not None and part.verdict.framed:
        told = {"option": part.proposed.reading.option}
        yield Sighting("rows_differ", Severity.WRONG, len(rows), _examples(found, rows), told=told)
        return
    lost = rows[outside_china(base.shapes[rows])]
    if len(lost):
        yield Sighting("outside_china", Severity.WRONG, len(lost), _examples(found, lost))


def _of_likeness(found: Diagnosis) -> Iterator[Sighting]:
    """Say that the drawing looks like one of an internet map, where the evidence is enough."""
    strong = [one for one in found.likenesses if one.strong]
    if not strong:
        return
    one = strong[0]
    code = _LOOKALIKES[one.shift] if len(strong) == 1 else "shift_lookalike"
    told = {"name": found.drawing.framed.names(MOST_EXAMPLES), "out": one.out, "cured": one.cured}
    cure = next((o.reading.option for o in found.outcomes if o.likeness is one), None)
    rows = _across(found, 0.0)
    single = cure if len(strong) == 1 else None
    yield Sighting(code, Severity.SUSPECT, one.out, _examples(found, rows), single, told)


def _of_place(found: Diagnosis) -> Iterator[Sighting]:
    """Say where it lies, against where it says that it lies."""
    drawing, base = found.drawing, found.base
    if drawing.unknown:
        told: Mapping[str, object] = {"codes": "、".join(drawing.unknown[:MOST_EXAMPLES])}
        yield Sighting("division_unknown", Severity.SUSPECT, len(drawing.unknown), told=told)
    for code, name in drawing.wider[:MOST_EXAMPLES]:
        yield Sighting("division_wider", Severity.NOTE, told={"code": code, "name": name})
    if shapely.get_dimensions(drawing.shapes).max(initial=0) == 0:
        yield Sighting("points_only", Severity.NOTE)
    if not drawing.framed.known and not drawing.unknown and found.verdict.fitting:
        yield Sighting("no_division", Severity.NOTE)
    rows = _across(found, WHOLLY)
    if base is None or not len(rows) or any(one.strong for one in found.likenesses):
        return
    told = {
        "name": found.drawing.framed.names(MOST_EXAMPLES),
        "where": _where(base, rows),
        "of": _held(found),
    }
    examples = _examples(found, rows)
    yield Sighting("outside_division", Severity.SUSPECT, len(rows), examples, told=told)


def _held(found: Diagnosis) -> int:
    return 0 if found.borders is None else int((~np.isnan(found.borders.shares)).sum())


def _across(found: Diagnosis, share: float) -> NDArray[np.int64]:
    """Return the rows of which more than a share lies outside their frame."""
    if found.borders is None:
        return np.zeros(0, dtype=np.int64)
    rows = found.borders.rows & (found.borders.shares > share)
    return np.flatnonzero(rows)


def _where(base: Outcome, rows: NDArray[np.int64]) -> str:
    """Return the districts in which most of some rows lie."""
    codes = Counter(districts_at(base.reading.places[rows]))
    codes.pop(None, None)
    return "、".join(counties().get(str(code), "") for code, _ in codes.most_common(3)) or "—"


def _examples(found: Diagnosis, rows: NDArray[np.int64]) -> tuple[Example, ...]:
    drawing = found.drawing
    return tuple(
        Example(drawing.layer, drawing.rows[at], drawing.keys[at])
        for at in rows[:MOST_EXAMPLES].tolist()
    )


def _of_datum(found: Diagnosis) -> Iterator[Sighting]:
    """Say which datum the coordinates are on, where it is another than that of the ledger."""
    crs, best = found.drawing.crs, found.proposed
    if crs is not None and is_wgs84(crs):
        yield Sighting("wgs84", Severity.NOTE)
    datum = datum_of(crs)
    if crs is not None and datum != datum_of(None):
        code = "beijing_1954" if datum == BEIJING_1954 else "xian_1980"
        yield Sighting(code, Severity.SUSPECT, told={"own": crs.name})
    if crs is None and best is not None and best.reading.cure.meridian is not None:
        yield Sighting("datum_assumed", Severity.NOTE)
