"""A digest as plain text: for a terminal, a file, or a letter without markup."""

from __future__ import annotations

from collections.abc import Iterator

from landwatch.language.catalogue import say
from landwatch.language.terms import Gravity
from landwatch.reports.digest import (
    Digest,
    DigestLine,
    figures_in_words,
    next_in_words,
    rules_in_words,
    stood_in_words,
    who_in_words,
)
from landwatch.reports.digest_table import causes_in_words, kind_in_words

LISTED = 60
"""Lines of one section; more stand in the workbook."""


def digest_text(digest: Digest, lang: str) -> str:
    """Return a digest as text."""
    return "\n".join(_lines(digest, lang)) + "\n"


def _lines(digest: Digest, lang: str) -> Iterator[str]:
    yield digest.title(lang)
    yield "=" * 40
    yield from digest.head(lang)
    nobody = digest.nobody(lang)
    if nobody:
        yield nobody
    if not digest.lines:
        yield ""
        yield say("digest.none", lang)
    for key, lines in sections(digest):
        yield from _section(say(key, lang, count=len(lines)), lines, digest, lang)
    yield from _counts(digest, lang)
    if digest.fresh.get(lang):
        yield ""
        yield f"【{say('digest.section.freshness', lang)}】"
        yield from (f"  {line}" for line in digest.fresh[lang])


def sections(digest: Digest) -> list[tuple[str, list[DigestLine]]]:
    """Return the lists of a digest that are not empty, each with the key of its title."""
    every = [
        ("digest.section.altered", digest.altered()),
        ("digest.section.act", digest.to_act_on()),
        ("digest.section.other", digest.others()),
        ("digest.section.cured", digest.cured()),
    ]
    return [(key, lines) for key, lines in every if lines]


def _section(title: str, lines: list[DigestLine], digest: Digest, lang: str) -> Iterator[str]:
    yield ""
    yield f"【{title}】"
    for number, line in enumerate(lines[:LISTED], start=1):
        kind = kind_in_words(line.change, lang)
        yield f"{number}. [{kind}] {stood_in_words(line, lang)}  {_who(line, digest, lang)}"
        for rule in rules_in_words(line, digest.policies, lang):
            yield f"   · {rule}"
        figures = figures_in_words(line, lang)
        if figures:
            yield "   " + say("compare.comma", lang).join(figures)
        yield "   " + say("digest.cause", lang, cause=causes_in_words(line.change, lang))
        following = next_in_words(line, lang)
        if following:
            yield "   " + say("digest.next", lang, next=following)
    if len(lines) > LISTED:
        yield say("digest.more", lang, count=len(lines) - LISTED)


def _who(line: DigestLine, digest: Digest, lang: str) -> str:
    return " · ".join(who_in_words(line, digest, lang))


def _counts(digest: Digest, lang: str) -> Iterator[str]:
    if digest.counts:
        yield ""
        counted = (
            f"{say(f'compare.kind.{kind}', lang)} {count}" for kind, count in digest.counts.items()
        )
        yield f"【{say('digest.section.counts', lang)}】 " + " · ".join(counted)
    if digest.altered_count:
        yield say("digest.altered", lang, count=digest.altered_count)
    if digest.standing:
        yield ""
        yield f"【{say('digest.section.standing', lang)}】"
    for zone_id, counts in digest.standing.items():
        counted = (
            f"{gravity.in_words(lang)} {counts[gravity]}"
            for gravity in Gravity
            if counts.get(gravity) and gravity is not Gravity.NOT_APPLICABLE
        )
        yield f"  {digest.zone(zone_id, lang)}: " + " · ".join(counted)
