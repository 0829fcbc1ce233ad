"""The list of what only a visit can settle: one row a contract, in order of place, and a form.

The header stands in the first row and its last columns are those of progress, so that the filled
sheet is imported again as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.columns import ColumnType, Kind, columns_of
from landwatch.language.reasons import fact_in_words, missing_fact
from landwatch.language.terms import ProgressSource
from landwatch.reports.contents import Contracts
from landwatch.reports.sheets import AREA, DAY, FILL_IN, Book, Look, Marked, Sheet, Styles

_PROGRESS = columns_of(Kind.PROGRESS)
_ALWAYS = ("observed_on", "source", "inspector", "started")
_NOT_A_MEASURE = frozenset({"contract_id", "note", *_ALWAYS})
_SEEN_AS = {"actual_start_on": "started", "actual_completion_on": "completed_on"}
"""What a contract tells as done is seen on the land under another name."""
_CIRCUMSTANCES = frozenset({"contract_id", "observed_on", "source", "inspector", "stage", "note"})
_QUESTIONS = {
    "suspended_since": "report.look.suspended",
    "resumed_on": "report.look.resumed",
    "in_production_on": "report.look.in_production",
    "completed_on": "report.look.completed",
    "permit_on": "report.look.permit",
}
_ASKS = {
    "GC.START": "started",
    "GC.COMPLETE": "completed_on",
    "O53.B": "suspended_since",
    "LZ.PRODUCE": "in_production_on",
}
"""What these rules ask of the land; of any other its facts tell, or its title does."""
_AREA = Look(AREA, right=True)


@dataclass(slots=True)
class Visit:
    """A contract to be visited: what to look at, for which rules, since when."""

    contract_id: str
    zone_id: str
    location: str
    look_at: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    since: date | None = None


class Visits:
    """Gathers the findings that a visit could settle, contract by contract."""

    def __init__(self, contracts: Contracts) -> None:
        """Begin without any."""
        self._contracts = contracts
        self._visits: dict[str, Visit] = {}
        self._measures: set[str] = set()

    def take(self, row: Mapping[str, Any]) -> None:
        """Put the finding's contract on the list where a visit could settle it."""
        contract_id = row["contract_id"]
        if not row["to_verify"] or contract_id is None:
            return
        visit = self._visits.get(contract_id)
        if visit is None:
            of = self._contracts.row(contract_id)
            zone = row["zone_id"] or of.get("zone_id") or ""
            visit = Visit(contract_id, zone, of.get("location") or "")
            self._visits[contract_id] = visit
        visit.look_at.update(dict.fromkeys(self._look_at(row)))
        visit.rules.setdefault(self._contracts.rules.get(row["rule"], row["rule"]), None)
        if row["limit_on"] is not None:
            late = row["limit_on"] + timedelta(days=1)
            visit.since = min(visit.since or late, late)
        self._measures.update(measures_to_see(row))

    def write(self, book: Book, styles: Styles) -> None:
        """Write the list sorted by park, location and contract."""
        lang = self._contracts.lang
        to_fill = [*_ALWAYS, *self._asked(), "note"]
        title = say("report.sheet.visits", lang)
        sheet = Sheet(book, styles, title, _columns(to_fill, lang))
        _offer_yes_no(sheet, to_fill, lang)
        known = [self._known(visit) for visit in self._sorted()]
        for cells in known:
            sheet.add([*cells, *_form(to_fill, lang)])
        sheet.close()

    def _sorted(self) -> Iterable[Visit]:
        name = self._contracts.zone
        return sorted(
            self._visits.values(),
            key=lambda one: (
                name(one.zone_id),
                one.zone_id,
                natural(one.location),
                natural(one.contract_id),
            ),
        )

    def _asked(self) -> list[str]:
        """Return the columns of progress that some finding of the list asks for, in their order."""
        return [name for name in _PROGRESS if name in self._measures - _NOT_A_MEASURE]

    def _look_at(self, row: Mapping[str, Any]) -> list[str]:
        """Return what to look at for a finding, by name; for other reasons its rule."""
        lang = self._contracts.lang
        if row["reason"] == "works_without_permit":
            return [_thing("permit_on", lang)]
        asked = measures_to_see(row) or facts_to_see(row)
        rule = self._contracts.rules.get(row["rule"], row["rule"])
        return [_thing(name, lang) for name in _PROGRESS if name in asked] or [rule]

    def _known(self, visit: Visit) -> list[object]:
        lang, of = self._contracts.lang, self._contracts.row(visit.contract_id)
        comma = say("report.comma", lang)
        return [
            visit.contract_id,
            of.get("holder"),
            of.get("project_name"),
            self._contracts.zone(visit.zone_id),
            visit.location,
            Marked(of.get("area_mu"), _AREA),
            comma.join(visit.look_at),
            comma.join(visit.rules),
            visit.since,
        ]


