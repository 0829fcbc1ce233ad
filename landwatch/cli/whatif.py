"""The verb that supposes another number in a policy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import policy_app
from landwatch.cli.options import JsonOption, LangOption, StoreOption, day_of, h, lang_of, store_of


@policy_app.command("whatif", help=h("policy_whatif"))
def policy_whatif(
    policy_id: Annotated[str, typer.Argument(help=h("argument.policy"), metavar="ID")],
    settings: Annotated[
        list[str] | None,
        typer.Argument(help=h("argument.settings"), metavar="PARAM=VALUE…", show_default=False),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=h("option.as_of"))] = None,
    zone: Annotated[str | None, typer.Option("--zone", help=h("option.whatif_zone"))] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=h("option.whatif_out"))
    ] = None,
    map_: Annotated[Path | None, typer.Option("--map", help=h("option.whatif_map"))] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, day = lang_of(lang), day_of(as_of)
    if output is not None:
        commands.place_of_workbook(output)
    if map_ is not None:
        commands.place_of_page(map_)
    with screen.progress(words) as told:
        found = commands.what_if(
            store_of(store), policy_id, settings or [], as_of=day, zone_id=zone, told=told
        )
    screen.what_if(found, words, as_json=as_json)
    if output is not None:
        screen.what_if_written(commands.write_what_if(found, output, lang=words), words)
    if map_ is not None:
        screen.drawn(commands.draw_what_if(store_of(store), found, map_, lang=words), words)
