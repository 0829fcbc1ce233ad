"""Freshness in words: who is late with what since when, how many contracts are covered, how old.

Plain sentences without markup: a terminal, a page and a workbook say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from landwatch.language.catalogue import listed, say
from landwatch.language.sources import AS_FILES, source_in_words
from landwatch.language.terms import Standing
from landwatch.scan.freshness_figures import (
    BANDS,
    Freshness,
    Lacking,
    Latest,
    SourceLine,
)
from landwatch.store import Expected

Tone = Literal["late", "due", "fine", "plain"]
_TONES: dict[Standing, Tone] = {
    Standing.LATE: "late",
    Standing.LAST_DAY: "due",
    Standing.COMPLETE: "fine",
    Standing.NOBODY: "plain",
    Standing.NOT_DUE: "plain",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be said, and how loud."""

    tone: Tone
    text: str


def tone_of(line: SourceLine) -> Tone:
    """Return how loud a source's standing is to be said."""
    return _TONES[line.standing]


def loudest_first(lines: Iterable[SourceLine]) -> list[SourceLine]:
    """Return the sources with those first that somebody must do something about."""
    order = ("late", "due", "plain", "fine")
    return sorted(lines, key=lambda line: order.index(tone_of(line)))


def rhythm_in_words(asked: Expected, lang: str) -> str:
    """Return how often a source is expected, with its days of grace."""
    rhythm = asked.rhythm.in_words(lang)
    if not asked.grace_days:
        return rhythm
    return say("fresh.rhythm", lang, rhythm=rhythm, days=asked.grace_days)


def where_in_words(line: SourceLine, found: Freshness, lang: str) -> str:
    """Return where a source is expected: a zone, everywhere, or all but some zones."""
    if line.asked.zone_id is not None:
        return zone_in_words(line.asked.zone_id, found, lang)
    return say("fresh.elsewhere" if line.besides else "fresh.everywhere", lang)


def zone_in_words(zone_id: str | None, found: Freshness, lang: str) -> str:
    """Return what a zone is called; contracts of no zone, or of an open one, say so."""
    if zone_id is None:
        return say("fresh.no_zone", lang)
    return found.zones.get(zone_id) or zone_id


def share_in_words(share: Fraction | None) -> str:
    """Return a share as a percentage, cut and not rounded: less than all never reads 100 %.

    >>> share_in_words(Fraction(1999, 2000)), share_in_words(Fraction(1, 5000))
    ('99.9%', '<0.1%')
    >>> share_in_words(Fraction(1)), share_in_words(Fraction(0)), share_in_words(None)
    ('100%', '0%', '')
    """
    if share is None:
        return ""
    permille = share.numerator * 1000 // share.denominator
    if permille == 0 and share:
        return "<0.1%"
    return f"{permille // 10}.{permille % 10}%".replace(".0%", "%")


def latest_in_words(latest: Latest, found: Freshness, lang: str) -> str:
    """Return the day that a source tells of last, and how long ago that was."""
    if latest.observed_on is None:
        return say("fresh.never", lang)
    days = (found.as_of - latest.observed_on).days
    if days < 0:  # a file that came after the day asked for
        return latest.observed_on.isoformat()
    return say("fresh.ago", lang, day=latest.observed_on, days=days)


def standing_sentence(line: SourceLine, found: Freshness, lang: str) -> Sentence:
    """Return how a source stands; where it is late, who should send what."""
    return Sentence(tone_of(line), _standing(line, found, lang))


def _standing(line: SourceLine, found: Freshness, lang: str) -> str:
    asked, period = line.asked, line.period
    told = {
        "source": source_in_words(asked.source, lang),
        "where": where_in_words(line, found, lang),
        "rhythm": rhythm_in_words(asked, lang),
        "sender": say(f"sender.{asked.source.removeprefix('progress:')}", lang),
        "code": asked.source,
        "period": period.in_words(lang) if period else "",
        "due": line.due_on,
        "since": line.late_since,
        "expected": line.expected,
        "covered": line.covered,
        "share": share_in_words(line.share),
        "lacking": line.expected - line.covered,
        "names": _names(line, lang),
        "missed": line.missed,
        "latest": latest_in_words(line.latest, found, lang),
        "open": line.zone_open,
    }
    text = say(f"fresh.{_key(line)}", lang, **told)
    return text + say("fresh.zone_open", lang, **told) if line.zone_open else text


def _key(line: SourceLine) -> str:
    if line.standing is Standing.LATE:
        if line.asked.source in AS_FILES:
            return "late_file"
        return "late_some" if line.covered else "late_none"
    if line.standing is Standing.LAST_DAY:
        return "last_day_file" if line.asked.source in AS_FILES else "last_day"
    if line.standing is Standing.COMPLETE and line.asked.source in AS_FILES:
        return "complete_file"
    return str(line.standing)


def _names(line: SourceLine, lang: str) -> str:
    """Return the first contracts that a source lacks, and that there are more."""
    names = listed([lacking_in_words(one) for one in line.lacking], lang)
    more = line.expected - line.covered - len(line.lacking)
    return say("fresh.and_more", lang, names=names, count=more) if more else names


def lacking_in_words(one: Lacking) -> str:
    """Return a contract that lacks a report, with its holder.

    >>> lacking_in_words(Lacking("HT-1", "甲公司", None))
    'HT-1 甲公司'
    """
    return f"{one.contract_id} {one.holder}" if one.holder else one.contract_id


def ages_sentence(found: Freshness, lang: str) -> Sentence:
    """Return how old the latest evidence of the contracts under construction is."""
    ages = found.all_ages
    counts = dict(zip(("first", "second", "third", "older", "never"), ages.counts, strict=True))
    edges = dict(zip(("a", "b", "c"), BANDS, strict=True))
    key = "fresh.ages" if ages.building else "fresh.no_ages"
    tone: Tone = "due" if ages.stale + ages.never else "plain"
    return Sentence(tone, say(key, lang, building=ages.building, **counts, **edges))


def summary(found: Freshness, lang: str, *, most: int = 3) -> Iterator[Sentence]:
    """Yield what a scan says of freshness: late sources, what is covered, how old the evidence is.

    At most `most` late sources are told whole; where nothing is expected, that is said.
    """
    if not found.lines:
        yield Sentence("plain", say("fresh.nothing_expected", lang))
    for line in found.late[:most]:
        yield standing_sentence(line, found, lang)
    if len(found.late) > most:
        yield Sentence("late", say("fresh.more_late", lang, count=len(found.late) - most))
    for standing in (Standing.LAST_DAY, Standing.COMPLETE):
        lines = [line for line in found.lines if line.standing is standing]
        if lines:
            told = listed([_short(line, found, lang) for line in lines], lang)
            yield Sentence(_TONES[standing], say(f"fresh.all.{standing}", lang, sources=told))
    yield ages_sentence(found, lang)


def _short(line: SourceLine, found: Freshness, lang: str) -> str:
    source = source_in_words(line.asked.source, lang)
    period = line.period.in_words(lang) if line.period else ""
    return say(
        "fresh.short", lang, source=source, where=where_in_words(line, found, lang), period=period,
        covered=line.covered, expected=line.expected,
    )  # fmt: skip
