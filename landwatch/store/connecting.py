"""Connections to a server: how long each thing may take, and which are kept for the next call.

A verb of the command line opens a few connections and ends: it keeps none. A process that answers
many calls keeps some (LANDWATCH_PG_POOL); each is tried before it is used again, so that one that
died in between is replaced.
"""

from __future__ import annotations

import atexit
import os
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine

from landwatch.settings import StoreSettings
from landwatch.store import holders

_TRIES = 3
"""So often a silent line is tried before it is given up."""
_RECYCLED_S = 1800


def engine_of(url: URL, settings: StoreSettings, patience_s: float) -> Engine:
    """Return an engine on a database, with the connections that this process keeps, if any."""
    lasting = {
        "connect_timeout": max(2, round(min(patience_s, settings.connect_seconds))),
        "application_name": holders.own_name(),
        "keepalives_idle": max(1, round(settings.keepalive_seconds)),
        "keepalives_interval": max(1, round(settings.keepalive_seconds / _TRIES)),
        "keepalives_count": _TRIES,
        "tcp_user_timeout": round(2000 * settings.keepalive_seconds),
    }
    told = tuple((name, value) for name, value in lasting.items() if name not in url.query)
    if settings.pool:
        return _kept(url, told, settings.pool, os.getpid())
    return _engine(url, told, poolclass=NullPool)


@cache
def _kept(url: URL, told: tuple[tuple[str, Any], ...], pool: int, _process: int) -> Engine:
    """Return the one engine of this process; a child makes its own and leaves its parent's."""
    engine = _engine(
        url,
        told,
        pool_size=pool,
        max_overflow=-1,  # more at once are opened and closed again, never waited for
        pool_pre_ping=True,
        pool_recycle=_RECYCLED_S,
    )
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
    atexit.register(engine.dispose)
    return engine


def _engine(url: URL, told: tuple[tuple[str, Any], ...], **pooled: Any) -> Engine:
    return create_engine(url, isolation_level="REPEATABLE READ", connect_args=dict(told), **pooled)


def set_limits(connection: Connection, settings: StoreSettings) -> None:
    """Limit what this transaction may take.

    What the address, the login or the database already limits more strictly stays.
    """
    limits = {
        "statement_timeout": settings.statement_seconds,
        "idle_in_transaction_session_timeout": settings.idle_seconds,
    }
    for name, seconds in limits.items():
        if seconds:
            connection.exec_driver_sql(
                f"SELECT set_config('{name}', %s, true) FROM pg_settings WHERE name = '{name}'"
                " AND (setting = '0' OR setting::bigint > %s)",
                (str(round(seconds * 1000)), round(seconds * 1000)),
            )
