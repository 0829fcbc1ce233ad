"""The verb that moves a store."""

from __future__ import annotations

from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import JsonOption, LangOption, h, lang_of


@app.command("copy", help=h("copy"))
def copy(
    source: Annotated[str, typer.Argument(help=h("argument.copy_source"), metavar="SRC")],
    target: Annotated[str, typer.Argument(help=h("argument.copy_target"), metavar="DST")],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    with screen.copying(words) as told:
        done = commands.copy(source, target, told=told)
    screen.copied(done, words, as_json=as_json)
