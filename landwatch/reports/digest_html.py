"""A digest as the body of a letter: one HTML file that mail programs show alike.

Styles stand at each element, for many programs take a style sheet away; there is no script, no
picture and nothing to be fetched. Every text is escaped. On a narrow screen it is one column.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from landwatch.language.catalogue import say
from landwatch.language.terms import Gravity
from landwatch.mapping.style import COLOURS
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
from landwatch.reports.digest_text import LISTED, sections

_FONT = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',Arial,sans-serif"
_BODY = (
    f"margin:0;padding:0;background:#f3f5f7;color:#1c2733;{_FONT};font-size:15px;line-height:1.55"
)
_SHEET = "width:100%;max-width:680px;margin:0 auto;background:#ffffff;border-collapse:collapse"
_CELL = "padding:12px 16px;text-align:left;vertical-align:top;word-break:break-word"
_H1 = "margin:0 0 6px;font-size:20px;line-height:1.35"
_H2 = "margin:6px 0 0;font-size:16px;border-bottom:1px solid #bfc7cf;padding-bottom:4px"
_SOFT = "margin:2px 0;color:#4a5764;font-size:13px"
_WARN = "margin:6px 0;padding:6px 10px;background:#fff4d6;font-size:13px"
_SMALL = "margin:2px 0;font-size:14px"


def digest_html(digest: Digest, lang: str) -> str:
    """Return a digest as an HTML document."""
    title = escape(digest.title(lang))
    rows = "\n".join(f'<tr><td style="{_CELL}">{cell}</td></tr>' for cell in _cells(digest, lang))
    tongue = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n"
        f'<body style="{_BODY}">\n<table role="presentation" style="{_SHEET}">\n{rows}\n'
        "</table>\n</body>\n</html>\n"
    )


def _cells(digest: Digest, lang: str) -> Iterator[str]:
    """Yield the parts of the letter from top to bottom."""
    scans, *others = digest.head(lang)
    head = [f'<h1 style="{_H1}">{escape(digest.title(lang))}</h1>', _paragraph(scans, _SOFT)]
    head += [_paragraph(line, _SOFT) for line in others[:-1]]
    head.append(_paragraph(others[-1], _WARN))
    nobody = digest.nobody(lang)
    head += [_paragraph(nobody, _WARN)] if nobody else []
    yield "".join(head)
    if digest.counts or not digest.altered_count:
        none = _paragraph(say("digest.none", lang), _SMALL)
        yield _counts(digest, lang) if digest.counts else none
    if digest.altered_count:
        yield _paragraph(say("digest.altered", lang, count=digest.altered_count), _WARN)
    for key, lines in sections(digest):
        yield _heading(say(key, lang, count=len(lines)))
        for line in lines[:LISTED]:
            yield _line(line, digest, lang)
        if len(lines) > LISTED:
            yield _paragraph(say("digest.more", lang, count=len(lines) - LISTED), _SOFT)
    if digest.standing:
        yield _heading(say("digest.section.standing", lang)) + _standing(digest, lang)
    if digest.fresh.get(lang):
        told = "".join(_paragraph(line, _SOFT) for line in digest.fresh[lang])
        yield _heading(say("digest.section.freshness", lang)) + told


def _paragraph(text: str, style: str) -> str:
    return f'<p style="{style}">{escape(text)}</p>'


def _heading(text: str) -> str:
    return f'<h2 style="{_H2}">{escape(text)}</h2>'


def _counts(digest: Digest, lang: str) -> str:
    cells = "".join(
        '<td style="padding:6px 10px 6px 0;white-space:nowrap">'
        f'<span style="font-size:20px;font-weight:bold">{count}</span> '
        f'<span style="color:#4a5764;font-size:13px">'
        f"{escape(say(f'compare.kind.{kind}', lang))}</span></td>"
        for kind, count in digest.counts.items()
    )
    return f'<table role="presentation" style="border-collapse:collapse"><tr>{cells}</tr></table>'


def _line(line: DigestLine, digest: Digest, lang: str) -> str:
    colour = COLOURS[line.change.gravity]
    name, *others = who_in_words(line, digest, lang)
    kind = kind_in_words(line.change, lang)
    parts = [
        f'<p style="margin:0;font-size:13px;color:#4a5764"><b style="color:#1c2733">'
        f"{escape(kind)}</b> {escape(stood_in_words(line, lang))}</p>",
        f'<p style="margin:2px 0;font-size:16px;font-weight:bold">{escape(name)}</p>',
        _paragraph(" · ".join(others), _SMALL),
    ]
    rules = "<br>".join(escape(rule) for rule in rules_in_words(line, digest.policies, lang))
    parts.append(f'<p style="{_SMALL}">{rules}</p>')
    figures = figures_in_words(line, lang)
    if figures:
        parts.append(
            _paragraph(say("compare.comma", lang).join(figures), f"{_SMALL};font-weight:bold")
        )
    parts.append(
        _paragraph(say("digest.cause", lang, cause=causes_in_words(line.change, lang)), _SMALL)
    )
    following = next_in_words(line, lang)
    if following:
        parts.append(_paragraph(say("digest.next", lang, next=following), _SMALL))
    inside = "".join(parts)
    return (
        f'<table role="presentation" style="width:100%;border-collapse:collapse"><tr>'
        f'<td style="width:6px;background:{colour}"></td>'
        f'<td style="padding:4px 0 4px 12px">{inside}</td></tr></table>'
    )


def _standing(digest: Digest, lang: str) -> str:
    """Return the outcomes of each park: a line each, so that it is readable on a telephone."""
    rows = []
    for zone_id, counts in digest.standing.items():
        told = "".join(
            '<span style="display:inline-block;margin:0 10px 2px 0;white-space:nowrap">'
            f'<span style="display:inline-block;width:10px;height:10px;background:{COLOURS[one]}">'
            f"</span> {escape(one.in_words(lang))} {counts[one]}</span>"
            for one in Gravity
            if counts.get(one) and one is not Gravity.NOT_APPLICABLE
        )
        name = f"<b>{escape(digest.zone(zone_id, lang))}</b>"
        rows.append(f'<p style="{_SMALL}">{name}<br>{told}</p>')
    return "".join(rows)
