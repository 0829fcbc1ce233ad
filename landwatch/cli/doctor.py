"""Verbs that look closely and change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import JsonOption, LangOption, StoreOption, h, lang_of, store_of

doctor_app = typer.Typer(help=h("doctor"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(doctor_app, name="doctor")


@doctor_app.command("coordinates", help=h("doctor_coordinates"))
def doctor_coordinates(
    file: Annotated[Path, typer.Argument(help=h("argument.drawn_file"), metavar="FILE")],
    division: Annotated[
        str | None, typer.Option("--division", help=h("option.doctor_division"))
    ] = None,
    crs: Annotated[str | None, typer.Option("--crs", help=h("option.crs"))] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help=h("option.encoding"))] = None,
    page: Annotated[Path | None, typer.Option("--map", help=h("option.doctor_map"))] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    if page is not None:
        commands.place_of_page(page)
    how = commands.Reading(encoding=encoding, crs=crs)
    seen = commands.doctor_coordinates(file, reading=how, division=division, url=store_of(store))
    screen.coordinates_seen(seen, words, as_json=as_json)
    if page is not None:
        screen.coordinates_drawn(commands.draw_coordinates(seen, page, lang=words), words)
