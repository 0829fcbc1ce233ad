"""What the store already holds, handed to those who judge a file; the ledger knows no store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the file; each field is a callable, asked only when it is needed."""


NOTHING_KNOWN = Background()
