"""Changes between two scans as rows: the CSV that a machine reads, the sheet that a person does."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.finding_sheet import figure, gravity_look
from landwatch.reports.plain import as_json, unrunnable
from landwatch.reports.sheets import AREA, COUNT, Book, Look, Marked, Sheet, Styles, new_book
from landwatch.reports.target import whole_file
from landwatch.scan.causes import ChangeCause
from landwatch.scan.changes import Change, Outcome
from landwatch.store import ScanSummary

_OF_OUTCOME = ("status", "to_verify", "reason", "measured", "threshold", "limit_on", "days_past",
               "amount_wan", "remedies")  # fmt: skip
CHANGE_COLUMNS: tuple[str, ...] = (
    "kind", "contract_id", "parcel_id", "zone_id", "holder", "project_name", "rule", "policy",
    *(f"before_{name}" for name in _OF_OUTCOME), *(f"after_{name}" for name in _OF_OUTCOME),
    "cause_kinds", "cause_zh", "cause_en", "causes",
)  # fmt: skip
_SCANS = ("before_scan_id", "before_as_of", "after_scan_id", "after_as_of")
_COUNT, _MONEY = Look(COUNT, right=True), Look(AREA, right=True)


def change_row(one: Change) -> dict[str, Any]:
    """Return a change as a flat row; lists are lists, `causes` what a machine reads."""
    of = one.holding
    row: dict[str, Any] = {
        "kind": str(one.kind),
        "contract_id": of.contract_id,
        "parcel_id": of.parcel_id,
        "zone_id": of.zone_id,
        "holder": of.holder,
        "project_name": of.project,
        "rule": one.rule,
        "policy": one.policy,
        **_stands("before", one.before),
        **_stands("after", one.after),
        "cause_kinds": list(dict.fromkeys(str(cause.kind) for cause in one.causes)),
    }
    for lang in ("zh", "en"):
        row[f"cause_{lang}"] = causes_in_words(one, lang)
    return row | {"causes": [cause.as_plain() for cause in one.causes]}


def _stands(when: str, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {f"{when}_{name}": None for name in _OF_OUTCOME}
    told: dict[str, Any] = {name: getattr(outcome, name) for name in _OF_OUTCOME[2:]
                            if name != "remedies"}  # fmt: skip
    told |= {"status": str(outcome.status), "to_verify": outcome.gravity == "to_verify"}
    told["remedies"] = list(outcome.remedies)
    return {f"{when}_{name}": told[name] for name in _OF_OUTCOME}


def kind_in_words(one: Change, lang: str) -> str:
    """Return what became of an outcome; one that another program's hand is in is only that."""
    return say("compare.kind.altered" if one.altered else f"compare.kind.{one.kind}", lang)


def causes_in_words(one: Change, lang: str) -> str:
    """Return the causes of a change, one sentence after the other, each row of the ledger once."""
    told: dict[object, ChangeCause] = {}
    for cause in one.causes:
        told.setdefault(_row_of(cause), cause)
    return say("compare.semicolon", lang).join(cause.in_words(lang) for cause in told.values())


def _row_of(cause: ChangeCause) -> object:
    """Return the cell that a cause rests on; a cause without one is like no other."""
    place = tuple(cause.plain.get(name) for name in ("import_id", "row", "column"))
    if None in place:
        return id(cause)
    return (*place, str(cause.plain.get("sheet")), str(cause.plain.get("new")))


def write_changes_csv(
    path: Path, changes: Iterable[Change], before: ScanSummary, after: ScanSummary
) -> int:
    """Write changes as CSV for a spreadsheet and for machines; return how many there were."""
    scans = (before.scan_id, before.as_of, after.scan_id, after.as_of)
    count = 0
    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow((*CHANGE_COLUMNS, *_SCANS))
        for count, one in enumerate(changes, start=1):  # noqa: B007 (how many there were)
            row = change_row(one)
            row["causes"] = as_json(row["causes"])
            cells = [row[name] for name in CHANGE_COLUMNS]
            writer.writerow([unrunnable(cell) for cell in (*cells, *scans)])
    return count


def write_changes_xlsx(
    path: Path, changes: Iterable[Change], lang: str, zones: Mapping[str, str], above: Sequence[str]
) -> int:
    """Write changes as a workbook of one sheet that can be printed; return how many there were."""
    with new_book(path) as book:
        sheet = ChangeSheet(book, Styles(), say("compare.sheet.changes", lang), lang, zones, above)
        for one in changes:
            sheet.add(one)
        sheet.close()
    return sheet.count


class ChangeSheet:
    """A sheet that takes changes one by one."""

    def __init__(
        self,
        book: Book,
        styles: Styles,
        title: str,
        lang: str,
        zones: Mapping[str, str],
        above: Sequence[str],
    ) -> None:
        """Begin the sheet; `zones` are the names of the parks."""
        self._lang, self._zones, self.count = lang, zones, 0
        lines = [f"{REPORT_MARK} {title}", *above, say("report.note.suspected", lang)]
        self._sheet = Sheet(book, styles, title, _columns(lang), lines, printed=_PRINTED)

    def add(self, one: Change) -> None:
        """Add a change."""
        lang, of, now = self._lang, one.holding, one.after or one.before
        assert now is not None  # one of the scans has it
        self.count += 1
        self._sheet.add(
            [
                kind_in_words(one, lang),
                _gravity(one.before, lang), _gravity(one.after, lang),
                of.contract_id or say("compare.park", lang), of.holder, of.project,
                self._zones.get(of.zone_id or "", of.zone_id or ""), one.rule, now.limit_on,
                causes_in_words(one, lang),
                Marked(now.days_past, _COUNT), Marked(now.amount_wan, _MONEY),
                figure(one.before and one.before.measured, now.threshold),
                figure(one.after and one.after.measured, now.threshold),
                figure(now.threshold, now.measured),
                reason_in_words(now.reason, lang) if now.reason else None,
                of.location, Marked(of.area_mu, _MONEY),
            ]
        )  # fmt: skip

    def close(self) -> None:
        """End the sheet."""
        self._sheet.close()


def _gravity(outcome: Outcome | None, lang: str) -> object:
    if outcome is None:
        return say("compare.nothing", lang)
    return Marked(outcome.gravity.in_words(lang), gravity_look(outcome.gravity))


_PRINTED = 10


def _columns(lang: str) -> list[tuple[str, float]]:
    return [
        (say("compare.column.kind", lang), 8),
        (say("compare.column.before", lang), 8),
        (say("compare.column.after", lang), 8),
        (fact_in_words("contract_id", lang), 13),
        (fact_in_words("holder", lang), 15),
        (fact_in_words("project_name", lang), 13),
        (say("report.column.zone", lang), 11),
        (say("compare.column.rule", lang), 12),
        (say("report.column.limit_on", lang), 11),
        (say("compare.column.cause", lang), 46),
        (say("report.column.days_past", lang), 7),
        (say("report.column.amount_wan", lang), 10),
        (say("compare.column.measured_before", lang), 10),
        (say("compare.column.measured_after", lang), 10),
        (say("report.column.threshold", lang), 9),
        (say("report.column.reason", lang), 16),
        (fact_in_words("location", lang), 16),
        (say("report.column.area_mu", lang), 9),
    ]
