"""What came of a nightly run: each file, the scan, what changed, what stopped it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from landwatch.commands.intake import Imported
from landwatch.commands.scanning import Scanned
from landwatch.errors import LandwatchError
from landwatch.language.catalogue import listed, say


class FileFate(StrEnum):
    """What became of a file of the inbox."""

    DONE = "done"
    ROWS_REFUSED = "rows_refused"
    REFUSED = "refused"
    ARRIVING = "arriving"
    UNPLANNED = "unplanned"
    NO_FILE = "no_file"
    IGNORED = "ignored"


NOT_TAKEN = (
    FileFate.ROWS_REFUSED, FileFate.REFUSED, FileFate.UNPLANNED, FileFate.NO_FILE
)  # fmt: skip
"""Fates that a person must look at."""
_TOLD = 20
"""Files that an alert names in words; its list has them all."""


@dataclass(frozen=True, slots=True)
class FileDone:
    """One file of the inbox: what became of it, why, where it is now and where its report."""

    name: str
    fate: FileFate
    imported: Imported | None = None
    why: LandwatchError | None = None
    now_at: Path | None = None
    report: Path | None = None

    def what_to_do(self, lang: str, /) -> str:
        """Return why a person must look at the file, and what to do, in `lang`."""
        if self.why is not None:
            words = self.why.in_words(lang)
            return words if self.name in words else f"{self.name}: {words}"
        report = self.report.absolute() if self.report else ""
        return say(f"nightly.do.{self.fate}", lang, file=self.name, report=report)


@dataclass(frozen=True, slots=True)
class Against:
    """The scan beside the one before it: how many outcomes became what, how many newly a breach.

    `scan_id` is the one before, `now_id` that of this night.
    """

    scan_id: int | None
    now_id: int | None
    kinds: Mapping[str, int]
    newly_breach: int


@dataclass(slots=True)
class Night:
    """One nightly run; `stopped` is what kept it from its end, `since` when a killed one began.

    `newly_edited` tells that another program altered rows of the store since the night before.
    """

    folder: Path
    as_of: date
    since: datetime | None = None
    files: list[FileDone] = field(default_factory=list)
    scanned: Scanned | None = None
    against: Against | None = None
    stopped: LandwatchError | None = None
    newly_edited: bool = False

    @property
    def edited(self) -> Mapping[str, int]:
        """Return how often another program altered rows of a table, where one ever did."""
        return self.scanned.edited if self.scanned else {}

    @property
    def late(self) -> int:
        """Return how many expected sources are late."""
        fresh = self.scanned.freshness if self.scanned else None
        return len(fresh.late) if fresh else 0

    @property
    def partly(self) -> bool:
        """Tell whether something was done and something is left that another run can do."""
        if self.stopped is not None:
            return any(one.fate is not FileFate.ARRIVING for one in self.files)
        return any(one.fate is FileFate.ARRIVING for one in self.files)

    def fails_on(self, level: str) -> bool:
        """Tell whether there is what `--fail-on` asks for."""
        if level == "late":
            return self.late > 0
        if level == "edited":
            return self.newly_edited
        if level == "new-breach":
            return self.against is not None and self.against.newly_breach > 0
        return self.scanned is not None and self.scanned.at_or_above(level) > 0

    @property
    def not_taken(self) -> tuple[FileDone, ...]:
        """Return the files that a person must look at."""
        return tuple(one for one in self.files if one.fate in NOT_TAKEN or one.why is not None)

    def in_words(self, exit_code: int, lang: str, /) -> str:
        """Return how it ended and why, in `lang`, for somebody who sees no screen."""
        if self.stopped is not None:
            return self.stopped.in_words(lang)
        told = [say(end_of(exit_code), lang, code=exit_code)]
        if self.edited:
            tables = listed((f"{table} ({times})" for table, times in self.edited.items()), lang)
            told.append(say("screen.edited", lang, count=len(self.edited), tables=tables))
        told += [one.what_to_do(lang) for one in self.not_taken[:_TOLD]]
        if len(self.not_taken) > _TOLD:
            told.append(say("nightly.more", lang, count=len(self.not_taken) - _TOLD))
        if self.against is not None and self.against.newly_breach:
            told.append(say("nightly.newly_breach", lang, count=self.against.newly_breach))
        if self.late:
            told.append(say("nightly.late", lang, count=self.late))
        return "\n".join(told)


def end_of(exit_code: int) -> str:
    """Return the key of what is said at the end."""
    return f"nightly.end.{exit_code}" if exit_code in (0, 1, 3, 4) else "nightly.end.3"
