"""A diagnosis in words: the same sentences on a terminal and on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landwatch.language.catalogue import listed, say, says

if TYPE_CHECKING:
    from pyproj import CRS

    from landwatch.geo.diagnosis import Outcome
    from landwatch.geo.drawings import Drawing
    from landwatch.geo.sightings import Sighting

SHOWN_DISTRICTS = 3
_LEAST_MU = 0.005
_NEAR_M = 10_000


def sighting_words(sighting: Sighting, lang: str) -> str:
    """Return a sighting as a sentence, with the first rows that show it."""
    told = {
        name: say(value, lang) if isinstance(value, str) and says(value) else value
        for name, value in sighting.told.items()
    }
    told.setdefault("count", sighting.count)
    words = say(f"doctor.saw.{sighting.code}", lang, **told)
    shown = [
        f"{one.row} ({one.key})" if one.key else str(one.row)
        for one in sighting.examples
        if one.row is not None
    ]
    return words + say("doctor.rows", lang, rows=listed(shown, lang)) if shown else words


def looked_words(drawing: Drawing, lang: str) -> str:
    """Return how many rows were looked at, and by which system they are read."""
    return say(
        "doctor.looked", lang, seen=len(drawing.shapes), total=drawing.total,
        system=system_words(drawing.crs, lang), blank=drawing.blank,
    )  # fmt: skip


def system_words(crs: CRS | None, lang: str) -> str:
    """Return a coordinate system by its name and number."""
    if crs is None:
        return say("doctor.no_system", lang)
    number = crs.to_string()
    return f"{crs.name} ({number})" if number.startswith("EPSG:") else crs.name


def reading_words(one: Outcome, lang: str, *, is_own: bool) -> str:
    """Return what a reading is called: what to add to the command, or that nothing is."""
    return say("doctor.as_read", lang) if is_own else one.reading.option


def districts_words(one: Outcome, lang: str) -> str:
    """Return the districts in which an outcome lies, with the number of rows in each."""
    shown = [f"{each.name} {each.rows}" for each in one.districts[:SHOWN_DISTRICTS]]
    if len(one.districts) > SHOWN_DISTRICTS:
        shown.append("…")
    if one.elsewhere:
        shown.append(say("doctor.elsewhere", lang, rows=one.elsewhere))
    return listed(shown, lang)


def share_words(one: Outcome) -> str:
    """Return how much of the file a reading puts where it belongs; all and none are only that."""
    share = one.reading.share if one.inside is None else one.inside
    return f"{share:.0%}" if share in (0.0, 1.0) else f"{min(max(share, 0.001), 0.999):.1%}"


def distance_words(metres: float | None, lang: str) -> str:
    """Return how far an outcome lies from where the file is read now."""
    if metres is None:
        return "—"
    if metres < _NEAR_M:
        return say("doctor.metres", lang, far=f"{metres:,.0f}")
    return say("doctor.kilometres", lang, far=f"{metres / 1000:,.0f}")


def area_words(own: Outcome | None, one: Outcome) -> str:
    """Return the area of an outcome in 亩, with the change against how the file is read now."""
    if one.area_mu is None:
        return "—"
    area = f"{one.area_mu:,.2f}"
    if own is None or own is one or not own.area_mu:
        return area
    change = one.area_mu - own.area_mu
    return f"{area} ({change:+,.2f})" if abs(change) >= _LEAST_MU else area


def command_words(file: str, drawing: Drawing, one: Outcome) -> str:
    """Return the command that takes the file in as proposed."""
    import shlex

    return f"landwatch import {drawing.kind} {shlex.quote(file)} {one.reading.option}"
