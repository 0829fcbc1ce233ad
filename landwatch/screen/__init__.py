"""What the command line shows: tables and sentences, in the reader's language.

What a machine reads goes to stdout; words, tables of progress and trouble go to stderr, except a
verb's own answer (findings, explain, policy), which is what the person asked to see.
"""

from landwatch.screen.console import print_json, progress
from landwatch.screen.intake import imported, issues_written, made, visited
from landwatch.screen.policies import adopted, policy, shelf
from landwatch.screen.scanning import counts_table, explained, findings_table, scanned
from landwatch.screen.writing import demo_shown, drawn, reported, written

__all__ = [
    "adopted", "counts_table", "demo_shown", "drawn", "explained", "findings_table", "imported",
    "issues_written", "made", "policy", "print_json", "progress", "reported", "scanned", "shelf",
    "visited", "written",
]  # fmt: skip
