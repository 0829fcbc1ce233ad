"""What is shown of digests: the text itself, or where their files are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch.reports.digest_table import change_row
from landwatch.reports.digest_text import digest_text
from landwatch.reports.plain import as_json as in_json
from landwatch.screen.console import err, harmless, out, phrase, say_edited

if TYPE_CHECKING:
    from landwatch.commands import Digested


def digested(found: Digested, lang: str, *, as_json: bool) -> None:
    """Show digests as text, or all they are made of for a machine."""
    say_edited(found.compared.edited, lang)
    if not as_json:
        for one in found.digests:
            out().print(harmless(digest_text(one, lang)), markup=False, soft_wrap=True)
        return
    answer = [
        {
            "for": one.whose,
            "name": one.name,
            "mails": list(one.mails),
            "before_scan_id": one.before.scan_id,
            "after_scan_id": one.after.scan_id,
            "subject": one.title(lang),
            "counts": {str(kind): count for kind, count in one.counts.items()},
            "altered": one.altered_count,
            "standing": [
                {"zone_id": zone, **{str(name): count for name, count in counts.items()}}
                for zone, counts in one.standing.items()
            ],
            "unowned": list(one.unowned),
            "changes": [change_row(change) for change in one.changes],
        }
        for one in found.digests
    ]
    out().print_json(in_json(answer))


def digests_written(found: Digested, files: Sequence[Path], lang: str) -> None:
    """Say where digests are."""
    say_edited(found.compared.edited, lang)
    folder = files[0] if len(files) == 1 else files[0].parent
    told = {"count": len(found.digests), "files": len(files), "folder": folder}
    err().print(phrase("digest.written", lang, **told), soft_wrap=True)
