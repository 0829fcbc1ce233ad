"""What is shown of a file's coordinates: what was seen, and where each cure would bring them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import CoordinatesSeen, LayerSeen
    from landwatch.geo.diagnosis import Outcome
    from landwatch.geo.sightings import Sighting

STYLES: Mapping[str, str] = {"wrong": "red", "suspect": "yellow", "note": "dim"}


def coordinates_seen(seen: CoordinatesSeen, lang: str, *, as_json: bool) -> None:
    """Show what the doctor saw, layer by layer, and the command that would cure it."""
    if as_json:
        print_json({"file": seen.path.name, "layers": [_told(one, lang) for one in seen.layers]})
        return
    for layer in seen.layers:
        for line in _lines(layer, seen.path, lang):
            out().print(line, soft_wrap=isinstance(line, str))


def coordinates_drawn(path: Path, lang: str) -> None:
    """Say where the page is."""
    err().print(phrase("doctor.page_written", lang, path=path))


def _lines(layer: LayerSeen, path: Path, lang: str) -> Iterator[Any]:
    from landwatch.geo.doctor_words import command_words, looked_words, sighting_words

    found = layer.found
    name = f"{path.name} / {found.drawing.layer}" if found.drawing.layer else path.name
    yield f"[bold]{_plain(name)}[/]"
    yield _plain(looked_words(found.drawing, lang))
    for sighting in layer.sightings:
        yield f"[{STYLES[sighting.severity]}]•[/] {_plain(sighting_words(sighting, lang))}"
    if all(one.severity == "note" for one in layer.sightings):
        yield f"[green]{phrase('doctor.sound', lang)}[/]"
    outcomes = [*([found.own] if found.own is not None else []), *found.outcomes]
    if outcomes:
        yield _table(layer, outcomes, lang)
    if found.proposed is not None:
        command = command_words(str(path), found.drawing, found.proposed)
        yield phrase("doctor.command", lang, command=command)


def _plain(text: str) -> str:
    """Return what a file says as text that neither rich nor a terminal obeys."""
    return escape("".join(sign for sign in text if sign.isprintable()))


def _table(layer: LayerSeen, outcomes: Sequence[Outcome], lang: str) -> Table:
    """Return the readings side by side: where each brings the parcels, how far, how large."""
    from landwatch.geo.doctor_words import (
        area_words,
        distance_words,
        districts_words,
        reading_words,
        share_words,
    )

    table, own = Table(header_style="bold"), layer.found.own
    for head in ("reading", "place", "share", "moved", "area"):
        side = "right" if head in ("share", "moved", "area") else "left"
        table.add_column(phrase(f"doctor.head.{head}", lang), justify=side, overflow="fold")  # type: ignore[arg-type]
    for one in outcomes:
        mark = "[green]✓[/] " if one.proposed else ""
        table.add_row(
            mark + _plain(reading_words(one, lang, is_own=one is own)),
            _plain(districts_words(one, lang)), share_words(one),
            distance_words(one.moved_m, lang), area_words(own, one),
        )  # fmt: skip
    return table


def _told(layer: LayerSeen, lang: str) -> dict[str, Any]:
    """Return a layer for a machine."""
    found = layer.found
    drawing = found.drawing
    return {
        "layer": drawing.layer,
        "rows": drawing.total,
        "looked_at": len(drawing.shapes),
        "not_readable": drawing.blank,
        "system": None if drawing.crs is None else drawing.crs.to_string(),
        "numbers": str(drawing.nature),
        "sightings": [_sighting(one, lang) for one in layer.sightings],
        "as_read": None if found.own is None else _outcome(found.own),
        "readings": [_outcome(one) for one in found.outcomes],
        "proposed": None if found.proposed is None else found.proposed.reading.option,
    }


def _sighting(one: Sighting, lang: str) -> dict[str, Any]:
    from landwatch.geo.doctor_words import sighting_words

    return {
        "code": one.code,
        "severity": str(one.severity),
        "count": one.count,
        "cure": one.cure,
        "words": sighting_words(one, lang),
        "examples": [{"row": each.row, "key": each.key} for each in one.examples],
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "option": one.reading.option,
        "share": round(one.reading.share, 4),
        "inside": None if one.inside is None else round(one.inside, 4),
        "districts": [[each.code, each.name, each.rows] for each in one.districts],
        "elsewhere": one.elsewhere,
        "moved_m": None if one.moved_m is None else round(one.moved_m, 1),
        "area_mu": None if one.area_mu is None else round(one.area_mu, 2),
        "looks_like": None if one.likeness is None else str(one.likeness.shift),
        "proposed": one.proposed,
    }
