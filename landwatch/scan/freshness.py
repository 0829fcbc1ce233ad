"""How fresh the ledger is on a day: which sources are late, how many contracts they cover.

Pure: tables and a day in, figures out; the same ledger, expectations and day give the same figures,
so that a past scan's are worked out again. Nothing is expected until a person says so.

A period is asked for once it is over and its days of grace have run out: from the day after that
day on, a source that lacks a contract is late. Where nothing at all came for two periods, the last
day of the second is no excuse for the first. A contract is to be reported on for a period when it
was in force on the period's first day and not finished before it. A zone with a rhythm of its own
is left out of the rhythm that holds everywhere. A kind of ledger that comes as a file (contracts,
events …) is there when an import of it was recorded on or after the first day of the period: what
is told later tells of the days before, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from landwatch.language.sources import AS_FILES, OF_PROGRESS, SOURCES
from landwatch.language.terms import ProgressSource, Standing
from landwatch.scan.dossier import Ledger, open_engine
from landwatch.scan.freshness_figures import (
    BANDS,
    NAMED,
    Ages,
    Freshness,
    Lacking,
    Latest,
    SourceLine,
    Told,
    Unasked,
    ZoneShare,
)
from landwatch.scan.freshness_sql import ages_sql, due_sql, latest_sql, steps, within
from landwatch.scan.periods import Period, last_due
from landwatch.scan.told_rows import records_sql
from landwatch.store import Expected, MirroredRows

if TYPE_CHECKING:
    import duckdb

BEIJING = timezone(timedelta(hours=8))
"""The day of a moment is that of the bureau, wherever the computer stands."""


def freshness(told: Told, as_of: date, *, named: int | None = NAMED) -> Freshness:
    """Return how fresh what was told is on a day; `named` contracts are named of those lacking."""
    engine = open_engine(Ledger(told.records))
    try:
        _take_in(engine, told, as_of)
        lines = tuple(_line(engine, told, asked, as_of, named) for asked in _ordered(told))
        asked_for = {line.asked.source for line in lines}
        return Freshness(
            as_of,
            lines,
            tuple(
                Unasked(source, _latest(engine, told, source, "true"))
                for source in SOURCES
                if source not in asked_for
            ),
            tuple(
                Ages(zone_id, tuple(counts[:-2]), *counts[-2:])
                for zone_id, *counts in engine.sql(ages_sql(as_of, BANDS)).fetchall()
            ),
            dict(engine.sql("SELECT zone_id, name FROM now_zones ORDER BY zone_id").fetchall()),
            engine.sql(
                "SELECT contract_id, seen_on, seen_by FROM land WHERE seen_on IS NOT NULL"
                " ORDER BY contract_id"
            ).to_arrow_table(),
        )
    finally:
        engine.close()


def _ordered(told: Told) -> list[Expected]:
    places = {source: place for place, source in enumerate(SOURCES)}
    known = (asked for asked in told.expected if asked.source in places)
    return sorted(known, key=lambda asked: (places[asked.source], asked.zone_id or ""))


def _take_in(engine: duckdb.DuckDBPyConnection, told: Told, as_of: date) -> None:
    for kind, rows in told.records.items():
        if isinstance(rows, MirroredRows):
            engine.execute(f"CREATE TEMP VIEW told_{kind} AS {records_sql(engine, kind, rows)}")
        else:
            engine.register(f"told_{kind}", rows)
    if told.located is None:
        engine.execute("CREATE TEMP TABLE located (parcel_id VARCHAR, zone_id VARCHAR)")
    else:
        engine.register("located", told.located)
    for name, sql in steps(as_of):
        engine.execute(f"CREATE TEMP TABLE {name} AS {sql}")


def _line(
    engine: duckdb.DuckDBPyConnection, told: Told, asked: Expected, as_of: date, named: int | None
) -> SourceLine:
    """Return how a source stands that a person expects."""
    period = last_due(asked.rhythm, asked.grace_days, as_of)
    besides = tuple(
        other.zone_id
        for other in _ordered(told)
        if asked.zone_id is None and other.source == asked.source and other.zone_id is not None
    )
    where = within(asked.zone_id, besides)
    latest = _latest(engine, told, asked.source, where)
    found = _found(engine, told, asked, period, where, named)
    standing = _standing(found, period, asked.grace_days, as_of)
    if standing is Standing.LAST_DAY and not found.covered and period is not None:
        silent = _found(engine, told, asked, earlier := period.before(), where, named)
        if silent.expected and not silent.covered:  # it has been late: today does not excuse that
            period, found, standing = earlier, silent, Standing.LATE
    first = _first_missed(found, period, latest) if standing is Standing.LATE else None
    return SourceLine(
        asked, besides, period, standing, found.expected, found.covered, found.by_zone,
        found.zone_open, found.lacking,
        late_since=None if first is None else first.due_on(asked.grace_days) + timedelta(days=1),
        missed=0 if found.covered else _periods(first, period),
        latest=latest,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What a period holds: who was to report, who did."""

    expected: int = 0
    covered: int = 0
    by_zone: tuple[ZoneShare, ...] = ()
    zone_open: int = 0
    lacking: tuple[Lacking, ...] = ()
    in_force_since: date | None = None


