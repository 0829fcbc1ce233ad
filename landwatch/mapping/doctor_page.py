"""The doctor's page: a drawing as it is read and as it is proposed, on one small offline map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import folium
import numpy as np
import shapely

from landwatch.errors import PageError
from landwatch.files import whole_file
from landwatch.geo.diagnosis import Diagnosis, Outcome
from landwatch.geo.doctor_words import (
    area_words,
    distance_words,
    districts_words,
    looked_words,
    reading_words,
    share_words,
    sighting_words,
)
from landwatch.geo.outlines import outlines_near
from landwatch.geo.sightings import Sighting
from landwatch.language.catalogue import LANGUAGES, catalogue, say
from landwatch.mapping.shell import page_around

Layer: TypeAlias = "tuple[Diagnosis, Sequence[Sighting]]"

BLOCK = "<!-- landwatch: doctor -->"
WORD_FAMILIES = ("doctor.page.", "map.page.other_language")
MOST_DRAWN = 1500
"""Shapes drawn of all readings together: the page compares places and lists no parcel."""
MOST_FRAMES = 20
PLACES = 6
FINE_DEGREES = 0.00001
FRAME_DEGREES = 0.0003


def write_doctor_page(path: Path, file: str, layers: Sequence[Layer], *, lang: str) -> None:
    """Write the page, at once or not at all.

    Args:
        path: the file to write; an older one is replaced.
        file: the name of the file that was looked at.
        layers: each layer's diagnosis, and what is to be said of it.
        lang: the language in which the page opens; it carries both.

    Raises:
        PageError: the page cannot be built offline, or the file cannot be written.
    """
    title = say("doctor.page.title", lang, file=file)
    told = {
        "lang": lang,
        "file": file,
        "words": {
            each: {
                key: texts[each]
                for key, texts in catalogue().items()
                if key.startswith(WORD_FAMILIES)
            }
            for each in LANGUAGES
        },
        "layers": [_layer(found, sightings) for found, sightings in layers],
    }
    text = _page(json.dumps(told, ensure_ascii=False, separators=(",", ":")), title, lang)
    with whole_file(path, error=PageError) as beside:
        beside.write_bytes(text.encode("utf-8"))


def _page(told: str, title: str, lang: str) -> str:
    shell = folium.Map(location=[35.0, 104.0], zoom_start=4, tiles=None, max_zoom=21)
    page = page_around(shell, "doctor", mark=BLOCK, title=title, lang=lang)
    safe = told.replace("<", "\\u003c")
    block = f'<script type="application/json" id="landwatch-doctor">{safe}</script>'
    return page.replace(BLOCK, block, 1)


def _layer(found: Diagnosis, sightings: Sequence[Sighting]) -> dict[str, Any]:
    drawing = found.drawing
    outcomes = [*([found.own] if found.own is not None else []), *found.outcomes]
    shown = [one for one in outcomes if one.districts]
    places = [one.reading.places[_drawn_rows(one, len(shown))] for one in shown]
    around = np.concatenate(places) if places else np.zeros((0, 2))
    frames = [
        drawing.framed.frames[at] for at in sorted(set(drawing.framed.of_row.tolist()) - {-1})
    ]
    return {
        "name": drawing.layer or "",
        "looked": _both(lambda lang: looked_words(drawing, lang)),
        "sightings": [
            {
                "severity": str(one.severity),
                "words": _both(lambda lang, one=one: sighting_words(one, lang)),
            }
            for one in sightings
        ],
        "readings": [_reading(found, one, len(shown)) for one in outcomes],
        "close": _close(found),
        "frames": [
            {"name": each.name, "shape": _drawn(shapely.simplify(each.shape, FRAME_DEGREES))}
            for each in frames[:MOST_FRAMES]
        ],
        "outlines": [
            {"name": each.name, "shape": _drawn(each.geometry)}
            for each in outlines_near(around)
            if shapely.get_dimensions(each.geometry) == 2
        ],
    }


def _close(found: Diagnosis) -> list[list[float]] | None:
    """Return the corners of a place where a short move can be seen; None where it is long."""
    best = next((one for one in found.outcomes if one.likeness is not None), None)
    if best is None or found.own is None or found.borders is None:
        return None
    across = np.flatnonzero(
        found.borders.rows & np.isfinite(shapely.bounds(best.shapes)).all(axis=1)
    )
    if not len(across):
        return None
    west, south, east, north = shapely.total_bounds(
        [shape for one in (found.own, best) for shape in one.shapes[across[:1]]]
    )
    return [[float(south), float(west)], [float(north), float(east)]]


def _reading(found: Diagnosis, one: Outcome, of: int) -> dict[str, Any]:
    """Return a reading with its words, and some of its shapes where it lies in China."""
    own = one is found.own
    rows = _drawn_rows(one, of) if one.districts else []
    return {
        "own": own,
        "proposed": one.proposed,
        "name": _both(lambda lang: reading_words(one, lang, is_own=own)),
        "place": _both(lambda lang: districts_words(one, lang)),
        "share": share_words(one),
        "moved": _both(lambda lang: distance_words(one.moved_m, lang)),
        "area": area_words(found.own, one),
        "shapes": [_drawn(one.shapes[at]) for at in rows],
    }


def _drawn_rows(one: Outcome, of: int) -> list[int]:
    """Return the rows of one of several outcomes that are drawn: some that have a place."""
    rows = np.flatnonzero(np.isfinite(shapely.bounds(one.shapes)).all(axis=1))
    if len(rows) > MOST_DRAWN // of:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_DRAWN // of).astype(int)]
    listed: list[int] = rows.tolist()
    return listed


def _drawn(shape: Any) -> list[list[list[list[float]]]]:
    """Return a shape as parts of rings of latitude and longitude; a point as a ring of one."""
    parts = shapely.get_parts(shapely.simplify(shape, FINE_DEGREES))
    return [
        [
            np.round(shapely.get_coordinates(ring)[:, ::-1], PLACES).tolist()
            for ring in (shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part])
        ]
        for part in parts
    ]


def _both(words: Any) -> dict[str, str]:
    """Return words in each language."""
    return {lang: words(lang) for lang in LANGUAGES}
