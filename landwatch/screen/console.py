"""The two consoles, and sentences that cannot be taken for markup."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape

from landwatch.language.catalogue import listed, say

COLOURS: Mapping[str, str] = {
    "breach": "bold red",
    "to_verify": "bold magenta",
    "due_soon": "yellow",
    "exempt": "cyan",
    "unknown": "magenta",
    "not_due": "blue",
    "compliant": "green",
    "not_applicable": "dim",
}
PIPED_WIDTH = 160
"""A pipe or a file has no width of its own."""


class _Console(Console):
    """A console whose reader may leave (`| head`): that is no finding and no failure."""

    def on_broken_pipe(self) -> None:
        """Stop quietly; exit code 1 would say that findings were found."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, emoji=False)
    if console.is_terminal:
        return console
    return _Console(stderr=stderr, highlight=False, emoji=False, width=PIPED_WIDTH)


def out() -> Console:
    """Return the console of a verb's own answer."""
    return _console(stderr=False)


def err() -> Console:
    """Return the console of words about the work."""
    return _console(stderr=True)


def say_edited(edited: Mapping[str, int], lang: str) -> None:
    """Say that another program altered rows of the store, where one did: they pass unseen."""
    if edited:
        tables = listed((f"{table} ({times})" for table, times in edited.items()), lang)
        told = phrase("screen.edited", lang, count=len(edited), tables=tables)
        err().print(f"[bold red]{told}[/]", soft_wrap=True)


def phrase(key: str, lang: str, **values: object) -> str:
    """Return a sentence whose values cannot be taken for rich's markup or move the cursor."""
    return say(key, lang, **{name: escape(harmless(str(value))) for name, value in values.items()})


_REORDERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def moment_words(moment: datetime) -> str:
    """Return a moment by this computer's clock, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def harmless(text: str) -> str:
    """Return a text without the controls that a terminal would obey."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or not (sign < " " or "\x7f" <= sign <= "\x9f" or sign in _REORDERING)
    )


def print_json(answer: Any) -> None:
    """Write an answer for a machine to stdout."""
    out().print_json(json.dumps(answer, ensure_ascii=False, default=str))
