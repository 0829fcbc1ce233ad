"""Forks a child for each command that a test sends, so that the child can be killed at any moment.

A line is a JSON list: the words of a command, the seconds after which the child is killed (or
null), and a store with a table of it (or null): the child is killed as soon as that has rows, for
under load no moment by the clock is sure to hit what takes a blink. The answer is the child's exit
status. What a command loads is loaded once, before the fork;
no engine has been opened here, so a child starts as a process of its own would.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from landwatch.cli import run

LOADED = ("duckdb", "pyarrow.compute", "shapely", "landwatch.commands", "landwatch.screen",
          "landwatch.ledger", "landwatch.scan.kept", "landwatch.store")  # fmt: skip


def child_of(words: list[str]) -> int:
    """Begin a command in a child and return its number."""
    number = os.fork()
    if number == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os._exit(run(words))
    return number


def wait_for_rows(number: int, store: Path, table: str) -> bool:
    """Tell whether a table of a store comes to have rows before the child ends."""
    while os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        try:
            with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as file:
                if file.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]:
                    return True
        except sqlite3.OperationalError:  # just being written
            pass
        time.sleep(0.001)
    return False


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        words, after_s, with_rows = json.loads(line)
        number = child_of(words)
        if with_rows and wait_for_rows(number, Path(with_rows[0]), with_rows[1]):
            os.kill(number, signal.SIGKILL)
        if after_s is not None:
            time.sleep(after_s)
            os.kill(number, signal.SIGKILL)  # not waited for until now: still its own number
        _, status = os.waitpid(number, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
