"""Verbs that write a file of a kept scan, and the demo that writes them all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    AsOfOption,
    ByOption,
    KnownAtOption,
    LangOption,
    QuietOption,
    ScanOption,
    StoreOption,
    by_of,
    h,
    lang_of,
    listed,
    store_of,
    which_of,
)


@app.command("map", help=h("map"))
def map_(
    out: Annotated[Path, typer.Argument(help=h("argument.map"), metavar="OUT.html")],
    status: Annotated[list[str] | None, typer.Option(help=h("option.status"))] = None,
    title: Annotated[str | None, typer.Option(help=h("option.title"))] = None,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    receipt = commands.draw_map(
        store_of(store), out, lang=words, statuses=listed(status), which=which, title=title
    )
    screen.drawn(receipt, words)


@app.command(help=h("report"))
def report(
    out: Annotated[Path, typer.Argument(help=h("argument.report"), metavar="OUT.xlsx")],
    title: Annotated[str | None, typer.Option(help=h("option.title"))] = None,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    path = commands.report(store_of(store), out, lang=words, which=which, title=title)
    screen.reported(path, words)


@app.command(help=h("demo"))
def demo(
    folder: Annotated[Path, typer.Argument(help=h("argument.folder"), metavar="[FOLDER]")] = Path(
        "landwatch-demo"
    ),
    quiet: QuietOption = False,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.progress(words) as told:
        shown = commands.demo(folder, by=by_of(by), lang=words, told=told)
    screen.demo_shown(shown, words)
