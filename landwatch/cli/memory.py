"""Verbs of memory: who told what, which imports there were, taking one back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    ByOption,
    JsonOption,
    KnownAtOption,
    LangOption,
    StoreOption,
    by_of,
    h,
    lang_of,
    listed,
    moment_of,
    store_of,
)


@app.command(help=h("history"))
def history(
    subject: Annotated[str, typer.Argument(help=h("argument.subject"), metavar="CONTRACT")],
    column: Annotated[list[str] | None, typer.Option(help=h("option.column"))] = None,
    known_at: KnownAtOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=h("option.history_out"))
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    told = commands.history(
        store_of(store), subject, columns=listed(column), known_at=moment_of(known_at)
    )
    if output is not None:
        count = commands.write_history(told, output)
        screen.written(output, count, words)
        return
    screen.history(told, subject, words, as_json=as_json)


@app.command("imports", help=h("imports"))
def imports(
    as_json: JsonOption = False, store: StoreOption = None, lang: LangOption = None
) -> None:
    from landwatch import commands, screen

    screen.imports(commands.imports(store_of(store)), lang_of(lang), as_json=as_json)


@app.command(help=h("redo"))
def redo(
    import_id: Annotated[
        int, typer.Argument(help=h("argument.import"), metavar="IMPORT", min=1, max=2**31)
    ],
    reason: Annotated[str, typer.Option(help=h("option.reason"))] = "",
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    done = commands.redo(store_of(store), import_id, by=by_of(by), reason=reason)
    if done.done:
        commands.note_withdrawal("redone", done, reason)
    screen.redone(done, lang_of(lang))


@app.command(help=h("undo"))
def undo(
    import_id: Annotated[
        int, typer.Argument(help=h("argument.import"), metavar="IMPORT", min=1, max=2**31)
    ],
    reason: Annotated[str, typer.Option(help=h("option.reason"))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=h("option.undo_dry_run"))] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    done = commands.undo(store_of(store), import_id, by=by_of(by), reason=reason, dry_run=dry_run)
    if done.done:
        commands.note_withdrawal("undone", done, reason)
    screen.undone(done, lang_of(lang), as_json=as_json)
