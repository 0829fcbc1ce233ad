"""Settings: one frozen object, read when asked, each from its own environment variable."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass

from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.catalogue import LANGUAGES

LOG_LEVELS = ("debug", "info", "warning", "error")
_DAY_S = 86_400.0
_OR_NONE = "error.seconds_or_none"
_FROM_NONE = "error.seconds_from_none"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside; an option of a command comes before it.

    Attributes:
        store: LANDWATCH_STORE, a path or URL; ./landwatch.gpkg where nothing is said.
        lang: LANDWATCH_LANG, zh or en.
        user: LANDWATCH_USER, who is recorded; the login name where nothing is said.
        trace: LANDWATCH_TRACE, whether a bug shows its traceback.
        log: LANDWATCH_LOG, the file of structured logs, `-` for stderr; none where nothing is said.
        log_level: LANDWATCH_LOG_LEVEL, debug, info, warning or error.
        log_names: LANDWATCH_LOG_NAMES, whether names of people and of files stand in the log.
        metrics: LANDWATCH_METRICS, the Prometheus textfile; none where nothing is said.
        alert: LANDWATCH_ALERT, the program that hears of trouble; none where nothing is said.
        alert_seconds: LANDWATCH_ALERT_SECONDS, how long it may take.
        progress_seconds: LANDWATCH_PROGRESS_SECONDS, between two lines of progress in a log.
    """

    store: str
    lang: str
    user: str
    trace: bool
    log: str | None
    log_level: str
    log_names: bool
    metrics: str | None
    alert: str | None
    alert_seconds: float
    progress_seconds: float


def read_settings() -> Settings:
    """Return the settings of this moment.

    Raises:
        UnknownNameError: LANDWATCH_LANG is not a language, LANDWATCH_LOG_LEVEL not a level.
        UsageError: a number of seconds is none.
    """
    lang = os.environ.get("LANDWATCH_LANG", "") or "zh"
    if lang not in LANGUAGES:
        raise UnknownNameError("what.language", lang, LANGUAGES)
    level = os.environ.get("LANDWATCH_LOG_LEVEL", "").lower() or "info"
    if level not in LOG_LEVELS:
        raise UnknownNameError("what.log_level", level, LOG_LEVELS)
    return Settings(
        store=os.environ.get("LANDWATCH_STORE", "") or "landwatch.gpkg",
        lang=lang,
        user=os.environ.get("LANDWATCH_USER", "") or _login(),
        trace=bool(os.environ.get("LANDWATCH_TRACE", "")),
        log=os.environ.get("LANDWATCH_LOG") or None,
        log_level=level,
        log_names=bool(os.environ.get("LANDWATCH_LOG_NAMES", "")),
        metrics=os.environ.get("LANDWATCH_METRICS") or None,
        alert=os.environ.get("LANDWATCH_ALERT") or None,
        alert_seconds=_seconds("LANDWATCH_ALERT_SECONDS", 30),
        progress_seconds=_seconds("LANDWATCH_PROGRESS_SECONDS", 30),
    )


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """How patient a store is, and how one on a server is talked to.

    What an address itself says (`?connect_timeout=5&keepalives_idle=20`) comes before it.

    Attributes:
        lock_seconds: LANDWATCH_LOCK_SECONDS, how long to wait for another writer or scan.
        aside_seconds: LANDWATCH_ASIDE_SECONDS, after which a scan lays aside what it has decided; 0
            after every rule.
        pool: LANDWATCH_PG_POOL, how many connections a process keeps for its next calls; 0 none.
        connect_seconds: LANDWATCH_PG_CONNECT_SECONDS, how long to wait for the server to answer.
        statement_seconds: LANDWATCH_PG_STATEMENT_SECONDS, the longest statement; 0 any.
        idle_seconds: LANDWATCH_PG_IDLE_SECONDS, after which the server lets go of a transaction in
            which nothing happens: a computer that fell asleep; 0 never.
        keepalive_seconds: LANDWATCH_PG_KEEPALIVE_SECONDS, of silence before the line is tried.
    """

    lock_seconds: float
    aside_seconds: float
    pool: int
    connect_seconds: float
    statement_seconds: float
    idle_seconds: float
    keepalive_seconds: float


def read_store_settings() -> StoreSettings:
    """Return the settings of stores of this moment.

    Raises:
        UsageError: one of them is no such number.
    """
    return StoreSettings(
        lock_seconds=_seconds("LANDWATCH_LOCK_SECONDS", 60),
        aside_seconds=_seconds("LANDWATCH_ASIDE_SECONDS", 10, _FROM_NONE, least=0),
        pool=int(_seconds("LANDWATCH_PG_POOL", 0, "error.pool", least=0, most=100)),
        connect_seconds=_seconds("LANDWATCH_PG_CONNECT_SECONDS", 10),
        statement_seconds=_seconds("LANDWATCH_PG_STATEMENT_SECONDS", 0, _OR_NONE, least=0),
        idle_seconds=_seconds("LANDWATCH_PG_IDLE_SECONDS", 600, _OR_NONE, least=0),
        keepalive_seconds=_seconds("LANDWATCH_PG_KEEPALIVE_SECONDS", 30),
    )


def _seconds(
    name: str,
    otherwise: float,
    trouble: str = "error.seconds",
    *,
    least: float | None = None,
    most: float = _DAY_S,
) -> float:
    """Return a number above nought (or from `least` on), within a day (or up to `most`)."""
    told = os.environ.get(name, "")
    try:
        seconds = float(told) if told else otherwise
    except ValueError:
        seconds = -1
    if not (seconds > 0 if least is None else seconds >= least) or seconds > most:
        raise UsageError(trouble, name=name, value=told)
    return seconds


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
