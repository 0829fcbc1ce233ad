"""One scan at a time: a lock beside the file, or of the server, that dies with whoever holds it."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from landwatch.errors import StoreBusyError
from landwatch.operations.lock import Holder, Lock
from landwatch.store.faults import in_words

_KEY = 7236480
_PAUSE_S = 0.2
_LONGEST_NAME = 63
"""PostgreSQL cuts an application's name to so many bytes."""
_CALLED = "landwatch scan"
_HOLDER = (
    "SELECT application_name, host(client_addr) AS host, held.pid"
    " FROM pg_locks AS held JOIN pg_stat_activity USING (pid)"
    " WHERE granted AND locktype = 'advisory' AND classid = 0"
    f" AND objid = {_KEY} AND objsubid = 1"
    " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def of_file(path: Path, who: str, patience_s: float) -> Iterator[None]:
    """Hold the scans of a file; a disk that knows no locks holds nobody back.

    Raises:
        StoreBusyError: another scan did not end in time.
    """
    whole = path.resolve()
    lock_path = whole.with_name(f".{whole.name}.scan-lock")
    lock, began = Lock(lock_path), time.monotonic()
    with ExitStack() as held:
        while True:
            attempt = ExitStack()
            try:
                holder = attempt.enter_context(lock.held(who))
            except OSError:
                break
            if holder is None:
                held.push(attempt)
                _for_all_who_may(lock_path, whole)
                break
            attempt.close()
            _wait(str(path), holder, began, patience_s)
        yield


def _for_all_who_may(lock: Path, store: Path) -> None:
    """Have whoever may write to the store be able to hold the lock."""
    with suppress(OSError):  # another's: its owner did so
        lock.chmod(store.stat().st_mode & 0o666)


@contextmanager
def of_server(engine: Engine, shown: str, who: str, patience_s: float) -> Iterator[None]:
    """Hold the scans of a database, by a connection that is open as long.

    Raises:
        StoreBusyError: another scan did not end in time.
        StoreError: the server does not answer.
    """
    began = time.monotonic()
    connection = _of_its_own(engine, shown)
    try:
        while True:
            with in_words(shown):
                if connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({_KEY})")):
                    _say(connection, who)
                    break
                holder = _holder(connection)
            _wait(shown, holder, began, patience_s)
        yield
    finally:
        with suppress(DBAPIError):  # a server that went away holds nothing
            connection.close()


def _of_its_own(engine: Engine, shown: str) -> Connection:
    """Return a connection that no other call is given, outside of any transaction."""
    with in_words(shown):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        connection.exec_driver_sql("SET idle_session_timeout = 0")
        connection.exec_driver_sql("SET tcp_keepalives_idle = 30")  # a computer may lose its power
    return connection


def _say(connection: Connection, who: str) -> None:
    """Have others see who holds it: a server shows everybody how a program is called, in ASCII."""
    since = f"{round(datetime.now(UTC).timestamp()):x}"
    room = (_LONGEST_NAME - len(f"{_CALLED} {since} ")) // 4 * 3
    name = who.encode()[:room].decode("utf-8", "ignore").encode()
    told = f"{_CALLED} {since} {base64.urlsafe_b64encode(name).decode()}"
    setting = sa.text("SELECT set_config('application_name', :name, false)")
    connection.execute(setting, {"name": told})


def _holder(connection: Connection) -> Holder:
    row = connection.exec_driver_sql(_HOLDER).first()
    if row is None or not (row.application_name or "").startswith(f"{_CALLED} "):
        return Holder()  # gone meanwhile, or just taken
    since, _, name = row.application_name.removeprefix(f"{_CALLED} ").partition(" ")
    try:
        moment = datetime.fromtimestamp(int(since, 16), UTC)
        who = base64.urlsafe_b64decode(name).decode()
    except (ValueError, OverflowError):  # another program that calls itself so
        return Holder()
    return Holder(who, row.host or "localhost", row.pid, moment)


def _wait(shown: str, holder: Holder, began: float, patience_s: float) -> None:
    """Wait a moment for the other scan to end.

    Raises:
        StoreBusyError: one has waited long enough.
    """
    left = began + patience_s - time.monotonic()
    if left > 0:
        time.sleep(min(_PAUSE_S, left))
        return
    if holder.since is None:
        raise StoreBusyError("resuming.busy", store=shown)
    since = f"{holder.since.astimezone():%Y-%m-%d %H:%M:%S}"
    raise StoreBusyError(
        "resuming.busy_by", store=shown, who=holder.who, host=holder.host, pid=holder.pid,
        since=since,
    )  # fmt: skip
