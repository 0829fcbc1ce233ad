"""Examples of what runs landwatch, and a try of the alert."""

from __future__ import annotations

from pathlib import Path

from landwatch.errors import InputRefusedError, UsageError
from landwatch.files import unwritable
from landwatch.operations import alert
from landwatch.operations.alert import Called, Trouble
from landwatch.operations.examples import Example, Site, example, site_of, write_examples
from landwatch.operations.run import current
from landwatch.settings import read_settings

__all__ = ["Called", "Example", "examples_of", "site_of", "try_alert"]


def examples_of(which: Example, site: Site, folder: Path | None) -> list[tuple[str, str]]:
    """Return the files of an example by name; where a folder is named, written there.

    Raises:
        InputRefusedError: one is there already, or it cannot be written.
    """
    if folder is None:
        return list(example(which, site))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [(str(path), "") for path in write_examples(which, site, folder)]
    except FileExistsError as problem:
        raise InputRefusedError("nightly.example_there", file=str(problem.filename)) from None
    except OSError as problem:
        raise unwritable(folder, problem, InputRefusedError) from problem


def try_alert() -> Called:
    """Call the alert program with a message that says it is only a try.

    Raises:
        UsageError: no program is named, or this landwatch was called by one.
    """
    settings = read_settings()
    called = alert.call(settings, alert.message_of(current(), (Trouble.TEST,)))
    if called is None:
        raise UsageError("alert.none")
    return called
