"""Whatever numbers a file holds, a diagnosis ends, and says what it saw in words."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landwatch.geo.diagnosis import diagnose
from landwatch.geo.doctor_words import looked_words, share_words, sighting_words
from landwatch.geo.drawings import Drawing
from landwatch.geo.frames import division_frame
from landwatch.geo.readings import framed_by
from landwatch.geo.seen import sightings
from landwatch.language.catalogue import LANGUAGES

NUMBERS = st.one_of(
    st.floats(),
    st.floats(-200, 200),
    st.floats(0, 1e6),
    st.floats(2e6, 6e6),
    st.floats(13e6, 46e6),
    st.sampled_from([0.0, -1.0, 1e300, float("nan"), float("inf")]),
)
SYSTEMS = (None, 4490, 4326, 4523, 4544, 4496, 3857, 2359, 2411, 32648, 2272, 4610)


@settings(max_examples=120)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans()), min_size=1, max_size=6),
    st.sampled_from(SYSTEMS),
    st.booleans(),
)
def test_any_numbers_are_looked_at_without_a_trace(
    places: list[tuple[float, float, bool]], epsg: int | None, framed: bool
) -> None:
    shapes = np.empty(len(places), dtype=object)
    shapes[:] = [
        shapely.Point(x, y) if is_point else shapely.box(x, y, x + 0.001, y + 0.001)
        for x, y, is_point in places
    ]
    frame = division_frame("620123") if framed else None
    crs = None if epsg is None else pyproj.CRS.from_epsg(epsg)
    rows = list(range(1, len(places) + 1))
    drawing = Drawing(
        None, shapes, rows, [None] * len(rows), framed_by([frame] * len(rows)), crs,
        total=len(rows),
    )  # fmt: skip
    found = diagnose(drawing)
    assert found.proposed is None or found.proposed.reading.option
    for lang in LANGUAGES:
        said = [sighting_words(one, lang) for one in sightings(found)]
        assert not any("{" in words or "doctor." in words for words in said)
        assert str(len(rows)) in looked_words(drawing, lang)
    shares = [share_words(one) for one in found.outcomes]
    assert all(share.endswith("%") for share in shares)


@pytest.mark.parametrize("epsg", [4490, 4523])
def test_an_outline_that_crosses_itself_is_held_against_its_frame_too(epsg: int) -> None:
    bow = shapely.Polygon([(104.1, 35.8), (104.2, 35.9), (104.2, 35.8), (104.1, 35.9)])
    way = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    shapes = np.empty(3, dtype=object)
    shapes[:] = [
        shapely.transform(
            bow, lambda pairs: np.column_stack(way.transform(pairs[:, 0], pairs[:, 1]))
        )
    ] * 3
    drawing = Drawing(
        None, shapes, [1, 2, 3], [None] * 3, framed_by([division_frame("620123")] * 3),
        pyproj.CRS.from_epsg(epsg), total=3,
    )  # fmt: skip
    found = diagnose(drawing)
    assert found.verdict.is_own
    assert found.own is not None
    assert found.own.inside is not None
    assert found.own.inside > 0.9
