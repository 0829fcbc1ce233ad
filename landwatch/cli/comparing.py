"""The verb that sets two scans beside each other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    EXIT_FINDINGS,
    JsonOption,
    LangOption,
    StoreOption,
    h,
    lang_of,
    listed,
    store_of,
)
from landwatch.errors import UsageError

BeforeArgument = Annotated[
    str | None, typer.Argument(help=h("argument.scan_before"), metavar="A", show_default=False)
]
AfterArgument = Annotated[
    str | None, typer.Argument(help=h("argument.scan_after"), metavar="B", show_default=False)
]
SinceOption = Annotated[str | None, typer.Option("--since", help=h("option.since"))]


class ChangeLevel(StrEnum):
    """What `compare --fail-on` and `digest --fail-on` fail on."""

    NEW_BREACH = "new-breach"
    ANY = "any"


FailOnOption = Annotated[
    ChangeLevel | None, typer.Option("--fail-on", help=h("option.fail_on_change"))
]


def pair_of(before: str | None, after: str | None, since: str | None) -> tuple[str, str | None]:
    """Return which two scans are meant; none named is the latest and the one before it.

    Raises:
        UsageError: two scans are named, and a since too.
    """
    from landwatch.commands import LAST

    if since is not None and before is not None:
        raise UsageError("compare.error.since_and_scans")
    return before or since or LAST, after


@app.command(help=h("compare"))
def compare(
    before: BeforeArgument = None,
    after: AfterArgument = None,
    since: SinceOption = None,
    kind: Annotated[list[str] | None, typer.Option(help=h("option.change_kind"))] = None,
    rule: Annotated[list[str] | None, typer.Option(help=h("option.rule"))] = None,
    zone: Annotated[list[str] | None, typer.Option(help=h("option.zone"))] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=h("option.change_quiet"))] = False,
    causes: Annotated[bool, typer.Option("--causes/--no-causes", help=h("option.causes"))] = True,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=h("option.changes_out"))
    ] = None,
    fail_on: FailOnOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, (first, second) = lang_of(lang), pair_of(before, after, since)
    if output is not None:
        commands.place_of_changes(output)
        if as_json:
            raise UsageError("compare.error.json_and_file")
    asked = commands.Narrowed(
        frozenset(listed(kind)), frozenset(listed(rule)), frozenset(listed(zone)), quiet
    )
    with screen.progress(words) as told:
        found = commands.compare(
            store_of(store), first, second, narrowed=asked, causes=causes, told=told
        )
    screen.scans_compared(found, words, as_json=as_json, listing=output is None)
    if output is not None:
        with screen.progress(words) as told:
            count = commands.write_changes(found, output, lang=words, told=told)
        screen.changes_written(output, count, words)
    if fail_on is not None and found.fails_on(fail_on.value):
        raise typer.Exit(EXIT_FINDINGS)
