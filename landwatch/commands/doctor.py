"""The doctor of coordinates: what a file's coordinates are, and what would cure them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.drawing import place_of_page
from landwatch.commands.intake import Reading
from landwatch.errors import InputRefusedError, StoreMissingError, UsageError
from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.geo.diagnosis import Diagnosis
    from landwatch.geo.frames import Frame
    from landwatch.geo.sightings import Sighting


@dataclass(frozen=True, slots=True)
class LayerSeen:
    """One layer of a file: its diagnosis, and what is to be said of it."""

    found: Diagnosis
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class CoordinatesSeen:
    """What the doctor saw in a file, layer by layer; nothing was changed."""

    path: Path
    layers: tuple[LayerSeen, ...]


def doctor_coordinates(
    path: Path,
    *,
    reading: Reading | None = None,
    division: str | None = None,
    url: str | None = None,
) -> CoordinatesSeen:
    """Look at the coordinates of a file and try every plausible reading of them.

    Args:
        path: a spatial file, boundary-point text, or a table that draws by WKT or by x and y.
        reading: the encoding and the coordinate system, where a person names them.
        division: code or name of the division that all of it should lie in.
        url: the store whose zones rows may name; one that is not there is no trouble.

    Raises:
        UsageError: nobody knows the division.
        InputRefusedError: the file cannot be read, or draws nothing.
    """
    from landwatch.geo.diagnosis import diagnose
    from landwatch.geo.seen import sightings
    from landwatch.ledger import Instructions
    from landwatch.ledger.looking import Places, look

    how = reading or Reading()
    places = Places(_frame_named(division), {} if url is None else zone_frames(url))
    drawings = look(path, Instructions(how.encoding, how.crs), places)
    if not drawings:
        raise InputRefusedError("doctor.error.nothing_drawn", file=path.name)
    diagnoses = [diagnose(drawing) for drawing in drawings]
    return CoordinatesSeen(
        path, tuple(LayerSeen(found, tuple(sightings(found))) for found in diagnoses)
    )


def _frame_named(division: str | None) -> Frame | None:
    """Return the frame of a division that a person named by code or name."""
    from landwatch.geo.frames import division_frame, named_frame

    if division is None:
        return None
    told = division.strip()
    whole = told.isdigit() and len(told) in (2, 4, 6)
    frame = division_frame(told) if whole else named_frame(told)
    if frame is None:
        raise UsageError("doctor.error.division", division=division)
    return frame


def zone_frames(url: str) -> dict[str, Frame]:
    """Return the frames of the zones that a store holds; none where there is no store."""
    from landwatch.geo.told import told_now
    from landwatch.ledger.looking import frames_of

    try:
        store = bootstrap.the_store(url)
    except StoreMissingError:
        return {}
    table = store.columns(Kind.ZONES, only=("name", "adcode"), geometry=True)
    return frames_of(*(told_now(table, "key", name) for name in ("name", "adcode", "geometry")))


def draw_coordinates(seen: CoordinatesSeen, path: Path, *, lang: str) -> Path:
    """Write a page that shows each layer as it is read and as it is proposed.

    Raises:
        UsageError: the name does not end in .html.
    """
    from landwatch.mapping.doctor_page import write_doctor_page

    place_of_page(path)
    layers = [(layer.found, layer.sightings) for layer in seen.layers]
    write_doctor_page(path, seen.path.name, layers, lang=lang)
    return path
