"""Verbs of what is expected of whom, and of how the store stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from landwatch.cli.app import app, source_app
from landwatch.cli.options import (
    EXIT_FINDINGS,
    ByOption,
    JsonOption,
    KnownAtOption,
    LangOption,
    MetricsOption,
    StoreOption,
    ZoneOption,
    by_of,
    day_of,
    h,
    lang_of,
    moment_of,
    store_of,
)

SourceArgument = Annotated[str, typer.Argument(help=h("argument.source"), metavar="SOURCE")]


class FailOn(StrEnum):
    """What `status --fail-on` fails on."""

    LATE = "late"


@app.command(help=h("status"))
def status(
    as_of: Annotated[str | None, typer.Option("--as-of", help=h("option.as_of"))] = None,
    known_at: KnownAtOption = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help=h("option.fail_on_late"))
    ] = None,
    as_json: JsonOption = False,
    metrics: MetricsOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    day, moment = day_of(as_of), moment_of(known_at)
    found = commands.status(store_of(store), day, known_at=moment, all_named=as_json)
    commands.note_freshness(found.freshness, alerting=fail_on is FailOn.LATE)
    commands.note_store(store_of(store))
    screen.status(found, words, as_json=as_json)
    if fail_on is FailOn.LATE and found.freshness.late:
        raise typer.Exit(EXIT_FINDINGS)


@source_app.command("expect", help=h("source_expect"))
def expect(
    source: SourceArgument,
    rhythm: Annotated[str, typer.Argument(help=h("argument.rhythm"), metavar="RHYTHM")],
    zone: ZoneOption = None,
    grace: Annotated[int, typer.Option("--grace", help=h("option.grace"))] = 0,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    new = commands.expect_source(
        store_of(store), source, rhythm, zone=zone, grace_days=grace, by=by_of(by)
    )
    screen.source_expected(source, rhythm, grace, zone, words, new=new)


@source_app.command("drop", help=h("source_drop"))
def drop(
    source: SourceArgument,
    zone: ZoneOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    gone = commands.drop_source(store_of(store), source, zone=zone, by=by_of(by))
    screen.source_dropped(source, zone, words, gone=gone)


@source_app.command("received", help=h("source_received"))
def received(
    source: SourceArgument,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    commands.receive_source(store_of(store), source, by=by_of(by))
    screen.source_received(source, words)


@source_app.command("list", help=h("source_list"))
def list_(
    history: Annotated[bool, typer.Option("--history", help=h("option.source_history"))] = False,
    known_at: KnownAtOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    found = commands.sources(store_of(store), known_at=moment_of(known_at))
    screen.sources(found, words, history=history, as_json=as_json)
