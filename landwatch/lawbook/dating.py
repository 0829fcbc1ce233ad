"""Days and values of a policy: what overlaps, what leaves a gap, which slots nobody can fill."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from landwatch.language.terms import ZoneLevel
from landwatch.lawbook.coverage import is_empty
from landwatch.lawbook.policy import DatedValue, Parameter
from landwatch.lawbook.weakness import Review, Weakness

EVERY_CODE: dict[str, Collection[str]] = {"level": tuple(ZoneLevel)}
"""Facts with a closed list of codes: each code needs a value, or a slot of its own."""


def weak_days(look: Review) -> Iterator[Weakness]:
    """Tell of days that are turned round, values on one day twice, and days without a value."""
    policy = look.policy
    since, until = policy.effective_from, policy.effective_to
    if since and until and since > until:
        line = look.part("effective").line
        yield Weakness("effective_reversed", line, {"since": since, "until": until})
    for parameter in policy.parameters.values():
        line = look.part("parameters", parameter.name, "values").line
        yield from _twice(parameter, line)
        yield from _gaps(parameter, line, since)
        yield from _out_of_force(parameter, line, until)


def _twice(parameter: Parameter, line: int) -> Iterator[Weakness]:
    for earlier, later in pairwise(parameter.values):
        if earlier.since == later.since:
            yield Weakness("values_twice", line, {"name": parameter.name, "day": _day(later.since)})


def _gaps(parameter: Parameter, line: int, since: date | None) -> Iterator[Weakness]:
    """Days of the policy before the first value, between two values, or of one code alone."""
    if not parameter.values or is_empty(parameter):
        return
    told = {"name": parameter.name}
    first = parameter.values[0].since
    if since is not None and since < first:
        yield Weakness("values_gap", line, told | {"since": _day(since), "until": _day(first)})
    for earlier, later in pairwise(parameter.values):
        after = [one for one in parameter.values if one.since > later.since and _told(one)]
        if _told(earlier) and not _told(later) and after:
            until = {"since": _day(later.since), "until": _day(after[0].since)}
            yield Weakness("values_gap", line, told | until)
        gone = sorted(set(earlier.by_code or {}) - set(later.by_code or {}))
        if gone and later.by_code is not None:
            day = {"codes": "、".join(gone), "day": _day(later.since)}
            yield Weakness("code_gone", line, told | day)


def _out_of_force(parameter: Parameter, line: int, until: date | None) -> Iterator[Weakness]:
    for value in parameter.values:
        if until is not None and value.since > until:
            day = {"name": parameter.name, "day": _day(value.since), "until": _day(until)}
            yield Weakness("value_after_end", line, day)


def weak_slots(look: Review) -> Iterator[Weakness]:
    """Tell of slots without a word where to look, and of codes that no zone can have."""
    for parameter in look.policy.parameters.values():
        part = look.part("parameters", parameter.name)
        told = {"name": parameter.name}
        if not parameter.where_to_find and _has_slot(parameter):
            yield Weakness("slot_without_hint", part.line, told)
        known = EVERY_CODE.get(parameter.by or "")
        if known is None:
            continue
        codes = {code for value in parameter.values for code in value.by_code or {}}
        line = part.need("values").line
        if strange := sorted(codes - set(known)):
            listed = {"codes": "、".join(strange), "known": "、".join(known)}
            yield Weakness("code_unknown", line, told | listed)
        if codes and (lacking := [code for code in known if code not in codes]):
            yield Weakness("code_lacking", line, told | {"codes": "、".join(lacking)})


def _has_slot(parameter: Parameter) -> bool:
    """Return whether a number is still to be filled in; a later null is a number repealed."""
    if not parameter.values or not _told(parameter.values[0]):
        return True
    return any(value is None for one in parameter.values for value in (one.by_code or {}).values())


def _told(value: DatedValue) -> bool:
    by_code = (value.by_code or {}).values()
    return value.value is not None or any(one is not None for one in by_code)


def _day(day: date) -> str:
    return "always" if day == date.min else day.isoformat()
