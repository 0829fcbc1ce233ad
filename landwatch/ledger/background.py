"""What the store already holds, handed to those who judge a file; the ledger knows no store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

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


def _none_known(divisions: Collection[str]) -> Iterable[KnownContract]:
    del divisions
    return ()


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the file; each field is a callable, asked only when it is needed."""

    contracts: Callable[[Collection[str]], Iterable[KnownContract]] = _none_known
    """The contracts of some divisions, by their names."""
    ground: Ground = NO_GROUND


NOTHING_KNOWN = Background()
