"""Verbs that make a store and fill it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    EXIT_REFUSED,
    ByOption,
    JsonOption,
    LangOption,
    MetricsOption,
    QuietOption,
    StoreOption,
    by_of,
    day_of,
    h,
    lang_of,
    store_of,
)
from landwatch.errors import UnknownNameError
from landwatch.language.columns import Kind


@app.command(help=h("init"))
def init(store: StoreOption = None, lang: LangOption = None, by: ByOption = None) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    screen.made(commands.init(store_of(store), by=by_of(by)), words)


@app.command("import", help=h("import"))
def import_(
    kind: Annotated[str, typer.Argument(help=h("argument.kind"), metavar="KIND")],
    files: Annotated[list[Path], typer.Argument(help=h("argument.files"), metavar="FILE…")],
    encoding: Annotated[str | None, typer.Option(help=h("option.encoding"))] = None,
    crs: Annotated[str | None, typer.Option(help=h("option.crs"))] = None,
    cure: Annotated[str | None, typer.Option(help=h("option.cure"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=h("option.dry_run"))] = False,
    report: Annotated[Path | None, typer.Option(help=h("option.report"))] = None,
    mapping: Annotated[Path | None, typer.Option(help=h("option.mapping"))] = None,
    guess: Annotated[Path | None, typer.Option(help=h("option.guess"))] = None,
    repair: Annotated[bool, typer.Option("--repair", help=h("option.repair"))] = False,
    adapter: Annotated[str | None, typer.Option(help=h("option.adapter"))] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    metrics: MetricsOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if kind not in set(Kind):
        raise UnknownNameError("what.kind", kind, list(Kind))
    how = commands.Reading(encoding, crs, day_of(None), mapping, cure, repair, adapter)
    if guess is not None:
        guessed = commands.guess_mapping(Kind(kind), files, guess, reading=how, lang=words)
        screen.guessed(guessed, guess, words)
        return
    refused = 0
    with screen.progress(words) as told:
        taken = commands.import_files(
            store_of(store), Kind(kind), files, by=by_of(by), dry_run=dry_run, report=report,
            reading=how, lang=words, told=told,
        )  # fmt: skip
        for done in taken:
            commands.note_import(done, dry_run=dry_run)
            screen.imported(done, words, as_json=as_json, dry_run=dry_run)
            refused += done.tally.refused
    if report is not None:
        screen.issues_written(report, words)
    if refused:
        raise typer.Exit(EXIT_REFUSED)
