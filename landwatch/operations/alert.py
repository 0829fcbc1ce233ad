"""Calling the program that hears of trouble: JSON on its stdin, no shell, a time limit.

A program that fails is written to the journal and changes nothing. One that calls landwatch again
raises no alert of its own.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from landwatch.operations import journal
from landwatch.operations.run import Run
from landwatch.settings import Settings

CALLED = "LANDWATCH_ALERTING"
"""Set for the program that is called, and so for a landwatch that it calls."""
WATCHED = ("import", "nightly", "scan")
"""Verbs whose failure is told."""
FAILED = (3, 4, 70)
_PLANLESS = 2
"""How a nightly run ends whose plan is off: nobody sits before it to read that."""
_NAMED = 50


class Trouble(StrEnum):
    """What an alert tells of."""

    FAILED = "failed"
    LATE = "late"
    FINDINGS = "findings"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Called:
    """How the program fared: its exit code, None where it did not run or not in time."""

    exit_code: int | None
    seconds: float
    why: str | None = None

    @property
    def heard(self) -> bool:
        """Tell whether the program took the alert."""
        return self.exit_code == 0


def troubles_of(run: Run) -> tuple[Trouble, ...]:
    """Return what there is to tell of a run that has ended."""
    found = []
    failed = (*FAILED, _PLANLESS) if run.verb == "nightly" else FAILED
    if run.verb in WATCHED and run.exit_code in failed:
        found.append(Trouble.FAILED)
    if run.late:
        found.append(Trouble.LATE)
    if run.verb == "nightly" and run.exit_code == 1 and not run.late:
        found.append(Trouble.FINDINGS)
    return tuple(found)


def message_of(run: Run, troubles: tuple[Trouble, ...]) -> dict[str, Any]:
    """Return what the program is told."""
    return {
        "landwatch_alert": 1,
        "troubles": [str(trouble) for trouble in troubles],
        "verb": run.verb,
        "exit_code": run.exit_code,
        "error": run.error,
        "words": dict(run.words),
        "store": run.store,
        "host": socket.gethostname(),
        "began_at": run.began_at.isoformat(timespec="seconds"),
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "late": [dict(one) for one in run.late[:_NAMED]],
        "late_count": len(run.late),
        **run.facts,
        **run.details,
    }


def call(settings: Settings, message: Mapping[str, Any]) -> Called | None:
    """Call the program that the settings name; None where there is none or it called us."""
    if settings.alert is None or os.environ.get(CALLED):
        return None
    begun = time.monotonic()
    try:
        exit_code, why = _ran(settings, json.dumps(message, ensure_ascii=False, default=str))
    except (OSError, ValueError) as problem:
        exit_code, why = None, getattr(problem, "strerror", None) or str(problem)
    done = Called(exit_code, time.monotonic() - begun, why)
    journal.note(
        "alert_called",
        logging.INFO if done.heard else logging.ERROR,
        troubles=message.get("troubles"),
        alert_exit_code=done.exit_code,
        seconds=round(done.seconds, 3),
        why=done.why,
    )
    return done


def program_of(told: str) -> str:
    """Return the program that a setting means: a path, or a name that is looked up as ever."""
    path = Path(told).expanduser()
    if path.exists() or path.name != told:
        return str(path.absolute())
    return shutil.which(told) or told


def _ran(settings: Settings, text: str) -> tuple[int | None, str | None]:
    """Run the program to its end, or end it with all that it started."""
    program = program_of(settings.alert or "")
    own = {"start_new_session": True} if os.name == "posix" else {}
    process = subprocess.Popen(
        [program],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, CALLED: "1"},
        **own,  # type: ignore[call-overload]
    )
    try:
        with suppress(BrokenPipeError):  # it need not read what it is told
            process.communicate(
                f"{text}\n".encode("utf-8", "replace"), timeout=settings.alert_seconds
            )
        return process.wait(settings.alert_seconds), None
    except subprocess.TimeoutExpired:
        return None, f"timeout after {settings.alert_seconds:g} s"
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
