"""Running the command line: every end is an exit code and at most one line of trouble."""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import typer
from typer.exceptions import TyperException

from landwatch.cli.app import app
from landwatch.cli.options import EXIT_BUG, EXIT_REFUSED, EXIT_STOPPED, EXIT_USAGE, help_lang
from landwatch.errors import LandwatchError, StoreUpgradedWarning, nearest
from landwatch.files import why_of
from landwatch.language.catalogue import LANGUAGES, say
from landwatch.operations import journal, watching
from landwatch.operations.run import Run, current, running
from landwatch.scratch import own_folder
from landwatch.settings import Settings, read_settings


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every end is an exit code and at most one line of trouble."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a sign shows its number
            stream.reconfigure(errors="backslashreplace")
    _heed_requests_to_end()
    code = run(arguments)
    try:
        sys.stdout.flush()
    except OSError:
        code = code or EXIT_REFUSED
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # it flushes once more
    sys.exit(code)


def _heed_requests_to_end() -> None:
    """Have SIGTERM (systemd, a scheduler) end a verb as Ctrl-C does: in words, leaving no half."""
    own = os.getpid()

    def heeded(number: int, _frame: FrameType | None) -> None:
        if os.getpid() == own:
            raise KeyboardInterrupt
        signal.signal(number, signal.SIG_DFL)  # a child that inherited this ends as it would
        os.kill(os.getpid(), number)

    with suppress(ValueError):  # not in the main thread
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, heeded)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; it is watched as the settings ask."""
    words = arguments if arguments is not None else sys.argv[1:]
    lang, settings = _asked_lang(words), _settings()
    with running(Run(verb_of(words))) as this, _journal(settings, lang):
        try:
            this.exit_code = _end_of(arguments, lang)
        finally:
            if settings is not None:
                watching.conclude(this, settings, lambda one: _complain(one.in_words(lang)))
    return this.exit_code


def verb_of(words: Sequence[str]) -> str:
    """Return the verb that a command line asks for, blank where it asks for none or for help."""
    if not {"--help", "--version"}.isdisjoint(words):
        return ""
    after = words[2:] if words[:1] == ["--lang"] else words
    named = [word for word in after if not word.startswith("-")]
    groups = {group.name for group in app.registered_groups}
    called = ((one.name, one.callback) for one in app.registered_commands)
    known = {name or (call.__name__ if call else "") for name, call in called}
    if not named or named[0] not in known | groups:
        return ""
    return " ".join(named[:2]) if named[0] in groups else named[0]


def _settings() -> Settings | None:
    """Return the settings; None where they are off, which the verb says when it reads them."""
    try:
        return read_settings()
    except LandwatchError:
        return None


@contextmanager
def _journal(settings: Settings | None, lang: str) -> Iterator[None]:
    if settings is None:
        yield
        return

    def failed(problem: OSError) -> None:
        why = why_of(problem)
        told = LandwatchError("journal.failed", file=settings.log or "", why=why)
        _complain(told.in_words(lang))

    with journal.kept(settings, failed):
        yield


def _end_of(arguments: list[str] | None, lang: str) -> int:
    """Run the verb; every end is an exit code and at most one line of trouble."""
    try:
        with _warnings_in_words(lang), own_folder():
            result: Any = app(args=arguments, standalone_mode=False)
        if result == EXIT_STOPPED:  # typer makes this of Ctrl-C, and says nothing
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except LandwatchError as trouble:
        _complain(trouble.in_words(lang))
        _note(trouble.code, {one: trouble.in_words(one) for one in LANGUAGES})
        return trouble.exit_code
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        _complain(say("error.stopped", lang))
        return EXIT_STOPPED
    except TyperException as trouble:
        _complain(_usage_words(trouble, lang))
        _note("error.usage", {})
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader of our output went away: nothing to say to anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as trouble:
        what = trouble.strerror or str(trouble)
        _complain(say("error.output", lang, what=what))
        _note("error.output", {one: say("error.output", one, what=what) for one in LANGUAGES})
        return EXIT_REFUSED
    except KeyboardInterrupt:
        _complain(say("error.stopped", lang))
        _note("error.stopped", {})
        return EXIT_STOPPED
    except Exception as bug:
        current().exit_code = EXIT_BUG
        told = {"kind": type(bug).__name__, "what": str(bug).split("\n")[0]}
        _note("bug", {one: say("error.bug", one, **told) for one in LANGUAGES})
        current().facts |= {"bug": type(bug).__name__, "at": _places(bug)}
        if read_settings().trace:
            raise
        _complain(say("error.bug", lang, **told))
        return EXIT_BUG


def _note(code: str, words: dict[str, str]) -> None:
    """Have those who operate landwatch know what a run ended with."""
    current().error, current().words = code, words


def _places(bug: BaseException) -> list[str]:
    """Return where in landwatch it came to grief, innermost last; no value of anybody's ledger."""
    house = Path(__file__).parents[1]
    frames = traceback.extract_tb(bug.__traceback__)
    inside = [frame for frame in frames if Path(frame.filename).is_relative_to(house)]
    return [
        f"{Path(frame.filename).relative_to(house).as_posix()}:{frame.lineno}" for frame in inside
    ]


@contextmanager
def _warnings_in_words(lang: str) -> Iterator[None]:
    """Say what happened to the store on the way, once, in the reader's language."""

    def shown(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if isinstance(message, StoreUpgradedWarning):
            _complain(message.in_words(lang))
        else:
            otherwise(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():
        otherwise = warnings.showwarning
        warnings.simplefilter("always", StoreUpgradedWarning)
        warnings.showwarning = shown
        yield


def _asked_lang(arguments: list[str]) -> str:
    """Return the language to complain in, before the options are read."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in ("zh", "en"):
            return value
    return help_lang()


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
