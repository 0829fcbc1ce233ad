"""Which rows of the ledger moved an outcome: told anew, told otherwise, taken back, brought back.

A later row of the same key that tells another value is a correction; so is an import that was taken
back or let stand again. A new report, event or contract, and a cell told first, are new data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landwatch.language.columns import Kind
from landwatch.scan.causes import CauseKind, CellPlace, CellTitle, CellValue, ChangeCause
from landwatch.scan.causes_worlds import Seen
from landwatch.scan.findings import plain
from landwatch.scan.reading import Dossier
from landwatch.scan.sources import Told, told_facts
from landwatch.scan.used import used_facts
from landwatch.store import ImportReceipt, WithdrawnImport

Row = Mapping[str, Any]
_OF_SCOPE = ("zone_id", "level", "adcode")
"""Facts by which a policy speaks of a contract or not."""
MOST_CELLS = 8


@dataclass(frozen=True, slots=True)
class Acts:
    """What people did to the ledger between the two scans."""

    imports: Mapping[int, ImportReceipt]
    known_before: datetime
    known_after: datetime
    withdrawn: Mapping[int, WithdrawnImport]
    """Imports that stand taken back in the second scan's knowledge."""

    def between(self) -> list[ImportReceipt]:
        """Return the imports of that time; those that can place a parcel, where there are any."""
        every = self.imports.values()
        came = [one for one in every if self.known_before < one.recorded_at <= self.known_after]
        placing = [one for one in came if one.kind not in (Kind.PROGRESS, Kind.EVENTS)]
        return placing or came


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that speaks otherwise: as one record told it before, and one tells it after."""

    kind: Kind
    name: str
    old: Told | None
    new: Told | None


def ledger_causes(before: Seen, after: Seen, acts: Acts) -> list[ChangeCause]:
    """Return the rows that a rule reads, and that are not what they were; never none."""
    if before.dossier is None or after.dossier is None:
        found = _whole(before, after, acts)
    else:
        changes = cells_changed(before, after)
        found = [_of_cell(one, before, after, acts) for one in changes[:MOST_CELLS]]
    found = found or list(_of_rows(before, after, acts))
    return found or [_of_imports(acts)]


def cells_changed(before: Seen, after: Seen) -> list[CellChange]:
    """Return the told facts that a rule reads and that another record, or none, tells now."""
    names = _names(before, after)
    told = [_told(one, names) for one in (before, after)]
    found = []
    for key in dict.fromkeys((*told[1], *told[0])):
        old, new = told[0].get(key), told[1].get(key)
        if _speaks_otherwise(old, new):
            found.append(CellChange(key[0], key[1], old, new))
    return found


def _names(before: Seen, after: Seen) -> list[str]:
    names: set[str] = set()
    for one in (before, after):
        if one.taken is not None:
            names.update(used_facts(one.taken))
            if (one.taken.reason or "").startswith("unreadable:"):
                names.add(str(one.taken.reason).partition(":")[2])
    if before.scope_open != after.scope_open or None in (before.taken, after.taken):
        names.update(_OF_SCOPE)
    return sorted(names)


def _told(one: Seen, names: Iterable[str]) -> dict[tuple[Kind, str, str], Told]:
    """Return what was told by kind and name; of events, each by the key of its row."""
    if one.dossier is None:
        return {}
    keys = {(kind, row["record_id"]): row["key"] for kind, row in _rows(one.dossier)}
    facts = told_facts(names, one.dossier.records, one.as_of)
    return {
        (told.kind, told.name, keys[told.kind, told.record_id] if told.kind is Kind.EVENTS else "")
        : told
        for told in facts
    }  # fmt: skip


def _rows(dossier: Dossier) -> Iterator[tuple[Kind, Row]]:
    records = dossier.records
    for kind, rows in (
        (Kind.CONTRACTS, records.contract),
        (Kind.PROGRESS, records.progress),
        (Kind.EVENTS, records.events),
        (Kind.ZONES, records.zone),
    ):
        for row in rows:
            yield kind, row


def _speaks_otherwise(old: Told | None, new: Told | None) -> bool:
    if old is None or new is None:
        return old is not new
    if old.record_id == new.record_id:
        return bool(old.value != new.value)
    return old.value != new.value or (new.kind is Kind.PROGRESS and old.on != new.on)


def _of_cell(one: CellChange, before: Seen, after: Seen, acts: Acts) -> ChangeCause:
    """Return a changed cell as a cause, with what became of the row that told it."""
    assert before.dossier is not None and after.dossier is not None  # both were read
    old, new = one.old, one.new
    there = {(kind, row["record_id"]): row for kind, row in _rows(before.dossier)}
    here = {(kind, row["record_id"]): row for kind, row in _rows(after.dossier)}
    if old is not None and (one.kind, old.record_id) not in here:
        return _cell(CauseKind.CORRECTION, "undone", one, before, after, acts)
    if new is None:
        return _cell(CauseKind.CORRECTION, _blanked(one, there, here), one, before, after, acts)
    row = here[one.kind, new.record_id]
    if acts.imports[row["import_id"]].recorded_at <= acts.known_before:
        again = (one.kind, new.record_id) not in there
        what, kind = ("redone", CauseKind.CORRECTION) if again else ("cell", CauseKind.DATA)
        return _cell(kind, what, one, before, after, acts)
    earlier = [other for (kind, _), other in there.items() if kind is one.kind
               and other["key"] == row["key"]]  # fmt: skip
    if any(_tells(other, one) for other in earlier):
        return _cell(CauseKind.CORRECTION, "cell", one, before, after, acts)
    what = {Kind.PROGRESS: "report", Kind.EVENTS: "event"}.get(one.kind, "cell")
    return _cell(CauseKind.DATA, "cell" if earlier else what, one, before, after, acts)


def _tells(row: Row, one: CellChange) -> bool:
    return one.kind is Kind.EVENTS or row.get(one.name) is not None


def _blanked(one: CellChange, there: Mapping[Any, Row], here: Mapping[Any, Row]) -> str:
    """Return how a cell came to be not told: cleared, told unreadably, or gone with its report."""
    new = [row for at, row in here.items() if at[0] is one.kind and at not in there]
    for mark, what in (("cleared", "cleared"), ("unreadable", "unreadable")):
        if any(f";{one.name};" in f";{(row.get(mark) or '').strip(';')};" for row in new):
            return what
    return "gone"


def _cell(
    kind: CauseKind, what: str, one: CellChange, before: Seen, after: Seen, acts: Acts
) -> ChangeCause:
    old = CellPlace(before.places.get((one.kind, one.old.record_id))) if one.old else None
    new = CellPlace(after.places.get((one.kind, one.new.record_id))) if one.new else None
    teller = one.new or one.old
    seen_on = teller.on if teller else None
    told: dict[str, object] = {
        "title": CellTitle(one.kind, one.name),
        "old": CellValue(one.kind, one.name, one.old and one.old.value),
        "new": CellValue(one.kind, one.name, one.new and one.new.value),
        "place": new or old or CellPlace(None),
        "was": old or CellPlace(None),
        "on": _iso(seen_on) or "",
    }
    table: dict[str, object] = {
        "table": str(one.kind),
        "column": one.name,
        "old": one.old and plain(one.old.value),
        "new": one.new and plain(one.new.value),
        "on": _iso(seen_on),
        **(new or CellPlace(None)).as_plain(),
        **(old or CellPlace(None)).as_plain("old_"),
    }
    if what == "undone":
        act = acts.withdrawn.get(_import_of(old))
        told |= {"by": act.recorded_by if act else "", "reason": act.reason if act else ""}
        table |= {"by": act and act.recorded_by, "reason": act and act.reason}
    return ChangeCause(kind, what, told, table)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _import_of(place: CellPlace | None) -> int:
    return place.place.import_id if place and place.place else 0


def _whole(before: Seen, after: Seen, acts: Acts) -> list[ChangeCause]:
    """Return why a contract (or park) is there that was not, or is not there that was."""
    if after.dossier is not None:
        first = _first(after)
        if first is None:
            return []
        new = acts.imports[first[1]["import_id"]].recorded_at > acts.known_before
        kind, what = (CauseKind.DATA, "new") if new else (CauseKind.CORRECTION, "back")
        place = CellPlace(after.places.get((first[0], first[1]["record_id"])))
        return [ChangeCause(kind, what, {"place": place}, place.as_plain())]
    gone = _first(before)
    if gone is None:
        return []
    place = CellPlace(before.places.get((gone[0], gone[1]["record_id"])))
    act = acts.withdrawn.get(gone[1]["import_id"])
    by, reason = (act.recorded_by, act.reason) if act else ("", "")
    told = {"place": place, "by": by, "reason": reason}
    plainly = {**place.as_plain("old_"), "by": by, "reason": reason}
    return [ChangeCause(CauseKind.CORRECTION, "taken_away", told, plainly)]


def _first(one: Seen) -> tuple[Kind, Row] | None:
    """Return the record by which a contract, or a park, is known."""
    assert one.dossier is not None  # asked of the side where it is
    records = one.dossier.records
    if records.contract:
        return Kind.CONTRACTS, records.contract[0]
    return (Kind.ZONES, records.zone[0]) if records.zone else None


def _of_rows(before: Seen, after: Seen, acts: Acts) -> Iterator[ChangeCause]:
    """Yield the rows of a contract that are there on one side only: what no cell of them shows."""
    if before.dossier is None or after.dossier is None:
        return
    same_park = before.dossier.facts.get("zone_id") == after.dossier.facts.get("zone_id")
    there, here = (
        {(kind, row["record_id"]): row for kind, row in _rows(one) if kind is not Kind.ZONES
         or same_park}
        for one in (before.dossier, after.dossier)
    )  # fmt: skip
    for one, places, others, what in (
        (here, after.places, there, "row"),
        (there, before.places, here, "row_gone"),
    ):
        kind = CauseKind.DATA if what == "row" else CauseKind.CORRECTION
        for at in list(dict.fromkeys(at for at in one if at not in others))[:MOST_CELLS]:
            place = CellPlace(places.get(at))
            yield ChangeCause(kind, what, {"place": place}, place.as_plain())


def _of_imports(acts: Acts) -> ChangeCause:
    """Return the imports of that time: a parcel's or park's outline, or who has which number."""
    named = acts.between()
    files = "；".join(f"#{one.import_id} {one.source.name}" for one in named[:MOST_CELLS])
    numbers = [one.import_id for one in named]
    back = [one for one in acts.withdrawn.values() if one.recorded_at > acts.known_before]
    if back and not named:
        files = "；".join(f"#{one.import_id}" for one in back[:MOST_CELLS])
        told = {"files": files, "by": back[-1].recorded_by, "reason": back[-1].reason}
        return ChangeCause(CauseKind.CORRECTION, "imports", told, {"imports": numbers})
    return ChangeCause(CauseKind.DATA, "imports", {"files": files or "—"}, {"imports": numbers})
