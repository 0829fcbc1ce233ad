"""What the command line shows: tables and sentences, in the reader's language.

What a machine reads goes to stdout; words, tables of progress and trouble go to stderr, except a
verb's own answer (findings, explain, policy), which is what the person asked to see.
"""

from landwatch.screen.adapters import adapters_listed
from landwatch.screen.charges import charge_ended, charge_set, charges
from landwatch.screen.comparing import changes_written, scans_compared
from landwatch.screen.console import print_json
from landwatch.screen.copying import copied, copying
from landwatch.screen.digesting import digested, digests_written
from landwatch.screen.doctor import coordinates_drawn, coordinates_seen
from landwatch.screen.export import exported
from landwatch.screen.intake import guessed, imported, issues_written, made, visited
from landwatch.screen.lawbook_checks import cases_tried, policy_checked
from landwatch.screen.lawbook_reading import begun, compared, portrait, schema, searched
from landwatch.screen.ledger_doctor import ledger_seen, ledger_seen_written
from landwatch.screen.memory import history, imports, redone, undone
from landwatch.screen.nightly import alert_tried, examples, night, nothing_to_resume
from landwatch.screen.picturing import pictured, slip_written
from landwatch.screen.policies import adopted, dropped, lawbook_history, shelf
from landwatch.screen.progress import progress
from landwatch.screen.pruning import pruned
from landwatch.screen.sample_entry import item_judged, sample_entered
from landwatch.screen.sampling import (
    sample_drawn,
    sample_shown,
    sample_written,
    samples_listed,
)
from landwatch.screen.scanning import counts_table, explained, findings_table, scanned
from landwatch.screen.server import published, roles
from landwatch.screen.status import (
    source_dropped,
    source_expected,
    source_received,
    sources,
    status,
)
from landwatch.screen.store_doctor import store_seen
from landwatch.screen.tiling import tiled
from landwatch.screen.whatif import what_if, what_if_written
from landwatch.screen.writing import demo_shown, drawn, reported, written

__all__ = [
    "adapters_listed", "adopted", "alert_tried", "begun", "cases_tried", "changes_written",
    "charge_ended", "charge_set", "charges", "compared", "coordinates_drawn", "coordinates_seen",
    "copied", "copying", "counts_table", "demo_shown", "digested", "digests_written", "drawn",
    "dropped", "examples", "explained", "exported", "findings_table", "guessed", "history",
    "imported", "imports", "issues_written", "item_judged", "lawbook_history", "ledger_seen",
    "ledger_seen_written", "made", "night", "nothing_to_resume", "pictured", "policy_checked",
    "portrait", "print_json", "progress", "pruned", "published", "redone", "reported", "roles",
    "sample_drawn", "sample_entered", "sample_shown", "sample_written", "samples_listed", "scanned",
    "scans_compared", "schema", "searched", "shelf", "slip_written", "source_dropped",
    "source_expected", "source_received", "sources", "status", "store_seen", "tiled", "undone",
    "visited", "what_if", "what_if_written", "written",
]  # fmt: skip
