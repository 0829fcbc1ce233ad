"""Forks a child for each command that a test sends, so that the child can be killed at any moment.

A line is a JSON list: the words of a command, and the seconds after which the child is killed (or
null). The answer is the child's exit status. What a command loads is loaded once, before the fork;
no engine has been opened here, so a child starts as a process of its own would.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time

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


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        words, after_s = json.loads(line)
        number = child_of(words)
        if after_s is not None:
            time.sleep(after_s)
            os.kill(number, signal.SIGKILL)  # not waited for until now: still its own number
        _, status = os.waitpid(number, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
