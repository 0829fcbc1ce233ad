"""The command line: options in, one call of `commands`, words out. It takes no decision.

Machine output goes to stdout, words and progress to stderr. Exit codes are those of ledger.md §5.
Nothing heavy is imported before a verb runs, so that `--help` is quick.
"""

from landwatch.cli import ledger, scanning, visiting, writing, policies  # isort: skip (order of help)
from landwatch.cli import lawbook_checks, lawbook_reading, whatif  # isort: skip
from landwatch.cli import memory, status, export, adapters  # isort: skip
from landwatch.cli import doctor, ledger_doctor  # isort: skip
from landwatch.cli import copying, server  # isort: skip
from landwatch.cli import comparing, digesting, charges  # isort: skip
from landwatch.cli import nightly  # isort: skip
from landwatch.cli import tiling  # isort: skip
from landwatch.cli import pruning, sampling, store_doctor  # isort: skip
from landwatch.cli import picturing  # isort: skip
from landwatch.cli.app import app
from landwatch.cli.running import main, run

__all__ = [
    "adapters", "app", "charges", "comparing", "copying", "digesting", "doctor", "export",
    "lawbook_checks", "lawbook_reading", "ledger", "ledger_doctor", "main", "memory", "nightly",
    "picturing", "policies", "pruning", "run", "sampling", "scanning", "server", "status",
    "store_doctor", "tiling", "visiting", "whatif", "writing",
]  # fmt: skip
