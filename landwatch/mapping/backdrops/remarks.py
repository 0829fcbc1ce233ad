"""What is to be said of a backdrop beside showing it: what was left out, what may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landwatch.errors import LandwatchError
from landwatch.language.catalogue import LANGUAGES


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the catalogue with its values; it stops nothing."""

    code: str
    told: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, lang: str, /) -> str:
        """Return it in `lang`, signs that a terminal would obey made visible."""
        return LandwatchError(self.code, **self.told).in_words(lang)

    def both(self) -> dict[str, str]:
        """Return it in every language, for a page that carries them all."""
        return {lang: self.in_words(lang) for lang in LANGUAGES}
