"""What the store answers with: receipts of imports, acts on the lawbook, scans, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.records import SourceFile
from landwatch.language.terms import ZoneLevel


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What one import brought; `import_id` is None where every row was known already.

    `new` rows are the first of their key, `changed` ones supersede an earlier row of it, and
    `unchanged` ones told nothing else than the latest row of their key: they are not written.
    """

    import_id: int | None
    kind: Kind
    source: SourceFile
    recorded_at: datetime
    recorded_by: str
    new: int
    changed: int
    unchanged: int
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return how many rows were handed in."""
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class WithdrawnImport:
    """An import that a person took back: when, who, why."""

    import_id: int
    recorded_at: datetime
    recorded_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What taking an import back would come to.

    `hidden` rows would no longer be known, `kept` ones another import told too. Of the keys with
    hidden rows, `gone` are told by no other row, `back` fall back to what other rows tell.
    """

    kind: Kind
    hidden: int
    kept: int
    gone: tuple[str, ...]
    back: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a policy speaks, and on which days of scan (both ends included).

    At most one of `zone_id`, `level` and `division` is told; none means everywhere. A division is
    the two, four or six digits that its codes begin with.
    """

    zone_id: str | None = None
    level: str | None = None
    division: str | None = None
    holds_from: date | None = None
    holds_to: date | None = None

    @property
    def place(self) -> tuple[str | None, str | None, str | None]:
        """Return for whom, whatever the days."""
        return self.zone_id, self.level, self.division

    @property
    def everywhere(self) -> bool:
        """Return whether it names no place."""
        return self.place == (None, None, None)

    def holds_on(self, day: date) -> bool:
        """Tell whether a scan of that day is within the days."""
        return (self.holds_from or date.min) <= day <= (self.holds_to or date.max)

    def in_words(self, lang: str, called: Callable[[str], str] = str) -> str:
        """Return the scope in `lang`; `called` is how a zone is called, its id unless given.

        >>> Scope(level="national", holds_to=date(2026, 6, 30)).in_words("zh")
        '国家级园区（至 2026-06-30 止的核对日）'
        >>> Scope(division="6201", holds_from=date(2020, 1, 1)).in_words("en")
        'division 6201 (days of scan from 2020-01-01)'
        """
        if self.zone_id is not None:
            place = called(self.zone_id)
        elif self.level is not None:
            level = ZoneLevel(self.level).in_words(lang)
            place = say("adoption.level", lang, level=level)
        elif self.division is not None:
            place = say("adoption.division", lang, division=self.division)
        else:
            place = say("screen.everywhere", lang)
        if self.holds_from is None and self.holds_to is None:
            return place
        ends = "to" if self.holds_from is None else "from" if self.holds_to is None else "fromto"
        return say(
            f"adoption.days.{ends}",
            lang,
            place=place,
            since=self.holds_from,
            until=self.holds_to,
        )


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Adoption:
    """A policy that holds in a scope, since somebody said so."""

    policy_id: str
    scope: Scope
    adopted_at: datetime
    adopted_by: str


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy word for word, as a person brought it."""

    policy_id: str
    version: str
    file_name: str
    content: str


@dataclass(frozen=True, slots=True)
class LawbookAct:
    """One thing a person did to the lawbook of a store: adopt, drop, or bring a text of a policy.

    `scope` is that of an adoption or a drop, `text` that of a bringing.
    """

    act: Literal["adopt", "drop", "bring"]
    policy_id: str
    scope: Scope | None
    text: PolicyText | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing a policy changed: its text, where it holds, both or nothing."""

    text: bool
    adoption: bool


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """One scan: its day, the moment whose knowledge it used, by what it judged, its counts."""

    scan_id: int | None
    as_of: date
    known_at: datetime
    made_at: datetime
    made_by: str
    landwatch_version: str
    policies: dict[str, str]
    counts: dict[str, dict[str, int]]
    contracts: int
    base_scan_id: int | None = None
    """The scan that this one is kept as a difference to; None of one that is kept whole."""


@dataclass(frozen=True, slots=True)
class RecordAct:
    """One record of the ledger as it was told, and what became of it.

    `told` holds its values by column; `cleared` and `unreadable` name columns. `again` are the
    imports that told just the same later, with sheet and row.
    """

    record_id: int
    kind: Kind
    key: str
    told: Mapping[str, Any]
    cleared: frozenset[str]
    unreadable: frozenset[str]
    sheet: str | None
    row: int
    act: ImportReceipt
    withdrawn: WithdrawnImport | None
    known: bool
    again: tuple[tuple[ImportReceipt, str | None, int], ...]


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where a record was read: file, sheet, row, who recorded it when, and its cells as read."""

    record_id: int
    import_id: int
    file_name: str
    sha256: str
    sheet: str | None
    row: int
    recorded_at: datetime
    recorded_by: str
    as_read: dict[str, str]
