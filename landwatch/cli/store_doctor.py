"""The doctor of the store itself."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.doctor import doctor_app
from landwatch.cli.options import (
    EXIT_FINDINGS,
    JsonOption,
    LangOption,
    StoreOption,
    h,
    lang_of,
    store_of,
)


@doctor_app.command("store", help=h("doctor_store"))
def doctor_store(
    every: Annotated[bool, typer.Option("--all", help=h("option.doctor_all"))] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.progress(words) as told:
        seen = commands.doctor_store(store_of(store), every=every, told=told)
    screen.store_seen(seen, words, as_json=as_json)
    if seen.sick:
        raise typer.Exit(EXIT_FINDINGS)
