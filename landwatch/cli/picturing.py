"""Verbs that put a kept scan on paper: the picture, and the slip of a contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    AsOfOption,
    JsonOption,
    KnownAtOption,
    LangOption,
    MadeUpOption,
    QuietOption,
    ScanOption,
    StatusOption,
    StoreOption,
    TitleOption,
    ZoneOption,
    h,
    lang_of,
    listed,
    store_of,
    which_of,
)

FontOption = Annotated[Path | None, typer.Option("--font", help=h("option.font"))]
LinkOption = Annotated[str | None, typer.Option("--link", help=h("option.link"))]


@app.command(help=h("picture"))
def picture(
    out: Annotated[Path, typer.Argument(help=h("argument.picture"), metavar="OUT.png|svg|pdf")],
    zone: ZoneOption = None,
    atlas: Annotated[bool, typer.Option("--atlas", help=h("option.atlas"))] = False,
    paper: Annotated[str, typer.Option("--paper", help=h("option.paper"))] = "a4",
    landscape: Annotated[
        bool, typer.Option("--landscape/--portrait", help=h("option.landscape"))
    ] = True,
    status: StatusOption = None,
    title: TitleOption = None,
    note: Annotated[str | None, typer.Option("--note", help=h("option.picture_note"))] = None,
    link: LinkOption = None,
    font: FontOption = None,
    dpi: Annotated[int, typer.Option(min=72, max=600, help=h("option.dpi"))] = 200,
    made_up: MadeUpOption = False,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    look = commands.Paper(
        size=paper.lower(), landscape=landscape, link=link, note=note, font=font, dpi=dpi,
        made_up=made_up,
    )  # fmt: skip
    with screen.progress(words) as told:
        receipt = commands.draw_picture(
            store_of(store), out, lang=words, which=which, statuses=listed(status), zone=zone,
            atlas=atlas, title=title, paper=look, told=told,
        )  # fmt: skip
    screen.pictured(receipt, words, as_json=as_json)


@app.command(help=h("slip"))
def slip(
    contract: Annotated[str, typer.Argument(help=h("argument.contract"), metavar="CONTRACT")],
    out: Annotated[Path, typer.Argument(help=h("argument.slip"), metavar="OUT.docx|pdf")],
    link: LinkOption = None,
    font: FontOption = None,
    made_up: MadeUpOption = False,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    look = commands.Paper(link=link, font=font, made_up=made_up)
    receipt = commands.write_slip(
        store_of(store), contract, out, lang=words, which=which, paper=look
    )
    screen.slip_written(receipt, words, as_json=as_json)
