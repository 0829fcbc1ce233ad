"""The smallest policy with one rule and its cases in which nothing is wrong and nothing is weak."""

from __future__ import annotations

POLICY = """\
id: small-2020
title: {zh: 小政策, en: a small policy}
document_no: 小发〔2020〕1号
class: land_law
authority: local
issuer: {zh: 某市, en: a city}
effective: {from: 2020-01-01, to: }
source: 虚构
summary: {zh: 虚构的, en: made up}
parameters:
  floor:
    zh: 最低强度
    en: least intensity
    unit: 万元/亩
    values: {2020-01-01: 100}
    clause: {row: X-1, article: 第一条, quote: 投资强度不低于每亩一百万元}
definitions:
  intensity: {is: fixed_assets_wan / area_mu, zh: 强度, en: intensity}
rules:
  - code: SMALL.FLOOR
    title: {zh: 最低强度, en: the floor}
    asks: {zh: 是否达到, en: is it reached}
    clauses:
      - {row: X-1, article: 第一条, quote: 投资强度不低于每亩一百万元}
    clock: {from: signed_on, limit: agreed_completion_on, missing: agreed_completion_on}
    met: intensity >= floor
    breach: seen_on(fixed_assets_wan) > limit_on and intensity < floor
    doubts:
      - {when: not told(fixed_assets_wan), reason: missing("fixed_assets_wan")}
      - {when: not told(intensity), reason: missing("area_m2")}
      - {when: told(intensity), reason: stale(seen_on(fixed_assets_wan))}
    measured: intensity
    threshold: floor
    unit: 万元/亩
    remedies: [urge]
"""

_CASE = """\
  - id: {id}
    rule: SMALL.FLOOR
    shows: {shows}
    as_of: 2022-01-01
    contract: {{agreed_completion_on: 2021-06-30, area_mu: "10"}}
    progress: [{{observed_on: 2021-12-01, source: inspection{told}}}]
    expect: {expect}
"""
CASES = "policy: small-2020\ncases:\n" + "".join(
    _CASE.format(id=name, shows=shows, told=told, expect=expect)
    for name, shows, told, expect in (
        ("差一万元", "below", ", fixed_assets_wan: 999", "{status: breach, measured: 99.9}"),
        ("恰好", "at", ", fixed_assets_wan: 1000", "{status: compliant, measured: 100}"),
        ("超过", "above", ", fixed_assets_wan: 1500", "{status: compliant, threshold: 100}"),
        ("未报", "nothing_told", "", '{status: unknown, reason: "missing:fixed_assets_wan"}'),
    )
)


def with_changes(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with each change made once; what is to be changed must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    """Return the number of the first line that holds a part."""
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)
