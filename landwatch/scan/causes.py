"""Why an outcome changed: one cause each, with what proves it, in words and for a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from landwatch.errors import Worded
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.terms import EventKind
from landwatch.scan.explaining import title_in_words, value_in_words
from landwatch.store import SourcePlace


class CauseKind(StrEnum):
    """What moved an outcome: the ledger, a mended ledger, the day, the law, or neither."""

    DATA = "data"
    CORRECTION = "correction"
    DAY = "day"
    POLICY = "policy"
    VERSION = "version"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class ChangeCause:
    """One cause: `what` it is among its kind, `told` for a sentence, `plain` for a machine."""

    kind: CauseKind
    what: str
    told: Mapping[str, object] = field(default_factory=dict)
    plain: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, lang: str) -> str:
        """Return the cause as one sentence in `lang`."""
        values = {
            name: value.in_words(lang)
            if isinstance(value, Worded) and not isinstance(value, str)
            else value
            for name, value in self.told.items()
        }
        match self.kind:
            case CauseKind.DATA:
                return say(f"compare.cause.data.{self.what}", lang, **values)
            case CauseKind.CORRECTION:
                return say(f"compare.cause.correction.{self.what}", lang, **values)
            case CauseKind.DAY:
                return say(f"compare.cause.day.{self.what}", lang, **values)
            case CauseKind.POLICY:
                return say(f"compare.cause.policy.{self.what}", lang, **values)
            case CauseKind.VERSION:
                return say("compare.cause.version.otherwise", lang, **values)
            case CauseKind.EDIT:
                return say("compare.cause.edit.otherwise", lang, **values)

    def as_plain(self) -> dict[str, object]:
        """Return the cause as JSON has it."""
        words = {f"words_{lang}": self.in_words(lang) for lang in ("zh", "en")}
        return {"kind": str(self.kind), "what": self.what, **self.plain, **words}


@dataclass(frozen=True, slots=True)
class CellTitle:
    """What a cell is called: its column, or the kind of the event."""

    kind: Kind
    name: str

    def in_words(self, lang: str) -> str:
        """Return the name in `lang`."""
        if self.kind is Kind.EVENTS and self.name in set(EventKind):
            return EventKind(self.name).in_words(lang)
        return title_in_words(self.kind, self.name, lang)


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell tells; None is not told."""

    kind: Kind
    name: str
    value: Any

    def in_words(self, lang: str) -> str:
        """Return the value in `lang`."""
        if self.value is None:
            return say("compare.not_told", lang)
        if isinstance(self.value, Mapping):
            return say("compare.comma", lang).join(
                f"{title_in_words(self.kind, name, lang)} "
                f"{value_in_words(self.kind, name, part, lang)}"
                for name, part in self.value.items()
            )
        return value_in_words(self.kind, self.name, self.value, lang)


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell stands: import, file, sheet, row, and of a report its day and source."""

    place: SourcePlace | None
    on: date | None = None

    def in_words(self, lang: str) -> str:
        """Return the place in `lang`."""
        if self.place is None:
            return say("compare.place_unknown", lang)
        key = "compare.place_sheet" if self.place.sheet else "compare.place"
        return say(
            key,
            lang,
            number=self.place.import_id,
            file=self.place.file_name,
            sheet=self.place.sheet,
            row=self.place.row,
            by=self.place.recorded_by,
        )

    def as_plain(self, prefix: str = "") -> dict[str, object]:
        """Return the place as JSON has it."""
        place = self.place
        return {
            f"{prefix}import_id": place and place.import_id,
            f"{prefix}file": place and place.file_name,
            f"{prefix}sheet": place and place.sheet,
            f"{prefix}row": place and place.row,
            f"{prefix}recorded_at": place and place.recorded_at.isoformat(),
            f"{prefix}recorded_by": place and place.recorded_by,
        }
