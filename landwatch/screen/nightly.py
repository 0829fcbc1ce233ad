"""What is shown of a nightly run, and of the examples that set one up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from landwatch.commands.night import end_of
from landwatch.language.catalogue import listed, say
from landwatch.screen.console import err, harmless, out, phrase, print_json
from landwatch.screen.intake import counts_of
from landwatch.screen.scanning import scanned
from landwatch.screen.status_json import freshness_json

if TYPE_CHECKING:
    from landwatch.commands import Against, Called, FileDone, Night

_TONES = {"done": "green", "arriving": "yellow", "ignored": "dim"}


def night(found: Night, lang: str, *, as_json: bool, exit_code: int) -> None:
    """Show what became of each file, of the scan and of what is late, and what to do next."""
    if as_json:
        print_json(night_json(found, exit_code))
        return
    console = err()
    if found.since is not None:
        when = f"{found.since.astimezone():%Y-%m-%d %H:%M:%S}"
        console.print(phrase("nightly.resumed", lang, when=when), soft_wrap=True)
    if found.files:
        out().print(_files_table(found, lang))
        for one in found.not_taken:
            console.print(f"[red]•[/] {_plain(one.what_to_do(lang))}", soft_wrap=True)
    else:
        console.print(phrase("nightly.empty", lang, folder=found.folder), soft_wrap=True)
    if found.scanned is not None:
        scanned(found.scanned, lang, as_json=False)
    if found.scanned is not None and found.against is None:
        console.print(phrase("nightly.not_compared", lang), soft_wrap=True)
    if found.against is not None:
        console.print(_changes(found.against, lang), soft_wrap=True)
    if found.stopped is not None:
        words = escape(harmless(found.stopped.in_words(lang)))
        console.print(f"[bold red]{words}[/]", soft_wrap=True)
    console.print(phrase(end_of(exit_code), lang, code=exit_code), soft_wrap=True)


def _changes(told: Against, lang: str) -> str:
    """Return what changed since the scan before, and where to read why."""
    kinds = ("new", "escalated", "changed", "eased", "cured", "vanished")
    counts = [f"{say(f'compare.kind.{kind}', lang)} {told.kinds.get(kind, 0)}" for kind in kinds]
    new = phrase("nightly.newly_breach", lang, count=told.newly_breach)
    tone = "bold red" if told.newly_breach else "green"
    line = phrase(
        "nightly.changes", lang, before=told.scan_id, now=told.now_id, changes=listed(counts, lang)
    )
    return f"{line} [{tone}]{new}[/]"


def _files_table(found: Night, lang: str) -> Table:
    title = phrase("nightly.files", lang, folder=found.folder)
    table = Table(header_style="bold", title=title, title_justify="left")
    for key in ("file", "kind", "fate", "rows", "now_at"):
        table.add_column(phrase(f"nightly.column.{key}", lang), overflow="fold")
    for one in found.files:
        fate, tone = phrase(f"nightly.fate.{one.fate}", lang), _TONES.get(one.fate, "red")
        kind = phrase(f"now.kind.{one.imported.kind}", lang) if one.imported else ""
        now_at = one.now_at.parent.relative_to(found.folder) if one.now_at else ""
        table.add_row(
            _plain(one.name), kind, f"[{tone}]{fate}[/]", _rows(one, lang), _plain(str(now_at))
        )
    return table


def _rows(one: FileDone, lang: str) -> str:
    if one.imported is None:
        return ""
    told = counts_of(one.imported)
    taken = told["accepted"] + told["accepted_with_remarks"]
    return phrase("nightly.rows", lang, taken=taken, refused=told["refused"])


def _plain(text: str) -> str:
    return escape(harmless(text))


def night_json(found: Night, exit_code: int) -> dict[str, Any]:
    """Return the whole of a nightly run for a machine."""
    done, stopped = found.scanned, found.stopped
    return {
        "exit_code": exit_code,
        "as_of": found.as_of.isoformat(),
        "resumed_since": found.since.isoformat() if found.since else None,
        "files": [_file_json(one) for one in found.files],
        "scan_id": done.summary.scan_id if done else None,
        "gravities": {str(name): count for name, count in done.gravities.items()} if done else {},
        "compared_with": found.against.scan_id if found.against else None,
        "changes": dict(found.against.kinds) if found.against else None,
        "newly_breach": found.against.newly_breach if found.against else None,
        "late": found.late,
        "edited": dict(found.edited),
        "freshness": freshness_json(done.freshness) if done and done.freshness else None,
        "stopped": stopped and {"error": stopped.code, "words": stopped.in_words("en")},
    }


def _file_json(one: FileDone) -> dict[str, Any]:
    receipt = one.imported.receipt if one.imported else None
    return {
        "file": one.name,
        "fate": str(one.fate),
        "kind": str(one.imported.kind) if one.imported else None,
        "import_id": receipt.import_id if receipt else None,
        **(counts_of(one.imported) if one.imported else {}),
        "error": one.why.code if one.why else None,
        "now_at": str(one.now_at.absolute()) if one.now_at else None,
        "report": str(one.report.absolute()) if one.report else None,
    }


def nothing_to_resume(folder: Path, lang: str) -> None:
    """Say that the run before came to its end."""
    err().print(phrase("nightly.nothing_left", lang, folder=folder), soft_wrap=True)


def examples(found: Sequence[tuple[str, str]], lang: str, folder: Path | None) -> None:
    """Print the files of an example, or say where they were written."""
    for name, text in found:
        if folder is None:
            out().print(text, markup=False, soft_wrap=True)
        else:
            err().print(phrase("nightly.example_written", lang, file=name), soft_wrap=True)


def alert_tried(done: Called, lang: str) -> None:
    """Say how the alert program fared."""
    if done.heard:
        err().print(phrase("alert.heard", lang, seconds=f"{done.seconds:.1f}"))
    else:
        why = done.why or f"exit code {done.exit_code}"
        err().print(phrase("alert.not_heard", lang, why=why), soft_wrap=True)
