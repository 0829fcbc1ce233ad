"""What is shown of a ledger's doctor: a table of what does not fit, with examples and a cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from landwatch.commands.ledger_doctor import example_words
from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from landwatch.commands import LedgerSeen
    from landwatch.geo.sightings import Example, Sighting

SHOWN_EXAMPLES = 3
_STYLES = {"wrong": "red", "suspect": "yellow", "note": "dim"}


def ledger_seen(seen: LedgerSeen, lang: str, *, as_json: bool) -> None:
    """Show what the doctor saw in a ledger."""
    if as_json:
        print_json(_told(seen, lang))
        return
    looked = {str(kind): count for kind, count in seen.looked.items()}
    out().print(phrase("doctor.ledger.looked", lang, as_of=seen.as_of, **looked))
    if not seen.sightings:
        out().print(f"[green]{phrase('doctor.ledger.sound', lang)}[/]")
        return
    table = Table(header_style="bold", show_lines=True)
    table.add_column(phrase("doctor.ledger.head.what", lang), overflow="fold", ratio=4)
    table.add_column(phrase("doctor.ledger.head.count", lang), justify="right")
    table.add_column(phrase("doctor.ledger.head.examples", lang), overflow="fold", ratio=6)
    for sighting in seen.sightings:
        style = _STYLES[sighting.severity]
        gap = "" if lang == "zh" else " "  # a long line of Chinese would go below the mark
        what = f"[{style}]●[/]{gap}{phrase(f'doctor.saw.{sighting.code}', lang)}"
        table.add_row(what, str(sighting.count), _examples(sighting, lang))
    out().print(table)
    err().print(phrase("doctor.ledger.more", lang))


def ledger_seen_written(path: Path, lang: str) -> None:
    """Say where the table is."""
    err().print(phrase("doctor.ledger.written", lang, path=path))


def _examples(sighting: Sighting, lang: str) -> str:
    shown = [
        phrase("doctor.ledger.example", lang, words=example_words(sighting.code, one, lang))
        for one in sighting.examples[:SHOWN_EXAMPLES]
    ]
    return "\n".join([*shown, *(["…"] if sighting.count > SHOWN_EXAMPLES else [])])


def _told(seen: LedgerSeen, lang: str) -> dict[str, Any]:
    """Return all of it for a machine."""
    return {
        "as_of": seen.as_of,
        "looked_at": {str(kind): count for kind, count in seen.looked.items()},
        "found": [
            {
                "code": one.code,
                "severity": str(one.severity),
                "count": one.count,
                "examples": [_example(one.code, example, lang) for example in one.examples],
            }
            for one in seen.sightings
        ],
    }


def _example(code: str, example: Example, lang: str) -> dict[str, Any]:
    return {"key": example.key, **example.told, "words": example_words(code, example, lang)}
