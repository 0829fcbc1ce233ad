"""The report of a scan as a workbook: summary, findings, parks, visit list, gaps of the ledger.

The findings are read once, as they come: what fills a sheet goes to it, what is counted is counted.
The visit list is also a form: filled by hand it is imported again as progress (every other sheet
begins with a mark that the importer passes over).
"""

from __future__ import annotations

from pathlib import Path

from landwatch.language.terms import Gravity
from landwatch.ledger.spool import Spool
from landwatch.reports.contents import Contracts, PolicyLine, ReportData, RuleLine
from landwatch.reports.finding_sheet import FindingSheet
from landwatch.reports.gap_sheets import Gaps
from landwatch.reports.park_sheet import ParkFindings
from landwatch.reports.sheets import Styles, new_book
from landwatch.reports.summary_sheet import Amounts, write_summary
from landwatch.reports.visit_sheet import Visits

__all__ = ["PolicyLine", "ReportData", "RuleLine", "write_report"]


def write_report(path: Path, report: ReportData, lang: str) -> None:
    """Write the workbook in `lang`, whole or not at all.

    Raises:
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    with new_book(path) as book:
        styles = Styles()
        ledger = Contracts.of(report, lang)
        summary = book.create_sheet()  # the first sheet, filled last: it counts the others
        amounts, gaps, visits = Amounts(), Gaps(ledger), Visits(ledger)
        parks = ParkFindings(ledger)
        kept = {gravity: Spool() for gravity in Gravity}
        for row in report.findings:
            if parks.take(row):
                continue
            amounts.take(row)
            visits.take(row)
            if not gaps.take(row):
                kept[Gravity.of(row["status"], bool(row["to_verify"]))].add(row)
        findings = FindingSheet(book, styles, ledger)
        for gravity in Gravity:
            for row in kept[gravity]:
                findings.add(row)
        findings.close()
        parks.write(book, styles)
        visits.write(book, styles)
        gaps.write(book, styles)
        write_summary(summary, styles, report, ledger, amounts)
