"""Running the command line: every end is an exit code and at most one line of trouble."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import typer
from typer.exceptions import TyperException

from landwatch.cli.app import app
from landwatch.cli.options import EXIT_BUG, EXIT_REFUSED, EXIT_USAGE, help_lang
from landwatch.errors import LandwatchError, StoreUpgradedWarning, nearest
from landwatch.language.catalogue import say
from landwatch.scratch import own_folder
from landwatch.settings import read_settings

_STOPPED = 130


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
        with _warnings_in_words(lang), own_folder():
            result: Any = app(args=arguments, standalone_mode=False)
        if result == _STOPPED:  # typer makes this of Ctrl-C, and says nothing
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except LandwatchError as trouble:
        _complain(trouble.in_words(lang))
        return trouble.exit_code
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        _complain(say("error.stopped", lang))
        return _STOPPED
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
        return _STOPPED
    except Exception as bug:
        if read_settings().trace:
            raise
        _complain(say("error.bug", lang, kind=type(bug).__name__, what=str(bug).split("\n")[0]))
        return EXIT_BUG


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
