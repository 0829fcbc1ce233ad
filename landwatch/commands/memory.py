"""What the ledger remembers: who told what, which imports there were, taking one back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch import bootstrap
from landwatch.commands.telling import each_known
from landwatch.errors import UsageError
from landwatch.language.columns import Column, Kind, columns_of
from landwatch.ledger.cells import tidy

if TYPE_CHECKING:
    from landwatch.store import ImportReceipt, Reach, RecordAct, Store, WithdrawnImport

_NUMBERS = ("contract_id", "contract_no", "supervision_no")


class Fate(StrEnum):
    """What became of a telling."""

    SPEAKS = "speaks"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Telling:
    """One value of one column as a record told it, and what became of it.

    `value` is None where the record cleared the column, or told it in a way that cannot be read
    (`unreadable`, then `as_read` is in the record). `again` are later records, and imports that
    told a whole row again, with just this value. `after` is the record that superseded it.
    """

    column: Column
    value: Any
    unreadable: bool
    record: RecordAct
    fate: Fate
    after: RecordAct | None
    again: tuple[ImportReceipt, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """All that was told under one key: a contract, a report, an event, a parcel, a park."""

    kind: Kind
    key: str
    tellings: tuple[Telling, ...]


def history(
    url: str,
    subject: str,
    *,
    columns: Sequence[str] = (),
    known_at: datetime | None = None,
) -> list[Thing]:
    """Return who told what of a contract (its reports and events too), a parcel or a park.

    Values of one column stand together, oldest first. A contract is also found by its other
    numbers. `columns` narrows it; `known_at` leaves out what was recorded later.

    Raises:
        UnknownNameError: no such contract, parcel or park, or no such column; offers the nearest.
    """
    store = bootstrap.the_store(url)
    each_known("what.column", columns, {name for kind in Kind for name in columns_of(kind)})
    records = _records(store, tidy(subject), known_at)
    by_key: dict[tuple[Kind, str], list[RecordAct]] = {}
    for record in records:
        by_key.setdefault((record.kind, record.key), []).append(record)
    things = [
        Thing(kind, key, tuple(_tellings(kind, told, frozenset(columns))))
        for (kind, key), told in by_key.items()
    ]
    return [thing for thing in things if thing.tellings]


def _records(store: Store, subject: str, known_at: datetime | None) -> list[RecordAct]:
    """Return every record of a thing; its kind is the first in which the name is known."""
    named = {name: [subject] for name in _NUMBERS}
    contracts = store.history(Kind.CONTRACTS, of=named, known_at=known_at)
    if contracts:
        numbers = {subject}
        for record in contracts:
            numbers.update(str(record.told[name]) for name in _NUMBERS if name in record.told)
        own = {record.key for record in contracts}
        numbers -= (
            store.known_keys(Kind.CONTRACTS) - own
        )  # another contract's id is no number of it
        of = {"contract_id": sorted(numbers)}
        return [
            *contracts,
            *store.history(Kind.PROGRESS, of=of, known_at=known_at),
            *store.history(Kind.EVENTS, of=of, known_at=known_at),
        ]
    for kind, name in ((Kind.PARCELS, "parcel_id"), (Kind.ZONES, "zone_id")):
        if found := store.history(kind, of={name: [subject]}, known_at=known_at):
            return list(found)
    of = {"contract_id": [subject]}
    reports = [
        record
        for kind in (Kind.PROGRESS, Kind.EVENTS)
        for record in store.history(kind, of=of, known_at=known_at)
    ]
    if reports:  # of a contract that the ledger does not hold
        return reports
    known = [store.known_keys(kind) for kind in (Kind.CONTRACTS, Kind.PARCELS, Kind.ZONES)]
    each_known("what.contract", [subject], set().union(*known))
    return []


def _tellings(
    kind: Kind, records: Sequence[RecordAct], wanted: frozenset[str]
) -> Iterator[Telling]:
    for name, column in columns_of(kind).items():
        if not column.key and (not wanted or name in wanted):
            yield from _of_column(column, [one for one in records if _tells(one, name)])


def _tells(record: RecordAct, name: str) -> bool:
    return name in record.told or name in record.cleared or name in record.unreadable


def _said(record: RecordAct, name: str) -> tuple[Any, bool]:
    """Return the value that a record tells and whether it cannot be read; None is cleared."""
    return record.told.get(name), name in record.unreadable


def _of_column(column: Column, records: Sequence[RecordAct]) -> Iterator[Telling]:
    """Yield each change of a column; records that only repeat the one before are its `again`."""
    name = column.name
    known = [record for record in records if record.known]
    changes: list[list[RecordAct]] = []
    for record in known:
        if changes and _said(changes[-1][0], name) == _said(record, name):
            changes[-1].append(record)
        else:
            changes.append([record])
    found = [
        _telling(column, told, changes[at + 1][0] if at + 1 < len(changes) else None)
        for at, told in enumerate(changes)
    ]
    for record in records:
        if not record.known:
            value, unreadable = _said(record, name)
            found.append(Telling(column, value, unreadable, record, Fate.WITHDRAWN, None, ()))
    yield from sorted(found, key=lambda one: one.record.record_id)


def _telling(column: Column, told: Sequence[RecordAct], after: RecordAct | None) -> Telling:
    value, unreadable = _said(told[0], column.name)
    fate = Fate.SPEAKS if after is None else Fate.SUPERSEDED
    again = [act for record in told for act, _, _ in record.again]
    again += [record.act for record in told[1:]]
    in_order = sorted(again, key=lambda act: act.import_id or 0)
    return Telling(column, value, unreadable, told[0], fate, after, tuple(in_order))


_WRITTEN = (
    "kind", "key", "column", "value", "unreadable", "fate", "file", "sheet", "row", "import_id",
    "recorded_at", "recorded_by", "superseded_by_import", "superseded_by_row", "superseded_at",
    "withdrawn_at", "withdrawn_by", "withdrawn_reason", "told_again_by_imports",
)  # fmt: skip


def history_rows(things: Iterable[Thing]) -> Iterator[dict[str, Any]]:
    """Yield each telling as a flat row: places, moments, persons, and what became of it."""
    for thing in things:
        for one in thing.tellings:
            act, after, back = one.record.act, one.after, one.record.withdrawn
            back = back if one.fate is Fate.WITHDRAWN else None
            cells = (
                str(thing.kind), thing.key, one.column.name, value_in_plain(one.value),
                one.unreadable, str(one.fate), act.source.name, one.record.sheet, one.record.row,
                act.import_id, act.recorded_at.isoformat(), act.recorded_by,
                after and after.act.import_id, after and after.row,
                after and after.act.recorded_at.isoformat(),
                back and back.recorded_at.isoformat(), back and back.recorded_by,
                back and back.reason, ";".join(str(again.import_id) for again in one.again),
            )  # fmt: skip
            yield dict(zip(_WRITTEN, cells, strict=True))


def value_in_plain(value: Any) -> Any:
    """Return a told value as JSON and CSV have it; an outline as WKT."""
    from landwatch.scan.findings import plain

    return value.wkt if hasattr(value, "wkt") else plain(value)


def write_history(things: Sequence[Thing], path: Path) -> int:
    """Write a history as CSV for a spreadsheet; return how many tellings it has.

    Raises:
        UsageError: the name does not end in .csv.
        LandwatchError: it cannot be written there.
    """
    from landwatch.files import whole_file
    from landwatch.reports.plain import unrunnable

    if path.suffix.lower() != ".csv":
        raise UsageError("error.history_kind", file=path.name)
    rows = list(history_rows(things))
    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_WRITTEN)
        writer.writerows([unrunnable(cell) for cell in row.values()] for row in rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Imports:
    """Every import of a store, first come first, and those that were taken back."""

    acts: tuple[ImportReceipt, ...]
    withdrawn: Mapping[int, WithdrawnImport]


def imports(url: str) -> Imports:
    """Return every import of a store."""
    store = bootstrap.the_store(url)
    return Imports(tuple(store.imports()), store.withdrawn_imports())


@dataclass(frozen=True, slots=True)
class Undone:
    """An import, what taking it back comes to, and whether that was done now.

    `before` tells who took it back earlier; then nothing was done.
    """

    act: ImportReceipt
    reach: Reach
    done: bool
    before: WithdrawnImport | None


@dataclass(frozen=True, slots=True)
class Redone:
    """An import, and whether it was let stand again now; else it had not been taken back."""

    act: ImportReceipt
    done: bool


def undo(url: str, import_id: int, *, by: str, reason: str = "", dry_run: bool = False) -> Undone:
    """Take an import back: its rows are not known from now on; nothing is erased.

    Rows that another import told too stay known. `dry_run` only tells what it would come to.

    Raises:
        UnknownNameError: there is no such import.
    """
    store = bootstrap.the_store(url)
    reach = store.reach_of(import_id)
    act = next(one for one in store.imports() if one.import_id == import_id)
    before = store.withdrawn_imports().get(import_id)
    done = False
    if before is None and not dry_run:
        done = store.withdraw(import_id, by=by, reason=reason)
        if not done:  # somebody else was quicker
            before = store.withdrawn_imports().get(import_id)
    return Undone(act, reach, done, before)


def redo(url: str, import_id: int, *, by: str, reason: str = "") -> Redone:
    """Let an import that was taken back stand again, each row at its old place.

    What was told since then still comes later: it is not spoken over.

    Raises:
        UnknownNameError: there is no such import.
    """
    store = bootstrap.the_store(url)
    done = store.restore(import_id, by=by, reason=reason)
    act = next(one for one in store.imports() if one.import_id == import_id)
    return Redone(act, done)
