"""What is shown of a store that is copied into another."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.table import Table

from landwatch.language.catalogue import say
from landwatch.screen.console import err, out, phrase, print_json
from landwatch.screen.progress import progress

if TYPE_CHECKING:
    from landwatch.commands import Copied
    from landwatch.store.copying import Told

_SIGNS = 12
"""So much of a hash is shown; two that differ differ here too, but for one in 10^14."""


@contextmanager
def copying(lang: str) -> Iterator[Told]:
    """Show how far a copy is: first writing, then reading both stores again."""
    with progress(lang) as bar:

        def told(step: str, table: str, done: int, of: int) -> None:
            bar(say(f"copy.step.{step}", lang, table=table), done, of)

        yield told


def copied(done: Copied, lang: str, *, as_json: bool) -> None:
    """Show each table as it was read back from both stores."""
    if as_json:
        print_json(
            {
                "source": done.source,
                "target": done.target,
                "rows": done.rows,
                "seconds": round(done.seconds, 3),
                "numbers_shortened": done.shortened,
                "tables": [
                    {"table": one.name, "rows": one.here.rows, "sha256": one.here.sha256}
                    for one in done.tables
                ],
            }
        )
        return
    table = Table(header_style="bold", caption_justify="left")
    for name in ("table", "there", "here", "hash"):
        counted = name in ("there", "here")
        table.add_column(phrase(f"copy.{name}", lang), justify="right" if counted else "left")
    for one in done.tables:
        if one.there.rows:
            cells = (_called(one.name, lang), f"{one.there.rows:,}", f"{one.here.rows:,}")
            table.add_row(*cells, f"{one.here.sha256[:_SIGNS]}… =")
    out().print(table)
    words = err()
    empty = sum(not one.there.rows for one in done.tables)
    told = {"rows": f"{done.rows:,}", "tables": len(done.tables), "empty": empty}
    words.print(
        phrase(
            "copy.done", lang, **told, source=done.source, target=done.target,
            seconds=f"{done.seconds:,.1f}",
        )
    )  # fmt: skip
    if done.shortened:
        words.print(phrase("copy.shortened", lang, count=f"{done.shortened:,}"))
    after = "copy.next" if "://" in done.target else "copy.next_file"
    words.print(phrase(after, lang, target=shlex.quote(done.target)))


def _called(table: str, lang: str) -> str:
    """Return the name of a table; the one of counters says so: its rows are no edits."""
    return phrase("copy.counters", lang, table=table) if table == "edits" else table
