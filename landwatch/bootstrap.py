"""The only place that picks parts: which store, which lawbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from landwatch.lawbook.policy import Policy
from landwatch.lawbook.shelf import shelf
from landwatch.store import Store, create_store, open_store


def the_store(url: str) -> Store:
    """Return the store of a path or URL.

    Raises:
        StoreMissingError: nothing there yet; says how to make one.
        StoreError: it cannot be opened.
    """
    return open_store(url)


def a_new_store(url: str) -> Store:
    """Return the store of a path or URL, made or upgraded where needed."""
    return create_store(url)


def the_lawbook() -> Mapping[str, Policy]:
    """Return the policies on the shelf, by id."""
    return shelf()


def photos_beside(url: str) -> Path | None:
    """Return the folder for photos beside an embedded store; a server has none."""
    if url.startswith("postgresql"):
        return None
    path = Path(url.removeprefix("sqlite+gpkg:///"))
    return path.with_name(path.stem + "-photos")
