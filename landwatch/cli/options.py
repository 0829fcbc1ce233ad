"""Options that several verbs share, and what their values mean."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landwatch.errors import LandwatchError, UnknownNameError, UsageError
from landwatch.language.catalogue import say
from landwatch.operations.metrics import check_place
from landwatch.operations.run import current, without_password
from landwatch.settings import read_settings

if TYPE_CHECKING:
    from landwatch.commands import Which

EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED, EXIT_PARTLY, EXIT_BUG = 1, 2, 3, 4, 70
EXIT_STOPPED = 130


def help_lang() -> str:
    try:
        return read_settings().lang
    except LandwatchError:
        return "zh"


def h(key: str) -> str:
    """Return a help text in the reader's language."""
    return say(f"cli.{key}", help_lang())


StoreOption = Annotated[str | None, typer.Option("--store", help=h("option.store"))]
LangOption = Annotated[str | None, typer.Option("--lang", help=h("option.lang"))]
ByOption = Annotated[str | None, typer.Option("--by", help=h("option.by"))]
ScanOption = Annotated[int | None, typer.Option("--scan", min=1, max=2**31, help=h("option.scan"))]
ZoneOption = Annotated[str | None, typer.Option("--zone", help=h("option.zone"))]
KnownAtOption = Annotated[str | None, typer.Option("--known-at", help=h("option.known_at"))]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help=h("option.as_of_kept"))]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, max=1024, help=h("option.workers"))
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help=h("option.cluster"))
]
StatusOption = Annotated[list[str] | None, typer.Option("--status", help=h("option.status"))]
TitleOption = Annotated[str | None, typer.Option("--title", help=h("option.title"))]


def _quiet(asked: bool) -> bool:
    current().quiet = asked
    return asked


def _metrics(asked: Path | None) -> Path | None:
    if asked is not None:
        check_place(asked)
        current().metrics = str(asked)
    return asked


QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help=h("option.quiet"), callback=_quiet)
]
MetricsOption = Annotated[
    Path | None, typer.Option("--metrics", help=h("option.metrics"), callback=_metrics)
]
MadeUpOption = Annotated[bool, typer.Option("--made-up", help=h("option.made_up"))]
JsonOption = Annotated[bool, typer.Option("--json", help=h("option.json"))]


def store_of(store: str | None) -> str:
    """Return the store that is meant; those who operate landwatch hear of it."""
    asked = store or read_settings().store
    whole = asked if "://" in asked else _whole_path(asked)
    current().store = without_password(whole)
    return asked


def _whole_path(typed: str) -> str:
    """Return a path from the root on; one that cannot be followed as it was typed."""
    try:
        return str(Path(typed).expanduser().absolute())
    except (OSError, ValueError, RuntimeError):  # a ~nobody, or a folder that is gone
        return typed


def lang_of(lang: str | None) -> str:
    if lang is not None and lang not in ("zh", "en"):
        raise UnknownNameError("what.language", lang, ("zh", "en"))
    return lang or read_settings().lang


def by_of(by: str | None) -> str:
    from landwatch.store.content import storable

    who = current().who = storable(by or read_settings().user)
    return who


def day_of(text: str | None) -> date:
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


def moment_of(text: str | None) -> datetime | None:
    """Return the moment an option names, None where it names none: then all is known.

    A day, a minute or a second alone is its end; one without a zone is of this computer's clock.

    Raises:
        UsageError: it is no moment.
    """
    if text is None:
        return None
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), time.max).astimezone()
    try:
        told = datetime.fromisoformat(text)
        if "." not in text:
            told = told.replace(
                microsecond=999_999, second=told.second if _SECONDS.search(text) else 59
            )
        return told.astimezone()
    except (ValueError, OverflowError):
        raise UsageError("error.moment", value=text) from None


_SECONDS = re.compile(r"[T ]\d\d:?\d\d:?\d\d")


def which_of(scan_id: int | None, as_of: str | None, known_at: str | None) -> Which:
    """Return which scan the options mean."""
    from landwatch.commands import Which

    day = None if as_of is None else day_of(as_of)
    return Which(scan_id, day, moment_of(known_at))


def listed(values: list[str] | None) -> list[str]:
    """Return the names of a repeatable option; a comma separates them too."""
    return [name.strip() for value in values or () for name in value.split(",") if name.strip()]
