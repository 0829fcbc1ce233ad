"""The figures of freshness: how each expected source stands, how old the evidence is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind
from landwatch.language.terms import Standing
from landwatch.lawbook.draft import EVIDENCE_DAYS
from landwatch.scan.periods import Period
from landwatch.store import Expected, MirroredRows

if TYPE_CHECKING:
    import pyarrow as pa

BANDS = (30, 90, EVIDENCE_DAYS)
"""Ages of evidence in days, the last the age that a rule lets it reach unless it says otherwise."""
NAMED = 5
"""Contracts named of those that a source lacks, unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the store knew at a moment, as freshness needs it.

    `records` holds the columns of `freshness_sql.COLUMNS` with those of a row (`record_id`,
    `import_id`, `key`, marks); `located` the zone of parcels that name none; `recorded_at` the
    moment of each import; `arrivals` when files of a kind came, by source.
    """

    records: Mapping[Kind, pa.Table | MirroredRows]
    expected: Sequence[Expected] = ()
    recorded_at: Mapping[int, datetime] | None = None
    arrivals: Mapping[str, Sequence[datetime]] | None = None
    located: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The last day that a source tells of, and when that was recorded; None where it never came."""

    observed_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A contract that a source has not reported on."""

    contract_id: str
    holder: str | None
    zone_id: str | None


@dataclass(frozen=True, slots=True)
class ZoneShare:
    """How many contracts of a zone (None: of none, or of an open one) are covered."""

    zone_id: str | None
    expected: int
    covered: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one expected source stands.

    Attributes:
        asked: what a person expects of it.
        besides: zones that have a rhythm of their own.
        period: the last one that is due; None where none is yet.
        standing: late, complete …
        expected: contracts to be reported on; 1 for a kind that comes as a file.
        covered: how many of them were reported on.
        by_zone: the same by zone.
        zone_open: contracts left out because their zone is not known, under a zone's rhythm.
        lacking: the first of those that are not covered.
        late_since: the first day on which it was late.
        missed: periods in a row of which nothing at all came, the one asked for included.
        latest: the last that came.
    """

    asked: Expected
    besides: tuple[str, ...]
    period: Period | None
    standing: Standing
    expected: int
    covered: int
    by_zone: tuple[ZoneShare, ...]
    zone_open: int
    lacking: tuple[Lacking, ...]
    late_since: date | None
    missed: int
    latest: Latest

    @property
    def share(self) -> Fraction | None:
        """Return which share of the contracts is covered; of none there is no share."""
        return Fraction(self.covered, self.expected) if self.expected else None

    @property
    def due_on(self) -> date | None:
        """Return the last day on which a report on the period was in time."""
        return None if self.period is None else self.period.due_on(self.asked.grace_days)

    @property
    def late(self) -> bool:
        """Tell whether the source is late."""
        return self.standing is Standing.LATE


@dataclass(frozen=True, slots=True)
class Unasked:
    """A source that nobody expects: when it came last, and no word on whether it is late."""

    source: str
    latest: Latest


@dataclass(frozen=True, slots=True)
class Ages:
    """How old the latest evidence of the contracts of a zone is; each contract counts once.

    `counts` are those of each band of `BANDS`, then older, then never seen. `finished` contracts
    and those signed `later` than the day have no age.
    """

    zone_id: str | None
    counts: tuple[int, ...]
    finished: int
    later: int

    @property
    def building(self) -> int:
        """Return how many contracts are in force and not finished."""
        return sum(self.counts)

    @property
    def stale(self) -> int:
        """Return how many of them were last seen too long ago to say what holds now."""
        return self.counts[len(BANDS)]

    @property
    def never(self) -> int:
        """Return how many of them nobody has reported on."""
        return self.counts[len(BANDS) + 1]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the ledger is on a day.

    `evidence` has a row for each contract that was ever seen by the day: contract_id, seen_on,
    seen_by. `zones` are the names of the zones.
    """

    as_of: date
    lines: tuple[SourceLine, ...]
    unasked: tuple[Unasked, ...]
    ages: tuple[Ages, ...]
    zones: Mapping[str, str]
    evidence: pa.Table

    @property
    def late(self) -> tuple[SourceLine, ...]:
        """Return the sources that are late."""
        return tuple(line for line in self.lines if line.late)

    @property
    def all_ages(self) -> Ages:
        """Return the ages of all zones together."""
        sums = [sum(column) for column in zip(*(one.counts for one in self.ages), strict=True)]
        return Ages(
            None,
            tuple(sums) or (0,) * (len(BANDS) + 2),
            sum(one.finished for one in self.ages),
            sum(one.later for one in self.ages),
        )
