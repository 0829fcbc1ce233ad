"""The adapters that are installed, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import say
from landwatch.screen.console import err, out, phrase, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landwatch.ledger.adapters.installed import Installed


def adapters_listed(found: Sequence[Installed], lang: str, *, as_json: bool) -> None:
    """Show each adapter with what it reads, or why it cannot be used."""
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    if not found:
        err().print(phrase("screen.adapter.none", lang))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("name", "reads", "package", "version"):
        table.add_column(say(f"screen.adapter.{name}", lang), overflow="fold")
    for one in found:
        broken = phrase("screen.adapter.broken", lang, reason=one.reason)
        reads = f"[red]{broken}[/]" if one.adapter is None else escape(one.in_words(lang))
        table.add_row(escape(one.name), reads, escape(one.package), escape(one.version))
    out().print(table)


def _as_json(one: Installed) -> dict[str, object]:
    told = {"name": one.name, "package": one.package, "version": one.version}
    usable = one.adapter is not None
    return {**told, "title": dict(one.title), "usable": usable, "reason": one.reason or None}
