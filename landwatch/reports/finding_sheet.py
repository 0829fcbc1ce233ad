"""The sheet of findings, the gravest first, coloured as on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.language.terms import Gravity, Remedy
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.mapping.style import COLOURS, NOT_BINDING
from landwatch.reports.contents import Contracts
from landwatch.reports.plain import places
from landwatch.reports.sheets import AREA, COUNT, Book, Look, Marked, Sheet, Styles

_AREA, _COUNT, _RIGHT = Look(AREA, right=True), Look(COUNT, right=True), Look(right=True)
_REMEDIES = {remedy.value: remedy for remedy in Remedy}


def gravity_look(gravity: Gravity, *, hatched: bool = False) -> Look:
    """Return the look of a cell that names a gravity: its colour on the map."""
    return Look(fill=f"FF{COLOURS[gravity][1:].upper()}", hatched=hatched, bold=True)


class FindingSheet:
    """Takes findings one by one; a finding that only a draft or report says is hatched."""

    def __init__(self, book: Book, styles: Styles, contracts: Contracts) -> None:
        """Begin the sheet."""
        self._contracts = contracts
        lang = contracts.lang
        title = say("report.sheet.findings", lang)
        above = [f"{REPORT_MARK} {title}", say("report.note.suspected", lang)]
        above.append(say("report.note.gaps_apart", lang))
        self._sheet = Sheet(book, styles, title, _columns(lang), above, printed=_PRINTED)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a finding."""
        lang, of = self._contracts.lang, self._contracts.row(row["contract_id"])
        gravity = Gravity.of(row["status"], bool(row["to_verify"]))
        look = gravity_look(gravity, hatched=row["authority"] in NOT_BINDING)
        zone = row["zone_id"] or of.get("zone_id")
        self._sheet.add(
            [
                Marked(gravity.in_words(lang), look),
                row["contract_id"], of.get("holder"), self._contracts.zone(zone),
                self._contracts.rule(row["rule"]), row["limit_on"],
                Marked(row["days_past"], _COUNT), _amount(row["amount_wan"]),
                reason_in_words(row["reason"], lang, self._contracts.parameters.get(row["rule"])),
                row[f"explanation_{lang}"],
                of.get("project_name"), Marked(of.get("area_mu"), _AREA), row["article"],
                figure(row["measured"], row["threshold"]),
                figure(row["threshold"], row["measured"]), _unit(row["unit"], lang),
                remedies_in_words(row["remedies"] or (), lang),
            ]
        )  # fmt: skip

    def close(self) -> None:
        """End the sheet."""
        self._sheet.close()


def _columns(lang: str) -> list[tuple[str, float]]:
    return [
        (say("report.column.status", lang), 8),
        (fact_in_words("contract_id", lang), 14),
        (fact_in_words("holder", lang), 14),
        (say("report.column.zone", lang), 9),
        (say("report.column.rule", lang), 13),
        (say("report.column.limit_on", lang), 11),
        (say("report.column.days_past", lang), 6),
        (say("report.column.amount_wan", lang), 9.5),
        (say("report.column.reason", lang), 13),
        (say("report.column.explanation", lang), 50),
        (fact_in_words("project_name", lang), 12),
        (say("report.column.area_mu", lang), 8.5),
        (say("report.column.article", lang), 8),
        (say("report.column.measured", lang), 11),
        (say("report.column.threshold", lang), 9),
        (say("report.column.unit", lang), 7),
        (say("report.column.remedies", lang), 11),
    ]


_PRINTED = 10
"""Columns on paper, in their full size on A4: up to the explanation, which tells the rest."""


def figure(value: object, limit: object = None) -> Marked:
    """Return a number as short as it may be shown: 149.999999 is never shown as a limit of 150.

    >>> figure(Decimal("149.9990"), 150).look.shows, figure(Decimal("23.3333"), 150).look.shows
    ('0.000', '0.00')
    """
    if not isinstance(value, Decimal | float | int):
        return Marked(None, _RIGHT)
    shown = places(value, limit if isinstance(limit, Decimal | float | int) else None)
    return Marked(value, Look(f"0.{'0' * shown}" if shown else "0", right=True))


def _amount(value: Any) -> Marked:
    """Return money with two decimals, or more where less than 10,000 yuan would read as nothing."""
    return figure(value) if value is not None and 0 < abs(value) < 1 else Marked(value, _AREA)


def _unit(unit: str | None, lang: str) -> str | None:
    return say("report.ratio", lang) if unit == "1" else unit


def remedies_in_words(codes: Sequence[str], lang: str) -> str:
    """Return what a clause allows, one after the other."""
    names = (_REMEDIES[code].in_words(lang) if code in _REMEDIES else code for code in codes)
    return say("report.comma", lang).join(names)
