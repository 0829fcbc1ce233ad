"""What a nightly run notes for the next one, so that a run that was killed can be gone on with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from landwatch.errors import LandwatchError
from landwatch.files import whole_file
from landwatch.operations.inbox import OWN

MOST_DEATHS = 2
"""A file over which landwatch died that often is put aside, so that the others are taken in."""


@dataclass(frozen=True, slots=True)
class NightNotes:
    """Notes of the run before, or of this one.

    Attributes:
        began_at: when the run began that was not ended.
        ended: whether it came to its end.
        at: the file that it was at, blank between two files.
        deaths: how often a run died over a file.
        scan: the scan of the last run that told what changed, by its number and moment.
        edits: how often other programs had altered the store then.
    """

    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: bool = False
    at: str = ""
    deaths: Mapping[str, int] = field(default_factory=dict)
    scan: tuple[int, str] | None = None
    edits: int = 0

    def gone_on(self) -> NightNotes:
        """Return the notes to begin with after these: whoever died at a file is counted."""
        if self.ended:
            return NightNotes(scan=self.scan, edits=self.edits)
        deaths = dict(self.deaths)
        if self.at:
            deaths[self.at] = deaths.get(self.at, 0) + 1
        return replace(self, at="", deaths=deaths)

    def without(self, name: str) -> NightNotes:
        """Return the notes after a file was dealt with."""
        deaths = {one: count for one, count in self.deaths.items() if one != name}
        return replace(self, at="", deaths=deaths)


def notes_of(folder: Path) -> NightNotes:
    """Return what the run before noted; nothing where there was none, or it cannot be read."""
    try:
        told = json.loads(_place(folder).read_text("utf-8"))
        return NightNotes(
            datetime.fromisoformat(told["began_at"]),
            bool(told["ended"]),
            str(told["at"]),
            {str(name): int(count) for name, count in told["deaths"].items()},
            (int(scan[0]), str(scan[1])) if (scan := told.get("scan")) else None,
            int(told.get("edits", 0)),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return NightNotes(ended=True)


def keep_notes(folder: Path, notes: NightNotes) -> NightNotes:
    """Write the notes of this run, whole; return them.

    Raises:
        LandwatchError: the folder cannot be written.
    """
    told = {
        "began_at": notes.began_at.isoformat(),
        "ended": notes.ended,
        "at": notes.at,
        "deaths": dict(notes.deaths),
        "scan": notes.scan,
        "edits": notes.edits,
    }
    with whole_file(_place(folder), error=LandwatchError) as beside:
        beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return notes


def _place(folder: Path) -> Path:
    return folder / f"{OWN}.json"
