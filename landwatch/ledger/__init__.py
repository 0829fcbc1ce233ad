"""台账: ledger files in, understood row by row; knows nothing of the store."""

from landwatch.ledger.background import Background
from landwatch.ledger.guessing import Guess
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.intake import Intake, read_ledger
from landwatch.ledger.issue_workbook import check_report_target, write_issue_workbook
from landwatch.ledger.issues import Batch, Issue, IssueCode, RefusedRow, Severity, Tally
from landwatch.ledger.mapping import HeaderMapping, read_mapping
from landwatch.ledger.mapping_file import guess_headers, write_mapping

__all__ = [
    "Background",
    "Batch",
    "Guess",
    "HeaderMapping",
    "HeaderUse",
    "Instructions",
    "Intake",
    "Issue",
    "IssueCode",
    "RefusedRow",
    "Severity",
    "Tally",
    "check_report_target",
    "guess_headers",
    "read_ledger",
    "read_mapping",
    "write_issue_workbook",
    "write_mapping",
]
