"""A cure: what changes, by how much, until when, and how it is said.

No word here knows a rule; numbers keep all their decimals, for a rounded one could be too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from landwatch.language.catalogue import say
from landwatch.lawbook.policy import About
from landwatch.lawbook.vocabulary import fact_names, scope_of_facts
from landwatch.units import rounded

_YEARLY = frozenset({"year_tax_wan", "year_output_wan"})


class CureKind(StrEnum):
    """What a cure is: figures or works, another agreed day, or that there is none."""

    DOING = "doing"
    AMENDMENT = "amendment"
    TOO_LATE = "too_late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CureStep:
    """One part of a cure: a number moved by so much, an act, or a day to be agreed on."""

    fact: str
    by: Fraction | None = None
    to: Fraction | date | None = None


@dataclass(frozen=True, slots=True)
class Cure:
    """A change that cures: its parts, and the last day for it where the duty is not overdue."""

    kind: CureKind
    rule: str
    steps: tuple[CureStep, ...] = ()
    until: date | None = None

    def in_words(self, lang: str) -> str:
        """Return the cure as one sentence in `lang`."""
        what = self._what(lang)
        if self.kind in (CureKind.TOO_LATE, CureKind.NONE):
            return say(f"cure.kind.{self.kind}", lang, rule=self.rule)
        if self.until is not None:
            return say("cure.by", lang, what=what, until=self.until.isoformat(), rule=self.rule)
        return say(f"cure.kind.{self.kind}", lang, what=what, rule=self.rule)

    def short(self, lang: str) -> str:
        """Return only what is to be done, where the rule stands beside it."""
        return self._what(lang) if self.steps else self.in_words(lang)

    def _what(self, lang: str) -> str:
        return say("cure.and", lang).join(_step_in_words(step, lang) for step in self.steps)

    def as_plain(self) -> dict[str, object]:
        """Return the cure for a machine: numbers as exact texts, days as ISO."""
        steps = [
            {
                "fact": step.fact,
                "by": None if step.by is None else _exact_text(step.by),
                "to": _exact_text(step.to) if isinstance(step.to, Fraction) else _iso(step.to),
                "unit": _unit(step.fact) or None,
            }
            for step in self.steps
        ]
        words = {f"words_{lang}": self.in_words(lang) for lang in ("zh", "en")}
        return {"kind": str(self.kind), "steps": steps, "until": _iso(self.until), **words}


def _iso(day: Fraction | date | None) -> str | None:
    return day.isoformat() if isinstance(day, date) else None


def _exact_text(number: Fraction) -> str:
    """Return a number with all its decimals: rounding could make a cure too small."""
    text = f"{rounded(number, 12):f}"
    return text.rstrip("0").rstrip(".")


def _read(number: Fraction) -> str:
    whole, dot, decimals = _exact_text(abs(number)).partition(".")
    return f"{int(whole):,}{dot}{decimals}"


def _unit(fact: str) -> str:
    meaning = scope_of_facts().meanings.get(fact) or scope_of_facts(About.PARK).meanings.get(fact)
    text = meaning.unit.text if meaning and meaning.unit else "1"
    return "" if text in ("1", "产能") else text


def _step_in_words(step: CureStep, lang: str) -> str:
    if isinstance(step.to, date):
        return say(f"cure.agree.{step.fact}", lang, day=step.to.isoformat())
    by = None if step.by is None else _read(step.by)
    if step.to is None:
        return say(f"cure.act.{step.fact}", lang, by=by)
    unit = _unit(step.fact).replace("m2", "平方米" if lang == "zh" else "m²")
    title = fact_names()[step.fact][0 if lang == "zh" else 1]
    way = "yearly" if step.fact in _YEARLY else "less" if step.by and step.by < 0 else "more"
    joint = f" {unit}" if unit else ""
    return say(f"cure.figure.{way}", lang, title=title, by=by, to=_read(step.to), unit=joint)
