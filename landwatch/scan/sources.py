"""Where each fact of a contract was told: file, sheet and row of the record that speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from landwatch.language.columns import Kind, columns_of
from landwatch.language.terms import ProgressSource
from landwatch.lawbook.vocabulary import progress_columns

Row = Mapping[str, Any]

_STRENGTH = {str(member): member.strength for member in ProgressSource}
_IN_M2 = {
    "area_mu": "area_m2",
    "due_start_area_mu": "due_start_area_m2",
    "developed_area_mu": "developed_area_m2",
}
_OF_EVENTS: Mapping[str, tuple[str, ...]] = {
    "amended_start_on": ("amendment",),
    "amended_completion_on": ("amendment",),
    "amended_on": ("amendment",),
    "handover_on": ("delivery",),
    "delay_active": ("delay",),
    "delay_cause": ("delay",),
    "delay_until": ("delay",),
    "delay_mixed": ("delay", "amendment"),
    "delay_ended": ("delay",),
    "delay_untold": ("delay",),
    "statute_delay_active": ("delay",),
    "statute_delay_cause": ("delay",),
    "statute_delay_mixed": ("delay", "amendment"),
    "bond_deposits": ("bond_deposit",),
    "blank_deposit_on": ("bond_deposit",),
    "bond_refunds": ("bond_refund",),
    "urged_on": ("urge",),
    "support_cut_on": ("support_cut",),
    "means_shown": ("inability",),
    "means_seen_on": ("inability",),
}
_OF_START = ("started", "foundation", "pit_share", "piles_driven", "piles_total",
             "foundation_share", "permit_on", "works_without_permit")  # fmt: skip
_OF_REPORTS: Mapping[str, tuple[str, ...]] = {
    "start_shown": _OF_START,
    "started_by_on": _OF_START,
    "not_started_seen_on": _OF_START,
    "not_started_last_on": _OF_START,
    "start_gap": _OF_START,
    "completion_on": ("completed_on",),
    "built_seen_on": ("stage", "in_production_on", "completed_on"),
    "completion_seen_by_on": ("stage", "in_production_on"),
    "not_complete_last_on": ("stage",),
    "still_not_complete": ("stage",),
    "production_on": ("in_production_on",),
    "production_seen_by_on": ("stage",),
    "not_producing_last_on": ("stage",),
    "still_not_producing": ("stage",),
    "working_seen_on": ("stage",),
    "means_shown": ("means_to_build",),
    "means_seen_on": ("means_to_build",),
    "year_tax_wan": ("tax_wan", "stat_year"),
    "year_tax_on": ("tax_wan", "stat_year"),
    "year_output_wan": ("output_wan", "stat_year"),
    "year_output_on": ("output_wan", "stat_year"),
}
_OF_CONTRACT: Mapping[str, tuple[str, ...]] = {
    "start_shown": ("actual_start_on", "actual_completion_on"),
    "started_on": ("actual_start_on",),
    "handover_on": ("delivered_on",),
    "completion_on": ("actual_completion_on",),
    "industry_class": ("industry_code",),
    "province": ("adcode",),
}
_OF_PARK: Mapping[str, str] = {"leading_count": "leading_industries"}
_YEARS: Mapping[str, str] = {
    "year_tax_wan": "tax_wan",
    "year_tax_on": "tax_wan",
    "year_output_wan": "output_wan",
    "year_output_on": "output_wan",
}


_CONTRACT = frozenset(columns_of(Kind.CONTRACTS))
_PARK = frozenset(columns_of(Kind.ZONES))
_MEASURED = frozenset(column.name for column in progress_columns())


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as one record told it."""

    name: str
    value: Any
    kind: Kind
    record_id: int
    on: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """Every record of one contract (and its zone), as told, in the order of recording."""

    contract: Sequence[Row]
    progress: Sequence[Row]
    events: Sequence[Row]
    zone: Sequence[Row] = ()


def columns_behind(name: str) -> list[str]:
    """Return the cells that tell a fact, as `kind.column`; of events all of a kind, `kind.`."""
    both = dict.fromkeys((_IN_M2.get(name, name), name))  # an area is told in m² or in 亩
    columns = both if name in _CONTRACT or name in _IN_M2 else ()
    behind = [f"contracts.{column}" for column in (*columns, *_OF_CONTRACT.get(name, ()))]
    own = both if name in _MEASURED else ()
    behind += [f"progress.{column}" for column in (*own, *_OF_REPORTS.get(name, ()))]
    return behind + [f"events.{kind}." for kind in _OF_EVENTS.get(name, ())]


