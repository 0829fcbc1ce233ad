"""The sheet of what parks themselves miss: rules that speak of a park and of no contract.

A park's shares and counts are no contract's, so they never stand among the findings of contracts
and are never added to them. What a park's ledger lacks is listed here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words, reason_in_words
from landwatch.language.terms import Gravity
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.mapping.style import NOT_BINDING
from landwatch.reports.contents import Contracts
from landwatch.reports.finding_sheet import figure, gravity_look, remedies_in_words
from landwatch.reports.sheets import Book, Marked, Sheet, Styles

_PRINTED = 9
"""Columns on paper, up to the explanation; the clause and its words stand beyond."""


class ParkFindings:
    """Gathers the findings that speak of a park: there are a few of each park."""

    def __init__(self, contracts: Contracts) -> None:
        """Begin without any."""
        self._contracts = contracts
        self._rows: list[Mapping[str, Any]] = []

    def take(self, row: Mapping[str, Any]) -> bool:
        """Take a finding that speaks of a park; tell whether it does."""
        if row["contract_id"] is not None:
            return False
        self._rows.append(row)
        return True

    def write(self, book: Book, styles: Styles) -> None:
        """Write the sheet, the gravest first; none where no park has a finding."""
        if not self._rows:
            return
        lang = self._contracts.lang
        title = say("report.sheet.parks", lang)
        above = [f"{REPORT_MARK} {title}", say("report.note.parks", lang)]
        sheet = Sheet(book, styles, title, _columns(lang), above, printed=_PRINTED)
        for row in sorted(self._rows, key=self._order):
            sheet.add(list(self._cells(row)))
        sheet.close()

    def _order(self, row: Mapping[str, Any]) -> tuple[Gravity, str, str]:
        return _gravity(row), self._contracts.zone(row["zone_id"]), row["rule"]

    def _cells(self, row: Mapping[str, Any]) -> Iterable[object]:
        lang, gravity = self._contracts.lang, _gravity(row)
        hatched = row["authority"] in NOT_BINDING
        named = self._contracts.parameters.get(row["rule"])
        yield Marked(gravity.in_words(lang), gravity_look(gravity, hatched=hatched))
        yield self._contracts.zone(row["zone_id"])
        yield self._contracts.rule(row["rule"])
        yield figure(row["measured"], row["threshold"])
        yield figure(row["threshold"], row["measured"])
        yield None if row["unit"] == "1" else row["unit"]  # a count, or a share
        yield row["clock_from"]
        yield reason_in_words(row["reason"], lang, named)
        yield row[f"explanation_{lang}"]
        yield remedies_in_words(row["remedies"] or (), lang)
        yield row["article"]
        yield row["quote"]
        yield row["zone_id"]


def _gravity(row: Mapping[str, Any]) -> Gravity:
    return Gravity.of(row["status"], bool(row["to_verify"]))


def _columns(lang: str) -> list[tuple[str, float]]:
    return [
        (say("report.column.status", lang), 9),
        (say("report.column.zone", lang), 18),
        (say("report.column.rule", lang), 18),
        (say("report.column.measured", lang), 9),
        (say("report.column.threshold", lang), 9),
        (say("report.column.unit", lang), 7),
        (say("report.column.statistics_on", lang), 12),
        (say("report.column.reason", lang), 16),
        (say("report.column.explanation", lang), 52),
        (say("report.column.remedies", lang), 12),
        (say("report.column.article", lang), 9),
        (say("report.column.quote", lang), 50),
        (fact_in_words("zone_id", lang), 14),
    ]
