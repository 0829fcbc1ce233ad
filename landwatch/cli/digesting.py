"""The verb that writes digests of what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.comparing import (
    AfterArgument,
    BeforeArgument,
    FailOnOption,
    SinceOption,
    pair_of,
)
from landwatch.cli.options import (
    EXIT_FINDINGS,
    JsonOption,
    LangOption,
    StoreOption,
    h,
    lang_of,
    store_of,
)


@app.command(help=h("digest"))
def digest(
    before: BeforeArgument = None,
    after: AfterArgument = None,
    since: SinceOption = None,
    person: Annotated[str | None, typer.Option("--for", help=h("option.digest_for"))] = None,
    zone: Annotated[str | None, typer.Option("--zone", help=h("option.digest_zone"))] = None,
    everybody: Annotated[bool, typer.Option("--all", help=h("option.digest_all"))] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=h("option.digest_out"))
    ] = None,
    fail_on: FailOnOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, (first, second) = lang_of(lang), pair_of(before, after, since)
    if output is not None:
        commands.place_of_digest(output, everybody=everybody)
    whom = commands.ForWhom(person, zone, everybody)
    with screen.progress(words) as told:
        found = commands.digest(store_of(store), first, second, whom=whom, told=told)
    if output is not None:
        screen.digests_written(found, commands.write_digests(found, output, lang=words), words)
    if output is None or as_json:
        screen.digested(found, words, as_json=as_json)
    if fail_on is not None and found.compared.fails_on(fail_on.value):
        raise typer.Exit(EXIT_FINDINGS)
