"""台账: ledger files in, understood row by row; knows nothing of the store."""

from landwatch.ledger.background import Background
from landwatch.ledger.ground import Granted, Ground, KnownParcel
from landwatch.ledger.ground_judges import granted_m2, named_parcels
from landwatch.ledger.guessing import Guess
from landwatch.ledger.headers import HeaderUse
from landwatch.ledger.instructions import Instructions
from landwatch.ledger.intake import Intake, read_ledger
from landwatch.ledger.issues import Batch, Issue, IssueCode, RefusedRow, Severity, Tally
from landwatch.ledger.mapping import HeaderMapping, read_mapping
from landwatch.ledger.mapping_file import guess_headers, write_mapping
from landwatch.ledger.report.book import write_issue_workbook
from landwatch.ledger.report.target import check_report_target

__all__ = [
    "Background",
    "Batch",
    "Granted",
    "Ground",
    "Guess",
    "HeaderMapping",
    "HeaderUse",
    "Instructions",
    "Intake",
    "Issue",
    "IssueCode",
    "KnownParcel",
    "RefusedRow",
    "Severity",
    "Tally",
    "check_report_target",
    "granted_m2",
    "guess_headers",
    "named_parcels",
    "read_ledger",
    "read_mapping",
    "write_issue_workbook",
    "write_mapping",
]
