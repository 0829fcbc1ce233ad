"""The server store: who may do what, and what maps are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.scanning import kept_scan
from landwatch.commands.telling import Told, silent
from landwatch.errors import UsageError
from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.store import ScanSummary
    from landwatch.store.server import PostgisKeeper


@dataclass(frozen=True, slots=True)
class RolesGiven:
    """The SQL of the roles, their names, and whether it was run."""

    statements: tuple[str, ...]
    names: tuple[str, ...]
    applied: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A scan that was laid out for maps, and how many rows of each kind."""

    scan: ScanSummary
    rows: Mapping[Kind, int]
    schemas: tuple[str, ...]


def server_roles(url: str, *, prefix: str | None = None, apply: bool = False) -> RolesGiven:
    """Return the SQL that makes the three roles of a server's store; run it where that is asked.

    Raises:
        UsageError: the store is a file, or the prefix is no beginning of a name.
        StoreError: there is no store, or the login may not make roles.
    """
    from landwatch.store.server_roles import PREFIX, Roles, give, statements_for

    keeper, roles = _on_server(url), Roles(prefix or PREFIX)
    told = give(keeper, roles) if apply else statements_for(keeper, roles)
    return RolesGiven(tuple(told), tuple(roles), apply)


def publish(url: str, scan_id: int | None = None, *, by: str, told: Told = silent) -> Published:
    """Lay a kept scan (None: the latest) out in plain tables and views, for QGIS and for SQL.

    Raises:
        UsageError: the store is a file, or nothing has been scanned yet.
        UnknownNameError: no scan of that number.
        StoreError: the tables are not there yet, and this login may not make them.
    """
    from landwatch.scan.publication import BESIDE, publication
    from landwatch.store.server_views import VIEW_SCHEMAS, Layout, Publishing
    from landwatch.store.server_views import publish as lay_out

    keeper, store = _on_server(url), bootstrap.the_store(url)
    scan = kept_scan(store, scan_id)
    assert scan.scan_id is not None  # a kept one has a number
    act = Publishing(scan.scan_id, scan.as_of, scan.known_at, by)
    rows = lay_out(keeper, Layout(BESIDE), act, publication(store, scan, told))
    return Published(scan, rows, tuple(VIEW_SCHEMAS.values()))


def _on_server(url: str) -> PostgisKeeper:
    """Return what keeps a store on a server.

    Raises:
        UsageError: it is a file, which has no roles and is drawn as it is.
    """
    from landwatch.store.opening import keeper_of
    from landwatch.store.server import PostgisKeeper

    keeper = keeper_of(url)
    if not isinstance(keeper, PostgisKeeper):
        raise UsageError("error.not_on_server", store=keeper.shown)
    return keeper
