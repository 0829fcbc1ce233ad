"""What the ledger lacks: each missing fact with its contracts, and each contract with its gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words, missing_fact
from landwatch.language.terms import Status
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.contents import Contracts
from landwatch.reports.sheets import AREA, COUNT, Book, Look, Marked, Sheet, Styles

_NAMED = 20
"""Contracts that a line names itself; the rest stands in the sheet of each contract's gaps."""
_AREA, _COUNT = Look(AREA, right=True), Look(COUNT, right=True)


@dataclass(slots=True)
class Gap:
    """A fact that is missing: for which contracts, and which rules cannot say anything."""

    fact: str
    contracts: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)


class Gaps:
    """Gathers the outcomes that no visit settles because the ledger lacks a term."""

    def __init__(self, contracts: Contracts) -> None:
        """Begin without any."""
        self._contracts = contracts
        self._gaps: dict[str, Gap] = {}

    def take(self, row: Mapping[str, Any]) -> bool:
        """Take a finding that is a gap of the ledger; tell whether it is one."""
        fact = missing_fact(row["reason"])
        if row["status"] != Status.UNKNOWN or row["to_verify"] or fact is None:
            return False
        gap = self._gaps.setdefault(fact, Gap(fact))
        gap.contracts.setdefault(row["contract_id"] or "", None)
        gap.rules.setdefault(self._contracts.rule(row["rule"]), None)
        return True

    def write(self, book: Book, styles: Styles) -> None:
        """Write both sheets, the widest gap first."""
        gaps = sorted(self._gaps.values(), key=lambda gap: (-len(gap.contracts), gap.fact))
        self._write_facts(book, styles, gaps)
        self._write_contracts(book, styles, gaps)

    def _write_facts(self, book: Book, styles: Styles, gaps: Iterable[Gap]) -> None:
        lang = self._contracts.lang
        title, comma = say("report.sheet.gaps", lang), say("report.comma", lang)
        above = [f"{REPORT_MARK} {title}", say("report.note.gaps", lang)]
        sheet = Sheet(book, styles, title, _fact_columns(lang), above)
        for gap in gaps:
            named = comma.join(list(gap.contracts)[:_NAMED])
            if len(gap.contracts) > _NAMED:
                detail = say("report.sheet.gap_contracts", lang)
                named += say("report.and_more", lang, count=len(gap.contracts), sheet=detail)
            sheet.add(
                [
                    fact_in_words(gap.fact, lang),
                    gap.fact,
                    Marked(len(gap.contracts), _COUNT),
                    Marked(self._area(gap.contracts), _AREA),
                    comma.join(gap.rules),
                    named,
                ]
            )
        sheet.close()

    def _write_contracts(self, book: Book, styles: Styles, gaps: Iterable[Gap]) -> None:
        lang = self._contracts.lang
        title, comma = say("report.sheet.gap_contracts", lang), say("report.comma", lang)
        above = [f"{REPORT_MARK} {title}", say("report.note.gap_contracts", lang)]
        sheet = Sheet(book, styles, title, _contract_columns(lang), above)
        missing: dict[str, list[str]] = {}
        for gap in gaps:
            for contract_id in gap.contracts:
                missing.setdefault(contract_id, []).append(gap.fact)
        for contract_id, facts in sorted(missing.items(), key=self._place):
            of = self._contracts.row(contract_id)
            sheet.add(
                [
                    contract_id, of.get("holder"), of.get("project_name"),
                    self._contracts.zone(of.get("zone_id")), Marked(of.get("area_mu"), _AREA),
                    Marked(len(facts), _COUNT),
                    comma.join(fact_in_words(fact, lang) for fact in facts),
                ]
            )  # fmt: skip
        sheet.close()

    def _place(self, item: tuple[str, list[str]]) -> tuple[str, str]:
        return self._contracts.zone(self._contracts.row(item[0]).get("zone_id")), item[0]

    def _area(self, contract_ids: Iterable[str]) -> Decimal:
        areas = (self._contracts.row(one).get("area_mu") for one in contract_ids)
        return sum((Decimal(str(area)) for area in areas if area is not None), Decimal(0))


def _fact_columns(lang: str) -> list[tuple[str, float]]:
    return [
        (say("report.column.missing", lang), 26),
        (say("report.column.header", lang), 32),
        (say("report.column.contracts", lang), 10),
        (say("report.column.area_mu", lang), 12),
        (say("report.column.rules", lang), 44),
        (say("report.column.which_contracts", lang), 70),
    ]


def _contract_columns(lang: str) -> list[tuple[str, float]]:
    return [
        (fact_in_words("contract_id", lang), 22),
        (fact_in_words("holder", lang), 28),
        (fact_in_words("project_name", lang), 26),
        (say("report.column.zone", lang), 18),
        (say("report.column.area_mu", lang), 12),
        (say("report.column.gaps", lang), 8),
        (say("report.column.missing", lang), 70),
    ]
