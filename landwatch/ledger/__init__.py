"""台账: ledger files in, understood row by row; knows nothing of the store."""

from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.intake import Intake, read_ledger
from landwatch.ledger.issue_workbook import check_report_target, write_issue_workbook
from landwatch.ledger.issues import Batch, Issue, IssueCode, RefusedRow, Severity, Tally

__all__ = [
    "Batch",
    "HeaderUse",
    "Intake",
    "Issue",
    "IssueCode",
    "RefusedRow",
    "Severity",
    "Tally",
    "check_report_target",
    "read_ledger",
    "write_issue_workbook",
]
