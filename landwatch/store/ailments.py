"""What the doctor of a store says: a code, how grave it is, and what its sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from landwatch.language.catalogue import say


class Weight(StrEnum):
    """How grave an ailment is; with a `wrong` one, answers may be wrong or rows lost."""

    WRONG = "wrong"
    SUSPECT = "suspect"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is not as it should be; `code` never changes its meaning."""

    code: str
    weight: Weight
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """One of the looks of the doctor, by the key of its name."""

    key: str

    def in_words(self, lang: str, /) -> str:
        """Return its name in `lang`."""
        return say(self.key, lang)


def wrong(code: str, **told: Any) -> Ailment:
    """Return an ailment that may make answers wrong."""
    return Ailment(code, Weight.WRONG, told)


def suspect(code: str, **told: Any) -> Ailment:
    """Return an ailment that somebody should look into."""
    return Ailment(code, Weight.SUSPECT, told)


def note(code: str, **told: Any) -> Ailment:
    """Return what is good to know."""
    return Ailment(code, Weight.NOTE, told)


def gravest_first(found: list[Ailment]) -> list[Ailment]:
    """Return ailments in order of their weight, each weight in the order found."""
    order = list(Weight)
    return sorted(found, key=lambda one: order.index(one.weight))
