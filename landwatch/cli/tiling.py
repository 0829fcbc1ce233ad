"""The verb that writes a scan as vector tiles."""

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
    QuietOption,
    ScanOption,
    StoreOption,
    TitleOption,
    ZoneOption,
    h,
    lang_of,
    listed,
    store_of,
    which_of,
)

FIRST_ZOOM, LAST_ZOOM = 0, 15
"""At the last a step of a tile is 0.25 m at 36° N; programs draw it larger from there on."""


@app.command(help=h("tiles"))
def tiles(
    out: Annotated[Path, typer.Argument(help=h("argument.tiles"), metavar="OUT")],
    min_zoom: Annotated[int, typer.Option("--min-zoom", help=h("option.min_zoom"))] = FIRST_ZOOM,
    max_zoom: Annotated[int, typer.Option("--max-zoom", help=h("option.max_zoom"))] = LAST_ZOOM,
    status: Annotated[
        list[str] | None, typer.Option("--status", "--statuses", help=h("option.status"))
    ] = None,
    zone: ZoneOption = None,
    title: TitleOption = None,
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
    with screen.progress(words) as told:
        receipt = commands.tiles(
            store_of(store), out, lang=words, zooms=(min_zoom, max_zoom), statuses=listed(status),
            zone=zone, which=which, title=title, told=told,
        )  # fmt: skip
    screen.tiled(receipt, words, as_json=as_json)
