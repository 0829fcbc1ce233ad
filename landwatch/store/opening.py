"""From an address to a store: a file beside the user, or a PostgreSQL server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from landwatch.errors import UsageError
from landwatch.files import there_as
from landwatch.language.paths import is_dressed, is_windows, meanings
from landwatch.operations.run import without_password
from landwatch.settings import read_store_settings
from landwatch.store.store import Store

if TYPE_CHECKING:
    from landwatch.store.embedded import GeoPackageKeeper
    from landwatch.store.server import PostgisKeeper


def create_store(url: str, *, patience_s: float | None = None) -> Store:
    """Return the store at `url`, made or brought up to date where needed.

    Args:
        url: a path such as `landwatch.gpkg`, `sqlite+gpkg:///path`, `postgresql+psycopg://…`.
        patience_s: how long to wait for another writer; None: as the settings say.

    Raises:
        StoreError: what is there is no store of landwatch, or nothing can be written there.
        StoreVersionError: a newer landwatch made it.
    """
    keeper = keeper_of(url, patience_s)
    keeper.create()
    return Store(url, keeper)


def open_store(url: str, *, patience_s: float | None = None) -> Store:
    """Return the store at `url`, which must be there.

    A file of an older landwatch is upgraded, with a backup beside it and a StoreUpgradedWarning.

    Raises:
        StoreMissingError: there is none yet: `landwatch init` makes one.
        StoreVersionError: a newer landwatch made it, or a server's waits for `landwatch init`.
        StoreError: what is there is no store of landwatch, or it is damaged, or cannot be read.
    """
    keeper = keeper_of(url, patience_s)
    keeper.open()
    return Store(url, keeper)


def keeper_of(url: str, patience_s: float | None = None) -> GeoPackageKeeper | PostgisKeeper:
    """Return what keeps the store at `url`; nothing is opened yet.

    Raises:
        UsageError: it is no address of a store.
    """
    from landwatch.store.embedded import GeoPackageKeeper

    if patience_s is None:
        patience_s = read_store_settings().lock_seconds
    if "://" not in url:
        return GeoPackageKeeper(_file(url), patience_s)
    address = _address(url)
    if address.drivername == "sqlite+gpkg" and address.database:
        return GeoPackageKeeper(Path(address.database).expanduser(), patience_s)
    if address.drivername in ("postgresql", "postgresql+psycopg"):
        from landwatch.store.server import PostgisKeeper  # a file needs no driver of a server

        return PostgisKeeper(address.set(drivername="postgresql+psycopg"), patience_s)
    raise UsageError("error.store_url", url=without_password(address.render_as_string()))


def _file(typed: str) -> Path:
    """Return the file that a path names; a Windows path is no name for a file of another system.

    Raises:
        UsageError: it is one, or carries quotes or blanks, and no such file is there.
    """
    try:
        path = Path(typed).expanduser()
        if path.exists():
            return path
        if "\0" in typed:
            raise ValueError(typed)
    except (OSError, ValueError, RuntimeError) as error:  # too long, a zero byte, a ~nobody
        shown = typed.replace("\0", "")[:80]
        raise UsageError("error.store_path", store=shown, near="landwatch.gpkg") from error
    if there := there_as(typed):
        raise UsageError("error.store_path_near", store=typed, near=there)
    if os.name != "nt" and (is_windows(typed) or is_dressed(typed)):
        raise UsageError("error.store_path", store=typed, near=next(reversed(meanings(typed)), ""))
    return path


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
        scheme = url.partition("://")[0]
        raise UsageError("error.store_url", url=f"{scheme}://…") from error


def shown(url: str) -> str:
    """Return an address as it may be shown: without a password."""
    return without_password(_address(url).render_as_string()) if "://" in url else url
