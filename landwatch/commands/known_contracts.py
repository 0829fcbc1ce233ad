"""What a store holds of contracts, handed as plain data to those who judge a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.ledger.background import Held, KnownContract
    from landwatch.store import Store

_TOLD = (
    *("division", "instrument", "land_use", "price_wan", "area_mu", "area_m2"),
    *("holder", "signed_on"),
)
_AT_ONCE = 20_000
"""A whole province is read in pieces: a million contracts at once are a gigabyte."""


def contracts_of(store: Store) -> Callable[[Collection[str]], Iterator[KnownContract]]:
    """Return the way to the contracts of some divisions; nothing is read before it is asked for."""

    def contracts(divisions: Collection[str]) -> Iterator[KnownContract]:
        return _contracts_in(store, divisions)

    return contracts


def held_of(store: Store) -> Held:
    """Return the way to the division and holder of contracts, by their keys."""

    def held(keys: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
        from landwatch.geo.told import told_now

        if not keys:
            return {}
        names = ("division", "holder")
        table = store.columns(Kind.CONTRACTS, keys=sorted(keys), only=names)
        division, holder = (told_now(table, "key", name) for name in names)
        return {key: (division.get(key), holder.get(key)) for key in holder}

    return held


def _contracts_in(store: Store, divisions: Collection[str]) -> Iterator[KnownContract]:
    """Yield each contract that was ever told to lie in one of some divisions, as it stands now."""
    from landwatch.geo.told import told_now
    from landwatch.ledger.background import KnownContract

    keys = sorted(store.keys_telling(Kind.CONTRACTS, "division", divisions))
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        table = store.columns(Kind.CONTRACTS, keys=some, only=_TOLD)
        told = {name: told_now(table, "key", name) for name in _TOLD}
        for key in told["division"]:
            yield KnownContract(key, **{name: told[name][key] for name in _TOLD})
