"""Which share of a parcel lies outside its zone; slivers and missing zones apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from landwatch.geo.zones import ZoneOutlines

ZONE = shapely.box(104, 36, 104.01, 36.01)
BROKEN = shapely.Polygon([(104, 36), (104.01, 36.01), (104.01, 36), (104, 36.01)])
FLECK = 1e-7
"""A centimetre."""


def outside(shape: shapely.Geometry, zone: str | None = "Z") -> float:
    zones = ZoneOutlines({"Z": ZONE.wkb, "broken": BROKEN.wkb, "undrawn": None})
    return float(zones.outside_shares(np.array([shape], dtype=object), [zone])[0])


@pytest.mark.parametrize(
    ("west", "share"),
    [(104.001, 0), (104, 0), (104 - FLECK, 0), (103.999, 0.5), (103.99, 1)],
    ids=["within", "at the border", "a sliver over it", "half out", "out"],
)
def test_the_share_outside_is_that_of_the_land_outside(west: float, share: float) -> None:
    parcel = shapely.box(west, 36.004, west + 0.002, 36.006)
    assert outside(parcel) == pytest.approx(share, abs=1e-3)


@pytest.mark.parametrize("zone", [None, "broken", "undrawn", "not there"])
def test_what_no_zone_bounds_has_no_share(zone: str | None) -> None:
    assert np.isnan(outside(shapely.box(104, 36, 104.001, 36.001), zone))


def test_zones_that_bound_nothing_are_named() -> None:
    zones = ZoneOutlines({"Z": ZONE.wkb, "broken": BROKEN.wkb, "undrawn": None})
    assert zones.unsound == {"broken", "undrawn"}
    assert "Z" in zones
    assert ZoneOutlines({}).unsound == frozenset()
