"""What a person asks for: one function a verb, used by the command line and by tests alike.

A verb takes plain values, does its work through the rooms, and returns what happened; it prints
nothing. `told` hears of progress; what the user did wrong is raised as a LandwatchError.
"""

from landwatch.bootstrap import Crew
from landwatch.commands.adapters import adapters
from landwatch.commands.charges import ChargesSeen, charges, end_charge, put_in_charge
from landwatch.commands.comparing import (
    LAST,
    Compared,
    Narrowed,
    compare,
    place_of_changes,
    write_changes,
)
from landwatch.commands.copying import Copied, copy
from landwatch.commands.digesting import Digested, ForWhom, digest, place_of_digest, write_digests
from landwatch.commands.doctor import (
    CoordinatesSeen,
    LayerSeen,
    doctor_coordinates,
    draw_coordinates,
)
from landwatch.commands.drawing import PageWishes, draw_map, place_of_page, report
from landwatch.commands.examples import Called, Example, examples_of, site_of, try_alert
from landwatch.commands.export import Exported, export
from landwatch.commands.finding import (
    Explained,
    Found,
    explain,
    findings,
    wanted_findings,
    write_findings,
)
from landwatch.commands.intake import (
    Imported,
    IssueGroup,
    Reading,
    guess_mapping,
    import_files,
)
from landwatch.commands.lawbook_checks import CasesTried, PolicyCheck, check_policy, try_policies
from landwatch.commands.lawbook_reading import (
    Begun,
    Differing,
    begin_policy,
    compare_policies,
    policy_schema,
    read_policy,
    search_policies,
)
from landwatch.commands.ledger_doctor import (
    LedgerSeen,
    doctor_ledger,
    place_of_ledger_seen,
    write_ledger_seen,
)
from landwatch.commands.memory import (
    Fate,
    Imports,
    Redone,
    Telling,
    Thing,
    Undone,
    history,
    history_rows,
    imports,
    redo,
    undo,
    value_in_plain,
    write_history,
)
from landwatch.commands.night import Against, FileDone, FileFate, Night
from landwatch.commands.nightly import NightWork, night_ended, nightly
from landwatch.commands.operating import (
    no_run,
    note_freshness,
    note_import,
    note_night,
    note_scan,
    note_store,
    note_withdrawal,
)
from landwatch.commands.page_time import TimeWishes
from landwatch.commands.patience import Patience
from landwatch.commands.picturing import Paper, draw_picture, write_slip
from landwatch.commands.policies import (
    Adopted,
    Shelved,
    adopt,
    drop,
    policies,
    policy,
    policy_history,
)
from landwatch.commands.pruning import Pruned, prune
from landwatch.commands.sample_entry import SheetEntered, enter_sample, judge_item
from landwatch.commands.sampling import (
    SampleSeen,
    draw_sample,
    sample,
    samples,
    write_sample,
)
from landwatch.commands.scanning import LATEST, Scanned, Which, kept_scan, scan, scan_again
from landwatch.commands.server import Published, RolesGiven, publish, server_roles
from landwatch.commands.showing import Shown, demo
from landwatch.commands.status import (
    Sources,
    Status,
    drop_source,
    expect_source,
    receive_source,
    sources,
    status,
)
from landwatch.commands.store import Made, init
from landwatch.commands.store_doctor import StoreSeen, doctor_store
from landwatch.commands.strangers import SHOWN_ROWS
from landwatch.commands.telling import Told
from landwatch.commands.tiling import tiles
from landwatch.commands.visiting import visit
from landwatch.commands.whatif import draw_what_if, place_of_workbook, what_if, write_what_if
from landwatch.store import LawbookAct, Scope

__all__ = [
    "LAST", "LATEST", "SHOWN_ROWS", "Adopted", "Against", "Begun", "Called", "CasesTried",
    "ChargesSeen", "Compared", "CoordinatesSeen", "Copied", "Crew", "Differing", "Digested",
    "Example", "Explained", "Exported", "Fate", "FileDone", "FileFate", "ForWhom", "Found",
    "Imported", "Imports", "IssueGroup", "LawbookAct", "LayerSeen", "LedgerSeen", "Made",
    "Narrowed", "Night", "NightWork", "PageWishes", "Paper", "Patience", "PolicyCheck", "Pruned",
    "Published", "Reading", "Redone", "RolesGiven", "SampleSeen", "Scanned", "Scope",
    "SheetEntered", "Shelved", "Shown", "Sources", "Status", "StoreSeen", "Telling", "Thing",
    "TimeWishes", "Told", "Undone", "Which", "adapters", "adopt", "begin_policy", "charges",
    "check_policy", "compare", "compare_policies", "copy", "demo", "digest", "doctor_coordinates",
    "doctor_ledger", "doctor_store", "draw_coordinates", "draw_map", "draw_picture", "draw_sample",
    "draw_what_if", "drop", "drop_source", "end_charge", "enter_sample", "examples_of",
    "expect_source", "explain", "export", "findings", "guess_mapping", "history", "history_rows",
    "import_files", "imports", "init", "judge_item", "kept_scan", "night_ended", "nightly",
    "no_run", "note_freshness", "note_import", "note_night", "note_scan", "note_store",
    "note_withdrawal", "place_of_changes", "place_of_digest", "place_of_ledger_seen",
    "place_of_page", "place_of_workbook", "policies", "policy", "policy_history", "policy_schema",
    "prune", "publish", "put_in_charge", "read_policy", "receive_source", "redo", "report",
    "sample", "samples", "scan", "scan_again", "search_policies", "server_roles", "site_of",
    "sources", "status", "tiles", "try_alert", "try_policies", "undo", "value_in_plain", "visit",
    "wanted_findings", "what_if", "write_changes", "write_digests", "write_findings",
    "write_history", "write_ledger_seen", "write_sample", "write_slip", "write_what_if",
]  # fmt: skip
