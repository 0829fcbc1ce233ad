"""Verbs that scan, list findings and explain them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landwatch.cli.app import app
from landwatch.cli.options import (
    EXIT_BUG,
    EXIT_FINDINGS,
    AsOfOption,
    ByOption,
    ClusterOption,
    JsonOption,
    KnownAtOption,
    LangOption,
    MetricsOption,
    QuietOption,
    ScanOption,
    StatusOption,
    StoreOption,
    WorkersOption,
    by_of,
    day_of,
    h,
    lang_of,
    listed,
    moment_of,
    store_of,
    which_of,
)
from landwatch.errors import UnknownNameError, UsageError


class Level(StrEnum):
    """Levels of `--fail-on`."""

    BREACH = "breach"
    DUE_SOON = "due_soon"
    UNKNOWN = "unknown"


class Format(StrEnum):
    """Forms that findings go out in."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    PARQUET = "parquet"


@app.command(help=h("scan"))
def scan(
    as_of: Annotated[str | None, typer.Option("--as-of", help=h("option.as_of"))] = None,
    known_at: KnownAtOption = None,
    again: Annotated[
        int | None, typer.Option("--again", min=1, max=2**31, help=h("option.again"))
    ] = None,
    fail_on: Annotated[Level | None, typer.Option("--fail-on", help=h("option.fail_on"))] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    pieces: Annotated[Path | None, typer.Option("--pieces", help=h("option.pieces"))] = None,
    full: Annotated[bool | None, typer.Option("--full/--changed", help=h("option.full"))] = None,
    verify: Annotated[bool, typer.Option("--verify", help=h("option.verify"))] = False,
    most_minutes: Annotated[
        float | None, typer.Option("--most-minutes", min=0, help=h("option.most_minutes"))
    ] = None,
    wait: Annotated[
        float | None, typer.Option("--wait", metavar="MINUTES", min=0, help=h("option.wait"))
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    metrics: MetricsOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words, who = lang_of(lang), by_of(by)
    patience = commands.Patience(_seconds(wait), _seconds(most_minutes))
    moment, crew = moment_of(known_at), commands.Crew(workers, cluster, pieces)
    if again is not None and (as_of, moment) != (None, None):
        raise UsageError("error.again_and_day")
    with screen.progress(words) as told:
        if again is not None:
            done = commands.scan_again(
                store_of(store), again, by=who, told=told, crew=crew, patience=patience
            )
        else:
            day = day_of(as_of)
            done = commands.scan(
                store_of(store), day, by=who, known_at=moment, told=told, crew=crew,
                full=full, verify=verify, patience=patience,
            )  # fmt: skip
    commands.note_scan(done)
    commands.note_store(store_of(store))
    screen.scanned(done, words, as_json=as_json)
    if done.verified:
        raise typer.Exit(EXIT_BUG)
    if fail_on is not None and done.at_or_above(fail_on.value):
        raise typer.Exit(EXIT_FINDINGS)


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * 60


@app.command(help=h("findings"))
def findings(
    status: StatusOption = None,
    rule: Annotated[list[str] | None, typer.Option(help=h("option.rule"))] = None,
    zone: Annotated[list[str] | None, typer.Option(help=h("option.zone"))] = None,
    form: Annotated[Format | None, typer.Option("--format", help=h("option.format"))] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=h("option.out"))] = None,
    bom: Annotated[bool, typer.Option("--bom", help=h("option.bom"))] = False,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    quiet: QuietOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = lang_of(lang)
    found = commands.findings(
        store_of(store),
        which=which_of(scan_id, as_of, known_at),
        statuses=listed(status),
        rules=listed(rule),
        zones=listed(zone),
    )
    chosen = form or _format_of(output)
    if chosen is Format.TABLE:
        screen.findings_table(found, words, narrowed=bool(status))
        return
    with screen.progress(words) as told:
        count = commands.write_findings(
            store_of(store), found, chosen.value, output, bom=bom, told=told
        )
    if output is not None:
        screen.written(output, count, words)


def _format_of(output: Path | None) -> Format:
    """Return the form that a file's name asks for; a table on a terminal."""
    if output is None:
        return Format.TABLE
    suffix = output.suffix.lower().lstrip(".")
    if suffix not in set(Format) - {Format.TABLE}:
        raise UnknownNameError("what.format", suffix or output.name, list(Format))
    return Format(suffix)


@app.command(help=h("explain"))
def explain(
    contract: Annotated[str, typer.Argument(help=h("argument.contract"), metavar="CONTRACT")],
    rule: Annotated[str | None, typer.Argument(help=h("argument.rule"), metavar="RULE")] = None,
    scan_id: ScanOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words, which = lang_of(lang), which_of(scan_id, as_of, known_at)
    screen.explained(
        commands.explain(store_of(store), contract, rule, lang=words, which=which), words
    )
