"""Watching one run of a verb: its journal, its figures, and the alert where it ended badly."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from landwatch import __version__
from landwatch.errors import LandwatchError, Worded
from landwatch.operations import alert, journal, metrics
from landwatch.operations.metrics import Family, Sample
from landwatch.operations.run import Run
from landwatch.settings import Settings

READING = frozenset((
    "", "adapters", "charge list", "compare", "digest", "doctor coordinates", "doctor ledger",
    "doctor store", "explain", "export", "findings", "history", "imports", "map", "policy check",
    "policy diff", "policy list", "policy new", "policy schema", "policy search", "policy show",
    "policy test", "policy whatif", "report", "sample list", "sample sheet", "sample show",
    "source list", "status",
))  # fmt: skip
"""Verbs that change nothing in the store: their good end is told only to a journal of `debug`."""
_BAD, _GRAVE = 2, (3, 4, 70)

Said = Callable[[Worded], None]
"""Hears what hindered watching; it never changes how the verb ended."""


def conclude(run: Run, settings: Settings, said: Said) -> None:
    """Write how a run ended into the journal and the figures, and call for help where needed."""
    _write_end(run)
    place = run.metrics or settings.metrics
    if place is not None and (run.families or run.verb not in READING):
        try:
            metrics.keep(Path(place).expanduser(), [*run.families, *how_it_ended(run)])
        except LandwatchError as problem:
            journal.note("metrics_failed", logging.ERROR, error=problem.code)
            said(problem)
    if troubles := alert.troubles_of(run):
        called = alert.call(settings, alert.message_of(run, troubles))
        if called is not None and not called.heard:
            said(LandwatchError("alert.failed", program=settings.alert, why=_why(called)))


def _why(called: alert.Called) -> str:
    return called.why or f"exit code {called.exit_code}"


def _write_end(run: Run) -> None:
    quiet = run.verb in READING and run.exit_code < _BAD
    level = logging.DEBUG if quiet else logging.INFO
    if run.exit_code >= _BAD:
        level = logging.ERROR if run.exit_code in _GRAVE else logging.WARNING
    journal.note(
        "ended", level, exit_code=run.exit_code, error=run.error,
        seconds=round(run.seconds, 3), **run.facts,
    )  # fmt: skip


def how_it_ended(run: Run) -> list[Family]:
    """Return the figures that every run tells: when it ended, how, and after how long."""
    verb, now = {"verb": run.verb}, time.time()
    told = {
        "landwatch_last_exit_code": float(run.exit_code),
        "landwatch_last_end_timestamp_seconds": round(now),
        "landwatch_last_seconds": round(run.seconds, 3),
    }
    if run.exit_code in (0, 1):
        told["landwatch_last_success_timestamp_seconds"] = round(now)
    found = [Family(name, [Sample(value, verb)], "verb") for name, value in told.items()]
    return [*found, Family("landwatch_info", [Sample(1, {"version": __version__})])]
