"""What verbs tell those who operate landwatch: lines of the journal, figures, what is late."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landwatch.language.catalogue import LANGUAGES
from landwatch.operations import journal
from landwatch.operations.inbox import FATES
from landwatch.operations.metrics import Family, Sample
from landwatch.operations.run import current

if TYPE_CHECKING:
    from landwatch.commands.intake import Imported
    from landwatch.commands.memory import Redone, Undone
    from landwatch.commands.night import Night
    from landwatch.commands.scanning import Scanned
    from landwatch.scan.freshness_figures import Freshness, SourceLine


def note_import(done: Imported, *, dry_run: bool = False) -> None:
    """Tell that a file was taken in, and how its rows fared."""
    seconds, kind = current().lap(), str(done.kind)
    tally, receipt = done.tally, done.receipt
    fates = {
        "accepted": tally.accepted,
        "accepted_with_remarks": tally.accepted_with_remarks,
        "refused": tally.refused,
        "set_aside": tally.set_aside,
    }
    stored = {}
    if receipt is not None:
        stored = {"new": receipt.new, "changed": receipt.changed, "unchanged": receipt.unchanged}
    journal.note(
        "imported", logging.WARNING if tally.refused else logging.INFO, kind=kind,
        import_id=receipt.import_id if receipt else None, file=done.source.name,
        file_sha256=done.source.sha256[:12], rows=tally.rows, **fates, **stored,
        seconds=round(seconds, 3), dry_run=dry_run or None,
    )  # fmt: skip
    if dry_run:
        return
    rows = [Sample(count, {"kind": kind, "result": fate}) for fate, count in fates.items()]
    rows += [Sample(count, {"kind": kind, "result": name}) for name, count in stored.items()]
    of_kind = {"kind": kind}
    now = round(datetime.now(UTC).timestamp())
    current().measured(
        Family("landwatch_import_rows", rows, "kind"),
        Family("landwatch_import_seconds", [Sample(round(seconds, 3), of_kind)], "kind"),
        Family("landwatch_last_import_timestamp_seconds", [Sample(now, of_kind)], "kind"),
    )


def note_scan(done: Scanned, *, alerting: bool = False) -> None:
    """Tell that a scan was made, with its counts; its freshness too."""
    seconds, summary = current().lap(), done.summary
    gravities = {str(name): count for name, count in done.gravities.items()}
    facts = {"scan_id": summary.scan_id, "as_of": summary.as_of.isoformat()}
    current().facts |= facts
    journal.note(
        "scanned", **facts, known_at=summary.known_at.isoformat(), contracts=summary.contracts,
        rules=len(summary.counts), outcomes=gravities, seconds=round(seconds, 3),
    )  # fmt: skip
    day = datetime.combine(summary.as_of, time(), UTC).timestamp()
    outcomes = [
        Sample(count, {"rule": rule, "status": status})
        for rule, by_status in summary.counts.items()
        for status, count in by_status.items()
    ]
    single = {
        "landwatch_scan_seconds": round(seconds, 3),
        "landwatch_scan_contracts": summary.contracts,
        "landwatch_scan_day_timestamp_seconds": day,
        "landwatch_last_scan_timestamp_seconds": round(summary.made_at.timestamp()),
    }
    current().measured(
        Family("landwatch_scan_outcomes", outcomes),
        *(Family(name, [Sample(value)]) for name, value in single.items()),
    )
    if done.freshness is not None:
        note_freshness(done.freshness, alerting=alerting)


def note_freshness(fresh: Freshness, *, alerting: bool = False) -> None:
    """Tell which expected sources are late; whoever is alerted hears of them where asked."""
    late = tuple(_late(line) for line in fresh.late)
    if late:
        journal.note("sources_late", logging.WARNING, count=len(late), late=[dict(x) for x in late])
    lateness, shares = [], []
    for line in fresh.lines:
        labels = {"source": line.asked.source, "zone": line.asked.zone_id or ""}
        lateness.append(Sample(line.late, labels))
        shares.append(Sample(float(line.share or 0), labels))
    current().measured(
        Family("landwatch_source_late", lateness), Family("landwatch_source_covered_ratio", shares)
    )
    if alerting:
        current().late = late


def _late(line: SourceLine) -> Mapping[str, Any]:
    return {
        "source": line.asked.source,
        "zone_id": line.asked.zone_id,
        "period": line.period.code if line.period else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "late_since": line.late_since.isoformat() if line.late_since else None,
        "expected": line.expected,
        "covered": line.covered,
        "periods_missed": line.missed,
    }


def note_night(found: Night, exit_code: int) -> None:
    """Tell what became of the files of a nightly run, and what stopped it."""
    fates = Counter(str(one.fate) for one in found.files)
    run = current()
    run.facts |= {"files": dict(fates), "resumed": found.since is not None}
    run.details["inbox"] = [
        {
            "file": one.name,
            "fate": str(one.fate),
            "report": str(one.report.absolute()) if one.report else None,
            "why": {lang: one.what_to_do(lang) for lang in LANGUAGES},
        }
        for one in found.not_taken
    ]
    if found.edited:
        journal.note("store_edited", logging.WARNING, tables=dict(found.edited))
        run.details["edited"] = dict(found.edited)
    if found.against is not None:
        told = found.against
        run.facts |= {"changes": dict(told.kinds), "newly_breach": told.newly_breach}
        changes = [Sample(count, {"kind": kind}) for kind, count in told.kinds.items()]
        run.measured(Family("landwatch_scan_changes", changes))
    if found.stopped is not None:
        run.error = found.stopped.code
    run.words = {lang: found.in_words(exit_code, lang) for lang in LANGUAGES}
    counts = [Sample(fates[fate], {"fate": fate}) for fate in FATES]
    run.measured(Family("landwatch_nightly_files", counts))


def no_run() -> None:
    """Have those who operate landwatch not take what is asked for as a run of its verb."""
    current().verb = ""


def note_store(url: str) -> None:
    """Tell how large the file of a store is; a server tells that itself."""
    if url.startswith("postgresql"):
        return
    path = Path(url.removeprefix("sqlite+gpkg:///")).expanduser()
    if path.is_file():
        size = Family("landwatch_store_bytes", [Sample(path.stat().st_size)])
        current().measured(size)


def note_withdrawal(event: str, done: Undone | Redone, reason: str) -> None:
    """Tell that an import was taken back or brought back."""
    journal.note(event, logging.WARNING, import_id=done.act.import_id, reasoned=bool(reason))