def _found(
    engine: duckdb.DuckDBPyConnection,
    told: Told,
    asked: Expected,
    period: Period | None,
    where: str,
    named: int | None,
) -> _Found:
    source = OF_PROGRESS.get(asked.source)
    if period is None:
        return _Found()
    if source is None:
        return _of_file(told, asked, period)
    return _of_progress(engine, source, asked, period, where, named)


def _of_file(told: Told, asked: Expected, period: Period) -> _Found:
    came = any(_day(one) >= period.start for one in (told.arrivals or {}).get(asked.source, ()))
    return _Found(expected=1, covered=int(came), in_force_since=date.min)


def _of_progress(
    engine: duckdb.DuckDBPyConnection,
    source: ProgressSource,
    asked: Expected,
    period: Period,
    where: str,
    named: int | None,
) -> _Found:
    engine.execute(f"CREATE OR REPLACE TEMP TABLE due AS {due_sql(source, period)}")
    by_zone = engine.sql(
        f"SELECT zone_id, count(*), count(*) FILTER (covered), min(since) FROM due WHERE {where}"
        " GROUP BY zone_id ORDER BY zone_id NULLS LAST"
    ).fetchall()
    lacking = engine.sql(
        f"SELECT contract_id, holder, zone_id FROM due WHERE {where} AND NOT covered"
        " ORDER BY contract_id" + ("" if named is None else f" LIMIT {named}")
    ).fetchall()
    zone_open = 0
    if asked.zone_id is not None:
        (zone_open,) = _row(engine, "SELECT count(*) FROM due WHERE zone_id IS NULL")
    return _Found(
        sum(row[1] for row in by_zone),
        sum(row[2] for row in by_zone),
        tuple(ZoneShare(*row[:3]) for row in by_zone),
        zone_open,
        tuple(Lacking(*row) for row in lacking),
        min((row[3] for row in by_zone if row[3] is not None), default=None),
    )


def _standing(found: _Found, period: Period | None, grace_days: int, as_of: date) -> Standing:
    if period is None:
        return Standing.NOT_DUE
    if not found.expected:
        return Standing.NOBODY
    if found.covered == found.expected:
        return Standing.COMPLETE
    return Standing.LAST_DAY if as_of <= period.due_on(grace_days) else Standing.LATE


def _first_missed(found: _Found, period: Period | None, latest: Latest) -> Period | None:
    """Return the first of the periods in a row that lack reports, as far as that can be said.

    Where nothing came since an earlier period, that is the one after it, but none before a contract
    that is lacking was in force.
    """
    last = latest.observed_on
    if period is None or found.covered or last is None or found.in_force_since is None:
        return period
    after = Period.of(period.rhythm, last).next()
    begun = Period.of(period.rhythm, found.in_force_since)
    eligible = begun if begun.start == found.in_force_since else begun.next()
    starts = [one.start for one in (after, eligible) if one is not None]
    return min(Period.of(period.rhythm, max(starts)), period, key=lambda one: one.start)


def _periods(first: Period | None, last: Period | None) -> int:
    """Return how many periods there are from one to another, both counted."""
    count, one = 0, first
    while one is not None and last is not None and one.start <= last.start:
        count, one = count + 1, one.next()
    return count


def _latest(engine: duckdb.DuckDBPyConnection, told: Told, source: str, where: str) -> Latest:
    if source in AS_FILES:
        moment = max((told.arrivals or {}).get(source, ()), default=None)
        return Latest(None if moment is None else _day(moment), moment)
    day, import_id = _row(engine, latest_sql(OF_PROGRESS[source], where))
    return Latest(day, (told.recorded_at or {}).get(import_id))


def _row(engine: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    (row,) = engine.sql(sql).fetchall()  # an aggregate has one
    return tuple(row)


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
