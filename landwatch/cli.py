"""The command line: options in, one call of `commands`, words out. It takes no decision.

Machine output goes to stdout, words and progress to stderr. Exit codes are those of ledger.md §5.
Nothing heavy is imported before a verb runs, so that `--help` is quick.
"""

from __future__ import annotations

import io
import os
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from landwatch import __version__
from landwatch.errors import LandwatchError, UnknownNameError, UsageError, nearest
from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.settings import read_settings

EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED, EXIT_BUG = 1, 2, 3, 70


def _help_lang() -> str:
    try:
        return read_settings().lang
    except LandwatchError:
        return "zh"


def _h(key: str) -> str:
    """Return a help text in the reader's language."""
    return say(f"cli.{key}", _help_lang())


app = typer.Typer(
    name="landwatch",
    help=_h("help"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help=_h("policy"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(policy_app, name="policy")


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


class Answer(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


StoreOption = Annotated[str | None, typer.Option("--store", help=_h("option.store"))]
LangOption = Annotated[str | None, typer.Option("--lang", help=_h("option.lang"))]
ByOption = Annotated[str | None, typer.Option("--by", help=_h("option.by"))]
ScanOption = Annotated[int | None, typer.Option("--scan", min=1, max=2**31, help=_h("option.scan"))]
ZoneOption = Annotated[str | None, typer.Option("--zone", help=_h("option.zone"))]
JsonOption = Annotated[bool, typer.Option("--json", help=_h("option.json"))]


def _store(store: str | None) -> str:
    return store or read_settings().store


def _lang(lang: str | None) -> str:
    if lang is not None and lang not in ("zh", "en"):
        raise UnknownNameError("what.language", lang, ("zh", "en"))
    return lang or read_settings().lang


def _by(by: str | None) -> str:
    return by or read_settings().user


def _day(text: str | None) -> date:
    """Return the day an option names; today where it names none.

    Raises:
        UsageError: it is not a day.
    """
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("error.day", value=text) from None


def _listed(values: list[str] | None) -> list[str]:
    """Return the names of a repeatable option; a comma separates them too."""
    return [name.strip() for value in values or () for name in value.split(",") if name.strip()]


@app.command(help=_h("init"))
def init(store: StoreOption = None, lang: LangOption = None, by: ByOption = None) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    screen.made(commands.init(_store(store), by=_by(by)), words)


@app.command("import", help=_h("import"))
def import_(
    kind: Annotated[str, typer.Argument(help=_h("argument.kind"), metavar="KIND")],
    files: Annotated[list[Path], typer.Argument(help=_h("argument.files"), metavar="FILE…")],
    encoding: Annotated[str | None, typer.Option(help=_h("option.encoding"))] = None,
    crs: Annotated[str | None, typer.Option(help=_h("option.crs"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_h("option.dry_run"))] = False,
    report: Annotated[Path | None, typer.Option(help=_h("option.report"))] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    if kind not in set(Kind):
        raise UnknownNameError("what.kind", kind, list(Kind))
    refused = 0
    with screen.progress(words) as told:
        taken = commands.import_files(
            _store(store), Kind(kind), files, by=_by(by), dry_run=dry_run, report=report,
            reading=commands.Reading(encoding, crs, _day(None)), lang=words, told=told,
        )  # fmt: skip
        for done in taken:
            screen.imported(done, words, as_json=as_json, dry_run=dry_run)
            refused += done.tally.refused
    if report is not None:
        screen.issues_written(report, words)
    if refused:
        raise typer.Exit(EXIT_REFUSED)


@app.command(help=_h("scan"))
def scan(
    as_of: Annotated[str | None, typer.Option("--as-of", help=_h("option.as_of"))] = None,
    fail_on: Annotated[Level | None, typer.Option("--fail-on", help=_h("option.fail_on"))] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    day = _day(as_of)
    with screen.progress(words) as told:
        done = commands.scan(_store(store), day, by=_by(by), told=told)
    screen.scanned(done, words, as_json=as_json)
    if fail_on is not None and done.at_or_above(fail_on.value):
        raise typer.Exit(EXIT_FINDINGS)


@app.command(help=_h("findings"))
def findings(
    status: Annotated[list[str] | None, typer.Option(help=_h("option.status"))] = None,
    rule: Annotated[list[str] | None, typer.Option(help=_h("option.rule"))] = None,
    zone: Annotated[list[str] | None, typer.Option(help=_h("option.zone"))] = None,
    form: Annotated[Format | None, typer.Option("--format", help=_h("option.format"))] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=_h("option.out"))] = None,
    bom: Annotated[bool, typer.Option("--bom", help=_h("option.bom"))] = False,
    scan_id: ScanOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    found = commands.findings(
        _store(store),
        scan_id=scan_id,
        statuses=_listed(status),
        rules=_listed(rule),
        zones=_listed(zone),
    )
    chosen = form or _format_of(output)
    if chosen is Format.TABLE:
        screen.findings_table(found, words, narrowed=bool(status))
        return
    with screen.progress(words) as told:
        count = commands.write_findings(
            _store(store), found, chosen.value, output, bom=bom, told=told
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


@app.command(help=_h("explain"))
def explain(
    contract: Annotated[str, typer.Argument(help=_h("argument.contract"), metavar="CONTRACT")],
    rule: Annotated[str | None, typer.Argument(help=_h("argument.rule"), metavar="RULE")] = None,
    scan_id: ScanOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    screen.explained(
        commands.explain(_store(store), contract, rule, lang=words, scan_id=scan_id), words
    )


@app.command(help=_h("visit"))
def visit(
    contract: Annotated[str, typer.Argument(help=_h("argument.contract"), metavar="CONTRACT")],
    started: Annotated[Answer, typer.Option(help=_h("option.started"))],
    on: Annotated[str, typer.Option(help=_h("option.on"))],
    stage: Annotated[str | None, typer.Option(help=_h("option.stage"))] = None,
    note: Annotated[str | None, typer.Option(help=_h("option.note"))] = None,
    photo: Annotated[Path | None, typer.Option(help=_h("option.photo"))] = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    receipt = commands.visit(
        _store(store),
        contract,
        started=started is Answer.YES,
        on=_day(on),
        today=_day(None),
        by=_by(by),
        stage=stage,
        note=note,
        photo=photo,
    )
    screen.visited(contract, receipt, words)


@app.command("map", help=_h("map"))
def map_(
    out: Annotated[Path, typer.Argument(help=_h("argument.map"), metavar="OUT.html")],
    status: Annotated[list[str] | None, typer.Option(help=_h("option.status"))] = None,
    title: Annotated[str | None, typer.Option(help=_h("option.title"))] = None,
    scan_id: ScanOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    receipt = commands.draw_map(
        _store(store), out, lang=words, statuses=_listed(status), scan_id=scan_id, title=title
    )
    screen.drawn(receipt, words)


@app.command(help=_h("report"))
def report(
    out: Annotated[Path, typer.Argument(help=_h("argument.report"), metavar="OUT.xlsx")],
    title: Annotated[str | None, typer.Option(help=_h("option.title"))] = None,
    scan_id: ScanOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    path = commands.report(_store(store), out, lang=words, scan_id=scan_id, title=title)
    screen.reported(path, words)


@app.command(help=_h("demo"))
def demo(
    folder: Annotated[Path, typer.Argument(help=_h("argument.folder"), metavar="[FOLDER]")] = Path(
        "landwatch-demo"
    ),
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    with screen.progress(words) as told:
        shown = commands.demo(folder, by=_by(by), lang=words, told=told)
    screen.demo_shown(shown, words)


@policy_app.command("list", help=_h("policy_list"))
def policy_list(
    as_json: JsonOption = False, store: StoreOption = None, lang: LangOption = None
) -> None:
    from landwatch import commands, screen

    screen.shelf(commands.policies(_store(store)), _lang(lang), as_json=as_json)


@policy_app.command("show", help=_h("policy_show"))
def policy_show(
    policy_id: Annotated[str, typer.Argument(help=_h("argument.policy"), metavar="ID")],
    lang: LangOption = None,
) -> None:
    from landwatch import commands, screen

    screen.policy(commands.policy(policy_id), _lang(lang))


@policy_app.command("adopt", help=_h("policy_adopt"))
def policy_adopt(
    policy_id: Annotated[str, typer.Argument(help=_h("argument.policy"), metavar="ID")],
    zone: ZoneOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    new = commands.adopt(_store(store), policy_id, zone, by=_by(by))
    screen.adopted("adopted" if new else "already", policy_id, zone, words)


@policy_app.command("drop", help=_h("policy_drop"))
def policy_drop(
    policy_id: Annotated[str, typer.Argument(help=_h("argument.policy"), metavar="ID")],
    zone: ZoneOption = None,
    store: StoreOption = None,
    lang: LangOption = None,
    by: ByOption = None,
) -> None:
    from landwatch import commands, screen

    words = _lang(lang)
    gone = commands.drop(_store(store), policy_id, zone, by=_by(by))
    screen.adopted("dropped" if gone else "not_adopted", policy_id, zone, words)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"landwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    lang: LangOption = None,
    version: Annotated[
        bool, typer.Option("--version", help=_h("option.version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options that stand before the verb."""
    if lang is not None:
        os.environ["LANDWATCH_LANG"] = _lang(lang)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every end is an exit code and at most one line of trouble."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a sign shows its number
            stream.reconfigure(errors="backslashreplace")
    code = run(arguments)
    try:
        sys.stdout.flush()
    except OSError:
        code = code or EXIT_REFUSED
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # it flushes once more
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    lang = _asked_lang(arguments if arguments is not None else sys.argv[1:])
    try:
        result: Any = app(args=arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except LandwatchError as trouble:
        _complain(trouble.in_words(lang))
        return trouble.exit_code
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        _complain(say("error.stopped", lang))
        return 130
    except TyperException as trouble:
        _complain(_usage_words(trouble, lang))
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader of our output went away: nothing to say to anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as trouble:
        _complain(say("error.output", lang, what=trouble.strerror or str(trouble)))
        return EXIT_REFUSED
    except KeyboardInterrupt:
        _complain(say("error.stopped", lang))
        return 130
    except Exception as bug:
        if read_settings().trace:
            raise
        _complain(say("error.bug", lang, kind=type(bug).__name__, what=str(bug).split("\n")[0]))
        return EXIT_BUG


def _asked_lang(arguments: list[str]) -> str:
    """Return the language to complain in, before the options are read."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in ("zh", "en"):
            return value
    return _help_lang()


def _usage_words(trouble: Any, lang: str) -> str:
    """Return what is wrong with the words of the command, with the nearest right one."""
    context = getattr(trouble, "ctx", None)
    command = getattr(context, "command", None)
    option = getattr(trouble, "option_name", None)
    if option is not None:
        known = [name for one in getattr(command, "params", ()) for name in one.opts]
        return say("error.option", lang, name=option, near=nearest(option, known) or "--help")
    parameter = getattr(trouble, "param", None)
    message = str(trouble.format_message())
    if parameter is not None:
        return _parameter_words(parameter, getattr(trouble, "message", "") or "", lang)
    listing = getattr(command, "list_commands", None)
    if listing is not None:
        known = listing(context)
        asked = message.split("'")[1] if "'" in message else message
        near = nearest(asked, known) or "--help"
        return say("error.command", lang, name=asked, near=near, known="、".join(known))
    return say("error.usage", lang, what=message)


def _parameter_words(parameter: Any, message: str, lang: str) -> str:
    """Return what is wrong with an option's value, or which argument is missing."""
    options = getattr(parameter, "opts", None) or [str(parameter.name)]
    name = max(options, key=len) if options[0].startswith("-") else str(parameter.name).upper()
    if not message:
        return say("error.missing", lang, name=name)
    if "not one of" in message:
        known = message.split("not one of")[1].strip(" .").replace("'", "")
        return say("error.choice", lang, name=name, known=known)
    if "integer" in message:
        return say("error.whole_number", lang, name=name)
    return say("error.value", lang, name=name, what=message)


def _complain(words: str) -> None:
    typer.echo(words, err=True)


if __name__ == "__main__":
    main()
