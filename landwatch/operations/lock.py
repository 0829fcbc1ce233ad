"""A lock that one process at a time holds, and that says who holds it since when.

The system lets go of it when its holder ends, however it ends: nothing has to be cleaned up.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from landwatch.files import check_ordinary

_PAUSE_S = 0.05
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""What is held is emptied: it must be the file of that name, not what a link points to."""
_FAR = 1 << 30
"""Where Windows is asked to lock: beyond the text, which stays readable to others."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock; blank where the holder has not said so yet."""

    who: str = ""
    host: str = ""
    pid: int = 0
    since: datetime | None = None


class Lock:
    """The lock of a file, which stays there between its holders."""

    def __init__(self, path: Path) -> None:
        """Lock by `path`, which is made where it is not there."""
        self._path = path

    @contextmanager
    def held(self, who: str) -> Iterator[Holder | None]:
        """Hold the lock and yield None; or yield who holds it, where it is taken.

        Raises:
            OSError: the file cannot be made, or the disk knows no locks.
        """
        with self._opened() as file:
            if not _taken(file):
                yield self._holder()
                return
            self._say(file, who)
            try:
                yield None
            finally:
                with suppress(OSError):
                    file.seek(0)
                    file.truncate()
                _let_go(file)

    @contextmanager
    def waiting(self, patience_s: float) -> Iterator[bool]:
        """Hold the lock, after a wait where need be; yield whether it is held."""
        try:
            file = self._opened()
        except OSError:
            yield False
            return
        with file:
            yield _taken_within(file, patience_s)

    def _opened(self) -> IO[bytes]:
        descriptor = os.open(self._path, _FLAGS, 0o664)
        try:
            check_ordinary(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return os.fdopen(descriptor, "r+b", buffering=0)

    def _say(self, file: IO[bytes], who: str) -> None:
        told = {
            "who": who,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        file.seek(0)
        file.truncate()
        file.write(json.dumps(told, ensure_ascii=False).encode())

    def _holder(self) -> Holder:
        try:
            told = json.loads(self._path.read_bytes())
            since = datetime.fromisoformat(told["since"])
            return Holder(str(told["who"]), str(told["host"]), int(told["pid"]), since)
        except (OSError, ValueError, KeyError, TypeError):  # just taken, not said yet
            return Holder()


def _taken_within(file: IO[bytes], patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while True:
        try:
            if _taken(file):
                return True
        except OSError:  # a disk without locks
            return False
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE_S)


def _taken(file: IO[bytes]) -> bool:
    """Take the lock; return whether it was free."""
    try:
        import fcntl
    except ImportError:
        return _taken_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _let_go(file: IO[bytes]) -> None:
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)


def _taken_on_windows(file: IO[bytes]) -> bool:
    import msvcrt

    locking, mode = getattr(msvcrt, "locking"), getattr(msvcrt, "LK_NBLCK")  # noqa: B009
    file.seek(_FAR)
    try:
        locking(file.fileno(), mode, 1)
    except PermissionError:
        return False
    except OSError:
        return False
    finally:
        file.seek(0)
    return True