def columns_of_park(name: str) -> list[str]:
    """Return the cells that tell a fact of a park, as `zones.column`."""
    column = _OF_PARK.get(name, name)
    return [f"zones.{column}"] if column in _PARK else []


def _standing(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without what a later row of the same key cleared."""
    standing = [dict(row) for row in rows]
    for place, row in enumerate(rows):
        gone = [name for name in (row.get("cleared") or "").split(";") if name]
        for earlier in standing[:place] if gone else ():
            if earlier["key"] == row["key"]:
                earlier.update(dict.fromkeys(gone))
    return list(standing)


def _in_order_of_speaking(reports: Iterable[Row], as_of: date) -> list[Row]:
    """Return the reports made by the day, the one that speaks last."""
    return sorted(
        (row for row in reports if row["observed_on"] <= as_of),
        key=lambda row: (row["observed_on"], _STRENGTH.get(row["source"], 0), row["record_id"]),
    )


class Telling:
    """What the records of one contract told by a day; each name is looked up once."""

    def __init__(self, records: Records, as_of: date) -> None:
        """Put the records into the order in which they speak."""
        self._as_of = as_of
        self._records = Records(
            contract=_standing(records.contract),
            progress=_in_order_of_speaking(_standing(records.progress), as_of),
            events=records.events,
            zone=_standing(records.zone),
        )
        self._known: dict[str, list[Told]] = {}

    def facts(self, names: Iterable[str]) -> list[Told]:
        """Return, for the names that a rule used, the records that told them, each once."""
        found: dict[tuple[str, int], Told] = {}
        for name in names:
            for told in self._of(name):
                found.setdefault((told.name, told.record_id), told)
        return list(found.values())

    def _of(self, name: str) -> list[Told]:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _told(name, self._records, self._as_of)
        return known


def told_facts(names: Iterable[str], records: Records, as_of: date) -> list[Told]:
    """Return, for the names that a rule used, the records that told them, each once."""
    return Telling(records, as_of).facts(names)


def _told(name: str, records: Records, as_of: date) -> list[Told]:
    if not records.contract:
        return _latest(_OF_PARK.get(name, name), records.zone, Kind.ZONES)
    if name in _YEARS:
        return _of_the_year(_YEARS[name], records.progress, as_of)
    answers: list[Told] = []
    wanted = [_IN_M2.get(name, name)] if name in _CONTRACT or name in _IN_M2 else []
    for column in (*wanted, *_OF_CONTRACT.get(name, ())):
        if column in _CONTRACT:
            answers += _latest(column, records.contract, Kind.CONTRACTS)
    if name == "level":
        answers += _latest("level", records.zone, Kind.ZONES)
    own = [_IN_M2.get(name, name)] if name in _MEASURED else []
    for column in (*own, *_OF_REPORTS.get(name, ())):
        answers += _latest(column, records.progress, Kind.PROGRESS)
    answers += [
        Told(kind, _event_words(row), Kind.EVENTS, row["record_id"], row["on"])
        for kind in _OF_EVENTS.get(name, ())
        for row in records.events
        if row["kind"] == kind and row["on"] <= as_of
    ]
    return answers


def _latest(column: str, rows: Sequence[Row], kind: Kind) -> list[Told]:
    """Return what the last row that tells the column says."""
    for row in reversed(rows):
        if row.get(column) is not None:
            return [
                Told(
                    column,
                    row[column],
                    kind,
                    row["record_id"],
                    row.get("observed_on"),
                    row.get("source"),
                )
            ]
    return []


def _of_the_year(column: str, rows: Sequence[Row], as_of: date) -> list[Told]:
    """Return what tells the figure of the latest full year (the same choice as `years_sql`)."""
    full: list[tuple[int, int, Row]] = []
    for place, row in enumerate(rows):
        seen: date = row["observed_on"]
        last_day = (seen.month, seen.day) == (12, 31)
        over = min(seen.year if last_day else seen.year - 1, as_of.year - 1)
        year = row.get("stat_year") or (seen.year if last_day else None)
        if row.get(column) is not None and year is not None and 1900 <= year <= over:
            full.append((year, place, row))
    rows = [max(full)[2]] if full else []
    return [*_latest(column, rows, Kind.PROGRESS), *_latest("stat_year", rows, Kind.PROGRESS)]


def _event_words(row: Row) -> dict[str, Any]:
    skipped = {"record_id", "import_id", "key", "row", "cleared", "contract_id", "kind", "note"}
    return {name: value for name, value in row.items() if value is not None and name not in skipped}