def _thing(name: str, lang: str) -> str:
    """Return a thing to look at as a question of yes or no where it is one."""
    asked = _QUESTIONS.get(name)
    return say(asked, lang) if asked else fact_in_words(name, lang)


def facts_to_see(row: Mapping[str, Any]) -> set[str]:
    """Return what the rule asks of the land, where it says nothing of a missing fact.

    >>> sorted(facts_to_see({"rule": "O53.B", "facts": [{"name": "suspended_since"}]}))
    ['suspended_since']
    >>> facts_to_see({"rule": "GC.COMPLETE", "facts": [{"name": "agreed_completion_on"}]})
    {'completed_on'}
    """
    asked = _ASKS.get(row["rule"])
    if asked is not None:
        return {asked}
    told = {one["name"] for one in row["facts"] or ()}
    return told & (_PROGRESS.keys() - _CIRCUMSTANCES)


def natural(text: str) -> list[tuple[int, str]]:
    """Return a text as it is sorted by people: 2号 before 11号.

    >>> sorted(["纬一路11号", "纬一路2号", "经一路"], key=natural)
    ['纬一路2号', '纬一路11号', '经一路']
    """
    parts = re.split(r"([0-9]+)", unicodedata.normalize("NFKC", text))
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def measures_to_see(row: Mapping[str, Any]) -> set[str]:
    """Return the columns of progress to fill in for a finding: the missing one, or an old measure.

    >>> measures_to_see({"reason": "missing:actual_completion_on", "measured": None, "facts": []})
    {'completed_on'}
    """
    fact = missing_fact(row["reason"])
    if fact is not None:
        return {_SEEN_AS.get(fact, fact)} & _PROGRESS.keys()
    if row["measured"] is None:
        return set()
    told = {one["name"] for one in row["facts"] or ()} & _PROGRESS.keys()
    return {name for name in told if _PROGRESS[name].holds is ColumnType.DECIMAL}


def _columns(to_fill: Sequence[str], lang: str) -> list[tuple[str, float]]:
    known = [
        (fact_in_words("contract_id", lang), 15.0),
        (fact_in_words("holder", lang), 15.0),
        (fact_in_words("project_name", lang), 12.0),
        (say("report.column.zone", lang), 9.0),
        (fact_in_words("location", lang), 15.0),
        (say("report.column.area_mu", lang), 8.5),
        (say("report.column.look_at", lang), 18.0),
        (say("report.column.rules", lang), 22.0),
        (say("report.column.since", lang), 10.5),
    ]
    return [*known, *((_header(name, lang), 16.0 if name == "note" else 10.0) for name in to_fill)]


def _header(name: str, lang: str) -> str:
    """Return a header that the importer knows, with the unit to fill it in."""
    column = _PROGRESS[name]
    unit = {"1": "", None: ""}.get(column.unit, column.unit)
    return f"{column.in_words(lang)}（{unit}）" if unit else column.in_words(lang)


def _form(to_fill: Sequence[str], lang: str) -> list[Marked]:
    """Return the cells to fill by hand: the source is told already, it is a visit."""
    cells = []
    for name in to_fill:
        told = ProgressSource.INSPECTION.in_words(lang) if name == "source" else None
        day = _PROGRESS[name].holds is ColumnType.DATE
        cells.append(Marked(told, Look(DAY if day else "General", fill=FILL_IN)))
    return cells


def _offer_yes_no(sheet: Sheet, to_fill: Sequence[str], lang: str) -> None:
    """Let Excel offer yes and no where a column takes nothing else."""
    from openpyxl.worksheet.datavalidation import DataValidation

    first = len(_columns(to_fill, lang)) - len(to_fill)
    for at, name in enumerate(to_fill):
        if _PROGRESS[name].holds is ColumnType.YES_NO:
            choices = f'"{say("report.yes", lang)},{say("report.no", lang)}"'
            rule = DataValidation(type="list", formula1=choices, allow_blank=True)
            sheet.offer(first + at, rule)
