"""What is shown of a pruning: which scans' outcomes went, which stay and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from landwatch.screen.console import err, moment_words, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import Pruned
    from landwatch.store.prunings import Fate

LISTED = 60
"""Scans that a terminal lists, the latest of them; --json has all."""


def pruned(done: Pruned, lang: str, *, as_json: bool) -> None:
    """Show what became of each scan, and what room that gives."""
    if as_json:
        print_json(_told(done))
        return
    going = [fate for fate in done.fates if fate.goes]
    if done.fates:
        table = Table(header_style="bold")
        for key in ("scan", "made", "size", "fate", "why"):
            name = phrase(f"prune.head.{key}", lang)
            table.add_column(name, overflow="fold", justify="right" if key == "size" else "left")
        for fate in done.fates[-LISTED:]:
            table.add_row(*_cells(fate, done, lang))
        out().print(table)
        if len(done.fates) > LISTED:
            err().print(phrase("prune.more", lang, count=len(done.fates) - LISTED))
    key = "prune.would" if done.dry_run else "prune.done"
    kept = sum(not fate.goes and fate.why != "pruned" for fate in done.fates)
    size = megabytes(done.freed_bytes)
    err().print(phrase(key, lang, count=len(going), size=size, kept=kept), soft_wrap=True)
    if done.works:
        key = "prune.works_would" if done.dry_run else "prune.works"
        err().print(phrase(key, lang, count=done.works))
    _room(done, lang)


def _room(done: Pruned, lang: str) -> None:
    """Say where the freed room is, and how it is given back."""
    if done.compacted is not None:
        before, after = (
            megabytes(size) for size in (done.compacted.before_bytes, done.compacted.after_bytes)
        )
        err().print(phrase("prune.compacted", lang, before=before, after=after))
    elif done.freed_bytes and not done.dry_run:
        err().print(phrase("prune.room_server" if done.on_server else "prune.room", lang))


def _cells(fate: Fate, done: Pruned, lang: str) -> list[str]:
    if fate.goes:
        told = phrase("prune.fate.would" if done.dry_run else "prune.fate.gone", lang)
        what = f"[yellow]{told}[/]"
    else:
        what = phrase("prune.fate.before" if fate.why == "pruned" else "prune.fate.stays", lang)
    return [
        str(fate.scan.scan_id),
        moment_words(fate.scan.made_at),
        f"{megabytes(fate.scan.bytes)} MB",
        what,
        _why(fate, lang),
    ]


def _why(fate: Fate, lang: str) -> str:
    """Return why a scan goes or stays; where no day is kept, “older than 0 days” says nothing."""
    if fate.why == "old" and not fate.number:
        return phrase("prune.why.not_kept", lang)
    return phrase(f"prune.why.{fate.why}", lang, number=fate.number)


def megabytes(size: int) -> str:
    """Return a size in megabytes.

    >>> megabytes(1_234_567), megabytes(1_234)
    ('1.2', '0.0')
    """
    return f"{size / 1e6:,.1f}"


def _told(done: Pruned) -> dict[str, Any]:
    return {
        "dry_run": done.dry_run,
        "freed_bytes": done.freed_bytes,
        "unfinished_swept": done.works,
        "compacted": done.compacted
        and {
            "before_bytes": done.compacted.before_bytes,
            "after_bytes": done.compacted.after_bytes,
        },
        "scans": [
            {
                "scan_id": fate.scan.scan_id,
                "made_at": fate.scan.made_at.isoformat(),
                "bytes": fate.scan.bytes,
                "goes": fate.goes,
                "why": fate.why,
                "number": fate.number,
            }
            for fate in done.fates
        ],
    }
