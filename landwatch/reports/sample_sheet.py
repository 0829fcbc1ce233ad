"""The sheet that goes to the people who check a sample: what each outcome rests on, and a form.

Written for the eye and read back by `sample enter`: a column is known by its header, in either
language. A blind sheet keeps back what landwatch says, so that the checker decides first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.columns import COLUMNS, Column, ColumnType
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.language.terms import AuditCause, AuditVerdict, EventKind, Gravity, Status, Term
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.finding_sheet import gravity_look
from landwatch.reports.sheets import DAY, FILL_IN, PLAIN, Look, Marked, Sheet, Styles, new_book
from landwatch.reports.visit_sheet import natural

KNOWN = (
    "item", "rule", "contract", "holder", "parcel", "place", "outcome", "why", "clause", "facts",
)  # fmt: skip
TO_FILL = ("verdict", "should_be", "cause", "checked_on", "checked_by", "note")
HIDDEN_WHEN_BLIND = frozenset({"outcome", "why"})
_WIDTHS = {
    "item": 6, "rule": 15, "contract": 14, "holder": 14, "parcel": 12, "place": 16, "outcome": 9,
    "why": 36, "clause": 36, "facts": 56, "verdict": 9, "should_be": 10, "cause": 12,
    "checked_on": 11, "checked_by": 9, "note": 18,
}  # fmt: skip
_BLIND_CHOICES = (AuditVerdict.CANNOT_SAY,)


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn outcome as its checker sees it; `said` are the cells filled already."""

    item_id: int
    rule: str
    rule_title: str
    subject: str
    holder: str
    parcel: str
    place: str
    gravity: Gravity
    reason: str | None
    why: str
    clause: str
    facts: Sequence[Mapping[str, Any]]
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """What stands above the table, and its lines."""

    sample_id: int
    scan_id: int
    as_of: date
    blind: bool
    mark: str
    lines: Sequence[Line]


def columns_of_sheet(*, blind: bool) -> list[str]:
    """Return the columns of a sheet in their order."""
    return [name for name in (*KNOWN, *TO_FILL) if not (blind and name in HIDDEN_WHEN_BLIND)]


def write_sample_sheet(path: Path, sheet: SampleSheet, lang: str) -> None:
    """Write the workbook in `lang`, whole or not at all.

    Raises:
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    names = columns_of_sheet(blind=sheet.blind)
    layout = [(say(f"audit.column.{name}", lang), float(_WIDTHS[name])) for name in names]
    with new_book(path) as book:
        title = say("audit.sheet.title", lang)
        drawn = Sheet(book, Styles(), title, layout, _above(sheet, lang))
        for name, choices in _choices(blind=sheet.blind).items():
            _offer(drawn, names.index(name), choices, lang)
        for line in sorted(sheet.lines, key=_order):
            drawn.add([_cell(line, name, lang) for name in names])
        drawn.close()


def _above(sheet: SampleSheet, lang: str) -> list[str]:
    told = {"sample": sheet.sample_id, "scan": sheet.scan_id, "as_of": sheet.as_of.isoformat()}
    how = "audit.sheet.how_blind" if sheet.blind else "audit.sheet.how"
    heading = say("audit.sheet.heading", lang, **told, items=len(sheet.lines))
    return [
        f"{REPORT_MARK} {heading}",
        say(how, lang),
        say("audit.sheet.honest", lang),
        say("audit.sheet.back", lang),
        say("audit.sheet.mark", lang, mark=sheet.mark),
    ]


def _order(line: Line) -> tuple[Any, ...]:
    """Sort as one travels; never by outcome, which a blind sheet keeps back."""
    return natural(line.place), natural(line.subject), line.rule


def _choices(*, blind: bool) -> dict[str, Sequence[Term]]:
    return {
        "verdict": _BLIND_CHOICES if blind else tuple(AuditVerdict),
        "should_be": tuple(Status),
        "cause": tuple(AuditCause),
    }


def _offer(sheet: Sheet, at: int, choices: Iterable[Term], lang: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(one.in_words(lang) for one in choices)
    sheet.offer(at, DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True))


def _cell(line: Line, name: str, lang: str) -> object:
    match name:
        case "item":
            return line.item_id
        case "rule":
            return f"{line.rule_title} {line.rule}".strip()
        case "contract":
            return line.subject
        case "outcome":
            return Marked(line.gravity.in_words(lang), gravity_look(line.gravity))
        case "why":
            return "\n".join(filter(None, (reason_in_words(line.reason, lang), line.why)))
        case "facts":
            return "\n".join(fact_line(fact, lang) for fact in line.facts) or say(
                "audit.sheet.no_facts", lang
            )
        case "holder" | "parcel" | "place" | "clause":
            return getattr(line, name)
    shows = DAY if name == "checked_on" else PLAIN
    return Marked(line.said.get(name), Look(shows, fill=FILL_IN))


def fact_line(fact: Mapping[str, Any], lang: str) -> str:
    """Return a fact of a finding with its place.

    >>> told = {"name": "started", "value": False, "file": "a.csv", "sheet": None, "row": 2}
    >>> fact_line(told, "zh")
    '是否动工 否（a.csv 第 2 行）'
    """
    key = "audit.fact" if fact["file"] else "audit.fact_unplaced"
    place = {"file": fact["file"], "sheet": f"〔{fact['sheet']}〕" if fact["sheet"] else ""}
    told = {**place, "row": fact["row"]} if fact["file"] else {}
    return say(key, lang, name=_named(fact["name"], lang), value=_valued(fact, lang), **told)


def _named(name: str, lang: str) -> str:
    return EventKind(name).in_words(lang) if name in set(EventKind) else fact_in_words(name, lang)


def _valued(fact: Mapping[str, Any], lang: str) -> str:
    value = fact["value"]
    if isinstance(value, Mapping):
        parts = ({"name": name, "value": part} for name, part in value.items())
        return "，".join(f"{_named(one['name'], lang)} {_valued(one, lang)}" for one in parts)
    column = _column(fact["name"])
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no", lang)
    if column is not None and column.choices is not None and value in set(column.choices):
        return column.choices(value).in_words(lang)
    unit = column.unit if column is not None and column.unit not in (None, "1") else None
    return f"{value} {unit.replace('m2', 'm²')}" if unit else str(value)


def _column(name: str) -> Column | None:
    """Return the column of that name; two kinds that share a name hold the same in it."""
    found = (column for columns in COLUMNS.values() for column in columns if column.name == name)
    return next((one for one in found if one.holds is not ColumnType.GEOMETRY), None)
