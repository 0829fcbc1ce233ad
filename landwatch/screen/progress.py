"""How far long work is: a bar on a terminal, a line now and then in a log, with rate and time left.

Imports, scans, exports and every other long verb tell of it in one way (`Told`): what they are at,
how much is done, how much there is (0 where nobody knows yet).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from landwatch.operations.run import current
from landwatch.screen.console import err, phrase
from landwatch.settings import read_settings

Told = Callable[[str, int, int], None]
_SETTLED_S, _SLOWEST = 1.0, 1.0
"""Before a second has passed nothing is said of the rate, nor of one below one a second."""


class Pace:
    """How fast a step goes and how long it may still take, by what it told so far.

    A step begins anew where less is done than before, or where there is another amount to do.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Go by a clock of seconds."""
        self._clock = clock
        self.what, self.done, self.of = "", 0, 0
        self._began_at, self._began_with = clock(), 0

    def heard(self, what: str, done: int, of: int) -> bool:
        """Take in what is told; return whether a step begins anew."""
        anew = done < self.done or of != self.of
        if anew:
            self._began_at, self._began_with = self._clock(), done
        self.what, self.done, self.of = what, done, of
        return anew

    @property
    def rate(self) -> float | None:
        """Return how many are done in a second, None before it can be said."""
        seconds = self._clock() - self._began_at
        done = self.done - self._began_with
        return done / seconds if seconds >= _SETTLED_S and done > 0 else None

    @property
    def left_s(self) -> float | None:
        """Return how many seconds are left, None where it cannot be said."""
        if not self.of or self.rate is None or self.done >= self.of:
            return None
        return (self.of - self.done) / self.rate


def clock_words(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds.

    >>> clock_words(65), clock_words(3725)
    ('1:05', '1:02:05')
    """
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


class _Of(ProgressColumn):
    """Rate and time left, as the pace tells them."""

    max_refresh = 0.5

    def __init__(self, pace: Pace, lang: str) -> None:
        super().__init__()
        self._pace, self._lang = pace, lang

    def render(self, task: Task) -> Text:
        """Show nothing before anything can be said of it."""
        return Text(" ".join(_pace_words(self._pace, self._lang)), style="dim")


def _pace_words(pace: Pace, lang: str) -> list[str]:
    found = []
    if (rate := pace.rate) is not None and rate >= _SLOWEST:
        found.append(phrase("screen.rate", lang, rate=f"{rate:,.0f}"))
    if (left := pace.left_s) is not None:
        found.append(phrase("progress.left", lang, time=clock_words(left)))
    return found


@contextmanager
def progress(lang: str) -> Iterator[Told]:
    """Show how far long work is: a bar on a terminal, lines in a file or a pipe, or nothing.

    Work that ends before the first line is due leaves none.
    """
    console = err()
    if current().quiet:
        yield _unheard
    elif console.is_terminal:
        with _bar(console, lang) as told:
            yield told
    else:
        with _lines(console, lang, read_settings().progress_seconds) as told:
            yield told


def _unheard(_what: str, _done: int, _of: int) -> None:
    """Hear of progress and show nothing."""


@contextmanager
def _bar(console: Console, lang: str) -> Iterator[Told]:
    pace = Pace()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        _Of(pace, lang),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as bar:
        task = bar.add_task(phrase("screen.working", lang), total=None)

        def told(what: str, done: int, of: int) -> None:
            pace.heard(what, done, of)
            bar.update(task, description=escape(what), completed=done)
            bar.tasks[0].total = of or None  # `update` takes None for "as it was"

        yield told


@contextmanager
def _lines(console: Console, lang: str, every_s: float) -> Iterator[Told]:
    """Say every so often how far it is, also where a step tells nothing for long."""
    pace, begun, ended = Pace(), time.monotonic(), threading.Event()

    def say_so() -> None:
        while not ended.wait(every_s):
            words = _line(pace, time.monotonic() - begun, lang)
            console.print(words, soft_wrap=True)

    def told(what: str, done: int, of: int) -> None:
        pace.heard(what, done, of)

    speaker = threading.Thread(target=say_so, daemon=True)
    speaker.start()
    try:
        yield told
    finally:
        ended.set()
        speaker.join()


def _line(pace: Pace, seconds: float, lang: str) -> str:
    """Return one line of progress: at what, how far, how fast, how long already and still."""
    what = escape(pace.what) or phrase("screen.working", lang)
    done = f"{pace.done:,}/{pace.of:,}" if pace.of else f"{pace.done:,}"
    since = phrase("progress.elapsed", lang, time=clock_words(seconds))
    return " · ".join([f"{what}: {done}", *_pace_words(pace, lang), since])
