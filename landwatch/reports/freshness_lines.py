"""Lines of the summary on freshness: late sources, what they cover, how old the evidence is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landwatch.language.catalogue import say
from landwatch.language.sources import source_in_words
from landwatch.language.terms import Gravity
from landwatch.reports.contents import ReportData
from landwatch.reports.finding_sheet import gravity_look
from landwatch.reports.sheets import COUNT, HEADER, NOTE, Look, Marked
from landwatch.reports.summary_lines import title_lines
from landwatch.scan.freshness_figures import BANDS, Freshness, SourceLine
from landwatch.scan.freshness_words import (
    loudest_first,
    rhythm_in_words,
    share_in_words,
    standing_sentence,
    tone_of,
    where_in_words,
    zone_in_words,
)

_COUNT = Look(COUNT, right=True)
_TOTAL, _TOTAL_COUNT = Look(bold=True), Look(COUNT, right=True, bold=True)
_SENTENCE = Look(boxed=False)
_LOOKS = {"late": gravity_look(Gravity.BREACH), "due": gravity_look(Gravity.DUE_SOON)}


def late_note(report: ReportData, lang: str) -> Iterator[Sequence[object]]:
    """Yield a line for the head of the report where sources are late."""
    if report.freshness is not None and report.freshness.late:
        count = len(report.freshness.late)
        yield [Marked(say("fresh.late_note", lang, count=count), NOTE)]


def freshness_lines(report: ReportData, lang: str) -> Iterator[Sequence[object]]:
    """Yield the lines of the expected sources and of the ages of evidence by park."""
    fresh = report.freshness
    if fresh is None:
        return
    yield from title_lines("fresh.title", lang)
    if fresh.lines:
        keys = ("expected", "covered", "lacking", "share", "standing", "since", "latest")
        yield [Marked(say(f"fresh.column.{key}", lang), HEADER) for key in ("source", *keys)]
    else:
        yield [Marked(say("fresh.nothing_expected", lang), NOTE)]
    for line in loudest_first(fresh.lines):
        yield _source_line(line, fresh, lang)
        if tone_of(line) in _LOOKS:
            yield [Marked(standing_sentence(line, fresh, lang).text, _SENTENCE)]
    yield from _age_lines(fresh, lang)


def _source_line(line: SourceLine, fresh: Freshness, lang: str) -> list[object]:
    parts = [
        source_in_words(line.asked.source, lang),
        where_in_words(line, fresh, lang),
        rhythm_in_words(line.asked, lang),
        line.period.in_words(lang) if line.period else "",
        say("now.due", lang, day=line.due_on) if line.due_on else "",
    ]
    counts = (line.expected, line.covered, line.expected - line.covered)
    return [
        " · ".join(part for part in parts if part),
        *(Marked(count, _COUNT) for count in counts),
        Marked(share_in_words(line.share), Look(right=True)),
        Marked(line.standing.in_words(lang), _LOOKS.get(tone_of(line), Look())),
        line.late_since,
        line.latest.observed_on,
    ]


def _age_lines(fresh: Freshness, lang: str) -> Iterator[Sequence[object]]:
    yield from title_lines("now.ages", lang)
    low, edges = 0, []
    for high in BANDS:
        key = "now.column.between" if low else "now.column.within"
        edges.append(say(key, lang, low=low, high=high))
        low = high + 1
    edges.append(say("now.column.older", lang, days=BANDS[-1]))
    keys = ("never", "finished", "later", "total")
    edges += [say(f"now.column.{key}", lang) for key in keys]
    yield [Marked(name, HEADER) for name in (say("now.column.zone", lang), *edges)]
    every = [(zone_in_words(one.zone_id, fresh, lang), one, False) for one in fresh.ages]
    for name, ages, total in (*every, (say("now.all_zones", lang), fresh.all_ages, True)):
        counts = [*ages.counts, ages.finished, ages.later]
        look = _TOTAL_COUNT if total else _COUNT
        cells = [Marked(count, look) for count in (*counts, sum(counts))]
        yield [Marked(name, _TOTAL if total else Look()), *cells]
    yield [Marked(say("now.ages_note", lang), NOTE)]
