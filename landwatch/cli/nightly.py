"""The verb that a timer runs every night."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    EXIT_FINDINGS,
    EXIT_PARTLY,
    EXIT_REFUSED,
    ByOption,
    ClusterOption,
    JsonOption,
    LangOption,
    MetricsOption,
    QuietOption,
    StoreOption,
    WorkersOption,
    by_of,
    day_of,
    h,
    lang_of,
    store_of,
)
from landwatch.errors import UsageError
from landwatch.operations.examples import Example

if TYPE_CHECKING:
    from landwatch.commands import Night


class FailOn(StrEnum):
    """What `nightly --fail-on` fails on."""

    BREACH = "breach"
    DUE_SOON = "due_soon"
    UNKNOWN = "unknown"
    LATE = "late"
    NEW_BREACH = "new-breach"
    EDITED = "edited"


@app.command(help=h("nightly"))
def nightly(
    folder: Annotated[
        Path | None, typer.Argument(help=h("argument.inbox"), metavar="FOLDER")
    ] = None,
    plan: Annotated[Path | None, typer.Option("--plan", help=h("option.plan"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=h("option.as_of"))] = None,
    fail_on: Annotated[
        list[FailOn] | None, typer.Option("--fail-on", help=h("option.nightly_fail_on"))
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    resume: Annotated[bool, typer.Option("--resume", help=h("option.resume"))] = False,
    example: Annotated[Example | None, typer.Option("--example", help=h("option.example"))] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=h("option.example_out"))
    ] = None,
    test_alert: Annotated[bool, typer.Option("--test-alert", help=h("option.test_alert"))] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    metrics: MetricsOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words, url = lang_of(lang), store_of(store)
    if example is not None or test_alert:
        commands.no_run()  # neither is a nightly run that the figures should tell of
    if example is not None:
        site = commands.site_of(folder, url, words)
        screen.examples(commands.examples_of(example, site, output), words, output)
        return
    if test_alert:
        heard = commands.try_alert()
        screen.alert_tried(heard, words)
        raise typer.Exit(0 if heard.heard else EXIT_REFUSED)
    if folder is None:
        raise UsageError("nightly.which_folder")
    if resume and commands.night_ended(folder):
        commands.no_run()
        screen.nothing_to_resume(folder, words)
        return
    crew = commands.Crew(workers, cluster, None)
    work = commands.NightWork(url, folder, day_of(as_of), by_of(by), plan, words, crew)
    with screen.progress(words) as told:
        found = commands.nightly(work, told)
    code = _exit_code(found, fail_on or [])
    commands.note_night(found, code)
    screen.night(found, words, as_json=as_json, exit_code=code)
    raise typer.Exit(code)


def _exit_code(found: Night, fail_on: list[FailOn]) -> int:
    """Return how a nightly run ends: what a person must look at comes before what can wait."""
    if found.stopped is not None:
        return EXIT_PARTLY if found.partly else found.stopped.exit_code
    if found.not_taken:
        return EXIT_REFUSED
    if found.partly:
        return EXIT_PARTLY
    return EXIT_FINDINGS if any(found.fails_on(level.value) for level in fail_on) else 0
