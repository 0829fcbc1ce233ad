"""A digest as a workbook: the summary on one sheet, every change on another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from landwatch.language.catalogue import say
from landwatch.language.reasons import fact_in_words
from landwatch.language.terms import Gravity
from landwatch.ledger.sheets import REPORT_MARK
from landwatch.reports.digest import (
    Digest,
    DigestLine,
    figures_in_words,
    gravest_first,
    next_in_words,
    rules_in_words,
    stood_in_words,
)
from landwatch.reports.digest_table import ChangeSheet, causes_in_words, kind_in_words
from landwatch.reports.digest_text import sections
from landwatch.reports.finding_sheet import gravity_look
from landwatch.reports.sheets import COUNT, HEADER, NOTE, TITLE, Look, Marked, Pen, Styles, new_book

_SUBTITLE = Look(bold=True, size=12, boxed=False, wraps=False)
_COUNT = Look(COUNT, right=True)
_WIDTHS = (9.0, 16.0, 14.0, 18.0, 16.0, 26.0, 20.0, 44.0, 30.0)
_ROOM, _LATIN = 170, 0x2E7F
"""How many narrow signs a line of the table takes, and from where on signs are wide."""
_GRAVITIES = [one for one in Gravity if one is not Gravity.NOT_APPLICABLE]


def write_digest(path: Path, digest: Digest, lang: str) -> None:
    """Write the workbook in `lang`, whole or not at all.

    Raises:
        LandwatchError: it cannot be written there, as when Excel holds it open.
    """
    with new_book(path) as book:
        styles = Styles()
        pen = Pen(book.create_sheet(say("digest.sheet.summary", lang)), styles, _WIDTHS)
        for row in _rows(digest, lang):
            pen.write(row)
        title = say("digest.sheet.changes", lang)
        sheet = ChangeSheet(book, styles, title, lang, digest.zones, digest.head(lang)[:1])
        for one in sorted(digest.changes, key=gravest_first):
            sheet.add(one)
        sheet.close()


def _rows(digest: Digest, lang: str) -> Iterator[Sequence[object]]:
    yield [Marked(f"{REPORT_MARK} {digest.title(lang)}", TITLE)]
    for line in (*digest.head(lang), digest.nobody(lang)):
        if line:
            yield [Marked(line, NOTE)]
    if not digest.lines:
        yield [Marked(say("digest.none", lang), NOTE)]
    for key, lines in sections(digest):
        yield []
        yield [Marked(say(key, lang, count=len(lines)), _SUBTITLE)]
        yield [Marked(name, HEADER) for name in _header(lang)]
        for one in lines:
            yield _cells(one, digest, lang)
    yield from _numbers(digest, lang)
    if digest.fresh.get(lang):
        yield []
        yield [Marked(say("digest.section.freshness", lang), _SUBTITLE)]
        for told in digest.fresh[lang]:
            yield from ([Marked(line, NOTE)] for line in _wrapped(told))


def _wrapped(text: str) -> Iterator[str]:
    """Yield a long text in lines as wide as the table: a longer one would shrink the page."""
    line, room = "", _ROOM
    for sign in text:
        wide = 2 if ord(sign) > _LATIN else 1
        if room < wide:
            yield line
            line, room = "    ", _ROOM - 4
        line, room = line + sign, room - wide
    yield line


def _header(lang: str) -> list[str]:
    return [
        say("compare.column.kind", lang),
        say("compare.column.outcome", lang),
        fact_in_words("contract_id", lang),
        fact_in_words("holder", lang),
        say("report.column.zone", lang),
        say("compare.column.rule", lang),
        say("report.column.limit_on", lang),
        say("compare.column.cause", lang),
        say("digest.column.next", lang),
    ]


def _cells(line: DigestLine, digest: Digest, lang: str) -> list[object]:
    of = line.holding
    return [
        Marked(kind_in_words(line.change, lang), gravity_look(line.change.gravity)),
        stood_in_words(line, lang),
        of.contract_id or say("compare.park", lang),
        "\n".join(part for part in (of.holder, of.project) if part),
        digest.zone(of.zone_id, lang),
        "\n".join(rules_in_words(line, digest.policies, lang)),
        "\n".join(figures_in_words(line, lang)),
        causes_in_words(line.change, lang),
        next_in_words(line, lang),
    ]


def _numbers(digest: Digest, lang: str) -> Iterator[Sequence[object]]:
    if digest.counts:
        yield []
        yield [Marked(say("digest.section.counts", lang), _SUBTITLE)]
        for kind, count in digest.counts.items():
            yield [say(f"compare.kind.{kind}", lang), Marked(count, _COUNT)]
    if digest.altered_count:
        yield [Marked(say("digest.altered", lang, count=digest.altered_count), NOTE)]
    if digest.standing:
        yield []
        yield [Marked(say("digest.section.standing", lang), _SUBTITLE)]
        names = (Marked(one.in_words(lang), gravity_look(one)) for one in _GRAVITIES)
        yield [Marked(say("report.column.zone", lang), HEADER), *names]
        for zone_id, counts in digest.standing.items():
            cells = (Marked(counts.get(one, 0), _COUNT) for one in _GRAVITIES)
            yield [digest.zone(zone_id, lang), *cells]
