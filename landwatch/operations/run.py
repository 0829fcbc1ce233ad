"""One run of a verb, as those who operate landwatch see it: what it did, how it ended."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from landwatch.operations.metrics import Family

_SECRETS = frozenset({"password", "passwd", "pwd", "sslpassword", "token"})
_QUERY = re.compile(r"(?<=[?&;])([^=&;]*)=[^&]*")
_USER_SECRET = re.compile(r"(://(?!/)[^:]*):.*@", re.DOTALL)
_DATABASE_SECRET = re.compile(r"(?i)(://[^:/?@]*/(?:(?!%3a)[^?])*%3a)[^?]*%40")
_PORT_SECRET = re.compile(r"(://[^:/?@\[]*):(?!\d*(?:[/?]|\Z))[^/?@]*")
"""A password stands before the last @, whatever is in the user's name; after a slash in that name
it is read as part of the database's, without a host as a port."""


@dataclass(slots=True)
class Run:
    """One run of a verb; the verb adds what it did, the command line how it ended.

    Attributes:
        verb: what was asked for, such as `policy adopt`.
        store: the address of the store, without a password.
        who: who is recorded; the journal shows a mark of the name unless told otherwise.
        quiet: whether progress is left out.
        metrics: the Prometheus textfile, where one is asked for.
        families: what is measured, for that file.
        facts: what the last line of the journal says beside how it ended.
        details: what whoever is alerted is told beside, names of files among it.
        late: the sources that are late, for whoever is alerted.
        error: the code of the error it ended with, `bug` for one of ours.
        words: what was said of that error.
    """

    verb: str
    store: str | None = None
    who: str | None = None
    quiet: bool = False
    metrics: str | None = None
    families: list[Family] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    late: tuple[Mapping[str, Any], ...] = ()
    error: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic)
    _lap: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Return how long it has been running."""
        return time.monotonic() - self._clock

    def lap(self) -> float:
        """Return how long the part since the last lap took."""
        before, self._lap = self._lap, time.monotonic()
        return self._lap - before

    def measured(self, *families: Family) -> None:
        """Keep figures; samples of the same labels add up, as those of two files of one kind do."""
        for family in families:
            before = next((one for one in self.families if one.name == family.name), None)
            if before is None:
                self.families.append(family)
            else:
                self.families[self.families.index(before)] = before.plus(family)


_current: ContextVar[Run | None] = ContextVar("landwatch_run", default=None)


def current() -> Run:
    """Return the run that goes on; outside the command line one that nobody hears of."""
    return _current.get() or Run("")


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Have a run be the current one."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)


def without_password(url: str) -> str:
    """Return a store's address without the passwords in it, also where it is no address at all.

    >>> without_password("postgresql+psycopg://a:b@h/db?password=c&x=1")
    'postgresql+psycopg://a:***@h/db?password=***&x=1'
    >>> without_password("landwatch.gpkg")
    'landwatch.gpkg'
    """
    for secret, shown in (
        (_USER_SECRET, r"\1:***@"),
        (_DATABASE_SECRET, r"\1***%40"),
        (_PORT_SECRET, r"\1:***"),
    ):
        url = secret.sub(shown, url)
    return _QUERY.sub(_without_secret, url)


def _without_secret(told: re.Match[str]) -> str:
    """Return what a query says of one thing, unless it is a secret, however its name is written."""
    secret = unquote_plus(told[1]).strip().casefold() in _SECRETS
    return f"{told[1]}=***" if secret else told[0]


def mark_of(name: str) -> str:
    """Return a mark that is always the same for a name and does not say it.

    >>> mark_of("张三") == mark_of("张三"), "张" in mark_of("张三")
    (True, False)
    """
    return "u-" + hashlib.sha256(f"landwatch:{name}".encode("utf-8", "replace")).hexdigest()[:8]
