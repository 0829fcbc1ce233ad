"""The numbers of a parameter one by one: for each day and each code, a number or an empty slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from landwatch.language.terms import ZoneLevel
from landwatch.lawbook.policy import DatedValue, Parameter


@dataclass(frozen=True, slots=True)
class Slot:
    """One number of a parameter, from a day on, for a code where a code picks it."""

    since: date
    code: str | None
    value: Fraction | None

    @property
    def always(self) -> bool:
        """Tell whether the document has no day of effect: the number holds from adoption."""
        return self.since == date.min

    def code_in_words(self, lang: str) -> str:
        """Return the code as a reader calls it, empty where no code picks the number."""
        if self.code in set(ZoneLevel):
            return ZoneLevel(self.code).in_words(lang)
        return self.code or ""


def slots_of(parameter: Parameter) -> Iterator[Slot]:
    """Return every number of a parameter, by day."""
    for dated in parameter.values:
        yield from slots_on(dated)


def slots_on(dated: DatedValue) -> Iterator[Slot]:
    """Return the numbers that hold from one day on."""
    if not dated.by_code:
        yield Slot(dated.since, None, dated.value)
        return
    for code, value in dated.by_code.items():
        yield Slot(dated.since, code, value)
