"""What an import may say, code by code, as pages: `python -m landwatch.ledger.codes_page docs`.

A code is never used again for another meaning; scripts may count by it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from landwatch.language.catalogue import catalogue, say
from landwatch.language.markdown import cell, code, table
from landwatch.ledger.issues import IssueCode

ENDINGS = {"zh": "", "en": ".en"}
_PLACE = re.compile(r"\{(\w+)[^{}]*\}")


def pages() -> Iterator[tuple[str, str]]:
    """Yield the page of each language: its name in `docs/` and what it should hold."""
    for lang, ending in ENDINGS.items():
        yield f"import-codes{ending}.md", page(lang)


def page(lang: str) -> str:
    """Return every code with its sentence, in order of the code."""
    head = [say(f"ledger.codes.{name}", lang) for name in ("code", "words")]
    rows = [
        (code(str(one)), cell(_with_places(catalogue()[f"ledger.issue.{one}"][lang])))
        for one in sorted(IssueCode)
    ]
    parts = [
        f"# {say('ledger.codes.title', lang)}",
        say("ledger.codes.intro", lang, count=len(rows)),
        table(head, rows),
    ]
    return "\n\n".join(parts) + "\n"


def _with_places(sentence: str) -> str:
    """Return a sentence with its places shown as names that a reader sees.

    >>> _with_places("第 {row} 行")
    '第 ‹row› 行'
    """
    return _PLACE.sub(r"‹\1›", sentence)


def write(folder: Path) -> None:
    """Write the pages into `folder`."""
    for name, text in pages():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
