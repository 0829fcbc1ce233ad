"""Who holds a store that one waited for in vain: the program, its number, its user.

Linux tells of a file in /proc/locks, PostgreSQL of a table in pg_locks; elsewhere nobody is named.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from landwatch.errors import StoreBusyError

_LOCKS = Path("/proc/locks")
_PROCESSES = Path("/proc")
_ON_SERVER = (
    "SELECT DISTINCT usename, application_name, host(client_addr), state_change"
    " FROM pg_locks AS held JOIN pg_stat_activity USING (pid)"
    " WHERE granted AND pid <> pg_backend_pid()"
    " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND (locktype = 'advisory' AND classid = 0 AND objid = 7236479"
    " OR relation = 'imports'::regclass"
    " AND mode IN ('ExclusiveLock', 'AccessExclusiveLock', 'ShareRowExclusiveLock'))"
)
_LONGEST_NAME = 63
"""PostgreSQL cuts an application's name to so many bytes."""


@contextmanager
def named(holder: Callable[[], str | None]) -> Iterator[None]:
    """Say who holds the store, where that is told, when one waited for it in vain."""
    try:
        yield
    except StoreBusyError as busy:
        who = holder()
        if who is None:
            raise
        raise StoreBusyError("error.store_busy_by", who=who, **busy.values) from busy


def write_alone(connection: sa.Connection) -> None:
    """Wait until nobody else writes to a server's store, and hold it until the transaction ends.

    A lock of the table itself would ask for the right to change what was told.
    """
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236479)")


def own_name() -> str:
    """Return how this process is called on a server: the program, who runs it, and where."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "?"
    told = f"landwatch {user}@{socket.gethostname()}".encode()[:_LONGEST_NAME]
    return told.decode("utf-8", "ignore")


def of_file(path: Path) -> str | None:
    """Return which other process holds a lock on a file, a writer before a reader."""
    try:
        inode = str(path.stat().st_ino)
        lines = [line.split() for line in _LOCKS.read_text("ascii").splitlines()]
    except OSError:
        return None
    held = [
        (words[3] != "WRITE", int(words[4]))
        for words in lines
        if len(words) > 5 and words[1] == "POSIX" and words[5].rpartition(":")[2] == inode
    ]
    others = [number for _, number in sorted(held) if number > 0 and number != os.getpid()]
    return next((who for number in others if (who := _process(number))), None)


def _process(number: int) -> str | None:
    """Return the name of a program that runs, with its number and its user."""
    folder = _PROCESSES / str(number)
    try:
        name = (folder / "comm").read_text("utf-8", "replace").strip()
        words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        user = folder.owner()
    except (OSError, KeyError):
        return None
    if any("landwatch" in word for word in words[:4]):
        name = "landwatch"
    return f"{name}, pid {number}, {user}"


def of_server(engine: sa.Engine) -> str | None:
    """Return which connection holds the table that writers lock."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(_ON_SERVER).first()
    except sa.exc.DBAPIError:
        return None
    if found is None:
        return None
    user, program, host, since = found
    at = f"{since.astimezone():%H:%M:%S}" if since else "?"
    return ", ".join(part for part in (program or "?", user, host, at) if part)
