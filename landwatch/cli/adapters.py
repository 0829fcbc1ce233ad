"""The verb that lists the adapters."""

from __future__ import annotations

from landwatch.cli.app import app
from landwatch.cli.options import JsonOption, LangOption, h, lang_of


@app.command(help=h("adapters"))
def adapters(as_json: JsonOption = False, lang: LangOption = None) -> None:
    from landwatch import commands, screen

    screen.adapters_listed(commands.adapters(), lang_of(lang), as_json=as_json)
