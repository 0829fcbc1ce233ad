"""What the store already holds, handed to those who judge a file; the ledger knows no store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from landwatch.ledger.ground import NO_GROUND, Ground


@dataclass(frozen=True, slots=True)
class KnownContract:
    """What the ledger holds of a contract that rows of a file are held against."""

    key: str
    division: str | None = None
    instrument: str | None = None
    land_use: str | None = None
    price_wan: Decimal | None = None
    area_mu: Decimal | None = None
    area_m2: Decimal | None = None
    holder: str | None = None
    signed_on: date | None = None


def _none_known(divisions: Collection[str]) -> Iterable[KnownContract]:
    del divisions
    return ()


Held: TypeAlias = Callable[[Collection[str]], Mapping[str, Sequence[str | None]]]
"""The division and the holder of those contracts that the ledger has under some keys."""


def _none_held(keys: Collection[str]) -> Mapping[str, Sequence[str | None]]:
    del keys
    return {}


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the file; each field is a callable, asked only when it is needed."""

    contracts: Callable[[Collection[str]], Iterable[KnownContract]] = _none_known
    """The contracts of some divisions, by their names."""
    ground: Ground = NO_GROUND
    held: Held = _none_held


NOTHING_KNOWN = Background()
