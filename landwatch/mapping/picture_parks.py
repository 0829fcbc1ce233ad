"""Parks on a map too small to show their parcels: a sign and a line for each."""

from __future__ import annotations

from collections.abc import Mapping

import shapely

from landwatch.language.catalogue import say
from landwatch.language.terms import Gravity
from landwatch.mapping.picture_legend import Row
from landwatch.mapping.picture_map import Sign, array_of
from landwatch.mapping.picture_scene import Scene
from landwatch.mapping.style import CLASSES

Parks = Mapping[str | None, Scene]


def park_name(park: Scene, zone_id: str | None, lang: str) -> str:
    """Return what a park is called; what lies in none is called so."""
    return park.zones[0].name if park.zones else zone_id or say("map.page.no_zone", lang)


def park_signs(parks: Parks, lang: str) -> list[Sign]:
    """Return a sign for each park that has drawn land."""
    signs = []
    for zone_id, park in parks.items():
        shapes = [plot.shape for plot in park.plots if plot.shape is not None]
        if not shapes or zone_id is None:
            continue
        west, south, east, north = shapely.total_bounds(array_of(shapes))
        name = park_name(park, zone_id, lang)
        text = say("picture.sign", lang, name=name, count=len(park.holdings))
        signs.append(Sign(((west + east) / 2, (south + north) / 2), text))
    return signs


def park_rows(parks: Parks, lang: str) -> list[Row]:
    """Return a line for each park: contracts, area, and how many ask for attention."""
    rows = []
    for zone_id, park in parks.items():
        classes = [CLASSES[one.kind] for one in park.holdings]
        solid = [kind.gravity for kind in classes if not kind.hatched]
        told = say(
            "picture.park_counts",
            lang,
            breach=solid.count(str(Gravity.BREACH)),
            verify=solid.count(str(Gravity.TO_VERIFY)),
            soon=solid.count(str(Gravity.DUE_SOON)),
        )
        mu = sum(one.area_mu or 0.0 for one in park.holdings)
        held = say("picture.park_held", lang, count=len(park.holdings), mu=f"{mu:,.0f}")
        rows.append(Row("", None, park_name(park, zone_id, lang), held, told))
    return rows
