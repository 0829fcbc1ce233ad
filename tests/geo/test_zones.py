"""Which share of a parcel lies in which zone, and outside its own; slivers apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landwatch.geo.areas import area_m2, areas_m2
from landwatch.geo.zones import ZoneOutlines, zone_shares

ZONE = shapely.box(104, 36, 104.01, 36.01)
BROKEN = shapely.Polygon([(104, 36), (104.01, 36.01), (104.01, 36), (104, 36.01)])
EAST = shapely.box(104.01, 36, 104.02, 36.01)
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


def test_land_is_shared_out_among_the_zones_that_it_lies_in() -> None:
    zones = ZoneOutlines({"Z": ZONE.wkb, "broken": BROKEN.wkb, "E": EAST.wkb})
    across = shapely.box(104.009, 36.002, 104.013, 36.004)
    within = shapely.box(104.002, 36.002, 104.004, 36.004)
    nowhere = shapely.box(104.5, 36, 104.6, 36.1)
    astride = shapely.box(103.99, 36, 104, 36.01)  # touches the border, and has no land inside
    drawn = np.array([across, within, nowhere, astride], dtype=object)
    place, zone, share, area = zones.shares(drawn)
    assert [zones.names[at] for at in zone] == ["Z", "E", "Z"]
    assert place.tolist() == [0, 0, 1]
    assert share == pytest.approx([0.25, 0.75, 1])
    assert area == pytest.approx(
        [areas_m2(drawn)[0] / 4, areas_m2(drawn)[0] * 0.75, areas_m2(drawn)[1]]
    )


sides = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 40), st.integers(1, 40))


def squares(corners: list[tuple[int, int, int, int]]) -> dict[str, bytes]:
    """Return rectangles of some hundred metres by name."""
    each = (np.array([x, y, x + w, y + h]) / 10_000 for x, y, w, h in corners)
    boxes = (shapely.box(104 + one[0], 36 + one[1], 104 + one[2], 36 + one[3]) for one in each)
    return {f"N{at}": box.wkb for at, box in enumerate(boxes)}


def told(key: str, drawn: dict[str, bytes]) -> pa.Table:
    outlines = pa.array(list(drawn.values()), pa.large_binary())
    return pa.table({key: pa.array(list(drawn), pa.string()), "geometry": outlines})


@given(st.lists(sides, max_size=8), st.lists(sides, max_size=5))
def test_shares_are_those_of_a_plain_intersection_of_each_with_each(
    parcels: list[tuple[int, int, int, int]], zones: list[tuple[int, int, int, int]]
) -> None:
    drawn, around = squares(parcels), squares(zones)
    found = zone_shares(told("parcel_id", drawn), told("zone_id", around))
    shares = {(row["parcel_id"], row["zone_id"]): row["share"] for row in found.to_pylist()}
    plain: dict[tuple[str, str], float] = {}
    for parcel, one in drawn.items():
        for zone, other in around.items():
            part = area_m2(shapely.from_wkb(one).intersection(shapely.from_wkb(other)))
            if part > 0:
                plain[parcel, zone] = part / area_m2(shapely.from_wkb(one))
    assert shares.keys() == plain.keys()
    assert shares == pytest.approx(plain)


def test_invalid_and_cleared_outlines_have_no_share() -> None:
    parcels = pa.table(
        {
            "parcel_id": ["P", "Q", "R", "R"],
            "geometry": [EAST.wkb, BROKEN.wkb, EAST.wkb, None],
            "cleared": [None, None, None, ";geometry;"],
        }
    )
    found = zone_shares(parcels, told("zone_id", {"broken": BROKEN.wkb, "E": EAST.wkb}))
    assert found.drop_columns("area_m2").to_pylist() == [
        {"parcel_id": "P", "zone_id": "E", "share": 1.0}
    ]
    assert zone_shares(parcels, told("zone_id", {})).num_rows == 0


def test_land_outside_is_told_with_the_width_of_its_widest_piece() -> None:
    zones = ZoneOutlines({"Z": ZONE.wkb})
    over = shapely.box(103.999, 36.004, 104.002, 36.006)
    found = zones.outside(np.array([over, over], dtype=object), ["Z", None])
    outside = shapely.box(103.999, 36.004, 104, 36.006)
    assert found.areas_m2[0] == pytest.approx(area_m2(outside))
    assert found.widths_m[0] == pytest.approx(64, rel=0.02)  # 90 m by 222 m
    assert np.isnan(found.areas_m2[1])
