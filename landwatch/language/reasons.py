"""Why an outcome is what it is, in words: `missing:permit_on` becomes 台账未填：施工许可日期.

The codes are those of findings (ledger.md §2): a kind, and after a colon what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from landwatch.language.catalogue import LANGUAGES, say
from landwatch.language.columns import COLUMNS, Kind
from landwatch.language.terms import Cause

MISSING = "missing"
"""The kind of reason that names a fact which nobody told."""

_SENTENCES = {
    MISSING: "reason.missing",
    "stale": "reason.stale",
    "unreadable": "reason.unreadable",
    "no_value": "reason.no_value",
    "cause": "reason.cause",
    "conflict": "reason.conflict",
    "formula": "reason.formula",
    "works_without_permit": "reason.works_without_permit",
    "not_adopted": "reason.not_adopted",
    "before_effective": "reason.before_effective",
    "instrument": "reason.instrument",
    "not_started": "reason.not_started",
    "not_urged": "reason.not_urged",
    "no_deposit": "reason.no_deposit",
    "undecided": "reason.undecided",
    "reading": "reason.reading",
    "period": "reason.period",
    "score_only": "reason.score_only",
    "amended": "reason.amended",
    "changeover": "reason.changeover",
    "contract_form": "reason.contract_form",
    "edition": "reason.edition",
    "industry": "reason.industry",
    "not_cultivated": "reason.not_cultivated",
    "superseded": "reason.superseded",
}
_NO_COLUMN = {
    "level": "reason.fact.level",
    "bond_deposit": "reason.fact.bond_deposit",
    "urged_on": "reason.fact.urged_on",
    "cure_days": "reason.fact.cure_days",
    "min_intensity": "reason.fact.min_intensity",
    "refund_schedule": "reason.fact.refund_schedule",
    "amount_wan": "reason.fact.amount_wan",
    "cause": "reason.fact.cause",
    "max_leading": "reason.fact.max_leading",
    "min_far": "reason.fact.min_far",
    "max_green_share": "reason.fact.max_green_share",
}
_FIRST_TO_NAME = (Kind.CONTRACTS, Kind.PROGRESS, Kind.PARCELS, Kind.ZONES, Kind.EVENTS)
"""Two kinds of record may share a column's name; a rule means the contract's."""


def reason_in_words(reason: str | None, lang: str, names: Mapping[str, str] | None = None) -> str:
    """Return why an outcome is what it is, in `lang`; a code without words stays a code.

    `names` words what a policy of the reader's own calls by a name (its parameters).

    >>> reason_in_words("missing:permit_on", "en")
    'not told: construction permit'
    >>> reason_in_words("stale:observed_on=2020-03-01", "zh")
    '证据只到 2020-03-01，不能说明之后的情况'
    >>> reason_in_words("unreadable:agreed_start_on", "zh")
    '台账所填“约定开工时间”无法辨认，须更正'
    >>> reason_in_words("cause:mixed", "zh")
    '曾有已核实的延误，现已结束：由人判断净闲置时间'
    """
    code = reason or ""
    kind, _, told = code.partition(":")
    if code == "cause:mixed":
        return say("reason.cause_mixed", lang)
    key = _SENTENCES.get(kind)
    if key is None:
        return code
    named = (names or {}).get(told)
    return say(key, lang, told=named or _told(kind, told, lang))


def fact_in_words(name: str, lang: str) -> str:
    """Return the name of a fact that a reason speaks of; one without words stays as it is.

    >>> fact_in_words("agreed_start_on", "zh"), fact_in_words("level", "en")
    ('约定开工时间', 'level of the park')
    """
    if name in _NO_COLUMN:
        return say(_NO_COLUMN[name], lang)
    return _names_of_columns()[lang].get(name, name)


def reason_kinds() -> Mapping[str, str]:
    """Return every kind of reason with the key of its sentence.

    >>> reason_kinds()["stale"]
    'reason.stale'
    """
    return _SENTENCES


def missing_fact(reason: str | None) -> str | None:
    """Return the fact that a reason says nobody told, or None for another reason.

    >>> missing_fact("missing:area_m2"), missing_fact("formula")
    ('area_m2', None)
    """
    kind, _, name = (reason or "").partition(":")
    return name if kind == MISSING and name else None


def _told(kind: str, told: str, lang: str) -> str:
    """Return what a reason is about, in words: a fact with its value, or a cause."""
    if kind == "cause":
        return Cause(told).in_words(lang) if told in set(Cause) else told
    name, _, value = told.partition("=")
    if kind == "stale" and value:
        return value  # of old evidence only its day is told: no other fact is dated so
    return f"{fact_in_words(name, lang)} {value}".strip()


@cache
def _names_of_columns() -> Mapping[str, Mapping[str, str]]:
    names: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    for kind in _FIRST_TO_NAME:
        for column in COLUMNS[kind]:
            for lang in LANGUAGES:
                names[lang].setdefault(column.name, column.in_words(lang))
    return names
