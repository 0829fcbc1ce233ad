"""What a doctor sees in a file: a sighting, where it was seen, and what would cure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How sure a sighting is that something is wrong."""

    WRONG = "wrong"
    """It cannot be as it is written."""
    SUSPECT = "suspect"
    """It looks like a known slip; a person decides."""
    NOTE = "note"
    """Worth knowing; nothing needs to be done."""


@dataclass(frozen=True, slots=True)
class Example:
    """One place where something was seen: layer or sheet, row, key, and what stands there."""

    layer: str | None = None
    row: int | None = None
    key: str | None = None
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something seen in a file or in the ledger.

    Args:
        code: permanent; its words are `doctor.saw.<code>`, which `told` fills.
        severity: how sure it is that something is wrong.
        count: how many rows show it; 0 where it is said of the whole.
        examples: a few of them, the first first.
        cure: what to add to the command that takes the file in (`--cure swap`), if anything can.
        told: the values of its words; a value that is a key of the catalogue is said in words.
    """

    code: str
    severity: Severity
    count: int = 0
    examples: tuple[Example, ...] = ()
    cure: str | None = None
    told: Mapping[str, object] = field(default_factory=dict)
