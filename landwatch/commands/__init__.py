"""What a person asks for: one function a verb, used by the command line and by tests alike.

A verb takes plain values, does its work through the rooms, and returns what happened; it prints
nothing. `told` hears of progress; what the user did wrong is raised as a LandwatchError.
"""

from landwatch.commands.drawing import draw_map, report
from landwatch.commands.finding import (
    Explained,
    Found,
    explain,
    findings,
    wanted_findings,
    write_findings,
)
from landwatch.commands.intake import SHOWN_ROWS, Imported, IssueGroup, Reading, import_files
from landwatch.commands.policies import Shelved, adopt, drop, policies, policy
from landwatch.commands.scanning import Scanned, kept_scan, scan
from landwatch.commands.showing import Shown, demo
from landwatch.commands.store import Made, init
from landwatch.commands.telling import Told
from landwatch.commands.visiting import visit

__all__ = [
    "SHOWN_ROWS", "Explained", "Found", "Imported", "IssueGroup", "Made", "Reading", "Scanned",
    "Shelved", "Shown", "Told", "adopt", "demo", "draw_map", "drop", "explain", "findings",
    "import_files", "init", "kept_scan", "policies", "policy", "report", "scan", "visit",
    "wanted_findings", "write_findings",
]  # fmt: skip
