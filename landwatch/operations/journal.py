"""Structured logs: one line of JSON for each thing that happened, for those who run landwatch.

Off unless LANDWATCH_LOG names a file (or `-`, stderr). Each line is written by one append to the
file of that name at that moment, so that logrotate may move it at any time and several processes
share it. Neither a person's name nor a password is written, and no value of the ledger: who did it
is a mark that is always the same for a name, an error is its code.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from landwatch.files import check_ordinary
from landwatch.operations.run import Run, current, mark_of
from landwatch.settings import Settings

_LOG = logging.getLogger("landwatch")
_LOG.addHandler(logging.NullHandler())
_MODE = 0o640
_FLAGS = (
    os.O_WRONLY | os.O_APPEND | os.O_CREAT
    | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0)
)  # fmt: skip
"""A pipe that nobody reads would hold the work up for ever."""


def note(event: str, level: int = logging.INFO, /, **facts: object) -> None:
    """Write that something happened, with its figures; nothing where nobody keeps a journal."""
    _LOG.log(level, event, extra={"facts": facts})


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how grave, what, in which run, and its figures."""

    def __init__(self, run: Run, *, names: bool) -> None:
        """Write the lines of one run; with the names of people and files where told so."""
        super().__init__()
        self._run, self._names = run, names

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        run = self._run
        who = run.who if self._names or run.who is None else mark_of(run.who)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = getattr(record, "facts", {})
        if not self._names:
            facts = {name: value for name, value in facts.items() if name not in _NAMING}
        told = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "verb": run.verb,
            "run": run.run_id,
            "pid": record.process,
            "store": run.store,
            "who": who,
            **facts,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        return json.dumps(kept, ensure_ascii=False, default=str)


_NAMING = frozenset(("file",))
"""Figures that may hold a person's name."""


class AppendedFile(logging.Handler):
    """Appends each line to the file that bears the name at that moment, in one write."""

    def __init__(self, path: Path, failed: Callable[[OSError], None]) -> None:
        """Write to `path`; what hinders it is said once, and never stops the work."""
        super().__init__()
        self._path, self._failed, self._said = path, failed, False

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line."""
        line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
        try:
            file = os.open(self._path, _FLAGS, _MODE)
            try:
                if not os.isatty(file) and str(self._path) != os.devnull:
                    check_ordinary(file)
                os.write(file, line)
            finally:
                os.close(file)
        except OSError as problem:
            if not self._said:
                self._said = True
                self._failed(problem)


@contextmanager
def kept(settings: Settings, failed: Callable[[OSError], None]) -> Iterator[None]:
    """Keep the journal of the current run as the settings say."""
    if settings.log is None:
        yield
        return
    handler: logging.Handler = (
        logging.StreamHandler(sys.stderr)
        if settings.log == "-"
        else AppendedFile(Path(settings.log).expanduser(), failed)
    )
    handler.setFormatter(JsonLines(current(), names=settings.log_names))
    before = _LOG.level
    _LOG.addHandler(handler)
    _LOG.setLevel(settings.log_level.upper())
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(before)
        handler.close()
