"""How a store itself is: whether the database, its rows and its scans agree. It changes nothing."""

from __future__ import annotations

from landwatch.store.keeper import Keeper


class Health:
    """The doctor of a store."""

    def __init__(self, keeper: Keeper) -> None:
        """Look into the store that `keeper` keeps."""
        self._keeper = keeper
