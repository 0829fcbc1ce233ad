"""A weakness of a policy that can be read, and what it is looked for with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landwatch.language.catalogue import say
from landwatch.lawbook.cases import CaseFile, Shows
from landwatch.lawbook.policy import Policy, Rule
from landwatch.lawbook.source import Part


@dataclass(frozen=True, slots=True)
class Weakness:
    """A weakness: its code, the line it stands on, and what it is about."""

    code: str
    line: int
    values: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, lang: str) -> str:
        """Return the weakness as a sentence in `lang`."""
        return say(
            f"weak.{self.code}",
            lang,
            **{name: _told(one, lang) for name, one in self.values.items()},
        )


def _told(value: object, lang: str) -> object:
    """Return kinds of case in words; every other value as it stands."""
    if isinstance(value, Shows):
        return say(f"shows.{value}", lang)
    if isinstance(value, tuple):
        return "、".join(str(_told(one, lang)) for one in value)
    return value


@dataclass(frozen=True, slots=True)
class Review:
    """A policy with what it is held against: its file, its cases, the shelf, the source texts."""

    policy: Policy
    root: Part
    cases: CaseFile | None = None
    shelf: Mapping[str, Policy] = field(default_factory=dict)
    """The policies that are there already, without the one that is looked at."""
    sources: Sequence[str] = ()

    def part(self, *names: str) -> Part:
        """Return the part of the file under these keys, one below the other."""
        part = self.root
        for name in names:
            part = part.need(name)
        return part

    def rules(self) -> list[tuple[Rule, Part]]:
        """Return each rule with its part of the file."""
        part = self.root.get("rules")
        return list(zip(self.policy.rules, part.items() if part else (), strict=True))
